//! The table of answers: under which key each stands, which call gives it, and what becomes of it.

use std::collections::HashMap;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::json::{List, Read, Text};
use super::shapes::{
    Address, AvailabilityZone, EgressOnlyInternetGateway, FlowLog, Gateway, Instance, InstanceType,
    InternetGateway, NetworkAcl, NetworkInterface, PrefixList, PrefixListEntry, Reservation, RouteTable,
    SecurityGroup, SecurityGroupRule, Subnet, Vpc,
};
use super::table::{Resource, Table};
use crate::diagnostic::{Diagnostics, Origin, problems};
use crate::model::{GatewayKind, Usage};

/// A row of the table of answers.
#[derive(Debug)]
pub struct Answer {
    /// The key under which its list stands.
    pub key: &'static str,
    /// The AWS CLI's call, without `aws`.
    pub call: &'static str,
    /// The request's parameter that stands beside an answer which does not repeat it.
    pub beside: Option<&'static str>,
    /// What becomes of it.
    pub becomes: Use,
}

/// What becomes of an answer.
#[derive(Debug, Clone, Copy)]
pub enum Use {
    /// The network is made of it.
    Network,
    /// Gateways that routes can lead to, which are not simulated.
    Gateway(GatewayKind),
    /// It says nothing that this version uses.
    Unused,
}

const fn network(key: &'static str, call: &'static str) -> Answer {
    Answer { key, call, beside: None, becomes: Use::Network }
}

const fn gateway(key: &'static str, call: &'static str, kind: GatewayKind) -> Answer {
    Answer { key, call, beside: None, becomes: Use::Gateway(kind) }
}

const fn unused(key: &'static str, call: &'static str) -> Answer {
    Answer { key, call, beside: None, becomes: Use::Unused }
}

