//! Network firewalls: which endpoints are theirs, and what their policies and rule groups say.
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_DescribeFirewall.html>,
//! <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_DescribeFirewallPolicy.html>,
//! <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_DescribeRuleGroup.html>
//!
//! The ARN of a policy or a group stands in the second part of its answer, and the endpoints of a firewall in its status.
//! Of a rule group that was not collected, or that AWS manages, and of a list of domains nobody knows what it decides.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::firewall_shapes::{
    Address, Firewall, FirewallPolicy, FirewallPorts, GroupReference, MatchAttributes, RuleGroup,
    RulesSource, StatelessRule,
};
use super::json::{Read, Text};
use super::suricata::{self, Parts};
use crate::input::rule::is_test;
use crate::model::{
    self, FirewallRule, Identity, NetworkFirewall, RuleOrder, StatefulDefault, StatelessAction,
    StreamExceptionPolicy,
};
use crate::net::{Cidr, FiveTuple, PortRange, Protocol};

/// What was answered of firewalls.
#[derive(Default)]
pub(super) struct FirewallAnswers<'a> {
    /// With the endpoints that their status tells of.
    firewalls: Vec<(Read<'a, Firewall<'a>>, Vec<String>)>,
    /// By ARN.
    policies: HashMap<String, Read<'a, FirewallPolicy<'a>>>,
    /// By ARN.
    groups: HashMap<String, Read<'a, RuleGroup<'a>>>,
}

impl<'a> FirewallAnswers<'a> {
    /// `status` is the second part of the answer, if it was there.
    pub(super) fn add_firewall(&mut self, firewall: Read<'a, Firewall<'a>>, status: Option<&str>) {
        let status: Option<Value> = status.and_then(|text| serde_json::from_str(text).ok());
        let zones = status.as_ref().and_then(|status| status.get("SyncStates")?.as_object());
        let id = |zone: &Value| Some(zone.get("Attachment")?.get("EndpointId")?.as_str()?.to_owned());
        let endpoints = zones.into_iter().flat_map(|zones| zones.values()).filter_map(id).collect();
        self.firewalls.push((firewall, endpoints));
    }

    /// As [`FirewallAnswers::add_firewall`]; without an ARN nobody knows whose policy it is. Says whether one is there.
    pub(super) fn add_policy(&mut self, policy: Read<'a, FirewallPolicy<'a>>, about: Option<&str>) -> bool {
        let arn = text_of(about, "FirewallPolicyArn");
        arn.map(|arn| self.policies.insert(arn, policy)).is_some()
    }

    /// As [`FirewallAnswers::add_policy`].
    pub(super) fn add_group(&mut self, group: Read<'a, RuleGroup<'a>>, about: Option<&str>) -> bool {
        let arn = text_of(about, "RuleGroupArn");
        arn.map(|arn| self.groups.insert(arn, group)).is_some()
    }

    /// The firewalls by the ids of their endpoints.
    pub(super) fn by_endpoint(&self) -> HashMap<&str, Arc<NetworkFirewall>> {
        let mut all = HashMap::new();
        for (read, endpoints) in &self.firewalls {
            let arn = read.value.firewall_arn.as_str();
            let name = read.value.firewall_name.as_ref().map_or(arn, Text::as_str).to_owned();
            let origin = read.file.origin(arn);
            let identity = Identity { name, id: arn.to_owned(), origin };
            let policy = read.value.firewall_policy_arn.as_ref().and_then(|arn| self.policy(arn.as_str()));
            let firewall = Arc::new(NetworkFirewall { identity, policy });
            all.extend(endpoints.iter().map(|endpoint| (endpoint.as_str(), Arc::clone(&firewall))));
        }
        all
    }

    /// How many firewalls are there of which no endpoint was told.
    pub(super) fn without_endpoints(&self) -> usize {
        self.firewalls.iter().filter(|(_, endpoints)| endpoints.is_empty()).count()
    }

