//! The members of AWS's answers that are used, under AWS's names. What is not listed is passed over.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Types.html>
//!
//! A list that is absent and one that is `null` are the same: nothing was said. Where nothing can be said without it,
//! it may not be absent: a gateway without `Attachments` is not one that is detached.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::few::few;
use super::json::Text;
use super::states::{
    self, AssociationState, AttachmentState, BlockOptionsState, EndpointState, ExclusionState, GatewayState,
    NatAddressState, RouteState, Word,
};
use super::table::Resource;
use crate::model::{BlockExclusion, BlockMode, GatewayKind};

type List<T> = Option<Vec<T>>;
type Tags<'a> = OwnWords<List<Tag<'a>>>;

/// Declares a shape: AWS's names follow from the members', and every member may be absent but those without `Option`.
/// It is read from an object alone; what serde derives would take a list for its members in order as well.
macro_rules! shapes {
    (in $case:literal: $($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $member:ident: $kind:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[allow(clippy::struct_field_names, reason = "the names are AWS's")]
            #[derive(Debug, Clone, PartialEq, Deserialize)]
            #[serde(rename_all = $case, remote = "Self", bound(deserialize = "'de: 'a"))]
            pub(in crate::input::aws) struct $name<'a> {
                $($(#[$attribute])* pub(in crate::input::aws) $member: $kind,)*
                #[serde(skip)]
                _text: PhantomData<&'a str>,
            }

            impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct ObjectVisitor<'a>(PhantomData<&'a str>);

                    impl<'de: 'a, 'a> Visitor<'de> for ObjectVisitor<'a> {
                        type Value = $name<'a>;

                        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                            f.write_str("struct")
                        }

                        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$name<'a>, A::Error> {
                            // Not the trait's function, but the derived one of the same name.
                            $name::deserialize(MapAccessDeserializer::new(map))
                        }
                    }
                    deserializer.deserialize_map(ObjectVisitor(PhantomData))
                }
            }
        )*
    };
    ($($all:tt)*) => { shapes! { in "PascalCase": $($all)* } };
}

pub(super) use shapes;

/// Declares which member is the id of a resource, and what messages call it.
macro_rules! resources {
    ($($name:ident: $kind:literal, $id:ident;)*) => {
        $(impl Resource for $name<'_> {
            const KIND: &'static str = $kind;

            fn id(&self) -> &Text<'_> {
                &self.$id
            }
        })*
    };
}

mod lattice;
mod load_balancers;
mod managed_services;
mod traffic_mirrors;
mod transit_gateways;

pub(super) use lattice::*;
pub(super) use load_balancers::*;
pub(super) use managed_services::*;
pub(super) use traffic_mirrors::*;
pub(super) use transit_gateways::*;

resources! {
    Vpc: "VPC", vpc_id;
    Subnet: "subnet", subnet_id;
    RouteTable: "route table", route_table_id;
    NetworkAcl: "network ACL", network_acl_id;
    SecurityGroup: "security group", group_id;
    SecurityGroupRule: "security group rule", security_group_rule_id;
    SecurityGroupVpcAssociation: "association of a security group", group_id;
    NetworkInterface: "network interface", network_interface_id;
    Instance: "instance", instance_id;
    InstanceType: "instance type", instance_type;
    InternetGateway: "internet gateway", internet_gateway_id;
    EgressOnlyInternetGateway: "egress-only internet gateway", egress_only_internet_gateway_id;
    VpcEndpoint: "VPC endpoint", vpc_endpoint_id;
    NatGateway: "NAT gateway", nat_gateway_id;
    VpcBlockPublicAccessExclusion: "exclusion from Block Public Access", exclusion_id;
    PrefixList: "prefix list", prefix_list_id;
    PrefixListEntry: "prefix list entry", cidr;
    Address: "Elastic IP address", public_ip;
    VpcPeeringConnection: "VPC peering connection", vpc_peering_connection_id;
    VpnGateway: "virtual private gateway", vpn_gateway_id;
    VpnConnection: "VPN connection", vpn_connection_id;
    FlowLog: "flow log", flow_log_id;
}

