//! Everything that was answered: found list by list, then read, each resource once.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::de::IgnoredAny;

use super::answer::{ANSWERS, Answer, ITEMS};
use super::balancing::BalancingAnswers;
use super::json::{List, Read, Text};
use super::lattice::LatticeAnswers;
use super::managed_services::ManagedAnswers;
use super::network_firewalls::FirewallAnswers;
use super::pending::{Done, Pending};
use super::shapes::{
    Address, AvailabilityZone, EgressOnlyInternetGateway, EncryptionControl, EndpointService, FlowLog,
    Gateway, Instance, InstanceType, InternetGateway, NatGateway, NetworkAcl, NetworkInterface, PrefixList,
    PrefixListEntry, RouteTable, SecurityGroup, SecurityGroupRule, SecurityGroupVpcAssociation, Subnet,
    TrafficMirrorFilter, TrafficMirrorSession, TrafficMirrorTarget, TransitGateway, TransitGatewayAttachment,
    TransitGatewayPeeringAttachment, TransitGatewayRouteTable, TransitGatewayVpcAttachment, Vpc,
    VpcBlockPublicAccessExclusion, VpcBlockPublicAccessOptions, VpcEndpoint, VpcPeeringConnection,
    VpnConnection, VpnGateway,
};
use super::table::Table;
use super::transit_gateways::TableAnswers;
use crate::diagnostic::{Diagnostics, Origin, problems};
use crate::model::{GatewayKind, Usage};

/// The entries of a prefix list.
pub(super) type Entries<'a> = Vec<Read<'a, PrefixListEntry<'a>>>;

/// Why a list of VPC Lattice is not used of which nothing tells what it is.
const OF_NOBODY: &str = "nothing beside them says of what they are";

