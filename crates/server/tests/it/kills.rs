//! Every part of the platform killed again and again under load, and started again: nothing that was acknowledged is lost, nothing counts
//! twice. `make faults` kills more often.

use analytics_testkit::servers::{PrivatePostgres, PrivateRedis, free_port};

use crate::{
    ledger::Ledger,
    load::{Load, LoadOptions, Tolerated},
    support::{Deployment, Home, PrivateServers, Server, Stack, unacknowledged_entries},
    truth::assert_holds,
};

/// Says how often each part is killed.
const KILLS: &str = "ANALYTICS_FAULT_KILLS";
const KILLS_BY_DEFAULT: usize = 5;
/// A kill that interrupted nothing is repeated, so often at most.
const MOST_TRIES: usize = 5;

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Collector,
    Gateway,
    Processor,
    /// The Redis of the log.
    Log,
    /// The Redis of salts and running sessions.
    Ephemeral,
    Database,
}

impl Victim {
    const ALL: [Self; 6] =
        [Self::Collector, Self::Gateway, Self::Processor, Self::Log, Self::Ephemeral, Self::Database];
}

/// When a kill comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// At whatever moment of the load it is.
    Any,
    /// When a batch certainly waits for what stands still.
    Held,
}

fn kills() -> usize {
    let said = std::env::var(KILLS).ok();
    said.map_or(KILLS_BY_DEFAULT, |number| number.parse().unwrap_or_else(|_| panic!("{KILLS} is no number: {number}")))
}

fn load_options() -> LoadOptions {
    LoadOptions { tolerated: Tolerated::BrokenConnections, streams: 2, ..LoadOptions::default() }
}

/// Kills until a kill interrupted something: a batch that was not acknowledged was delivered or sent once more after it.
fn until_it_counts(victim: &str, round: usize, mut kill: impl FnMut(Moment) -> bool) {
    let counts = (0..MOST_TRIES).any(|attempt| {
        let moment = if (round + attempt).is_multiple_of(2) { Moment::Any } else { Moment::Held };
        kill(moment)
    });
    assert!(counts, "{MOST_TRIES} kills of {victim} interrupted nothing");
}

#[test]
fn killing_any_service_or_server_under_load_loses_nothing_and_doubles_nothing() {
    // A default by which it would lose what it committed last: the platform's own sessions say otherwise.
    let postgres = PrivatePostgres::start(&["synchronous_commit=off", "wal_writer_delay=10s"]);
    let mut servers = PrivateServers::start_with(postgres, PrivateRedis::start(PrivateRedis::DURABLE));
    let mut stack = Stack::start_over(servers.backends());
    let load = Load::start(&stack, load_options());
    for round in 0..kills() {
        for victim in Victim::ALL {
            load.wait_for_another_round();
            until_it_counts(&format!("{victim:?}"), round, |moment| {
                let mut killing = Killing { servers: &mut servers, stack: &mut stack, load: &load };
                killing.kill(victim, moment)
            });
        }
    }
    report(&stack, "each service and server", &load.finish());
}

#[test]
fn killing_the_embedded_server_under_load_loses_nothing_and_doubles_nothing() {
    let port = free_port();
    let mut server = Server::start_on(Home::new(), port);
    let load = Load::start(&server, load_options());
    for round in 0..kills() {
        load.wait_for_another_round();
        until_it_counts("the embedded server", round, |_| {
            let cut_off = load.cut_off();
            load.kill_begins();
            server.kill_and_start_on(port);
            load.wait_until_kill_is_over();
            load.cut_off() > cut_off
        });
    }
    report(&server, "the embedded server", &load.finish());
}

/// The numbers are for whoever makes many kills: 0 failures in so many bound the rate of failures.
fn report(platform: &dyn Deployment, killed: &str, ledger: &Ledger) {
    assert_holds(platform, ledger);
    let (kills, events) = (kills(), ledger.acknowledged.len());
    eprintln!("{kills} kills of {killed}: {events} events acknowledged, all of them stored once");
}

struct Killing<'a> {
    servers: &'a mut PrivateServers,
    stack: &'a mut Stack,
    load: &'a Load,
}

impl Killing<'_> {
    /// Whether a batch that was not acknowledged when the victim was killed was delivered or sent once more after it started again.
    fn kill(&mut self, victim: Victim, moment: Moment) -> bool {
        match victim {
            Victim::Processor | Victim::Database => self.kill_behind_the_log(victim, moment),
            _ => self.kill_before_the_log(victim, moment),
        }
    }

    /// Somebody whom clients wait for.
    fn kill_before_the_log(&mut self, victim: Victim, moment: Moment) -> bool {
        let cut_off = self.load.cut_off();
        let held = if victim == Victim::Ephemeral { &self.servers.ephemeral } else { &self.servers.redis };
        if moment == Moment::Held {
            held.pause();
            self.load.wait_for_calls();
        }
        self.load.kill_begins();
        match victim {
            Victim::Collector => self.stack.collectors[0].kill(),
            Victim::Gateway => self.stack.gateways[0].kill(),
            Victim::Log => self.servers.redis.kill_hard(),
            _ => self.servers.ephemeral.kill_hard(),
        }
        match victim {
            Victim::Log => self.servers.redis.restart(),
            Victim::Ephemeral => self.servers.ephemeral.restart(),
            _ if moment == Moment::Held => self.servers.redis.resume(),
            _ => {}
        }
        match victim {
            Victim::Collector => self.stack.collectors[0].start(),
            Victim::Gateway => self.stack.gateways[0].start(),
            _ => {}
        }
        self.load.wait_until_kill_is_over();
        self.load.cut_off() > cut_off
    }

    /// Somebody who works on what was acknowledged to clients.
    fn kill_behind_the_log(&mut self, victim: Victim, moment: Moment) -> bool {
        if moment == Moment::Held {
            self.servers.postgres.pause();
            self.load.wait_for_calls();
            while unacknowledged_entries(&self.servers.backends()) == 0 {}
        }
        let had_some = unacknowledged_entries(&self.servers.backends()) > 0;
        let before = if victim == Victim::Processor {
            self.stack.processors[0].kill();
            if moment == Moment::Held {
                self.servers.postgres.resume();
            }
            self.stack.processors[0].start();
            0.0
        } else {
            let (before, failures) = (self.redeliveries(), self.commit_failures());
            self.servers.postgres.kill_hard();
            // Not before somebody noticed: an entry that only waits for a connection would be committed at the first attempt.
            while self.commit_failures() == failures {}
            self.servers.postgres.restart();
            before
        };
        // Whatever was handed out before is handed out again by the time that a later batch is stored.
        self.load.wait_for_another_round();
        while unacknowledged_entries(&self.servers.backends()) > 0 && self.redeliveries() == before {}
        had_some && self.redeliveries() > before
    }

    fn redeliveries(&self) -> f64 {
        self.stack.processed("analytics_log_redeliveries_total", "")
    }

    fn commit_failures(&self) -> f64 {
        self.stack.processed("analytics_processor_commit_failures_total", "")
    }
}
