//! Transit gateways: attachments, their route tables, and the choice of a route.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>
//!
//! The longest prefix wins. Among equal ones a static route beats one through a prefix list, and that one a propagated
//! one; those follow in the order of what is attached. Between routes that remain equal AWS chooses.

use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::{Origin, escape};
use crate::model::network::Vpc;
use crate::model::{
    Availability, CustomerNetwork, Gateway, GatewayForm, Identity, Index, Network, NetworkInterface,
};
use crate::net::Cidr;

/// What a transit gateway has beside the name.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitGateway {
    /// What it is attached to.
    pub attachments: Vec<TransitGatewayAttachment>,
    /// Its route tables.
    pub route_tables: Vec<TransitGatewayRouteTable>,
    /// Whether rules can name security groups across it; `None` when that was not collected.
    pub security_group_referencing: Option<bool>,
    /// Whether it has no other attachments.
    pub is_whole: bool,
    /// The account that owns it.
    pub account: String,
    /// Its Region.
    pub region: String,
}

/// An attachment of a transit gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitGatewayAttachment {
    /// Name and id.
    pub identity: Identity,
    /// What is attached.
    pub resource: AttachedResource,
    /// Whether it carries packets in its state.
    pub availability: Availability,
    /// The table that routes what comes from it.
    pub association: Association,
    /// Whether both directions of a flow use one zone of it; `None` when that was not collected.
    pub appliance_mode: Option<bool>,
    /// Whether rules can name security groups across it; `None` when that was not collected.
    pub security_group_referencing: Option<bool>,
}

/// What is attached to a transit gateway.
#[derive(Debug, Clone, PartialEq)]
pub enum AttachedResource {
    /// A VPC.
    Vpc {
        /// The VPC, unless it was not collected.
        vpc: Option<Index<Vpc>>,
        /// Its interfaces there, one for each zone.
        network_interfaces: Vec<Index<NetworkInterface>>,
        /// Whether it has no other interfaces.
        is_whole: bool,
    },
    /// Another transit gateway.
    Peering {
        /// The gateway and the position of its half among its attachments, unless they were not collected.
        other: Option<(Index<Gateway>, usize)>,
    },
    /// Networks that are no VPCs.
    Customer {
        /// How it leads there.
        kind: CustomerAttachment,
        /// Those that are known.
        networks: Vec<Index<CustomerNetwork>>,
    },
}

/// Kinds of attachments that lead to networks which are no VPCs, as AWS calls them, with their rank among propagated
/// routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerAttachment {
    /// The `ResourceType`.
    pub name: &'static str,
    /// Rank of their propagated routes.
    pub rank: u8,
}

/// Every such kind, in the order of choice; VPCs come before, peering connections after them.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>, route evaluation order
pub const CUSTOMER_ATTACHMENTS: [CustomerAttachment; 5] = [
    CustomerAttachment { name: "direct-connect-gateway", rank: 3 },
    CustomerAttachment { name: "connect", rank: 4 },
    CustomerAttachment { name: "vpn", rank: 6 },
    CustomerAttachment { name: "vpn-concentrator", rank: 7 },
    CustomerAttachment { name: "client-vpn", rank: 8 },
];

/// The route table of an attachment: at most one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Association {
    /// None: what comes from it is dropped.
    None,
    /// The one at this position.
    Table(usize),
    /// It was not collected.
    NotCollected,
}

/// A route table of a transit gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitGatewayRouteTable {
    /// Name and id.
    pub identity: Identity,
    /// One route for each block, in the order of choice.
    pub routes: Vec<TransitGatewayRoute>,
    /// Whether all of its routes are known.
    pub is_known: bool,
}

/// A route of a transit gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitGatewayRoute {
    /// The packets it carries.
    pub destination: Cidr,
    /// The prefix list it came from.
    pub prefix_list: Option<Identity>,
    /// The attachment, by its position; `None` is a blackhole.
    pub attachment: Option<usize>,
    /// The attachment as it was written.
    pub target_label: String,
    /// Whether an attachment brought it.
    pub is_propagated: bool,
    /// Rank among routes with equal prefixes, lowest first.
    pub rank: u8,
    /// Where it was read.
    pub origin: Option<Origin>,
}

impl TransitGatewayRoute {
    /// The rank of what VPCs propagate.
    pub const OF_VPC: u8 = 2;
}

impl TransitGateway {
    /// The attachment of `vpc`, with its position. Of several, the one that carries packets.
    pub fn attachment_of(&self, vpc: Index<Vpc>) -> Option<(usize, &TransitGatewayAttachment)> {
        let of_vpc = |attachment: &TransitGatewayAttachment| match attachment.resource {
            AttachedResource::Vpc { vpc: own, .. } => own == Some(vpc),
            AttachedResource::Peering { .. } | AttachedResource::Customer { .. } => false,
        };
        let all = || self.attachments.iter().enumerate().filter(|(_, attachment)| of_vpc(attachment));
        let is = |test: fn(Availability) -> bool| all().find(|(_, attachment)| test(attachment.availability));
        is(Availability::is_available).or_else(|| is(Availability::may_be_available)).or_else(|| all().next())
    }

