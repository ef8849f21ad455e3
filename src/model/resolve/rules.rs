//! Security groups and network ACLs, with what AWS creates by itself.

use std::sync::Arc;

use super::{Resolver, default_name};
use crate::diagnostic::problems;
use crate::model::inventory;
use crate::model::network::Vpc;
use crate::model::{
    Arena, Identity, Index, NetworkAcl, NetworkAclEntry, Peer, RuleAction, RuleNumber, SecurityGroup,
    SecurityGroupRule,
};
use crate::net::{AddressMatch, Cidr, Direction, Family, Match, PerDirection, Service};

impl Resolver<'_, '_> {
    /// The groups that were read, then the default group of each VPC that wrote none called `default`.
    pub(super) fn security_groups(&mut self, vpcs: &Arena<Vpc>) -> Arena<SecurityGroup> {
        let inventory = self.inventory;
        let mut owners = Vec::new();
        for group in &inventory.security_groups {
            owners.push((group.identity.clone(), Some(self.vpc(group.vpc.as_ref(), &group.identity))));
        }
        let written = owners.len();
        for (index, vpc) in vpcs.enumerate() {
            let own = owners.iter().any(|(identity, of)| identity.name == "default" && *of == Some(index));
            if !own {
                let identity = Identity::default(
                    "sg",
                    default_name("default", vpc, inventory.vpcs.len()),
                    vpc.identity.origin,
                );
                owners.push((identity, Some(index)));
            }
        }
        let mut groups = Arena::default();
        for (position, (identity, vpc)) in owners.iter().enumerate() {
            let Some(vpc) = *vpc else { continue };
            let read = inventory.security_groups.get(position);
            let is_default = position >= written || identity.name == "default";
            let rules = PerDirection::from_fn(|direction| {
                match read.and_then(|group| group.rules.get(direction).as_ref()) {
                    Some(rules) => rules
                        .iter()
                        .filter_map(|rule| self.group_rule(rule, direction, &owners, vpc))
                        .collect(),
                    None => default_group_rules(
                        direction,
                        is_default.then(|| (Index::new(position), identity)),
                        &vpcs[vpc],
                    ),
                }
            });
            groups.push(SecurityGroup { identity: identity.clone(), vpc, rules });
        }
        groups
    }

    fn group_rule(
        &mut self,
        rule: &inventory::SecurityGroupRule,
        direction: Direction,
        groups: &[(Identity, Option<Index<Vpc>>)],
        vpc: Index<Vpc>,
    ) -> Option<SecurityGroupRule> {
        let (remote, peer, peer_label) = match &rule.peer {
            inventory::Peer::Cidr(cidr) => (AddressMatch::Within(*cidr), Peer::Anyone, cidr.to_string()),
            inventory::Peer::Named(reference) => {
                let group = groups.iter().position(|(identity, _)| identity.is(&reference.value));
                let list = self.names.prefix_lists.get(&reference.value);
                match (group, list) {
                    (Some(group), None) => {
                        let theirs = groups.get(group).and_then(|(_, vpc)| *vpc);
                        self.check_reference(reference, theirs, vpc);
                        (AddressMatch::Any, Peer::Member(Index::new(group)), reference.value.clone())
                    }
                    (None, Some(list)) => {
                        let entries = self.prefix_list(list);
                        (AddressMatch::WithinAny(entries), Peer::Anyone, reference.value.clone())
                    }
                    (Some(_), Some(_)) => {
                        let message =
                            format!("`{}` names a security group and a prefix list", reference.value);
                        let help = "use the id: `sg-…` or `pl-…`";
                        self.problems.push(problems::ambiguous_reference(reference.origin, message, help));
                        return None;
                    }
                    (None, None) => {
                        let known = groups
                            .iter()
                            .flat_map(|(identity, _)| [identity.name.as_str(), identity.id.as_str()]);
                        let known = known.chain(self.names.prefix_lists.iter());
                        let kind = "security group or prefix list";
                        let problem =
                            problems::unknown_reference(reference.origin, kind, &reference.value, known);
                        self.problems.push(problem);
                        return None;
                    }
                }
            }
        };
        let test = Match::with_remote(rule.service, direction, remote);
        Some(SecurityGroupRule { id: rule.id.clone(), test, peer, peer_label, origin: rule.origin })
    }

