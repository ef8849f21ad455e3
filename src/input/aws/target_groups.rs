//! Groups of targets, with their health and attributes, each of which is an answer of its own.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html>

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::assemble::{Assembly, text};
use super::attributes::{self, CROSS_ZONE, FAILOVERS, PRESERVE_CLIENT_IP};
use super::balancing::BalancingAnswers;
use super::health_checks;
use super::json::{Read, Text};
use super::lacking::Lacking;
use super::listeners::{port, protocol};
use super::names::UniqueNames;
use super::shapes::{Action, TargetGroup, TargetHealthDescription};
use super::states::Word;
use crate::diagnostic::{Diagnostics, Origin};
use crate::model::inventory::{self, Target};
use crate::model::{Identity, ListenerProtocol, LoadBalancerType, TargetHealth, TargetType};

/// The ids of all groups.
pub(super) type Groups = HashSet<String>;

impl Assembly<'_, '_, '_> {
    /// Every group that was described or that a listener sends to.
    pub(super) fn target_groups(&mut self, lacking: &mut Lacking) -> Groups {
        let answers = self.answers;
        let spoken_of = answers.balancing.groups_of_listeners();
        let told = &answers.balancing.target_groups;
        let all = told
            .iter()
            .map(|read| (read.value.target_group_arn.as_str(), text(read.value.target_group_name.as_ref())));
        let names = UniqueNames::of(all.chain(spoken_of.keys().map(|id| (*id, None))));
        let mut ids = Groups::new();
        for read in told.iter() {
            let own = &read.value;
            ids.insert(own.target_group_arn.as_str().to_owned());
            let identity = read.identity(names.keep(text(own.target_group_name.as_ref())));
            let group = self.target_group(read, identity, lacking);
            self.inventory.target_groups.push(group);
        }
        for (id, origin) in spoken_of.into_iter().filter(|(id, _)| told.get(id).is_none()) {
            lacking.groups += 1;
            ids.insert(id.to_owned());
            self.inventory.target_groups.push(inventory::TargetGroup {
                identity: Identity { name: id.to_owned(), id: id.to_owned(), origin },
                protocol: ListenerProtocol::Http, // it plays no part while nobody knows the targets
                port: None,
                target_type: None,
                preserve_client_ip: None,
                cross_zone: None,
                rebalances: false,
                targets: None,
                health_check: None,
            });
        }
        ids
    }

    fn target_group(
        &mut self,
        read: &Read<'_, TargetGroup<'_>>,
        identity: Identity,
        lacking: &mut Lacking,
    ) -> inventory::TargetGroup {
        let own = &read.value;
        let told = &self.answers.balancing;
        let id = own.target_group_arn.as_str();
        let target_type = own.target_type.map(|Word(kind)| kind);
        let spoken = own.protocol.as_ref().map(|text| (text, protocol(text)));
        // A function is called, whatever it is registered with.
        let is_lambda = target_type == Some(TargetType::Lambda);
        let is_simulated = is_lambda
            || spoken.is_some_and(|(_, known)| known.is_some()) && !names_ipv6_of_instances(own, target_type);
        let health = told.health.get(id).and_then(Option::as_ref);
        let targets = match health {
            Some(all) => Some(targets(all, self.problems)).filter(|_| is_simulated),
            None => {
                lacking.targets += 1;
                None
            }
        };
        lacking.not_modelled += usize::from(!is_simulated);
        let attribute = |key: &str| attributes::told(&told.target_group_attributes, id, key);
        let preserves = attribute(PRESERVE_CLIENT_IP);
        lacking.attributes += usize::from(preserves.is_none() && !is_lambda);
        let cross_zone = attribute(CROSS_ZONE).and_then(|told| match told {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => {
                let told = self.cross_zone_of_owners(own);
                if !is_lambda {
                    lacking.balancer_attributes.extend(self.owners_untold(own));
                }
                told
            }
        });
        let number = own.port.filter(|_| !is_lambda);
        inventory::TargetGroup {
            identity,
            protocol: spoken.and_then(|(_, known)| known).unwrap_or(ListenerProtocol::Http),
            port: number.and_then(|number| port(read, Some(number), "Port", self.problems)),
            target_type,
            // Older answers lack it, and mean what AWS does by default.
            preserve_client_ip: preserves.map(|told| {
                told.map_or(target_type.is_none_or(|kind| kind == TargetType::Instance), |told| {
                    told == "true"
                })
            }),
            cross_zone,
            rebalances: FAILOVERS.into_iter().any(|key| attribute(key) == Some(Some("rebalance"))),
            targets,
            health_check: health_checks::of_group(read, self.problems),
        }
    }

    /// What a group's load balancers say of zones, where all say the same and were collected.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#target-group-cross-zone>
    fn cross_zone_of_owners(&self, group: &TargetGroup<'_>) -> Option<bool> {
        let told = &self.answers.balancing.load_balancers;
        let mut all = group.load_balancer_arns.iter().flatten().map(|arn| {
            let kind = told.get(arn.as_str())?.value.kind;
            self.crosses_zones(arn.as_str(), kind.map_or(LoadBalancerType::Application, |Word(kind)| kind))
        });
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }
}

