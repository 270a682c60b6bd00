//! Nothing at rest tells who sent an event: no file, table, log or key of the servers holds an address, a user agent, a user's id
//! or the secret of a key, in whatever form somebody may have written it.

mod people;
mod places;

use analytics_testkit::Traces;
use serde_json::Value;
use uuid::Uuid;

use self::{
    people::{EVENTS, People, VISITORS},
    places::Place,
};
use super::answers::{count, list};
use crate::support::{Deployment, PrivateServers, Server, Stack, block_on};

#[test]
fn an_embedded_server_keeps_nothing_personal() {
    let server = Server::start_with(&[("trusted_proxies", "127.0.0.1")]);
    let people = People::send_to(&server, server.endpoint());
    let places = || {
        let mut places = places::of_directory("the data directory", &server.data_dir());
        places.extend(places::shared());
        places.push(Place::without_pages("the log", server.log().into_bytes()));
        places
    };
    nothing_personal_is_in(&people, places());

    std::fs::write(server.data_dir().join("leak"), people::planted()).expect("writable");
    the_planted_is_found_in(&["the data directory"], &places());
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn separate_services_and_their_servers_keep_nothing_personal() {
    let servers = PrivateServers::start();
    let stack = Stack::start_over(servers.backends());
    // The collector trusts who is before it; the gateway nobody, and logs nothing of what is said of strangers.
    let people = People::send_to(&stack, format!("http://{}", stack.collectors[0].address()));
    let places = || {
        let mut places = vec![Place::of_rows("the tables", block_on(places::tables(&servers.postgres.url())))];
        places.push(Place::of_rows("the segments", block_on(places::segments(&servers.postgres.url()))));
        places.extend(places::of_directory("the files of PostgreSQL", &servers.postgres.data_dir()));
        places.extend(places::of_redis("the durable Redis", &servers.redis.url()));
        places.extend(places::of_redis("the ephemeral Redis", &servers.ephemeral.url()));
        places.extend(places::shared());
        let services = [&stack.gateways, &stack.collectors, &stack.processors, &stack.queries].into_iter().flatten();
        let mut logs: Vec<String> = services.map(|service| service.process().log()).collect();
        logs.extend([servers.postgres.log(), servers.redis.log(), servers.ephemeral.log()]);
        places.push(Place::without_pages("the logs", logs.concat().into_bytes()));
        places
    };
    nothing_personal_is_in(&people, places());

    block_on(places::plant(&servers, people::planted()));
    let planted_in = ["the tables", "the files of PostgreSQL", "the durable Redis", "the files of the durable Redis"];
    the_planted_is_found_in(&planted_in, &places());
}

/// Each place is also shown to hold what it has to: the search would have found more.
fn nothing_personal_is_in(people: &People, places: Vec<Place>) {
    let traces = people.traces();
    let mut page = Traces::new();
    page.add_text("a page", people::PAGE);
    for Place { name, bytes, has_pages } in places {
        let found = traces.find(&bytes);
        let certain: Vec<_> = found.iter().filter(|trace| trace.is_certain).collect();
        assert!(certain.is_empty(), "{name}: {certain:?}");
        // Of a hundred addresses whose four bytes were written down, all would be there; by chance one may be.
        assert!(found.len() < people::ADDRESSES_V4 / 10, "{name}: {found:?}");
        assert!(!has_pages || !page.find(&bytes).is_empty(), "{name} has no page of {} bytes", bytes.len());
    }
}

fn the_planted_is_found_in(names: &[&str], places: &[Place]) {
    let traces = people::planted_traces();
    for name in names {
        let found = places.iter().filter(|place| place.name == *name).map(|place| traces.find(&place.bytes));
        let forms: std::collections::BTreeSet<_> = found.flatten().map(|trace| trace.form).collect();
        assert!(forms.contains("as it is") && forms.contains("in base64"), "{name}: {forms:?}");
    }
}

/// The addresses and agents arrived: each made another visitor.
fn all_are_counted(platform: &dyn Deployment, day: &str, next: &str) {
    let range = ["--project", "web", "--from", day, "--to", next, "--json"];
    let metrics = ["--metric", "events", "--metric", "visitors", "--metric", "users"];
    let totals: Value = platform.analytics(&[&["query", "totals"][..], &range, &metrics].concat()).json();
    let counts: Vec<i64> = list(&totals, "values").iter().map(count).collect();
    assert_eq!(counts, [EVENTS as i64, VISITORS as i64, people::USERS as i64]);
}

fn id(number: usize) -> String {
    Uuid::from_u128(number as u128).to_string()
}
