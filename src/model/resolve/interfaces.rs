//! Interfaces, resolved on many threads where nobody must be told anything.

use std::net::IpAddr;

use rayon::prelude::*;

use super::Resolver;
use crate::diagnostic::Located;
use crate::model::inventory;
use crate::model::network::Subnet;
use crate::model::{Index, Instance, Network, NetworkInterface, PrivateAddress, SecurityGroup};

impl Resolver<'_, '_> {
    /// On many threads, those interfaces of an answer of which nobody must be told anything; the others are `None`.
    pub(super) fn plain_interfaces(
        &self,
        all: &[(&inventory::NetworkInterface, Index<Subnet>)],
        network: &Network,
    ) -> Vec<Option<NetworkInterface>> {
        if !self.observed {
            return vec![None; all.len()];
        }
        let (external, groups, instances) =
            (&self.external_groups, &self.names.security_groups, &self.names.instances);
        let group = |reference: &inventory::Reference| {
            let named = || groups.get(&reference.value).map(Index::new);
            let found = external.get(&reference.value).copied().or_else(named)?;
            (found.position() < network.security_groups.len()).then_some(found)
        };
        let plain = |(interface, subnet): &(&inventory::NetworkInterface, Index<Subnet>)| {
            let mut found = Vec::new();
            for reference in interface.security_groups.as_ref()? {
                let group = group(reference)?;
                if !found.contains(&group) {
                    found.push(group);
                }
            }
            let instance = interface.instance.as_ref().and_then(|owner| instances.get(&owner.value));
            let primary = interface.private_ip.as_ref().map(|address| address.value);
            Some(build(interface, *subnet, primary, found, instance.map(Index::new)))
        };
        all.par_iter().with_min_len(64).map(plain).collect()
    }
}

/// The interface, with what was found for it.
pub(super) fn build(
    read: &inventory::NetworkInterface,
    subnet: Index<Subnet>,
    primary: Option<IpAddr>,
    security_groups: Vec<Index<SecurityGroup>>,
    instance: Option<Index<Instance>>,
) -> NetworkInterface {
    let value = |address: &Option<Located<IpAddr>>| address.as_ref().map(|address| address.value);
    let primary = primary.map(|private_ip| PrivateAddress { private_ip, public_ip: value(&read.public_ip) });
    let secondary = read.secondary_private_ips.iter().map(|secondary| PrivateAddress {
        private_ip: secondary.private_ip.value,
        public_ip: value(&secondary.public_ip),
    });
    NetworkInterface {
        identity: read.identity.clone(),
        account: read.account.clone(),
        interface_type: read.interface_type.clone(),
        subnet,
        instance,
        gateway: None,
        managed_service: None,
        security_groups,
        private_ip_addresses: primary.into_iter().chain(secondary).collect(),
        ipv6_addresses: read.ipv6_addresses.iter().map(|address| address.value).collect(),
        prefixes: read.prefixes.iter().map(|prefix| prefix.value).collect(),
        source_dest_check: read.source_dest_check,
        forwards: read.forwards,
        deny_all_igw_traffic: read.deny_all_igw_traffic,
        connection_tracking: read.connection_tracking,
        attached: read.attached,
        tags: read.tags.clone(),
        instance_is_unlisted: read.instance.is_some() && instance.is_none() && !read.attached,
    }
}
