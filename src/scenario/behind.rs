//! The connections that proxies open behind one, one behind the other, with what each carries.

use std::borrow::Cow;
use std::time::Duration;

use super::{Scenario, followed};
use crate::model::{Burst, Connection, LegKind, Network};
use crate::net::Protocol;
use crate::report::ConnectionReport;
use crate::timeline::{Conversation, Epoch, TakenLate, Turn, carried, carried_anew, packets_of};
use crate::walk::Case;

/// A connection that a proxy opened behind another.
#[derive(Debug, Clone)]
pub(super) struct Hop<'c> {
    /// The connection, with what it carries.
    pub(super) connection: Connection,
    /// How it goes.
    pub(super) case: Cow<'c, Case>,
    /// The network in which it begins.
    network: &'c Network,
    /// That network, by its position among those of the scenario.
    pub(super) epoch: usize,
    source_port: u16,
    /// Whether it carries something else than is planned for it: what came through before it.
    is_carried: bool,
}

impl Hop<'_> {
    /// How it ends.
    pub(super) fn report(&self) -> ConnectionReport<'_> {
        ConnectionReport {
            network: self.network,
            epoch: self.epoch,
            connection: &self.connection,
            outcome: self.case.outcome,
            symptom: self.case.symptom,
            chosen: 0,
            source_port: self.source_port,
            is_open: false,
        }
    }
}

impl Scenario {
    /// The connections that proxies open behind that of `case`.
    pub(super) fn behind<'c>(
        &'c self,
        epochs: &[Epoch<'_>],
        of: &ConnectionReport<'c>,
        case: &'c Case,
    ) -> Vec<Hop<'c>> {
        let mut all: Vec<Hop<'c>> = Vec::new();
        loop {
            let next = match all.last() {
                None => self.next_behind(epochs, of, &Cow::Borrowed(case), false),
                Some(hop) => self.next_behind(epochs, &hop.report(), &hop.case, hop.is_carried),
            };
            match next {
                Some(next) => all.push(next),
                None => return all,
            }
        }
    }

    /// How a proxy took a connection that it did not take at the beginning.
    pub(crate) fn taken_late(&self, of: &ConnectionReport<'_>) -> Option<TakenLate> {
        let case = of.case().filter(|case| case.onward.is_none() && !self.changes.is_empty())?;
        followed(&self.epochs(), of, &case, self.duration.unwrap_or(Duration::MAX)).take_late()
    }

    /// The next one behind `of`, which goes as `case` says. It carries what comes through before it.
    fn next_behind<'c>(
        &'c self,
        epochs: &[Epoch<'_>],
        of: &ConnectionReport<'_>,
        case: &Cow<'c, Case>,
        is_carried: bool,
    ) -> Option<Hop<'c>> {
        let bursts = packets_of(of.connection, case);
        let (opened, carries) = if Conversation::is_needed(epochs, of.epoch, Protocol::TCP, &bursts) {
            let end = self.duration.unwrap_or(Duration::MAX);
            let mut own = followed(epochs, of, case, end);
            let late = own.take_late();
            let is_closed = own.was_closed();
            let (bursts, turns) = own.into_parts();
            if let Some(TakenLate { epoch, case, .. }) = late {
                let (opened, behind) = case.behind().next()?;
                let carries = carried_anew(&bursts, &turns, epoch);
                return Some(self.hop(of, epoch, opened, Cow::Owned(behind.clone()), Some(carries)));
            }
            let is_lost =
                |turn: &Turn| turn.kind == LegKind::Forward && (turn.is_stray || !turn.leg.is_delivered());
            let is_other = is_carried || is_closed || turns.iter().any(is_lost);
            (first_behind(case)?, is_other.then(|| carried(&bursts, &turns)))
        } else {
            (first_behind(case)?, is_carried.then_some(bursts))
        };
        let (opened, behind) = opened;
        Some(self.hop(of, of.epoch, &opened, behind, carries))
    }

    /// The connection `opened` behind `of` in the network of `epoch`.
    fn hop<'c>(
        &'c self,
        of: &ConnectionReport<'_>,
        epoch: usize,
        opened: &Connection,
        case: Cow<'c, Case>,
        carries: Option<Vec<Burst>>,
    ) -> Hop<'c> {
        let source_port = of.behind(opened, &case).source_port;
        let is_carried = carries.is_some();
        let bursts = carries.or_else(|| opened.bursts.clone());
        let connection = Connection { bursts, ..opened.clone() };
        Hop { connection, case, network: self.network_at(epoch), epoch, source_port, is_carried }
    }
}

/// The connection that is opened behind that of `case` from the beginning.
fn first_behind<'c>(case: &Cow<'c, Case>) -> Option<(Connection, Cow<'c, Case>)> {
    match case {
        Cow::Borrowed(case) => {
            case.behind().next().map(|(opened, case)| (opened.clone(), Cow::Borrowed(case)))
        }
        Cow::Owned(case) => {
            case.behind().next().map(|(opened, case)| (opened.clone(), Cow::Owned(case.clone())))
        }
    }
}
