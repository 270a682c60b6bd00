//! Visitors: under which day's salt each event of a batch belongs, and its hash. After this nobody is known any more.

use std::collections::{BTreeSet, HashMap};

use analytics_domain::{
    Actor, Day, DurationMs, Event, Millis, Project, calendar,
    ports::{EphemeralError, EphemeralStore, NoncePolicy, SaltScope, VisitorDayNonce, VisitorProbe},
};
use analytics_privacy::{Network, ServerSecret, UserHasher, VisitorHasher};
use futures::future::try_join_all;

use crate::{
    batch::{BatchContext, Origin},
    draft::{Draft, Identity},
};

/// A salt is destroyed so long after its day has ended; no session that began on the day can still run then.
const SALT_GRACE: DurationMs = DurationMs(24 * 60 * 60 * 1000);
/// A session that began so many days ago may still run: one by the 24 hours it may last, another because a day may have only 23.
const DAYS_BACK: i32 = 2;

/// Finds visitor, user and visitor day of each event and forgets its sender. The running sessions are kept by the store before
/// this returns; so a batch that is sent again after a crash finds the same days.
///
/// # Errors
/// When the ephemeral store cannot be reached: nothing was decided and the batch may be sent again.
pub(crate) async fn identify(
    batch: &BatchContext,
    secret: &ServerSecret,
    store: &dyn EphemeralStore,
    drafts: Vec<Draft>,
) -> Result<Vec<Event>, EphemeralError> {
    let scope = match &batch.origin {
        Origin::Import { key, .. } => SaltScope::Import(key.clone()),
        Origin::Connection(_) | Origin::OnBehalf => SaltScope::Live(batch.project.id),
    };
    let days: Vec<Day> = drafts.iter().map(|draft| calendar::day_of(draft.time, &batch.project.zone)).collect();
    let salts = Salts::of_days(&scope, &batch.project, secret, store, &days).await?;

    let mut probes = Vec::with_capacity(drafts.len());
    let probe_of_draft: Vec<Option<usize>> = drafts
        .iter()
        .zip(&days)
        .map(|(draft, day)| {
            probes.push(salts.probe(draft, *day)?);
            Some(probes.len() - 1)
        })
        .collect();
    let chosen = store.assign_visitor_days(&scope, &probes, batch.project.session_timeout).await?;
    let visitor_of = |probe: usize| probes.get(probe)?.candidates.get(*chosen.get(probe)?).copied();

    let users = UserHasher::new(&batch.project.user_hash_secret);
    let events = drafts.into_iter().zip(days).zip(probe_of_draft).map(|((draft, day), probe)| {
        let visitor = probe.and_then(visitor_of);
        let user = draft.sender.user_id.as_deref().filter(|_| network_of(&draft).is_some()).map(|id| users.hash(id));
        let actor = Actor { visitor: visitor.map(|(_, hash)| hash), user };
        forget(draft, actor, visitor.map_or(day, |(day, _)| day))
    });
    Ok(events.collect())
}

/// The network of an event that may have ids.
fn network_of(draft: &Draft) -> Option<Network> {
    match draft.identity {
        Identity::Allowed => draft.sender.address.map(Network::from),
        Identity::Withheld => None,
    }
}

/// The hashers of the days that a batch needs. A day whose salt is gone, or never was, has none.
struct Salts {
    hashers: HashMap<Day, VisitorHasher>,
    /// When each of these days ends.
    ends: HashMap<Day, Millis>,
}

impl Salts {
    async fn of_days(
        scope: &SaltScope,
        project: &Project,
        secret: &ServerSecret,
        store: &dyn EphemeralStore,
        days: &[Day],
    ) -> Result<Self, EphemeralError> {
        let own: BTreeSet<Day> = days.iter().copied().collect();
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
        Ok(Self { hashers, ends })
    }

    /// The visitor under each day whose session may still run, and under the event's own day; none when the event may have no
    /// visitor or its own day no salt.
    fn probe(&self, draft: &Draft, own: Day) -> Option<VisitorProbe> {
        let network = network_of(draft)?;
        let user_agent = draft.sender.user_agent.as_deref();
        let candidate = |day: Day| Some((day, self.hashers.get(&day)?.hash(&network, user_agent)));
        let own_candidate = candidate(own)?;
        let may_still_run = |day: &Day| self.ends.get(day).is_some_and(|end| draft.time < end.plus(SALT_GRACE));
        let earlier = (1..=DAYS_BACK).rev().map(|back| own.plus_days(-back)).filter(may_still_run);
        let candidates = earlier.filter_map(candidate).chain([own_candidate]).collect();
        Some(VisitorProbe { candidates, time: draft.time })
    }
}

/// Makes the event that is logged and stored. Address, user agent and user id are dropped with the draft.
fn forget(draft: Draft, actor: Actor, visitor_day: Day) -> Event {
    Event {
        event_id: draft.event_id,
        occurred_at: draft.occurred_at,
        time: draft.time,
        visitor_day,
        kind: draft.kind,
        name: draft.name,
        actor,
        interactive: draft.interactive,
        sequence: draft.sequence,
        host: draft.host,
        page: draft.page,
        referrer: draft.referrer,
        utm_source: draft.campaign.source,
        utm_medium: draft.campaign.medium,
        utm_campaign: draft.campaign.campaign,
        utm_term: draft.campaign.term,
        utm_content: draft.campaign.content,
        click_id: None,
        channel: None,
        country: None,
        region: None,
        city: None,
        browser: draft.agent.browser.clone(),
        os: draft.agent.os.clone(),
        device: draft.agent.device,
        language: draft.language,
        screen_class: draft.screen_class,
        value: draft.value,
        properties: draft.properties,
    }
}