    /// The policy of that ARN, if it was collected and says what it does with packets.
    fn policy(&self, arn: &str) -> Option<model::FirewallPolicy> {
        let own = &self.policies.get(arn)?.value;
        let stateless_default = stateless_action(own.stateless_default_actions.as_deref()?)?;
        let fragments = own.stateless_fragment_default_actions.as_deref().and_then(stateless_action);
        let options = own.stateful_engine_options.as_ref();
        let word = |text: Option<&Text<'_>>| text.map(|text| text.as_str().to_owned()).unwrap_or_default();
        let order = word(options.and_then(|options| options.rule_order.as_ref()));
        let exception = word(options.and_then(|options| options.stream_exception_policy.as_ref()));
        let mut stateful_rules = Vec::new();
        if own.tls_inspection_configuration_arn.is_some() {
            stateful_rules.push(unknown_rule("tls-inspection"));
        }
        for group in by_priority(own.stateful_rule_group_references.as_deref()) {
            stateful_rules.extend(self.stateful_rules(group.resource_arn.as_str()));
        }
        let groups = by_priority(own.stateless_rule_group_references.as_deref());
        let mut stateless_rules: Vec<model::StatelessRule> =
            groups.iter().flat_map(|group| self.stateless_rules(group.resource_arn.as_str())).collect();
        if groups.len() > 1 {
            // Rules of one group come before all of the next.
            for (rule, priority) in stateless_rules.iter_mut().zip(1..) {
                rule.priority = priority;
            }
        }
        Some(model::FirewallPolicy {
            stateless_rules,
            stateless_default,
            stateless_fragment_default: fragments.unwrap_or_default(),
            rule_order: if order == "STRICT_ORDER" { RuleOrder::Strict } else { RuleOrder::Action },
            stateful_rules,
            stateful_default: stateful_default(own.stateful_default_actions.as_deref().unwrap_or_default()),
            stream_exception_policy: match exception.as_str() {
                "CONTINUE" => StreamExceptionPolicy::Continue,
                "REJECT" => StreamExceptionPolicy::Reject,
                _ => StreamExceptionPolicy::Drop,
            },
            tcp_idle_timeout: options
                .and_then(|options| options.flow_timeouts.as_ref()?.tcp_idle_timeout_seconds)
                .map(Duration::from_secs),
        })
    }

    fn stateless_rules(&self, arn: &str) -> Vec<model::StatelessRule> {
        let source = self.groups.get(arn).and_then(|group| Some((group, group.value.rules_source.as_ref()?)));
        let listed = source.and_then(|(group, source)| {
            let rules = source.stateless_rules_and_custom_actions.as_ref()?.stateless_rules.as_ref()?;
            Some((group, rules))
        });
        let Some((group, rules)) = listed else {
            // Whatever else may decide, one of these differs.
            let either = [StatelessAction::Pass, StatelessAction::Drop];
            let rule = |action| model::StatelessRule { priority: 1, action, rule: unlisted("not-collected") };
            return either.map(rule).to_vec();
        };
        let mut rules: Vec<&StatelessRule<'_>> = rules.iter().collect();
        rules.sort_by_key(|rule| rule.priority);
        rules.into_iter().flat_map(|rule| stateless_rule(group, rule)).collect()
    }

    fn stateful_rules(&self, arn: &str) -> Vec<model::StatefulRule> {
        let Some(group) = self.groups.get(arn) else {
            let is_managed = arn.contains(":aws-managed:");
            return vec![unknown_rule(if is_managed { "managed-rule-group" } else { "not-collected" })];
        };
        let variables = group.value.rule_variables.as_ref();
        let Some(source) = group.value.rules_source.as_ref() else {
            return vec![unknown_rule("not-collected")];
        };
        let RulesSource { rules_string, rules_source_list, stateful_rules, .. } = source;
        let mut all = Vec::new();
        if rules_source_list.is_some() {
            all.push(unknown_rule("domain-list"));
        }
        if let Some(text) = rules_string {
            let origin = group.file.origin(text.as_str());
            let read = suricata::rules(text.as_str(), variables, origin);
            all.extend(read.unwrap_or_else(|| vec![unknown_rule("suricata")]));
        }
        for rule in stateful_rules.iter().flatten() {
            let word = |text: &'_ Option<Text<'a>>| text.as_ref().map_or("ANY", Text::as_str).to_owned();
            let header = &rule.header;
            let [protocol, source, source_port, direction, destination, destination_port] = [
                &header.protocol,
                &header.source,
                &header.source_port,
                &header.direction,
                &header.destination,
                &header.destination_port,
            ]
            .map(word);
            let keywords = rule.rule_options.iter().flatten().map(|option| option.keyword.as_str());
            let parts = Parts {
                action: rule.action.as_ref().map_or("", Text::as_str),
                protocol: if header.protocol.is_some() { &protocol } else { "unknown" },
                from: [&source, &source_port],
                is_any_direction: direction != "FORWARD",
                to: [&destination, &destination_port],
                keywords: keywords.filter(|keyword| is_test(keyword)).collect(),
            };
            let origin = header.source.as_ref().and_then(|text| group.file.origin(text.as_str()));
            all.push(parts.rule(variables, origin));
        }
        all
    }
}

