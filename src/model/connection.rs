//! A connection to simulate.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::{Burst, EphemeralPorts, Exchange, Gateway, Index, NetworkInterface};
use crate::diagnostic::Origin;
use crate::net::{Header, IcmpType, Payload, PortRange, Protocol, socket};

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// An interface of the network.
    Interface(Index<NetworkInterface>),
    /// An address that no interface of the network has.
    Address(IpAddr),
    /// A service of AWS at public addresses that nothing in the network names; the address stands for them.
    Service(IpAddr),
    /// The internet at large: an address that nothing names more closely than `/0`.
    Internet(IpAddr),
}

/// Why it is not known whom a DNS name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameDoubt {
    /// It may be a private name of this interface endpoint, of which the names are a guess.
    OfEndpoint(Index<Gateway>),
    /// It is the global name of a bucket, which leads to the bucket's Region.
    /// AWS: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingBackwardsCompatibility>
    BucketRegion,
}

/// What is asked for, as written: `tcp: 443`, `icmp: echo-request`, `protocol: 47`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// A TCP port.
    Tcp(u16),
    /// A UDP port.
    Udp(u16),
    /// An ICMP type and code; of ICMPv6 when the addresses are IPv6.
    Icmp(Icmp),
    /// Any other protocol.
    Protocol(Protocol),
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(port) => write!(f, "tcp {port}"),
            Self::Udp(port) => write!(f, "udp {port}"),
            Self::Icmp(Icmp::EchoRequest) => f.write_str("icmp echo-request"),
            Self::Icmp(Icmp::Number(icmp)) => write!(f, "icmp {}/{}", icmp.kind, icmp.code),
            Self::Protocol(protocol) => protocol.fmt(f),
        }
    }
}

/// An ICMP message, by a name that both families have or by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icmp {
    /// Echo request: type 8 of ICMP, 128 of ICMPv6.
    EchoRequest,
    /// A type and code by number.
    Number(IcmpType),
}

/// The packet that opens a connection, but for the client's port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Address the client sends from.
    pub source: IpAddr,
    /// Address the client sends to.
    pub destination: IpAddr,
    /// IP protocol.
    pub protocol: Protocol,
    /// Server's port of TCP and UDP.
    pub port: Option<u16>,
    /// Type and code of ICMP.
    pub icmp: Option<IcmpType>,
}

impl Request {
    /// The header when the client uses `source_port`.
    pub fn header(&self, source_port: u16) -> Header {
        let payload = match (self.port, self.icmp) {
            (Some(destination), _) => Payload::Ports { source: source_port, destination },
            (None, Some(icmp)) => Payload::Icmp(icmp),
            (None, None) => Payload::Opaque,
        };
        Header { source: self.source, destination: self.destination, protocol: self.protocol, payload }
    }

    /// The request with a range of source ports, as people write it.
    pub fn describe(&self, source_ports: PortRange) -> String {
        match self.port {
            Some(port) => format!(
                "{} {} -> {}",
                self.protocol,
                socket(self.source, source_ports),
                socket(self.destination, port)
            ),
            None => self.header(0).to_string(),
        }
    }
}

/// A connection whose ends are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Name.
    pub name: String,
    /// Who opens it.
    pub from: Endpoint,
    /// Whom it is for.
    pub to: Endpoint,
    /// What the far end stands for as well, so that the client may connect to either: other addresses of an endpoint.
    pub alternatives: Vec<(IpAddr, Endpoint)>,
    /// What the near end stands for as well, so that the client may be either: other interfaces of a service's resource.
    pub near_alternatives: Vec<(IpAddr, Endpoint)>,
    /// Why it is not known whom it is for, when that is so.
    pub doubt: Option<NameDoubt>,
    /// `from` and `to` as they were written.
    pub labels: [String; 2],
    /// The opening packet.
    pub request: Request,
    /// The client's ports: one, or its whole ephemeral range.
    pub source_ports: PortRange,
    /// Behind how many proxies it is, which opened it.
    pub proxies: u8,
    /// Whether it is the health check of a target, which nobody stated.
    pub is_health_check: bool,
    /// Whether the ephemeral range was assumed.
    pub ephemeral: Option<&'static EphemeralPorts>,
    /// Offset from the scenario's start.
    pub at: Duration,
    /// Sizes and patience of a simulated exchange.
    pub exchange: Exchange,
    /// Stated traffic, instead of the exchange.
    pub bursts: Option<Vec<Burst>>,
    /// Which of their source ports NAT gateways choose for it.
    pub port_choice: u16,
    /// Whether another connection of the scenario is the same flow, by its ends and ports, while this one is remembered.
    pub shares_flow: bool,
    /// Where it was read.
    pub origin: Option<Origin>,
}

impl Connection {
    /// When its first packet is sent, from the scenario's start.
    pub fn begin(&self) -> Duration {
        first_packet(self.at, self.bursts.as_deref())
    }

    /// The far ends that the client may connect to, with the address of each.
    pub fn far_ends(&self) -> impl Iterator<Item = (IpAddr, Endpoint)> + '_ {
        std::iter::once((self.request.destination, self.to)).chain(self.alternatives.iter().copied())
    }

    /// The near ends that may open it, with the address of each.
    pub fn near_ends(&self) -> impl Iterator<Item = (IpAddr, Endpoint)> + '_ {
        std::iter::once((self.request.source, self.from)).chain(self.near_alternatives.iter().copied())
    }

    /// The near end that sends from `source`.
    #[inline]
    pub fn near_end(&self, source: IpAddr) -> Endpoint {
        let other = self.near_alternatives.iter().find(|(address, _)| *address == source);
        other.map_or(self.from, |(_, end)| *end)
    }
}

/// When the first of stated `bursts` is sent, or else an exchange begins.
pub(super) fn first_packet(at: Duration, bursts: Option<&[Burst]>) -> Duration {
    bursts.into_iter().flatten().map(|burst| burst.at).min().unwrap_or(at)
}
