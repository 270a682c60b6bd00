//! What files tell about addresses: places, and data centers.

use std::{fs, path::PathBuf, sync::Arc};

use analytics_collector::AddressFiles;
use analytics_domain::{DatacenterPolicy, Event, IngestSettings};
use analytics_proto::v1::{FilterRule, Verdict};
use tempfile::TempDir;

use crate::{
    mmdb::{
        Value::{List, Map, Text},
        database, named,
    },
    world::{FIREFOX, GOOGLEBOT, IncludeBots, Site, World, batch, from, noon, view},
};

/// The free database of countries, which `npm ci` installs.
fn countries() -> PathBuf {
    let file = "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    assert!(path.exists(), "{file} is missing: type `npm ci --ignore-scripts`");
    path
}

fn file(directory: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, content).expect("written");
    path
}

async fn world_with(geo_file: Option<PathBuf>, datacenter_file: Option<PathBuf>) -> World {
    let mut world = World::new().await;
    world.address_files = Arc::new(AddressFiles::open(geo_file, datacenter_file).expect("good files"));
    world.restart_collector();
    world
}

/// What is stored of events from these addresses.
async fn stored_from(world: &World, site: &Site, addresses: &[&str]) -> Vec<Event> {
    let events = addresses.iter().enumerate().map(|(number, address)| from(address, FIREFOX, view(number, noon())));
    let verdicts = world.track(&site.backend(), events.collect()).await;
    assert_eq!(verdicts, vec![Verdict::Stored; addresses.len()]);
    world.stored(site).await
}

#[tokio::test]
async fn a_real_database_tells_countries() {
    let world = world_with(Some(countries()), None).await;
    let web = world.site("web", "UTC").await;
    let cases = [
        ("193.0.6.139", Some("NL")),
        ("130.149.7.201", Some("DE")),
        ("::ffff:130.149.7.201", Some("DE")),
        ("8.8.8.8", Some("US")),
        ("133.11.0.1", Some("JP")),
        ("2001:67c:2e8:22::c100:68b", Some("NL")),
        ("2a00:1450:4001:81b::200e", Some("IE")),
        ("203.0.113.7", None),
        ("2001:db8::1", None),
        ("127.0.0.1", None),
        ("", None),
    ];
    let stored = stored_from(&world, &web, &cases.map(|(address, _)| address)).await;
    for (event, (address, country)) in stored.iter().zip(cases) {
        assert_eq!(event.country.as_deref(), country, "{address}");
        assert_eq!((&event.region, &event.city), (&None, &None), "{address}");
    }
    // The browser of somebody who objects: a country is no id.
    let objecting = web.browser().at("8.8.8.8").with("dnt", "1");
    assert_eq!(world.track(&objecting, vec![view(90, noon())]).await, [Verdict::Stored]);
    let event = world.stored(&web).await.pop().expect("it was stored");
    assert_eq!((event.country.as_deref(), event.actor.visitor), (Some("US"), None));
}

