//! A connection to simulate, and what is expected of it.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::{Index, NetworkInterface};
use crate::diagnostic::{Located, Origin};
use crate::net::{Header, IcmpType, Payload, PortRange, Protocol, socket};

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// An interface of the network.
    Interface(Index<NetworkInterface>),
    /// An address that no interface of the network has.
    Address(IpAddr),
    /// The internet at large: an address that nothing names more closely than `/0`.
    Internet(IpAddr),
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
    /// `from` and `to` as they were written.
    pub labels: [String; 2],
    /// The opening packet.
    pub request: Request,
    /// The client's ports: one, or its whole ephemeral range.
    pub source_ports: PortRange,
    /// Whether the ephemeral range was assumed.
    pub ephemeral: Option<&'static EphemeralPorts>,
    /// Offset from the scenario's start.
    pub at: Duration,
    /// Sizes and patience of a simulated exchange.
    pub exchange: Exchange,
    /// Stated traffic, instead of the exchange.
    pub bursts: Option<Vec<Burst>>,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// The ports that a system's clients use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EphemeralPorts {
    /// Name in scenarios.
    pub client: &'static str,
    /// First port.
    pub from: u16,
    /// Last port.
    pub to: u16,
    /// Who uses it.
    pub doc: &'static str,
}

/// Ephemeral ranges by kind of client; the first is used when nothing is said.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports>
pub static EPHEMERAL_PORTS: &[EphemeralPorts] = &[
    EphemeralPorts {
        client: "linux",
        from: 32768,
        to: 60999,
        doc: "Linux and Amazon Linux (the kernel's default; AWS writes 61000)",
    },
    EphemeralPorts {
        client: "windows",
        from: 49152,
        to: 65535,
        doc: "Windows Server 2008, Windows 10 and later",
    },
    EphemeralPorts { client: "windows-2003", from: 1025, to: 5000, doc: "Windows up to Server 2003" },
    EphemeralPorts {
        client: "nat",
        from: 1024,
        to: 65535,
        doc: "clients behind NAT gateways, Elastic Load Balancing and Lambda; also any unknown client",
    },
];

/// Sizes and patience of a simulated exchange; what is not stated depends on the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// Payload bytes of the request.
    pub request_bytes: Option<u64>,
    /// Payload bytes of the response.
    pub response_bytes: Option<u64>,
    /// Number of echo requests, one a second.
    pub count: u64,
    /// How long the client tries.
    pub timeout: Duration,
}

impl Default for Exchange {
    fn default() -> Self {
        Self { request_bytes: None, response_bytes: None, count: 4, timeout: Duration::from_secs(10) }
    }
}

/// One of the two ways of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegKind {
    /// From the client to the server.
    Forward,
    /// From the server to the client.
    Reverse,
}

impl fmt::Display for LegKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forward => "forward",
            Self::Reverse => "reverse",
        })
    }
}

/// Flags of one TCP packet, as bits of the TCP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TcpFlags(pub u8);

impl TcpFlags {
    /// FIN
    pub const FIN: Self = Self(1);
    /// SYN
    pub const SYN: Self = Self(2);
    /// RST
    pub const RST: Self = Self(4);
    /// PSH
    pub const PSH: Self = Self(8);
    /// ACK
    pub const ACK: Self = Self(16);
    /// SYN and ACK, the second packet of a handshake.
    pub const SYN_ACK: Self = Self(18);
    /// FIN and ACK.
    pub const FIN_ACK: Self = Self(17);
    /// RST and ACK, the answer of a closed port.
    pub const RST_ACK: Self = Self(20);

