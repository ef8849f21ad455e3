//! Where everything stands. The shape is that of AWS's networks and fixed: the internet above, rows of VPCs with their
//! gateways at the border, a column for each zone with its subnets, and gateways of several VPCs below. Between the boxes
//! there are channels, in which lines run, so that none crosses a text.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;

use super::arrange::arrange;
use super::measure::{Measure, in_a_row};
use crate::graph::label::Label;
use crate::graph::{Graph, Home, Node};
use crate::model::{Index, RouteTarget, Subnet};
use crate::svg::{Point, Rect};

/// The widest part of a VPC's title: its name, and its blocks.
pub(super) const TITLE_WIDTH: i32 = 320;
/// Width of a subnet's box.
pub(super) const SUBNET_WIDTH: i32 = 224;
/// Space within a box.
pub(super) const PADDING: i32 = 10;
/// Height of a line of routes.
pub(super) const LINE: i32 = 14;
/// Height of a gateway or an interface, which has two lines.
pub(super) const CHIP: i32 = 36;
/// Columns of such a line.
pub(super) const ROUTE_COLUMNS: usize = 32;
/// Routes that are written in a subnet's box; the others are counted.
pub(super) const MOST_ROUTES: usize = 4;

/// Space at the left of a column, for lines.
pub(super) const CHANNEL: i32 = 28;
/// Space between boxes.
pub(super) const GAP: i32 = 12;
/// From a VPC's border to its title's base, to the lane below, and to its zones.
const TITLE: i32 = 36;
const HEADER_LANE: i32 = 50;
pub(super) const HEADER: i32 = 62;
/// From one lane to the next.
pub(super) const LANE: i32 = 22;
/// Free space around everything.
pub(super) const MARGIN: i32 = 28;
/// A gateway, an interface or a service: a box of two lines.
#[derive(Debug)]
pub(super) struct Chip {
    pub(super) node: NodeIndex,
    pub(super) rect: Rect,
    /// Whether it only stands for a gateway that is drawn elsewhere.
    pub(super) is_foot: bool,
}

/// A subnet.
#[derive(Debug)]
pub(super) struct SubnetBox {
    pub(super) subnet: Index<Subnet>,
    pub(super) rect: Rect,
    /// How many interfaces it has.
    pub(super) interfaces: usize,
    pub(super) routes: Vec<(RouteTarget, String)>,
    pub(super) chips: Vec<Chip>,
}

/// A zone of a VPC, or subnets of one whose zone is not known.
#[derive(Debug)]
pub(super) struct ZoneBox {
    pub(super) name: String,
    pub(super) rect: Rect,
    pub(super) subnets: Vec<SubnetBox>,
}

/// A VPC.
#[derive(Debug)]
pub(super) struct VpcBox {
    pub(super) label: Label,
    pub(super) rect: Rect,
    pub(super) zones: Vec<ZoneBox>,
    /// Gateways at its border.
    pub(super) chips: Vec<Chip>,
    /// Gateways below that carry packets for it.
    pub(super) attached: Vec<NodeIndex>,
    pub(super) row: usize,
}

/// Space between rows, where lines run across.
#[derive(Debug, Default)]
pub(super) struct Gutter {
    /// Lanes to what is beyond, for gateways of the row below.
    pub(super) beyond: BTreeMap<NodeIndex, i32>,
    /// Lanes to the gateways at the bottom, for VPCs of the row above.
    pub(super) lanes: BTreeMap<NodeIndex, i32>,
}

/// The whole page.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: i32,
    /// Where the drawing ends and the caption begins.
    pub(super) height: i32,
    pub(super) vpcs: Vec<VpcBox>,
    /// Gateways below all VPCs, and what was not collected.
    pub(super) band: Vec<Chip>,
    /// The internet, and whatever else gateways lead to: above all VPCs.
    pub(super) beyond: Vec<Chip>,
    /// Where lines to these run past rows, at the right.
    pub(super) trunks: BTreeMap<NodeIndex, i32>,
    /// One above each row, and one below the last.
    pub(super) gutters: Vec<Gutter>,
}

impl VpcBox {
    pub(super) fn title(&self) -> Point {
        Point { x: self.rect.x + PADDING, y: self.rect.y + TITLE }
    }

    /// The lane below the title.
    pub(super) const fn header_lane(&self) -> i32 {
        self.rect.y + HEADER_LANE
    }

    /// The lane below all zones.
    pub(super) const fn footer_lane(&self) -> i32 {
        self.rect.bottom() - GAP
    }

    /// Where lines to a gateway below leave the VPC.
    pub(super) fn port(&self, gateway: NodeIndex) -> Option<i32> {
        let position = self.attached.iter().position(|attached| *attached == gateway)?;
        let part = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        Some(self.rect.x + self.rect.width / part(self.attached.len() + 1) * part(position + 1))
    }

    pub(super) fn move_by(&mut self, by: Point) {
        self.rect = self.rect.moved(by);
        let inner = self.zones.iter_mut().flat_map(|zone| {
            zone.rect = zone.rect.moved(by);
            &mut zone.subnets
        });
        for subnet in inner {
            subnet.rect = subnet.rect.moved(by);
            move_chips(&mut subnet.chips, by);
        }
        move_chips(&mut self.chips, by);
    }
}

/// The middle of the channel at the left of a subnet.
pub(super) const fn channel(subnet: &Rect) -> i32 {
    subnet.x - CHANNEL / 2
}

/// Where everything of `graph` stands.
pub(super) fn layout(graph: &Graph<'_>) -> Layout {
    let vpcs = Measure::new(graph).vpcs();
    let band: Vec<NodeIndex> = graph
        .nodes()
        .filter(|(_, node)| matches!(node, Node::Gateway(_) | Node::NotCollected(_)))
        .filter(|(_, node)| graph.home(node) == Home::Outside)
        .map(|(index, _)| index)
        .collect();
    let band = in_a_row(graph, &band);
    let beyond: Vec<NodeIndex> =
        graph.nodes().filter(|(_, node)| node.is_beyond()).map(|(index, _)| index).collect();
    let beyond = in_a_row(graph, &beyond);
    arrange(vpcs, band, beyond, &links(graph))
}

/// Which gateways lead to what is beyond, or are on a way there.
fn links(graph: &Graph<'_>) -> BTreeSet<(NodeIndex, NodeIndex)> {
    let is_beyond = |node: NodeIndex| graph.inner.node_weight(node).is_some_and(Node::is_beyond);
    let ends = graph.edges().map(|(from, to, _)| if is_beyond(from) { (to, from) } else { (from, to) });
    ends.filter(|(_, beyond)| is_beyond(*beyond)).collect()
}

/// Moves chips together.
pub(super) fn move_chips(chips: &mut [Chip], by: Point) {
    for chip in chips {
        chip.rect = chip.rect.moved(by);
    }
}
