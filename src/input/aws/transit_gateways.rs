//! Transit gateways: what several calls tell of their attachments and route tables, joined.
//!
//! Who is told of a gateway need not be told of all its attachments: those of other accounts show in its routes alone.

use std::collections::{HashMap, HashSet};

use super::assemble::Assembly;
use super::convert::name_tag;
use super::json::{Read, Text};
use super::names::UniqueNames;
use super::routes::UNKNOWN_TARGET;
use super::shapes::{
    CollectedPropagations, CollectedRoutes, TransitGatewayAssociation, TransitGatewayAttachment,
    TransitGatewayPeeringAttachment, TransitGatewayPropagation, TransitGatewayRoute,
    TransitGatewayRouteTable, TransitGatewayVpcAttachment,
};
use super::states::{
    TransitAssociationState as AssociationState, TransitRouteState, TransitTableState, Word, availability,
};
use super::table::Resource;
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::shape::RESOURCE_TYPES;
use crate::model::inventory::{self, AttachedResource, Destination, GatewayForm, Reference};
use crate::model::{Availability, GatewayKind, RouteOrigin};
use crate::net::Cidr;

/// What calls about one route table told, by the table's id; nothing where an answer was not whole.
#[derive(Debug, Default)]
pub(super) struct TableAnswers<'a> {
    pub(super) routes: HashMap<String, Option<Routes<'a>>>,
    pub(super) associations: HashMap<String, Option<Vec<Read<'a, TransitGatewayAssociation<'a>>>>>,
    pub(super) propagations: HashMap<String, Option<Vec<Read<'a, TransitGatewayPropagation<'a>>>>>,
}

/// The routes that were found in a table.
#[derive(Debug)]
pub(super) struct Routes<'a> {
    pub(super) found: Vec<Read<'a, TransitGatewayRoute<'a>>>,
    /// Whether static ones alone were looked for.
    pub(super) are_static: bool,
}

impl<'a> TableAnswers<'a> {
    /// Notes that an answer about a table is only a part of it.
    pub(super) fn not_whole(&mut self, key: &str, table: Option<&str>) {
        let Some(table) = table.map(str::to_owned) else { return };
        match key {
            "Routes" => drop(self.routes.insert(table, None)),
            "Associations" => drop(self.associations.insert(table, None)),
            _ => drop(self.propagations.insert(table, None)),
        }
    }

