//! The committed output of the generator.

use std::path::{Path, PathBuf};

use analytics_codegen::{Files, Package, generate, generate_records, stale_files, write_files};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")
}

fn proto() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto")
}

fn assert_fresh(files: &Files, folder: &Path) {
    let stale = stale_files(folder, files).unwrap();
    assert!(stale.is_empty(), "{stale:?} in {} are stale: run `cargo run -p analytics-codegen`", folder.display());
}

#[test]
fn the_fixture_is_fresh() {
    let package = Package { name: "fixture.v1".into(), root: here(), includes: vec![proto()] };
    assert_fresh(&generate(&package).unwrap(), &here().join("gen"));
}

#[test]
fn the_contract_is_fresh() {
    let package = Package { name: "analytics.v1".into(), root: proto(), includes: vec![] };
    assert_fresh(&generate(&package).unwrap(), &proto().join("../crates/proto/src/gen"));
}

#[test]
fn the_records_are_fresh() {
    let package = Package { name: "analytics.internal.v1".into(), root: proto(), includes: vec![] };
    assert_fresh(&generate_records(&package).unwrap(), &proto().join("../crates/records/src/gen"));
}

#[test]
fn missing_changed_and_left_over_files_are_stale() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::from([("a".into(), b"1".to_vec()), ("b".into(), b"2".to_vec()), ("c".into(), b"3".to_vec())]);
    std::fs::write(folder.path().join("a"), "1").unwrap();
    std::fs::write(folder.path().join("b"), "other").unwrap();
    std::fs::write(folder.path().join("d"), "left over").unwrap();
    let stale: Vec<_> = stale_files(folder.path(), &files).unwrap().into_iter().collect();
    assert_eq!(stale, ["b", "c", "d"]);

    write_files(folder.path(), &files).unwrap();
    assert!(stale_files(folder.path(), &files).unwrap().is_empty());
    assert!(!folder.path().join("d").exists());
}
