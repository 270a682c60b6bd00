//! What an import tells while it runs.

use std::{
    io::IsTerminal as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

/// Between two lines where the output is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Takes what an import tells while it runs. Called often and from several threads: implementations decide what is shown.
pub trait Progress: Send + Sync {
    /// So many bytes of the input were read, of so many when that is known.
    fn reading(&self, bytes: u64, total: Option<u64>);
    /// So many events got a verdict, of about so many.
    fn sending(&self, events: u64, total: u64);
    /// Something that people should know, in a sentence.
    fn message(&self, text: &str);
    /// Nothing more comes.
    fn finished(&self);
}

/// A bar when standard error is a terminal, otherwise a line now and then.
pub fn stderr() -> Arc<dyn Progress> {
    if std::io::stderr().is_terminal() { Arc::new(Bar::new()) } else { Arc::new(Lines::new(LINE_INTERVAL)) }
}

/// Tells nothing.
pub fn silent() -> Arc<dyn Progress> {
    Arc::new(Silent)
}

struct Silent;

impl Progress for Silent {
    fn reading(&self, _: u64, _: Option<u64>) {}
    fn sending(&self, _: u64, _: u64) {}
    fn message(&self, _: &str) {}
    fn finished(&self) {}
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Reading,
    Sending,
}

/// One bar that first shows bytes and then events.
struct Bar {
    bar: ProgressBar,
    phase: Mutex<Phase>,
}

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, phase: Mutex::new(Phase::Waiting) }
    }

    fn enter(&self, phase: Phase, template: &str) {
        let mut current = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if *current != phase {
            *current = phase;
            self.bar.reset();
            self.bar.set_style(
                ProgressStyle::with_template(template).expect("the templates are fixed, and a test parses them"),
            );
        }
    }
}

const READING: &str = "reading {wide_bar} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left";
const READING_UNBOUNDED: &str = "reading {spinner} {bytes}  {bytes_per_sec}";
const SENDING: &str = "sending {wide_bar} {human_pos} of {human_len} events  {per_sec}  {eta} left";

impl Progress for Bar {
    fn reading(&self, bytes: u64, total: Option<u64>) {
        self.enter(Phase::Reading, if total.is_some() { READING } else { READING_UNBOUNDED });
        self.bar.set_length(total.unwrap_or(bytes).max(bytes));
        self.bar.set_position(bytes);
    }

    fn sending(&self, events: u64, total: u64) {
        self.enter(Phase::Sending, SENDING);
        self.bar.set_length(total.max(events));
        self.bar.set_position(events);
    }

    fn message(&self, text: &str) {
        self.bar.println(text);
    }

    fn finished(&self) {
        self.bar.finish_and_clear();
    }
}

/// A line now and then, for logs.
struct Lines {
    interval: Duration,
    began: Instant,
    last: Mutex<Instant>,
}

impl Lines {
    fn new(interval: Duration) -> Self {
        let now = Instant::now();
        Self { interval, began: now, last: Mutex::new(now) }
    }

    /// Whether it is time for another line.
    fn is_due(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.elapsed() >= self.interval;
        if due {
            *last = Instant::now();
        }
        due
    }
}

impl Progress for Lines {
    fn reading(&self, bytes: u64, total: Option<u64>) {
        if self.is_due() {
            let of = total.map_or_else(String::new, |total| format!(" of {}", HumanBytes(total)));
            eprintln!("reading: {}{of}", HumanBytes(bytes));
        }
    }

    fn sending(&self, events: u64, total: u64) {
        if self.is_due() {
            let rate = events as f64 / self.began.elapsed().as_secs_f64().max(f64::MIN_POSITIVE);
            let total = total.max(events);
            eprintln!("sending: {} of {} events, {rate:.0}/s", HumanCount(events), HumanCount(total));
        }
    }

    fn message(&self, text: &str) {
        eprintln!("{text}");
    }

    fn finished(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_can_be_read() {
        for template in [READING, READING_UNBOUNDED, SENDING] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn lines_come_after_their_interval_only() {
        let lines = Lines::new(Duration::from_secs(3600));
        assert!(!lines.is_due());
        let eager = Lines::new(Duration::ZERO);
        assert!(eager.is_due());
    }
}
