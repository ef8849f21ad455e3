//! What is assumed on a packet's way.

use std::collections::BTreeSet;

use crate::model::{
    BlockMode, Gateway, GatewayKind, Index, Network, Peer, Stray, Tracking, TransitGatewayRoute,
};
use crate::net::{Direction, Family, is_private};
use crate::walk::{
    Case, Checkpoint, DecidedBy, Decision, Leg, Place, Reason, ServiceFact, Stage, TrackedFlow,
    TransitGatewayFact, Translation,
};

/// Whether what answers goes by other endpoints before appliances than what it answers.
pub(super) fn is_inspected_apart(network: &Network, case: &Case) -> bool {
    let endpoints = |leg: &Leg| -> BTreeSet<usize> {
        let real = leg.checkpoints.iter().filter(|point| !point.hypothetical);
        let gateways = real.filter_map(|point| match point.place {
            Place::Gateway(gateway) => Some(gateway),
            _ => None,
        });
        let inspects = |at: &Index<Gateway>| {
            let own = &network.gateways[*at];
            own.gateway_load_balancer_endpoint().is_some() && own.network_firewall().is_none()
        };
        gateways.filter(inspects).map(Index::position).collect()
    };
    let there = endpoints(&case.forward);
    case.reverse.as_ref().is_some_and(|reverse| {
        let back = endpoints(reverse);
        !there.is_empty() && !back.is_empty() && there != back
    })
}

/// Whether a host forwards the packets of one direction and does not see the other.
pub(super) fn is_forwarded_one_way(case: &Case) -> bool {
    let hosts = |leg: &Leg| -> BTreeSet<usize> {
        let forwards = |point: &&Checkpoint| point.decided_by == DecidedBy::Forwards && !point.hypothetical;
        let host = |point: &Checkpoint| point.interface.map(Index::position);
        leg.checkpoints.iter().filter(forwards).filter_map(host).collect()
    };
    let arrives = |reverse: &&Leg| case.forward.is_delivered() && reverse.is_delivered();
    case.reverse.as_ref().filter(arrives).is_some_and(|reverse| hosts(&case.forward) != hosts(reverse))
}

pub(super) fn of_leg(network: &Network, leg: &Leg, names: &mut BTreeSet<&'static str>) {
    let checkpoints = &leg.checkpoints;
    names.extend(checkpoints.iter().filter_map(|checkpoint| Reason::of(network, leg, checkpoint).assumption));
    let acl_and_route = checkpoints.windows(2).any(|pair| {
        matches!(pair, [acl, route] if acl.stage == Stage::NetworkAclEgress
            && acl.decision == Decision::Deny
            && route.stage == Stage::Route
            && route.decision == Decision::Drop)
    });
    if acl_and_route {
        names.insert("acl-before-route");
    }
    let through = |direction| {
        let is_gateway =
            |point: &&Checkpoint| point.stage == Stage::InternetGateway && point.direction == direction;
        checkpoints.iter().any(|point| is_gateway(&point) && point.decision == Decision::Pass)
    };
    if through(Direction::Egress) && through(Direction::Ingress) {
        names.insert("elastic-ip-hairpin");
    }
    if checkpoints.iter().any(|point| point.stage == Stage::TransitGateway)
        && leg.remembers.flows().iter().any(|flow| {
            matches!(flow.place, Place::NetworkInterface(_)) && flow.tracking == Tracking::Untracked
        })
    {
        names.insert("transit-gateway-untracked");
    }
    if checkpoints
        .windows(2)
        .any(|pair| matches!(pair, [route, leaves] if is_any_zone(network, route, leaves)))
    {
        names.insert("transit-gateway-any-zone");
    }
    if checkpoints.iter().any(|point| is_beside_nested(network, point)) {
        names.insert("transit-gateway-nested-blocks");
    }
    let stopped_inward = |point: &Checkpoint| {
        let subnet = point.interface.map(|card| network.network_interfaces[card].subnet);
        // A request remembers a flow, its answer does not.
        point.decided_by == DecidedBy::BlockPublicAccess
            && leg.remembers.flows().is_empty()
            && subnet.is_some_and(|subnet| network.subnets[subnet].block_public_access == BlockMode::Ingress)
    };
    if checkpoints.iter().any(stopped_inward) {
        names.insert("bpa-requests-leave");
    }
    if checkpoints.iter().any(|point| may_be_kept_away(network, point, checkpoints)) {
        names.insert("bpa-not-collected");
    }
    if checkpoints
        .iter()
        .any(|point| matches!(point.decided_by, DecidedBy::Service(ServiceFact::ReturnsToClient(_))))
    {
        names.insert("client-ip-returns");
    }
    let is_released = |point: &Checkpoint| {
        point.decided_by == DecidedBy::NoSuchPublicAddress
            && network.stray_public_ip(point.header.destination) == Some(Stray::Released)
    };
    if checkpoints.iter().any(is_released) {
        names.insert("released-address");
    }
    if is_of_accelerator_group(network, checkpoints) {
        names.insert("accelerator-group");
    }
    let opens_lambda = |flow: &TrackedFlow| {
        matches!(flow.place, Place::NetworkInterface(card)
        if flow.direction == Direction::Egress && network.service_kind_of(card).is_some_and(|kind| kind.name == "lambda"))
    };
    if leg.remembers.flows().iter().any(opens_lambda) {
        names.insert("lambda-tracking");
    }
    let is_inspected = |point: &&Checkpoint| {
        matches!(point.decided_by, DecidedBy::Inspection(_)) && point.header.family() == Family::V6
    };
    if checkpoints.iter().any(|point| is_inspected(&point)) {
        names.insert("inspection-dual-stack");
    }
    if checkpoints.iter().any(|point| point.decided_by == DecidedBy::OwnSubnet) {
        names.insert("nat-own-subnet");
    }
    of_translations(network, leg, names);
    if checkpoints.iter().any(|point| is_mixed(network, leg, point)) {
        names.insert("mixed-rules-untracked");
    }
    if checkpoints.iter().any(|point| passes_unlisted_routes(network, point)) {
        names.insert("endpoint-lists-public");
    }
    if checkpoints.iter().any(|point| is_member_of_peer(network, point)) {
        names.insert("peer-group-before-route");
    }
    if checkpoints.iter().any(|point| is_member_elsewhere(network, point)) {
        names.insert("associated-group-members");
    }
    if checkpoints.iter().any(|point| is_no_private_member(network, point)) {
        names.insert("peer-members-private");
    }
}

