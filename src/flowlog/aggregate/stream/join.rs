//! Counts by window, one for each record: the windows side by side on all threads, each small enough for a cache.

use rayon::prelude::*;

use super::count::Count;

/// The counts of each window, in the order of windows. None is empty.
pub(super) fn windows_of(mut parts: Vec<Vec<Count>>) -> Vec<Vec<Count>> {
    let place = |of: &&[Count]| of.first().map(Count::place);
    parts.par_iter_mut().for_each(|part| part.sort_unstable_by_key(Count::place));
    let in_windows = parts.iter().flat_map(|part| part.chunk_by(|a, b| a.place() == b.place()));
    let mut pieces: Vec<&[Count]> = in_windows.collect();
    pieces.par_sort_by_key(place);
    pieces.par_chunk_by(|a, b| place(a) == place(b)).map(window).collect()
}

/// One window: a count for each record, in the order of records. Counts that are added to one another may come in any order.
fn window(pieces: &[&[Count]]) -> Vec<Count> {
    let mut all = pieces.concat();
    all.sort_unstable_by_key(Count::flow);
    all.dedup_by(|later, first| first.absorb(later));
    all.sort_unstable_by_key(Count::turn);
    all
}
