//! What gateways have of their own: references to interfaces, which are resolved before.

use super::Resolver;
use crate::model::inventory::{self, Reference};
use crate::model::network::Vpc;
use crate::model::{GatewayForm, Index, NatGateway, Network, NetworkInterface, TransitGatewayAttachment};

impl Resolver<'_, '_> {
    /// Resolves the forms of all gateways, and notes at interfaces whose they are.
    pub(super) fn gateway_forms(&mut self, network: &mut Network) {
        let inventory = self.inventory;
        for (position, gateway) in inventory.gateways.iter().enumerate() {
            let index = Index::new(position);
            let (form, interfaces) = match &gateway.form {
                inventory::GatewayForm::Plain
                | inventory::GatewayForm::VpcPeeringConnection { .. }
                | inventory::GatewayForm::GatewayEndpoint { .. }
                | inventory::GatewayForm::VpnGateway => continue,
                inventory::GatewayForm::NatGateway { network_interface } => {
                    let Some(own) = self.own_interface(network_interface, network) else { continue };
                    (GatewayForm::NatGateway(NatGateway { network_interface: own }), vec![own])
                }
                inventory::GatewayForm::TransitGateway(read) => {
                    let own = self.transit_gateway(read, gateway, network);
                    let cards = own.attachments.iter().flat_map(TransitGatewayAttachment::network_interfaces);
                    let interfaces = cards.copied().collect();
                    (GatewayForm::TransitGateway(Box::new(own)), interfaces)
                }
            };
            for interface in interfaces {
                if let Some(interface) = network.network_interfaces.get_mut(interface) {
                    interface.gateway = Some(index);
                }
            }
            if let Some(resolved) = network.gateways.get_mut(index) {
                resolved.form = form;
            }
        }
    }

    /// The VPC in which a gateway stands because its interface does.
    pub(super) fn vpc_of_form(&self, form: &inventory::GatewayForm) -> Option<Index<Vpc>> {
        let inventory = self.inventory;
        let inventory::GatewayForm::NatGateway { network_interface: reference } = form else { return None };
        let interface = self.names.network_interfaces.get(&reference.value)?;
        let subnet = &inventory.network_interfaces.get(interface)?.subnet;
        let subnet = inventory.subnets.get(self.names.subnets.get(&subnet.value)?)?;
        self.find_vpc(subnet.vpc.as_ref())
    }

    /// The interface that a gateway names as its own.
    pub(super) fn own_interface(
        &mut self,
        reference: &Reference,
        network: &Network,
    ) -> Option<Index<NetworkInterface>> {
        // Where an interface has errors, others stand in its place.
        if network.network_interfaces.len() != self.inventory.network_interfaces.len() {
            return None;
        }
        if self.observed {
            return self.names.network_interfaces.get(&reference.value).map(Index::new);
        }
        self.names.network_interfaces.find(reference, self.problems).map(Index::new)
    }
}
