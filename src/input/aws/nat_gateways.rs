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
use crate::model::inventory::{self, GatewayForm, NetworkInterface, RegionalAddress, SecondaryAddress};
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
            // An appliance that filters is not simulated.
            let is_filtered = gateway.value.attached_appliances.iter().flatten().next().is_some();
            let form = match interface.filter(|_| gateway.value.subnet_id.is_some()) {
                _ if is_filtered => GatewayForm::Plain,
                Some(interface) => GatewayForm::NatGateway {
                    network_interface: gateway.reference(interface),
                    unused_private_ips: self.unused_private_ips(gateway),
                },
                None => self.regional(gateway),
            };
            let own = &gateway.value;
            let of_regional = matches!(form, GatewayForm::RegionalNatGateway { .. });
            let reference = |text: &Option<Text<'_>>| {
                text.as_ref().filter(|_| of_regional).map(|id| gateway.reference(id))
            };
            self.inventory.gateways.push(inventory::Gateway {
                availability,
                form,
                route_table: reference(&own.route_table_id),
                ..inventory::Gateway::new(identity, GatewayKind::NatGateway, reference(&own.vpc_id))
            });
        }
    }
}

impl Assembly<'_, '_, '_> {
    /// The form of one without a subnet, which serves its whole VPC by a route table of its own. Without that, or without
    /// an address that works, nothing is known of it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html>
    fn regional(&mut self, gateway: &Read<'_, NatGateway<'_>>) -> GatewayForm {
        let own = &gateway.value;
        let is_regional = own.availability_mode.as_ref().is_some_and(|mode| mode.as_str() == "regional");
        let table = own.route_table_id.as_ref().and_then(|id| self.answers.route_tables.get(id.as_str()));
        if !is_regional || own.vpc_id.is_none() || table.is_none() {
            return GatewayForm::Plain;
        }
        let mut public_ips = Vec::new();
        for (position, address) in own.nat_gateway_addresses.iter().flatten().enumerate() {
            let is_used = address.status.is_none_or(|state| state == Word(NatAddressState::Used));
            let Some(public) = address.public_ip.as_ref().filter(|_| is_used) else { continue };
            let by_name = || {
                let zone =
                    self.answers.zones.get_in(gateway.scope, address.availability_zone.as_ref()?.as_str())?;
                zone.value.zone_id.as_ref()
            };
            let zone = address.availability_zone_id.as_ref().or_else(by_name);
            let zone = zone.or(address.availability_zone.as_ref()); // which is no id, and thus of nobody
            let availability_zone_id = zone.map(|zone| zone.as_str().to_owned());
            let path = format!("NatGatewayAddresses[{position}].PublicIp");
            if let Some(public_ip) = gateway.address(public, path, self.problems) {
                public_ips.push(RegionalAddress { public_ip, availability_zone_id });
            }
        }
        if public_ips.is_empty() {
            GatewayForm::Plain
        } else {
            GatewayForm::RegionalNatGateway { public_ips }
        }
    }

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
