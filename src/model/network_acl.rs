//! Network ACLs: stateless, ordered, at the subnet's border.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>
//!
//! Entries are evaluated by number, lowest first, and the first match decides. Behind them stands `*`, which
//! denies and cannot be removed.

use std::fmt;

use super::rule_list::{Rule, RuleList};
use super::{Identity, Index, network::Vpc};
use crate::diagnostic::Origin;
use crate::net::{Direction, Header, Match, PerDirection};

/// A network ACL.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkAcl {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Index<Vpc>,
    /// Its entries, sorted by number.
    pub entries: PerDirection<RuleList<NetworkAclEntry, RuleAction>>,
    /// Whether its entries were collected.
    pub known: bool,
}

/// An entry of a network ACL.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkAclEntry {
    /// Place in the order of evaluation.
    pub number: RuleNumber,
    /// What happens to a packet that matches.
    pub action: RuleAction,
    /// The test of the header.
    pub test: Match,
    /// The far side as it was written.
    pub remote_label: String,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleAction {
    /// Lets the packet pass.
    Allow,
    /// Drops it.
    Deny,
}

impl fmt::Display for RuleAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        })
    }
}

/// Number of an entry, 1 to 32766.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleNumber(u16);

impl RuleNumber {
    /// The highest number that can be assigned; AWS reserves those above.
    pub const MAX: u16 = 32766;

    /// A number, if AWS would take it.
    pub const fn new(number: u16) -> Option<Self> {
        if number >= 1 && number <= Self::MAX { Some(Self(number)) } else { None }
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for RuleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl NetworkAcl {
    /// The position of the first entry that matches; `None` means `*`.
    pub fn first_match(&self, direction: Direction, header: &Header) -> Option<usize> {
        self.decide(direction, header).map(|(position, _)| position)
    }

    /// As [`NetworkAcl::first_match`], with what the entry does.
    pub(crate) fn decide(&self, direction: Direction, header: &Header) -> Option<(usize, RuleAction)> {
        self.entries.get(direction).find(direction, header, |first| Some((first.position, first.note)))
    }
}

impl Rule for NetworkAclEntry {
    fn test(&self) -> &Match {
        &self.test
    }
}

impl NetworkAclEntry {
    /// Entries for `direction`, which stand in the order of their numbers.
    pub(crate) fn list(direction: Direction, entries: Vec<Self>) -> RuleList<Self, RuleAction> {
        RuleList::new(direction, entries, |entry| entry.action)
    }

    /// The entry as it can be written, without its number: `allow tcp 443 from 0.0.0.0/0`.
    pub fn describe(&self, direction: Direction) -> String {
        format!("{} {} {} {}", self.action, self.test.service, direction.preposition(), self.remote_label)
    }
}
