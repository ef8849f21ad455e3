//! Services of VPC Lattice with their listeners and rules.
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html>

use std::collections::{BTreeSet, HashMap};

use super::super::assemble::{Assembly, text};
use super::super::json::{Read, Text};
use super::super::listeners::port;
use super::super::names::UniqueNames;
use super::super::shapes::{LatticeAction, LatticeListener, LatticeService};
use super::super::states::{LatticeAuthType, LatticeState, Word};
use super::super::table::Resource;
use super::target_groups::Groups;
use super::{LatticeAnswers, Told, id_of, owner_in};
use crate::diagnostic::{Located, problems};
use crate::model::inventory::{self, GatewayForm, Reference};
use crate::model::{GatewayKind, Identity, LatticeProtocol};

/// Services whose addresses are told apart; AWS has no more in a Region by default than twice as many.
const MOST: usize = 254;

/// What was not collected of services, to be told once.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    pub(super) listeners: usize,
    pub(super) rules: usize,
    pub(super) changing: usize,
    pub(super) auth_types: usize,
    pub(super) groups: usize,
    /// Groups of which it was not told of what type or protocol they are.
    pub(super) group_kinds: usize,
    pub(super) targets: usize,
    pub(super) associations: usize,
    pub(super) security_groups: usize,
    pub(super) services: usize,
}

/// Why nothing is known of what a service does with a request.
enum Doubt {
    /// A call that tells of it was not made.
    NotCollected,
    /// It is said in words that nobody knows, or that are told of as unreadable.
    Unreadable,
}

/// Whether policies judge requests, as far as that was told.
pub(super) fn requires_auth(word: Option<Word<LatticeAuthType>>) -> Option<bool> {
    word.map(|Word(own)| own.requires_auth)
}

