//! Groups of other VPCs: what would have to be switched on for rules to name them.

use super::Remedy;
use crate::net::Direction;
use crate::walk::DecidedBy;
use crate::walk::sender::lost_reference;

impl Remedy<'_> {
    /// The group of the load balancer whose node sent the packet that a group refuses: its addresses change.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html>
    pub(super) fn group_of_balancer(&self) -> Option<String> {
        let checkpoint = &self.blocker.checkpoint;
        let is_of_group = checkpoint.decided_by == DecidedBy::NoSecurityGroupRule;
        if !is_of_group || checkpoint.direction != Direction::Ingress {
            return None;
        }
        let network = self.network;
        let mut senders = network.interfaces_with(checkpoint.header.source).into_iter();
        let node = senders.find(|card| network.load_balancer_of(*card).is_some())?;
        let group = network.network_interfaces[node].security_groups.first()?;
        Some(network.security_groups[*group].identity.to_string())
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
