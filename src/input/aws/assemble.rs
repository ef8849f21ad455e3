//! From answers to an inventory: what belongs together is joined, and what was not collected is said.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::answers::Answers;
use super::convert::{is_gone, name_tag};
use super::interfaces::Found;
use super::json::{Read, Text};
use super::names::UniqueNames;
use super::shapes::{FlowLog, GatewayAttachment, Ipv6CidrBlockAssociation, Subnet, Vpc};
use super::table::{Resource, Table};
use super::{AwsText, routes, rules};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::model::inventory::{self, Inventory, Provenance, Reference};
use crate::model::{GatewayKind, Identity, Kind, TrafficType};
use crate::net::Cidr;

/// Joins everything that was answered.
pub(super) fn assemble(answers: Answers<'_>, problems: &mut Diagnostics) -> AwsText {
    let mut answers = answers;
    for address in answers.addresses.iter() {
        if let (Some(card), Some(private)) =
            (&address.value.network_interface_id, &address.value.private_ip_address)
        {
            let key = (card.as_str().to_owned(), private.as_str().to_owned());
            answers.elastic_ips.insert(key, address.value.public_ip.as_str().to_owned());
        }
    }
    let cards = answers.all_interfaces(problems);
    let mut assembly = Assembly {
        answers: &answers,
        cards,
        inventory: Inventory { provenance: Provenance::Observed, ..Inventory::default() },
        vpc_positions: HashMap::new(),
        problems,
    };
    assembly.vpcs();
    assembly.subnets();
    assembly.prefix_lists();
    assembly.network_acls();
    assembly.security_groups();
    assembly.route_tables();
    assembly.gateways();
    assembly.instances();
    assembly.interfaces();
    assembly.flow_logs();
    assembly.uncollected();
    let inventory = assembly.inventory;
    count(&mut answers);
    AwsText { inventory, usage: std::mem::take(&mut answers.usage) }
}

/// Everything that is left is used.
fn count(answers: &mut Answers<'_>) {
    let counts = [
        ("Vpcs", answers.vpcs.len()),
        ("Subnets", answers.subnets.len()),
        ("AvailabilityZones", answers.zones.len()),
        ("RouteTables", answers.route_tables.len()),
        ("NetworkAcls", answers.network_acls.len()),
        ("SecurityGroups", answers.security_groups.len()),
        ("SecurityGroupRules", answers.security_group_rules.len()),
        ("PrefixLists", answers.prefix_lists.len()),
        ("NetworkInterfaces", answers.network_interfaces.len()),
        ("Reservations", answers.instances.len()),
        ("InstanceTypes", answers.instance_types.len()),
        ("Addresses", answers.addresses.len()),
        ("InternetGateways", answers.internet_gateways.len()),
        ("EgressOnlyInternetGateways", answers.egress_only_internet_gateways.len()),
        ("FlowLogs", answers.flow_logs.len()),
    ];
    for (key, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        answers.usage.count_used(key, count);
    }
}

struct Assembly<'r, 'a, 'p> {
    answers: &'r Answers<'a>,
    cards: Vec<Found<'r, 'a>>,
    inventory: Inventory,
    vpc_positions: HashMap<String, usize>,
    problems: &'p mut Diagnostics,
}

