//! What a router or filter sees of a packet.

use std::fmt;
use std::net::IpAddr;

use super::{Direction, Family, Protocol};

/// ICMP or ICMPv6 type and code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IcmpType {
    /// Type, e.g. 8 for an IPv4 echo request.
    pub kind: u8,
    /// Code within the type.
    pub code: u8,
}

/// The part of a header that depends on the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payload {
    /// TCP and UDP.
    Ports {
        /// Port of the sender.
        source: u16,
        /// Port of the receiver.
        destination: u16,
    },
    /// ICMP and ICMPv6.
    Icmp(IcmpType),
    /// Any other protocol: nothing that a rule could test.
    Opaque,
}

/// Addresses, protocol and what the protocol adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Header {
    /// Address of the sender.
    pub source: IpAddr,
    /// Address of the receiver.
    pub destination: IpAddr,
    /// IP protocol.
    pub protocol: Protocol,
    /// Ports, or ICMP type and code.
    pub payload: Payload,
}

/// ICMP requests and their answers: (protocol, request, answer).
/// RFC 792, RFC 4443.
const ICMP_PAIRS: &[(Protocol, u8, u8)] = &[
    (Protocol::ICMP, 8, 0),
    (Protocol::ICMP, 13, 14),
    (Protocol::ICMP, 15, 16),
    (Protocol::ICMP, 17, 18),
    (Protocol::ICMPV6, 128, 129),
];

impl Header {
    /// The address family of both addresses.
    pub const fn family(&self) -> Family {
        Family::of(self.source)
    }

    /// The address that a rule for `direction` tests: the source at ingress, the destination at egress.
    pub const fn remote(&self, direction: Direction) -> IpAddr {
        match direction {
            Direction::Ingress => self.source,
            Direction::Egress => self.destination,
        }
    }

    /// Destination port of TCP and UDP.
    pub const fn destination_port(&self) -> Option<u16> {
        match self.payload {
            Payload::Ports { destination, .. } => Some(destination),
            Payload::Icmp(_) | Payload::Opaque => None,
        }
    }

    /// Source port of TCP and UDP.
    pub const fn source_port(&self) -> Option<u16> {
        match self.payload {
            Payload::Ports { source, .. } => Some(source),
            Payload::Icmp(_) | Payload::Opaque => None,
        }
    }

    /// The same packet from another port; of protocols without ports, the packet itself.
    #[must_use]
    pub(crate) fn with_source_port(&self, source: u16) -> Self {
        let payload = match self.payload {
            Payload::Ports { destination, .. } => Payload::Ports { source, destination },
            other => other,
        };
        Self { payload, ..*self }
    }

    /// The same packet to another address and port.
    #[must_use]
    pub(crate) fn with_destination(&self, destination: IpAddr, port: u16) -> Self {
        let payload = match self.payload {
            Payload::Ports { source, .. } => Payload::Ports { source, destination: port },
            other => other,
        };
        Self { destination, payload, ..*self }
    }

    /// The same packet to the port of `other`; of protocols without ports, the packet itself.
    #[must_use]
    pub(crate) fn toward_port_of(&self, other: &Self) -> Self {
        let payload = match (self.payload, other.payload) {
            (Payload::Ports { source, .. }, Payload::Ports { destination, .. }) => {
                Payload::Ports { source, destination }
            }
            (own, _) => own,
        };
        Self { payload, ..*self }
    }

    /// The header of the packet that answers this one. Reversing twice gives the same header.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let payload = match self.payload {
            Payload::Ports { source, destination } => {
                Payload::Ports { source: destination, destination: source }
            }
            Payload::Icmp(icmp) => Payload::Icmp(IcmpType {
                kind: self.icmp_counterpart(icmp.kind).unwrap_or(icmp.kind),
                ..icmp
            }),
            Payload::Opaque => Payload::Opaque,
        };
        Self { source: self.destination, destination: self.source, payload, ..*self }
    }

    /// Whether this is the header of the packet that answers `opening`.
    pub(crate) fn answers(&self, opening: &Self) -> bool {
        let is_payload = || match (self.payload, opening.payload) {
            (Payload::Ports { source, destination }, Payload::Ports { source: to, destination: from }) => {
                source == from && destination == to
            }
            _ => self.reversed().payload == opening.payload,
        };
        self.protocol == opening.protocol
            && self.source == opening.destination
            && self.destination == opening.source
            && is_payload()
    }

    /// Whether a packet like this one is answered at all: of ICMP only requests are.
    pub fn expects_reply(&self) -> bool {
        match self.payload {
            Payload::Icmp(icmp) => ICMP_PAIRS
                .iter()
                .any(|(protocol, request, _)| *protocol == self.protocol && *request == icmp.kind),
            Payload::Ports { .. } | Payload::Opaque => true,
        }
    }

    fn icmp_counterpart(&self, kind: u8) -> Option<u8> {
        ICMP_PAIRS.iter().filter(|(protocol, ..)| *protocol == self.protocol).find_map(
            |(_, request, answer)| {
                if *request == kind {
                    Some(*answer)
                } else if *answer == kind {
                    Some(*request)
                } else {
                    None
                }
            },
        )
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, destination, protocol, payload } = self;
        match payload {
            Payload::Ports { source: from, destination: to } => {
                write!(f, "{protocol} {} -> {}", socket(*source, from), socket(*destination, to))
            }
            Payload::Icmp(IcmpType { kind, code }) => {
                write!(f, "{protocol} {kind}/{code} {source} -> {destination}")
            }
            Payload::Opaque => write!(f, "{protocol} {source} -> {destination}"),
        }
    }
}

/// An address and its port as people write them; `port` may be a range.
pub(crate) fn socket(address: IpAddr, port: impl fmt::Display) -> String {
    match address {
        IpAddr::V4(v4) => format!("{v4}:{port}"),
        IpAddr::V6(v6) => format!("[{v6}]:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icmp(protocol: Protocol, kind: u8) -> Header {
        Header {
            source: "10.0.0.1".parse().unwrap(),
            destination: "10.0.0.2".parse().unwrap(),
            protocol,
            payload: Payload::Icmp(IcmpType { kind, code: 0 }),
        }
    }

    #[test]
    fn an_echo_request_is_answered_by_an_echo_reply() {
        let reply = icmp(Protocol::ICMP, 8).reversed();
        assert_eq!(reply.payload, Payload::Icmp(IcmpType { kind: 0, code: 0 }));
        assert_eq!(reply.source.to_string(), "10.0.0.2");
        assert_eq!(
            icmp(Protocol::ICMPV6, 128).reversed().payload,
            Payload::Icmp(IcmpType { kind: 129, code: 0 })
        );
        assert!(!icmp(Protocol::ICMP, 3).expects_reply());
    }
}
