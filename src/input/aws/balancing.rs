//! What Elastic Load Balancing answered: lists of all accounts, and what calls about one load balancer, listener or target
//! group told, under the id that stands beside it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use serde::Deserialize;

use super::json::{List, Read};
use super::pending::Done;
use super::shapes::{
    Attribute, ClassicAttributes, ClassicLoadBalancer, CollectedAttributes, CollectedHealth,
    CollectedListeners, InstanceHealth, Listener, LoadBalancer, Rule, TargetGroup, TargetHealthDescription,
};
use super::table::{Resource, Table, described_twice};
use crate::diagnostic::{Diagnostics, problems};

/// What was told of one thing, by its id; nothing where an answer was not whole.
pub(super) type ToldOf<'a, T> = HashMap<String, Option<Vec<Read<'a, T>>>>;

/// What Elastic Load Balancing answered.
#[derive(Debug, Default)]
pub(super) struct BalancingAnswers<'a> {
    pub(super) load_balancers: Table<'a, LoadBalancer<'a>>,
    pub(super) listeners: Table<'a, Listener<'a>>,
    /// Load balancers whose listeners were asked for, even if there are none.
    pub(super) asked: HashSet<String>,
    /// Load balancers of whose listeners there are only pages.
    pub(super) partial: HashSet<String>,
    pub(super) rules: Table<'a, Rule<'a>>,
    pub(super) target_groups: Table<'a, TargetGroup<'a>>,
    pub(super) health: ToldOf<'a, TargetHealthDescription<'a>>,
    pub(super) load_balancer_attributes: ToldOf<'a, Attribute<'a>>,
    pub(super) target_group_attributes: ToldOf<'a, Attribute<'a>>,
    pub(super) listener_attributes: ToldOf<'a, Attribute<'a>>,
    pub(super) classic: Table<'a, ClassicLoadBalancer<'a>>,
    /// By scope and name.
    pub(super) classic_health: ToldOf<'a, InstanceHealth<'a>>,
    /// As well.
    pub(super) classic_attributes: HashMap<String, Option<ClassicAttributes<'a>>>,
}

/// The key of what was told of a Classic Load Balancer in `scope`.
pub(super) fn classic_key(scope: usize, name: &str) -> String {
    format!("{scope}/{name}")
}

/// Adds what was told of `id`. The same again is joined; something else contradicts it.
pub(super) fn join<'a, T: Resource>(
    told: &mut ToldOf<'a, T>,
    id: String,
    read: Vec<Read<'a, T>>,
    problems: &mut Diagnostics,
) {
    let Some(known) = told.get(&id) else {
        told.insert(id, Some(read));
        return;
    };
    let Some(known) = known else { return };
    let lacks = |all: &[Read<'a, T>], one: &Read<'a, T>| !all.iter().any(|other| other.value == one.value);
    let only_here = read.iter().find(|one| lacks(known, one));
    if let Some(one) = only_here.or_else(|| known.iter().find(|one| lacks(&read, one))) {
        let message = "is in one answer about its owner and not in another";
        problems.push(problems::contradiction(one.origin(), &one.name(), &one.path(), message));
    }
}

/// Refuses what one answer tells twice under the same key, in different words.
pub(super) fn once<'r, T: Resource, K: Hash + Eq>(
    read: &'r [Read<'_, T>],
    key: impl Fn(&'r T) -> K,
    problems: &mut Diagnostics,
) {
    let mut known: HashMap<K, &Read<'_, T>> = HashMap::new();
    for one in read {
        match known.entry(key(&one.value)) {
            Entry::Vacant(free) => drop(free.insert(one)),
            Entry::Occupied(first) if first.get().value == one.value => {}
            Entry::Occupied(first) => {
                let message = described_twice(&first.get().path(), None);
                let problem = problems::contradiction(one.origin(), &one.name(), &one.path(), &message);
                problems.push(problem.related(first.get().origin(), "the other one"));
            }
        }
    }
}

/// Adds attributes of `id`, of which each is there once.
fn join_attributes<'a>(
    told: &mut ToldOf<'a, Attribute<'a>>,
    id: String,
    read: Vec<Read<'a, Attribute<'a>>>,
    problems: &mut Diagnostics,
) {
    once(&read, |own| own.key.as_str(), problems);
    join(told, id, read, problems);
}

/// Adds the health of the targets of a group, of which each is there once.
fn join_health<'a>(
    told: &mut ToldOf<'a, TargetHealthDescription<'a>>,
    id: String,
    read: Vec<Read<'a, TargetHealthDescription<'a>>>,
    problems: &mut Diagnostics,
) {
    once(&read, |own| (own.target.id.as_str(), own.target.port), problems);
    join(told, id, read, problems);
}

impl<'a> BalancingAnswers<'a> {
    /// Notes that an answer is only a page of several. `beside` is the id of whose it is, if that stands there.
    pub(super) fn not_whole(&mut self, key: &str, beside: Option<&str>) {
        let Some(id) = beside.map(str::to_owned) else { return };
        match key {
            "Listeners" => drop(self.partial.insert(id)),
            "TargetHealthDescriptions" => drop(self.health.insert(id, None)),
            _ => {}
        }
    }

    /// As [`BalancingAnswers::not_whole`], of an answer that does not say whose it is.
    pub(super) fn is_partial_in(&mut self, key: &str, scope: usize) {
        match key {
            "Listeners" => self.listeners.is_partial_in(scope),
            "Rules" => self.rules.is_partial_in(scope),
            _ => {}
        }
    }

