//! Whose interfaces are whose, where services do not say it: by what leaves no doubt.

use std::collections::{BTreeSet, HashMap};

use super::{Told, each_once, without_doubles};
use crate::input::aws::assemble::Assembly;
use crate::input::aws::interfaces::Found;
use crate::input::aws::json::Text;
use crate::input::aws::shapes::{DbInstance, NetworkInterface};
use crate::model::ManagedServiceKind;

impl Assembly<'_, '_, '_> {
    /// Databases: an interface of RDS in a subnet of the database's group, with its security groups and in its zone, which
    /// could be of no other database.
    pub(super) fn databases(&self) -> Vec<Told> {
        let all: Vec<_> =
            each_once(&self.answers.managed.db_instances, |own| own.db_instance_identifier.as_str())
                .collect();
        let cards = self.cards_of("rds");
        let mut candidates: Vec<Vec<&str>> = Vec::new();
        for read in &all {
            let own = cards.iter().copied().filter(|card| self.may_be_of(card, &read.value));
            candidates.push(own.map(|card| card.network_interface_id.as_str()).collect());
        }
        let mut wanted: HashMap<&str, usize> = HashMap::new();
        for card in candidates.iter().flatten() {
            *wanted.entry(card).or_default() += 1;
        }
        let told = all.into_iter().zip(&candidates).map(|(read, own)| {
            let is_others = |card: &&str| wanted.get(card).is_some_and(|count| *count > 1);
            // A standby has an interface as well.
            let most = if read.value.multi_az == Some(true) { 2 } else { 1 };
            let is_whole = self.answers.network_interfaces.is_collected(read.scope);
            let is_certain = is_whole && own.len() <= most && !own.iter().any(is_others);
            let cards = own.iter().filter(|_| is_certain).map(|card| (*card).to_owned()).collect();
            let port = read.value.endpoint.as_ref().and_then(|endpoint| endpoint.port);
            Told { cards, port: port.and_then(port_of), ..Told::of(read, &read.value.db_instance_identifier) }
        });
        told.collect()
    }

    /// Whether an interface may be that of a database.
    fn may_be_of(&self, card: &NetworkInterface<'_>, database: &DbInstance<'_>) -> bool {
        let Some(group) = &database.db_subnet_group else { return false };
        let Some(subnet) = &card.subnet_id else { return false };
        let subnets = group.subnets.iter().flatten().filter_map(|own| own.subnet_identifier.as_ref());
        let groups = database.vpc_security_groups.iter().flatten();
        let groups = groups.filter_map(|own| own.vpc_security_group_id.as_ref());
        let zone = self.answers.subnets.get(subnet.as_str());
        let zone = zone.and_then(|subnet| subnet.value.availability_zone.as_ref());
        let zones = [&database.availability_zone, &database.secondary_availability_zone];
        let is_in_zone = zone.is_none_or(|zone| {
            let mut stated = zones.iter().copied().flatten().peekable();
            stated.peek().is_none() || stated.any(|own| own == zone)
        });
        subnets.map(Text::as_str).any(|own| own == subnet.as_str())
            && groups_of(card) == groups.map(Text::as_str).collect()
            && is_in_zone
    }

    /// Clusters of databases: the interfaces of their members, if those of all are known.
    pub(super) fn database_clusters(&self, databases: &[Told]) -> Vec<Told> {
        let by_name = by_name(databases);
        let all = each_once(&self.answers.managed.db_clusters, |own| own.db_cluster_identifier.as_str());
        let all = all.map(|read| {
            let members = read.value.db_cluster_members.iter().flatten();
            let members = members.filter_map(|own| own.db_instance_identifier.as_ref());
            let cards = joined(&by_name, members.map(Text::as_str));
            let port = read.value.port.and_then(port_of);
            Told { cards, port, ..Told::of(read, &read.value.db_cluster_identifier) }
        });
        all.map(without_doubles).collect()
    }

    /// Nodes of ElastiCache: the description of an interface ends with the id of its cluster.
    pub(super) fn caches(&self) -> Vec<Told> {
        let described = by_description(&self.cards_of("elasticache"));
        let all = each_once(&self.answers.managed.cache_clusters, |own| own.cache_cluster_id.as_str());
        let all = all.map(|read| {
            let own = &read.value;
            let id = own.cache_cluster_id.as_str();
            let endpoints = own.cache_nodes.iter().flatten().filter_map(|node| node.endpoint.as_ref());
            let mut ports = endpoints.chain(&own.configuration_endpoint).filter_map(|endpoint| endpoint.port);
            Told {
                cards: described.get(["ElastiCache ", id].concat().as_str()).cloned().unwrap_or_default(),
                port: ports.next().and_then(port_of),
                ..Told::of(read, &own.cache_cluster_id)
            }
        });
        all.map(without_doubles).collect()
    }

    /// Replication groups: the interfaces of their members, if those of all are known.
    pub(super) fn replication_groups(&self, caches: &[Told]) -> Vec<Told> {
        let by_name = by_name(caches);
        let all =
            each_once(&self.answers.managed.replication_groups, |own| own.replication_group_id.as_str());
        let all = all.map(|read| {
            let members = read.value.member_clusters.iter().flatten().map(Text::as_str);
            let cards = joined(&by_name, members.clone());
            let first = members.into_iter().find_map(|name| by_name.get(name));
            let port = first.and_then(|own| own.port);
            Told { cards, port, ..Told::of(read, &read.value.replication_group_id) }
        });
        all.map(without_doubles).collect()
    }

    /// Clusters of Redshift, which tell the private addresses of their nodes.
    pub(super) fn redshift_clusters(&self) -> Vec<Told> {
        let by_address = self.by_address(|card| card.vpc_id.as_ref());
        let all = each_once(&self.answers.managed.redshift_clusters, |own| {
            own.cluster_identifier.as_ref().map_or("", Text::as_str)
        });
        let all = all.filter_map(|read| {
            let own = &read.value;
            let name = own.cluster_identifier.as_ref()?; // EMR has clusters under the same key
            let vpc = own.vpc_id.as_ref().map_or("", Text::as_str);
            let nodes =
                own.cluster_nodes.iter().flatten().filter_map(|node| node.private_ip_address.as_ref());
            let cards = nodes.filter_map(|address| by_address.get(&(vpc, address.as_str())));
            let cards = cards.map(|card| (*card).to_owned()).collect();
            let port = own.endpoint.as_ref().and_then(|endpoint| endpoint.port).and_then(port_of);
            Some(Told { cards, port, ..Told::of(read, name) })
        });
        all.map(without_doubles).collect()
    }

    /// Domains of OpenSearch: the description of an interface ends with the name of its domain. Those outside a VPC have
    /// none, and are no part of the network.
    pub(super) fn search_domains(&self) -> Vec<Told> {
        let described = by_description(&self.cards_of("opensearch"));
        let all = each_once(&self.answers.managed.domains, |own| own.domain_name.as_str());
        let within = all.filter(|read| read.value.vpc_options.is_some());
        let told = within.map(|read| {
            let name = &read.value.domain_name;
            Told {
                cards: described.get(["ES ", name.as_str()].concat().as_str()).cloned().unwrap_or_default(),
                ..Told::of(read, name)
            }
        });
        told.map(without_doubles).collect()
    }

    /// Functions of Lambda with access to a VPC: all with the same subnet and security groups have one interface there.
    /// AWS: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis>
    pub(super) fn functions(&self) -> Vec<Told> {
        let mut by_place: HashMap<(&str, BTreeSet<&str>), Vec<&str>> = HashMap::new();
        for card in self.cards_of("lambda") {
            let subnet = card.subnet_id.as_ref().map_or("", Text::as_str);
            by_place.entry((subnet, groups_of(card))).or_default().push(card.network_interface_id.as_str());
        }
        let all = each_once(&self.answers.managed.functions, |own| {
            own.function_name.as_ref().map_or("", Text::as_str)
        });
        let all = all.filter_map(|read| {
            let (name, own) = (read.value.function_name.as_ref()?, read.value.vpc_config.as_ref()?);
            let subnets: BTreeSet<&str> = own.subnet_ids.iter().flatten().map(Text::as_str).collect();
            if subnets.is_empty() {
                return None;
            }
            let groups: BTreeSet<&str> = own.security_group_ids.iter().flatten().map(Text::as_str).collect();
            let cards = subnets.into_iter().filter_map(|subnet| by_place.get(&(subnet, groups.clone())));
            let cards = cards.flatten().map(|card| (*card).to_owned()).collect();
            Some(Told { cards, ..Told::of(read, name) })
        });
        all.collect()
    }

    /// Desktops, which tell their address and subnet.
    pub(super) fn workspaces(&self) -> Vec<Told> {
        let by_address = self.by_address(|card| card.subnet_id.as_ref());
        let all = each_once(&self.answers.managed.workspaces, |own| {
            own.workspace_id.as_ref().map_or("", Text::as_str)
        });
        let all = all.filter_map(|read| {
            let own = &read.value;
            let [subnet, address] =
                [&own.subnet_id, &own.ip_address].map(|text| text.as_ref().map_or("", Text::as_str));
            let cards = by_address.get(&(subnet, address)).map(|card| (*card).to_owned());
            Some(Told { cards: cards.into_iter().collect(), ..Told::of(read, own.workspace_id.as_ref()?) })
        });
        all.collect()
    }

    /// Interfaces by a place and their primary address.
    fn by_address<'s>(
        &'s self,
        place: impl Fn(&'s NetworkInterface<'s>) -> Option<&'s Text<'s>>,
    ) -> HashMap<(&'s str, &'s str), &'s str> {
        let all = self.all_cards().filter_map(|card| {
            let key = (place(card)?.as_str(), card.private_ip_address.as_ref()?.as_str());
            Some((key, card.network_interface_id.as_str()))
        });
        all.collect()
    }

    fn all_cards(&self) -> impl Iterator<Item = &NetworkInterface<'_>> {
        let in_subnet = |card: &&Found<'_, '_>| card.read.value.subnet_id.is_some();
        self.cards.iter().filter(in_subnet).map(|card| card.read.value)
    }

    /// The interfaces that AWS describes as those of a service.
    pub(super) fn cards_of(&self, service: &str) -> Vec<&NetworkInterface<'_>> {
        let Some(kind) = ManagedServiceKind::named(service) else { return Vec::new() };
        let is_its = |card: &&NetworkInterface<'_>| {
            let of_type = card.interface_type.as_ref().map_or("interface", Text::as_str);
            let asked = card.requester_id.as_ref().map_or("", Text::as_str);
            kind.is_described(of_type, asked, card.description.as_ref().map_or("", Text::as_str))
        };
        self.all_cards().filter(is_its).collect()
    }
}

