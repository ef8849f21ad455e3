//! Load balancer: Application, Network and Classic.
//!
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html>; client
//! addresses: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation>;
//! groups: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html>.
//! Its nodes are reached as hosts are, by the rules of their subnets and of the load balancer's security groups; this file
//! says what happens behind these. Application and Classic Load Balancers, and TLS listeners of Network Load Balancers, are
//! proxies: the client's connection ends at the node, and a second one goes to a target. Other listeners of Network Load
//! Balancers rewrite: the destination to a target, the source to the node unless the client's address is preserved.
//! Remembers every flow, turns the answers back, and makes security groups track what passes a Network Load Balancer.
//! Refuses: what it does not listen on; everything when no target can be sent to.
//! Not modelled: how long proxies keep idle connections (assumed: proxy-idle); stickiness, weights, algorithms (any target may be next); conditions of rules that read requests (any such
//! rule may apply); Lambda functions behind it; QUIC.

use std::net::IpAddr;
use std::ops::ControlFlow;

use crate::model::{
    Gateway, Index, ListenerProtocol, LoadBalancer, LoadBalancerListener, LoadBalancerType, Network,
    NetworkInterface, RouteTarget, Target, TargetGroup, UsedTargets,
};
use crate::net::Header;
use crate::walk::LoadBalancerFact as Fact;

/// The listener that a packet is for, or why there is none.
pub(in crate::walk) fn listener<'a>(
    load_balancer: &'a LoadBalancer,
    header: &Header,
) -> ControlFlow<Fact, &'a LoadBalancerListener> {
    if !header.protocol.has_ports() || load_balancer.kind == LoadBalancerType::Gateway {
        return ControlFlow::Break(Fact::Undocumented);
    }
    let Some(listeners) = &load_balancer.listeners else {
        return ControlFlow::Break(Fact::ListenersNotCollected);
    };
    let is_for = |listener: &&LoadBalancerListener| {
        Some(listener.port) == header.destination_port() && listener.protocol.carries(header.protocol)
    };
    match listeners.iter().find(is_for) {
        Some(listener) => ControlFlow::Continue(listener),
        None => ControlFlow::Break(Fact::NoListener),
    }
}

/// Whether it ends the connections to `listener`, and opens others.
pub(in crate::walk) fn is_proxy(load_balancer: &LoadBalancer, listener: &LoadBalancerListener) -> bool {
    load_balancer.kind != LoadBalancerType::Network || listener.protocol == ListenerProtocol::Tls
}

/// Everything that may become of what `client` sends to `listener` at a node, at least one thing.
///
/// Rules are asked in their order: one with conditions that read the request may apply or not.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#listener-rules>
pub(in crate::walk) fn choices(
    network: &Network,
    load_balancer: &LoadBalancer,
    node: Index<NetworkInterface>,
    listener: &LoadBalancerListener,
    client: IpAddr,
) -> Vec<Fact> {
    if listener.rules.is_empty() {
        return vec![Fact::RulesNotCollected];
    }
    let mut all = Vec::new();
    let (mut answers, mut known) = (false, Vec::new());
    for rule in &listener.rules {
        if !rule.source_ips.is_empty() && !rule.source_ips.iter().any(|block| block.contains(client)) {
            continue;
        }
        if rule.target_groups.is_empty() && !answers {
            answers = true;
            all.push(Fact::AnswersItself);
        }
        for group in &rule.target_groups {
            if !known.contains(group) {
                known.push(*group);
                all.extend(targets_from(network, load_balancer, node, *group));
            }
        }
        if !rule.reads_request {
            break;
        }
    }
    all
}

/// The targets of a group to one of which a node sends, or what happens instead.
fn targets_from(
    network: &Network,
    load_balancer: &LoadBalancer,
    node: Index<NetworkInterface>,
    group: Index<TargetGroup>,
) -> Vec<Fact> {
    match network.targets_from(load_balancer, node, &network.target_groups[group]) {
        UsedTargets::Called => vec![Fact::AnswersItself],
        UsedTargets::NotCollected => vec![Fact::TargetsNotCollected(group)],
        UsedTargets::CrossZoneNotCollected => vec![Fact::AttributesNotCollected(group)],
        UsedTargets::Any { targets, .. } if targets.is_empty() => vec![Fact::NoTarget(group)],
        UsedTargets::Any { targets, .. } => {
            targets.into_iter().map(|target| Fact::Target { group, target }).collect()
        }
    }
}

/// The group and target that a fact names.
pub(in crate::walk) fn target(
    network: &Network,
    fact: Fact,
) -> Option<((Index<TargetGroup>, &TargetGroup), &Target)> {
    let Fact::Target { group: index, target } = fact else { return None };
    let group = &network.target_groups[index];
    Some(((index, group), group.targets.as_ref()?.get(target)?))
}

/// Whether the target sees the address of the client, and if so what keeps it from coming there.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation>
pub(in crate::walk) fn preserved(
    network: &Network,
    node: Index<NetworkInterface>,
    (index, group): (Index<TargetGroup>, &TargetGroup),
    target: &Target,
    client: IpAddr,
) -> ControlFlow<Fact, bool> {
    // What makes IPv4 of IPv6 cannot keep the address.
    if client.is_ipv4() != target.address.is_ipv4() {
        return ControlFlow::Continue(false);
    }
    match group.preserves_client_ip() {
        None => return ControlFlow::Break(Fact::AttributesNotCollected(index)),
        Some(false) => return ControlFlow::Continue(false),
        Some(true) => {}
    }
    if client == target.address {
        return ControlFlow::Break(Fact::Hairpin);
    }
    let is_of_another = |card: Index<NetworkInterface>| {
        let gateway = network.network_interfaces[card].gateway.map(|gateway| &network.gateways[gateway]);
        gateway.is_some_and(|gateway| {
            let balances = gateway.load_balancer().is_some_and(|own| own.kind == LoadBalancerType::Network);
            balances || gateway.interface_endpoint().is_some()
        })
    };
    let own = network.vpc_of(node);
    let is_within = match target.interface {
        Some(card) => network.vpc_of(card) == own,
        None => network.vpcs[own].contains(target.address),
    };
    let next = next_gateway(network, node, target.address);
    let is_peer = next.and_then(Gateway::peering).is_some_and(|own| own.is_in_one_region() == Some(true));
    let is_inspected = next.is_some_and(|own| own.gateway_load_balancer_endpoint().is_some());
    let is_reached = (is_within || is_peer) && !is_inspected && !target.interface.is_some_and(is_of_another);
    if is_reached { ControlFlow::Continue(true) } else { ControlFlow::Break(Fact::PreservationNotCarried) }
}

/// The gateway by which the routes of a node lead to `address`.
fn next_gateway(network: &Network, node: Index<NetworkInterface>, address: IpAddr) -> Option<&Gateway> {
    let subnet = network.network_interfaces[node].subnet;
    let table = &network.route_tables[network.subnets[subnet].route_table];
    match table.plain_route(address) {
        Some((_, RouteTarget::Gateway(gateway))) => Some(&network.gateways[gateway]),
        _ => None,
    }
}
