//! The ports of many rules side by side, so that the processor compares sixteen of them at once.

use std::array;

/// Rules in one [`Lanes`]: their ports are as long as a line of the processor's cache.
pub(super) const WIDTH: usize = 16;

/// Ports, or ICMP types and codes, of sixteen rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes {
    low: [u16; WIDTH],
    high: [u16; WIDTH],
}

impl Lanes {
    /// The first ranges, in order. Places behind the last pass nothing but all numbers at once, and mean nothing.
    pub(super) fn of(ranges: &[(u16, u16)]) -> Self {
        let at = |place: usize| ranges.get(place).copied().unwrap_or((u16::MAX, 0));
        Self { low: array::from_fn(|place| at(place).0), high: array::from_fn(|place| at(place).1) }
    }

    /// A bit for each rule whose range has a number between `first` and `last`.
    #[inline]
    pub(super) fn overlapping(&self, first: u16, last: u16) -> u16 {
        // The lowest bits of eight bytes, gathered in the highest byte.
        let gathered = |eight| u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080).to_be_bytes();
        let [[low, ..], [high, ..]] = self.compared(first, last).map(gathered);
        u16::from_le_bytes([low, high])
    }

    /// 1 for each rule whose range has a number between `first` and `last`, 0 for the others.
    ///
    /// Compilers make it some twenty instructions for all sixteen, as long as it stands alone and has no conditions: a
    /// difference that cannot be below zero is zero where the first number is not the greater one.
    #[inline(never)]
    fn compared(&self, first: u16, last: u16) -> [[u8; 8]; 2] {
        let mut found = [[0; 8]; 2];
        for ((low, high), found) in self.low.iter().zip(&self.high).zip(found.as_flattened_mut()) {
            *found = u8::from(low.saturating_sub(last) | first.saturating_sub(*high) == 0);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_at_once_are_as_one_by_one() {
        let ends = [0, 1, 443, 444, 32_767, 32_768, 65_534, u16::MAX];
        let pairs = ends.iter().flat_map(|from| ends.iter().map(move |to| (*from, *to)));
        let ranges: Vec<(u16, u16)> = pairs.filter(|(from, to)| from <= to).collect();
        let lanes: Vec<Lanes> = ranges.chunks(WIDTH).map(Lanes::of).collect();
        for (first, last) in &ranges {
            let found = lanes.iter().enumerate().flat_map(|(number, lanes)| {
                let bits = lanes.overlapping(*first, *last);
                (0..WIDTH).filter(move |at| bits >> at & 1 == 1).map(move |at| number * WIDTH + at)
            });
            let found = found.filter(|at| *at < ranges.len());
            let walked = ranges.iter().enumerate().filter(|(_, (low, high))| low <= last && first <= high);
            assert!(found.eq(walked.map(|(at, _)| at)), "{first}-{last}");
        }
    }
}
