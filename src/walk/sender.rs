//! What is known of a packet's sender on its way: which rules that name a security group it meets.
//!
//! A rule that names a group is met by the group's members, and membership is a property of the interface that sent the
//! packet: components on the way keep or lose it, whatever address the packet has.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing>,
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`SG_REFERENCES_NOT_PRESERVED`).

use crate::model::{
    Gateway, GatewayKind, Index, Network, NetworkInterface, SecurityGroup, TransitGateway, Vpc, zone_of,
};

/// Whose packet it is, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// Nobody's in the network: the packet came from outside.
    Outside,
    /// An interface's, whose security groups are known where the packet is.
    Known(Index<NetworkInterface>, Along),
    /// An interface's, whose security groups may have been lost: whether they were was not collected.
    Doubtful(Index<NetworkInterface>),
    /// Somebody's whose security groups were lost on the way: no rule that names a group is met.
    Lost,
}

/// The way along which a sender is still known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Along {
    /// Within its VPC.
    Direct,
    /// Over a VPC peering connection within one Region.
    Peering,
    /// Over a transit gateway that lets rules name groups across it.
    TransitGateway,
}

impl Sender {
    /// An interface that sends by itself.
    pub(super) const fn direct(interface: Index<NetworkInterface>) -> Self {
        Self::Known(interface, Along::Direct)
    }

    /// The interface whose groups rules at `receiver` can name. Those of interface endpoints can name none across a
    /// transit gateway.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>
    pub(super) fn interface_at(
        self,
        network: &Network,
        receiver: Index<NetworkInterface>,
    ) -> Option<Index<NetworkInterface>> {
        match self {
            Self::Known(_, Along::TransitGateway) if !network.card(receiver).conduct.opens => None,
            Self::Known(interface, _) => Some(interface),
            Self::Outside | Self::Doubtful(_) | Self::Lost => None,
        }
    }

    /// Who is known behind what keeps nobody's groups.
    pub(super) const fn lost(self) -> Self {
        match self {
            Self::Outside => Self::Outside,
            Self::Known(..) | Self::Doubtful(_) | Self::Lost => Self::Lost,
        }
    }

    /// Who is known behind a gateway that passes the packet on. The rule stands here alone:
    ///
    /// - VPC peering within one Region keeps the groups; across Regions they are lost.
    ///   <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
    /// - A transit gateway keeps them if it and both attachments say so, and neither zone is one that cannot. Only what
    ///   comes directly from the sender's VPC and goes to a VPC is meant: `far` is the gateway's interface there.
    ///   <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>
    /// - An internet gateway loses them, since only private addresses count; so does whatever sends a packet of its own.
    ///   <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing>
    pub(super) fn behind(
        self,
        network: &Network,
        gateway: Index<Gateway>,
        far: Option<Index<NetworkInterface>>,
    ) -> Self {
        let gateway = &network.gateways[gateway];
        match (self, gateway.kind) {
            (Self::Outside, _) => Self::Outside,
            (Self::Known(interface, Along::Direct), GatewayKind::VpcPeeringConnection)
                if gateway.peering().is_some_and(|own| own.is_in_one_region() == Some(true)) =>
            {
                Self::Known(interface, Along::Peering)
            }
            (Self::Known(interface, Along::Direct), GatewayKind::TransitGateway) => {
                match far.map(|far| refers_across(network, gateway, [interface, far])) {
                    Some(Some(true)) => Self::Known(interface, Along::TransitGateway),
                    Some(None) => Self::Doubtful(interface),
                    Some(Some(false)) | None => Self::Lost,
                }
            }
            _ => Self::Lost,
        }
    }
}

/// Whether rules can name security groups across a transit gateway that two interfaces are at both sides of, if that is
/// known: it and both attachments must say so.
fn refers_across(network: &Network, gateway: &Gateway, ends: [Index<NetworkInterface>; 2]) -> Option<bool> {
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>
    const WITHOUT: &str = "use1-az3";
    let own = gateway.transit_gateway()?;
    let of_end = |end: Index<NetworkInterface>| {
        let attachment = own.attachment_of(network.vpc_of(end));
        attachment.map_or(Some(false), |(_, attachment)| attachment.security_group_referencing)
    };
    let [one, other] = ends.map(of_end);
    let options = [own.security_group_referencing, one, other];
    let is_refused =
        options.contains(&Some(false)) || ends.iter().any(|end| zone_of(network, *end) == WITHOUT);
    match options.contains(&None) {
        _ if is_refused => Some(false),
        true => None,
        false => Some(true),
    }
}

/// What joins a VPC to the VPC of a security group that its rules name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// An active peering connection within one Region: the group's members match, by their private addresses.
    Peered,
    /// A peering connection that is not active, or crosses Regions: the rule is stale and matches nothing. So does an
    /// egress rule where a transit gateway alone joins them.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing>,
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html#vpc-peering-stale-groups>
    Stale,
    /// Nothing that is known.
    Unknown,
}

/// How the VPC `own` is joined to that of `group`.
pub(super) fn joined(network: &Network, own: Index<Vpc>, group: Index<SecurityGroup>) -> Joined {
    let theirs = network.security_groups[group].vpc;
    let attaches_both = |own_gateway: &TransitGateway| {
        own_gateway.is_whole && [own, theirs].into_iter().all(|vpc| own_gateway.attachment_of(vpc).is_some())
    };
    let mut transit_gateways = network.gateways.iter().filter_map(Gateway::transit_gateway);
    let mut found = if transit_gateways.any(attaches_both) { Joined::Stale } else { Joined::Unknown };
    for (gateway, peering) in network.peerings_between(own, network.security_groups[group].vpc) {
        match peering.is_in_one_region() {
            Some(true) if gateway.availability.is_available() => return Joined::Peered,
            None if gateway.availability.is_available() => return Joined::Unknown,
            _ => found = Joined::Stale,
        }
    }
    found
}