/// Whose source ports hosts and gateways gave a packet.
fn of_translations(network: &Network, leg: &Leg, names: &mut BTreeSet<&'static str>) {
    let is_nat64 = |translation: &Translation| translation.before.family() != translation.after.family();
    if leg.remembers.translations().iter().any(is_nat64) {
        names.insert("nat64-inner-face");
    }
    let by_host = |translation: &Translation| matches!(translation.place, Place::NetworkInterface(_));
    if leg.remembers.translations().iter().any(by_host) {
        names.insert("nat-instance-ports");
    }
    let by_nat_gateway = |translation: &Translation| match translation.place {
        Place::Gateway(gateway) => {
            translation.chooses_port() && network.gateways[gateway].kind == GatewayKind::NatGateway
        }
        _ => false,
    };
    if leg.remembers.translations().iter().any(by_nat_gateway) {
        names.insert("nat-gateway-ports");
    }
}

/// Whether a rule that names a group admitted what came by Global Accelerator.
fn is_of_accelerator_group(network: &Network, checkpoints: &[Checkpoint]) -> bool {
    let accelerator = |point: &Checkpoint| {
        let kind = point.interface.and_then(|card| network.service_kind_of(card));
        point.direction == Direction::Egress && kind.is_some_and(|kind| kind.name == "global-accelerator")
    };
    let by_group = |point: &Checkpoint| {
        let DecidedBy::SecurityGroupRule { group, rule } = point.decided_by else { return false };
        let rules = network.security_groups[group].rules.get(point.direction);
        point.direction == Direction::Ingress
            && matches!(rules.get(rule).map(|rule| rule.peer), Some(Peer::Member(_)))
    };
    checkpoints.iter().any(accelerator) && checkpoints.iter().any(by_group)
}

/// Whether a packet passes a gateway to the internet at `point`, to or from a subnet of which nobody said what Block
/// Public Access keeps from it.
fn may_be_kept_away(network: &Network, point: &Checkpoint, of: &[Checkpoint]) -> bool {
    let Place::Gateway(gateway) = point.place else { return false };
    let vpc = network.gateways[gateway].vpc;
    let concerns = |card| {
        let subnet = &network.subnets[network.network_interfaces[card].subnet];
        Some(subnet.vpc) == vpc && subnet.block_public_access == BlockMode::NotCollected
    };
    matches!(point.stage, Stage::InternetGateway | Stage::EgressOnlyInternetGateway)
        && point.decision == Decision::Pass
        && of.iter().filter_map(|point| point.interface).any(concerns)
}

