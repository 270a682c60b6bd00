//! The binary as people use it: started, called, killed, started again.

mod access_log;
mod answers;
mod calls;
mod crash;
mod dependencies;
mod full_disk;
mod lifecycle;
mod support;
mod wrong_input;
