//! The network as a graph, and three ways to draw it.
//!
//! [`Graph::of`] makes the graph of a resolved network: VPCs, subnets and gateways are its nodes, routes and attachments
//! its edges. It asks the tables of kinds and never for one kind, so that a new kind of gateway is drawn without a change
//! here. [`Graph::draw`] adds the way of a connection that was walked, with the places where it stops.
//!
//! [`Graph::dot`], [`Graph::mermaid`] and [`Graph::svg`] print it. The same graph gives the same bytes.

mod boxes;
mod build;
mod dot;
mod label;
mod mermaid;
mod svg;
mod way;

use std::collections::BTreeMap;
use std::net::IpAddr;

use petgraph::graph::{DiGraph, NodeIndex};

use crate::model::{CustomerNetwork, Gateway, Index, LegKind, Network, NetworkInterface, Subnet, Vpc};

pub use way::{Hop, Mark, Near};

/// A place that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A VPC.
    Vpc(Index<Vpc>),
    /// A subnet.
    Subnet(Index<Subnet>),
    /// A gateway of any kind.
    Gateway(Index<Gateway>),
    /// An interface to which routes lead, or at which a connection begins or ends.
    NetworkInterface(Index<NetworkInterface>),
    /// The target of routes that was not collected, as they call it.
    NotCollected(String),
    /// A service of AWS that answers in a subnet, by its name.
    Service(&'static str, Index<Subnet>),
    /// Whatever is outside the network.
    Internet,
    /// A network on premises.
    CustomerNetwork(Index<CustomerNetwork>),
    /// The service of AWS behind a gateway.
    ServiceBehind(Index<Gateway>),
    /// Where a packet is that has no next hop: drawn beside the place that it leaves.
    Nowhere(LegKind, Home),
}

impl Node {
    /// Whether it is outside of everything that belongs to AWS's customer there: what gateways lead to.
    const fn is_beyond(&self) -> bool {
        matches!(self, Self::Internet | Self::CustomerNetwork(_) | Self::ServiceBehind(_))
    }
}

/// What connects two places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edge {
    /// From a subnet: the destinations that its route table sends there.
    Routes(Vec<String>),
    /// A gateway carries packets for a VPC, or to what is beyond it.
    Attachment,
    /// Something stands in a subnet.
    Holds,
    /// A connection goes there.
    Hop(Hop),
}

/// In which box something is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// In a subnet.
    Subnet(Index<Subnet>),
    /// At the border of a VPC.
    Vpc(Index<Vpc>),
    /// In none.
    Outside,
}

/// The graph of a network.
#[derive(Debug, Clone)]
pub struct Graph<'n> {
    network: &'n Network,
    reaches: BTreeMap<Index<Gateway>, build::Reach>,
    inner: DiGraph<Node, Edge>,
    nodes: BTreeMap<Node, NodeIndex>,
    /// The end of the connection that is drawn, where it is outside the network.
    outside: Option<IpAddr>,
    /// What is said of the connection that is drawn, a line each.
    caption: Vec<Caption>,
}

/// A line below the drawing.
#[derive(Debug, Clone)]
struct Caption {
    kind: CaptionKind,
    text: String,
}

#[derive(Debug, Clone)]
enum CaptionKind {
    /// What the connection is, and how it ends.
    Title,
    /// What becomes of one of its legs.
    Leg(LegKind),
    /// What a mark means, by its sign.
    Mark(String),
}

impl Caption {
    /// The line as text alone.
    fn line(&self) -> String {
        match &self.kind {
            CaptionKind::Title | CaptionKind::Leg(_) => self.text.clone(),
            CaptionKind::Mark(sign) => format!("{sign}  {}", self.text),
        }
    }
}

impl Graph<'_> {
    /// The graph itself, for questions of one's own.
    pub fn as_petgraph(&self) -> &DiGraph<Node, Edge> {
        &self.inner
    }

    /// Nodes and their indices, in the order in which they were added.
    fn nodes(&self) -> impl Iterator<Item = (NodeIndex, &Node)> {
        self.inner.node_indices().filter_map(|index| Some((index, self.inner.node_weight(index)?)))
    }

    /// Edges with their ends, in the order in which they were added.
    fn edges(&self) -> impl Iterator<Item = (NodeIndex, NodeIndex, &Edge)> {
        self.inner.edge_indices().filter_map(|index| {
            let (from, to) = self.inner.edge_endpoints(index)?;
            Some((from, to, self.inner.edge_weight(index)?))
        })
    }

    /// Hops of the connection that is drawn, with their ends.
    fn hops(&self) -> impl Iterator<Item = (NodeIndex, NodeIndex, &Hop)> {
        self.edges().filter_map(|(from, to, edge)| match edge {
            Edge::Hop(hop) => Some((from, to, hop)),
            _ => None,
        })
    }

    /// Index of a node, which is added when it is new.
    fn node(&mut self, node: Node) -> NodeIndex {
        if let Some(index) = self.nodes.get(&node) {
            return *index;
        }
        let index = self.inner.add_node(node.clone());
        self.nodes.insert(node, index);
        index
    }
}
