//! The way of a connection: a line for each hop, an arrow at its end, and signs where something stops the packet.

use petgraph::graph::NodeIndex;

use super::lines::{Lines, cut, length, nearest};
use crate::graph::{Graph, Hop, Mark, Near, Node};
use crate::model::LegKind;
use crate::svg::{Canvas, Point};

/// Requests and replies run beside each other, and so do a hop and the next: tracks at both sides of the middle.
const ASIDE: i32 = 3;
const FARTHER: i32 = 9;
/// From the end of a line to its first sign, and from sign to sign.
const BEFORE: i32 = 14;
const STEP: i32 = 18;
/// Length and half of the width of an arrow's head.
const HEAD: i32 = 8;
const HALF: i32 = 4;

/// Draws the way that was added to `graph`.
pub(super) fn draw(graph: &Graph<'_>, canvas: &mut Canvas, lines: &Lines<'_>) {
    for (from, to, hop) in graph.hops() {
        let track = if hop.number % 2 == 1 { ASIDE } else { FARTHER };
        let offset = if hop.leg == LegKind::Forward { -track } else { track };
        let is_nowhere = matches!(graph.inner.node_weight(to), Some(Node::Nowhere(..)));
        if let Some(line) = line(lines, from, to, is_nowhere, offset) {
            let along = |mark: &Mark| {
                let gateway = if mark.near == Near::End { to } else { from };
                Some(nearest(&line, lines.foot(gateway, mark.subnet?)?))
            };
            let marks: Vec<_> = hop.marks.iter().map(|mark| (mark, along(mark))).collect();
            draw_hop(canvas, hop, &signs(&marks, length(&line)), &line, is_nowhere);
        }
    }
}

fn line(
    lines: &Lines<'_>,
    from: NodeIndex,
    to: NodeIndex,
    is_nowhere: bool,
    offset: i32,
) -> Option<Vec<Point>> {
    if is_nowhere { lines.stub(from, offset) } else { lines.between(from, to, offset) }
}

fn draw_hop(canvas: &mut Canvas, hop: &Hop, signs: &[(i32, String)], line: &[Point], is_nowhere: bool) {
    let class = hop.leg.name();
    let would = format!("{class} would");
    // What is real ends at the first sign.
    let real = if hop.is_real { signs.iter().map(|(at, _)| *at).min().unwrap_or(i32::MAX) } else { 0 };
    let (first, rest) = cut(line, real);
    if first.len() > 1 && real > 0 {
        canvas.polyline(&first, class);
    }
    if rest.len() > 1 {
        canvas.polyline(&rest, &would);
    }
    if !is_nowhere {
        arrow(canvas, line, class);
    }
    for (at, sign) in signs {
        if let Some(point) = cut(line, *at).0.last() {
            canvas.mark(*point, sign);
        }
    }
}

/// Where along a line each sign stands: at the places that are given, and else near the end that it names.
fn signs(marks: &[(&Mark, Option<i32>)], length: i32) -> Vec<(i32, String)> {
    let at_end = |(mark, at): &&(&Mark, Option<i32>)| at.is_none() && mark.near == Near::End;
    let last = i32::try_from(marks.iter().filter(at_end).count()).unwrap_or(0);
    let (mut start, mut end) = (BEFORE, length - BEFORE - HEAD / 2 - STEP * (last - 1));
    let mut beside = 0;
    let place = |(mark, given): &(&Mark, Option<i32>)| {
        if let Some(given) = given {
            beside += STEP;
            return ((given + beside - STEP).clamp(BEFORE.min(length), length), mark.sign());
        }
        let at = match mark.near {
            Near::Start => &mut start,
            Near::End => &mut end,
        };
        let here = (*at).clamp(0, length);
        *at += STEP;
        (here, mark.sign())
    };
    marks.iter().map(place).collect()
}

/// The head of an arrow at the end of a line.
fn arrow(canvas: &mut Canvas, line: &[Point], class: &str) {
    let mut back = line.iter().rev();
    let (Some(end), Some(before)) = (back.next(), back.find(|point| Some(*point) != line.last())) else {
        return;
    };
    let (dx, dy) = ((end.x - before.x).signum(), (end.y - before.y).signum());
    let base = Point { x: end.x - HEAD * dx, y: end.y - HEAD * dy };
    let side = |sign: i32| Point { x: base.x - HALF * dy * sign, y: base.y + HALF * dx * sign };
    canvas.polygon(&[*end, side(1), side(-1)], class);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_apart_and_on_the_line() {
        let mark = |number, near| Mark { number: Some(number), near, subnet: None };
        let marks = [mark(1, Near::Start), mark(2, Near::End), mark(3, Near::End)];
        let given = [(&marks[0], Some(40)), (&marks[1], Some(40)), (&marks[2], None)];
        let at: Vec<i32> = signs(&given, 100).into_iter().map(|(at, _)| at).collect();
        assert_eq!(at, [40, 58, 82]);
        let marks = marks.each_ref().map(|mark| (mark, None));
        let at: Vec<i32> = signs(&marks, 100).into_iter().map(|(at, _)| at).collect();
        assert_eq!(at, [14, 64, 82]);
        assert!(signs(&marks, 10).iter().all(|(at, _)| (0..=10).contains(at)));
    }
}
