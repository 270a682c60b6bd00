//! METRICS, written down with plain loops over all events. Slow on purpose; it shares nothing with the engine but the domain's types
//! and the edges of buckets.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashSet},
};

use analytics_domain::{
    BreakdownSpec, Day, Dimension, DimensionField, Event, EventKind, Filter, FilterTest, IdentityCoverage, Interval,
    MetricKind, MetricValue, PropertyValue, QueryScope, VisitorHash,
};

type Value = Option<PropertyValue>;
/// The values of a row, its events and its sessions.
type Members = (Vec<Value>, Vec<usize>, Vec<usize>);

/// What exists as of the question's instant.
pub(crate) struct Reference<'a> {
    scope: &'a QueryScope,
    events: Vec<&'a Event>,
    /// The events of each session, in order.
    sessions: Vec<Vec<usize>>,
    session_of: Vec<Option<usize>>,
    /// Whether each event passes the question's filter.
    passes: Vec<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) key: Vec<Value>,
    pub(crate) values: Vec<MetricValue>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Group>,
    pub(crate) others: Option<(i64, Vec<MetricValue>)>,
}

impl<'a> Reference<'a> {
    pub(crate) fn new(scope: &'a QueryScope, all: &'a [Event]) -> Self {
        let events: Vec<&Event> = all.iter().filter(|event| event.time <= scope.as_of).collect();
        let mut by_visitor: BTreeMap<(Day, VisitorHash), Vec<usize>> = BTreeMap::new();
        for (place, event) in events.iter().enumerate() {
            if let Some(visitor) = event.actor.visitor {
                by_visitor.entry((event.visitor_day, visitor)).or_default().push(place);
            }
        }
        let mut sessions: Vec<Vec<usize>> = Vec::new();
        for mut places in by_visitor.into_values() {
            places.sort_by_key(|place| (events[*place].time, events[*place].sequence, events[*place].event_id));
            let mut session: Vec<usize> = Vec::new();
            for place in places {
                let time = events[place].time.0;
                if let (Some(first), Some(last)) = (session.first(), session.last()) {
                    let gap = time - events[*last].time.0;
                    let age = time - events[*first].time.0;
                    if gap > scope.project.session_timeout.0 || age >= 24 * 3600 * 1000 {
                        sessions.push(std::mem::take(&mut session));
                    }
                }
                session.push(place);
            }
            sessions.push(session);
        }
        let mut session_of = vec![None; events.len()];
        for (number, session) in sessions.iter().enumerate() {
            for place in session {
                session_of[*place] = Some(number);
            }
        }
        let passes = vec![true; events.len()];
        let mut reference = Self { scope, events, sessions, session_of, passes };
        if let Some(filter) = &scope.filter {
            reference.passes = reference.passing(filter);
        }
        reference
    }

    fn is_view(&self, place: usize) -> bool {
        self.events[place].kind == EventKind::View
    }

    fn own_field(&self, place: usize, field: DimensionField) -> Option<String> {
        let event = self.events[place];
        match field {
            DimensionField::Name => Some(event.name.clone()),
            DimensionField::Kind => Some(event.kind.as_str().to_owned()),
            DimensionField::Host => event.host.clone(),
            DimensionField::Page => event.page.clone(),
            DimensionField::EntryPage | DimensionField::ExitPage => {
                if self.is_view(place) {
                    event.page.clone()
                } else {
                    None
                }
            }
            DimensionField::Referrer => event.referrer.clone(),
            DimensionField::UtmSource => event.utm_source.clone(),
            DimensionField::UtmMedium => event.utm_medium.clone(),
            DimensionField::UtmCampaign => event.utm_campaign.clone(),
            DimensionField::UtmTerm => event.utm_term.clone(),
            DimensionField::UtmContent => event.utm_content.clone(),
            DimensionField::ClickId => event.click_id.clone(),
            DimensionField::Channel => event.channel.map(|channel| channel.as_str().to_owned()),
            DimensionField::Country => event.country.clone(),
            DimensionField::Region => event.region.clone(),
            DimensionField::City => event.city.clone(),
            DimensionField::Browser => event.browser.clone(),
            DimensionField::Os => event.os.clone(),
            DimensionField::Device => event.device.map(|device| device.as_str().to_owned()),
            DimensionField::Language => event.language.clone(),
            DimensionField::ScreenClass => event.screen_class.map(|class| class.as_str().to_owned()),
        }
    }

