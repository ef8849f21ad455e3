//! Flow logs: what is watched and how.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html>

use std::time::Duration;

use super::by_name::display_by_name;
use super::{
    Gateway, Identity, Index, Network, NetworkInterface, TagFieldSpecification, TransitGatewayAttachment,
    Vantage, network::Subnet, network::Vpc, stable_hash,
};
use crate::diagnostic::Located;

/// A flow log.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowLog {
    /// Name and id.
    pub identity: Identity,
    /// What it watches.
    pub resource: FlowLogResource,
    /// Which actions it keeps.
    pub traffic_type: TrafficType,
    /// Configured interval; interfaces of Nitro instances have at most 60 seconds.
    pub max_aggregation_interval: Duration,
    /// The `${field}` text, or the default format.
    pub log_format: Option<Located<String>>,
    /// The tags that it shows.
    pub tag_fields: Vec<TagFieldSpecification>,
    /// The account that made it, when not the owner of the VPC or transit gateway.
    pub account: Option<String>,
    /// Windows in which records are lost.
    pub skipdata: Vec<Skip>,
    /// What its records tell as their start and end.
    pub record_times: RecordTimes,
}

/// A stated loss of the records of one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skip {
    /// An instant inside the window, from the scenario's start.
    pub at: Duration,
    /// The interface, or every one of the flow log.
    pub interface: Option<Index<NetworkInterface>>,
}

/// What a flow log is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowLogResource {
    /// Every interface of a VPC.
    Vpc(Index<Vpc>),
    /// Every interface of a subnet.
    Subnet(Index<Subnet>),
    /// One interface.
    NetworkInterface(Index<NetworkInterface>),
    /// Every attachment of a transit gateway.
    TransitGateway(Index<Gateway>),
    /// One attachment.
    TransitGatewayAttachment(Index<TransitGatewayAttachment>),
}

/// Kinds of flow logs: each has fields of its own, and a default format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FlowLogKind {
    /// Of network interfaces.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html>
    #[default]
    Vpc,
    /// Of attachments of transit gateways.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html>
    TransitGateway,
}

impl FlowLogKind {
    /// All kinds, and how they are called.
    pub const NAMES: [(&'static str, Self); 2] =
        [("VPC", Self::Vpc), ("transit gateway", Self::TransitGateway)];

    /// How it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vpc => "VPC",
            Self::TransitGateway => "transit gateway",
        }
    }

    /// The interval that AWS takes where none is chosen, of transit gateways the only one.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html>,
    /// <https://docs.aws.amazon.com/vpc/latest/tgw/flow-logs-api-cli.html>
    pub const fn default_interval(self) -> Duration {
        match self {
            Self::Vpc => Duration::from_secs(600),
            Self::TransitGateway => Duration::from_secs(60),
        }
    }
}

/// Where the windows of interfaces begin.
/// AWS does not say; in its examples they begin at any second.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WindowPhase {
    /// With the scenario.
    #[default]
    Aligned,
    /// At a second that follows from the interface's id.
    Spread,
}

impl WindowPhase {
    /// All phases and their names in scenarios.
    pub const NAMES: [(&'static str, Self); 2] = [("aligned", Self::Aligned), ("spread", Self::Spread)];

    /// When the first window of `length` opens that does so after the scenario's start, of the interface or attachment called `id`.
    pub(crate) fn of(self, id: &str, length: Duration) -> Duration {
        match self {
            Self::Aligned => Duration::ZERO,
            Self::Spread => Duration::from_secs(stable_hash(&["window-phase", id]) % length.as_secs().max(1)),
        }
    }
}

/// Which actions a flow log keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TrafficType {
    /// Accepted traffic.
    Accept,
    /// Rejected traffic.
    Reject,
    /// Both.
    #[default]
    All,
}

impl TrafficType {
    /// All types and their names in the API.
    pub const NAMES: [(&'static str, Self); 3] =
        [("ACCEPT", Self::Accept), ("REJECT", Self::Reject), ("ALL", Self::All)];
}

display_by_name!(TrafficType);

/// What the fields `start` and `end` tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordTimes {
    /// When the first and the last packet of the flow came in the window.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>
    #[default]
    Packets,
    /// When the window began and ended: what AWS documented, and wrote, until September 2019.
    Windows,
}

impl RecordTimes {
    /// All, and their names in scenarios.
    pub const NAMES: [(&'static str, Self); 2] = [("packets", Self::Packets), ("windows", Self::Windows)];
}

impl FlowLog {
    /// The account that made it, which sees what is its own at `vantage`: of a VPC that is shared, the owner or a
    /// participant.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html>
    pub fn account<'n>(&'n self, network: &'n Network, vantage: Vantage) -> &'n str {
        let owner = || match vantage.interface() {
            Some(interface) => &network.vpcs[network.vpc_of(interface)].account,
            None => network.account_at(vantage),
        };
        self.account.as_deref().unwrap_or_else(owner)
    }

    /// Of what kind it is.
    pub const fn kind(&self) -> FlowLogKind {
        match self.resource {
            FlowLogResource::Vpc(_) | FlowLogResource::Subnet(_) | FlowLogResource::NetworkInterface(_) => {
                FlowLogKind::Vpc
            }
            FlowLogResource::TransitGateway(_) | FlowLogResource::TransitGatewayAttachment(_) => {
                FlowLogKind::TransitGateway
            }
        }
    }

    /// Whether the flow log watches `vantage`.
    pub fn covers(&self, network: &Network, vantage: Vantage) -> bool {
        let subnet = || Some(network.network_interfaces[vantage.interface()?].subnet);
        match self.resource {
            FlowLogResource::Vpc(vpc) => subnet().is_some_and(|subnet| network.subnets[subnet].vpc == vpc),
            FlowLogResource::Subnet(watched) => subnet() == Some(watched),
            FlowLogResource::NetworkInterface(watched) => vantage.interface() == Some(watched),
            FlowLogResource::TransitGateway(watched) => {
                network.attached_at(vantage).is_some_and(|of| of.index == watched)
            }
            FlowLogResource::TransitGatewayAttachment(watched) => vantage.attachment() == Some(watched),
        }
    }

    /// Length of the windows of `vantage`.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-aggregration-interval>
    pub fn interval(&self, network: &Network, vantage: Vantage) -> Duration {
        const NITRO: Duration = Duration::from_secs(60);
        if vantage.interface().is_none_or(|interface| network.is_nitro(interface)) {
            self.max_aggregation_interval.min(NITRO)
        } else {
            self.max_aggregation_interval
        }
    }
}
