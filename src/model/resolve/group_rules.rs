//! Rules of security groups: what their far sides name, found on many threads.

use super::names::Names;
use super::prefix_lists::PrefixLists;
use super::security_groups::Owners;
use crate::diagnostic::{Diagnostics, problems};
use crate::model::inventory::{self, Inventory, Reference};
use crate::model::network::Vpc;
use crate::model::{Arena, GatewayKind, Index, KeyedMap, Peer, SecurityGroupRule};
use crate::net::{AddressMatch, Direction, Match};

/// What the far side of a rule names.
enum Named {
    Group(usize),
    PrefixList(usize),
    /// A prefix list whose entries were not collected.
    Unlisted,
}

/// What the rules of all groups are resolved with, on many threads.
pub(super) struct GroupRules<'r, 'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) prefix_lists: &'r Names<'a>,
    pub(super) lists: &'r PrefixLists<'a>,
    pub(super) observed: bool,
    pub(super) unclear: Option<Index<Vpc>>,
    pub(super) owners: &'r Owners,
    /// The VPCs with which groups are associated, by their position.
    pub(super) associated: &'r [Vec<Index<Vpc>>],
    pub(super) by_name: &'r KeyedMap<&'r str, usize>,
    pub(super) vpcs: &'r Arena<Vpc>,
    pub(super) vpc_names: &'r Names<'a>,
}

impl GroupRules<'_, '_> {
    /// The rules of the group `own`.
    pub(super) fn resolve(
        &self,
        rules: &[inventory::SecurityGroupRule],
        direction: Direction,
        own: usize,
        problems: &mut Diagnostics,
    ) -> Vec<SecurityGroupRule> {
        let mut resolved = Vec::with_capacity(rules.len());
        resolved.extend(rules.iter().filter_map(|rule| self.group_rule(rule, direction, own, problems)));
        resolved
    }

    fn group_rule(
        &self,
        rule: &inventory::SecurityGroupRule,
        direction: Direction,
        own: usize,
        problems: &mut Diagnostics,
    ) -> Option<SecurityGroupRule> {
        let (remote, peer, peer_label) = match &rule.peer {
            inventory::Peer::Cidr(cidr) => (AddressMatch::Within(*cidr), Peer::Anyone, cidr.to_text()),
            inventory::Peer::Named(reference)
            | inventory::Peer::Group(reference)
            | inventory::Peer::PrefixList(reference) => {
                let label = reference.value.clone();
                match self.peer(&rule.peer, reference, problems)? {
                    Named::Group(group) => {
                        self.check_reference(reference, group, own, problems);
                        (AddressMatch::Any, Peer::Member(Index::new(group)), label)
                    }
                    Named::PrefixList(list) => {
                        (AddressMatch::WithinAny(self.lists.blocks(list)), Peer::Anyone, label)
                    }
                    Named::Unlisted => (AddressMatch::Any, Peer::Unlisted, label),
                }
            }
        };
        let test = Match::with_remote(rule.service, direction, remote);
        Some(SecurityGroupRule { id: rule.id.clone(), test, peer, peer_label, origin: rule.origin })
    }

    /// What `reference` names; diagnosed when it is nothing or two things.
    fn peer(
        &self,
        peer: &inventory::Peer,
        reference: &Reference,
        problems: &mut Diagnostics,
    ) -> Option<Named> {
        let text = reference.value.as_str();
        let group = self.by_name.get(text).copied().or_else(|| self.of_account(text));
        let list = self.prefix_lists.get(text);
        let (group, list, kind) = match peer {
            inventory::Peer::Group(_) => (group, None, "security group"),
            inventory::Peer::PrefixList(_) => (None, list, "prefix list"),
            _ => (group, list, "security group or prefix list"),
        };
        match (group, list) {
            (Some(group), None) => Some(Named::Group(group)),
            (None, Some(list)) if self.lists.is_listed(list) => Some(Named::PrefixList(list)),
            (None, Some(_)) => Some(Named::Unlisted),
            (None, None) if self.observed => Some(Named::Unlisted),
            (Some(_), Some(_)) => {
                let message = format!("`{text}` names a security group and a prefix list");
                let help = "use the id: `sg-…` or `pl-…`";
                problems.push(problems::ambiguous_reference(reference.origin, message, help));
                None
            }
            (None, None) => {
                let mut known: Vec<&str> = Vec::new();
                known.extend(self.by_name.keys().copied().filter(|_| kind != "prefix list"));
                known.sort_unstable();
                if kind != "security group" {
                    self.prefix_lists.iter().for_each(|name| known.push(name));
                }
                let known = known.into_iter();
                problems.push(problems::unknown_reference(reference.origin, kind, text, known));
                None
            }
        }
    }

    /// A group of another VPC can be referenced only where something joins the VPCs.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
    fn check_reference(&self, reference: &Reference, group: usize, own: usize, problems: &mut Diagnostics) {
        let vpc_of = |group: usize| self.owners.get(group).map(|(_, vpc)| *vpc);
        let (theirs, Some(ours)) = (vpc_of(group), vpc_of(own)) else { return };
        let all_of = |group: usize| {
            vpc_of(group).into_iter().chain(self.associated.get(group).into_iter().flatten().copied())
        };
        if all_of(own).any(|vpc| all_of(group).any(|other| other == vpc)) {
            return;
        }
        let unclear = [theirs, Some(ours)].contains(&self.unclear) && self.unclear.is_some();
        let Some(theirs) = theirs.filter(|theirs| *theirs != ours && !self.observed && !unclear) else {
            return;
        };
        let [our_region, their_region] = [ours, theirs].map(|vpc| self.vpcs[vpc].region.as_str());
        let joined = |gateway: &inventory::Gateway| self.may_join(gateway, ours, theirs);
        if self.inventory.gateways.iter().any(joined) {
            if our_region == their_region {
                return;
            }
            let message = format!("security group `{}` belongs to a VPC of another Region", reference.value);
            let blocks = super::join(&self.vpcs[theirs].cidr_blocks);
            let help = format!("name the blocks of its VPC instead: {blocks}");
            problems.push(problems::mismatch(reference.origin, message, &help));
            return;
        }
        let message = format!("security group `{}` belongs to another VPC", reference.value);
        let help = "a rule can name groups of its own VPC, or of one that a peering connection or transit gateway joins";
        problems.push(problems::mismatch(reference.origin, message, help));
    }

    /// Whether a gateway joins two VPCs, or might.
    fn may_join(&self, gateway: &inventory::Gateway, ours: Index<Vpc>, theirs: Index<Vpc>) -> bool {
        match &gateway.form {
            inventory::GatewayForm::VpcPeeringConnection { requester, accepter, .. } => {
                let is_at = |vpc: Index<Vpc>| {
                    [requester, accepter].into_iter().any(|side| match &side.vpc {
                        Some(own) => self.vpc_names.get(&own.value) == Some(vpc.position()),
                        None => false,
                    })
                };
                is_at(ours) && is_at(theirs)
            }
            _ => matches!(gateway.kind, GatewayKind::VpcPeeringConnection | GatewayKind::TransitGateway),
        }
    }

    /// A group by its owner's account and its name or id: `123456789012/sg-0123`.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
    fn of_account(&self, text: &str) -> Option<usize> {
        let (account, name) = text.split_once('/')?;
        let found = *self.by_name.get(name)?;
        let (_, vpc) = self.owners.get(found)?;
        (self.vpcs[*vpc].account == account).then_some(found)
    }
}
