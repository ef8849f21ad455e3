//! The ways of lines, along the channels and lanes between boxes.

use std::collections::BTreeMap;

use petgraph::graph::NodeIndex;

use super::layout::{Layout, MARGIN, VpcBox, channel};
use crate::model::{Index, Subnet};
use crate::svg::Point;

/// Where lines to a node begin.
#[derive(Debug, Clone, Copy)]
enum Spot {
    /// In a subnet: at the left side, beside a channel.
    Inner { vpc: usize, channel: i32, at: Point },
    /// At the upper border of a VPC.
    Border { vpc: usize, top: Point, bottom: Point },
    /// Below all VPCs.
    Band { node: NodeIndex, top: Point },
    /// Above all VPCs.
    Beyond { node: NodeIndex, bottom: Point },
}

/// Finds the ways of lines.
pub(super) struct Lines<'l> {
    layout: &'l Layout,
    spots: BTreeMap<NodeIndex, Spot>,
}

impl<'l> Lines<'l> {
    pub(super) fn new(layout: &'l Layout) -> Self {
        let mut spots = BTreeMap::new();
        for (position, vpc) in layout.vpcs.iter().enumerate() {
            for chip in &vpc.chips {
                let x = chip.rect.middle().x;
                let (top, bottom) = (Point { x, y: chip.rect.y }, Point { x, y: chip.rect.bottom() });
                spots.insert(chip.node, Spot::Border { vpc: position, top, bottom });
            }
            for subnet in vpc.zones.iter().flat_map(|zone| &zone.subnets) {
                let channel = channel(&subnet.rect);
                for chip in subnet.chips.iter().filter(|chip| !chip.is_foot) {
                    let at = Point { x: chip.rect.x, y: chip.rect.middle().y };
                    spots.insert(chip.node, Spot::Inner { vpc: position, channel, at });
                }
            }
        }
        for chip in &layout.band {
            let top = Point { x: chip.rect.middle().x, y: chip.rect.y };
            spots.insert(chip.node, Spot::Band { node: chip.node, top });
        }
        for chip in &layout.beyond {
            let bottom = Point { x: chip.rect.middle().x, y: chip.rect.bottom() };
            spots.insert(chip.node, Spot::Beyond { node: chip.node, bottom });
        }
        Self { layout, spots }
    }

    /// The line between a VPC and a gateway below.
    pub(super) fn attachment(&self, vpc: &VpcBox, gateway: NodeIndex) -> Option<Vec<Point>> {
        let Some(Spot::Band { top, .. }) = self.spots.get(&gateway) else { return None };
        let mut line = self.down(vpc, gateway)?;
        line.push(*top);
        Some(line)
    }

    /// The line from a gateway to what it leads to.
    pub(super) fn beyond(&self, gateway: NodeIndex, beyond: NodeIndex) -> Option<Vec<Point>> {
        self.way(*self.spots.get(&gateway)?, *self.spots.get(&beyond)?)
    }

    /// The line from one node to another; lines with different offsets run beside each other.
    pub(super) fn between(&self, from: NodeIndex, to: NodeIndex, offset: i32) -> Option<Vec<Point>> {
        let (from, to) = (*self.spots.get(&from)?, *self.spots.get(&to)?);
        let line = self.way(from, to).or_else(|| {
            let mut back = self.way(to, from)?;
            back.reverse();
            Some(back)
        });
        Some(shifted(&line.unwrap_or_else(|| vec![from.anchor(), to.anchor()]), offset))
    }

    /// A short line from a node to nowhere.
    pub(super) fn stub(&self, from: NodeIndex, offset: i32) -> Option<Vec<Point>> {
        const LENGTH: i32 = 20;
        let from = *self.spots.get(&from)?;
        let anchor = from.anchor();
        let end = match from {
            Spot::Inner { .. } => Point { x: anchor.x - LENGTH, ..anchor },
            Spot::Beyond { .. } => Point { y: anchor.y + LENGTH, ..anchor },
            Spot::Border { .. } | Spot::Band { .. } => Point { y: anchor.y - LENGTH, ..anchor },
        };
        Some(shifted(&[anchor, end], offset))
    }

