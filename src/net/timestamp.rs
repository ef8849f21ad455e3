//! Instants with millisecond precision.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::{Duration, UNIX_EPOCH};

/// An instant: milliseconds since 1970-01-01T00:00:00Z. Differences are milliseconds too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(u64);

impl Timestamp {
    /// 2026-01-01T00:00:00Z, where a scenario starts that does not say when.
    pub const DEFAULT_START: Self = Self(1_767_225_600_000);

    /// The instant `milliseconds` after the epoch.
    pub const fn from_milliseconds(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since the epoch.
    pub const fn milliseconds(self) -> u64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down, as flow log records show them.
    pub const fn seconds(self) -> u64 {
        self.0 / 1000
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    /// Saturates at the largest instant, some 584 million years ahead.
    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(later.as_millis()).unwrap_or(u64::MAX)))
    }
}

impl Sub for Timestamp {
    type Output = Duration;

    /// Zero when `earlier` is not earlier.
    fn sub(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // humantime panics beyond the year 9999; such instants are printed as seconds.
        const LAST: u64 = 253_402_300_799_999;
        if self.0 > LAST {
            return write!(f, "{}", self.seconds());
        }
        humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_millis(self.0)).fmt(f)
    }
}
