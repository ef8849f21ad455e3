//! Exit codes.

use std::process::ExitCode;

/// How the program ends; the numbers are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything is as expected.
    Success,
    /// An expectation or a golden file differs.
    Differs,
    /// The command line is wrong. clap ends with the same number by itself.
    Usage,
    /// What was read is invalid.
    Invalid,
    /// Reading or writing failed.
    Io,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Differs => 1,
            Exit::Usage => 2,
            Exit::Invalid => 3,
            Exit::Io => 4,
        })
    }
}
