//! Groups of targets of VPC Lattice.
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html>

use std::collections::HashSet;
use std::net::IpAddr;

use super::super::assemble::{Assembly, text};
use super::super::health_checks;
use super::super::json::{Read, Text};
use super::super::listeners::{port, protocol};
use super::super::names::UniqueNames;
use super::super::shapes::{LatticeTarget, LatticeTargetGroup};
use super::super::states::{LatticeState, LatticeTargetStatus, LatticeTargetType, Word};
use super::Told;
use super::services::Lacking;
use crate::diagnostic::Located;
use crate::model::inventory::{self, Reference, Target};
use crate::model::{Identity, ListenerProtocol, TargetHealth, TargetType};

/// The ids of all groups.
pub(super) type Groups = HashSet<String>;

impl Assembly<'_, '_, '_> {
    /// Every group that was told of or that a listener sends to.
    pub(super) fn lattice_target_groups(&mut self, lacking: &mut Lacking) -> Groups {
        let told = &self.answers.lattice;
        let all = told.target_groups.all();
        let spoken_of = told.groups_of_actions();
        let mut untold: Vec<_> = spoken_of.into_iter().filter(|(id, _)| !all.contains_key(id)).collect();
        untold.sort_by_key(|(id, _)| *id);
        let others = self.inventory.target_groups.iter().map(|group| &group.identity);
        let others = others.map(|identity| (identity.id.as_str(), Some(identity.name.clone())));
        let own = all.iter().map(|(id, own)| (*id, text(own.say(|own| own.name.as_ref()))));
        let names = UniqueNames::of(others.chain(own).chain(untold.iter().map(|(id, _)| (*id, None))));
        let mut ids = Groups::new();
        for (id, own) in all {
            if own.say(|own| own.status) == Some(Word(LatticeState::Gone)) {
                continue; // it could not be set up
            }
            ids.insert(id.to_owned());
            let name = names.keep(text(own.say(|own| own.name.as_ref())));
            let identity = Identity {
                name: name.unwrap_or_else(|| id.to_owned()),
                id: id.to_owned(),
                origin: own.origin(),
            };
            let group = self.lattice_target_group(identity, &own, lacking);
            self.inventory.target_groups.push(group);
        }
        for (id, Located { origin, .. }) in untold {
            lacking.groups += 1;
            ids.insert(id.to_owned());
            let identity = Identity { name: id.to_owned(), id: id.to_owned(), origin };
            self.inventory.target_groups.push(unknown_group(identity));
        }
        ids
    }

    fn lattice_target_group(
        &mut self,
        identity: Identity,
        own: &Told<'_, '_, LatticeTargetGroup<'_>>,
        lacking: &mut Lacking,
    ) -> inventory::TargetGroup {
        let Some(read) = own.first() else { return unknown_group(identity) };
        let target_type = own.say(|own| own.r#type).map(|Word(LatticeTargetType(kind))| kind);
        let is_lambda = target_type == Some(TargetType::Lambda);
        let number = own.say(LatticeTargetGroup::port).filter(|_| !is_lambda);
        let word = own.say(|own| own.protocol());
        let protocol = word.and_then(protocol);
        let vpc = own.say(|own| own.vpc());
        let is_known = is_lambda || (protocol.is_some() && target_type.is_some());
        let told = self.answers.lattice.targets.get(&identity.id).and_then(Option::as_ref);
        let targets = told.filter(|_| is_known).and_then(|all| self.lattice_targets(all, vpc));
        lacking.targets += usize::from(targets.is_none() && is_known);
        lacking.group_kinds += usize::from(!is_known);
        inventory::TargetGroup {
            protocol: protocol.unwrap_or(ListenerProtocol::Http),
            port: number.and_then(|number| port(read, Some(number), "port", self.problems)),
            target_type,
            targets,
            health_check: own.0.iter().find_map(|read| health_checks::of_lattice(read, self.problems)),
            ..unknown_group(identity)
        }
    }

    /// The targets that were told of; nothing where it is not certain which interface one is.
    fn lattice_targets(
        &mut self,
        all: &[Read<'_, LatticeTarget<'_>>],
        vpc: Option<&Text<'_>>,
    ) -> Option<Vec<Target>> {
        let mut targets = Vec::new();
        for read in all {
            let own = &read.value;
            let port = match own.port {
                None => None,
                told => Some(port(read, told, "port", self.problems)?),
            };
            let id = match own.id.as_str().parse() {
                Ok(address) => self.holder(read, address, vpc)?,
                Err(_) => read.reference(&own.id),
            };
            let health =
                own.status.map_or(TargetHealth::NotCollected, |Word(LatticeTargetStatus(health))| health);
            targets.push(Target { id, port, health });
        }
        Some(targets)
    }

    /// The interface that has an address in the VPC of the group, since other VPCs may have the same blocks; the address
    /// alone where no interface has it.
    fn holder(
        &self,
        read: &Read<'_, LatticeTarget<'_>>,
        address: IpAddr,
        vpc: Option<&Text<'_>>,
    ) -> Option<Reference> {
        let is_it = |text: &Text<'_>| text.as_str().parse() == Ok(address);
        let mut holders = self.cards.iter().map(|card| card.read.value).filter(|card| {
            let secondary = card.private_ip_addresses.iter().flatten().map(|own| &own.private_ip_address);
            let v6 = card.ipv6_addresses.iter().flatten().map(|own| &own.ipv6_address);
            card.private_ip_address.iter().chain(secondary).chain(v6).any(is_it)
        });
        let by_address = read.reference(&read.value.id);
        let (Some(first), second) = (holders.next(), holders.next()) else { return Some(by_address) };
        let is_its = |own: Option<&Text<'_>>| vpc.is_none_or(|vpc| own == Some(vpc));
        if second.is_none() {
            return is_its(first.vpc_id.as_ref()).then_some(by_address);
        }
        // An interface is named in its place, which stands for its first address.
        let all = [first].into_iter().chain(second).chain(holders);
        let mut own = all.filter(|card| vpc.is_some() && is_its(card.vpc_id.as_ref()));
        let card = own.next().filter(|card| card.private_ip_address.as_ref().is_some_and(is_it))?;
        let is_only = own.next().is_none();
        let named =
            Located { value: card.network_interface_id.as_str().to_owned(), origin: by_address.origin };
        is_only.then_some(named)
    }
}

/// A group of which nobody knows the targets; its protocol plays no part then.
fn unknown_group(identity: Identity) -> inventory::TargetGroup {
    inventory::TargetGroup {
        identity,
        protocol: ListenerProtocol::Http,
        port: None,
        target_type: None,
        preserve_client_ip: Some(false),
        cross_zone: Some(true),
        rebalances: false,
        targets: None,
        health_check: None,
    }
}
