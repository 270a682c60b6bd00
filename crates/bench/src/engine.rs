//! Our sides of the comparison: a process that opens a store and answers with the engine alone.

use std::sync::Arc;

use analytics_domain::ports::{EventStore, SegmentStore};
use analytics_engine::{Engine, EngineOptions};
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{SqliteOptions, SqliteStore},
    timescale::{TimescaleOptions, TimescaleStore},
};
use anyhow::{Context as _, Result, bail};
use tokio::runtime::Runtime;

use crate::{
    answer::{Cell, Table},
    cli::Place,
    process,
    protocol::{Request, serve},
    question::{Question, Spec},
};

/// What the server uses unless told otherwise.
const CACHE_BYTES: u64 = 256 << 20;

/// Answers the requests on standard input.
pub(crate) fn run(place: &Place) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    match place {
        Place::Embedded { data_dir } => {
            let store = runtime.block_on(SqliteStore::open(data_dir, SqliteOptions::default()))?;
            answer(&runtime, store.clone(), Arc::new(SegmentFiles::open(data_dir)?))?;
            runtime.block_on(store.close())?;
        }
        Place::Production { database_url } => {
            let store = runtime.block_on(TimescaleStore::connect(database_url, TimescaleOptions::default()))?;
            answer(&runtime, Arc::new(store.clone()), Arc::new(store.clone()))?;
            runtime.block_on(store.close());
        }
    }
    Ok(())
}

fn answer(runtime: &Runtime, store: Arc<dyn EventStore>, segments: Arc<dyn SegmentStore>) -> Result<()> {
    let options = EngineOptions { cache_bytes: CACHE_BYTES, parallelism: process::cores() };
    let new_engine = || Engine::new(options, store.clone(), segments.clone());
    let mut engine = new_engine();
    serve(|request| match request {
        Request::Load { .. } => bail!("the rows are in the store already"),
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
    })
}

async fn ask(engine: &Engine, question: &Question) -> Result<Table> {
    let scope = question.scope();
    Ok(match (question.spec)() {
        Spec::Totals(spec) => Table::from(&engine.totals(&scope, &spec, None).await?),
        Spec::Trend(spec) => Table::from(&engine.trend(&scope, &spec, None).await?),
        Spec::Breakdown(spec) => Table::from(&engine.breakdown(&scope, &spec, None).await?),
    })
}
