//! Subnets, each with its network ACL and route table, which know their subnets.

use super::assemble::{Assembly, names};
use super::associations::Associated;
use super::convert::name_tag;
use super::json::Read;
use super::shapes::Subnet;
use super::vpcs::ipv6_blocks;
use crate::diagnostic::Located;
use crate::model::inventory;
use crate::model::{Identity, KeyedSet};
use crate::net::Family;

impl Assembly<'_, '_, '_> {
    pub(super) fn subnets(&mut self) {
        let answers = self.answers;
        let names = names(&answers.subnets, |subnet| name_tag(subnet.tags.as_ref()));
        let acls = answers.acls_of_subnets(self.problems);
        let tables = answers.tables_of_subnets(self.problems);
        for subnet in answers.subnets.iter() {
            let v4 = subnet.value.cidr_block.iter().map(|block| (block, "CidrBlock".to_owned(), Family::V4));
            let v6 = ipv6_blocks(subnet.value.ipv6_cidr_block_association_set.as_ref());
            let cidr_blocks = v4
                .chain(v6)
                .filter_map(|(text, path, family)| subnet.cidr_of(family, text, &path, self.problems))
                .collect();
            let id = subnet.value.subnet_id.as_str();
            let vpc = self.vpc_positions.get(subnet.value.vpc_id.as_str());
            let vpc = vpc.and_then(|position| self.inventory.vpcs.get(*position));
            let (states, exclusion) =
                (subnet.value.block_public_access_states.as_ref(), self.block_exclusion(id));
            // One that says nothing itself has the mode of its VPC.
            let block_public_access = vpc.filter(|_| states.is_some()).and_then(|vpc| {
                let exclusion = exclusion.or(vpc.block_public_access_exclusion);
                self.block_mode(vpc, states, exclusion, subnet.scope)
            });
            self.inventory.subnets.push(inventory::Subnet {
                identity: subnet.identity(names.keep(name_tag(subnet.value.tags.as_ref()))),
                vpc: Some(subnet.reference(&subnet.value.vpc_id)),
                cidr_blocks,
                availability_zone_id: self.zone_of(subnet),
                network_acl: acls.get(id).cloned(),
                route_table: tables.get(id).cloned(),
                block_public_access,
                block_public_access_exclusion: exclusion,
            });
        }
        self.unseen_subnets(&acls, &tables);
    }

    /// Subnets that interfaces are in without anybody having asked about them.
    fn unseen_subnets(&mut self, acls: &Associated<'_>, tables: &Associated<'_>) {
        let known = self.answers.subnets.iter().map(|subnet| subnet.value.subnet_id.as_str());
        let mut seen: KeyedSet<&str> = known.collect();
        let mut missing = 0;
        for card in &self.cards {
            let (Some(subnet), Some(vpc)) = (&card.read.value.subnet_id, &card.read.value.vpc_id) else {
                continue;
            };
            if !seen.insert(subnet.as_str()) {
                continue;
            }
            missing += 1;
            let Located { value: id, origin } = card.read.reference(subnet);
            self.inventory.subnets.push(inventory::Subnet {
                network_acl: acls.get(id.as_str()).cloned(),
                route_table: tables.get(id.as_str()).cloned(),
                block_public_access: None,
                block_public_access_exclusion: None,
                identity: Identity { name: id.clone(), id, origin },
                vpc: Some(card.read.reference(vpc)),
                cidr_blocks: Vec::new(),
                availability_zone_id: String::new(),
            });
        }
        self.not_collected(
            missing,
            "subnet",
            "describe-subnets",
            "addresses in them are known by interfaces alone",
        );
    }

    fn zone_of(&self, subnet: &Read<'_, Subnet<'_>>) -> String {
        let by_name = || {
            let name = subnet.value.availability_zone.as_ref()?;
            let zone = self.answers.zones.get_in(subnet.scope, name.as_str())?;
            zone.value.zone_id.as_ref()
        };
        let zone = subnet.value.availability_zone_id.as_ref().or_else(by_name);
        zone.map(|zone| zone.as_str().to_owned()).unwrap_or_default()
    }
}
