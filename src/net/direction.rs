//! Direction as a value, so that no rule has to be written twice.

use std::fmt;

/// Which way a packet crosses an interface or a border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Toward the interface.
    Ingress,
    /// Away from the interface.
    Egress,
}

impl Direction {
    /// Both directions, in the order in which rule sets are listed.
    pub const BOTH: [Self; 2] = [Self::Ingress, Self::Egress];

    /// The other direction.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Ingress => Self::Egress,
            Self::Egress => Self::Ingress,
        }
    }

    /// `from` for ingress, `to` for egress: the preposition before the far side of a rule.
    pub const fn preposition(self) -> &'static str {
        match self {
            Self::Ingress => "from",
            Self::Egress => "to",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        })
    }
}

/// One value for each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerDirection<T> {
    /// The value for ingress.
    pub ingress: T,
    /// The value for egress.
    pub egress: T,
}

impl<T> PerDirection<T> {
    /// Builds both values from one function.
    pub fn from_fn(mut make: impl FnMut(Direction) -> T) -> Self {
        Self { ingress: make(Direction::Ingress), egress: make(Direction::Egress) }
    }

    /// The value for `direction`.
    pub const fn get(&self, direction: Direction) -> &T {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }

    /// The value for `direction`, to change.
    pub const fn get_mut(&mut self, direction: Direction) -> &mut T {
        match direction {
            Direction::Ingress => &mut self.ingress,
            Direction::Egress => &mut self.egress,
        }
    }
}
