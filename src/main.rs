//! The command line of flowcast.

mod cli;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A large network is a million small pieces of memory, on all threads. This allocator asks the system for large pages;
/// that of the C library is given four kilobytes at a time, which is a fifth of the time that such a network takes.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main().into()
}
