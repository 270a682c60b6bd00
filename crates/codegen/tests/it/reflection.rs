//! The descriptor set for reflection.

use analytics_proto::FILE_DESCRIPTOR_SET;
use prost::Message as _;
use prost_reflect::DescriptorPool;

#[test]
fn it_is_complete_and_carries_comments_but_no_rules() {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap();
    assert!(pool.get_service_by_name("analytics.v1.IngestService").is_some());
    assert!(pool.get_message_by_name("google.protobuf.Timestamp").is_some());
    assert!(pool.files().all(|file| !file.name().starts_with("buf/")));

    let files = prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let event = files.file.iter().find(|file| file.name() == "analytics/v1/event.proto").unwrap();
    let comments =
        event.source_code_info.as_ref().unwrap().location.iter().filter_map(|at| at.leading_comments.as_ref());
    assert!(comments.into_iter().any(|comment| comment.contains("Event is one thing that happened")));
}
