//! Rules of a firewall policy.

use std::fmt;

use super::{StatefulAction, StatelessAction};
use crate::diagnostic::Origin;
use crate::net::{FiveTuple, Header};

/// What rules of both engines have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FirewallRule {
    /// The packets that it matches, as far as the five-tuple tells.
    pub test: FiveTuple,
    /// What it tests beside, as Suricata writes it; empty when nothing.
    pub options: String,
    /// Whether it surely matches every packet that its five-tuple does.
    pub is_certain: bool,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// A rule of a stateless rule group.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups-5-tuple.html>
#[derive(Debug, Clone, PartialEq)]
pub struct StatelessRule {
    /// Its place in the order, in its group.
    pub priority: u16,
    /// What becomes of packets that it matches.
    pub action: StatelessAction,
    /// Which these are.
    pub rule: FirewallRule,
}

/// A rule of a stateful rule group.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_StatefulRule.html>
#[derive(Debug, Clone, PartialEq)]
pub struct StatefulRule {
    /// What becomes of packets that it matches; `None` when that is not known, as of managed rule groups.
    pub action: Option<StatefulAction>,
    /// Which these are.
    pub rule: FirewallRule,
    /// Whether it matches them the other way as well: the direction `ANY`.
    pub is_any_direction: bool,
}

impl StatelessRule {
    /// Whether it matches a packet, or may.
    pub fn test(&self, header: &Header) -> bool {
        self.rule.test.contains(header)
    }
}

impl StatefulRule {
    /// Whether it matches a packet, or may. A rule of Suricata with ports matches nothing that has none.
    pub fn test(&self, header: &Header) -> bool {
        if self.rule.test.has_ports() && !header.protocol.has_ports() {
            return false;
        }
        self.rule.test.contains(header)
            || self.is_any_direction && self.rule.test.contains(&header.reversed())
    }
}

/// As scenarios have it.
impl fmt::Display for StatelessRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.priority, self.action, self.rule.test)?;
        options(&self.rule, f)
    }
}

/// As scenarios have it.
impl fmt::Display for StatefulRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.action {
            Some(action) => write!(f, "{action} {}", self.rule.test)?,
            None => write!(f, "unknown {}", self.rule.test)?,
        }
        if self.is_any_direction {
            f.write_str(" any-direction")?;
        }
        options(&self.rule, f)
    }
}

fn options(rule: &FirewallRule, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if rule.options.is_empty() { Ok(()) } else { write!(f, " with {}", rule.options) }
}
