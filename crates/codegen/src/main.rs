//! `cargo run -p analytics-codegen` writes the generated files of `crates/proto`; with `--check` it only tells which are stale.

use std::path::Path;
use std::process::ExitCode;

use analytics_codegen::{Package, generate, stale_files, write_files};
use anyhow::{Result, bail};

fn main() -> Result<ExitCode> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = generate(&Package {
        name: "analytics.v1".into(),
        root: repository.join("proto"),
        includes: Vec::new(),
    })?;
    let out_dir = repository.join("crates/proto/src/gen");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            write_files(&out_dir, &files)?;
            Ok(ExitCode::SUCCESS)
        }
        ["--check"] => {
            let stale = stale_files(&out_dir, &files)?;
            for name in &stale {
                eprintln!("crates/proto/src/gen/{name} is stale: run `cargo run -p analytics-codegen` and commit the result");
            }
            Ok(if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        _ => bail!("unknown arguments {arguments:?}; the only one is --check"),
    }
}
