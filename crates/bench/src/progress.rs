//! What is being done right now, for people: a bar on a terminal, a line elsewhere.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

const BAR: &str = "{msg:32} {wide_bar} {human_pos} of {human_len}  {per_sec}  {eta} left";
const SPINNER: &str = "{msg:32} {spinner} {elapsed}";

/// A part of the work. It is over when this is dropped.
pub(crate) struct Step {
    bar: ProgressBar,
}

impl Step {
    /// One that goes through so many things.
    pub(crate) fn counting(name: &str, total: u64) -> Self {
        if !std::io::stderr().is_terminal() {
            eprintln!("{name}: {}", HumanCount(total));
        }
        Self::shown(ProgressBar::new(total), name, BAR)
    }

    /// One whose end cannot be told.
    pub(crate) fn waiting(name: &str) -> Self {
        if !std::io::stderr().is_terminal() {
            eprintln!("{name}");
        }
        Self::shown(ProgressBar::new_spinner(), name, SPINNER)
    }

    fn shown(bar: ProgressBar, name: &str, template: &str) -> Self {
        bar.set_style(ProgressStyle::with_template(template).expect("the templates are fixed, and a test reads them"));
        bar.set_message(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// So far it has come.
    pub(crate) fn at(&self, position: u64) {
        self.bar.set_position(position);
    }

    /// What exactly is done now.
    pub(crate) fn doing(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_can_be_read() {
        for template in [BAR, SPINNER] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
