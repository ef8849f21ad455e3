//! Hostile input: whatever is fed to the program, it ends by itself, in time and in little memory, with a message
//! that says where and what to do, and never by a signal or a panic.
//!
//! `.ci/run hostile` holds the released program to the limits. What is built for tests is slower, and gets less to read.

mod answers;
mod made;
mod outputs;
mod places;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use flowcast::diagnostic::Severity;
use flowcast::{LoadError, Scenario};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

/// Memory that can be written, in KiB: more than what is used, so that the limit is stricter than one on that. Addresses
/// are no measure: the allocator reserves 64 MiB of them for a thread, or does not.
const MOST_KIBIBYTES: u32 = 256 << 10;

/// Seconds of processor time: on a busy machine the wall clock tells of others.
const MOST_SECONDS: u32 = 5;

/// A program to hold to the limits instead of the one that was built with the tests.
const RELEASED: &str = "FLOWCAST_RELEASED";

/// So many of something, or an eighth for a program without optimisation.
fn many(number: usize) -> usize {
    if std::env::var_os(RELEASED).is_some() { number } else { number / 8 }
}

/// How the program ended.
#[derive(Debug)]
struct Ended {
    /// None after a signal.
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A shell that runs the program within the limits, and `before` before it.
fn limited(before: &str) -> Command {
    let program = std::env::var_os(RELEASED).unwrap_or_else(|| env!("CARGO_BIN_EXE_flowcast").into());
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("ulimit -d {MOST_KIBIBYTES}; ulimit -t {MOST_SECONDS}; {before} exec \"$0\" \"$@\""));
    shell.arg(program).stdin(Stdio::null());
    shell.env_remove("CLICOLOR_FORCE").env_remove("RUST_BACKTRACE");
    shell
}

fn flowcast(arguments: &[&str]) -> Ended {
    ended(limited("").args(arguments))
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("a shell can be run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Ended {
    /// Ended with `code` and a message that names `place`, says what to do, and moves no cursor.
    #[track_caller]
    fn refused(&self, code: i32, place: &str) {
        let told: String = self.stderr.chars().take(4000).collect();
        assert_eq!(self.code, Some(code), "{place}\n{told}");
        assert!(self.stderr.contains(place), "`{place}` is not named\n{told}");
        assert!(self.stderr.contains("help: "), "{place}: no help\n{told}");
        assert!(!self.stderr.contains("panicked"), "{place}\n{told}");
        let control = self.stderr.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{place}: a control character\n{told}");
        assert_eq!(self.stdout, "", "{place}");
    }
}

/// Whether the scenario has errors, not only warnings.
fn is_refused(path: &Path) -> bool {
    match Scenario::parse_bytes("x.yaml", &fs::read(path).unwrap()) {
        Err(LoadError::Invalid { problems, .. }) => problems.count(Severity::Error) > 0,
        _ => false,
    }
}

#[test]
fn every_malformed_scenario_is_refused_at_its_place() {
    let mut refused = 0;
    for entry in fs::read_dir(format!("{DATA}/invalid")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(OsStr::to_str).unwrap();
        let ended = flowcast(&["run", path.to_str().unwrap()]);
        if is_refused(&path) {
            refused += 1;
            ended.refused(3, &format!("{name}:"));
        } else {
            assert!(matches!(ended.code, Some(0 | 1)), "{name}: {ended:?}");
        }
    }
    assert!(refused >= 60, "{refused}");
}
