//! Resources of services whose interfaces AWS manages: which interfaces are theirs, and what AWS would refuse of them.

use std::collections::BTreeSet;

use super::Resolver;
use super::names::Names;
use crate::diagnostic::problems;
use crate::model::inventory;
use crate::model::{EcsTask, Index, ManagedService, Network, NetworkInterface};

impl Resolver<'_, '_> {
    /// Resolves all of them, and notes at interfaces whose they are.
    pub(super) fn managed_services(&mut self, network: &mut Network) {
        let (inventory, mut told) = (self.inventory, BTreeSet::new());
        // Resources of different services may share a name, which their kind then tells apart.
        let mut kinds: Vec<_> = inventory.managed_services.iter().map(|service| service.kind).collect();
        kinds.dedup();
        for kind in kinds {
            let own = inventory.managed_services.iter().filter(|service| service.kind == kind);
            let identities = own.map(|service| &service.identity);
            Names::new(kind.name, inventory.is_confidential, identities, &mut told, self.problems);
        }
        for service in &inventory.managed_services {
            let cards: Vec<_> = service
                .network_interfaces
                .iter()
                .filter_map(|reference| self.own_interface(reference, network))
                .collect();
            self.check_managed(service, &cards, network);
            self.check_tasks(service, cards.len());
            let preserves_client_ip =
                service.kind.client_ip.is_some_and(|usual| service.preserves_client_ip.unwrap_or(usual));
            let index = network.managed_services.push(ManagedService {
                identity: service.identity.clone(),
                kind: service.kind,
                port: service.port.or(service.kind.port),
                preserves_client_ip,
                tasks: tasks(service, &cards, network),
                network_interfaces: cards.clone(),
            });
            for interface in cards {
                if let Some(own) = network.network_interfaces.get_mut(interface) {
                    own.managed_service.get_or_insert(index);
                    if preserves_client_ip {
                        own.source_dest_check = Some(false);
                    }
                }
                if let Some(card) = network.cards.get_mut(Index::new(interface.position())) {
                    card.states_listeners = true;
                    card.conduct = service.kind.conduct;
                    if preserves_client_ip {
                        card.source_dest_check = Some(false);
                    }
                }
            }
        }
    }

    /// Each interface has a task of its own, or all have what is stated once.
    fn check_tasks(&mut self, service: &inventory::ManagedService, interfaces: usize) {
        if self.observed || [0, 1, interfaces].contains(&service.tasks.len()) {
            return;
        }
        let message = format!(
            "`{}` has {} tasks and {interfaces} interfaces",
            service.identity.name,
            service.tasks.len()
        );
        let help = "state one task for each interface in their order, or one for what all have in common";
        self.problems.push(problems::mismatch(service.identity.origin, message, help));
    }

    /// A resource is in one VPC, its interfaces are its own, and only some kinds preserve the addresses of clients.
    fn check_managed(
        &mut self,
        service: &inventory::ManagedService,
        cards: &[Index<NetworkInterface>],
        network: &Network,
    ) {
        let name = service.identity.said(self.observed);
        let at = service.identity.origin;
        if service.preserves_client_ip == Some(true) && service.kind.client_ip.is_none() {
            let message =
                format!("`{name}` ({}) has no clients whose addresses it could preserve", service.kind);
            let help = "`preserve_client_ip` is for eice and global-accelerator";
            self.problems.push(problems::mismatch(at, message, help));
        }
        if self.observed {
            return;
        }
        let mut vpcs = cards.iter().map(|card| network.vpc_of(*card));
        let first = vpcs.next();
        if vpcs.any(|vpc| Some(vpc) != first) {
            let message = format!("the interfaces of `{name}` are in several VPCs");
            self.problems.push(problems::mismatch(at, message, "give it subnets of one VPC"));
        }
        for card in cards.iter().map(|card| &network.network_interfaces[*card]) {
            let gateway = card.gateway.map(|gateway| &network.gateways[gateway].identity);
            let other = card.managed_service.map(|other| &network.managed_services[other]);
            let other = other.filter(|other| other.kind != service.kind).map(|other| &other.identity);
            if let Some(other) = gateway.or(other) {
                let message = format!("`{}` is an interface of `{other}`", card.identity.name);
                let help = "an interface that AWS manages belongs to one service";
                self.problems.push(problems::mismatch(at, message, help));
            }
        }
    }
}

/// The tasks of a service, each with its interface.
fn tasks(
    service: &inventory::ManagedService,
    cards: &[Index<NetworkInterface>],
    network: &Network,
) -> Vec<(Index<NetworkInterface>, EcsTask)> {
    let of = |(position, card): (usize, &Index<NetworkInterface>)| {
        let names = service.tasks.get(position).or(service.tasks.first())?;
        let vpc = &network.vpcs[network.vpc_of(*card)];
        let id = &network.network_interfaces[*card].identity.id;
        Some((*card, names.task(&vpc.region, &vpc.account, id)))
    };
    cards.iter().enumerate().filter_map(of).collect()
}