/// An answer that was found.
pub(super) enum Noted<'a> {
    /// It is still to be read.
    Pending(Pending<'a>),
    /// It was read with its file.
    Done(Done<'a>),
}

/// Everything that was answered, each resource once.
#[derive(Default)]
pub(super) struct Answers<'a> {
    /// Names of the folders in which answers stand; the first has none.
    pub(super) scopes: Vec<String>,
    pub(super) usage: Usage,
    /// Answers that were found, in their order.
    pub(super) noted: Vec<Noted<'a>>,
    /// How many answers were recognised.
    pub(super) recognised: usize,
    /// Answers of which there are only pages, by key and scope.
    pages: Vec<(&'static str, usize)>,
    /// Files without any, why that is, and what helps.
    pub(super) unrecognised: Vec<(Option<Origin>, String, &'static str)>,
    pub(super) vpcs: Table<'a, Vpc<'a>>,
    pub(super) subnets: Table<'a, Subnet<'a>>,
    pub(super) zones: Table<'a, AvailabilityZone<'a>>,
    pub(super) route_tables: Table<'a, RouteTable<'a>>,
    pub(super) network_acls: Table<'a, NetworkAcl<'a>>,
    pub(super) security_groups: Table<'a, SecurityGroup<'a>>,
    pub(super) security_group_rules: Table<'a, SecurityGroupRule<'a>>,
    pub(super) group_associations: Vec<Read<'a, SecurityGroupVpcAssociation<'a>>>,
    /// With their blocks.
    pub(super) prefix_lists: Table<'a, PrefixList<'a>>,
    /// Without: their entries are answers of their own.
    pub(super) managed_prefix_lists: Table<'a, PrefixList<'a>>,
    /// By the id of the list; nothing where an answer was not whole.
    pub(super) prefix_list_entries: HashMap<String, Option<Entries<'a>>>,
    pub(super) network_interfaces: Table<'a, NetworkInterface<'a>>,
    pub(super) instances: Table<'a, Instance<'a>>,
    pub(super) instance_types: Table<'a, InstanceType<'a>>,
    pub(super) addresses: Table<'a, Address<'a>>,
    /// Public addresses by interface and private address.
    pub(super) elastic_ips: HashMap<(String, String), String>,
    pub(super) internet_gateways: Table<'a, InternetGateway<'a>>,
    pub(super) egress_only_internet_gateways: Table<'a, EgressOnlyInternetGateway<'a>>,
    pub(super) peerings: Table<'a, VpcPeeringConnection<'a>>,
    pub(super) vpn_gateways: Table<'a, VpnGateway<'a>>,
    pub(super) vpn_connections: Table<'a, VpnConnection<'a>>,
    pub(super) transit_gateways: Table<'a, TransitGateway<'a>>,
    pub(super) transit_gateway_attachments: Table<'a, TransitGatewayAttachment<'a>>,
    pub(super) transit_gateway_vpc_attachments: Table<'a, TransitGatewayVpcAttachment<'a>>,
    pub(super) transit_gateway_peering_attachments: Table<'a, TransitGatewayPeeringAttachment<'a>>,
    pub(super) transit_gateway_route_tables: Table<'a, TransitGatewayRouteTable<'a>>,
    pub(super) transit_gateway_tables: TableAnswers<'a>,
    pub(super) block_options: Vec<Read<'a, VpcBlockPublicAccessOptions<'a>>>,
    pub(super) block_exclusions: Table<'a, VpcBlockPublicAccessExclusion<'a>>,
    pub(super) vpc_endpoints: Table<'a, VpcEndpoint<'a>>,
    pub(super) endpoint_services: Table<'a, EndpointService<'a>>,
    pub(super) encryption_controls: Vec<Read<'a, EncryptionControl<'a>>>,
    /// What services tell whose interfaces AWS manages.
    pub(super) managed: ManagedAnswers<'a>,
    pub(super) network_firewalls: FirewallAnswers<'a>,
    pub(super) nat_gateways: Table<'a, NatGateway<'a>>,
    pub(super) flow_logs: Table<'a, FlowLog<'a>>,
    pub(super) traffic_mirror_sessions: Table<'a, TrafficMirrorSession<'a>>,
    pub(super) traffic_mirror_targets: Table<'a, TrafficMirrorTarget<'a>>,
    pub(super) traffic_mirror_filters: Table<'a, TrafficMirrorFilter<'a>>,
    pub(super) balancing: BalancingAnswers<'a>,
    pub(super) lattice: LatticeAnswers<'a>,
    /// Gateways that are not simulated.
    pub(super) gateways: Vec<(GatewayKind, Read<'a, Gateway<'a>>)>,
}

impl<'a> Answers<'a> {
    pub(super) fn of(scopes: &[String]) -> Self {
        let mut answers = Self { scopes: vec![String::new()], ..Self::default() };
        for scope in scopes {
            answers.scope(scope);
        }
        answers
    }

    /// The Elastic IP of an interface's private address.
    pub(super) fn elastic_ip(
        &self,
        interface: &Text<'_>,
        private: &Text<'_>,
    ) -> Option<&Read<'a, Address<'a>>> {
        if self.elastic_ips.is_empty() {
            return None;
        }
        let key = (interface.as_str().to_owned(), private.as_str().to_owned());
        self.addresses.get(self.elastic_ips.get(&key)?)
    }

    /// The index of a folder.
    pub(super) fn scope(&mut self, name: &str) -> usize {
        self.scopes.iter().position(|known| known == name).unwrap_or_else(|| {
            self.scopes.push(name.to_owned());
            self.scopes.len() - 1
        })
    }

    /// Notes an answer, to be read with all others. `beside` is the request's parameter that stands beside it.
    pub(super) fn take(&mut self, answer: &'static Answer, list: List<'a>, beside: Option<String>) {
        self.recognised += 1;
        self.noted.push(Noted::Pending(Pending { answer, list, beside, is_page: false }));
    }

    /// Notes an answer that was read with its file.
    pub(super) fn take_done(&mut self, done: Done<'a>) {
        self.recognised += 1;
        self.noted.push(Noted::Done(done));
    }

    /// Reads every answer that was noted. Lists are shared among threads, and taken in their order.
    pub(super) fn read_pending(&mut self, problems: &mut Diagnostics) {
        let noted = std::mem::take(&mut self.noted).into_par_iter();
        let read = noted.map(|noted| match noted {
            Noted::Pending(pending) => pending.read(),
            Noted::Done(done) => done,
        });
        for done in read.collect::<Vec<_>>() {
            (done.store)(self, problems);
        }
    }

    /// Counts what stands under a key that the table does not have.
    pub(super) fn unknown(&mut self, key: &str, raw: &str) {
        let is_parameter = ANSWERS.iter().any(|answer| answer.beside == Some(key));
        if !is_parameter {
            let why = if key == ITEMS { OF_NOBODY } else { "not known to this version" };
            self.usage.count_unused(key, count(raw), why);
        }
    }

    /// Tells of files in which nothing is recognised: alone they are no network, among others they change nothing.
    pub(super) fn tell_unrecognised(&self, problems: &mut Diagnostics) {
        for (at, message, help) in &self.unrecognised {
            problems.push(if self.recognised == 0 {
                problems::json_syntax(*at, message, help)
            } else {
                problems::no_effect(*at, message.clone(), help)
            });
        }
    }

    /// Notes that the answers from the found one `first` on are not whole: their kinds count as not collected where
    /// they were found, whichever pages are found besides.
    pub(super) fn not_whole(&mut self, first: usize) {
        for noted in self.noted.iter_mut().skip(first) {
            let Noted::Pending(Pending { answer, list, beside, is_page }) = noted else { continue };
            if answer.call.starts_with("vpc-lattice") {
                *is_page = true;
            } else if answer.key == "Entries" {
                self.prefix_list_entries.extend(beside.iter().map(|id| (id.clone(), None)));
            } else if ["Firewall", "FirewallPolicy", "RuleGroup"].contains(&answer.key) {
                // One object, and no list of which there are pages.
            } else if answer.call.starts_with("elb") {
                match beside.as_deref() {
                    None => self.pages.push((answer.key, list.scope)),
                    of_one => self.balancing.not_whole(answer.key, of_one),
                }
            } else if answer.beside.is_some() {
                self.transit_gateway_tables.not_whole(answer.key, beside.as_deref());
            } else {
                self.pages.push((answer.key, list.scope));
            }
        }
    }

    /// Forgets that kinds of which there are only pages were collected, once everything is read.
    pub(super) fn forget_pages(&mut self) {
        for (key, scope) in std::mem::take(&mut self.pages) {
            match key {
                "SecurityGroupRules" => self.security_group_rules.is_partial_in(scope),
                "RouteTables" => self.route_tables.is_partial_in(scope),
                "NetworkAcls" => self.network_acls.is_partial_in(scope),
                "NetworkInterfaces" => self.network_interfaces.is_partial_in(scope),
                "Reservations" => self.instances.is_partial_in(scope),
                "InternetGateways" => self.internet_gateways.is_partial_in(scope),
                "EgressOnlyInternetGateways" => self.egress_only_internet_gateways.is_partial_in(scope),
                "VpcBlockPublicAccessExclusions" => self.block_exclusions.is_partial_in(scope),
                _ => self.balancing.is_partial_in(key, scope),
            }
        }
    }
}

/// The number of items of a list; anything else that is something counts as one.
pub(super) fn count(raw: &str) -> usize {
    match serde_json::from_str::<Vec<IgnoredAny>>(raw) {
        Ok(items) => items.len(),
        Err(_) => usize::from(raw != "null"),
    }
}
