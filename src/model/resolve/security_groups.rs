//! Security groups, with those that AWS creates by itself and those that were not collected.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::group_rules::GroupRules;
use super::{Resolver, default_name, everything_of};
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference};
use crate::model::network::Vpc;
use crate::model::{Arena, Identity, Index, KeyedMap, Peer, SecurityGroup, SecurityGroupRule};
use crate::net::{AddressMatch, Direction, Match, PerDirection, Service};

/// Every group by its position in the arena: its identity and its VPC.
pub(super) type Owners = Vec<(Identity, Index<Vpc>)>;

impl Resolver<'_, '_> {
    /// The groups that were read, then the default group of each VPC that wrote none called `default`, then those
    /// that are named somewhere and were not collected.
    pub(super) fn security_groups(&mut self, vpcs: &Arena<Vpc>) -> Arena<SecurityGroup> {
        let inventory = self.inventory;
        let mut owners: Owners = Vec::new();
        for group in &inventory.security_groups {
            owners.push((group.identity.clone(), self.vpc(group.vpc.as_ref(), &group.identity)));
        }
        let associated = self.associations(&owners, vpcs);
        let written = owners.len();
        self.default_groups(&mut owners, vpcs);
        let collected = owners.len();
        self.external_groups(&mut owners);
        let by_name = by_name(&owners);
        let Self { inventory, names, lists, observed, unclear, problems, .. } = self;
        let rules = GroupRules {
            inventory,
            prefix_lists: &names.prefix_lists,
            lists,
            observed: *observed,
            unclear: *unclear,
            owners: &owners,
            associated: &associated,
            by_name: &by_name,
            vpcs,
            vpc_names: &names.vpcs,
        };
        let groups = problems.map_on_threads(&owners, |position, (identity, vpc), problems| {
            let read = inventory.security_groups.get(position);
            let is_default = position >= written || identity.name == "default";
            let known = PerDirection::from_fn(|direction| {
                position < collected
                    && (!rules.observed || read.is_some_and(|group| group.rules.get(direction).is_some()))
            });
            let resolved = PerDirection::from_fn(|direction| {
                let resolved = match read.and_then(|group| group.rules.get(direction).as_ref()) {
                    Some(read) => rules.resolve(read, direction, position, problems),
                    None if !known.get(direction) => Vec::new(),
                    None => default_group_rules(
                        direction,
                        is_default.then(|| (Index::new(position), identity)),
                        &vpcs[*vpc],
                    ),
                };
                SecurityGroupRule::list(direction, resolved)
            });
            let associated = associated.get(position).cloned().unwrap_or_default();
            SecurityGroup::new(identity.clone(), *vpc, associated, resolved, known)
        });
        groups.into_iter().collect()
    }

    /// The VPCs with which each group that was read is associated.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateSecurityGroupVpc.html>
    fn associations(&mut self, owners: &Owners, vpcs: &Arena<Vpc>) -> Vec<Vec<Index<Vpc>>> {
        let inventory = self.inventory;
        let mut all = Vec::with_capacity(owners.len());
        for (group, (_, own)) in inventory.security_groups.iter().zip(owners) {
            let mut associated = Vec::new();
            for reference in &group.associated_vpcs {
                // An answer may tell of VPCs that were not collected.
                let known = self.names.vpcs.get(&reference.value);
                let found =
                    if self.observed { known } else { self.names.vpcs.find(reference, self.problems) };
                let Some(vpc) = found.map(Index::new) else { continue };
                if !self.observed {
                    self.check_association(group, reference, [*own, vpc], vpcs);
                }
                if vpc != *own && !associated.contains(&vpc) {
                    associated.push(vpc);
                }
            }
            all.push(associated);
        }
        all
    }

    fn check_association(
        &mut self,
        group: &inventory::SecurityGroup,
        reference: &Reference,
        [own, other]: [Index<Vpc>; 2],
        vpcs: &Arena<Vpc>,
    ) {
        let name = &group.identity.name;
        let (message, help) = if group.identity.name == "default" {
            let message =
                format!("`{name}` is a default security group, and cannot be associated with other VPCs");
            (message, "associate a group of another name")
        } else if vpcs[own].region != vpcs[other].region {
            let message =
                format!("VPC `{}` is in another Region than security group `{name}`", reference.value);
            (message, "a group can be associated with VPCs of its own Region; write another group there")
        } else if own == other {
            (
                format!("`{}` is the VPC of `{name}`", reference.value),
                "name only others under `associated_vpcs`",
            )
        } else {
            return;
        };
        self.problems.push(problems::mismatch(reference.origin, message, help));
    }

