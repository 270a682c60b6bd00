//! A batch of probes as the scripts read it: hashes as bytes, since a number of Lua holds 53 bits.

use std::collections::HashMap;

use analytics_domain::{Day, ports::VisitorProbe};

/// So many probes are decided at a time, a few milliseconds in which the server does nothing else.
pub(super) const MAX_PROBES: usize = 2_000;

pub(super) struct Batch {
    /// The days that its candidates name, each once.
    pub(super) days: Vec<Day>,
    /// For each probe its time (64 bits) and the number of its candidates (16 bits), then for each of these the index of its day
    /// (32 bits) and its visitor (64 bits); all big-endian.
    pub(super) probes: Vec<u8>,
}

impl Batch {
    /// `probes` are at most [`MAX_PROBES`].
    pub(super) fn of(probes: &[VisitorProbe]) -> Self {
        let mut days = Vec::new();
        let mut index_of_day: HashMap<Day, u32> = HashMap::new();
        let mut packed = Vec::with_capacity(probes.len() * 48);
        for probe in probes {
            packed.extend(probe.time.0.to_be_bytes());
            packed.extend((probe.candidates.len() as u16).to_be_bytes());
            for (day, visitor) in &probe.candidates {
                let index = index_of_day.entry(*day).or_insert_with(|| {
                    days.push(*day);
                    (days.len() - 1) as u32
                });
                packed.extend(index.to_be_bytes());
                packed.extend(visitor.0.to_be_bytes());
            }
        }
        Self { days, probes: packed }
    }
}