    /// Notes the listeners of one load balancer, if it is said of which.
    fn add_listeners(
        &mut self,
        of: Option<String>,
        scope: usize,
        read: Vec<Read<'a, Listener<'a>>>,
        problems: &mut Diagnostics,
    ) {
        self.asked.extend(of);
        self.listeners.add(scope, read, problems);
    }

    fn add_classic_attributes(&mut self, id: String, read: &Read<'a, ClassicAttributes<'a>>) {
        let told = self.classic_attributes.entry(id);
        let same = |known: &mut Option<ClassicAttributes<'a>>| {
            if known.as_ref() != Some(&read.value) {
                *known = None; // which of the two holds nobody knows
            }
        };
        told.and_modify(same).or_insert_with(|| Some(read.value.clone()));
    }
}

/// Reads a list of Elastic Load Balancing; `beside` is the request's parameter, by its name and value, that stands beside.
pub(super) fn read<'a>(list: &List<'a>, parameter: Option<&str>, beside: Option<String>) -> Done<'a> {
    let scope = list.scope;
    match (list.key, beside) {
        ("LoadBalancers", _) => {
            of(list, move |own, read, problems| own.load_balancers.add(scope, read, problems))
        }
        ("Listeners", of_one) => {
            of(list, move |own, read, problems| own.add_listeners(of_one, scope, read, problems))
        }
        ("Rules", _) => of(list, move |own, read, problems| own.rules.add(scope, read, problems)),
        ("TargetGroups", _) => {
            of(list, move |own, read, problems| own.target_groups.add(scope, read, problems))
        }
        ("LoadBalancerDescriptions", _) => {
            of(list, move |own, read, problems| own.classic.add(scope, read, problems))
        }
        ("TargetHealthDescriptions", Some(id)) => {
            counted(list, move |own, read, problems| join_health(&mut own.health, id, read, problems))
        }
        ("Attributes", Some(id)) if parameter == Some("TargetGroupArn") => {
            counted(list, move |own, read, problems| {
                join_attributes(&mut own.target_group_attributes, id, read, problems);
            })
        }
        ("Attributes", Some(id)) if parameter == Some("ListenerArn") => {
            counted(list, move |own, read, problems| {
                join_attributes(&mut own.listener_attributes, id, read, problems);
            })
        }
        ("Attributes", Some(id)) => counted(list, move |own, read, problems| {
            join_attributes(&mut own.load_balancer_attributes, id, read, problems);
        }),
        ("InstanceStates", Some(name)) => counted(list, move |own, read, problems| {
            join(&mut own.classic_health, classic_key(scope, &name), read, problems);
        }),
        ("LoadBalancerAttributes", Some(name)) if !list.raw.starts_with('[') => {
            let mut found = Diagnostics::default();
            let read = list.read_object(&mut found);
            let key = list.key;
            Done::with(found, move |answers, _| {
                answers.usage.count_used(key, 1);
                let id = classic_key(scope, &name);
                if let Some(read) = &read {
                    answers.balancing.add_classic_attributes(id, read);
                }
            })
        }
        ("LoadBalancerAttributes", _) if list.raw.starts_with('[') => {
            counted(list, |own, read: Vec<Read<'a, CollectedAttributes<'a>>>, problems| {
                for one in read {
                    let id = one.value.load_balancer_arn.as_str().to_owned();
                    let inner = within(&one, "Attributes", one.value.attributes.as_ref());
                    join_attributes(&mut own.load_balancer_attributes, id, inner, problems);
                }
            })
        }
        ("LoadBalancerListeners", _) => {
            counted(list, move |own, read: Vec<Read<'a, CollectedListeners<'a>>>, problems| {
                for one in read {
                    let id = one.value.load_balancer_arn.as_str().to_owned();
                    let inner = within(&one, "Listeners", one.value.listeners.as_ref());
                    own.add_listeners(Some(id), scope, inner, problems);
                }
            })
        }
        ("LoadBalancerTargetHealth", _) => {
            counted(list, |own, read: Vec<Read<'a, CollectedHealth<'a>>>, problems| {
                for one in read {
                    let id = one.value.target_group_arn.as_str().to_owned();
                    let all = one.value.target_health_descriptions.as_ref();
                    let inner = within(&one, "TargetHealthDescriptions", all);
                    join_health(&mut own.health, id, inner, problems);
                }
            })
        }
        _ => Done::of_nobody(list),
    }
}

/// The items of a list within what was read.
fn within<'a, T: Clone, U>(one: &Read<'a, U>, key: &'static str, all: Option<&Vec<T>>) -> Vec<Read<'a, T>> {
    let items = all.into_iter().flatten().cloned().enumerate();
    items.map(|(position, value)| one.within(value, key, position)).collect()
}

/// Reads the items, to be stored by `store`.
fn of<'a, T: Deserialize<'a> + Send + Sync + 'a>(
    list: &List<'a>,
    store: impl FnOnce(&mut BalancingAnswers<'a>, Vec<Read<'a, T>>, &mut Diagnostics) + Send + Sync + 'a,
) -> Done<'a> {
    Done::items(list, move |answers, read, problems| store(&mut answers.balancing, read, problems))
}

/// As [`of`], of what is used wherever it is found.
fn counted<'a, T: Deserialize<'a> + Send + Sync + 'a>(
    list: &List<'a>,
    store: impl FnOnce(&mut BalancingAnswers<'a>, Vec<Read<'a, T>>, &mut Diagnostics) + Send + Sync + 'a,
) -> Done<'a> {
    let key = list.key;
    Done::items(list, move |answers, read: Vec<Read<'a, T>>, problems| {
        answers.usage.count_used(key, read.len());
        store(&mut answers.balancing, read, problems);
    })
}
