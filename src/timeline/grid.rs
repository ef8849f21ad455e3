//! Where the windows of an interface begin.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-aggregation-interval>

use std::time::Duration;

use super::spread::milliseconds;

/// Windows of one length, one behind the other; times are milliseconds from the scenario's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    length: u64,
    /// How much of window 0 is over when the scenario starts.
    lead: u64,
}

impl Grid {
    /// Windows of which the first opens at the start.
    pub fn aligned(length: Duration) -> Self {
        Self { length: milliseconds(length).max(1), lead: 0 }
    }

    /// The same windows, of which one opens `phase` after the start.
    #[must_use]
    pub fn shifted(self, phase: Duration) -> Self {
        let phase = milliseconds(phase) % self.length;
        Self { lead: (self.length - phase) % self.length, ..self }
    }

    /// The window that is open at a time.
    pub const fn window(self, at: u64) -> u64 {
        at.saturating_add(self.lead) / self.length
    }

    /// When a window opens; the first may have been open before the start.
    pub const fn begin(self, window: u64) -> u64 {
        window.saturating_mul(self.length).saturating_sub(self.lead)
    }

    /// When a window closes: with the opening of the next.
    pub const fn end(self, window: u64) -> u64 {
        self.begin(window.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instant_is_in_the_window_that_is_open_then() {
        for phase in [0, 1, 17, 59, 60, 61] {
            let grid = Grid::aligned(Duration::from_secs(60)).shifted(Duration::from_secs(phase));
            for at in (0..400_000).step_by(499).chain([0, 59_999, 60_000, 60_001]) {
                let window = grid.window(at);
                assert!(grid.begin(window) <= at && at < grid.end(window), "{at} ms with phase {phase} s");
            }
        }
    }

    #[test]
    fn a_shifted_grid_opens_a_window_at_its_phase() {
        let grid = Grid::aligned(Duration::from_secs(60)).shifted(Duration::from_secs(17));
        assert_eq!((grid.begin(0), grid.end(0), grid.end(1)), (0, 17_000, 77_000));
    }
}
