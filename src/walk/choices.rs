//! What AWS, not the configuration, decides: each walk follows one script of choices, and a script that was
//! walked says which one comes next.

use smallvec::SmallVec;

/// A script of choices, and how many options there were at each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choices {
    script: SmallVec<[usize; 4]>,
    options: SmallVec<[usize; 4]>,
    /// Whether it is known how the case ends, whatever is chosen from here on.
    is_settled: bool,
}

/// Cases that are told apart at most by what is chosen behind a certain stop: they all end alike.
const MOST_SETTLED: usize = 32;

impl Choices {
    /// Takes the next choice among `options`: the script's, or the first once the script has ended.
    pub(super) fn pick(&mut self, options: usize) -> usize {
        let told_apart = || self.options.iter().fold(options, |all, some| all.saturating_mul(*some));
        if self.is_settled && told_apart() > MOST_SETTLED {
            return 0;
        }
        let position = self.options.len();
        self.options.push(options);
        let chosen = self.script.get(position).copied().filter(|chosen| *chosen < options);
        chosen.unwrap_or(0) // where there are other options than when the script was made
    }

    /// The same script, to be followed once more.
    pub(super) fn again(&self) -> Self {
        Self { script: self.script.clone(), ..Self::default() }
    }

    /// Notes that a packet was stopped for certain.
    pub(super) fn settle(&mut self) {
        self.is_settled = true;
    }

    /// The script that differs from the walked one in the last choice that has options left.
    pub(super) fn next(&self) -> Option<Self> {
        let taken = |position: usize| self.script.get(position).copied().unwrap_or(0);
        let last = (0..self.options.len())
            .rev()
            .find(|&at| self.options.get(at).is_some_and(|all| taken(at) + 1 < *all))?;
        let script = (0..last).map(taken).chain([taken(last) + 1]).collect();
        Some(Self { script, ..Self::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_is_walked_once() {
        let mut seen = Vec::new();
        let mut next = Some(Choices::default());
        while let Some(mut choices) = next {
            seen.push((choices.pick(2), choices.pick(3)));
            next = choices.next();
        }
        assert_eq!(seen, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]);
    }
}
