//! Where everything stands. The shape is that of AWS's networks and fixed: the internet above, rows of VPCs with their
//! gateways at the border, a column for each zone with its subnets, and gateways of several VPCs below. Between the boxes
//! there are channels, in which lines run, so that none crosses a text.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;

use super::paint::{Point, Rect, columns};
use crate::graph::label::Label;
use crate::graph::{Edge, Graph, Home, Node};
use crate::model::{Index, RouteTarget, Subnet};

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
const GAP: i32 = 12;
/// From a VPC's border to its title's base, to the lane below, and to its zones.
const TITLE: i32 = 36;
const HEADER_LANE: i32 = 50;
const HEADER: i32 = 62;
/// From one lane to the next.
const LANE: i32 = 22;
/// Free space around everything.
pub(super) const MARGIN: i32 = 28;
/// The narrowest page on which a caption reads well.
const NARROWEST: i32 = 640;
/// What VPCs may take before they go on in another row, however few they are.
const ROW: i32 = 1600;

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
    /// The lane to the internet, for gateways of the row below.
    pub(super) internet: i32,
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
    pub(super) internet: Option<Chip>,
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

    fn move_by(&mut self, by: Point) {
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
    let band = in_a_row(graph, &band, false);
    let internet = graph.nodes.get(&Node::Internet).map(|node| chip(graph, *node, false));
    arrange(vpcs, band, internet)
}

fn move_chips(chips: &mut [Chip], by: Point) {
    for chip in chips {
        chip.rect = chip.rect.moved(by);
    }
}

/// A row of chips from the left, at the top.
fn in_a_row(graph: &Graph<'_>, nodes: &[NodeIndex], is_foot: bool) -> Vec<Chip> {
    let mut x = 0;
    let mut place = |node: &NodeIndex| {
        let mut chip = chip(graph, *node, is_foot);
        chip.rect.x = x;
        x += chip.rect.width + GAP;
        chip
    };
    nodes.iter().map(&mut place).collect()
}

fn chip(graph: &Graph<'_>, node: NodeIndex, is_foot: bool) -> Chip {
    let label = graph.inner.node_weight(node).map(|node| graph.label(node)).unwrap_or_default();
    let longest = label.lines().map(columns).max().unwrap_or(0).min(36);
    let width = 20 + i32::try_from(longest).unwrap_or(0) * 7;
    Chip { node, rect: Rect { x: 0, y: 0, width, height: CHIP }, is_foot }
}

/// VPCs, each at the upper left corner.
struct Measure<'g, 'n> {
    graph: &'g Graph<'n>,
    /// What stands in each subnet.
    standing: BTreeMap<Index<Subnet>, Vec<(NodeIndex, bool)>>,
}

impl<'g, 'n> Measure<'g, 'n> {
    fn new(graph: &'g Graph<'n>) -> Self {
        let mut standing: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (from, to, edge) in graph.edges() {
            let ends = (graph.inner.node_weight(from), graph.inner.node_weight(to));
            if let ((Some(Node::Subnet(subnet)), Some(node)), Edge::Holds) = (ends, edge)
                && !matches!(node, Node::Nowhere(..))
            {
                let is_foot = graph.home(node) != Home::Subnet(*subnet);
                standing.entry(*subnet).or_default().push((to, is_foot));
            }
        }
        Self { graph, standing }
    }

    fn vpcs(&self) -> Vec<VpcBox> {
        let vpcs = self.graph.vpc_boxes().into_iter().enumerate();
        vpcs.map(|(position, of)| self.vpc(Index::new(position), of)).collect()
    }

    fn vpc(&self, vpc: Index<crate::model::Vpc>, of: crate::graph::boxes::VpcBox) -> VpcBox {
        let graph = self.graph;
        let subnets = graph.network.subnets.iter().filter(|subnet| subnet.vpc == vpc).count();
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
        let mut chips = in_a_row(graph, &at_border, false);
        let chips_width = chips.last().map_or(0, |last| last.rect.right() + GAP);
        let title: usize = of.label.lines().map(|line| columns(line).min(40) + 2).sum();
        let width = x.max(chips_width + i32::try_from(title).unwrap_or(0) * 8 + 2 * PADDING);
        move_chips(&mut chips, Point { x: width - chips_width, y: -CHIP / 2 });
        let height = zones.iter().map(|zone| zone.rect.bottom()).max().unwrap_or(HEADER) + 2 * GAP;
        let attached = self.attached(vpc);
        VpcBox { label: of.label, rect: Rect { x: 0, y: 0, width, height }, zones, chips, attached, row: 0 }
    }

