//! The summary for people.

use std::fmt;

use indicatif::HumanCount;

use super::{Summary, Unit};

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Lines => "lines",
            Unit::Events => "made-up events",
        };
        let resumed = if self.resumed { ", going on where an earlier start was stopped" } else { "" };
        write!(
            f,
            "Imported into {} in {:.1} s ({} events a second){resumed}",
            self.project,
            self.elapsed_seconds,
            HumanCount(self.events_per_second as u64)
        )?;
        row(f, "read", self.read, unit)?;
        if self.skipped_count() > 0 {
            row(f, "skipped", self.skipped_count(), &by_name(self.skipped.iter()))?;
        }
        if self.unparsable.count > 0 {
            row(f, "unparsable", self.unparsable.count, "")?;
            for line in &self.unparsable.first {
                write!(f, "\n                 {}  {}", line.place, line.problem)?;
            }
            more(f, self.unparsable.count, self.unparsable.first.len())?;
        }
        row(f, "sent", self.sent, "")?;
        row(f, "stored", self.stored, "")?;
        row(f, "duplicate", self.duplicate, "")?;
        if self.accepted > 0 {
            row(f, "accepted", self.accepted, "durable, will be stored")?;
        }
        if self.filtered_count() > 0 {
            row(f, "filtered", self.filtered_count(), &by_name(self.filtered.iter()))?;
        }
        if self.rejected_count() > 0 {
            row(f, "rejected", self.rejected_count(), "")?;
        }
        for rejection in &self.rejected {
            let at = if rejection.field.is_empty() { String::new() } else { format!("{}: ", rejection.field) };
            let (count, reason) = (HumanCount(rejection.count), &rejection.reason);
            write!(f, "\n                 {count} × {reason}  {at}{}", rejection.description)?;
            if !rejection.first.is_empty() {
                write!(f, "\n                 {}", rejection.first.join(" "))?;
                more(f, rejection.count, rejection.first.len())?;
            }
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, label: &str, count: u64, note: &str) -> fmt::Result {
    let gap = if note.is_empty() { "" } else { "  " };
    write!(f, "\n  {label:<11}{:>12}{gap}{note}", HumanCount(count).to_string())
}

fn by_name<'a>(counts: impl Iterator<Item = (&'a String, &'a u64)>) -> String {
    let parts: Vec<String> = counts.map(|(name, count)| format!("{name} {}", HumanCount(*count))).collect();
    parts.join(", ")
}

fn more(f: &mut fmt::Formatter<'_>, count: u64, named: usize) -> fmt::Result {
    match count.saturating_sub(named as u64) {
        0 => Ok(()),
        others => write!(f, "\n                 … and {} more", HumanCount(others)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{BadLines, NAMED_LINES, Rejection};
    use super::*;

    fn summary() -> Summary {
        let mut unparsable = BadLines::default();
        unparsable.add("access.log:17".to_owned(), "the request is not closed by a quote".to_owned());
        Summary {
            project: "web".to_owned(),
            import: "projects/web/imports/access-log-1".to_owned(),
            resumed: false,
            unit: Unit::Lines,
            read: 10_000,
            skipped: BTreeMap::from([("asset".to_owned(), 7152), ("method".to_owned(), 48)]),
            unparsable,
            sent: 2799,
            stored: 2700,
            duplicate: 8,
            accepted: 0,
            filtered: BTreeMap::from([("bot".to_owned(), 89)]),
            rejected: vec![Rejection {
                reason: "ERROR_REASON_INVALID_FIELD".to_owned(),
                field: "url".to_owned(),
                description: "is longer than 4096 bytes".to_owned(),
                count: 2,
                first: vec!["access.log:3".to_owned(), "access.log:5".to_owned()],
            }],
            elapsed_seconds: 1.25,
            events_per_second: 2239.2,
        }
    }

    #[test]
    fn people_read_a_block() {
        let expected = "\
Imported into web in 1.2 s (2,239 events a second)
  read             10,000  lines
  skipped           7,200  asset 7,152, method 48
  unparsable            1
                 access.log:17  the request is not closed by a quote
  sent              2,799
  stored            2,700
  duplicate             8
  filtered             89  bot 89
  rejected              2
                 2 × ERROR_REASON_INVALID_FIELD  url: is longer than 4096 bytes
                 access.log:3 access.log:5";
        assert_eq!(summary().to_string(), expected);
    }

    #[test]
    fn only_the_first_lines_are_named() {
        let mut summary = summary();
        for line in 0..30 {
            summary.unparsable.add(format!("access.log:{line}"), "is no log line".to_owned());
        }
        assert_eq!(summary.unparsable.first.len(), NAMED_LINES);
        assert!(summary.to_string().contains("… and 11 more"), "{summary}");
    }

    #[test]
    fn machines_read_the_names_of_the_fields() {
        let json = serde_json::to_value(summary()).unwrap();
        assert_eq!(json["unit"], "lines");
        assert_eq!(json["skipped"]["asset"], 7152);
        assert_eq!(json["unparsable"]["first"][0]["place"], "access.log:17");
        assert_eq!(json["rejected"][0]["field"], "url");
    }
}
