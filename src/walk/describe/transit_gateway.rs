//! What transit gateways decide by, in words.

use super::{Describe, Reason, fact};
use crate::model::{Identity, TransitGateway, TransitGatewayRoute};
use crate::walk::{Decision, Place, TransitGatewayFact as Fact};

impl Describe<'_> {
    pub(super) fn transit(&self, decided_by: Fact) -> Reason {
        let (kind, id) = self.transit_kind_and_id(decided_by);
        let origin = match decided_by {
            Fact::Route { table, route, .. } => {
                self.transit_route(table, route).and_then(|route| route.origin)
            }
            _ => None,
        };
        Reason { origin, ..fact(kind, &id, self.owner(), self.transit_text(decided_by)) }
    }

    /// The kind of fact, and its short name.
    fn transit_kind_and_id(&self, fact: Fact) -> (&'static str, String) {
        let (kind, id) = match fact {
            Fact::Route { table, route, .. } => {
                let route = self.transit_route(table, route).map(ToString::to_string).unwrap_or_default();
                return ("transit-gateway-route", format!("{} {route}", self.transit_table(table)));
            }
            Fact::NoRoute { table, .. } => {
                return ("no-route", format!("{} no-route", self.transit_table(table)));
            }
            Fact::NotAttached => ("not-attached-to-vpc", "not-attached-to-vpc"),
            Fact::NotInZone(_) => ("not-in-zone", "not-in-zone"),
            Fact::NotAvailable(_) | Fact::TargetNotAvailable { .. } => ("not-available", "not-available"),
            Fact::NoNetworkBehind { .. } => ("no-network-behind", "no-network-behind"),
            Fact::NoAssociation(_) => ("no-association", "no-association"),
            Fact::ToItself | Fact::StateUndocumented(_) => ("not-modelled", "not-modelled"),
            Fact::NotCollected
            | Fact::ZoneNotCollected
            | Fact::StateNotCollected(_)
            | Fact::ApplianceModeNotCollected(_)
            | Fact::InterfaceNotCollected(_)
            | Fact::AssociationNotCollected(_)
            | Fact::RoutesNotCollected { .. }
            | Fact::BehindNotCollected(_) => ("not-collected", "not-collected"),
        };
        (kind, id.to_owned())
    }

    fn transit_text(&self, fact: Fact) -> String {
        let destination = self.checkpoint.header.destination;
        match fact {
            Fact::Route { table, route, .. } => self.transit_route_text(table, route),
            Fact::NoRoute { table, .. } => {
                format!("its route table {} has no route to {destination}", self.transit_table(table))
            }
            Fact::NotAttached => "the VPC is not attached to it".to_owned(),
            Fact::NotInZone(at) => {
                format!("attachment {} has no subnet in the zone of the sender", self.attachment(at))
            }
            Fact::NotAvailable(at) | Fact::TargetNotAvailable { to: at, .. } => {
                format!("attachment {} is not available", self.attachment(at))
            }
            Fact::NoNetworkBehind { .. } => format!("no network behind it has {destination}"),
            Fact::StateUndocumented(at) => {
                format!(
                    "AWS does not say whether attachment {} carries packets in its state",
                    self.attachment(at)
                )
            }
            Fact::StateNotCollected(at) => {
                format!("the state of attachment {} was not collected", self.attachment(at))
            }
            Fact::ApplianceModeNotCollected(at) => format!(
                "whether attachment {} is in appliance mode was not collected, and that decides by which interface it goes on",
                self.attachment(at)
            ),
            Fact::NoAssociation(at) => {
                format!("attachment {} is associated with no route table", self.attachment(at))
            }
            Fact::ToItself => "what it does with packets for its own interface is not documented".to_owned(),
            Fact::NotCollected => "nothing is known of what it is attached to".to_owned(),
            Fact::ZoneNotCollected => "the zone from which it comes is not known".to_owned(),
            Fact::InterfaceNotCollected(at) => {
                format!("the interfaces of attachment {} were not collected", self.attachment(at))
            }
            Fact::AssociationNotCollected(at) => {
                format!("the route table of attachment {} was not collected", self.attachment(at))
            }
            Fact::RoutesNotCollected { table } => {
                format!("the routes of its route table {} were not collected", self.transit_table(table))
            }
            Fact::BehindNotCollected(at) => {
                format!("nothing is known of what is behind attachment {}", self.attachment(at))
            }
        }
    }

    fn transit_route_text(&self, table: usize, position: usize) -> String {
        let Some(route) = self.transit_route(table, position) else { return String::new() };
        let mut text = format!("{}: {route}", self.transit_table(table));
        if let Some(list) = &route.prefix_list {
            text = format!("{text} (of {list})");
        }
        if self.checkpoint.decision == Decision::Drop && route.target_label != "blackhole" {
            text.push_str(" is a blackhole");
        }
        let destination = self.checkpoint.header.destination;
        let table = self.transit_gateway().and_then(|own| own.route_tables.get(table));
        let others = table.into_iter().flat_map(|table| table.matching(destination));
        let others = others.filter(|(other, _)| *other != position).map(|(_, other)| other);
        let is_equal =
            |other: &&TransitGatewayRoute| (other.destination, other.rank) == (route.destination, route.rank);
        let (equal, beaten): (Vec<_>, Vec<_>) = others.partition(is_equal);
        let join = |routes: Vec<&TransitGatewayRoute>| {
            routes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        if !equal.is_empty() {
            let among = if route.rank == TransitGatewayRoute::OF_VPC {
                "AWS has that of the VPC which was attached first, this or"
            } else {
                "AWS chooses between it and"
            };
            text = format!("{text}; {among} {}", join(equal));
        }
        if !beaten.is_empty() {
            text = format!("{text}; beats {}", join(beaten));
        }
        text
    }

    fn transit_gateway(&self) -> Option<&TransitGateway> {
        match self.checkpoint.place {
            Place::Gateway(gateway) => self.network.gateways[gateway].transit_gateway(),
            _ => None,
        }
    }

    fn transit_route(&self, table: usize, route: usize) -> Option<&TransitGatewayRoute> {
        self.transit_gateway()?.route_tables.get(table)?.routes.get(route)
    }

    fn transit_table(&self, table: usize) -> String {
        let table = self.transit_gateway().and_then(|own| own.route_tables.get(table));
        table.map(|table| table.identity.to_string()).unwrap_or_default()
    }

    fn attachment(&self, position: usize) -> String {
        let identity: Option<&Identity> =
            self.transit_gateway().and_then(|own| own.attachments.get(position)).map(|own| &own.identity);
        identity.map(ToString::to_string).unwrap_or_default()
    }
}
