//! Which assumptions a connection and its records rest on.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use crate::flowlog::{FlowLogRecord, Sighting, Value};
use crate::model::{
    BlockMode, Endpoint, Gateway, GatewayForm, GatewayKind, Index, LegKind, NameDoubt, Network,
    NetworkInterface, Outcome, Peer, Stray, Tracking, TrafficType, TransitGatewayRoute, is_known,
    is_public_dns_name, is_public_service, lattice_block,
};
use crate::net::{Direction, Family, Protocol, is_private};
use crate::report::{ConnectionReport, Report};
use crate::scenario::leans_on_source_rules;
use crate::timeline::{longest_pause, outlives_close, packets_of};
use crate::walk::{
    Case, Checkpoint, DecidedBy, Decision, Leg, LoadBalancerFact, Place, Reason, ServiceFact, Stage, Trace,
    TrackedFlow, TransitGatewayFact, Translation,
};

/// Names of the assumptions behind the verdict of the connection at `position`, and behind the `records` that it began.
pub(crate) fn assumptions(
    report: &Report<'_>,
    position: usize,
    of: &ConnectionReport<'_>,
    records: &[&FlowLogRecord],
) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    if of.connection.ephemeral.is_some_and(|range| range.client == "linux") {
        names.insert("linux-ephemeral-ports");
    }
    if of.connection.is_health_check {
        names.insert("health-checks");
    }
    if of.connection.shares_flow {
        names.insert("connections-apart");
    }
    for end in [of.connection.from, of.connection.to] {
        of_end(of.network, end, &mut names);
    }
    of_service(of.network, of, &mut names);
    if has_made_up_address(of.network, of) {
        names.insert("load-balancer-public-addresses");
    }
    let trace = of.trace();
    let behind = trace.cases.iter().flat_map(|case| case.behind().map(|(_, case)| case));
    for (_, leg) in trace.cases.iter().chain(behind).flat_map(Case::legs) {
        of_leg(of.network, leg, &mut names);
    }
    if trace.cases.iter().any(|case| asks_service_otherwise(of.network, of, case)) {
        names.insert("service-ports");
    }
    if trace.cases.iter().any(|case| is_inspected_apart(of.network, case)) {
        names.insert("endpoints-apart");
    }
    if trace.cases.iter().any(is_forwarded_one_way) {
        names.insert("one-way-forwarding");
    }
    if let Some(traffic) = Some(position)
        .filter(|_| !records.is_empty())
        .and_then(|position| report.scenario.traffic(position, of))
    {
        of_volume(of, &trace, &mut names);
        of_time(report, of, position, &mut names);
        for way in &traffic.ways {
            let network = report.scenario.network_at(way.epoch);
            for sighting in &way.sightings {
                if network.mirrors() && leans_on_source_rules(network, sighting) {
                    names.insert("mirror-source-rules");
                }
                of_sighting(report, network, sighting, records, &mut names);
            }
        }
        if traffic.ways.iter().any(|way| report.scenario.network_at(way.epoch).mirrors()) {
            for copy in report.copies(position) {
                of_leg(report.scenario.network_at(copy.epoch), &copy.leg, &mut names);
            }
        }
        for record in records {
            of_window(report, record, &mut names);
        }
    }
    names
}

/// What becomes of a connection while it lasts.
fn of_time(
    report: &Report<'_>,
    of: &ConnectionReport<'_>,
    position: usize,
    names: &mut BTreeSet<&'static str>,
) {
    let Some((bursts, turns)) = report.turns(position) else { return };
    for turn in turns.iter().filter(|turn| turn.epoch != of.epoch) {
        of_leg(report.scenario.network_at(turn.epoch), &turn.leg, names);
    }
    let opened = || turns.iter().flat_map(|turn| turn.leg.remembers.flows());
    let is_untracked = |flow: &TrackedFlow| {
        matches!(flow.place, Place::NetworkInterface(_)) && flow.tracking == Tracking::Untracked
    };
    let turns_tracked = |before: &TrackedFlow| {
        opened().any(|flow| {
            (flow.direction, flow.header) == (before.direction, before.header)
                && flow.tracking != Tracking::Untracked
        })
    };
    if opened().filter(|flow| is_untracked(flow)).any(turns_tracked) {
        names.insert("untracked-becomes-tracked");
    }
    let protocol = of.connection.request.protocol;
    let case = of.case();
    let planned = case.as_ref().map(|case| packets_of(of.connection, case)).unwrap_or_default();
    let behind = case.iter().flat_map(Case::behind).map(|(opened, case)| packets_of(opened, case).len());
    let all_planned = planned.len() + behind.sum::<usize>();
    let is_reset = turns
        .iter()
        .filter_map(|turn| turn.leg.checkpoints.first())
        .any(|first| first.decided_by == DecidedBy::Leaves && first.stage == Stage::NatGateway);
    if is_reset {
        names.insert("nat-reset-source");
    } else if bursts.len() > all_planned {
        names.insert("retransmission");
    }
    let has_no_listener =
        |point: &Checkpoint| point.decided_by == DecidedBy::LoadBalancer(LoadBalancerFact::NoListener);
    if turns.iter().any(|turn| turn.leg.checkpoints.iter().any(has_no_listener)) {
        names.insert("no-listener-silent");
    }
    if report.scenario.is_closed_by_proxy(of) {
        names.insert("listener-closes");
    }
    let pause = longest_pause(&planned);
    if case.is_some_and(|case| case.onward.is_some()) && pause >= Duration::from_secs(60) {
        names.insert("proxy-idle");
    }
    if protocol == Protocol::TCP && outlives_close(&planned) {
        names.insert("close-grace");
    }
    if protocol.is_icmp() && pause >= Duration::from_secs(600) {
        names.insert("icmp-idle");
    }
    if protocol == Protocol::TCP && pause >= Duration::from_secs(350) {
        names.insert("nitro-v6-families");
        let is_answered = turns.iter().any(|turn| turn.kind == LegKind::Reverse);
        if !is_answered {
            names.insert("half-open-idle");
        }
    }
}

