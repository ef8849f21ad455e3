//! An address on the internet that nothing in the network names more closely than `/0`.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::network_acl::NetworkAcl;
use crate::model::{Network, SecurityGroup};
use crate::net::{AddressMatch, Cidr, Direction, Family, Match, is_private};

impl Network {
    /// An address of the internet that no rule, route or list names more closely than `/0`.
    pub(super) fn somewhere(&self, family: Family) -> IpAddr {
        // When rules name the whole internet in pieces, no address is free, and any will do.
        const MOST_TRIED: usize = 4096;
        let named = || self.named_blocks().filter(|block| !block.is_everything());
        // Nobody names the blocks for documentation, so that the blocks of a network are seldom worth collecting.
        let first = match family {
            Family::V4 => IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)),
            Family::V6 => IpAddr::V6(documentation_v6(0xffff)),
        };
        if !named().any(|block| block.contains(first)) && !self.has_public_ip(first) {
            return first;
        }
        let named: BTreeSet<Cidr> = named().collect();
        let free = |address: &IpAddr| {
            !named.iter().any(|block| block.contains(*address)) && !self.has_public_ip(*address)
        };
        // The blocks for documentation come first (RFC 5737, RFC 3849), then every block in turn.
        match family {
            Family::V4 => {
                let documentation = [[198, 51, 100, 1], [203, 0, 113, 1], [192, 0, 2, 1]].map(Ipv4Addr::from);
                let others = (0x0100_0001..0xdf00_0000_u32).step_by(256).map(Ipv4Addr::from);
                let public = |address: &IpAddr| !is_private(*address);
                let mut all = documentation.into_iter().chain(others).map(IpAddr::V4).take(MOST_TRIED);
                all.find(|address| public(address) && free(address)).unwrap_or(first)
            }
            Family::V6 => {
                let all = (0..=0xffff).rev().map(documentation_v6).map(IpAddr::V6);
                let found = all.take(MOST_TRIED).find(|address| free(address));
                found.unwrap_or(IpAddr::V6(documentation_v6(0)))
            }
        }
    }

    /// Every block that a rule, a route or a VPC names.
    pub(super) fn named_blocks(&self) -> impl Iterator<Item = Cidr> + '_ {
        let groups = self.security_groups.iter().flat_map(group_tests).flat_map(blocks);
        let acls = self.network_acls.iter().flat_map(acl_tests).flat_map(blocks);
        let routes =
            self.route_tables.iter().flat_map(|table| table.routes.iter().map(|route| route.destination));
        let vpcs = self.vpcs.iter().flat_map(|vpc| vpc.cidr_blocks.iter().copied());
        let customers = self.customer_networks.iter().flat_map(|network| network.cidr_blocks.iter().copied());
        groups.chain(acls).chain(routes).chain(vpcs).chain(customers)
    }
}

/// An address of the numbered /48 of the block for documentation.
fn documentation_v6(block: u128) -> Ipv6Addr {
    Ipv6Addr::from((0x2001_0db8_u128 << 96) + (block << 80) + 1)
}

fn group_tests(group: &SecurityGroup) -> impl Iterator<Item = &Match> {
    Direction::BOTH.into_iter().flat_map(|direction| group.rules.get(direction)).map(|rule| &rule.test)
}

fn acl_tests(acl: &NetworkAcl) -> impl Iterator<Item = &Match> {
    Direction::BOTH.into_iter().flat_map(|direction| acl.entries.get(direction)).map(|entry| &entry.test)
}

fn blocks(test: &Match) -> impl Iterator<Item = Cidr> + '_ {
    [&test.source, &test.destination]
        .into_iter()
        .flat_map(|side| match side {
            AddressMatch::Any => [].iter(),
            AddressMatch::Within(cidr) => std::slice::from_ref(cidr).iter(),
            AddressMatch::WithinAny(list) => list.iter(),
        })
        .copied()
}
