//! What the store refuses: seen, replayed and thrown away by whom it belongs to.

use analytics_domain::{
    EntryId, Micros, ProjectId,
    ports::{NewQuarantined, Quarantine as _, QuarantinedContent},
};
use analytics_proto::v1::{self, ErrorReason, ReplayOutcome};
use analytics_rpc::KeySecret;
use analytics_testkit::sample;
use tonic::Code;

use crate::world::{World, by, failure, refused_fields};

pub(crate) fn event_of(project: ProjectId, number: u32) -> NewQuarantined {
    let event = sample::event(number);
    let content = QuarantinedContent::Event { project, entry: EntryId(number.into()), event };
    NewQuarantined { content, reason: format!("refused {number}"), create_time: Micros(number.into()) }
}

fn unreadable(record: Vec<u8>) -> NewQuarantined {
    let content = QuarantinedContent::Unreadable(record);
    NewQuarantined { content, reason: "cannot be read".to_owned(), create_time: Micros(7_000_000) }
}

pub(crate) async fn keep(world: &World, items: &[NewQuarantined]) {
    world.catalog.quarantine(items).await.expect("kept");
}

/// Two of `web`, one of `shop` and one of nobody.
async fn filled() -> World {
    let world = World::new().await;
    let (web, shop) = (world.web, world.shop);
    keep(&world, &[event_of(web, 1), event_of(shop, 2), unreadable(b"\xff\xfe".to_vec()), event_of(web, 4)]).await;
    world
}

fn name(number: u32) -> String {
    format!("quarantinedEvents/{number}")
}

async fn listed(world: &World, key: &KeySecret, project: &str, page_size: i32) -> Vec<v1::QuarantinedEvent> {
    let mut client = world.quarantine.clone();
    let (mut events, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = v1::ListQuarantinedEventsRequest { project: project.to_owned(), page_size, page_token };
        let page = client.list_quarantined_events(by(key, request)).await.expect("a page").into_inner();
        assert!(page.quarantined_events.len() <= page_size as usize);
        events.extend(page.quarantined_events);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return events;
        }
    }
}

