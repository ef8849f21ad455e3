//! Whose interfaces are whose, where services do not say it: by what leaves no doubt.

use std::collections::BTreeSet;

use super::{Told, without_doubles};
use crate::input::aws::assemble::Assembly;
use crate::input::aws::interfaces::Found;
use crate::input::aws::json::Text;
use crate::input::aws::shapes::{DbInstance, NetworkInterface};
use crate::model::ManagedServiceKind;

impl Assembly<'_, '_, '_> {
    /// Databases: an interface of RDS in a subnet of the database's group, with its security groups and in its zone, which
    /// could be of no other database.
    pub(super) fn databases(&self) -> Vec<Told> {
        let all = &self.answers.managed.db_instances;
        let mut candidates: Vec<Vec<&str>> = Vec::new();
        for read in all {
            let own = self.cards_of("rds").filter(|card| self.may_be_of(card, &read.value));
            candidates.push(own.map(|card| card.network_interface_id.as_str()).collect());
        }
        let told = all.iter().zip(&candidates).enumerate().map(|(at, (read, own))| {
            let is_others = |card: &&str| {
                let mut others = candidates.iter().enumerate().filter(|(other, _)| *other != at);
                others.any(|(_, others)| others.contains(card))
            };
            // A standby has an interface as well.
            let most = if read.value.multi_az == Some(true) { 2 } else { 1 };
            let is_certain = own.len() <= most && !own.iter().any(is_others);
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
            && has_groups(card, groups.map(Text::as_str))
            && is_in_zone
    }

    /// Clusters of databases: the interfaces of their members, if those of all are known.
    pub(super) fn database_clusters(&self, databases: &[Told]) -> Vec<Told> {
        let all = self.answers.managed.db_clusters.iter().map(|read| {
            let members = read.value.db_cluster_members.iter().flatten();
            let members = members.filter_map(|own| own.db_instance_identifier.as_ref());
            let cards = joined(databases, members.map(Text::as_str));
            let port = read.value.port.and_then(port_of);
            Told { cards, port, ..Told::of(read, &read.value.db_cluster_identifier) }
        });
        all.map(without_doubles).collect()
    }

    /// Nodes of ElastiCache: the description of an interface ends with the id of its cluster.
    pub(super) fn caches(&self) -> Vec<Told> {
        let all = self.answers.managed.cache_clusters.iter().map(|read| {
            let own = &read.value;
            let id = own.cache_cluster_id.as_str();
            let endpoints = own.cache_nodes.iter().flatten().filter_map(|node| node.endpoint.as_ref());
            let mut ports = endpoints.chain(&own.configuration_endpoint).filter_map(|endpoint| endpoint.port);
            Told {
                cards: self.described_as("elasticache", &["ElastiCache ", id].concat()),
                port: ports.next().and_then(port_of),
                ..Told::of(read, &own.cache_cluster_id)
            }
        });
        all.map(without_doubles).collect()
    }

    /// Replication groups: the interfaces of their members, if those of all are known.
    pub(super) fn replication_groups(&self, caches: &[Told]) -> Vec<Told> {
        let all = self.answers.managed.replication_groups.iter().map(|read| {
            let members = read.value.member_clusters.iter().flatten().map(Text::as_str);
            let cards = joined(caches, members.clone());
            let first = members.into_iter().find_map(|name| caches.iter().find(|own| own.name == name));
            let port = first.and_then(|own| own.port);
            Told { cards, port, ..Told::of(read, &read.value.replication_group_id) }
        });
        all.map(without_doubles).collect()
    }

    /// Clusters of Redshift, which tell the private addresses of their nodes.
    pub(super) fn redshift_clusters(&self) -> Vec<Told> {
        let all = self.answers.managed.redshift_clusters.iter().filter_map(|read| {
            let own = &read.value;
            let name = own.cluster_identifier.as_ref()?; // EMR has clusters under the same key
            let nodes =
                own.cluster_nodes.iter().flatten().filter_map(|node| node.private_ip_address.as_ref());
            let in_vpc = |card: &&NetworkInterface<'_>| own.vpc_id.is_some() && card.vpc_id == own.vpc_id;
            let cards = nodes.flat_map(|address| {
                let with =
                    move |card: &&NetworkInterface<'_>| card.private_ip_address.as_ref() == Some(address);
                self.all_cards().filter(in_vpc).filter(with)
            });
            let port = own.endpoint.as_ref().and_then(|endpoint| endpoint.port).and_then(port_of);
            Some(Told { cards: ids(cards), port, ..Told::of(read, name) })
        });
        all.map(without_doubles).collect()
    }

    /// Domains of OpenSearch: the description of an interface ends with the name of its domain. Those outside a VPC have
    /// none, and are no part of the network.
    pub(super) fn search_domains(&self) -> Vec<Told> {
        let all = self.answers.managed.domains.iter();
        let within = all.filter(|read| read.value.vpc_options.is_some());
        let told = within.map(|read| {
            let name = &read.value.domain_name;
            Told {
                cards: self.described_as("opensearch", &["ES ", name.as_str()].concat()),
                ..Told::of(read, name)
            }
        });
        told.map(without_doubles).collect()
    }

    /// Functions of Lambda with access to a VPC: all with the same subnet and security groups have one interface there.
    /// AWS: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis>
    pub(super) fn functions(&self) -> Vec<Told> {
        let all = self.answers.managed.functions.iter().filter_map(|read| {
            let own = read.value.vpc_config.as_ref()?;
            let subnets: BTreeSet<&str> = own.subnet_ids.iter().flatten().map(Text::as_str).collect();
            if subnets.is_empty() {
                return None;
            }
            let has = |card: &&NetworkInterface<'_>| {
                card.subnet_id.as_ref().is_some_and(|subnet| subnets.contains(subnet.as_str()))
                    && has_groups(card, own.security_group_ids.iter().flatten().map(Text::as_str))
            };
            let cards = ids(self.cards_of("lambda").filter(has));
            Some(Told { cards, ..Told::of(read, &read.value.function_name) })
        });
        all.collect()
    }

    /// Desktops, which tell their address and subnet.
    pub(super) fn workspaces(&self) -> Vec<Told> {
        let all = self.answers.managed.workspaces.iter().map(|read| {
            let own = &read.value;
            let is_its = |card: &&NetworkInterface<'_>| {
                own.subnet_id.is_some()
                    && card.subnet_id == own.subnet_id
                    && own.ip_address.is_some()
                    && card.private_ip_address == own.ip_address
            };
            Told { cards: ids(self.all_cards().filter(is_its)), ..Told::of(read, &own.workspace_id) }
        });
        all.collect()
    }

    fn all_cards(&self) -> impl Iterator<Item = &NetworkInterface<'_>> {
        let in_subnet = |card: &&Found<'_, '_>| card.read.value.subnet_id.is_some();
        self.cards.iter().filter(in_subnet).map(|card| card.read.value)
    }

    /// The interfaces that AWS describes as those of a service.
    pub(super) fn cards_of(&self, service: &str) -> impl Iterator<Item = &NetworkInterface<'_>> {
        let kind = ManagedServiceKind::named(service);
        let text = |text: Option<&Text<'_>>| text.map_or("", |text| text.as_str()).to_owned();
        self.all_cards().filter(move |card| {
            let of_type = card.interface_type.as_ref().map_or("interface", Text::as_str);
            let [asked, said] = [text(card.requester_id.as_ref()), text(card.description.as_ref())];
            kind.is_some_and(|kind| kind.is_described(of_type, &asked, &said))
        })
    }

    /// Those with this description.
    fn described_as(&self, service: &str, description: &str) -> Vec<String> {
        let is_so = |card: &&NetworkInterface<'_>| {
            card.description.as_ref().is_some_and(|own| own.as_str() == description)
        };
        ids(self.cards_of(service).filter(is_so))
    }
}

/// Whether an interface has exactly these security groups.
fn has_groups<'t>(card: &NetworkInterface<'_>, groups: impl Iterator<Item = &'t str>) -> bool {
    let own: BTreeSet<&str> = card.groups.iter().flatten().map(|group| group.group_id.as_str()).collect();
    let wanted: BTreeSet<&str> = groups.collect();
    !own.is_empty() && own.len() == wanted.len() && own.iter().all(|group| wanted.contains(group))
}

/// The interfaces of all members that `names` say; none if those of one are not known.
fn joined<'t>(all: &[Told], names: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut cards = Vec::new();
    for name in names {
        match all.iter().find(|told| told.name == name) {
            Some(told) if !told.cards.is_empty() => cards.extend(told.cards.iter().cloned()),
            _ => return Vec::new(),
        }
    }
    cards
}

fn ids<'c, 'a: 'c>(cards: impl Iterator<Item = &'c NetworkInterface<'a>>) -> Vec<String> {
    cards.map(|card| card.network_interface_id.as_str().to_owned()).collect()
}

/// A port, if it is one.
fn port_of(port: i64) -> Option<u16> {
    u16::try_from(port).ok().filter(|port| *port > 0)
}
