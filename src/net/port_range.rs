//! Inclusive ranges of ports.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// An inclusive range of ports, `from` never above `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    from: u16,
    to: u16,
}

/// Text or numbers that are no range of ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortRangeError {
    /// Not a number from 0 to 65535, nor two joined by `-`.
    Malformed(String),
    /// The range ends before it begins.
    Reversed {
        /// First port as given.
        from: u16,
        /// Last port as given.
        to: u16,
    },
}

impl fmt::Display for PortRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) => write!(f, "`{text}` is not a port or a range of ports"),
            Self::Reversed { from, to } => {
                write!(f, "the range of ports `{from}-{to}` ends before it begins")
            }
        }
    }
}

impl Error for PortRangeError {}

impl PortRange {
    /// Every port.
    pub const ALL: Self = Self { from: 0, to: u16::MAX };

    /// A range from `from` to `to`, both included.
    ///
    /// # Errors
    /// [`PortRangeError::Reversed`] when `from` is above `to`.
    pub const fn new(from: u16, to: u16) -> Result<Self, PortRangeError> {
        if from > to { Err(PortRangeError::Reversed { from, to }) } else { Ok(Self { from, to }) }
    }

    /// The range that holds one port.
    pub const fn single(port: u16) -> Self {
        Self { from: port, to: port }
    }

    /// First port.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// Last port.
    pub const fn to(self) -> u16 {
        self.to
    }

    /// Number of ports, at least one.
    pub fn count(self) -> u32 {
        u32::from(self.to) - u32::from(self.from) + 1
    }

    /// Whether `port` lies in the range.
    pub const fn contains(self, port: u16) -> bool {
        self.from <= port && port <= self.to
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to { write!(f, "{}", self.from) } else { write!(f, "{}-{}", self.from, self.to) }
    }
}

impl FromStr for PortRange {
    type Err = PortRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = |_| PortRangeError::Malformed(text.to_owned());
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        Self::new(from.trim().parse().map_err(malformed)?, to.trim().parse().map_err(malformed)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in ["0", "443", "1024-65535"] {
            assert_eq!(text.parse::<PortRange>().unwrap().to_string(), text);
        }
        for text in ["", "65536", "-1", "a", "9-1", "1-2-3"] {
            assert!(text.parse::<PortRange>().is_err(), "{text}");
        }
    }
}
