//! Networks on premises, or anywhere behind a VPN or Direct Connect.
//! AWS: <https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html>

use std::net::IpAddr;

use super::{Gateway, Identity, Index, Network};
use crate::net::{Cidr, is_private};

/// Addresses behind gateways that lead to no VPC and not to the internet.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerNetwork {
    /// Name and id.
    pub identity: Identity,
    /// Its blocks.
    pub cidr_blocks: Vec<Cidr>,
    /// The gateways it is connected to.
    pub via: Vec<Index<Gateway>>,
}

impl CustomerNetwork {
    /// Whether `address` is one of its own, and not one of the internet to which its default route leads.
    pub fn has(&self, address: IpAddr) -> bool {
        self.cidr_blocks.iter().any(|block| holds(block, address))
    }

    /// Whether `address` is one to which it leads.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidr_blocks.iter().any(|block| block.contains(address))
    }
}

/// Whether a block has `address`. Whoever announces the default route does not have the internet.
fn holds(block: &Cidr, address: IpAddr) -> bool {
    block.contains(address) && (!block.is_everything() || is_private(address))
}

impl Network {
    /// The customer network that has `address`: the one with the longest prefix, as routers choose.
    pub fn customer_network_of(&self, address: IpAddr) -> Option<Index<CustomerNetwork>> {
        let length = |network: &CustomerNetwork| {
            let is_own = |block: &&Cidr| holds(block, address);
            let blocks = network.cidr_blocks.iter().filter(is_own);
            blocks.map(Cidr::prefix_length).max()
        };
        let holders = self.customer_networks.enumerate();
        let holders = holders.filter_map(|(index, network)| Some((length(network)?, index)));
        // Of equal ones the first.
        holders.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, index)| index)
    }

    /// The customer networks behind a gateway.
    pub fn customer_networks_behind(
        &self,
        gateway: Index<Gateway>,
    ) -> impl Iterator<Item = (Index<CustomerNetwork>, &CustomerNetwork)> {
        self.customer_networks.enumerate().filter(move |(_, network)| network.via.contains(&gateway))
    }
}