    /// Adds the static routes of several tables.
    pub(super) fn add_collected_routes(&mut self, read: Vec<Read<'a, CollectedRoutes<'a>>>) {
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
    pub(super) fn add_collected_propagations(&mut self, read: Vec<Read<'a, CollectedPropagations<'a>>>) {
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

/// A state of an attachment, and whether packets pass in it.
type State = (&'static str, Availability);

/// As good as the state of an attachment whose route table is just changing.
const MODIFYING: State = ("modifying", Availability::Undocumented("modifying"));

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
            |table: &&inventory::TransitGatewayRouteTable| table.routes.is_none() && self.is_in_force(table);
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

    /// Whether a table is neither coming nor going: AWS does not say whether the routes of such a one hold.
    fn is_in_force(&self, table: &inventory::TransitGatewayRouteTable) -> bool {
        let told = self.answers.transit_gateway_route_tables.get(&table.identity.id);
        let state = told.and_then(|table| table.value.state);
        state.is_none_or(|state| state == Word(TransitTableState::InForce))
    }

    /// The attachments of a gateway, each once: what is told of one kind alone says more than what is told of all.
    fn attachments(&self, gateway: &str) -> Vec<inventory::TransitGatewayAttachment> {
        let answers = self.answers;
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for own in answers.transit_gateway_vpc_attachments.iter() {
            if own.value.transit_gateway_id.as_str() == gateway && seen.insert(own.value.id().as_str()) {
                all.push(self.vpc_attachment(own));
            }
        }
        for own in answers.transit_gateway_peering_attachments.iter() {
            let peers = peering(own, gateway).filter(|_| !seen.contains(own.value.id().as_str()));
            if let Some(attachment) = peers {
                seen.insert(own.value.id().as_str());
                all.push(attachment);
            }
        }
        for own in answers.transit_gateway_attachments.iter() {
            if own.value.transit_gateway_id.as_str() == gateway && seen.insert(own.value.id().as_str()) {
                all.extend(any_attachment(own));
            }
        }
        for own in all.iter_mut().filter(|own| own.availability.is_available()) {
            if self.association_is_changing(gateway, &own.identity.id) {
                (own.state, own.availability) = MODIFYING;
            }
        }
        // Where nobody was asked about attachments, the tables say that theirs are not known.
        let are_told =
            answers.transit_gateway_attachments.len() == 0 || self.every_table_tells_associations(gateway);
        for own in all.iter_mut().filter(|_| !are_told) {
            let mut described = answers.transit_gateway_attachments.iter().map(|read| read.value.id());
            own.association_unknown = !described.any(|id| id.as_str() == own.identity.id);
        }
        all
    }

    /// Whether each route table of `gateway` told itself which attachments are associated with it: others are with none.
    fn every_table_tells_associations(&self, gateway: &str) -> bool {
        let told = &self.answers.transit_gateway_tables.associations;
        let mut tables = self.answers.transit_gateway_route_tables.iter().map(|table| &table.value);
        tables.all(|table| {
            table.transit_gateway_id.as_str() != gateway
                || told.get(table.id().as_str()).is_some_and(Option::is_some)
        })
    }

    /// Whether an attachment of `gateway` is just being associated with a route table, or no more.
    fn association_is_changing(&self, gateway: &str, attachment: &str) -> bool {
        let answers = self.answers;
        let is_changing =
            |state: Option<Word<AssociationState>>| state == Some(Word(AssociationState::Changing));
        let mut own = answers
            .transit_gateway_attachments
            .iter()
            .map(|own| &own.value)
            .filter(|own| own.transit_gateway_id.as_str() == gateway && own.id().as_str() == attachment);
        let tables = answers.transit_gateway_route_tables.iter().map(|table| &table.value);
        let mut told = tables
            .filter(|table| table.transit_gateway_id.as_str() == gateway)
            .filter_map(|table| {
                answers.transit_gateway_tables.associations.get(table.id().as_str())?.as_ref()
            })
            .flatten()
            .filter(|own| own.value.transit_gateway_attachment_id.as_str() == attachment);
        own.any(|own| own.association.as_ref().is_some_and(|own| is_changing(own.state)))
            || told.any(|own| is_changing(own.value.state))
    }

    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayVpcAttachment.html>
    fn vpc_attachment(
        &self,
        own: &Read<'_, TransitGatewayVpcAttachment<'_>>,
    ) -> inventory::TransitGatewayAttachment {
        let options = own.value.options.as_ref();
        let option = |of: fn(&super::shapes::TransitGatewayVpcAttachmentOptions<'_>) -> Option<bool>| {
            options.and_then(of)
        };
        let id = own.value.id();
        let subnets = own.value.subnet_ids.iter().flatten();
        let network_interfaces = subnets.map(|subnet| match self.interface_of(id, subnet) {
            Some(interface) => own.reference(interface),
            // Not collected: a reference to nothing stands for it.
            None => own.reference(subnet),
        });
        let mut network_interfaces: Vec<_> = network_interfaces.collect();
        if network_interfaces.is_empty() {
            // AWS attaches a VPC with one subnet at least, so that these were not told.
            network_interfaces.push(own.reference(id));
        }
        inventory::TransitGatewayAttachment {
            appliance_mode: option(|options| is_enabled(options.appliance_mode_support.as_ref())),
            security_group_referencing: option(|options| {
                is_enabled(options.security_group_referencing_support.as_ref())
            }),
            ipv6_support: option(|options| is_enabled(options.ipv6_support.as_ref())),
            ..attachment(
                own,
                AttachedResource::Vpc { vpc: own.reference(&own.value.vpc_id), network_interfaces },
                own.value.state,
            )
        }
    }

    /// The interface of an attachment in a subnet: the only one of a transit gateway there, or the one that says whose
    /// it is.
    fn interface_of(&self, attachment: &Text<'_>, subnet: &Text<'_>) -> Option<&Text<'_>> {
        let all = self.answers.network_interfaces.iter().map(|card| &card.value).filter(|card| {
            let is_transit =
                card.interface_type.as_ref().is_some_and(|kind| kind.as_str() == "transit_gateway");
            is_transit && card.subnet_id.as_ref() == Some(subnet)
        });
        let all: Vec<_> = all.collect();
        let says = |card: &&&super::shapes::NetworkInterface<'_>| {
            card.description.as_ref().is_some_and(|text| text.as_str().ends_with(attachment.as_str()))
        };
        match all.as_slice() {
            [only] => Some(*only),
            several => several.iter().find(says).copied(),
        }
        .map(|card| &card.network_interface_id)
    }

    fn transit_route_tables(&mut self, gateway: &str) -> Vec<inventory::TransitGatewayRouteTable> {
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
        // AWS does not say whether the routes of a table hold that is coming or going.
        let is_in_force = table.value.state.is_none_or(|state| state == Word(TransitTableState::InForce));
        let (routes, propagations) = match found.filter(|_| is_in_force) {
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

fn attachment<T: Resource>(
    own: &Read<'_, T>,
    resource: AttachedResource,
    state: Option<Word<State>>,
) -> inventory::TransitGatewayAttachment {
    let Word((state, availability)) = state.unwrap_or(Word(("unknown", Availability::NotCollected)));
    inventory::TransitGatewayAttachment {
        identity: own.identity(None),
        resource,
        state,
        availability,
        association_unknown: false,
        appliance_mode: None,
        security_group_referencing: None,
        ipv6_support: None,
    }
}

/// The half of a peering that belongs to `gateway`.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayPeeringAttachment.html>
fn peering(
    own: &Read<'_, TransitGatewayPeeringAttachment<'_>>,
    gateway: &str,
) -> Option<inventory::TransitGatewayAttachment> {
    let sides = [&own.value.requester_tgw_info, &own.value.accepter_tgw_info];
    let [one, other] = sides.map(|side| side.as_ref().and_then(|side| side.transit_gateway_id.as_ref()));
    let is_own = |side: Option<&Text<'_>>| side.is_some_and(|id| id.as_str() == gateway);
    let far = match (is_own(one), is_own(other)) {
        (true, _) => other?,
        (false, true) => one?,
        (false, false) => return None,
    };
    Some(attachment(own, AttachedResource::Peering(own.reference(far)), own.value.state))
}

/// What is told of attachments of every kind. One that nobody knows is left out, so that its routes are unknown.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html>
fn any_attachment(
    own: &Read<'_, TransitGatewayAttachment<'_>>,
) -> Option<inventory::TransitGatewayAttachment> {
    let kind = own.value.resource_type.as_ref()?.as_str();
    let resource = own.value.resource_id.as_ref();
    let resource = match (kind, resource) {
        // Its interfaces are told by another call: this reference to nothing stands for them.
        ("vpc", Some(vpc)) => AttachedResource::Vpc {
            vpc: own.reference(vpc),
            network_interfaces: vec![own.reference(own.value.id())],
        },
        ("peering" | "tgw-peering", Some(other)) => AttachedResource::Peering(own.reference(other)),
        (kind, _) => {
            let listed = RESOURCE_TYPES.iter().find(|(name, _)| *name == kind);
            AttachedResource::Customer(listed?.1)
        }
    };
    Some(attachment(own, resource, own.value.state))
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

/// What an option says; nothing where it is absent.
fn is_enabled(option: Option<&Text<'_>>) -> Option<bool> {
    option.map(|option| option.as_str() == "enable")
}
