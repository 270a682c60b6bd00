//! The binary as people use it: started, called, killed, started again.

mod access_log;
mod administration;
mod answers;
mod at_rest;
mod calls;
#[path = "../../../rpc/tests/it/certificates.rs"]
mod certificates;
mod copies;
mod crash;
mod dependencies;
mod drain;
mod full_disk;
mod grouping;
mod import_under_kills;
mod kills;
mod known_bad;
mod ledger;
mod lifecycle;
mod load;
mod outages;
mod overload;
mod quarantine;
mod same_answers;
mod scale;
mod support;
mod tenants;
mod tls;
mod truth;
mod unfit_servers;
mod verdicts;
mod wrong_input;
