//! A small writer of databases of places, in the format that <https://maxmind.github.io/MaxMind-DB/> describes.

use ipnet::IpNet;

/// What the data section holds.
#[derive(Clone)]
pub(crate) enum Value {
    Text(&'static str),
    U16(u64),
    U32(u64),
    U64(u64),
    Map(Vec<(&'static str, Value)>),
    List(Vec<Value>),
}

use Value::{List, Map, Text, U16, U32, U64};

/// A name in English and in German, as databases of cities have it.
pub(crate) fn named(en: &'static str, de: &'static str) -> Value {
    Map(vec![("names", Map(vec![("de", Text(de)), ("en", Text(en))]))])
}

const RECORD_BITS: u64 = 24;

/// A database of this type with what it keeps of each network.
pub(crate) fn database(database_type: &'static str, networks: &[(&str, Value)]) -> Vec<u8> {
    let (mut tree, mut data) = (Tree::default(), Vec::new());
    for (network, value) in networks {
        let offset = data.len();
        write(value, &mut data);
        tree.insert(network.parse().expect("a network"), offset);
    }
    let node_count = tree.0.len();
    let mut bytes = Vec::new();
    for record in tree.0.iter().flatten() {
        let number = match record {
            Record::Empty => node_count,
            Record::Node(index) => *index,
            Record::Data(offset) => node_count + 16 + offset,
        };
        bytes.extend_from_slice(&(number as u32).to_be_bytes()[1..]);
    }
    bytes.extend([0; 16]);
    bytes.extend(data);
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = Map(vec![
        ("binary_format_major_version", U16(2)),
        ("binary_format_minor_version", U16(0)),
        ("build_epoch", U64(1_772_452_800)),
        ("database_type", Text(database_type)),
        ("description", Map(Vec::new())),
        ("ip_version", U16(6)),
        ("languages", List(vec![Text("en"), Text("de")])),
        ("node_count", U32(node_count as u64)),
        ("record_size", U16(RECORD_BITS)),
    ]);
    write(&metadata, &mut bytes);
    bytes
}

#[derive(Clone, Copy)]
enum Record {
    Empty,
    Node(usize),
    Data(usize),
}

/// A binary tree over 128 bits; IPv4 lies below `::/96`.
struct Tree(Vec<[Record; 2]>);

impl Default for Tree {
    fn default() -> Self {
        Self(vec![[Record::Empty; 2]])
    }
}

impl Tree {
    fn insert(&mut self, network: IpNet, offset: usize) {
        let (bits, length) = match network {
            IpNet::V4(v4) => (u128::from(v4.network().to_bits()), v4.prefix_len() + 96),
            IpNet::V6(v6) => (v6.network().to_bits(), v6.prefix_len()),
        };
        let side = |depth: u8| (bits >> (127 - depth) & 1) as usize;
        let mut node = 0;
        for depth in 0..length - 1 {
            node = match self.0[node][side(depth)] {
                Record::Node(next) => next,
                Record::Empty | Record::Data(_) => {
                    self.0.push([Record::Empty; 2]);
                    let next = self.0.len() - 1;
                    self.0[node][side(depth)] = Record::Node(next);
                    next
                }
            };
        }
        self.0[node][side(length - 1)] = Record::Data(offset);
    }
}

fn write(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Text(text) => {
            control(2, text.len(), bytes);
            bytes.extend(text.as_bytes());
        }
        U16(number) => write_number(5, *number, bytes),
        U32(number) => write_number(6, *number, bytes),
        U64(number) => write_number(9, *number, bytes),
        Map(entries) => {
            control(7, entries.len(), bytes);
            for (key, value) in entries {
                write(&Text(key), bytes);
                write(value, bytes);
            }
        }
        List(values) => {
            control(11, values.len(), bytes);
            values.iter().for_each(|value| write(value, bytes));
        }
    }
}

/// Without its leading zeros.
fn write_number(data_type: u8, number: u64, bytes: &mut Vec<u8>) {
    let significant: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    control(data_type, significant.len(), bytes);
    bytes.extend(significant);
}

/// The type and the length, which is less than 285 here. Types from 8 on take a byte of their own.
fn control(data_type: u8, length: usize, bytes: &mut Vec<u8>) {
    let (short, rest) = if length < 29 { (length as u8, None) } else { (29, Some((length - 29) as u8)) };
    if data_type < 8 {
        bytes.push(data_type << 5 | short);
    } else {
        bytes.extend([short, data_type - 7]);
    }
    bytes.extend(rest);
}
