//! What a client sends: its ports, the sizes of an exchange, stated bursts, TCP flags.

use std::fmt;
use std::time::Duration;

use smallvec::SmallVec;

use crate::diagnostic::Origin;

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
    /// Number of echo requests, one a second unless `request_every` says otherwise.
    pub count: u64,
    /// How long the client keeps the connection open, or goes on asking.
    pub lasts: Duration,
    /// After which time it asks again, while it lasts; without it there is one request.
    pub request_every: Option<Duration>,
    /// How long the client tries.
    pub timeout: Duration,
}

impl Default for Exchange {
    fn default() -> Self {
        Self {
            request_bytes: None,
            response_bytes: None,
            count: 4,
            lasts: Duration::ZERO,
            request_every: None,
            timeout: Duration::from_secs(10),
        }
    }
}

impl Exchange {
    /// Number of requests, and from the first to the last of them. An echo is asked for `count` times unless it lasts.
    pub fn requests(&self, are_counted: bool) -> (u64, Duration) {
        let count = match self.request_every {
            _ if are_counted && self.lasts.is_zero() => self.count,
            Some(every) if !every.is_zero() => {
                let times = self.lasts.as_millis().div_ceil(every.as_millis().max(1)).max(1);
                u64::try_from(times).unwrap_or(u64::MAX)
            }
            _ => 1,
        };
        let every = self.request_every.unwrap_or(Duration::from_secs(1));
        let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX);
        (count, Duration::from_millis(every.saturating_mul(count.saturating_sub(1))))
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

impl LegKind {
    /// What people call its packets, and scenarios too: `request` or `reply`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forward => "request",
            Self::Reverse => "reply",
        }
    }
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

    /// What one packet adds to the flags of a window.
    pub const fn seen(self) -> SeenFlags {
        let syn_ack = self.0 & Self::SYN_ACK.0 == Self::SYN_ACK.0;
        let kept = self.0 & SeenFlags::SINGLE;
        SeenFlags(if syn_ack { kept | SeenFlags::SYN_ACK } else { kept })
    }
}

/// The flags of several packets, combined, and whether one packet had both SYN and ACK: what flow logs of both kinds
/// make their `tcp-flags` of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SeenFlags(u8);

impl SeenFlags {
    /// FIN, SYN, RST, PSH, ACK and URG.
    const SINGLE: u8 = 0b11_1111;
    /// SYN and ACK in one packet.
    const SYN_ACK: u8 = 0b100_0000;

    /// `tcp-flags` of VPC flow logs: FIN, SYN and RST, and ACK only with SYN.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields>
    pub const fn of_vpc(self) -> u8 {
        let counted = self.0 & 0b111;
        if self.0 & Self::SYN_ACK == 0 { counted } else { counted | TcpFlags::ACK.0 }
    }

    /// `tcp-flags` of transit gateway flow logs: PSH, ACK and URG as well, but 0 where there was nothing but ACK.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html#flow-logs-fields>.
    /// Assumed: transit-gateway-tcp-flags.
    pub const fn of_transit_gateway(self) -> u8 {
        let all = self.0 & Self::SINGLE;
        if all == TcpFlags::ACK.0 { 0 } else { all }
    }

    /// With those of other packets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for SeenFlags {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.and(other);
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
    pub flags: SmallVec<[TcpFlags; 16]>,
    /// Where it was read.
    pub origin: Option<Origin>,
}
