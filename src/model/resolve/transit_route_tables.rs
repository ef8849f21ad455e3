//! Route tables of transit gateways: their own routes, and those that attachments bring into them.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html>

use super::Resolver;
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference};
use crate::model::{
    AttachedResource, Identity, Network, RouteOrigin, TransitGatewayAttachment, TransitGatewayRoute,
    TransitGatewayRouteTable,
};
use crate::net::{Cidr, Family};

/// Ranks of routes with equal prefixes; those of attachments that lead to no VPC are in their table.
const STATIC: u8 = 0;
const PREFIX_LIST: u8 = 1;
const VPC: u8 = TransitGatewayRoute::OF_VPC;
const PEERING: u8 = 9;

/// Name of the route table that AWS creates with a transit gateway.
const DEFAULT_TABLE: &str = "default";

impl Resolver<'_, '_> {
    pub(super) fn transit_route_table(
        &mut self,
        table: &inventory::TransitGatewayRouteTable,
        written: &[inventory::TransitGatewayAttachment],
        attachments: &[TransitGatewayAttachment],
        network: &Network,
    ) -> TransitGatewayRouteTable {
        let mut is_known = table.routes.is_some();
        let mut routes = Vec::new();
        for route in table.routes.iter().flatten() {
            let is_blackhole = route.blackhole || route.target.value == "blackhole";
            let attachment = if is_blackhole { None } else { self.attachment(&route.target, written) };
            if attachment.is_none() && !is_blackhole {
                is_known = false; // it leads to what was not collected
                continue;
            }
            let Some((blocks, prefix_list)) = self.destinations(&route.destination) else { continue };
            is_known &= blocks.is_some();
            let is_propagated = route.route_origin == RouteOrigin::EnableVgwRoutePropagation;
            let rank = match (is_propagated, &prefix_list, attachment.and_then(|at| attachments.get(at))) {
                (true, _, Some(attachment)) => rank(&attachment.resource),
                (true, _, None) => VPC,
                (false, Some(_), _) => PREFIX_LIST,
                (false, None, _) => STATIC,
            };
            routes.extend(blocks.into_iter().flatten().map(|destination| TransitGatewayRoute {
                destination,
                prefix_list: prefix_list.clone(),
                attachment,
                target_label: route.target.value.clone(),
                is_propagated,
                rank,
                origin: route.origin,
            }));
        }
        for reference in &table.propagations {
            let Some(at) = self.attachment(reference, written) else {
                is_known = false;
                continue;
            };
            let Some((attachment, read)) = attachments.get(at).zip(written.get(at)) else { continue };
            is_known &= !self.observed || brings_what_is_known(attachment, read, network);
            for destination in self.propagated(attachment, read, reference, network) {
                let rank = rank(&attachment.resource);
                if rank == VPC && self.is_brought_already(destination, reference, &routes) {
                    is_known &= !self.observed; // which was the first no answer says
                }
                routes.push(TransitGatewayRoute {
                    destination,
                    prefix_list: None,
                    attachment: Some(at),
                    target_label: reference.value.clone(),
                    is_propagated: true,
                    rank,
                    origin: reference.origin,
                });
            }
        }
        TransitGatewayRouteTable::new(table.identity.clone(), routes, is_known)
    }

    /// Whether another VPC brings the very block `destination` into the table that has `routes`, as `reference` does.
    ///
    /// AWS propagates the block of the VPC alone that was attached first. A scenario does not say which was: there are
    /// both, and the trace has a case for each. Assumed: transit-gateway-overlaps.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
    fn is_brought_already(
        &mut self,
        destination: Cidr,
        reference: &Reference,
        routes: &[TransitGatewayRoute],
    ) -> bool {
        let of_vpcs = || routes.iter().filter(|route| route.rank == VPC && route.is_propagated);
        let other = of_vpcs().find(|route| route.destination.overlaps(&destination));
        if let Some(other) = other.filter(|_| !self.observed) {
            let own = (reference.value.as_str(), destination);
            self.problems.push(problems::propagated_twice(reference.origin, own, (other, other.origin)));
        }
        of_vpcs().any(|route| route.destination == destination)
    }

    /// The blocks that an attachment brings into a table with which it is associated by propagation.
    fn propagated(
        &mut self,
        attachment: &TransitGatewayAttachment,
        read: &inventory::TransitGatewayAttachment,
        reference: &Reference,
        network: &Network,
    ) -> Vec<Cidr> {
        match &attachment.resource {
            AttachedResource::Vpc { vpc: Some(vpc), .. } if attachment.availability.may_be_available() => {
                let blocks = network.vpcs[*vpc].cidr_blocks.iter().copied();
                let carries_ipv6 = self.option(read.ipv6_support, false) == Some(true);
                blocks.filter(|block| carries_ipv6 || block.family() == Family::V4).collect()
            }
            AttachedResource::Customer { networks, .. } if attachment.availability.may_be_available() => {
                networks
                    .iter()
                    .flat_map(|at| network.customer_networks[*at].cidr_blocks.iter().copied())
                    .collect()
            }
            AttachedResource::Vpc { .. } | AttachedResource::Customer { .. } => Vec::new(),
            AttachedResource::Peering { .. } if self.observed => Vec::new(),
            AttachedResource::Peering { .. } => {
                let message =
                    format!("attachment `{}` peers with another transit gateway", read.identity.name);
                let help = "AWS propagates no routes over a peering; write a static route";
                self.problems.push(problems::mismatch(reference.origin, message, help));
                Vec::new()
            }
        }
    }
}

/// Whether all is known that an attachment brings into a table. What BGP brings is no part of what AWS answers, nor are
/// blocks of a VPC that was not collected.
fn brings_what_is_known(
    attachment: &TransitGatewayAttachment,
    read: &inventory::TransitGatewayAttachment,
    network: &Network,
) -> bool {
    let AttachedResource::Vpc { vpc: Some(vpc), .. } = attachment.resource else { return false };
    let blocks = &network.vpcs[vpc].cidr_blocks;
    let has_ipv6 = blocks.iter().any(|block| block.family() == Family::V6);
    !blocks.is_empty() && (read.ipv6_support.is_some() || !has_ipv6)
}

fn rank(resource: &AttachedResource) -> u8 {
    match resource {
        AttachedResource::Vpc { .. } => VPC,
        AttachedResource::Peering { .. } => PEERING,
        AttachedResource::Customer { kind, .. } => kind.rank,
    }
}

/// The table that AWS creates: every attachment is associated with it and, unless it peers, propagates into it.
pub(super) fn default_table(
    of: &inventory::Gateway,
    attachments: &[inventory::TransitGatewayAttachment],
) -> inventory::TransitGatewayRouteTable {
    let reference = |attachment: &inventory::TransitGatewayAttachment| Reference {
        value: attachment.identity.name.clone(),
        origin: attachment.identity.origin,
    };
    let is_peering = |attachment: &&inventory::TransitGatewayAttachment| {
        matches!(attachment.resource, inventory::AttachedResource::Peering(_))
    };
    let name = format!("{}-{DEFAULT_TABLE}", of.identity.name);
    inventory::TransitGatewayRouteTable {
        identity: Identity::default("tgw-rtb", name, of.identity.origin),
        associations: Some(attachments.iter().map(reference).collect()),
        propagations: attachments.iter().filter(|own| !is_peering(own)).map(reference).collect(),
        routes: Some(Vec::new()),
    }
}
