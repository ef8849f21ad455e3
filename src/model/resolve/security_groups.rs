//! Security groups, with those that AWS creates by itself and those that were not collected.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Resolver, default_name, everything_of};
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference};
use crate::model::network::Vpc;
use crate::model::{Arena, GatewayKind, Identity, Index, Peer, SecurityGroup, SecurityGroupRule};
use crate::net::{AddressMatch, CidrSet, Direction, Match, PerDirection, Service};

/// Every group by its position in the arena: its identity and its VPC.
type Owners = Vec<(Identity, Index<Vpc>)>;

/// What the far side of a rule names.
enum Named {
    Group(usize),
    PrefixList(usize),
    /// A prefix list whose entries were not collected.
    Unlisted,
}

impl Resolver<'_, '_> {
    /// The groups that were read, then the default group of each VPC that wrote none called `default`, then those
    /// that are named somewhere and were not collected.
    pub(super) fn security_groups(&mut self, vpcs: &Arena<Vpc>) -> Arena<SecurityGroup> {
        let inventory = self.inventory;
        let mut owners: Owners = Vec::new();
        for group in &inventory.security_groups {
            owners.push((group.identity.clone(), self.vpc(group.vpc.as_ref(), &group.identity)));
        }
        let written = owners.len();
        self.default_groups(&mut owners, vpcs);
        let collected = owners.len();
        self.external_groups(&mut owners);
        let by_name = by_name(&owners);
        let mut groups = Arena::default();
        for (position, (identity, vpc)) in owners.iter().enumerate() {
            let read = inventory.security_groups.get(position);
            let is_default = position >= written || identity.name == "default";
            let known = PerDirection::from_fn(|direction| {
                position < collected
                    && (!self.observed || read.is_some_and(|group| group.rules.get(direction).is_some()))
            });
            let rules = PerDirection::from_fn(|direction| {
                let rules = match read.and_then(|group| group.rules.get(direction).as_ref()) {
                    Some(rules) => rules
                        .iter()
                        .filter_map(|rule| self.group_rule(rule, direction, (&owners, vpcs), &by_name, *vpc))
                        .collect(),
                    None if !known.get(direction) => Vec::new(),
                    None => default_group_rules(
                        direction,
                        is_default.then(|| (Index::new(position), identity)),
                        &vpcs[*vpc],
                    ),
                };
                SecurityGroupRule::list(direction, rules)
            });
            groups.push(SecurityGroup::new(identity.clone(), *vpc, rules, known));
        }
        groups
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
        for group in &inventory.security_groups {
            let rules = [&group.rules.ingress, &group.rules.egress].into_iter().flatten().flatten();
            for rule in rules {
                match &rule.peer {
                    inventory::Peer::Group(reference) => self.external_group(reference, owners),
                    inventory::Peer::Named(reference)
                        if self.names.prefix_lists.get(&reference.value).is_none() =>
                    {
                        self.external_group(reference, owners);
                    }
                    _ => {}
                }
            }
        }
        for reference in
            inventory.network_interfaces.iter().flat_map(|card| card.security_groups.iter().flatten())
        {
            self.external_group(reference, owners);
        }
    }

    fn external_group(&mut self, reference: &Reference, owners: &mut Owners) {
        let text = &reference.value;
        if self.names.security_groups.get(text).is_some() || self.external_groups.contains_key(text) {
            return;
        }
        let identity = Identity { name: text.clone(), id: text.clone(), origin: reference.origin };
        self.external_groups.insert(text.clone(), Index::new(owners.len()));
        owners.push((identity, Index::new(0)));
    }

