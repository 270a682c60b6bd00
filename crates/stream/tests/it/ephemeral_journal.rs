//! What only the embedded store promises: about its file.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    sync::Arc,
};

use analytics_domain::{
    Day, DurationMs, ManualClock, Micros, Millis, ProjectId, VisitorHash,
    ports::{
        EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
    },
};
use analytics_stream::local::{EphemeralOptions, JournalPlacement, LocalEphemeralStore, OpenError};

use crate::ephemeral_store::{copy_of, fresh_directory, open};

const LIVE: SaltScope = SaltScope::Live(ProjectId(1));
const DAY: Day = Day(0);
const DESTROY_AT: Millis = Millis(1_000_000);
const TIMEOUT: DurationMs = DurationMs(1_000);

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Micros(0)))
}

fn import() -> (ImportKey, RunningImport) {
    let key = ImportKey { project: ProjectId(1), import: "log-1".parse().expect("a valid id") };
    (key, RunningImport { include_bots: false, create_time: Millis(0), expire_time: DESTROY_AT })
}

async fn make_nonce(store: &dyn EphemeralStore, scope: &SaltScope, day: Day) -> VisitorDayNonce {
    let policy = NoncePolicy::CreateUntil(DESTROY_AT);
    store.nonce(scope, day, policy).await.expect("it works").expect("its time is not over")
}

fn probe(visitor: i64, time: i64) -> VisitorProbe {
    VisitorProbe { candidates: vec![(DAY, VisitorHash(visitor))], time: Millis(time) }
}

async fn assign(store: &dyn EphemeralStore, probes: &[VisitorProbe]) {
    store.assign_visitor_days(&LIVE, probes, TIMEOUT).await.expect("it works");
}

fn bytes_of_all_files(directory: &Path) -> Vec<u8> {
    let files = fs::read_dir(directory).expect("the directory");
    files.flat_map(|entry| fs::read(entry.expect("an entry").path()).expect("a file")).collect()
}

fn holds(directory: &Path, secret: &[u8]) -> bool {
    bytes_of_all_files(directory).windows(secret.len()).any(|window| window == secret)
}

fn refusal(directory: &Path, placement: JournalPlacement) -> OpenError {
    LocalEphemeralStore::open(directory, EphemeralOptions { clock: clock(), placement }).expect_err("it must refuse")
}

#[tokio::test]
async fn only_this_user_can_read_the_files() {
    let (parent, placement) = fresh_directory();
    let directory = parent.path().join("made");
    let store = open(&directory, placement, clock());
    make_nonce(&store, &LIVE, DAY).await;
    let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let files: Vec<_> =
        fs::read_dir(&directory).expect("the directory").map(|file| file.expect("a file").path()).collect();
    assert!(files.contains(&directory.join("ephemeral.journal")), "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_on_no_file_system_in_memory_is_refused_unless_allowed() {
    // No machine has its /proc in memory that survives, and nothing can be made there.
    let directory = Path::new("/proc/analytics");
    let refused = refusal(directory, JournalPlacement::MemoryOnly);
    assert!(matches!(&refused, OpenError::OnDisk { directory: refused } if refused == directory));
    let message = refused.to_string();
    for part in ["/proc/analytics", "tmpfs", "/dev/shm", "must never reach a disk"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(
        matches!(refusal(directory, JournalPlacement::AllowDisk), OpenError::Io { .. }),
        "only /proc itself refuses"
    );
}

#[test]
fn a_directory_that_others_control_is_refused() {
    let (parent, placement) = fresh_directory();
    let shared = parent.path().join("shared");
    fs::create_dir(&shared).expect("a directory");
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o777)).expect("its owner may");
    assert!(matches!(refusal(&shared, placement), OpenError::NotOurs { .. }));
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o755)).expect("its owner may");
    let link = parent.path().join("link");
    symlink(&shared, &link).expect("a link");
    assert!(matches!(refusal(&link, placement), OpenError::NotOurs { .. }));
    open(&shared, placement, clock());
}

#[test]
fn a_second_process_is_refused() {
    let (directory, placement) = fresh_directory();
    let first = open(directory.path(), placement, clock());
    assert!(matches!(refusal(directory.path(), placement), OpenError::InUse { .. }));
    drop(first);
    open(directory.path(), placement, clock());
}

