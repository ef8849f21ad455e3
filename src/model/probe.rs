//! What a packet is screened by.

use std::net::IpAddr;

use crate::net::{Direction, Header, IcmpMatch, Payload, PortRange, Service};

/// What a packet is screened by: the address of its far side, and its service where the dense form has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe {
    pub(super) address: IpAddr,
    /// Whether the service is as good as any: of an address alone, and of protocols without ports and types.
    pub(super) any_service: bool,
    pub(super) protocol: u8,
    /// Ports, or ICMP types and codes, from the first to the last that is asked about.
    pub(super) first: u16,
    pub(super) last: u16,
}

impl Probe {
    /// The far side and the service of `header`.
    #[inline]
    pub(crate) fn of(header: &Header, direction: Direction) -> Self {
        let selector = match header.payload {
            Payload::Ports { destination, .. } if header.protocol.has_ports() => Some(destination),
            Payload::Icmp(icmp) if header.protocol.is_icmp() => Some(selector(icmp.kind, icmp.code)),
            _ => None, // rare, and left to the rules
        };
        Self {
            address: header.remote(direction),
            any_service: selector.is_none(),
            protocol: header.protocol.0,
            first: selector.unwrap_or_default(),
            last: selector.unwrap_or_default(),
        }
    }

    /// As [`Probe::of`] for every destination port of `ports`.
    pub(crate) fn of_ports(header: &Header, direction: Direction, ports: PortRange) -> Self {
        let probe = Self::of(header, direction);
        if header.protocol.has_ports() {
            Self { first: ports.from(), last: ports.to(), ..probe }
        } else {
            probe
        }
    }

    /// An address alone.
    pub(crate) const fn address(address: IpAddr) -> Self {
        Self { address, any_service: true, protocol: 0, first: 0, last: 0 }
    }
}

/// ICMP type and code as one number, so that a range says what ports say.
const fn selector(kind: u8, code: u8) -> u16 {
    u16::from_be_bytes([kind, code])
}

/// What a service tests besides its protocol, as one range; `None` when that cannot say it.
pub(super) fn selectors(service: Service) -> Option<(u16, u16)> {
    const ALL: (u16, u16) = (0, u16::MAX);
    match (service.protocol, service.icmp) {
        (None, IcmpMatch::ALL) if service.ports == PortRange::ALL => Some(ALL),
        (Some(protocol), _) if protocol.has_ports() => Some((service.ports.from(), service.ports.to())),
        (Some(protocol), icmp) if protocol.is_icmp() => match icmp {
            IcmpMatch { kind: Some(kind), code: Some(code) } => {
                Some((selector(kind, code), selector(kind, code)))
            }
            IcmpMatch { kind: Some(kind), code: None } => Some((selector(kind, 0), selector(kind, u8::MAX))),
            IcmpMatch { kind: None, code: None } => Some(ALL),
            IcmpMatch { kind: None, code: Some(_) } => None,
        },
        _ => None,
    }
}
