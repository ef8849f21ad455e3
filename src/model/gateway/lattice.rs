//! Services of VPC Lattice, and the service networks by which VPCs may use them.
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/what-is-vpc-lattice.html>
//!
//! A service has no interface in any VPC: clients send to an address of VPC Lattice, which connects to targets from there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Gateway, GatewayForm, ListenerProtocol, TargetGroup};
use crate::model::by_name::display_by_name;
use crate::model::network::Vpc;
use crate::model::{Identity, Index, Network, SecurityGroup, Stray, stable_hash};
use crate::net::{Cidr, Family};

/// What a service of VPC Lattice has beside the name.
#[derive(Debug, Clone, PartialEq)]
pub struct LatticeService {
    /// Its place in the blocks of VPC Lattice: the last part of its addresses.
    pub(crate) place: u8,
    /// What it listens on; `None` when that was not stated.
    pub listeners: Option<Vec<LatticeListener>>,
    /// Whether an auth policy of its own may judge requests; `None` when that was not collected.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html>
    pub requires_auth: Option<bool>,
    /// The VPCs that may use it, by the service networks that it is in.
    pub associations: Vec<LatticeAssociation>,
    /// VPCs of which it was not collected whether they may.
    pub doubtful: Vec<Index<Vpc>>,
    /// Its DNS name, as far as it was told.
    pub dns_name: Option<String>,
}

/// A VPC that is associated with a service network.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html>
#[derive(Debug, Clone, PartialEq)]
pub struct LatticeAssociation {
    /// The service network.
    pub service_network: Identity,
    /// The VPC.
    pub vpc: Index<Vpc>,
    /// The groups that say who in the VPC may use the service network; without any, everybody may. `None` when they were
    /// not collected.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html>
    pub security_groups: Option<Vec<Index<SecurityGroup>>>,
    /// Whether an auth policy of the service network may judge requests; `None` when that was not collected.
    pub requires_auth: Option<bool>,
}

/// A list of a service network that may not be all there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum ServiceNetworkPart {
    Services,
    Vpcs,
}

