//! What looks at traffic, as it was read: flow logs and traffic mirror sessions.

use std::time::Duration;

use super::Reference;
use crate::diagnostic::Located;
use crate::model::{
    Identity, RecordTimes, RuleNumber, TagFieldSpecification, TrafficMirrorFilterRule, TrafficType,
};
use crate::net::PerDirection;

/// A traffic mirror filter.
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficMirrorFilter {
    /// Name and id.
    pub identity: Identity,
    /// Its rules by direction.
    pub rules: PerDirection<Vec<TrafficMirrorFilterRule>>,
}

/// A traffic mirror session.
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficMirrorSession {
    /// Name and id.
    pub identity: Identity,
    /// The interface whose packets are copied, or an instance that has no other.
    pub source: Reference,
    /// Who gets the copies: an interface, an instance that has no other, or what is not simulated.
    pub target: Reference,
    /// Which packets.
    pub filter: Reference,
    /// Its place among those of the source.
    pub session_number: RuleNumber,
    /// How many bytes of each packet are copied.
    pub packet_length: Option<u16>,
}

/// A flow log.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowLog {
    /// Name and id.
    pub identity: Identity,
    /// A VPC, a subnet, an interface, an instance with one interface, a transit gateway, or an attachment of one.
    pub resource: Reference,
    /// Which actions it keeps; `None` leaves AWS's default, and is the only choice for transit gateways.
    pub traffic_type: Option<Located<TrafficType>>,
    /// Configured interval; `None` leaves AWS's default.
    pub max_aggregation_interval: Option<Located<Duration>>,
    /// The `${field}` text, or the default format.
    pub log_format: Option<Located<String>>,
    /// The tags that it shows.
    pub tag_fields: Vec<TagFieldSpecification>,
    /// The account that made it; `None` is the owner of the VPC, or of the transit gateway.
    pub account: Option<Located<String>>,
    /// Windows in which AWS loses the records.
    pub skipdata: Vec<Skip>,
    /// What its records tell as their start and end.
    pub record_times: RecordTimes,
}

/// A stated loss of records.
#[derive(Debug, Clone, PartialEq)]
pub struct Skip {
    /// An instant inside the window, from the scenario's start.
    pub at: Located<Duration>,
    /// The interface that loses its records, or every one of the flow log.
    pub interface: Option<Reference>,
}