impl<'r, 'a> Assembly<'r, 'a, '_> {
    /// VPCs, and those that other resources name without anybody having asked about them.
    fn vpcs(&mut self) {
        let answers = self.answers;
        let names = names(&answers.vpcs, |vpc| name_tag(vpc.tags.as_ref()));
        for vpc in answers.vpcs.iter() {
            let identity = vpc.identity(names.keep(name_tag(vpc.value.tags.as_ref())));
            let cidr_blocks = self.vpc_blocks(vpc);
            self.vpc(
                identity,
                vpc.scope,
                vpc.value.owner_id.as_ref(),
                vpc.value.region.as_ref(),
                cidr_blocks,
            );
        }
        let mut unseen: Vec<(usize, Reference)> = Vec::new();
        unseen.extend(
            answers.subnets.iter().map(|subnet| (subnet.scope, subnet.reference(&subnet.value.vpc_id))),
        );
        unseen.extend(
            answers.route_tables.iter().map(|table| (table.scope, table.reference(&table.value.vpc_id))),
        );
        unseen.extend(answers.network_acls.iter().map(|acl| (acl.scope, acl.reference(&acl.value.vpc_id))));
        unseen.extend(
            answers
                .security_groups
                .iter()
                .filter_map(|group| Some((group.scope, group.reference(group.value.vpc_id.as_ref()?)))),
        );
        unseen.extend(self.cards.iter().filter_map(|card| {
            Some((card.read.scope, card.read.reference(card.read.value.vpc_id.as_ref()?)))
        }));
        let mut missing = 0;
        for (scope, reference) in unseen {
            if self.vpc_positions.contains_key(&reference.value) {
                continue;
            }
            missing += 1;
            let blocks = self.blocks_by_local_routes(&reference.value);
            let id = reference.value;
            let identity = Identity { name: id.clone(), id, origin: reference.origin };
            self.vpc(identity, scope, None, None, blocks);
        }
        self.not_collected(missing, "VPC", "describe-vpcs", "blocks are taken from local routes");
        let first = self.inventory.vpcs.first();
        let account = first.and_then(|vpc| vpc.account.clone());
        let region = first.and_then(|vpc| vpc.region.clone());
        self.inventory.account = account.unwrap_or_else(|| crate::input::DEFAULT_ACCOUNT.to_owned());
        self.inventory.region = region.unwrap_or_else(|| crate::input::DEFAULT_REGION.to_owned());
    }

    fn vpc(
        &mut self,
        identity: Identity,
        scope: usize,
        owner: Option<&Text<'_>>,
        region: Option<&Text<'_>>,
        cidr_blocks: Vec<Located<Cidr>>,
    ) {
        let answers = self.answers;
        // `123456789012/us-east-1`, where folders say so.
        let folder = answers.scopes.get(scope).map_or("", String::as_str);
        let (account, place) = folder.split_once('/').unwrap_or(("", ""));
        let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let by_zone = || {
            let mut mine =
                answers.subnets.iter().filter(|subnet| subnet.value.vpc_id.as_str() == identity.id);
            mine.find_map(|subnet| region_of(subnet.value.availability_zone.as_ref()?.as_str()))
        };
        let collected = [
            (Kind::RouteTables, answers.route_tables.is_collected(scope)),
            (Kind::NetworkAcls, answers.network_acls.is_collected(scope)),
            (Kind::NetworkInterfaces, answers.network_interfaces.is_collected(scope)),
            (Kind::InternetGateways, answers.internet_gateways.is_collected(scope)),
            (Kind::EgressOnlyInternetGateways, answers.egress_only_internet_gateways.is_collected(scope)),
        ];
        let vpc = inventory::Vpc {
            account: owner.map(|owner| owner.as_str().to_owned()).or_else(|| stated(account)),
            region: region
                .map(|region| region.as_str().to_owned())
                .or_else(|| stated(place))
                .or_else(by_zone),
            cidr_blocks,
            not_collected: collected.into_iter().filter(|(_, is)| !is).map(|(kind, _)| kind).collect(),
            block_public_access: answers
                .subnets
                .iter()
                .any(|subnet| subnet.value.vpc_id.as_str() == identity.id && is_restricted(&subnet.value)),
            identity,
        };
        self.vpc_positions.insert(vpc.identity.id.clone(), self.inventory.vpcs.len());
        self.inventory.vpcs.push(vpc);
    }

    fn vpc_blocks(&mut self, vpc: &Read<'a, Vpc<'a>>) -> Vec<Located<Cidr>> {
        let mut blocks: Vec<Located<Cidr>> = Vec::new();
        let primary = vpc.value.cidr_block.iter().map(|block| (block, "CidrBlock".to_owned()));
        let associated = vpc.value.cidr_block_association_set.iter().flatten().enumerate();
        let associated = associated
            .filter(|(_, block)| {
                !is_gone(block.cidr_block_state.as_ref().and_then(|state| state.state.as_ref()))
            })
            .map(|(at, block)| (&block.cidr_block, format!("CidrBlockAssociationSet[{at}].CidrBlock")));
        let v6 = ipv6_blocks(vpc.value.ipv6_cidr_block_association_set.as_ref());
        for (text, path) in primary.chain(associated).chain(v6) {
            let block = vpc.cidr(text, &path, self.problems);
            blocks.extend(block.filter(|block| !blocks.iter().any(|known| known.value == block.value)));
        }
        blocks
    }

    /// The blocks of a VPC that nobody asked about: its route tables have a local route for each.
    fn blocks_by_local_routes(&self, vpc: &str) -> Vec<Located<Cidr>> {
        let mut blocks: Vec<Located<Cidr>> = Vec::new();
        for table in self.answers.route_tables.iter().filter(|table| table.value.vpc_id.as_str() == vpc) {
            for route in routes::routes(table, &mut Diagnostics::default()) {
                if let inventory::Destination::Cidr(cidr) = route.destination
                    && route.target.value == "local"
                    && !blocks.iter().any(|known| known.value == cidr)
                {
                    blocks.push(Located { value: cidr, origin: route.origin });
                }
            }
        }
        blocks
    }

    fn subnets(&mut self) {
        let answers = self.answers;
        let names = names(&answers.subnets, |subnet| name_tag(subnet.tags.as_ref()));
        let mut acls: HashMap<&str, Reference> = HashMap::new();
        for acl in answers.network_acls.iter() {
            for association in acl.value.associations.iter().flatten() {
                acls.insert(association.subnet_id.as_str(), acl.reference(&acl.value.network_acl_id));
            }
        }
        let mut tables: HashMap<&str, Reference> = HashMap::new();
        for table in answers.route_tables.iter() {
            for association in table.value.associations.iter().flatten() {
                let state = association.association_state.as_ref().and_then(|state| state.state.as_ref());
                if let Some(subnet) = association.subnet_id.as_ref().filter(|_| !is_gone(state)) {
                    tables.insert(subnet.as_str(), table.reference(&table.value.route_table_id));
                }
            }
        }
        for subnet in answers.subnets.iter() {
            let v4 = subnet.value.cidr_block.iter().map(|block| (block, "CidrBlock".to_owned()));
            let v6 = ipv6_blocks(subnet.value.ipv6_cidr_block_association_set.as_ref());
            let cidr_blocks =
                v4.chain(v6).filter_map(|(text, path)| subnet.cidr(text, &path, self.problems)).collect();
            let id = subnet.value.subnet_id.as_str();
            self.inventory.subnets.push(inventory::Subnet {
                identity: subnet.identity(names.keep(name_tag(subnet.value.tags.as_ref()))),
                vpc: Some(subnet.reference(&subnet.value.vpc_id)),
                cidr_blocks,
                availability_zone_id: self.zone_of(&subnet.value),
                network_acl: acls.get(id).cloned(),
                route_table: tables.get(id).cloned(),
            });
        }
        self.unseen_subnets(&acls, &tables);
    }

    /// Subnets that interfaces are in without anybody having asked about them.
    fn unseen_subnets(&mut self, acls: &HashMap<&str, Reference>, tables: &HashMap<&str, Reference>) {
        let mut seen: HashSet<String> =
            self.answers.subnets.iter().map(|subnet| subnet.value.subnet_id.as_str().to_owned()).collect();
        let mut missing = 0;
        for card in &self.cards {
            let (Some(subnet), Some(vpc)) = (&card.read.value.subnet_id, &card.read.value.vpc_id) else {
                continue;
            };
            if !seen.insert(subnet.as_str().to_owned()) {
                continue;
            }
            missing += 1;
            let Located { value: id, origin } = card.read.reference(subnet);
            self.inventory.subnets.push(inventory::Subnet {
                network_acl: acls.get(id.as_str()).cloned(),
                route_table: tables.get(id.as_str()).cloned(),
                identity: Identity { name: id.clone(), id, origin },
                vpc: Some(card.read.reference(vpc)),
                cidr_blocks: Vec::new(),
                availability_zone_id: String::new(),
            });
        }
        self.not_collected(
            missing,
            "subnet",
            "describe-subnets",
            "addresses in them are known by interfaces alone",
        );
    }

    fn zone_of(&self, subnet: &Subnet<'_>) -> String {
        let by_name = || {
            let zone = self.answers.zones.get(subnet.availability_zone.as_ref()?.as_str())?;
            zone.value.zone_id.as_ref()
        };
        let zone = subnet.availability_zone_id.as_ref().or_else(by_name);
        zone.map(|zone| zone.as_str().to_owned()).unwrap_or_default()
    }

    fn prefix_lists(&mut self) {
        let answers = self.answers;
        let names = names(&answers.prefix_lists, |list| text(list.prefix_list_name.as_ref()));
        for list in answers.prefix_lists.iter() {
            let id = list.value.prefix_list_id.as_str();
            let entries = match (&list.value.cidrs, answers.prefix_list_entries.get(id)) {
                (Some(cidrs), _) => {
                    let cidrs = cidrs.iter().enumerate();
                    Some(
                        cidrs
                            .filter_map(|(at, text)| list.cidr(text, &format!("Cidrs[{at}]"), self.problems))
                            .collect(),
                    )
                }
                (None, Some(entries)) => Some(self.entries(list, entries)),
                (None, None) => None,
            };
            let identity = list.identity(names.keep(text(list.value.prefix_list_name.as_ref())));
            self.inventory.prefix_lists.push(inventory::PrefixList { identity, entries });
        }
        let unnamed =
            answers.prefix_list_entries.iter().filter(|(id, _)| answers.prefix_lists.get(id).is_none());
        let mut unnamed: Vec<_> = unnamed.collect();
        unnamed.sort_by_key(|(id, _)| id.as_str());
        for (id, entries) in unnamed {
            let cidr = |entry: &Read<'_, super::shapes::PrefixListEntry<'_>>| {
                let cidr = Cidr::parse(entry.value.cidr.as_str()).ok()?.0;
                Some(Located { value: cidr, origin: entry.file.origin(entry.value.cidr.as_str()) })
            };
            let identity = Identity { name: id.clone(), id: id.clone(), origin: None };
            let entries = entries.iter().map(cidr).collect();
            self.inventory.prefix_lists.push(inventory::PrefixList { identity, entries });
        }
    }

    fn entries(
        &mut self,
        list: &Read<'a, super::shapes::PrefixList<'a>>,
        entries: &[Read<'a, super::shapes::PrefixListEntry<'a>>],
    ) -> Vec<Located<Cidr>> {
        let read = |entry: &Read<'a, super::shapes::PrefixListEntry<'a>>| {
            let text = &entry.value.cidr;
            match Cidr::parse(text.as_str()) {
                Ok((cidr, _)) => Some(Located { value: cidr, origin: entry.file.origin(text.as_str()) }),
                Err(_) => {
                    list.complain(
                        text,
                        &format!("Entries[{}].Cidr", entry.at.1),
                        "not a CIDR block",
                        self.problems,
                    );
                    None
                }
            }
        };
        entries.iter().filter_map(read).collect()
    }

    fn network_acls(&mut self) {
        let names = names(&self.answers.network_acls, |acl| name_tag(acl.tags.as_ref()));
        for acl in self.answers.network_acls.iter() {
            let entries = rules::acl_entries(acl, self.problems);
            self.inventory.network_acls.push(inventory::NetworkAcl {
                identity: acl.identity(names.keep(name_tag(acl.value.tags.as_ref()))),
                vpc: Some(acl.reference(&acl.value.vpc_id)),
                entries,
            });
        }
    }

    fn security_groups(&mut self) {
        let answers = self.answers;
        let mut rules = rules::group_rules(answers, self.problems);
        let names = names(&answers.security_groups, |group| text(group.group_name.as_ref()));
        let mut classic = 0;
        for group in answers.security_groups.iter() {
            let Some(vpc) = group.value.vpc_id.as_ref() else {
                classic += 1;
                continue;
            };
            let rules = rules.remove(group.value.group_id.as_str()).unwrap_or_default();
            self.inventory.security_groups.push(inventory::SecurityGroup {
                identity: group.identity(names.keep(text(group.value.group_name.as_ref()))),
                vpc: Some(group.reference(vpc)),
                rules,
            });
        }
        if classic > 0 {
            let message = format!("{classic} security groups belong to no VPC: EC2-Classic is no more");
            let help = "they are left out; a rule that names one is met by nobody";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }

    fn route_tables(&mut self) {
        let names = names(&self.answers.route_tables, |table| name_tag(table.tags.as_ref()));
        for table in self.answers.route_tables.iter() {
            let routes = routes::routes(table, self.problems);
            self.inventory.route_tables.push(inventory::RouteTable {
                identity: table.identity(names.keep(name_tag(table.value.tags.as_ref()))),
                vpc: Some(table.reference(&table.value.vpc_id)),
                main: table
                    .value
                    .associations
                    .iter()
                    .flatten()
                    .any(|association| association.main == Some(true)),
                routes,
            });
        }
    }

    fn gateways(&mut self) {
        let answers = self.answers;
        let mut edge_routed: HashSet<&str> = HashSet::new();
        for table in answers.route_tables.iter().filter(|table| routes::redirects(&table.value)) {
            let gateways = table.value.associations.iter().flatten();
            edge_routed
                .extend(gateways.filter_map(|association| Some(association.gateway_id.as_ref()?.as_str())));
        }
        let igws = answers.internet_gateways.iter().map(|read| (read.value.id(), read.value.tags.as_ref()));
        let eigws = answers
            .egress_only_internet_gateways
            .iter()
            .map(|read| (read.value.id(), read.value.tags.as_ref()));
        let all = igws.chain(eigws).map(|(id, tags)| (id.as_str(), name_tag(tags)));
        let others = answers
            .gateways
            .iter()
            .filter_map(|(kind, gateway)| Some((gateway.value.id(*kind)?.as_str(), None)));
        let named = UniqueNames::of(all.chain(others));
        for gateway in answers.internet_gateways.iter() {
            let identity = gateway.identity(named.keep(name_tag(gateway.value.tags.as_ref())));
            let edge_routed = edge_routed.contains(identity.id.as_str());
            let vpc = attached(gateway, gateway.value.attachments.as_ref());
            let kind = GatewayKind::InternetGateway;
            self.inventory.gateways.push(inventory::Gateway { identity, kind, vpc, edge_routed });
        }
        for gateway in answers.egress_only_internet_gateways.iter() {
            let identity = gateway.identity(named.keep(name_tag(gateway.value.tags.as_ref())));
            let vpc = attached(gateway, gateway.value.attachments.as_ref());
            let kind = GatewayKind::EgressOnlyInternetGateway;
            self.inventory.gateways.push(inventory::Gateway { identity, kind, vpc, edge_routed: false });
        }
        let mut seen = HashSet::new();
        for (kind, gateway) in &answers.gateways {
            let Some(id) = gateway.value.id(*kind) else { continue };
            if seen.insert(id.as_str()) {
                let origin = gateway.file.origin(id.as_str());
                let id = id.as_str().to_owned();
                let identity = Identity { name: id.clone(), id, origin };
                self.inventory.gateways.push(inventory::Gateway {
                    identity,
                    kind: *kind,
                    vpc: None,
                    edge_routed: false,
                });
            }
        }
    }

    fn instances(&mut self) {
        let answers = self.answers;
        let names = names(&answers.instances, |instance| name_tag(instance.tags.as_ref()));
        for instance in answers.instances.iter() {
            let state = instance.value.state.as_ref().and_then(|state| state.name.as_ref());
            if is_gone(state) {
                continue;
            }
            let kind = instance.value.instance_type.as_ref();
            let described = kind.and_then(|kind| answers.instance_types.get(kind.as_str()));
            self.inventory.instances.push(inventory::Instance {
                identity: instance.identity(names.keep(name_tag(instance.value.tags.as_ref()))),
                instance_type: text(kind),
                nitro: described.and_then(|kind| kind.value.is_nitro()),
                running: state.is_none_or(|state| state.as_str() == "running"),
                listens: None,
                closed_ports: crate::model::ClosedPorts::default(),
            });
        }
    }

    fn interfaces(&mut self) {
        let answers = self.answers;
        let all = std::mem::take(&mut self.cards);
        let named = |card: &Found<'_, '_>| name_tag(card.read.value.tag_set.as_ref());
        let ids = all.iter().map(|card| (card.read.value.network_interface_id.as_str(), named(card)));
        let taken = self.inventory.instances.iter().map(|instance| &instance.identity);
        let taken = taken.map(|identity| (identity.id.as_str(), Some(identity.name.clone())));
        let names = UniqueNames::of(ids.chain(taken));
        let mut cards: Vec<_> = all.iter().collect();
        // Those of one instance in the order of their device index; others as they were read.
        cards.sort_by_key(|card| {
            let index = card.read.value.attachment.as_ref().and_then(|attachment| attachment.device_index);
            (card.instance.map(|instance| instance.as_str().to_owned()), index)
        });
        let mut elsewhere = 0;
        for card in cards {
            let account = text(card.read.value.owner_id.as_ref());
            if card.read.value.subnet_id.is_none() || card.read.value.vpc_id.is_none() {
                elsewhere += 1;
                continue;
            }
            let name = names.keep(named(card));
            let interface = card.interface(answers, name, account, self.problems);
            self.inventory.network_interfaces.extend(interface);
        }
        if elsewhere > 0 {
            let message = format!("{elsewhere} network interfaces are in no subnet");
            let help = "they are left out: EC2-Classic is no more";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }

    fn flow_logs(&mut self) {
        if self.answers.flow_logs.scopes.is_empty() {
            return;
        }
        let logs = self.answers.flow_logs.iter();
        let mut active: Vec<inventory::FlowLog> = Vec::new();
        for log in logs
            .filter(|log| log.value.flow_log_status.as_ref().is_none_or(|status| status.as_str() == "ACTIVE"))
        {
            active.push(self.flow_log(log));
        }
        self.inventory.flow_logs = Some(active);
    }

    fn flow_log(&mut self, log: &Read<'a, FlowLog<'a>>) -> inventory::FlowLog {
        let kept = log.value.traffic_type.as_ref();
        let traffic_type = kept.and_then(|kept| {
            let found = TrafficType::NAMES.iter().find(|(name, _)| *name == kept.as_str());
            if found.is_none() {
                log.complain(kept, "TrafficType", "no traffic type of flow logs", self.problems);
            }
            found.map(|(_, value)| *value)
        });
        let seconds = log.value.max_aggregation_interval.unwrap_or(600);
        inventory::FlowLog {
            identity: log.identity(None),
            resource: log.reference(&log.value.resource_id),
            traffic_type: traffic_type.unwrap_or_default(),
            max_aggregation_interval: Duration::from_secs(if seconds == 60 { 60 } else { 600 }),
            log_format: log.value.log_format.as_ref().map(|format| log.reference(format)),
            skipdata: Vec::new(),
        }
    }

    /// Says which kinds nobody asked about.
    fn uncollected(&mut self) {
        for entry in crate::model::KINDS {
            let lacking =
                self.inventory.vpcs.iter().filter(|vpc| vpc.not_collected.contains(&entry.kind)).count();
            // Without IPv6 there is nothing for it to do.
            let has_ipv6 = |vpc: &inventory::Vpc| {
                vpc.cidr_blocks.iter().any(|block| block.value.family() == crate::net::Family::V6)
            };
            let concerns =
                entry.kind != Kind::EgressOnlyInternetGateways || self.inventory.vpcs.iter().any(has_ipv6);
            if lacking > 0 && concerns {
                let message = format!(
                    "{} were not collected for {} of {} VPCs",
                    entry.doc,
                    lacking,
                    self.inventory.vpcs.len()
                );
                let help = format!("what rests on them is `unknown`; `aws ec2 {}` tells of them", entry.call);
                self.problems.push(problems::not_collected(None, message, &help));
            }
        }
    }

    fn not_collected(&mut self, count: usize, what: &str, call: &str, so: &str) {
        if count > 0 {
            let message = match count {
                1 => format!("1 {what} was not collected, although resources are in it"),
                _ => format!("{count} {what}s were not collected, although resources are in them"),
            };
            let help = format!("{so}; `aws ec2 {call}` tells of them");
            self.problems.push(problems::not_collected(None, message, &help));
        }
    }
}

/// The names of a table's resources that are theirs alone.
fn names<'a, T: Resource>(table: &Table<'a, T>, name: impl Fn(&T) -> Option<String>) -> UniqueNames {
    UniqueNames::of(table.iter().map(|read| (read.value.id().as_str(), name(&read.value))))
}

