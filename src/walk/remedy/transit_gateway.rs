//! What would have to change for a transit gateway to let a packet pass.

use super::routes::attached_to;
use crate::model::{AttachedResource, Gateway, Identity, Network};
use crate::net::Header;
use crate::walk::TransitGatewayFact as Fact;

/// The change, in words, or nothing where none helps.
pub(super) fn remedy(network: &Network, gateway: &Gateway, fact: Fact, header: &Header) -> Option<String> {
    let (own, name) = (gateway.transit_gateway()?, &gateway.identity);
    let attachment = |at: usize| {
        own.attachments.get(at).map(|attachment| attachment.identity.to_string()).unwrap_or_default()
    };
    let table = |at: usize| own.route_tables.get(at).map(|table| &table.identity).map(Identity::to_string);
    let destination = header.destination;
    Some(match fact {
        Fact::Route { table: at, route, .. } => {
            let route = own.route_tables.get(at)?.routes.get(route)?;
            format!("transit gateway {name}, route table {}: remove or replace the route {route}", table(at)?)
        }
        Fact::NoRoute { table: at, .. } => {
            let place = format!("transit gateway {name}, route table {}", table(at)?);
            match attached_to(network, own, destination) {
                Some((to, block)) => {
                    let route = format!("{block} -> {}", attachment(to));
                    let resource = own.attachments.get(to).map(|attachment| &attachment.resource);
                    match resource {
                        Some(AttachedResource::Vpc { .. }) => {
                            format!("{place}: propagate {}, or add a route  {route}", attachment(to))
                        }
                        _ => format!("{place}: add a route  {route}"),
                    }
                }
                None => format!("{place}: add a route to {destination}"),
            }
        }
        Fact::NotAttached => format!("attach the VPC to transit gateway {name}"),
        Fact::NotInZone(at) => format!("attachment {}: add a subnet in the sender's zone", attachment(at)),
        Fact::NotAvailable(at) | Fact::TargetNotAvailable { to: at, .. } => {
            format!("attachment {}: accept or restore it", attachment(at))
        }
        Fact::NoAssociation(at) => format!("associate attachment {} with a route table", attachment(at)),
        _ => return None,
    })
}
