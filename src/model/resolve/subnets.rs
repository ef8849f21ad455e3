//! Subnets: their VPC, their blocks, and which network ACL and route table are theirs.

use super::blocks::Taken;
use super::{Resolver, default_of};
use crate::diagnostic::problems;
use crate::model::inventory::{Inventory, Reference};
use crate::model::network::{Subnet, Vpc};
use crate::model::{Arena, Index, NetworkAcl, RouteTable};

impl Resolver<'_, '_> {
    pub(super) fn subnets(
        &mut self,
        vpcs: &Arena<Vpc>,
        acls: &Arena<NetworkAcl>,
        tables: &Arena<RouteTable>,
    ) -> Arena<Subnet> {
        let inventory = self.inventory;
        let mut taken: Vec<Taken<'_>> = Vec::new();
        let mut subnets = Arena::default();
        for subnet in &inventory.subnets {
            let identity = &subnet.identity;
            let vpc = self.vpc(subnet.vpc.as_ref(), identity);
            self.check_subnet(subnet, vpc, &vpcs[vpc], &mut taken);
            let default_acl = default_of(
                acls,
                inventory.network_acls.len(),
                vpc,
                |acl| acl.vpc,
                "default",
                |acl| &acl.identity,
            );
            let acl = match &subnet.network_acl {
                None => None,
                Some(reference) => {
                    let found = self.names.network_acls.find_or_default(
                        reference,
                        acls,
                        |acl| &acl.identity,
                        self.problems,
                    );
                    self.same_vpc(found, reference, vpc, |acl| acls[acl].vpc, vpcs, "network ACL")
                }
            };
            let table = match &subnet.route_table {
                None => None,
                Some(reference) => {
                    let found = self.names.route_tables.find_or_default(
                        reference,
                        tables,
                        |table| &table.identity,
                        self.problems,
                    );
                    self.same_vpc(found, reference, vpc, |table| tables[table].vpc, vpcs, "route table")
                }
            };
            // A wrong reference has its diagnostic; with the default the rest can be checked, and indices stay right.
            let (acl, table) = (acl.or(default_acl), table.or_else(|| main_table(inventory, tables, vpc)));
            let (Some(network_acl), Some(route_table)) = (acl, table) else { continue };
            subnets.push(Subnet {
                identity: identity.clone(),
                vpc,
                cidr_blocks: subnet.cidr_blocks.iter().map(|block| block.value).collect(),
                availability_zone_id: subnet.availability_zone_id.clone(),
                network_acl,
                route_table,
            });
        }
        subnets
    }

    /// `found`, if it belongs to `vpc`.
    pub(super) fn same_vpc<T>(
        &mut self,
        found: Option<Index<T>>,
        reference: &Reference,
        vpc: Index<Vpc>,
        vpc_of: impl Fn(Index<T>) -> Index<Vpc>,
        vpcs: &Arena<Vpc>,
        kind: &str,
    ) -> Option<Index<T>> {
        let found = found?;
        let theirs = vpc_of(found);
        if theirs == vpc || [theirs, vpc].map(Some).contains(&self.unclear) {
            return Some(found);
        }
        let message = format!(
            "{kind} `{}` belongs to VPC `{}`, not to `{}`",
            reference.value, vpcs[theirs].identity.name, vpcs[vpc].identity.name
        );
        self.problems.push(problems::mismatch(reference.origin, message, "use one of the same VPC"));
        None
    }
}

fn main_table(
    inventory: &Inventory,
    tables: &Arena<RouteTable>,
    vpc: Index<Vpc>,
) -> Option<Index<RouteTable>> {
    let is_main = |index: Index<RouteTable>| {
        inventory.route_tables.get(index.position()).is_none_or(|table| table.main)
    };
    let mut of_vpc = tables.enumerate().filter(|(_, table)| table.vpc == vpc);
    of_vpc.find(|(index, _)| is_main(*index)).map(|(index, _)| index)
}
