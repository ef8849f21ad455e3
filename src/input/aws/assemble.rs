//! From answers to an inventory: what belongs together is joined, and what was not collected is said.

use std::collections::{HashMap, HashSet};

use super::answers::Answers;
use super::convert::{is_gone, name_tag};
use super::folders::Folders;
use super::interfaces::Found;
use super::json::Text;
use super::letters::check_letters;
use super::names::UniqueNames;
use super::states::{GroupAssociationState, Word};
use super::table::{Resource, Table};
use super::{AwsText, routes, rules};
use crate::diagnostic::{Diagnostics, problems};
use crate::model::inventory::{self, Inventory, Provenance};
use crate::model::{Identity, KINDS, KeyedMap, Kind};
use crate::net::Family;

/// Joins everything that was answered.
pub(super) fn assemble(answers: Answers<'_>, problems: &mut Diagnostics) -> AwsText {
    let mut answers = answers;
    for address in answers.addresses.iter() {
        if let (Some(card), Some(private)) =
            (&address.value.network_interface_id, &address.value.private_ip_address)
        {
            let key = (card.as_str().to_owned(), private.as_str().to_owned());
            let public = address.value.public_ip.as_str().to_owned();
            // AWS: a private address has one Elastic IP.
            // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
            if answers.elastic_ips.insert(key, public).is_some() {
                let message = "is associated with a private address that another one is associated with";
                address.contradict(private, "PrivateIpAddress", message, problems);
            }
        }
    }
    let cards = answers.all_interfaces(problems);
    let folders = answers.folders();
    let mut assembly = Assembly {
        answers: &answers,
        folders: &folders,
        cards,
        nodes: HashSet::new(),
        inventory: Inventory {
            provenance: Provenance::Observed,
            is_confidential: true,
            ..Inventory::default()
        },
        vpc_positions: KeyedMap::default(),
        problems,
    };
    assembly.vpcs();
    assembly.subnets();
    assembly.prefix_lists();
    assembly.network_acls();
    assembly.security_groups();
    assembly.route_tables();
    assembly.gateways();
    assembly.vpc_endpoints();
    assembly.nat_gateways();
    assembly.load_balancers();
    assembly.lattice();
    assembly.target_instances();
    // As scenarios have them.
    assembly.inventory.gateways.sort_by_key(|gateway| gateway.kind);
    assembly.instances();
    assembly.managed_services();
    assembly.interfaces();
    assembly.strays();
    assembly.flow_logs();
    assembly.traffic_mirrors();
    assembly.uncollected();
    let inventory = assembly.inventory;
    count(&mut answers);
    let usage = std::mem::take(&mut answers.usage);
    // Of large networks much is freed, and half of it is rules.
    let groups = std::mem::take(&mut answers.security_groups);
    let free = || rayon::join(|| drop(groups), || drop(answers));
    rayon::join(|| check_letters(&inventory, problems), free);
    AwsText { inventory, usage }
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
        ("PrefixLists", answers.prefix_lists.len() + answers.managed_prefix_lists.len()),
        ("NetworkInterfaces", answers.network_interfaces.len()),
        ("Reservations", answers.instances.len()),
        ("InstanceTypes", answers.instance_types.len()),
        ("Addresses", answers.addresses.len()),
        ("InternetGateways", answers.internet_gateways.len()),
        ("EgressOnlyInternetGateways", answers.egress_only_internet_gateways.len()),
        ("VpcPeeringConnections", answers.peerings.len()),
        ("VpnGateways", answers.vpn_gateways.len()),
        ("VpnConnections", answers.vpn_connections.len()),
        ("TransitGateways", answers.transit_gateways.len()),
        ("TransitGatewayAttachments", answers.transit_gateway_attachments.len()),
        ("TransitGatewayVpcAttachments", answers.transit_gateway_vpc_attachments.len()),
        ("TransitGatewayPeeringAttachments", answers.transit_gateway_peering_attachments.len()),
        ("TransitGatewayRouteTables", answers.transit_gateway_route_tables.len()),
        ("VpcBlockPublicAccessExclusions", answers.block_exclusions.len()),
        ("VpcEndpoints", answers.vpc_endpoints.len()),
        ("NatGateways", answers.nat_gateways.len()),
        ("FlowLogs", answers.flow_logs.len()),
        ("TrafficMirrorSessions", answers.traffic_mirror_sessions.len()),
        ("TrafficMirrorTargets", answers.traffic_mirror_targets.len()),
        ("TrafficMirrorFilters", answers.traffic_mirror_filters.len()),
    ];
    answers.count_load_balancers();
    answers.count_endpoint_services();
    for (key, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        answers.usage.count_used(key, count);
    }
}

/// An inventory in the making.
pub(super) struct Assembly<'r, 'a, 'p> {
    pub(super) answers: &'r Answers<'a>,
    /// Where something of each VPC was found.
    pub(super) folders: &'r Folders<'r>,
    /// Interfaces, until they are taken.
    pub(super) cards: Vec<Found<'r, 'a>>,
    /// Ids of those that are nodes of load balancers.
    pub(super) nodes: HashSet<String>,
    pub(super) inventory: Inventory,
    /// By id.
    pub(super) vpc_positions: KeyedMap<String, usize>,
    pub(super) problems: &'p mut Diagnostics,
}

