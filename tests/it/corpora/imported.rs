//! The scenario that a network is imported as says the same as the network.

use std::path::Path;

use flowcast::model::{Icmp, Outcome, Symptom, Traffic};
use flowcast::net::Protocol;
use flowcast::walk::Stage;
use flowcast::{Scenario, import_aws};

use crate::asking::{ask, question};

/// Interfaces of a network that are asked about; real ones have thousands.
const MOST: usize = 12;

/// How a connection ends and where it is stopped; or why it cannot be asked about.
type Answer = Result<(Outcome, Option<Symptom>, Vec<Stage>), String>;

/// The scenario that `path` is imported as, and in what it differs from the network read from there. There is none
/// without a VPC.
pub(super) fn again(path: &Path, scenario: &Scenario) -> Option<(Scenario, Vec<String>)> {
    scenario.network.vpcs.iter().next()?;
    let imported = import_aws(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let again = Scenario::parse("imported.yaml", &imported.text)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", path.display(), imported.text));
    let interfaces = scenario.network.network_interfaces.iter().take(MOST);
    let ends: Vec<&str> =
        interfaces.map(|interface| interface.identity.id.as_str()).chain(["internet"]).collect();
    let traffic = [
        Traffic::Tcp(22),
        Traffic::Tcp(443),
        Traffic::Udp(53),
        Traffic::Icmp(Icmp::EchoRequest),
        Traffic::Protocol(Protocol(0)),
    ];
    let mut different = Vec::new();
    for from in &ends {
        for to in ends.iter().filter(|to| *to != from) {
            for traffic in traffic {
                let [said, found] = [scenario, &again].map(|network| answer(network, from, to, traffic));
                if said != found {
                    let place = path.display();
                    different
                        .push(format!("{place}: {from} to {to}, {traffic:?}: {said:?}, imported {found:?}"));
                }
            }
        }
    }
    Some((again, different))
}

fn answer(scenario: &Scenario, from: &str, to: &str, traffic: Traffic) -> Answer {
    let (_, trace) = ask(scenario, &question(from, to, traffic)).map_err(|problem| problem.message)?;
    let stages = trace.blockers().iter().map(|blocker| blocker.checkpoint.stage).collect();
    Ok((trace.outcome, trace.symptom, stages))
}