/// Every answer that is known, those that are used first.
pub static ANSWERS: &[Answer] = &[
    network("Vpcs", "ec2 describe-vpcs"),
    network("Subnets", "ec2 describe-subnets"),
    network("AvailabilityZones", "ec2 describe-availability-zones"),
    network("RouteTables", "ec2 describe-route-tables"),
    network("NetworkAcls", "ec2 describe-network-acls"),
    network("SecurityGroups", "ec2 describe-security-groups"),
    network("SecurityGroupRules", "ec2 describe-security-group-rules"),
    network("PrefixLists", "ec2 describe-prefix-lists"),
    Answer {
        key: "Entries",
        call: "ec2 get-managed-prefix-list-entries --prefix-list-id ID",
        beside: Some("PrefixListId"),
        becomes: Use::Network,
    },
    network("NetworkInterfaces", "ec2 describe-network-interfaces"),
    network("Reservations", "ec2 describe-instances"),
    network("InstanceTypes", "ec2 describe-instance-types"),
    network("Addresses", "ec2 describe-addresses"),
    network("InternetGateways", "ec2 describe-internet-gateways"),
    network("EgressOnlyInternetGateways", "ec2 describe-egress-only-internet-gateways"),
    network("FlowLogs", "ec2 describe-flow-logs"),
    gateway("NatGateways", "ec2 describe-nat-gateways", GatewayKind::NatGateway),
    gateway(
        "VpcPeeringConnections",
        "ec2 describe-vpc-peering-connections",
        GatewayKind::VpcPeeringConnection,
    ),
    gateway("TransitGateways", "ec2 describe-transit-gateways", GatewayKind::TransitGateway),
    gateway("VpnGateways", "ec2 describe-vpn-gateways", GatewayKind::VpnGateway),
    gateway("VpcEndpoints", "ec2 describe-vpc-endpoints", GatewayKind::VpcEndpoint),
    gateway("LocalGateways", "ec2 describe-local-gateways", GatewayKind::LocalGateway),
    gateway("CarrierGateways", "ec2 describe-carrier-gateways", GatewayKind::CarrierGateway),
    unused("TransitGatewayAttachments", "ec2 describe-transit-gateway-attachments"),
    unused("TransitGatewayVpcAttachments", "ec2 describe-transit-gateway-vpc-attachments"),
    unused("TransitGatewayRouteTables", "ec2 describe-transit-gateway-route-tables"),
    unused("TransitGatewayStaticRoutes", "ec2 search-transit-gateway-routes"),
    unused("TransitGatewayPropagations", "ec2 get-transit-gateway-route-table-propagations"),
    unused("Associations", "ec2 get-transit-gateway-route-table-associations"),
    unused("Routes", "ec2 search-transit-gateway-routes"),
    unused("VpnConnections", "ec2 describe-vpn-connections"),
    unused("CustomerGateways", "ec2 describe-customer-gateways"),
    unused("VpcEndpointServices", "ec2 describe-vpc-endpoint-services"),
    unused("ServiceDetails", "ec2 describe-vpc-endpoint-services"),
    unused("ServiceConfigurations", "ec2 describe-vpc-endpoint-service-configurations"),
    unused("DhcpOptions", "ec2 describe-dhcp-options"),
    unused("SecurityGroupReferenceSet", "ec2 describe-security-group-references"),
    unused("StaleSecurityGroupSet", "ec2 describe-stale-security-groups"),
    unused("LoadBalancers", "elbv2 describe-load-balancers"),
    unused("LoadBalancerDescriptions", "elb describe-load-balancers"),
    unused("LoadBalancerAttributes", "elb describe-load-balancer-attributes"),
    unused("LoadBalancerListeners", "elbv2 describe-listeners"),
    unused("LoadBalancerTargetHealth", "elbv2 describe-target-health"),
    unused("Attributes", "elbv2 describe-load-balancer-attributes"),
    unused("Listeners", "elbv2 describe-listeners"),
    unused("Rules", "elbv2 describe-rules"),
    unused("TargetGroups", "elbv2 describe-target-groups"),
    unused("TargetHealthDescriptions", "elbv2 describe-target-health"),
    unused("DBInstances", "rds describe-db-instances"),
    unused("RdsInstances", "rds describe-db-instances"),
    unused("ElasticsearchDomains", "es describe-elasticsearch-domains"),
    unused("Functions", "lambda list-functions"),
    unused("Clusters", "redshift describe-clusters"),
    unused("ClusterSubnetGroups", "redshift describe-cluster-subnet-groups"),
    unused("tasks", "ecs describe-tasks"),
    unused("Firewall", "network-firewall describe-firewall"),
    unused("Regions", "ec2 describe-regions"),
    unused("Snapshots", "ec2 describe-snapshots"),
    unused("AccountAttributes", "ec2 describe-account-attributes"),
    unused("AddressTransfers", "ec2 describe-address-transfers"),
    unused("AllowedPrincipals", "ec2 describe-vpc-endpoint-service-permissions"),
    unused("AuthorizationRules", "ec2 describe-client-vpn-authorization-rules"),
    unused("ClientVpnTargetNetworks", "ec2 describe-client-vpn-target-networks"),
    unused("ConnectionNotificationSet", "ec2 describe-vpc-endpoint-connection-notifications"),
    unused("EnableDnsHostnames", "ec2 describe-vpc-attribute"),
    unused("EnableDnsSupport", "ec2 describe-vpc-attribute"),
    unused("EnableNetworkAddressUsageMetrics", "ec2 describe-vpc-attribute"),
    unused("LocalGatewayRouteTables", "ec2 describe-local-gateway-route-tables"),
    unused(
        "LocalGatewayRouteTableVirtualInterfaceGroupAssociations",
        "ec2 describe-local-gateway-route-table-virtual-interface-group-associations",
    ),
    unused(
        "LocalGatewayRouteTableVpcAssociations",
        "ec2 describe-local-gateway-route-table-vpc-associations",
    ),
    unused("MulticastDomainAssociations", "ec2 get-transit-gateway-multicast-domain-associations"),
    unused("NetworkInsightsAccessScopeContent", "ec2 get-network-insights-access-scope-content"),
    unused("NetworkInsightsAccessScopes", "ec2 describe-network-insights-access-scopes"),
    unused("NetworkInsightsAnalyses", "ec2 describe-network-insights-analyses"),
    unused("NetworkInsightsPaths", "ec2 describe-network-insights-paths"),
    unused("NetworkInterfacePermissions", "ec2 describe-network-interface-permissions"),
    unused("PrefixListAssociations", "ec2 get-managed-prefix-list-associations"),
    unused("TrafficMirrorSessions", "ec2 describe-traffic-mirror-sessions"),
    unused("TransitGatewayConnectPeers", "ec2 describe-transit-gateway-connect-peers"),
    unused("TransitGatewayConnects", "ec2 describe-transit-gateway-connects"),
    unused("TransitGatewayPrefixListReferences", "ec2 get-transit-gateway-prefix-list-references"),
    unused("VpcEndpointAssociations", "ec2 describe-vpc-endpoint-associations"),
    unused("VpcEndpointConnections", "ec2 describe-vpc-endpoint-connections"),
    unused("LoggingConfiguration", "network-firewall describe-logging-configuration"),
    unused("DomainNames", "es list-domain-names"),
    unused("DomainStatus", "es describe-elasticsearch-domain"),
    unused("DomainStatusList", "es describe-elasticsearch-domains"),
    unused("clusterArns", "ecs list-clusters"),
    unused("taskArns", "ecs list-tasks"),
];

