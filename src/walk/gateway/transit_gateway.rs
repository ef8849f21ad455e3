//! Transit gateway: a router between VPCs, other transit gateways, and networks on premises.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>; zones and appliance mode:
//! <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>; network ACLs:
//! <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html>; what it refuses:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`TGW_*`).
//! Rewrites nothing. A packet enters by the interface of its own zone, is routed by the table with which that attachment
//! is associated, and leaves by an interface of another attachment: of the same zone, if there is one, and then by the
//! route table of that interface's subnet. The network ACL of an attachment's subnet judges what comes to the interface
//! by its ingress entries alone, even from the same subnet, and what leaves it by its egress entries alone.
//! Remembers nothing, except in appliance mode by which zone of the appliance's VPC a flow went.
//! Refuses: VPCs that are not attached, or not in the packet's zone; attachments without a route table, or in a state but
//! `available`; what no route carries, or a blackhole.
//! Not modelled: multicast, packets above 8500 bytes, equal-cost paths of VPN tunnels, policy tables.

use super::{Behaviour, Context, Entering, Face, Forward, Onward, Step, unavailable};
use crate::model::{
    Association, AttachedResource, Availability, Gateway, GatewayKind, Index, Network, NetworkInterface,
    Subnet, TransitGateway, TransitGatewayAttachment, zone_of,
};
use crate::walk::{DecidedBy, Place, Stage, TransitGatewayFact};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::TransitGateway,
    stage: Stage::TransitGateway,
    is_public: false,
    tracks_automatically: false,
    traffic_path: (Some(1), Some(1)),
    traffic_path_assumption: Some("gateway-traffic-path"),
    face,
    step,
};

const fn fact(fact: TransitGatewayFact) -> DecidedBy {
    DecidedBy::TransitGateway(fact)
}

fn face(context: &Context<'_>) -> Option<Face> {
    match context.entering {
        Entering::FromSubnet(subnet) => {
            let own = context.network.gateways[context.gateway].transit_gateway()?;
            let (_, attachment) = own.attachment_of(context.network.subnets[subnet].vpc)?;
            let zone = zone_of_sender(context, subnet);
            let interface = attachment
                .interface_in(context.network, zone)
                .filter(|_| attachment.availability.is_available() && !zone.is_empty())?;
            Some(Face { interface, crosses_border: true })
        }
        Entering::ToInterface { interface, crosses_border } => Some(Face { interface, crosses_border }),
        Entering::FromInternet(_)
        | Entering::FromService(_)
        | Entering::FromCustomerNetwork(_)
        | Entering::FromAttachment(_) => None,
    }
}

fn step(context: &Context<'_>) -> Step {
    let Some(own) = context.network.gateways[context.gateway].transit_gateway() else {
        return Step::Unknown(fact(TransitGatewayFact::NotCollected));
    };
    if let Some(step) = unavailable(context.network.gateways[context.gateway].availability) {
        return step;
    }
    match context.entering {
        Entering::FromSubnet(subnet) => from_vpc(context, own, subnet),
        Entering::FromAttachment(position) => from_attachment(context, own, position, ""),
        Entering::ToInterface { .. }
        | Entering::FromInternet(_)
        | Entering::FromService(_)
        | Entering::FromCustomerNetwork(_) => Step::Unknown(fact(TransitGatewayFact::ToItself)),
    }
}

/// The zone from which a packet comes; nothing where that is not known. A regional NAT gateway stands in none: an answer
/// leaves it in the zone in which the request came to it.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html>, zonal affinity
fn zone_of_sender<'a>(context: &Context<'a>, subnet: Index<Subnet>) -> &'a str {
    let network = context.network;
    let regional = context.left.filter(|left| network.is_in_no_subnet(*left));
    let Some(gateway) = regional.and_then(|left| network.network_interfaces[left].gateway) else {
        return &network.subnets[subnet].availability_zone_id;
    };
    let came_by = context.memory.came_by(Place::Gateway(gateway), &context.header);
    came_by.map_or("", |interface| zone_of(network, interface))
}

