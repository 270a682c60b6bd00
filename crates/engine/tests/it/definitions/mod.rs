//! The cases of METRICS in which two honest readings give two numbers.

mod breakdowns;
mod sessions;
mod times;

use analytics_domain::{
    Breakdown, BreakdownSpec, Condition, Dimension, DimensionField, Event, Filter, FilterTest, Interval, MetricKind,
    MetricValue, NewProject, PropertyValue, QueryScope, TimeUnit, TotalsSpec, Trend, TrendSpec, Zone,
};
use analytics_engine::EngineError;

use crate::{
    story::{Told, at},
    world::{ALL_TIME, Kept, World, scope},
};

/// A project in which these things happened.
struct Story {
    world: World,
    scope: QueryScope,
}

impl Story {
    async fn of(told: impl IntoIterator<Item = Told>) -> Self {
        let events: Vec<Event> = told.into_iter().enumerate().map(|(place, told)| told.event(place)).collect();
        let world = World::new().await;
        let timeout = NewProject::DEFAULT_SESSION_TIMEOUT;
        let project = world.filled(timeout, &events, Kept::Both(events.len() / 2)).await;
        let scope = scope(&project, ALL_TIME);
        Self { world, scope }
    }

    fn between(mut self, start: &str, end: &str) -> Self {
        self.scope.interval = Interval { start: at(start), end: at(end) };
        self
    }

    fn zone(mut self, name: &str) -> Self {
        self.scope.zone = Zone::named(name).expect("a zone");
        self
    }

    fn seen_at(mut self, time: &str) -> Self {
        self.scope.as_of = at(time);
        self
    }

    fn filter(mut self, filter: Filter) -> Self {
        self.scope.filter = Some(filter);
        self
    }

    async fn totals(&self, metrics: &[MetricKind]) -> Vec<MetricValue> {
        let spec = TotalsSpec { metrics: metrics.to_vec() };
        self.world.engine(1 << 20).totals(&self.scope, &spec, None).await.expect("an answer").values
    }

    async fn trend(&self, unit: TimeUnit, metrics: &[MetricKind]) -> Trend {
        let spec = TrendSpec { metrics: metrics.to_vec(), unit };
        self.world.engine(1 << 20).trend(&self.scope, &spec, None).await.expect("an answer")
    }

    async fn try_breakdown(
        &self,
        dimensions: &[Dimension],
        metrics: &[MetricKind],
        limit: usize,
    ) -> Result<Breakdown, EngineError> {
        let spec = BreakdownSpec { metrics: metrics.to_vec(), dimensions: dimensions.to_vec(), limit };
        self.world.engine(1 << 20).breakdown(&self.scope, &spec, None).await
    }

    async fn breakdown(&self, dimension: &Dimension, metrics: &[MetricKind], limit: usize) -> Breakdown {
        self.try_breakdown(std::slice::from_ref(dimension), metrics, limit).await.expect("an answer")
    }
}

fn rows(breakdown: &Breakdown) -> Vec<(Option<PropertyValue>, Vec<MetricValue>)> {
    breakdown.rows.iter().map(|row| (row.dimensions[0].clone(), row.values.clone())).collect()
}

fn first_values(trend: &Trend) -> Vec<MetricValue> {
    trend.points.iter().map(|point| point.values[0]).collect()
}

fn text(text: &str) -> Option<PropertyValue> {
    Some(PropertyValue::String(text.to_owned()))
}

fn page_is(page: &str) -> Filter {
    let test = FilterTest::Equals(PropertyValue::String(page.to_owned()));
    Filter::Condition(Condition { dimension: PAGE, test })
}

const PAGE: Dimension = Dimension::Field(DimensionField::Page);
const ENTRY_PAGE: Dimension = Dimension::Field(DimensionField::EntryPage);
const EXIT_PAGE: Dimension = Dimension::Field(DimensionField::ExitPage);
const CHANNEL: Dimension = Dimension::Field(DimensionField::Channel);
const BROWSER: Dimension = Dimension::Field(DimensionField::Browser);
