//! What a proxy carries on: the packets that came to it, and those that it sends back.

use super::spread::Spread;
use super::{Stretch, Turn};
use crate::model::{Burst, LegKind};

/// Of `bursts`, which went the ways of `turns`, what a proxy at their end passes on to its target, and what that answers.
pub fn carried(bursts: &[Burst], turns: &[Turn]) -> Vec<Burst> {
    let is_carried =
        |turn: &&Turn| !turn.is_stray && (turn.kind == LegKind::Reverse || turn.leg.is_delivered());
    let stretches = turns.iter().filter(is_carried).flat_map(|turn| &turn.stretches);
    let part = |stretch: &Stretch| Some(Spread::of(bursts.get(stretch.burst)?).part(stretch.packets.clone()));
    stretches.filter_map(part).filter(|burst| burst.packets > 0).collect()
}
