//! Network ACLs, with those that AWS creates by itself.

use super::{Resolver, default_name, everything_of};
use crate::diagnostic::problems;
use crate::model::inventory;
use crate::model::network::Vpc;
use crate::model::{Arena, Identity, Kind, NetworkAcl, NetworkAclEntry, RuleAction, RuleNumber};
use crate::net::{AddressMatch, Direction, Match, PerDirection, Service};

impl Resolver<'_, '_> {
    /// The ACLs that were read, then for each VPC that wrote none called `default` its default ACL, or one that
    /// stands for what was not collected.
    pub(super) fn network_acls(&mut self, vpcs: &Arena<Vpc>) -> Arena<NetworkAcl> {
        let inventory = self.inventory;
        let mut acls = Arena::default();
        for acl in &inventory.network_acls {
            let vpc = self.vpc(acl.vpc.as_ref(), &acl.identity);
            let is_default = acl.identity.name == "default" && !self.observed;
            let entries = PerDirection::from_fn(|direction| {
                let entries = match acl.entries.get(direction) {
                    Some(entries) => self.acl_entries(entries, direction, acl.identity.said(self.observed)),
                    None if is_default => default_acl_entries(direction, &vpcs[vpc]),
                    None => Vec::new(), // AWS: a new network ACL denies everything until entries are added
                };
                NetworkAclEntry::list(direction, entries)
            });
            let known = !self.observed
                || Direction::BOTH.iter().all(|direction| acl.entries.get(*direction).is_some());
            let index = acls.push(NetworkAcl { identity: acl.identity.clone(), vpc, entries, known });
            if let Some(defaults) = self.defaults_mut(vpc).filter(|_| is_default) {
                defaults.network_acl.get_or_insert(index);
            }
        }
        for (index, vpc) in vpcs.enumerate() {
            if self.defaults_of(index).network_acl.is_some() {
                continue;
            }
            let known = !self.observed && vpc.has_collected(Kind::NetworkAcls);
            let name = if known { "default" } else { "network-acl-not-collected" };
            let identity =
                Identity::default("acl", default_name(name, vpc, inventory.vpcs.len()), vpc.identity.origin);
            let entries = PerDirection::from_fn(|direction| {
                let entries = if known { default_acl_entries(direction, vpc) } else { Vec::new() };
                NetworkAclEntry::list(direction, entries)
            });
            let acl = acls.push(NetworkAcl { identity, vpc: index, entries, known });
            if let Some(defaults) = self.defaults_mut(index) {
                defaults.network_acl = Some(acl);
            }
        }
        acls
    }

    fn acl_entries(
        &mut self,
        entries: &[inventory::NetworkAclEntry],
        direction: Direction,
        owner: &str,
    ) -> Vec<NetworkAclEntry> {
        let mut sorted: Vec<&inventory::NetworkAclEntry> = entries.iter().collect();
        sorted.sort_by_key(|entry| entry.number);
        for pair in sorted.windows(2) {
            if let [first, second] = pair
                && first.number == second.number
            {
                let problem =
                    problems::duplicate_rule_number(second.origin, second.number, owner, first.origin);
                self.problems.push(problem);
            }
        }
        sorted.into_iter().map(|entry| acl_entry(entry, direction)).collect()
    }
}

fn acl_entry(entry: &inventory::NetworkAclEntry, direction: Direction) -> NetworkAclEntry {
    NetworkAclEntry {
        number: entry.number,
        action: entry.action,
        test: Match::with_remote(entry.service, direction, AddressMatch::Within(entry.cidr_block)),
        remote_label: entry.cidr_block.to_text(),
        origin: entry.origin,
    }
}

/// The default network ACL: 100 allows all IPv4, and 101 all IPv6 where the VPC has it.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html>
fn default_acl_entries(direction: Direction, vpc: &Vpc) -> Vec<NetworkAclEntry> {
    let numbers = (100..).filter_map(RuleNumber::new);
    let entry = |(cidr_block, number)| inventory::NetworkAclEntry {
        number,
        action: RuleAction::Allow,
        service: Service::ALL,
        cidr_block,
        origin: None,
    };
    everything_of(vpc).zip(numbers).map(|pair| acl_entry(&entry(pair), direction)).collect()
}
