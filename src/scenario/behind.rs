//! The connections that proxies open behind one, one behind the other, with what each carries.

use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

use super::{Scenario, followed};
use crate::model::{Burst, Connection, LegKind, Network};
use crate::net::Protocol;
use crate::report::ConnectionReport;
use crate::timeline::{Conversation, Epoch, Rerouted, Turn, carried, carried_anew, packets_of};
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
    /// Behind how many proxies it is.
    pub(super) depth: usize,
    /// When it carries anything.
    within: Range<Duration>,
    /// Whether it carries something else than is planned for it: what came through before it.
    is_carried: bool,
}

impl Hop<'_> {
    /// Whether it is the one that carries what comes at `at`.
    pub(super) fn is_there(&self, at: Duration) -> bool {
        self.within.contains(&at)
    }

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
    /// The connections that proxies open behind that of `case`: each before those behind it, and before those that it gives
    /// way to.
    pub(super) fn behind<'c>(
        &'c self,
        epochs: &[Epoch<'_>],
        of: &ConnectionReport<'_>,
        case: &Cow<'c, Case>,
    ) -> Vec<Hop<'c>> {
        let mut all = Vec::new();
        self.add_behind(epochs, of, case, (1, false), &mut all);
        all
    }

    #[expect(clippy::ptr_arg, reason = "what is lent stays so")]
    fn add_behind<'c>(
        &'c self,
        epochs: &[Epoch<'_>],
        of: &ConnectionReport<'_>,
        case: &Cow<'c, Case>,
        (depth, is_carried): (usize, bool),
        all: &mut Vec<Hop<'c>>,
    ) {
        for hop in self.next_behind(epochs, of, case, is_carried) {
            let hop = Hop { depth, ..hop };
            let mut behind = Vec::new();
            self.add_behind(epochs, &hop.report(), &hop.case, (depth + 1, hop.is_carried), &mut behind);
            all.push(hop);
            all.extend(behind);
        }
    }

    /// Where a proxy sent requests of a connection after the beginning, in the order of time.
    pub(crate) fn rerouted(&self, of: &ConnectionReport<'_>) -> Vec<Rerouted> {
        let Some(case) = of.case().filter(|_| !self.changes.is_empty()) else { return Vec::new() };
        followed(&self.epochs(), of, &case, self.duration.unwrap_or(Duration::MAX)).take_rerouted()
    }

    /// Those that the first proxy opens. Each carries what comes through before it.
    fn next_behind<'c>(
        &'c self,
        epochs: &[Epoch<'_>],
        of: &ConnectionReport<'_>,
        case: &Cow<'c, Case>,
        is_carried: bool,
    ) -> Vec<Hop<'c>> {
        let always = Duration::ZERO..Duration::MAX;
        let bursts = packets_of(of.connection, case);
        if !Conversation::is_needed(epochs, of.epoch, Protocol::TCP, &bursts) {
            let carries = is_carried.then_some(bursts);
            let first = first_behind(case);
            let hop = first.map(|(opened, case)| self.hop(of, of.epoch, (opened, case), carries, always));
            return hop.into_iter().collect();
        }
        let mut own = followed(epochs, of, case, self.duration.unwrap_or(Duration::MAX));
        let rerouted = own.take_rerouted();
        let is_closed = own.was_closed();
        let (bursts, turns) = own.into_parts();
        let is_lost =
            |turn: &Turn| turn.kind == LegKind::Forward && (turn.is_stray || !turn.leg.is_delivered());
        let is_other = is_carried || is_closed || !rerouted.is_empty() || turns.iter().any(is_lost);
        let mut all = Vec::new();
        if let Some((opened, case)) = first_behind(case) {
            let within = Duration::ZERO..rerouted.first().map_or(Duration::MAX, |next| next.at);
            let carries = is_other.then(|| carried(&bursts, &turns, &within));
            all.push(self.hop(of, of.epoch, (opened, case), carries, within));
        }
        for (position, Rerouted { epoch, at, case }) in rerouted.iter().enumerate() {
            let within = *at..rerouted.get(position + 1).map_or(Duration::MAX, |next| next.at);
            if let Some((opened, case)) = case.behind().next() {
                let carries = Some(carried_anew(&bursts, &turns, &within));
                let opened = (opened.clone(), Cow::Owned(case.clone()));
                all.push(self.hop(of, *epoch, opened, carries, within));
            }
        }
        all
    }

    /// A connection that is opened behind `of` in the network of `epoch`.
    fn hop<'c>(
        &'c self,
        of: &ConnectionReport<'_>,
        epoch: usize,
        (opened, case): (Connection, Cow<'c, Case>),
        carries: Option<Vec<Burst>>,
        within: Range<Duration>,
    ) -> Hop<'c> {
        let source_port = of.behind(&opened, &case).source_port;
        let is_carried = carries.is_some();
        let bursts = carries.or_else(|| opened.bursts.clone());
        let connection = Connection { bursts, ..opened };
        let network = self.network_at(epoch);
        Hop { connection, case, network, epoch, source_port, depth: 1, within, is_carried }
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
