//! What would have to change for a load balancer to send a packet on.

use crate::model::{
    Gateway, Index, ListenerProtocol, LoadBalancer, LoadBalancerType, Network, TargetGroup, TargetHealth,
};
use crate::net::Header;
use crate::walk::{Checkpoint, LoadBalancerFact as Fact, Place};

/// The change, in words, where it is certain that it helps.
pub(super) fn remedy(network: &Network, checkpoint: &Checkpoint, fact: Fact) -> Option<String> {
    let Place::Gateway(gateway) = checkpoint.place else { return None };
    let gateway = &network.gateways[gateway];
    if let (Fact::NoListener, Some(service)) = (fact, gateway.lattice_service()) {
        let listeners = service.listeners.iter().flatten();
        let known: Vec<String> = listeners.map(|own| format!("{} {}", own.protocol, own.port)).collect();
        return listener("service of VPC Lattice", gateway, &checkpoint.header, &known);
    }
    let own = gateway.load_balancer()?;
    match fact {
        Fact::NoListener => {
            let listeners = own.listeners.iter().flatten();
            let known: Vec<String> = listeners.map(|own| format!("{} {}", own.protocol, own.port)).collect();
            listener("load balancer", gateway, &checkpoint.header, &known)
        }
        Fact::NoTarget(group) => targets(network, checkpoint, (gateway, own), group),
        Fact::Hairpin | Fact::PreservationNotCarried => unpreserved(network, checkpoint, own),
        _ => None,
    }
}

/// A listener for `header`, or one of those that are `known`.
fn listener(what: &str, gateway: &Gateway, header: &Header, known: &[String]) -> Option<String> {
    let port = header.destination_port()?;
    let other = match known {
        [] => String::new(),
        known => format!(", or connect to {}", known.join(" or ")),
    };
    Some(format!("{what} {}: add a listener on {} {port}{other}", gateway.identity, header.protocol))
}

/// The group of which targets need not see the client's address: with UDP they always do.
fn unpreserved(network: &Network, checkpoint: &Checkpoint, own: &LoadBalancer) -> Option<String> {
    let header = &checkpoint.header;
    let mut listeners = own.listeners.iter().flatten().filter(|own| own.protocol.carries(header.protocol));
    let listener = listeners.find(|own| Some(own.port) == header.destination_port())?;
    let group = listener.rules.iter().flat_map(|rule| &rule.target_groups).next()?;
    let group = &network.target_groups[*group];
    let is_fixed = matches!(group.protocol, ListenerProtocol::Udp | ListenerProtocol::TcpUdp);
    (!is_fixed).then(|| format!("target group {}: switch `preserve_client_ip` off", group.identity))
}

/// How a node comes to targets of a group.
fn targets(
    network: &Network,
    checkpoint: &Checkpoint,
    (gateway, own): (&Gateway, &LoadBalancer),
    group: Index<TargetGroup>,
) -> Option<String> {
    let group = &network.target_groups[group];
    if group.targets.as_ref()?.is_empty() {
        return Some(format!("target group {}: register a target", group.identity));
    }
    if group.targets.iter().flatten().all(|target| target.health == TargetHealth::Unused) {
        return Some(format!("target group {}: wait for its targets, or register others", group.identity));
    }
    let is_at = |node: &&Index<_>| network.network_interfaces[**node].owns(checkpoint.header.destination);
    // Nothing but its zone tells the node by which an endpoint leads to appliances: it is one without targets.
    let lacks = |node: &&Index<_>| network.targets_in_reach(own, **node, group).is_empty();
    let without = own.nodes.iter().find(lacks).filter(|_| own.kind == LoadBalancerType::Gateway);
    let node = checkpoint.interface.or(without.copied()).or_else(|| own.nodes.iter().find(is_at).copied())?;
    let [enabled, others] = network.zones_with_targets(own, node, group);
    let crosses = group.cross_zone.or(own.cross_zone);
    if crosses == Some(false) && !enabled.is_empty() {
        let (what, name) = match group.cross_zone {
            Some(false) => ("target group", &group.identity),
            _ => ("load balancer", &gateway.identity),
        };
        let zone = crate::model::zone_of(network, node);
        return Some(format!("{what} {name}: switch `cross_zone` on, or register a target in zone {zone}"));
    }
    let zone = others.first()?;
    Some(format!("load balancer {}: add a subnet in zone {zone}, where its targets are", gateway.identity))
}