impl Assembly<'_, '_, '_> {
    /// All that VPC Lattice answered, if anything.
    pub(in crate::input::aws) fn lattice(&mut self) {
        let told = &self.answers.lattice;
        told.check(self.problems);
        let mut lacking = Lacking::default();
        let groups = self.lattice_target_groups(&mut lacking);
        let all = told.services.all();
        let names = self.names_of_services(&all);
        let there = all.into_iter().filter(|(_, own)| {
            own.say(|own| own.status) != Some(Word(LatticeState::Gone)) // it could not be set up
        });
        let there: Vec<_> = there.collect();
        self.too_many_services(there.len());
        for (id, own) in there.into_iter().take(MOST) {
            let requires_auth = requires_auth(own.say(|own| own.auth_type));
            lacking.auth_types += usize::from(requires_auth.is_none());
            let of_aws = own.say(|own| own.dns_entry.as_ref()?.domain_name.as_ref());
            let form = inventory::LatticeService {
                listeners: self.lattice_listeners(id, &own, &groups, &mut lacking),
                requires_auth,
                dns_name: text(own.say(|own| own.custom_domain_name.as_ref()).or(of_aws)),
            };
            let name = names.keep(text(own.say(|own| own.name.as_ref())));
            let identity = Identity {
                name: name.unwrap_or_else(|| id.to_owned()),
                id: id.to_owned(),
                origin: own.origin(),
            };
            self.inventory.gateways.push(inventory::Gateway {
                form: GatewayForm::LatticeService(Box::new(form)),
                ..inventory::Gateway::new(identity, GatewayKind::LatticeService, None)
            });
        }
        self.service_networks(&mut lacking);
        self.tell_endpoints();
        self.tell_lacking_of_lattice(&lacking);
    }

    fn too_many_services(&mut self, count: usize) {
        if count > MOST {
            let message = format!("services of VPC Lattice: {} of {count} are left out", count - MOST);
            let help =
                "no more are told apart by their addresses; remove the answers about those that nobody asks";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }

    /// Names that one service alone has, and no other gateway.
    fn names_of_services(
        &self,
        all: &std::collections::BTreeMap<&str, Told<'_, '_, LatticeService<'_>>>,
    ) -> UniqueNames {
        let others = self.inventory.gateways.iter().map(|gateway| &gateway.identity);
        let others = others.map(|identity| (identity.id.as_str(), Some(identity.name.clone())));
        let own = all.iter().map(|(id, own)| (*id, text(own.say(|own| own.name.as_ref()))));
        UniqueNames::of(others.chain(own))
    }

    /// What a service listens on; `None` when that, or what becomes of requests, was not collected.
    fn lattice_listeners(
        &mut self,
        service: &str,
        of: &Told<'_, '_, LatticeService<'_>>,
        groups: &Groups,
        lacking: &mut Lacking,
    ) -> Option<Vec<inventory::LatticeListener>> {
        let told = &self.answers.lattice;
        if of.say(|own| own.status) == Some(Word(LatticeState::Changing)) {
            lacking.changing += 1;
            return None;
        }
        if !told.asked_listeners.contains(service) {
            lacking.listeners += 1;
            return None;
        }
        let mut all = Vec::new();
        for (id, own) in told.listeners.all() {
            if own.say(|own| owner_in(own.arn.as_str(), "service")) != Some(service) {
                continue;
            }
            match self.lattice_listener(id, &own, groups) {
                Ok(listener) => all.push(listener),
                Err(Doubt::NotCollected) => {
                    lacking.rules += 1;
                    return None;
                }
                Err(Doubt::Unreadable) => return None,
            }
        }
        Some(all)
    }

    fn lattice_listener(
        &mut self,
        id: &str,
        own: &Told<'_, '_, LatticeListener<'_>>,
        groups: &Groups,
    ) -> Result<inventory::LatticeListener, Doubt> {
        let read = own.first().ok_or(Doubt::NotCollected)?;
        let port = port(read, own.say(|own| own.port), "port", self.problems).ok_or(Doubt::Unreadable)?;
        let word = own.say(|own| own.protocol.as_ref()).ok_or(Doubt::NotCollected)?;
        let named = LatticeProtocol::NAMES.iter().find(|(name, _)| *name == word.as_str());
        let Some((_, protocol)) = named else {
            read.complain(word, "protocol", "not a protocol of listeners of VPC Lattice", self.problems);
            return Err(Doubt::Unreadable);
        };
        let mut rules = self.answers.lattice.rules_of(id, groups)?;
        // What encrypted connections are for it cannot read, so that such a listener has no rules.
        // AWS: https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html
        if !self.answers.lattice.asked_rules.contains(id) && *protocol != LatticeProtocol::TlsPassthrough {
            return Err(Doubt::NotCollected);
        }
        let action = own.say(|own| own.default_action.as_ref());
        let by_listener = action.map(|action| targets_of(read, action, groups).ok_or(Doubt::NotCollected));
        self.check_default(read, by_listener.as_ref(), rules.default.as_ref());
        let default = by_listener.or(rules.default.map(Ok)).ok_or(Doubt::NotCollected)??;
        rules.others.push(default);
        Ok(inventory::LatticeListener {
            protocol: *protocol,
            port,
            rules: rules.others,
            origin: own.origin(),
        })
    }

    /// A listener and its default rule say the same.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html>
    fn check_default(
        &mut self,
        read: &Read<'_, LatticeListener<'_>>,
        by_listener: Option<&Result<Vec<Reference>, Doubt>>,
        by_rule: Option<&Vec<Reference>>,
    ) {
        let Some((Ok(by_listener), by_rule)) = by_listener.zip(by_rule) else { return };
        let ids = |all: &[Reference]| all.iter().map(|own| own.value.clone()).collect::<BTreeSet<_>>();
        if ids(by_listener) != ids(by_rule) {
            let message = "has another action than the default rule";
            read.contradict(read.value.id(), "defaultAction", message, self.problems);
        }
    }

    fn tell_lacking_of_lattice(&mut self, lacking: &Lacking) {
        let facts = [
            (
                lacking.listeners,
                "service{s} of VPC Lattice {have} listeners that were not collected",
                "what comes to them is `unknown`; `aws vpc-lattice list-listeners` and `get-listener` tell of them",
            ),
            (
                lacking.rules,
                "service{s} of VPC Lattice {have} listeners whose actions or rules were not collected",
                "what comes to them is `unknown`; `aws vpc-lattice get-listener`, `list-rules` and `get-rule` tell of them",
            ),
            (
                lacking.changing,
                "service{s} of VPC Lattice {are} just changing, or could not be deleted",
                "what comes to them is `unknown`",
            ),
            (
                lacking.auth_types,
                "auth type{s} of services of VPC Lattice and of service networks {were} not collected",
                "what becomes of requests is `unknown`; `aws vpc-lattice get-service` and `get-service-network` tell of them",
            ),
            (
                lacking.groups,
                "target group{s} that services of VPC Lattice send to {were} not collected",
                "what is sent to them is `unknown`; `aws vpc-lattice list-target-groups` tells of them",
            ),
            (
                lacking.group_kinds,
                "target group{s} of VPC Lattice {have} a type or protocol that was not collected, or is not simulated",
                "what is sent to them is `unknown`; `aws vpc-lattice get-target-group` tells of them",
            ),
            (
                lacking.targets,
                "target group{s} of VPC Lattice {have} targets that were not collected",
                "what is sent to them is `unknown`; `aws vpc-lattice list-targets` tells of them",
            ),
            (
                lacking.associations,
                "service network{s} {have} associations that were not collected, or are just changing",
                "who may use their services is `unknown`; `aws vpc-lattice list-service-network-vpc-associations` and \
                 `list-service-network-service-associations` tell of them",
            ),
            (
                lacking.security_groups,
                "association{s} of VPCs with service networks {have} security groups that were not collected",
                "whom they admit is `unknown`; `aws vpc-lattice get-service-network-vpc-association` tells of them",
            ),
            (
                lacking.services,
                "service{s} in service networks {were} not collected",
                "they are left out; `aws vpc-lattice list-services` tells of them",
            ),
        ];
        self.tell_uncollected(&facts);
    }
}

