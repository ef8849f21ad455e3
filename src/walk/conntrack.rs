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

impl TrackedFlow {
    /// Whether a packet belongs to the flow that passes its place in `direction`.
    #[inline]
    pub fn has(&self, direction: Direction, header: &Header) -> bool {
        if self.direction == direction { self.header == *header } else { header.answers(&self.header) }
    }
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
    /// Whether it was idle for so long that packets of its connection are refused.
    pub is_forgotten: bool,
}

impl Translation {
    /// Whether a gateway chose the new source port, out of several: a load balancer that preserves the address of the client
    /// keeps its port as well, and so does the host of a NAT instance.
    pub fn chooses_port(&self) -> bool {
        matches!(self.place, Place::Gateway(_)) && self.before.source != self.after.source
    }
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
    /// Whether the flow was idle for so long that the gateway does not know it any more.
    pub is_forgotten: bool,
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

    /// The flow at `place` to which `header` belongs, which goes in `direction`: it answers the flow, or is more of it.
    #[inline]
    pub fn flow_of(&self, place: Place, direction: Direction, header: &Header) -> Option<&TrackedFlow> {
        self.flows.iter().filter(|flow| flow.place == place).find(|flow| flow.has(direction, header))
    }

    /// The flow at `place` that `header` opened, answers or is more of, whichever way it goes.
    pub fn seen_at(&self, place: Place, header: &Header) -> Option<&TrackedFlow> {
        let mut own = self.flows.iter().filter(|flow| flow.place == place);
        own.find(|flow| flow.header == *header || header.answers(&flow.header))
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
    #[inline]
    pub fn translated_back(&self, place: Place, header: &Header) -> Option<Header> {
        if self.translations.is_empty() {
            return None; // nearly always
        }
        let opening = header.reversed();
        let mut own = self.translations.iter().filter(|by| by.place == place && !by.is_forgotten);
        own.find(|translation| translation.after == opening).map(|translation| translation.before.reversed())
    }

    /// What more of a translated flow is turned into at `place`, as its opening packet was.
    pub fn translated(&self, place: Place, header: &Header) -> Option<&Translation> {
        self.translations.iter().find(|own| own.place == place && own.before == *header)
    }

    /// Adds a flow that keeps to an interface.
    pub fn pin(&mut self, pin: Pin) {
        self.pins.push(pin);
    }

    /// The interface to which the flow keeps at `gateway` that `header` answers, or is more of.
    pub fn pinned(&self, gateway: Index<Gateway>, header: &Header) -> Option<Index<NetworkInterface>> {
        let opening = header.reversed();
        let is_of = |pin: &&Pin| pin.gateway == gateway && (pin.header == opening || pin.header == *header);
        self.pins.iter().find(is_of).map(|pin| pin.interface)
    }

    /// Every translation, oldest first.
    pub fn translations(&self) -> &[Translation] {
        &self.translations
    }

    /// Every flow that keeps to an interface.
    pub fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// Flows that keep to an interface, of which `answer` is an answer.
    pub fn answered_pins(&self, answer: &Header) -> impl Iterator<Item = &Pin> {
        self.pins.iter().filter(move |pin| pin.header == answer.reversed())
    }

    /// Adds what a later packet left to be remembered; of a flow that is known already the later word counts.
    pub fn absorb(&mut self, later: &Self) {
        for flow in &later.flows {
            let is_same = |own: &&mut TrackedFlow| {
                (own.place, own.direction, own.header) == (flow.place, flow.direction, flow.header)
            };
            match self.flows.iter_mut().find(is_same) {
                Some(own) => own.tracking = flow.tracking,
                None => self.flows.push(*flow),
            }
        }
        for translation in &later.translations {
            if self.translated(translation.place, &translation.before).is_none() {
                self.translations.push(*translation);
            }
        }
        for pin in &later.pins {
            if !self.pins.contains(pin) {
                self.pins.push(*pin);
            }
        }
    }

    /// Keeps the flows and translations that are wanted. With a flow that a gateway forgets goes the interface to which it
    /// kept there.
    pub fn retain(
        &mut self,
        mut keeps_flow: impl FnMut(&TrackedFlow) -> bool,
        keeps_translation: impl FnMut(&Translation) -> bool,
    ) {
        let pins = &mut self.pins;
        self.flows.retain(|flow| {
            let keeps = keeps_flow(flow);
            if let (false, Place::Gateway(at)) = (keeps, flow.place) {
                // The next packet of such a flow begins another, perhaps by another interface.
                let is_its = |pin: &Pin| {
                    pin.gateway == at && (pin.header == flow.header || pin.header.answers(&flow.header))
                };
                pins.retain(|pin| !is_its(pin));
            }
            keeps
        });
        self.translations.retain(keeps_translation);
    }

    /// Forgets that connections were forgotten: a new one begins, with the same ports.
    pub fn begin_anew(&mut self) {
        self.translations.retain(|by| !by.is_forgotten);
        self.pins.retain(|pin| !pin.is_forgotten);
    }

    /// Forgets translations that were idle for too long: those of TCP so that what still comes is known to belong to none.
    pub fn forget(&mut self, is_over: impl Fn(&Translation) -> bool) {
        for by in self.translations.iter().filter(|by| is_over(by)) {
            let is_of = |pin: &&mut Pin| Place::Gateway(pin.gateway) == by.place && pin.header == by.after;
            self.pins.iter_mut().filter(is_of).for_each(|pin| pin.is_forgotten = true);
        }
        self.translations.retain(|by| by.before.protocol == Protocol::TCP || !is_over(by));
        for by in self.translations.iter_mut().filter(|by| is_over(by)) {
            by.is_forgotten = true;
        }
    }

    /// Keeps flows that the stateful engine of a firewall let pass by no rule from the rules that it gets now, if `changed`
    /// says that it does: these are for new flows alone.
    /// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-group-stateful-updating.html>
    pub fn keep_inspected(&mut self, changed: impl Fn(Index<Gateway>) -> bool) {
        for flow in &mut self.flows {
            if let Place::Gateway(at) = flow.place
                && flow.tracking == Tracking::Untracked
                && changed(at)
            {
                flow.tracking = Tracking::Tracked;
            }
        }
    }

    /// The same in another network, where interfaces and gateways have other indices. Those that it does not have
    /// remember nothing.
    #[must_use]
    pub fn renumbered(
        &self,
        interface: impl Fn(Index<NetworkInterface>) -> Option<Index<NetworkInterface>>,
        gateway: impl Fn(Index<Gateway>) -> Option<Index<Gateway>>,
    ) -> Self {
        let place = |place| match place {
            Place::NetworkInterface(at) => interface(at).map(Place::NetworkInterface),
            Place::Gateway(at) => gateway(at).map(Place::Gateway),
            _ => None, // nobody else remembers
        };
        let flow = |flow: &TrackedFlow| Some(TrackedFlow { place: place(flow.place)?, ..*flow });
        let translation = |own: &Translation| {
            Some(Translation { place: place(own.place)?, from: own.from.and_then(&interface), ..*own })
        };
        let pin = |pin: &Pin| {
            Some(Pin { gateway: gateway(pin.gateway)?, interface: interface(pin.interface)?, ..*pin })
        };
        Self {
            flows: self.flows.iter().filter_map(flow).collect(),
            translations: self.translations.iter().filter_map(translation).collect(),
            pins: self.pins.iter().filter_map(pin).collect(),
        }
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
    pub(crate) fn flows_mut(&mut self) -> &mut [TrackedFlow] {
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
