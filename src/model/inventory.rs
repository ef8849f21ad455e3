//! Resources as they were read: names and ids are still text, nothing is checked against anything else.

mod gateways;
mod hosts;
mod lattice;
mod load_balancers;
mod rules;
mod traffic;
mod transit_gateways;
mod watching;

use std::collections::BTreeMap;
use std::net::IpAddr;

pub use gateways::{CustomerNetwork, Gateway, GatewayForm, PeeringSide, RegionalAddress};
pub use hosts::{Instance, ManagedService, NetworkInterface, SecondaryAddress};
pub use lattice::{LatticeListener, LatticeService, ServiceNetwork, ServiceNetworkVpc};
pub use load_balancers::{ListenerRule, LoadBalancer, LoadBalancerListener, Target, TargetGroup};
pub use rules::{
    Destination, NetworkAcl, NetworkAclEntry, Peer, PrefixList, Route, RouteTable, SecurityGroup,
    SecurityGroupRule,
};
pub use traffic::{Connection, ProfiledTraffic, Repeat, is_repetition};
pub(crate) use traffic::{first_of, repetition};
pub use transit_gateways::{
    AttachedResource, TransitGateway, TransitGatewayAttachment, TransitGatewayRouteTable,
};
pub use watching::{FlowLog, Skip, TrafficMirrorFilter, TrafficMirrorSession};

use super::{BlockExclusion, BlockMode, EncryptionMode, FlowLogKind, GatewayKind, Identity, Kind};
use crate::diagnostic::Located;
use crate::net::Cidr;

/// A name or id that should belong to something in the inventory.
pub type Reference = Located<String>;

/// Everything that was read about one network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inventory {
    /// Who says that it is so.
    pub provenance: Provenance,
    /// Whether its texts are an account's own, of which messages show ids alone.
    pub is_confidential: bool,
    /// Account that owns everything whose VPC states no other.
    pub account: String,
    /// Region of everything whose VPC states no other, e.g. `us-east-1`.
    pub region: String,
    /// VPCs.
    pub vpcs: Vec<Vpc>,
    /// Subnets.
    pub subnets: Vec<Subnet>,
    /// Managed prefix lists.
    pub prefix_lists: Vec<PrefixList>,
    /// Network ACLs.
    pub network_acls: Vec<NetworkAcl>,
    /// Security groups.
    pub security_groups: Vec<SecurityGroup>,
    /// Route tables.
    pub route_tables: Vec<RouteTable>,
    /// Gateways of every kind.
    pub gateways: Vec<Gateway>,
    /// Groups of targets of load balancers and of services of VPC Lattice.
    pub target_groups: Vec<TargetGroup>,
    /// Service networks of VPC Lattice.
    pub service_networks: Vec<ServiceNetwork>,
    /// Networks behind them that are no VPCs.
    pub customer_networks: Vec<CustomerNetwork>,
    /// Instances.
    pub instances: Vec<Instance>,
    /// Network interfaces; those of one instance in the order of their device index.
    pub network_interfaces: Vec<NetworkInterface>,
    /// Resources of services whose interfaces AWS manages.
    pub managed_services: Vec<ManagedService>,
    /// Traffic mirror filters.
    pub traffic_mirror_filters: Vec<TrafficMirrorFilter>,
    /// Traffic mirror sessions.
    pub traffic_mirror_sessions: Vec<TrafficMirrorSession>,
    /// Public addresses of the account that belong to interfaces nobody knows.
    pub unplaced_public_ips: Vec<Located<IpAddr>>,
    /// Blocks of public addresses of the account's own, which an internet gateway's route table leads to interfaces.
    pub public_ipv4_pools: Vec<Located<Cidr>>,
    /// Elastic IP addresses that nothing is associated with.
    pub unassociated_public_ips: Vec<Located<IpAddr>>,
    /// Names that several instances or interfaces share, with their ids: nothing goes by them.
    pub shared_names: BTreeMap<String, Vec<String>>,
    /// Flow logs; `None` asks for the default of one log of all traffic for each VPC.
    pub flow_logs: Option<Vec<FlowLog>>,
}

/// Who says what is in an inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Provenance {
    /// Somebody wrote it: AWS's defaults are added, what AWS would refuse is an error, and so is a dangling reference.
    #[default]
    Written,
    /// AWS answered it: nothing is added, what exists is not doubted, and a reference to what was not collected stands
    /// for something external, on which a verdict is `unknown`.
    Observed,
}

/// A VPC.
#[derive(Debug, Clone, PartialEq)]
pub struct Vpc {
    /// Name and id.
    pub identity: Identity,
    /// Its owner, when not the inventory's account.
    pub account: Option<String>,
    /// Its Region, when not the inventory's.
    pub region: Option<String>,
    /// IPv4 and IPv6 blocks, the primary one first.
    pub cidr_blocks: Vec<Located<Cidr>>,
    /// Kinds of resources of which nobody asked what the VPC has.
    pub not_collected: Vec<Kind>,
    /// What Block Public Access keeps from its internet gateways, before what is exempt; `None` when nobody said, or for
    /// AWS's default.
    pub block_public_access: Option<BlockMode>,
    /// What of the whole VPC is exempt.
    pub block_public_access_exclusion: Option<BlockExclusion>,
    /// What its encryption controls do; `None` when they are off, or nobody said.
    pub encryption_controls: Option<EncryptionMode>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq)]
pub struct Subnet {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC; may be left out when there is only one.
    pub vpc: Option<Reference>,
    /// At most one IPv4 block and IPv6 blocks.
    pub cidr_blocks: Vec<Located<Cidr>>,
    /// Id of its Availability Zone, e.g. `apse2-az3`.
    pub availability_zone_id: String,
    /// Its network ACL, or the VPC's default.
    pub network_acl: Option<Reference>,
    /// Its explicitly associated route table, or the VPC's main one.
    pub route_table: Option<Reference>,
    /// What Block Public Access keeps from it, when not the same as from its VPC.
    pub block_public_access: Option<BlockMode>,
    /// What of it is exempt, when not the same as of its VPC.
    pub block_public_access_exclusion: Option<BlockExclusion>,
}

impl Inventory {
    /// Of what kind a flow log is. Of what was not collected the id tells.
    pub(crate) fn flow_log_kind(&self, log: &FlowLog) -> FlowLogKind {
        let name = &log.resource.value;
        let is_transit = |gateway: &Gateway| match &gateway.form {
            GatewayForm::TransitGateway(own) => {
                gateway.identity.is(name) || own.attachments.iter().any(|own| own.identity.is(name))
            }
            _ => gateway.kind == GatewayKind::TransitGateway && gateway.identity.is(name),
        };
        let is_external = self.provenance == Provenance::Observed && name.starts_with("tgw-");
        if is_external || self.gateways.iter().any(is_transit) {
            FlowLogKind::TransitGateway
        } else {
            FlowLogKind::Vpc
        }
    }
}
