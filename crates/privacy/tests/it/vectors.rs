//! The published vectors, which were computed by another implementation of BLAKE3 from the formulas in the README alone.

use std::net::IpAddr;

use analytics_domain::{UserHash, VisitorHash, ports::VisitorDayNonce};
use analytics_privacy::{Network, ServerSecret, UserHasher, VisitorHasher};
use serde_json::Value;

fn vectors(text: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(text).unwrap();
    let vectors = document["vectors"].as_array().unwrap().clone();
    assert!(vectors.len() >= 5);
    vectors
}

fn bytes<const N: usize>(hex: &Value) -> [u8; N] {
    let hex = hex.as_str().unwrap();
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    bytes.try_into().unwrap()
}

#[test]
fn visitor_hashes_are_as_published() {
    for vector in vectors(include_str!("../../vectors/visitor_hash.json")) {
        let secret = ServerSecret::new(bytes::<32>(&vector["server_secret_hex"])).unwrap();
        let nonce = VisitorDayNonce(bytes(&vector["nonce_hex"]));
        let project = vector["project"].as_str().unwrap().parse().unwrap();
        let address: IpAddr = vector["ip_address"].as_str().unwrap().parse().unwrap();
        let hash =
            VisitorHasher::new(&secret, &nonce, &project).hash(&Network::from(address), vector["user_agent"].as_str());
        assert_eq!(hash, VisitorHash(i64::from_le_bytes(bytes(&vector["hash_hex"]))), "{vector}");
        assert_eq!(hash, VisitorHash(vector["hash_int64"].as_str().unwrap().parse().unwrap()), "{vector}");
    }
}

#[test]
fn user_hashes_are_as_published() {
    for vector in vectors(include_str!("../../vectors/user_hash.json")) {
        let hasher = UserHasher::new(&bytes(&vector["project_secret_hex"]));
        assert_eq!(hasher.hash(vector["user_id"].as_str().unwrap()), UserHash(bytes(&vector["hash_hex"])), "{vector}");
    }
}
