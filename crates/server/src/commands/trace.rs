//! `analytics trace`.

use analytics_proto::v1::{self, TraceStepKind};
use anyhow::bail;

use super::project::resource_name;
use crate::{
    cli::TraceArgs,
    client::{Client, failed},
    output::{self, Column},
};

pub(crate) async fn run(args: TraceArgs) -> anyhow::Result<()> {
    let client = Client::connect(&args.connect).await?;
    let project = resource_name(args.project.as_deref());
    let request = v1::TraceEventRequest { project, event_id: args.event_id.clone() };
    let traced = client.admin().trace_event(request).await.map_err(failed)?.into_inner();
    if args.format.json {
        output::print_json(&traced)?;
    } else {
        print(&traced);
    }
    if traced.steps.is_empty() && traced.stored.is_empty() {
        bail!(
            "nothing is known of event {}: nobody sent it to this project within the last 24 hours, and it is stored neither within the \
             project's lateness nor about the time in its id",
            args.event_id
        );
    }
    Ok(())
}

fn print(traced: &v1::TraceEventResponse) {
    if traced.steps_unavailable {
        println!("What collectors and processors did is not known to this server: set its `ephemeral_redis_url`.");
    }
    if !traced.steps.is_empty() {
        let headings = ["Time", "What happened", "Why", "Log entry"].map(|heading| (heading, Column::Text));
        let rows = traced.steps.iter().map(|step| {
            let entry = if step.entry_id == 0 { String::new() } else { step.entry_id.to_string() };
            let kind = output::lower(step.kind().as_str_name(), "TRACE_STEP_KIND_");
            vec![output::instant_ms(step.time), kind, cause_of(step), entry]
        });
        output::print_table(&headings, rows.collect());
    }
    if !traced.stored.is_empty() {
        let headings = ["Occurred at", "Corrected time", "Visitor day", "Version", "Read from"];
        let rows = traced.stored.iter().map(|stored| {
            vec![
                output::instant_ms(stored.occurred_at),
                output::instant_ms(stored.time),
                stored.visitor_day.clone(),
                stored.version.to_string(),
                if stored.in_segment { "segment" } else { "tail" }.to_owned(),
            ]
        });
        output::print_table(&headings.map(|heading| (heading, Column::Text)), rows.collect());
    }
}

fn cause_of(step: &v1::TraceStep) -> String {
    match step.kind() {
        TraceStepKind::Filtered => output::lower(step.filter_rule().as_str_name(), "FILTER_RULE_"),
        TraceStepKind::Rejected => {
            let reason = step.reason().as_str_name().trim_start_matches("ERROR_REASON_");
            if step.field.is_empty() { reason.to_owned() } else { format!("{reason} at {}", step.field) }
        }
        _ => String::new(),
    }
}
