//! What a browser's privacy signals mean for an event.

use analytics_domain::ConsentPolicy;

/// The privacy signals of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConsentSignals {
    /// It sent `DNT: 1`.
    pub do_not_track: bool,
    /// It sent `Sec-GPC: 1`.
    pub global_privacy_control: bool,
}

/// What happens to one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentDecision {
    /// Nobody objected: the event gets its visitor, and its user if one was sent.
    CountWithIds,
    /// The event is counted with neither visitor nor user.
    CountWithoutIds,
    /// The event is not kept.
    Drop,
}

impl ConsentSignals {
    /// Reads the values of the headers `DNT` and `Sec-GPC`. Only `1` is a signal: `0` and anything unknown are not.
    pub fn from_headers(dnt: Option<&str>, sec_gpc: Option<&str>) -> Self {
        let objects = |value: Option<&str>| value.is_some_and(|value| value.trim() == "1");
        Self { do_not_track: objects(dnt), global_privacy_control: objects(sec_gpc) }
    }

    /// The signals of both: what the request's headers and the event itself say. An objection on either way counts.
    pub fn or(self, other: Self) -> Self {
        Self {
            do_not_track: self.do_not_track || other.do_not_track,
            global_privacy_control: self.global_privacy_control || other.global_privacy_control,
        }
    }

    /// What to do with an event that came with these signals, in a project of this policy.
    pub fn decision(self, policy: ConsentPolicy) -> ConsentDecision {
        if !self.do_not_track && !self.global_privacy_control {
            return ConsentDecision::CountWithIds;
        }
        match policy {
            ConsentPolicy::CountWithoutIds => ConsentDecision::CountWithoutIds,
            ConsentPolicy::Drop => ConsentDecision::Drop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_signal_takes_the_ids_or_the_event() {
        for (dnt, gpc) in [(Some("1"), None), (None, Some(" 1")), (Some("1"), Some("1"))] {
            let signals = ConsentSignals::from_headers(dnt, gpc);
            assert_eq!(signals.decision(ConsentPolicy::default()), ConsentDecision::CountWithoutIds);
            assert_eq!(signals.decision(ConsentPolicy::Drop), ConsentDecision::Drop);
        }
    }

    #[test]
    fn no_signal_changes_nothing() {
        for (dnt, gpc) in [(None, None), (Some("0"), Some("0")), (Some("unspecified"), None)] {
            let signals = ConsentSignals::from_headers(dnt, gpc);
            for policy in [ConsentPolicy::CountWithoutIds, ConsentPolicy::Drop] {
                assert_eq!(signals.decision(policy), ConsentDecision::CountWithIds);
            }
        }
    }

    #[test]
    fn an_objection_on_either_way_counts() {
        let header = ConsentSignals::from_headers(None, Some("1"));
        let event = ConsentSignals::from_headers(Some("1"), None);
        assert_eq!(header.or(event), ConsentSignals { do_not_track: true, global_privacy_control: true });
        assert_eq!(header.or(ConsentSignals::default()), header);
    }
}
