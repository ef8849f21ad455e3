//! Security groups: stateful, allow-only, attached to interfaces.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
//!
//! All rules of all groups of an interface form one set without order: any match allows, otherwise the packet is
//! denied. A rule that names a group matches packets whose *sender's interface* carries that group; the identity
//! travels with the packet and is lost at gateways that rewrite addresses.

use super::rule_list::{Rule, RuleList};
use super::{Identity, Index, network::Vpc};
use crate::diagnostic::Origin;
use crate::net::{
    AddressMatch, Direction, Family, Header, Match, PerDirection, PortRange, Protocol, Service,
};

/// A security group.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityGroup {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Index<Vpc>,
    /// Other VPCs with which it is associated: interfaces in them can have it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html>
    pub associated_vpcs: Vec<Index<Vpc>>,
    /// Its rules.
    pub rules: PerDirection<RuleList<SecurityGroupRule, Peer>>,
    /// Whether its rules were collected. Those of another account's group, for one, were not.
    pub known: PerDirection<bool>,
    pub(crate) answers: PerDirection<AnyAnswer>,
}

/// To which flows some rule of a list admits any answer, as [`SecurityGroupRule::admits_any_answer`] says.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct AnyAnswer {
    tcp: [bool; 2],
    udp: [bool; 2],
}

impl AnyAnswer {
    /// The answer of `rules`, which are for `direction`.
    fn of(direction: Direction, rules: &[SecurityGroupRule]) -> Self {
        let by = |protocol| {
            [Family::V4, Family::V6]
                .map(|family| rules.iter().any(|rule| rule.admits_any_answer(direction, family, protocol)))
        };
        Self { tcp: by(Protocol::TCP), udp: by(Protocol::UDP) }
    }

    /// Notes what another list admits.
    pub(super) fn add(&mut self, other: Self) {
        for (own, others) in [(&mut self.tcp, other.tcp), (&mut self.udp, other.udp)] {
            own.iter_mut().zip(others).for_each(|(own, other)| *own |= other);
        }
    }

    /// Whether some rule admits whatever could answer `header`, of TCP or UDP.
    pub(crate) fn admit(self, header: &Header) -> bool {
        let [v4, v6] = if header.protocol == Protocol::TCP { self.tcp } else { self.udp };
        match header.family() {
            Family::V4 => v4,
            Family::V6 => v6,
        }
    }
}

impl SecurityGroup {
    pub(crate) fn new(
        identity: Identity,
        vpc: Index<Vpc>,
        associated_vpcs: Vec<Index<Vpc>>,
        rules: PerDirection<RuleList<SecurityGroupRule, Peer>>,
        known: PerDirection<bool>,
    ) -> Self {
        let answers = PerDirection::from_fn(|direction| AnyAnswer::of(direction, rules.get(direction)));
        Self { identity, vpc, associated_vpcs, rules, known, answers }
    }

    /// All its VPCs.
    pub fn vpcs(&self) -> impl Iterator<Item = Index<Vpc>> + Clone {
        std::iter::once(self.vpc).chain(self.associated_vpcs.iter().copied())
    }

    /// Whether interfaces in `vpc` can have it.
    pub fn is_of(&self, vpc: Index<Vpc>) -> bool {
        self.vpc == vpc || self.associated_vpcs.contains(&vpc)
    }
}

/// A rule with exactly one far side, as `DescribeSecurityGroupRules` lists them.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityGroupRule {
    /// `sgr-…`, when known.
    pub id: Option<String>,
    /// The test of the header; a referenced group tests nothing of it.
    pub test: Match,
    /// What else the far side must be.
    pub peer: Peer,
    /// The far side as it was written.
    pub peer_label: String,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// What the far side must be besides its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Nothing: the address decides.
    Anyone,
    /// A member of a group, reached by its private address.
    Member(Index<SecurityGroup>),
    /// An address in a prefix list whose entries were not collected.
    Unlisted,
}

impl Rule for SecurityGroupRule {
    fn test(&self) -> &Match {
        &self.test
    }
}

impl SecurityGroupRule {
    /// Rules for `direction`.
    pub(crate) fn list(direction: Direction, rules: Vec<Self>) -> RuleList<Self, Peer> {
        RuleList::new(direction, rules, |rule| rule.peer)
    }

    /// Whether the rule admits a packet; `is_member` says whether its far side belongs to a group.
    pub fn admits(&self, header: &Header, is_member: impl FnOnce(Index<SecurityGroup>) -> bool) -> bool {
        self.test.contains(header)
            && match self.peer {
                Peer::Anyone => true,
                Peer::Member(group) => is_member(group),
                Peer::Unlisted => false,
            }
    }

    /// Whether the rule would admit the packet if the far side were in a list whose entries were not collected.
    pub fn may_admit(&self, header: &Header) -> bool {
        self.peer == Peer::Unlisted && self.test.contains(header)
    }

    /// Whether the far side is every address of a family: `0.0.0.0/0` or `::/0`.
    pub fn is_for_everyone(&self, direction: Direction) -> bool {
        self.peer == Peer::Anyone && self.test.remote(direction).is_everything()
    }

    /// Whether the rule admits whatever could answer a flow: every address of its family, and all ports 0 to 65535.
    pub fn admits_any_answer(&self, direction: Direction, family: Family, protocol: Protocol) -> bool {
        let service = &self.test.service;
        let all_ports = service.ports == PortRange::ALL;
        let same_protocol = service.protocol.is_none_or(|own| own == protocol);
        let remote = self.test.remote(direction);
        let same_family = matches!(remote, AddressMatch::Within(cidr) if cidr.family() == family);
        self.is_for_everyone(direction) && same_family && same_protocol && all_ports
    }

    /// Whether the rule admits all traffic with every address of `family`.
    pub(crate) fn admits_everything(&self, direction: Direction, family: Family) -> bool {
        let remote = self.test.remote(direction);
        let same_family = matches!(remote, AddressMatch::Within(cidr) if cidr.family() == family);
        same_family && self.is_for_everyone(direction) && self.test.service == Service::ALL
    }

    /// The rule as it can be written: `tcp 443 from 0.0.0.0/0`.
    pub fn describe(&self, direction: Direction) -> String {
        format!("{} {} {}", self.test.service, direction.preposition(), self.peer_label)
    }
}
