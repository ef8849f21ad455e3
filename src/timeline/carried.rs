//! What a proxy carries on: the packets that came to it, and those that it sends back.

use super::spread::Spread;
use super::{Stretch, Turn};
use crate::model::{Burst, LegKind, TcpFlags};

/// Of `bursts`, which went the ways of `turns`, what a proxy at their end passes on to its target, and what that answers.
pub fn carried(bursts: &[Burst], turns: &[Turn]) -> Vec<Burst> {
    carried_of(bursts, turns.iter())
}

/// The same where the proxy opens its connection only in the network of `epoch`: what came to it before had no answer. The
/// connection begins as any other, also where the packets that opened the client's came to nothing.
pub fn carried_anew(bursts: &[Burst], turns: &[Turn], epoch: usize) -> Vec<Burst> {
    let mut all = carried_of(bursts, turns.iter().filter(|turn| turn.epoch >= epoch));
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

fn carried_of<'t>(bursts: &[Burst], turns: impl Iterator<Item = &'t Turn>) -> Vec<Burst> {
    let is_carried =
        |turn: &&Turn| !turn.is_stray && (turn.kind == LegKind::Reverse || turn.leg.is_delivered());
    let stretches = turns.filter(is_carried).flat_map(|turn| &turn.stretches);
    let part = |stretch: &Stretch| Some(Spread::of(bursts.get(stretch.burst)?).part(stretch.packets.clone()));
    stretches.filter_map(part).filter(|burst| burst.packets > 0).collect()
}