    fn value(&self, place: usize, dimension: &Dimension) -> Value {
        let field = match dimension {
            Dimension::Property(name) => return self.events[place].properties.get(name).cloned(),
            Dimension::Field(field) => *field,
        };
        let of_event = [DimensionField::Name, DimensionField::Kind, DimensionField::Host, DimensionField::Page];
        let text = match self.session_of[place] {
            Some(session) if !of_event.contains(&field) => {
                let places = &self.sessions[session];
                let first_view = places.iter().copied().find(|place| self.is_view(*place));
                let last_view = places.iter().copied().rfind(|place| self.is_view(*place));
                match field {
                    DimensionField::EntryPage => first_view.and_then(|view| self.own_field(view, field)),
                    DimensionField::ExitPage => last_view.and_then(|view| self.own_field(view, field)),
                    _ => self.own_field(first_view.unwrap_or(places[0]), field),
                }
            }
            _ => self.own_field(place, field),
        };
        text.map(PropertyValue::String)
    }

    /// Whether each event passes.
    fn passing(&self, filter: &Filter) -> Vec<bool> {
        let all = 0..self.events.len();
        match filter {
            Filter::All(parts) => {
                let parts: Vec<Vec<bool>> = parts.iter().map(|part| self.passing(part)).collect();
                all.map(|place| parts.iter().all(|part| part[place])).collect()
            }
            Filter::Any(parts) => {
                let parts: Vec<Vec<bool>> = parts.iter().map(|part| self.passing(part)).collect();
                all.map(|place| parts.iter().any(|part| part[place])).collect()
            }
            Filter::Not(part) => self.passing(part).into_iter().map(|passes| !passes).collect(),
            Filter::Condition(condition) => {
                all.map(|place| test(&condition.test, &self.value(place, &condition.dimension))).collect()
            }
            Filter::ActorDid(part) => {
                let part = self.passing(part);
                let did: HashSet<_> = all
                    .clone()
                    .filter(|place| part[*place] && in_range(self.scope.interval, self.events[*place]))
                    .filter_map(|place| self.visitor(place))
                    .collect();
                all.map(|place| self.visitor(place).is_some_and(|visitor| did.contains(&visitor))).collect()
            }
        }
    }

    fn visitor(&self, place: usize) -> Option<(Day, VisitorHash)> {
        Some((self.events[place].visitor_day, self.events[place].actor.visitor?))
    }

    /// The events in the range that pass.
    fn chosen_events(&self) -> Vec<usize> {
        (0..self.events.len())
            .filter(|place| in_range(self.scope.interval, self.events[*place]) && self.passes[*place])
            .collect()
    }

    /// The sessions that began in the range and pass.
    fn chosen_sessions(&self) -> Vec<usize> {
        (0..self.sessions.len())
            .filter(|session| in_range(self.scope.interval, self.events[self.sessions[*session][0]]))
            .filter(|session| self.sessions[*session].iter().any(|place| self.passes[*place]))
            .collect()
    }

    pub(crate) fn coverage(&self) -> IdentityCoverage {
        let mut coverage = IdentityCoverage::default();
        for place in self.chosen_events() {
            let actor = self.events[place].actor;
            if actor.user.is_some() {
                coverage.with_user += 1;
            } else if actor.visitor.is_some() {
                coverage.with_visitor_only += 1;
            } else {
                coverage.with_neither += 1;
            }
        }
        coverage
    }

    /// How many visitor days the visitors of the answer are of.
    pub(crate) fn days_with_visitors(&self) -> usize {
        let with_visitor = self.chosen_events().into_iter().filter(|place| self.events[*place].actor.visitor.is_some());
        with_visitor.map(|place| self.events[place].visitor_day).collect::<BTreeSet<_>>().len()
    }

