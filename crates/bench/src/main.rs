//! Measures the reports against DuckDB, and storing against COPY, on the same rows. For development only: `make bench`.

mod answer;
mod backlog;
mod cli;
mod compare;
mod csv;
mod engine;
mod generator;
mod ingest;
mod load;
mod postgres;
mod process;
mod progress;
mod protocol;
mod question;
mod report;
mod storage;
mod version_index;

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::Path,
    process::ExitCode,
};

use analytics_testkit::FreshDatabase;
use anyhow::{Context as _, Result, bail};
use clap::Parser as _;

/// That of the servers: the least ones that they are measured against run in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use self::{
    answer::{Cell, Table},
    cli::{Cli, IngestOptions, Options, Part},
    compare::Sides,
    generator::Generator,
    process::Machine,
    progress::Step,
    report::{Report, Size},
    storage::Storage,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.part {
        Some(Part::Engine(place)) => engine::run(&place),
        Some(Part::VersionIndex(options)) => version_index::run(&options),
        Some(Part::Ingest(options)) => measure_ingest(&options),
        Some(Part::Peer(options)) => ingest::peer::run(&options),
        None => bench(&cli.options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Result<()> {
    let mut report = Report {
        machine: Machine::this(),
        versions: Vec::new(),
        seed: options.seed,
        runs: options.runs,
        ingest: ingest::measure(options.seed, &options.binary)?,
        sizes: Vec::new(),
    };
    let work = options.out.join("work");
    for events in &options.events {
        remove(&work)?;
        fs::create_dir_all(&work).with_context(|| format!("`{}` cannot be made", work.display()))?;
        let measured = measure(options, &work, *events, &mut report.versions);
        remove(&work)?;
        report.sizes.push(measured?);
    }
    let json = serde_json::to_string_pretty(&report)?;
    fs::write(options.out.join("report.json"), &json)?;
    let shown = if options.json { json + "\n" } else { report.to_text() };
    io::stdout().write_all(shown.as_bytes())?;
    match report.differences().as_slice() {
        [] => Ok(()),
        differences => bail!("answers differ:\n{}", differences.join("\n")),
    }
}

/// Taking events alone.
fn measure_ingest(options: &IngestOptions) -> Result<()> {
    let ingest = ingest::measure(options.seed, &options.binary)?;
    let shown = if options.json { serde_json::to_string_pretty(&ingest)? + "\n" } else { ingest.to_text() };
    Ok(io::stdout().write_all(shown.as_bytes())?)
}

/// Stores the rows on all sides and asks the questions.
fn measure(options: &Options, work: &Path, events: u64, versions: &mut Vec<(String, String)>) -> Result<Size> {
    let data_dir = work.join("data");
    let generator = || Generator::new(options.seed, events);
    let runtime = tokio::runtime::Runtime::new()?;
    let backlogs = runtime.block_on(backlog::measure(options.seed, events))?;
    let embedded = runtime.block_on(load::embedded(&data_dir, generator(), events))?;
    let database = runtime.block_on(FreshDatabase::create());
    let (production, server) = runtime.block_on(load::production(database.url(), generator(), events))?;
    drop(runtime);

    let csv = work.join("rows.csv");
    write_csv(&csv, generator(), events)?;
    let step = Step::waiting("loading DuckDB");
    let path = csv.to_str().filter(|path| !path.contains('\'')).context("the path of `--out` must be plain text")?;
    let load_sql = include_str!("../sql/load.sql").replace("$csv", &format!("'{path}'"));
    let mut sides = Sides::start(&data_dir, database.url(), work, &options.python, load_sql)?;
    fs::remove_file(&csv)?;

    let questions = sides.compare(options.runs, |question| step.doing(&format!("asking: {}", question.name)))?;
    let (told, memory) = sides.versions()?;
    *versions = told.iter().flat_map(named_versions).chain(server).collect();
    let duckdb_bytes = fs::metadata(work.join("rows.duckdb"))?.len();
    let storage = Storage::new(embedded, production, duckdb_bytes);
    Ok(Size { events, questions, backlogs, storage, memory })
}

fn write_csv(path: &Path, generator: Generator, events: u64) -> Result<()> {
    let step = Step::counting("writing rows for DuckDB", events);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    for (number, event) in generator.enumerate() {
        csv::write_event(&mut out, &event)?;
        if number % 10_000 == 0 {
            step.at(number as u64);
        }
    }
    Ok(out.flush()?)
}

fn named_versions(table: &Table) -> impl Iterator<Item = (String, String)> {
    table.0.iter().filter_map(|row| match row.as_slice() {
        [Cell::Text(name), Cell::Text(version)] => Some((name.clone(), version.clone())),
        [Cell::Text(name), Cell::Count(count)] => Some((name.clone(), count.to_string())),
        _ => None,
    })
}

fn remove(work: &Path) -> Result<()> {
    match fs::remove_dir_all(work) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("`{}` cannot be removed", work.display()))
        }
        _ => Ok(()),
    }
}
