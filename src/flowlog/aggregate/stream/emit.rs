//! What interfaces see of connections that differ by the client's port alone.

use smallvec::SmallVec;

use super::Stream;
use super::count::{Count, Key};
use super::site::{Placed, PortsSeen, ShownPort, Sites, narrow64};
use crate::flowlog::lengthened;
use crate::flowlog::{Cause, Sighting};
use crate::model::LegKind;
use crate::model::SeenFlags;
use crate::net::PortRange;
use crate::timeline::{Call, Form, Portion, Volume};

/// A client, a server and a service: what becomes of its connections, by the client's port.
#[derive(Debug, Default)]
pub(crate) struct Edge {
    /// With one range of ports there are several where AWS may choose.
    cases: SmallVec<[EdgeCase; 1]>,
}

/// A way of packets, what interfaces see there, and the ports.
#[derive(Debug)]
pub(crate) struct SeenOnWay {
    /// The network, by its position.
    pub(crate) epoch: usize,
    /// Which leg.
    pub(crate) leg: LegKind,
    /// What interfaces see.
    pub(crate) sightings: Vec<Sighting>,
    /// Whose ports they show.
    pub(crate) ports: Vec<PortsSeen>,
}

#[derive(Debug)]
struct EdgeCase {
    source_ports: PortRange,
    form: Form,
    /// What is seen of packets in each network, from that in which the connection begins on.
    by_network: SmallVec<[Vec<(LegKind, Placed)>; 1]>,
}

impl Edge {
    /// Adds a case: its exchanges, and what interfaces see of each way. `position` is that among all connections and
    /// cases of edges, for reasons.
    pub(crate) fn add(
        &mut self,
        sites: &mut Sites<'_, '_>,
        source_ports: PortRange,
        form: Form,
        ways: &[SeenOnWay],
        position: usize,
    ) {
        let first = ways.first().map_or(0, |way| way.epoch);
        let mut by_network: SmallVec<[Vec<(LegKind, Placed)>; 1]> = SmallVec::new();
        for (number, way) in ways.iter().enumerate() {
            let network = way.epoch.saturating_sub(first);
            by_network.resize_with(by_network.len().max(network + 1), Vec::new);
            let Some(placed) = by_network.get_mut(network) else { continue };
            for (at, (sighting, shown)) in way.sightings.iter().zip(&way.ports).enumerate() {
                let cause = Cause::new(position, way.leg, number, at);
                let all = sites.place(way.epoch, sighting, *shown, cause);
                placed.extend(all.into_iter().map(|placed| (way.leg, placed)));
            }
        }
        self.cases.push(EdgeCase { source_ports, form, by_network });
    }

    pub(super) fn rank(&mut self, ranks: &[u32]) {
        let cases = self.cases.iter_mut();
        for (_, placed) in cases.flat_map(|case| case.by_network.iter_mut().flatten()) {
            placed.group = ranks.get(placed.group as usize).copied().unwrap_or(0);
        }
    }

    /// The case that a connection is in; where AWS may choose, any, by its own chance.
    fn case(&self, port: u16, chance: u64) -> Option<&EdgeCase> {
        if let [only] = self.cases.as_slice() {
            return Some(only);
        }
        let of_port = || self.cases.iter().filter(|case| case.source_ports.contains(port));
        let count = of_port().count().max(1);
        of_port().nth(usize::try_from(chance).unwrap_or(0) % count)
    }
}

/// A part of time: what is counted are windows that begin within it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// Milliseconds from the scenario's start.
    pub(crate) begin: u64,
    /// Where the next part begins.
    pub(crate) end: u64,
}

