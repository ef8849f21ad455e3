//! What was decided about a packet, where, and by which rule.

use std::net::IpAddr;

use crate::model::{
    CustomerNetwork, Gateway, Index, Kind, Listener, MirroredBy, NameDoubt, NetworkAcl, NetworkInterface,
    ReservedTraffic, RouteTable, SecurityGroup, Subnet, Tracking, Vpc,
};
use crate::net::{Direction, Header};

use super::{InspectionFact, LatticeFact, LoadBalancerFact, ServiceFact, Stage, TransitGatewayFact};

/// What happened to the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// A rule admits it.
    Allow,
    /// A security group or network ACL refuses it; flow logs show REJECT.
    Deny,
    /// Nothing stops it.
    Pass,
    /// Something that is no rule stops it; flow logs do not show why.
    Drop,
    /// It rests on something that is not simulated.
    Unknown,
}

impl Decision {
    /// Whether the packet goes no further, for certain.
    pub const fn stops(self) -> bool {
        matches!(self, Self::Deny | Self::Drop)
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Pass => "pass",
            Self::Drop => "drop",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a decision was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At an interface.
    NetworkInterface(Index<NetworkInterface>),
    /// At a subnet's network ACL.
    NetworkAcl(Index<NetworkAcl>),
    /// In a route table.
    RouteTable(Index<RouteTable>),
    /// At a gateway.
    Gateway(Index<Gateway>),
    /// In a subnet, on the last stretch to an address.
    Subnet(Index<Subnet>),
    /// At the router of a VPC.
    Vpc(Index<Vpc>),
    /// In a network on premises.
    CustomerNetwork(Index<CustomerNetwork>),
    /// Outside the network.
    Internet,
}

/// The rule, or the fact, that decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DecidedBy {
    /// A rule of a security group.
    SecurityGroupRule {
        /// The group.
        group: Index<SecurityGroup>,
        /// Position among the group's rules of the direction.
        rule: usize,
    },
    /// No rule of any group of the interface matches.
    NoSecurityGroupRule,
    /// The flow is remembered.
    TrackedFlow {
        /// Whether and why.
        tracking: Tracking,
        /// Whether the packet answers the one that opened the flow, or is more of it.
        answers: bool,
    },
    /// An entry of a network ACL, by its position; `None` is `*`.
    NetworkAclEntry(Option<usize>),
    /// A route, by its position.
    Route(usize),
    /// One of several routes among which AWS chooses arbitrarily.
    ArbitraryRoute(usize),
    /// The table has no route to the destination.
    NoRoute,
    /// The destination belongs to AWS's own services, and no route forwards to it.
    NeverForwarded,
    /// A VPC forwards neither broadcast nor multicast.
    NoMulticast,
    /// The address is one of the interface's own, or the check is off.
    OwnAddress {
        /// Whether the check is on.
        checked: bool,
    },
    /// The address is none of the interface's own.
    ForeignAddress,
    /// The address is none of the interface's own, and whether the check is on was not collected.
    CheckNotCollected,
    /// The gateway rewrites the interface's address.
    Translated {
        /// As it came.
        from: IpAddr,
        /// As it goes on.
        to: IpAddr,
    },
    /// The gateway passes the packet as it is.
    Unchanged,
    /// The source is no interface's own address.
    SpoofedSource,
    /// The private source has no public address.
    NoPublicAddress,
    /// No interface with the public destination is behind the gateway.
    NoSuchPublicAddress,
    /// This public address belongs to an interface that was not collected.
    PublicAddressUnplaced(IpAddr),
    /// This public address is of a pool that comes without translation.
    PublicPool(IpAddr),
    /// A private or shared address cannot cross an internet gateway.
    PrivateAddress,
    /// No internet gateway is attached to the VPC.
    NoInternetGateway,
    /// The gateway carries another address family.
    WrongFamily,
    /// The gateway lets only answers in.
    NotInitiatedInside,
    /// The gateway is in a state in which it carries nothing.
    NotAvailable,
    /// AWS does not say whether the gateway carries packets in this state.
    StateUndocumented(&'static str),
    /// The state of the gateway was not collected.
    StateNotCollected,
    /// The gateway carries TCP, UDP and ICMP alone.
    ProtocolNotCarried,
    /// AWS does not say what a NAT gateway makes of such IPv6.
    TranslationUndocumented,
    /// No address is known that the gateway could translate to.
    NoAddressToUse,
    /// The connection was idle for so long that the NAT gateway has forgotten it.
    TranslationForgotten,
    /// A NAT gateway does not serve its own subnet.
    OwnSubnet,
    /// What a transit gateway decides by.
    TransitGateway(TransitGatewayFact),
    /// What a load balancer decides by.
    LoadBalancer(LoadBalancerFact),
    /// It answers what a load balancer passed on, and returns by it.
    ReturnsToLoadBalancer(Index<Gateway>),
    /// What VPC Lattice decides by.
    Lattice(LatticeFact),
    /// What an inspection decides by.
    Inspection(InspectionFact),
    /// Neither address lies in the VPC at the far end of a peering connection.
    NotOfPeer(Index<Vpc>),
    /// The VPC at the far end of a peering connection was not collected, or not stated.
    FarEndNotCollected,
    /// It answers what a NAT gateway sent through this peering connection.
    ReturnsToSender(Index<Gateway>),
    /// None of the networks behind the gateway has the destination.
    NoNetworkBehind,
    /// Which networks are behind the gateway was not collected.
    NetworksNotCollected,
    /// No interface of the VPC has the destination.
    NotAnInterface,
    /// No gateway of the network on premises leads to the destination.
    NoGatewayBetween,
    /// The packet leaves the gateway's interface.
    Leaves,
    /// This kind of gateway is not simulated.
    NotModelled,
    /// The service of AWS behind an interface endpoint answers.
    ServiceBehind,
    /// A proxy answers, and its onward connection is not simulated.
    OnwardConnection,
    /// What the host does with packets that it is to forward is not known.
    ForwardingNotModelled,
    /// The host has several interfaces, and by which of them it forwards is its own routing.
    SeveralInterfaces,
    /// The host forwards the packet.
    Forwards,
    /// How a packet from this address reaches the VPC is not simulated.
    EntryNotModelled,
    /// The path is longer than any real one: a loop.
    HopBudget,
    /// The packet is at the interface that has its destination.
    Delivered,
    /// The packet is at somebody who is not the one it is for.
    SomebodyElse,
    /// The answer is at whoever asked, but with another source than was asked, so that it answers nothing.
    NotAsAsked,
    /// A group of another VPC, whose members on the way are not known.
    PeerGroupNotModelled,
    /// Whether rules can name security groups across the transit gateway was not collected.
    ReferencingNotCollected,
    /// Resources of this kind, on which it rests, were not collected.
    NotCollected(Kind),
    /// The rules of this group were not collected.
    GroupNotCollected(Index<SecurityGroup>),
    /// A rule names a prefix list whose entries were not collected.
    UnlistedRule {
        /// The group.
        group: Index<SecurityGroup>,
        /// Position among the group's rules of the direction.
        rule: usize,
    },
    /// A route through a prefix list whose entries were not collected, by its position among those.
    UnlistedRoute(usize),
    /// A rule names a prefix list that may hold the addresses of the service, which are not known.
    ServiceMayBeListed {
        /// The group.
        group: Index<SecurityGroup>,
        /// Position among the group's rules of the direction.
        rule: usize,
    },
    /// A route through such a list, by its position.
    ServiceMayBeRouted(usize),
    /// AWS manages the interface, and which traffic it takes is not simulated.
    ManagedInterface,
    /// What a service decides by whose interfaces AWS manages, or an endpoint about encryption.
    Service(ServiceFact),
    /// The instance does not run.
    NotRunning,
    /// Nothing is attached to the interface that could send or answer.
    NotAttached,
    /// The instance of the interface is not among those of the account, of which all were collected.
    InstanceNotListed,
    /// The interface has `DenyAllIgwTraffic`: inbound packets from the internet are dropped.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html>
    DenyAllIgwTraffic,
    /// Block Public Access keeps the packet from the subnet.
    BlockPublicAccess,
    /// Block Public Access is on, and what is exempt was not collected.
    BlockPublicAccessUnknown,
    /// IPv6 through it is not simulated, while IPv4 is.
    Ipv6NotModelled,
    /// What begins on premises with a private address, and is for a public one: it is not known how it is translated there.
    TranslatedOnPremises,
    /// AWS does not say whether the exclusion of a subnet exempts the regional NAT gateway behind it.
    ExclusionUndocumented,
    /// The gateway's own route table leads to this interface, which has no public address.
    ApplianceNotPublic(Index<NetworkInterface>),
    /// The gateway's own route table leads what answers to this interface, by which the packet did not come.
    Redirected(Index<NetworkInterface>),
    /// An answer to a flow that the gateway did not see begin.
    UnseenFlow,
    /// The packet left the network for the internet.
    LeftNetwork,
    /// The packet left the network for an address that translators alone serve.
    LeftUntranslated,
    /// Whom the DNS name of the far end stands for is not known.
    NameNotKnown(NameDoubt),
    /// No interface has the destination.
    NobodyHasAddress,
    /// Traffic with AWS's services that no rule sees.
    Reserved(&'static ReservedTraffic),
    /// AWS does not say whether such traffic is answered.
    AnswerUndocumented(&'static ReservedTraffic),
    /// How the host takes the packet.
    Host(Listener),
    /// The packet is a copy of another, which this rule of a traffic mirror filter accepts.
    Mirrored(MirroredBy),
}

impl PartialEq for ReservedTraffic {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// One decision on a packet's way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checkpoint {
    /// What kind of place it is.
    pub stage: Stage,
    /// The place.
    pub place: Place,
    /// The interface at whose border it stands, for what flow logs see.
    pub interface: Option<Index<NetworkInterface>>,
    /// Which way the packet crosses.
    pub direction: Direction,
    /// The packet as it is seen there.
    pub header: Header,
    /// What happened.
    pub decision: Decision,
    /// Why.
    pub decided_by: DecidedBy,
    /// Whether the packet had been stopped before, so that this only would happen.
    pub hypothetical: bool,
}
