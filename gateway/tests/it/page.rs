//! The page's files.

use analytics_gateway::{GatewayOptions, Page};

use crate::http1::{get, send};
use crate::setup::{ENTRY, default_gateway, gateway, gateway_with_page, health, script};

#[tokio::test]
async fn the_entry_is_checked_each_time_and_assets_are_kept() {
    let address = default_gateway().await;
    let entry = get(address, "/").await;
    assert_eq!((entry.status, entry.text().as_str()), (200, ENTRY));
    assert_eq!(entry.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(entry.header("cache-control"), Some("no-cache"));

    let asset = get(address, "/assets/app-1a2b.js").await;
    assert_eq!((asset.status, asset.text()), (200, script()));
    assert_eq!(asset.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));

    let icon = get(address, "/favicon.svg?v=1").await;
    assert_eq!((icon.status, icon.header("content-type")), (200, Some("image/svg+xml")));
}

#[tokio::test]
async fn pages_are_guarded_wherever_they_come_from() {
    let address = default_gateway().await;
    for answer in [
        get(address, "/").await,
        get(address, "/assets/app-1a2b.js").await,
        send(address, "GET /nothing", &["accept: text/html"], b"").await,
    ] {
        let policy = answer.header("content-security-policy").unwrap().to_owned();
        for directive in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|part| part == directive), "{directive} is not in {policy}");
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    }
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let address = default_gateway().await;
    let tag = get(address, "/").await.header("etag").unwrap().to_owned();
    for condition in
        [format!("if-none-match: {tag}"), format!("if-none-match: \"other\", {tag}"), "if-none-match: *".into()]
    {
        let answer = send(address, "GET /", &[&condition], b"").await;
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{condition}");
    }
    let other = get(address, "/favicon.svg").await.header("etag").unwrap().to_owned();
    assert_ne!(tag, other);
    assert_eq!(send(address, "GET /", &[&format!("if-none-match: {other}")], b"").await.status, 200);
}

#[tokio::test]
async fn files_are_compressed_for_those_who_ask() {
    let address = default_gateway().await;
    let answer = send(address, "GET /assets/app-1a2b.js", &["accept-encoding: gzip"], b"").await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert!(answer.body.len() < script().len() / 4, "{} bytes", answer.body.len());
    assert!(answer.header("vary").is_some());
    assert_eq!(get(address, "/assets/app-1a2b.js").await.header("content-encoding"), None);
}

#[tokio::test]
async fn a_head_request_has_the_headers_alone() {
    let answer = send(default_gateway().await, "HEAD /", &[], b"").await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some(ENTRY.len().to_string().as_str()));
}

#[tokio::test]
async fn what_is_not_there_is_told_to_people_and_to_programs() {
    let address = default_gateway().await;
    let for_people = send(address, "GET /nothing", &["accept: text/html,*/*"], b"").await;
    assert_eq!((for_people.status, for_people.header("content-type")), (404, Some("text/html; charset=utf-8")));
    let for_programs = get(address, "/nothing").await;
    assert_eq!((for_programs.status, for_programs.header("content-type")), (404, Some("application/json")));
    let posted = send(address, "POST /nothing", &[], b"x").await;
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD")));
}

#[tokio::test]
async fn paths_that_climb_find_nothing() {
    let address = default_gateway().await;
    for path in [
        "/../Cargo.toml",
        "/assets/../../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/assets//app-1a2b.js",
        "//etc/passwd",
        "/index.html/",
        "/.",
        "/\\..\\Cargo.toml",
    ] {
        assert_eq!(get(address, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn below_a_prefix_the_page_lives_there_only() {
    let options = GatewayOptions { path_prefix: "/stats/v1".parse().unwrap(), ..GatewayOptions::default() };
    let address = gateway(options, health().await.1).await;
    assert_eq!(get(address, "/stats/v1/").await.text(), ENTRY);
    assert_eq!(get(address, "/stats/v1/assets/app-1a2b.js").await.status, 200);
    let without_slash = get(address, "/stats/v1").await;
    assert_eq!((without_slash.status, without_slash.header("location")), (308, Some("/stats/v1/")));
    for outside in ["/", "/stats", "/stats/v10/", "/assets/app-1a2b.js", "/index.html"] {
        assert_eq!(get(address, outside).await.status, 404, "{outside}");
    }
}

#[tokio::test]
async fn a_program_without_a_page_says_how_to_build_it() {
    let address = gateway_with_page(GatewayOptions::default(), health().await.1, Page::from_files([])).await;
    let answer = get(address, "/").await;
    assert_eq!((answer.status, answer.text().contains("make build")), (503, true));
    assert_eq!(get(address, "/assets/app-1a2b.js").await.status, 404);
}

#[tokio::test]
async fn the_built_in_page_is_whole() {
    let address = gateway_with_page(GatewayOptions::default(), health().await.1, Page::embedded()).await;
    let entry = get(address, "/").await;
    if entry.status == 503 {
        assert!(entry.text().contains("make build"));
        return;
    }
    let text = entry.text();
    let files: Vec<&str> = text.split('"').filter(|part| part.starts_with("./")).collect();
    assert!(files.len() >= 2, "the page names its script and its style: {text}");
    for file in files {
        assert_eq!(get(address, &file[1..]).await.status, 200, "{file}");
    }
}
