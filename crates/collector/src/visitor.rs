//! Visitors: under which day's salt each event of a batch belongs, and its hash.

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
};

use analytics_domain::{
    Day, DurationMs, Millis, Project, VisitorHash, VisitorMode, calendar,
    ports::{EphemeralError, EphemeralStore, NoncePolicy, SaltScope, VisitorDayNonce, VisitorProbe},
};
use analytics_privacy::{ServerSecret, UserHasher, VisitorHasher};
use futures::future::try_join_all;

use crate::{
    batch::{BatchContext, Origin},
    draft::{Draft, Identity},
};

/// A salt is destroyed so long after its day has ended; no session that began on the day can still run then.
const SALT_GRACE: DurationMs = DurationMs(24 * 60 * 60 * 1000);
/// A session that began so many days ago may still run: one by the 24 hours it may last, another because a day may have only 23.
const DAYS_BACK: i32 = 2;

/// Finds visitor, user and visitor day of each event. The running sessions are kept by the store before this returns; so a batch that
/// is sent again after a crash finds the same days.
///
/// # Errors
/// When the ephemeral store cannot be reached: nothing was decided and the batch may be sent again.
pub(crate) async fn identify(
    batch: &BatchContext,
    secret: &ServerSecret,
    store: &dyn EphemeralStore,
    mut drafts: Vec<&mut Draft>,
) -> Result<(), EphemeralError> {
    let users = UserHasher::new(&batch.project.user_hash_secret);
    for draft in &mut drafts {
        draft.visitor_day = calendar::day_of(draft.time, &batch.project.zone);
        let user_id = draft.sender.user_id.as_deref().filter(|_| address_of(draft).is_some());
        draft.actor.user = user_id.map(|id| users.hash(id));
    }
    match batch.project.ingest.visitor_mode {
        VisitorMode::RandomPerRequest => {
            draw_visitors(batch, secret, drafts);
            Ok(())
        }
        VisitorMode::NetworkAndAgent | VisitorMode::Network | VisitorMode::CoarseNetworkAndAgent => {
            find_visitors(batch, secret, store, drafts).await
        }
    }
}

/// The address of an event that may have ids.
fn address_of(draft: &Draft) -> Option<IpAddr> {
    match draft.identity {
        Identity::Allowed => draft.sender.address,
        Identity::Withheld => None,
    }
}

/// The hash of an event that may have a visitor.
fn hash_of(draft: &Draft, hasher: &VisitorHasher, mode: VisitorMode) -> Option<VisitorHash> {
    Some(hasher.hash_in(mode, address_of(draft)?, draft.sender.user_agent.as_deref()))
}

/// Another visitor in each call: under a nonce that is forgotten with it. Nobody asks the store, so no session spans two calls. An
/// event of a day whose salts are gone has none here either.
fn draw_visitors(batch: &BatchContext, secret: &ServerSecret, drafts: Vec<&mut Draft>) {
    let hasher = VisitorHasher::new(secret, &VisitorDayNonce(rand::random()), &batch.project.name);
    let now = batch.received_at.to_millis();
    let is_over = |day: Day| now >= calendar::day_end(day, &batch.project.zone).plus(SALT_GRACE);
    for draft in drafts {
        if matches!(batch.origin, Origin::Import { .. }) || !is_over(draft.visitor_day) {
            draft.actor.visitor = hash_of(draft, &hasher, VisitorMode::RandomPerRequest);
        }
    }
}

async fn find_visitors(
    batch: &BatchContext,
    secret: &ServerSecret,
    store: &dyn EphemeralStore,
    drafts: Vec<&mut Draft>,
) -> Result<(), EphemeralError> {
    let scope = match &batch.origin {
        Origin::Import { key, .. } => SaltScope::Import(key.clone()),
        Origin::Connection(_) | Origin::OnBehalf => SaltScope::Live(batch.project.id),
    };
    // Who may have no visitor needs no salt.
    let mut drafts: Vec<&mut Draft> = drafts.into_iter().filter(|draft| address_of(draft).is_some()).collect();
    if drafts.is_empty() {
        return Ok(());
    }
    let days: BTreeSet<Day> = drafts.iter().map(|draft| draft.visitor_day).collect();
    let salts = Salts::of_days(&scope, &batch.project, secret, store, days).await?;

    let mut probes = Vec::with_capacity(drafts.len());
    drafts.retain(|draft| match salts.probe(draft) {
        Some(probe) => {
            probes.push(probe);
            true
        }
        None => false,
    });
    let chosen = store.assign_visitor_days(&scope, &probes, batch.project.session_timeout).await?;
    for ((draft, probe), index) in drafts.into_iter().zip(probes).zip(chosen) {
        if let Some((day, hash)) = probe.candidates.get(index) {
            draft.visitor_day = *day;
            draft.actor.visitor = Some(*hash);
        }
    }
    Ok(())
}

/// The hashers of the days that a batch needs. A day whose salt is gone, or never was, has none.
struct Salts {
    hashers: HashMap<Day, VisitorHasher>,
    /// When each of these days ends.
    ends: HashMap<Day, Millis>,
    mode: VisitorMode,
}

impl Salts {
    async fn of_days(
        scope: &SaltScope,
        project: &Project,
        secret: &ServerSecret,
        store: &dyn EphemeralStore,
        own: BTreeSet<Day>,
    ) -> Result<Self, EphemeralError> {
        let needed: BTreeSet<Day> =
            own.iter().flat_map(|day| (0..=DAYS_BACK).map(|back| day.plus_days(-back))).collect();
        let ends: HashMap<Day, Millis> =
            needed.into_iter().map(|day| (day, calendar::day_end(day, &project.zone))).collect();
        // All at once: with a store in another process each would cost a round trip.
        let nonces = ends.iter().map(|(&day, end)| {
            let policy = if own.contains(&day) {
                NoncePolicy::CreateUntil(end.plus(SALT_GRACE))
            } else {
                NoncePolicy::OnlyExisting
            };
            async move { Ok((day, store.nonce(scope, day, policy).await?)) }
        });
        let hasher_of = |(day, nonce): (Day, Option<VisitorDayNonce>)| {
            Some((day, VisitorHasher::new(secret, &nonce?, &project.name)))
        };
        let hashers = try_join_all(nonces).await?.into_iter().filter_map(hasher_of).collect();
        Ok(Self { hashers, ends, mode: project.ingest.visitor_mode })
    }

    /// The visitor under each day whose session may still run, and under the event's own day; none when the event may have no
    /// visitor or its own day no salt.
    fn probe(&self, draft: &Draft) -> Option<VisitorProbe> {
        let own = draft.visitor_day;
        let candidate = |day: Day| Some((day, hash_of(draft, self.hashers.get(&day)?, self.mode)?));
        let own_candidate = candidate(own)?;
        let may_still_run = |day: &Day| self.ends.get(day).is_some_and(|end| draft.time < end.plus(SALT_GRACE));
        let earlier = (1..=DAYS_BACK).rev().map(|back| own.plus_days(-back)).filter(may_still_run);
        let candidates = earlier.filter_map(candidate).chain([own_candidate]).collect();
        Some(VisitorProbe { candidates, time: draft.time })
    }
}