#[tokio::test]
async fn regions_and_cities_are_read_from_either_layout() {
    let nested = Map(vec![
        ("city", named("Cologne", "Köln")),
        ("country", Map(vec![("iso_code", Text("DE")), ("names", Map(vec![("en", Text("Germany"))]))])),
        ("subdivisions", List(vec![named("North Rhine-Westphalia", "Nordrhein-Westfalen"), named("Other", "Anderes")])),
    ]);
    let flat =
        Map(vec![("city", Text("Lyon")), ("country_code", Text("FR")), ("state1", Text("Auvergne-Rhône-Alpes"))]);
    let odd = Map(vec![("city", Text(" ")), ("country_code", Text("ZZZ")), ("state1", Text(""))]);
    let bytes = database(
        "Test-City",
        &[("198.18.0.0/24", nested), ("fd00:1::/48", flat), ("198.18.1.0/25", odd), ("198.18.1.128/25", Text("x"))],
    );
    let directory = tempfile::tempdir().expect("a directory");
    let world = world_with(Some(file(&directory, "city.mmdb", bytes)), None).await;
    let web = world.site("web", "UTC").await;
    let addresses = ["198.18.0.255", "fd00:1:0:ffff::1", "198.18.1.1", "198.18.1.129", "fd00:2::1"];
    let stored = stored_from(&world, &web, &addresses).await;
    let told: Vec<_> =
        stored.iter().map(|event| [&event.country, &event.region, &event.city].map(Option::as_deref)).collect();
    let none = [None; 3];
    let expected = [
        [Some("DE"), Some("North Rhine-Westphalia"), Some("Cologne")],
        [Some("FR"), Some("Auvergne-Rhône-Alpes"), Some("Lyon")],
        none,
        none,
        none,
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_project_may_filter_data_centers() {
    let directory = tempfile::tempdir().expect("a directory");
    let list = "# hosting\n198.51.100.0/24\n2001:db8:cafe::/48 # example\n\n192.0.2.17\n";
    let world = world_with(None, Some(file(&directory, "datacenters.txt", list))).await;
    let filtering = IngestSettings { datacenters: DatacenterPolicy::Filter, ..Default::default() };
    let (web, app) = (world.site_with("web", "UTC", filtering).await, world.site("app", "UTC").await);
    let addresses = ["198.51.100.7", "2001:db8:cafe:1::1", "192.0.2.17", "192.0.2.18", ""];
    let events =
        || addresses.iter().enumerate().map(|(at, address)| from(address, FIREFOX, view(at, noon()))).collect();
    let response = world.call(&web.backend(), batch(events())).await.expect("taken");
    let rules: Vec<_> = response.verdicts.iter().map(|verdict| (verdict.verdict(), verdict.filter_rule())).collect();
    let (filtered, stored) = ((Verdict::Filtered, FilterRule::Datacenter), (Verdict::Stored, FilterRule::Unspecified));
    assert_eq!(rules, [filtered, filtered, filtered, stored, stored]);
    assert_eq!(world.track(&app.backend(), events()).await, [Verdict::Stored; 5], "the other project counts all");

    // An import that counts bots still counts none of a data center.
    let (import, _) = world.open_import(&web, "history", IncludeBots::Yes).await.expect("opened");
    let sent = vec![from(addresses[0], GOOGLEBOT, view(10, noon())), from("192.0.2.18", GOOGLEBOT, view(11, noon()))];
    assert_eq!(world.import(&web, &import, sent).await, [Verdict::Filtered, Verdict::Stored]);

    // Without a list nobody is known to be in one.
    let unknowing = world_with(None, None).await;
    let filtering = IngestSettings { datacenters: DatacenterPolicy::Filter, ..Default::default() };
    let web = unknowing.site_with("web", "UTC", filtering).await;
    assert_eq!(unknowing.track(&web.backend(), events()).await, [Verdict::Stored; 5]);
}

#[test]
fn a_bad_file_is_refused_with_its_name_and_what_is_wrong() {
    let directory = tempfile::tempdir().expect("a directory");
    let refusal = |geo: Option<PathBuf>, datacenters: Option<PathBuf>| {
        AddressFiles::open(geo, datacenters).expect_err("refused").to_string()
    };
    let missing = refusal(Some(directory.path().join("missing.mmdb")), None);
    assert!(missing.contains("missing.mmdb cannot be read"), "{missing}");
    let text = refusal(Some(file(&directory, "text.mmdb", "no database")), None);
    assert!(text.contains("text.mmdb is no MaxMind database"), "{text}");
    let asn = file(&directory, "asn.mmdb", database("GeoLite2-ASN", &[("198.51.100.0/24", Map(Vec::new()))]));
    let asn = refusal(Some(asn), None);
    assert!(asn.contains("asn.mmdb") && asn.contains("GeoLite2-ASN"), "{asn}");
    let list = refusal(None, Some(file(&directory, "list.txt", "198.51.100.0/24\nexample.com\n")));
    assert!(list.contains("line 2 of") && !list.contains("example.com"), "{list}");
    let good = AddressFiles::open(Some(countries()), Some(file(&directory, "good.txt", "::/0\n"))).expect("good");
    assert!(good.summary().contains("1 networks") && good.summary().contains("database of type"), "{}", good.summary());
}
