//! AWS Network Firewall: what a firewall policy decides about a packet. Whether its engines know the flow of the packet
//! is asked where packets move, not here.
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html>
//!
//! Each packet is tested against the stateless rules, in order of their priority; the first that matches, or the default
//! action, passes it, drops it, or forwards it to the stateful engine. That tests the rules in its rule order, which is one
//! of actions or strict. An `alert` is told and decides nothing.
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html>
//! Not modelled: what Suricata rules test beside the five-tuple, domain lists and managed rule groups. Such rules are
//! doubtful: where one could decide otherwise than what comes behind it, nothing is certain.

mod actions;
mod rule;

pub use actions::{RuleOrder, StatefulAction, StatefulDefault, StatelessAction, StreamExceptionPolicy};
pub use rule::{FirewallRule, StatefulRule, StatelessRule};

use super::Identity;
use crate::net::{Header, PortRange};

/// A firewall with its policy.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkFirewall {
    /// Name and id.
    pub identity: Identity,
    /// What it does; `None` when that was not collected.
    pub policy: Option<FirewallPolicy>,
}

/// What the engines of a firewall do.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_FirewallPolicy.html>
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FirewallPolicy {
    /// Stateless rules of all groups, in the order in which they are tested.
    pub stateless_rules: Vec<StatelessRule>,
    /// What becomes of packets that no stateless rule matches.
    pub stateless_default: StatelessAction,
    /// The same of fragments of UDP, which no scenario sends.
    pub stateless_fragment_default: StatelessAction,
    /// How stateful rules are ordered.
    pub rule_order: RuleOrder,
    /// Stateful rules of all groups; in strict order as they are tested.
    pub stateful_rules: Vec<StatefulRule>,
    /// What becomes of packets that no stateful rule decides: with the rule order of actions they pass.
    pub stateful_default: StatefulDefault,
    /// What becomes of TCP in the middle of a connection that the stateful engine does not know.
    pub stream_exception_policy: StreamExceptionPolicy,
}

/// What an engine decides, and by which of its rules: by position, or by its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement<A> {
    /// For certain.
    Certain(A, Option<usize>),
    /// This rule may decide otherwise than what comes behind it.
    Doubtful(usize),
}

impl FirewallPolicy {
    /// Every range of ports that a rule tests, on either side.
    pub(crate) fn ports(&self) -> impl Iterator<Item = PortRange> + '_ {
        let stateless = self.stateless_rules.iter().map(|own| &own.rule);
        stateless.chain(self.stateful_rules.iter().map(|own| &own.rule)).flat_map(ports)
    }

    /// What the stateless engine does with a packet.
    pub fn stateless(&self, header: &Header) -> Judgement<StatelessAction> {
        let matching = self.stateless_rules.iter().enumerate().filter(|(_, rule)| rule.test(header));
        let rules = matching.map(|(position, rule)| (position, rule.action, rule.rule.is_certain));
        judge(rules, self.stateless_default)
    }

    /// What the rules of the stateful engine do with a packet, or its default, `None` where that depends on more than the
    /// packet.
    pub fn stateful(&self, header: &Header) -> Judgement<Option<StatefulAction>> {
        let last = match (self.rule_order, self.stateful_default) {
            (RuleOrder::Action, _) | (_, StatefulDefault::Pass) => Some(StatefulAction::Pass),
            (RuleOrder::Strict, StatefulDefault::DropStrict) => Some(StatefulAction::Drop),
            (RuleOrder::Strict, StatefulDefault::DropEstablished) => None,
        };
        let mut matching: Vec<(usize, &StatefulRule)> =
            self.stateful_rules.iter().enumerate().filter(|(_, rule)| rule.test(header)).collect();
        if self.rule_order == RuleOrder::Action {
            matching.sort_by_key(|(_, rule)| rule.action); // stable
        }
        let decides = matching.into_iter().filter(|(_, rule)| rule.action != Some(StatefulAction::Alert));
        judge(decides.map(|(position, rule)| (position, rule.action, rule.rule.is_certain)), last)
    }
}

/// Ranges of ports that some rule tells apart from others.
fn ports(rule: &FirewallRule) -> impl Iterator<Item = PortRange> + '_ {
    rule.test.destination_ports.iter().chain(&rule.test.source_ports).copied()
}

/// The first certain rule decides, or the default; doubtful ones before it must do the same.
fn judge<A: Copy + PartialEq>(rules: impl Iterator<Item = (usize, A, bool)>, default: A) -> Judgement<A> {
    let mut doubtful: Vec<(usize, A)> = Vec::new();
    let mut decided = Judgement::Certain(default, None);
    let mut action = default;
    for (position, wants, is_certain) in rules {
        if is_certain {
            (decided, action) = (Judgement::Certain(wants, Some(position)), wants);
            break;
        }
        doubtful.push((position, wants));
    }
    let other = doubtful.into_iter().find(|(_, wants)| *wants != action);
    other.map_or(decided, |(position, _)| Judgement::Doubtful(position))
}

#[cfg(test)]
mod tests;
