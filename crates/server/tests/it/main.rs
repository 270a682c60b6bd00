//! The binary as people use it: started, called, killed, started again.

mod access_log;
mod answers;
mod calls;
mod crash;
mod dependencies;
mod drain;
mod full_disk;
mod kills;
mod lifecycle;
mod load;
mod same_answers;
mod scale;
mod support;
mod truth;
mod wrong_input;
