//! The table of fields: every documented field of VPC flow log records, versions 2 to 11, and of transit gateway flow log
//! records, versions 2 to 6. It is in the order of AWS's page about VPC flow logs; each field says its place on the other.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields>,
//! <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html#flow-logs-fields>
//!
//! No record text is made anywhere else. A field is one entry: its value is computed from a [`Row`].

mod transit_gateway;

use std::fmt;

use super::encryption_status::encryption_status;
use super::value::{End, Formula, Value};
use super::{Flow, LogStatus, Loss, RejectReason, Row};
use crate::model::{
    EcsTask, FlowLogKind, Index, Network, NetworkInterface, TagFieldSpecification, TaggedResource, zone_of,
};
use crate::net::{Direction, Family};
use transit_gateway::{self as transit, Side};

/// Type of a field in Parquet files; in text every field is a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParquetType {
    /// `STRING`
    String,
    /// `INT_32`
    Int32,
    /// `INT_64`
    Int64,
}

impl fmt::Display for ParquetType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::String => "STRING",
            Self::Int32 => "INT_32",
            Self::Int64 => "INT_64",
        })
    }
}

/// The kinds of flow logs that have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds {
    /// Whether VPC flow logs have it.
    pub vpc: bool,
    /// Its place on the page about transit gateway flow logs, from 1 on, if they have it.
    pub transit_gateway: Option<u8>,
}

impl Kinds {
    const VPC: Self = Self { vpc: true, transit_gateway: None };

    const fn both(place: u8) -> Self {
        Self { vpc: true, transit_gateway: Some(place) }
    }

    const fn transit_gateway(place: u8) -> Self {
        Self { vpc: false, transit_gateway: Some(place) }
    }

    /// Whether flow logs of `kind` have the field.
    pub const fn contain(self, kind: FlowLogKind) -> bool {
        match kind {
            FlowLogKind::Vpc => self.vpc,
            FlowLogKind::TransitGateway => self.transit_gateway.is_some(),
        }
    }
}

/// A row of the table of fields.
#[derive(Debug)]
pub struct Field {
    /// AWS's name, e.g. `pkt-srcaddr`.
    pub name: &'static str,
    /// The version that brought it.
    pub version: u8,
    /// The kinds of flow logs that have it.
    pub kinds: Kinds,
    /// Its type in Parquet files.
    pub parquet: ParquetType,
    /// Whether records without traffic (NODATA, SKIPDATA) show it.
    /// Assumed for custom formats: `nodata-metadata`.
    pub without_traffic: bool,
    /// What it holds.
    pub doc: &'static str,
    /// The page that states its rules.
    pub source: &'static str,
    pub(super) formula: Formula,
}

