//! What would have to change for VPC Lattice to take a packet.

use crate::model::{Gateway, Network};
use crate::walk::LatticeFact as Fact;

/// The change, in words. `rule` is what one of a security group has to say to admit the packet.
pub(super) fn remedy(network: &Network, gateway: &Gateway, fact: Fact, rule: &str) -> Option<String> {
    match fact {
        Fact::NotAssociated(vpc) => Some(format!(
            "associate VPC {} with a service network that has {}",
            network.vpcs[vpc].identity, gateway.identity
        )),
        Fact::Refused(association) => {
            let own = &gateway.lattice_service()?.associations;
            let group = own.get(association)?.security_groups.as_ref()?.first()?;
            let group = &network.security_groups[*group].identity;
            Some(format!("security group {group} ingress: add a rule  allow {rule}"))
        }
        _ => None,
    }
}
