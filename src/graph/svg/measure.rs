//! How large VPCs are, and where everything stands within one.

use std::collections::BTreeMap;

use petgraph::graph::NodeIndex;

use super::layout::{
    CHANNEL, CHIP, Chip, GAP, HEADER, LINE, MOST_ROUTES, PADDING, ROUTE_COLUMNS, SUBNET_WIDTH, SubnetBox,
    TITLE_WIDTH, VpcBox, ZoneBox, move_chips,
};
use crate::graph::{Edge, Graph, Home, Node, boxes};
use crate::model::{Index, Subnet, Vpc};
use crate::svg::{Font, Point, Rect};

/// A row of chips from the left, at the top.
pub(super) fn in_a_row(graph: &Graph<'_>, nodes: &[NodeIndex]) -> Vec<Chip> {
    let mut x = 0;
    let mut place = |node: &NodeIndex| {
        let mut chip = chip(graph, *node);
        chip.rect.x = x;
        x += chip.rect.width + GAP;
        chip
    };
    nodes.iter().map(&mut place).collect()
}

/// The widest text of a chip that is not in a subnet.
const WIDEST: i32 = 260;

fn chip(graph: &Graph<'_>, node: NodeIndex) -> Chip {
    let label = graph.inner.node_weight(node).map(|node| graph.label(node)).unwrap_or_default();
    let details = label.details.join(", ");
    let longest = Font::Name.width(&label.name).max(Font::Detail.width(&details));
    let width = 2 * PADDING + longest.min(WIDEST);
    Chip { node, rect: Rect { x: 0, y: 0, width, height: CHIP }, is_foot: false }
}

/// Every VPC, each at the upper left corner.
pub(super) struct Measure<'g, 'n> {
    graph: &'g Graph<'n>,
    /// What stands in each subnet.
    standing: BTreeMap<Index<Subnet>, Vec<(NodeIndex, bool)>>,
    /// Gateways below to which each VPC is attached.
    attached: BTreeMap<Index<Vpc>, Vec<NodeIndex>>,
    /// How many interfaces each subnet has.
    interfaces: BTreeMap<Index<Subnet>, usize>,
}

impl<'g, 'n> Measure<'g, 'n> {
    pub(super) fn new(graph: &'g Graph<'n>) -> Self {
        let mut standing: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut attached: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (from, to, edge) in graph.edges() {
            let ends = (graph.inner.node_weight(from), graph.inner.node_weight(to));
            let (Some(from), Some(node)) = ends else { continue };
            match (from, edge) {
                (Node::Subnet(subnet), Edge::Holds) if !matches!(node, Node::Nowhere(..)) => {
                    let is_foot = graph.home(node) != Home::Subnet(*subnet);
                    standing.entry(*subnet).or_default().push((to, is_foot));
                }
                (Node::Vpc(vpc), Edge::Attachment) => attached.entry(*vpc).or_default().push(to),
                _ => {}
            }
        }
        let mut interfaces = BTreeMap::new();
        for interface in &graph.network.network_interfaces {
            *interfaces.entry(interface.subnet).or_default() += 1;
        }
        Self { graph, standing, attached, interfaces }
    }

    pub(super) fn vpcs(&self) -> Vec<VpcBox> {
        let vpcs = self.graph.vpc_boxes().into_iter().enumerate();
        vpcs.map(|(position, of)| self.vpc(Index::new(position), of)).collect()
    }

    fn vpc(&self, vpc: Index<Vpc>, of: boxes::VpcBox) -> VpcBox {
        let graph = self.graph;
        let subnets: usize = of.zones.iter().map(|(_, nodes)| nodes.len()).sum();
        let rows = (2 * subnets).isqrt().max(5);
        let mut x = GAP;
        let mut zones = Vec::new();
        for (name, nodes) in of.zones {
            let zone = self.zone(name, &nodes, rows, Point { x, y: HEADER });
            x = zone.rect.right() + GAP;
            zones.push(zone);
        }
        let is_gateway = |node: &NodeIndex| matches!(graph.inner.node_weight(*node), Some(Node::Gateway(_)));
        let at_border: Vec<NodeIndex> = of.nodes.into_iter().filter(is_gateway).collect();
        let mut chips = in_a_row(graph, &at_border);
        let chips_width = chips.last().map_or(0, |last| last.rect.right() + GAP);
        let name = Font::Head.width(&of.label.name).min(TITLE_WIDTH);
        let details = Font::Detail.width(&of.label.details.join(" ")).min(TITLE_WIDTH);
        let width = x.max(chips_width + name + details + 5 * PADDING);
        move_chips(&mut chips, Point { x: width - chips_width, y: -CHIP / 2 });
        let height = zones.iter().map(|zone| zone.rect.bottom()).max().unwrap_or(HEADER) + 2 * GAP;
        let attached = self.attached.get(&vpc).cloned().unwrap_or_default();
        VpcBox { label: of.label, rect: Rect { x: 0, y: 0, width, height }, zones, chips, attached, row: 0 }
    }

    /// A zone whose subnets stand in columns of some rows, public ones first.
    fn zone(&self, name: String, nodes: &[NodeIndex], rows: usize, at: Point) -> ZoneBox {
        const HEAD: i32 = 24;
        let subnet = |node: &NodeIndex| match self.graph.inner.node_weight(*node) {
            Some(Node::Subnet(subnet)) => Some(*subnet),
            _ => None,
        };
        let mut sorted: Vec<Index<Subnet>> = nodes.iter().filter_map(subnet).collect();
        sorted.sort_by_key(|subnet| !self.graph.network.is_public(*subnet));
        let mut subnets = Vec::with_capacity(sorted.len());
        let (mut x, mut bottom) = (at.x, at.y + HEAD);
        for column in sorted.chunks(rows.max(1)) {
            let mut y = at.y + HEAD;
            for subnet in column {
                let of = self.subnet(*subnet, Point { x: x + CHANNEL, y });
                y = of.rect.bottom() + GAP;
                subnets.push(of);
            }
            bottom = bottom.max(y);
            x += CHANNEL + SUBNET_WIDTH;
        }
        let rect = Rect { x: at.x, y: at.y, width: x + GAP - at.x, height: bottom - at.y };
        ZoneBox { name, rect, subnets }
    }

    fn subnet(&self, subnet: Index<Subnet>, at: Point) -> SubnetBox {
        let routes = self.graph.route_lines(subnet, ROUTE_COLUMNS);
        let lines = routes.len().min(MOST_ROUTES + 1);
        let mut y = at.y + PADDING + 34 + LINE * i32::try_from(lines).unwrap_or(0);
        let mut chips = Vec::new();
        for (node, is_foot) in self.standing.get(&subnet).into_iter().flatten() {
            let (x, width) = (at.x + PADDING, SUBNET_WIDTH - 2 * PADDING);
            chips.push(Chip { node: *node, rect: Rect { x, y, width, height: CHIP }, is_foot: *is_foot });
            y += CHIP + 6;
        }
        let rect = Rect { x: at.x, y: at.y, width: SUBNET_WIDTH, height: y + 4 - at.y };
        let interfaces = self.interfaces.get(&subnet).copied().unwrap_or(0);
        SubnetBox { subnet, rect, interfaces, routes, chips }
    }
}
