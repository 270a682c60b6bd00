//! Messages, services and their proto3 JSON, by prost, tonic and pbjson.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use prost_types::FileDescriptorSet;

use crate::Files;

pub(crate) fn messages_and_json(files: &FileDescriptorSet, package: &str) -> Result<Files> {
    Ok(Files::from([
        (format!("{package}.rs"), messages(files, package)?),
        (format!("{package}.serde.rs"), json(files, package)?),
    ]))
}

fn messages(files: &FileDescriptorSet, package: &str) -> Result<Vec<u8>> {
    let out_dir = tempfile::tempdir()?;
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .out_dir(out_dir.path())
        // Makes prost look at the mapping below instead of its own, which has no JSON.
        .compile_well_known_types(true)
        .extern_path(".google.protobuf", "::pbjson_types")
        .bytes(".")
        // Ordered, so that equal messages encode to equal bytes and findings come in one order.
        .btree_map(".")
        .compile_fds(files.clone())?;
    let path = out_dir.path().join(format!("{package}.rs"));
    std::fs::read(&path).with_context(|| format!("no messages were generated for package {package}"))
}

fn json(files: &FileDescriptorSet, package: &str) -> Result<Vec<u8>> {
    let mut builder = pbjson_build::Builder::new();
    for file in &files.file {
        builder.register_file_descriptor(file.clone());
    }
    builder.btree_map(["."]).extern_path(".google.protobuf", "::pbjson_types");
    let generated = builder.generate(&[format!(".{package}")], |_| Ok(Vec::new()))?;
    let mut code = Vec::new();
    for (_, part) in generated {
        code.write_all(&part)?;
    }
    Ok(code)
}
