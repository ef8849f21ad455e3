//! Transit gateways with their attachments and route tables, each in a line.

use super::keys::Keys;
use super::quoted::list;
use super::scenario::Writer;
use crate::model::inventory::{
    AttachedResource, TransitGateway, TransitGatewayAttachment, TransitGatewayRouteTable,
};

impl<'i> Writer<'i> {
    pub(super) fn transit_gateway(&self, keys: &mut Keys, own: &'i TransitGateway) {
        let lines: Vec<String> = own.attachments.iter().map(|own| self.attachment(own).line()).collect();
        keys.raw("attachments", format!("[{}]", lines.join(", ")));
        if let Some(tables) = &own.route_tables {
            let lines: Vec<String> =
                tables.iter().map(|table| self.transit_route_table(table).line()).collect();
            keys.raw("route_tables", format!("[{}]", lines.join(", ")));
        }
        if let Some(said) = own.security_group_referencing {
            keys.raw("security_group_referencing", said);
        }
        keys.optional("account", own.account.as_ref());
        keys.optional("region", own.region.as_ref());
    }

    fn attachment(&self, own: &'i TransitGatewayAttachment) -> Keys {
        let mut keys = Keys::of(&own.identity);
        match &own.resource {
            AttachedResource::Vpc { vpc, network_interfaces } => {
                keys.text("vpc", self.reference(vpc));
                keys.list("network_interfaces", network_interfaces.iter().map(|card| card.value.as_str()));
            }
            AttachedResource::Peering(other) => keys.text("peering", self.reference(other)),
            AttachedResource::Customer(kind) => keys.text("resource_type", kind.name),
        }
        let options = [
            ("appliance_mode", own.appliance_mode),
            ("security_group_referencing", own.security_group_referencing),
            ("ipv6_support", own.ipv6_support),
        ];
        for (key, said) in options {
            if let Some(said) = said {
                keys.raw(key, said);
            }
        }
        if own.state != "available" {
            keys.text("state", own.state);
        }
        if own.association_unknown {
            keys.raw("association_unknown", true);
        }
        keys
    }

    fn transit_route_table(&self, table: &'i TransitGatewayRouteTable) -> Keys {
        let mut keys = Keys::of(&table.identity);
        let ids = |references: &'i [crate::model::inventory::Reference]| {
            list(references.iter().map(|reference| reference.value.as_str()))
        };
        if let Some(associations) = &table.associations {
            keys.raw("associations", ids(associations));
        }
        if !table.propagations.is_empty() {
            keys.raw("propagations", ids(&table.propagations));
        }
        if let Some(routes) = &table.routes {
            let lines: Vec<String> = routes.iter().map(|route| self.route(route)).collect();
            keys.raw("routes", format!("[{}]", lines.join(", ")));
        }
        keys
    }
}
