//! Resources as they were read: names and ids are still text, nothing is checked against anything else.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use super::{
    Availability, BlockExclusion, BlockMode, Burst, ClosedPorts, ConnectionTrackingConfiguration,
    CustomerAttachment, EcsTaskNames, EncryptionMode, EphemeralPorts, Exchange, FlowLogKind, Forwarding,
    GatewayKind, Habits, HealthCheck, Identity, Inspection, Kind, LatticeProtocol, ListenerProtocol,
    LoadBalancerType, ManagedServiceKind, RecordTimes, RouteOrigin, RuleAction, RuleNumber,
    ServiceNetworkPart, TagFieldSpecification, Tags, TargetHealth, TargetType, Traffic,
    TrafficMirrorFilterRule, TrafficType,
};
use crate::diagnostic::{Located, Origin};
use crate::net::{Cidr, Family, PerDirection, Service};

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

/// A gateway of any kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Gateway {
    /// Name and id.
    pub identity: Identity,
    /// What it is.
    pub kind: GatewayKind,
    /// The VPC it is attached to.
    pub vpc: Option<Reference>,
    /// Its own route table, which steers what enters the VPC through it.
    pub route_table: Option<Reference>,
    /// Whether it carries packets in its state.
    pub availability: Availability,
    /// What its kind has beside this.
    pub form: GatewayForm,
}

impl Gateway {
    /// One that is available and has nothing of its own.
    pub fn new(identity: Identity, kind: GatewayKind, vpc: Option<Reference>) -> Self {
        Self {
            identity,
            kind,
            vpc,
            route_table: None,
            availability: Availability::Available,
            form: GatewayForm::Plain,
        }
    }
}

/// What each kind of gateway has of its own, as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum GatewayForm {
    /// Nothing; or it was not collected.
    #[default]
    Plain,
    /// A NAT gateway in a subnet: its interface.
    NatGateway {
        /// The interface, which has its addresses.
        network_interface: Reference,
        /// Private addresses of the interface that it does not translate to.
        unused_private_ips: Vec<Located<IpAddr>>,
    },
    /// A NAT gateway of a whole VPC: its Elastic IPs.
    RegionalNatGateway {
        /// One or several for each zone.
        public_ips: Vec<RegionalAddress>,
    },
    /// A transit gateway: its attachments and route tables.
    TransitGateway(Box<TransitGateway>),
    /// A VPC peering connection: its ends.
    VpcPeeringConnection {
        /// Who asked for it.
        requester: PeeringSide,
        /// Who accepted.
        accepter: PeeringSide,
        /// Its state, as AWS says it.
        state: &'static str,
    },
    /// A VPC endpoint of the type `Gateway`: the service it leads to.
    GatewayEndpoint {
        /// `s3`, or AWS's whole name of it.
        service: String,
    },
    /// A VPC endpoint of the type `Interface`.
    InterfaceEndpoint {
        /// `sqs`, or AWS's whole name of it.
        service: String,
        /// Whether names of the service stand for its addresses in its VPC; `None` leaves AWS's default.
        private_dns: Option<bool>,
        /// Whether these names stand for its addresses on premises alone, and in its VPC for the gateway endpoint.
        /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html>
        is_private_dns_for_inbound_only: bool,
        /// The DNS names that stand for its addresses, as far as they were told.
        dns_names: Vec<String>,
        /// Its interfaces.
        network_interfaces: Vec<Reference>,
    },
    /// A VPC endpoint of the type `GatewayLoadBalancer`.
    GatewayLoadBalancerEndpoint {
        /// AWS's whole name of the service behind it, if that was said.
        service: Option<String>,
        /// Its interface.
        network_interface: Reference,
        /// What is behind it.
        inspection: Inspection,
    },
    /// A virtual private gateway.
    VpnGateway,
    /// A load balancer.
    LoadBalancer(Box<LoadBalancer>),
    /// A service of VPC Lattice.
    LatticeService(Box<LatticeService>),
}

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
    /// Its rules, the default action behind them.
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

/// An Elastic IP of a NAT gateway of a whole VPC.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionalAddress {
    /// The address.
    pub public_ip: Located<IpAddr>,
    /// The zone whose packets are sent from it; `None` when nobody said, so that it may be any.
    pub availability_zone_id: Option<String>,
}

