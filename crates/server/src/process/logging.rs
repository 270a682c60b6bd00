//! Logs on standard error: for people, or one JSON object a line.

use std::{any::Any, io::IsTerminal as _, panic};

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

pub(super) fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).with_context(|| {
        format!("setting `log_filter`: `{filter}` is no filter such as `info` or `info,analytics_engine=debug`")
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let colours = std::io::stderr().is_terminal();
    match format {
        LogFormat::Pretty => builder.with_ansi(colours).with_target(false).compact().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow::anyhow!("logging cannot start: {error}"))?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, text = text_of(panic.payload()), "the program panicked");
    }));
    Ok(())
}

/// Only a text that stands in the program: one that was made at run time may quote what a caller sent, and logs hold none of that.
fn text_of(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&str>().copied().unwrap_or("left out, for it may quote a request")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_sent_does_not_reach_the_log_by_a_panic() {
        let sent = "müller".to_owned();
        let panic = panic::catch_unwind(|| sent[..2].len()).expect_err("within a character");
        assert!(panic.downcast_ref::<String>().is_some_and(|text| text.contains("ller")), "what there is to leave out");
        assert_eq!(text_of(&*panic), "left out, for it may quote a request");
        assert_eq!(text_of(&"as it stands"), "as it stands");
    }
}