#[test]
fn a_file_of_something_else_is_refused_and_kept() {
    let (directory, placement) = fresh_directory();
    let path = directory.path().join("ephemeral.journal");
    for foreign in [b"aneph\0\0\x02".as_slice(), b"hello"] {
        fs::write(&path, foreign).expect("a file");
        assert!(matches!(refusal(directory.path(), placement), OpenError::Unreadable { .. }));
        assert_eq!(fs::read(&path).expect("the file"), foreign);
    }
}

#[tokio::test]
async fn a_journal_torn_anywhere_opens_with_what_was_whole() {
    let (directory, placement) = fresh_directory();
    let store = open(directory.path(), placement, clock());
    let first = make_nonce(&store, &LIVE, DAY).await;
    let path = directory.path().join("ephemeral.journal");
    let first_len = fs::metadata(&path).expect("the journal").len() as usize;
    let second = make_nonce(&store, &LIVE, DAY.plus_days(1)).await;
    let whole = fs::read(&path).expect("the journal");

    let mut damaged = whole.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    let torn = (0..=whole.len()).map(|len| whole[..len].to_vec()).chain([damaged]);
    for bytes in torn {
        let (directory, placement) = fresh_directory();
        fs::write(directory.path().join("ephemeral.journal"), &bytes).expect("a journal");
        let reopened = open(directory.path(), placement, clock());
        let found = [
            reopened.nonce(&LIVE, DAY, NoncePolicy::OnlyExisting).await.expect("it works"),
            reopened.nonce(&LIVE, DAY.plus_days(1), NoncePolicy::OnlyExisting).await.expect("it works"),
        ];
        let expected = [(bytes.len() >= first_len).then_some(first), (bytes == whole).then_some(second)];
        assert_eq!(found, expected, "{} of {} bytes", bytes.len(), whole.len());
        // What is written after a torn end is found again.
        let third = make_nonce(&reopened, &LIVE, DAY.plus_days(2)).await;
        let (copy, placement) = copy_of(directory.path());
        let again = open(copy.path(), placement, clock());
        assert_eq!(again.nonce(&LIVE, DAY.plus_days(2), NoncePolicy::OnlyExisting).await, Ok(Some(third)));
    }
}

#[tokio::test]
async fn what_is_destroyed_is_in_no_file() {
    let (directory, placement) = fresh_directory();
    let clock = clock();
    let store = open(directory.path(), placement, Arc::clone(&clock));
    let (key, running) = import();
    store.open_import(&key, running).await.expect("it works");
    let imported = make_nonce(&store, &SaltScope::Import(key.clone()), DAY).await;
    let live = make_nonce(&store, &LIVE, DAY).await;
    let kept = store.nonce(&LIVE, DAY.plus_days(1), NoncePolicy::CreateUntil(Millis(DESTROY_AT.0 + 1))).await;
    let kept = kept.expect("it works").expect("its time is not over");
    let visitor = 0x0123_4567_89ab_cdef_i64;
    assign(&store, &[probe(visitor, 5)]).await;
    for secret in [&imported.0[..], &live.0, &kept.0, &visitor.to_le_bytes()] {
        assert!(holds(directory.path(), secret), "the scan finds what is there");
    }

    store.close_import(&key).await.expect("it works");
    assert!(!holds(directory.path(), &imported.0) && holds(directory.path(), &live.0));

    store.open_import(&key, running).await.expect("it works");
    let idle = make_nonce(&store, &SaltScope::Import(key), DAY).await;
    assert!(holds(directory.path(), &idle.0));
    clock.set(DESTROY_AT.to_micros());
    store.sweep(DESTROY_AT).await.expect("it works");
    assert!(!holds(directory.path(), &live.0) && !holds(directory.path(), &visitor.to_le_bytes()));
    assert!(!holds(directory.path(), &idle.0), "its import ended at the same instant");
    assert!(holds(directory.path(), &kept.0));
}

#[tokio::test]
async fn a_secret_whose_time_ended_while_nothing_ran_is_gone_once_the_store_opens() {
    let (directory, placement) = fresh_directory();
    let store = open(directory.path(), placement, clock());
    let nonce = make_nonce(&store, &LIVE, DAY).await;
    let (copy, placement) = copy_of(directory.path());
    assert!(holds(copy.path(), &nonce.0));
    let late = Arc::new(ManualClock::new(DESTROY_AT.to_micros()));
    let _reopened = open(copy.path(), placement, late);
    assert!(!holds(copy.path(), &nonce.0));
}

