//! Who may depend on whom. The rules of ARCHITECTURE.md, word for word; a new crate has to be added here.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Crates of ours that each crate of the product may use, development dependencies aside.
const MAY_USE: [(&str, &[&str]); 17] = [
    ("proto", &[]),
    ("domain", &[]),
    ("privacy", &["domain"]),
    ("segment", &["domain"]),
    ("engine", &["domain", "segment"]),
    ("records", &["domain"]),
    ("storage", &["domain", "records"]),
    ("stream", &["domain", "records"]),
    ("rpc", &["domain", "proto"]),
    ("collector", &["domain", "privacy", "proto", "rpc"]),
    ("processor", &["domain", "segment"]),
    ("query", &["domain", "engine", "proto", "rpc"]),
    ("admin", &["domain", "proto", "rpc"]),
    ("import", &["proto"]),
    ("gateway", &["domain", "proto", "rpc"]),
    ("codegen", &[]),
    (
        "server",
        &[
            "admin",
            "collector",
            "domain",
            "engine",
            "gateway",
            "import",
            "privacy",
            "processor",
            "proto",
            "query",
            "rpc",
            "storage",
            "stream",
        ],
    ),
];

/// Development only: nothing of the product may use them, and each says what it may use itself.
const DEVELOPMENT: [(&str, &[&str]); 3] = [
    ("testkit", &["domain"]),
    ("oracle", &[]),
    ("bench", &["domain", "engine", "import", "processor", "proto", "segment", "storage", "stream", "testkit"]),
];

/// What must never reach these crates, not even through others.
const NEVER: [(&str, &[&str]); 7] = [
    ("domain", &["tokio", "sqlx", "tonic", "prost", "hyper"]),
    ("privacy", &["tokio", "sqlx", "tonic", "prost", "hyper"]),
    ("segment", &["tokio", "sqlx", "tonic", "hyper"]),
    ("records", &["tokio", "sqlx", "tonic", "hyper"]),
    ("storage", &["tonic", "hyper"]),
    ("stream", &["tonic", "hyper"]),
    ("engine", &["sqlx", "tonic", "prost", "hyper"]),
];

#[test]
fn crates_use_only_what_the_architecture_allows() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().chain(DEVELOPMENT).collect();
    for package in metadata.workspace_packages() {
        let name = short(&package.name);
        let may_use = allowed
            .get(name)
            .unwrap_or_else(|| panic!("crate `{name}` has no rule: add one here and in ARCHITECTURE.md"));
        let used = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        let used: BTreeSet<&str> = used.filter_map(|dependency| dependency.name.strip_prefix("analytics-")).collect();
        let forbidden: Vec<_> = used.iter().filter(|used| !may_use.contains(*used)).collect();
        assert!(forbidden.is_empty(), "`{name}` must not use {forbidden:?}; it may use {may_use:?}");
    }
}

#[test]
fn inner_crates_stay_free_of_frameworks() {
    let metadata = metadata();
    for (name, never) in NEVER {
        let reached = reached_from(&metadata, &format!("analytics-{name}"));
        let forbidden: Vec<_> = never.iter().filter(|never| reached.contains(**never)).collect();
        assert!(forbidden.is_empty(), "`{name}` reaches {forbidden:?}");
    }
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    for package in metadata().workspace_packages() {
        let manifest = std::fs::read_to_string(&package.manifest_path).expect("it was just read");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} lacks `[lints] workspace = true`", package.name);
    }
}

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).other_options(["--locked".to_owned()]).exec().expect("a workspace")
}

fn short(name: &str) -> &str {
    name.strip_prefix("analytics-").unwrap_or(name)
}

/// The names of all packages that a package needs to run.
fn reached_from(metadata: &Metadata, name: &str) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().expect("resolved");
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let start = metadata.workspace_packages().into_iter().find(|package| *package.name == name).expect("it exists");
    let mut reached = BTreeSet::new();
    let mut pending = vec![&start.id];
    let mut seen = BTreeSet::from([&start.id]);
    while let Some(id) = pending.pop() {
        reached.insert(metadata[id].name.to_string());
        let normal = nodes[id]
            .deps
            .iter()
            .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        pending.extend(normal.map(|dependency| &dependency.pkg).filter(|id| seen.insert(id)));
    }
    reached
}
