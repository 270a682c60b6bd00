//! How much memory this process has had at once.

/// The peak so far.
pub(super) struct Memory {
    peak_bytes: usize,
}

impl Memory {
    /// The peak until now.
    pub(super) fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib =
            line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.trim().parse::<usize>().ok());
        // Elsewhere than on Linux the inputs are tried all the same.
        Self { peak_bytes: kib.unwrap_or(0) * 1024 }
    }

    pub(super) fn assert_grew_by_at_most(&self, bytes: usize) {
        let grown = Self::now().peak_bytes - self.peak_bytes;
        assert!(grown <= bytes, "the peak of memory grew by {} MiB", grown >> 20);
    }
}
