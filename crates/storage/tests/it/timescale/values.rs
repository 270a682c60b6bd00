//! What is in the rows, for this program and for everybody else.

use std::collections::BTreeMap;

use analytics_domain::{
    Event, Micros, Millis, ProjectId, PropertyValue,
    ports::{EventStore, StoreError},
};
use analytics_testkit::sample;

use super::Shell;
use crate::support::{fresh_timescale, read_all};

const PROJECT: ProjectId = ProjectId(1);

fn with_property(number: u32, value: PropertyValue) -> Event {
    Event { properties: BTreeMap::from([("p".to_owned(), value)]), ..sample::event(number) }
}

/// jsonb keeps decimal digits; those that are written name one number, whatever its size.
#[tokio::test]
async fn numbers_keep_every_bit() {
    let (store, _database) = fresh_timescale().await;
    let mut numbers =
        vec![0.0, 1.0, 1e300, -1e-300, f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1, 1e16, 1e22, 9_007_199_254_740_993.0];
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..3_000 {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        numbers.push(f64::from_bits(bits));
    }
    numbers.retain(|number| number.is_finite());
    let events: Vec<Event> =
        (0..).zip(&numbers).map(|(index, number)| with_property(index, PropertyValue::Number(*number))).collect();
    store.commit(PROJECT, &[sample::entry(1, PROJECT, events)]).await.unwrap();
    let read = read_all(&store, PROJECT, sample::DAY).await;
    assert_eq!(read.len(), numbers.len());
    for (stored, number) in read.iter().zip(numbers) {
        let PropertyValue::Number(read) = stored.event.properties["p"] else {
            panic!("{number:?} is another type now")
        };
        assert_eq!(read.to_bits(), number.to_bits(), "{number:?} came back as {read:?}");
    }
}

#[tokio::test]
async fn what_the_database_cannot_hold_is_refused_whole_and_not_quoted() {
    let (store, _database) = fresh_timescale().await;
    let refused = [
        (Event { name: "hidden\0".to_owned(), ..sample::event(1) }, "U+0000"),
        (Event { page: Some("\0hidden".to_owned()), ..sample::event(1) }, "U+0000"),
        (with_property(1, PropertyValue::String("hidden\0".to_owned())), "U+0000"),
        (with_property(1, PropertyValue::Number(-0.0)), "negative zero"),
        (with_property(1, PropertyValue::Number(f64::INFINITY)), "no finite number"),
        (with_property(1, PropertyValue::Number(f64::NAN)), "no finite number"),
        (Event { occurred_at: Micros(i64::MIN), ..sample::event(1) }, "out of the range"),
        (Event { time: Millis(i64::MAX), ..sample::event(1) }, "out of the range"),
        (Event { visitor_day: analytics_domain::Day(i32::MIN), ..sample::event(1) }, "out of the range"),
        (Event { visitor_day: analytics_domain::Day(i32::MAX), ..sample::event(1) }, "out of the range"),
    ];
    for (event, what) in refused {
        let entry = sample::entry(1, PROJECT, vec![sample::event(2), event, sample::event(3)]);
        let error = store.commit(PROJECT, &[entry]).await.unwrap_err();
        assert!(matches!(&error, StoreError::Refused(text) if text.contains(what)), "{error}");
        assert!(!error.to_string().contains("hidden"), "{error}");
    }
    assert_eq!(read_all(&store, PROJECT, sample::DAY).await, []);
    store.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1]))]).await.unwrap();
    assert_eq!(read_all(&store, PROJECT, sample::DAY).await.len(), 1);
}

/// As psql or Grafana would.
#[tokio::test]
async fn plain_sql_reads_what_is_stored() {
    let (store, database) = fresh_timescale().await;
    store.commit(PROJECT, &[sample::entry(5, PROJECT, vec![sample::full_event(1), sample::event(2)])]).await.unwrap();
    let mut shell = Shell::on(&database).await;
    shell.run("SET timezone = 'UTC'").await;
    let row = shell
        .ask(
            "SELECT concat_ws(' | ', visitor_day, time, occurred_at, event_id, kind, interactive, page, encode(user_hash, 'hex'), \
             amount_micros / 1e6, currency_code, properties->>'text', properties->'one', properties->'yes', \
             jsonb_typeof(properties->'digits'), entry_id) FROM events WHERE host = 'example.com'",
        )
        .await;
    assert_eq!(
        row,
        [
            "2026-03-01 | 2026-03-01 00:00:01+00 | 2026-03-01 00:00:01.000123+00 | 00000001-5a5a-5a5a-5a5a-5a5a5a5a5a5a | 3 | t | \
          /a%20b/\u{e4}? | ffffffffffffffffffffffffffffffff | -1234567.890123000000 | CHF | \u{1} {\"a\": 1} \u{2028} | 1.0 | true | \
          string | 5"
        ]
    );
    let per_hour = "SELECT time_bucket('1 hour', time)::text || ' ' || count(*) FROM events \
                    WHERE time >= '2026-03-01' AND time < '2026-03-02' GROUP BY time_bucket('1 hour', time)";
    assert_eq!(shell.ask(per_hour).await, ["2026-03-01 00:00:00+00 2"]);
    let day = "SELECT concat_ws(' ', version, generation, min_time, max_time, event_count) FROM project_days";
    assert_eq!(shell.ask(day).await, ["1 1 2026-03-01 00:00:01+00 2026-03-01 00:00:02+00 2"]);
}
