use analytics_domain::Millis;
use analytics_segment::Times;

/// Which offsets of a day lie in a range of time, both ends included; none when no instant does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window(Option<(u32, u32)>);

impl Window {
    /// From `start` to before `end`, and not after `as_of`.
    pub(crate) fn new(times: &Times, start: Millis, end: Millis, as_of: Millis) -> Self {
        let earliest = times.earliest().0;
        let first = start.0.saturating_sub(earliest).max(0);
        let last = end.0.saturating_sub(1).min(as_of.0).saturating_sub(earliest);
        if last < first {
            return Self(None);
        }
        // Offsets are 32 bits wide: a later instant includes them all.
        let last = u32::try_from(last).unwrap_or(u32::MAX);
        Self(u32::try_from(first).ok().map(|first| (first, last)))
    }

    pub(crate) fn contains(self, offset_ms: u32) -> bool {
        self.0.is_some_and(|(first, last)| first <= offset_ms && offset_ms <= last)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_none()
    }

    /// Whether it holds every instant from the earliest to `latest`.
    pub(crate) fn holds_up_to(self, latest_ms: u32) -> bool {
        self.0.is_some_and(|(first, last)| first == 0 && latest_ms <= last)
    }

    /// Whether it holds an offset; where it holds none at all, use [`Window::is_empty`] first.
    pub(crate) fn test(self) -> impl Fn(&u32) -> bool {
        let (first, last) = self.0.unwrap_or((0, 0));
        let length = last - first;
        move |offset_ms| offset_ms.wrapping_sub(first) <= length
    }
}