    /// Where the box stands that a gateway below has in a subnet.
    pub(super) fn foot(&self, gateway: NodeIndex, subnet: Index<Subnet>) -> Option<Point> {
        let zones = self.layout.vpcs.iter().flat_map(|vpc| &vpc.zones);
        let of = zones.flat_map(|zone| &zone.subnets).find(|of| of.subnet == subnet)?;
        let foot = of.chips.iter().find(|chip| chip.is_foot && chip.node == gateway)?;
        Some(Point { x: foot.rect.x, y: foot.rect.middle().y })
    }

    fn way(&self, from: Spot, to: Spot) -> Option<Vec<Point>> {
        match (from, to) {
            (Spot::Inner { vpc, channel, at }, Spot::Inner { vpc: other, channel: there, at: end }) => {
                // Into another VPC, as to a service behind an endpoint, along the lanes below the heads of both.
                let [lane, lane_there] =
                    [vpc, other].map(|vpc| self.layout.vpcs.get(vpc).map(VpcBox::header_lane));
                let over =
                    (channel != there).then_some([(channel, lane?), (there, lane?), (there, lane_there?)]);
                let over = over.into_iter().flatten();
                let path = [(at.x, at.y), (channel, at.y)].into_iter().chain(over);
                Some(points(path.chain([(there, end.y), (end.x, end.y)])))
            }
            (Spot::Inner { vpc, channel, at }, Spot::Border { vpc: other, bottom, .. }) => {
                let lane = self.layout.vpcs.get(vpc).filter(|_| vpc == other)?.header_lane();
                let path = [(at.x, at.y), (channel, at.y), (channel, lane), (bottom.x, lane)];
                Some(points(path.into_iter().chain([(bottom.x, bottom.y)])))
            }
            (Spot::Border { vpc, bottom, .. }, Spot::Border { vpc: other, bottom: end, .. }) => {
                let lane = self.layout.vpcs.get(vpc).filter(|_| vpc == other)?.header_lane();
                Some(points([(bottom.x, bottom.y), (bottom.x, lane), (end.x, lane), (end.x, end.y)]))
            }
            (Spot::Border { vpc, top, .. }, Spot::Beyond { node, bottom }) => {
                let row = self.layout.vpcs.get(vpc)?.row;
                let (own, first) = (self.lane_above(row, node)?, self.lane_above(0, node)?);
                let trunk = *self.layout.trunks.get(&node)?;
                let around = (row > 0).then_some([(trunk, own), (trunk, first)]);
                let path = [(top.x, top.y), (top.x, own)].into_iter().chain(around.into_iter().flatten());
                Some(points(path.chain([(bottom.x, first), (bottom.x, bottom.y)])))
            }
            (Spot::Band { node: gateway, top }, Spot::Beyond { node, bottom }) => {
                let (first, trunk) = (self.lane_above(0, node)?, *self.layout.trunks.get(&node)?);
                let lowest = *self.layout.gutters.last()?.lanes.get(&gateway)?;
                let path = [(top.x, top.y), (top.x, lowest), (trunk, lowest), (trunk, first)];
                Some(points(path.into_iter().chain([(bottom.x, first), (bottom.x, bottom.y)])))
            }
            (Spot::Inner { vpc, channel, at }, Spot::Band { node, top }) => {
                let vpc = self.layout.vpcs.get(vpc)?;
                let (lane, port) = (vpc.footer_lane(), vpc.port(node)?);
                let mut path = points([(at.x, at.y), (channel, at.y), (channel, lane), (port, lane)]);
                path.extend(self.down(vpc, node)?);
                path.push(top);
                Some(path)
            }
            _ => None,
        }
    }

    /// The lane above a row to what is beyond.
    fn lane_above(&self, row: usize, beyond: NodeIndex) -> Option<i32> {
        self.layout.gutters.get(row)?.beyond.get(&beyond).copied()
    }

    /// From the lower border of a VPC to above a gateway of the band.
    fn down(&self, vpc: &VpcBox, gateway: NodeIndex) -> Option<Vec<Point>> {
        let Some(Spot::Band { top, .. }) = self.spots.get(&gateway) else { return None };
        let lane = |row: usize| self.layout.gutters.get(row)?.lanes.get(&gateway).copied();
        let last = self.layout.gutters.len().checked_sub(1)?;
        let (own, lowest) = (lane(vpc.row + 1)?, lane(last)?);
        let port = vpc.port(gateway)?;
        let mut path = vec![(port, vpc.rect.bottom()), (port, own)];
        if vpc.row + 1 < last {
            let trunk = self.trunk(gateway)?;
            path.extend([(trunk, own), (trunk, lowest)]);
        }
        path.push((top.x, lowest));
        Some(points(path))
    }

