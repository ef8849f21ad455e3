//! Gateways, each kind with its own keys.

use super::identity;
use super::interface::secondary_address;
use super::transit_gateway::transit_gateway;
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::fields::{Fields, boolean, located_text, text};
use crate::input::scalar::{ipv4, one_of};
use crate::input::shape::{GATEWAY, GATEWAY_STATES, NAT_GATEWAY, UNMODELLED_GATEWAY};
use crate::input::yaml::Node;
use crate::model::inventory::{Gateway, GatewayForm, Inventory, NetworkInterface};
use crate::model::{GatewayKind, GatewayKindEntry, Identity};

/// Reads a gateway of `kind`, and the interfaces that it brings with it.
pub(super) fn gateway(
    node: &Node,
    kind: &GatewayKindEntry,
    inventory: &mut Inventory,
    problems: &mut Diagnostics,
) {
    let read = match kind.kind {
        _ if !kind.modelled => not_modelled(node, kind, problems),
        GatewayKind::NatGateway => nat_gateway(node, inventory, problems),
        GatewayKind::TransitGateway => transit_gateway(node, inventory, problems),
        _ => internet_gateway(node, kind, problems),
    };
    inventory.gateways.extend(read);
}

/// Of kinds that are not simulated only the name is read, and the section is reported.
fn not_modelled(node: &Node, kind: &GatewayKindEntry, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &UNMODELLED_GATEWAY, problems)?;
    let identity = identity(&mut fields, kind.id_prefix, problems);
    let _ = fields.value("vpc", located_text, problems);
    fields.finish(problems);
    let identity = identity?;
    let message = format!("{} `{}` is not simulated", kind.name, identity.name);
    let help = "paths through it end as `unknown`; everything else is computed";
    problems.push(problems::not_modelled(Some(node.origin), message, help));
    Some(Gateway::new(identity, kind.kind, None))
}

/// An internet gateway, for both families or egress-only.
fn internet_gateway(node: &Node, kind: &GatewayKindEntry, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &GATEWAY, problems)?;
    let identity = identity(&mut fields, kind.id_prefix, problems);
    let vpc = fields.value("vpc", located_text, problems);
    let edge_routed = fields.value("edge_routed", boolean, problems);
    fields.finish(problems);
    let edge_routed = edge_routed.unwrap_or(false);
    Some(Gateway { edge_routed, ..Gateway::new(identity?, kind.kind, vpc) })
}

/// A NAT gateway, and the interface that AWS creates for it in its subnet: it has the gateway's name, and no security
/// group.
fn nat_gateway(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &NAT_GATEWAY, problems)?;
    let identity = identity(&mut fields, GatewayKind::NatGateway.entry().id_prefix, problems);
    let subnet = fields.value("subnet", located_text, problems);
    let interface = fields.value("interface", text, problems);
    let private_ip = fields.value("private_ip", ipv4, problems);
    let public_ip = fields.value("public_ip", ipv4, problems);
    let secondary = fields.list("secondary_private_ips", secondary_address, problems);
    let state = fields.value("state", one_of("a state", GATEWAY_STATES), problems);
    fields.finish(problems);
    let identity = identity?;
    let card = Identity::new("eni", Some(identity.name.clone()), interface, identity.origin)?;
    let network_interface = Located { value: card.id.clone(), origin: identity.origin };
    inventory.network_interfaces.push(NetworkInterface {
        private_ip,
        public_ip,
        secondary_private_ips: secondary.unwrap_or_default(),
        ..NetworkInterface::of_gateway(card, subnet?, "nat_gateway")
    });
    Some(Gateway {
        is_available: state.unwrap_or(true),
        form: GatewayForm::NatGateway { network_interface },
        ..Gateway::new(identity, GatewayKind::NatGateway, None)
    })
}
