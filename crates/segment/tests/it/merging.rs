use analytics_domain::Event;
use analytics_segment::{Builder, Built, Column, Merge, MergeError, SortKeys, ValueRef, decode, names};
use proptest::prelude::*;

use crate::events::event;

fn built(events: &[Event]) -> Built {
    let mut builder = Builder::new();
    builder.extend(events);
    builder.build().expect("a small day")
}

struct Keys {
    columns: [Option<Column>; 5],
}

impl Keys {
    fn of(built: &Built) -> Self {
        let names = [names::VISITOR, names::VISITOR_HASH, names::TIME, names::SEQUENCE, names::EVENT_ID];
        Self { columns: names.map(|name| built.column(name)) }
    }

    fn borrow(&self, with_ids: bool) -> SortKeys<'_> {
        match &self.columns {
            [
                Some(Column::Visitors(visitors)),
                Some(Column::VisitorHashes(visitor_hashes)),
                Some(Column::Times(times)),
                sequence,
                Some(Column::EventIds(ids)),
            ] => SortKeys {
                visitors,
                visitor_hashes,
                times,
                sequence: sequence.as_ref().map(|column| match column {
                    Column::Integers(integers) => integers,
                    other => panic!("{other:?}"),
                }),
                event_ids: with_ids.then_some(ids),
            },
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_merged_day_equals_the_day_built_of_all_events(
        events in prop::collection::vec(event(), 0..60),
        split in 0usize..60,
    ) {
        let (older, newer) = events.split_at(split.min(events.len()));
        let (segment, tail, whole) = (built(older), built(newer), built(&events));
        let (segment_keys, tail_keys) = (Keys::of(&segment), Keys::of(&tail));
        let merge = match Merge::new(segment_keys.borrow(false), tail_keys.borrow(false)) {
            Err(MergeError::EventIdsNeeded) => Merge::new(segment_keys.borrow(true), tail_keys.borrow(true)),
            other => other,
        };
        let merge = merge.expect("sides that fit");
        let mut names = [segment.column_names(), tail.column_names()].concat();
        names.extend(whole.column_names());
        for name in names {
            let merged = match name.as_str() {
                names::VISITOR => Some(Column::Visitors(merge.visitors().clone())),
                names::VISITOR_HASH => Some(Column::VisitorHashes(merge.visitor_hashes().to_vec())),
                name => merge.column(segment.column(name).as_ref(), tail.column(name).as_ref()).expect("of one kind"),
            };
            prop_assert_eq!(merged, whole.column(&name), "{}", name);
        }
    }

    #[test]
    fn rows_are_sorted_by_visitor_time_sequence_and_id(events in prop::collection::vec(event(), 0..60)) {
        let mut expected: Vec<&Event> = events.iter().collect();
        expected.sort_by_key(|event| {
            let visitor = event.actor.visitor;
            (visitor.is_none(), visitor, event.time, event.sequence, event.event_id)
        });
        let built = built(&events);
        let Some(Column::Times(times)) = built.column(names::TIME) else { panic!("no times") };
        let pages = built.column("page");
        let properties = built.column(&names::property("absent"));
        for (row, event) in expected.iter().enumerate() {
            prop_assert_eq!(times.get(row), event.time);
            prop_assert_eq!(value(&pages, row), event.page.as_deref().map(ValueRef::Text));
            prop_assert_eq!(value(&properties, row), event.properties.get("absent").map(ValueRef::of));
        }
    }
}

fn value(column: &Option<Column>, row: usize) -> Option<ValueRef<'_>> {
    match column.as_ref()? {
        Column::Dictionary(column) => {
            let code = column.codes.get(row) as usize;
            (code > 0).then(|| column.dictionary.value(code - 1))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn columns_that_no_event_has_are_not_stored() {
    let mut event = proptest_event();
    event.page = None;
    event.actor.user = None;
    event.sequence = None;
    event.value = None;
    let names = built(&[event]).column_names();
    for absent in ["page", "user", "sequence", "value_currency", "value_micros", "utm_term"] {
        assert!(!names.iter().any(|name| name == absent), "{absent} in {names:?}");
    }
}

#[test]
fn times_further_apart_than_a_segment_can_hold_are_an_error() {
    let (one, mut two) = (proptest_event(), proptest_event());
    two.time.0 = one.time.0 + i64::from(u32::MAX) + 1;
    let mut builder = Builder::new();
    builder.extend([&one, &two]);
    assert_eq!(builder.finish().expect_err("49 days"), analytics_segment::BuildError::TimesTooFarApart);
}

#[test]
fn every_stored_column_can_be_read_again() {
    for encoded in built(&[proptest_event()]).encode() {
        assert_eq!(decode(&encoded.bytes), Ok(built(&[proptest_event()]).column(&encoded.name).expect("it is stored")));
    }
}

fn proptest_event() -> Event {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    event().new_tree(&mut TestRunner::deterministic()).expect("an event").current()
}
