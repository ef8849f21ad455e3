//! Transit gateways: what several calls tell of their attachments and route tables, joined.
//!
//! Who is told of a gateway need not be told of all its attachments: those of other accounts show in its routes alone.

mod attachments;
mod tables;

use super::assemble::Assembly;
use super::convert::name_tag;
use super::json::Text;
use super::names::UniqueNames;
use super::shapes::TransitGatewayRouteTable;
use super::states::{TransitTableState, Word, availability};
use crate::diagnostic::problems;
use crate::model::inventory::{self, GatewayForm};
use crate::model::{Availability, GatewayKind};

pub(super) use tables::{Routes, TableAnswers};

impl Assembly<'_, '_, '_> {
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGateway.html>
    pub(super) fn transit_gateways(&mut self, named: &UniqueNames) {
        for gateway in self.answers.transit_gateways.iter() {
            let identity = gateway.identity(named.keep(name_tag(gateway.value.tags.as_ref())));
            let attachments = self.attachments(gateway.value.transit_gateway_id.as_str());
            let route_tables = self.transit_route_tables(gateway.value.transit_gateway_id.as_str());
            let options = gateway.value.options.as_ref();
            let referencing = options.and_then(|options| options.security_group_referencing_support.as_ref());
            let own = inventory::TransitGateway {
                attachments,
                route_tables: Some(route_tables),
                security_group_referencing: is_enabled(referencing),
                account: gateway.value.owner_id.as_ref().map(|owner| owner.as_str().to_owned()),
                region: None,
            };
            let is_known = !own.attachments.is_empty();
            let form = GatewayForm::TransitGateway(Box::new(own));
            self.inventory.gateways.push(inventory::Gateway {
                availability: availability(gateway.value.state).unwrap_or(Availability::Gone),
                form: if is_known { form } else { GatewayForm::Plain },
                ..inventory::Gateway::new(identity, GatewayKind::TransitGateway, None)
            });
        }
        self.tell_transit_gateways();
    }

    /// Tells what nobody asked about transit gateways, with the call that tells of it.
    fn tell_transit_gateways(&mut self) {
        const GATEWAYS: &str = "transit gateways";
        const TABLES: &str = "route tables of transit gateways";
        let gateways =
            || self.inventory.gateways.iter().filter(|own| own.kind == GatewayKind::TransitGateway);
        let forms = gateways().filter_map(|own| match &own.form {
            GatewayForm::TransitGateway(own) => Some(own.as_ref()),
            _ => None,
        });
        let forms: Vec<_> = forms.collect();
        let tables = |own: &inventory::TransitGateway| own.route_tables.as_ref().map_or(0, Vec::len);
        let are_associations_missing = |own: &&&inventory::TransitGateway| {
            own.route_tables.iter().flatten().any(|table| table.associations.is_none())
                || own.attachments.iter().any(|own| own.association_unknown)
        };
        let all_tables = || forms.iter().flat_map(|own| own.route_tables.iter().flatten());
        let are_routes_missing =
            |table: &&inventory::TransitGatewayRouteTable| table.routes.is_none() && self.was_in_force(table);
        let of_gateways = gateways().count();
        let told = [
            (
                "attachments",
                of_gateways - forms.len(),
                of_gateways,
                GATEWAYS,
                "describe-transit-gateway-attachments",
            ),
            (
                "route tables",
                forms.iter().filter(|own| tables(own) == 0).count(),
                of_gateways,
                GATEWAYS,
                "describe-transit-gateway-route-tables",
            ),
            (
                "associations of all attachments",
                forms.iter().filter(are_associations_missing).count(),
                of_gateways,
                GATEWAYS,
                "describe-transit-gateway-attachments",
            ),
            (
                "all routes",
                all_tables().filter(are_routes_missing).count(),
                all_tables().count(),
                TABLES,
                "search-transit-gateway-routes",
            ),
        ];
        for (what, lacking, of, whose, call) in told.into_iter().filter(|(_, lacking, ..)| *lacking > 0) {
            let message = format!("{what} were not collected for {lacking} of {of} {whose}");
            let help = format!(
                "what rests on them is `unknown`; `aws ec2 {call}` tells of them, as `flowcast import aws --commands` prints it"
            );
            self.problems.push(problems::not_collected(None, message, &help));
        }
    }

    /// The same of one that was read.
    fn was_in_force(&self, table: &inventory::TransitGatewayRouteTable) -> bool {
        let told = self.answers.transit_gateway_route_tables.get(&table.identity.id);
        told.is_none_or(|told| is_in_force(&told.value))
    }
}

/// Whether a table is neither coming nor going: AWS does not say whether the routes of such a one hold.
fn is_in_force(table: &TransitGatewayRouteTable<'_>) -> bool {
    table.state.is_none_or(|state| state == Word(TransitTableState::InForce))
}

/// What an option says; nothing where it is absent.
fn is_enabled(option: Option<&Text<'_>>) -> Option<bool> {
    option.map(|option| option.as_str() == "enable")
}
