//! What is written at a node: the same words for every printer.

use super::{Graph, Node};
use crate::diagnostic::escape;
use crate::model::{Gateway, Index, Network, RouteTarget, Subnet};
use crate::net::Cidr;

/// What is written at a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Label {
    /// Its name.
    pub(super) name: String,
    /// What it is, a line each.
    pub(super) details: Vec<String>,
}

impl Label {
    fn new(name: impl ToString, details: impl IntoIterator<Item = String>) -> Self {
        let details = details.into_iter().filter(|line| !line.is_empty()).collect();
        Self { name: name.to_string(), details }
    }

    /// All lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.details.iter().map(String::as_str))
    }
}

impl Graph<'_> {
    /// What is written at `node`.
    pub(super) fn label(&self, node: &Node) -> Label {
        let network = self.network;
        match node {
            Node::Vpc(vpc) => {
                let vpc = &network.vpcs[*vpc];
                Label::new(&vpc.identity, [blocks(&vpc.cidr_blocks)])
            }
            Node::Subnet(subnet) => {
                let subnet = &network.subnets[*subnet];
                Label::new(&subnet.identity, [blocks(&subnet.cidr_blocks)])
            }
            Node::Gateway(gateway) => {
                let of = &network.gateways[*gateway];
                let state = if of.is_available { "" } else { "not available" };
                let details = [kind(network, *gateway), state.to_owned()];
                Label::new(&of.identity, details)
            }
            Node::NetworkInterface(interface) => {
                let own = &network.network_interfaces[*interface];
                let private = own.private_ip_addresses.first().map(|own| own.private_ip);
                let address = private.or(own.ipv6_addresses.first().copied());
                let address = address.map(|address| address.to_string()).unwrap_or_default();
                Label::new(network.interface_label(*interface), [address])
            }
            Node::NotCollected(target) => Label::new(escape(target), ["not collected".to_owned()]),
            Node::Service(name, _) => Label::new(name, ["of AWS".to_owned()]),
            Node::Internet => Label::new("internet", []),
            Node::Nowhere(..) => Label::new("no next hop", []),
        }
    }

    /// The names of what a route of `subnet` that is drawn as no edge leads to, and those of routes not known.
    pub(super) fn silent_routes(&self, subnet: Index<Subnet>) -> Vec<String> {
        let table = &self.network.route_tables[self.network.subnets[subnet].route_table];
        let blackholes = routes_of(self.network, subnet).into_iter();
        let blackholes = blackholes.filter(|(target, ..)| *target == RouteTarget::Blackhole);
        let texts = blackholes.map(|(_, label, destinations)| route(&destinations, &label));
        let unknown = (!table.known).then(|| "routes not collected".to_owned());
        texts.chain(unknown).collect()
    }

    /// Every route of `subnet` that leaves its VPC, as it is written in its box.
    pub(super) fn route_lines(&self, subnet: Index<Subnet>) -> Vec<(RouteTarget, String)> {
        let routes = routes_of(self.network, subnet).into_iter();
        routes.map(|(target, label, destinations)| (target, route(&destinations, &label))).collect()
    }
}

/// `0.0.0.0/0, ::/0 → igw`.
fn route(destinations: &[String], target: &str) -> String {
    format!("{} → {target}", destinations.join(", "))
}

/// Blocks in one line.
fn blocks(blocks: &[Cidr]) -> String {
    blocks.iter().map(Cidr::to_string).collect::<Vec<_>>().join(", ")
}

/// `NAT gateway 198.51.100.7`.
fn kind(network: &Network, gateway: Index<Gateway>) -> String {
    let entry = network.gateways[gateway].kind.entry();
    let own = network.network_interfaces.iter().filter(|interface| interface.gateway == Some(gateway));
    let public = own.flat_map(|interface| &interface.private_ip_addresses).filter_map(|own| own.public_ip);
    let public: String = public.map(|address| format!(" {address}")).collect();
    let open = if entry.modelled { "" } else { ", not simulated" };
    format!("{}{public}{open}", entry.name)
}

/// Where the route table of a subnet leads: each target but `local` once, its name, and its destinations in the order
/// of the table; a prefix list counts as one.
pub(super) fn routes_of(network: &Network, subnet: Index<Subnet>) -> Vec<(RouteTarget, String, Vec<String>)> {
    let table = &network.route_tables[network.subnets[subnet].route_table];
    let mut targets: Vec<(RouteTarget, String, Vec<String>)> = Vec::new();
    let listed = table.routes.iter().map(|route| (route, None));
    let unlisted = table.unlisted.iter().map(|route| (route, Some(String::new())));
    for (route, nothing) in listed.chain(unlisted) {
        if route.target == RouteTarget::Local {
            continue;
        }
        let label = target_name(network, route.target, &route.target_label);
        let list = route.prefix_list.as_ref().map(|list| list.to_string());
        let destination = list.or(nothing).unwrap_or_else(|| route.destination.to_string());
        let known = targets.iter_mut().find(|(target, name, _)| *target == route.target && *name == label);
        match known {
            Some((_, _, destinations)) if destinations.contains(&destination) => {}
            Some((_, _, destinations)) => destinations.push(destination),
            None => targets.push((route.target, label, vec![destination])),
        }
    }
    targets
}

fn target_name(network: &Network, target: RouteTarget, written: &str) -> String {
    match target {
        RouteTarget::Local => "local".to_owned(),
        RouteTarget::Blackhole => "blackhole".to_owned(),
        RouteTarget::Gateway(gateway) => network.gateways[gateway].identity.to_string(),
        RouteTarget::NetworkInterface(interface) => network.interface_label(interface).to_string(),
        RouteTarget::External => written.to_owned(),
    }
}
