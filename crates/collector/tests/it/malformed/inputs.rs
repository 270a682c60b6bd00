//! Malformed inputs: a good one spoilt in many ways, and some that are made to hurt.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

/// The largest message of the ingest service.
const MESSAGE: usize = 1 << 20;

/// An endless sequence of inputs, always the same for a seed.
pub(super) struct Inputs {
    state: u64,
    good: Vec<u8>,
}

impl Inputs {
    pub(super) fn new(seed: u64, good: Vec<u8>) -> Self {
        eprintln!("malformed inputs by seed {seed}");
        Self { state: seed, good }
    }

    /// SplitMix64.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit.max(1) as u64) as usize
    }

    pub(super) fn next(&mut self) -> Vec<u8> {
        if self.below(20) == 0 {
            return self.noise();
        }
        let mut input = self.good.clone();
        for _ in 0..=self.below(4) {
            self.spoil(&mut input);
        }
        input
    }

    fn noise(&mut self) -> Vec<u8> {
        let length = self.below(200);
        (0..length).map(|_| self.number() as u8).collect()
    }

    fn spoil(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len());
        let end = at + self.below(input.len() - at);
        match self.below(9) {
            0 => input.truncate(at),
            1 => drop(input.drain(at..end)),
            2 => {
                let again = input[at..end].to_vec();
                drop(input.splice(at..at, again));
            }
            3 => drop(input.splice(at..end, [0xff; 10])),
            4 => {
                let noise = self.noise();
                drop(input.splice(at..end, noise));
            }
            // A length that lies, or a text that is none.
            5 => drop(input.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x0f])),
            _ => {
                let bit = self.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
        }
    }
}

/// A frame of gRPC around a message.
pub(super) fn framed(message: &[u8]) -> Vec<u8> {
    framed_as(0, message)
}

pub(super) fn framed_as(flags: u8, message: &[u8]) -> Vec<u8> {
    [&[flags], &(message.len() as u32).to_be_bytes()[..], message].concat()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}

/// 64 MiB that take a thousandth of that.
pub(super) fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let chunk = [0; 64 * 1024];
    for _ in 0..1024 {
        encoder.write_all(&chunk).expect("into memory");
    }
    encoder.finish().expect("into memory")
}

/// Makes an input.
type Make = fn() -> Vec<u8>;

/// Messages that are small on the wire and large in memory, or deep, or lie. Made one by one: they must not take memory themselves.
pub(super) const HOSTILE_MESSAGES: [(&str, Make); 9] = [
    ("nothing but empty events", || [0x12, 0].repeat(MESSAGE / 2 - 1)),
    ("a group in a group in a group", || vec![0x0b; MESSAGE - 1]),
    ("an event that is groups in groups", || [&[0x12, 0xff, 0xff, 0x03][..], &[0x3b; 65_535]].concat()),
    ("properties without end", properties),
    ("a length beyond the end", || vec![0x12, 0xff, 0xff, 0xff, 0xff, 0x07]),
    ("a length beyond everything", || vec![0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
    ("a text that is no UTF-8", || vec![0x0a, 2, 0xc3, 0x28]),
    ("a number that does not end", || vec![0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    ("more than is taken", || vec![0; 2 * MESSAGE]),
];

/// 1001 events, the first with a property for each of 90,000 names.
fn properties() -> Vec<u8> {
    let properties: Vec<u8> = (0..90_000_u32)
        .flat_map(|number| {
            let name = number.to_string();
            [&[0x3a, name.len() as u8 + 2, 0x0a, name.len() as u8][..], name.as_bytes()].concat()
        })
        .collect();
    let mut length = Vec::new();
    prost::encoding::encode_varint(properties.len() as u64, &mut length);
    [&[0x12][..], &length, &properties, &[0x12, 0].repeat(1000)].concat()
}

/// Frames whose heads lie.
pub(super) fn hostile_frames() -> Vec<Vec<u8>> {
    let good = framed(&[]);
    vec![
        vec![],
        vec![0],
        vec![0, 0, 0],
        vec![0, 0xff, 0xff, 0xff, 0xff],
        vec![0, 0x7f, 0xff, 0xff, 0xff, 0x12],
        vec![0, 0, 0x10, 0, 0, 1],
        vec![1, 0, 0, 0, 0],
        vec![1, 0, 0, 0, 3, 1, 2, 3],
        vec![2, 0, 0, 0, 0],
        vec![0x80, 0, 0, 0, 0],
        vec![0x80, 0xff, 0xff, 0xff, 0xff],
        good.repeat(2),
        good.repeat(100_000),
        framed_as(1, &bomb()),
        framed_as(1, &gzip(&bomb())),
    ]
}

/// Documents that are small and mean much, or deep, or no documents.
pub(super) fn hostile_json() -> Vec<Vec<u8>> {
    let within =
        |open: &str, close: &str, times: usize| [open.repeat(times), close.repeat(times)].concat().into_bytes();
    vec![
        within("[", "]", MESSAGE / 2 - 1),
        within("{\"events\":[", "]}", 50_000),
        format!("{{\"events\":[{}{{}}]}}", "{},".repeat(MESSAGE / 3 - 10)).into_bytes(),
        format!("{{\"events\":[{}]}}", within_text(100_000)).into_bytes(),
        b"{\"events\":[{\"sequence\":1e999999999}]}".to_vec(),
        b"{\"events\":[{\"occurredAt\":\"99999999999999-01-01T00:00:00Z\"}]}".to_vec(),
        b"{\"events\":[{\"name\":\"\\ud800\"}]}".to_vec(),
        b"{\"events\":[{\"name\":\"\xc3\x28\"}]}".to_vec(),
        b"{\"events\":null,\"events\":[]}".to_vec(),
        "9".repeat(MESSAGE - 1).into_bytes(),
        vec![b' '; 2 * MESSAGE],
    ]
}

/// An event with so many properties.
fn within_text(properties: usize) -> String {
    let properties: Vec<String> = (0..properties).map(|number| format!("\"{number}\":{{}}")).collect();
    format!("{{\"properties\":{{{}}}}}", properties.join(","))
}
