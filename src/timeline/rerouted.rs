//! Where a proxy sends what comes later: to whom it did from the beginning, as long as that is a target, and else to another.

use std::time::Duration;

use super::conversation::{Conversation, Peer};
use crate::model::{Burst, Connection, Network, TcpFlags, stable_hash};
use crate::net::PortRange;
use crate::walk::{Arrival, Case, Leg, LoadBalancerFact, Place, Proxied, Routing, may_go_on, onwards, trace};

/// What a proxy does with a connection from a later time on than the beginning: nothing came through before or nothing was
/// answered, or it sent to a target that is one no more.
#[derive(Debug, Clone)]
pub struct Rerouted {
    /// The network, by its position.
    pub epoch: usize,
    /// When the first packet came to the proxy that it sends there.
    pub at: Duration,
    /// The case of a connection with which it does so.
    pub case: Case,
}

/// Where the proxy that took a connection sends requests.
#[derive(Debug, Clone, Default)]
pub(super) struct Routes {
    /// The last network of which that was asked.
    asked: usize,
    /// Where the next request goes, if no longer where the last one went.
    next: Option<Case>,
    /// What decides, where nothing is known of that.
    unknown: Option<Proxied>,
    /// Whether the target of a connection that is carried whole was none at any time: nobody knows if it lives.
    is_gone: bool,
    /// Where requests went after the beginning.
    taken: Vec<Rerouted>,
}

impl Routes {
    /// Those of a connection that begins in the network of `epoch`.
    pub(super) fn from(epoch: usize) -> Self {
        Self { asked: epoch, ..Self::default() }
    }

    /// Whether it is not known where requests go.
    pub(super) const fn are_unknown(&self) -> bool {
        self.unknown.is_some()
    }
}

impl Conversation<'_> {
    /// The way of a request that would go by `leg`, where it is not known to whom a proxy sends it.
    pub(super) fn routed(&mut self, leg: Leg, network: &Network) -> Leg {
        if leg.is_delivered() && self.routes.asked != self.epoch {
            self.ask_routes(&leg, network);
        }
        match &self.routes.unknown {
            Some(unknown) => unknown.in_doubt(leg),
            None => leg,
        }
    }

    /// Asks where the proxy to which requests come by `leg` sends them in another network than before.
    fn ask_routes(&mut self, leg: &Leg, network: &Network) {
        let Some((at, header)) = leg.arrival else { return };
        let Some(routing) = Routing::of(network, at, &header) else { return };
        let before = self.routes.taken.last().map_or(self.known, |taken| &taken.case).onward.as_deref();
        if let (Routing::Unknown(fact), Arrival::Service(index), Some(before)) = (routing, at, before) {
            let mut unknown = before.unknown_by(fact);
            unknown.checkpoint.place = Place::Gateway(index); // as this network calls it
            self.routes.asked = self.epoch;
            (self.routes.next, self.routes.unknown) = (None, Some(unknown));
            return;
        }
        let all = match before {
            None if self.peer == Peer::None => self.begun_now(network),
            None => return,
            Some(_) if routing == Routing::Keeps => return,
            Some(before) if !self.routes.is_gone && may_go_on(network, at, &header, before) => {
                self.routes.asked = self.epoch;
                (self.routes.next, self.routes.unknown) = (None, None);
                return;
            }
            Some(_) => onwards(network, &self.connection, &self.asked, leg, self.remembered.memory()),
        };
        let goes_on = |case: &Case| match (before, case.onward.as_deref()) {
            (Some(before), Some(after)) => before.goes_like(after),
            _ => false,
        };
        let is_whole = before.is_some() && routing == Routing::Connection;
        let picked = pick(all, &self.connection.name, goes_on);
        self.routes.asked = self.epoch;
        self.routes.is_gone |= is_whole && picked.as_ref().is_some_and(|case| !goes_on(case));
        (self.routes.next, self.routes.unknown) = match (picked, before) {
            (Some(case), Some(_)) if self.routes.is_gone => {
                (None, case.onward.as_deref().map(|onward| onward.unknown_by(LoadBalancerFact::TargetGone)))
            }
            (Some(case), _) if goes_on(&case) => (None, None),
            (Some(case), Some(_)) => {
                let unknown = case.onward.as_deref().filter(|onward| onward.is_unknown()).cloned();
                (Some(case), unknown)
            }
            (Some(case), None) => (Some(case), None),
            (None, _) => (None, None),
        };
    }

    /// The cases of the connection, if it began now, in which a proxy takes it.
    fn begun_now(&self, network: &Network) -> Vec<Case> {
        let source_ports = self.asked.source_port().map_or(self.connection.source_ports, PortRange::single);
        let cases = trace(network, &Connection { source_ports, ..self.connection.clone() }).cases;
        cases.into_iter().filter(|case| case.onward.is_some()).collect()
    }

    /// Notes that a packet of a burst arrived at `now`: a request goes where requests go now. What only acknowledges or ends
    /// belongs to those before.
    pub(super) fn note_request(&mut self, burst: usize, now: u64) {
        if self.routes.next.is_none() || self.routes.asked != self.epoch {
            return; // nearly always
        }
        let asks = |burst: &Burst| {
            burst.origin.is_some() || burst.flags.iter().any(|flags| flags.0 & TcpFlags::PSH.0 != 0)
        };
        let is_taken = self.known.onward.is_some() || !self.routes.taken.is_empty();
        if is_taken && !self.bursts.get(burst).is_some_and(asks) {
            return;
        }
        if let Some(case) = self.routes.next.take() {
            let (epoch, at) = (self.epoch, Duration::from_millis(now));
            self.routes.taken.push(Rerouted { epoch, at, case });
        }
    }

    /// Where the proxy that took the connection sent requests after the beginning, in the order of time.
    pub fn take_rerouted(&mut self) -> Vec<Rerouted> {
        std::mem::take(&mut self.routes.taken)
    }
}

/// One of the cases: one that goes on as before, or else one that AWS chooses.
fn pick(mut all: Vec<Case>, name: &str, goes_on: impl Fn(&Case) -> bool) -> Option<Case> {
    let chosen = stable_hash(&["choice", name]) % (all.len().max(1) as u64);
    let chosen = all.iter().position(goes_on).or_else(|| usize::try_from(chosen).ok())?;
    (chosen < all.len()).then(|| all.swap_remove(chosen))
}