/// Whether a transit gateway chose the zone of a packet that came from none.
fn is_any_zone(network: &Network, route: &Checkpoint, leaves: &Checkpoint) -> bool {
    let (Place::Gateway(gateway), None, Some(card)) = (route.place, route.interface, leaves.interface) else {
        return false;
    };
    let own = network.gateways[gateway].transit_gateway();
    let attachment = own.and_then(|own| own.attachment_of(network.vpc_of(card)));
    let is_route = matches!(route.decided_by, DecidedBy::TransitGateway(TransitGatewayFact::Route { .. }));
    is_route && attachment.is_some_and(|(_, attachment)| attachment.network_interfaces().len() > 1)
}

/// Whether a transit gateway took a route that a VPC brought, and another VPC brought one with a block around or inside its
/// own.
fn is_beside_nested(network: &Network, point: &Checkpoint) -> bool {
    let DecidedBy::TransitGateway(TransitGatewayFact::Route { table, route, .. }) = point.decided_by else {
        return false;
    };
    let Place::Gateway(gateway) = point.place else { return false };
    let routes = network.gateways[gateway].transit_gateway().and_then(|own| own.route_tables.get(table));
    let routes = routes.map_or(&[][..], |table| &table.routes);
    let is_nested = |route: &TransitGatewayRoute| {
        let is_other = |other: &&TransitGatewayRoute| {
            other.rank == TransitGatewayRoute::OF_VPC && other.destination != route.destination
        };
        route.rank == TransitGatewayRoute::OF_VPC
            && routes.iter().filter(is_other).any(|other| other.destination.overlaps(&route.destination))
    };
    routes.get(route).is_some_and(is_nested)
}

/// Whether a flow counts as untracked although a rule for fewer addresses admits it as well.
fn is_mixed(network: &Network, leg: &Leg, point: &Checkpoint) -> bool {
    let Place::NetworkInterface(card) = point.place else { return false };
    let untracked = leg.remembers.flows().iter().any(|flow| {
        flow.place == point.place && flow.header == point.header && flow.tracking == Tracking::Untracked
    });
    let mut rules = network.security_group_rules(card, point.direction);
    let narrower =
        rules.any(|(.., rule)| rule.test.contains(&point.header) && !rule.is_for_everyone(point.direction));
    untracked && narrower
}

/// Whether a route was chosen although the table has others whose destinations were not collected.
fn passes_unlisted_routes(network: &Network, point: &Checkpoint) -> bool {
    let Place::RouteTable(table) = point.place else { return false };
    point.decision != Decision::Unknown
        && is_private(point.header.destination)
        && !network.route_tables[table].unlisted.is_empty()
}

/// Whether an egress rule that names a group of a peered VPC admitted a packet.
fn is_member_of_peer(network: &Network, point: &Checkpoint) -> bool {
    let DecidedBy::SecurityGroupRule { group, rule } = point.decided_by else { return false };
    let Place::NetworkInterface(card) = point.place else { return false };
    let own = network.vpc_of(card);
    let rules = network.security_groups[group].rules.get(point.direction);
    let peer = rules.get(rule).map(|rule| rule.peer);
    point.direction == Direction::Egress
        && matches!(peer, Some(Peer::Member(named)) if network.security_groups[named].vpcs().any(|vpc| vpc != own))
        && !network.vpcs[own].contains(point.header.remote(point.direction))
}

/// Whether a packet with a public address was denied although a rule names a group of another VPC.
fn is_no_private_member(network: &Network, point: &Checkpoint) -> bool {
    let Place::NetworkInterface(card) = point.place else { return false };
    let own = network.vpc_of(card);
    let of_another_vpc = |peer| match peer {
        Peer::Member(group) => {
            network.security_groups[group].vpcs().any(|vpc| vpc != own)
                || !network.security_groups[group].known.ingress
        }
        Peer::Anyone | Peer::Unlisted => false,
    };
    point.decided_by == DecidedBy::NoSecurityGroupRule
        && !is_private(point.header.remote(point.direction))
        && network
            .security_group_rules(card, point.direction)
            .any(|(.., rule)| of_another_vpc(rule.peer) && rule.test.contains(&point.header))
}

/// Whether a rule admitted a packet from or to another VPC by a group that is associated with several.
fn is_member_elsewhere(network: &Network, point: &Checkpoint) -> bool {
    let DecidedBy::SecurityGroupRule { group, rule } = point.decided_by else { return false };
    let Place::NetworkInterface(card) = point.place else { return false };
    let peer = network.security_groups[group].rules.get(point.direction).get(rule).map(|rule| rule.peer);
    matches!(peer, Some(Peer::Member(named)) if !network.security_groups[named].associated_vpcs.is_empty())
        && !network.vpcs[network.vpc_of(card)].contains(point.header.remote(point.direction))
}
