//! Resources of services whose interfaces AWS manages: what services tell of them, joined with the interfaces that
//! `DescribeNetworkInterfaces` tells of.
//!
//! Most services do not say which interfaces are whose. A resource has those of which its addresses, the text of their
//! description, or its subnets and security groups leave no doubt; any other is told of, and nothing is guessed.

mod matching;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::assemble::Assembly;
use super::json::{Read, Text};
use super::shapes::{
    CacheCluster, DbCluster, DbInstance, EcsTask, Function, InstanceConnectEndpoint, MountTarget,
    RedshiftCluster, ReplicationGroup, SearchDomain, Workspace,
};
use crate::diagnostic::{Located, Origin, problems};
use crate::model::inventory::{ManagedService, Reference};
use crate::model::{EcsTaskNames, Identity, ManagedServiceKind};

/// What services answered, in the order in which it was read.
#[derive(Debug, Default)]
pub(super) struct ManagedAnswers<'a> {
    pub(super) db_instances: Vec<Read<'a, DbInstance<'a>>>,
    pub(super) db_clusters: Vec<Read<'a, DbCluster<'a>>>,
    pub(super) cache_clusters: Vec<Read<'a, CacheCluster<'a>>>,
    pub(super) replication_groups: Vec<Read<'a, ReplicationGroup<'a>>>,
    pub(super) redshift_clusters: Vec<Read<'a, RedshiftCluster<'a>>>,
    pub(super) mount_targets: Vec<Read<'a, MountTarget<'a>>>,
    pub(super) domains: Vec<Read<'a, SearchDomain<'a>>>,
    pub(super) functions: Vec<Read<'a, Function<'a>>>,
    pub(super) tasks: Vec<Read<'a, EcsTask<'a>>>,
    pub(super) connect_endpoints: Vec<Read<'a, InstanceConnectEndpoint<'a>>>,
    pub(super) workspaces: Vec<Read<'a, Workspace<'a>>>,
}

impl ManagedAnswers<'_> {
    fn is_empty(&self) -> bool {
        let Self { db_instances, db_clusters, cache_clusters, replication_groups, redshift_clusters, .. } =
            self;
        let Self { mount_targets, domains, functions, tasks, connect_endpoints, workspaces, .. } = self;
        db_instances.is_empty()
            && db_clusters.is_empty()
            && cache_clusters.is_empty()
            && replication_groups.is_empty()
            && redshift_clusters.is_empty()
            && mount_targets.is_empty()
            && domains.is_empty()
            && functions.is_empty()
            && tasks.is_empty()
            && connect_endpoints.is_empty()
            && workspaces.is_empty()
    }
}

/// A resource that was told of, with the interfaces that were found for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// What its service calls it.
    name: String,
    /// Where it was read.
    origin: Option<Origin>,
    /// Ids of interfaces; none when they were not found.
    cards: Vec<String>,
    port: Option<u16>,
    preserves_client_ip: Option<bool>,
    tasks: Vec<EcsTaskNames>,
}

impl Told {
    fn of<T>(read: &Read<'_, T>, name: &Text<'_>) -> Self {
        Self { name: name.as_str().to_owned(), origin: read.file.origin(name.as_str()), ..Self::default() }
    }
}