    fn group_rule(
        &mut self,
        rule: &inventory::SecurityGroupRule,
        direction: Direction,
        (owners, vpcs): (&Owners, &Arena<Vpc>),
        by_name: &HashMap<&str, usize>,
        vpc: Index<Vpc>,
    ) -> Option<SecurityGroupRule> {
        let (remote, peer, peer_label) = match &rule.peer {
            inventory::Peer::Cidr(cidr) => (AddressMatch::Within(*cidr), Peer::Anyone, cidr.to_text()),
            inventory::Peer::Named(reference)
            | inventory::Peer::Group(reference)
            | inventory::Peer::PrefixList(reference) => {
                let label = reference.value.clone();
                match self.peer(&rule.peer, reference, by_name, (owners, vpcs))? {
                    Named::Group(group) => {
                        let theirs = owners.get(group).map(|(_, vpc)| *vpc);
                        self.check_reference(reference, theirs, vpc, vpcs);
                        (AddressMatch::Any, Peer::Member(Index::new(group)), label)
                    }
                    Named::PrefixList(list) => {
                        (AddressMatch::WithinAny(self.prefix_list(list)), Peer::Anyone, label)
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
        &mut self,
        peer: &inventory::Peer,
        reference: &Reference,
        by_name: &HashMap<&str, usize>,
        owners: (&Owners, &Arena<Vpc>),
    ) -> Option<Named> {
        let text = reference.value.as_str();
        let group = by_name.get(text).copied().or_else(|| of_account(text, by_name, owners));
        let list = self.names.prefix_lists.get(text);
        let (group, list, kind) = match peer {
            inventory::Peer::Group(_) => (group, None, "security group"),
            inventory::Peer::PrefixList(_) => (None, list, "prefix list"),
            _ => (group, list, "security group or prefix list"),
        };
        match (group, list) {
            (Some(group), None) => Some(Named::Group(group)),
            (None, Some(list)) if self.is_listed(list) => Some(Named::PrefixList(list)),
            (None, Some(_)) => Some(Named::Unlisted),
            (None, None) if self.observed => Some(Named::Unlisted),
            (Some(_), Some(_)) => {
                let message = format!("`{text}` names a security group and a prefix list");
                let help = "use the id: `sg-…` or `pl-…`";
                self.problems.push(problems::ambiguous_reference(reference.origin, message, help));
                None
            }
            (None, None) => {
                let mut known: Vec<&str> = Vec::new();
                known.extend(by_name.keys().copied().filter(|_| kind != "prefix list"));
                known.sort_unstable();
                if kind != "security group" {
                    self.names.prefix_lists.iter().for_each(|name| known.push(name));
                }
                let known = known.into_iter();
                self.problems.push(problems::unknown_reference(reference.origin, kind, text, known));
                None
            }
        }
    }

    /// A group of another VPC can be referenced only where something joins the VPCs.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
    fn check_reference(
        &mut self,
        reference: &Reference,
        theirs: Option<Index<Vpc>>,
        ours: Index<Vpc>,
        vpcs: &Arena<Vpc>,
    ) {
        let unclear = [theirs, Some(ours)].contains(&self.unclear) && self.unclear.is_some();
        let Some(theirs) = theirs.filter(|theirs| *theirs != ours && !self.observed && !unclear) else {
            return;
        };
        let [our_region, their_region] = [ours, theirs].map(|vpc| vpcs[vpc].region.as_str());
        let joined = |gateway: &inventory::Gateway| self.may_join(gateway, ours, theirs);
        if self.inventory.gateways.iter().any(joined) {
            if our_region == their_region {
                return;
            }
            let message = format!("security group `{}` belongs to a VPC of another Region", reference.value);
            let help =
                format!("name the blocks of its VPC instead: {}", super::join(&vpcs[theirs].cidr_blocks));
            self.problems.push(problems::mismatch(reference.origin, message, &help));
            return;
        }
        let message = format!("security group `{}` belongs to another VPC", reference.value);
        let help = "a rule can name groups of its own VPC, or of one that a peering connection or transit gateway joins";
        self.problems.push(problems::mismatch(reference.origin, message, help));
    }

    /// Whether a gateway joins two VPCs, or might.
    fn may_join(&self, gateway: &inventory::Gateway, ours: Index<Vpc>, theirs: Index<Vpc>) -> bool {
        match &gateway.form {
            inventory::GatewayForm::VpcPeeringConnection { requester, accepter, .. } => {
                let is_at = |vpc: Index<Vpc>| {
                    [requester, accepter].into_iter().any(|side| match &side.vpc {
                        Some(own) => self.names.vpcs.get(&own.value) == Some(vpc.position()),
                        None => false,
                    })
                };
                is_at(ours) && is_at(theirs)
            }
            _ => matches!(gateway.kind, GatewayKind::VpcPeeringConnection | GatewayKind::TransitGateway),
        }
    }

    /// Whether the entries of a prefix list are known.
    pub(super) fn is_listed(&self, position: usize) -> bool {
        self.inventory.prefix_lists.get(position).is_some_and(|list| list.entries.is_some())
    }

    /// The blocks of a prefix list.
    pub(super) fn prefix_list(&self, position: usize) -> Arc<CidrSet> {
        let made = || {
            let entries = self.inventory.prefix_lists.get(position).and_then(|list| list.entries.as_ref());
            Arc::new(entries.into_iter().flatten().map(|entry| entry.value).collect::<CidrSet>())
        };
        self.blocks.get(position).map_or_else(made, |known| Arc::clone(known.get_or_init(made)))
    }
}

/// A group by its owner's account and its name or id: `123456789012/sg-0123`.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
fn of_account(
    text: &str,
    by_name: &HashMap<&str, usize>,
    (owners, vpcs): (&Owners, &Arena<Vpc>),
) -> Option<usize> {
    let (account, name) = text.split_once('/')?;
    let found = *by_name.get(name)?;
    let (_, vpc) = owners.get(found)?;
    (vpcs[*vpc].account == account).then_some(found)
}

fn by_name(owners: &Owners) -> HashMap<&str, usize> {
    let mut positions = HashMap::with_capacity(2 * owners.len());
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
