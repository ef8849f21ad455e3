//! Networks on premises, where packets begin and end; and answers that return by the way they came.

use super::gateway::Entering;
use super::leg::{Arrival, Next, Walker};
use super::{DecidedBy, Decision, Observe, Place, Stage};
use crate::model::{CustomerNetwork, Gateway, GatewayForm, GatewayKind, Index};
use crate::net::Direction;

impl<O: Observe> Walker<'_, O> {
    /// A packet that leaves a network on premises: by the gateway of the VPC that has its destination. Where several
    /// do, its own routers choose. Answers that AWS gives tell of blocks alone, so that gateways of a wider block count.
    pub(super) fn leave_customer_network(&mut self, customer: Index<CustomerNetwork>) -> Next {
        let (network, destination) = (self.network, self.header.destination);
        let source = self.header.source;
        let holders = network.customer_networks.iter().filter(|holder| holder.contains(source));
        let mut via: Vec<Index<Gateway>> = Vec::new();
        for gateway in holders.flat_map(|holder| &holder.via) {
            if !via.contains(gateway) {
                via.push(*gateway);
            }
        }
        let leads_there = |index: &&Index<Gateway>| {
            let vpc = network.gateways[**index].vpc;
            vpc.is_some_and(|vpc| network.vpcs[vpc].contains(destination))
        };
        let gateways: Vec<_> = via.iter().filter(leads_there).copied().collect();
        let pick = if gateways.len() > 1 { self.choices.pick(gateways.len()) } else { 0 };
        let gateway = gateways.get(pick).copied();
        match gateway.and_then(|gateway| Some((gateway, network.gateways[gateway].vpc?))) {
            Some((gateway, vpc)) => Next::Gateway(gateway, Entering::FromCustomerNetwork(vpc)),
            None if network.behind_public_ip(destination).is_some() => Next::Internet,
            None => {
                let simulated =
                    |index: &Index<Gateway>| network.gateways[*index].kind == GatewayKind::VpnGateway;
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

    /// A packet that is at its destination on premises.
    pub(super) fn reach_customer_network(&mut self, customer: Index<CustomerNetwork>) -> Next {
        let place = Place::CustomerNetwork(customer);
        let (direction, reached) = (Direction::Egress, DecidedBy::LeftNetwork);
        self.record(Stage::Delivery, place, None, direction, Decision::Pass, reached);
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
        GatewayForm::NatGateway(_) | GatewayForm::GatewayEndpoint(_) => false,
        GatewayForm::Plain => {
            !gateway.kind.entry().modelled || gateway.kind == GatewayKind::VpcPeeringConnection
        }
    }
}
