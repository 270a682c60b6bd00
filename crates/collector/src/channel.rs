//! By what kind of way a visitor came. The rules are those of the default channel group of Google Analytics 4, as its documentation
//! gives them (<https://support.google.com/analytics/answer/9756891>), so that numbers can be compared, with these differences: the
//! click id of an advertisement makes a visit a paid one without any tag; assistants of artificial intelligence have a channel;
//! shopping sites have none; audio, messages and whatever else is tagged are other campaigns.

mod sites;

use analytics_domain::Channel;
use analytics_privacy::{CampaignTags, Referrer};

use self::sites::{Site, site_of_host, site_of_source};

/// What is known of the way of one event.
pub(crate) struct Arrival<'a> {
    pub(crate) referrer: &'a Referrer,
    pub(crate) campaign: &'a CampaignTags,
    /// One of [`analytics_privacy::CLICK_IDS`].
    pub(crate) click_id: Option<&'static str>,
}

/// What the presence of a click id means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Click {
    /// Somebody paid for it, on this kind of site unless the tags or the referrer tell of another.
    Paid(Channel),
    /// It came from this kind of site, paid or not: Meta and Pinterest mark every link, Google Merchant Center free listings.
    Unpaid(Site),
    /// A partner is paid for it.
    Affiliate,
    /// None, or one without a meaning.
    Unknown,
}

impl Click {
    fn of(click_id: Option<&str>) -> Self {
        match click_id {
            Some("gclid" | "gbraid" | "wbraid" | "msclkid" | "yclid") => Self::Paid(Channel::PaidSearch),
            Some("ttclid" | "twclid" | "li_fat_id" | "ScCid" | "rdt_cid" | "qclid") => Self::Paid(Channel::PaidSocial),
            Some("dclid" | "tblci" | "obclid") => Self::Paid(Channel::Display),
            Some("irclickid" | "cjevent" | "awc") => Self::Affiliate,
            Some("fbclid" | "igshid" | "igsh" | "epik") => Self::Unpaid(Site::Social),
            Some("srsltid") => Self::Unpaid(Site::Search),
            Some("mc_eid" | "mkt_tok" | "_hsenc") => Self::Unpaid(Site::Mail),
            Some(_) | None => Self::Unknown,
        }
    }
}

/// The channel of an event by its own way. Tags count before the referrer: a campaign says more than the page that it stood on.
pub(crate) fn channel_of(arrival: &Arrival<'_>) -> Channel {
    let lower_case = |tag: &Option<String>| tag.as_deref().map(str::to_lowercase).unwrap_or_default();
    let (source, medium) = (lower_case(&arrival.campaign.source), lower_case(&arrival.campaign.medium));
    let click = Click::of(arrival.click_id);
    let site_of_referrer = match arrival.referrer {
        Referrer::Other(host) => site_of_host(host),
        Referrer::None | Referrer::Own => None,
    };
    let site_of_click = match click {
        Click::Unpaid(site) => Some(site),
        Click::Paid(_) | Click::Affiliate | Click::Unknown => None,
    };
    let site = if source.is_empty() { site_of_referrer } else { site_of_source(&source) }.or(site_of_click);

    paid_channel(&medium, site, click)
        .or_else(|| named_by_medium(&source, &medium))
        .or_else(|| site.map(organic_channel))
        .or_else(|| (click == Click::Affiliate).then_some(Channel::Affiliate))
        .unwrap_or_else(|| remaining_channel(arrival))
}

fn paid_channel(medium: &str, site: Option<Site>, click: Click) -> Option<Channel> {
    let is_display = matches!(medium, "display" | "banner" | "expandable" | "interstitial" | "cpm");
    let is_paid = medium.contains("cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid");
    let of_click = match click {
        Click::Paid(channel) => Some(channel),
        Click::Unpaid(_) | Click::Affiliate | Click::Unknown => None,
    };
    match site {
        Some(Site::Search) if is_paid || of_click.is_some() => Some(Channel::PaidSearch),
        Some(Site::Social) if is_paid || of_click.is_some() => Some(Channel::PaidSocial),
        Some(Site::Video) if is_paid || of_click.is_some() => Some(Channel::PaidVideo),
        _ if is_display => Some(Channel::Display),
        _ => of_click.or_else(|| is_paid.then_some(Channel::PaidOther)),
    }
}

/// What the medium says by itself, whatever the site.
fn named_by_medium(source: &str, medium: &str) -> Option<Channel> {
    let is_mail = |text: &str| matches!(text, "email" | "e-mail" | "e_mail" | "e mail" | "newsletter");
    match medium {
        "social" | "social-network" | "social-media" | "sm" | "social network" | "social media" => {
            Some(Channel::OrganicSocial)
        }
        "organic" => Some(Channel::OrganicSearch),
        "affiliate" | "affiliates" => Some(Channel::Affiliate),
        "referral" | "app" | "link" => None,
        _ if medium.contains("video") => Some(Channel::OrganicVideo),
        _ if is_mail(medium) || is_mail(source) => Some(Channel::Email),
        _ => None,
    }
}

fn organic_channel(site: Site) -> Channel {
    match site {
        Site::Search => Channel::OrganicSearch,
        Site::Social => Channel::OrganicSocial,
        Site::Video => Channel::OrganicVideo,
        Site::Mail => Channel::Email,
        Site::Ai => Channel::AiAssistant,
    }
}

