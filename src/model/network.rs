//! The network, resolved: every reference an index, every rule set sorted, valid by construction.

use std::net::IpAddr;

use super::{
    AddressIndex, Arena, BlockMode, Border, Card, CustomerNetwork, EncryptionMode, FlowLog, Gateway,
    GatewayForm, GatewayKind, Identity, Index, Instance, Kind, ManagedService, NetworkAcl, NetworkInterface,
    Probe, RouteTable, RouteTarget, SecurityGroup, SecurityGroupRule, Stray, TargetGroup,
    TrafficMirrorFilter, TrafficMirrorSession,
};
use crate::net::{Cidr, Direction, Family, Header};

/// A VPC.
#[derive(Debug, Clone, PartialEq)]
pub struct Vpc {
    /// Name and id.
    pub identity: Identity,
    /// Account that owns it.
    pub account: String,
    /// Its Region.
    pub region: String,
    /// IPv4 and IPv6 blocks, the primary one first.
    pub cidr_blocks: Vec<Cidr>,
    /// Kinds of resources of which nobody asked what the VPC has.
    pub not_collected: Vec<Kind>,
    /// What its encryption controls do, where they are on.
    pub encryption_controls: Option<EncryptionMode>,
    /// The internet gateway attached to it.
    pub internet_gateway: Option<Index<Gateway>>,
}

impl Vpc {
    /// Whether `address` lies in one of its blocks.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidr_blocks.iter().any(|block| block.contains(address))
    }

    /// Whether it is known which resources of `kind` the VPC has.
    pub fn has_collected(&self, kind: Kind) -> bool {
        !self.not_collected.contains(&kind)
    }

    /// The primary IPv4 block, in which Amazon's resolver has its address.
    pub fn primary_cidr_block(&self) -> Option<Cidr> {
        self.cidr_blocks.iter().copied().find(|block| block.family() == Family::V4)
    }
}

/// A subnet.
#[derive(Debug, Clone, PartialEq)]
pub struct Subnet {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Index<Vpc>,
    /// Its IPv4 block and IPv6 blocks.
    pub cidr_blocks: Vec<Cidr>,
    /// Id of its Availability Zone.
    pub availability_zone_id: String,
    /// The ACL at its border.
    pub network_acl: Index<NetworkAcl>,
    /// The table that routes what leaves it.
    pub route_table: Index<RouteTable>,
    /// What Block Public Access keeps from the internet gateways, as far as nothing is exempt.
    pub block_public_access: BlockMode,
}

impl Subnet {
    /// Whether `address` lies in one of its blocks.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.cidr_blocks.iter().any(|block| block.contains(address))
    }
}

/// A network that can be walked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Network {
    /// VPCs.
    pub vpcs: Arena<Vpc>,
    /// Subnets.
    pub subnets: Arena<Subnet>,
    /// Network ACLs, the default ones after those that were read.
    pub network_acls: Arena<NetworkAcl>,
    /// Security groups, the default ones after those that were read.
    pub security_groups: Arena<SecurityGroup>,
    /// Route tables, main ones nobody wrote after those that were read.
    pub route_tables: Arena<RouteTable>,
    /// Gateways of every kind.
    pub gateways: Arena<Gateway>,
    /// Groups of targets of load balancers.
    pub target_groups: Arena<TargetGroup>,
    /// Networks behind gateways that are no VPCs.
    pub customer_networks: Arena<CustomerNetwork>,
    /// Instances.
    pub instances: Arena<Instance>,
    /// Network interfaces.
    pub network_interfaces: Arena<NetworkInterface>,
    /// Resources of services whose interfaces AWS manages.
    pub managed_services: Arena<ManagedService>,
    /// Traffic mirror filters.
    pub traffic_mirror_filters: Arena<TrafficMirrorFilter>,
    /// Traffic mirror sessions, in the order of their numbers.
    pub traffic_mirror_sessions: Arena<TrafficMirrorSession>,
    /// Flow logs.
    pub flow_logs: Arena<FlowLog>,
    /// Whether they stand for those that nobody asked AWS about.
    pub flow_logs_are_assumed: bool,
    /// The attachments of all transit gateways, each with its position there.
    pub(crate) attachments: Vec<(Index<Gateway>, usize)>,
    /// By subnet.
    pub(crate) borders: Arena<Border>,
    /// By interface.
    pub(crate) cards: Arena<Card>,
    pub(crate) addresses: AddressIndex,
    pub(crate) ends: super::Ends,
}

impl Network {
    /// The interface of `vpc` that has `address`, itself or in a delegated prefix.
    pub fn interface_at(&self, vpc: Index<Vpc>, address: IpAddr) -> Option<Index<NetworkInterface>> {
        self.addresses.owner(vpc, address)
    }

    /// The interface and private address that a public IPv4 address stands for.
    pub fn behind_public_ip(&self, public: IpAddr) -> Option<(Index<NetworkInterface>, IpAddr)> {
        self.addresses.behind(public)
    }

    /// What is known of a public address of the account that no known interface has.
    pub fn stray_public_ip(&self, public: IpAddr) -> Option<Stray> {
        self.addresses.stray(public)
    }

