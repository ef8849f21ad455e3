//! Public addresses of the account that no known interface has: somebody has them who was not collected, or nobody.

use std::collections::HashSet;
use std::fmt::Display;
use std::net::IpAddr;

use super::assemble::Assembly;
use super::convert::is_gone;
use super::interfaces::public_ip;
use super::json::{Read, Text};
use super::shapes::{Address, NatGateway, NetworkInterface, RouteTableAssociation};
use super::states::{GatewayState, Word};
use super::table::Resource;
use crate::diagnostic::{Diagnostics, Located};
use crate::model::inventory::{self, Destination, GatewayForm, Inventory, Route};
use crate::net::{Cidr, is_private};

impl Assembly<'_, '_, '_> {
    /// Notes the public addresses that belong to none of the inventory's interfaces, which are all there.
    pub(super) fn strays(&mut self) {
        let answers = self.answers;
        let mut known = placed(&self.inventory);
        let mut unplaced = Strays { known: &mut known, found: Vec::new() };
        for read in answers.addresses.iter().filter(|read| is_associated(&read.value)) {
            unplaced.note(read, &read.value.public_ip, "PublicIp", self.problems);
        }
        for read in answers.network_interfaces.iter() {
            unplaced.note_all(read, &read.value, "", self.problems);
        }
        for instance in answers.instances.iter() {
            for (at, card) in instance.value.network_interfaces.iter().flatten().enumerate() {
                unplaced.note_all(instance, card, &format!("NetworkInterfaces[{at}]."), self.problems);
            }
            if let Some(public) = &instance.value.public_ip_address {
                unplaced.note(instance, public, "PublicIpAddress", self.problems);
            }
        }
        let is_gone = |gateway: &NatGateway<'_>| gateway.state == Some(Word(GatewayState::Gone));
        for gateway in answers.nat_gateways.iter().filter(|gateway| !is_gone(&gateway.value)) {
            for address in gateway.value.nat_gateway_addresses.iter().flatten() {
                let public = address.public_ip.as_ref().and_then(|text| text.as_str().parse().ok());
                unplaced
                    .found
                    .extend(public.filter(|public| unplaced.known.insert(*public)).map(Located::nowhere));
            }
        }
        self.inventory.unplaced_public_ips = unplaced.found;
        self.inventory.public_ipv4_pools = self.pools();
        let mut unassociated = Strays { known: &mut known, found: Vec::new() };
        for read in answers.addresses.iter().filter(|read| !is_associated(&read.value)) {
            unassociated.note(read, &read.value.public_ip, "PublicIp", self.problems);
        }
        self.inventory.unassociated_public_ips = unassociated.found;
    }
}

impl Assembly<'_, '_, '_> {
    /// The blocks of public pools: routes of a table that is associated with one say which.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/igw-ingress-routing.html>
    fn pools(&self) -> Vec<Located<Cidr>> {
        let of_pool = |own: &RouteTableAssociation<'_>| {
            own.public_ipv4_pool.is_some() && !is_gone(own.association_state.as_ref())
        };
        let tables = self.answers.route_tables.iter().zip(&self.inventory.route_tables);
        let tables = tables.filter(|(read, _)| read.value.associations.iter().flatten().any(of_pool));
        let routes = tables.flat_map(|(_, table)| &table.routes);
        let led = routes.filter(|route| route.target.value != "local");
        let block = |route: &Route| match route.destination {
            Destination::Cidr(block) if !is_private(block.first()) => Some((block, route.origin)),
            _ => None,
        };
        led.filter_map(block).map(|(value, origin)| Located { value, origin }).collect()
    }
}

/// Addresses that were found, beside those that are known already.
struct Strays<'k> {
    known: &'k mut HashSet<IpAddr>,
    found: Vec<Located<IpAddr>>,
}

impl Strays<'_> {
    fn note<T: Resource>(
        &mut self,
        read: &Read<'_, T>,
        text: &Text<'_>,
        path: impl Display,
        problems: &mut Diagnostics,
    ) {
        // Whoever has it may have complained of it already.
        if problems.concern(read.file.origin(text.as_str())) {
            return;
        }
        let address = read.address(text, path, problems);
        self.found.extend(address.filter(|address| self.known.insert(address.value)));
    }

    /// The public addresses of an interface, as `read` tells of it.
    fn note_all<T: Resource>(
        &mut self,
        read: &Read<'_, T>,
        card: &NetworkInterface<'_>,
        before: &str,
        problems: &mut Diagnostics,
    ) {
        if let Some(text) = public_ip(card.association.as_ref()) {
            self.note(read, text, format_args!("{before}Association.PublicIp"), problems);
        }
        for (at, own) in card.private_ip_addresses.iter().flatten().enumerate() {
            if let Some(text) = public_ip(own.association.as_ref()) {
                let path = format_args!("{before}PrivateIpAddresses[{at}].Association.PublicIp");
                self.note(read, text, path, problems);
            }
        }
    }
}

/// The public addresses that interfaces have, each with the private one that it stands for.
fn placed(inventory: &Inventory) -> HashSet<IpAddr> {
    let of = |card: &inventory::NetworkInterface| {
        let primary = card.public_ip.as_ref().filter(|_| card.private_ip.is_some());
        let secondary = card.secondary_private_ips.iter().filter_map(|own| own.public_ip.as_ref());
        primary.into_iter().chain(secondary).map(|public| public.value).collect::<Vec<_>>()
    };
    let of_regional = |gateway: &inventory::Gateway| match &gateway.form {
        GatewayForm::RegionalNatGateway { public_ips } => {
            public_ips.iter().map(|own| own.public_ip.value).collect()
        }
        _ => Vec::new(),
    };
    let of_gateways = inventory.gateways.iter().flat_map(of_regional);
    inventory.network_interfaces.iter().flat_map(of).chain(of_gateways).collect()
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html>
fn is_associated(address: &Address<'_>) -> bool {
    let Address { association_id, network_interface_id, instance_id, private_ip_address, .. } = address;
    [association_id, network_interface_id, instance_id, private_ip_address]
        .into_iter()
        .flatten()
        .any(|text| !text.as_str().is_empty())
}
