//! What is known of a packet's sender on its way: which rules that name a security group it meets.
//!
//! A rule that names a group is met by the group's members, and membership is a property of the interface that sent the
//! packet: components on the way keep or lose it, whatever address the packet has.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing>,
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`SG_REFERENCES_NOT_PRESERVED`).

use super::{Checkpoint, DecidedBy, Leg, Place};
use crate::model::{
    Gateway, GatewayKind, Index, Network, NetworkInterface, Peer, SecurityGroup, TransitGateway, Vpc, zone_of,
};
use crate::net::{Direction, Family};

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
            Self::Known(_, Along::TransitGateway) if !may_name_groups(network, receiver) => None,
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

/// Whether the rules of an interface can name groups across a transit gateway: those of endpoints cannot, and those of
/// mount targets of EFS only where its groups let everything out.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>
pub(super) fn may_name_groups(network: &Network, receiver: Index<NetworkInterface>) -> bool {
    let card = network.card(receiver);
    let is_efs = || network.service_kind_of(receiver).is_some_and(|kind| kind.name == "efs");
    card.conduct.opens || is_efs() && card.opened_by(Direction::Egress, Family::V4).is_some()
}

/// The zone in which no interface's groups can be named across a transit gateway.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>
const WITHOUT: &str = "use1-az3";

/// Whether rules can name security groups across a transit gateway that two interfaces are at both sides of, if that is
/// known: it and both attachments must say so.
fn refers_across(network: &Network, gateway: &Gateway, ends: [Index<NetworkInterface>; 2]) -> Option<bool> {
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

/// How the VPC `own` is joined to `theirs`, which a group is of.
pub(super) fn joined(network: &Network, own: Index<Vpc>, theirs: Index<Vpc>) -> Joined {
    let attaches_both = |own_gateway: &TransitGateway| {
        own_gateway.is_whole && [own, theirs].into_iter().all(|vpc| own_gateway.attachment_of(vpc).is_some())
    };
    let mut transit_gateways = network.gateways.iter().filter_map(Gateway::transit_gateway);
    let mut found = if transit_gateways.any(attaches_both) { Joined::Stale } else { Joined::Unknown };
    for (gateway, peering) in network.peerings_between(own, theirs) {
        match peering.is_in_one_region() {
            Some(true) if gateway.availability.is_available() => return Joined::Peered,
            None if gateway.availability.is_available() => return Joined::Unknown,
            _ => found = Joined::Stale,
        }
    }
    found
}

/// A reference to a group that was lost on the way, where a rule would admit the packet by it: the sender is a member of
/// the group, in another VPC.
pub(super) struct LostReference {
    /// The group.
    pub(super) group: Index<SecurityGroup>,
    /// The first gateway on the way, at which it was lost.
    pub(super) gateway: Index<Gateway>,
    /// The sender's interface, and the one whose groups asked.
    ends: [Index<NetworkInterface>; 2],
    /// Whether the packet passed nothing else on its way.
    is_direct: bool,
}

impl LostReference {
    /// Whose `security_group_referencing` is off, that of the transit gateway or of its attachments, where nothing else
    /// keeps the reference from being carried.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>
    pub(super) fn switched_off(&self, network: &Network) -> Vec<String> {
        let gateway = &network.gateways[self.gateway];
        let Some(own) = gateway.transit_gateway().filter(|_| self.is_direct) else { return Vec::new() };
        let is_without = |end: &Index<NetworkInterface>| {
            zone_of(network, *end) == WITHOUT || !may_name_groups(network, *end)
        };
        if self.ends.iter().any(is_without) {
            return Vec::new();
        }
        let attachments = self.ends.iter().filter_map(|end| own.attachment_of(network.vpc_of(*end)));
        let attachments =
            attachments.map(|(_, end)| (end.security_group_referencing, end.identity.to_string()));
        let all = std::iter::once((own.security_group_referencing, gateway.identity.to_string()));
        all.chain(attachments).filter(|(is_on, _)| *is_on == Some(false)).map(|(_, name)| name).collect()
    }
}

/// The reference that was lost on the way of `leg` to `checkpoint`, where groups admit nothing.
pub(super) fn lost_reference(network: &Network, leg: &Leg, checkpoint: &Checkpoint) -> Option<LostReference> {
    let Place::NetworkInterface(receiver) = checkpoint.place else { return None };
    if checkpoint.direction != Direction::Ingress {
        return None;
    }
    let before = || leg.checkpoints.iter().take_while(|point| *point != checkpoint);
    let mut gateways = before().filter_map(|point| match point.place {
        Place::Gateway(gateway) => Some(gateway),
        _ => None,
    });
    let gateway = gateways.next()?;
    let is_direct = gateways.all(|other| other == gateway)
        && before().all(|point| point.decided_by != DecidedBy::Forwards);
    if ![GatewayKind::TransitGateway, GatewayKind::VpcPeeringConnection]
        .contains(&network.gateways[gateway].kind)
    {
        return None;
    }
    let own = network.vpc_of(receiver);
    let mut rules = network.security_group_rules(receiver, checkpoint.direction);
    rules.find_map(|(.., rule)| {
        let Peer::Member(group) = rule.peer else { return None };
        let others = network.security_groups[group].vpcs().filter(|theirs| *theirs != own);
        let mut senders = others.filter_map(|theirs| network.interface_at(theirs, checkpoint.header.source));
        let sender =
            senders.find(|sender| network.network_interfaces[*sender].security_groups.contains(&group))?;
        let found = LostReference { group, gateway, ends: [sender, receiver], is_direct };
        rule.test.contains(&checkpoint.header).then_some(found)
    })
}
