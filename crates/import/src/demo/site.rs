//! What there is to see: a shop for hikers, its blog and its documents.

/// Where a page lives.
pub(super) const SHOP: &str = "shop.example.com";
pub(super) const BLOG: &str = "blog.example.com";
pub(super) const DOCS: &str = "docs.example.com";

/// Something to buy.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) name: &'static str,
    pub(super) page: &'static str,
    pub(super) category: &'static str,
    /// In hundredths of the currency's unit.
    pub(super) price_cents: i64,
}

const fn product(name: &'static str, page: &'static str, category: &'static str, price_cents: i64) -> Product {
    Product { name, page, category, price_cents }
}

/// With the shares of their views.
#[rustfmt::skip]
pub(super) const PRODUCTS: &[(u32, Product)] = &[
    (22, product("Ridge 2 tent", "/products/ridge-2-tent", "tents", 28_900)),
    (12, product("Ridge 3 tent", "/products/ridge-3-tent", "tents", 34_900)),
    (16, product("Ember stove", "/products/ember-stove", "cooking", 5990)),
    (9, product("Kettle 0.9", "/products/kettle-09", "cooking", 2450)),
    (14, product("Drift 35 backpack", "/products/drift-35-backpack", "backpacks", 12_900)),
    (8, product("Drift 55 backpack", "/products/drift-55-backpack", "backpacks", 16_900)),
    (7, product("Cirrus sleeping bag", "/products/cirrus-sleeping-bag", "sleeping", 21_900)),
    (6, product("Cirrus mat", "/products/cirrus-mat", "sleeping", 8900)),
    (5, product("Beacon headlamp", "/products/beacon-headlamp", "light", 4490)),
    (4, product("Trail poles", "/products/trail-poles", "hiking", 7900)),
    (3, product("Rain cover", "/products/rain-cover", "backpacks", 1990)),
    (2, product("Repair kit", "/products/repair-kit", "hiking", 1290)),
];

pub(super) const POSTS: &[(u32, &str)] = &[
    (30, "/posts/packing-for-three-days"),
    (22, "/posts/choosing-a-tent"),
    (14, "/posts/cooking-above-2000-metres"),
    (10, "/posts/sleeping-warm"),
    (8, "/posts/how-we-test-seams"),
    (6, "/posts/alpine-huts-in-autumn"),
    (5, "/posts/feet-first"),
    (3, "/posts/ten-years-of-ridge"),
    (2, "/posts/repairing-is-cheaper"),
];

pub(super) const GUIDES: &[(u32, &str)] = &[
    (26, "/guides/pitching-ridge-2"),
    (18, "/guides/ember-first-fire"),
    (14, "/guides/fitting-a-backpack"),
    (12, "/guides/washing-down"),
    (9, "/warranty"),
    (8, "/returns"),
    (6, "/guides/replacing-a-pole"),
    (4, "/guides/storing-fuel"),
    (3, "/guides/waxing-leather"),
];

pub(super) const DOWNLOADS: &[(u32, &str)] =
    &[(5, "/downloads/ridge-manual.pdf"), (3, "/downloads/ember-manual.pdf"), (2, "/downloads/packing-list.pdf")];

/// Where links lead out to.
pub(super) const PARTNERS: &[&str] =
    &["https://huts.example.org/", "https://maps.example.net/", "https://weather.example.net/"];
