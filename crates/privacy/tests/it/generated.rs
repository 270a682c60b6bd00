//! Seeded corpora: how many of tens of thousands of personal values are caught wherever they stand, and how many of tens of thousands
//! of clean ones are altered.

use std::collections::BTreeMap;

use analytics_privacy::{REDACTED, clean_page_url};

use crate::{
    clean_values::{clean_parameter, clean_path, clean_tag},
    dice::Dice,
    personal_values::{KINDS, encoded, encoded_for_query},
};

/// Of each kind in each place.
const PERSONAL: usize = 1_500;
/// In each place.
const CLEAN: usize = 20_000;

/// What went wrong, by kind and place, of how many, with some examples.
#[derive(Default)]
struct Score {
    counts: BTreeMap<(&'static str, &'static str), (usize, usize)>,
    examples: Vec<String>,
}

impl Score {
    fn add(&mut self, kind: &'static str, place: &'static str, is_right: bool, example: impl FnOnce() -> String) {
        let (wrong, all) = self.counts.entry((kind, place)).or_default();
        *all += 1;
        if !is_right {
            *wrong += 1;
            if *wrong <= 5 {
                self.examples.push(format!("{kind} in a {place}: {}", example()));
            }
        }
    }

    /// At most so many of a thousand may be wrong in all, and at most four times as many of one kind in one place.
    #[track_caller]
    fn assert_wrong_of_1000(&self, limit: usize) {
        let (wrong, all) = self.counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        let told = format!("{wrong} of {all} are wrong: {:#?}\n{:#?}", self.counts, self.examples);
        assert!(wrong * 1000 <= all * limit, "{told}");
        assert!(self.counts.values().all(|(wrong, all)| wrong * 1000 <= all * 4 * limit), "{told}");
    }
}

#[test]
fn at_least_995_of_1000_personal_values_are_caught_wherever_they_stand() {
    let mut dice = Dice(0x5EED_0001);
    let mut score = Score::default();
    let kept = ["q".to_owned(), "ref".to_owned()];
    for &(kind, value_of) in KINDS {
        for _ in 0..PERSONAL {
            let value = value_of(&mut dice);
            let prefix = dice.pick(&["", "", "order-", "id="]);
            let suffix = dice.pick(&["", "", "/edit", "/", ".html"]);
            let path = format!("/account/{prefix}{}{suffix}", encoded(&mut dice, &value));
            let page = clean_page_url(&path, &[]).page;
            score.add(kind, "path", page.contains(REDACTED), || format!("{path} became {page}"));

            let name = dice.pick(&["q", "ref"]);
            let url = format!("/account?a=1&{name}={}&b=2", encoded_for_query(&mut dice, &value));
            let page = clean_page_url(&url, &kept).page;
            score.add(kind, "kept parameter", page == format!("/account?{name}={REDACTED}"), || {
                format!("{url} became {page}")
            });

            let url = format!("/?utm_content={}", encoded_for_query(&mut dice, &value));
            let tag = clean_page_url(&url, &[]).campaign.content;
            score.add(kind, "campaign tag", tag.as_deref() == Some(REDACTED), || format!("{url} became {tag:?}"));
        }
    }
    score.assert_wrong_of_1000(5);
}

#[test]
fn at_most_5_of_1000_clean_values_are_altered() {
    let mut dice = Dice(0x5EED_0002);
    let mut score = Score::default();
    let kept = ["article".to_owned()];
    for _ in 0..CLEAN {
        let path = clean_path(&mut dice);
        let page = clean_page_url(&path, &[]).page;
        score.add("clean", "path", page == path, || format!("{path} became {page}"));

        let url = format!("/p?article={}", clean_parameter(&mut dice));
        let page = clean_page_url(&format!("{url}&session=1"), &kept).page;
        score.add("clean", "kept parameter", page == url, || format!("{url} became {page}"));

        let tag = clean_tag(&mut dice);
        let found = clean_page_url(&format!("/?utm_campaign={tag}"), &[]).campaign.campaign;
        let decoded = tag.replace("%20", " ").replace('+', " ");
        score.add("clean", "campaign tag", found.as_deref() == Some(&decoded), || format!("{tag} became {found:?}"));
    }
    score.assert_wrong_of_1000(5);
}
