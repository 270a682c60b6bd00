//! One request, and how it is written down.

use jiff::{SignedDuration, Timestamp, tz::Offset};

use super::{LogClock, LogFormat};

#[derive(Clone)]
pub(super) struct Hit {
    pub(super) time_s: i64,
    /// An address or, rarely, a host name.
    pub(super) client: String,
    pub(super) agent: &'static str,
    pub(super) referrer: String,
    /// As in `GET /path HTTP/1.1`.
    pub(super) request: String,
    pub(super) status: u16,
}

impl Hit {
    pub(super) fn render(&self, clock: &LogClock, format: LogFormat) -> String {
        let time = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(self.time_s);
        let offset = match clock {
            LogClock::FixedMinutes(minutes) => {
                Offset::from_seconds(minutes * 60).expect("an offset that a zone could have")
            }
            LogClock::Zone(zone) => zone.to_offset(time),
        };
        let local = offset.to_datetime(time).strftime("%d/%b/%Y:%H:%M:%S");
        let sign = if offset.seconds() < 0 { '-' } else { '+' };
        let minutes = offset.seconds().abs() / 60;
        // A size that is a function of the request: repeated requests must be able to give equal lines.
        let size = match self.status {
            304 => "-".to_owned(),
            _ => (self.request.len() * 997).to_string(),
        };
        let common = format!(
            "{} - - [{local} {sign}{:02}{:02}] \"{}\" {} {size}",
            self.client,
            minutes / 60,
            minutes % 60,
            self.request,
            self.status,
        );
        match format {
            LogFormat::Common => common,
            _ => format!("{common} \"{}\" \"{}\"", self.referrer, self.agent),
        }
    }
}
