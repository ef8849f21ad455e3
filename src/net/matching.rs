//! The test of a header as data. Rules hold it, evaluators apply it, exact sets are compiled from it.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use super::{Cidr, CidrSet, Direction, Header, IcmpType, Payload, PortRange, Protocol};

/// Which addresses pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressMatch {
    /// Every address of both families.
    Any,
    /// Addresses inside one block.
    Within(Cidr),
    /// Addresses inside at least one block of a shared list.
    WithinAny(Arc<CidrSet>),
}

impl AddressMatch {
    /// Whether `address` passes.
    pub fn contains(&self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Within(cidr) => cidr.contains(address),
            Self::WithinAny(list) => list.contains(address),
        }
    }

    /// Whether every address of one family passes, as `0.0.0.0/0` or `::/0`.
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::Within(cidr) if cidr.is_everything())
    }
}

/// Which ICMP types and codes pass; `None` means every one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IcmpMatch {
    /// Type, or every type.
    pub kind: Option<u8>,
    /// Code, or every code.
    pub code: Option<u8>,
}

impl IcmpMatch {
    /// Every type and code.
    pub const ALL: Self = Self { kind: None, code: None };

    /// Whether `icmp` passes.
    pub fn contains(self, icmp: IcmpType) -> bool {
        self.kind.is_none_or(|kind| kind == icmp.kind) && self.code.is_none_or(|code| code == icmp.code)
    }
}

/// What kind of traffic passes, whoever exchanges it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// One protocol, or every one.
    pub protocol: Option<Protocol>,
    /// Destination ports of TCP and UDP; other protocols ignore it.
    pub ports: PortRange,
    /// Types and codes of ICMP and ICMPv6; other protocols ignore it.
    pub icmp: IcmpMatch,
}

impl Service {
    /// All traffic.
    pub const ALL: Self = Self { protocol: None, ports: PortRange::ALL, icmp: IcmpMatch::ALL };

    /// All traffic of `protocol`.
    pub const fn protocol(protocol: Protocol) -> Self {
        Self { protocol: Some(protocol), ..Self::ALL }
    }

    /// Ports of TCP or UDP.
    pub const fn ports(protocol: Protocol, ports: PortRange) -> Self {
        Self { ports, ..Self::protocol(protocol) }
    }

    /// Whether a header of this traffic passes.
    pub fn contains(&self, header: &Header) -> bool {
        self.protocol.is_none_or(|protocol| protocol == header.protocol)
            && match header.payload {
                Payload::Ports { destination, .. } => self.ports.contains(destination),
                Payload::Icmp(icmp) => self.icmp.contains(icmp),
                Payload::Opaque => true,
            }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(protocol) = self.protocol else { return f.write_str("all") };
        write!(f, "{protocol}")?;
        if protocol.has_ports() && self.ports != PortRange::ALL {
            write!(f, " {}", self.ports)?;
        }
        match self.icmp {
            IcmpMatch { kind: Some(kind), code: Some(code) } => write!(f, " {kind}/{code}"),
            IcmpMatch { kind: Some(kind), code: None } => write!(f, " {kind}"),
            IcmpMatch { kind: None, .. } => Ok(()),
        }
    }
}

/// The test of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Protocol, ports, type and code.
    pub service: Service,
    /// Addresses of the sender.
    pub source: AddressMatch,
    /// Addresses of the receiver.
    pub destination: AddressMatch,
}

impl Match {
    /// The test of a rule for `direction`: `remote` is the source at ingress, the destination at egress.
    pub const fn with_remote(service: Service, direction: Direction, remote: AddressMatch) -> Self {
        match direction {
            Direction::Ingress => Self { service, source: remote, destination: AddressMatch::Any },
            Direction::Egress => Self { service, source: AddressMatch::Any, destination: remote },
        }
    }

    /// The side that [`Match::with_remote`] was given.
    pub const fn remote(&self, direction: Direction) -> &AddressMatch {
        match direction {
            Direction::Ingress => &self.source,
            Direction::Egress => &self.destination,
        }
    }

    /// Whether `header` passes.
    pub fn contains(&self, header: &Header) -> bool {
        self.service.contains(header)
            && self.source.contains(header.source)
            && self.destination.contains(header.destination)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(protocol: Protocol, payload: Payload) -> Header {
        Header {
            source: "10.0.0.1".parse().unwrap(),
            destination: "10.0.1.2".parse().unwrap(),
            protocol,
            payload,
        }
    }

    #[test]
    fn ports_test_the_destination_only() {
        let service = Service::ports(Protocol::TCP, PortRange::single(443));
        let to_443 = header(Protocol::TCP, Payload::Ports { source: 1, destination: 443 });
        assert!(service.contains(&to_443));
        assert!(!service.contains(&to_443.reversed()));
        assert!(!service.contains(&Header { protocol: Protocol::UDP, ..to_443 }));
    }

    #[test]
    fn remote_follows_direction() {
        let cidr = AddressMatch::Within("10.0.0.0/24".parse().unwrap());
        let packet = header(Protocol(47), Payload::Opaque);
        assert!(Match::with_remote(Service::ALL, Direction::Ingress, cidr.clone()).contains(&packet));
        assert!(!Match::with_remote(Service::ALL, Direction::Egress, cidr).contains(&packet));
    }

    #[test]
    fn services_print_as_they_are_written() {
        let icmp =
            Service { icmp: IcmpMatch { kind: Some(8), code: None }, ..Service::protocol(Protocol::ICMP) };
        assert_eq!(Service::ALL.to_string(), "all");
        assert_eq!(icmp.to_string(), "icmp 8");
        assert_eq!(Service::ports(Protocol::UDP, PortRange::new(1, 9).unwrap()).to_string(), "udp 1-9");
    }
}