    /// Where lines to a gateway of the band run past rows, at the left.
    fn trunk(&self, gateway: NodeIndex) -> Option<i32> {
        let position = self.layout.band.iter().position(|chip| chip.node == gateway)?;
        let first = self.layout.vpcs.iter().map(|vpc| vpc.rect.x).min()?;
        let count = i32::try_from(self.layout.band.len()).ok()?;
        let room = first - MARGIN / 2;
        Some(MARGIN / 2 + room * i32::try_from(position).ok()? / count.max(1))
    }
}

impl Spot {
    const fn anchor(self) -> Point {
        match self {
            Self::Inner { at, .. } => at,
            Self::Border { top, .. } | Self::Band { top, .. } => top,
            Self::Beyond { bottom, .. } => bottom,
        }
    }
}

fn points(line: impl IntoIterator<Item = (i32, i32)>) -> Vec<Point> {
    let mut points: Vec<Point> = line.into_iter().map(|(x, y)| Point { x, y }).collect();
    points.dedup();
    points
}

/// A line moved aside; its ends stay at the borders where they begin.
fn shifted(line: &[Point], offset: i32) -> Vec<Point> {
    let moved = |point: &Point| Point { x: point.x + offset, y: point.y + offset };
    let mut shifted: Vec<Point> = line.iter().map(moved).collect();
    let mut keep = |end: Option<&Point>, beside: Option<&Point>, position: usize| {
        if let (Some(end), Some(beside), Some(point)) = (end, beside, shifted.get_mut(position)) {
            if end.y == beside.y {
                point.x = end.x;
            } else if end.x == beside.x {
                point.y = end.y;
            }
        }
    };
    keep(line.first(), line.get(1), 0);
    let last = line.len().saturating_sub(1);
    keep(line.last(), last.checked_sub(1).and_then(|before| line.get(before)), last);
    shifted
}

/// Length of a line, as one walks along streets.
pub(super) fn length(line: &[Point]) -> i32 {
    line.iter().zip(line.iter().skip(1)).map(|(from, to)| distance(*from, *to)).sum()
}

fn distance(from: Point, to: Point) -> i32 {
    (to.x - from.x).abs() + (to.y - from.y).abs()
}

/// How far along a line its point is that is nearest to `place`.
pub(super) fn nearest(line: &[Point], place: Point) -> i32 {
    let (mut before, mut best) = (0, (i32::MAX, 0));
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        let between = |at: i32, a: i32, b: i32| at.clamp(a.min(b), a.max(b));
        let here = Point { x: between(place.x, from.x, to.x), y: between(place.y, from.y, to.y) };
        best = best.min((distance(here, place), before + distance(*from, here)));
        before += distance(*from, *to);
    }
    best.1
}

/// A line cut in two, some way along it; the point where it was cut belongs to both.
pub(super) fn cut(line: &[Point], at: i32) -> (Vec<Point>, Vec<Point>) {
    let mut left = at;
    let mut first: Vec<Point> = line.first().copied().into_iter().collect();
    let mut pairs = line.iter().zip(line.iter().skip(1));
    while let Some((from, to)) = pairs.next() {
        let part = distance(*from, *to);
        if left < part {
            let share = |a: i32, b: i32| a + (b - a) * left / part.max(1);
            let point = Point { x: share(from.x, to.x), y: share(from.y, to.y) };
            first.push(point);
            let rest = [point, *to].into_iter().chain(pairs.map(|(_, to)| *to)).collect();
            return (first, rest);
        }
        first.push(*to);
        left -= part;
    }
    (first, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_it_is_said() {
        let line = points([(0, 0), (10, 0), (10, 20)]);
        assert_eq!(length(&line), 30);
        let (first, rest) = cut(&line, 15);
        assert_eq!(first, points([(0, 0), (10, 0), (10, 5)]));
        assert_eq!(rest, points([(10, 5), (10, 20)]));
        assert_eq!(nearest(&line, Point { x: 14, y: 12 }), 22);
        assert_eq!(cut(&line, 99), (line, Vec::new()));
    }

    #[test]
    fn ends_stay_at_their_borders() {
        let line = points([(0, 5), (10, 5), (10, 20)]);
        assert_eq!(shifted(&line, 3), points([(0, 8), (13, 8), (13, 20)]));
    }
}
