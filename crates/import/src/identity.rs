//! Ids that follow from what was read, so that reading it again gives the same ones.

use blake3::Hasher;
use uuid::Uuid;

/// The id of an event of an access log: a pure function of the project, the bytes of its line without the line's end, and how many
/// equal lines came before it, as a UUID of version 8.
pub(crate) fn log_event_id(project: &str, line: &[u8], occurrence: u64) -> Uuid {
    let mut hasher = Hasher::new_derive_key("analytics.v1 event id of an access log line");
    add(&mut hasher, project.as_bytes());
    add(&mut hasher, line);
    hasher.update(&occurrence.to_le_bytes());
    Uuid::new_v8(first_16_bytes(&hasher))
}

/// The id of an import. Bots that are counted make another import, because a running one keeps the choice that it was started with.
/// The order of the contents does not matter.
pub(crate) fn import_id(kind: &str, project: &str, include_bots: bool, mut contents: Vec<[u8; 32]>) -> String {
    let mut hasher = Hasher::new_derive_key("analytics.v1 import id");
    add(&mut hasher, kind.as_bytes());
    add(&mut hasher, project.as_bytes());
    hasher.update(&[u8::from(include_bots)]);
    contents.sort_unstable();
    for content in contents {
        hasher.update(&content);
    }
    format!("{kind}-{}", Uuid::new_v8(first_16_bytes(&hasher)).simple())
}

/// Length first, so that no two lists of texts look the same.
fn add(hasher: &mut Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
}

fn first_16_bytes(hasher: &Hasher) -> [u8; 16] {
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changing these ids would import every log a second time.
    #[test]
    fn event_ids_stay_as_published() {
        let line = br#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5"#;
        let ids = [
            log_event_id("web", line, 0),
            log_event_id("web", line, 1),
            log_event_id("shop", line, 0),
            log_event_id("web", b"\xff", 0),
        ];
        assert!(ids.iter().all(|id| id.get_version_num() == 8), "{ids:?}");
        assert_eq!(
            ids.map(|id| id.to_string()),
            [
                "f811f420-120e-807d-af68-250cd87be0e9",
                "227d8164-f91f-805f-9900-05162479465a",
                "21ccc7bd-0f3b-82d6-9c27-957cc2f68cc3",
                "4cc7e416-5e82-8a61-a157-92be63e0517c"
            ]
        );
    }

    #[test]
    fn an_import_is_named_by_its_content() {
        let contents = || vec![[1; 32], [2; 32]];
        let id = import_id("access-log", "web", false, contents());
        assert_eq!(id, "access-log-05cbb502efc389b2a802598c2fb7668f");
        assert_eq!(id, import_id("access-log", "web", false, vec![[2; 32], [1; 32]]));
        let others = [
            import_id("events", "web", false, contents()),
            import_id("access-log", "shop", false, contents()),
            import_id("access-log", "web", true, contents()),
            import_id("access-log", "web", false, vec![[1; 32]]),
        ];
        assert!(!others.contains(&id), "{others:?}");
    }
}