impl Field {
    /// The field's value in a record.
    pub fn value_of<'a>(&self, row: &Row<'a>) -> Value<'a> {
        if self.is_shown(row.record.status) { self.formula.of(row) } else { Value::Absent }
    }

    /// Whose tag it shows, and the position of the key among those of the flow log.
    pub fn shows_tag(&self) -> Option<(TaggedResource, usize)> {
        let (name, position) = match self.name.strip_suffix("-2") {
            Some(name) => (name, 1),
            None => (self.name, 0),
        };
        let resource = match name {
            "instance-tag" => TaggedResource::Instance,
            "interface-tag" => TaggedResource::NetworkInterface,
            "asg-tag" => TaggedResource::AutoScalingGroup,
            _ => return None,
        };
        Some((resource, position))
    }

    /// Whether records of that status show it.
    pub(super) fn is_shown(&self, status: LogStatus) -> bool {
        status == LogStatus::Ok || self.without_traffic
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Where AWS describes every field.
pub const FIELDS_SOURCE: &str =
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields";

/// Where AWS describes the fields of transit gateway flow logs.
pub const TRANSIT_GATEWAY_SOURCE: &str =
    "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html#flow-logs-fields";

/// Where AWS says whose address a record shows, and what has no next hop.
const LIMITATIONS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html";

/// Type of every field in text files.
pub const PLAIN_TYPE: &str = "STRING";

/// Every field.
pub static FIELDS: &[Field] = &[
    Field {
        name: "version",
        version: 2,
        kinds: Kinds::both(1),
        parquet: ParquetType::Int32,
        without_traffic: true,
        doc: "Version of the record: the highest version among the fields of the format.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| Value::Integer(row.version.into())),
    },
    Field {
        name: "account-id",
        version: 2,
        kinds: Kinds::both(3),
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "Account that owns the interface; of transit gateways, the account that owns the gateway.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| Value::Text(row.network.account_at(row.record.vantage))),
    },
    Field {
        name: "interface-id",
        version: 2,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "The interface.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_subnet(row, |_, card| &card.identity.id)),
    },
    Field {
        name: "srcaddr",
        version: 2,
        kinds: Kinds::both(17),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Source: at egress the interface's own address (of IPv4 the primary private one), at ingress that of the packet. Of transit gateways always that of the packet.",
        source: LIMITATIONS,
        formula: Formula::End {
            of: |row| end(row, Direction::Egress),
            own: |row| interface(row)?.primary_private_ip(),
        },
    },
    Field {
        name: "dstaddr",
        version: 2,
        kinds: Kinds::both(18),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Destination: at ingress the interface's own address (of IPv4 the primary private one), at egress that of the packet. Of transit gateways always that of the packet.",
        source: LIMITATIONS,
        formula: Formula::End {
            of: |row| end(row, Direction::Ingress),
            own: |row| interface(row)?.primary_private_ip(),
        },
    },
    Field {
        name: "srcport",
        version: 2,
        kinds: Kinds::both(19),
        parquet: ParquetType::Int32,
        without_traffic: false,
        doc: "Source port; 0 where the protocol has none.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(|row| flow(row, |flow| flow.header.source_port().unwrap_or(0).into())),
    },
    Field {
        name: "dstport",
        version: 2,
        kinds: Kinds::both(20),
        parquet: ParquetType::Int32,
        without_traffic: false,
        doc: "Destination port; 0 where the protocol has none.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(|row| flow(row, |flow| flow.header.destination_port().unwrap_or(0).into())),
    },
    Field {
        name: "protocol",
        version: 2,
        kinds: Kinds::both(21),
        parquet: ParquetType::Int32,
        without_traffic: false,
        doc: "IANA protocol number.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(|row| flow(row, |flow| flow.header.protocol.0.into())),
    },
    Field {
        name: "packets",
        version: 2,
        kinds: Kinds::both(22),
        parquet: ParquetType::Int64,
        without_traffic: false,
        doc: "Packets in the window; at a transit gateway also those that it drops.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(|row| flow(row, |flow| flow.packets)),
    },
    Field {
        name: "bytes",
        version: 2,
        kinds: Kinds::both(23),
        parquet: ParquetType::Int64,
        without_traffic: false,
        doc: "Sum of their IP lengths; absent where Block Public Access refused them.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(|row| {
            let flow = row.record.flow.as_ref()?;
            (flow.reject_reason != Some(RejectReason::BlockPublicAccess)).then_some(flow.bytes)
        }),
    },
    Field {
        name: "start",
        version: 2,
        kinds: Kinds::both(24),
        parquet: ParquetType::Int64,
        without_traffic: true,
        doc: "Unix second of the first packet in the window; without traffic, the window's start.",
        source: FIELDS_SOURCE,
        formula: Formula::Time(|row| row.record.start),
    },
    Field {
        name: "end",
        version: 2,
        kinds: Kinds::both(25),
        parquet: ParquetType::Int64,
        without_traffic: true,
        doc: "Unix second of the last packet in the window; without traffic, the window's end.",
        source: FIELDS_SOURCE,
        formula: Formula::Time(|row| row.record.end),
    },
    Field {
        name: "action",
        version: 2,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "ACCEPT, or REJECT when a security group or a network ACL refuses the traffic.",
        source: FIELDS_SOURCE,
        formula: Formula::Text(|row| flow(row, |flow| flow.action.name())),
    },
    Field {
        name: "log-status",
        version: 2,
        kinds: Kinds::both(26),
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "OK, NODATA when the interface had no traffic, SKIPDATA when records were lost.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| Value::Text(row.record.status.name())),
    },
    Field {
        name: "vpc-id",
        version: 3,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "VPC of the interface.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| {
            text_or_absent(
                card(row).map(|card| row.network.vpcs[row.network.vpc_of(card)].identity.id.as_str()),
            )
        }),
    },
    Field {
        name: "subnet-id",
        version: 3,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "Subnet of the interface.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| {
            of_subnet(row, |network, card| &network.subnets[card.subnet].identity.id)
        }),
    },
    Field {
        name: "instance-id",
        version: 3,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Instance that the interface is attached to; absent where another account owns it than made the flow log.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| {
            let own = card(row).filter(|card| is_own(row, *card));
            let instance = own.and_then(|card| row.network.instance_of(card));
            text_or_absent(instance.map(|instance| instance.identity.id.as_str()))
        }),
    },
    Field {
        name: "tcp-flags",
        version: 3,
        kinds: Kinds::both(32),
        parquet: ParquetType::Int32,
        without_traffic: false,
        doc: "FIN 1, SYN 2, RST 4, SYN-ACK 18, combined over the window; 0 for other flags and protocols. Of transit gateways also PSH 8, ACK 16 and URG 32, but 0 for ACK alone.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(|row| {
            flow(row, |flow| match flow.transit {
                None => flow.tcp_flags.of_vpc().into(),
                Some(_) => flow.tcp_flags.of_transit_gateway().into(),
            })
        }),
    },
    Field {
        name: "type",
        version: 3,
        kinds: Kinds::both(27),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "IPv4, IPv6 or EFA.",
        source: FIELDS_SOURCE,
        formula: Formula::Text(|row| {
            flow(row, |flow| match flow.header.family() {
                Family::V4 => "IPv4",
                Family::V6 => "IPv6",
            })
        }),
    },
    Field {
        name: "pkt-srcaddr",
        version: 3,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Source address that the packet carries.",
        source: FIELDS_SOURCE,
        formula: Formula::Address(|row| flow(row, |flow| &flow.header.source)),
    },
    Field {
        name: "pkt-dstaddr",
        version: 3,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Destination address that the packet carries.",
        source: FIELDS_SOURCE,
        formula: Formula::Address(|row| flow(row, |flow| &flow.header.destination)),
    },
    Field {
        name: "region",
        version: 4,
        kinds: Kinds::both(33),
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "Region of the interface, or of the transit gateway.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| Value::Text(row.network.region_at(row.record.vantage))),
    },
    Field {
        name: "az-id",
        version: 4,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "Id of the interface's Availability Zone.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| {
            let zone = card(row).map(|card| zone_of(row.network, card));
            text_or_absent(zone.filter(|zone| !zone.is_empty()))
        }),
    },
    Field {
        name: "sublocation-type",
        version: 4,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "wavelength, outpost or localzone; absent elsewhere, and such zones are not simulated.",
        source: FIELDS_SOURCE,
        formula: ABSENT,
    },
    Field {
        name: "sublocation-id",
        version: 4,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "Id of the sublocation; absent elsewhere.",
        source: FIELDS_SOURCE,
        formula: ABSENT,
    },
    Field {
        name: "pkt-src-aws-service",
        version: 5,
        kinds: Kinds::both(35),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "AWS service whose published range has pkt-srcaddr.",
        source: FIELDS_SOURCE,
        formula: Formula::Text(|row| row.services.of(row.record.flow.as_ref()?.header.source)),
    },
    Field {
        name: "pkt-dst-aws-service",
        version: 5,
        kinds: Kinds::both(36),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "AWS service whose published range has pkt-dstaddr.",
        source: FIELDS_SOURCE,
        formula: Formula::Text(|row| row.services.of(row.record.flow.as_ref()?.header.destination)),
    },
    Field {
        name: "flow-direction",
        version: 5,
        kinds: Kinds::both(34),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "ingress or egress, as the interface, or the transit gateway, sees it.",
        source: FIELDS_SOURCE,
        formula: Formula::Text(|row| {
            flow(row, |flow| match flow.direction {
                Direction::Ingress => "ingress",
                Direction::Egress => "egress",
            })
        }),
    },
    Field {
        name: "traffic-path",
        version: 5,
        kinds: Kinds::VPC,
        parquet: ParquetType::Int32,
        without_traffic: false,
        doc: "By which way egress traffic left: 1 same VPC, 2 internet gateway or gateway endpoint (not Nitro), 3 virtual private gateway, 4 peering, 5 peering across Regions, 6 Local or Wavelength Zone, 7 gateway endpoint, 8 internet gateway.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(|row| row.record.flow.as_ref()?.traffic_path.map(u64::from)),
    },
    Field {
        name: "resource-type",
        version: 6,
        kinds: Kinds::transit_gateway(2),
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "What the flow log was made for, as AWS writes it: always TransitGateway.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Shared(|_| Value::Text("TransitGateway")),
    },
    Field {
        name: "tgw-id",
        version: 6,
        kinds: Kinds::transit_gateway(4),
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "The transit gateway.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Shared(|row| text_or_absent(transit::gateway_id(row))),
    },
    Field {
        name: "tgw-attachment-id",
        version: 6,
        kinds: Kinds::transit_gateway(5),
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "The attachment at which the traffic is recorded.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Shared(|row| Value::Text(row.network.vantage_id(row.record.vantage))),
    },
    Field {
        name: "tgw-src-vpc-account-id",
        version: 6,
        kinds: Kinds::transit_gateway(6),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Account that owns the VPC from which the traffic comes; absent where it comes from no VPC.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::vpc_account(row, Side::Source)),
    },
    Field {
        name: "tgw-dst-vpc-account-id",
        version: 6,
        kinds: Kinds::transit_gateway(7),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Account that owns the VPC to which the traffic goes; absent where it goes to no VPC.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::vpc_account(row, Side::Destination)),
    },
    Field {
        name: "tgw-src-vpc-id",
        version: 6,
        kinds: Kinds::transit_gateway(8),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "The VPC from which the traffic comes.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::vpc_id(row, Side::Source)),
    },
    Field {
        name: "tgw-dst-vpc-id",
        version: 6,
        kinds: Kinds::transit_gateway(9),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "The VPC to which the traffic goes.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::vpc_id(row, Side::Destination)),
    },
    Field {
        name: "tgw-src-subnet-id",
        version: 6,
        kinds: Kinds::transit_gateway(10),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Subnet of the gateway's interface by which the traffic comes.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::subnet_id(row, Side::Source)),
    },
    Field {
        name: "tgw-dst-subnet-id",
        version: 6,
        kinds: Kinds::transit_gateway(11),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Subnet of the gateway's interface by which the traffic leaves.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::subnet_id(row, Side::Destination)),
    },
    Field {
        name: "tgw-src-eni",
        version: 6,
        kinds: Kinds::transit_gateway(12),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "The gateway's interface by which the traffic comes.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::interface_id(row, Side::Source)),
    },
    Field {
        name: "tgw-dst-eni",
        version: 6,
        kinds: Kinds::transit_gateway(13),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "The gateway's interface by which the traffic leaves.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::interface_id(row, Side::Destination)),
    },
    Field {
        name: "tgw-src-az-id",
        version: 6,
        kinds: Kinds::transit_gateway(14),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Id of the Availability Zone of the gateway's interface by which the traffic comes.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::zone_id(row, Side::Source)),
    },
    Field {
        name: "tgw-dst-az-id",
        version: 6,
        kinds: Kinds::transit_gateway(15),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Id of the Availability Zone of the gateway's interface by which the traffic leaves.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(|row| transit::zone_id(row, Side::Destination)),
    },
    Field {
        name: "tgw-pair-attachment-id",
        version: 6,
        kinds: Kinds::transit_gateway(16),
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "The other attachment: at ingress that by which the traffic leaves, at egress that by which it came; absent where it is lost.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Text(transit::pair_id),
    },
    Field {
        name: "packets-lost-no-route",
        version: 6,
        kinds: Kinds::transit_gateway(28),
        parquet: ParquetType::Int64,
        without_traffic: false,
        doc: "Packets that the gateway dropped because it has no route.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Number(|row| transit::lost(row, Loss::NoRoute)),
    },
    Field {
        name: "packets-lost-blackhole",
        version: 6,
        kinds: Kinds::transit_gateway(29),
        parquet: ParquetType::Int64,
        without_traffic: false,
        doc: "Packets that the gateway dropped because the route is a blackhole.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Number(|row| transit::lost(row, Loss::Blackhole)),
    },
    Field {
        name: "packets-lost-mtu-exceeded",
        version: 6,
        kinds: Kinds::transit_gateway(30),
        parquet: ParquetType::Int64,
        without_traffic: false,
        doc: "Packets that the gateway dropped because they are larger than its MTU; 0, since such packets are not simulated.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Number(transit::never_lost),
    },
    Field {
        name: "packets-lost-ttl-expired",
        version: 6,
        kinds: Kinds::transit_gateway(31),
        parquet: ParquetType::Int64,
        without_traffic: false,
        doc: "Packets that the gateway dropped because their time to live was over; 0, since what goes round is unknown.",
        source: TRANSIT_GATEWAY_SOURCE,
        formula: Formula::Number(transit::never_lost),
    },
    Field {
        name: "ecs-cluster-arn",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "ARN of the ECS cluster; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.cluster_arn.as_ref())),
    },
    Field {
        name: "ecs-cluster-name",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Name of the ECS cluster; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.cluster_name.as_ref())),
    },
    Field {
        name: "ecs-container-instance-arn",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "ARN of the ECS container instance; absent for traffic that is not of a task, and on Fargate.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.container_instance_arn.as_ref())),
    },
    Field {
        name: "ecs-container-instance-id",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Id of the ECS container instance; absent for traffic that is not of a task, and on Fargate.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.container_instance_id.as_ref())),
    },
    Field {
        name: "ecs-container-id",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Runtime id of the task's first container; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.container_id.as_ref())),
    },
    Field {
        name: "ecs-second-container-id",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Runtime id of the task's second container; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.second_container_id.as_ref())),
    },
    Field {
        name: "ecs-service-name",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "ECS service that started the task; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.service_name.as_ref())),
    },
    Field {
        name: "ecs-task-definition-arn",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "ARN of the ECS task definition; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.task_definition_arn.as_ref())),
    },
    Field {
        name: "ecs-task-arn",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "ARN of the ECS task; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.task_arn.as_ref())),
    },
    Field {
        name: "ecs-task-id",
        version: 7,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Id of the ECS task; absent for traffic that is not of a task.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| of_task(row, |task| task.task_id.as_ref())),
    },
    Field {
        name: "reject-reason",
        version: 8,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "BPA or EC; absent for refusals by security groups and network ACLs.",
        source: FIELDS_SOURCE,
        formula: Formula::Text(|row| row.record.flow.as_ref()?.reject_reason.map(RejectReason::name)),
    },
    Field {
        name: "resource-id",
        version: 9,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Regional NAT gateway; absent for all other traffic.",
        source: LIMITATIONS,
        formula: Formula::Shared(|row| {
            let regional = card(row).filter(|card| row.network.is_in_no_subnet(*card));
            text_or_absent(regional.map(|card| row.network.network_interfaces[card].identity.id.as_str()))
        }),
    },
    Field {
        name: "encryption-status",
        version: 10,
        kinds: Kinds::VPC,
        parquet: ParquetType::Int32,
        without_traffic: false,
        doc: "0 clear, 1 Nitro, 2 application, 3 both; absent where VPC encryption controls are off, or the status is not known.",
        source: FIELDS_SOURCE,
        formula: Formula::Number(encryption_status),
    },
    Field {
        name: "instance-tag",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "First chosen tag of the instance, percent-encoded; absent where it has none, or another account owns it.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| tag(row, TaggedResource::Instance, 0)),
    },
    Field {
        name: "instance-tag-2",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Second chosen tag of the instance, percent-encoded; absent where it has none, or another account owns it.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| tag(row, TaggedResource::Instance, 1)),
    },
    Field {
        name: "interface-tag",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "First chosen tag of the interface, percent-encoded; absent where it has none, or another account owns it.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| tag(row, TaggedResource::NetworkInterface, 0)),
    },
    Field {
        name: "interface-tag-2",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "Second chosen tag of the interface, percent-encoded; absent where it has none, or another account owns it.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| tag(row, TaggedResource::NetworkInterface, 1)),
    },
    Field {
        name: "asg-tag",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "First chosen tag of the Auto Scaling group of the instance, percent-encoded; absent where it has none, or another account owns it.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| tag(row, TaggedResource::AutoScalingGroup, 0)),
    },
    Field {
        name: "asg-tag-2",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Second chosen tag of the Auto Scaling group of the instance, percent-encoded; absent where it has none, or another account owns it.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| tag(row, TaggedResource::AutoScalingGroup, 1)),
    },
    Field {
        name: "interface-type",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: true,
        doc: "Type of the interface, of some that AWS manages: nat_gateway, network_load_balancer, regional_nat_gateway, transit_gateway, vpc_endpoint; absent for every other.",
        source: FIELDS_SOURCE,
        formula: Formula::Shared(|row| {
            text_or_absent(card(row).and_then(|card| recorded_type(row.network, card)))
        }),
    },
    Field {
        name: "next-hop-interface-id",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "At egress the interface that receives the traffic, at ingress the one that sent it; absent where it has none or another Region or account has it, and for what comes out of a transit gateway.",
        source: LIMITATIONS,
        formula: Formula::Text(|row| {
            let hop = next_hop_of_account(row)?;
            Some(&row.network.network_interfaces[hop].identity.id)
        }),
    },
    Field {
        name: "next-hop-subnet-id",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Its subnet.",
        source: LIMITATIONS,
        formula: Formula::Text(|row| {
            let hop = next_hop_of_account(row)?;
            Some(&row.network.subnets[row.network.network_interfaces[hop].subnet].identity.id)
        }),
    },
    Field {
        name: "next-hop-az-id",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Id of its Availability Zone, also where another account owns it.",
        source: LIMITATIONS,
        formula: Formula::Text(|row| {
            let hop = next_hop(row).filter(|hop| !row.network.is_in_no_subnet(*hop))?;
            let zone = &row.network.subnets[row.network.network_interfaces[hop].subnet].availability_zone_id;
            Some(zone.as_str()).filter(|zone| !zone.is_empty())
        }),
    },
    Field {
        name: "next-hop-vpc-id",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Its VPC.",
        source: LIMITATIONS,
        formula: Formula::Text(|row| {
            let hop = next_hop_of_account(row)?;
            Some(&row.network.vpcs[row.network.vpc_of(hop)].identity.id)
        }),
    },
    Field {
        name: "next-hop-interface-type",
        version: 11,
        kinds: Kinds::VPC,
        parquet: ParquetType::String,
        without_traffic: false,
        doc: "Its type, as interface-type has it.",
        source: LIMITATIONS,
        formula: Formula::Text(|row| {
            let hop = next_hop(row).filter(|hop| is_of_own_account(row, *hop))?;
            recorded_type(row.network, hop)
        }),
    },
];

