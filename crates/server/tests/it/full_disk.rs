//! A disk that fills up under a running server, and has space again.

use std::{
    fs::File,
    io::{ErrorKind, Write as _},
    path::Path,
};

use analytics_oracle::{GenSpec, Rules, count, generate, zone};
use tempfile::TempDir;

use crate::{
    access_log::assert_all,
    support::{Deployment as _, Server, wait_until_ready_is},
};

#[test]
fn an_import_onto_a_full_disk_says_so_and_goes_on_once_there_is_space() {
    let mut spec = GenSpec::of(zone("UTC").expect("a zone"), "2024-05-10".parse().expect("a date"));
    spec.visitors = 100;
    let log = generate(5, &spec);
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("access.log");
    std::fs::write(&path, &log).expect("writable");

    let server = Server::start_on_small_disk("12m");
    server.create_project("web", "UTC");
    let ballast = server.data_dir().join("ballast");
    fill(&ballast);
    let import = ["import", "access-log", path.to_str().expect("UTF-8"), "--project", "web", "--patience", "1"];
    let said = server.analytics(&import).failure();
    for words in ["not available now", "server's log says why", "start the same command again"] {
        assert!(said.contains(words), "`{words}` is missing in: {said}");
    }
    // The answer to the import may come before the server has told itself.
    let missing = wait_until_ready_is(server.management(), 503);
    assert!(missing.contains("event store: "), "{missing}");
    std::fs::remove_file(&ballast).expect("it is there");
    server.analytics(&import).success();
    wait_until_ready_is(server.management(), 200);
    assert_all(&server, &count(&log, &Rules::of(spec.zone.clone())));
    let log = server.log();
    assert!(log.contains("is full: free space on it"), "the operator was not told: {log}");
}

/// Writes until nothing more fits.
pub(crate) fn fill(path: &Path) {
    let mut file = File::create(path).expect("a new file");
    let mut block = vec![0; 64 * 1024];
    while !block.is_empty() {
        match file.write_all(&block) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull => block.truncate(block.len() / 2),
            Err(error) => panic!("{error}"),
        }
    }
}
