//! What participants of a shared VPC cannot do: accounts that have interfaces in subnets which another account owns.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html>

use super::Resolver;
use crate::diagnostic::problems;
use crate::model::{FlowLogResource, Network, UNKNOWN_ACCOUNT, inventory};

impl Resolver<'_, '_> {
    /// Whoever takes part in a shared VPC has flow logs of its own interfaces, and neither of the VPC, nor of a subnet,
    /// nor of interfaces of others. The VPC's owner may have all of them.
    pub(super) fn check_maker(
        &mut self,
        log: &inventory::FlowLog,
        resource: FlowLogResource,
        network: &Network,
    ) {
        let Some(maker) = log.account.as_ref().filter(|_| !self.observed) else { return };
        let (vpc, card, what) = match resource {
            FlowLogResource::Vpc(vpc) => {
                let Some(own) = network.vpcs.find(vpc) else { return };
                (vpc, None, format!("does not own `{}`", own.identity))
            }
            FlowLogResource::Subnet(subnet) => {
                let Some(subnet) = network.subnets.find(subnet) else { return };
                (subnet.vpc, None, format!("does not own `{}`", subnet.identity))
            }
            // Where an interface has errors, others stand in its place.
            FlowLogResource::NetworkInterface(_)
                if network.network_interfaces.len() < self.inventory.network_interfaces.len() =>
            {
                return;
            }
            FlowLogResource::NetworkInterface(card) => {
                let Some(own) = network.network_interfaces.find(card) else { return };
                let Some(subnet) = network.subnets.find(own.subnet) else { return };
                (subnet.vpc, Some(card), format!("owns neither `{}` nor its VPC", own.identity))
            }
            // The owner of a transit gateway may permit it to others.
            FlowLogResource::TransitGateway(_) | FlowLogResource::TransitGatewayAttachment(_) => return,
        };
        let Some(owner) = network.vpcs.find(vpc).map(|vpc| &vpc.account) else { return };
        let own_card = card.and_then(|card| network.network_interfaces[card].account.as_ref());
        if maker.value == *owner || own_card == Some(&maker.value) {
            return;
        }
        let message = format!("`{}` is of account {}, which {what}", log.identity.name, maker.value);
        let help = "in a shared VPC, participants have flow logs of their own interfaces alone, and its owner of everything";
        self.problems.push(problems::mismatch(maker.origin, message, help));
    }

    /// The default security group of a VPC belongs to its owner, and participants cannot use it. What a service created
    /// is of no participant.
    pub(super) fn check_default_group(&mut self, read: &inventory::NetworkInterface, owner: &str) {
        let is_other = |account: &str| account != owner && account != UNKNOWN_ACCOUNT;
        let is_other = read.account.as_deref().is_some_and(is_other);
        let is_ordinary = read.interface_type.is_none() && read.security_groups.is_none();
        if is_other && is_ordinary && !self.observed {
            let message = format!(
                "`{}` would have the default security group, which belongs to the owner of the shared VPC",
                read.identity.name
            );
            let help = "participants use groups of their own, or shared ones: `security_groups`";
            self.problems.push(problems::mismatch(read.identity.origin, message, help));
        }
    }
}