/// AWS: only resources in a zone that has a subnet of the attachment reach the transit gateway.
/// <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
fn from_vpc(context: &Context<'_>, own: &TransitGateway, subnet: Index<Subnet>) -> Step {
    let zone = zone_of_sender(context, subnet);
    let Some((position, attachment)) = own.attachment_of(context.network.subnets[subnet].vpc) else {
        return if own.is_whole {
            Step::Drop(fact(TransitGatewayFact::NotAttached))
        } else {
            Step::Unknown(fact(TransitGatewayFact::NotCollected))
        };
    };
    if let Some(step) = unavailable_at(position, attachment) {
        return step;
    }
    let is_whole = matches!(attachment.resource, AttachedResource::Vpc { is_whole: true, .. });
    if zone.is_empty() {
        return Step::Unknown(fact(TransitGatewayFact::ZoneNotCollected));
    }
    match attachment.interface_in(context.network, zone) {
        Some(_) => from_attachment(context, own, position, zone),
        None if is_whole => Step::Drop(fact(TransitGatewayFact::NotInZone(position))),
        None => Step::Unknown(fact(TransitGatewayFact::InterfaceNotCollected(position))),
    }
}

/// What comes from the attachment at `position`, by an interface in `zone` if that is known.
fn from_attachment(context: &Context<'_>, own: &TransitGateway, position: usize, zone: &str) -> Step {
    let Some(attachment) = own.attachments.get(position) else {
        return Step::Unknown(fact(TransitGatewayFact::NotCollected));
    };
    if let Some(step) = unavailable_at(position, attachment) {
        return step;
    }
    let table = match attachment.association {
        Association::Table(table) => table,
        Association::None => return Step::Drop(fact(TransitGatewayFact::NoAssociation(position))),
        Association::NotCollected => {
            return Step::Unknown(fact(TransitGatewayFact::AssociationNotCollected(position)));
        }
    };
    let Some(routes) = own.route_tables.get(table).filter(|table| table.is_known) else {
        return Step::Unknown(fact(TransitGatewayFact::RoutesNotCollected { table }));
    };
    let found = routes.lookup(context.header.destination);
    if found.is_empty() {
        return Step::Drop(fact(TransitGatewayFact::NoRoute { from: position, table }));
    }
    let mut options = Vec::new();
    // Of several among which AWS chooses, one that stops the packet is not the one for certain.
    let several = found.len() > 1;
    for route in found {
        let target = routes.routes.get(route).and_then(|chosen| chosen.attachment);
        let decided_by = fact(TransitGatewayFact::Route { from: position, table, route });
        let Some(target) = target else {
            return if several { Step::Unknown(decided_by) } else { Step::Drop(decided_by) };
        };
        match onwards(context, own, (position, target), zone) {
            Ways::Out(ways) => {
                options.extend(ways.into_iter().map(|onward| forward(context, onward, decided_by)));
            }
            Ways::None(_) if several => return Step::Unknown(decided_by),
            Ways::None(step) => return step,
        }
    }
    match options.as_slice() {
        [only] => Step::Forward(*only),
        _ => Step::Choose(options),
    }
}

/// As [`unavailable`], of the attachment at `position`.
const fn unavailable_at(position: usize, attachment: &TransitGatewayAttachment) -> Option<Step> {
    match attachment.availability {
        Availability::Available => None,
        Availability::NotAvailable | Availability::Gone => {
            Some(Step::Drop(fact(TransitGatewayFact::NotAvailable(position))))
        }
        Availability::Undocumented(_) => {
            Some(Step::Unknown(fact(TransitGatewayFact::StateUndocumented(position))))
        }
        Availability::NotCollected => {
            Some(Step::Unknown(fact(TransitGatewayFact::StateNotCollected(position))))
        }
    }
}

/// How a packet goes on through an attachment.
enum Ways {
    /// By one of these; AWS chooses among several.
    Out(Vec<Onward>),
    /// By none.
    None(Step),
}

