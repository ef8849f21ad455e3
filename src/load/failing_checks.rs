//! Targets that are said to be healthy and do not pass their health checks: those with one cause in one warning.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use super::health_checks::{checker_name, target_name};
use crate::diagnostic::{Diagnostics, Origin, problems};
use crate::model::{Checked, Connection, Network, Outcome, Symptom, TargetHealth};
use crate::walk::{Leg, Reason, trace};

/// A check: of whom, by whom, and what stops it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Check {
    checker: String,
    target: String,
    group: String,
    port: u16,
    because: String,
}

/// What the checks of one warning have in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    from: Duration,
    group: String,
    port: u16,
    because: String,
    origin: Option<Origin>,
}

/// The checks that fail.
#[derive(Debug, Default)]
pub(super) struct FailingChecks {
    /// Each with the time from which on it fails.
    all: BTreeMap<Check, (Duration, Option<Origin>)>,
}

impl FailingChecks {
    /// Looks at the first of the checks that a network from a time on has. What fails in one network is not told again of
    /// the next.
    pub(super) fn look_at(
        &mut self,
        network: &Network,
        checked: &Checked<'_>,
        first: &Connection,
        from: Duration,
    ) {
        let Some(because) = failure(network, checked, first) else { return };
        let check = Check {
            checker: checker_name(network, checked),
            target: target_name(network, checked),
            group: checked.group.identity.name.clone(),
            port: checked.port(),
            because,
        };
        if let Entry::Vacant(new) = self.all.entry(check) {
            new.insert((from, checked.group.identity.origin));
        }
    }

    /// Warns of them.
    pub(super) fn tell(self, problems: &mut Diagnostics) {
        let mut targets: BTreeMap<(Kind, String), Vec<String>> = BTreeMap::new();
        for (Check { checker, target, group, port, because }, (from, origin)) in self.all {
            let kind = Kind { from, group, port, because, origin };
            targets.entry((kind, checker)).or_default().push(target);
        }
        let mut checkers: BTreeMap<(Kind, Vec<String>), Vec<String>> = BTreeMap::new();
        for ((kind, checker), targets) in targets {
            checkers.entry((kind, targets)).or_default().push(checker);
        }
        for ((kind, targets), checkers) in checkers {
            let Kind { from, group, port, because, origin } = kind;
            let from = match from {
                Duration::ZERO => String::new(),
                from => format!("from {} on ", humantime::format_duration(from)),
            };
            let (target, is, does, it) = match targets.len() {
                1 => ("target", "is", "does", "the target"),
                _ => ("targets", "are", "do", "the targets"),
            };
            let check = if checkers.len() == 1 { "check" } else { "checks" };
            let (targets, checkers) = (problems::a_few(&targets), problems::a_few(&checkers));
            let message = format!(
                "{from}{target} {targets} of `{group}` {is} said to be healthy, and {does} not pass the health {check} by {checkers} at tcp {port}{because}"
            );
            let help = format!("mend what stops it, or give {it} `health: unhealthy`, as AWS would");
            problems.push(problems::implausible(origin, message, &help));
        }
    }
}

/// What keeps a target from passing the check that is said to be healthy, behind a colon if it is known.
fn failure(network: &Network, checked: &Checked<'_>, opened: &Connection) -> Option<String> {
    let walked = trace(network, opened);
    let is_refused = walked.symptom == Some(Symptom::Refused);
    let fails =
        matches!(walked.outcome, Outcome::Blocked | Outcome::Unanswered | Outcome::Depends) || is_refused;
    if !fails || checked.target.health != TargetHealth::Healthy {
        return None;
    }
    let because = walked.blockers().first().map(|blocker| {
        let point = &blocker.checkpoint;
        let reason = Reason::of(network, &Leg::default(), point);
        format!(": {}, {}", reason.short(point.direction).trim(), reason.text)
    });
    Some(because.unwrap_or_else(|| if is_refused { ": nobody listens".to_owned() } else { String::new() }))
}
