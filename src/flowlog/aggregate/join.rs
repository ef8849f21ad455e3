//! Counts that end in one record, brought together. A count is large: what is sorted are keys that refer to them.

use std::cmp::Ordering;
use std::net::IpAddr;

use super::counts::{Count, recorded};
use crate::flowlog::Flow;
use crate::net::Payload;

/// By what counts are sorted.
#[derive(Clone, Copy)]
struct Key<'c> {
    /// Flow log, vantage and number of the window.
    window: u128,
    /// Equal for what ends in one record. Where it is for others as well, the counts themselves are compared.
    digest: u64,
    count: &'c Count,
}

impl<'c> Key<'c> {
    fn of(count: &'c Count) -> Self {
        let (flow_log, vantage, number) = count.window();
        let lane = (flow_log.position() as u128) << 96 | u128::from(vantage.rank()) << 64;
        Self { window: lane | u128::from(number), digest: digest(&count.flow), count }
    }

    /// Equal when both end in one record; those of one window stand together, and windows in their order.
    fn by_record(&self, other: &Self) -> Ordering {
        let key = |of: &Self| (of.window, of.digest);
        key(self).cmp(&key(other)).then_with(|| self.count.by_record(other.count))
    }
}

/// One count for each record, by window. Of those that are counted together the first gives what the others lack.
pub(super) fn join_records(parts: &[Vec<Count>]) -> Vec<Count> {
    let mut keys: Vec<Key<'_>> = parts.iter().flatten().map(Key::of).collect();
    // A stable order keeps the earliest in front.
    keys.sort_by(Key::by_record);
    let mut all = Vec::with_capacity(keys.len());
    for of_record in keys.chunk_by(|a, b| a.by_record(b) == Ordering::Equal) {
        let Some((first, later)) = of_record.split_first() else { continue };
        let mut count = *first.count;
        for later in later {
            count.add(later.count);
        }
        all.push(count);
    }
    all
}

/// A number that differs for most flows that have records of their own.
fn digest(flow: &Flow) -> u64 {
    /// As `FxHash` has it: a multiplication spreads each bit to all above it.
    const SPREAD: u64 = 0x517c_c1b7_2722_0a95;
    let header = recorded(flow.header);
    let address = |address: IpAddr| match address {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => {
            let [.., a, b, c, d] = v6.segments();
            [a, b, c, d].into_iter().fold(0, |all, group| all << 16 | u64::from(group))
        }
    };
    let ports = match header.payload {
        Payload::Ports { source, destination } => u64::from(source) << 16 | u64::from(destination),
        Payload::Icmp(_) | Payload::Opaque => 0,
    };
    let decided = (flow.direction as u64) << 40 | (flow.action as u64) << 41;
    let words = [address(header.source), address(header.destination), ports | decided];
    words.into_iter().fold(0, |all: u64, word| (all.rotate_left(23) ^ word).wrapping_mul(SPREAD))
}
