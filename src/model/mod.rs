//! What exists, under AWS's names.
//!
//! [`inventory`] holds resources as they were read, references still ids. [`Network::resolve`] turns it into a
//! [`Network`]: indexed, sorted, valid by construction.

pub mod inventory;

mod arena;
mod assumption;
mod connection;
mod flow_log;
mod gateway;
mod identity;
mod instance;
mod network;
mod network_acl;
mod network_interface;
mod reserved;
mod resolve;
mod route_table;
mod security_group;

pub use arena::{Arena, Index};
pub use assumption::{ASSUMPTIONS, Assumption};
pub use connection::{
    Burst, Connection, EPHEMERAL_PORTS, Endpoint, EphemeralPorts, Exchange, Expectation, Icmp, LegKind,
    Outcome, Request, Symptom, TcpFlags, Tracking, Traffic,
};
pub use flow_log::{FlowLog, FlowLogResource, Skip, TrafficType};
pub use gateway::{GATEWAY_KINDS, Gateway, GatewayKind, GatewayKindEntry};
pub use identity::Identity;
pub(crate) use identity::stable_hash;
pub use instance::{ClosedPorts, Instance, Listener, XEN_FAMILIES, is_nitro};
pub use network::{Network, Subnet, Vpc};
pub use network_acl::{NetworkAcl, NetworkAclEntry, RuleAction, RuleNumber};
pub use network_interface::{NetworkInterface, PrivateAddress};
pub(crate) use reserved::is_never_forwarded;
pub use reserved::{RESERVED, ReservedTraffic};
pub use route_table::{Lookup, Route, RouteOrigin, RouteTable, RouteTarget};
pub use security_group::{Peer, SecurityGroup, SecurityGroupRule};