/// Whether a key stands beside answers: what recorders, the collector and paging add is no resource.
pub(super) fn is_beside(key: &str) -> bool {
    const BESIDE: &[&str] = &[
        "NextToken",
        "ResponseMetadata",
        "status_code",
        "collector_version",
        "provider",
        "config-file-git-sha1",
        "AdditionalRoutesAvailable",
        "UpdateToken",
    ];
    BESIDE.contains(&key)
}

impl Answer {
    /// The row of `key`. The collector writes keys as `network_acls`, and instances without reservations around them.
    pub(super) fn find(key: &str, by_collector: bool) -> Option<&'static Self> {
        let find = |key: &str| ANSWERS.iter().find(|answer| answer.key == key);
        if !by_collector {
            return find(key);
        }
        match key {
            "instances" => find("Reservations"),
            _ => {
                let is_same = |answer: &&Self| answer.key.eq_ignore_ascii_case(&key.replace('_', ""));
                ANSWERS.iter().find(is_same)
            }
        }
    }
}

/// Everything that was answered, each resource once.
#[derive(Debug, Default)]
pub(super) struct Answers<'a> {
    /// Names of the folders in which answers stand; the first has none.
    pub(super) scopes: Vec<String>,
    pub(super) usage: Usage,
    /// How many answers were recognised.
    pub(super) recognised: usize,
    /// Answers of which there are only pages, by key and scope.
    pages: Vec<(&'static str, usize)>,
    /// Files without any, and why that is.
    pub(super) unrecognised: Vec<(Option<Origin>, String)>,
    pub(super) vpcs: Table<'a, Vpc<'a>>,
    pub(super) subnets: Table<'a, Subnet<'a>>,
    pub(super) zones: Table<'a, AvailabilityZone<'a>>,
    pub(super) route_tables: Table<'a, RouteTable<'a>>,
    pub(super) network_acls: Table<'a, NetworkAcl<'a>>,
    pub(super) security_groups: Table<'a, SecurityGroup<'a>>,
    pub(super) security_group_rules: Table<'a, SecurityGroupRule<'a>>,
    /// With their blocks.
    pub(super) prefix_lists: Table<'a, PrefixList<'a>>,
    /// Without: their entries are answers of their own.
    pub(super) managed_prefix_lists: Table<'a, PrefixList<'a>>,
    /// By the id of the list; nothing where an answer was not whole.
    pub(super) prefix_list_entries: HashMap<String, Option<Vec<Read<'a, PrefixListEntry<'a>>>>>,
    pub(super) network_interfaces: Table<'a, NetworkInterface<'a>>,
    pub(super) instances: Table<'a, Instance<'a>>,
    pub(super) instance_types: Table<'a, InstanceType<'a>>,
    pub(super) addresses: Table<'a, Address<'a>>,
    /// Public addresses by interface and private address.
    pub(super) elastic_ips: HashMap<(String, String), String>,
    pub(super) internet_gateways: Table<'a, InternetGateway<'a>>,
    pub(super) egress_only_internet_gateways: Table<'a, EgressOnlyInternetGateway<'a>>,
    pub(super) flow_logs: Table<'a, FlowLog<'a>>,
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

    /// The index of a folder.
    pub(super) fn scope(&mut self, name: &str) -> usize {
        self.scopes.iter().position(|known| known == name).unwrap_or_else(|| {
            self.scopes.push(name.to_owned());
            self.scopes.len() - 1
        })
    }

    /// The folder of the account that owns what was found in `scope`, if it is not another one whose folder is not
    /// there. Where folders do not say whose they are, it is the same.
    pub(super) fn scope_of_owner(&self, scope: usize, owner: Option<&Text<'_>>) -> Option<usize> {
        let found = self.scopes.get(scope).map_or("", String::as_str);
        let (account, region) = found.split_once('/').unwrap_or_default();
        match owner {
            Some(owner) if !account.is_empty() && owner.as_str() != account => {
                let theirs = format!("{}/{region}", owner.as_str());
                self.scopes.iter().position(|scope| *scope == theirs)
            }
            _ => Some(scope),
        }
    }

    /// Takes an answer. `beside` is the request's parameter that stands beside it.
    pub(super) fn take(
        &mut self,
        answer: &'static Answer,
        list: List<'a>,
        beside: Option<&str>,
        problems: &mut Diagnostics,
    ) {
        let scope = list.scope;
        self.recognised += 1;
        match (answer.key, answer.becomes) {
            (_, Use::Unused) => {
                let why = "nothing that is simulated depends on it";
                self.usage.count_unused(answer.key, count(list.raw), why);
            }
            (_, Use::Gateway(kind)) => self.take_gateways(kind, &list, problems),
            ("Vpcs", _) => take(&mut self.vpcs, &list, problems),
            ("Subnets", _) => take(&mut self.subnets, &list, problems),
            ("AvailabilityZones", _) => take(&mut self.zones, &list, problems),
            ("RouteTables", _) => take(&mut self.route_tables, &list, problems),
            ("NetworkAcls", _) => take(&mut self.network_acls, &list, problems),
            ("SecurityGroups", _) => take(&mut self.security_groups, &list, problems),
            ("SecurityGroupRules", _) => take(&mut self.security_group_rules, &list, problems),
            ("PrefixLists", _) => self.take_prefix_lists(&list, problems),
            ("Entries", _) => self.take_entries(&list, beside, problems),
            ("NetworkInterfaces", _) => take(&mut self.network_interfaces, &list, problems),
            ("Reservations", _) => {
                let instances = instances(&list, problems);
                self.instances.add(scope, instances, problems);
            }
            ("InstanceTypes", _) => take(&mut self.instance_types, &list, problems),
            ("Addresses", _) => take(&mut self.addresses, &list, problems),
            ("InternetGateways", _) => take(&mut self.internet_gateways, &list, problems),
            ("EgressOnlyInternetGateways", _) => {
                take(&mut self.egress_only_internet_gateways, &list, problems);
            }
            ("FlowLogs", _) => take(&mut self.flow_logs, &list, problems),
            _ => {}
        }
    }

    /// Counts what stands under a key that the table does not have.
    pub(super) fn unknown(&mut self, key: &str, raw: &RawValue) {
        let is_parameter = ANSWERS.iter().any(|answer| answer.beside == Some(key));
        if !is_parameter {
            self.usage.count_unused(key, count(raw), "not known to this version");
        }
    }

    fn take_gateways(&mut self, kind: GatewayKind, list: &List<'a>, problems: &mut Diagnostics) {
        let read: Vec<Read<'a, Gateway<'a>>> = list.read(problems);
        self.usage.count_unused(list.key, read.len(), "paths through them end as `unknown`");
        self.gateways.extend(read.into_iter().map(|gateway| (kind, gateway)));
    }

    /// `DescribePrefixLists` has the blocks, `DescribeManagedPrefixLists` under the same key has none.
    fn take_prefix_lists(&mut self, list: &List<'a>, problems: &mut Diagnostics) {
        let read: Vec<Read<'a, PrefixList<'a>>> = list.read(problems);
        let (listed, named): (Vec<_>, Vec<_>) = read.into_iter().partition(|list| list.value.cidrs.is_some());
        self.prefix_lists.add(list.scope, listed, problems);
        self.managed_prefix_lists.add(list.scope, named, problems);
    }

    fn take_entries(&mut self, list: &List<'a>, beside: Option<&str>, problems: &mut Diagnostics) {
        let Some(id) = beside else {
            let why = "no `PrefixListId` beside them says whose they are";
            self.usage.count_unused(list.key, count(list.raw), why);
            return;
        };
        let entries: Vec<_> = list.read(problems);
        self.usage.count_used(list.key, entries.len());
        let known = self.prefix_list_entries.entry(id.to_owned()).or_insert_with(|| Some(Vec::new()));
        if let Some(known) = known {
            known.extend(entries);
        }
    }

    /// Tells of files in which nothing is recognised: alone they are no network, among others they change nothing.
    pub(super) fn tell_unrecognised(&self, problems: &mut Diagnostics) {
        let help = "`flowcast import aws --commands` prints the calls whose answers are read";
        for (at, message) in &self.unrecognised {
            problems.push(if self.recognised == 0 {
                problems::json_syntax(*at, message, help)
            } else {
                problems::no_effect(*at, message.clone(), help)
            });
        }
    }

    /// Notes that the answer of `scope` was not whole: its kind counts as not collected there, whichever pages are
    /// found besides.
    pub(super) fn not_whole(&mut self, answer: &'static Answer, beside: Option<&str>, scope: usize) {
        if answer.key == "Entries" {
            self.prefix_list_entries.extend(beside.map(|id| (id.to_owned(), None)));
        } else {
            self.pages.push((answer.key, scope));
        }
    }

    /// Forgets that kinds of which there are only pages were collected, once everything is read.
    pub(super) fn forget_pages(&mut self) {
        for (key, scope) in std::mem::take(&mut self.pages) {
            let scopes = match key {
                "SecurityGroupRules" => &mut self.security_group_rules.scopes,
                "RouteTables" => &mut self.route_tables.scopes,
                "NetworkAcls" => &mut self.network_acls.scopes,
                "NetworkInterfaces" => &mut self.network_interfaces.scopes,
                "InternetGateways" => &mut self.internet_gateways.scopes,
                "EgressOnlyInternetGateways" => &mut self.egress_only_internet_gateways.scopes,
                _ => continue,
            };
            scopes.retain(|collected| *collected != scope);
        }
    }
}

