//! Turns a package of contracts into the Rust code that is committed beside it: messages and services (prost, tonic), proto3 JSON
//! (pbjson), the checks of its `buf.validate` rules, and the descriptor set for reflection. Of a package of stored records it makes
//! the messages only. It needs no `protoc`.

mod compile;
mod descriptor;
mod emit;
mod names;
mod output;
mod rules;
mod rust;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use prost::Message as _;

pub use output::{stale_files, write_files};

/// Generated files by their name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A proto package to generate code for.
pub struct Package {
    /// The name of the package, such as `analytics.v1`. The generated checks expect its Rust types in `crate::v1`.
    pub name: String,
    /// The folder that holds the package's files in the subfolder of its name.
    pub root: PathBuf,
    /// Further folders in which imports are looked for.
    pub includes: Vec<PathBuf>,
}

/// Generates all files of a package of contracts.
///
/// # Errors
/// When a contract does not compile, or holds a rule that cannot be enforced by generated code.
pub fn generate(package: &Package) -> Result<Files> {
    let contracts = compile::compile(package)?;
    let descriptor = descriptor::for_reflection(&contracts.files, &package.name);
    let mut files = rust::messages_and_json(&contracts.files, &package.name)?;
    files.insert("descriptor.binpb".into(), descriptor.encode_to_vec());
    files.insert("validate.rs".into(), emit::checks(&contracts.pool, &package.name)?.into_bytes());
    Ok(files)
}

/// Generates the messages of a package of stored records, which needs nothing but prost.
///
/// # Errors
/// When a record does not compile.
pub fn generate_records(package: &Package) -> Result<Files> {
    let records = compile::compile(package)?;
    let messages = rust::messages(&records.files, &package.name)?;
    Ok(Files::from([(format!("{}.rs", package.name), messages)]))
}