#[tokio::test]
async fn a_new_nonce_of_a_day_leaves_nothing_of_the_expired_one() {
    let (directory, placement) = fresh_directory();
    let clock = clock();
    let store = open(directory.path(), placement, Arc::clone(&clock));
    let expired = make_nonce(&store, &LIVE, DAY).await;
    clock.set(DESTROY_AT.to_micros());
    let later = NoncePolicy::CreateUntil(Millis(DESTROY_AT.0 + 1));
    let other = store.nonce(&LIVE, DAY, later).await.expect("it works").expect("its time is not over");
    assert!(!holds(directory.path(), &expired.0) && holds(directory.path(), &other.0));
}

#[tokio::test]
async fn what_could_not_be_erased_is_reported_and_erased_later() {
    let (directory, placement) = fresh_directory();
    let store = open(directory.path(), placement, clock());
    let (key, running) = import();
    store.open_import(&key, running).await.expect("it works");
    let nonce = make_nonce(&store, &SaltScope::Import(key.clone()), DAY).await;
    // The new file cannot be made where a directory is in its place.
    let obstacle = directory.path().join("ephemeral.aside");
    fs::create_dir(&obstacle).expect("a directory");
    for _ in 0..2 {
        let closed = store.close_import(&key).await;
        assert!(
            matches!(&closed, Err(EphemeralError::Unavailable(why)) if why.contains("ephemeral.journal")),
            "{closed:?}"
        );
    }
    let other = store.nonce(&LIVE, DAY, NoncePolicy::CreateUntil(DESTROY_AT)).await;
    assert!(matches!(other, Err(EphemeralError::Unavailable(_))), "nothing may follow what must be gone");
    fs::remove_dir(&obstacle).expect("it is empty");
    store.close_import(&key).await.expect("it works again");
    assert!(!holds(directory.path(), &nonce.0));
    make_nonce(&store, &LIVE, DAY).await;
}

#[tokio::test]
async fn a_directory_that_was_taken_away_is_made_again_with_all_that_was_in_it() {
    let (directory, placement) = fresh_directory();
    let store = open(directory.path(), placement, clock());
    let nonce = make_nonce(&store, &LIVE, DAY).await;
    fs::remove_dir_all(directory.path()).expect("it is there");
    let (key, running) = import();
    store.open_import(&key, running).await.expect("memory is enough");
    store.close_import(&key).await.expect("erasing makes the directory again");
    fs::remove_dir_all(directory.path()).expect("it is there again");
    store.sweep(Millis(0)).await.expect("so does the next sweep");

    let (copy, placement) = copy_of(directory.path());
    let reopened = open(copy.path(), placement, clock());
    assert_eq!(make_nonce(&reopened, &LIVE, DAY).await, nonce);
}

#[tokio::test]
async fn the_journal_stays_in_proportion_to_what_it_holds() {
    let (directory, placement) = fresh_directory();
    let store = open(directory.path(), placement, clock());
    make_nonce(&store, &LIVE, DAY).await;
    let journal_bytes = || fs::metadata(directory.path().join("ephemeral.journal")).expect("the journal").len();
    let sessions = 1_000;
    let mut lengths = vec![journal_bytes()];
    for round in 0..200 {
        let batch: Vec<VisitorProbe> = (0..sessions).map(|visitor| probe(visitor, round * 10)).collect();
        assign(&store, &batch).await;
        lengths.push(journal_bytes());
    }
    assert!(lengths.windows(2).any(|pair| pair[1] < pair[0]), "it was rewritten at least once");
    assert!(lengths.iter().all(|bytes| *bytes <= 1 << 20), "{lengths:?}");

    // The rewritten one says the same: each session goes on.
    let (copy, placement) = copy_of(directory.path());
    let reopened = open(copy.path(), placement, clock());
    let later: Vec<VisitorProbe> = (0..sessions)
        .map(|visitor| VisitorProbe {
            candidates: vec![(DAY, VisitorHash(visitor)), (DAY.plus_days(1), VisitorHash(visitor))],
            time: Millis(2_000),
        })
        .collect();
    let days = reopened.assign_visitor_days(&LIVE, &later, TIMEOUT).await;
    assert_eq!(days, Ok(vec![0; sessions as usize]));
}

#[tokio::test]
async fn a_repeated_batch_writes_nothing() {
    let (directory, placement) = fresh_directory();
    let store = open(directory.path(), placement, clock());
    make_nonce(&store, &LIVE, DAY).await;
    let batch: Vec<VisitorProbe> = (0..10).map(|visitor| probe(visitor % 5, visitor)).collect();
    assign(&store, &batch).await;
    let written = bytes_of_all_files(directory.path());
    assign(&store, &batch).await;
    assert_eq!(bytes_of_all_files(directory.path()), written);
}
