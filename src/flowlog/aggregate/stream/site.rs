//! Sites: what an interface sees of all packets that go one way, but for the client's port.

use std::collections::HashMap;

use super::super::counts::{Count as StatedCount, recorded};
use super::super::watch::Watch;
use super::super::windows::Windows;
use super::count::{Count, Key};
use crate::flowlog::{Action, Cause, Flow, Sighting, Transit};
use crate::model::{FlowLog, Index, LegKind, SeenFlags, TrafficType, Vantage};
use crate::net::{Direction, Header, Payload, PortRange};
use crate::timeline::Grid;

/// Which port stands in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShownPort {
    /// The one that the walk had.
    Own,
    /// The client's.
    Client,
    /// One that a gateway chose.
    Chosen {
        /// On which leg it was chosen.
        leg: LegKind,
        /// By which of the leg's translations.
        at: u32,
        /// Out of these.
        ports: PortRange,
    },
}

/// Whose ports stand as source and destination.
pub(crate) type PortsSeen = [ShownPort; 2];

/// The windows of one interface or attachment, and the flow logs that have them.
#[derive(Debug, PartialEq)]
pub(super) struct Lane {
    pub(super) vantage: Vantage,
    pub(super) grid: Grid,
    pub(super) flow_logs: Vec<(Index<FlowLog>, TrafficType)>,
}

/// What is equal for all flows of a group, which differ by ports alone. The order is that of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Group {
    lane: u32,
    direction: Direction,
    header: Header,
    transit: Option<Transit>,
}

/// One sighting in one lane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) site: u32,
    pub(super) lane: u32,
    pub(super) grid: Grid,
    pub(super) group: u32,
    pub(super) code: u8,
    pub(super) own: (u16, u16),
    pub(super) shown: PortsSeen,
    pub(super) longer: i64,
    /// Whether datagrams carry the packets, which have no TCP flags.
    pub(super) is_carried: bool,
}

/// All sites, and where each belongs.
pub(crate) struct Sites<'r, 'n> {
    /// By network.
    watches: &'r [Watch<'n>],
    windows: &'r Windows<'n>,
    pub(super) lanes: Vec<Lane>,
    /// By network, and interface or attachment there.
    by_vantage: HashMap<(usize, Vantage), Vec<u32>>,
    groups: HashMap<Group, u32>,
    /// What records show of each site; ports and counts come from the count.
    pub(super) flows: Vec<Flow>,
    /// The network of each site.
    pub(super) epochs: Vec<u16>,
}

