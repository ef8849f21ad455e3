//! Rules by the numbers they test, so that a packet is tested against few of many.

/// Positions of rules in their order, for each interval of numbers between which no rule can tell.
#[derive(Debug, Clone)]
pub(super) struct Buckets {
    /// First numbers of the intervals; the first is 0.
    starts: Vec<u32>,
    /// Where the positions of each interval end among all.
    ends: Vec<u32>,
    positions: Vec<u32>,
}

impl Buckets {
    /// Shorter lists are walked sooner than searched.
    const FEWEST: usize = 24;
    /// Positions for each rule on average. A list of many broad and many narrow ranges would need a number that grows
    /// with its length: it is walked.
    const MOST: usize = 32;

    /// Rules that test for a number from the first to the last of their range; without one, for no number. `None` where
    /// it is not worth its memory.
    pub(super) fn of(ranges: &[Option<(u32, u32)>]) -> Option<Self> {
        if ranges.len() < Self::FEWEST {
            return None;
        }
        let bounds = |(from, to): (u32, u32)| [Some(from), to.checked_add(1)];
        let mut starts = Vec::with_capacity(1 + 2 * ranges.len());
        starts.push(0);
        starts.extend(ranges.iter().flatten().flat_map(|range| bounds(*range)).flatten());
        starts.sort_unstable();
        starts.dedup();
        let intervals = |(from, to): (u32, u32)| {
            starts.partition_point(|start| *start < from)..starts.partition_point(|start| *start <= to)
        };
        let held =
            || (0..).zip(ranges).filter_map(|(position, range)| Some((position, intervals((*range)?))));
        // How many each interval has, and from these where it begins: then each rule is put to its place.
        let mut ends = vec![0_u32; starts.len()];
        let mut total = 0;
        for (_, intervals) in held() {
            total += intervals.len();
            if total > Self::MOST * ranges.len() {
                return None;
            }
            ends.get_mut(intervals)?.iter_mut().for_each(|count| *count += 1);
        }
        let mut begin = 0;
        for end in &mut ends {
            begin += std::mem::replace(end, begin);
        }
        let mut positions = vec![0; total];
        for (position, intervals) in held() {
            for end in ends.get_mut(intervals)? {
                *positions.get_mut(*end as usize)? = position;
                *end += 1;
            }
        }
        Some(Self { starts, ends, positions })
    }

    /// The positions of the rules that test for `number`.
    pub(super) fn at(&self, number: u32) -> &[u32] {
        let behind = self.starts.partition_point(|start| *start <= number);
        let end = |interval: Option<usize>| {
            interval.and_then(|at| self.ends.get(at)).map_or(0, |end| *end as usize)
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
        let all: Vec<Option<(u32, u32)>> = ends
            .iter()
            .flat_map(|from| ends.iter().map(move |to| (from <= to).then_some((*from, *to))))
            .collect();
        for count in [Buckets::FEWEST, 40, all.len()] {
            let ranges: Vec<_> = all.iter().copied().rev().take(count).collect();
            let buckets = Buckets::of(&ranges).unwrap();
            for number in ends.into_iter().chain([3, 442, 1 << 24]) {
                let holds = |range: &Option<(u32, u32)>| {
                    range.is_some_and(|(from, to)| from <= number && number <= to)
                };
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
        let nested: Vec<_> = (0..500).map(|number| Some((number, 1000 - number))).collect();
        assert!(Buckets::of(&nested).is_none());
        let apart: Vec<_> = (0..500).map(|number| Some((number, number))).collect();
        assert!(Buckets::of(&apart).is_some_and(|buckets| buckets.positions.len() == 500));
        assert!(Buckets::of(&[Some((0, 9))]).is_none());
    }
}
