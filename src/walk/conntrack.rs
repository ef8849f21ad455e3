//! What stateful places remember of a flow. Memory is a value: a leg reads it and returns what it adds.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>

use smallvec::SmallVec;

use super::Place;
use crate::model::{Card, Gateway, Index, NetworkInterface, Tracking};
use crate::net::{Direction, Header, PortRange, Protocol};

/// A flow that a place remembers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackedFlow {
    /// The interface or gateway that remembers.
    pub place: Place,
    /// Which way the packet went that opened the flow: what a host forwards opens one each way.
    pub direction: Direction,
    /// The packet that opened the flow, as seen there.
    pub header: Header,
    /// Whether and why replies pass. Untracked flows are remembered as such, to be told apart.
    pub tracking: Tracking,
}

/// A flow whose addresses and ports somebody on the way replaces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Translation {
    /// The gateway or interface that does.
    pub place: Place,
    /// The packet that opened the flow, as it came.
    pub before: Header,
    /// The same as it went on.
    pub after: Header,
    /// The interface that it had left last.
    pub from: Option<Index<NetworkInterface>>,
    /// From which ports its source port was chosen: `after` has the first, which stands for all.
    pub ports: PortRange,
}

/// Every remembered flow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    flows: SmallVec<[TrackedFlow; 2]>,
    translations: Vec<Translation>,
    pins: Vec<Pin>,
}

/// The interface of a gateway by which both directions of a flow go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    /// The gateway.
    pub gateway: Index<Gateway>,
    /// The packet that opened the flow.
    pub header: Header,
    /// The interface.
    pub interface: Index<NetworkInterface>,
}

impl Memory {
    /// Adds a flow.
    pub fn remember(&mut self, flow: TrackedFlow) {
        self.flows.push(flow);
    }

    /// The flow at `place` that `header` answers, which goes in `direction`.
    #[inline]
    pub fn answered_by(&self, place: Place, direction: Direction, header: &Header) -> Option<&TrackedFlow> {
        let is_of = |flow: &&TrackedFlow| flow.place == place && flow.direction != direction;
        self.flows.iter().filter(is_of).find(|flow| header.answers(&flow.header))
    }

    /// Adds a translation.
    pub fn translate(&mut self, translation: Translation) {
        self.translations.push(translation);
    }

    /// The interface by which the request came to `place` that an answer which was turned back there answers.
    pub fn came_by(&self, place: Place, answer: &Header) -> Option<Index<NetworkInterface>> {
        let request = answer.reversed();
        let mut own = self.translations.iter().filter(|translation| translation.place == place);
        own.find(|translation| translation.before == request)?.from
    }

    /// What the answer to a translated flow is turned into at `place`: the answer to the packet as it came.
    pub fn translated_back(&self, place: Place, header: &Header) -> Option<Header> {
        if self.translations.is_empty() {
            return None;
        }
        let opening = header.reversed();
        let mut own = self.translations.iter().filter(|translation| translation.place == place);
        own.find(|translation| translation.after == opening).map(|translation| translation.before.reversed())
    }

    /// Adds a flow that keeps to an interface.
    pub fn pin(&mut self, pin: Pin) {
        self.pins.push(pin);
    }

    /// The interface to which the flow keeps that `header` answers at `gateway`.
    pub fn pinned(&self, gateway: Index<Gateway>, header: &Header) -> Option<Index<NetworkInterface>> {
        let opening = header.reversed();
        let found = self.pins.iter().find(|pin| pin.gateway == gateway && pin.header == opening);
        found.map(|pin| pin.interface)
    }

    /// Every translation, oldest first.
    pub fn translations(&self) -> &[Translation] {
        &self.translations
    }

    /// Every translation, to change.
    pub(super) fn translations_mut(&mut self) -> &mut [Translation] {
        &mut self.translations
    }

    /// Every flow, oldest first.
    pub fn flows(&self) -> &[TrackedFlow] {
        &self.flows
    }

    /// Every flow, to change.
    pub(super) fn flows_mut(&mut self) -> &mut [TrackedFlow] {
        &mut self.flows
    }

    /// Every flow that keeps to an interface, to change.
    pub(super) fn pins_mut(&mut self) -> &mut [Pin] {
        &mut self.pins
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
