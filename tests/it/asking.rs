//! Connections that a network is asked about, as `flowcast explain` asks.

use std::time::Duration;

use flowcast::Scenario;
use flowcast::diagnostic::{Diagnostic, Located};
use flowcast::model::{Connection, EPHEMERAL_PORTS, Exchange, Traffic, inventory};
use flowcast::walk::{Case, Checkpoint, Trace, trace};

/// A question whose other members have the values of a command line that does not mention them.
pub(crate) fn question(from: &str, to: &str, traffic: Traffic) -> inventory::Connection {
    inventory::Connection {
        name: "connection".to_owned(),
        from: Located::nowhere(from.to_owned()),
        to: Located::nowhere(to.to_owned()),
        traffic,
        source_port: None,
        ephemeral_ports: EPHEMERAL_PORTS.first().expect("there is a default"),
        source_address: None,
        family: None,
        at: Duration::ZERO,
        exchange: Exchange::default(),
        bursts: None,
        repeat: inventory::Repeat::default(),
        origin: None,
    }
}

/// The answer, and the connection it is about.
pub(crate) fn ask(
    scenario: &Scenario,
    question: &inventory::Connection,
) -> Result<(Connection, Trace), Diagnostic> {
    let connection = scenario.connection(question)?;
    let trace = trace(&scenario.network, &connection);
    Ok((connection, trace))
}

/// The first stop of a case: what decides that it does not work.
pub(crate) fn deciding(case: &Case) -> Option<Checkpoint> {
    case.blockers().map(|blocker| blocker.checkpoint).find(|checkpoint| !checkpoint.hypothetical)
}
