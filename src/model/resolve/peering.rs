//! VPC peering connections and customer networks: their ends become indices, and what AWS refuses is diagnosed.

use super::{Resolver, join};
use crate::diagnostic::problems;
use crate::model::inventory::{self, GatewayForm as Form};
use crate::model::network::Vpc;
use crate::model::{
    Arena, CustomerNetwork, Gateway, GatewayEndpoint, GatewayForm, GatewayKind, Identity, Index, PeeringSide,
    VpcPeeringConnection,
};

impl Resolver<'_, '_> {
    /// The form of a gateway that has no interfaces.
    pub(super) fn form_without_interfaces(
        &mut self,
        of: &inventory::Gateway,
        vpcs: &Arena<Vpc>,
    ) -> GatewayForm {
        match &of.form {
            Form::VpcPeeringConnection { requester, accepter, .. } => {
                let [requester, accepter] = [requester, accepter].map(|side| self.side(side, vpcs));
                let peering = VpcPeeringConnection { requester, accepter };
                self.check_peering(of, &peering, vpcs);
                GatewayForm::VpcPeeringConnection(peering)
            }
            Form::VpnGateway => {
                // Of what AWS answers, routes that BGP brings are no part.
                let is_named = |network: &inventory::CustomerNetwork| {
                    network.via.iter().any(|gateway| of.identity.is(&gateway.value))
                };
                let is_whole = !self.observed && self.inventory.customer_networks.iter().any(is_named);
                GatewayForm::VpnGateway { is_whole }
            }
            Form::GatewayEndpoint { service } => {
                self.check_gateway_endpoint(of, service, vpcs);
                GatewayForm::GatewayEndpoint(GatewayEndpoint { service: service.clone() })
            }
            Form::Plain
            | Form::NatGateway { .. }
            | Form::RegionalNatGateway { .. }
            | Form::LatticeService(_)
            | Form::InterfaceEndpoint { .. }
            | Form::LoadBalancer(_)
            | Form::GatewayLoadBalancerEndpoint { .. }
            | Form::TransitGateway(_) => GatewayForm::Plain,
        }
    }

    fn side(&mut self, side: &inventory::PeeringSide, vpcs: &Arena<Vpc>) -> PeeringSide {
        let vpc = side.vpc.as_ref().and_then(|vpc| {
            // A VPC of an answer may belong to somebody who was not asked.
            let known = self.names.vpcs.get(&vpc.value);
            if self.observed { known } else { self.names.vpcs.find(vpc, self.problems) }
        });
        let vpc = vpc.map(Index::new);
        let region = side.region.clone().or_else(|| vpc.map(|vpc| vpcs[vpc].region.clone()));
        PeeringSide { vpc, region }
    }

    /// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations>
    fn check_peering(&mut self, of: &inventory::Gateway, peering: &VpcPeeringConnection, vpcs: &Arena<Vpc>) {
        if self.observed || !of.availability.is_available() {
            return; // what exists is not doubted, and what failed may have failed for this
        }
        let (Some(one), Some(other)) = (peering.requester.vpc, peering.accepter.vpc) else { return };
        let [one_vpc, other_vpc] = [one, other].map(|vpc| &vpcs[vpc]);
        if one == other {
            let message = format!("both ends of `{}` are VPC `{}`", of.identity.name, one_vpc.identity.name);
            let help = "a peering connection joins two VPCs";
            self.problems.push(problems::mismatch(of.identity.origin, message, help));
            return;
        }
        let theirs = || other_vpc.cidr_blocks.iter();
        let overlap = one_vpc
            .cidr_blocks
            .iter()
            .find_map(|own| theirs().find(|block| own.overlaps(block)).map(|block| (own, block)));
        if let Some((own, block)) = overlap {
            let message = format!(
                "{own} of VPC `{}` and {block} of VPC `{}` overlap, so `{}` cannot join them",
                one_vpc.identity.name, other_vpc.identity.name, of.identity.name
            );
            let help = format!(
                "AWS refuses to peer VPCs with a block in common, of any family; they have {} and {}",
                join(&one_vpc.cidr_blocks),
                join(&other_vpc.cidr_blocks)
            );
            self.problems.push(problems::mismatch(of.identity.origin, message, &help));
        }
    }

    /// AWS: two VPCs have at most one peering connection at a time.
    /// <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations>
    pub(super) fn check_peerings(&mut self, gateways: &Arena<Gateway>) {
        if self.observed {
            return;
        }
        let joined = |gateway: &Gateway| {
            let peering = gateway.peering().filter(|_| gateway.availability.is_available())?;
            let (one, other) = (peering.requester.vpc?, peering.accepter.vpc?);
            Some((one.min(other), one.max(other)))
        };
        let mut seen = std::collections::BTreeMap::new();
        for gateway in gateways {
            let Some(pair) = joined(gateway) else { continue };
            if let Some(first) = seen.insert(pair, &gateway.identity) {
                let message =
                    format!("`{}` joins two VPCs that `{}` joins already", gateway.identity.name, first.name);
                let help = "two VPCs have at most one active peering connection; remove one of them";
                let problem = problems::mismatch(gateway.identity.origin, message, help);
                self.problems.push(problem.related(first.origin, "the first one"));
            }
        }
    }

    /// Ends of connections are told apart by their addresses.
    fn check_customer_blocks(
        &mut self,
        network: &inventory::CustomerNetwork,
        earlier: &Arena<CustomerNetwork>,
    ) {
        if self.observed {
            return;
        }
        for block in &network.cidr_blocks {
            let others =
                earlier.iter().flat_map(|other| other.cidr_blocks.iter().map(move |own| (own, other)));
            let overlapping = others.into_iter().find(|(own, _)| own.overlaps(&block.value));
            let Some((own, other)) = overlapping else { continue };
            let Identity { name, origin, .. } = &other.identity;
            self.problems.push(problems::overlap(block.origin, block.value, own, name, *origin));
        }
    }

    /// Networks behind gateways.
    pub(super) fn customer_networks(&mut self, gateways: &Arena<Gateway>) -> Arena<CustomerNetwork> {
        let mut resolved = Arena::default();
        for network in &self.inventory.customer_networks {
            let mut via = Vec::new();
            for reference in &network.via {
                let attached = self.gateway_of_attachment(&reference.value);
                let known = attached.or_else(|| {
                    if self.observed {
                        self.names.gateways.get(&reference.value)
                    } else {
                        self.names.gateways.find(reference, self.problems)
                    }
                });
                let Some(gateway) = known.map(Index::new) else { continue };
                if !matches!(gateways[gateway].kind, GatewayKind::VpnGateway | GatewayKind::TransitGateway) {
                    let message = format!(
                        "{} `{}` leads to no network on premises",
                        gateways[gateway].kind, reference.value
                    );
                    let help = "name a virtual private gateway, or an attachment of a transit gateway";
                    self.problems.push(problems::mismatch(reference.origin, message, help));
                    continue;
                }
                via.push(gateway);
            }
            let cidr_blocks: Vec<_> = network.cidr_blocks.iter().map(|block| block.value).collect();
            self.check_customer_blocks(network, &resolved);
            resolved.push(CustomerNetwork { identity: network.identity.clone(), cidr_blocks, via });
        }
        resolved
    }
}
