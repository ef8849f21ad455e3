//! Which network ACL and which route table a subnet has: they know their subnets, and a subnet has one of each.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Answers;
use super::convert::is_gone;
use super::json::{Read, Text};
use super::shapes::RouteTable;
use super::table::Resource;
use crate::diagnostic::Diagnostics;
use crate::model::inventory::Reference;

/// What subnets have, by the id of the subnet.
pub(super) type Associated<'r> = HashMap<&'r str, Reference>;

impl Answers<'_> {
    /// The network ACLs of subnets.
    pub(super) fn acls_of_subnets(&self, problems: &mut Diagnostics) -> Associated<'_> {
        let claims = self.network_acls.iter().flat_map(|acl| {
            let associations = acl.value.associations.iter().flatten().enumerate();
            associations.map(move |(at, own)| (acl, &acl.value.vpc_id, at, &own.subnet_id))
        });
        self.associated(claims, problems)
    }

    /// The route tables of subnets; those without have the main one.
    pub(super) fn tables_of_subnets(&self, problems: &mut Diagnostics) -> Associated<'_> {
        let claims = self.route_tables.iter().flat_map(|table| {
            let associations = table.value.associations.iter().flatten().enumerate();
            associations.filter_map(move |(at, own)| {
                let state = own.association_state.as_ref();
                let subnet = own.subnet_id.as_ref().filter(|_| !is_gone(state))?;
                Some((table, &table.value.vpc_id, at, subnet))
            })
        });
        self.associated(claims, problems)
    }

    /// The route tables of internet gateways and virtual private gateways, by the id of the gateway.
    pub(super) fn tables_of_gateways(&self, problems: &mut Diagnostics) -> Associated<'_> {
        let mut owners: HashMap<&str, &Read<'_, RouteTable<'_>>> = HashMap::new();
        for table in self.route_tables.iter() {
            for (at, own) in table.value.associations.iter().flatten().enumerate() {
                let state = own.association_state.as_ref();
                let Some(gateway) = own.gateway_id.as_ref().filter(|_| !is_gone(state)) else { continue };
                let first = owners.entry(gateway.as_str()).or_insert(table);
                if first.value.id() != table.value.id() {
                    let message = format!("is associated with a gateway that {} has already", first.name());
                    table.contradict(gateway, format!("Associations[{at}].GatewayId"), &message, problems);
                }
            }
        }
        owners.into_iter().map(|(gateway, owner)| (gateway, owner.reference(owner.value.id()))).collect()
    }

    /// Gives every subnet what claims it: a resource with its VPC, and at which of its associations.
    fn associated<'r, 'a: 'r, T: Resource + 'r>(
        &'r self,
        claims: impl Iterator<Item = (&'r Read<'a, T>, &'r Text<'a>, usize, &'r Text<'a>)>,
        problems: &mut Diagnostics,
    ) -> Associated<'r> {
        let mut owners: HashMap<&str, &Read<'_, T>> = HashMap::new();
        for (owner, vpc, at, subnet) in claims {
            let path = || format!("Associations[{at}].SubnetId");
            let known = self.subnets.get(subnet.as_str());
            if known.is_some_and(|known| known.value.vpc_id != *vpc) {
                let message = "is associated with a subnet of another VPC";
                owner.contradict(subnet, path(), message, problems);
            }
            match owners.entry(subnet.as_str()) {
                Entry::Vacant(entry) => {
                    entry.insert(owner);
                }
                Entry::Occupied(first) if first.get().value.id() == owner.value.id() => {}
                Entry::Occupied(first) => {
                    let message =
                        format!("is associated with a subnet that {} has already", first.get().name());
                    owner.contradict(subnet, path(), &message, problems);
                }
            }
        }
        owners.into_iter().map(|(subnet, owner)| (subnet, owner.reference(owner.value.id()))).collect()
    }
}
