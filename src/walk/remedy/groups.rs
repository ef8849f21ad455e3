//! Groups of other VPCs: what would have to be switched on for rules to name them.

use super::Remedy;
use crate::model::{Index, NetworkInterface};
use crate::net::Direction;
use crate::walk::sender::lost_reference;
use crate::walk::{Checkpoint, DecidedBy, Pin, Place};

impl Remedy<'_> {
    /// The group of the far side of a packet that a group refuses, if it is of a load balancer or of a service: these have
    /// several interfaces, whose addresses change.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html>
    /// AWS: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html>
    pub(super) fn group_of_far_side(&self) -> Option<String> {
        let (network, checkpoint) = (self.network, &self.blocker.checkpoint);
        if checkpoint.decided_by != DecidedBy::NoSecurityGroupRule {
            return None;
        }
        if let Some(group) = self.group_of_balancer() {
            return Some(group);
        }
        let is_node =
            |card| checkpoint.direction == Direction::Ingress && network.load_balancer_of(card).is_some();
        let is_of_service = |card| network.service_kind_of(card).is_some() && self.is_direct(card);
        let mut far = network.interfaces_with(checkpoint.header.remote(checkpoint.direction)).into_iter();
        let far = far.find(|card| is_node(*card) || is_of_service(*card))?;
        let group = network.network_interfaces[far].security_groups.first()?;
        Some(network.security_groups[*group].identity.to_string())
    }

    /// The group of the Network Load Balancer that passed the packet on, which is known by it also where the address of the
    /// client is preserved.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html>
    fn group_of_balancer(&self) -> Option<String> {
        let (network, checkpoint) = (self.network, &self.blocker.checkpoint);
        let mut pins = self.case()?.forward.remembers.pins().iter();
        let passed = |pin: &&Pin| {
            network.gateways[pin.gateway].load_balancer().is_some() && pin.header == checkpoint.header
        };
        let node = pins.find(passed).filter(|_| checkpoint.direction == Direction::Ingress)?.interface;
        let group = network.network_interfaces[node].security_groups.first()?;
        Some(network.security_groups[*group].identity.to_string())
    }

    /// Whether the packet is between interfaces of one VPC, without a gateway on its way behind which groups are not known.
    fn is_direct(&self, far: Index<NetworkInterface>) -> bool {
        let Place::NetworkInterface(near) = self.blocker.checkpoint.place else { return false };
        let leg = self.case().and_then(|case| case.legs().find(|(kind, _)| *kind == self.blocker.leg));
        let passes = |point: &Checkpoint| matches!(point.place, Place::Gateway(_));
        self.network.vpc_of(near) == self.network.vpc_of(far)
            && leg.is_some_and(|(_, leg)| !leg.checkpoints.iter().any(passes))
    }

    /// Where `security_group_referencing` has to be switched on, if that makes a rule admit the packet which names the
    /// sender's group.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security>
    pub(super) fn references(&self) -> Option<String> {
        let network = self.network;
        let (_, leg) = self.case()?.legs().find(|(kind, _)| *kind == self.blocker.leg)?;
        let lost = lost_reference(network, leg, &self.blocker.checkpoint)?;
        let off = lost.switched_off(network);
        (!off.is_empty()).then(|| format!("switch `security_group_referencing` on for {}", off.join(", ")))
    }
}
