//! IP protocol numbers and their names.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// An IANA protocol number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protocol(pub u8);

/// Text that names no protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolError(String);

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a protocol", self.0)
    }
}

impl Error for ProtocolError {}

/// The names that are read and printed; a protocol without one is printed as its number.
const NAMES: &[(u8, &str)] = &[
    (1, "icmp"),
    (6, "tcp"),
    (17, "udp"),
    (47, "gre"),
    (50, "esp"),
    (51, "ah"),
    (58, "icmpv6"),
    (132, "sctp"),
];

impl Protocol {
    /// ICMP for IPv4.
    pub const ICMP: Self = Self(1);
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP.
    pub const UDP: Self = Self(17);
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self(58);

    /// The protocols that have names.
    pub fn named() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(number, _)| Self(*number))
    }

    /// Whether headers of this protocol have ports that rules may test.
    pub const fn has_ports(self) -> bool {
        matches!(self, Self::TCP | Self::UDP)
    }

    /// Whether traffic of this protocol is asked for by its ports or types. ICMPv6 over IPv4 is not: nobody reads its types.
    pub const fn has_own_key(self) -> bool {
        self.has_ports() || matches!(self, Self::ICMP)
    }

    /// Whether headers of this protocol have an ICMP type and code.
    pub const fn is_icmp(self) -> bool {
        matches!(self, Self::ICMP | Self::ICMPV6)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|(number, _)| *number == self.0) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Protocol {
    type Err = ProtocolError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(number, _)| *number);
        named.or_else(|| text.parse().ok()).map(Self).ok_or_else(|| ProtocolError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_mean_the_same() {
        // Both forms are mixed in one text: "6" and "tcp" are one protocol.
        for (number, name) in NAMES {
            assert_eq!(name.parse::<Protocol>().unwrap(), number.to_string().parse().unwrap());
            assert_eq!(Protocol(*number).to_string(), *name);
        }
        assert_eq!(Protocol(89).to_string(), "89");
        assert!("256".parse::<Protocol>().is_err());
        assert!("-1".parse::<Protocol>().is_err());
    }
}