    /// Names of the bits, in the order in which they are written.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("SYN", Self::SYN),
        ("FIN", Self::FIN),
        ("RST", Self::RST),
        ("PSH", Self::PSH),
        ("ACK", Self::ACK),
        ("URG", Self(32)),
        ("ECE", Self(64)),
        ("CWR", Self(128)),
    ];

    /// Reads `SYN`, `SYN-ACK`, `FIN-ACK`…; `None` for a name that is no flag.
    pub fn parse(text: &str) -> Option<Self> {
        text.split('-').try_fold(Self(0), |flags, name| {
            let (_, bit) = Self::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
            Some(Self(flags.0 | bit.0))
        })
    }

    /// What one packet adds to the `tcp-flags` of a flow log record: FIN, SYN and RST, and ACK only with SYN.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields>
    pub const fn recorded(self) -> u8 {
        let counted = self.0 & 0b111;
        let syn_ack = self.0 & Self::SYN_ACK.0 == Self::SYN_ACK.0;
        if syn_ack { counted | Self::ACK.0 } else { counted }
    }
}

/// Stated traffic of one leg: evenly spread packets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burst {
    /// Which way.
    pub leg: LegKind,
    /// First packet, from the scenario's start.
    pub at: Duration,
    /// Last packet, from the scenario's start.
    pub until: Duration,
    /// Number of packets, at least one.
    pub packets: u64,
    /// Sum of their IP lengths.
    pub bytes: u64,
    /// Flags that packets of the burst carry, one entry for each kind of packet; empty means the usual ones.
    pub flags: Vec<TcpFlags>,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// Whether a connection works, as the network decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Request and reply arrive.
    Connected,
    /// The request does not arrive.
    Blocked,
    /// The request arrives, the reply does not.
    Unanswered,
    /// It depends on what is not fixed: the cases differ.
    Depends,
    /// It rests on something not modelled or not collected, and no certain deny decides it.
    Unknown,
}

impl Outcome {
    /// All outcomes and their names.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("connected", Self::Connected),
        ("blocked", Self::Blocked),
        ("unanswered", Self::Unanswered),
        ("depends", Self::Depends),
        ("unknown", Self::Unknown),
    ];
}

/// What the client's program sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symptom {
    /// It gets what it asked for.
    Connects,
    /// It waits until it gives up.
    Timeout,
    /// It is told at once that nobody listens.
    Refused,
    /// An open connection is torn down.
    Reset,
    /// It sent datagrams and hears nothing.
    NoReply,
}

impl Symptom {
    /// All symptoms and their names.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("connects", Self::Connects),
        ("timeout", Self::Timeout),
        ("refused", Self::Refused),
        ("reset", Self::Reset),
        ("no-reply", Self::NoReply),
    ];
}

/// Whether and why a security group remembers a flow.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tracking {
    /// Its replies pass without a rule.
    Tracked,
    /// Open rules in both directions: its replies are matched against the rules.
    Untracked,
    /// Tracked because of what it passes through, whatever the rules.
    Automatic,
}

impl Tracking {
    /// All kinds and their names.
    pub const NAMES: [(&'static str, Self); 3] =
        [("tracked", Self::Tracked), ("untracked", Self::Untracked), ("automatic", Self::Automatic)];
}

macro_rules! display_by_name {
    ($($type:ty),*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Self::NAMES.iter().find(|(_, value)| value == self).map_or("", |(name, _)| name))
            }
        }
    )*};
}
display_by_name!(Outcome, Symptom, Tracking);

/// What a scenario expects of one connection; every part may be left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expectation {
    /// The connection's name.
    pub connection: Option<Located<String>>,
    /// Its outcome.
    pub outcome: Option<Located<Outcome>>,
    /// What the client sees.
    pub symptom: Option<Located<Symptom>>,
    /// All blockers of both legs, in order, by their short names.
    pub blocked_by: Option<Located<Vec<String>>>,
    /// Rules that admit it, in order and among others, by their short names.
    pub allowed_by: Option<Located<Vec<String>>>,
    /// The route chosen first on the way of the request: `10.0.0.0/8 -> local`, or `none`.
    pub route: Option<Located<String>>,
    /// How the server's security group remembers it, or the client's when the server has none.
    pub tracking: Option<Located<Tracking>>,
    /// Number of its records.
    pub records: Option<Located<u64>>,
    /// Actions of its records, in order.
    pub actions: Option<Located<Vec<String>>>,
    /// The address by which the far end knows the client.
    pub seen_as: Option<Located<IpAddr>>,
}
