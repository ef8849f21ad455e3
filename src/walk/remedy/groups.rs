//! Groups of other VPCs: what would have to be switched on for rules to name them.

use super::Remedy;
use crate::walk::sender::lost_reference;

impl Remedy<'_> {
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
