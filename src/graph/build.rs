//! From a network to its graph.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::DiGraph;

use super::label::routes_of;
use super::{Edge, Graph, Home, Node};
use crate::model::{Gateway, Index, Network, RouteTarget, Subnet, Vpc};
use crate::walk::gateway::behaviour;

impl<'n> Graph<'n> {
    /// The graph of a network: its VPCs, subnets and gateways, and whatever else their routes lead to.
    pub fn of(network: &'n Network) -> Self {
        let mut graph = Self { network, graph: DiGraph::new(), nodes: BTreeMap::new(), caption: Vec::new() };
        for (vpc, _) in network.vpcs.enumerate() {
            graph.node(Node::Vpc(vpc));
        }
        for (subnet, _) in network.subnets.enumerate() {
            graph.node(Node::Subnet(subnet));
        }
        for (gateway, _) in network.gateways.enumerate() {
            graph.gateway(gateway);
        }
        for (subnet, _) in network.subnets.enumerate() {
            graph.routes(subnet);
        }
        graph
    }

    /// A gateway, and what it is attached to.
    fn gateway(&mut self, gateway: Index<Gateway>) {
        let network = self.network;
        let node = self.node(Node::Gateway(gateway));
        let mut holders = BTreeSet::new();
        for subnet in subnets_of(network, gateway) {
            holders.insert(network.subnets[subnet].vpc);
            let subnet = self.node(Node::Subnet(subnet));
            self.graph.add_edge(subnet, node, Edge::Holds);
        }
        if self.home_of(gateway) == Home::Outside {
            for vpc in vpcs_of(network, gateway) {
                let vpc = self.node(Node::Vpc(vpc));
                self.graph.add_edge(vpc, node, Edge::Attachment);
            }
        }
        if behaviour(network.gateways[gateway].kind).is_public {
            let internet = self.node(Node::Internet);
            self.graph.add_edge(node, internet, Edge::Attachment);
        }
    }

    /// The routes of a subnet, but for those within its VPC.
    fn routes(&mut self, subnet: Index<Subnet>) {
        let network = self.network;
        for (target, label, destinations) in routes_of(network, subnet) {
            let target = match target {
                RouteTarget::Local | RouteTarget::Blackhole => continue,
                RouteTarget::Gateway(gateway) => self.node(Node::Gateway(gateway)),
                RouteTarget::NetworkInterface(interface) => self.standing(Node::NetworkInterface(interface)),
                RouteTarget::External => {
                    let target = self.node(Node::NotCollected(label));
                    let vpc = self.node(Node::Vpc(network.subnets[subnet].vpc));
                    if !self.graph.contains_edge(vpc, target) {
                        self.graph.add_edge(vpc, target, Edge::Attachment);
                    }
                    target
                }
            };
            let subnet = self.node(Node::Subnet(subnet));
            self.graph.add_edge(subnet, target, Edge::Routes(destinations));
        }
    }

    /// A node that stands in a subnet, with the edge that says so.
    pub(super) fn standing(&mut self, node: Node) -> petgraph::graph::NodeIndex {
        let is_new = !self.nodes.contains_key(&node);
        let home = self.home(&node);
        let index = self.node(node);
        if let (true, Home::Subnet(subnet)) = (is_new, home) {
            let subnet = self.node(Node::Subnet(subnet));
            self.graph.add_edge(subnet, index, Edge::Holds);
        }
        index
    }

    /// In which box a node is drawn.
    pub(super) fn home(&self, node: &Node) -> Home {
        match node {
            Node::Vpc(vpc) => Home::Vpc(*vpc),
            Node::Subnet(subnet) | Node::Service(_, subnet) => Home::Subnet(*subnet),
            Node::Gateway(gateway) => self.home_of(*gateway),
            Node::NetworkInterface(interface) => {
                Home::Subnet(self.network.network_interfaces[*interface].subnet)
            }
            Node::Nowhere(_, home) => *home,
            Node::NotCollected(_) | Node::Internet => Home::Outside,
        }
    }

    /// A gateway of one VPC is drawn there: in the subnet that has its only interfaces, or else at the border.
    fn home_of(&self, gateway: Index<Gateway>) -> Home {
        let network = self.network;
        let vpcs = vpcs_of(network, gateway);
        let (Some(vpc), 1) = (network.gateways[gateway].vpc, vpcs.len()) else { return Home::Outside };
        let subnets = subnets_of(network, gateway);
        match subnets.first() {
            Some(subnet) if subnets.len() == 1 => Home::Subnet(*subnet),
            _ => Home::Vpc(vpc),
        }
    }
}

/// Subnets in which a gateway has interfaces.
fn subnets_of(network: &Network, gateway: Index<Gateway>) -> BTreeSet<Index<Subnet>> {
    let own = network.network_interfaces.iter().filter(|interface| interface.gateway == Some(gateway));
    own.map(|interface| interface.subnet).collect()
}

/// VPCs for which a gateway carries packets: that of its attachment, those of its interfaces and of routes to it.
fn vpcs_of(network: &Network, gateway: Index<Gateway>) -> BTreeSet<Index<Vpc>> {
    let of = &network.gateways[gateway];
    let by_interfaces = subnets_of(network, gateway).into_iter().map(|subnet| network.subnets[subnet].vpc);
    let leads_there = |table: &&crate::model::RouteTable| {
        table.routes.iter().any(|route| route.target == RouteTarget::Gateway(gateway))
    };
    let by_routes = network.route_tables.iter().filter(leads_there).map(|table| table.vpc);
    by_interfaces.chain(by_routes).chain(of.vpc).chain(of.form.vpcs()).collect()
}