    /// Notes the default group of each VPC, and adds one where nobody wrote it.
    fn default_groups(&mut self, owners: &mut Owners, vpcs: &Arena<Vpc>) {
        if self.observed {
            return;
        }
        for (position, (_, vpc)) in
            owners.iter().enumerate().filter(|(_, (identity, _))| identity.name == "default")
        {
            if let Some(defaults) = self.defaults_mut(*vpc) {
                defaults.security_group.get_or_insert(Index::new(position));
            }
        }
        for (index, vpc) in vpcs.enumerate() {
            if self.defaults_of(index).security_group.is_some() {
                continue;
            }
            let name = default_name("default", vpc, self.inventory.vpcs.len());
            owners.push((Identity::default("sg", name, vpc.identity.origin), index));
            if let Some(defaults) = self.defaults_mut(index) {
                defaults.security_group = Some(Index::new(owners.len() - 1));
            }
        }
    }

    /// Adds the groups that rules and interfaces of an answer name, and that it does not hold: other accounts' ones,
    /// deleted ones of stale rules, or those of a call that nobody made.
    fn external_groups(&mut self, owners: &mut Owners) {
        if !self.observed {
            return;
        }
        let inventory = self.inventory;
        let Self { names, .. } = &*self;
        let is_unknown = |reference: &&Reference| names.security_groups.get(&reference.value).is_none();
        let peers = inventory.security_groups.par_iter().map(|group| {
            let rules = [&group.rules.ingress, &group.rules.egress].into_iter().flatten().flatten();
            let named = rules.filter_map(|rule| match &rule.peer {
                inventory::Peer::Group(reference) => Some(reference),
                inventory::Peer::Named(reference) => {
                    Some(reference).filter(|_| names.prefix_lists.get(&reference.value).is_none())
                }
                _ => None,
            });
            named.filter(is_unknown).collect::<Vec<_>>()
        });
        let own = inventory
            .network_interfaces
            .par_iter()
            .map(|card| card.security_groups.iter().flatten().filter(is_unknown).collect::<Vec<_>>());
        let (peers, own): (Vec<_>, Vec<Vec<&Reference>>) = (peers.collect(), own.collect());
        let lacking: BTreeSet<&str> =
            own.iter().flatten().map(|reference| reference.value.as_str()).collect();
        let associated = inventory.service_networks.iter().flat_map(|network| &network.vpcs);
        let associated: Vec<&Reference> =
            associated.flat_map(|own| own.security_groups.iter().flatten()).filter(is_unknown).collect();
        for reference in peers.into_iter().chain(own).flatten().chain(associated) {
            self.external_group(reference, owners);
        }
        if !lacking.is_empty() {
            let message = match lacking.len() {
                1 => "1 security group was not collected, although interfaces have it".to_owned(),
                count => format!("{count} security groups were not collected, although interfaces have them"),
            };
            let help =
                "what rests on their rules is `unknown`; `aws ec2 describe-security-groups` tells of them";
            self.problems.push(problems::not_collected(None, message, help));
        }
    }

    fn external_group(&mut self, reference: &Reference, owners: &mut Owners) {
        let text = &reference.value;
        if self.external_groups.contains_key(text) {
            return;
        }
        let identity = Identity { name: text.clone(), id: text.clone(), origin: reference.origin };
        self.external_groups.insert(text.clone(), Index::new(owners.len()));
        owners.push((identity, Index::new(0)));
    }
}

fn by_name(owners: &Owners) -> KeyedMap<&str, usize> {
    let mut positions = KeyedMap::default();
    positions.reserve(2 * owners.len());
    for (position, (identity, _)) in owners.iter().enumerate() {
        for text in [identity.name.as_str(), identity.id.as_str()] {
            positions.entry(text).or_insert(position);
        }
    }
    positions
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
