//! The route tables of transit gateways: what calls about one of them told, joined.

use std::collections::HashMap;

use super::super::assemble::Assembly;
use super::super::json::{Read, Text};
use super::super::routes::UNKNOWN_TARGET;
use super::super::shapes::{
    CollectedPropagations, CollectedRoutes, TransitGatewayAssociation, TransitGatewayPropagation,
    TransitGatewayRoute, TransitGatewayRouteTable,
};
use super::super::states::{TransitAssociationState as AssociationState, TransitRouteState, Word};
use super::super::table::Resource;
use super::is_in_force;
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::model::RouteOrigin;
use crate::model::inventory::{self, Destination, Reference};
use crate::net::Cidr;

/// What calls about one route table told, by the table's id; nothing where an answer was not whole.
#[derive(Debug, Default)]
pub(in crate::input::aws) struct TableAnswers<'a> {
    pub(in crate::input::aws) routes: HashMap<String, Option<Routes<'a>>>,
    pub(in crate::input::aws) associations:
        HashMap<String, Option<Vec<Read<'a, TransitGatewayAssociation<'a>>>>>,
    pub(in crate::input::aws) propagations:
        HashMap<String, Option<Vec<Read<'a, TransitGatewayPropagation<'a>>>>>,
}

/// The routes that were found in a table.
#[derive(Debug)]
pub(in crate::input::aws) struct Routes<'a> {
    pub(in crate::input::aws) found: Vec<Read<'a, TransitGatewayRoute<'a>>>,
    /// Whether static ones alone were looked for.
    pub(in crate::input::aws) are_static: bool,
}

impl<'a> TableAnswers<'a> {
    /// Notes that an answer about a table is only a part of it.
    pub(in crate::input::aws) fn not_whole(&mut self, key: &str, table: Option<&str>) {
        let Some(table) = table.map(str::to_owned) else { return };
        match key {
            "Routes" => drop(self.routes.insert(table, None)),
            "Associations" => drop(self.associations.insert(table, None)),
            _ => drop(self.propagations.insert(table, None)),
        }
    }

    /// Adds the static routes of several tables.
    pub(in crate::input::aws) fn add_collected_routes(&mut self, read: Vec<Read<'a, CollectedRoutes<'a>>>) {
        for Read { value, file, at, scope, .. } in read {
            let is_whole = value.additional_routes_available != Some(true);
            let routes = value.routes.into_iter().flatten().enumerate();
            let found = routes
                .map(|(position, value)| Read { value, file, at, within: Some(("Routes", position)), scope })
                .collect();
            let routes = Some(Routes { found, are_static: true }).filter(|_| is_whole);
            self.routes.entry(value.transit_gateway_route_table_id.as_str().to_owned()).or_insert(routes);
        }
    }

    /// Adds the propagations of several tables.
    pub(in crate::input::aws) fn add_collected_propagations(
        &mut self,
        read: Vec<Read<'a, CollectedPropagations<'a>>>,
    ) {
        const KEY: &str = "TransitGatewayRouteTablePropagations";
        for Read { value, file, at, scope, .. } in read {
            let all = value.transit_gateway_route_table_propagations.into_iter().flatten().enumerate();
            let all =
                all.map(|(position, value)| Read { value, file, at, within: Some((KEY, position)), scope });
            let id = value.transit_gateway_route_table_id.as_str().to_owned();
            self.propagations.entry(id).or_insert(Some(all.collect()));
        }
    }
}

