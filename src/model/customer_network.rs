//! Networks on premises, or anywhere behind a VPN or Direct Connect.
//! AWS: <https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html>

use std::net::IpAddr;

use super::{Gateway, Identity, Index, Network};
use crate::net::Cidr;

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
    /// Whether `address` is one of its own.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidr_blocks.iter().any(|block| block.contains(address))
    }
}

impl Network {
    /// The customer network that has `address`: the one with the longest prefix, as routers choose.
    pub fn customer_network_of(&self, address: IpAddr) -> Option<Index<CustomerNetwork>> {
        let length = |network: &CustomerNetwork| {
            let blocks = network.cidr_blocks.iter().filter(|block| block.contains(address));
            blocks.map(|block| block.prefix_length()).max()
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
