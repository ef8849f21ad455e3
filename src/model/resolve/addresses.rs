//! Interfaces and their addresses.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>

use std::collections::HashMap;
use std::net::IpAddr;

use super::{Resolver, default_of, place_of};
use crate::diagnostic::{Located, Origin, problems};
use crate::model::inventory;
use crate::model::network::Subnet;
use crate::model::{Index, Network, NetworkInterface, PrivateAddress, SecurityGroup};
use crate::net::{Cidr, Family, is_private};

/// Number of addresses that AWS reserves at the start of every subnet; the last one is reserved too.
const RESERVED_AT_START: u32 = 4;

/// Where each address was first assigned, and to whom.
type Assigned = HashMap<(usize, IpAddr), (String, Option<Origin>)>;

impl Resolver<'_, '_> {
    /// Resolves all interfaces; those that state no address get the lowest free one of their subnet.
    pub(super) fn network_interfaces(&mut self, network: &mut Network) {
        let inventory = self.inventory;
        if self.problems.has_errors() {
            return; // indices of subnets and groups would point at the wrong things
        }
        let mut assigned = Assigned::new();
        let mut pending = Vec::new();
        for interface in &inventory.network_interfaces {
            let Some(subnet) = self.names.subnets.find(&interface.subnet, self.problems) else { continue };
            let subnet = Index::new(subnet);
            self.claim_addresses(interface, &network.subnets[subnet], subnet, network, &mut assigned);
            pending.push((interface, subnet));
        }
        let mut cursors: HashMap<Index<Subnet>, u32> = HashMap::new();
        for (interface, subnet) in pending {
            let primary = match &interface.private_ip {
                Some(address) => Some(address.value),
                None => self.free_address(interface, subnet, network, &mut assigned, &mut cursors),
            };
            let groups = self.groups_of(interface, subnet, network);
            let instance =
                interface.instance.as_ref().and_then(|owner| self.names.instances.find(owner, self.problems));
            let resolved = build(interface, subnet, primary, groups, instance.map(Index::new));
            self.enter(resolved, interface, network);
        }
    }

    fn claim_addresses(
        &mut self,
        interface: &inventory::NetworkInterface,
        subnet: &Subnet,
        index: Index<Subnet>,
        network: &Network,
        assigned: &mut Assigned,
    ) {
        let own = interface.private_ip.iter();
        let secondary = interface.secondary_private_ips.iter().map(|secondary| &secondary.private_ip);
        for address in own.chain(secondary).chain(&interface.ipv6_addresses) {
            self.claim(address, interface, subnet, network.subnets[index].vpc.position(), assigned);
        }
        for prefix in &interface.prefixes {
            if !subnet.cidr_blocks.iter().any(|block| block.covers(&prefix.value)) {
                let of = format!("subnet `{}`", subnet.identity.name);
                let blocks = super::join(&subnet.cidr_blocks);
                self.problems.push(problems::outside_block(prefix.origin, prefix.value, blocks, &of));
            }
        }
    }

    fn claim(
        &mut self,
        address: &Located<IpAddr>,
        interface: &inventory::NetworkInterface,
        subnet: &Subnet,
        vpc: usize,
        assigned: &mut Assigned,
    ) {
        let Some(block) = subnet.cidr_blocks.iter().find(|block| block.contains(address.value)) else {
            let of = format!("subnet `{}`", subnet.identity.name);
            let blocks = super::join(&subnet.cidr_blocks);
            self.problems.push(problems::outside_block(address.origin, address.value, blocks, &of));
            return;
        };
        if is_reserved(block, address.value) {
            self.problems.push(problems::reserved_address(
                address.origin,
                address.value,
                &subnet.identity.name,
            ));
        }
        let owner = (interface.identity.name.clone(), address.origin);
        if let Some((other, there)) = assigned.insert((vpc, address.value), owner) {
            self.problems.push(problems::address_in_use(address.origin, address.value, &other, there));
        }
    }