/// The interface, which records of transit gateways have not.
#[inline]
fn card(row: &Row<'_>) -> Option<Index<NetworkInterface>> {
    row.record.vantage.interface()
}

fn interface<'a>(row: &Row<'a>) -> Option<&'a NetworkInterface> {
    card(row).map(|card| &row.network.network_interfaces[card])
}

/// What an interface in a subnet has; a gateway in none has a `resource-id` instead.
fn of_subnet<'a>(
    row: &Row<'a>,
    value: impl FnOnce(&'a Network, &'a NetworkInterface) -> &'a String,
) -> Value<'a> {
    let shown = card(row).filter(|card| !row.network.is_in_no_subnet(*card));
    shown.map_or(Value::Absent, |card| Value::Text(value(row.network, &row.network.network_interfaces[card])))
}

/// What belongs to traffic.
fn flow<'a, T>(row: &Row<'a>, value: impl FnOnce(&'a Flow) -> T) -> Option<T> {
    row.record.flow.as_ref().map(value)
}

fn text_or_absent(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Absent, Value::Text)
}

/// What belongs to the ECS task of the interface. Of tasks of another account AWS tells nothing.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>
fn of_task<'a>(row: &Row<'a>, value: impl FnOnce(&'a EcsTask) -> Option<&'a String>) -> Value<'a> {
    let card = card(row).filter(|card| is_own(row, *card));
    let task = card.and_then(|card| row.network.ecs_task_of(card));
    text_or_absent(task.and_then(value).map(String::as_str))
}

