//! What is written at a node: the same words for every printer.

use super::{Graph, Node};
use crate::diagnostic::escape;
use crate::model::{Availability, Gateway, GatewayForm, Index, Network, RouteTarget, Subnet};
use crate::net::{Cidr, is_private};

/// What is written at a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Label {
    /// Its name.
    pub(super) name: String,
    /// What it is, a line each.
    pub(super) details: Vec<String>,
}

impl Label {
    fn new(name: impl Into<String>, details: impl IntoIterator<Item = String>) -> Self {
        let details = details.into_iter().filter(|line| !line.is_empty()).collect();
        Self { name: name.into(), details }
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
                Label::new(vpc.identity.to_string(), [blocks(&vpc.cidr_blocks)])
            }
            Node::Subnet(subnet) => {
                let subnet = &network.subnets[*subnet];
                Label::new(subnet.identity.to_string(), [blocks(&subnet.cidr_blocks)])
            }
            Node::Gateway(gateway) => {
                let of = &network.gateways[*gateway];
                let state = match of.availability {
                    Availability::Available => "",
                    Availability::NotAvailable => "not available",
                    Availability::Gone => "deleted",
                    Availability::Undocumented(state) => state,
                    Availability::NotCollected => "state not collected",
                };
                let details = [self.kind(*gateway), state.to_owned()];
                Label::new(of.identity.to_string(), details)
            }
            Node::NetworkInterface(interface) => {
                let own = &network.network_interfaces[*interface];
                let private = own.private_ip_addresses.first().map(|own| own.private_ip);
                let address = private.or(own.ipv6_addresses.first().copied());
                let address = address.map(|address| address.to_string()).unwrap_or_default();
                Label::new(network.interface_label(*interface).to_string(), [address])
            }
            Node::NotCollected(target) => Label::new(escape(target), ["not collected".to_owned()]),
            Node::Service(name, _) => Label::new(*name, ["of AWS".to_owned()]),
            Node::Internet => {
                let name = if self.outside.is_some_and(is_private) { "outside" } else { "internet" };
                Label::new(name, self.outside.map(|address| address.to_string()))
            }
            Node::CustomerNetwork(customer) => {
                let customer = &network.customer_networks[*customer];
                Label::new(customer.identity.to_string(), [blocks(&customer.cidr_blocks)])
            }
            Node::ServiceBehind(gateway) => {
                let name = match &network.gateways[*gateway].form {
                    GatewayForm::GatewayEndpoint(endpoint) => escape(&endpoint.service),
                    _ => "service".to_owned(),
                };
                Label::new(name, ["of AWS".to_owned()])
            }
            Node::Nowhere(..) => Label::new("no next hop", []),
        }
    }

    /// `NAT gateway 198.51.100.7`.
    fn kind(&self, gateway: Index<Gateway>) -> String {
        let network = self.network;
        let own = self.reaches.get(&gateway).into_iter().flat_map(|reach| &reach.interfaces);
        let own = own.flat_map(|interface| &network.network_interfaces[*interface].private_ip_addresses);
        let public = own.filter_map(|own| own.public_ip).map(|address| address.to_string());
        let name = self.kind_name(gateway).to_owned();
        let text = std::iter::once(name).chain(public).collect::<Vec<_>>().join(" ");
        if network.gateways[gateway].kind.entry().modelled { text } else { text + ", not simulated" }
    }

    /// What a gateway is, without its addresses.
    pub(super) fn kind_name(&self, gateway: Index<Gateway>) -> &'static str {
        let own = &self.network.gateways[gateway];
        if own.network_firewall().is_some() {
            return "Network Firewall endpoint";
        }
        if own.gateway_load_balancer_endpoint().is_some() {
            return "Gateway Load Balancer endpoint";
        }
        own.kind.entry().name
    }

    /// Routes of `subnet` that are drawn as no edge: those that lead nowhere, and those that are not known.
    pub(super) fn silent_routes(&self, subnet: Index<Subnet>) -> Vec<String> {
        let table = &self.network.route_tables[self.network.subnets[subnet].route_table];
        let blackholes = routes_of(self.network, subnet).into_iter();
        let blackholes = blackholes.filter(|(target, ..)| *target == RouteTarget::Blackhole);
        let texts = blackholes.map(|(_, label, destinations)| line(&destinations, &label, usize::MAX));
        let unknown = (!table.known).then(|| "routes not collected".to_owned());
        texts.chain(unknown).collect()
    }

    /// Every route of `subnet` that leaves its VPC, as it is written in a box of some columns.
    pub(super) fn route_lines(&self, subnet: Index<Subnet>, columns: usize) -> Vec<(RouteTarget, String)> {
        let routes = routes_of(self.network, subnet).into_iter();
        let line = |(target, label, destinations): (_, String, Vec<String>)| {
            (target, line(&destinations, &label, columns))
        };
        routes.map(line).collect()
    }
}

/// Destinations that are listed; the others are counted.
const MOST_DESTINATIONS: usize = 8;

/// `0.0.0.0/0, ::/0 → igw`; of what is too long for some columns, the first destinations and how many more there are.
fn line(destinations: &[String], target: &str, columns: usize) -> String {
    let mut listed = destinations.len().clamp(1, MOST_DESTINATIONS);
    loop {
        let text = format!("{} → {target}", some(destinations, listed, ", "));
        if listed == 1 || text.chars().count() <= columns {
            return text;
        }
        listed -= 1;
    }
}

/// Destinations as they are written at an edge, one below the other.
pub(super) fn at_edge(destinations: &[String]) -> String {
    some(destinations, MOST_DESTINATIONS, "\n")
}

fn some(destinations: &[String], most: usize, between: &str) -> String {
    let (listed, others) = destinations.split_at(most.min(destinations.len()));
    let listed = listed.join(between);
    if others.is_empty() { listed } else { format!("{listed}{between}{} more", others.len()) }
}

/// Blocks in one line.
fn blocks(blocks: &[Cidr]) -> String {
    blocks.iter().map(Cidr::to_string).collect::<Vec<_>>().join(", ")
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
        let list = route.prefix_list.as_ref().map(ToString::to_string);
        let is_list = list.is_some();
        let destination = list.or(nothing).unwrap_or_else(|| route.destination.to_string());
        let known = targets.iter_mut().find(|(target, name, _)| *target == route.target && *name == label);
        match known {
            Some((_, _, destinations)) if is_list && destinations.contains(&destination) => {}
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_of_destinations_are_counted() {
        let many: Vec<String> = (0..20).map(|n| format!("10.{n}.0.0/16")).collect();
        assert_eq!(line(&many, "hub", 34), "10.0.0.0/16, 19 more → hub");
        assert_eq!(
            line(&many, "a-very-long-name-of-a-hub", 10),
            "10.0.0.0/16, 19 more → a-very-long-name-of-a-hub"
        );
        assert_eq!(line(&["::/0".to_owned()], "igw", 34), "::/0 → igw");
        assert_eq!(at_edge(&many).lines().last(), Some("12 more"));
    }
}
