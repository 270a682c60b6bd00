//! What people do: buy, read, look something up.

use analytics_proto::v1::EventKind;

use super::{
    site::{self, BLOG, DOCS, Product, SHOP},
    traffic::{Landing, Source},
    visit::{Visit, number, text, truth},
};

/// Products and how many of each.
type Cart = Vec<(&'static Product, i64)>;

/// Goes through one session from its source to its end.
pub(super) fn travel(visit: &mut Visit, source: &Source) {
    // Users come to buy, others rather to read.
    let (shops, reads) = if is_user(visit) { (0.7, 0.1) } else { (0.5, 0.3) };
    let aim = visit.random.unit();
    match source.landing {
        Some(Landing::Product | Landing::Products) => shop(visit, source),
        Some(Landing::Post) => blog(visit, source),
        None if aim < shops => shop(visit, source),
        None if aim < shops + reads => blog(visit, source),
        None => docs(visit, source),
    }
}

fn is_user(visit: &Visit) -> bool {
    !visit.person.user_id.is_empty()
}

/// A bot takes page after page.
pub(super) fn crawl(visit: &mut Visit) {
    for _ in 0..=visit.random.below(5) {
        let (host, path) = match visit.random.below(3) {
            0 => (SHOP, visit.random.by_share(site::PRODUCTS).page),
            1 => (BLOG, *visit.random.by_share(site::POSTS)),
            _ => (DOCS, *visit.random.by_share(site::GUIDES)),
        };
        visit.view(host, path);
        visit.stay(3.0);
    }
}

/// The first page has the tags of the campaign in its query.
fn land(visit: &mut Visit, source: &Source, host: &str, path: &str) {
    if source.tags.is_empty() {
        visit.view(host, path);
    } else {
        visit.view(host, &format!("{path}?{}", source.tags));
    }
}

fn shop(visit: &mut Visit, source: &Source) {
    let is_user = is_user(visit);
    let mut cart: Cart = Vec::new();
    match (source.landing, visit.random.below(10)) {
        (Some(Landing::Product), _) | (None, 0..=3) => look(visit, Some(source), &mut cart),
        (Some(Landing::Products), _) | (None, 4) => land(visit, source, SHOP, "/products"),
        _ => land(visit, source, SHOP, "/"),
    }
    if !is_user && visit.random.chance(0.34) {
        return;
    }
    if is_user && visit.random.chance(0.3) {
        visit.stay(12.0);
        let remembered = visit.random.chance(0.6);
        visit.act(EventKind::Custom, "sign_in", [("remembered", truth(remembered))]);
        visit.view(SHOP, "/account");
    }
    for _ in 0..1 + visit.random.below(4) {
        visit.stay(38.0);
        match visit.random.below(20) {
            0..=2 => visit.view(SHOP, "/products"),
            3 => visit.view(SHOP, "/pricing"),
            4 => visit.view(SHOP, "/about"),
            5 => visit.view(SHOP, "/contact"),
            6 => search(visit),
            7 if is_user => visit.view(SHOP, "/account/orders"),
            _ => look(visit, None, &mut cart),
        }
    }
    if !cart.is_empty() {
        check_out(visit, &cart);
    }
}

fn search(visit: &mut Visit) {
    let results = visit.random.below(9);
    visit.act(EventKind::Custom, "search", [("results", number(results as f64)), ("found", truth(results > 0))]);
    visit.view(SHOP, "/search");
}

/// Looks at a product, and may put it into the cart.
fn look(visit: &mut Visit, source: Option<&Source>, cart: &mut Cart) {
    let product = visit.random.by_share(site::PRODUCTS);
    match source {
        Some(source) => land(visit, source, SHOP, product.page),
        None => visit.view(SHOP, product.page),
    }
    let wants = if is_user(visit) { 0.19 } else { 0.11 };
    if visit.random.chance(wants) {
        visit.stay(45.0);
        let quantity = if visit.random.chance(0.86) { 1 } else { 2 };
        let price = product.price_cents as f64 / 100.0;
        visit.act(
            EventKind::Custom,
            "add_to_cart",
            [
                ("product", text(product.name)),
                ("category", text(product.category)),
                ("price", number(price)),
                ("quantity", number(quantity as f64)),
            ],
        );
        cart.push((product, quantity));
    }
}

/// The funnel: at each step some leave.
fn check_out(visit: &mut Visit, cart: &Cart) {
    visit.stay(20.0);
    visit.view(SHOP, "/cart");
    let steps = [("checkout_started", "/checkout", 0.66), ("checkout_shipping", "/checkout/shipping", 0.78)];
    let items: i64 = cart.iter().map(|(_, quantity)| quantity).sum();
    for (step, page, stays) in steps.into_iter().chain([("checkout_payment", "/checkout/payment", 0.84)]) {
        if !visit.random.chance(stays) {
            return;
        }
        visit.stay(30.0);
        visit.view(SHOP, page);
        visit.act(EventKind::FunnelStep, step, [("items", number(items as f64))]);
    }
    if !visit.random.chance(0.88) {
        return;
    }
    visit.stay(35.0);
    let amount_cents = cart.iter().map(|(product, quantity)| product.price_cents * quantity).sum();
    let voucher = visit.random.chance(0.12);
    let paid_by = *visit.random.by_share(&[(5, "paypal"), (4, "invoice"), (6, "credit")]);
    visit.buy(amount_cents, [("items", number(items as f64)), ("voucher", truth(voucher)), ("paid_by", text(paid_by))]);
    visit.view(SHOP, "/checkout/thanks");
}

fn blog(visit: &mut Visit, source: &Source) {
    let start = *visit.random.by_share(site::POSTS);
    let path = if source.landing.is_none() && visit.random.chance(0.15) { "/" } else { start };
    land(visit, source, BLOG, path);
    read(visit);
    if visit.random.chance(0.52) {
        return;
    }
    for _ in 0..1 + visit.random.below(3) {
        visit.stay(70.0);
        let post = *visit.random.by_share(site::POSTS);
        visit.view(BLOG, post);
        read(visit);
    }
    if visit.random.chance(0.05) {
        visit.stay(10.0);
        let weekly = visit.random.chance(0.7);
        visit.act(EventKind::Custom, "newsletter_signup", [("place", text("post")), ("weekly", truth(weekly))]);
    }
    if visit.random.chance(0.12) {
        visit.stay(8.0);
        let target = *visit.random.pick(site::PARTNERS);
        visit.act(EventKind::Click, "outbound_link", [("target", text(target))]);
    }
    if visit.random.chance(0.1) {
        visit.stay(15.0);
        look(visit, None, &mut Vec::new());
    }
}

/// How far a post was read.
fn read(visit: &mut Visit) {
    if visit.random.chance(0.45) {
        visit.stay(80.0);
        let percent = *visit.random.pick(&[25.0, 50.0, 75.0, 90.0, 100.0]);
        visit.report("scroll_depth", [("percent", number(percent))]);
    }
}

fn docs(visit: &mut Visit, source: &Source) {
    let start = *visit.random.by_share(site::GUIDES);
    let path = if visit.random.chance(0.2) { "/" } else { start };
    land(visit, source, DOCS, path);
    if visit.random.chance(0.38) {
        return;
    }
    for _ in 0..1 + visit.random.below(7) {
        visit.stay(55.0);
        let guide = *visit.random.by_share(site::GUIDES);
        visit.view(DOCS, guide);
    }
    if visit.random.chance(0.14) {
        visit.stay(12.0);
        let file = *visit.random.by_share(site::DOWNLOADS);
        visit.act(EventKind::Click, "file_download", [("file", text(file))]);
    }
    if visit.random.chance(0.2) {
        let helpful = visit.random.chance(0.8);
        visit.act(EventKind::Custom, "guide_rated", [("helpful", truth(helpful))]);
    }
}
