use analytics_oracle::{Others, PageCount, PageMetric, Rules, Scope, count, zone};

use crate::{count_in, view};

fn row(page: &str, views: u64, visitors: u64) -> PageCount {
    PageCount { page: page.to_owned(), views, visitors }
}

fn log() -> String {
    [
        view("10.0.0.1", "10:00:00", "/a"),
        view("10.0.0.1", "10:00:01", "/a?x=1"),
        view("10.0.0.2", "10:00:00", "/a"),
        view("10.0.0.1", "10:00:02", "/b"),
        view("10.0.0.2", "10:00:02", "/b"),
        view("10.0.0.1", "10:00:03", "/B"), // sorted before /b by its bytes, and another page
        view("10.0.0.1", "10:00:04", "/B"),
        view("10.0.0.1", "10:00:05", "/c"),
        view("10.0.0.1", "10:00:06", "/d"), // with /c in others: one visitor of two pages
        view("10.0.0.3", "10:00:06", "/d.pdf"),
    ]
    .concat()
}

#[test]
fn rows_by_metric_then_by_bytes_and_the_others_counted_anew() {
    let counted = count_in("UTC", &log());
    let top = counted.top_pages(3, PageMetric::Views, Scope::ViewsOnly);
    assert_eq!(top.rows, [row("/a", 3, 2), row("/B", 2, 1), row("/b", 2, 2)]);
    assert_eq!(top.others, Some(Others { pages: 2, views: 2, visitors: 1 }));

    // Without the filter the file has no row either, its views being 0, but who fetched it is among the others.
    let top = counted.top_pages(3, PageMetric::Views, Scope::AllEvents);
    assert_eq!(top.rows.len(), 3);
    assert_eq!(top.others, Some(Others { pages: 3, views: 2, visitors: 2 }));

    let top = counted.top_pages(9, PageMetric::Views, Scope::ViewsOnly);
    assert_eq!((top.rows.len(), top.others), (5, None));
    let top = counted.top_pages(9, PageMetric::Views, Scope::AllEvents);
    assert_eq!((top.rows.len(), top.others), (5, Some(Others { pages: 1, views: 0, visitors: 1 })));

    // By visitors, it has one.
    let top = counted.top_pages(9, PageMetric::Visitors, Scope::AllEvents);
    assert_eq!(
        top.rows,
        [row("/a", 3, 2), row("/b", 2, 2), row("/B", 2, 1), row("/c", 1, 1), row("/d", 1, 1), row("/d.pdf", 0, 1)]
    );
}

#[test]
fn pages_are_rewritten_after_the_line_was_judged() {
    let mut rules = Rules::of(zone("UTC").unwrap());
    rules.page_rewrite =
        &|path| if path == "/b" { "/:redacted".to_owned() } else { path.replace("/d.pdf", "/:redacted") };
    let counted = count(log().as_bytes(), &rules);
    assert_eq!(counted.lines.downloads, 1);
    let top = counted.top_pages(3, PageMetric::Visitors, Scope::AllEvents);
    // Two viewers of /b and one of the file.
    assert_eq!(top.rows[0], row("/:redacted", 2, 3));
}

#[test]
fn an_empty_path_is_the_root() {
    let counted = count_in("UTC", &(view("10.0.0.1", "10:00:00", "?q=1") + &view("10.0.0.1", "10:00:00", "/")));
    assert_eq!(counted.top_pages(9, PageMetric::Views, Scope::AllEvents).rows, [row("/", 2, 1)]);
}
