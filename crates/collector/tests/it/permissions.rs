//! What each key may do.

use analytics_proto::v1::{self, ErrorReason, Verdict};
use tonic::Code;

use crate::world::{FIREFOX, HOME, IncludeBots, World, batch, from, noon, reason_of, view};

#[tokio::test]
async fn an_ingest_key_may_not_send_on_behalf_of_others() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let events = || vec![view(0, noon()), from(HOME, FIREFOX, view(1, noon())), from("", "", view(2, noon()))];

    let response = world.call(&web.browser(), batch(events())).await.expect("taken");
    let told: Vec<_> = response.verdicts.iter().map(|told| (told.verdict(), told.reason(), &*told.field)).collect();
    let refused = (Verdict::Rejected, ErrorReason::FieldNotAllowed, "client");
    assert_eq!(told, [(Verdict::Stored, ErrorReason::Unspecified, ""), refused, refused]);

    let expected = [Verdict::Duplicate, Verdict::Stored, Verdict::Stored];
    assert_eq!(world.track(&web.backend(), events()).await, expected, "a key of scope `import` may");
}

#[tokio::test]
async fn an_ingest_key_may_not_import() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (name, _) = world.open_import(&web, "june", IncludeBots::No).await.expect("an import key may");

    let request = v1::TrackRequest { import: name, ..batch(vec![view(0, noon())]) };
    let refused = world.call(&web.browser(), request).await.expect_err("refused");
    assert_eq!(reason_of(&refused), (Code::PermissionDenied, Some(ErrorReason::FieldNotAllowed)));

    let request = v1::CreateImportRequest {
        parent: "projects/web".to_owned(),
        import_id: "july".to_owned(),
        include_bots: false,
    };
    let refused = world.create_import(&web.browser(), request).await.expect_err("refused");
    assert_eq!(reason_of(&refused), (Code::PermissionDenied, Some(ErrorReason::ScopeMissing)));
    assert!(world.stored(&web).await.is_empty());
}

#[tokio::test]
async fn a_key_reaches_its_own_project_alone() {
    let world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let (name, _) = world.open_import(&app, "june", IncludeBots::No).await.expect("its own");

    let elsewhere = v1::TrackRequest { project: "projects/app".to_owned(), ..batch(vec![view(0, noon())]) };
    for sender in [web.browser(), web.backend()] {
        let hidden = world.call(&sender, elsewhere.clone()).await.expect_err("hidden");
        assert_eq!(reason_of(&hidden), (Code::NotFound, Some(ErrorReason::ProjectNotFound)));
    }
    let foreign_import = v1::TrackRequest { import: name.clone(), ..batch(vec![view(0, noon())]) };
    let refused = world.call(&web.backend(), foreign_import).await.expect_err("refused");
    assert_eq!(reason_of(&refused), (Code::InvalidArgument, Some(ErrorReason::InvalidField)));
    assert!(refused.message().contains("import"), "{refused}");
    for name in [&name, "projects/absent/imports/june"] {
        let hidden = world.finish_import(&web, name).await.expect_err("hidden");
        assert_eq!(reason_of(&hidden), (Code::NotFound, Some(ErrorReason::ProjectNotFound)));
    }
    assert!(world.stored(&app).await.is_empty());
}
