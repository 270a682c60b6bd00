//! Takes a URL apart and keeps what may be kept.

use super::{
    campaign::CampaignTags,
    click_id::click_id_of,
    host::UrlParts,
    kept_query::append_kept_parameters,
    path::{clean_path, cut},
};

/// What is kept of the URL of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanUrl {
    /// The host: lower case, without port and trailing dot. Absent when only a path was given.
    pub host: Option<String>,
    /// The path as sent (not decoded, case and slashes kept) with `:redacted` for each part that looked like personal data or a
    /// secret, and the parameters that the project keeps. `/` when empty; at most [`super::MAX_PAGE_BYTES`] bytes.
    pub page: String,
    /// The campaign tags of its query.
    pub campaign: CampaignTags,
    /// The name of the click id in its query, one of [`super::CLICK_IDS`].
    pub click_id: Option<&'static str>,
}

/// Schemes whose URLs have no path that names a page: they hold code, content, addresses, or files of the visitor's own disk.
const SCHEMES_WITHOUT_PAGE: &[&str] = &["about:", "blob:", "data:", "file:", "javascript:", "mailto:", "tel:"];

/// Cleans the absolute URL, or the path alone, of a page. Of the query only campaign tags, the name of a click id and the parameters
/// named in `kept_parameters` are kept, of the fragment and of user names nothing. Takes any input.
pub fn clean_page_url(input: &str, kept_parameters: &[String]) -> CleanUrl {
    let input = input.trim_matches(|character: char| character.is_whitespace() || character.is_control());
    let is_without_page = SCHEMES_WITHOUT_PAGE
        .iter()
        .any(|scheme| input.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    if is_without_page {
        return CleanUrl { host: None, page: "/".to_owned(), campaign: CampaignTags::default(), click_id: None };
    }
    let (host, rest) = match UrlParts::split(input) {
        Some(parts) => (parts.host(), parts.rest),
        None => (None, input),
    };
    let without_fragment = rest.split('#').next().unwrap_or_default();
    let (path, query) = without_fragment.split_once('?').unwrap_or((without_fragment, ""));
    let mut page = clean_path(path);
    append_kept_parameters(&mut page, query, kept_parameters);
    cut(&mut page);
    CleanUrl { host, page, campaign: CampaignTags::from_query(query), click_id: click_id_of(query) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_paths_are_taken_apart() {
        for (input, host, page) in [
            ("https://Example.com:8443/Blog/Post?q=1#top", Some("example.com"), "/Blog/Post"),
            ("HTTP://www.example.com.", Some("www.example.com"), "/"),
            ("https://example.com?utm_source=x", Some("example.com"), "/"),
            ("https://alice:pw@example.com/x", Some("example.com"), "/x"),
            ("https://[::1]:3000/x", Some("[::1]"), "/x"),
            ("/blog/post/?page=2", None, "/blog/post/"),
            ("//favicon.ico", None, "//favicon.ico"),
            ("/redirect/http://example.com/x", None, "/redirect/http://example.com/x"),
            ("  /blog \n", None, "/blog"),
            ("?q=1", None, "/"),
            ("#/route", None, "/"),
            ("", None, "/"),
            ("myapp://settings/privacy", Some("settings"), "/privacy"),
            ("file:///home/alice/diary.html", None, "/"),
            ("about:blank", None, "/"),
            ("data:text/html,<b>alice</b>", None, "/"),
            ("https:///path", None, "/path"),
            ("://x", None, "://x"),
        ] {
            let clean = clean_page_url(input, &[]);
            assert_eq!((clean.host.as_deref(), clean.page.as_str()), (host, page), "{input}");
        }
    }

    #[test]
    fn campaign_tags_survive_the_query() {
        let clean = clean_page_url("https://example.com/x?email=a@b.co&utm_source=News#utm_medium=fragment", &[]);
        assert_eq!(clean.campaign.source.as_deref(), Some("News"));
        assert_eq!(clean.campaign.medium, None);
        assert_eq!((clean.page.as_str(), clean.click_id), ("/x", None));
    }

    #[test]
    fn kept_parameters_and_the_name_of_a_click_id_survive_the_query() {
        let kept = ["article".to_owned()];
        let clean = clean_page_url("https://example.com/x?gclid=Cj0&session=1&article=17#top", &kept);
        assert_eq!((clean.page.as_str(), clean.click_id), ("/x?article=17", Some("gclid")));
        assert_eq!(clean_page_url("?article=17", &kept).page, "/?article=17");
        let long = clean_page_url(&format!("/x?article={}", "word+".repeat(1000)), &kept).page;
        assert_eq!(long.len(), super::super::MAX_PAGE_BYTES);
    }
}
