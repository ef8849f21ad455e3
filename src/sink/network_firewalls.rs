//! Network firewalls, with their endpoints and their policies.

use std::fmt::Write as _;

use super::keys::Keys;
use super::quoted::quoted;
use super::scenario::{Writer, state};
use crate::model::inventory::{Gateway, GatewayForm, Inventory, Reference};
use crate::model::{FirewallPolicy, Inspection, NetworkFirewall};

/// An endpoint of a firewall: the firewall, the endpoint and its interface.
type Endpoint<'i> = (&'i NetworkFirewall, &'i Gateway, &'i Reference);

/// The firewall of which a gateway is an endpoint.
pub(super) fn endpoint(gateway: &Gateway) -> Option<Endpoint<'_>> {
    match &gateway.form {
        GatewayForm::GatewayLoadBalancerEndpoint {
            network_interface,
            inspection: Inspection::NetworkFirewall(firewall),
            ..
        } => Some((firewall, gateway, network_interface)),
        _ => None,
    }
}

impl<'i> Writer<'i> {
    pub(super) fn network_firewalls(&mut self, inventory: &'i Inventory) {
        let endpoints: Vec<Endpoint<'i>> = inventory.gateways.iter().filter_map(endpoint).collect();
        let mut firewalls: Vec<&NetworkFirewall> = Vec::new();
        for (firewall, ..) in &endpoints {
            if !firewalls.iter().any(|known| known.identity.id == firewall.identity.id) {
                firewalls.push(firewall);
            }
        }
        if !firewalls.is_empty() {
            self.text.push_str("network_firewalls:\n");
        }
        for firewall in firewalls {
            self.item(&firewall.identity, None);
            let own = endpoints.iter().filter(|(other, ..)| other.identity.id == firewall.identity.id);
            let lines: Vec<String> = own.map(|endpoint| self.firewall_subnet(*endpoint)).collect();
            self.rules("subnets", &lines);
            if let Some(policy) = &firewall.policy {
                self.firewall_policy(policy);
            }
        }
    }

    fn firewall_subnet(&self, (_, gateway, interface): Endpoint<'i>) -> String {
        let mut keys = Keys::default();
        if gateway.identity.name != gateway.identity.id {
            keys.text("endpoint", &gateway.identity.name);
        }
        keys.text("endpoint_id", &gateway.identity.id);
        keys.text("network_interface", self.reference(interface));
        if let Some(state) = state(gateway.availability) {
            keys.raw("state", state);
        }
        keys.line()
    }

    fn firewall_policy(&mut self, policy: &FirewallPolicy) {
        let lines: Vec<String> =
            policy.stateless_rules.iter().map(|rule| quoted(&rule.to_string())).collect();
        self.rules("stateless_rules", &lines);
        let _ = writeln!(self.text, "    stateless_default: {}", policy.stateless_default);
        let _ = writeln!(self.text, "    stateless_fragment_default: {}", policy.stateless_fragment_default);
        let _ = writeln!(self.text, "    rule_order: {}", policy.rule_order);
        let lines: Vec<String> = policy.stateful_rules.iter().map(|rule| quoted(&rule.to_string())).collect();
        self.rules("stateful_rules", &lines);
        let _ = writeln!(self.text, "    stateful_default: {}", policy.stateful_default);
        let _ = writeln!(self.text, "    stream_exception_policy: {}", policy.stream_exception_policy);
        if let Some(time) = policy.tcp_idle_timeout {
            let _ = writeln!(self.text, "    tcp_idle_timeout: {}s", time.as_secs());
        }
    }
}
