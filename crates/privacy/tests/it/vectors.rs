//! The published vectors. They were computed by another implementation of BLAKE3 from the formulas in the README alone; here they are
//! computed a second time, by nothing but plain calls of BLAKE3 as the README names them, and a third time by the functions in use.

use std::net::{IpAddr, Ipv6Addr};

use analytics_domain::{UserHash, VisitorHash, VisitorMode, ports::VisitorDayNonce};
use analytics_privacy::{ServerSecret, UserHasher, VisitorHasher};
use serde_json::Value;

fn vectors(text: &str, count: usize) -> Vec<Value> {
    let document: Value = serde_json::from_str(text).unwrap();
    let vectors = document["vectors"].as_array().unwrap().clone();
    assert!(vectors.len() >= count);
    vectors
}

fn bytes<const N: usize>(hex: &Value) -> [u8; N] {
    let hex = hex.as_str().unwrap();
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    bytes.try_into().unwrap()
}

fn mode(vector: &Value) -> VisitorMode {
    *VisitorMode::ALL.iter().find(|mode| vector["mode"] == mode.as_str()).unwrap()
}

/// "network" of the README.
fn network_bytes(address: &str, coarse: bool) -> Vec<u8> {
    match address.parse::<IpAddr>().unwrap() {
        IpAddr::V4(v4) => v4.octets()[..if coarse { 3 } else { 4 }].to_vec(),
        IpAddr::V6(v6) => match v6.octets() {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4 @ ..] => v4[..if coarse { 3 } else { 4 }].to_vec(),
            octets => octets[..if coarse { 6 } else { 8 }].to_vec(),
        },
    }
}

/// "hash" of the README, word for word.
fn visitor_hash_by_the_readme(vector: &Value) -> [u8; 8] {
    let key = blake3::derive_key("analytics v1 visitor hash server secret", &bytes::<32>(&vector["server_secret_hex"]));
    let salt = blake3::keyed_hash(&key, &bytes::<32>(&vector["nonce_hex"]));
    let agent = if vector["mode"] == "network" { "" } else { vector["user_agent"].as_str().unwrap_or("") };
    let network = network_bytes(vector["ip_address"].as_str().unwrap(), vector["mode"] == "coarse_network_and_agent");
    let mut fields = Vec::new();
    for field in [vector["project"].as_str().unwrap().as_bytes(), &network, agent.as_bytes()] {
        fields.extend((field.len() as u64).to_le_bytes());
        fields.extend(field);
    }
    blake3::keyed_hash(salt.as_bytes(), &fields).as_bytes()[..8].try_into().unwrap()
}

#[test]
fn visitor_hashes_are_as_published() {
    let vectors = vectors(include_str!("../../vectors/visitor_hash.json"), 20);
    for vector in &vectors {
        let published: [u8; 8] = bytes(&vector["hash_hex"]);
        assert_eq!(visitor_hash_by_the_readme(vector), published, "{vector}");
        let hash = VisitorHash(i64::from_le_bytes(published));
        assert_eq!(hash, VisitorHash(vector["hash_int64"].as_str().unwrap().parse().unwrap()), "{vector}");

        let secret = ServerSecret::new(bytes::<32>(&vector["server_secret_hex"])).unwrap();
        let nonce = VisitorDayNonce(bytes(&vector["nonce_hex"]));
        let hasher = VisitorHasher::new(&secret, &nonce, &vector["project"].as_str().unwrap().parse().unwrap());
        let address = vector["ip_address"].as_str().unwrap().parse().unwrap();
        assert_eq!(hasher.hash_in(mode(vector), address, vector["user_agent"].as_str()), hash, "{vector}");
    }
    for mode in VisitorMode::ALL {
        assert!(vectors.iter().any(|vector| vector["mode"] == mode.as_str()), "{mode:?} has vectors");
    }
    let is_mapped = |vector: &&Value| {
        vector["ip_address"].as_str().unwrap().parse().is_ok_and(|v6: Ipv6Addr| v6.to_ipv4_mapped().is_some())
    };
    assert!(
        vectors.iter().any(|vector| is_mapped(&vector)) && vectors.iter().any(|vector| vector["user_agent"].is_null())
    );
}

#[test]
fn user_hashes_are_as_published() {
    for vector in vectors(include_str!("../../vectors/user_hash.json"), 5) {
        let (secret, user_id) = (bytes::<32>(&vector["project_secret_hex"]), vector["user_id"].as_str().unwrap());
        let published = bytes::<16>(&vector["hash_hex"]);
        let key = blake3::derive_key("analytics v1 user hash project secret", &secret);
        assert_eq!(blake3::keyed_hash(&key, user_id.as_bytes()).as_bytes()[..16], published, "{vector}");
        assert_eq!(UserHasher::new(&secret).hash(user_id), UserHash(published), "{vector}");
    }
}
