//! Work on many things on all threads, with the problems that one after the other would have found.

use rayon::prelude::*;

use super::Diagnostics;

/// As many things are worth another thread.
const RUN: usize = 64;

impl Diagnostics {
    /// What `map` makes of each item, which it is given with its position and with problems of its own: it cannot see
    /// those of others. They are put together in the order of the items.
    pub(crate) fn map_on_threads<T: Sync, R: Send>(
        &mut self,
        items: &[T],
        map: impl Fn(usize, &T, &mut Self) -> R + Sync,
    ) -> Vec<R> {
        let map_run = |(run, items): (usize, &[T])| {
            let mut own = Self::default();
            let mapped = items.iter().enumerate().map(|(at, item)| map(run * RUN + at, item, &mut own));
            (mapped.collect::<Vec<R>>(), own)
        };
        if items.len() <= RUN {
            let (mapped, own) = map_run((0, items));
            self.join(own);
            return mapped;
        }
        let runs: Vec<_> = items.par_chunks(RUN).enumerate().map(map_run).collect();
        let mut all = Vec::with_capacity(items.len());
        for (mut mapped, own) in runs {
            all.append(&mut mapped);
            self.join(own);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Diagnostic};

    #[test]
    fn threads_find_what_one_would() {
        for count in [0, 1, RUN, RUN + 1, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let mut problems = Diagnostics::default();
            let doubled = problems.map_on_threads(&items, |at, item, problems| {
                if item % 3 == 0 {
                    problems.push(Diagnostic::new(Code::WrongType, None, at.to_string()));
                }
                2 * item
            });
            assert!(doubled.iter().copied().eq((0..count).map(|item| 2 * item)));
            let messages = problems.iter().map(|problem| problem.message.clone());
            assert!(messages.eq((0..count).step_by(3).map(|item| item.to_string())));
        }
    }
}
