//! What every walk asks about an interface, in one line of the processor's cache: an interface is as large as its texts.

use std::net::{IpAddr, Ipv4Addr};

use smallvec::SmallVec;

use super::security_group::AnyAnswer;
use super::{Conduct, Index, Network, NetworkInterface, SecurityGroup, Subnet, Vpc};
use crate::net::{Direction, Family, PerDirection};

const FAMILIES: [Family; 2] = [Family::V4, Family::V6];

/// An interface as walks see it. Made of what the network holds, and says nothing else.
#[derive(Debug, Clone, PartialEq)]
#[repr(align(64))]
pub(crate) struct Card {
    pub(crate) security_groups: SmallVec<[Index<SecurityGroup>; 4]>,
    pub(crate) subnet: Index<Subnet>,
    pub(crate) vpc: Index<Vpc>,
    /// Its primary IPv4 address, if the VPC delivers to it here.
    address: Option<Ipv4Addr>,
    pub(crate) source_dest_check: Option<bool>,
    /// Whether its instance does not run, or there is none.
    pub(crate) is_idle: bool,
    /// Whether it is stated on what its host listens, or a service of AWS takes the place of a host.
    pub(crate) states_listeners: bool,
    /// Whether it is a gateway's.
    pub(crate) is_of_gateway: bool,
    /// Which traffic it has.
    pub(crate) conduct: Conduct,
    /// Whether its rules of a direction were collected, and it has groups at all.
    pub(crate) known: PerDirection<bool>,
    /// Whether the first rule of the first group is for all traffic with every address of IPv4 or IPv6, as the rule is
    /// that AWS gives to new groups.
    opens: PerDirection<[bool; 2]>,
    /// To which flows some rule admits any answer.
    pub(crate) answers: PerDirection<AnyAnswer>,
}

impl Card {
    /// The card of an interface.
    pub(crate) fn of(network: &Network, interface: &NetworkInterface) -> Self {
        let instance = interface.instance.map(|instance| &network.instances[instance]);
        let address = interface.private_ip_addresses.first().and_then(|own| match own.private_ip {
            IpAddr::V4(v4) => Some(v4),
            IpAddr::V6(_) => None,
        });
        let conduct = interface.conduct();
        let mut known = PerDirection::from_fn(|_| !interface.security_groups.is_empty());
        let mut answers = PerDirection::<AnyAnswer>::default();
        for group in interface.security_groups.iter().map(|group| &network.security_groups[*group]) {
            for direction in Direction::BOTH {
                *known.get_mut(direction) &= *group.known.get(direction);
                answers.get_mut(direction).add(*group.answers.get(direction));
            }
        }
        let first = interface.security_groups.first().map(|group| &network.security_groups[*group]);
        let opens = PerDirection::from_fn(|direction| {
            let rule = first.and_then(|group| group.rules.get(direction).first());
            FAMILIES.map(|family| rule.is_some_and(|rule| rule.admits_everything(direction, family)))
        });
        Self {
            security_groups: SmallVec::from_slice(&interface.security_groups),
            subnet: interface.subnet,
            vpc: network.subnets[interface.subnet].vpc,
            address,
            source_dest_check: interface.source_dest_check,
            is_idle: !interface.attached || instance.is_some_and(|instance| instance.running == Some(false)),
            states_listeners: conduct.refuses || instance.is_some_and(|instance| instance.listens.is_some()),
            is_of_gateway: interface.gateway.is_some(),
            conduct,
            known,
            opens,
            answers,
        }
    }

    /// Notes that another interface has taken its address.
    pub(crate) const fn lose_primary(&mut self) {
        self.address = None;
    }

    /// The first group, if its first rule admits whatever comes in `direction`.
    #[inline]
    pub(crate) fn opened_by(&self, direction: Direction, family: Family) -> Option<Index<SecurityGroup>> {
        let [v4, v6] = *self.opens.get(direction);
        let opens = match family {
            Family::V4 => v4,
            Family::V6 => v6,
        };
        self.security_groups.first().copied().filter(|_| opens)
    }

    /// Whether `address` is the primary IPv4 address, which most packets are from and for.
    #[inline]
    pub(crate) fn has_primary(&self, address: IpAddr) -> bool {
        self.address.is_some_and(|own| address == own)
    }

    /// The primary IPv4 address.
    pub(crate) const fn primary(&self) -> Option<Ipv4Addr> {
        self.address
    }
}