fn remaining_channel(arrival: &Arrival<'_>) -> Channel {
    let CampaignTags { source, medium, campaign, term, content } = arrival.campaign;
    let is_link =
        medium.as_deref().is_some_and(|medium| ["referral", "app", "link"].contains(&medium.to_lowercase().as_str()));
    if is_link {
        return Channel::Referral;
    }
    if [source, medium, campaign, term, content].into_iter().any(Option::is_some) {
        return Channel::OtherCampaign;
    }
    match arrival.referrer {
        Referrer::Other(_) => Channel::Referral,
        Referrer::Own => Channel::Internal,
        Referrer::None => Channel::Direct,
    }
}

#[cfg(test)]
mod tests {
    use analytics_privacy::{CLICK_IDS, clean_page_url, clean_referrer};

    use super::*;

    /// The channel of a page of `shop.example` with this query, and of this referrer.
    fn channel(query: &str, referrer: &str) -> Channel {
        let url = clean_page_url(&format!("https://shop.example/p?{query}"), &[]);
        let referrer = clean_referrer(referrer, url.host.as_deref());
        channel_of(&Arrival { referrer: &referrer, campaign: &url.campaign, click_id: url.click_id })
    }

    #[test]
    fn a_referrer_alone_tells_the_channel() {
        for (referrer, expected) in [
            ("", Channel::Direct),
            ("-", Channel::Direct),
            ("https://shop.example/a", Channel::Internal),
            ("https://www.shop.example/a", Channel::Internal),
            ("https://blog.shop.example/a", Channel::Referral),
            ("https://www.google.com/", Channel::OrganicSearch),
            ("https://www.google.co.uk/search?q=x", Channel::OrganicSearch),
            ("android-app://com.google.android.gm/", Channel::Email),
            ("https://l.facebook.com/", Channel::OrganicSocial),
            ("https://t.co/abc", Channel::OrganicSocial),
            ("https://www.youtube.com/", Channel::OrganicVideo),
            ("https://mail.google.com/", Channel::Email),
            ("https://chatgpt.com/", Channel::AiAssistant),
            ("https://www.perplexity.ai/", Channel::AiAssistant),
            ("https://news.example.org/", Channel::Referral),
        ] {
            assert_eq!(channel("", referrer), expected, "{referrer}");
        }
    }

    #[test]
    fn tags_count_before_the_referrer() {
        let google = "https://www.google.com/";
        for (query, referrer, expected) in [
            ("utm_source=google&utm_medium=cpc", google, Channel::PaidSearch),
            ("utm_source=Google&utm_medium=PPC", "", Channel::PaidSearch),
            ("utm_medium=cpc", google, Channel::PaidSearch),
            ("utm_source=facebook&utm_medium=paid_social", "", Channel::PaidSocial),
            ("utm_source=facebook&utm_medium=cpm", "", Channel::PaidSocial),
            ("utm_source=youtube&utm_medium=cpv", "", Channel::PaidVideo),
            ("utm_source=portal&utm_medium=cpc", google, Channel::PaidOther),
            ("utm_source=portal&utm_medium=cpm", "", Channel::Display),
            ("utm_source=google&utm_medium=display", "", Channel::Display),
            ("utm_source=portal&utm_medium=banner", "", Channel::Display),
            ("utm_source=chatgpt.com", "", Channel::AiAssistant),
            ("utm_source=newsletter&utm_campaign=may", "", Channel::Email),
            ("utm_source=crm&utm_medium=E-Mail", google, Channel::Email),
            ("utm_source=partner&utm_medium=affiliate", "", Channel::Affiliate),
            ("utm_source=team&utm_medium=social", "", Channel::OrganicSocial),
            ("utm_source=facebook", "", Channel::OrganicSocial),
            ("utm_source=google&utm_medium=organic", "", Channel::OrganicSearch),
            ("utm_source=partner&utm_medium=referral", "", Channel::Referral),
            ("utm_source=poster&utm_medium=qr", google, Channel::OtherCampaign),
            ("utm_campaign=may", "https://shop.example/", Channel::OtherCampaign),
        ] {
            assert_eq!(channel(query, referrer), expected, "{query} from {referrer}");
        }
    }

    #[test]
    fn the_click_id_of_an_advertisement_makes_a_visit_a_paid_one_and_others_do_not() {
        for (query, referrer, expected) in [
            ("gclid=x", "", Channel::PaidSearch),
            ("gbraid=x", "https://www.google.com/", Channel::PaidSearch),
            ("gclid=x", "https://www.youtube.com/", Channel::PaidVideo),
            ("gclid=x&utm_source=crm&utm_medium=email", "", Channel::PaidSearch),
            ("msclkid=x", "https://www.bing.com/", Channel::PaidSearch),
            ("ttclid=x", "", Channel::PaidSocial),
            ("li_fat_id=x", "https://www.linkedin.com/", Channel::PaidSocial),
            ("dclid=x", "https://news.example.org/", Channel::Display),
            ("fbclid=x", "", Channel::OrganicSocial),
            ("fbclid=x", "https://l.facebook.com/", Channel::OrganicSocial),
            ("fbclid=x&utm_source=fb&utm_medium=paid", "", Channel::PaidSocial),
            ("fbclid=x&utm_source=newsletter", "", Channel::Email),
            ("mc_eid=x", "", Channel::Email),
            ("awc=x", "https://partner.example/", Channel::Affiliate),
            ("gclid=", "", Channel::Direct),
        ] {
            assert_eq!(channel(query, referrer), expected, "{query} from {referrer}");
        }
    }

    #[test]
    fn every_click_id_has_a_meaning() {
        for click_id in CLICK_IDS {
            assert_ne!(Click::of(Some(click_id)), Click::Unknown, "{click_id}");
        }
    }
}
