//! What stateful places remember of one connection, and when a packet of it passed them last.

use crate::model::{Gateway, Index, LegKind, Network, Tracking};
use crate::net::{Direction, Header};
use crate::walk::{
    Checkpoint, DecidedBy, Decision, LatticeFact, Leg, Memory, Place, Stage, TrackedFlow, Translation,
};

use super::idle;
use super::milliseconds;
use super::numbering::Numbering;

/// A memory with its clocks.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    memory: Memory,
    clocks: Vec<Clock>,
    /// How many translations were made for the connection, those included that are forgotten.
    translated: u64,
}

/// When packets of a flow passed the place that remembers it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    place: Place,
    direction: Direction,
    header: Header,
    /// The last one, milliseconds from the scenario's start.
    pub last: u64,
    /// Packets of requests and of replies, since the flow is tracked.
    passed: [u64; 2],
    /// Milliseconds for which it is remembered when idle, where its listener said so that is no more.
    kept: Option<u64>,
}

impl Clock {
    /// Whether more than one request and reply have passed, which makes UDP a stream.
    const fn is_stream(&self) -> bool {
        self.passed[0] > 1 && self.passed[1] > 1
    }
}

/// The packets of a stretch, as memory knows them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passing {
    pub(super) kind: LegKind,
    pub(super) count: u64,
    /// The last of them.
    pub(super) last: u64,
}

impl Remembered {
    /// A memory of which nothing has passed yet.
    pub(super) fn new(memory: Memory) -> Self {
        let translated = memory.translations().len() as u64;
        Self { memory, clocks: Vec::new(), translated }
    }

    /// How many translations were made for the connection so far, wherever and whether or not they are remembered.
    pub(super) const fn translated(&self) -> u64 {
        self.translated
    }

