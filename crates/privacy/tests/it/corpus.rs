//! Every path of two hand-made lists: what must be redacted, and what must not be touched.

use analytics_privacy::{REDACTED, clean_page_url};

const CLEAN: &str = include_str!("corpus/clean.txt");
const PERSONAL: &str = include_str!("corpus/personal.txt");

#[test]
fn clean_paths_are_not_altered() {
    let altered: Vec<_> = CLEAN.lines().filter(|path| clean_page_url(path, &[]).page != *path).collect();
    assert!(altered.is_empty(), "{altered:#?}");
    assert!(CLEAN.lines().count() > 200);
}

#[test]
fn personal_segments_are_redacted_and_nothing_else() {
    let mut wrong = Vec::new();
    for line in PERSONAL.lines() {
        let (path, expected) = line.split_once(" => ").expect("each line has a path and what becomes of it");
        let page = clean_page_url(path, &[]).page;
        if page != expected {
            wrong.push(format!("{path} => {page}, not {expected}"));
        }
        assert!(expected.contains(REDACTED), "{line}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(PERSONAL.lines().count() > 100);
}
