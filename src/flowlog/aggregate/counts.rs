//! Counts of packets: what one interface saw of one header in one window.

use std::cmp::Ordering;
use std::ops::Range;
use std::time::Duration;

use smallvec::{SmallVec, smallvec};

use super::super::observe::lengthened;
use super::watch::Watch;
use super::windows::{WindowKey, Windows};
use super::{Packets, Traffic, Way};
use crate::flowlog::{Cause, Flow, Sighting};
use crate::model::{Burst, FlowLog, Index, SeenFlags, Vantage};
use crate::net::{Header, Payload};
use crate::timeline::{Grid, Numbering, Portion, join_windows, milliseconds, portions, whole};

/// Number of buckets. Interfaces are dealt among them, so that they are filled and emptied independently.
pub(super) const BUCKETS: usize = 64;

/// The bucket of an interface or attachment.
pub(super) fn bucket_of(vantage: Vantage) -> usize {
    vantage.number() % BUCKETS
}

/// What interfaces saw of some connections, in the order of the connections.
#[derive(Debug)]
pub struct Counts {
    /// By bucket of the interface.
    buckets: Vec<Vec<Count>>,
}

/// Packets of one header, as far as they end in one record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    /// As all networks call it.
    pub(super) flow_log: Index<FlowLog>,
    /// As all networks call it.
    pub(super) vantage: Vantage,
    pub(super) number: u64,
    /// The network in which they were seen.
    pub(super) epoch: u16,
    /// First packet, milliseconds from the scenario's start.
    pub(super) first: u64,
    /// Last packet.
    pub(super) last: u64,
    pub(super) flow: Flow,
}

impl Count {
    /// The window it is in.
    pub(super) fn window(&self) -> WindowKey {
        (self.flow_log, self.vantage, self.number)
    }

    /// Equal when both end in one record; those of one window stand together.
    pub(super) fn by_record(&self, other: &Self) -> Ordering {
        let action = |flow: &Flow| (flow.direction, flow.action, flow.reject_reason, flow.transit);
        let key = |count: &Self| (count.window(), action(&count.flow));
        let headers = || recorded(self.flow.header).cmp(&recorded(other.flow.header));
        key(self).cmp(&key(other)).then_with(headers)
    }

    /// The order of records within a window.
    pub(super) fn by_first_packet(&self, other: &Self) -> Ordering {
        let key = |count: &Self| (count.first, count.flow.direction);
        let rest = |count: &Self| {
            let flow = &count.flow;
            (recorded(flow.header), flow.action, flow.reject_reason, flow.transit)
        };
        key(self).cmp(&key(other)).then_with(|| rest(self).cmp(&rest(other)))
    }

    /// Adds `later`, which ends in the same record.
    pub(super) fn add(&mut self, later: &Self) {
        self.flow.packets = self.flow.packets.saturating_add(later.flow.packets);
        self.flow.bytes = self.flow.bytes.saturating_add(later.flow.bytes);
        self.flow.tcp_flags |= later.flow.tcp_flags;
        self.first = self.first.min(later.first);
        self.last = self.last.max(later.last);
    }
}

/// The part of a header that a record shows, and by which AWS aggregates: ICMP types and codes are not.
pub(super) const fn recorded(header: Header) -> Header {
    match header.payload {
        Payload::Icmp(_) => Header { payload: Payload::Opaque, ..header },
        Payload::Ports { .. } | Payload::Opaque => header,
    }
}

impl Counts {
    /// No counts, with room for those of so many connections.
    pub fn of_connections(connections: usize) -> Self {
        /// Most connections are seen by two interfaces in both directions, or by one in one.
        const EACH: usize = 3;
        let room = EACH * connections / BUCKETS;
        Self { buckets: (0..BUCKETS).map(|_| Vec::with_capacity(room)).collect() }
    }

    /// The counts by bucket.
    pub(super) fn into_buckets(self) -> Vec<Vec<Count>> {
        self.buckets
    }

