//! `cargo run -p analytics-codegen` writes the generated files that are committed; with `--check` it only tells which are stale.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use analytics_codegen::{Files, Package, generate, generate_records, stale_files, write_files};
use anyhow::{Result, bail};

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut all_fresh = true;
    for (generate, package, out_dir) in outputs() {
        let files = generate(&package)?;
        match arguments[..] {
            [] => write_files(&repository().join(out_dir), &files)?,
            ["--check"] => {
                for name in stale_files(&repository().join(out_dir), &files)? {
                    eprintln!("{out_dir}/{name} is stale: run `cargo run -p analytics-codegen` and commit the result");
                    all_fresh = false;
                }
            }
            _ => bail!("unknown arguments {arguments:?}; the only one is --check"),
        }
    }
    Ok(if all_fresh { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

type Generate = fn(&Package) -> Result<Files>;

/// What is generated, and the folder, from the root of the repository, that holds nothing else.
fn outputs() -> [(Generate, Package, &'static str); 3] {
    let proto = repository().join("proto");
    let contract = Package { name: "analytics.v1".into(), root: proto.clone(), includes: Vec::new() };
    let records = Package { name: "analytics.internal.v1".into(), root: proto.clone(), includes: Vec::new() };
    let fixture = Package {
        name: "fixture.v1".into(),
        root: repository().join("crates/codegen/tests/it"),
        includes: vec![proto],
    };
    [
        (generate, contract, "crates/proto/src/gen"),
        (generate_records, records, "crates/records/src/gen"),
        (generate, fixture, "crates/codegen/tests/it/gen"),
    ]
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
