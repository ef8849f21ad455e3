//! Transit gateways as they were read.

use super::{Reference, Route};
use crate::model::{Availability, CustomerAttachment, Identity};

/// What a transit gateway has of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitGateway {
    /// What it is attached to.
    pub attachments: Vec<TransitGatewayAttachment>,
    /// Its route tables; `None` leaves the one that AWS creates, in which all attachments are associated and propagated.
    pub route_tables: Option<Vec<TransitGatewayRouteTable>>,
    /// Whether rules can name security groups across it; `None` when nobody said, or for AWS's default.
    pub security_group_referencing: Option<bool>,
    /// Its owner, when not the inventory's account.
    pub account: Option<String>,
    /// Its Region, when not that of the VPCs it attaches.
    pub region: Option<String>,
}

/// An attachment of a transit gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitGatewayAttachment {
    /// Name and id.
    pub identity: Identity,
    /// What is attached.
    pub resource: AttachedResource,
    /// Its state, as AWS says it.
    pub state: &'static str,
    /// Whether in that state it carries packets.
    pub availability: Availability,
    /// Whether nobody said with which route table it is associated, or that it is with none.
    pub association_unknown: bool,
    /// Whether both directions of a flow use one zone of it; `None` of this and the others when nobody said, or for
    /// AWS's default.
    pub appliance_mode: Option<bool>,
    /// Whether rules can name security groups across it.
    pub security_group_referencing: Option<bool>,
    /// Whether it propagates IPv6 blocks.
    pub ipv6_support: Option<bool>,
}

/// What is attached to a transit gateway.
#[derive(Debug, Clone, PartialEq)]
pub enum AttachedResource {
    /// A VPC, by an interface in each of some subnets.
    Vpc {
        /// The VPC.
        vpc: Reference,
        /// The interfaces.
        network_interfaces: Vec<Reference>,
    },
    /// Another transit gateway.
    Peering(Reference),
    /// Networks that are no VPCs.
    Customer(CustomerAttachment),
}

/// A route table of a transit gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitGatewayRouteTable {
    /// Name and id.
    pub identity: Identity,
    /// The attachments whose packets it routes; `None` when they were not collected.
    pub associations: Option<Vec<Reference>>,
    /// The attachments that bring their blocks into it.
    pub propagations: Vec<Reference>,
    /// Its routes to attachments; `None` when they were not collected.
    pub routes: Option<Vec<Route>>,
}
