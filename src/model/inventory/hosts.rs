//! Instances, network interfaces and services with interfaces as they were read.

use std::net::IpAddr;

use super::Reference;
use crate::diagnostic::Located;
use crate::model::{
    ClosedPorts, ConnectionTrackingConfiguration, EcsTaskNames, Forwarding, Identity, ManagedServiceKind,
    Tags,
};
use crate::net::{Cidr, Service};

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Name and id.
    pub identity: Identity,
    /// Its type, e.g. `t3.micro`; `None` leaves it to the assumption `nitro-by-default`.
    pub instance_type: Option<String>,
    /// Whether the type is built on the Nitro System, when that was said; otherwise the tables of families tell.
    pub nitro: Option<bool>,
    /// Whether it runs; one that does not neither sends nor answers. `None` when nobody said.
    pub running: Option<bool>,
    /// What its programs listen on; `None` means everything.
    pub listens: Option<Vec<Service>>,
    /// What its host does with packets to other ports.
    pub closed_ports: ClosedPorts,
    /// Its tags; of those of an account only the ones that flow logs show.
    pub tags: Tags,
    /// Those of its Auto Scaling group.
    pub auto_scaling_group_tags: Tags,
}

/// A network interface.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkInterface {
    /// Name and id.
    pub identity: Identity,
    /// Its owner, when not that of its VPC.
    pub account: Option<String>,
    /// What it is, as `InterfaceType` says it, e.g. `nat_gateway`; `None` is an ordinary interface.
    pub interface_type: Option<String>,
    /// Its subnet.
    pub subnet: Reference,
    /// The instance it is attached to.
    pub instance: Option<Reference>,
    /// Its security groups; `None` means the VPC's default group. Only interfaces that AWS manages can have none.
    pub security_groups: Option<Vec<Reference>>,
    /// The primary private address; `None` lets us choose as AWS does.
    pub private_ip: Option<Located<IpAddr>>,
    /// Public or Elastic IP of the primary private address.
    pub public_ip: Option<Located<IpAddr>>,
    /// Secondary private addresses, each with its own Elastic IP if it has one.
    pub secondary_private_ips: Vec<SecondaryAddress>,
    /// IPv6 addresses.
    pub ipv6_addresses: Vec<Located<IpAddr>>,
    /// Delegated prefixes: every address in them is the interface's own.
    pub prefixes: Vec<Located<Cidr>>,
    /// Whether packets must come from or go to its own addresses; `None` when nobody said, or for AWS's default.
    pub source_dest_check: Option<bool>,
    /// What its host does with packets that routes lead to it, when that is known.
    pub forwards: Option<Forwarding>,
    /// Whether AWS drops what the internet sends to it.
    pub deny_all_igw_traffic: bool,
    /// How long it remembers flows that are idle, where that is configured.
    pub connection_tracking: ConnectionTrackingConfiguration,
    /// Whether something sends and answers with it. AWS lists every instance that does.
    pub attached: bool,
    /// Its tags; of those of an account only the ones that flow logs show.
    pub tags: Tags,
}

impl NetworkInterface {
    /// One that AWS creates for a gateway: without security groups, and without a check of addresses.
    pub fn of_gateway(identity: Identity, subnet: Reference, interface_type: &str) -> Self {
        Self {
            identity,
            account: None,
            interface_type: Some(interface_type.to_owned()),
            subnet,
            instance: None,
            security_groups: Some(Vec::new()),
            private_ip: None,
            public_ip: None,
            secondary_private_ips: Vec::new(),
            ipv6_addresses: Vec::new(),
            prefixes: Vec::new(),
            source_dest_check: Some(false),
            forwards: None,
            deny_all_igw_traffic: false,
            connection_tracking: ConnectionTrackingConfiguration::default(),
            attached: true,
            tags: Tags::new(),
        }
    }
}

/// A resource of a service whose interfaces AWS manages.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagedService {
    /// Name and id.
    pub identity: Identity,
    /// What it is.
    pub kind: &'static ManagedServiceKind,
    /// Its interfaces. Functions of Lambda share theirs.
    pub network_interfaces: Vec<Reference>,
    /// The port at which it takes connections; `None` leaves that of its kind.
    pub port: Option<u16>,
    /// Whether it preserves the addresses of its clients; `None` leaves what its kind does.
    pub preserves_client_ip: Option<bool>,
    /// The names of its tasks of ECS: one for each interface, or one that all have.
    pub tasks: Vec<EcsTaskNames>,
}

/// A secondary private address.
#[derive(Debug, Clone, PartialEq)]
pub struct SecondaryAddress {
    /// The private address.
    pub private_ip: Located<IpAddr>,
    /// Its Elastic IP.
    pub public_ip: Option<Located<IpAddr>>,
}
