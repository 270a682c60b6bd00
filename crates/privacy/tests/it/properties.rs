//! What holds for any input.

use std::net::IpAddr;

use analytics_domain::ports::VisitorDayNonce;
use analytics_privacy::{
    MAX_CAMPAIGN_TAG_BYTES, MAX_PAGE_BYTES, Network, Referrer, ServerSecret, UserHasher, VisitorHasher, clean_page_url,
    clean_referrer, is_secret_property_name,
};
use proptest::prelude::*;

/// Text that looks a little like a URL, so that every branch is reached, mixed with any text at all.
fn url_like() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z]{0,3}:?/{0,3}[@:a-zA-Z0-9.%_+()\\[\\]-]{0,40}[/?#;][ -~é日\\x00]{0,60}",
        "(https?://)?([a-z]{1,5}[.@:/])*(%[0-9a-fA-F]{0,2}|[0-9@+() .;/=&-]|utm_source=|\\(at\\)){0,60}",
    ]
}

proptest! {
    #[test]
    fn cleaning_takes_any_input_and_keeps_its_bounds(input in url_like()) {
        let clean = clean_page_url(&input, &[]);
        prop_assert!(!clean.page.is_empty());
        prop_assert!(clean.page.len() <= MAX_PAGE_BYTES);
        prop_assert!(!clean.page.contains(['?', '#']));
        prop_assert!(!clean.page.chars().any(char::is_control));
        if let Some(host) = clean.host {
            prop_assert!(!host.is_empty() && host.len() <= 400);
            prop_assert_eq!(&host.to_lowercase(), &host);
            prop_assert!(!host.contains(['/', '@', ' ']) && !host.ends_with('.'));
        }
        for tag in [clean.campaign.source, clean.campaign.medium, clean.campaign.campaign].into_iter().flatten() {
            prop_assert!(!tag.is_empty() && tag.len() <= MAX_CAMPAIGN_TAG_BYTES);
        }
        is_secret_property_name(&input);
    }

    #[test]
    fn a_clean_page_is_clean(input in url_like()) {
        let page = clean_page_url(&format!("https://example.com/{input}"), &[]).page;
        prop_assert!(page.starts_with('/'));
        prop_assert_eq!(&clean_page_url(&page, &[]).page, &page);
    }

    #[test]
    fn the_query_never_changes_the_page(path in "/[a-z0-9/@.-]{0,30}", query in "[ -~]{0,40}") {
        prop_assert_eq!(clean_page_url(&format!("{path}?{query}"), &[]).page, clean_page_url(&path, &[]).page);
    }

    #[test]
    fn an_address_is_redacted_wherever_it_stands(
        before in "[a-z]{0,8}[-=:/]?", local in "[a-z][a-z0-9._+-]{0,10}", domain in "[a-z][a-z0-9-]{0,8}[a-z]", top in "com|de|co\\.uk|museum",
    ) {
        let page = clean_page_url(&format!("/{before}{local}@{domain}.{top}/x"), &[]).page;
        prop_assert!(page.contains(":redacted"), "{}", page);
        prop_assert!(!page.contains('@'), "{}", page);
    }

    #[test]
    fn long_paths_are_bounded(segment in "[a-z@%0-9]{1,12}", count in 300_usize..2000) {
        let page = clean_page_url(&format!("/{segment}").repeat(count), &[]).page;
        prop_assert!(page.len() <= MAX_PAGE_BYTES);
    }

    #[test]
    fn a_referrer_is_never_the_own_host(referrer in url_like(), own_host in "[a-z]{1,5}\\.[a-z]{2}") {
        if let Referrer::Other(host) = clean_referrer(&referrer, Some(&own_host)) {
            prop_assert!(host != own_host && !host.is_empty());
        }
        prop_assert_eq!(clean_referrer(&format!("https://www.{own_host}/x"), Some(&own_host)), Referrer::Own);
    }

    #[test]
    fn visitors_of_one_network_and_agent_are_one(address in any::<IpAddr>(), agent in any::<String>(), low in any::<u64>()) {
        let secret = ServerSecret::new(vec![1; 32]).unwrap();
        let hasher = VisitorHasher::new(&secret, &VisitorDayNonce([2; 32]), &"web".parse().unwrap());
        let network = Network::from(address);
        prop_assert_eq!(hasher.hash(&network, Some(&agent)), hasher.hash(&network, Some(&agent)));
        prop_assert_ne!(hasher.hash(&network, Some(&agent)), hasher.hash(&network, Some(&format!("{agent} "))));
        if let IpAddr::V6(v6) = address && network.as_bytes().len() == 8 {
            let neighbour = (v6.to_bits() >> 64 << 64) | u128::from(low);
            prop_assert_eq!(Network::from(IpAddr::V6(neighbour.into())), network);
        }
        if let IpAddr::V4(v4) = address {
            prop_assert_eq!(Network::from(IpAddr::V6(v4.to_ipv6_mapped())), network);
        }
    }

    #[test]
    fn users_are_told_apart(one in any::<String>(), other in any::<String>()) {
        let hasher = UserHasher::new(&[3; 32]);
        prop_assert_eq!(hasher.hash(&one) == hasher.hash(&other), one == other);
    }
}