    /// The positions of the attachments that lead to a customer network.
    pub fn attachments_to(&self, customer: Index<CustomerNetwork>) -> impl Iterator<Item = usize> + '_ {
        let leads = move |attachment: &TransitGatewayAttachment| match &attachment.resource {
            AttachedResource::Customer { networks, .. } => networks.contains(&customer),
            AttachedResource::Vpc { .. } | AttachedResource::Peering { .. } => false,
        };
        let all = self.attachments.iter().enumerate();
        all.filter(move |(_, attachment)| leads(attachment)).map(|(position, _)| position)
    }

    /// Whether it may route what comes from the attachment at `position` to `destination`: what it tells the far side.
    pub fn may_route(&self, position: usize, destination: IpAddr) -> bool {
        match self.attachments.get(position).map(|attachment| attachment.association) {
            Some(Association::Table(table)) => self
                .route_tables
                .get(table)
                .is_some_and(|table| !table.is_known || !table.lookup(destination).is_empty()),
            Some(Association::NotCollected) => true,
            Some(Association::None) | None => false,
        }
    }

    /// Whether everything that may come through it comes from VPCs and gateways of the network.
    pub fn is_closed(&self) -> bool {
        let is_seen = |attachment: &TransitGatewayAttachment| match attachment.resource {
            AttachedResource::Vpc { vpc, .. } => vpc.is_some(),
            AttachedResource::Peering { other } => other.is_some(),
            AttachedResource::Customer { ref networks, .. } => !networks.is_empty(),
        };
        self.is_whole && self.attachments.iter().all(is_seen)
    }
}

impl TransitGatewayAttachment {
    /// Its interfaces, when a VPC is attached.
    pub fn network_interfaces(&self) -> &[Index<NetworkInterface>] {
        match &self.resource {
            AttachedResource::Vpc { network_interfaces, .. } => network_interfaces,
            AttachedResource::Peering { .. } | AttachedResource::Customer { .. } => &[],
        }
    }

    /// Its interface in a zone.
    pub fn interface_in(&self, network: &Network, zone: &str) -> Option<Index<NetworkInterface>> {
        let mut all = self.network_interfaces().iter().copied();
        all.find(|interface| zone_of(network, *interface) == zone)
    }
}

/// The zone of an interface.
pub fn zone_of(network: &Network, interface: Index<NetworkInterface>) -> &str {
    &network.subnets[network.network_interfaces[interface].subnet].availability_zone_id
}

impl TransitGatewayRouteTable {
    /// A table whose routes are put into the order of choice.
    pub(crate) fn new(identity: Identity, mut routes: Vec<TransitGatewayRoute>, is_known: bool) -> Self {
        routes.sort_by_cached_key(|route| {
            (u8::MAX - route.destination.prefix_length(), route.destination, route.rank)
        });
        Self { identity, routes, is_known }
    }

    /// The positions of the routes for packets to `destination`: none, one, or several with different targets among
    /// which AWS chooses.
    pub fn lookup(&self, destination: IpAddr) -> Vec<usize> {
        let mut matching = self.matching(destination);
        let Some((best, route)) = matching.next() else { return Vec::new() };
        let mut found = vec![best];
        let mut targets = vec![route.attachment];
        for (position, other) in matching {
            if (other.destination, other.rank) != (route.destination, route.rank) {
                break;
            }
            if !targets.contains(&other.attachment) {
                found.push(position);
                targets.push(other.attachment);
            }
        }
        found
    }

    /// Every route that covers `destination`, in the order of choice.
    pub fn matching(&self, destination: IpAddr) -> impl Iterator<Item = (usize, &TransitGatewayRoute)> {
        self.routes.iter().enumerate().filter(move |(_, route)| route.destination.contains(destination))
    }
}

impl fmt::Display for TransitGatewayRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.destination, escape(&self.target_label))
    }
}

impl Gateway {
    /// The transit gateway that it is, when its attachments are known.
    pub fn transit_gateway(&self) -> Option<&TransitGateway> {
        match &self.form {
            GatewayForm::TransitGateway(own) => Some(own),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(routes: &[(&str, Option<usize>, u8)]) -> TransitGatewayRouteTable {
        let route = |(destination, attachment, rank): &(&str, Option<usize>, u8)| TransitGatewayRoute {
            destination: destination.parse().unwrap(),
            prefix_list: None,
            attachment: *attachment,
            target_label: String::new(),
            is_propagated: *rank > 1,
            rank: *rank,
            origin: None,
        };
        let identity = Identity::default("tgw-rtb", "t".to_owned(), None);
        TransitGatewayRouteTable::new(identity, routes.iter().map(route).collect(), true)
    }

    #[test]
    fn the_longest_prefix_then_the_rank_decides() {
        let table = table(&[
            ("0.0.0.0/0", Some(0), 0),
            ("10.5.0.0/16", Some(2), 2),
            ("10.5.0.0/16", Some(1), 0),
            ("10.6.0.0/16", Some(1), 6),
            ("10.6.0.0/16", Some(2), 6),
            ("10.6.0.0/16", Some(3), 9),
            ("10.7.0.0/24", None, 0),
            ("10.7.0.0/16", Some(1), 0),
        ]);
        let chosen = |address: &str| -> Vec<Option<usize>> {
            let positions = table.lookup(address.parse().unwrap());
            positions.into_iter().map(|position| table.routes[position].attachment).collect()
        };
        assert_eq!(chosen("10.5.1.1"), [Some(1)]);
        assert_eq!(chosen("10.6.1.1"), [Some(1), Some(2)]);
        assert_eq!(chosen("10.7.0.9"), [None]);
        assert_eq!(chosen("10.7.9.9"), [Some(1)]);
        assert_eq!(chosen("192.0.2.1"), [Some(0)]);
        assert_eq!(chosen("2001:db8::1"), []);
    }

    #[test]
    fn attached_kinds_stand_in_their_order() {
        assert!(CUSTOMER_ATTACHMENTS.windows(2).all(|pair| pair[0].rank < pair[1].rank));
    }
}
