//! Networks on premises, where packets begin and end; and answers that return by the way they came.

use super::gateway::Entering;
use super::leg::{Next, Walker};
use super::{Arrival, DecidedBy, Decision, Observe, Place, Stage};
use crate::model::{CustomerNetwork, Gateway, GatewayForm, GatewayKind, Index};
use crate::net::{Direction, is_private};

impl<O: Observe> Walker<'_, O> {
    /// A packet that leaves a network on premises: by the gateway of the VPC that has its destination. Where several
    /// do, its own routers choose. Answers that AWS gives tell of blocks alone, so that gateways of a wider block count.
    pub(super) fn leave_customer_network(&mut self, customer: Index<CustomerNetwork>) -> Next {
        let (network, destination) = (self.network, self.header.destination);
        let source = self.header.source;
        let holders = network.customer_networks.enumerate().filter(|(_, holder)| holder.contains(source));
        let mut all: Vec<(Index<Gateway>, Entering)> = Vec::new();
        let mut via: Vec<Index<Gateway>> = Vec::new();
        for (holder, gateway) in holders.flat_map(|(at, holder)| holder.via.iter().map(move |via| (at, *via)))
        {
            via.push(gateway);
            for entrance in self.entrances(holder, gateway) {
                if !all.contains(&entrance) {
                    all.push(entrance);
                }
            }
        }
        let leads_there = |(index, entering): &(Index<Gateway>, Entering)| match *entering {
            Entering::FromAttachment(at) => {
                let own = network.gateways[*index].transit_gateway();
                own.is_some_and(|own| own.may_route(at, destination))
            }
            entering => entering.vpc(network).is_some_and(|vpc| network.vpcs[vpc].contains(destination)),
        };
        let mut gateways: Vec<_> = all.iter().copied().filter(leads_there).collect();
        if let ([(only, Entering::FromAttachment(at))], [], None) =
            (all.as_slice(), gateways.as_slice(), network.behind_public_ip(destination))
        {
            gateways.push((*only, Entering::FromAttachment(*at))); // which says why it does not
        }
        let pick = if gateways.len() > 1 { self.choices.pick(gateways.len()) } else { 0 };
        match gateways.get(pick).copied() {
            Some((gateway, entering)) => Next::Gateway(gateway, entering),
            None if network.behind_public_ip(destination).is_some() && !is_private(source) => Next::Internet,
            None if network.behind_public_ip(destination).is_some() => {
                let (place, decided_by) = (Place::CustomerNetwork(customer), DecidedBy::TranslatedOnPremises);
                self.record(
                    Stage::VpnGateway,
                    place,
                    None,
                    Direction::Ingress,
                    Decision::Unknown,
                    decided_by,
                );
                Next::End
            }
            None => {
                let simulated = |index: &Index<Gateway>| {
                    let gateway = &network.gateways[*index];
                    gateway.kind == GatewayKind::VpnGateway || gateway.transit_gateway().is_some()
                };
                let (decision, decided_by) = if via.iter().all(simulated) {
                    (Decision::Drop, DecidedBy::NoGatewayBetween)
                } else {
                    (Decision::Unknown, DecidedBy::EntryNotModelled)
                };
                let place = Place::CustomerNetwork(customer);
                self.record(Stage::VpnGateway, place, None, Direction::Ingress, decision, decided_by);
                Next::End
            }
        }
    }

    /// The ways into a gateway from a network on premises: the attachments of a transit gateway that lead to it.
    fn entrances(
        &self,
        customer: Index<CustomerNetwork>,
        index: Index<Gateway>,
    ) -> Vec<(Index<Gateway>, Entering)> {
        let gateway = &self.network.gateways[index];
        let Some(own) = gateway.transit_gateway() else {
            return gateway.vpc.map(|vpc| (index, Entering::FromCustomerNetwork(vpc))).into_iter().collect();
        };
        let positions = own.attachments_to(customer);
        positions.map(|at| (index, Entering::FromAttachment(at))).collect()
    }

    /// A packet that is at its destination on premises.
    pub(super) fn reach_customer_network(&mut self, customer: Index<CustomerNetwork>) -> Next {
        let place = Place::CustomerNetwork(customer);
        let own = &self.network.customer_networks[customer];
        let (decision, reached) = if own.has(self.header.destination) {
            (Decision::Pass, DecidedBy::LeftNetwork)
        } else {
            (Decision::Unknown, DecidedBy::NetworksNotCollected) // by its default route, to the internet or nowhere
        };
        self.record(Stage::Delivery, place, None, Direction::Egress, decision, reached);
        // Of blocks that lie within each other, whoever has the address is the same.
        let holder = self.network.customer_network_of(self.header.destination).unwrap_or(customer);
        self.end_at(Arrival::CustomerNetwork(holder))
    }

    /// The peering connection by which the packet goes back, because it answers what a NAT gateway sent through it:
    /// no route is needed, and only a network ACL can stop it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>
    pub(super) fn returns_to_sender(&self) -> Option<Index<Gateway>> {
        let opening = || self.header.reversed();
        self.memory.flows().iter().find_map(|flow| match flow.place {
            Place::Gateway(gateway)
                if self.network.gateways[gateway].kind == GatewayKind::VpcPeeringConnection
                    && flow.header == opening() =>
            {
                Some(gateway)
            }
            _ => None,
        })
    }
}

/// Whether packets from nobody of the network may come through `gateway`.
pub(super) fn leads_to_others(gateway: &Gateway) -> bool {
    match &gateway.form {
        GatewayForm::VpcPeeringConnection(peering) => {
            peering.requester.vpc.is_none() || peering.accepter.vpc.is_none()
        }
        GatewayForm::VpnGateway { is_whole } => !is_whole,
        GatewayForm::NatGateway(_)
        | GatewayForm::GatewayEndpoint(_)
        | GatewayForm::InterfaceEndpoint(_)
        | GatewayForm::LoadBalancer(_)
        | GatewayForm::LatticeService(_)
        | GatewayForm::GatewayLoadBalancerEndpoint(_) => false,
        GatewayForm::TransitGateway(own) => !own.is_closed(),
        GatewayForm::Plain => {
            !gateway.kind.entry().modelled
                || matches!(gateway.kind, GatewayKind::VpcPeeringConnection | GatewayKind::TransitGateway)
        }
    }
}