/// Ids of interfaces by their description.
fn by_description<'c>(cards: &[&'c NetworkInterface<'_>]) -> HashMap<&'c str, Vec<String>> {
    let mut all: HashMap<&str, Vec<String>> = HashMap::new();
    for card in cards {
        let description = card.description.as_ref().map_or("", Text::as_str);
        all.entry(description).or_default().push(card.network_interface_id.as_str().to_owned());
    }
    all
}

/// The security groups of an interface.
fn groups_of<'c>(card: &'c NetworkInterface<'_>) -> BTreeSet<&'c str> {
    card.groups.iter().flatten().map(|group| group.group_id.as_str()).collect()
}

/// What was told, by its name.
fn by_name(all: &[Told]) -> HashMap<&str, &Told> {
    all.iter().map(|told| (told.name.as_str(), told)).collect()
}

/// The interfaces of all members that `names` say; none if those of one are not known.
fn joined<'t>(all: &HashMap<&str, &Told>, names: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut cards = Vec::new();
    for name in names {
        match all.get(name) {
            Some(told) if !told.cards.is_empty() => cards.extend(told.cards.iter().cloned()),
            _ => return Vec::new(),
        }
    }
    cards
}

/// A port, if it is one.
fn port_of(port: i64) -> Option<u16> {
    u16::try_from(port).ok().filter(|port| *port > 0)
}
