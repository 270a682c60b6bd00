//! Nobody reaches what their key does not give: every RPC of the contract with every kind of key. An RPC without a row here fails.

mod keys;
mod raw;
mod rows;

use std::collections::BTreeSet;

use analytics_proto::FILE_DESCRIPTOR_SET;
use prost::Message as _;
use tonic::{Code, Status};

use self::{
    keys::Keys,
    raw::Caller,
    rows::{Foreign, Row, Scope, rows},
};
use crate::{
    calls::{channel, reason_of},
    support::{Deployment, block_on, in_both_modes},
};

#[test]
fn every_rpc_of_the_contract_has_a_row() {
    let set = prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("a descriptor set");
    let ours = set.file.iter().filter(|file| file.package() == "analytics.v1");
    let of_contract: BTreeSet<String> = ours
        .flat_map(|file| &file.service)
        .flat_map(|service| {
            service.method.iter().map(|method| format!("/analytics.v1.{}/{}", service.name(), method.name()))
        })
        .collect();
    let of_rows: BTreeSet<String> = rows("target").into_iter().map(|row| row.path.to_owned()).collect();
    assert_eq!(of_rows, of_contract);
}

#[test]
fn no_key_gets_at_what_it_does_not_give() {
    in_both_modes(assert_tenants_are_apart);
}

fn assert_tenants_are_apart(platform: &dyn Deployment) {
    let keys = Keys::make(platform);
    let before = keys.everything(platform);
    let endpoint = platform.endpoint();
    block_on(async {
        let caller = Caller::new(channel(&endpoint).await);
        for row in rows(&keys.target) {
            assert_refused(&caller, &keys, &row).await;
            assert_foreign(&caller, &keys, &row).await;
        }
    });
    assert_eq!(keys.everything(platform), before, "what is refused changes nothing");
    block_on(async {
        let caller = Caller::new(channel(&endpoint).await);
        for row in rows(&keys.target) {
            assert_own(&caller, &keys, &row).await;
        }
    });
    assert_ne!(keys.everything(platform), before, "the same calls by the right keys change what they are about");
}

/// Whoever has no key, one that ended or one of another page gets nowhere, whatever it asks.
async fn assert_refused(caller: &Caller, keys: &Keys, row: &Row) {
    let evil = Some("https://victim.example.evil.example");
    for (what, key, origin, code, reason) in [
        ("no key", None, None, Code::Unauthenticated, "KEY_MISSING"),
        ("an unknown key", Some(&keys.unknown), None, Code::Unauthenticated, "KEY_UNKNOWN"),
        ("a revoked key", Some(&keys.revoked), None, Code::Unauthenticated, "KEY_REVOKED"),
        ("an expired key", Some(&keys.expired), None, Code::Unauthenticated, "KEY_EXPIRED"),
        ("another page", Some(&keys.of_page), evil, Code::PermissionDenied, "ORIGIN_NOT_ALLOWED"),
    ] {
        let answer = caller.call(row, key.map(String::as_str), origin).await;
        let status = refusal(answer, row, what);
        keys.assert_nothing_told(row, status.message());
        let told = (status.code(), reason_of(&status));
        assert_eq!(told, (code, format!("ERROR_REASON_{reason}")), "{what} at {}", row.path);
    }
    for scope in Scope::ALL.into_iter().filter(|scope| !row.scopes.contains(scope)) {
        let status = refusal(caller.call(row, Some(keys.of(scope)), None).await, row, "another scope");
        let told = (status.code(), reason_of(&status));
        assert_eq!(told, (Code::PermissionDenied, "ERROR_REASON_SCOPE_MISSING".to_owned()), "{scope:?} {}", row.path);
    }
}

/// A key of another project, with every scope.
async fn assert_foreign(caller: &Caller, keys: &Keys, row: &Row) {
    let answer = caller.call(row, Some(&keys.stranger), None).await;
    match row.foreign {
        Foreign::Refused(code, reason) => {
            let status = refusal(answer, row, "a key of another project");
            keys.assert_nothing_told(row, status.message());
            let told = (status.code(), reason_of(&status));
            assert_eq!(told, (code, format!("ERROR_REASON_{reason}")), "{}", row.path);
        }
        Foreign::Nothing => {
            let bytes = answer.unwrap_or_else(|status| panic!("{}: {status:?}", row.path));
            keys.assert_nothing_told(row, &String::from_utf8_lossy(&bytes));
        }
    }
}

/// The controls: the same messages by keys that may send them.
async fn assert_own(caller: &Caller, keys: &Keys, row: &Row) {
    for scope in row.scopes {
        let key = if row.reaches_all { &keys.root } else { keys.of(*scope) };
        let answer = caller.call(row, Some(key), None).await;
        match row.own {
            Code::Ok => drop(answer.unwrap_or_else(|status| panic!("{scope:?} at {}: {status:?}", row.path))),
            code => assert_eq!(answer.expect_err(row.path).code(), code, "{scope:?} at {}", row.path),
        }
    }
    let page = Some("https://victim.example");
    if !row.reaches_all
        && let Err(status) = caller.call(row, Some(&keys.of_page), page).await
    {
        let is_refused = matches!(status.code(), Code::Unauthenticated | Code::PermissionDenied);
        assert!(!is_refused, "from its own page at {}: {status:?}", row.path);
    }
}

#[track_caller]
fn refusal(answer: Result<Vec<u8>, Status>, row: &Row, what: &str) -> Status {
    match answer {
        Ok(_) => panic!("{what} got through at {}", row.path),
        Err(status) => status,
    }
}
