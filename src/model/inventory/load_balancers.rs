//! Load balancers and their targets as they were read.

use std::time::Duration;

use super::Reference;
use crate::diagnostic::{Located, Origin};
use crate::model::{HealthCheck, Identity, ListenerProtocol, LoadBalancerType, TargetHealth, TargetType};
use crate::net::Cidr;

/// What a load balancer has of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadBalancer {
    /// Its type.
    pub kind: LoadBalancerType,
    /// Whether its DNS name stands for public addresses.
    pub is_internet_facing: bool,
    /// Whether nodes send to targets in other zones; `None` leaves the default of its type, or was not collected.
    pub cross_zone: Option<bool>,
    /// Whether its security groups judge what comes by an endpoint service; `None` leaves AWS's default.
    pub judges_private_link: Option<bool>,
    /// The endpoint service that it offers: its id, or AWS's whole name of it.
    pub endpoint_service: Option<Located<String>>,
    /// Its DNS name, when it was told.
    pub dns_name: Option<String>,
    /// Its nodes.
    pub network_interfaces: Vec<Reference>,
    /// What it listens on; `None` when nobody said.
    pub listeners: Option<Vec<LoadBalancerListener>>,
}

/// Something a load balancer listens on.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadBalancerListener {
    /// The protocol.
    pub protocol: ListenerProtocol,
    /// The port.
    pub port: u16,
    /// Its rules, the default action behind them; none where they were not collected.
    pub rules: Vec<ListenerRule>,
    /// How long TCP may be idle, if it was said.
    pub tcp_idle_timeout: Option<Duration>,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// A rule of a listener.
#[derive(Debug, Clone, PartialEq)]
pub struct ListenerRule {
    /// The blocks that the client's address must be in; all when there are none.
    pub source_ips: Vec<Cidr>,
    /// Whether it has conditions that read the request.
    pub reads_request: bool,
    /// The groups to one of which it sends; none where the load balancer answers by itself.
    pub target_groups: Vec<Reference>,
}

/// A group of targets.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetGroup {
    /// Name and id.
    pub identity: Identity,
    /// The protocol that targets are spoken to in.
    pub protocol: ListenerProtocol,
    /// The port of targets that state none; functions have none, and of a group that was not collected nobody said it.
    pub port: Option<u16>,
    /// What targets are named by; `None` is told by the targets.
    pub target_type: Option<TargetType>,
    /// Whether targets see the address of the client; `None` leaves AWS's default, or was not collected.
    pub preserve_client_ip: Option<bool>,
    /// Whether targets in other zones are used; `None` leaves it to the load balancer, or was not collected.
    pub cross_zone: Option<bool>,
    /// Whether flows of appliances that are no targets any more go on to others.
    pub rebalances: bool,
    /// Its targets; `None` when nobody said.
    pub targets: Option<Vec<Target>>,
    /// How their health is checked, where such connections are simulated.
    pub health_check: Option<HealthCheck>,
}

/// A target as it was named.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// An instance, an interface, an address or a load balancer.
    pub id: Reference,
    /// The port, when not the group's.
    pub port: Option<u16>,
    /// Its health.
    pub health: TargetHealth,
}