/// Fields of what is not simulated, or does not apply to what is.
const ABSENT: Formula = Formula::Shared(|_| Value::Absent);

/// The interface's own side of the packet at `own_side`, the packet's address otherwise. IPv4 shows the primary
/// private address, whichever the packet carries.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>
fn end<'a>(row: &Row<'a>, own_side: Direction) -> Option<End<'a>> {
    let flow = row.record.flow.as_ref()?;
    let packet = match own_side {
        Direction::Ingress => &flow.header.destination,
        Direction::Egress => &flow.header.source,
    };
    Some(End { is_own: flow.direction == own_side && flow.header.family() == Family::V4, packet })
}

/// The interface at the other side of the flow, where AWS tells of it: one without has none, as an internet gateway, and
/// none is told of in another Region.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>
fn next_hop(row: &Row<'_>) -> Option<Index<NetworkInterface>> {
    let network = row.network;
    let region = |interface| &network.vpcs[network.vpc_of(interface)].region;
    let hop = row.record.flow.as_ref()?.next_hop?;
    (region(hop) == region(card(row)?)).then_some(hop)
}

/// Of the next hop of another account AWS tells the zone alone.
fn is_of_own_account(row: &Row<'_>, hop: Index<NetworkInterface>) -> bool {
    row.network.account_of(hop) == row.network.account_at(row.record.vantage)
}

