//! A burst cut into windows: evenly spread packets, each in exactly one window, no packet and no byte lost.

use std::ops::Range;
use std::time::Duration;

use smallvec::{Array, SmallVec};

use super::Grid;
use crate::model::{Burst, SeenFlags, TcpFlags};

/// The part of a burst that falls into one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// Number of the window, from the scenario's start.
    pub window: u64,
    /// First packet, milliseconds from the scenario's start.
    pub first: u64,
    /// Last packet.
    pub last: u64,
    /// Number of packets.
    pub packets: u64,
    /// Sum of their IP lengths.
    pub bytes: u64,
    /// The flags of the packets.
    pub flags: SeenFlags,
}

impl Portion {
    /// Adds the packets of another portion of the same window.
    pub fn absorb(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.packets = self.packets.saturating_add(other.packets);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.flags |= other.flags;
    }
}

/// Cuts the `packets` of `burst` into the windows of `grid`, and leaves out what comes at `end` or later. The work grows
/// with the windows that have packets.
pub fn portions(
    burst: &Burst,
    packets: Range<u64>,
    grid: Grid,
    end: Option<Duration>,
) -> impl Iterator<Item = Portion> + '_ {
    let spread = Spread::of(burst);
    let end = end.map_or(u64::MAX, milliseconds);
    let (mut next, behind) = (packets.start, packets.end.min(burst.packets));
    std::iter::from_fn(move || {
        let begin = next;
        let first = (begin < behind).then(|| spread.time(begin)).filter(|first| *first < end)?;
        let window = grid.window(first);
        next = spread.packets_before(grid.end(window).min(end)).clamp(begin + 1, behind);
        Some(Portion {
            window,
            first,
            last: spread.time(next - 1),
            packets: next - begin,
            bytes: spread.bytes_before(next) - spread.bytes_before(begin),
            flags: spread.flags(begin, next),
        })
    })
}

/// All packets of `bursts`, as if window 0 held them; none where none are sent.
pub(crate) fn whole<'b>(bursts: impl Iterator<Item = &'b Burst>) -> Option<Portion> {
    let portions = bursts.filter(|burst| burst.packets > 0).map(|burst| {
        let spread = Spread::of(burst);
        Portion {
            window: 0,
            first: spread.start,
            last: spread.last(),
            packets: burst.packets,
            bytes: burst.bytes,
            flags: spread.flags(0, burst.packets),
        }
    });
    portions.reduce(|mut all, next| {
        all.absorb(&next);
        all
    })
}

/// When each packet of a burst is sent, and what it carries.
pub(super) struct Spread<'a> {
    burst: &'a Burst,
    start: u64,
    length: u64,
}

impl<'a> Spread<'a> {
    pub(super) fn of(burst: &'a Burst) -> Self {
        let start = milliseconds(burst.at);
        Self { burst, start, length: milliseconds(burst.until).saturating_sub(start) }
    }

    /// When packet `number` is sent: the first at the start, the last at the end.
    pub(super) fn time(&self, number: u64) -> u64 {
        if number == 0 || self.length == 0 {
            return self.start;
        }
        let gaps = self.burst.packets.saturating_sub(1).max(1);
        self.start + scale(self.length, number, gaps)
    }

    /// When the last packet is sent.
    fn last(&self) -> u64 {
        if self.burst.packets > 1 { self.start + self.length } else { self.start }
    }

    /// The packets behind the first `sent`, sent `later`.
    pub(super) fn rest(&self, sent: u64, later: Duration) -> Burst {
        let flags = match self.burst.flags.as_slice() {
            [_, rest @ ..] if sent > 0 && !rest.is_empty() => rest.into(),
            all => all.into(),
        };
        Burst {
            leg: self.burst.leg,
            at: Duration::from_millis(self.time(sent)).saturating_add(later),
            until: self.burst.until.saturating_add(later),
            packets: self.burst.packets.saturating_sub(sent),
            bytes: self.burst.bytes.saturating_sub(self.bytes_before(sent)),
            flags,
            origin: self.burst.origin,
        }
    }

    /// Some of the packets, as a burst of their own.
    pub(super) fn part(&self, packets: Range<u64>) -> Burst {
        let last = packets.end.saturating_sub(1).max(packets.start);
        let flags = match self.burst.flags.as_slice() {
            [_, rest @ ..] if packets.start > 0 && !rest.is_empty() => rest.into(),
            all => all.into(),
        };
        Burst {
            leg: self.burst.leg,
            at: Duration::from_millis(self.time(packets.start)),
            until: Duration::from_millis(self.time(last)),
            packets: packets.end.saturating_sub(packets.start),
            bytes: self.bytes_before(packets.end).saturating_sub(self.bytes_before(packets.start)),
            flags,
            origin: self.burst.origin,
        }
    }

    /// The longest time between a packet and the next.
    pub(super) fn gap(&self) -> u64 {
        match self.burst.packets {
            0 | 1 => 0,
            packets => self.length.div_ceil(packets - 1),
        }
    }

    /// How many packets are sent before `time`.
    pub(super) fn packets_before(&self, time: u64) -> u64 {
        let gaps = u128::from(self.burst.packets.saturating_sub(1).max(1));
        match (time.checked_sub(self.start), self.length) {
            (None | Some(0), _) => 0,
            (Some(_), 0) => self.burst.packets,
            (Some(after), length) => {
                let count = (u128::from(after) * gaps).div_ceil(u128::from(length));
                u64::try_from(count).unwrap_or(u64::MAX).min(self.burst.packets)
            }
        }
    }

