//! The command line of flowcast.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main().into()
}