impl Assembly<'_, '_, '_> {
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
        let (rules, others) = rules::group_rules(answers, self.problems);
        let names = names(&answers.security_groups, |group| text(group.group_name.as_ref()));
        self.groups_of_rules(&others);
        let mut classic = 0;
        for (group, rules) in answers.security_groups.iter().zip(rules) {
            let Some(vpc) = group.value.vpc_id.as_ref() else {
                classic += 1;
                continue;
            };
            self.inventory.security_groups.push(inventory::SecurityGroup {
                identity: group.identity(names.keep(text(group.value.group_name.as_ref()))),
                vpc: Some(group.reference(vpc)),
                associated_vpcs: self.vpcs_of_group(group.value.group_id.as_str()),
                rules,
            });
        }
        if classic > 0 {
            let message = format!("{classic} security groups belong to no VPC: EC2-Classic is no more");
            let help = "they are left out; a rule that names one is met by nobody";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }

    /// The VPCs with which a group is associated, of those that are known.
    fn vpcs_of_group(&self, group: &str) -> Vec<inventory::Reference> {
        let all = self.answers.group_associations.iter().filter(|read| {
            let own = &read.value;
            own.group_id.as_str() == group
                && own.state != Some(Word(GroupAssociationState::NotThere))
                && self.vpc_positions.contains_key(own.vpc_id.as_str())
        });
        let mut associated: Vec<inventory::Reference> = Vec::new();
        for read in all {
            let vpc = read.reference(&read.value.vpc_id);
            if !associated.iter().any(|known| known.value == vpc.value) {
                associated.push(vpc);
            }
        }
        associated
    }

    /// Groups that nobody described: what has them says of which VPC they are, and the list of rules what they admit.
    fn groups_of_rules(&mut self, rules: &HashMap<String, rules::Rules>) {
        let mut seen = HashSet::new();
        for card in &self.cards {
            let Some(vpc) = &card.read.value.vpc_id else { continue };
            for group in card.read.value.groups.iter().flatten() {
                let id = group.group_id.as_str();
                if self.answers.security_groups.get(id).is_none()
                    && let Some(rules) = rules.get(id)
                    && seen.insert(id)
                {
                    let origin = card.read.file.origin(id);
                    self.inventory.security_groups.push(inventory::SecurityGroup {
                        identity: Identity { name: id.to_owned(), id: id.to_owned(), origin },
                        vpc: Some(card.read.reference(vpc)),
                        associated_vpcs: Vec::new(),
                        rules: rules.clone(),
                    });
                }
            }
        }
        let count = seen.len();
        self.not_collected(
            count,
            "security group",
            "describe-security-groups",
            "the list of rules has theirs",
        );
    }

    fn route_tables(&mut self) {
        let names = names(&self.answers.route_tables, |table| name_tag(table.tags.as_ref()));
        for table in self.answers.route_tables.iter() {
            routes::check_whole(table, self.problems);
            let mut routes = routes::routes(table, self.problems);
            self.unsettle(&mut routes, table.value.vpc_id.as_str());
            self.inventory.route_tables.push(inventory::RouteTable {
                identity: table.identity(names.keep(name_tag(table.value.tags.as_ref()))),
                vpc: Some(table.reference(&table.value.vpc_id)),
                main: table
                    .value
                    .associations
                    .iter()
                    .flatten()
                    .any(|own| own.main == Some(true) && !is_gone(own.association_state.as_ref())),
                routes,
            });
        }
    }

    /// Says which kinds nobody asked about.
    fn uncollected(&mut self) {
        for entry in KINDS {
            let is_lacking = |vpc: &&inventory::Vpc| {
                let is_told_else = entry.kind == Kind::ServiceNetworks
                    && self.has_service_network_endpoint(&vpc.identity.id);
                vpc.not_collected.contains(&entry.kind) && !is_told_else
            };
            let lacking = self.inventory.vpcs.iter().filter(is_lacking).count();
            // Without IPv6 there is nothing for it to do.
            let has_ipv6 =
                |vpc: &inventory::Vpc| vpc.cidr_blocks.iter().any(|block| block.value.family() == Family::V6);
            let concerns =
                entry.kind != Kind::EgressOnlyInternetGateways || self.inventory.vpcs.iter().any(has_ipv6);
            if lacking > 0 && concerns {
                let message = format!(
                    "{} were not collected for {} of {} VPCs",
                    entry.doc,
                    lacking,
                    self.inventory.vpcs.len()
                );
                let help = format!("what rests on them is `unknown`; `aws {}` tells of them", entry.call);
                self.problems.push(problems::not_collected(None, message, &help));
            }
        }
    }

    /// Tells of resources that others are in, and that nobody asked about.
    pub(super) fn not_collected(&mut self, count: usize, what: &str, call: &str, so: &str) {
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
pub(super) fn names<T: Resource>(table: &Table<'_, T>, name: impl Fn(&T) -> Option<String>) -> UniqueNames {
    UniqueNames::of(table.iter().map(|read| (read.value.id().as_str(), name(&read.value))))
}

/// The text, owned.
pub(super) fn text(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}
