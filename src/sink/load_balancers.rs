//! Load balancers with their listeners, and groups of targets, each in a line.

use super::keys::Keys;
use super::scenario::Writer;
use crate::model::inventory::{
    Gateway, GatewayForm, ListenerRule, LoadBalancerListener, Target, TargetGroup,
};
use crate::model::{Availability, HealthCheck, ListenerProtocol, LoadBalancerType, TargetHealth};

impl<'i> Writer<'i> {
    pub(super) fn load_balancer(&self, keys: &mut Keys, gateway: &'i Gateway) {
        let GatewayForm::LoadBalancer(own) = &gateway.form else { return };
        keys.raw("type", own.kind);
        let is_gateway = own.kind == LoadBalancerType::Gateway;
        if !is_gateway {
            keys.raw("scheme", if own.is_internet_facing { "internet-facing" } else { "internal" });
        }
        keys.list("network_interfaces", own.network_interfaces.iter().map(|card| self.reference(card)));
        if let Some(cross_zone) = own.cross_zone {
            keys.raw("cross_zone", cross_zone);
        }
        if let Some(judges) = own.judges_private_link.filter(|_| !is_gateway) {
            keys.raw("enforce_security_groups_on_private_link", judges);
        }
        keys.optional("endpoint_service", own.endpoint_service.as_ref().map(|own| &own.value));
        keys.optional("dns_name", own.dns_name.as_ref().filter(|_| !is_gateway));
        if let Some(listeners) = &own.listeners {
            let lines: Vec<String> = listeners.iter().map(|own| self.listener(own).line()).collect();
            keys.raw("listeners", format!("[{}]", lines.join(", ")));
        }
        match gateway.availability {
            Availability::Available => {}
            Availability::NotAvailable | Availability::Gone => keys.raw("state", "failed"),
            Availability::Undocumented(state) => keys.raw("state", state),
            Availability::NotCollected => keys.raw("state", "unknown"),
        }
    }

    /// A listener: its last rule is its default action.
    fn listener(&self, own: &'i LoadBalancerListener) -> Keys {
        let mut keys = Keys::default();
        keys.raw("protocol", own.protocol);
        keys.raw("port", own.port);
        match own.rules.split_last() {
            None => keys.list("not_collected", ["rules"]),
            Some((default, rules)) => {
                if !rules.is_empty() {
                    let lines: Vec<String> =
                        rules.iter().map(|rule| self.listener_rule(rule).line()).collect();
                    keys.raw("rules", format!("[{}]", lines.join(", ")));
                }
                self.targets_of(&mut keys, default);
            }
        }
        if let Some(time) = own.tcp_idle_timeout {
            keys.raw("tcp_idle_timeout", format!("{}s", time.as_secs()));
        }
        keys
    }

    fn listener_rule(&self, rule: &'i ListenerRule) -> Keys {
        let mut keys = Keys::default();
        keys.some("source_ip", &rule.source_ips.iter().map(ToString::to_string).collect::<Vec<_>>());
        if rule.reads_request {
            keys.raw("reads_request", true);
        }
        self.targets_of(&mut keys, rule);
        keys
    }

    fn targets_of(&self, keys: &mut Keys, rule: &'i ListenerRule) {
        keys.list("target_groups", rule.target_groups.iter().map(|group| self.reference(group)));
    }

    pub(super) fn target_group(&self, group: &'i TargetGroup) -> Keys {
        let mut keys = Keys::of(&group.identity);
        keys.raw("protocol", group.protocol);
        if let Some(port) = group.port {
            keys.raw("port", port);
        }
        if let Some(kind) = group.target_type {
            keys.raw("target_type", kind);
        }
        let preserve_client_ip =
            group.preserve_client_ip.filter(|_| group.protocol != ListenerProtocol::Geneve);
        if let Some(preserve) = preserve_client_ip {
            keys.raw("preserve_client_ip", preserve);
        }
        if let Some(cross_zone) = group.cross_zone {
            keys.raw("cross_zone", cross_zone);
        }
        if group.rebalances {
            keys.raw("target_failover", "rebalance");
        }
        if let Some(targets) = &group.targets {
            let lines: Vec<String> = targets.iter().map(|target| self.target(target).line()).collect();
            keys.raw("targets", format!("[{}]", lines.join(", ")));
        }
        if let Some(check) = &group.health_check {
            keys.raw("health_check", health_check(check).line());
        }
        keys
    }

    fn target(&self, target: &'i Target) -> Keys {
        let mut keys = Keys::default();
        keys.text("id", self.reference(&target.id));
        if let Some(port) = target.port {
            keys.raw("port", port);
        }
        if target.health != TargetHealth::Healthy {
            keys.raw("health", target.health);
        }
        keys
    }
}

fn health_check(check: &HealthCheck) -> Keys {
    let mut keys = Keys::default();
    if let Some(protocol) = check.protocol {
        keys.raw("protocol", protocol);
    }
    if let Some(port) = check.port {
        keys.raw("port", port);
    }
    if let Some(interval) = check.interval {
        keys.raw("interval", format!("{}s", interval.as_secs()));
    }
    if let Some(timeout) = check.timeout {
        keys.raw("timeout", format!("{}s", timeout.as_secs()));
    }
    keys
}
