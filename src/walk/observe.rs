//! Who watches a walk: one walk serves the verdict alone and the whole explanation.

use super::{Checkpoint, Place, Stage};

/// Watches the checkpoints of a leg.
pub trait Observe {
    /// Told of every checkpoint, in order.
    fn checkpoint(&mut self, checkpoint: Checkpoint);

    /// Whether the checkpoints of `stage` are of interest.
    fn wants(&self, _stage: Stage) -> bool {
        true
    }

    /// Whether what lies behind a certain stop is of no interest.
    fn is_hasty(&self) -> bool {
        false
    }

    /// Whether a stop is to be overlooked, as if the rule had been mended. Nobody does but [`Waiving`].
    fn waives(&self, _stage: Stage, _place: Place) -> bool {
        false
    }
}

/// Keeps nothing: for verdicts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observe for Silent {
    fn checkpoint(&mut self, _: Checkpoint) {}

    fn wants(&self, _: Stage) -> bool {
        false
    }
}

/// Keeps every checkpoint.
#[derive(Debug, Clone, Default)]
pub struct Reasons(pub Vec<Checkpoint>);

impl Observe for Reasons {
    fn checkpoint(&mut self, checkpoint: Checkpoint) {
        self.0.push(checkpoint);
    }
}

/// A stop to overlook.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiver {
    /// The stage of the stop.
    pub stage: Stage,
    /// Its place.
    pub place: Place,
}

/// Keeps every checkpoint and overlooks some stops.
#[derive(Debug, Clone, Default)]
pub struct Waiving<'a> {
    /// The stops to overlook.
    pub waivers: &'a [Waiver],
    /// What was seen.
    pub reasons: Reasons,
}

impl Observe for Waiving<'_> {
    fn checkpoint(&mut self, checkpoint: Checkpoint) {
        self.reasons.checkpoint(checkpoint);
    }

    fn waives(&self, stage: Stage, place: Place) -> bool {
        self.waivers.contains(&Waiver { stage, place })
    }
}
