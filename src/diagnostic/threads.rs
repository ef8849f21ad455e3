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
        let map_one = |(at, item)| {
            let mut own = Self::default();
            (map(at, item, &mut own), own)
        };
        let (mut all, mut found) = (Vec::new(), Vec::new());
        items.par_iter().enumerate().with_min_len(RUN).map(map_one).unzip_into_vecs(&mut all, &mut found);
        for own in found {
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
