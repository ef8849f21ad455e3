//! Routes that are missing or lead another way: which block they need, and which target.

use std::net::IpAddr;

use super::Remedy;
use crate::model::{
    AttachedResource, Gateway, GatewayKind, Index, LegKind, Network, RouteTable, RouteTarget, TransitGateway,
    Vpc,
};
use crate::net::{Cidr, is_private};
use crate::walk::{Checkpoint, DecidedBy, Decision, Place};

impl Remedy<'_> {
    /// The route that sends an answer back by the gateway by which the request came, where another route takes it away.
    pub(super) fn way_back(&self) -> Option<String> {
        if self.blocker.leg != LegKind::Reverse {
            return None;
        }
        let asked = self.gateway_of_request()?;
        let leg = self.case()?.reverse.as_ref()?;
        let (point, index, at) =
            leg.checkpoints.iter().find_map(|point| match (point.place, point.decided_by) {
                (Place::RouteTable(table), DecidedBy::Route(at)) => Some((point, table, at)),
                _ => None,
            })?;
        let table = &self.network.route_tables[index];
        let taken = table.routes.get(at)?;
        if [RouteTarget::Local, RouteTarget::Gateway(asked)].contains(&taken.target) {
            return None;
        }
        let block = self.block_of(point.header.destination, table.vpc)?;
        let (name, gateway) = (&table.identity, &self.network.gateways[asked].identity);
        let route = if taken.destination.prefix_length() < block.prefix_length() {
            format!("add a route  {block} -> {gateway}")
        } else {
            format!("replace  {taken}  by  {} -> {gateway}", taken.destination)
        };
        Some(format!("route table {name}: {route}  (the way of the request)"))
    }

    /// The route that a table lacks.
    pub(super) fn missing_route(&self, index: Index<RouteTable>) -> String {
        let table = &self.network.route_tables[index];
        let destination = self.blocker.checkpoint.header.destination;
        let block = self.block_of(destination, table.vpc);
        let asked = match self.blocker.leg {
            LegKind::Reverse if self.is_first_route() => self.gateway_of_request(),
            _ => None,
        };
        let target = asked.or_else(|| self.target_to(destination, table.vpc));
        let (Some(block), Some(target)) = (block, target) else {
            return format!("route table {}: add a route to {destination}", table.identity);
        };
        let target = &self.network.gateways[target];
        let route = format!("route table {}: add a route  {block} -> {}", table.identity, target.identity);
        if target.kind == GatewayKind::InternetGateway && self.lacks_public_address() {
            let source = self.blocker.checkpoint.header.source;
            format!("{route}, and {}", self.public_address_for(source))
        } else {
            route
        }
    }

    /// Whether what stops is the first route of the leg, at the sender's own subnet.
    fn is_first_route(&self) -> bool {
        let leg = self.case().and_then(|case| case.legs().find(|(kind, _)| *kind == self.blocker.leg));
        let is_route = |point: &&Checkpoint| matches!(point.place, Place::RouteTable(_));
        let first = leg.and_then(|(_, leg)| leg.checkpoints.iter().find(is_route));
        first.is_some_and(|first| first.place == self.blocker.checkpoint.place)
    }

    /// The gateway by which the request came to whom it is for, of those to which routes lead back.
    fn gateway_of_request(&self) -> Option<Index<Gateway>> {
        let points = &self.case()?.forward.checkpoints;
        let last = points.iter().rev().find_map(|point| match point.place {
            Place::Gateway(gateway) if point.decision == Decision::Pass => Some(gateway),
            _ => None,
        })?;
        let leads_back = [
            GatewayKind::InternetGateway,
            GatewayKind::TransitGateway,
            GatewayKind::VpcPeeringConnection,
            GatewayKind::VpnGateway,
        ];
        leads_back.contains(&self.network.gateways[last].kind).then_some(last)
    }

    /// The block that a route needs to reach `address` from the VPC `own`: that of its VPC or network on premises, or
    /// everything when it is outside.
    fn block_of(&self, address: IpAddr, own: Index<Vpc>) -> Option<Cidr> {
        let network = self.network;
        let others = network.vpcs.enumerate().filter(|(vpc, _)| *vpc != own);
        let of_vpcs = others.flat_map(|(_, vpc)| vpc.cidr_blocks.iter().copied());
        let customer = network.customer_network_of(address);
        let of_customer =
            customer.into_iter().flat_map(|at| network.customer_networks[at].cidr_blocks.iter().copied());
        let named = of_vpcs.chain(of_customer).find(|block| block.contains(address));
        named.or_else(|| Cidr::new(address, 0).filter(|_| !is_private(address)))
    }

    /// The gateway to which other tables of a VPC lead everything, if it is one alone and not the internet gateway: what has
    /// no public address goes out by it.
    fn usual_way_out(&self, own: Index<Vpc>) -> Option<Index<Gateway>> {
        let network = self.network;
        let family = self.blocker.checkpoint.header.family();
        let tables = network.route_tables.iter().filter(|table| table.vpc == own);
        let all = tables.flat_map(|table| table.routes.iter()).filter_map(|route| match route.target {
            RouteTarget::Gateway(gateway)
                if route.destination.is_everything() && route.destination.family() == family =>
            {
                Some(gateway)
            }
            _ => None,
        });
        let mut all = all.filter(|gateway| {
            let gateway = &network.gateways[*gateway];
            gateway.kind != GatewayKind::InternetGateway && gateway.availability.is_available()
        });
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }

    /// The one gateway that joins the VPC `own` to where `address` is.
    fn target_to(&self, address: IpAddr, own: Index<Vpc>) -> Option<Index<Gateway>> {
        let network = self.network;
        if self.block_of(address, own)?.is_everything() {
            let usual = self.usual_way_out(own).filter(|_| self.lacks_public_address());
            return usual.or(network.vpcs[own].internet_gateway);
        }
        let customer = network.customer_network_of(address);
        let leads = |(index, gateway): &(Index<Gateway>, &Gateway)| {
            gateway.availability.is_available()
                && match (gateway.transit_gateway(), gateway.peering()) {
                    (Some(transit), _) => {
                        transit.attachment_of(own).is_some()
                            && attached_to(network, transit, address).is_some()
                    }
                    (_, Some(peering)) => {
                        let far = peering.far_side(own).and_then(|far| far.vpc);
                        far.is_some_and(|far| network.vpcs[far].contains(address))
                    }
                    _ => {
                        let is_behind = customer
                            .is_some_and(|customer| network.customer_networks[customer].via.contains(index));
                        gateway.kind == GatewayKind::VpnGateway && gateway.vpc == Some(own) && is_behind
                    }
                }
        };
        let mut all = network.gateways.enumerate().filter(leads).map(|(index, _)| index);
        let only = all.next()?;
        all.next().is_none().then_some(only)
    }
}

/// The one attachment of a transit gateway behind which `address` is, and its block there.
pub(super) fn attached_to(
    network: &Network,
    transit: &TransitGateway,
    address: IpAddr,
) -> Option<(usize, Cidr)> {
    let block_behind = |resource: &AttachedResource| {
        let blocks: Vec<Cidr> = match resource {
            AttachedResource::Vpc { vpc, .. } => {
                vpc.map(|vpc| network.vpcs[vpc].cidr_blocks.clone()).unwrap_or_default()
            }
            AttachedResource::Customer { networks, .. } => networks
                .iter()
                .flat_map(|customer| network.customer_networks[*customer].cidr_blocks.iter().copied())
                .collect(),
            AttachedResource::Peering { .. } => Vec::new(),
        };
        blocks.into_iter().find(|block| block.contains(address))
    };
    let all = transit.attachments.iter().enumerate();
    let mut found = all.filter_map(|(at, attachment)| Some((at, block_behind(&attachment.resource)?)));
    let only = found.next()?;
    found.next().is_none().then_some(only)
}