/// Which interface speaks for a host, and whether there is a host.
fn of_end(network: &Network, end: Endpoint, names: &mut BTreeSet<&'static str>) {
    let Endpoint::Interface(card) = end else { return };
    match network.instance_of(card) {
        None => {
            let NetworkInterface { attached, gateway, managed_service, .. } =
                &network.network_interfaces[card];
            let is_nobodys = gateway.is_none() && managed_service.is_none();
            *attached && is_nobodys && names.insert("unattached-interface")
        }
        Some(instance) => {
            if instance.running.is_none() {
                names.insert("instances-run");
            }
            instance.network_interfaces.len() > 1 && names.insert("several-interfaces")
        }
    };
}

/// What the name of a service stands for.
fn of_service(network: &Network, of: &ConnectionReport<'_>, names: &mut BTreeSet<&'static str>) {
    let [_, to] = &of.connection.labels;
    let guesses = |card| {
        let endpoint = network.endpoint_of(card).and_then(|own| network.gateways[own].interface_endpoint());
        endpoint.is_some_and(|own| own.guesses_dns_names)
    };
    match of.connection.to {
        _ if matches!(of.connection.doubt, Some(NameDoubt::OfEndpoint(_))) => {
            names.insert("endpoint-dns-names")
        }
        _ if of.connection.doubt.is_some() => false,
        Endpoint::Address(_) | Endpoint::Service(_) if is_public_service(to) => {
            names.insert("service-addresses")
        }
        Endpoint::Interface(card) if is_public_dns_name(to) && guesses(card) => {
            names.insert("endpoint-dns-names")
        }
        _ => false,
    };
}

/// Whether the far end is a node of a load balancer with a public address that was made up for it.
fn has_made_up_address(network: &Network, of: &ConnectionReport<'_>) -> bool {
    let is_made_up = |address: IpAddr| match address {
        IpAddr::V4(v4) => matches!(v4.octets(), [192, 0, 2, _] | [198, 18, ..]),
        IpAddr::V6(_) => false,
    };
    let mut ends = of.connection.far_ends();
    ends.any(|(address, end)| {
        matches!(end, Endpoint::Interface(card) if network.load_balancer_of(card).is_some())
            && is_made_up(address)
    })
}

/// Whether a request comes to a service of AWS at a TCP port at which AWS does not say that it answers.
fn asks_service_otherwise(network: &Network, of: &ConnectionReport<'_>, case: &Case) -> bool {
    let endpoint = case.forward.checkpoints.iter().find_map(|point| match point.place {
        Place::Gateway(gateway) if point.stage == Stage::VpcEndpoint => Some(&network.gateways[gateway].form),
        _ => None,
    });
    // AWS: https://docs.aws.amazon.com/general/latest/gr/rande.html
    let documented: &[u16] = match endpoint {
        Some(GatewayForm::InterfaceEndpoint(_)) => &[443],
        Some(GatewayForm::GatewayEndpoint(_)) => &[80, 443],
        _ if is_public_service(&of.connection.labels[1]) => &[80, 443],
        _ => return false,
    };
    let request = &of.connection.request;
    request.protocol == Protocol::TCP
        && case.forward.is_delivered()
        && request.port.is_some_and(|port| !documented.contains(&port))
}

