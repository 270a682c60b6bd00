//! Compiles contracts to descriptors.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorSet;

use crate::Package;

pub(crate) struct Contracts {
    /// The package's files and all that they import, with comments, without extension options.
    pub(crate) files: FileDescriptorSet,
    /// The same with extension options, which is where rules are.
    pub(crate) pool: DescriptorPool,
}

pub(crate) fn compile(package: &Package) -> Result<Contracts> {
    let folder = package.root.join(package.name.replace('.', "/"));
    let sources = proto_files(&folder)?;
    ensure!(!sources.is_empty(), "no contracts in {}", folder.display());
    let includes = std::iter::once(&package.root).chain(&package.includes);
    let mut compiler = protox::Compiler::new(includes)?;
    compiler.include_source_info(true).include_imports(true).open_files(sources)?;
    Ok(Contracts { files: compiler.file_descriptor_set(), pool: compiler.descriptor_pool() })
}

fn proto_files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    // The order of a folder differs between machines; that of the output must not.
    files.sort();
    Ok(files)
}
