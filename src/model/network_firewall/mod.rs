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

use std::time::Duration;

use super::{Identity, IdleTimeout};
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
    /// Stateful rules of all groups; in a network as they are tested.
    pub stateful_rules: Vec<StatefulRule>,
    /// What becomes of packets that no stateful rule decides: with the rule order of actions they pass.
    pub stateful_default: StatefulDefault,
    /// What becomes of TCP in the middle of a connection that the stateful engine does not know.
    pub stream_exception_policy: StreamExceptionPolicy,
    /// After how long without packets a TCP flow is forgotten; 350 s where nobody says it.
    pub tcp_idle_timeout: Option<Duration>,
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
    /// What AWS accepts as the idle time of TCP.
    /// AWS: <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_FlowTimeouts.html>
    pub const TCP_IDLE: IdleTimeout =
        IdleTimeout { key: "tcp_idle_timeout", name: "TcpIdleTimeoutSeconds", least: 60, most: 6000 };

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

    /// What the rules of the stateful engine, which are in order, do with a packet, or its default, `None` where that
    /// depends on more than the packet.
    pub fn stateful(&self, header: &Header) -> Judgement<Option<StatefulAction>> {
        let last = match (self.rule_order, self.stateful_default) {
            (RuleOrder::Action, _) | (_, StatefulDefault::Pass) => Some(StatefulAction::Pass),
            (RuleOrder::Strict, StatefulDefault::DropStrict) => Some(StatefulAction::Drop),
            (RuleOrder::Strict, StatefulDefault::DropEstablished) => None,
        };
        let decides = |(_, rule): &(usize, &StatefulRule)| {
            rule.action != Some(StatefulAction::Alert) && rule.test(header)
        };
        let matching = self.stateful_rules.iter().enumerate().filter(decides);
        judge(matching.map(|(position, rule)| (position, rule.action, rule.rule.is_certain)), last)
    }

    /// Whether the stateful rules stand in the order in which they are tested. What is not known may be any action.
    pub(crate) fn is_in_order(&self) -> bool {
        self.rule_order == RuleOrder::Strict || self.stateful_rules.is_sorted_by_key(|rule| rule.action)
    }

    /// Puts them into that order.
    pub(crate) fn sort_rules(&mut self) {
        if !self.is_in_order() {
            self.stateful_rules.sort_by_key(|rule| rule.action); // stable
        }
    }
}

/// Ranges of ports that some rule tells apart from others.
fn ports(rule: &FirewallRule) -> impl Iterator<Item = PortRange> + '_ {
    rule.test.destination_ports.iter().chain(&rule.test.source_ports).copied()
}

/// The first certain rule decides, or the default; doubtful ones before it must do the same.
fn judge<A: Copy + PartialEq>(rules: impl Iterator<Item = (usize, A, bool)>, default: A) -> Judgement<A> {
    // The first doubtful rule, and the first that does otherwise: one of both is the first that differs from what is certain.
    let (mut first, mut other) = (None::<(usize, A)>, None);
    let mut decided = Judgement::Certain(default, None);
    let mut action = default;
    for (position, wants, is_certain) in rules {
        if is_certain {
            (decided, action) = (Judgement::Certain(wants, Some(position)), wants);
            break;
        }
        match first {
            None => first = Some((position, wants)),
            Some((_, known)) if known != wants && other.is_none() => other = Some((position, wants)),
            Some(_) => {}
        }
    }
    let differs = [first, other].into_iter().flatten().find(|(_, wants)| *wants != action);
    differs.map_or(decided, |(position, _)| Judgement::Doubtful(position))
}

#[cfg(test)]
mod tests;
