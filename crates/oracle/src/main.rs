//! The oracle by hand: `oracle generate --zone Europe/Berlin --start 2024-10-25 > log`, `oracle count --zone
//! Europe/Berlin log`.

use std::{collections::BTreeMap, error::Error, fs, io::Read, io::Write, process::ExitCode};

use analytics_oracle::{
    Bots, Count, GenSpec, LogClock, LogFormat, OddLines, PageMetric, Rules, Scope, TopPages, count, generate, patterns,
    zone,
};
use flate2::read::MultiGzDecoder;
use serde::Serialize;

const USAGE: &str = "\
oracle generate --zone ZONE --start YYYY-MM-DD [--seed 1] [--days 6] [--visitors 300]
                [--log-offset MINUTES|zone] [--format combined|common|mixed] [--odd-lines]
oracle count    --zone ZONE [--from YYYY-MM-DD --to YYYY-MM-DD] [--include-bots]
                [--bot-patterns FILE] [--limit 10] FILE

--to is exclusive. FILE may be gzip, or - for standard input. --bot-patterns: one regular expression per line.";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("oracle: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let mut output = std::io::stdout().lock();
    match arguments.first().map(String::as_str) {
        Some("generate") => {
            let options = Options::parse(&arguments[1..], &["--odd-lines"])?;
            output.write_all(&generate_with(&options)?)?;
        }
        Some("count") => {
            let options = Options::parse(&arguments[1..], &["--include-bots"])?;
            serde_json::to_writer_pretty(&mut output, &count_with(&options)?)?;
            writeln!(output)?;
        }
        _ => return Err(format!("say generate or count\n\n{USAGE}").into()),
    }
    Ok(())
}

fn generate_with(options: &Options) -> Result<Vec<u8>> {
    let zone = zone(options.needed("--zone")?)?;
    let mut spec = GenSpec::of(zone.clone(), options.needed("--start")?.parse()?);
    if let Some(days) = options.get("--days") {
        spec.days = days.parse()?;
    }
    if let Some(visitors) = options.get("--visitors") {
        spec.visitors = visitors.parse()?;
    }
    spec.clock = match options.get("--log-offset") {
        None => spec.clock,
        Some("zone") => LogClock::Zone(zone),
        Some(minutes) => LogClock::FixedMinutes(minutes.parse()?),
    };
    spec.format = match options.get("--format") {
        None | Some("combined") => LogFormat::Combined,
        Some("common") => LogFormat::Common,
        Some("mixed") => LogFormat::Mixed,
        Some(other) => return Err(format!("--format: {other}?").into()),
    };
    if options.get("--odd-lines").is_some() {
        spec.odd_lines = OddLines::Write;
    }
    Ok(generate(options.get("--seed").unwrap_or("1").parse()?, &spec))
}

/// The count, and beside it the two most asked breakdowns.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    count: Count,
    top_pages_by_views: TopPages,
    top_pages_by_views_of_views_only: TopPages,
    top_pages_by_visitors: TopPages,
}

fn count_with(options: &Options) -> Result<Answer> {
    let mut rules = Rules::of(zone(options.needed("--zone")?)?);
    if let (Some(from), Some(to)) = (options.get("--from"), options.get("--to")) {
        rules.range = Some((from.parse()?, to.parse()?));
    }
    if options.get("--include-bots").is_some() {
        rules.bots = Bots::Include;
    }
    let is_bot;
    if let Some(file) = options.get("--bot-patterns") {
        let text = fs::read_to_string(file)?;
        // An empty expression would find a bot in everybody.
        let list: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        is_bot = patterns(&list)?;
        rules.is_bot = &is_bot;
    }
    let limit = options.get("--limit").unwrap_or("10").parse()?;

    let count = count(&read(options.needed("FILE")?)?, &rules);
    Ok(Answer {
        top_pages_by_views: count.top_pages(limit, PageMetric::Views, Scope::AllEvents),
        top_pages_by_views_of_views_only: count.top_pages(limit, PageMetric::Views, Scope::ViewsOnly),
        top_pages_by_visitors: count.top_pages(limit, PageMetric::Visitors, Scope::AllEvents),
        count,
    })
}

fn read(file: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match file {
        "-" => std::io::stdin().read_to_end(&mut bytes)?,
        _ => fs::File::open(file).map_err(|error| format!("{file}: {error}"))?.read_to_end(&mut bytes)?,
    };
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain)?;
    Ok(plain)
}

/// `--name value`, `--switch`, and one bare word, which goes by the name FILE.
struct Options(BTreeMap<String, String>);

impl Options {
    fn parse(arguments: &[String], switches: &[&str]) -> Result<Self> {
        let mut options = BTreeMap::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if switches.contains(&argument.as_str()) {
                options.insert(argument.clone(), String::new());
            } else if argument.starts_with("--") {
                let value = rest.next().ok_or(format!("{argument} needs a value"))?;
                options.insert(argument.clone(), value.clone());
            } else {
                options.insert("FILE".to_owned(), argument.clone());
            }
        }
        Ok(Self(options))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn needed(&self, name: &str) -> Result<&str> {
        self.get(name).ok_or_else(|| format!("{name} is missing").into())
    }
}
