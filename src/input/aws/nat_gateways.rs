//! NAT gateways, with their interfaces.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html>

use std::net::IpAddr;

use super::assemble::{Assembly, names};
use super::convert::name_tag;
use super::interfaces::public_of;
use super::json::{Read, Text};
use super::shapes::{NatGateway, NatGatewayAddress};
use super::states::{NatAddressState, Word, availability};
use crate::diagnostic::{Diagnostics, Located};
use crate::model::inventory::{self, GatewayForm, NetworkInterface, SecondaryAddress};
use crate::model::{GatewayKind, Identity};

impl Assembly<'_, '_, '_> {
    /// Those that are no more are left out: routes that still lead to them are blackholes.
    pub(super) fn nat_gateways(&mut self) {
        let answers = self.answers;
        let names = names(&answers.nat_gateways, |gateway| name_tag(gateway.tags.as_ref()));
        for gateway in answers.nat_gateways.iter() {
            let Some(availability) = availability(gateway.value.state) else { continue };
            let identity = gateway.identity(names.keep(name_tag(gateway.value.tags.as_ref())));
            let interface = own_interface(gateway);
            let is_collected = interface
                .is_some_and(|interface| answers.network_interfaces.get(interface.as_str()).is_some());
            if !is_collected && let Some(card) = card(gateway, &identity.name, self.problems) {
                self.inventory.network_interfaces.push(card);
            }
            // Without a subnet it is a regional one, which is not simulated, nor is an appliance that filters.
            let is_plain = gateway.value.subnet_id.is_some()
                && gateway.value.attached_appliances.iter().flatten().next().is_none();
            let form = match interface.filter(|_| is_plain) {
                Some(interface) => GatewayForm::NatGateway {
                    network_interface: gateway.reference(interface),
                    unused_private_ips: self.unused_private_ips(gateway),
                },
                None => GatewayForm::Plain,
            };
            self.inventory.gateways.push(inventory::Gateway {
                availability,
                form,
                ..inventory::Gateway::new(identity, GatewayKind::NatGateway, None)
            });
        }
    }
}

impl Assembly<'_, '_, '_> {
    /// Those of its private addresses that no new connection is translated to. One of a public gateway has an Elastic IP,
    /// as itself says or its interface; without one it is not known what becomes of it.
    fn unused_private_ips(&mut self, gateway: &Read<'_, NatGateway<'_>>) -> Vec<Located<IpAddr>> {
        let is_private =
            gateway.value.connectivity_type.as_ref().is_some_and(|kind| kind.as_str() == "private");
        let mut unused = Vec::new();
        for (position, address) in gateway.value.nat_gateway_addresses.iter().flatten().enumerate() {
            let Some(private) = &address.private_ip else { continue };
            let has_public = address.public_ip.is_some() || {
                let card = address.network_interface_id.as_ref();
                let card = card.and_then(|id| self.answers.network_interfaces.get(id.as_str()));
                card.is_some_and(|card| public_of(&card.value, private).is_some())
            };
            let is_used = address.status.is_none_or(|state| state == Word(NatAddressState::Used));
            if !is_used || !(is_private || has_public) {
                let path = format!("NatGatewayAddresses[{position}].PrivateIp");
                unused.extend(gateway.address(private, path, self.problems));
            }
        }
        unused
    }
}

/// The interface that has its addresses.
fn own_interface<'r, 'a>(gateway: &'r Read<'_, NatGateway<'a>>) -> Option<&'r Text<'a>> {
    let mut addresses = gateway.value.nat_gateway_addresses.iter().flatten();
    addresses.find_map(|address| address.network_interface_id.as_ref())
}

/// The interface, made of what the gateway says of it.
fn card(
    gateway: &Read<'_, NatGateway<'_>>,
    name: &str,
    problems: &mut Diagnostics,
) -> Option<NetworkInterface> {
    let id = own_interface(gateway)?;
    let subnet = gateway.reference(gateway.value.subnet_id.as_ref()?);
    let identity =
        Identity { name: name.to_owned(), id: id.as_str().to_owned(), origin: Some(gateway.place(id)) };
    let mut addresses: Vec<(usize, &NatGatewayAddress<'_>)> =
        gateway.value.nat_gateway_addresses.iter().flatten().enumerate().collect();
    addresses.sort_by_key(|(position, address)| (address.is_primary != Some(true), *position));
    let mut all = Vec::new();
    for (position, address) in addresses {
        let path = |key: &str| format!("NatGatewayAddresses[{position}].{key}");
        let private = address.private_ip.as_ref()?;
        let private_ip = gateway.address(private, path("PrivateIp"), problems)?;
        let is_there = address.status != Some(Word(NatAddressState::NotThere));
        let public = address.public_ip.as_ref().filter(|_| is_there);
        let public_ip = public.and_then(|public| gateway.address(public, path("PublicIp"), problems));
        all.push(SecondaryAddress { private_ip, public_ip });
    }
    let mut all = all.into_iter();
    let primary = all.next()?;
    Some(NetworkInterface {
        private_ip: Some(primary.private_ip),
        public_ip: primary.public_ip,
        secondary_private_ips: all.collect(),
        ..NetworkInterface::of_gateway(identity, subnet, "nat_gateway")
    })
}
