//! Transit gateways with their attachments and route tables.

use super::{identity, list};
use crate::diagnostic::{Diagnostics, Located};
use crate::input::fields::{Fields, boolean, items, located_text, text};
use crate::input::rule;
use crate::input::scalar::{account, ipv4, one_of};
use crate::input::shape::{
    ATTACHED_SUBNET, ATTACHMENT_STATES, GATEWAY_STATES, RESOURCE_TYPES, TRANSIT_GATEWAY,
    TRANSIT_GATEWAY_ATTACHMENT, TRANSIT_GATEWAY_ROUTE_TABLE,
};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{
    AttachedResource, Gateway, GatewayForm, Inventory, NetworkInterface, Provenance, Reference,
    TransitGateway, TransitGatewayAttachment, TransitGatewayRouteTable,
};
use crate::model::{Availability, GatewayKind, Identity};

/// A transit gateway, and the interfaces that AWS creates for it. One whose attachments are not stated is known by name
/// only.
pub(super) fn transit_gateway(
    node: &Node,
    inventory: &mut Inventory,
    problems: &mut Diagnostics,
) -> Option<Gateway> {
    let mut fields = Fields::of(node, &TRANSIT_GATEWAY, problems)?;
    let identity = identity(&mut fields, GatewayKind::TransitGateway.entry().id_prefix, problems);
    let nodes = fields.value("attachments", list, problems);
    let attachments = nodes.map(|nodes| {
        nodes.iter().filter_map(|node| attachment(node, inventory, problems)).collect::<Vec<_>>()
    });
    let provenance = inventory.provenance;
    let route_tables = fields.list(
        "route_tables",
        |node: &Node, problems: &mut Diagnostics| route_table(node, provenance, problems),
        problems,
    );
    let referencing = fields.value("security_group_referencing", boolean, problems);
    let account = fields.value("account", account, problems);
    let region = fields.value("region", text, problems);
    let state = fields.value("state", one_of("a state", GATEWAY_STATES), problems);
    fields.finish(problems);
    let form = attachments.map(|attachments| {
        GatewayForm::TransitGateway(Box::new(TransitGateway {
            attachments,
            route_tables: route_tables.or_else(|| (provenance == Provenance::Observed).then(Vec::new)),
            security_group_referencing: referencing,
            account,
            region,
        }))
    });
    Some(Gateway {
        availability: state.unwrap_or_default(),
        form: form.unwrap_or_default(),
        ..Gateway::new(identity?, GatewayKind::TransitGateway, None)
    })
}

fn attachment(
    node: &Node,
    inventory: &mut Inventory,
    problems: &mut Diagnostics,
) -> Option<TransitGatewayAttachment> {
    let mut fields = Fields::of(node, &TRANSIT_GATEWAY_ATTACHMENT, problems)?;
    let identity = identity(&mut fields, "tgw-attach", problems);
    let vpc = fields.value("vpc", located_text, problems);
    let subnets = fields.node("subnets").map_or(&[][..], items);
    let cards = subnets
        .iter()
        .filter_map(|node| attached_subnet(node, identity.as_ref()?, "transit_gateway", problems));
    let cards: Vec<NetworkInterface> = cards.collect();
    let listed = fields.list("network_interfaces", located_text, problems);
    let peering = fields.value("peering", located_text, problems);
    let kind = fields.value("resource_type", one_of("a type", &RESOURCE_TYPES), problems);
    let appliance_mode = fields.value("appliance_mode", boolean, problems);
    let referencing = fields.value("security_group_referencing", boolean, problems);
    let ipv6_support = fields.value("ipv6_support", boolean, problems);
    let state = fields.value("state", one_of("a state", ATTACHMENT_STATES), problems);
    let association_unknown = fields.value("association_unknown", boolean, problems).unwrap_or_default();
    fields.finish(problems);
    let (state, availability) = state.unwrap_or(("available", Availability::Available));
    let created =
        cards.iter().map(|card| Reference { value: card.identity.id.clone(), origin: card.identity.origin });
    let network_interfaces = created.chain(listed.into_iter().flatten()).collect();
    inventory.network_interfaces.extend(cards);
    let resource = match (vpc, peering, kind) {
        (Some(vpc), ..) => AttachedResource::Vpc { vpc, network_interfaces },
        (None, Some(other), _) => AttachedResource::Peering(other),
        (None, None, kind) => AttachedResource::Customer(kind?),
    };
    Some(TransitGatewayAttachment {
        identity: identity?,
        resource,
        state,
        availability,
        association_unknown,
        appliance_mode,
        security_group_referencing: referencing,
        ipv6_support,
    })
}

/// The interface that AWS creates in a subnet of the attachment or endpoint `of`: it is called after both.
pub(super) fn attached_subnet(
    node: &Node,
    of: &Identity,
    interface_type: &str,
    problems: &mut Diagnostics,
) -> Option<NetworkInterface> {
    let (subnet, interface, private_ip) = if matches!(node.value, Value::Map(_)) {
        let mut fields = Fields::of(node, &ATTACHED_SUBNET, problems)?;
        let subnet = fields.value("subnet", located_text, problems);
        let interface = fields.value("interface", text, problems);
        let private_ip = fields.value("private_ip", ipv4, problems);
        fields.finish(problems);
        (subnet?, interface, private_ip)
    } else {
        (located_text(node, problems)?, None, None)
    };
    let Located { value: name, origin } = &subnet;
    let card = Identity::new("eni", Some(format!("{}-{name}", of.name)), interface, *origin)?;
    Some(NetworkInterface { private_ip, ..NetworkInterface::of_gateway(card, subnet, interface_type) })
}

/// Of a table that AWS answered, what is not said was not collected.
fn route_table(
    node: &Node,
    provenance: Provenance,
    problems: &mut Diagnostics,
) -> Option<TransitGatewayRouteTable> {
    let mut fields = Fields::of(node, &TRANSIT_GATEWAY_ROUTE_TABLE, problems)?;
    let identity = identity(&mut fields, "tgw-rtb", problems);
    let associations = fields.list("associations", located_text, problems);
    let propagations = fields.list("propagations", located_text, problems);
    let routes = fields.list("routes", rule::short_route, problems);
    fields.finish(problems);
    let is_written = provenance == Provenance::Written;
    Some(TransitGatewayRouteTable {
        identity: identity?,
        associations: associations.or_else(|| is_written.then(Vec::new)),
        propagations: propagations.unwrap_or_default(),
        routes: routes.or_else(|| is_written.then(Vec::new)),
    })
}
