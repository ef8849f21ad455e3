//! What VPC Lattice answered: lists, what calls about one resource of them told, and how both are recognised.
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Operations.html>

mod agree;
mod recognise;
mod service_networks;
mod services;
mod target_groups;

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

pub(super) use recognise::{Recognised, recognise};

use super::answer::{ARN, Answer};
use super::balancing::{ToldOf, join, once};
use super::json::{List, Read};
use super::pending::Done;
use super::shapes::{
    LatticeListener, LatticeRule, LatticeService, LatticeTarget, LatticeTargetGroup, ServiceNetwork,
    ServiceNetworkServiceAssociation, ServiceNetworkVpcAssociation,
};
use super::table::{Resource, Table};
use crate::diagnostic::{Diagnostics, Origin};

/// Resources of one kind: as lists have them, and as calls about one tell of it, which say more.
#[derive(Debug)]
pub(super) struct Kind<'a, T> {
    listed: Table<'a, T>,
    described: Table<'a, T>,
}

impl<T> Default for Kind<'_, T> {
    fn default() -> Self {
        Self { listed: Table::default(), described: Table::default() }
    }
}

/// Everything that was told of one resource, what says most before.
struct Told<'r, 'a, T>(Vec<&'r Read<'a, T>>);

impl<'r, 'a, T: Resource> Told<'r, 'a, T> {
    /// What the first says of it that says anything.
    fn say<U>(&self, member: impl Fn(&'r T) -> Option<U>) -> Option<U> {
        self.0.iter().find_map(|read| member(&read.value))
    }

    fn first(&self) -> Option<&'r Read<'a, T>> {
        self.0.first().copied()
    }

    fn origin(&self) -> Option<Origin> {
        self.first().and_then(Read::origin)
    }
}

impl<'a, T: Resource> Kind<'a, T> {
    /// All of them by id, each with what was told of it.
    fn all(&self) -> BTreeMap<&str, Told<'_, 'a, T>> {
        let mut all: BTreeMap<&str, Told<'_, 'a, T>> = BTreeMap::new();
        for read in self.described.iter().chain(self.listed.iter()) {
            all.entry(read.value.id().as_str()).or_insert_with(|| Told(Vec::new())).0.push(read);
        }
        all
    }

    fn len(&self) -> usize {
        self.all().len()
    }
}

/// What VPC Lattice answered.
#[derive(Debug, Default)]
pub(super) struct LatticeAnswers<'a> {
    services: Kind<'a, LatticeService<'a>>,
    listeners: Kind<'a, LatticeListener<'a>>,
    /// Services of which all listeners were listed, even if there are none.
    asked_listeners: HashSet<String>,
    rules: Kind<'a, LatticeRule<'a>>,
    /// Listeners of which all rules were.
    asked_rules: HashSet<String>,
    target_groups: Kind<'a, LatticeTargetGroup<'a>>,
    /// By the id of the group.
    targets: ToldOf<'a, LatticeTarget<'a>>,
    service_networks: Kind<'a, ServiceNetwork<'a>>,
    service_associations: Kind<'a, ServiceNetworkServiceAssociation<'a>>,
    vpc_associations: Kind<'a, ServiceNetworkVpcAssociation<'a>>,
}

impl<'a> LatticeAnswers<'a> {
    /// Whether any service was told of: without one nobody asks who may use it.
    pub(super) fn has_services(&self) -> bool {
        self.services.len() > 0
    }

    /// The list of service networks, which tells of those that others share as well.
    pub(super) fn listed_service_networks(&self) -> &Table<'a, ServiceNetwork<'a>> {
        &self.service_networks.listed
    }
}

/// The id in an identifier, which is an ARN or an id.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_GetTargetGroup.html>
fn id_of(identifier: &str) -> &str {
    identifier.rsplit('/').next().unwrap_or(identifier)
}

/// The id behind `kind` in an ARN: `svc-1` of `…:service/svc-1/listener/listener-1`.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_ListenerSummary.html>
fn owner_in<'t>(arn: &'t str, kind: &str) -> Option<&'t str> {
    let resource = arn.splitn(6, ':').nth(5)?;
    let mut parts = resource.split('/');
    parts.find(|part| *part == kind)?;
    parts.next()
}

