//! What happens to a connection between its packets: the network changes, memory fades, and the connection ends.

use super::conversation::{Conversation, Peer};
use super::pauses::GRACE;
use super::spread::milliseconds;
use crate::model::{Endpoint, Network, TcpFlags};
use crate::net::Protocol;
use crate::walk::Arrival;

impl Conversation<'_> {
    /// Goes over to the network of the time `at`. Says whether that is another one.
    pub(super) fn enter_epoch(&mut self, at: u64) -> bool {
        let before = self.epoch;
        while let Some(next) = self.epochs.get(self.epoch + 1).filter(|next| milliseconds(next.from) <= at) {
            // What was forgotten before comes back by no change of a timeout.
            self.forget(milliseconds(next.from));
            let Some((before, network)) =
                self.epochs.get(self.epoch).map(|epoch| (epoch.numbering, epoch.network))
            else {
                break;
            };
            let after = next.numbering;
            let interface = |own| after.interfaces.own(before.interfaces.common(own));
            let end = |end, address| after.end(before, end, address);
            let is_here = |end| matches!(end, Endpoint::Interface(_));
            let from = end(self.connection.from, self.asked.source);
            self.is_gone |= is_here(self.connection.from) && !is_here(from);
            self.connection.from = from;
            self.connection.to = end(self.connection.to, self.asked.destination);
            let gateway = |own| after.gateways.own(before.gateways.common(own));
            let customer = |own| after.customer_networks.own(before.customer_networks.common(own));
            let arrival = |at| {
                Some(match at {
                    Arrival::Interface(own) => Arrival::Interface(interface(own)?),
                    Arrival::Service(own) => Arrival::Service(gateway(own)?),
                    Arrival::Reserved(row, own) => Arrival::Reserved(row, interface(own)?),
                    Arrival::Gateway(own, card) => Arrival::Gateway(gateway(own)?, interface(card)?),
                    Arrival::CustomerNetwork(own) => Arrival::CustomerNetwork(customer(own)?),
                    at @ (Arrival::Internet | Arrival::Mirror(_)) => at,
                })
            };
            self.server = self.server.and_then(|(at, header)| Some((arrival(at)?, header)));
            if let Peer::Known(at, header) = self.peer {
                self.peer = arrival(at).map_or(Peer::Gone, |at| Peer::Known(at, header));
            }
            self.remembered.keep_inspected((network, next.network), gateway);
            self.remembered.keep_idle_times((network, next.network), gateway);
            self.remembered = self.remembered.renumbered(before, after);
            self.settled = [None; 2];
            self.epoch += 1;
            self.stop_hosts(next.network);
            let of_lattice = matches!(from, Endpoint::Address(own) if next.network.was_of_lattice(own));
            self.is_gone |= of_lattice;
            self.close_with_listener(next.network, milliseconds(next.from));
        }
        self.epoch != before
    }

    /// A host that was stopped knows of no connection any more, even when it runs again.
    fn stop_hosts(&mut self, network: &Network) {
        let is_down = |card| network.instance_of(card).is_some_and(|host| host.running == Some(false));
        self.is_gone |= matches!(self.connection.from, Endpoint::Interface(card) if is_down(card));
        if matches!(self.peer, Peer::Known(Arrival::Interface(card), _) if is_down(card)) {
            self.peer = Peer::Gone;
        }
    }

    /// Forgets what was idle for too long, and everything once the connection is closed.
    pub(super) fn forget(&mut self, now: u64) {
        let Some(epoch) = self.epochs.get(self.epoch) else { return };
        if self.closed.is_some_and(|closed| now > closed.saturating_add(GRACE)) {
            self.remembered.close();
            (self.closed, self.finished, self.settled) = (None, [None; 2], [None; 2]);
        } else if self.remembered.expire(epoch.network, now) {
            self.settled = [None; 2];
        }
    }

    /// Notes that packets with `flags` went, the last at `at`: a reset ends the connection at once, and so do two ends that
    /// have both finished.
    pub(super) fn close_by(&mut self, flags: u8, leg: usize, arrives: bool, at: u64) {
        if self.asked.protocol != Protocol::TCP || !arrives {
            return;
        }
        if flags & TcpFlags::RST.0 != 0 {
            self.closed = self.closed.or(Some(at));
        }
        if let Some(finished) = self.finished.get_mut(leg).filter(|_| flags & TcpFlags::FIN.0 != 0) {
            *finished = finished.or(Some(at));
        }
        if let [Some(one), Some(other)] = self.finished {
            self.closed = self.closed.or(Some(one.max(other)));
        }
    }
}
