//! For people.

use comfy_table::Table;

use super::{
    Ingest,
    end_to_end::{EndToEnd, Through},
    server_cpu::{Computed, ServerCpu},
};
use crate::report::{mark, new_table};

const MIB: f64 = (1 << 20) as f64;

impl Ingest {
    /// All of it.
    pub(crate) fn to_text(&self) -> String {
        let tables = [self.server_cpu(), end_to_end(&self.end_to_end), self.memory_table()];
        let mut text: String = tables.map(|table| format!("{table}\n")).concat();
        text.push_str(
            "\nCPU is seconds of processors for a million events; a ratio is the peer's over ours, and its goal the least that it should\n\
             be. The clients share the machine.\n",
        );
        text
    }

    fn server_cpu(&self) -> Table {
        let header = ["taking events", "CPU: server", "Redis", "ratio", "goal", "with Redis", "goal", "events/s"];
        let mut table = new_table(&header);
        for (what, measured) in [("batches of 100", &self.batches), ("single events", &self.singles)] {
            rows_of(&mut table, what, measured);
        }
        table
    }

    fn memory_table(&self) -> Table {
        let mut table = new_table(&["resident memory", "MiB", "goal"]);
        let memory = &self.memory;
        let rows = [
            ("a collector under full load, at most", memory.collector_peak_bytes, Some(memory.collector_goal_bytes)),
            ("a processor under full load, at most", self.end_to_end.processor_peak_bytes, None),
            ("all roles in one process, idle", memory.serve_idle_bytes, Some(memory.serve_idle_goal_bytes)),
        ];
        for (what, bytes, goal) in rows {
            let is_met = goal.is_none_or(|goal| bytes <= goal);
            table.add_row(vec![
                what.to_owned(),
                format!("{:.0}{}", bytes as f64 / MIB, mark(is_met)),
                goal.map(|goal| format!("{:.0}", goal as f64 / MIB)).unwrap_or_default(),
            ]);
        }
        table
    }
}

fn rows_of(table: &mut Table, what: &str, measured: &ServerCpu) {
    let mut row = |who: &str, computed: &Computed, ratios: [String; 4]| {
        let [ratio, goal, together, together_goal] = ratios;
        table.add_row(vec![
            format!("{what}: {who}"),
            format!("{:.2}", computed.server_seconds),
            format!("{:.2}", computed.redis_seconds),
            ratio,
            goal,
            together,
            together_goal,
            format!("{:.0}", computed.events_per_second),
        ]);
    };
    let judged = |ratio: f64, goal: f64| format!("{ratio:.2}{}", mark(ratio >= goal));
    let together = measured
        .together_goal
        .map_or_else(|| format!("{:.2}", measured.together_ratio), |goal| judged(measured.together_ratio, goal));
    row(
        "our collector",
        &measured.ours,
        [
            judged(measured.collector_ratio, measured.collector_goal),
            measured.collector_goal.to_string(),
            together,
            measured.together_goal.map(|goal| goal.to_string()).unwrap_or_default(),
        ],
    );
    row("a server that only decodes", &measured.decode_peer, Default::default());
    row("one that decodes, encodes and appends", &measured.append_peer, Default::default());
}

fn end_to_end(measured: &EndToEnd) -> Table {
    let header = ["from clients into the store", "rows/s", "COPY rows/s", "ratio", "goal"];
    let mut table = new_table(&header);
    table.add_row(vec![
        format!("{} events", indicatif::HumanCount(measured.events)),
        format!("{:.0}", measured.per_second(measured.ours.seconds)),
        format!("{:.0}", measured.per_second(measured.copy_seconds)),
        format!("{:.2}{}", measured.ratio, mark(measured.ratio >= measured.goal)),
        measured.goal.to_string(),
    ]);
    let Through {
        seconds: _,
        clients_cpu_seconds,
        collector_cpu_seconds,
        redis_cpu_seconds,
        processor_cpu_seconds,
        postgres_cpu_seconds,
    } = measured.ours;
    for (part, seconds) in [
        ("CPU of the clients", clients_cpu_seconds),
        ("CPU of the collector", collector_cpu_seconds),
        ("CPU of Redis", redis_cpu_seconds),
        ("CPU of the processor", processor_cpu_seconds),
        ("CPU of the database's sessions", postgres_cpu_seconds),
    ] {
        table.add_row(vec![part.to_owned(), format!("{:.2}", seconds / measured.events as f64 * 1e6)]);
    }
    table
}
