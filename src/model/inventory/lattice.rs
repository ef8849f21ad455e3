//! VPC Lattice as it was read.

use super::Reference;
use crate::diagnostic::Origin;
use crate::model::{Identity, LatticeProtocol, ServiceNetworkPart};

/// What a service of VPC Lattice has of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct LatticeService {
    /// What it listens on; `None` when nobody said.
    pub listeners: Option<Vec<LatticeListener>>,
    /// Whether its auth type is `AWS_IAM`, so that a policy may judge requests; `None` when that was not collected.
    pub requires_auth: Option<bool>,
    /// Its DNS name, as far as it was told.
    pub dns_name: Option<String>,
}

/// Something a service of VPC Lattice listens on.
#[derive(Debug, Clone, PartialEq)]
pub struct LatticeListener {
    /// The protocol.
    pub protocol: LatticeProtocol,
    /// The port.
    pub port: u16,
    /// The groups of targets of each rule, and behind them of the default action.
    pub rules: Vec<Vec<Reference>>,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// A service network of VPC Lattice.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceNetwork {
    /// Name and id.
    pub identity: Identity,
    /// Whether its auth type is `AWS_IAM`, so that a policy may judge requests; `None` when that was not collected.
    pub requires_auth: Option<bool>,
    /// The services that are associated with it.
    pub services: Vec<Reference>,
    /// The VPCs that are.
    pub vpcs: Vec<ServiceNetworkVpc>,
    /// Of which of both others may be that were not collected.
    pub not_collected: Vec<ServiceNetworkPart>,
}

/// A VPC that is associated with a service network.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceNetworkVpc {
    /// The VPC.
    pub vpc: Reference,
    /// The groups that say who in it may use the service network; `None` when they were not collected.
    pub security_groups: Option<Vec<Reference>>,
}