/// Whether what answers goes by other endpoints before appliances than what it answers.
fn is_inspected_apart(network: &Network, case: &Case) -> bool {
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
fn is_forwarded_one_way(case: &Case) -> bool {
    let hosts = |leg: &Leg| -> BTreeSet<usize> {
        let forwards = |point: &&Checkpoint| point.decided_by == DecidedBy::Forwards && !point.hypothetical;
        let host = |point: &Checkpoint| point.interface.map(Index::position);
        leg.checkpoints.iter().filter(forwards).filter_map(host).collect()
    };
    let arrives = |reverse: &&Leg| case.forward.is_delivered() && reverse.is_delivered();
    case.reverse.as_ref().filter(arrives).is_some_and(|reverse| hosts(&case.forward) != hosts(reverse))
}

fn of_leg(network: &Network, leg: &Leg, names: &mut BTreeSet<&'static str>) {
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

/// Whether a rule admitted a packet from or to another VPC by a group that is associated with several.
fn is_member_elsewhere(network: &Network, point: &Checkpoint) -> bool {
    let DecidedBy::SecurityGroupRule { group, rule } = point.decided_by else { return false };
    let Place::NetworkInterface(card) = point.place else { return false };
    let peer = network.security_groups[group].rules.get(point.direction).get(rule).map(|rule| rule.peer);
    matches!(peer, Some(Peer::Member(named)) if !network.security_groups[named].associated_vpcs.is_empty())
        && !network.vpcs[network.vpc_of(card)].contains(point.header.remote(point.direction))
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

/// Numbers of packets and bytes that nobody stated.
fn of_volume(of: &ConnectionReport<'_>, trace: &Trace, names: &mut BTreeSet<&'static str>) {
    if of.connection.bursts.is_some() {
        return;
    }
    let outcome = of.case_of(trace).map_or(of.outcome, |case| case.outcome);
    let request = &of.connection.request;
    names.insert(match (request.protocol, outcome) {
        (Protocol::TCP, Outcome::Blocked | Outcome::Unanswered) => "syn-retries",
        _ if request.icmp.is_some() => "icmp-count",
        _ => "exchange-volume",
    });
}

/// Fields of the next hop.
const NEXT_HOP: [&str; 5] = [
    "next-hop-interface-id",
    "next-hop-subnet-id",
    "next-hop-az-id",
    "next-hop-vpc-id",
    "next-hop-interface-type",
];

fn of_sighting(
    report: &Report<'_>,
    network: &Network,
    sighting: &Sighting,
    records: &[&FlowLogRecord],
    names: &mut BTreeSet<&'static str>,
) {
    let header = &sighting.header;
    // What attachments saw matters to their records alone.
    let is_of_kind =
        |record: &&&FlowLogRecord| record.vantage.attachment().is_some() == sighting.transit.is_some();
    let records: Vec<_> = records.iter().filter(is_of_kind).collect();
    if records.is_empty() && sighting.transit.is_some() {
        return;
    }
    let shows = |field: &str| {
        records.iter().any(|record| report.format(record).fields().iter().any(|shown| shown.name == field))
    };
    let by_path = |name: &&str| !name.ends_with("traffic-path") || shows("traffic-path");
    names.extend(sighting.assumptions.iter().copied().filter(by_path));
    if [header.source, header.destination].into_iter().any(|address| lattice_block(address).is_some()) {
        names.insert("lattice-logged");
    }
    if header.protocol == Protocol::TCP && sighting.transit.is_some() && shows("tcp-flags") {
        names.insert("transit-gateway-tcp-flags");
    }
    if header.family() == Family::V6 && sighting.direction == Direction::Egress && sighting.transit.is_none()
    {
        names.insert("ipv6-own-address");
    }
    if header.protocol != Protocol::TCP && shows("tcp-flags") {
        names.insert("tcp-flags-zero");
    }
    if let Some(hop) = sighting.next_hop.filter(|_| NEXT_HOP.iter().any(|field| shows(field))) {
        if network.is_in_no_subnet(hop) {
            names.insert("regional-nat-next-hop");
        } else if sighting.vantage.interface().is_some_and(|own| network.vpc_of(hop) != network.vpc_of(own)) {
            names.insert("peering-next-hop");
        }
    }
    let is_controlled = |card| network.vpcs[network.vpc_of(card)].encryption_controls.is_some();
    if sighting.vantage.interface().is_some_and(is_controlled) && shows("encryption-status") {
        names.insert("encryption-status-endpoint");
    }
    let services = &report.scenario.services;
    let overlaps = (shows("pkt-src-aws-service") && services.is_ambiguous(header.source))
        || (shows("pkt-dst-aws-service") && services.is_ambiguous(header.destination));
    if overlaps {
        names.insert("aws-service-overlap");
    }
}

/// The length of a record's window, where it rests on the type of an instance that nobody stated.
fn of_window(report: &Report<'_>, record: &FlowLogRecord, names: &mut BTreeSet<&'static str>) {
    let network = report.network_of(record);
    let unstated = record.vantage.interface().is_some_and(|card| {
        network
            .instance_of(card)
            .is_some_and(|instance| !instance.instance_type.as_deref().is_some_and(is_known))
    });
    let configured = network.flow_logs[record.flow_log].max_aggregation_interval;
    let shows_path = report.format(record).fields().iter().any(|field| field.name == "traffic-path");
    if network.flow_logs[record.flow_log].traffic_type != TrafficType::All
        && report.scenario.duration.is_some()
    {
        names.insert("nodata-filtered");
    }
    if network.flow_logs_are_assumed {
        names.insert("flow-logs-not-collected");
    }
    let row = report.row(record);
    let is_encoded = |value: &Value<'_>| matches!(value, Value::Tag(tag) if value.to_string() != *tag);
    if report.format(record).values(&row).any(|(_, value)| is_encoded(&value)) {
        names.insert("tag-encoding");
    }
    if unstated && (configured > Duration::from_secs(60) || shows_path) {
        names.insert("nitro-by-default");
    }
}