/// The ways out through the attachment at `position`, of what came by the one at `from`.
fn onwards(
    context: &Context<'_>,
    own: &TransitGateway,
    (from, position): (usize, usize),
    zone: &str,
) -> Ways {
    let Some(attachment) = own.attachments.get(position) else {
        return Ways::None(Step::Unknown(fact(TransitGatewayFact::NotCollected)));
    };
    if let Some(step) = unavailable_at(position, attachment) {
        let not_available = fact(TransitGatewayFact::TargetNotAvailable { from, to: position });
        let is_certain = matches!(step, Step::Drop(_));
        return Ways::None(if is_certain { Step::Drop(not_available) } else { step });
    }
    match &attachment.resource {
        AttachedResource::Vpc { is_whole, .. } => into_vpc(context, attachment, position, zone, *is_whole),
        AttachedResource::Peering { other: Some((gateway, half)) } => {
            Ways::Out(vec![Onward::Gateway(*gateway, Entering::FromAttachment(*half))])
        }
        AttachedResource::Peering { other: None } => {
            Ways::None(Step::Unknown(fact(TransitGatewayFact::BehindNotCollected(position))))
        }
        AttachedResource::Customer { networks, .. } => {
            let network = &context.network.customer_networks;
            let has = |at: &&Index<_>| network[**at].contains(context.header.destination);
            match networks.iter().find(has) {
                Some(at) => Ways::Out(vec![Onward::CustomerNetwork(*at)]),
                None if own.is_whole && !networks.is_empty() => {
                    Ways::None(Step::Drop(fact(TransitGatewayFact::NoNetworkBehind { from, to: position })))
                }
                None => Ways::None(Step::Unknown(fact(TransitGatewayFact::BehindNotCollected(position)))),
            }
        }
    }
}

/// By the interface in the zone from which the packet comes or, where there is none, by any.
///
/// In appliance mode both directions of a flow go by one interface. A flow between two hosts of one zone stays in it.
/// Where nobody asked for the mode, it must make no difference.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html>
fn into_vpc(
    context: &Context<'_>,
    attachment: &TransitGatewayAttachment,
    position: usize,
    zone: &str,
    is_whole: bool,
) -> Ways {
    let Context { network, gateway, header, memory, .. } = context;
    let all = attachment.network_interfaces();
    let of_zone = attachment.interface_in(network, zone).filter(|_| !zone.is_empty());
    // One of those that were not collected may be of the zone.
    let one_or_all = |one: Option<_>| match one {
        Some(interface) => vec![interface],
        None if !is_whole => Vec::new(),
        None => all.to_vec(),
    };
    let by_zone = || one_or_all(of_zone);
    let by_flow = || {
        let pinned = memory.pinned(*gateway, header).filter(|interface| all.contains(interface));
        let stays = || of_zone.filter(|_| is_in_zone(network, context.gateway, header.destination, zone));
        one_or_all(pinned.or_else(stays))
    };
    let interfaces = match attachment.appliance_mode {
        Some(false) => by_zone(),
        Some(true) => by_flow(),
        None if by_zone() == by_flow() => by_flow(),
        None => {
            return Ways::None(Step::Unknown(fact(TransitGatewayFact::ApplianceModeNotCollected(position))));
        }
    };
    if interfaces.is_empty() {
        return Ways::None(Step::Unknown(fact(TransitGatewayFact::InterfaceNotCollected(position))));
    }
    let keeps = attachment.appliance_mode != Some(false);
    let onward = if keeps { Onward::PinnedInterface } else { Onward::Interface };
    Ways::Out(interfaces.into_iter().map(onward).collect())
}

/// Whether `address` belongs to an interface in `zone` of a VPC that is attached to the gateway.
fn is_in_zone(network: &Network, gateway: Index<Gateway>, address: std::net::IpAddr, zone: &str) -> bool {
    let is_attached = |interface: &Index<NetworkInterface>| {
        let own = network.gateways[gateway].transit_gateway();
        own.is_some_and(|own| own.attachment_of(network.vpc_of(*interface)).is_some())
    };
    let mut holders = network.interfaces_with(address).into_iter().filter(is_attached);
    holders.next().is_some_and(|first| zone_of(network, first) == zone) && holders.next().is_none()
}

fn forward(context: &Context<'_>, onward: Onward, decided_by: DecidedBy) -> Forward {
    Forward { header: context.header, onward, remembers: None, translates: None, decided_by }
}
