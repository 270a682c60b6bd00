//! What every event store does.

mod concurrency;
mod days;
mod identity;
mod ids;
mod reading;

use std::sync::Arc;

use analytics_domain::{
    Day, Event, ProjectId, Version,
    ports::{Commit, EventOutcome, EventPosition, EventStore, LogEntry, StoredEvent},
};

pub use self::{concurrency::*, days::*, identity::*, ids::*, reading::*};
use crate::fresh::suite;

suite! {
    $
    /// Runs the event store suite. Takes the path of an `async fn() -> Fresh<dyn EventStore>`.
    event_store_suite of event_store:
    an_event_is_read_back_as_it_was_stored,
    every_code_is_read_back,
    each_field_is_read_back_alone,
    an_awkward_event_is_stored_as_it_is_or_refused,
    a_day_is_read_in_the_order_of_commits,
    pages_of_any_size_miss_nothing_and_repeat_nothing,
    a_read_ends_at_the_version_it_was_asked_for,
    the_tail_after_a_version_has_only_what_came_later,
    projects_and_days_are_read_apart,
    nothing_is_read_where_nothing_was_stored,
    an_identity_is_stored_once_and_the_first_copy_stays,
    the_same_id_at_another_time_is_another_event,
    projects_do_not_share_identities,
    of_copies_in_one_entry_the_first_is_stored,
    of_copies_in_two_entries_of_a_commit_the_first_is_stored,
    a_redelivered_entry_gets_the_same_outcomes,
    an_entry_delivered_twice_in_one_commit_gets_the_same_outcomes_twice,
    a_redelivery_stores_what_is_new_beside_it,
    duplicates_anywhere_in_a_large_commit_are_found,
    events_are_found_by_their_id,
    at_most_a_hundred_events_of_an_id_are_found,
    a_version_rises_once_for_each_day_that_gets_events,
    a_commit_without_news_changes_nothing,
    the_state_of_a_day_covers_all_its_events,
    a_range_finds_the_days_whose_times_it_touches,
    a_raised_generation_changes_nothing_else,
    commits_at_the_same_time_store_each_identity_once,
    a_reader_sees_whole_commits_only,
    an_abandoned_commit_is_stored_whole_or_not_at_all,
}

/// The store under test.
type Store = Arc<dyn EventStore>;

const PROJECT: ProjectId = ProjectId(7);
const OTHER_PROJECT: ProjectId = ProjectId(8);

const BEGINNING: EventPosition = EventPosition { version: Version(0), ordinal: 0 };
const END: Version = Version(i64::MAX);

use EventOutcome::{Duplicate, Stored};

async fn commit(store: &Store, entries: &[LogEntry]) -> Commit {
    store.commit(entries[0].project, entries).await.expect("the store works")
}

async fn read(store: &Store, project: ProjectId, day: Day) -> Vec<StoredEvent> {
    store.read_day(project, day, BEGINNING, END, 1_000_000).await.expect("the store works")
}

async fn read_events(store: &Store, project: ProjectId, day: Day) -> Vec<Event> {
    read(store, project, day).await.into_iter().map(|stored| stored.event).collect()
}