/// The next hop with ids that the account sees. Assumed: regional-nat-next-hop.
fn next_hop_of_account(row: &Row<'_>) -> Option<Index<NetworkInterface>> {
    let seen = |hop: &Index<_>| is_of_own_account(row, *hop) && !row.network.is_in_no_subnet(*hop);
    next_hop(row).filter(seen)
}

/// The type of an interface, if records have a word for it. An interface of a type without, such as a Gateway Load
/// Balancer endpoint's, is told by none.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `interface-type`.
fn recorded_type(network: &Network, interface: Index<NetworkInterface>) -> Option<&'static str> {
    /// As `InterfaceType` has it, and as records do.
    const TYPES: &[(&str, &str)] = &[
        ("nat_gateway", "nat_gateway"),
        ("natGateway", "nat_gateway"),
        ("network_load_balancer", "network_load_balancer"),
        ("transit_gateway", "transit_gateway"),
        ("vpc_endpoint", "vpc_endpoint"),
    ];
    if network.is_in_no_subnet(interface) {
        return Some("regional_nat_gateway");
    }
    let own = network.network_interfaces[interface].interface_type.as_deref()?;
    TYPES.iter().find(|(name, _)| *name == own).map(|(_, recorded)| *recorded)
}

/// Whether the account that made the flow log owns an interface, and with it the instance or task. Of others AWS tells
/// neither the instance nor tags, nor what is of ECS.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `instance-id`
fn is_own(row: &Row<'_>, card: Index<NetworkInterface>) -> bool {
    let Row { network, record, .. } = *row;
    network.account_of(card) == network.flow_logs[record.flow_log].account(network, record.vantage)
}