/// Reads an answer of VPC Lattice. `beside` is the parameter of the request that stands beside it.
pub(super) fn read<'a>(
    answer: &'static Answer,
    list: &List<'a>,
    beside: Option<String>,
    is_page: bool,
) -> Done<'a> {
    let call = answer.call.split(' ').nth(1).unwrap_or_default();
    let (of, is_list) = match (call.strip_prefix("list-"), call.strip_prefix("get-")) {
        (Some(of), _) => (of.strip_suffix('s').unwrap_or(of), true),
        (None, of) => (of.unwrap_or_default(), false),
    };
    let named = beside.map(|named| id_of(&named).to_owned());
    match of {
        "service" => kind(list, is_list, is_page, |own| &mut own.services, |_, _| {}),
        "listener" => kind(
            list,
            is_list,
            is_page,
            |own| &mut own.listeners,
            move |own, read| {
                let owners = read.iter().filter_map(|read| owner_in(read.value.arn.as_str(), "service"));
                own.asked_listeners.extend(owners.map(str::to_owned).chain(named));
            },
        ),
        "rule" => kind(
            list,
            is_list,
            is_page,
            |own| &mut own.rules,
            move |own, read| {
                let owners = read.iter().filter_map(|read| owner_in(read.value.arn.as_str(), "listener"));
                own.asked_rules.extend(owners.map(str::to_owned).chain(named));
            },
        ),
        "target-group" => kind(list, is_list, is_page, |own| &mut own.target_groups, |_, _| {}),
        "service-network" => kind(list, is_list, is_page, |own| &mut own.service_networks, |_, _| {}),
        "service-network-service-association" => {
            kind(list, is_list, is_page, |own| &mut own.service_associations, |_, _| {})
        }
        "service-network-vpc-association" => {
            kind(list, is_list, is_page, |own| &mut own.vpc_associations, |_, _| {})
        }
        "target" => targets(list, named, is_page),
        _ => Done::unused(list, "not known to this version"),
    }
}

fn kind<'a, T: Resource + Deserialize<'a> + Send + Sync + 'a>(
    list: &List<'a>,
    is_list: bool,
    is_page: bool,
    kind: for<'r> fn(&'r mut LatticeAnswers<'a>) -> &'r mut Kind<'a, T>,
    whole: impl FnOnce(&mut LatticeAnswers<'a>, &[Read<'a, T>]) + Send + Sync + 'a,
) -> Done<'a> {
    let scope = list.scope;
    if !is_list {
        let mut own = Diagnostics::default();
        let read = list.read_object(&mut own);
        return Done::with(own, move |answers, problems| {
            answers.usage.count_used(ARN, usize::from(read.is_some()));
            kind(&mut answers.lattice).described.add(scope, read.into_iter().collect(), problems);
        });
    }
    let key = list.key;
    Done::items(list, move |answers, read, problems| {
        answers.usage.count_used(key, read.len());
        if is_page {
            kind(&mut answers.lattice).listed.is_partial_in(scope);
        } else {
            whole(&mut answers.lattice, &read);
        }
        let listed = &mut kind(&mut answers.lattice).listed;
        let is_partial = listed.is_page_in(scope);
        listed.add(scope, read, problems);
        if is_partial {
            listed.is_partial_in(scope);
        }
    })
}

fn targets<'a>(list: &List<'a>, group: Option<String>, is_page: bool) -> Done<'a> {
    let Some(group) = group else { return Done::of_nobody(list) };
    let key = list.key;
    Done::items(list, move |answers, read: Vec<Read<'a, LatticeTarget<'a>>>, problems| {
        answers.usage.count_used(key, read.len());
        let told = &mut answers.lattice.targets;
        if is_page {
            told.insert(group, None);
        } else {
            once(&read, |own| (own.id.as_str(), own.port), problems);
            join(told, group, read, problems);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_tell_whose_a_resource_is() {
        let arn = "arn:aws:vpc-lattice:us-east-1:111122223333:service/svc-1/listener/listener-2/rule/rule-3";
        assert_eq!(owner_in(arn, "service"), Some("svc-1"));
        assert_eq!(owner_in(arn, "listener"), Some("listener-2"));
        assert_eq!((owner_in(arn, "targetgroup"), owner_in("svc-1", "service")), (None, None));
        assert_eq!((id_of(arn), id_of("tg-1")), ("rule-3", "tg-1"));
    }
}