    /// The lowest free IPv4 address of the subnet; `None` without a diagnostic when it is IPv6-only.
    fn free_address(
        &mut self,
        interface: &inventory::NetworkInterface,
        index: Index<Subnet>,
        network: &Network,
        assigned: &mut Assigned,
        cursors: &mut HashMap<Index<Subnet>, u32>,
    ) -> Option<IpAddr> {
        let subnet = &network.subnets[index];
        let block = subnet.cidr_blocks.iter().find(|block| block.family() == Family::V4)?;
        let cursor = cursors.entry(index).or_insert(RESERVED_AT_START);
        let vpc = subnet.vpc.position();
        while let Some(address) = block.nth(*cursor) {
            *cursor += 1;
            if !is_reserved(block, address) && !assigned.contains_key(&(vpc, address)) {
                assigned.insert((vpc, address), (interface.identity.name.clone(), interface.identity.origin));
                return Some(address);
            }
        }
        let (name, subnet) = (&interface.identity.name, &subnet.identity.name);
        self.problems.push(problems::subnet_full(interface.identity.origin, name, subnet));
        None
    }

    fn groups_of(
        &mut self,
        interface: &inventory::NetworkInterface,
        subnet: Index<Subnet>,
        network: &Network,
    ) -> Vec<Index<SecurityGroup>> {
        let vpc = network.subnets[subnet].vpc;
        let groups = &network.security_groups;
        let Some(references) = &interface.security_groups else {
            let written = self.inventory.security_groups.len();
            let default =
                default_of(groups, written, vpc, |group| group.vpc, "default", |group| &group.identity);
            return default.into_iter().collect();
        };
        let mut found = Vec::new();
        for reference in references {
            let index = self.names.security_groups.find_or_default(
                reference,
                groups,
                |group| &group.identity,
                self.problems,
            );
            let index = self.same_vpc(
                index,
                reference,
                vpc,
                |group| groups[group].vpc,
                &network.vpcs,
                "security group",
            );
            found.extend(index.filter(|index| !found.contains(index)));
        }
        found
    }

    /// Adds an interface and enters its addresses into the network's index.
    fn enter(
        &mut self,
        resolved: NetworkInterface,
        read: &inventory::NetworkInterface,
        network: &mut Network,
    ) {
        let vpc = network.subnets[resolved.subnet].vpc;
        let index = network.network_interfaces.push(resolved);
        let interface = &network.network_interfaces[index];
        let private = interface.private_ip_addresses.iter().map(|own| own.private_ip);
        for address in private.chain(interface.ipv6_addresses.iter().copied()) {
            network.addresses.private.insert((vpc, address), index);
        }
        network.addresses.prefixes.extend(interface.prefixes.iter().map(|prefix| (vpc, *prefix, index)));
        for own in &interface.private_ip_addresses {
            let Some(public) = own.public_ip else { continue };
            if let Some((other, _)) = network.addresses.public.insert(public, (index, own.private_ip)) {
                let at = place_of(public_origin(read, public), read.identity.origin);
                let owner = &network.network_interfaces[other].identity.name;
                self.problems.push(problems::address_in_use(at, public, owner, None));
            }
            if is_private(public) {
                let at = place_of(public_origin(read, public), read.identity.origin);
                let message = format!("{public} is a private address, not a public one");
                self.problems.push(problems::invalid_value(at, message, "state a public IPv4 address"));
            }
        }
    }
}

fn build(
    read: &inventory::NetworkInterface,
    subnet: Index<Subnet>,
    primary: Option<IpAddr>,
    security_groups: Vec<Index<SecurityGroup>>,
    instance: Option<Index<crate::model::Instance>>,
) -> NetworkInterface {
    let value = |address: &Option<Located<IpAddr>>| address.as_ref().map(|address| address.value);
    let primary = primary.map(|private_ip| PrivateAddress { private_ip, public_ip: value(&read.public_ip) });
    let secondary = read.secondary_private_ips.iter().map(|secondary| PrivateAddress {
        private_ip: secondary.private_ip.value,
        public_ip: value(&secondary.public_ip),
    });
    NetworkInterface {
        identity: read.identity.clone(),
        subnet,
        instance,
        security_groups,
        private_ip_addresses: primary.into_iter().chain(secondary).collect(),
        ipv6_addresses: read.ipv6_addresses.iter().map(|address| address.value).collect(),
        prefixes: read.prefixes.iter().map(|prefix| prefix.value).collect(),
        source_dest_check: read.source_dest_check,
    }
}

fn is_reserved(block: &Cidr, address: IpAddr) -> bool {
    address == block.last() || (0..RESERVED_AT_START).any(|offset| block.nth(offset) == Some(address))
}

fn public_origin(read: &inventory::NetworkInterface, public: IpAddr) -> Option<Origin> {
    let secondary = read.secondary_private_ips.iter().filter_map(|secondary| secondary.public_ip.as_ref());
    let mut all = read.public_ip.iter().chain(secondary);
    all.find(|address| address.value == public).and_then(|address| address.origin)
}