/// The rules of a listener: those with a priority, in that order, and the default.
struct Rules {
    others: Vec<Vec<Reference>>,
    default: Option<Vec<Reference>>,
}

impl LatticeAnswers<'_> {
    /// Those of which the action was told; a doubt when one has none.
    fn rules_of(&self, listener: &str, groups: &Groups) -> Result<Rules, Doubt> {
        let mut others = Vec::new();
        let mut default = None;
        for (_, own) in self.rules.all() {
            if own.say(|own| owner_in(own.arn.as_str(), "listener")) != Some(listener) {
                continue;
            }
            let Some(read) = own.first() else { continue };
            let action = own.say(|own| own.action.as_ref()).map(|action| targets_of(read, action, groups));
            if own.say(|own| own.is_default) == Some(true) {
                default = action.flatten();
                continue;
            }
            others.push((own.say(|own| own.priority), action.flatten().ok_or(Doubt::NotCollected)?));
        }
        others.sort_by_key(|(priority, _)| *priority);
        Ok(Rules { others: others.into_iter().map(|(_, targets)| targets).collect(), default })
    }

    /// The groups that listeners and rules name, and where the first does.
    pub(super) fn groups_of_actions(&self) -> HashMap<&str, Reference> {
        let listeners = self.listeners.described.iter();
        let listeners = listeners.filter_map(|read| Some((read.file, read.value.default_action.as_ref()?)));
        let rules = self.rules.described.iter();
        let rules = rules.filter_map(|read| Some((read.file, read.value.action.as_ref()?)));
        let mut all = HashMap::new();
        for (file, action) in listeners.chain(rules) {
            for id in groups_of(action) {
                let value = id_of(id.as_str());
                let origin = file.origin(id.as_str());
                all.entry(value).or_insert_with(|| Located { value: value.to_owned(), origin });
            }
        }
        all
    }
}

/// The groups to which an action sends. One of weight 0 gets nothing.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_WeightedTargetGroup.html>
fn groups_of<'r, 'a>(action: &'r LatticeAction<'a>) -> impl Iterator<Item = &'r Text<'a>> {
    let weighted = action.forward.iter().flat_map(|forward| forward.target_groups.iter().flatten());
    weighted.filter(|own| own.weight != Some(0)).filter_map(|own| own.target_group_identifier.as_ref())
}

/// The groups to one of which an action sends, none where the service answers by itself; nothing where it says neither.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_RuleAction.html>
fn targets_of<T: Resource>(
    read: &Read<'_, T>,
    action: &LatticeAction<'_>,
    groups: &Groups,
) -> Option<Vec<Reference>> {
    if action.fixed_response.is_some() {
        return Some(Vec::new());
    }
    let to = groups_of(action).filter(|id| groups.contains(id_of(id.as_str())));
    let to: Vec<Reference> =
        to.map(|id| Located::at(id_of(id.as_str()).to_owned(), read.place(id))).collect();
    (!to.is_empty()).then_some(to)
}