/// A text of the second part of an answer.
fn text_of(about: Option<&str>, key: &str) -> Option<String> {
    let about: Value = serde_json::from_str(about?).ok()?;
    Some(about.get(key)?.as_str()?.to_owned())
}

fn by_priority<'r, 'a>(groups: Option<&'r [GroupReference<'a>]>) -> Vec<&'r GroupReference<'a>> {
    let mut all: Vec<&GroupReference<'_>> = groups.unwrap_or_default().iter().collect();
    all.sort_by_key(|group| group.priority);
    all
}

/// AWS: exactly one of the actions is a standard one, others are told of in metrics alone.
/// <https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-default-actions.html>
fn stateless_action(actions: &[Text<'_>]) -> Option<StatelessAction> {
    let named = |text: &Text<'_>| {
        let name = text.as_str().strip_prefix("aws:")?;
        StatelessAction::NAMES.iter().find(|(known, _)| *known == name).map(|(_, action)| *action)
    };
    actions.iter().find_map(named)
}

fn stateful_default(actions: &[Text<'_>]) -> StatefulDefault {
    let has = |name: &str| actions.iter().any(|action| action.as_str().starts_with(name));
    if has("aws:drop_strict") {
        StatefulDefault::DropStrict
    } else if has("aws:drop_established") {
        StatefulDefault::DropEstablished
    } else {
        StatefulDefault::Pass
    }
}

/// What may match any packet.
fn unlisted(options: &str) -> FirewallRule {
    FirewallRule { options: options.to_owned(), ..FirewallRule::default() }
}

/// What may do anything with any packet.
fn unknown_rule(options: &str) -> model::StatefulRule {
    model::StatefulRule { action: None, rule: unlisted(options), is_any_direction: false }
}

/// A rule of the stateless engine; two of one whose action is not known.
fn stateless_rule(group: &Read<'_, RuleGroup<'_>>, rule: &StatelessRule<'_>) -> Vec<model::StatelessRule> {
    let own: &MatchAttributes<'_> = &rule.rule_definition.match_attributes;
    let mut doubts = Vec::new();
    if own.tcp_flags.as_ref().is_some_and(|flags| !flags.is_empty()) {
        doubts.push("flags");
    }
    let mut all = |blocks: &Option<Vec<Address<'_>>>| {
        let read =
            |own: &Address<'_>| Cidr::parse(own.address_definition.as_str()).ok().map(|(block, _)| block);
        let found: Option<Vec<Cidr>> = blocks.iter().flatten().map(read).collect();
        found.unwrap_or_else(|| {
            doubts.push("addresses");
            Vec::new()
        })
    };
    let [sources, destinations] = [all(&own.sources), all(&own.destinations)];
    let mut ranges = |ports: &Option<Vec<FirewallPorts<'_>>>| {
        let read = |own: &FirewallPorts<'_>| {
            let [from, to] = [own.from_port, own.to_port].map(|port| u16::try_from(port).ok());
            PortRange::new(from?, to?).ok()
        };
        let found: Option<Vec<PortRange>> = ports.iter().flatten().map(read).collect();
        found.unwrap_or_else(|| {
            doubts.push("ports");
            Vec::new()
        })
    };
    let [source_ports, destination_ports] = [ranges(&own.source_ports), ranges(&own.destination_ports)];
    let numbers: Option<Vec<Protocol>> =
        own.protocols.iter().flatten().map(|number| u8::try_from(*number).ok().map(Protocol)).collect();
    let protocols = numbers.unwrap_or_else(|| {
        doubts.push("protocols");
        Vec::new()
    });
    let action = rule.rule_definition.actions.as_deref().and_then(stateless_action);
    let origin = rule.rule_definition.actions.iter().flatten().next();
    let rule_of = |action, is_known| model::StatelessRule {
        priority: u16::try_from(rule.priority).unwrap_or(u16::MAX),
        action,
        rule: FirewallRule {
            test: FiveTuple {
                protocols: protocols.clone(),
                sources: sources.clone(),
                source_ports: source_ports.clone(),
                destinations: destinations.clone(),
                destination_ports: destination_ports.clone(),
            },
            options: doubts.join("; "),
            is_certain: is_known && doubts.is_empty(),
            origin: origin.and_then(|text| group.file.origin(text.as_str())),
        },
    };
    match action {
        Some(action) => vec![rule_of(action, true)],
        None => [StatelessAction::Pass, StatelessAction::Drop].map(|action| rule_of(action, false)).to_vec(),
    }
}
