//! Ends that are resources of services whose interfaces AWS manages: which of their interfaces a connection uses.

use std::net::IpAddr;

use super::ends::Named;
use crate::diagnostic::{Diagnostic, problems};
use crate::model::inventory::{self, Reference};
use crate::model::{Endpoint, Index, ManagedService, Network, NetworkInterface, Standing, zone_of};
use crate::net::Family;

const EXCHANGE: &str = "exchange the ends, or name another";

impl Network {
    /// The only resource that `reference` names.
    pub(super) fn managed_called(&self, reference: &Reference) -> Option<Result<Named, Diagnostic>> {
        let text = reference.value.as_str();
        let mut all = self.managed_services.enumerate().filter(|(_, service)| service.is_called(text));
        let (first, service) = all.next()?;
        if all.next().is_some() {
            let message = format!("several services have a resource that is called `{text}`");
            let help = format!("name its service as well, as `{}:{text}`", service.kind);
            return Some(Err(problems::ambiguous_reference(reference.origin, message, &help)));
        }
        Some(Ok(Named::Managed(first)))
    }

    /// The addresses at which a client may reach it, the first one being as good as any.
    pub(super) fn managed_destinations(
        &self,
        index: Index<ManagedService>,
        family: Family,
        from: &Named,
        to: &Reference,
    ) -> Result<Vec<(IpAddr, Endpoint)>, Diagnostic> {
        let service = &self.managed_services[index];
        if !service.kind.conduct.answers && !service.kind.conduct.refuses {
            return Err(only(to, service, "takes no connections from the network: it opens them", EXCHANGE));
        }
        let all = || service.network_interfaces.iter().copied();
        let client = self.client_card(from);
        // AWS: https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html
        let near: Vec<_> = match (service.kind.standing, client) {
            (Standing::ZoneOfClient, Some(client))
                if all().any(|card| self.vpc_of(card) == self.vpc_of(client)) =>
            {
                let zone = zone_of(self, client);
                if let Named::Managed(client) = from
                    && self.managed_services[*client]
                        .network_interfaces
                        .iter()
                        .any(|card| zone_of(self, *card) != zone)
                {
                    let what = "has a mount target for each zone, and the client has interfaces in several";
                    let help = "name one of the client's interfaces, as `SERVICE-SUBNET`: it mounts the target of its own zone";
                    return Err(only(to, service, what, help));
                }
                let near: Vec<_> = all().filter(|card| zone_of(self, *card) == zone).collect();
                if near.is_empty() {
                    let what =
                        format!("has no mount target in zone {zone}, so that its name means nothing there");
                    let help = "give it a mount target there, or name the interface of one in another zone";
                    return Err(only(to, service, &what, help));
                }
                near
            }
            _ => all().collect(),
        };
        // From outside it is known by its public addresses, if it has any.
        let is_outside = matches!(from, Named::Internet | Named::Address(_));
        let address = |card: Index<NetworkInterface>| {
            let own = &self.network_interfaces[card];
            let private = own.primary_address(family)?;
            let public = own.public_ip(private).filter(|_| is_outside);
            Some((public.unwrap_or(private), Endpoint::Interface(card)))
        };
        self.found(near.into_iter().filter_map(address).collect(), service, family, to)
    }

    /// The addresses from which it may open a connection to `to`.
    pub(super) fn managed_sources(
        &self,
        index: Index<ManagedService>,
        family: Family,
        to: Endpoint,
        read: &inventory::Connection,
    ) -> Result<Vec<(IpAddr, Endpoint)>, Diagnostic> {
        let service = &self.managed_services[index];
        if !service.kind.conduct.opens {
            return Err(only(&read.from, service, "opens no connections", EXCHANGE));
        }
        if !(service.kind.can_open)(read.traffic) {
            let help = "lambda and global-accelerator open TCP and UDP, eice opens tcp 22 and tcp 3389";
            return Err(only(&read.from, service, &format!("opens nothing of {}", read.traffic), help));
        }
        let stated = read.source_address.as_ref().map(|address| address.value);
        let client = service
            .preserves_client_ip
            .then(|| stated.unwrap_or_else(|| self.internet(family, || self.somewhere(family))));
        let subnet_of = |card: Index<NetworkInterface>| self.network_interfaces[card].subnet;
        let is_there = |card: &Index<NetworkInterface>| match (service.kind.standing, to) {
            (Standing::SubnetOfServer, Endpoint::Interface(server)) => subnet_of(*card) == subnet_of(server),
            _ => true,
        };
        let cards: Vec<_> = service.network_interfaces.iter().copied().filter(is_there).collect();
        if cards.is_empty() {
            let what = "has no interface in the subnet of what it is to reach";
            let help = "the accelerator has an interface in each subnet with an endpoint: add the subnet";
            return Err(only(&read.from, service, what, help));
        }
        let address = |card: Index<NetworkInterface>| {
            let own = self.network_interfaces[card].primary_address(family)?;
            Some((client.or(stated).unwrap_or(own), Endpoint::Interface(card)))
        };
        self.found(cards.into_iter().filter_map(address).collect(), service, family, &read.from)
    }

    /// An interface of the client, which is in the network.
    pub(super) fn client_card(&self, from: &Named) -> Option<Index<NetworkInterface>> {
        match from {
            Named::Interface(card, _) => Some(*card),
            Named::Managed(client) => self.managed_services[*client].network_interfaces.first().copied(),
            _ => None,
        }
    }

    /// Whether any interface of it has an address of `family`.
    pub(super) fn managed_has(&self, index: Index<ManagedService>, family: Family) -> bool {
        let mut cards = self.managed_services[index].network_interfaces.iter();
        cards.any(|card| self.network_interfaces[*card].primary_address(family).is_some())
    }

    fn found(
        &self,
        all: Vec<(IpAddr, Endpoint)>,
        service: &ManagedService,
        family: Family,
        named: &Reference,
    ) -> Result<Vec<(IpAddr, Endpoint)>, Diagnostic> {
        if all.is_empty() {
            let name = service.identity.said(self.is_confidential());
            let message = format!("`{name}` has no {family} address");
            let help = "give it a subnet of that family, or its interfaces in `network_interfaces`";
            return Err(problems::connection_ends(named.origin, message, help));
        }
        Ok(all)
    }
}

/// What keeps a resource from being an end.
fn only(named: &Reference, service: &ManagedService, what: &str, help: &str) -> Diagnostic {
    let message = format!("`{}` ({}) {what}", named.value, service.kind);
    problems::connection_ends(named.origin, message, help)
}
