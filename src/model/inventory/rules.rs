//! Rules as they were read: network ACLs, security groups, route tables, prefix lists.

use super::Reference;
use crate::diagnostic::{Located, Origin};
use crate::model::{Identity, RouteOrigin, RuleAction, RuleNumber};
use crate::net::{Cidr, PerDirection, Service};

/// A managed prefix list.
#[derive(Debug, Clone, PartialEq)]
pub struct PrefixList {
    /// Name and id.
    pub identity: Identity,
    /// Its entries, of one address family; `None` when they were not collected.
    pub entries: Option<Vec<Located<Cidr>>>,
}

/// A network ACL.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkAcl {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Option<Reference>,
    /// Entries by direction; `None` leaves what AWS creates.
    pub entries: PerDirection<Option<Vec<NetworkAclEntry>>>,
}

/// An entry of a network ACL.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkAclEntry {
    /// Place in the order of evaluation.
    pub number: RuleNumber,
    /// Allow or deny.
    pub action: RuleAction,
    /// Protocol, ports, ICMP type and code.
    pub service: Service,
    /// The far side.
    pub cidr_block: Cidr,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// A security group.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityGroup {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Option<Reference>,
    /// Other VPCs of the Region with which it is associated.
    pub associated_vpcs: Vec<Reference>,
    /// Rules by direction; `None` leaves what AWS creates.
    pub rules: PerDirection<Option<Vec<SecurityGroupRule>>>,
}

/// A rule of a security group, with exactly one far side.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityGroupRule {
    /// `sgr-…`, when known.
    pub id: Option<String>,
    /// Protocol, ports, ICMP type and code.
    pub service: Service,
    /// The far side.
    pub peer: Peer,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// The far side of a security group rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Peer {
    /// A block of addresses.
    Cidr(Cidr),
    /// A security group or a prefix list: whichever has the name.
    Named(Reference),
    /// A security group.
    Group(Reference),
    /// A prefix list.
    PrefixList(Reference),
}

/// A route table.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteTable {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Option<Reference>,
    /// Whether it is the main one of its VPC.
    pub main: bool,
    /// Its routes; local routes are added by AWS.
    pub routes: Vec<Route>,
}

/// A route.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Where packets go that it carries.
    pub destination: Destination,
    /// What takes them: `local`, `blackhole`, a gateway, an interface or an instance.
    pub target: Reference,
    /// Whether AWS reports the state `blackhole`.
    pub blackhole: bool,
    /// How it came into the table.
    pub route_origin: RouteOrigin,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// The destination of a route.
#[derive(Debug, Clone, PartialEq)]
pub enum Destination {
    /// A block of addresses.
    Cidr(Cidr),
    /// A managed prefix list.
    PrefixList(Reference),
}
