//! Whom a packet is for, and who has its destination.

use std::net::Ipv4Addr;

use super::Observe;
use super::leg::Walker;
use crate::model::{Index, Network, NetworkInterface, Vpc};

/// An interface that a packet may be for. It is looked up when the walk begins, long before it is needed, so that the
/// processor has fetched it by then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Toward {
    interface: Index<NetworkInterface>,
    vpc: Index<Vpc>,
    primary: Option<Ipv4Addr>,
}

impl Toward {
    /// The interface.
    pub(super) const fn interface(self) -> Index<NetworkInterface> {
        self.interface
    }

    pub(super) fn of(network: &Network, interface: Index<NetworkInterface>) -> Self {
        let card = network.card(interface);
        Self { interface, vpc: card.vpc, primary: card.primary() }
    }
}

impl<O: Observe> Walker<'_, O> {
    /// The interface of `vpc` that has the destination.
    pub(super) fn receiver(&self, vpc: Index<Vpc>) -> Option<Index<NetworkInterface>> {
        let destination = self.header.destination;
        let is_there = |toward: &Toward| {
            toward.vpc == vpc && toward.primary.is_some_and(|primary| destination == primary)
        };
        let toward = self.toward.filter(is_there).map(|toward| toward.interface);
        toward.or_else(|| self.network.interface_at(vpc, destination))
    }
}