impl Assembly<'_, '_, '_> {
    pub(super) fn transit_route_tables(&mut self, gateway: &str) -> Vec<inventory::TransitGatewayRouteTable> {
        let answers = self.answers;
        let of_gateway = |table: &&Read<'_, TransitGatewayRouteTable<'_>>| {
            table.value.transit_gateway_id.as_str() == gateway
        };
        let tables: Vec<_> = answers.transit_gateway_route_tables.iter().filter(of_gateway).collect();
        tables.into_iter().map(|table| self.transit_route_table(table)).collect()
    }

    fn transit_route_table(
        &mut self,
        table: &Read<'_, TransitGatewayRouteTable<'_>>,
    ) -> inventory::TransitGatewayRouteTable {
        let (answers, id) = (self.answers, table.value.id());
        let told = &answers.transit_gateway_tables;
        let propagations = told.propagations.get(id.as_str()).and_then(Option::as_ref);
        let brought = propagations.into_iter().flatten().filter(|own| {
            own.value.state.as_ref().is_none_or(|state| matches!(state.as_str(), "enabled" | "enabling"))
        });
        let brought: Vec<Reference> =
            brought.map(|own| own.reference(&own.value.transit_gateway_attachment_id)).collect();
        let found = told.routes.get(id.as_str()).and_then(Option::as_ref);
        let (routes, propagations) = match found.filter(|_| is_in_force(&table.value)) {
            None => (None, Vec::new()),
            Some(found) if found.are_static && propagations.is_none() => (None, Vec::new()),
            Some(found) => {
                let read = found.found.iter().flat_map(|route| routes(route, self.problems));
                (Some(read.collect()), if found.are_static { brought } else { Vec::new() })
            }
        };
        inventory::TransitGatewayRouteTable {
            identity: table.identity(None),
            associations: self.associations(id),
            propagations,
            routes,
        }
    }

    /// The attachments that are associated with a table, as attachments say or as the table does.
    fn associations(&self, table: &Text<'_>) -> Option<Vec<Reference>> {
        let answers = self.answers;
        let told = answers.transit_gateway_tables.associations.get(table.as_str());
        if let Some(told) = told {
            let own =
                told.as_ref()?.iter().filter(|own| own.value.state != Some(Word(AssociationState::Gone)));
            return Some(own.map(|own| own.reference(&own.value.transit_gateway_attachment_id)).collect());
        }
        if answers.transit_gateway_attachments.len() == 0 {
            return None;
        }
        let own = answers.transit_gateway_attachments.iter().filter(|attachment| {
            let association = attachment.value.association.as_ref();
            association.is_some_and(|own| {
                own.transit_gateway_route_table_id.as_ref() == Some(table)
                    && own.state != Some(Word(AssociationState::Gone))
            })
        });
        Some(own.map(|own| own.reference(own.value.id())).collect())
    }
}

/// The routes to the attachments that a found one leads to.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRoute.html>
fn routes(read: &Read<'_, TransitGatewayRoute<'_>>, problems: &mut Diagnostics) -> Vec<inventory::Route> {
    let route = &read.value;
    let reference = |text: &Text<'_>| Reference {
        value: text.as_str().to_owned(),
        origin: read.file.origin(text.as_str()),
    };
    let (destination, text) = match (&route.destination_cidr_block, &route.prefix_list_id) {
        (None, Some(list)) => (Destination::PrefixList(reference(list)), list),
        (Some(text), _) => match Cidr::parse(text.as_str()) {
            Ok((block, _)) => (Destination::Cidr(block), text),
            Err(_) => {
                let (key, position) = read.at;
                let what = format!("`{key}[{position}]`");
                let path = format!("{key}[{position}].DestinationCidrBlock");
                let at = read.file.origin(text.as_str());
                problems.push(problems::unreadable(at, &what, &path, "not a CIDR block"));
                return Vec::new();
            }
        },
        (None, None) => return Vec::new(),
    };
    let is_propagated = route.r#type.as_ref().is_some_and(|kind| kind.as_str() == "propagated");
    let blackhole = route.state == Some(Word(TransitRouteState::Blackhole));
    let one = |target: Reference| inventory::Route {
        destination: destination.clone(),
        target,
        blackhole,
        route_origin: if is_propagated && !blackhole {
            RouteOrigin::EnableVgwRoutePropagation
        } else {
            RouteOrigin::CreateRoute
        },
        origin: read.file.origin(text.as_str()),
    };
    let place = || read.file.origin(text.as_str());
    if blackhole {
        return vec![one(Located { value: "blackhole".to_owned(), origin: place() })];
    }
    let attachments = route.transit_gateway_attachments.iter().flatten();
    let targets = attachments.filter_map(|own| own.transit_gateway_attachment_id.as_ref());
    let mut all: Vec<_> = targets.map(|target| one(reference(target))).collect();
    let is_active = route.state.is_none_or(|state| state == Word(TransitRouteState::Active));
    if all.is_empty() || !is_active {
        all = vec![one(Located { value: UNKNOWN_TARGET.to_owned(), origin: place() })];
    }
    all
}