    fn metric(&self, metric: MetricKind, events: &[usize], sessions: &[usize]) -> MetricValue {
        let count = |count: usize| MetricValue::Count(count as i64);
        let mean = |of: &dyn Fn(&[usize]) -> i64| {
            if sessions.is_empty() {
                return MetricValue::Absent;
            }
            let sum: i64 = sessions.iter().map(|session| of(&self.sessions[*session])).sum();
            MetricValue::Number(sum as f64 / sessions.len() as f64)
        };
        let views = |places: &[usize]| places.iter().filter(|place| self.is_view(**place)).count() as i64;
        let duration = |places: &[usize]| self.events[places[places.len() - 1]].time.0 - self.events[places[0]].time.0;
        match metric {
            MetricKind::Events => count(events.len()),
            MetricKind::Views => MetricValue::Count(views(events)),
            MetricKind::Visitors => {
                count(events.iter().filter_map(|place| self.visitor(*place)).collect::<HashSet<_>>().len())
            }
            MetricKind::Users => {
                count(events.iter().filter_map(|place| self.events[*place].actor.user).collect::<HashSet<_>>().len())
            }
            MetricKind::Sessions => count(sessions.len()),
            MetricKind::BounceRate => mean(&|places| {
                let interactive = places.iter().any(|place| !self.is_view(*place) && self.events[*place].interactive);
                i64::from(views(places) == 1 && !interactive)
            }),
            MetricKind::EngagementRate => mean(&|places| {
                let converted = places.iter().any(|place| self.events[*place].kind == EventKind::Conversion);
                i64::from(duration(places) >= 10_000 || converted || views(places) >= 2)
            }),
            MetricKind::SessionDuration => mean(&duration),
            MetricKind::ViewsPerSession => mean(&views),
        }
    }

    fn metrics(&self, metrics: &[MetricKind], events: &[usize], sessions: &[usize]) -> Vec<MetricValue> {
        metrics.iter().map(|metric| self.metric(*metric, events, sessions)).collect()
    }

    pub(crate) fn totals(&self, metrics: &[MetricKind]) -> Vec<MetricValue> {
        self.metrics(metrics, &self.chosen_events(), &self.chosen_sessions())
    }

    /// The metrics of one bucket of a trend.
    pub(crate) fn bucket(&self, metrics: &[MetricKind], bucket: Interval) -> Vec<MetricValue> {
        let mut events = self.chosen_events();
        events.retain(|place| in_range(bucket, self.events[*place]));
        let mut sessions = self.chosen_sessions();
        sessions.retain(|session| in_range(bucket, self.events[self.sessions[*session][0]]));
        self.metrics(metrics, &events, &sessions)
    }

    pub(crate) fn breakdown(&self, spec: &BreakdownSpec) -> Rows {
        let key = |place: usize| -> Vec<Value> {
            spec.dimensions.iter().map(|dimension| self.value(place, dimension)).collect()
        };
        let mut groups: Vec<Members> = Vec::new();
        let mut group = |key: Vec<Value>| match groups.iter().position(|(known, ..)| *known == key) {
            Some(found) => found,
            None => {
                groups.push((key, Vec::new(), Vec::new()));
                groups.len() - 1
            }
        };
        let mut memberships = Vec::new();
        if spec.metrics.iter().any(|metric| !is_of_sessions(*metric)) {
            memberships.extend(self.chosen_events().into_iter().map(|place| (group(key(place)), Some(place), None)));
        }
        if spec.metrics.iter().any(|metric| is_of_sessions(*metric)) {
            for session in self.chosen_sessions() {
                let places = &self.sessions[session];
                let telling: Vec<usize> = if spec.dimensions.contains(&Dimension::Field(DimensionField::Page)) {
                    places.iter().copied().filter(|place| self.is_view(*place)).collect()
                } else {
                    vec![places[0]]
                };
                let keys: BTreeSet<usize> = telling.into_iter().map(|place| group(key(place))).collect();
                memberships.extend(keys.into_iter().map(|group| (group, None, Some(session))));
            }
        }
        for (group, event, session) in memberships {
            groups[group].1.extend(event);
            groups[group].2.extend(session);
        }

        let first = |group: &Members| self.metric(spec.metrics[0], &group.1, &group.2);
        let (mut rows, mut rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| first(group) != MetricValue::Count(0));
        rows.sort_by(|one, two| by_metric(first(one), first(two)).then_with(|| by_values(&one.0, &two.0)));
        rest.extend(rows.split_off(spec.limit.min(rows.len())));
        let row =
            |(key, events, sessions): Members| Group { key, values: self.metrics(&spec.metrics, &events, &sessions) };
        let others = (!rest.is_empty()).then(|| {
            let union = |of: &dyn Fn(&Members) -> Vec<usize>| -> Vec<usize> {
                rest.iter().flat_map(of).collect::<BTreeSet<usize>>().into_iter().collect()
            };
            let (events, sessions) = (union(&|group| group.1.clone()), union(&|group| group.2.clone()));
            (rest.len() as i64, self.metrics(&spec.metrics, &events, &sessions))
        });
        Rows { rows: rows.into_iter().map(row).collect(), others }
    }
}