fn take<'a, T>(table: &mut Table<'a, T>, list: &List<'a>, problems: &mut Diagnostics)
where
    T: Resource + serde::Deserialize<'a>,
{
    let read = list.read(problems);
    table.add(list.scope, read, problems);
}

/// The instances of all reservations, or of a list without them.
fn instances<'a>(list: &List<'a>, problems: &mut Diagnostics) -> Vec<Read<'a, Instance<'a>>> {
    let reservations: Vec<Read<'a, Reservation<'a>>> = list.read(problems);
    if reservations.iter().any(|reservation| reservation.value.instance_id.is_some()) {
        return list.read(problems);
    }
    let within = |reservation: Read<'a, Reservation<'a>>| {
        let Read { value, file, at, scope, .. } = reservation;
        let instances = value.instances.into_iter().flatten().enumerate();
        instances.map(move |(position, value)| Read {
            value,
            file,
            at,
            within: Some(("Instances", position)),
            scope,
        })
    };
    reservations.into_iter().flat_map(within).collect()
}

/// The number of items of a list; anything else that is something counts as one.
fn count(raw: &RawValue) -> usize {
    match serde_json::from_str::<Vec<IgnoredAny>>(raw.get()) {
        Ok(items) => items.len(),
        Err(_) => usize::from(raw.get() != "null"),
    }
}
