//! From a network to its graph.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::DiGraph;

use super::label::routes_of;
use super::{Edge, Graph, Home, Node};
use crate::model::{Gateway, Index, Network, NetworkInterface, RouteTarget, Subnet, Vpc};
use crate::walk::gateway::behaviour;

impl<'n> Graph<'n> {
    /// The graph of a network: its VPCs, subnets and gateways, and whatever else their routes lead to.
    pub fn of(network: &'n Network) -> Self {
        let mut graph = Self {
            network,
            reaches: reaches(network),
            inner: DiGraph::new(),
            nodes: BTreeMap::new(),
            outside: None,
            caption: Vec::new(),
        };
        for (vpc, _) in network.vpcs.enumerate() {
            graph.node(Node::Vpc(vpc));
        }
        for (subnet, _) in network.subnets.enumerate() {
            graph.node(Node::Subnet(subnet));
        }
        for (gateway, _) in network.gateways.enumerate() {
            graph.gateway(gateway);
        }
        for (customer, of) in network.customer_networks.enumerate() {
            let customer = graph.node(Node::CustomerNetwork(customer));
            for gateway in &of.via {
                let gateway = graph.node(Node::Gateway(*gateway));
                graph.inner.add_edge(gateway, customer, Edge::Attachment);
            }
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
        let reach = self.reaches.get(&gateway).cloned().unwrap_or_default();
        for subnet in reach.subnets {
            let subnet = self.node(Node::Subnet(subnet));
            self.inner.add_edge(subnet, node, Edge::Holds);
        }
        if self.home_of(gateway) == Home::Outside {
            for vpc in reach.vpcs {
                let vpc = self.node(Node::Vpc(vpc));
                self.inner.add_edge(vpc, node, Edge::Attachment);
            }
        }
        if behaviour(network.gateways[gateway].kind).is_public {
            let internet = self.node(Node::Internet);
            self.inner.add_edge(node, internet, Edge::Attachment);
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
                    if !self.inner.contains_edge(vpc, target) {
                        self.inner.add_edge(vpc, target, Edge::Attachment);
                    }
                    target
                }
            };
            let subnet = self.node(Node::Subnet(subnet));
            self.inner.add_edge(subnet, target, Edge::Routes(destinations));
        }
    }

    /// A node that stands in a subnet, with the edge that says so.
    pub(super) fn standing(&mut self, node: Node) -> petgraph::graph::NodeIndex {
        let is_new = !self.nodes.contains_key(&node);
        let home = self.home(&node);
        let index = self.node(node);
        if let (true, Home::Subnet(subnet)) = (is_new, home) {
            let subnet = self.node(Node::Subnet(subnet));
            self.inner.add_edge(subnet, index, Edge::Holds);
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
            Node::NotCollected(_) | Node::Internet | Node::CustomerNetwork(_) | Node::ServiceBehind(_) => {
                Home::Outside
            }
        }
    }

    /// A gateway of one VPC is drawn there: in the subnet that has its only interfaces, or else at the border.
    fn home_of(&self, gateway: Index<Gateway>) -> Home {
        let Some(reach) = self.reaches.get(&gateway) else { return Home::Outside };
        let (Some(vpc), 1) = (self.network.gateways[gateway].vpc, reach.vpcs.len()) else {
            return Home::Outside;
        };
        match reach.subnets.first() {
            Some(subnet) if reach.subnets.len() == 1 => Home::Subnet(*subnet),
            _ => Home::Vpc(vpc),
        }
    }
}

/// Where a gateway is at work.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    /// Its own interfaces.
    pub(super) interfaces: Vec<Index<NetworkInterface>>,
    /// Subnets in which they are.
    subnets: BTreeSet<Index<Subnet>>,
    /// VPCs for which it carries packets: that of its attachment, those of its interfaces and of routes to it.
    vpcs: BTreeSet<Index<Vpc>>,
}

/// Where each gateway is at work.
fn reaches(network: &Network) -> BTreeMap<Index<Gateway>, Reach> {
    let mut reaches: BTreeMap<Index<Gateway>, Reach> = BTreeMap::new();
    for (index, gateway) in network.gateways.enumerate() {
        reaches.entry(index).or_default().vpcs.extend(gateway.form.vpcs().into_iter().chain(gateway.vpc));
    }
    for (index, interface) in network.network_interfaces.enumerate() {
        if let Some(gateway) = interface.gateway {
            let reach = reaches.entry(gateway).or_default();
            reach.interfaces.push(index);
            reach.subnets.insert(interface.subnet);
            reach.vpcs.insert(network.subnets[interface.subnet].vpc);
        }
    }
    for table in &network.route_tables {
        for route in table.routes.iter().chain(&table.unlisted) {
            if let RouteTarget::Gateway(gateway) = route.target {
                reaches.entry(gateway).or_default().vpcs.insert(table.vpc);
            }
        }
    }
    reaches
}