fn in_range(interval: Interval, event: &Event) -> bool {
    interval.start <= event.time && event.time < interval.end
}

fn is_of_sessions(metric: MetricKind) -> bool {
    !matches!(metric, MetricKind::Events | MetricKind::Views | MetricKind::Visitors | MetricKind::Users)
}

fn by_metric(one: MetricValue, two: MetricValue) -> Ordering {
    let number = |value| match value {
        MetricValue::Absent => None,
        MetricValue::Count(count) => Some(count as f64),
        MetricValue::Number(number) => Some(number),
    };
    match (number(one), number(two)) {
        (Some(one), Some(two)) => two.partial_cmp(&one).expect("numbers"),
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    }
}

fn by_values(one: &[Value], two: &[Value]) -> Ordering {
    let rank = |value: &Value| match value {
        Some(PropertyValue::Number(_)) => 0,
        Some(PropertyValue::String(_)) => 1,
        Some(PropertyValue::Bool(_)) => 2,
        None => 3,
    };
    for (one, two) in one.iter().zip(two) {
        let order = match (one, two) {
            (Some(PropertyValue::Number(one)), Some(PropertyValue::Number(two))) => {
                one.partial_cmp(two).expect("finite")
            }
            (Some(PropertyValue::String(one)), Some(PropertyValue::String(two))) => one.as_bytes().cmp(two.as_bytes()),
            (Some(PropertyValue::Bool(one)), Some(PropertyValue::Bool(two))) => one.cmp(two),
            _ => rank(one).cmp(&rank(two)),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn test(test: &FilterTest, value: &Value) -> bool {
    let text = match value {
        Some(PropertyValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let number = match value {
        Some(PropertyValue::Number(number)) => Some(*number),
        _ => None,
    };
    match test {
        FilterTest::Equals(other) => value.as_ref() == Some(other),
        FilterTest::NotEquals(other) => value.as_ref() != Some(other),
        FilterTest::OneOf(others) => others.iter().any(|other| value.as_ref() == Some(other)),
        FilterTest::Contains(part) => text.is_some_and(|text| text.contains(part.as_str())),
        FilterTest::StartsWith(start) => text.is_some_and(|text| text.starts_with(start.as_str())),
        FilterTest::MatchesWildcard(pattern) => text.is_some_and(|text| wildcard(pattern.as_bytes(), text.as_bytes())),
        FilterTest::Exists => value.is_some(),
        FilterTest::Absent => value.is_none(),
        FilterTest::GreaterThan(bound) => number.is_some_and(|number| number > *bound),
        FilterTest::AtLeast(bound) => number.is_some_and(|number| number >= *bound),
        FilterTest::LessThan(bound) => number.is_some_and(|number| number < *bound),
        FilterTest::AtMost(bound) => number.is_some_and(|number| number <= *bound),
    }
}

fn wildcard(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skipped| wildcard(rest, &text[skipped..])),
        Some((byte, rest)) => text.first() == Some(byte) && wildcard(rest, &text[1..]),
    }
}
