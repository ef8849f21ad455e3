//! A record before it becomes text: numbers and indices, nothing looked up yet.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>

use std::fmt;

use super::{AwsServices, Transit};
use crate::model::{FlowLog, Index, LegKind, Network, NetworkInterface, SeenFlags, Vantage};
use crate::net::{Direction, Header, Timestamp};

/// Whether security groups and network ACLs let the traffic pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// They do.
    Accept,
    /// One of them does not.
    Reject,
}

impl Action {
    /// As records write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Reject => "REJECT",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why traffic was refused, where AWS says it: of refusals by security groups and network ACLs it does not.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `reject-reason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RejectReason {
    /// VPC Block Public Access. AWS does not report the bytes.
    BlockPublicAccess,
    /// VPC encryption controls, at an endpoint.
    EncryptionControls,
}

impl RejectReason {
    /// As records write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BlockPublicAccess => "BPA",
            Self::EncryptionControls => "EC",
        }
    }
}

/// Whether the record holds data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogStatus {
    /// It does.
    Ok,
    /// The interface had no traffic in the window.
    NoData,
    /// Records of the window were lost.
    SkipData,
}

impl LogStatus {
    /// As records write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::NoData => "NODATA",
            Self::SkipData => "SKIPDATA",
        }
    }
}

/// Which packets of which connection a record comes from. It is small, since there are millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    connection: u32,
    way: u16,
    leg: LegKind,
    sighting: u8,
}

impl Cause {
    /// The packets of `connection`, by its position in the scenario, that were sighted at a position of one of its ways.
    pub(super) fn new(connection: usize, leg: LegKind, way: usize, sighting: usize) -> Self {
        Self {
            connection: u32::try_from(connection).unwrap_or(u32::MAX),
            way: u16::try_from(way).unwrap_or(u16::MAX),
            leg,
            // A way is not that long: a walk ends within its hop budget.
            sighting: u8::try_from(sighting).unwrap_or(u8::MAX),
        }
    }

    /// The connection's position in the scenario.
    pub const fn connection(self) -> usize {
        self.connection as usize
    }

    /// Which leg.
    pub const fn leg(self) -> LegKind {
        self.leg
    }

    /// Position of the way among those of the connection.
    pub fn way(self) -> usize {
        self.way.into()
    }

    /// Position among the sightings of the way.
    pub fn sighting(self) -> usize {
        self.sighting.into()
    }
}

/// The traffic that a record counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// As the interface sees it.
    pub direction: Direction,
    /// The packet at the interface.
    pub header: Header,
    /// What the rules decided; a transit gateway accepts everything.
    pub action: Action,
    /// Why not, where AWS says it.
    pub reject_reason: Option<RejectReason>,
    /// Number of packets.
    pub packets: u64,
    /// Sum of IP lengths.
    pub bytes: u64,
    /// The flags of all packets of the window.
    pub tcp_flags: SeenFlags,
    /// By which way egress traffic left.
    pub traffic_path: Option<u8>,
    /// The interface that receives egress traffic, or that sent ingress traffic.
    pub next_hop: Option<Index<NetworkInterface>>,
    /// Where it crosses a transit gateway, in records of one.
    pub transit: Option<Transit>,
    /// The connection that began the flow.
    pub cause: Cause,
}

/// One record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlowLogRecord {
    /// The network that its indices belong to, by its position among those of the scenario.
    pub epoch: u16,
    /// The flow log that wrote it.
    pub flow_log: Index<FlowLog>,
    /// The interface, or the attachment of a transit gateway, that it is about.
    pub vantage: Vantage,
    /// End of its window.
    pub window_end: Timestamp,
    /// First packet, or the window's start when there is none.
    pub start: Timestamp,
    /// Last packet, or the window's end.
    pub end: Timestamp,
    /// Whether there is data.
    pub status: LogStatus,
    /// The traffic, when there is data.
    pub flow: Option<Flow>,
}

/// A record with everything that its fields are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The network.
    pub network: &'a Network,
    /// AWS's published address ranges.
    pub services: &'a AwsServices,
    /// Version of the format.
    pub version: u8,
    /// The record.
    pub record: &'a FlowLogRecord,
}