impl<'r, 'n> Sites<'r, 'n> {
    pub(super) fn new(watches: &'r [Watch<'n>], windows: &'r Windows<'n>) -> Self {
        Self {
            watches,
            windows,
            lanes: Vec::new(),
            by_vantage: HashMap::new(),
            groups: HashMap::new(),
            flows: Vec::new(),
            epochs: Vec::new(),
        }
    }

    /// The windows of a lane.
    #[expect(clippy::indexing_slicing, reason = "counts have lanes from here")]
    pub(super) fn grid(&self, lane: usize) -> Grid {
        self.lanes[lane].grid
    }

    /// The lanes of an interface of a network: one for each length of windows. Networks share lanes while the same flow
    /// logs watch.
    pub(super) fn lanes_of(&mut self, epoch: usize, vantage: Vantage) -> &[u32] {
        let Self { watches, windows, lanes, by_vantage, .. } = self;
        by_vantage.entry((epoch, vantage)).or_insert_with(|| {
            let (Some(watch), Some(of)) = (watches.get(epoch), windows.epoch(epoch)) else {
                return Vec::new();
            };
            let common = of.numbering.common(vantage);
            let mut own: Vec<Lane> = Vec::new();
            for flow_log in watch.logs_of(vantage) {
                let grid = windows.grid(of, flow_log, vantage);
                let kept = of.network.flow_logs[flow_log].traffic_type;
                let log = (of.numbering.flow_logs.common(flow_log), kept);
                match own.iter_mut().find(|lane| lane.grid == grid) {
                    Some(lane) => lane.flow_logs.push(log),
                    None => own.push(Lane { vantage: common, grid, flow_logs: vec![log] }),
                }
            }
            let number = |lane: Lane| {
                let known = lanes.iter().position(|other| *other == lane);
                narrow(known.unwrap_or_else(|| {
                    lanes.push(lane);
                    lanes.len() - 1
                }))
            };
            own.into_iter().map(number).collect()
        })
    }

    /// Where the packets of a sighting are counted.
    pub(super) fn place(
        &mut self,
        epoch: usize,
        sighting: &Sighting,
        shown: PortsSeen,
        cause: Cause,
    ) -> Vec<Placed> {
        let flow = Flow {
            direction: sighting.direction,
            header: sighting.header,
            action: sighting.action,
            packets: 0,
            bytes: 0,
            tcp_flags: SeenFlags::default(),
            reject_reason: sighting.reject_reason,
            traffic_path: sighting.traffic_path,
            next_hop: sighting.next_hop,
            transit: sighting.transit,
            cause,
        };
        let lanes: Vec<u32> = self.lanes_of(epoch, sighting.vantage).to_vec();
        let mut placed = Vec::with_capacity(lanes.len());
        for lane in lanes {
            let (site, group) = self.site(epoch, lane, flow);
            let Some(grid) = self.lanes.get(lane as usize).map(|lane| lane.grid) else { continue };
            let (code, own) = (code(&flow), ports(flow.header));
            let has_ports = matches!(flow.header.payload, Payload::Ports { .. });
            let shown = if has_ports { shown } else { [ShownPort::Own; 2] };
            let is_carried = sighting.carried.is_some();
            placed.push(Placed {
                site,
                lane,
                grid,
                group,
                code,
                own,
                shown,
                longer: sighting.longer,
                is_carried,
            });
        }
        placed
    }

    fn site(&mut self, epoch: usize, lane: u32, flow: Flow) -> (u32, u32) {
        let site = narrow(self.flows.len());
        self.flows.push(flow);
        self.epochs.push(u16::try_from(epoch).unwrap_or(u16::MAX));
        let group = Group {
            lane,
            direction: flow.direction,
            header: with_ports(recorded(flow.header), (0, 0)),
            transit: flow.transit,
        };
        let next = narrow(self.groups.len());
        (site, *self.groups.entry(group).or_insert(next))
    }

    /// A count of a stated connection; none for a flow log that shares its windows with another.
    pub(super) fn stated(&mut self, count: &StatedCount) -> Option<Count> {
        let epoch = usize::from(count.epoch);
        let (_, vantage) = self.windows.own(epoch, count.flow_log, count.vantage);
        let lanes: Vec<u32> = self.lanes_of(epoch, vantage).to_vec();
        let lane = lanes.into_iter().find(|lane| {
            let lane = self.lanes.get(*lane as usize);
            lane.is_some_and(|lane| lane.flow_logs.first().is_some_and(|(log, _)| *log == count.flow_log))
        })?;
        let (site, group) = self.site(epoch, lane, count.flow);
        let grid = self.grid(lane as usize);
        let ports = ports(count.flow.header);
        let key = Key { lane, window: count.number, group, ports, code: code(&count.flow) };
        let since = |time: u64| narrow64(time.saturating_sub(grid.begin(count.number)));
        let mut placed = Count::at(key, site);
        (placed.packets, placed.bytes, placed.flags) =
            (count.flow.packets, count.flow.bytes, count.flow.tcp_flags);
        (placed.first, placed.last) = (since(count.first), since(count.last));
        Some(placed)
    }

    /// The final number of each group: its position among all, in order.
    pub(super) fn rank(&mut self) -> Vec<u32> {
        let mut all: Vec<(Group, u32)> = std::mem::take(&mut self.groups).into_iter().collect();
        all.sort_unstable();
        let mut ranks = vec![0; all.len()];
        for ((_, group), rank) in all.into_iter().zip(0..) {
            if let Some(own) = ranks.get_mut(group as usize) {
                *own = rank;
            }
        }
        ranks
    }
}

/// A number that stands for what was decided. The order is that of records.
fn code(flow: &Flow) -> u8 {
    u8::from(flow.action == Action::Reject) * 2 + u8::from(flow.reject_reason.is_some())
}

/// What a flow with these `ports` looks like.
pub(super) const fn with_ports(header: Header, (source, destination): (u16, u16)) -> Header {
    match header.payload {
        Payload::Ports { .. } => Header { payload: Payload::Ports { source, destination }, ..header },
        Payload::Icmp(_) | Payload::Opaque => header,
    }
}

const fn ports(header: Header) -> (u16, u16) {
    match header.payload {
        Payload::Ports { source, destination } => (source, destination),
        Payload::Icmp(_) | Payload::Opaque => (0, 0),
    }
}

/// There are not that many: each would have been counted in memory before.
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Milliseconds within a window.
pub(super) fn narrow64(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
