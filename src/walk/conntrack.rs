//! What stateful places remember of a flow. Memory is a value: a leg reads it and returns what it adds.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>

use smallvec::SmallVec;

use super::Place;
use crate::model::{Card, Tracking};
use crate::net::{Direction, Header, Protocol};

/// A flow that a place remembers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackedFlow {
    /// The interface or gateway that remembers.
    pub place: Place,
    /// The packet that opened the flow, as seen there.
    pub header: Header,
    /// Whether and why replies pass. Untracked flows are remembered as such, to be told apart.
    pub tracking: Tracking,
}

/// Every remembered flow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    flows: SmallVec<[TrackedFlow; 2]>,
}

impl Memory {
    /// Adds a flow.
    pub fn remember(&mut self, flow: TrackedFlow) {
        self.flows.push(flow);
    }

    /// The flow at `place` that `header` answers.
    #[inline]
    pub fn answered_by(&self, place: Place, header: &Header) -> Option<&TrackedFlow> {
        self.flows.iter().find(|flow| flow.place == place && header.answers(&flow.header))
    }

    /// Every flow, oldest first.
    pub fn flows(&self) -> &[TrackedFlow] {
        &self.flows
    }

    /// Every flow, to change.
    pub(super) fn flows_mut(&mut self) -> &mut [TrackedFlow] {
        &mut self.flows
    }
}

/// Whether a flow that the rules of an interface admit in `direction` is tracked.
///
/// TCP and UDP are not when a rule for all addresses admits them and the other direction has a rule for all
/// addresses and all ports. `by_open_rule` says whether such a rule admitted the flow.
pub(super) fn tracking(
    card: &Card,
    direction: Direction,
    header: &Header,
    by_open_rule: impl FnOnce() -> bool,
) -> Tracking {
    let may_be_untracked = matches!(header.protocol, Protocol::TCP | Protocol::UDP);
    let any_answer = || card.answers.get(direction.opposite()).admit(header);
    if may_be_untracked && any_answer() && by_open_rule() { Tracking::Untracked } else { Tracking::Tracked }
}