impl Assembly<'_, '_, '_> {
    /// The load balancers of a group of which nobody collected whether they cross zones.
    fn owners_untold(&self, group: &TargetGroup<'_>) -> Vec<String> {
        let told = &self.answers.balancing.load_balancers;
        let all = group.load_balancer_arns.iter().flatten().map(Text::as_str);
        let untold = all.filter(|arn| {
            let kind = told.get(arn).map(|read| read.value.kind.map(|Word(kind)| kind));
            kind.is_some_and(|kind| {
                self.crosses_zones(arn, kind.unwrap_or(LoadBalancerType::Application)).is_none()
            })
        });
        untold.map(str::to_owned).collect()
    }
}

impl BalancingAnswers<'_> {
    /// The groups that listeners and their rules name, and where the first does.
    fn groups_of_listeners(&self) -> BTreeMap<&str, Option<Origin>> {
        let listeners = self.listeners.iter().map(|read| (read.file, read.value.default_actions.as_ref()));
        let rules = self.rules.iter().map(|read| (read.file, read.value.actions.as_ref()));
        let mut all = BTreeMap::new();
        for (file, actions) in listeners.chain(rules) {
            for id in actions.into_iter().flatten().flat_map(groups_of) {
                all.entry(id.as_str()).or_insert_with(|| file.origin(id.as_str()));
            }
        }
        all
    }
}

impl Assembly<'_, '_, '_> {
    /// Targets by instance, where nobody described the instance: its first interface says whose it is, and takes what is sent
    /// to it. Others are told of.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-type>
    pub(super) fn target_instances(&mut self) {
        let first = self.cards.iter().filter_map(|card| {
            let attachment = card.read.value.attachment.as_ref()?;
            let instance = card.instance.filter(|_| attachment.device_index == Some(0))?;
            Some((instance.as_str(), card.read.value.network_interface_id.as_str()))
        });
        let first: HashMap<&str, &str> = first.collect();
        let mut unknown = BTreeSet::new();
        let groups = self.inventory.target_groups.iter_mut();
        for group in groups.filter(|group| group.target_type == Some(TargetType::Instance)) {
            for target in group.targets.iter_mut().flatten() {
                let id = target.id.value.as_str();
                if self.answers.instances.get(id).is_some() {
                    continue;
                }
                match first.get(id) {
                    Some(card) => target.id.value = (*card).to_owned(),
                    None if target.health.takes_traffic() => drop(unknown.insert(id.to_owned())),
                    None => {}
                }
            }
        }
        let fact = (
            unknown.len(),
            "instance{s} that {are} {targets} {were} not collected",
            "what is sent to their target groups is `unknown`; `aws ec2 describe-instances` tells of them, and \
             `aws ec2 describe-network-interfaces` of their interfaces",
        );
        self.tell_uncollected(&[fact]);
    }
}

/// The groups to which an action sends.
fn groups_of<'r, 'a>(action: &'r Action<'a>) -> impl Iterator<Item = &'r Text<'a>> {
    let weighted = action.forward_config.iter().flat_map(|config| config.target_groups.iter().flatten());
    action.target_group_arn.iter().chain(weighted.filter_map(|own| own.target_group_arn.as_ref()))
}

/// Whether its instances are spoken to by IPv6, which is not simulated.
fn names_ipv6_of_instances(group: &TargetGroup<'_>, target_type: Option<TargetType>) -> bool {
    let is_ipv6 = group.ip_address_type.as_ref().is_some_and(|family| family.as_str() == "ipv6");
    is_ipv6 && target_type.is_none_or(|kind| kind == TargetType::Instance)
}

/// The targets that were told, each with its health.
fn targets(all: &[Read<'_, TargetHealthDescription<'_>>], problems: &mut Diagnostics) -> Vec<Target> {
    let mut targets = Vec::new();
    for read in all {
        let own = &read.value;
        // AWS: a zonal shift takes targets out of use without a word about their health.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AdministrativeOverride.html
        let word = own.administrative_override.as_ref().and_then(|own| own.state.as_ref());
        let is_overridden = word.is_some_and(|word| word.as_str() != "no_override");
        let state = own.target_health.as_ref().and_then(|health| health.state).filter(|_| !is_overridden);
        let target_port = match own.target.port {
            None => None,
            told => match port(read, told, "Target.Port", problems) {
                None => continue,
                port => port,
            },
        };
        targets.push(Target {
            id: read.reference(&own.target.id),
            port: target_port,
            health: state.map_or(TargetHealth::NotCollected, |Word(health)| health),
        });
    }
    targets
}