impl Assembly<'_, '_, '_> {
    /// All of them; told of are those whose interfaces were not found.
    pub(super) fn managed_services(&mut self) {
        if self.answers.managed.is_empty() && self.cards_of("global-accelerator").is_empty() {
            return;
        }
        let mut lost: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut names: HashSet<(&'static str, String)> = HashSet::new();
        for (kind, all) in self.told_by_services() {
            let Some(kind) = ManagedServiceKind::named(kind) else { continue };
            for told in all {
                let Some(first) = told.cards.first() else {
                    *lost.entry(kind.name).or_default() += 1;
                    continue;
                };
                // Two of one name, as in two Regions, go by their interfaces.
                let is_free = names.insert((kind.name, told.name.clone()));
                let name = if is_free { told.name.clone() } else { first.clone() };
                let reference = |id: &String| Located { value: id.clone(), origin: told.origin };
                let network_interfaces: Vec<Reference> = told.cards.iter().map(reference).collect();
                self.inventory.managed_services.push(ManagedService {
                    identity: Identity { id: name.clone(), name, origin: told.origin },
                    kind,
                    network_interfaces,
                    port: told.port,
                    preserves_client_ip: told.preserves_client_ip,
                    tasks: told.tasks,
                });
            }
        }
        for (kind, count) in lost {
            let what = if count == 1 { "resource has" } else { "resources have" };
            let message =
                format!("{count} {what} no interface that is known for certain to be of it: {kind}");
            let help = "connections can name its interfaces themselves, by their ids";
            self.problems.push(problems::not_collected(None, message, help));
        }
    }

    fn told_by_services(&self) -> Vec<(&'static str, Vec<Told>)> {
        let in_subnet = self.cards.iter().filter(|card| card.read.value.subnet_id.is_some());
        let known: HashSet<&str> =
            in_subnet.map(|card| card.read.value.network_interface_id.as_str()).collect();
        let databases = self.databases();
        let clusters = self.database_clusters(&databases);
        let caches = self.caches();
        let groups = self.replication_groups(&caches);
        let mut all = vec![
            ("rds", databases),
            ("rds", clusters),
            ("elasticache", caches),
            ("elasticache", groups),
            ("redshift", self.redshift_clusters()),
            ("opensearch", self.search_domains()),
            ("efs", self.file_systems(&known)),
            ("lambda", self.functions()),
            ("ecs", self.ecs_tasks(&known)),
            ("workspaces", self.workspaces()),
            ("eice", self.connect_endpoints(&known)),
            ("global-accelerator", self.accelerators()),
        ];
        for (_, all) in &mut all {
            all.retain(|told| {
                !told.name.is_empty() && !crate::input::RESERVED_NAMES.contains(&told.name.as_str())
            });
        }
        all
    }

    /// The mount targets of each file system, which name their interfaces.
    fn file_systems(&self, known: &HashSet<&str>) -> Vec<Told> {
        let mut all: BTreeMap<&str, Told> = BTreeMap::new();
        for target in &self.answers.managed.mount_targets {
            let system = &target.value.file_system_id;
            let told = all.entry(system.as_str()).or_insert_with(|| Told::of(target, system));
            told.cards
                .extend(target.value.network_interface_id.iter().filter_map(|id| known_card(known, id)));
        }
        all.into_values().map(without_doubles).collect()
    }

    fn connect_endpoints(&self, known: &HashSet<&str>) -> Vec<Told> {
        let all = each_once(&self.answers.managed.connect_endpoints, |own| {
            own.instance_connect_endpoint_id.as_str()
        });
        let all = all.map(|endpoint| {
            let own = &endpoint.value;
            let cards = own.network_interface_ids.iter().flatten().filter_map(|id| known_card(known, id));
            Told {
                cards: cards.collect(),
                preserves_client_ip: own.preserve_client_ip,
                ..Told::of(endpoint, &own.instance_connect_endpoint_id)
            }
        });
        all.map(without_doubles).collect()
    }

    /// What Global Accelerator has in each VPC: no call tells which interface is of which accelerator.
    fn accelerators(&self) -> Vec<Told> {
        let mut all: BTreeMap<&str, Told> = BTreeMap::new();
        for card in self.cards_of("global-accelerator") {
            let Some(vpc) = &card.vpc_id else { continue };
            let told = all.entry(vpc.as_str()).or_default();
            told.name = ["accelerator-", vpc.as_str()].concat();
            told.cards.push(card.network_interface_id.as_str().to_owned());
        }
        all.into_values().collect()
    }

    /// Tasks, those that a service started together, as its tasks.
    fn ecs_tasks(&self, known: &HashSet<&str>) -> Vec<Told> {
        let mut all: BTreeMap<(&str, &str), Told> = BTreeMap::new();
        for task in &self.answers.managed.tasks {
            let own = &task.value;
            let Some(arn) = &own.task_arn else { continue };
            let service = own.group.as_ref().and_then(|group| group.as_str().strip_prefix("service:"));
            let details = own.attachments.iter().flatten().flat_map(|own| own.details.iter().flatten());
            let mut cards = details.filter(|detail| {
                detail.name.as_ref().is_some_and(|name| name.as_str() == "networkInterfaceId")
            });
            // In other network modes a task has none.
            let Some(id) = cards.find_map(|detail| detail.value.as_ref()) else { continue };
            let cluster = own.cluster_arn.as_ref().map_or("", Text::as_str);
            let name = service.unwrap_or_else(|| arn.as_str().rsplit('/').next().unwrap_or_default());
            let told = all
                .entry((cluster, name))
                .or_insert_with(|| Told { name: name.to_owned(), ..Told::of(task, arn) });
            let Some(card) = known_card(known, id).filter(|card| !told.cards.contains(card)) else {
                continue;
            };
            let text = |text: &Option<Text<'_>>| {
                let known = text.as_ref().map(|text| text.as_str().to_owned());
                known.filter(|name| EcsTaskNames::is_name(name))
            };
            let containers = own.containers.iter().flatten().filter_map(|own| text(&own.runtime_id));
            told.cards.push(card);
            told.tasks.push(EcsTaskNames {
                cluster: text(&own.cluster_arn),
                service_name: service.map(str::to_owned),
                task_definition: text(&own.task_definition_arn),
                task: text(&own.task_arn),
                container_instance: text(&own.container_instance_arn),
                containers: containers.collect(),
            });
        }
        all.into_values().collect()
    }
}

/// The id of an interface, if it is told of and stands in a subnet.
fn known_card(known: &HashSet<&str>, id: &Text<'_>) -> Option<String> {
    known.contains(id.as_str()).then(|| id.as_str().to_owned())
}

/// Each that was told once, wherever it was told again in the same words.
fn each_once<'r, 'a, T: PartialEq>(
    all: &'r [Read<'a, T>],
    id: impl Fn(&'r T) -> &'r str,
) -> impl Iterator<Item = &'r Read<'a, T>> {
    let mut seen: HashMap<&str, Vec<&T>> = HashMap::new();
    all.iter().filter(move |read| {
        let same = seen.entry(id(&read.value)).or_default();
        let is_new = !same.contains(&&read.value);
        if is_new {
            same.push(&read.value);
        }
        is_new
    })
}

/// The same without interfaces that were told twice.
fn without_doubles(mut told: Told) -> Told {
    let mut seen = HashSet::new();
    told.cards.retain(|card| seen.insert(card.clone()));
    told
}
