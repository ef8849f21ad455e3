//! Services of VPC Lattice with their listeners, and service networks.

use super::identity;
use super::load_balancer::{listener_in_line, some_port};
use crate::diagnostic::Diagnostics;
use crate::input::fields::{Fields, located_text, parsed, text};
use crate::input::scalar::{invalid, one_of};
use crate::input::shape::{
    ASSOCIATION_PARTS, LATTICE_AUTH_TYPES, LATTICE_LISTENER, LATTICE_RULE, LATTICE_SERVICE, SERVICE_NETWORK,
    SERVICE_NETWORK_VPC,
};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{
    Gateway, GatewayForm, LatticeListener, LatticeService, Reference, ServiceNetwork, ServiceNetworkVpc,
};
use crate::model::{GatewayKind, LatticeProtocol, ServiceNetworkPart};

/// What stands for a service that answers by itself.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html>
const FIXED_RESPONSE: &str = "fixed-response";

/// A service.
pub(super) fn lattice_service(node: &Node, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &LATTICE_SERVICE, problems)?;
    let identity = identity(&mut fields, GatewayKind::LatticeService.entry().id_prefix, problems);
    let listeners = fields.list("listeners", listener, problems);
    let requires_auth = auth_type(&mut fields, problems);
    let dns_name = fields.value("dns_name", text, problems);
    fields.finish(problems);
    let form = LatticeService { listeners, requires_auth, dns_name };
    Some(Gateway {
        form: GatewayForm::LatticeService(Box::new(form)),
        ..Gateway::new(identity?, GatewayKind::LatticeService, None)
    })
}

/// A service network.
pub(super) fn service_network(node: &Node, problems: &mut Diagnostics) -> Option<ServiceNetwork> {
    let mut fields = Fields::of(node, &SERVICE_NETWORK, problems)?;
    let identity = identity(&mut fields, "sn", problems);
    let services = fields.list("services", located_text, problems);
    let vpcs = fields.list("vpcs", associated, problems);
    let requires_auth = auth_type(&mut fields, problems);
    let part = one_of("a part of a service network", &ServiceNetworkPart::NAMES);
    let not_collected = fields.list("not_collected", part, problems).unwrap_or_default();
    fields.finish(problems);
    Some(ServiceNetwork {
        identity: identity?,
        requires_auth,
        services: services?,
        vpcs: vpcs?,
        not_collected,
    })
}

/// Whether policies may judge requests.
fn auth_type(fields: &mut Fields<'_>, problems: &mut Diagnostics) -> Option<bool> {
    fields.value("auth_type", one_of("an auth type", LATTICE_AUTH_TYPES), problems).unwrap_or(Some(false))
}

/// A VPC, with the groups of its association or alone.
fn associated(node: &Node, problems: &mut Diagnostics) -> Option<ServiceNetworkVpc> {
    if !matches!(node.value, Value::Map(_)) {
        let security_groups = Some(Vec::new());
        return Some(ServiceNetworkVpc { vpc: located_text(node, problems)?, security_groups });
    }
    let mut fields = Fields::of(node, &SERVICE_NETWORK_VPC, problems)?;
    let vpc = fields.value("vpc", located_text, problems);
    let security_groups = fields.list("security_groups", located_text, problems).unwrap_or_default();
    let part = one_of("a part of an association", ASSOCIATION_PARTS);
    let is_collected = fields.list("not_collected", part, problems).is_none_or(|parts| parts.is_empty());
    fields.finish(problems);
    Some(ServiceNetworkVpc { vpc: vpc?, security_groups: is_collected.then_some(security_groups) })
}

/// A listener: `https 443 -> app`, or with its rules.
fn listener(node: &Node, problems: &mut Diagnostics) -> Option<LatticeListener> {
    if !matches!(node.value, Value::Map(_)) {
        return short_listener(node, problems);
    }
    let mut fields = Fields::of(node, &LATTICE_LISTENER, problems)?;
    let protocol = one_of("a protocol of listeners", &LatticeProtocol::NAMES);
    let protocol = fields.value("protocol", protocol, problems);
    let port = fields.value("port", some_port, problems);
    let mut rules = fields.list("rules", rule, problems).unwrap_or_default();
    rules.push(fields.list("target_groups", located_text, problems).unwrap_or_default());
    let origin = Some(fields.origin);
    fields.finish(problems);
    Some(LatticeListener { protocol: protocol?, port: port?, rules, origin })
}

fn rule(node: &Node, problems: &mut Diagnostics) -> Option<Vec<Reference>> {
    let mut fields = Fields::of(node, &LATTICE_RULE, problems)?;
    let target_groups = fields.list("target_groups", located_text, problems);
    fields.finish(problems);
    target_groups
}

fn short_listener(node: &Node, problems: &mut Diagnostics) -> Option<LatticeListener> {
    parsed(node, problems, |text, at, _| {
        let help = "e.g. `https 443 -> app`, `tls_passthrough 443 -> app`, `http 80 -> fixed-response`";
        let read = listener_in_line(text, at, &LatticeProtocol::NAMES, &[FIXED_RESPONSE]);
        let (protocol, port, groups) =
            read.ok_or_else(|| invalid(at, format!("`{text}` is not a listener of VPC Lattice"), help))?;
        Ok(LatticeListener { protocol, port, rules: vec![groups], origin: Some(at) })
    })
}
