//! Services of VPC Lattice and service networks, each in a line.

use super::keys::Keys;
use super::scenario::Writer;
use crate::model::ServiceNetworkPart;
use crate::model::inventory::{
    Gateway, GatewayForm, LatticeListener, Reference, ServiceNetwork, ServiceNetworkVpc,
};

impl<'i> Writer<'i> {
    pub(super) fn lattice_service(&self, keys: &mut Keys, gateway: &'i Gateway) {
        let GatewayForm::LatticeService(own) = &gateway.form else { return };
        if let Some(listeners) = &own.listeners {
            let lines: Vec<String> = listeners.iter().map(|own| self.lattice_listener(own).line()).collect();
            keys.raw("listeners", format!("[{}]", lines.join(", ")));
        }
        auth_type(keys, own.requires_auth);
        keys.optional("dns_name", own.dns_name.as_ref());
    }

    /// A listener: its last rule is its default action.
    fn lattice_listener(&self, own: &'i LatticeListener) -> Keys {
        let mut keys = Keys::default();
        keys.raw("protocol", own.protocol);
        keys.raw("port", own.port);
        let Some((default, rules)) = own.rules.split_last() else { return keys };
        if !rules.is_empty() {
            let lines: Vec<String> = rules.iter().map(|rule| self.lattice_targets(rule).line()).collect();
            keys.raw("rules", format!("[{}]", lines.join(", ")));
        }
        keys.0.extend(self.lattice_targets(default).0);
        keys
    }

    fn lattice_targets(&self, groups: &'i [Reference]) -> Keys {
        let mut keys = Keys::default();
        keys.list("target_groups", groups.iter().map(|group| self.reference(group)));
        keys
    }

    pub(super) fn service_network(&self, network: &'i ServiceNetwork) -> Keys {
        let mut keys = Keys::of(&network.identity);
        keys.list("services", network.services.iter().map(|service| self.reference(service)));
        let lines: Vec<String> =
            network.vpcs.iter().map(|own| self.service_network_vpc(own).line()).collect();
        keys.raw("vpcs", format!("[{}]", lines.join(", ")));
        auth_type(&mut keys, network.requires_auth);
        if !network.not_collected.is_empty() {
            let named = ServiceNetworkPart::NAMES.iter();
            let parts = named.filter(|(_, part)| network.not_collected.contains(part));
            keys.list("not_collected", parts.map(|(name, _)| *name));
        }
        keys
    }

    fn service_network_vpc(&self, own: &'i ServiceNetworkVpc) -> Keys {
        let mut keys = Keys::default();
        keys.text("vpc", self.reference(&own.vpc));
        match &own.security_groups {
            Some(groups) if groups.is_empty() => {}
            Some(groups) => keys.list("security_groups", groups.iter().map(|group| self.reference(group))),
            None => keys.list("not_collected", ["security_groups"]),
        }
        keys
    }
}

fn auth_type(keys: &mut Keys, requires_auth: Option<bool>) {
    match requires_auth {
        Some(false) => {}
        Some(true) => keys.raw("auth_type", "AWS_IAM"),
        None => keys.raw("auth_type", "not-collected"),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostics;
    use crate::input::read_scenario;
    use crate::sink::scenario_text;

    const TEXT: &str = "\
vpcs: [{name: lab, cidr_block: 10.0.0.0/16}, {name: other, cidr_block: 10.1.0.0/16}]
security_groups: [{name: users, vpc: lab}]
vpc_lattice_services:
  - {name: api, id: svc-1, auth_type: AWS_IAM, dns_name: api.example,
     listeners: [tls_passthrough 443 -> app, {protocol: HTTP, port: 80, rules: [{target_groups: [app]}], target_groups: []}]}
vpc_lattice_service_networks:
  - {name: shop, id: sn-1, services: [api], vpcs: [{vpc: lab, security_groups: [users]}, other], auth_type: AWS_IAM}
  - {name: far, id: sn-2, services: [], vpcs: [{vpc: elsewhere, not_collected: [security_groups]}], auth_type: not-collected,
     not_collected: [services, vpcs]}
target_groups: [{name: app, protocol: TCP, port: 8443, targets: []}]
";

    fn written(text: &str) -> String {
        let mut problems = Diagnostics::default();
        scenario_text(&read_scenario(text, 0, &mut problems).unwrap().inventory)
    }

    #[test]
    fn what_is_written_says_what_was_read() {
        let once = written(TEXT);
        let service = "{name: api, id: svc-1, listeners: [{protocol: TLS_PASSTHROUGH, port: 443, target_groups: [app]}, \
                       {protocol: HTTP, port: 80, rules: [{target_groups: [app]}], target_groups: []}], auth_type: AWS_IAM, \
                       dns_name: api.example}";
        let network = "{name: shop, id: sn-1, services: [api], vpcs: [{vpc: lab, security_groups: [users]}, {vpc: other}], \
                       auth_type: AWS_IAM}";
        let unsure = "{name: far, id: sn-2, services: [], vpcs: [{vpc: elsewhere, not_collected: [security_groups]}], \
                      auth_type: not-collected, not_collected: [services, vpcs]}";
        for line in [service, network, unsure] {
            assert!(once.contains(line), "{line}\n{once}");
        }
        assert_eq!(written(&once), once);
    }
}
