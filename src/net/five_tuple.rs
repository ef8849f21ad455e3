//! The test of a header by lists for each of its five parts: protocol, addresses and ports of both sides.

use std::fmt;
use std::net::IpAddr;

use super::{Cidr, Header, PortRange, Protocol};

/// Lists of what passes; an empty list passes everything. Ports are those of TCP and UDP: other protocols have none, and
/// pass whatever the list of ports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FiveTuple {
    /// Protocols.
    pub protocols: Vec<Protocol>,
    /// Blocks of the sender.
    pub sources: Vec<Cidr>,
    /// Ports of the sender.
    pub source_ports: Vec<PortRange>,
    /// Blocks of the receiver.
    pub destinations: Vec<Cidr>,
    /// Ports of the receiver.
    pub destination_ports: Vec<PortRange>,
}

impl FiveTuple {
    /// Whether it tests a port.
    pub fn has_ports(&self) -> bool {
        !self.source_ports.is_empty() || !self.destination_ports.is_empty()
    }

    /// Whether `header` passes.
    pub fn contains(&self, header: &Header) -> bool {
        (self.protocols.is_empty() || self.protocols.contains(&header.protocol))
            && is_in(&self.sources, header.source)
            && is_in(&self.destinations, header.destination)
            && has_port(&self.source_ports, header.source_port())
            && has_port(&self.destination_ports, header.destination_port())
    }
}

fn is_in(blocks: &[Cidr], address: IpAddr) -> bool {
    blocks.is_empty() || blocks.iter().any(|block| block.contains(address))
}

fn has_port(ranges: &[PortRange], port: Option<u16>) -> bool {
    ranges.is_empty() || port.is_none_or(|port| ranges.iter().any(|range| range.contains(port)))
}

/// As rules are written: `tcp 443 from 10.0.0.0/8 port 1024-65535 to any`.
impl fmt::Display for FiveTuple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(&self.protocols, "all"))?;
        if !self.destination_ports.is_empty() {
            write!(f, " {}", joined(&self.destination_ports, ""))?;
        }
        write!(f, " from {}", joined(&self.sources, "any"))?;
        if !self.source_ports.is_empty() {
            write!(f, " port {}", joined(&self.source_ports, ""))?;
        }
        write!(f, " to {}", joined(&self.destinations, "any"))
    }
}

fn joined<T: fmt::Display>(list: &[T], none: &str) -> String {
    if list.is_empty() {
        return none.to_owned();
    }
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Payload;

    fn header(protocol: Protocol, payload: Payload) -> Header {
        let [source, destination] = ["10.0.0.1", "192.0.2.1"].map(|text| text.parse().unwrap());
        Header { source, destination, protocol, payload }
    }

    #[test]
    fn every_list_must_have_its_part() {
        let web = FiveTuple {
            protocols: vec![Protocol::TCP],
            sources: vec!["10.0.0.0/8".parse().unwrap()],
            destination_ports: vec![PortRange::single(80), PortRange::single(443)],
            ..FiveTuple::default()
        };
        let to_443 = header(Protocol::TCP, Payload::Ports { source: 5000, destination: 443 });
        assert!(web.contains(&to_443));
        assert!(!web.contains(&to_443.reversed()));
        assert!(!web.contains(&header(Protocol::UDP, to_443.payload)));
        assert_eq!(web.to_string(), "tcp 80,443 from 10.0.0.0/8 to any");
    }

    #[test]
    fn empty_lists_and_protocols_without_ports_pass() {
        let gre = header(Protocol(47), Payload::Opaque);
        assert!(FiveTuple::default().contains(&gre));
        let ports = FiveTuple { source_ports: vec![PortRange::single(1)], ..FiveTuple::default() };
        assert!(ports.contains(&gre));
        assert_eq!(ports.to_string(), "all from any port 1 to any");
    }
}
