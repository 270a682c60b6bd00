//! What the kernel tells about this process and this machine.

use std::fs;

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// What Linux counts processor time in, on every architecture that we know.
const TICKS_PER_SECOND: f64 = 100.0;

/// How long all threads of this process have computed.
pub(crate) fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// The memory of this process now, and the most that it ever was.
pub(crate) fn resident_bytes() -> (u64, u64) {
    resident_bytes_of("self")
}

/// The same of another process, by its id.
pub(crate) fn resident_bytes_of(pid: &str) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    (field(&status, "VmRSS:") * 1024, field(&status, "VmHWM:") * 1024)
}

/// How long all threads of a process have computed, those that ended included. None when it is gone.
pub(crate) fn cpu_seconds_of(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything; user and system time are fields 14 and 15.
    let mut times = stat.rsplit_once(") ")?.1.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    Some((times.next()? + times.next()?) / TICKS_PER_SECOND)
}

/// The bytes that this process has passed to `write` so far, to files and elsewhere.
pub(crate) fn written_bytes() -> u64 {
    field(&fs::read_to_string("/proc/self/io").unwrap_or_default(), "wchar:")
}

/// The machine that a report is of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Machine {
    /// How many threads run at the same time.
    pub(crate) cores: usize,
    /// The name of the processor.
    pub(crate) processor: String,
    /// Its memory.
    pub(crate) memory_bytes: u64,
    /// The version of the kernel.
    pub(crate) kernel: String,
}

impl Machine {
    pub(crate) fn this() -> Self {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            cores: cores(),
            processor: processor.map_or("unknown", |(_, name)| name).to_owned(),
            memory_bytes: field(&memory, "MemTotal:") * 1024,
            kernel: kernel.trim().to_owned(),
        }
    }

    /// For people.
    pub(crate) fn to_text(&self) -> String {
        let gib = self.memory_bytes as f64 / (1_u64 << 30) as f64;
        format!("{} cores ({}), {gib:.0} GiB, Linux {}", self.cores, self.processor, self.kernel)
    }
}

pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The number after a label at the start of a line.
fn field(text: &str, label: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(label)?.split_whitespace().next()?.parse().ok());
    value.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_label() {
        let status = "Name:\tVmRSS: 5\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!((field(status, "VmRSS:"), field(status, "VmHWM:"), field(status, "VmSwap:")), (1024, 2048, 0));
    }

    #[test]
    fn this_process_has_memory_and_has_written_and_computed() {
        let before = written_bytes();
        println!("something");
        let (now, peak) = resident_bytes();
        assert!(now > 0 && peak >= now);
        assert!(cpu_seconds() > 0.0);
        let counted = cpu_seconds_of(std::process::id()).expect("it is there");
        assert!(counted <= cpu_seconds() + 1.0 / TICKS_PER_SECOND, "{counted} s");
        assert!(written_bytes() >= before);
    }
}