    /// A group of another VPC can be referenced only where something joins the VPCs.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
    fn check_reference(
        &mut self,
        reference: &inventory::Reference,
        theirs: Option<Index<Vpc>>,
        ours: Index<Vpc>,
    ) {
        use crate::model::GatewayKind::{TransitGateway, VpcPeeringConnection};
        let joins =
            |gateway: &inventory::Gateway| matches!(gateway.kind, VpcPeeringConnection | TransitGateway);
        let unclear = [theirs, Some(ours)].contains(&self.unclear) && self.unclear.is_some();
        if unclear || theirs.is_none_or(|theirs| theirs == ours) || self.inventory.gateways.iter().any(joins)
        {
            return;
        }
        let message = format!("security group `{}` belongs to another VPC", reference.value);
        let help = "a rule can name groups of its own VPC, or of one that a peering connection or transit gateway joins";
        self.problems.push(problems::mismatch(reference.origin, message, help));
    }

    pub(super) fn prefix_list(&self, position: usize) -> Arc<[Cidr]> {
        let list = self.inventory.prefix_lists.get(position);
        list.map(|list| list.entries.iter().map(|entry| entry.value).collect()).unwrap_or_default()
    }

    /// The ACLs that were read, then the default ACL of each VPC that wrote none called `default`.
    pub(super) fn network_acls(&mut self, vpcs: &Arena<Vpc>) -> Arena<NetworkAcl> {
        let inventory = self.inventory;
        let mut acls = Arena::default();
        let mut has_default = vec![false; vpcs.len()];
        for acl in &inventory.network_acls {
            let vpc = self.vpc(acl.vpc.as_ref(), &acl.identity);
            let is_default = acl.identity.name == "default";
            if let Some(has) = has_default.get_mut(vpc.position()) {
                *has |= is_default;
            }
            let entries = PerDirection::from_fn(|direction| match acl.entries.get(direction) {
                Some(entries) => self.acl_entries(entries, direction, &acl.identity.name),
                None if is_default => default_acl_entries(direction, &vpcs[vpc]),
                None => Vec::new(), // AWS: a new network ACL denies everything until entries are added
            });
            acls.push(NetworkAcl { identity: acl.identity.clone(), vpc, entries });
        }
        for (index, vpc) in
            vpcs.enumerate().filter(|(index, _)| has_default.get(index.position()) == Some(&false))
        {
            let identity = Identity::default(
                "acl",
                default_name("default", vpc, inventory.vpcs.len()),
                vpc.identity.origin,
            );
            let entries = PerDirection::from_fn(|direction| default_acl_entries(direction, vpc));
            acls.push(NetworkAcl { identity, vpc: index, entries });
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
        remote_label: entry.cidr_block.to_string(),
        origin: entry.origin,
    }
}

/// What AWS puts into a new group: egress to everyone; into the `default` group also ingress from itself.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>
fn default_group_rules(
    direction: Direction,
    default: Option<(Index<SecurityGroup>, &Identity)>,
    vpc: &Vpc,
) -> Vec<SecurityGroupRule> {
    let rule = |remote, peer, peer_label: String| SecurityGroupRule {
        id: None,
        test: Match::with_remote(Service::ALL, direction, remote),
        peer,
        peer_label,
        origin: None,
    };
    match (direction, default) {
        (Direction::Ingress, None) => Vec::new(),
        (Direction::Ingress, Some((group, identity))) => {
            vec![rule(AddressMatch::Any, Peer::Member(group), identity.name.clone())]
        }
        (Direction::Egress, _) => everything_of(vpc)
            .map(|cidr| rule(AddressMatch::Within(cidr), Peer::Anyone, cidr.to_string()))
            .collect(),
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

/// `0.0.0.0/0`, and `::/0` when the VPC has an IPv6 block.
fn everything_of(vpc: &Vpc) -> impl Iterator<Item = Cidr> {
    let has_ipv6 = vpc.cidr_blocks.iter().any(|block| block.family() == Family::V6);
    let everything = [std::net::Ipv4Addr::UNSPECIFIED.into(), std::net::Ipv6Addr::UNSPECIFIED.into()];
    everything.into_iter().take(1 + usize::from(has_ipv6)).filter_map(|address| Cidr::new(address, 0))
}
