//! Exit codes.

use std::fmt::Write as _;
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

/// A row of the table of exit codes.
struct ExitEntry {
    exit: Exit,
    number: u8,
    doc: &'static str,
}

/// Every exit code.
static EXITS: &[ExitEntry] = &[
    ExitEntry { exit: Exit::Success, number: 0, doc: "everything is as expected" },
    ExitEntry { exit: Exit::Differs, number: 1, doc: "an expectation or a golden file differs" },
    ExitEntry { exit: Exit::Usage, number: 2, doc: "the command line is wrong" },
    ExitEntry { exit: Exit::Invalid, number: 3, doc: "the input is invalid" },
    ExitEntry { exit: Exit::Io, number: 4, doc: "reading or writing failed" },
];

/// The table as the help shows it.
pub(super) fn exit_codes() -> String {
    let mut text = "Exit codes:".to_owned();
    for entry in EXITS {
        let _ = write!(text, "\n  {}  {}", entry.number, entry.doc);
    }
    text
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        EXITS.iter().find(|entry| entry.exit == exit).map_or(Self::FAILURE, |entry| entry.number.into())
    }
}
