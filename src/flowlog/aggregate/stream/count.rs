//! Counts of packets, small enough to be sorted by the million.

use crate::model::SeenFlags;

/// Where the group begins in a flow. There are fewer than 2^30 groups: each has a sighting in memory.
const GROUP: u32 = 34;

/// Packets of one header at one interface in one window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    /// Lane, then number of the window.
    place: u64,
    /// Group of the header, its ports, source and destination, and in the last two bits what was decided.
    flow: u64,
    pub(super) packets: u64,
    pub(super) bytes: u64,
    /// First packet, milliseconds from the window's begin.
    pub(super) first: u32,
    /// Last packet.
    pub(super) last: u32,
    /// What the interface saw; of several sites of one record the first.
    pub(super) site: u32,
    pub(super) flags: SeenFlags,
}

/// Where a count belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) lane: u32,
    pub(super) window: u64,
    pub(super) group: u32,
    pub(super) ports: (u16, u16),
    /// Action, and why it was refused, in two bits.
    pub(super) code: u8,
}

impl Count {
    /// Nothing yet, at its place. Windows are numbered below 2^32: so many minutes are eight thousand years.
    pub(super) fn at(key: Key, site: u32) -> Self {
        let (source, destination) = key.ports;
        let window = key.window.min(u64::from(u32::MAX));
        Self {
            place: (u64::from(key.lane) << 32) | window,
            flow: (u64::from(key.group) << GROUP)
                | (u64::from(source) << 18)
                | (u64::from(destination) << 2)
                | u64::from(key.code),
            packets: 0,
            bytes: 0,
            first: 0,
            last: 0,
            site,
            flags: SeenFlags::default(),
        }
    }

    /// The lane.
    pub(super) const fn lane(&self) -> usize {
        (self.place >> 32) as usize
    }

    /// The window's number.
    pub(super) const fn window(&self) -> u64 {
        self.place & 0xffff_ffff
    }

    /// Lane and window in one: equal for what is in one window.
    pub(super) const fn place(&self) -> u64 {
        self.place
    }

    /// Source and destination port.
    #[expect(clippy::cast_possible_truncation, reason = "it takes them apart again")]
    pub(super) const fn ports(&self) -> (u16, u16) {
        ((self.flow >> 18) as u16, (self.flow >> 2) as u16)
    }

    /// Takes the final number of its group.
    pub(super) fn rank(&mut self, ranks: &[u32]) {
        let group = usize::try_from(self.flow >> GROUP).unwrap_or(usize::MAX);
        let rank = ranks.get(group).copied().unwrap_or(0);
        self.flow = (u64::from(rank) << GROUP) | (self.flow & ((1 << GROUP) - 1));
    }

    /// Header and what was decided, in one: equal for what ends in one record of a window.
    pub(super) const fn flow(&self) -> u64 {
        self.flow
    }

    /// The order of records within a window: by first packet.
    pub(super) fn turn(&self) -> u128 {
        (u128::from(self.first) << 64) | u128::from(self.flow)
    }

    /// Adds `later`, of the same window, if both end in one record; says whether it did.
    pub(super) fn absorb(&mut self, later: &Self) -> bool {
        if self.flow != later.flow {
            return false;
        }
        self.packets = self.packets.saturating_add(later.packets);
        self.bytes = self.bytes.saturating_add(later.bytes);
        self.flags |= later.flags;
        self.first = self.first.min(later.first);
        self.last = self.last.max(later.last);
        self.site = self.site.min(later.site);
        true
    }
}
