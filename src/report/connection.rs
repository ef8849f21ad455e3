//! How one connection ends, and which of its cases the records show.

use crate::model::{Connection, Network, Outcome, Symptom, pick_source_port};
use crate::walk::{Case, Trace, trace};

/// One connection.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionReport<'a> {
    /// The network in which it begins.
    pub network: &'a Network,
    /// Position of the network in which it begins, among those of the scenario.
    pub epoch: usize,
    /// The connection.
    pub connection: &'a Connection,
    /// How it ends.
    pub outcome: Outcome,
    /// What the client sees, when all cases agree.
    pub symptom: Option<Symptom>,
    /// Position of the case that the records show.
    pub chosen: u32,
    /// The client's port that the records show.
    pub source_port: u16,
    /// Whether what becomes of some of its packets, if only of later ones, is not known.
    pub(crate) is_open: bool,
}

impl<'a> ConnectionReport<'a> {
    pub(crate) fn new(
        (epoch, network): (usize, &'a Network),
        connection: &'a Connection,
        trace: &Trace,
        (chosen, source_port): (usize, u16),
    ) -> Self {
        let chosen = u32::try_from(chosen).unwrap_or(u32::MAX);
        let (outcome, symptom) = (trace.outcome, trace.symptom);
        Self { network, epoch, connection, outcome, symptom, chosen, source_port, is_open: false }
    }

    /// The same of a connection that a proxy opened behind this one, which goes as `case` says.
    pub fn behind<'b>(&self, connection: &'b Connection, case: &Case) -> ConnectionReport<'b>
    where
        'a: 'b,
    {
        ConnectionReport {
            connection,
            outcome: case.outcome,
            symptom: case.symptom,
            chosen: 0,
            // Where the client's address is preserved, so is its port.
            source_port: if case.source_ports.contains(self.source_port)
                && connection.request.source == self.connection.request.source
            {
                self.source_port
            } else {
                pick_source_port(case.source_ports, &connection.name)
            },
            ..*self
        }
    }

    /// How the connection ends, and why: walked anew.
    pub fn trace(&self) -> Trace {
        trace(self.network, self.connection)
    }

    /// The case of `trace` that the records show.
    pub fn case_of<'t>(&self, trace: &'t Trace) -> Option<&'t Case> {
        trace.cases.get(self.chosen as usize)
    }

    /// The case that the records show: walked anew.
    pub fn case(&self) -> Option<Case> {
        let mut cases = self.trace().cases;
        let chosen = self.chosen as usize;
        (chosen < cases.len()).then(|| cases.swap_remove(chosen))
    }
}