impl ServiceNetworkPart {
    /// Both, and their names in scenarios.
    pub const NAMES: [(&'static str, Self); 2] = [("services", Self::Services), ("vpcs", Self::Vpcs)];
}

/// Whether a VPC may use a service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LatticeAccess<'s> {
    /// It may, by this association at its position.
    By(usize, &'s LatticeAssociation),
    /// That was not collected.
    NotCollected,
    /// It may not.
    None,
}

/// Something a service listens on.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html>
#[derive(Debug, Clone, PartialEq)]
pub struct LatticeListener {
    /// The protocol.
    pub protocol: LatticeProtocol,
    /// The port.
    pub port: u16,
    /// The groups of targets of each rule, one of which may apply, and of the default action; no groups where the service
    /// answers by itself.
    pub rules: Vec<Vec<Index<TargetGroup>>>,
}

/// A protocol of listeners of services.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateListener.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum LatticeProtocol {
    Http,
    Https,
    TlsPassthrough,
}

impl LatticeProtocol {
    /// All protocols and their names, as AWS writes them.
    pub const NAMES: [(&'static str, Self); 3] =
        [("HTTP", Self::Http), ("HTTPS", Self::Https), ("TLS_PASSTHROUGH", Self::TlsPassthrough)];

    /// Whether a listener of it sends to target groups of `target`.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html>
    pub const fn sends_in(self, target: ListenerProtocol) -> bool {
        match self {
            Self::Http | Self::Https => matches!(target, ListenerProtocol::Http | ListenerProtocol::Https),
            Self::TlsPassthrough => matches!(target, ListenerProtocol::Tcp),
        }
    }
}

display_by_name!(LatticeProtocol);

impl LatticeService {
    /// How many services are told apart by their addresses.
    pub(crate) const MOST: usize = 254;

    /// The places at which a service may be that has this id, the one of its choice first.
    pub(crate) fn places(id: &str) -> impl Iterator<Item = u8> + use<> {
        let first = stable_hash(&["svc", id]) % 254;
        (0..254).filter_map(move |step| u8::try_from((first + step) % 254 + 1).ok())
    }

    /// The address at which clients reach it, and from which it connects to targets. Assumed: lattice-addresses.
    pub fn address(&self, family: Family) -> IpAddr {
        let place = u16::from(self.place);
        match family {
            Family::V4 => Ipv4Addr::new(169, 254, 171, self.place).into(),
            Family::V6 => Ipv6Addr::new(0xfd00, 0xec2, 0x80, 0, 0, 0, 0, place).into(),
        }
    }

    /// Whether a VPC may use the service.
    pub fn access_of(&self, vpc: Index<Vpc>) -> LatticeAccess<'_> {
        match self.associations.iter().enumerate().find(|(_, own)| own.vpc == vpc) {
            Some((position, own)) => LatticeAccess::By(position, own),
            None if self.doubtful.contains(&vpc) => LatticeAccess::NotCollected,
            None => LatticeAccess::None,
        }
    }
}

/// The block of VPC Lattice that has `address`. AWS lists them in `com.amazonaws.REGION.vpc-lattice` and
/// `com.amazonaws.REGION.ipv6.vpc-lattice`. Assumed: lattice-addresses.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#managed-prefix-list>
pub(crate) fn lattice_block(address: IpAddr) -> Option<Cidr> {
    match address {
        IpAddr::V4(v4) if v4.octets()[..3] == [169, 254, 171] => Cidr::new(address, 24),
        IpAddr::V6(v6) if v6.segments()[..4] == [0xfd00, 0xec2, 0x80, 0] => Cidr::new(address, 64),
        _ => None,
    }
}

impl Gateway {
    /// The service of VPC Lattice that it is.
    pub fn lattice_service(&self) -> Option<&LatticeService> {
        match &self.form {
            GatewayForm::LatticeService(own) => Some(own),
            _ => None,
        }
    }
}

impl Network {
    /// Notes the addresses of services that were there `before` and are not any more.
    pub(in crate::model) fn release_lattice(&mut self, before: &Self) {
        for service in before.gateways.iter().filter_map(Gateway::lattice_service) {
            for address in [Family::V4, Family::V6].map(|family| service.address(family)) {
                if self.lattice_service_at(address).is_none() {
                    self.addresses.enter_stray(address, Stray::Released);
                }
            }
        }
    }

    /// Whether `address` was that of a service of VPC Lattice which an event deleted. Assumed: lattice-addresses.
    pub(crate) fn was_of_lattice(&self, address: IpAddr) -> bool {
        lattice_block(address).is_some()
            && self.addresses.stray(address) == Some(Stray::Released)
            && self.lattice_service_at(address).is_none()
    }

    /// The service of VPC Lattice that has `address`.
    pub fn lattice_service_at(&self, address: IpAddr) -> Option<(Index<Gateway>, &LatticeService)> {
        lattice_block(address)?;
        let mut all =
            self.gateways.enumerate().filter_map(|(index, own)| Some((index, own.lattice_service()?)));
        all.find(|(_, own)| own.address(Family::of(address)) == address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_an_address_of_the_block() {
        let places: Vec<u8> = LatticeService::places("svc-1").collect();
        assert_eq!(places.len(), LatticeService::MOST);
        assert!((1..=254).all(|place| places.contains(&place)));
        let service = LatticeService {
            place: places[0],
            listeners: None,
            requires_auth: Some(false),
            associations: Vec::new(),
            doubtful: Vec::new(),
            dns_name: None,
        };
        for (family, block) in [(Family::V4, "169.254.171.0/24"), (Family::V6, "fd00:ec2:80::/64")] {
            assert_eq!(lattice_block(service.address(family)).unwrap().to_string(), block);
        }
        assert_eq!(lattice_block("169.254.169.254".parse().unwrap()), None);
    }
}
