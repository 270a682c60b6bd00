//! Click ids: parameters by which an advertiser's or a sender's system recognises one click. Only that one was there is kept.

/// The parameters, as they are documented by those who add them. When a URL carries several, the one that stands first here counts:
/// those of advertisements before those that are added to every link.
///
/// Google Ads `gclid`, `gbraid`, `wbraid`; Google Marketing Platform `dclid`; Microsoft Advertising `msclkid`; Yandex Direct `yclid`;
/// TikTok `ttclid`; X `twclid`; LinkedIn `li_fat_id`; Snapchat `ScCid`; Reddit `rdt_cid`; Quora `qclid`; Taboola `tblci`; Outbrain
/// `obclid`; impact.com `irclickid`; CJ `cjevent`; Awin `awc`; Meta `fbclid` and Instagram `igshid`, `igsh`; Pinterest `epik`;
/// Google Merchant Center `srsltid`; Mailchimp `mc_eid`; Marketo `mkt_tok`; HubSpot `_hsenc`.
pub const CLICK_IDS: &[&str] = &[
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "msclkid",
    "yclid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "ScCid",
    "rdt_cid",
    "qclid",
    "tblci",
    "obclid",
    "irclickid",
    "cjevent",
    "awc",
    "fbclid",
    "igshid",
    "igsh",
    "epik",
    "srsltid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
];

/// The name of the click id in a query; one without a value is none.
pub(super) fn click_id_of(query: &str) -> Option<&'static str> {
    let rank_of = |pair: &str| {
        let (name, _) = pair.split_once('=').filter(|(_, value)| !value.is_empty())?;
        CLICK_IDS.iter().position(|known| known.eq_ignore_ascii_case(name))
    };
    query.split('&').filter_map(rank_of).min().map(|rank| CLICK_IDS[rank])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_is_kept() {
        for (query, expected) in [
            ("gclid=Cj0KCQjw", Some("gclid")),
            ("a=b&GCLID=Cj0KCQjw", Some("gclid")),
            ("sccid=1", Some("ScCid")),
            ("fbclid=IwAR&utm_source=fb&msclkid=1", Some("msclkid")),
            ("gclid=", None),
            ("gclid", None),
            ("xgclid=1&q=gclid", None),
            ("", None),
        ] {
            assert_eq!(click_id_of(query), expected, "{query}");
        }
    }
}
