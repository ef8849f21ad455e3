//! Time in columns, and how it is written.

use std::fmt::Write as _;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A time axis of some columns, whose width in time is a round one: windows begin where columns do, mostly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Milliseconds of a column.
    pub width: u64,
    /// Columns that are in use, at least one.
    pub columns: usize,
}

impl Axis {
    /// The axis that shows everything up to `end` in at most some columns, of which there is at least one.
    pub fn new(end: u64, most: usize) -> Self {
        let most = u64::try_from(most.max(1)).unwrap_or(u64::MAX);
        let width = round((end / most).saturating_add(1));
        let columns = usize::try_from(end / width).unwrap_or(usize::MAX).saturating_add(1);
        Self { width, columns }
    }

    /// The column of a time, which may lie behind the last.
    pub fn column(&self, at: u64) -> usize {
        usize::try_from(at / self.width).unwrap_or(usize::MAX)
    }

    /// Times to write at the axis, of which two are at least some columns apart.
    pub fn ticks(&self, apart: usize) -> impl Iterator<Item = u64> {
        let step = tick(self.width.saturating_mul(u64::try_from(apart).unwrap_or(u64::MAX)));
        let end = self.width.saturating_mul(u64::try_from(self.columns).unwrap_or(u64::MAX));
        (0..).map(move |number: u64| number.saturating_mul(step)).take_while(move |at| *at < end)
    }
}

/// The next width that divides a minute, a day, or is whole days.
fn round(least: u64) -> u64 {
    let divisor = |unit: u64, whole: u64| {
        let first = least.div_ceil(unit);
        (first..=whole / unit).find(|count| (whole / unit).is_multiple_of(*count)).map(|count| count * unit)
    };
    divisor(1, MINUTE)
        .or_else(|| divisor(MINUTE, DAY))
        .unwrap_or_else(|| least.div_ceil(DAY).saturating_mul(DAY))
}

/// The next step that people count by.
fn tick(least: u64) -> u64 {
    const MILLISECONDS: &[u64] = &[1, 2, 5, 10, 20, 50, 100, 200, 500];
    const SIXTY: &[u64] = &[1, 2, 5, 10, 15, 20, 30];
    const HOURS: &[u64] = &[1, 2, 3, 4, 6, 12];
    let of = |unit: u64, counts: &'static [u64]| counts.iter().map(move |count| count * unit);
    let mut steps =
        of(1, MILLISECONDS).chain(of(SECOND, SIXTY)).chain(of(MINUTE, SIXTY)).chain(of(HOUR, HOURS));
    let days = || {
        let days = least.div_ceil(DAY);
        let power = std::iter::successors(Some(1_u64), |power| power.checked_mul(10))
            .take_while(|power| *power <= days);
        let power = power.last().unwrap_or(1);
        let digit = days.div_ceil(power);
        let step = [1, 2, 5, 10].into_iter().find(|step| *step >= digit).unwrap_or(10);
        power.saturating_mul(step).saturating_mul(DAY)
    };
    steps.find(|step| *step >= least).unwrap_or_else(days)
}

/// A time from the scenario's start as scenarios write it: `90s`, `1.5s`, `12m30s`, `2h`, `1d6h`. Below ten minutes it
/// is in seconds.
pub fn clock(at: u64) -> String {
    let seconds = |at: u64| match (at / SECOND, at % SECOND) {
        (whole, 0) => format!("{whole}s"),
        (whole, part) => format!("{whole}.{}s", format!("{part:03}").trim_end_matches('0')),
    };
    if at < 10 * MINUTE {
        return seconds(at);
    }
    let mut text = String::new();
    for (unit, whole, letter) in [(DAY, u64::MAX, 'd'), (HOUR, DAY, 'h'), (MINUTE, HOUR, 'm')] {
        let count = at % whole / unit;
        if count > 0 {
            let _ = write!(text, "{count}{letter}");
        }
    }
    if !at.is_multiple_of(MINUTE) {
        text += &seconds(at % MINUTE);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_column() {
        for end in [
            0,
            1,
            7,
            999,
            1_000,
            59_999,
            60_000,
            110_000,
            3_600_000,
            86_400_000,
            7 * DAY,
            400 * DAY,
            u64::MAX,
        ] {
            for most in [1, 10, 71, 200] {
                let axis = Axis::new(end, most);
                assert!(axis.column(end) < axis.columns && axis.columns <= most, "{end} in {most}: {axis:?}");
                let ticks = axis.ticks(8).count();
                assert!(ticks >= 1 && ticks <= axis.columns.div_ceil(8), "{end} in {most}: {ticks}");
            }
        }
        assert_eq!(Axis::new(110_000, 70).width, 1_875);
        assert_eq!(Axis::new(DAY, 70).width, 24 * MINUTE);
    }

    #[test]
    fn times_read_well() {
        let said =
            [0, 1_500, 90_000, 599_999, 600_000, 750_000, 7_200_000, 108_000_000, 90_061_001].map(clock);
        assert_eq!(said, ["0s", "1.5s", "90s", "599.999s", "10m", "12m30s", "2h", "1d6h", "1d1h1m1.001s"]);
    }
}
