//! Network interfaces.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html>

use std::net::IpAddr;

use super::{
    ConnectionTrackingConfiguration, Gateway, Identity, Index, Instance, ManagedService, ManagedServiceKind,
    SecurityGroup, Tags, network::Subnet,
};
use crate::net::{Cidr, Family};

/// What records may show as the account of an interface that a service of AWS created.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `account-id`.
pub const UNKNOWN_ACCOUNT: &str = "unknown";

/// A private IPv4 address of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateAddress {
    /// The private address.
    pub private_ip: IpAddr,
    /// The public or Elastic IP that the internet gateway maps to it.
    pub public_ip: Option<IpAddr>,
}

/// What the host of an interface does with packets that are not for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forwarding {
    /// It sends them on as they are: a router, a firewall.
    Route,
    /// It sends them on from its own address: a NAT instance.
    Nat,
}

impl Forwarding {
    /// All kinds and their names.
    pub const NAMES: [(&'static str, Self); 2] = [("route", Self::Route), ("nat", Self::Nat)];
}

/// A network interface.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkInterface {
    /// Name and id.
    pub identity: Identity,
    /// Its owner, when not that of its VPC.
    pub account: Option<String>,
    /// What it is, as `InterfaceType` says it; `None` is an ordinary interface.
    pub interface_type: Option<String>,
    /// Its subnet.
    pub subnet: Index<Subnet>,
    /// The instance it is attached to.
    pub instance: Option<Index<Instance>>,
    /// The gateway it is a part of.
    pub gateway: Option<Index<Gateway>>,
    /// The resource of a service that it is a part of.
    pub managed_service: Option<Index<ManagedService>>,
    /// Its security groups, whose rules form one set. Only interfaces that AWS manages can have none.
    pub security_groups: Vec<Index<SecurityGroup>>,
    /// Private IPv4 addresses, the primary one first.
    pub private_ip_addresses: Vec<PrivateAddress>,
    /// IPv6 addresses.
    pub ipv6_addresses: Vec<IpAddr>,
    /// Delegated prefixes.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html>
    pub prefixes: Vec<Cidr>,
    /// Whether packets must come from or go to its own addresses; `None` when AWS's answers do not say it.
    pub source_dest_check: Option<bool>,
    /// What its host does with packets that routes lead to it; `None` when that is not known.
    pub forwards: Option<Forwarding>,
    /// Whether AWS drops what the internet sends to it.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html>
    pub deny_all_igw_traffic: bool,
    /// How long it remembers flows that are idle, where that is configured.
    pub connection_tracking: ConnectionTrackingConfiguration,
    /// Whether something sends and answers with it.
    pub attached: bool,
    /// Whether it names an instance that is not among those of its account, of which all were collected.
    pub instance_is_unlisted: bool,
    /// Its tags.
    pub tags: Tags,
}

/// What of an interface's traffic is simulated, by what it is. The rest is `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conduct {
    /// Whether it opens connections as a host does.
    pub opens: bool,
    /// Whether it takes and answers them as a host does.
    pub answers: bool,
    /// Whether what others open to it goes nowhere, whatever its security groups admit.
    pub refuses: bool,
}

impl Conduct {
    /// A host's.
    pub const HOST: Self = Self { opens: true, answers: true, refuses: false };

    /// Of types that are known. What passes through others, such as a load balancer's or an endpoint's, ends or begins
    /// elsewhere: who answers there, the gateway says to which the interface belongs.
    const TYPES: &[(&str, Self)] = &[
        ("interface", Self::HOST),
        ("efa", Self::HOST),
        ("efa-only", Self::HOST),
        ("trunk", Self::HOST),
        ("branch", Self::HOST),
    ];

    /// That of an `InterfaceType`: of a host, or of a service that manages such interfaces. With whose address those send
    /// that may have clients of their own is not known until the service says it.
    pub fn of(interface_type: &str) -> Self {
        let found = Self::TYPES.iter().find(|(name, _)| *name == interface_type);
        let of_service = || {
            let kind = ManagedServiceKind::of_type(interface_type)?;
            kind.client_ip.is_none().then_some(kind.conduct)
        };
        let known = found.map(|(_, conduct)| *conduct).or_else(of_service);
        known.unwrap_or(Self { opens: false, answers: false, refuses: false })
    }
}

impl NetworkInterface {
    /// Whether `address` is the interface's own, itself or in a delegated prefix.
    pub fn owns(&self, address: IpAddr) -> bool {
        self.private_ip_addresses.iter().any(|own| own.private_ip == address)
            || self.ipv6_addresses.contains(&address)
            || self.prefixes.iter().any(|prefix| prefix.contains(address))
    }

    /// The public address that the internet gateway puts in the place of `private`.
    pub fn public_ip(&self, private: IpAddr) -> Option<IpAddr> {
        self.private_ip_addresses.iter().find(|own| own.private_ip == private).and_then(|own| own.public_ip)
    }

    /// What is simulated of it.
    pub fn conduct(&self) -> Conduct {
        self.interface_type.as_deref().map_or(Conduct::HOST, Conduct::of)
    }

    /// The primary private IPv4 address. What stands for a regional NAT gateway has public addresses alone.
    pub fn primary_private_ip(&self) -> Option<&IpAddr> {
        let first = self.private_ip_addresses.first();
        first.filter(|own| own.public_ip != Some(own.private_ip)).map(|own| &own.private_ip)
    }

    /// The address it sends from by itself: the primary private IPv4, or the first IPv6.
    pub fn primary_address(&self, family: Family) -> Option<IpAddr> {
        match family {
            Family::V4 => self.primary_private_ip().copied(),
            Family::V6 => self.ipv6_addresses.first().copied(),
        }
    }
}