impl Stream<'_, '_> {
    /// Counts what interfaces see of a connection of an edge in windows that begin in `part`; of one that begins in it,
    /// also in the window of its first packet. Says whether there is more to come.
    pub(crate) fn count(&self, edge: usize, of: Call, part: Part, counts: &mut Vec<Count>) -> bool {
        if of.begin >= part.end {
            return true;
        }
        let epoch = self.changes.partition_point(|change| *change <= of.begin).saturating_sub(1);
        let edge = self.edges.get(epoch).and_then(|edges| edges.get(edge));
        let Some(case) = edge.and_then(|edge| edge.case(of.port, mixed(of))) else { return false };
        let volume = Volume::of(&case.form, of);
        let from = (of.begin < part.begin).then_some(part.begin);
        let changes = self.changes.get(epoch + 1..).unwrap_or_default();
        if changes.first().is_none_or(|change| volume.last() < *change) {
            let seen = case.by_network.first().map_or(&[][..], Vec::as_slice);
            self.count_whole(&volume, seen, of, (from, part), counts);
        } else {
            let begins = std::iter::once(0).chain(changes.iter().copied());
            let ends = changes.iter().copied().chain([u64::MAX]);
            for ((begin, end), seen) in begins.zip(ends).zip(&case.by_network) {
                let within = begin..end.min(self.end.unwrap_or(u64::MAX));
                for (leg, placed) in seen {
                    let portions = volume.by_window(*leg, placed.grid, (from, part.end), within.clone());
                    counts.extend(portions.iter().map(|portion| placed.count(portion, of.port)));
                }
            }
        }
        volume.last() >= part.end && self.end.is_none_or(|end| part.end < end)
    }

    /// Counts a connection that ends before anything changes.
    fn count_whole(
        &self,
        volume: &Volume<'_>,
        seen: &[(LegKind, Placed)],
        of: Call,
        (from, part): (Option<u64>, Part),
        counts: &mut Vec<Count>,
    ) {
        let mut before: Option<(LegKind, Option<Portion>)> = None;
        for (leg, placed) in seen {
            let whole = match before {
                Some((known, whole)) if known == *leg => whole,
                _ => volume.whole(*leg),
            };
            before = Some((*leg, whole));
            let Some(whole) = whole else { continue };
            let window = placed.grid.window(whole.first);
            let mut add = |portion: Portion| counts.push(placed.count(&portion, of.port));
            if placed.grid.window(whole.last) == window && self.end.is_none_or(|end| whole.last < end) {
                let begin = placed.grid.begin(window);
                if begin < part.end && from.is_none_or(|from| begin >= from) {
                    add(Portion { window, ..whole });
                }
            } else {
                let within = 0..self.end.unwrap_or(u64::MAX);
                volume.by_window(*leg, placed.grid, (from, part.end), within).into_iter().for_each(add);
            }
        }
    }
}

impl Placed {
    fn count(&self, portion: &Portion, client: u16) -> Count {
        let [source, destination] = self.shown;
        let port = |shown: ShownPort, own: u16| match shown {
            ShownPort::Own => own,
            ShownPort::Client => client,
            ShownPort::Chosen { leg, at, ports } => {
                // Clients count their ports up, so that no two connections that are open have the same.
                let salt = u64::from(at) * 2 + u64::from(leg == LegKind::Reverse);
                let count = u64::from(ports.count());
                let offset = (u64::from(client) * SCATTER + mix(salt) % count) % count;
                ports.from().saturating_add(u16::try_from(offset).unwrap_or(0))
            }
        };
        let ports = (port(source, self.own.0), port(destination, self.own.1));
        let key = Key { lane: self.lane, window: portion.window, group: self.group, ports, code: self.code };
        let begin = self.grid.begin(portion.window);
        let mut count = Count::at(key, self.site);
        count.packets = portion.packets;
        count.bytes = lengthened(portion.bytes, self.longer, portion.packets);
        count.flags = if self.is_carried { SeenFlags::default() } else { portion.flags };
        (count.first, count.last) = (narrow64(portion.first - begin), narrow64(portion.last - begin));
        count
    }
}

/// A prime above all numbers of ports: multiples of it are scattered among them, and different for different ports.
const SCATTER: u64 = 65_537;

/// A number that no other connection has, by all odds.
fn mixed(of: Call) -> u64 {
    mix(of.begin ^ mix(u64::from(of.edge) << 16 | u64::from(of.port)))
}

/// The finaliser of `SplitMix64`: each bit of the result depends on each of the number.
/// <https://doi.org/10.1145/2714064.2660195>
const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
