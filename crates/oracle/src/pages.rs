//! The breakdown by page.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use serde::Serialize;

use crate::{
    classify::{Event, Kind},
    sessions::Visitor,
};

/// Which events a breakdown by page looks at. The rows by views are the same for both (a path is either a page or a
/// file, by its extension), but "others" counts the visitors of what remains, and files remain only in `AllEvents`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// No filter.
    AllEvents,
    /// As if filtered by kind = view.
    ViewsOnly,
}

/// What the rows are sorted by, descending. A page for which it is 0 has no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageMetric {
    /// Views of the page.
    Views,
    /// Different visitors with an event on the page.
    Visitors,
}

/// The first rows, and one for everything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopPages {
    /// Metric descending, then page ascending by its UTF-8 bytes.
    pub rows: Vec<PageCount>,
    /// Absent when no event remains.
    pub others: Option<Others>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageCount {
    /// The path without the query, after the caller's rewrite.
    pub page: String,
    /// Views of it.
    pub views: u64,
    /// Different visitors of it.
    pub visitors: u64,
}

/// Everything that has no row of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Others {
    /// How many pages are in here.
    pub pages: u64,
    /// Their views.
    pub views: u64,
    /// Their different visitors: who saw two of them counts once.
    pub visitors: u64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PageVisits {
    views: u64,
    view_visitors: BTreeSet<Visitor>,
    download_visitors: BTreeSet<Visitor>,
    downloads: u64,
}

pub(crate) type Pages = BTreeMap<String, PageVisits>;

/// The pages of the events in `[start_s, end_s)`.
pub(crate) fn gather(events: &[Event], visitors: &[Option<Visitor>], start_s: i64, end_s: i64) -> Pages {
    let mut pages = Pages::new();
    for (event, visitor) in events.iter().zip(visitors) {
        if event.time_s < start_s || event.time_s >= end_s {
            continue;
        }
        let page = pages.entry(event.page.clone()).or_default();
        match event.kind {
            Kind::View => {
                page.views += 1;
                page.view_visitors.extend(*visitor);
            }
            Kind::Download => {
                page.downloads += 1;
                page.download_visitors.extend(*visitor);
            }
        }
    }
    pages
}

pub(crate) fn top(pages: &Pages, limit: usize, metric: PageMetric, scope: Scope) -> TopPages {
    // In the order of the pages' names, which the sort below keeps where the metric is equal.
    let mut candidates = Vec::new();
    for (name, visits) in pages {
        let mut visitors = visits.view_visitors.clone();
        if scope == Scope::AllEvents {
            visitors.extend(&visits.download_visitors);
        } else if visits.views == 0 {
            continue;
        }
        let value = match metric {
            PageMetric::Views => visits.views,
            PageMetric::Visitors => visitors.len() as u64,
        };
        candidates.push((value, name, visits.views, visitors));
    }
    candidates.sort_by_key(|(value, ..)| Reverse(*value));

    let mut rows = Vec::new();
    let mut others = Others { pages: 0, views: 0, visitors: 0 };
    let mut others_visitors = BTreeSet::new();
    for (value, name, views, visitors) in candidates {
        if value > 0 && rows.len() < limit {
            rows.push(PageCount { page: name.clone(), views, visitors: visitors.len() as u64 });
        } else {
            others.pages += 1;
            others.views += views;
            others_visitors.extend(visitors);
        }
    }
    others.visitors = others_visitors.len() as u64;
    TopPages { rows, others: (others.pages > 0).then_some(others) }
}
