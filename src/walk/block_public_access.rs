//! VPC Block Public Access: judged where a subnet touches an internet gateway, before its route tables, network ACLs
//! and security groups matter. Flow logs show what it stops as REJECT, with the reason `BPA`.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
//!
//! What touches the gateway is the interface with the address that crosses it: for the clients of a NAT gateway, that
//! gateway's. AWS speaks of exclusions of subnets, and not of regional NAT gateways, which are in none: whether one exempts
//! them is unknown. Not modelled: local zones, traffic with addresses of one's own brought to AWS.

use super::leg::Walker;
use super::{DecidedBy, Decision, Observe, Place, Stage};
use crate::model::{BlockMode, Gateway, GatewayForm, GatewayKind, Index, Network, NetworkInterface, Subnet};
use crate::net::Direction;

/// Whether what stands between the internet and a packet's end, which crosses `gateway` at `interface`, lets only answers
/// in: a NAT gateway, or an egress-only internet gateway.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
pub(super) fn lets_only_answers_in(
    network: &Network,
    gateway: Index<Gateway>,
    interface: Index<NetworkInterface>,
) -> bool {
    let own = network.network_interfaces[interface].gateway;
    own.is_some_and(|own| matches!(network.gateways[own].form, GatewayForm::NatGateway(_)))
        || network.gateways[gateway].kind == GatewayKind::EgressOnlyInternetGateway
}

impl<O: Observe> Walker<'_, O> {
    /// Judges a packet between `interface` and an internet gateway.
    pub(super) fn block_public_access(
        &mut self,
        gateway: Index<Gateway>,
        interface: Index<NetworkInterface>,
        direction: Direction,
    ) {
        let network = self.network;
        let mode = network.block_mode_at(interface);
        let only_answers = lets_only_answers_in(network, gateway, interface);
        let (stage, place) = (Stage::BlockPublicAccess, Place::Gateway(gateway));
        if mode == BlockMode::Unknown {
            // If it lets the packet pass, this meets what stands behind it, which may deny it for certain.
            let restricted = DecidedBy::BlockPublicAccessUnknown;
            self.record(stage, place, None, direction, Decision::Unknown, restricted);
        } else if mode.stops(direction, only_answers) && self.may_be_exempt(interface, direction) {
            let undocumented = DecidedBy::ExclusionUndocumented;
            self.record(stage, place, None, direction, Decision::Unknown, undocumented);
        } else if mode.stops(direction, only_answers) {
            let stopped = DecidedBy::BlockPublicAccess;
            self.record(stage, place, Some(interface), direction, Decision::Deny, stopped);
        }
    }

    /// Whether `interface` stands for a regional NAT gateway, which touches the internet gateway in no subnet, and an
    /// exclusion of some subnet of its VPC would let the packet pass.
    fn may_be_exempt(&self, interface: Index<NetworkInterface>, direction: Direction) -> bool {
        let network = self.network;
        let vpc = network.vpc_of(interface);
        let exempts = |subnet: &Subnet| {
            subnet.vpc == vpc
                && !subnet.cidr_blocks.is_empty()
                && !subnet.block_public_access.stops(direction, true)
        };
        network.is_in_no_subnet(interface) && network.subnets.iter().any(exempts)
    }
}
