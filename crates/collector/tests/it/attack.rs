//! An attacker with a copy of everything that is kept, with the configuration, and with the true address and user agent of everybody:
//! whom can he link to the events of the day?

use std::{collections::HashSet, fs, path::Path, sync::Arc};

use analytics_domain::{ProjectId, VisitorHash, VisitorMode, ports::VisitorDayNonce};
use analytics_privacy::VisitorHasher;
use analytics_proto::v1::Verdict;
use analytics_storage::sqlite::{SqliteOptions, SqliteStore};
use analytics_stream::redis::{RedisEphemeralOptions, RedisEphemeralStore, RedisServer, SharedConnection};
use analytics_testkit::servers::ephemeral_redis_url;
use tempfile::TempDir;

use crate::{
    at_rest::bytes_below,
    world::{FIREFOX, HOUR, Site, World, at, events_in, from, noon, plus, secret, view},
};

const VISITORS: usize = 1_000;

/// Somebody, as the attacker knows him.
struct Person {
    address: String,
    user_agent: String,
}

fn people() -> Vec<Person> {
    let person = |number: usize| Person {
        address: match number % 3 {
            0 => format!("2001:db8:{:x}:{:x}::7", number / 256, number % 256),
            _ => format!("198.51.{}.{}", number / 256, number % 256),
        },
        user_agent: format!("{FIREFOX} of-screen/{}", number % 7),
    };
    (0..VISITORS).map(person).collect()
}

/// What the attacker holds of one instant.
struct Dump {
    database: TempDir,
    bytes: Vec<u8>,
}

impl Dump {
    /// The data directory as it lies there, and whatever else was got hold of.
    fn of(world: &World, others: &[u8]) -> Self {
        let database = tempfile::tempdir().expect("a directory");
        copy(world.data_dir.path(), database.path());
        let mut bytes = bytes_below(database.path());
        bytes.extend(others);
        Self { database, bytes }
    }

    async fn visitors(&self, project: ProjectId) -> HashSet<VisitorHash> {
        let store = SqliteStore::open(self.database.path(), SqliteOptions::default()).await.expect("a copy");
        let events = events_in(&store, project).await;
        events.into_iter().filter_map(|event| event.actor.visitor).collect()
    }

    /// Everything of the length of a nonce that looks random: one has some 30 different bytes.
    fn nonces(&self) -> HashSet<[u8; 32]> {
        let looks_random = |window: &&[u8]| {
            let mut seen = [0_u64; 4];
            window.iter().for_each(|byte| seen[usize::from(byte >> 6)] |= 1 << (byte & 63));
            seen.iter().map(|bits| bits.count_ones()).sum::<u32>() >= 22
        };
        let windows = self.bytes.windows(32).filter(looks_random);
        windows.map(|window| window.try_into().expect("32 bytes")).collect()
    }

