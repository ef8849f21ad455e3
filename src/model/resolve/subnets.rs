//! Subnets: their VPC, their blocks, and which network ACL and route table are theirs.

use super::Resolver;
use super::blocks::Taken;
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference};
use crate::model::network::{Subnet, Vpc};
use crate::model::{Arena, BlockMode, Index, Network, NetworkAcl, RouteTable};

impl Resolver<'_, '_> {
    pub(super) fn subnets(
        &mut self,
        vpcs: &Arena<Vpc>,
        acls: &Arena<NetworkAcl>,
        tables: &Arena<RouteTable>,
    ) -> Arena<Subnet> {
        let inventory = self.inventory;
        let mut taken = Taken::default();
        let mut subnets = Arena::default();
        for subnet in &inventory.subnets {
            let identity = &subnet.identity;
            let vpc = self.vpc(subnet.vpc.as_ref(), identity);
            self.check_subnet(subnet, vpc, &vpcs[vpc], &mut taken);
            let acl = subnet.network_acl.as_ref().and_then(|reference| {
                let written = inventory.network_acls.len();
                let names = &self.names.network_acls;
                let found =
                    names.find_or_default(reference, acls, written, |acl| &acl.identity, self.problems);
                self.same_vpc(found, reference, vpc, |acl| acls[acl].vpc, vpcs, "network ACL")
            });
            let table = subnet.route_table.as_ref().and_then(|reference| {
                let written = inventory.route_tables.len();
                let names = &self.names.route_tables;
                let found =
                    names.find_or_default(reference, tables, written, |table| &table.identity, self.problems);
                self.same_vpc(found, reference, vpc, |table| tables[table].vpc, vpcs, "route table")
            });
            let defaults = self.defaults_of(vpc);
            // A wrong reference has its diagnostic; with the default the rest can be checked, and indices stay right.
            let (acl, table) = (acl.or(defaults.network_acl), table.or(defaults.route_table));
            let (Some(network_acl), Some(route_table)) = (acl, table) else { continue };
            subnets.push(Subnet {
                identity: identity.clone(),
                vpc,
                cidr_blocks: subnet.cidr_blocks.iter().map(|block| block.value).collect(),
                availability_zone_id: subnet.availability_zone_id.clone(),
                network_acl,
                route_table,
                block_public_access: self.block_mode(Some(subnet), vpc),
            });
        }
        subnets
    }

    /// What Block Public Access keeps from a subnet: its own words count before those of its VPC.
    pub(super) fn block_mode(&self, subnet: Option<&inventory::Subnet>, vpc: Index<Vpc>) -> BlockMode {
        let mode = self.mode_before_exclusions(subnet, vpc);
        let vpc = self.inventory.vpcs.get(vpc.position());
        let own = subnet.and_then(|subnet| subnet.block_public_access_exclusion);
        let exclusion = own.or_else(|| vpc?.block_public_access_exclusion);
        mode.with(exclusion)
    }

    fn mode_before_exclusions(&self, subnet: Option<&inventory::Subnet>, vpc: Index<Vpc>) -> BlockMode {
        let vpc = self.inventory.vpcs.get(vpc.position());
        let own = subnet.and_then(|subnet| subnet.block_public_access);
        let default = if self.observed { BlockMode::NotCollected } else { BlockMode::Off };
        own.or_else(|| vpc?.block_public_access).unwrap_or(default)
    }

    /// What Block Public Access keeps from a subnet whatever is exempt.
    pub(super) fn unexcluded_mode(&self, subnet: Index<Subnet>, network: &Network) -> BlockMode {
        let Subnet { identity, vpc, .. } = &network.subnets[subnet];
        let read = self.inventory.subnets.iter().find(|read| read.identity.id == identity.id);
        self.mode_before_exclusions(read, *vpc)
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
        // What AWS answered is so; a group, for one, can be associated with several VPCs.
        if self.observed || theirs == vpc || [theirs, vpc].map(Some).contains(&self.unclear) {
            return Some(found);
        }
        let message = format!(
            "{kind} `{}` belongs to VPC `{}`, not to `{}`",
            reference.value, vpcs[theirs].identity.name, vpcs[vpc].identity.name
        );
        let help = match kind {
            "security group" => "use one of the same VPC, or give it `associated_vpcs`",
            _ => "use one of the same VPC",
        };
        self.problems.push(problems::mismatch(reference.origin, message, help));
        None
    }
}
