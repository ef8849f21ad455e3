//! Rules by the numbers they test, so that a packet is tested against few of many: routes by address.

/// Positions of rules in their order, for each interval of numbers between which no rule can tell.
#[derive(Debug, Clone)]
pub(super) struct Buckets {
    /// First number of each interval, and where its positions end among all; the first number is 0.
    intervals: Vec<(u32, u32)>,
    positions: Vec<u32>,
}

impl Buckets {
    /// Shorter lists are walked sooner than searched.
    pub(super) const FEWEST: usize = 24;
    /// Positions for each rule on average. A list of many broad and many narrow ranges would need a number that grows
    /// with its length: it is walked.
    const MOST: usize = 32;

    /// Rules that test for a number from the first to the last of their range. `None` where it is not worth its memory.
    pub(super) fn of(ranges: &[(u32, u32)]) -> Option<Self> {
        if ranges.len() < Self::FEWEST {
            return None;
        }
        let bounds = |(from, to): (u32, u32)| [Some(from), to.checked_add(1)];
        let mut starts = Vec::with_capacity(1 + 2 * ranges.len());
        starts.push(0);
        starts.extend(ranges.iter().flat_map(|range| bounds(*range)).flatten());
        starts.sort_unstable();
        starts.dedup();
        let held = |(from, to): (u32, u32)| {
            starts.partition_point(|start| *start < from)..starts.partition_point(|start| *start <= to)
        };
        let held: Vec<_> = ranges.iter().map(|range| held(*range)).collect();
        // How many each interval has, and from these where it begins: then each rule is put to its place.
        let mut intervals: Vec<(u32, u32)> = starts.iter().map(|start| (*start, 0)).collect();
        let mut total = 0;
        for held in &held {
            total += held.len();
            if total > Self::MOST * ranges.len() {
                return None;
            }
            intervals.get_mut(held.clone())?.iter_mut().for_each(|(_, count)| *count += 1);
        }
        let mut begin = 0;
        for (_, end) in &mut intervals {
            begin += std::mem::replace(end, begin);
        }
        let mut positions = vec![0; total];
        for (position, held) in (0..).zip(held) {
            for (_, end) in intervals.get_mut(held)? {
                *positions.get_mut(*end as usize)? = position;
                *end += 1;
            }
        }
        Some(Self { intervals, positions })
    }

    /// The positions of the rules that test for `number`.
    pub(super) fn at(&self, number: u32) -> &[u32] {
        let behind = self.intervals.partition_point(|(start, _)| *start <= number);
        let end = |interval: Option<usize>| {
            interval.and_then(|at| self.intervals.get(at)).map_or(0, |(_, end)| *end as usize)
        };
        let (begin, end) = (end(behind.checked_sub(2)), end(behind.checked_sub(1)));
        self.positions.get(begin..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_what_a_walk_does() {
        let ends = [0, 1, 2, 443, 444, 0x00ff_ffff, u32::MAX - 1, u32::MAX];
        let pairs = ends.iter().flat_map(|from| ends.iter().map(move |to| (*from, *to)));
        let all: Vec<(u32, u32)> = pairs.filter(|(from, to)| from <= to).collect();
        for count in [Buckets::FEWEST, 40, all.len()] {
            let ranges: Vec<_> = all.iter().copied().rev().take(count).collect();
            let buckets = Buckets::of(&ranges).unwrap();
            for number in ends.into_iter().chain([3, 442, 1 << 24]) {
                let holds = |(from, to): &(u32, u32)| *from <= number && number <= *to;
                let walked: Vec<u32> = (0..)
                    .zip(&ranges)
                    .filter(|(_, range)| holds(range))
                    .map(|(position, _)| position)
                    .collect();
                assert_eq!(buckets.at(number), walked, "{number}");
            }
        }
    }

    #[test]
    fn memory_grows_with_the_list() {
        let nested: Vec<_> = (0..500).map(|number| (number, 1000 - number)).collect();
        assert!(Buckets::of(&nested).is_none());
        let apart: Vec<_> = (0..500).map(|number| (number, number)).collect();
        assert!(Buckets::of(&apart).is_some_and(|buckets| buckets.positions.len() == 500));
        assert!(Buckets::of(&[(0, 9)]).is_none());
    }
}