    /// How many of these people are found among the visitors, under whatever in the dump may be the nonce of their day.
    async fn linked(&self, site: &Site, people: &[Person]) -> usize {
        let visitors = self.visitors(site.project.id).await;
        assert!(visitors.len() >= people.len(), "{} visitors are in the dump", visitors.len());
        let is_there = |hasher: &VisitorHasher, person: &Person| {
            let address = person.address.parse().expect("an address");
            visitors.contains(&hasher.hash_in(VisitorMode::NetworkAndAgent, address, Some(&person.user_agent)))
        };
        let guesses = [[0; 32], *blake3::hash(b"a secret that only tests may know").as_bytes()];
        let mut linked = HashSet::new();
        for nonce in self.nonces().into_iter().chain(guesses) {
            let hasher = VisitorHasher::new(&secret(), &VisitorDayNonce(nonce), &site.project.name);
            // The nonce of a day finds everybody who was there; another one nobody, not even by chance.
            if people[..2].iter().any(|person| is_there(&hasher, person)) {
                linked.extend((0..people.len()).filter(|index| is_there(&hasher, &people[*index])));
            }
        }
        linked.len()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            fs::create_dir(&target).expect("a new directory");
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

/// Everybody comes in the morning of the world's first day.
async fn everybody_comes(world: &World, site: &Site, people: &[Person]) {
    for (batch, people) in people.chunks(100).enumerate() {
        let event_of = |(index, person): (usize, &Person)| {
            let time = plus(noon(), -HOUR);
            from(&person.address, &person.user_agent, view(batch * 100 + index, time))
        };
        let events = people.iter().enumerate().map(event_of).collect();
        assert_eq!(world.track(&site.backend(), events).await, vec![Verdict::Stored; people.len()]);
    }
}

/// The attack, on a world whose ephemeral store can be copied by `ephemeral_dump`.
async fn assert_nobody_is_linked(world: World, ephemeral_dump: impl AsyncFn(&World) -> Vec<u8>) {
    let web = world.site("web", "UTC").await;
    let people = people();
    everybody_comes(&world, &web, &people).await;

    // At noon of the living day, without the ephemeral store: what is in a backup.
    assert_eq!(Dump::of(&world, &[]).linked(&web, &people).await, 0);
    // The control: a salt that is kept, for a month say, links everybody. That the attacker fails is not for want of skill.
    let kept_salt = ephemeral_dump(&world).await;
    assert_eq!(Dump::of(&world, &kept_salt).linked(&web, &people).await, VISITORS);

    // A day after the day has ended, with the ephemeral store as it is then. Somebody else is there meanwhile.
    let after = at("2026-03-04T00:00:00Z");
    world.clock.set(after);
    let ephemeral = world.ephemeral.as_ref().expect("it runs");
    ephemeral.sweep(after.to_millis()).await.expect("swept");
    let somebody = from("203.0.113.7", FIREFOX, view(VISITORS, after));
    assert_eq!(world.track(&web.backend(), vec![somebody]).await, [Verdict::Stored]);
    let left = ephemeral_dump(&world).await;
    assert!(!left.is_empty(), "the salt of the new day is there");
    assert_eq!(Dump::of(&world, &left).linked(&web, &people).await, 0);
    assert_eq!(Dump::of(&world, &kept_salt).linked(&web, &people).await, VISITORS, "the control, then too");
}

#[tokio::test]
async fn nobody_is_linked_by_what_is_kept_with_salts_in_memory() {
    let world = World::new().await;
    assert_nobody_is_linked(world, async |world: &World| bytes_below(world.ephemeral_dir.path())).await;
}

#[tokio::test]
async fn nobody_is_linked_by_what_is_kept_with_salts_in_redis() {
    let prefix = format!("attack-{}", uuid::Uuid::from_bytes(rand::random()));
    let redis = RedisServer::parse(&ephemeral_redis_url()).expect("a URL").shared();
    let mut world = World::new().await;
    let options = RedisEphemeralOptions::default();
    let store = RedisEphemeralStore::new(redis.clone(), &prefix, options, world.clock.clone());
    world.elsewhere = Some(Arc::new(store));
    world.restart_collector();
    let (connection, keys) = (redis.clone(), format!("{prefix}*"));
    assert_nobody_is_linked(world, async |_: &World| dump_of(&connection, &keys).await).await;
    for key in keys_like(&redis, &format!("{prefix}*")).await {
        redis.query::<()>(redis::cmd("DEL").arg(key)).await.expect("deleted");
    }
}

async fn keys_like(redis: &SharedConnection, pattern: &str) -> Vec<Vec<u8>> {
    redis.query(redis::cmd("KEYS").arg(pattern)).await.expect("the server answers")
}

/// The keys and, as the server itself writes them into a dump, their values.
async fn dump_of(redis: &SharedConnection, pattern: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for key in keys_like(redis, pattern).await {
        let value: Option<Vec<u8>> = redis.query(redis::cmd("DUMP").arg(&key)).await.expect("the server answers");
        bytes.extend(key);
        bytes.extend(value.unwrap_or_default());
    }
    bytes
}
