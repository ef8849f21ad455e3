//! VPC peering connections.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>

use crate::model::{Gateway, GatewayForm, Index, Network, network::Vpc};

/// What a VPC peering connection has beside the name.
#[derive(Debug, Clone, PartialEq)]
pub struct VpcPeeringConnection {
    /// Who asked for it.
    pub requester: PeeringSide,
    /// Who accepted.
    pub accepter: PeeringSide,
}

/// One end of a VPC peering connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeeringSide {
    /// The VPC, when it was collected.
    pub vpc: Option<Index<Vpc>>,
    /// Its Region, when that is known.
    pub region: Option<String>,
}

impl VpcPeeringConnection {
    /// The other end as seen from `vpc`; none when that is at neither end.
    pub fn far_side(&self, vpc: Index<Vpc>) -> Option<&PeeringSide> {
        match Some(vpc) {
            own if own == self.requester.vpc => Some(&self.accepter),
            own if own == self.accepter.vpc => Some(&self.requester),
            _ => None,
        }
    }

    /// Whether both ends are in one Region, when that is known.
    pub fn is_in_one_region(&self) -> Option<bool> {
        Some(self.requester.region.as_ref()? == self.accepter.region.as_ref()?)
    }
}

impl Gateway {
    /// The VPC peering connection that it is, when its ends were collected.
    pub fn peering(&self) -> Option<&VpcPeeringConnection> {
        match &self.form {
            GatewayForm::VpcPeeringConnection(peering) => Some(peering),
            _ => None,
        }
    }
}

impl Network {
    /// The VPC peering connections between two VPCs, in any state.
    pub fn peerings_between(
        &self,
        one: Index<Vpc>,
        other: Index<Vpc>,
    ) -> impl Iterator<Item = (&Gateway, &VpcPeeringConnection)> {
        let all = self.gateways.iter().filter_map(|gateway| Some((gateway, gateway.peering()?)));
        all.filter(move |(_, peering)| peering.far_side(one).is_some_and(|far| far.vpc == Some(other)))
    }
}
