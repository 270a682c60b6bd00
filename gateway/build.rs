//! Makes the folder of the built page exist, so that the crate builds on machines without Node; the page then says how to build it.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let dist = Path::new("dashboard").join("dist");
    std::fs::create_dir_all(&dist)?;
    println!("cargo:rerun-if-changed={}", dist.display());
    Ok(())
}