/// The value of a tag that the flow log shows. Tags of what another account owns in a shared subnet are not computed.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>
fn tag<'a>(row: &Row<'a>, resource: TaggedResource, position: usize) -> Value<'a> {
    let Row { network, record, .. } = *row;
    let keys = &network.flow_logs[record.flow_log].tag_fields;
    let Some(card) = card(row) else { return Value::Absent };
    let instance = || network.instance_of(card);
    let tags = match resource {
        TaggedResource::NetworkInterface => Some(&network.network_interfaces[card].tags),
        TaggedResource::Instance => instance().map(|instance| &instance.tags),
        TaggedResource::AutoScalingGroup => instance().map(|instance| &instance.auto_scaling_group_tags),
    };
    let key = TagFieldSpecification::key(keys, resource, position).filter(|_| is_own(row, card));
    let value = tags.zip(key).and_then(|(tags, key)| tags.get(key)).filter(|value| !value.is_empty());
    value.map_or(Value::Absent, |value| Value::Tag(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_documented_one() {
        let of_vpc = || FIELDS.iter().filter(|field| field.kinds.vpc);
        assert_eq!(of_vpc().count(), 54);
        // Number of fields up to each version, counted on AWS's page.
        for (version, count) in
            [(2, 14), (3, 21), (4, 25), (5, 29), (7, 39), (8, 40), (9, 41), (10, 42), (11, 54)]
        {
            assert_eq!(of_vpc().filter(|field| field.version <= version).count(), count, "version {version}");
        }
        assert!(FIELDS.is_sorted_by_key(|field| field.version));
    }

    #[test]
    fn the_fields_of_transit_gateways_are_the_documented_ones() {
        let mut places: Vec<_> = FIELDS.iter().filter_map(|field| field.kinds.transit_gateway).collect();
        places.sort_unstable();
        assert_eq!(places, (1..=36).collect::<Vec<_>>());
        let own = FIELDS.iter().filter(|field| !field.kinds.vpc);
        assert!(own.clone().all(|field| field.version == 6 && field.kinds.transit_gateway.is_some()));
        assert_eq!(own.count(), 18);
    }

    #[test]
    fn names_are_unique_kebab_case() {
        for (position, field) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..position].iter().all(|other| other.name != field.name), "{}", field.name);
            assert!(field.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(field.doc.ends_with('.'), "{}", field.name);
        }
    }

    #[test]
    fn records_without_traffic_show_what_the_examples_show() {
        let shown = FIELDS.iter().filter(|field| field.version == 2 && field.without_traffic);
        let names: Vec<_> = shown.map(|field| field.name).collect();
        assert_eq!(names, ["version", "account-id", "interface-id", "start", "end", "log-status"]);
    }
}