    fn bytes_before(&self, number: u64) -> u64 {
        scale(self.burst.bytes, number, self.burst.packets.max(1))
    }

    /// Flags of packets `begin` to `end`: the first packet carries the first kind, the last packet the last kind,
    /// those between carry the kinds between.
    pub(super) fn flags(&self, begin: u64, end: u64) -> SeenFlags {
        const NONE: SeenFlags = TcpFlags(0).seen();
        let last = self.burst.packets - 1;
        let or = |kinds: &[TcpFlags]| kinds.iter().fold(NONE, |all, kind| all.and(kind.seen()));
        match self.burst.flags.as_slice() {
            [] => NONE,
            [only] => only.seen(),
            [first, between @ .., final_kind] => {
                let of_first = if begin == 0 { first.seen() } else { NONE };
                let of_last = if end == last + 1 { final_kind.seen() } else { NONE };
                let has_between = begin.max(1) < end.min(last);
                of_first.and(of_last).and(if has_between { or(between) } else { NONE })
            }
        }
    }
}

/// Whole milliseconds, of which time consists here.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Puts portions in the order of their windows, one for each.
pub(crate) fn join_windows<A: Array<Item = Portion>>(all: &mut SmallVec<A>) {
    all.sort_by_key(|portion| portion.window);
    all.dedup_by(|later, first| {
        let same = first.window == later.window;
        if same {
            first.absorb(later);
        }
        same
    });
}

/// `whole * part / parts`, rounded down, without overflow for `part` up to `parts`.
fn scale(whole: u64, part: u64, parts: u64) -> u64 {
    if let Some(product) = whole.checked_mul(part) {
        return product / parts; // nearly always, and much cheaper
    }
    let scaled = u128::from(whole) * u128::from(part) / u128::from(parts);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LegKind;

    fn burst(at: u64, until: u64, packets: u64, bytes: u64, flags: &[TcpFlags]) -> Burst {
        Burst {
            leg: LegKind::Forward,
            at: Duration::from_secs(at),
            until: Duration::from_secs(until),
            packets,
            bytes,
            flags: flags.into(),
            origin: None,
        }
    }

    fn cut(burst: &Burst) -> Vec<Portion> {
        portions(burst, 0..burst.packets, Grid::aligned(Duration::from_secs(60)), None).collect()
    }

    #[test]
    fn the_whole_is_what_one_window_has() {
        let bursts = [
            burst(3, 50, 10, 777, &[TcpFlags::SYN, TcpFlags::ACK]),
            burst(5, 9, 1, 40, &[TcpFlags::FIN_ACK]),
            burst(7, 7, 0, 0, &[]),
        ];
        let mut windows: SmallVec<[Portion; 2]> = bursts.iter().flat_map(cut).collect();
        join_windows(&mut windows);
        assert_eq!(windows.as_slice(), [whole(bursts.iter()).unwrap()]);
        assert_eq!(whole(bursts.iter().skip(2)), None);
    }

    #[test]
    fn parts_of_a_burst_are_the_whole() {
        let burst = burst(3, 170, 1_000, 77_777, &[TcpFlags::SYN, TcpFlags::ACK, TcpFlags::FIN_ACK]);
        let grid = Grid::aligned(Duration::from_secs(60));
        let part = |packets| portions(&burst, packets, grid, None);
        let mut parts: Vec<Portion> = part(0..400).chain(part(400..401)).chain(part(401..1_000)).collect();
        parts.dedup_by(|later, first| {
            let same = later.window == first.window;
            if same {
                first.absorb(later);
            }
            same
        });
        assert_eq!(parts, cut(&burst));
    }

    #[test]
    fn every_packet_and_byte_is_in_one_window() {
        for (packets, bytes, until) in
            [(1, 40, 0), (7, 1001, 180), (15_774, 23_294_588, 180), (3, 100, 59), (2, 99, 60)]
        {
            let burst = burst(5, 5 + until, packets, bytes, &[]);
            let cut = cut(&burst);
            assert_eq!(cut.iter().map(|portion| portion.packets).sum::<u64>(), packets);
            assert_eq!(cut.iter().map(|portion| portion.bytes).sum::<u64>(), bytes);
            for portion in &cut {
                assert_eq!((portion.first / 60_000, portion.last / 60_000), (portion.window, portion.window));
            }
            assert!(cut.is_sorted_by_key(|portion| portion.window));
        }
    }

    #[test]
    fn a_packet_at_the_end_of_a_window_belongs_to_the_next() {
        let cut = cut(&burst(0, 60, 2, 100, &[]));
        assert_eq!(
            cut.iter().map(|portion| (portion.window, portion.packets)).collect::<Vec<_>>(),
            [(0, 1), (1, 1)]
        );
    }

    #[test]
    fn handshake_and_close_fall_into_their_own_windows() {
        let flags = [TcpFlags::SYN, TcpFlags::ACK, TcpFlags::FIN_ACK];
        let cut = cut(&burst(0, 150, 6, 600, &flags));
        assert_eq!(cut.iter().map(|portion| portion.flags.of_vpc()).collect::<Vec<_>>(), [2, 0, 1]);
    }
}
