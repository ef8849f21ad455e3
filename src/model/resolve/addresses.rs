//! Interfaces and their addresses.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;

use super::Resolver;
use super::interfaces::build;
use crate::diagnostic::{Located, Origin, problems};
use crate::model::inventory;
use crate::model::network::{Subnet, Vpc};
use crate::model::{Card, Identity, Index, KeyedMap, Network, NetworkInterface, SecurityGroup, Stray};
use crate::net::{Cidr, Family, is_private};

/// Number of addresses that AWS reserves at the start of every subnet; the last one is reserved too.
const RESERVED_AT_START: u32 = 4;

/// Where each address was first assigned, and to whom.
type Assigned<'a> = KeyedMap<(usize, IpAddr), (&'a Identity, Option<Origin>)>;

impl<'a> Resolver<'a, '_> {
    /// Resolves all interfaces; those that state no address get the lowest free one of their subnet.
    pub(super) fn network_interfaces(&mut self, network: &mut Network) {
        let inventory = self.inventory;
        if network.subnets.len() != inventory.subnets.len() {
            return; // indices of subnets would point at the wrong ones
        }
        let mut assigned = Assigned::default();
        assigned.reserve(inventory.network_interfaces.len());
        let mut pending = Vec::with_capacity(inventory.network_interfaces.len());
        for interface in &inventory.network_interfaces {
            let Some(subnet) = self.names.subnets.find(&interface.subnet, self.problems) else { continue };
            let subnet = Index::new(subnet);
            self.claim_addresses(interface, &network.subnets[subnet], subnet, network, &mut assigned);
            pending.push((interface, subnet));
        }
        let mut cursors: HashMap<Index<Subnet>, u32> = HashMap::new();
        let mut first_subnets: HashMap<usize, Index<Subnet>> = HashMap::new();
        let plain: Vec<Option<NetworkInterface>> = self.plain_interfaces(&pending, network);
        for ((interface, subnet), plain) in pending.into_iter().zip(plain) {
            if let Some(resolved) = plain {
                self.enter(resolved, interface, network);
                continue;
            }
            let primary = match &interface.private_ip {
                Some(address) => Some(address.value),
                None if self.observed => None,
                None => self.free_address(interface, subnet, network, &mut assigned, &mut cursors),
            };
            let groups = self.groups_of(interface, subnet, network);
            let instance = interface.instance.as_ref().and_then(|owner| self.instance(owner));
            self.check_instance(interface, subnet, instance, network, &mut first_subnets);
            let mut resolved = build(interface, subnet, primary, groups, instance.map(Index::new));
            resolved.source_dest_check = interface.source_dest_check.or((!self.observed).then_some(true));
            self.check_families(interface, &resolved);
            self.enter(resolved, interface, network);
        }
        self.strays(network);
    }

    /// Enters public addresses that no interface has. What an interface has without the private address that belongs to
    /// it is one of them.
    fn strays(&mut self, network: &mut Network) {
        let inventory = self.inventory;
        let half_known = inventory
            .network_interfaces
            .iter()
            .filter(|card| self.observed && card.private_ip.is_none())
            .filter_map(|card| card.public_ip.as_ref());
        let unplaced = half_known.chain(&inventory.unplaced_public_ips).map(|own| (own, Stray::Unplaced));
        inventory.public_ipv4_pools.iter().for_each(|pool| network.addresses.enter_pool(pool.value));
        let unassociated = inventory.unassociated_public_ips.iter().map(|own| (own, Stray::Unassociated));
        for (public, stray) in unplaced.chain(unassociated) {
            match network.addresses.behind(public.value) {
                None => network.addresses.enter_stray(public.value, stray),
                Some((owner, _)) => {
                    let owner = network.network_interfaces[owner].identity.said(self.observed);
                    self.problems.push(problems::address_in_use(public.origin, public.value, owner, None));
                }
            }
        }
    }

    /// The instance that `owner` names; one that was not collected is as good as none.
    fn instance(&mut self, owner: &inventory::Reference) -> Option<usize> {
        if self.observed {
            self.names.instances.get(&owner.value)
        } else {
            self.names.instances.find(owner, self.problems)
        }
    }

    fn claim_addresses(
        &mut self,
        interface: &'a inventory::NetworkInterface,
        subnet: &Subnet,
        index: Index<Subnet>,
        network: &Network,
        assigned: &mut Assigned<'a>,
    ) {
        let own = interface.private_ip.iter();
        let secondary = interface.secondary_private_ips.iter().map(|secondary| &secondary.private_ip);
        for address in own.chain(secondary).chain(&interface.ipv6_addresses) {
            self.claim(address, interface, subnet, network.subnets[index].vpc.position(), assigned);
        }
        for prefix in &interface.prefixes {
            let unbounded = self.observed && subnet.cidr_blocks.is_empty();
            if !unbounded
                && !self.problems.concern(subnet.identity.origin)
                && !subnet.cidr_blocks.iter().any(|block| block.covers(&prefix.value))
            {
                let of = format!("subnet `{}`", subnet.identity.said(self.observed));
                let blocks = super::join(&subnet.cidr_blocks);
                self.problems.push(problems::outside_block(prefix.origin, prefix.value, blocks, &of));
            } else {
                self.claim_prefix(prefix, interface, subnet, assigned);
            }
        }
    }

    /// A delegated prefix has a fixed size, and all its addresses are the interface's own.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html>
    fn claim_prefix(
        &mut self,
        prefix: &Located<Cidr>,
        interface: &'a inventory::NetworkInterface,
        subnet: &Subnet,
        assigned: &mut Assigned<'a>,
    ) {
        let (family, length) = (prefix.value.family(), prefix.value.prefix_length());
        if (family, length) != (Family::V4, 28) && (family, length) != (Family::V6, 80) {
            let message = format!("{} is not of the size of a delegated prefix", prefix.value);
            let help = "AWS delegates /28 prefixes of IPv4 and /80 prefixes of IPv6";
            self.problems.push(problems::invalid_value(prefix.origin, message, help));
            return;
        }
        let vpc = subnet.vpc.position();
        let owner = &interface.identity;
        // The first address stands for an IPv6 prefix; two of one size overlap only when they are the same.
        let count = if family == Family::V4 { 16 } else { 1 };
        let addresses = (0..count).filter_map(|offset| prefix.value.nth(offset));
        let taken = addresses.filter_map(|address| {
            let other = assigned.insert((vpc, address), (owner, prefix.origin));
            other.filter(|(other, _)| *other != owner).map(|other| (address, other))
        });
        if let Some((address, (other, there))) = taken.collect::<Vec<_>>().into_iter().next() {
            let other = other.said(self.observed);
            self.problems.push(problems::address_in_use(prefix.origin, address, other, there));
        }
    }

    fn claim(
        &mut self,
        address: &Located<IpAddr>,
        interface: &'a inventory::NetworkInterface,
        subnet: &Subnet,
        vpc: usize,
        assigned: &mut Assigned<'a>,
    ) {
        let Some(block) = subnet.cidr_blocks.iter().find(|block| block.contains(address.value)) else {
            let unbounded = self.observed && subnet.cidr_blocks.is_empty();
            if unbounded || self.problems.concern(subnet.identity.origin) {
                return; // its blocks are not known, or will change
            }
            let of = format!("subnet `{}`", subnet.identity.said(self.observed));
            let blocks = super::join(&subnet.cidr_blocks);
            self.problems.push(problems::outside_block(address.origin, address.value, blocks, &of));
            return;
        };
        if !self.observed && is_reserved(block, address.value) {
            self.problems.push(problems::reserved_address(
                address.origin,
                address.value,
                &subnet.identity.name,
            ));
        }
        match assigned.entry((vpc, address.value)) {
            Entry::Vacant(free) => {
                free.insert((&interface.identity, address.origin));
            }
            Entry::Occupied(taken) => {
                let (other, there) = taken.get();
                let other = other.said(self.observed);
                self.problems.push(problems::address_in_use(address.origin, address.value, other, *there));
            }
        }
    }

    /// The lowest free IPv4 address of the subnet; `None` without a diagnostic when it is IPv6-only.
    fn free_address(
        &mut self,
        interface: &'a inventory::NetworkInterface,
        index: Index<Subnet>,
        network: &Network,
        assigned: &mut Assigned<'a>,
        cursors: &mut HashMap<Index<Subnet>, u32>,
    ) -> Option<IpAddr> {
        let subnet = &network.subnets[index];
        if self.problems.concern(subnet.identity.origin) {
            return None;
        }
        let block = subnet.cidr_blocks.iter().find(|block| block.family() == Family::V4)?;
        let cursor = cursors.entry(index).or_insert(RESERVED_AT_START);
        let vpc = subnet.vpc.position();
        while let Some(address) = block.nth(*cursor) {
            *cursor += 1;
            if !is_reserved(block, address) && !assigned.contains_key(&(vpc, address)) {
                assigned.insert((vpc, address), (&interface.identity, interface.identity.origin));
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
        let Some(references) = &interface.security_groups else {
            self.check_default_group(interface, &network.vpcs[vpc].account);
            return self.defaults_of(vpc).security_group.into_iter().collect();
        };
        self.groups_named(references, vpc, network)
    }

    /// The groups of `vpc` that are named, each once.
    pub(super) fn groups_named(
        &mut self,
        references: &[inventory::Reference],
        vpc: Index<Vpc>,
        network: &Network,
    ) -> Vec<Index<SecurityGroup>> {
        let groups = &network.security_groups;
        let written = self.inventory.security_groups.len();
        let mut found = Vec::new();
        for reference in references {
            let external = self.external_groups.get(&reference.value).copied();
            let index = external.or_else(|| {
                self.names.security_groups.find_or_default(
                    reference,
                    groups,
                    written,
                    |group| &group.identity,
                    self.problems,
                )
            });
            let index = self.same_vpc(
                index,
                reference,
                vpc,
                |group| if groups[group].is_of(vpc) { vpc } else { groups[group].vpc },
                &network.vpcs,
                "security group",
            );
            found.extend(index.filter(|index| !found.contains(index)));
        }
        found
    }

    /// AWS: an interface and its instance are in one Availability Zone.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html>
    fn check_instance(
        &mut self,
        interface: &inventory::NetworkInterface,
        subnet: Index<Subnet>,
        instance: Option<usize>,
        network: &Network,
        first_subnets: &mut HashMap<usize, Index<Subnet>>,
    ) {
        let Some(instance) = instance else { return };
        let zone_of = |subnet: Index<Subnet>| network.subnets[subnet].availability_zone_id.as_str();
        if self.observed {
            return;
        }
        let zone = zone_of(subnet);
        let first = zone_of(*first_subnets.entry(instance).or_insert(subnet));
        if first != zone {
            let name = interface.instance.as_ref().map(|owner| owner.value.as_str()).unwrap_or_default();
            let message = format!("instance `{name}` is in zone {first}, this interface in {zone}");
            let help = "the interfaces of an instance are in one Availability Zone";
            self.problems.push(problems::mismatch(interface.subnet.origin, message, help));
        }
    }

    /// AWS maps public IPv4 addresses to private ones, so there must be one; an interface without any address cannot be.
    fn check_families(&mut self, read: &inventory::NetworkInterface, resolved: &NetworkInterface) {
        if self.observed || resolved.primary_address(Family::V4).is_some() {
            return;
        }
        let subnet =
            self.names.subnets.get(&read.subnet.value).and_then(|subnet| self.inventory.subnets.get(subnet));
        let places =
            [read.identity.origin, read.subnet.origin, subnet.and_then(|subnet| subnet.identity.origin)];
        let has_error = places.into_iter().any(|place| self.problems.concern(place));
        if has_error {
            return;
        }
        let name = &read.identity.name;
        let public = read.public_ip.as_ref().map(|public| (public.origin, "a public IPv4 address"));
        let secondary = read
            .secondary_private_ips
            .first()
            .map(|second| (second.private_ip.origin, "a secondary private address"));
        match public.or(secondary) {
            Some((at, what)) => {
                let message = format!("`{name}` has {what}, and no primary private one");
                self.problems.push(problems::mismatch(at, message, "give its subnet an IPv4 block"));
            }
            None if resolved.ipv6_addresses.is_empty() && !self.is_full(read) => {
                self.problems.push(problems::no_address(read.identity.origin, name));
            }
            None => {}
        }
    }

    /// Whether its subnet has IPv4 and was found full, which is told.
    fn is_full(&self, read: &inventory::NetworkInterface) -> bool {
        let subnet =
            self.names.subnets.get(&read.subnet.value).and_then(|subnet| self.inventory.subnets.get(subnet));
        subnet.is_none_or(|subnet| subnet.cidr_blocks.iter().any(|block| block.value.family() == Family::V4))
    }

    /// Adds an interface and enters its addresses into the network's index.
    fn enter(
        &mut self,
        resolved: NetworkInterface,
        read: &inventory::NetworkInterface,
        network: &mut Network,
    ) {
        let vpc = network.subnets[resolved.subnet].vpc;
        let instance = resolved.instance;
        network.cards.push(Card::of(network, &resolved));
        let index = network.network_interfaces.push(resolved);
        if let Some(instance) = instance.and_then(|instance| network.instances.get_mut(instance)) {
            instance.network_interfaces.push(index);
        }
        let interface = &network.network_interfaces[index];
        let private = interface.private_ip_addresses.iter().map(|own| own.private_ip);
        for address in private.chain(interface.ipv6_addresses.iter().copied()) {
            let displaced = network.addresses.enter(vpc, address, index);
            if let Some(card) =
                displaced.and_then(|other| network.cards.get_mut(Index::new(other.position())))
            {
                card.lose_primary();
            }
        }
        interface.prefixes.iter().for_each(|prefix| network.addresses.enter_prefix(vpc, *prefix, index));
        for own in &interface.private_ip_addresses {
            let Some(public) = own.public_ip else { continue };
            match network.addresses.enter_public(public, index, own.private_ip) {
                Ok(()) => {}
                Err(other) => {
                    let at = public_origin(read, public).or(read.identity.origin);
                    let owner = &network.network_interfaces[other].identity;
                    let there = self.names.network_interfaces.get(&owner.id);
                    let there = there.and_then(|there| self.inventory.network_interfaces.get(there));
                    let there = there.and_then(|there| public_origin(there, public));
                    self.problems.push(problems::address_in_use(
                        at,
                        public,
                        owner.said(self.observed),
                        there,
                    ));
                }
            }
            let broadcast = matches!(public, IpAddr::V4(v4) if v4.is_broadcast());
            if !self.observed && (is_private(public) || public.is_multicast() || broadcast) {
                let at = public_origin(read, public).or(read.identity.origin);
                let message = format!("{public} is not a public address");
                self.problems.push(problems::invalid_value(at, message, "state a public IPv4 address"));
            }
        }
    }
}

fn is_reserved(block: &Cidr, address: IpAddr) -> bool {
    address == block.last() || (0..RESERVED_AT_START).any(|offset| block.is_nth(offset, address))
}

fn public_origin(read: &inventory::NetworkInterface, public: IpAddr) -> Option<Origin> {
    let secondary = read.secondary_private_ips.iter().filter_map(|secondary| secondary.public_ip.as_ref());
    let mut all = read.public_ip.iter().chain(secondary);
    all.find(|address| address.value == public).and_then(|address| address.origin)
}