    fn attached(&self, vpc: Index<crate::model::Vpc>) -> Vec<NodeIndex> {
        let own = self.graph.nodes.get(&Node::Vpc(vpc));
        let attached = self
            .graph
            .edges()
            .filter(|(from, _, edge)| Some(from) == own && matches!(edge, Edge::Attachment));
        attached.map(|(_, to, _)| to).collect()
    }

    /// A zone whose subnets stand in columns of some rows, public ones first.
    fn zone(&self, name: String, nodes: &[NodeIndex], rows: usize, at: Point) -> ZoneBox {
        const HEAD: i32 = 24;
        let subnet = |node: &NodeIndex| match self.graph.inner.node_weight(*node) {
            Some(Node::Subnet(subnet)) => Some(*subnet),
            _ => None,
        };
        let mut sorted: Vec<Index<Subnet>> = nodes.iter().filter_map(subnet).collect();
        sorted.sort_by_key(|subnet| !self.graph.is_public(*subnet));
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
        SubnetBox { subnet, rect, routes, chips }
    }
}

/// Puts VPCs into rows on a page of agreeable shape, the internet above and the band below.
fn arrange(mut vpcs: Vec<VpcBox>, mut band: Vec<Chip>, mut internet: Option<Chip>) -> Layout {
    let widest = vpcs.iter().map(|vpc| vpc.rect.width).max().unwrap_or(0);
    let band_width = band.last().map_or(0, |last| last.rect.right());
    let area: i64 = vpcs.iter().map(|vpc| i64::from(vpc.rect.width) * i64::from(vpc.rect.height)).sum();
    let square = i32::try_from((area * 3 / 2).unsigned_abs().isqrt()).unwrap_or(i32::MAX);
    let most = widest.max(square).max(band_width).max(ROW);
    // Rows.
    let (mut x, mut row) = (0, 0);
    for vpc in &mut vpcs {
        if x > 0 && x + vpc.rect.width > most {
            (x, row) = (0, row + 1);
        }
        vpc.row = row;
        vpc.rect.x = x;
        x += vpc.rect.width + 2 * GAP;
    }
    let rows = row + 1;
    let trunks: BTreeSet<NodeIndex> =
        vpcs.iter().filter(|vpc| vpc.row < row).flat_map(|vpc| vpc.attached.iter().copied()).collect();
    let left = MARGIN + LANE * i32::try_from(trunks.len()).unwrap_or(0);
    // From the top down.
    let mut gutters = Vec::with_capacity(rows + 1);
    let mut y = MARGIN / 2;
    if let Some(chip) = &mut internet {
        chip.rect.y = y;
        y += CHIP;
    }
    for row in 0..rows {
        let mut gutter = gutter_below(&vpcs, row.checked_sub(1), &[], &mut y);
        gutter.internet = y + LANE;
        y += LANE + CHIP / 2 + GAP;
        gutters.push(gutter);
        let mut bottom = y;
        for vpc in vpcs.iter_mut().filter(|vpc| vpc.row == row) {
            let by = Point { x: left, y };
            let x = std::mem::take(&mut vpc.rect.x);
            vpc.move_by(Point { x: x + by.x, y: by.y });
            bottom = bottom.max(vpc.rect.bottom());
        }
        y = bottom;
    }
    gutters.push(gutter_below(&vpcs, Some(row), &band, &mut y));
    let right = vpcs.iter().map(|vpc| vpc.rect.right()).max().unwrap_or(left).max(left + band_width);
    let width = (right + MARGIN).max(NARROWEST);
    if !band.is_empty() {
        y += GAP;
        let start = left + (right - left - band_width) / 2;
        move_chips(&mut band, Point { x: start, y });
        y += CHIP;
    }
    if let Some(chip) = &mut internet {
        chip.rect.x = (left + right - chip.rect.width) / 2;
    }
    Layout { width, height: y + GAP, vpcs, band, internet, gutters }
}

/// The lanes below a row: of what its VPCs are attached to, and of `others`.
fn gutter_below(vpcs: &[VpcBox], row: Option<usize>, others: &[Chip], y: &mut i32) -> Gutter {
    let of_row = vpcs.iter().filter(|vpc| Some(vpc.row) == row).flat_map(|vpc| vpc.attached.iter().copied());
    let nodes: BTreeSet<NodeIndex> = of_row.chain(others.iter().map(|chip| chip.node)).collect();
    let mut gutter = Gutter::default();
    for node in nodes {
        *y += LANE;
        gutter.lanes.insert(node, *y);
    }
    *y += GAP;
    gutter
}