/// AWS maps names of zones to zones anew for each account.
/// AWS: <https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html>
impl Resource for AvailabilityZone<'_> {
    const KIND: &'static str = "Availability Zone";
    const IS_PER_SCOPE: bool = true;

    fn id(&self) -> &Text<'_> {
        &self.zone_name
    }
}

/// What each account says of a resource in its own words, so that two that share it need not agree: tags, names of
/// zones.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct OwnWords<T>(T);

impl<T> PartialEq for OwnWords<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> std::ops::Deref for OwnWords<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

shapes! {
    Tag { key: Text<'a>, value: Option<Text<'a>> }
    State { state: Option<Word<AssociationState>> }
    /// Its words are not checked: moto, which stands in for AWS, has some of its own.
    BlockState { state: Option<Text<'a>> }

    Vpc {
        vpc_id: Text<'a>,
        owner_id: Option<Text<'a>>,
        region: Option<Text<'a>>,
        cidr_block: Option<Text<'a>>,
        cidr_block_association_set: List<CidrBlockAssociation<'a>>,
        ipv6_cidr_block_association_set: List<Ipv6CidrBlockAssociation<'a>>,
        tags: Tags<'a>,
        block_public_access_states: Option<BlockPublicAccessStates<'a>>,
        encryption_control: Option<EncryptionControl<'a>>,
    }
    /// Within a VPC, or told by itself.
    EncryptionControl { vpc_id: Option<Text<'a>>, mode: Option<Text<'a>> }
    CidrBlockAssociation { cidr_block: Text<'a>, cidr_block_state: Option<BlockState<'a>> }
    Ipv6CidrBlockAssociation { ipv6_cidr_block: Text<'a>, ipv6_cidr_block_state: Option<BlockState<'a>> }

    Subnet {
        subnet_id: Text<'a>,
        vpc_id: Text<'a>,
        cidr_block: Option<Text<'a>>,
        ipv6_cidr_block_association_set: List<Ipv6CidrBlockAssociation<'a>>,
        availability_zone: OwnWords<Option<Text<'a>>>,
        availability_zone_id: Option<Text<'a>>,
        block_public_access_states: Option<BlockPublicAccessStates<'a>>,
        tags: Tags<'a>,
    }
    BlockPublicAccessStates { internet_gateway_block_mode: Option<Word<BlockMode>> }

    VpcBlockPublicAccessOptions {
        aws_account_id: Option<Text<'a>>,
        aws_region: Option<Text<'a>>,
        state: Option<Word<BlockOptionsState>>,
        internet_gateway_block_mode: Option<Word<BlockMode>>,
    }
    VpcBlockPublicAccessExclusion {
        exclusion_id: Text<'a>,
        internet_gateway_exclusion_mode: Word<BlockExclusion>,
        resource_arn: Text<'a>,
        state: Option<Word<ExclusionState>>,
    }
    AvailabilityZone { zone_name: Text<'a>, zone_id: Option<Text<'a>> }

    RouteTable {
        route_table_id: Text<'a>,
        vpc_id: Text<'a>,
        associations: List<RouteTableAssociation<'a>>,
        routes: List<Route<'a>>,
        tags: Tags<'a>,
    }
    RouteTableAssociation {
        main: Option<bool>,
        subnet_id: Option<Text<'a>>,
        gateway_id: Option<Text<'a>>,
        public_ipv4_pool: Option<Text<'a>>,
        association_state: Option<State<'a>>,
    }
    Route {
        destination_cidr_block: Option<Text<'a>>,
        destination_ipv6_cidr_block: Option<Text<'a>>,
        destination_prefix_list_id: Option<Text<'a>>,
        gateway_id: Option<Text<'a>>,
        egress_only_internet_gateway_id: Option<Text<'a>>,
        nat_gateway_id: Option<Text<'a>>,
        vpc_peering_connection_id: Option<Text<'a>>,
        transit_gateway_id: Option<Text<'a>>,
        network_interface_id: Option<Text<'a>>,
        instance_id: Option<Text<'a>>,
        local_gateway_id: Option<Text<'a>>,
        carrier_gateway_id: Option<Text<'a>>,
        core_network_arn: Option<Text<'a>>,
        odb_network_arn: Option<Text<'a>>,
        vpc_endpoint_id: Option<Text<'a>>,
        state: Option<Word<RouteState>>,
        origin: Option<Text<'a>>,
    }

    NetworkAcl {
        network_acl_id: Text<'a>,
        vpc_id: Text<'a>,
        associations: List<NetworkAclAssociation<'a>>,
        entries: List<NetworkAclEntry<'a>>,
        tags: Tags<'a>,
    }
    NetworkAclAssociation { subnet_id: Text<'a> }
    NetworkAclEntry {
        rule_number: i64,
        protocol: Text<'a>,
        rule_action: Text<'a>,
        egress: bool,
        cidr_block: Option<Text<'a>>,
        ipv6_cidr_block: Option<Text<'a>>,
        port_range: Option<PortRange<'a>>,
        icmp_type_code: Option<IcmpTypeCode<'a>>,
    }
    PortRange { from: i64, to: i64 }
    IcmpTypeCode { code: i64, r#type: i64 }

    SecurityGroup {
        group_id: Text<'a>,
        group_name: Option<Text<'a>>,
        vpc_id: Option<Text<'a>>,
        ip_permissions: List<IpPermission<'a>>,
        ip_permissions_egress: List<IpPermission<'a>>,
    }
    IpPermission {
        ip_protocol: Text<'a>,
        from_port: Option<i64>,
        to_port: Option<i64>,
        #[serde(default, deserialize_with = "few")]
        ip_ranges: List<IpRange<'a>>,
        ipv6_ranges: List<Ipv6Range<'a>>,
        #[serde(default, deserialize_with = "few")]
        prefix_list_ids: List<PrefixListId<'a>>,
        #[serde(default, deserialize_with = "few")]
        user_id_group_pairs: List<UserIdGroupPair<'a>>,
    }
    IpRange { cidr_ip: Text<'a> }
    Ipv6Range { cidr_ipv6: Text<'a> }
    PrefixListId { prefix_list_id: Text<'a> }
    UserIdGroupPair { group_id: Option<Text<'a>>, group_name: Option<Text<'a>>, user_id: Option<Text<'a>> }
    SecurityGroupRule {
        security_group_rule_id: Text<'a>,
        group_id: Text<'a>,
        is_egress: bool,
        ip_protocol: Text<'a>,
        from_port: Option<i64>,
        to_port: Option<i64>,
        cidr_ipv4: Option<Text<'a>>,
        cidr_ipv6: Option<Text<'a>>,
        prefix_list_id: Option<Text<'a>>,
        referenced_group_info: Option<ReferencedGroupInfo<'a>>,
    }
    ReferencedGroupInfo { group_id: Text<'a> }
    SecurityGroupVpcAssociation {
        group_id: Text<'a>,
        vpc_id: Text<'a>,
        state: Option<Word<states::GroupAssociationState>>,
    }

    /// As `DescribeNetworkInterfaces` tells of it, and as `DescribeInstances` does within an instance.
    NetworkInterface {
        network_interface_id: Text<'a>,
        subnet_id: Option<Text<'a>>,
        vpc_id: Option<Text<'a>>,
        owner_id: Option<Text<'a>>,
        interface_type: Option<Text<'a>>,
        description: OwnWords<Option<Text<'a>>>,
        requester_id: OwnWords<Option<Text<'a>>>,
        requester_managed: Option<bool>,
        status: Option<Text<'a>>,
        #[serde(default, deserialize_with = "few")]
        groups: List<GroupIdentifier<'a>>,
        private_ip_address: Option<Text<'a>>,
        #[serde(default, deserialize_with = "few")]
        private_ip_addresses: List<PrivateIpAddress<'a>>,
        association: Option<Association<'a>>,
        ipv6_addresses: List<Ipv6Address<'a>>,
        ipv4_prefixes: List<Ipv4Prefix<'a>>,
        ipv6_prefixes: List<Ipv6Prefix<'a>>,
        source_dest_check: Option<bool>,
        attachment: Option<Attachment<'a>>,
        #[serde(alias = "Tags")]
        tag_set: Tags<'a>,
        deny_all_igw_traffic: Option<bool>,
        connection_tracking_configuration: Option<ConnectionTracking<'a>>,
    }
    ConnectionTracking {
        tcp_established_timeout: Option<i64>,
        udp_timeout: Option<i64>,
        udp_stream_timeout: Option<i64>,
    }
    GroupIdentifier { group_id: Text<'a> }
    PrivateIpAddress {
        private_ip_address: Text<'a>,
        primary: Option<bool>,
        association: Option<Association<'a>>,
    }
    Association { public_ip: Option<Text<'a>>, carrier_ip: Option<Text<'a>>, customer_owned_ip: Option<Text<'a>> }
    Ipv6Address { ipv6_address: Text<'a> }
    Ipv4Prefix { ipv4_prefix: Text<'a> }
    Ipv6Prefix { ipv6_prefix: Text<'a> }
    Attachment { instance_id: Option<Text<'a>>, device_index: Option<i64> }

    /// A reservation, or an instance that a collector took out of its own.
    Reservation { instances: List<Instance<'a>>, instance_id: Option<Text<'a>> }
    Instance {
        instance_id: Text<'a>,
        instance_type: Option<Text<'a>>,
        state: Option<InstanceState<'a>>,
        network_interfaces: List<NetworkInterface<'a>>,
        public_ip_address: Option<Text<'a>>,
        tags: Tags<'a>,
    }
    InstanceState { name: Option<Word<states::InstanceState>> }
    InstanceType { instance_type: Text<'a>, hypervisor: Option<Text<'a>>, bare_metal: Option<bool> }

    InternetGateway {
        internet_gateway_id: Text<'a>,
        attachments: Vec<GatewayAttachment<'a>>,
        tags: Tags<'a>,
    }
    EgressOnlyInternetGateway {
        egress_only_internet_gateway_id: Text<'a>,
        attachments: Vec<GatewayAttachment<'a>>,
        tags: Tags<'a>,
    }
    GatewayAttachment { vpc_id: Text<'a>, state: Option<Word<AttachmentState>> }

    VpcPeeringConnection {
        vpc_peering_connection_id: Text<'a>,
        requester_vpc_info: Option<VpcPeeringConnectionVpcInfo<'a>>,
        accepter_vpc_info: Option<VpcPeeringConnectionVpcInfo<'a>>,
        status: Option<VpcPeeringConnectionStatus<'a>>,
        tags: Tags<'a>,
    }
    VpcPeeringConnectionVpcInfo { vpc_id: Option<Text<'a>>, region: Option<Text<'a>> }
    VpcPeeringConnectionStatus { code: Word<states::PeeringState> }

    VpnGateway {
        vpn_gateway_id: Text<'a>,
        state: Option<Word<GatewayState>>,
        vpc_attachments: Vec<GatewayAttachment<'a>>,
        tags: Tags<'a>,
    }
    VpnConnection {
        vpn_connection_id: Text<'a>,
        vpn_gateway_id: Option<Text<'a>>,
        state: Option<Word<GatewayState>>,
        routes: List<VpnStaticRoute<'a>>,
        vgw_telemetry: List<VgwTelemetry<'a>>,
    }
    VpnStaticRoute { destination_cidr_block: Option<Text<'a>>, state: Option<Word<GatewayState>> }
    VgwTelemetry { status: Option<Text<'a>> }

    /// A gateway of any kind that is not simulated.
    Gateway {
        local_gateway_id: Option<Text<'a>>,
        carrier_gateway_id: Option<Text<'a>>,
        tags: Tags<'a>,
    }

    VpcEndpoint {
        vpc_endpoint_id: Text<'a>,
        vpc_endpoint_type: Option<Text<'a>>,
        vpc_id: Option<Text<'a>>,
        service_name: Option<Text<'a>>,
        network_interface_ids: List<Text<'a>>,
        private_dns_enabled: Option<bool>,
        dns_entries: List<DnsEntry<'a>>,
        dns_options: Option<DnsOptions<'a>>,
        state: Option<Word<EndpointState>>,
        tags: Tags<'a>,
    }
    DnsEntry { dns_name: Option<Text<'a>> }
    DnsOptions { private_dns_only_for_inbound_resolver_endpoint: Option<bool> }

    NatGateway {
        nat_gateway_id: Text<'a>,
        subnet_id: Option<Text<'a>>,
        state: Option<Word<GatewayState>>,
        vpc_id: Option<Text<'a>>,
        route_table_id: Option<Text<'a>>,
        availability_mode: Option<Text<'a>>,
        connectivity_type: Option<Text<'a>>,
        nat_gateway_addresses: List<NatGatewayAddress<'a>>,
        attached_appliances: List<NatGatewayAppliance<'a>>,
        tags: Tags<'a>,
    }
    NatGatewayAddress {
        network_interface_id: Option<Text<'a>>,
        private_ip: Option<Text<'a>>,
        public_ip: Option<Text<'a>>,
        is_primary: Option<bool>,
        status: Option<Word<NatAddressState>>,
        availability_zone: OwnWords<Option<Text<'a>>>,
        availability_zone_id: Option<Text<'a>>,
    }
    /// What filters its traffic: which, it does not say.
    NatGatewayAppliance { appliance_arn: Option<Text<'a>> }

    PrefixList {
        prefix_list_id: Text<'a>,
        prefix_list_name: Option<Text<'a>>,
        cidrs: List<Text<'a>>,
    }
    PrefixListEntry { cidr: Text<'a> }

    Address {
        public_ip: Text<'a>,
        private_ip_address: Option<Text<'a>>,
        network_interface_id: Option<Text<'a>>,
        instance_id: Option<Text<'a>>,
        association_id: Option<Text<'a>>,
    }

    FlowLog {
        flow_log_id: Text<'a>,
        resource_id: Text<'a>,
        traffic_type: Option<Text<'a>>,
        max_aggregation_interval: Option<i64>,
        log_format: Option<Text<'a>>,
        flow_log_status: Option<Text<'a>>,
        tag_field_specifications: List<TagFieldSpecification<'a>>,
    }
    TagFieldSpecification { resource_type: Text<'a>, tag_keys: List<Text<'a>> }
}

impl<'a> Gateway<'a> {
    /// The id of a gateway of `kind`.
    pub(super) fn id(&self, kind: GatewayKind) -> Option<&Text<'a>> {
        match kind {
            GatewayKind::LocalGateway => self.local_gateway_id.as_ref(),
            GatewayKind::CarrierGateway => self.carrier_gateway_id.as_ref(),
            GatewayKind::InternetGateway
            | GatewayKind::EgressOnlyInternetGateway
            | GatewayKind::NatGateway
            | GatewayKind::VpcEndpoint
            | GatewayKind::VpcPeeringConnection
            | GatewayKind::VpnGateway
            | GatewayKind::TransitGateway
            | GatewayKind::CoreNetwork
            | GatewayKind::LoadBalancer
            | GatewayKind::LatticeService => None,
        }
    }
}

impl InstanceType<'_> {
    /// Whether it is built on the Nitro System, as `DescribeInstanceTypes` says; the member of the same name that
    /// instances have says `xen` of all of them.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeInfo.html>
    pub(super) fn is_nitro(&self) -> Option<bool> {
        let hypervisor = self.hypervisor.as_ref().map(Text::as_str);
        match (self.bare_metal, hypervisor) {
            (Some(true), _) | (_, Some("nitro")) => Some(true),
            (_, Some("xen")) => Some(false),
            _ => None,
        }
    }
}
