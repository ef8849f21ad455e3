//! Network firewalls, and the Gateway Load Balancer endpoints that AWS creates for them in their subnets.

use std::sync::Arc;

use super::interface::idle_timeout;
use super::transit_gateway::attached_subnet;
use super::{identity, list};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::fields::{Fields, items, located_text, text};
use crate::input::rule;
use crate::input::scalar::one_of;
use crate::input::shape::{FIREWALL_SUBNET, GATEWAY_STATES, NETWORK_FIREWALL};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{Gateway, GatewayForm, Inventory, NetworkInterface, Provenance, Reference};
use crate::model::{
    Availability, FirewallPolicy, GatewayKind, Identity, Inspection, NetworkFirewall, RuleOrder,
    StatefulDefault, StatelessAction, StreamExceptionPolicy,
};

/// What AWS calls the interfaces of Gateway Load Balancer endpoints.
pub(super) const INTERFACE_TYPE: &str = "gateway_load_balancer_endpoint";

/// Reads a firewall, and adds its endpoints with their interfaces.
pub(super) fn network_firewall(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) {
    let Some(mut fields) = Fields::of(node, &NETWORK_FIREWALL, problems) else { return };
    let identity = identity(&mut fields, "firewall", problems);
    let subnets = fields.node("subnets").map_or(&[][..], items);
    let policy = policy(&mut fields, inventory.provenance, problems);
    fields.finish(problems);
    let Some(identity) = identity else { return };
    if subnets.is_empty() && inventory.provenance == Provenance::Written && !problems.concern(identity.origin)
    {
        let message = format!("network firewall `{}` has no subnet", identity.name);
        problems.push(problems::mismatch(
            identity.origin,
            message,
            "give it its `subnets`, one of each zone",
        ));
    }
    let is_only = subnets.len() == 1;
    let firewall = Arc::new(NetworkFirewall { identity: identity.clone(), policy });
    for node in subnets {
        let Some(read) = endpoint(node, &identity, is_only, problems) else { continue };
        let gateway = Gateway::new(read.identity, GatewayKind::VpcEndpoint, None);
        inventory.gateways.push(Gateway {
            availability: read.availability,
            form: GatewayForm::GatewayLoadBalancerEndpoint {
                service: None,
                network_interface: read.network_interface,
                inspection: Inspection::NetworkFirewall(Arc::clone(&firewall)),
            },
            ..gateway
        });
        inventory.network_interfaces.extend(read.card);
    }
}

/// An endpoint of a firewall.
struct Endpoint {
    identity: Identity,
    network_interface: Reference,
    /// The interface, unless it is written as such.
    card: Option<NetworkInterface>,
    availability: Availability,
}

/// The keys that subnets of attachments have as well.
const OF_SUBNET: [&str; 3] = ["subnet", "interface", "private_ip"];

/// The only endpoint of a firewall is called as the firewall is, one of several after its subnet as well.
fn endpoint(node: &Node, of: &Identity, is_only: bool, problems: &mut Diagnostics) -> Option<Endpoint> {
    let (mut name, mut id, mut state, mut listed) = (None, None, None, None);
    let mut subnet = node.clone();
    if matches!(node.value, Value::Map(_)) {
        let mut fields = Fields::of(node, &FIREWALL_SUBNET, problems)?;
        name = fields.value("endpoint", text, problems);
        id = fields.value("endpoint_id", text, problems);
        state = fields.value("state", one_of("a state", GATEWAY_STATES), problems);
        listed = fields.value("network_interface", located_text, problems);
        for key in OF_SUBNET {
            fields.node(key);
        }
        if !fields.finish(problems) {
            return None;
        }
        if let Value::Map(entries) = &mut subnet.value {
            entries.retain(|entry| OF_SUBNET.contains(&entry.key.as_str()));
        }
    }
    let card =
        if listed.is_some() { None } else { Some(attached_subnet(&subnet, of, INTERFACE_TYPE, problems)?) };
    let network_interface = match (&card, listed) {
        (Some(card), _) => Located { value: card.identity.id.clone(), origin: card.identity.origin },
        (None, listed) => listed?,
    };
    let usual = match &card {
        Some(card) if !is_only => format!("{}-{}", of.name, card.subnet.value),
        None if !is_only => format!("{}-{}", of.name, network_interface.value),
        _ => of.name.clone(),
    };
    let name = name.or_else(|| id.is_none().then_some(usual));
    let identity = Identity::new(GatewayKind::VpcEndpoint.entry().id_prefix, name, id, Some(node.origin))?;
    Some(Endpoint { identity, network_interface, card, availability: state.unwrap_or_default() })
}