    /// Notes which public addresses of the network `before` nobody has any more.
    pub(crate) fn release_addresses(&mut self, before: &Self) {
        self.addresses.release(&before.addresses);
        self.release_lattice(before);
    }

    /// Every interface that has `address` as a private or IPv6 address, in any VPC.
    pub fn interfaces_with(&self, address: IpAddr) -> Vec<Index<NetworkInterface>> {
        self.vpcs.enumerate().filter_map(|(vpc, _)| self.interface_at(vpc, address)).collect()
    }

    /// The VPC with an IPv6 block that holds `address`.
    pub fn vpc_of_ipv6(&self, address: IpAddr) -> Option<Index<Vpc>> {
        let holds = |vpc: &Vpc| Family::of(address) == Family::V6 && vpc.contains(address);
        self.vpcs.enumerate().find(|(_, vpc)| holds(vpc)).map(|(index, _)| index)
    }

    /// The VPC of an interface.
    pub fn vpc_of(&self, interface: Index<NetworkInterface>) -> Index<Vpc> {
        self.card(interface).vpc
    }

    /// What walks ask about an interface.
    #[inline]
    pub(crate) fn card(&self, interface: Index<NetworkInterface>) -> &Card {
        &self.cards[Index::new(interface.position())]
    }

    /// What walks ask about a subnet.
    #[inline]
    pub(crate) fn border(&self, subnet: Index<Subnet>) -> &Border {
        &self.borders[Index::new(subnet.position())]
    }

    /// The account that owns an interface; [`UNKNOWN_ACCOUNT`](super::UNKNOWN_ACCOUNT) counts as another's than any.
    pub fn account_of(&self, interface: Index<NetworkInterface>) -> &str {
        let own = self.network_interfaces[interface].account.as_deref();
        own.unwrap_or(&self.vpcs[self.vpc_of(interface)].account)
    }

    /// Whether an interface stands for a gateway that is in no subnet: nobody sees it under an id of its own.
    pub fn is_in_no_subnet(&self, interface: Index<NetworkInterface>) -> bool {
        let gateway = self.network_interfaces[interface].gateway.map(|gateway| &self.gateways[gateway].form);
        matches!(gateway, Some(GatewayForm::NatGateway(own)) if own.is_regional)
    }

    /// The instance an interface is attached to.
    pub fn instance_of(&self, interface: Index<NetworkInterface>) -> Option<&Instance> {
        self.network_interfaces[interface].instance.map(|instance| &self.instances[instance])
    }

    /// Whether an interface is attached to a Nitro instance. An unattached one counts as Nitro.
    pub fn is_nitro(&self, interface: Index<NetworkInterface>) -> bool {
        self.instance_of(interface).is_none_or(|instance| instance.nitro)
    }

    /// The rules of all groups of an interface, which form one set, with their group and their position in it.
    pub fn security_group_rules(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
    ) -> impl Iterator<Item = (Index<SecurityGroup>, usize, &SecurityGroupRule)> {
        let groups = self.network_interfaces[interface].security_groups.iter().copied();
        groups.flat_map(move |group| {
            let rules = self.security_groups[group].rules.get(direction).iter().enumerate();
            rules.map(move |(position, rule)| (group, position, rule))
        })
    }

    /// As [`Network::security_group_rules`], but for rules that cannot match `header`.
    pub(crate) fn candidate_rules(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
        header: &Header,
    ) -> impl Iterator<Item = (Index<SecurityGroup>, usize, &SecurityGroupRule)> {
        let probe = Probe::of(header, direction);
        let groups = self.network_interfaces[interface].security_groups.iter().copied();
        groups.flat_map(move |group| {
            let rules = self.security_groups[group].rules.get(direction);
            let positions = rules.candidates(probe).map(|candidate| candidate.position);
            positions.filter_map(move |position| Some((group, position, rules.get(position)?)))
        })
    }

    /// Whether a subnet has a route to an internet gateway, which is what AWS calls a public subnet.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types>
    pub fn is_public(&self, subnet: Index<Subnet>) -> bool {
        let table = &self.route_tables[self.subnets[subnet].route_table];
        table.routes.iter().any(|route| match route.target {
            RouteTarget::Gateway(gateway) => self.gateways[gateway].kind == GatewayKind::InternetGateway,
            _ => false,
        })
    }

    /// What people call an interface: its instance's name when that has no other interface.
    pub fn interface_label(&self, interface: Index<NetworkInterface>) -> &Identity {
        let this = &self.network_interfaces[interface];
        match this.instance {
            Some(instance) if !self.has_several_interfaces(instance) => &self.instances[instance].identity,
            _ => &this.identity,
        }
    }

    /// The interfaces of an instance, in the order of their device index.
    pub fn interfaces_of(
        &self,
        instance: Index<Instance>,
    ) -> impl Iterator<Item = Index<NetworkInterface>> + '_ {
        self.instances[instance].network_interfaces.iter().copied()
    }

    fn has_several_interfaces(&self, instance: Index<Instance>) -> bool {
        self.instances[instance].network_interfaces.len() > 1
    }
}
