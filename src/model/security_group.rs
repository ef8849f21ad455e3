//! Security groups: stateful, allow-only, attached to interfaces.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
//!
//! All rules of all groups of an interface form one set without order: any match allows, otherwise the packet is
//! denied. A rule that names a group matches packets whose *sender's interface* carries that group; the identity
//! travels with the packet and is lost at gateways that rewrite addresses.

use super::{Identity, Index, RuleList, network::Vpc};
use crate::diagnostic::Origin;
use crate::net::{AddressMatch, Direction, Header, Match, PerDirection, PortRange};

/// A security group.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityGroup {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Index<Vpc>,
    /// Its rules.
    pub rules: PerDirection<RuleList<SecurityGroupRule>>,
    /// Whether its rules were collected. Those of another account's group, for one, were not.
    pub known: PerDirection<bool>,
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

impl SecurityGroupRule {
    /// Rules for `direction`.
    pub(crate) fn list(direction: Direction, rules: Vec<Self>) -> RuleList<Self> {
        RuleList::new(direction, rules, |rule| &rule.test)
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

    /// Whether the rule admits whatever could answer `header`: every address, and all ports 0 to 65535.
    pub fn admits_any_answer(&self, direction: Direction, header: &Header) -> bool {
        let service = &self.test.service;
        let all_ports = service.ports == PortRange::ALL;
        let same_protocol = service.protocol.is_none_or(|protocol| protocol == header.protocol);
        let remote = self.test.remote(direction);
        let same_family = matches!(remote, AddressMatch::Within(cidr) if cidr.family() == header.family());
        self.is_for_everyone(direction) && same_family && same_protocol && all_ports
    }

    /// The rule as it can be written: `tcp 443 from 0.0.0.0/0`.
    pub fn describe(&self, direction: Direction) -> String {
        format!("{} {} {}", self.test.service, direction.preposition(), self.peer_label)
    }
}
