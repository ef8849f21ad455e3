//! Where VPCs stand on the page.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;

use super::layout::{CHIP, Chip, GAP, Gutter, LANE, Layout, MARGIN, VpcBox, move_chips};
use crate::svg::Point;

/// The narrowest page on which a caption reads well.
const NARROWEST: i32 = 640;
/// What VPCs may take before they go on in another row, however few they are.
const ROW: i32 = 1600;

/// Puts VPCs into rows on a page of agreeable shape, what is beyond above and the band below.
///
/// `links` are gateways with what they lead to.
pub(super) fn arrange(
    mut vpcs: Vec<VpcBox>,
    mut band: Vec<Chip>,
    mut beyond: Vec<Chip>,
    links: &BTreeSet<(NodeIndex, NodeIndex)>,
) -> Layout {
    let widest = vpcs.iter().map(|vpc| vpc.rect.width).max().unwrap_or(0);
    let beyond_width = beyond.last().map_or(0, |last| last.rect.right());
    let band_width = band.last().map_or(0, |last| last.rect.right());
    let area: i64 = vpcs.iter().map(|vpc| i64::from(vpc.rect.width) * i64::from(vpc.rect.height)).sum();
    let square = i32::try_from((area * 3 / 2).unsigned_abs().isqrt()).unwrap_or(i32::MAX);
    let most = widest.max(square).max(band_width).max(beyond_width).max(ROW);
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
    if !beyond.is_empty() {
        move_chips(&mut beyond, Point { x: 0, y });
        y += CHIP;
    }
    for row in 0..rows {
        let mut gutter = gutter_below(&vpcs, row.checked_sub(1), &[], &mut y);
        for chip in beyond.iter().filter(|chip| row == 0 || leads_to(&vpcs, row, chip.node, links)) {
            y += LANE;
            gutter.beyond.insert(chip.node, y);
        }
        y += CHIP / 2 + GAP;
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
    let right = vpcs
        .iter()
        .map(|vpc| vpc.rect.right())
        .max()
        .unwrap_or(left)
        .max(left + band_width)
        .max(left + beyond_width);
    let mut trunks = BTreeMap::new();
    let mut trunk = right + MARGIN / 2 - LANE;
    for chip in &beyond {
        trunk += LANE;
        trunks.insert(chip.node, trunk);
    }
    let width = (right + MARGIN).max(trunk + MARGIN / 2).max(NARROWEST);
    if !band.is_empty() {
        y += GAP;
        let start = left + (right - left - band_width) / 2;
        move_chips(&mut band, Point { x: start, y });
        y += CHIP;
    }
    move_chips(&mut beyond, Point { x: left + (right - left - beyond_width) / 2, y: 0 });
    Layout { width, height: y + GAP, vpcs, band, beyond, trunks, gutters }
}

/// Whether a gateway at the border of a VPC of `row` leads to `beyond`.
fn leads_to(
    vpcs: &[VpcBox],
    row: usize,
    beyond: NodeIndex,
    links: &BTreeSet<(NodeIndex, NodeIndex)>,
) -> bool {
    let mut gateways = vpcs.iter().filter(|vpc| vpc.row == row).flat_map(|vpc| &vpc.chips);
    gateways.any(|chip| links.contains(&(chip.node, beyond)))
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
