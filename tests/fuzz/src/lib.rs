//! What must hold for every input, whatever is in it: reading ends without a panic, every problem stands inside the
//! text, no message can move a terminal's cursor, and what can be read can be run.

use std::time::Duration;

use flowcast::diagnostic::{Diagnostics, Origin, Sources, render};
use flowcast::{LoadError, Scenario};

/// Windows of flow logs beyond which a scenario is read but not run: the target is the reader, not patience.
const MOST_WINDOWS: u128 = 20_000;

/// Reads `bytes` as the file `name`, and runs what can be read.
pub fn read_and_run(name: &str, bytes: &[u8]) {
    match Scenario::parse_bytes(name, bytes) {
        Ok(scenario) => {
            check(&scenario.warnings, &scenario.sources);
            if windows(&scenario) <= MOST_WINDOWS {
                let report = scenario.run();
                let _ = (report.to_string(), report.failures(), report.notes());
            }
        }
        Err(LoadError::Invalid { problems, sources }) => {
            assert!(problems.has_errors(), "refused without an error");
            check(&problems, &sources);
        }
        Err(error) => panic!("nothing was opened: {error}"),
    }
}

/// An upper bound of the windows that running the scenario may fill.
fn windows(scenario: &Scenario) -> u128 {
    let of = |time: Duration| time.as_millis() / 60_000 + 1;
    let bursts = scenario.connections.iter().flat_map(|connection| connection.bursts.iter().flatten());
    let bursts: u128 = bursts.map(|burst| of(burst.until.saturating_sub(burst.at))).sum();
    let exchanges: u128 =
        scenario.connections.iter().map(|connection| u128::from(connection.exchange.count) / 60 + 1).sum();
    let watched = scenario.duration.map_or(0, of) * scenario.network.network_interfaces.len() as u128;
    (bursts + exchanges + watched) * scenario.formats.len() as u128
}

/// Every problem has its place inside the text, and the report holds no control characters.
fn check(problems: &Diagnostics, sources: &Sources) {
    for problem in problems {
        inside(problem.at, sources);
        inside(problem.related.as_ref().map(|related| related.0), sources);
    }
    let report = render(problems, sources);
    let control = report.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(control, None, "a control character in the report:\n{report}");
}

fn inside(at: Option<Origin>, sources: &Sources) {
    let Some(at) = at else { return };
    let text = &sources.source(at).expect("an origin names its source").text;
    let (start, end) = (at.start as usize, at.start as usize + at.length as usize);
    assert!(end <= text.len().max(1), "{at:?} is outside {} bytes", text.len());
    assert!(text.is_char_boundary(start), "{at:?} is inside a character");
    let line = 1 + text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(line, sources.line(at), "{at:?} names another line");
}