    /// Adds what flow logs see of `traffic` while they watch.
    pub(super) fn add(&mut self, watches: &[Watch<'_>], windows: &Windows<'_>, traffic: &Traffic) {
        for (number, way) in traffic.ways.iter().enumerate() {
            let (Some(watch), Some(epoch)) = (watches.get(way.epoch), windows.epoch(way.epoch)) else {
                continue;
            };
            let mut sent =
                Sent { bursts: &traffic.bursts, way, end: windows.end(), by_grid: SmallVec::new() };
            for (position, sighting) in way.sightings.iter().enumerate() {
                let cause = Cause::new(traffic.connection, way.leg, number, position);
                for flow_log in watch.logs_of(sighting.vantage) {
                    let grid = windows.grid(epoch, flow_log, sighting.vantage);
                    let seen =
                        Seen { epoch: way.epoch, numbering: epoch.numbering, flow_log, sighting, cause };
                    self.add_portions(&seen, sent.portions(grid));
                }
            }
        }
    }

    fn add_portions(&mut self, seen: &Seen<'_>, portions: &[Portion]) {
        let Seen { epoch, numbering, sighting, cause, .. } = *seen;
        let (flow_log, vantage) =
            (numbering.flow_logs.common(seen.flow_log), numbering.common(sighting.vantage));
        let epoch = u16::try_from(epoch).unwrap_or(u16::MAX);
        let Some(bucket) = self.buckets.get_mut(bucket_of(vantage)) else { return };
        bucket.extend(portions.iter().map(|portion| Count {
            flow_log,
            vantage,
            number: portion.window,
            epoch,
            first: portion.first,
            last: portion.last,
            flow: Flow {
                direction: sighting.direction,
                header: sighting.header,
                action: sighting.action,
                packets: portion.packets,
                bytes: lengthened(portion.bytes, sighting.longer, portion.packets),
                tcp_flags: if sighting.carried.is_some() { SeenFlags::default() } else { portion.flags },
                reject_reason: sighting.reject_reason,
                traffic_path: sighting.traffic_path,
                next_hop: sighting.next_hop,
                transit: sighting.transit,
                cause,
            },
        }));
    }
}

/// What one flow log has of a sighting.
struct Seen<'t> {
    epoch: usize,
    numbering: &'t Numbering,
    flow_log: Index<FlowLog>,
    sighting: &'t Sighting,
    cause: Cause,
}

/// The packets of one way, cut into windows once for each grid that its flow logs have.
struct Sent<'t> {
    bursts: &'t [Burst],
    way: &'t Way,
    end: Option<Duration>,
    by_grid: SmallVec<[(Grid, SmallVec<[Portion; 2]>); 1]>,
}

impl Sent<'_> {
    fn portions(&mut self, grid: Grid) -> &[Portion] {
        let known = self.by_grid.iter().position(|(of, _)| *of == grid);
        let position = known.unwrap_or_else(|| {
            self.by_grid.push((grid, self.cut(grid)));
            self.by_grid.len() - 1
        });
        self.by_grid.get(position).map_or(&[], |(_, portions)| portions)
    }

    /// One portion for each window that has packets.
    fn cut(&self, grid: Grid) -> SmallVec<[Portion; 2]> {
        let mut all: SmallVec<[Portion; 2]> = SmallVec::new();
        let mut add = |burst: &Burst, packets: Range<u64>| {
            for portion in portions(burst, packets, grid, self.end) {
                match all.last_mut() {
                    Some(last) if last.window == portion.window => last.absorb(&portion),
                    _ => all.push(portion),
                }
            }
        };
        match &self.way.packets {
            Packets::All => {
                let of_leg = self.bursts.iter().filter(|burst| burst.leg == self.way.leg);
                if let Some(one) = self.in_one_window(of_leg.clone(), grid) {
                    return smallvec![one]; // nearly always
                }
                of_leg.for_each(|burst| add(burst, 0..burst.packets));
            }
            Packets::Some(stretches) => {
                for stretch in stretches {
                    let Some(burst) = self.bursts.get(stretch.burst) else { continue };
                    add(burst, stretch.packets.clone());
                }
            }
        }
        join_windows(&mut all); // bursts that overlap have visited windows twice
        all
    }
    /// All packets of `bursts`, if one window has them.
    fn in_one_window<'b>(&self, bursts: impl Iterator<Item = &'b Burst>, grid: Grid) -> Option<Portion> {
        let all = whole(bursts)?;
        let window = grid.window(all.first);
        let behind = self.end.map_or(u64::MAX, milliseconds).min(grid.end(window));
        (all.last < behind).then_some(Portion { window, ..all })
    }
}
