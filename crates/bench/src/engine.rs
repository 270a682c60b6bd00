//! Our side of the comparison: a process that holds a data directory and answers with the engine alone.

use std::{path::Path, sync::Arc};

use analytics_engine::{Engine, EngineOptions};
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{SqliteOptions, SqliteStore},
};
use anyhow::{Context as _, Result, bail};

use crate::{
    answer::{Cell, Table},
    process,
    protocol::{Request, serve},
    question::{Question, Spec},
};

/// What the server uses unless told otherwise.
const CACHE_BYTES: u64 = 256 << 20;

/// Answers the requests on standard input.
pub(crate) fn run(data_dir: &Path) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let store = runtime.block_on(SqliteStore::open(data_dir, SqliteOptions::default()))?;
    let segments = Arc::new(SegmentFiles::open(data_dir)?);
    let options = EngineOptions { cache_bytes: CACHE_BYTES, parallelism: process::cores() };
    let new_engine = || Engine::new(options, store.clone(), segments.clone());
    let mut engine = new_engine();
    serve(|request| match request {
        Request::Load { .. } => bail!("the rows are in the data directory already"),
        Request::Reset => {
            engine = new_engine();
            Ok(Table(Vec::new()))
        }
        Request::Ask { question, .. } => {
            let question = Question::named(question).with_context(|| format!("there is no question `{question}`"))?;
            runtime.block_on(ask(&engine, question))
        }
        Request::Versions => {
            let version = Cell::Text(env!("CARGO_PKG_VERSION").to_owned());
            Ok(Table(vec![vec![Cell::Text("analytics".to_owned()), version]]))
        }
    })?;
    runtime.block_on(store.close())?;
    Ok(())
}

async fn ask(engine: &Engine, question: &Question) -> Result<Table> {
    let scope = question.scope();
    Ok(match (question.spec)() {
        Spec::Totals(spec) => Table::from(&engine.totals(&scope, &spec, None).await?),
        Spec::Trend(spec) => Table::from(&engine.trend(&scope, &spec, None).await?),
        Spec::Breakdown(spec) => Table::from(&engine.breakdown(&scope, &spec, None).await?),
    })
}