    /// What is remembered.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Every flow with when it was seen last and how long it is remembered since, both in milliseconds.
    pub fn flows<'a>(&'a self, network: &'a Network) -> impl Iterator<Item = (&'a TrackedFlow, u64, u64)> {
        self.memory.flows().iter().filter_map(move |flow| {
            let clock = self.clock_of_flow(flow)?;
            Some((flow, clock.last, idle::timeout(network, flow, clock.is_stream())))
        })
    }

    /// Has flows show another source port where `port` says one.
    pub(crate) fn show_ports(&mut self, port: impl Fn(&Header) -> Option<u16>) {
        let shown = |header: &mut Header| {
            if let Some(port) = port(header) {
                *header = header.with_source_port(port);
            }
        };
        self.memory.flows_mut().iter_mut().for_each(|flow| shown(&mut flow.header));
        self.clocks.iter_mut().for_each(|clock| shown(&mut clock.header));
    }

    fn clock_of_flow(&self, flow: &TrackedFlow) -> Option<&Clock> {
        self.clock(flow.place, flow.direction, &flow.header)
    }

    fn clock(&self, place: Place, direction: Direction, header: &Header) -> Option<&Clock> {
        self.clocks.iter().find(|own| (own.place, own.direction, own.header) == (place, direction, *header))
    }

    /// Forgets what was idle for too long at `now`. Says whether anything was.
    pub(super) fn expire(&mut self, network: &Network, now: u64) -> bool {
        let is_over = |clock: Option<&Clock>, time: u64| {
            clock.is_some_and(|clock| now.saturating_sub(clock.last) >= time)
        };
        let flow_is_over = |own: &Self, flow: &TrackedFlow| {
            let clock = own.clock_of_flow(flow);
            is_over(clock, idle::timeout(network, flow, clock.is_some_and(Clock::is_stream)))
        };
        let translation_is_over = |own: &Self, by: &Translation| {
            let clock = own.clock(by.place, Direction::Egress, &by.before);
            let kept = clock.and_then(|clock| clock.kept);
            let timeout =
                kept.or_else(|| idle::translation_timeout(network, by)).filter(|_| !by.is_forgotten);
            timeout.is_some_and(|time| is_over(clock, time))
        };
        let any = self.memory.flows().iter().any(|flow| flow_is_over(self, flow))
            || self.memory.translations().iter().any(|by| translation_is_over(self, by));
        if any {
            let before = self.clone();
            self.memory.retain(|flow| !flow_is_over(&before, flow), |_| true);
            self.memory.forget(|by| translation_is_over(&before, by));
            let memory = &self.memory;
            self.clocks.retain(|clock| {
                let is_of = |flow: &TrackedFlow| {
                    (flow.place, flow.direction, flow.header) == (clock.place, clock.direction, clock.header)
                };
                let translates = |by: &Translation| (by.place, by.before) == (clock.place, clock.header);
                memory.flows().iter().any(is_of) || memory.translations().iter().any(translates)
            });
        }
        any
    }

    /// What was let pass by stateful rules as they were `before` is not judged by those of `after`. `gateway` gives the index
    /// there.
    pub(super) fn keep_inspected(
        &mut self,
        (before, after): (&Network, &Network),
        gateway: impl Fn(Index<Gateway>) -> Option<Index<Gateway>>,
    ) {
        let rules = |network: &Network, at| -> Option<Vec<String>> {
            let policy = network.gateways[at].network_firewall()?.policy.as_ref()?;
            Some(policy.stateful_rules.iter().map(ToString::to_string).collect())
        };
        self.memory.keep_inspected(|at| {
            let changed = gateway(at).and_then(|then| rules(after, then));
            rules(before, at).zip(changed).is_some_and(|(old, new)| old != new)
        });
    }

    /// Has connections whose listener `before` is no more `after`, or is of TLS then, keep the idle time that it had.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/delete-listener.html>
    pub(super) fn keep_idle_times(
        &mut self,
        (before, after): (&Network, &Network),
        gateway: impl Fn(Index<Gateway>) -> Option<Index<Gateway>>,
    ) {
        let Self { memory, clocks, .. } = self;
        for by in memory.translations() {
            let Place::Gateway(at) = by.place else { continue };
            let is_of = |clock: &&mut Clock| (clock.place, clock.header) == (by.place, by.before);
            let clock = clocks.iter_mut().find(is_of).filter(|clock| clock.kept.is_none());
            let said = before.tcp_idle_timeout(at, &by.before);
            let is_gone = gateway(at).is_some_and(|then| !after.passes_tcp_on(then, &by.before));
            if let Some(clock) = clock.filter(|_| is_gone) {
                clock.kept = said.map(milliseconds);
            }
        }
    }

    /// Forgets that NAT gateways have forgotten an earlier connection with the same ports. Says whether they had.
    pub(super) fn begin_anew(&mut self) -> bool {
        let had = self.memory.translations().iter().any(|by| by.is_forgotten);
        if had {
            self.memory.begin_anew();
        }
        had
    }

    /// Forgets everything: the connection was closed.
    pub(super) fn close(&mut self) {
        *self = Self { translated: self.translated, ..Self::default() };
    }

    /// Adds what packets that went by `leg` leave to be remembered. Says whether that is new.
    pub(super) fn learn(&mut self, leg: &Leg) -> bool {
        let mut learnt = leg.remembers.clone();
        learnt.retain(
            |flow| {
                // An answer may have made its flow tracked.
                passes(leg, flow.place, |point| flow.has(point.direction, &point.header))
            },
            |by| translates(leg, by.place, |header| *header == by.before),
        );
        let before = self.memory.clone();
        self.memory.absorb(&learnt);
        let made = self.memory.translations().len().saturating_sub(before.translations().len());
        self.translated = self.translated.saturating_add(made as u64);
        self.memory != before
    }

    /// Notes that packets went by `leg`.
    pub(super) fn pass(&mut self, leg: &Leg, passing: Passing) {
        let Self { memory, clocks, .. } = self;
        let mut note = |place, direction, header: Header, counts: bool| {
            let found = clocks
                .iter()
                .position(|own| (own.place, own.direction, own.header) == (place, direction, header));
            let at = found.unwrap_or_else(|| {
                clocks.push(Clock { place, direction, header, last: 0, passed: [0; 2], kept: None });
                clocks.len() - 1
            });
            if let Some(clock) = clocks.get_mut(at) {
                clock.last = clock.last.max(passing.last);
                let [requests, replies] = &mut clock.passed;
                let passed = if passing.kind == LegKind::Forward { requests } else { replies };
                *passed = passed.saturating_add(if counts { passing.count } else { 0 });
            }
        };
        for flow in memory.flows() {
            // An endpoint before an inspection sees both directions come in.
            let is_gateway = matches!(flow.place, Place::Gateway(_));
            let has = |point: &Checkpoint| {
                flow.has(point.direction, &point.header) || is_gateway && point.header.answers(&flow.header)
            };
            if passes(leg, flow.place, has) {
                // What is not tracked does not make a stream of what will be.
                note(flow.place, flow.direction, flow.header, flow.tracking != Tracking::Untracked);
            }
        }
        for by in memory.translations() {
            let answer = by.after.reversed();
            if translates(leg, by.place, |header| *header == by.before || *header == answer) {
                note(by.place, Direction::Egress, by.before, true);
            }
        }
    }

    /// The same in the next network.
    pub(super) fn renumbered(&self, before: &Numbering, after: &Numbering) -> Self {
        let interface = |own| after.interfaces.own(before.interfaces.common(own));
        let gateway = |own| after.gateways.own(before.gateways.common(own));
        let memory = self.memory.renumbered(interface, gateway);
        let clock = |clock: &Clock| {
            let place = match clock.place {
                Place::NetworkInterface(own) => interface(own).map(Place::NetworkInterface),
                Place::Gateway(own) => gateway(own).map(Place::Gateway),
                _ => None,
            };
            Some(Clock { place: place?, ..*clock })
        };
        Self { memory, clocks: self.clocks.iter().filter_map(clock).collect(), translated: self.translated }
    }
}

/// Whether a packet that went by `leg` passed what remembers flows at `place`: the security groups of an interface, or a
/// gateway. What else stands there, such as the source check, remembers nothing.
fn passes(leg: &Leg, place: Place, belongs: impl Fn(&Checkpoint) -> bool) -> bool {
    let remembers = |point: &Checkpoint| match place {
        Place::NetworkInterface(_) => {
            matches!(point.stage, Stage::SecurityGroupEgress | Stage::SecurityGroupIngress)
        }
        // That a VPC is associated with VPC Lattice does not mean that its groups admit the client.
        _ => !matches!(point.decided_by, DecidedBy::Lattice(LatticeFact::Associated(_))),
    };
    // What may not have passed is not known to be remembered.
    let passed = |point: &Checkpoint| matches!(point.decision, Decision::Allow | Decision::Pass);
    real(leg).any(|point| point.place == place && remembers(point) && passed(point) && belongs(point))
}

/// Whether a packet that `belongs` went on behind the gateway or host at `place`, which translates it.
fn translates(leg: &Leg, place: Place, belongs: impl Fn(&Header) -> bool) -> bool {
    let goes_on = |point: &Checkpoint| match place {
        Place::NetworkInterface(_) => point.decided_by == DecidedBy::Forwards,
        _ => !point.decision.stops(),
    };
    real(leg).any(|point| point.place == place && goes_on(point) && belongs(&point.header))
}

/// What a packet met that went by `leg`, up to where it was stopped.
fn real(leg: &Leg) -> impl Iterator<Item = &Checkpoint> {
    leg.checkpoints.iter().filter(|point| !point.hypothetical)
}
