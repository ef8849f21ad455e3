//! What becomes of a connection at a proxy whose configuration changes: a load balancer closes it when its listener is deleted,
//! and what VPC Lattice does with later requests may not be known.

use super::conversation::{Conversation, Peer};
use crate::model::{LegKind, Network};
use crate::net::{Header, Protocol};
use crate::walk::{Arrival, DecidedBy, LatticeFact, Leg, closes_with_listener, doubted, in_doubt};

/// What became of a connection at the proxy that took it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AtProxy {
    /// Whether it has closed the connection, so that nobody answers.
    pub(super) is_closed: bool,
    /// Whether it did so at any time.
    was_closed: bool,
    /// Whether nobody knows if it still has the connection.
    is_doubtful: bool,
}

impl Conversation<'_> {
    /// Closes the connection at the time `now` if `network` has no more listener at the proxy that took it. What is simulated
    /// ends there: both ends know of it. Stated requests are sent as they are stated, and nobody answers them.
    /// Assumed: listener-closes.
    pub(super) fn close_with_listener(&mut self, network: &Network, now: u64) {
        let taken = match self.peer {
            Peer::Known(at, header) => Some((at, header)),
            Peer::None => self.server.filter(|_| self.is_asked),
            Peer::Gone => None,
        };
        let Some((at, header)) = taken.filter(|_| self.asked.protocol == Protocol::TCP) else { return };
        self.proxy.is_doubtful |=
            doubted(network, at, &header, self.remembered.memory()) == Some(LatticeFact::ListenerDeleted);
        if closes_with_listener(network, at, &header) {
            self.peer = Peer::Gone;
            (self.proxy.is_closed, self.proxy.was_closed) = (true, true);
            self.closed = self.closed.or(Some(now));
            if self.setback.notices() {
                self.give_up();
            }
        }
    }

    /// Somebody opens the connection anew, to whoever is there now.
    pub(super) fn open_anew(&mut self) {
        if self.peer == Peer::Gone {
            (self.peer, self.settled) = (Peer::None, [None; 2]);
        }
        if self.proxy.is_doubtful {
            self.settled = [None; 2];
        }
        (self.proxy.is_closed, self.proxy.is_doubtful) = (false, false);
    }

    /// The way of a packet that would go by `leg`, where it is not known what VPC Lattice does with it. To a request that a
    /// policy judges it answers in either case.
    pub(super) fn doubted(&self, kind: LegKind, leg: Leg, network: &Network) -> Leg {
        let end = if kind == LegKind::Forward { leg.arrival } else { self.server };
        match end.and_then(|end| Some((end, self.doubt(end, network)?))) {
            Some((_, LatticeFact::AuthPolicy)) if kind == LegKind::Reverse => leg,
            Some((end, fact)) => in_doubt(fact, kind, leg, end),
            None => leg,
        }
    }

    /// Why it is not known what VPC Lattice does with packets of a connection that came to `at`. A policy that was there
    /// from the beginning makes the whole connection unknown, and is told of there.
    fn doubt(&self, (at, header): (Arrival, Header), network: &Network) -> Option<LatticeFact> {
        if !matches!(at, Arrival::Service(_)) {
            return None;
        }
        if self.proxy.is_doubtful {
            return Some(LatticeFact::ListenerDeleted);
        }
        let known = self.known.onward.as_ref().map(|onward| onward.checkpoint.decided_by);
        let is_new = |fact: &LatticeFact| known != Some(DecidedBy::Lattice(*fact));
        doubted(network, at, &header, self.remembered.memory()).filter(is_new)
    }

    /// Whether packets on a leg have nothing to do with whoever is behind a proxy, for all that is known: the connection is
    /// closed, or what is answered may be the proxy's own.
    pub(super) fn stays_at_proxy(&self, kind: LegKind) -> bool {
        let network = || Some(self.epochs.get(self.epoch)?.network);
        let is_answer = || self.doubt(self.server?, network()?);
        let is_unknown = || self.routes.are_unknown() || is_answer().is_some();
        self.peer == Peer::Gone || kind == LegKind::Reverse && is_unknown()
    }

    /// Whether a simulated server knows of no request that it could answer, because nothing is known of the last one. VPC
    /// Lattice answers by itself.
    pub(super) fn answers_in_doubt(&self, network: &Network) -> bool {
        !self.is_doubted || self.server.is_some_and(|end| self.doubt(end, network).is_some())
    }

    /// Whether a proxy closed the connection before all was sent.
    pub const fn was_closed(&self) -> bool {
        self.proxy.was_closed
    }
}