fn names(events: &[v1::QuarantinedEvent]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

#[tokio::test]
async fn each_key_sees_what_it_reaches_in_pages() {
    let world = filled().await;
    for page_size in [1, 3, 100] {
        let all = listed(&world, &world.root, "", page_size).await;
        assert_eq!(names(&all), [name(1), name(2), name(3), name(4)]);
        assert_eq!(names(&listed(&world, &world.root, "projects/web", page_size).await), [name(1), name(4)]);
        assert_eq!(names(&listed(&world, &world.web_admin, "", page_size).await), [name(1), name(4)]);
        assert_eq!(names(&listed(&world, &world.shop_admin, "", page_size).await), [name(2)]);
    }
    let all = listed(&world, &world.root, "", 100).await;
    let id = |event: &v1::QuarantinedEvent| (event.project.clone(), event.event_id.clone(), event.reason.clone());
    let sample_id = "00000001-5a5a-5a5a-5a5a-5a5a5a5a5a5a".to_owned();
    assert_eq!(id(&all[0]), ("projects/web".to_owned(), sample_id, "refused 1".to_owned()));
    assert_eq!(id(&all[2]), (String::new(), String::new(), "cannot be read".to_owned()));
    assert_eq!((&all[2].record[..], all[2].create_time.expect("a time").seconds), (&b"\xff\xfe"[..], 7));
    let get = v1::GetQuarantinedEventRequest { name: name(1) };
    let got = world.quarantine.clone().get_quarantined_event(by(&world.web_admin, get)).await.expect("its own");
    assert_eq!(got.into_inner().quarantined_event.as_ref(), Some(&all[0]));
}

#[tokio::test]
async fn what_another_owns_looks_like_what_does_not_exist() {
    let world = filled().await;
    let mut client = world.quarantine.clone();
    let mut messages = Vec::new();
    for number in [2, 3, 99] {
        let request = v1::GetQuarantinedEventRequest { name: name(number) };
        let result = client.get_quarantined_event(by(&world.web_admin, request)).await;
        let status = failure(result, Code::NotFound, ErrorReason::QuarantinedEventNotFound);
        messages.push(status.message().replace(&name(number), "NAME"));
    }
    assert!(messages.iter().all(|message| *message == messages[0]), "{messages:?}");
    let request = v1::ReplayQuarantinedEventsRequest { names: vec![name(2), name(3), name(99)] };
    let response = client.replay_quarantined_events(by(&world.web_admin, request)).await.expect("none of them");
    for result in response.into_inner().results {
        assert_eq!((result.outcome(), result.description.as_str()), (ReplayOutcome::NotFound, ""));
    }
    let request = v1::DeleteQuarantinedEventsRequest { names: vec![name(2), name(3), name(99)] };
    let response = client.delete_quarantined_events(by(&world.web_admin, request)).await.expect("none of them");
    assert_eq!(response.into_inner().deleted_count, 0);
    assert_eq!(listed(&world, &world.root, "", 100).await.len(), 4);
}

#[tokio::test]
async fn what_can_be_stored_again_leaves_and_the_rest_stays() {
    let world = filled().await;
    keep(&world, &[NewQuarantined { reason: "again".to_owned(), ..event_of(world.web, 5) }]).await;
    let replay = async |numbers: &[u32]| {
        let request = v1::ReplayQuarantinedEventsRequest { names: numbers.iter().map(|n| name(*n)).collect() };
        let response = world.quarantine.clone().replay_quarantined_events(by(&world.root, request)).await;
        let results = response.expect("answered").into_inner().results;
        results.iter().map(|result| (result.name.clone(), result.outcome())).collect::<Vec<_>>()
    };
    use ReplayOutcome::{NotFound, Refused, Stored};
    assert_eq!(
        replay(&[3, 1, 99, 2]).await,
        [(name(3), Refused), (name(1), Stored), (name(99), NotFound), (name(2), Stored)]
    );
    assert_eq!(replay(&[1, 3]).await, [(name(1), NotFound), (name(3), Refused)]);
    assert_eq!(names(&listed(&world, &world.root, "", 100).await), [name(3), name(4), name(5)]);
    let request = v1::DeleteQuarantinedEventsRequest { names: vec![name(3), name(4), name(1)] };
    let response = world.quarantine.clone().delete_quarantined_events(by(&world.root, request)).await;
    assert_eq!(response.expect("deleted").into_inner().deleted_count, 2);
    assert_eq!(names(&listed(&world, &world.root, "", 100).await), [name(5)]);
}

#[tokio::test]
async fn a_page_of_large_records_ends_early() {
    let world = World::new().await;
    for byte in 0..10 {
        keep(&world, &[unreadable(vec![0xff - byte; 1 << 20])]).await;
    }
    let request = v1::ListQuarantinedEventsRequest { page_size: 1000, ..Default::default() };
    let page = world.quarantine.clone().list_quarantined_events(by(&world.root, request)).await.expect("a page");
    assert_eq!(page.into_inner().quarantined_events.len(), 3, "4 MiB with their reasons are more than a page");
    assert_eq!(listed(&world, &world.root, "", 1000).await.len(), 10);
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let world = filled().await;
    let mut client = world.quarantine.clone();
    let page_token = {
        let request = v1::ListQuarantinedEventsRequest { page_size: 1, ..Default::default() };
        client.list_quarantined_events(by(&world.root, request)).await.expect("a page").into_inner().next_page_token
    };
    let request = v1::ListQuarantinedEventsRequest { page_token, ..Default::default() };
    let result = client.list_quarantined_events(by(&world.web_admin, request)).await;
    refused_fields(result, ErrorReason::InvalidField, &["page_token"]);
    for bad in ["7", "quarantinedEvents/0", "quarantinedEvents/x"] {
        let request = v1::ReplayQuarantinedEventsRequest { names: vec![name(1), bad.to_owned()] };
        let result = client.replay_quarantined_events(by(&world.root, request)).await;
        refused_fields(result, ErrorReason::InvalidField, &["names[1]"]);
    }
    let request =
        v1::DeleteQuarantinedEventsRequest { names: vec!["quarantinedEvents/9999999999999999999".to_owned()] };
    let result = client.delete_quarantined_events(by(&world.root, request)).await;
    refused_fields(result, ErrorReason::InvalidField, &["names[0]"]);
}