fn text(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

/// IPv6 blocks that are associated, each with its path.
fn ipv6_blocks<'r, 'a>(
    set: Option<&'r Vec<Ipv6CidrBlockAssociation<'a>>>,
) -> impl Iterator<Item = (&'r Text<'a>, String)> {
    let all = set.into_iter().flatten().enumerate();
    all.filter(|(_, block)| {
        !is_gone(block.ipv6_cidr_block_state.as_ref().and_then(|state| state.state.as_ref()))
    })
    .map(|(at, block)| (&block.ipv6_cidr_block, format!("Ipv6CidrBlockAssociationSet[{at}].Ipv6CidrBlock")))
}

/// The VPC that a gateway is attached to.
fn attached<T: Resource>(
    gateway: &Read<'_, T>,
    attachments: Option<&Vec<GatewayAttachment<'_>>>,
) -> Option<Reference> {
    let attachments = attachments.into_iter().flatten();
    let mut attached = attachments.filter(|attachment| !is_gone(attachment.state.as_ref()));
    attached.find_map(|attachment| Some(gateway.reference(attachment.vpc_id.as_ref()?)))
}

/// Whether Block Public Access restricts a subnet.
fn is_restricted(subnet: &Subnet<'_>) -> bool {
    let mode = subnet
        .block_public_access_states
        .as_ref()
        .and_then(|states| states.internet_gateway_block_mode.as_ref());
    mode.is_some_and(|mode| mode.as_str() != "off")
}

/// The Region of an Availability Zone: `us-east-2` of `us-east-2b`, `us-west-2` of `us-west-2-lax-1a`.
fn region_of(zone: &str) -> Option<String> {
    let digit = zone.find(|letter: char| letter.is_ascii_digit())?;
    zone.get(..=digit).map(str::to_owned)
}