/// The policy. Of a firewall that AWS told of, a policy of which nothing is said was not collected.
fn policy(
    fields: &mut Fields<'_>,
    provenance: Provenance,
    problems: &mut Diagnostics,
) -> Option<FirewallPolicy> {
    let stateless_rules = fields.list("stateless_rules", rule::stateless_rule, problems);
    let stateless = one_of("an action", &StatelessAction::NAMES);
    let stateless_default = fields.value("stateless_default", &stateless, problems);
    let stateless_fragment_default = fields.value("stateless_fragment_default", &stateless, problems);
    let rule_order = fields.value("rule_order", one_of("a rule order", &RuleOrder::NAMES), problems);
    let stateful_rules = fields.list("stateful_rules", rule::stateful_rule, problems);
    let default = one_of("a default action", &StatefulDefault::NAMES);
    let default_at = fields.key_origin("stateful_default");
    let stateful_default = fields.value("stateful_default", default, problems);
    let exception = one_of("a policy", &StreamExceptionPolicy::NAMES);
    let stream_exception_policy = fields.value("stream_exception_policy", exception, problems);
    let tcp_idle_timeout = idle_timeout(fields, &FirewallPolicy::TCP_IDLE, problems);
    let rule_order_is_strict = rule_order == Some(RuleOrder::Strict);
    if stateful_default.is_some_and(|default| default != StatefulDefault::Pass) && !rule_order_is_strict {
        let message = "without `rule_order: strict` there is no `stateful_default`".to_owned();
        problems.push(problems::mismatch(
            default_at,
            message,
            "add `rule_order: strict`, or a rule that drops",
        ));
    }
    let is_told = stateless_rules.is_some()
        || stateless_default.is_some()
        || rule_order.is_some()
        || stateful_rules.is_some();
    if provenance == Provenance::Observed && !is_told {
        return None;
    }
    let mut stateless_rules = stateless_rules.unwrap_or_default();
    stateless_rules.sort_by_key(|rule| rule.priority);
    // AWS: https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_StatelessRule.html
    for pair in stateless_rules.windows(2).filter(|_| provenance == Provenance::Written) {
        let [first, second] = pair else { continue };
        if first.priority == second.priority {
            let message = format!("two stateless rules have the priority {}", second.priority);
            let help = "each has one of its own: which of two comes first AWS does not say";
            problems.push(problems::mismatch(second.rule.origin, message, help));
        }
    }
    Some(FirewallPolicy {
        stateless_rules,
        stateless_default: stateless_default.unwrap_or_default(),
        stateless_fragment_default: stateless_fragment_default.unwrap_or_default(),
        rule_order: rule_order.unwrap_or_default(),
        stateful_rules: stateful_rules.unwrap_or_default(),
        stateful_default: stateful_default.unwrap_or_default(),
        stream_exception_policy: stream_exception_policy.unwrap_or_default(),
        tcp_idle_timeout,
    })
}

/// The sections of a document that describe firewalls.
pub(super) fn network_firewalls(top: &mut Fields<'_>, inventory: &mut Inventory, problems: &mut Diagnostics) {
    for node in top.value("network_firewalls", list, problems).unwrap_or_default() {
        network_firewall(&node, inventory, problems);
    }
}
