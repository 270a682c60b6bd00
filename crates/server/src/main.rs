//! `analytics`: the server in all its roles, and the command line that talks to it.

mod cli;
mod client;
mod commands;
mod config;
mod key_uses;
mod output;
mod process;
mod roles;
mod serve;
mod services;
mod sweeper;

use std::process::ExitCode;

use clap::Parser;

/// Taking events is mostly small allocations that one thread makes and another frees, at which the allocator of glibc spends a quarter of
/// the time and keeps memory for each thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 0: done. 1: it failed. 2: the command line was wrong (clap's own code).
fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
