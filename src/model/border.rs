//! What every walk asks about a subnet, in one line of the processor's cache, as [`Card`](super::Card) has it for an
//! interface. It answers for the usual packet; what it does not know, the subnet and its tables do.

use std::net::{IpAddr, Ipv4Addr};

use super::network::Vpc;
use super::{Arena, Index, NetworkAcl, RouteTable, Subnet};
use crate::net::{Cidr, Family};

/// A subnet as walks see it. Made of what the network holds, and says nothing else.
#[derive(Debug, Clone, PartialEq)]
#[repr(align(64))]
pub(crate) struct Border {
    pub(crate) vpc: Index<Vpc>,
    pub(crate) network_acl: Index<NetworkAcl>,
    pub(crate) route_table: Index<RouteTable>,
    /// Its IPv4 block, if it has just one.
    own: Option<Block>,
    /// An IPv4 block for which the local route at this position is taken, whatever the others are.
    local: Option<(Block, u32)>,
}

/// A block of IPv4 addresses: they have these bits where `mask` has ones.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Block {
    bits: u32,
    mask: u32,
}

impl Block {
    fn of(block: Cidr) -> Option<Self> {
        let IpAddr::V4(first) = block.first() else { return None };
        let length = u32::from(block.prefix_length());
        Some(Self { bits: first.into(), mask: u32::MAX.checked_shl(u32::BITS - length).unwrap_or(0) })
    }

    fn contains(self, address: Ipv4Addr) -> bool {
        (u32::from(address) ^ self.bits) & self.mask == 0
    }
}

impl Border {
    /// The border of a subnet.
    pub(crate) fn of(subnet: &Subnet, route_tables: &Arena<RouteTable>) -> Self {
        let mut blocks = subnet.cidr_blocks.iter().filter(|block| block.family() == Family::V4);
        let table = &route_tables[subnet.route_table];
        let mut settled = table.settled.iter().filter(|_| table.is_known_throughout());
        let block =
            |(block, position): &(Cidr, usize)| Some((Block::of(*block)?, u32::try_from(*position).ok()?));
        Self {
            vpc: subnet.vpc,
            network_acl: subnet.network_acl,
            route_table: subnet.route_table,
            own: blocks.next().filter(|_| blocks.next().is_none()).and_then(|block| Block::of(*block)),
            local: settled.find_map(block),
        }
    }

    /// Whether `address` lies in a block of the subnet, if the border knows.
    #[inline]
    pub(crate) fn contains(&self, address: IpAddr) -> Option<bool> {
        let IpAddr::V4(address) = address else { return None };
        self.own.map(|own| own.contains(address))
    }

    /// Whether `address` is the subnet's router, the second of its block, if the border knows.
    #[inline]
    pub(crate) fn is_router(&self, address: IpAddr) -> Option<bool> {
        let IpAddr::V4(address) = address else { return None };
        self.own.map(|own| own.contains(address) && u32::from(address).wrapping_sub(own.bits) == 1)
    }

    /// The position of the local route to `destination`, if the border knows that it is taken.
    #[inline]
    pub(crate) fn local_route(&self, destination: IpAddr) -> Option<usize> {
        let (IpAddr::V4(destination), Some((block, position))) = (destination, self.local) else {
            return None;
        };
        block.contains(destination).then_some(position as usize)
    }
}
