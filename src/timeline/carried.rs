//! What a proxy carries on: the packets that came to it, and those that it sends back.

use std::ops::Range;
use std::time::Duration;

use super::spread::{Spread, milliseconds};
use super::{Stretch, Turn};
use crate::model::{Burst, LegKind, TcpFlags};

/// Of `bursts`, which went the ways of `turns`, what a proxy at their end passes on within a time to its target, and what that
/// answers.
pub fn carried(bursts: &[Burst], turns: &[Turn], within: &Range<Duration>) -> Vec<Burst> {
    let is_carried =
        |turn: &&Turn| !turn.is_stray && (turn.kind == LegKind::Reverse || turn.leg.is_delivered());
    let stretches = turns.iter().filter(is_carried).flat_map(|turn| &turn.stretches);
    let (begin, end) = (milliseconds(within.start), milliseconds(within.end));
    let part = |stretch: &Stretch| {
        let spread = Spread::of(bursts.get(stretch.burst)?);
        let Range { start, end: until } = stretch.packets;
        let packets = start.max(spread.packets_before(begin))..until.min(spread.packets_before(end));
        (packets.start < packets.end).then(|| spread.part(packets))
    };
    stretches.filter_map(part).collect()
}

/// The same for a connection that the proxy opens only then: it begins as any other, also where what it carries is in the middle
/// of the client's.
pub fn carried_anew(bursts: &[Burst], turns: &[Turn], within: &Range<Duration>) -> Vec<Burst> {
    let mut all = carried(bursts, turns, within);
    all.sort_by_key(|burst| (burst.at, burst.leg));
    for leg in [LegKind::Forward, LegKind::Reverse] {
        let first = all.iter_mut().find(|burst| burst.leg == leg);
        let opens = |flags: &TcpFlags| flags.0 & TcpFlags::SYN.0 != 0;
        if let Some(first) = first.filter(|first| !first.flags.iter().any(opens)) {
            first.flags.clear(); // those that are usual
        }
    }
    all
}