/// One end of a VPC peering connection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PeeringSide {
    /// The VPC; `None` when it was not collected.
    pub vpc: Option<Reference>,
    /// Its Region, where no VPC says it.
    pub region: Option<String>,
}

/// A network on premises: addresses behind gateways.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerNetwork {
    /// Name and id.
    pub identity: Identity,
    /// Its blocks.
    pub cidr_blocks: Vec<Located<Cidr>>,
    /// The gateways it is connected to.
    pub via: Vec<Reference>,
}

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

/// A stated loss of records.
#[derive(Debug, Clone, PartialEq)]
pub struct Skip {
    /// An instant inside the window, from the scenario's start.
    pub at: Located<Duration>,
    /// The interface that loses its records, or every one of the flow log.
    pub interface: Option<Reference>,
}

/// Traffic of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfiledTraffic {
    /// Name, unique in the scenario.
    pub name: String,
    /// The clients.
    pub from: Vec<Reference>,
    /// The servers.
    pub to: Vec<Reference>,
    /// What is tried, at least one.
    pub services: Vec<Traffic>,
    /// How many addresses `internet` stands for.
    pub addresses: u64,
    /// The family to use between names that have both.
    pub family: Option<Family>,
    /// What is drawn.
    pub habits: Habits,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// A connection to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Name, unique in the scenario.
    pub name: String,
    /// Who opens it: a name, an id, an address or `internet`.
    pub from: Reference,
    /// Whom it is for.
    pub to: Reference,
    /// Protocol and ports.
    pub traffic: Traffic,
    /// The client's port; `None` stands for its whole ephemeral range.
    pub source_port: Option<u16>,
    /// The client's system, which decides its ephemeral range.
    pub ephemeral_ports: &'static EphemeralPorts,
    /// The address the client sends from, when not its primary one.
    pub source_address: Option<Located<IpAddr>>,
    /// The family to use between names that have both.
    pub family: Option<Family>,
    /// Offset from the scenario's start.
    pub at: Duration,
    /// Sizes and patience of a simulated exchange.
    pub exchange: Exchange,
    /// Stated traffic, instead of the exchange.
    pub bursts: Option<Vec<Burst>>,
    /// How often it is opened.
    pub repeat: Repeat,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// How often a connection is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    /// From one beginning to the next.
    pub every: Duration,
    /// How often in all.
    pub times: u64,
}

impl Default for Repeat {
    fn default() -> Self {
        Self { every: Duration::ZERO, times: 1 }
    }
}

impl Connection {
    /// Itself, or each of its repetitions: the second is called `name #2`.
    pub fn repetitions(&self) -> impl Iterator<Item = Self> + '_ {
        (0..self.repeat.times).map(|number| {
            let later = self.repeat.every.saturating_mul(u32::try_from(number).unwrap_or(u32::MAX));
            let name = if number == 0 { self.name.clone() } else { repetition(&self.name, number + 1) };
            let mut bursts = self.bursts.clone();
            for burst in bursts.iter_mut().flatten() {
                (burst.at, burst.until) = (burst.at.saturating_add(later), burst.until.saturating_add(later));
            }
            Self {
                name,
                at: self.at.saturating_add(later),
                bursts,
                repeat: Repeat::default(),
                ..self.clone()
            }
        })
    }

    /// When its first packet is sent, from the scenario's start.
    pub fn begin(&self) -> Duration {
        super::connection::first_packet(self.at, self.bursts.as_deref())
    }
}

/// What a repetition of a connection is called, the second being number 2.
pub(crate) fn repetition(name: &str, number: u64) -> String {
    format!("{name} #{number}")
}

/// The name of the first of a connection's repetitions, and how many stand before the one called `name`.
pub(crate) fn first_of(name: &str) -> (&str, u64) {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let later = name.split_at_checked(name.len() - digits).and_then(|(before, number)| {
        let first = before.strip_suffix(" #")?;
        Some((first, number.parse::<u64>().ok()?.checked_sub(1)?))
    });
    later.unwrap_or((name, 0))
}

/// Whether `name` is that of the connection `first` or of one of its repetitions.
pub fn is_repetition(name: &str, first: &str) -> bool {
    let number = name.strip_prefix(first).and_then(|rest| rest.strip_prefix(" #"));
    name == first || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}
