//! The trace in Redis against the suite of its port, and what only it promises.

use std::sync::Arc;

use analytics_domain::{
    EventId, ManualClock, Millis, ProjectId,
    ports::{TraceError, TraceLog, TraceRecord, TraceStep},
};
use analytics_stream::{TraceLogOptions, redis::RedisTraceLog};
use analytics_testkit::{
    servers::{PrivateRedis, ephemeral_redis_url},
    trace_log::{TraceBounds, TraceFixture},
};

use crate::redis_servers::{FreshPrefix, server, soon};

const NOW: Millis = Millis(1_772_323_200_000);

struct Redis {
    prefix: FreshPrefix,
    options: TraceLogOptions,
    clock: Arc<ManualClock>,
}

impl Redis {
    fn open(&self) -> RedisTraceLog {
        let connection = server(&ephemeral_redis_url()).shared();
        RedisTraceLog::new(connection, self.prefix.as_str(), self.options, self.clock.clone())
    }
}

impl TraceFixture for Redis {
    fn log(&self) -> Arc<dyn TraceLog> {
        Arc::new(self.open())
    }
}

async fn fresh_log(bounds: TraceBounds, clock: Arc<ManualClock>) -> Redis {
    let TraceBounds { max_project_bytes, max_bytes } = bounds;
    let prefix = FreshPrefix::on(ephemeral_redis_url());
    Redis { prefix, options: TraceLogOptions { max_project_bytes, max_bytes }, clock }
}

analytics_testkit::trace_log_suite!(fresh_log);

fn record(project: i64, number: u128) -> TraceRecord {
    let steps = vec![(EventId(number.to_be_bytes()), TraceStep::Accepted)];
    TraceRecord { project: ProjectId(project), time: NOW, entry: None, steps }
}

async fn until_told(log: &RedisTraceLog, project: i64, number: u128) {
    let event = EventId(number.to_be_bytes());
    let told = async || log.steps_of(ProjectId(project), event).await.is_ok_and(|steps| !steps.is_empty());
    soon(async { while !told().await {} }).await;
}

#[tokio::test]
async fn whatever_is_recorded_redis_destroys_by_itself_and_counts_right() {
    let clock = Arc::new(ManualClock::new(NOW.to_micros()));
    let world = fresh_log(TraceBounds { max_project_bytes: 10_000, max_bytes: 15_000 }, clock).await;
    let log = world.open();
    for number in 0..40 {
        let project = number as i64 % 3;
        let many = (0..60).map(|event| (EventId([event; 16]), TraceStep::Stored));
        let mut record = record(project, number);
        record.steps.extend(many);
        log.record(record);
        until_told(&log, project, number).await;
    }
    let mut connection = world.prefix.connection();
    let mut ask = |command: &str, key: &str, rest: &[&str]| -> i64 {
        let key = format!("{}:{{trace}}:{key}", world.prefix.as_str());
        redis::cmd(command).arg(key).arg(rest).query(&mut connection).expect("the server answers")
    };
    let mut sum = 0;
    for project in ["0", "1", "2"] {
        let bytes = ask("ZSCORE", "projects", &[project]);
        assert!((1_000..=10_000).contains(&bytes), "project {project} has {bytes} bytes");
        sum += bytes;
    }
    assert_eq!(ask("GET", "bytes", &[]), sum);
    assert!(sum <= 15_000, "{sum}");
    let hour_ms = 60 * 60 * 1000;
    for key in ["bytes", "projects", "of:0", "of:1", "of:2"] {
        let lifetime_ms = ask("PTTL", key, &[]);
        assert!((24 * hour_ms..=25 * hour_ms).contains(&lifetime_ms), "{key} lives {lifetime_ms} ms");
    }
    // Somebody deletes a list: its bytes are not counted for ever.
    assert_eq!(ask("UNLINK", "of:1", &[]), 1);
    log.record(record(1, 100));
    until_told(&log, 1, 100).await;
    let counted = ["0", "1", "2"].map(|project| ask("ZSCORE", "projects", &[project]));
    assert!(counted[1] < 200, "{counted:?}");
    assert_eq!(ask("GET", "bytes", &[]), counted.iter().sum::<i64>());
}

#[tokio::test]
async fn recording_goes_on_while_the_server_is_away_and_after() {
    let mut redis = PrivateRedis::start(PrivateRedis::EPHEMERAL);
    let clock = Arc::new(ManualClock::new(NOW.to_micros()));
    let log = RedisTraceLog::new(server(&redis.url()).shared(), "test", TraceLogOptions::default(), clock);
    log.record(record(1, 1));
    until_told(&log, 1, 1).await;
    redis.kill_hard();
    for number in 0..100_000 {
        log.record(record(1, number));
    }
    let asked = log.steps_of(ProjectId(1), EventId([0; 16])).await;
    assert!(matches!(&asked, Err(TraceError::Unavailable(why)) if why.contains("cannot be reached")), "{asked:?}");
    redis.restart();
    let recovered = async {
        while log.steps_of(ProjectId(1), EventId(7_u128.to_be_bytes())).await.map_or(true, |steps| steps.is_empty()) {
            log.record(record(1, 7));
            tokio::task::yield_now().await;
        }
    };
    soon(recovered).await;
}
