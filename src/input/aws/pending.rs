//! Answers that were found and are still to be read: each list by itself, so that threads can share them.

use serde::Deserialize;

use super::answer::{ANSWERS, Answer, Use};
use super::answers::{Answers, count};
use super::balancing;
use super::json::{List, Read};
use super::lattice;
use super::managed_services::ManagedAnswers;
use super::network_firewalls::FirewallAnswers;
use super::shapes::{Gateway, Instance, PrefixList, Reservation};
use super::table::{Resource, Table};
use super::transit_gateways::Routes as TransitRoutes;
use crate::diagnostic::{Diagnostics, Origin, problems};

/// An answer that was found.
pub(super) struct Pending<'a> {
    pub(super) answer: &'static Answer,
    pub(super) list: List<'a>,
    /// The request's parameter that stands beside it.
    pub(super) beside: Option<String>,
    /// Whether it is known to be a page of several.
    pub(super) is_page: bool,
}

/// A list that was read.
pub(super) struct Done<'a> {
    /// Puts what was read to what was read of the others.
    pub(super) store: Store<'a>,
    /// Whether nothing is wrong with it.
    pub(super) is_good: bool,
}

type Store<'a> = Box<dyn FnOnce(&mut Answers<'a>, &mut Diagnostics) + Send + Sync + 'a>;

impl<'a> Done<'a> {
    fn good(store: impl FnOnce(&mut Answers<'a>, &mut Diagnostics) + Send + Sync + 'a) -> Self {
        Self { store: Box::new(store), is_good: true }
    }

    /// Of what is not used.
    pub(super) fn unused(list: &List<'a>, why: &'static str) -> Self {
        let (key, count) = (list.key, count(list.raw));
        Self::good(move |answers, _| answers.usage.count_unused(key, count, why))
    }

    /// Of what does not say whose it is, which a parameter of the request beside it would.
    pub(super) fn of_nobody(list: &List<'a>) -> Self {
        let rows = ANSWERS.iter().filter(|answer| answer.key == list.key);
        let parameters: Vec<String> =
            rows.filter_map(|row| row.beside).map(|own| format!("`{own}`")).collect();
        let message = format!("the answer `{}` is there, and does not say whose it is", list.key);
        let help = format!(
            "write the request's parameter beside the list, here {}: the script of `flowcast import aws --commands` does it so",
            parameters.join(" or ")
        );
        let at = list.file.origin(list.raw).map(|at| Origin { length: 1, ..at });
        let mut own = Diagnostics::default();
        own.push(problems::not_collected(at, message, &help));
        let (key, count) = (list.key, count(list.raw));
        Self::with(own, move |answers, _| {
            answers.usage.count_unused(key, count, "nothing beside them says whose they are");
        })
    }

    /// What could not be read as it was cut.
    pub(super) fn nothing() -> Self {
        Self { store: Box::new(|_, _| {}), is_good: false }
    }

    /// A list whose items are read, to be stored by `store`.
    pub(super) fn items<T: Deserialize<'a> + Send + Sync + 'a>(
        list: &List<'a>,
        store: impl FnOnce(&mut Answers<'a>, Vec<Read<'a, T>>, &mut Diagnostics) + Send + Sync + 'a,
    ) -> Self {
        let mut own = Diagnostics::default();
        let Some(read) = list.read(&mut own) else { return Self::nothing() };
        Self::with(own, move |answers, problems| store(answers, read, problems))
    }

    /// As [`Done::good`], with the problems that were found.
    pub(super) fn with(
        own: Diagnostics,
        store: impl FnOnce(&mut Answers<'a>, &mut Diagnostics) + Send + Sync + 'a,
    ) -> Self {
        let is_good = own.is_empty();
        let store = Box::new(move |answers: &mut Answers<'a>, problems: &mut Diagnostics| {
            problems.join(own);
            store(answers, problems);
        });
        Self { store, is_good }
    }
}

impl<'a> Pending<'a> {
    /// Reads the list.
    #[expect(clippy::too_many_lines, reason = "it is a table of answers")]
    pub(super) fn read(self) -> Done<'a> {
        let List { key, scope, .. } = self.list;
        // As if the key were absent: nothing was said, so that the kind does not count as collected.
        if self.list.raw == "null" {
            return Done::good(|_, _| {});
        }
        match (self.answer.key, self.answer.becomes) {
            (_, Use::Unused) => self.unused("nothing that is simulated depends on it"),
            (_, Use::Gateway(kind)) => self.items(move |answers, read: Vec<Read<'a, Gateway<'a>>>, _| {
                answers.usage.count_unused(key, read.len(), "paths through them end as `unknown`");
                answers.gateways.extend(read.into_iter().map(|gateway| (kind, gateway)));
            }),
            ("Vpcs", _) => self.table(|answers| &mut answers.vpcs),
            ("Subnets", _) => self.table(|answers| &mut answers.subnets),
            ("AvailabilityZones", _) => self.table(|answers| &mut answers.zones),
            ("RouteTables", _) => self.table(|answers| &mut answers.route_tables),
            ("NetworkAcls", _) => self.table(|answers| &mut answers.network_acls),
            ("SecurityGroups", _) => self.table(|answers| &mut answers.security_groups),
            ("SecurityGroupRules", _) => self.table(|answers| &mut answers.security_group_rules),
            ("SecurityGroupVpcAssociations", _) => self.items(move |answers, read, _| {
                answers.usage.count_used(key, read.len());
                answers.group_associations.extend(read);
            }),
            // `DescribePrefixLists` has the blocks, `DescribeManagedPrefixLists` under the same key has none.
            ("PrefixLists", _) => {
                self.items(move |answers, read: Vec<Read<'a, PrefixList<'a>>>, problems| {
                    let (listed, named): (Vec<_>, Vec<_>) =
                        read.into_iter().partition(|list| list.value.cidrs.is_some());
                    answers.prefix_lists.add(scope, listed, problems);
                    answers.managed_prefix_lists.add(scope, named, problems);
                })
            }
            ("Entries", _) => match self.beside.clone() {
                None => Done::of_nobody(&self.list),
                Some(id) => self.items(move |answers, read, problems| {
                    answers.usage.count_used(key, read.len());
                    answers.add_entries(id, read, problems);
                }),
            },
            ("NetworkInterfaces", _) => self.table(|answers| &mut answers.network_interfaces),
            ("Reservations", _) => {
                let mut own = Diagnostics::default();
                let Some(instances) = instances(&self.list, &mut own) else { return Done::nothing() };
                Done::with(own, move |answers, problems| answers.instances.add(scope, instances, problems))
            }
            ("InstanceTypes", _) => self.table(|answers| &mut answers.instance_types),
            ("Addresses", _) => self.table(|answers| &mut answers.addresses),
            ("InternetGateways", _) => self.table(|answers| &mut answers.internet_gateways),
            ("EgressOnlyInternetGateways", _) => {
                self.table(|answers| &mut answers.egress_only_internet_gateways)
            }
            ("VpcPeeringConnections", _) => self.table(|answers| &mut answers.peerings),
            ("VpnGateways", _) => self.table(|answers| &mut answers.vpn_gateways),
            ("VpnConnections", _) => self.table(|answers| &mut answers.vpn_connections),
            ("TransitGateways", _) => self.table(|answers| &mut answers.transit_gateways),
            ("TransitGatewayAttachments", _) => {
                self.table(|answers| &mut answers.transit_gateway_attachments)
            }
            ("TransitGatewayVpcAttachments", _) => {
                self.table(|answers| &mut answers.transit_gateway_vpc_attachments)
            }
            ("TransitGatewayPeeringAttachments", _) => {
                self.table(|answers| &mut answers.transit_gateway_peering_attachments)
            }
            ("TransitGatewayRouteTables", _) => {
                self.table(|answers| &mut answers.transit_gateway_route_tables)
            }
            ("TransitGatewayStaticRoutes", _) => self.items(move |answers, read, _| {
                answers.usage.count_used(key, read.len());
                answers.transit_gateway_tables.add_collected_routes(read);
            }),
            ("TransitGatewayPropagations", _) => self.items(move |answers, read, _| {
                answers.usage.count_used(key, read.len());
                answers.transit_gateway_tables.add_collected_propagations(read);
            }),
            ("Routes" | "Associations" | "TransitGatewayRouteTablePropagations", _) => {
                self.of_transit_table()
            }
            ("VpcBlockPublicAccessOptions", _) => {
                let mut own = Diagnostics::default();
                let options = self.list.read_object(&mut own);
                Done::with(own, move |answers, _| {
                    answers.usage.count_used(key, 1);
                    answers.block_options.extend(options);
                })
            }
            ("VpcBlockPublicAccessExclusions", _) => self.table(|answers| &mut answers.block_exclusions),
            ("VpcEncryptionControls", _) => self.items(move |answers, read, _| {
                answers.usage.count_used(key, read.len());
                answers.encryption_controls.extend(read);
            }),
            ("DBInstances", _) => self.of_service(|managed| &mut managed.db_instances),
            ("DBClusters", _) => self.of_service(|managed| &mut managed.db_clusters),
            ("CacheClusters", _) => self.of_service(|managed| &mut managed.cache_clusters),
            ("ReplicationGroups", _) => self.of_service(|managed| &mut managed.replication_groups),
            ("Clusters", _) => self.of_service(|managed| &mut managed.redshift_clusters),
            ("MountTargets", _) => self.of_service(|managed| &mut managed.mount_targets),
            ("DomainStatusList", _) => self.of_service(|managed| &mut managed.domains),
            ("Functions", _) => self.of_service(|managed| &mut managed.functions),
            ("tasks", _) => self.of_service(|managed| &mut managed.tasks),
            ("InstanceConnectEndpoints", _) => self.of_service(|managed| &mut managed.connect_endpoints),
            ("Workspaces", _) => self.of_service(|managed| &mut managed.workspaces),
            ("VpcEndpoints", _) => self.table(|answers| &mut answers.vpc_endpoints),
            ("ServiceConfigurations", _) => self.table(|answers| &mut answers.endpoint_services),
            ("Firewall", _) => self.of_network_firewall(|firewalls, read, status| {
                firewalls.add_firewall(read, status);
                true
            }),
            ("FirewallPolicy", _) => self.of_network_firewall(FirewallAnswers::add_policy),
            ("RuleGroup", _) => self.of_network_firewall(FirewallAnswers::add_group),
            ("NatGateways", _) => self.table(|answers| &mut answers.nat_gateways),
            ("FlowLogs", _) => self.table(|answers| &mut answers.flow_logs),
            ("TrafficMirrorSessions", _) => self.table(|answers| &mut answers.traffic_mirror_sessions),
            ("TrafficMirrorTargets", _) => self.table(|answers| &mut answers.traffic_mirror_targets),
            ("TrafficMirrorFilters", _) => self.table(|answers| &mut answers.traffic_mirror_filters),
            (_, Use::Network) if self.answer.call.starts_with("vpc-lattice") => {
                lattice::read(self.answer, &self.list, self.beside, self.is_page)
            }
            (_, Use::Network) if self.answer.call.starts_with("elb") => {
                balancing::read(&self.list, self.answer.beside, self.beside)
            }
            (_, Use::Network) => self.unused("not known to this version"),
        }
    }

    /// What a service tells whose interfaces AWS manages.
    fn of_service<T: Deserialize<'a> + Send + Sync + 'a>(
        self,
        list: for<'r> fn(&'r mut ManagedAnswers<'a>) -> &'r mut Vec<Read<'a, T>>,
    ) -> Done<'a> {
        let key = self.list.key;
        self.items(move |answers, read, _| {
            answers.usage.count_used(key, read.len());
            list(&mut answers.managed).extend(read);
        })
    }

    /// A part of AWS Network Firewall, of which the other part of the answer says whose it is; `add` says whether it does.
    fn of_network_firewall<T: Deserialize<'a> + Send + Sync + 'a>(
        self,
        add: for<'r> fn(&'r mut FirewallAnswers<'a>, Read<'a, T>, Option<&str>) -> bool,
    ) -> Done<'a> {
        let Self { list, beside, .. } = self;
        let key = list.key;
        let mut own = Diagnostics::default();
        let read = list.read_object(&mut own);
        Done::with(own, move |answers, _| {
            let Some(read) = read else { return };
            if add(&mut answers.network_firewalls, read, beside.as_deref()) {
                answers.usage.count_used(key, 1);
            } else {
                answers.usage.count_unused(key, 1, "no other part of the answer says whose it is");
            }
        })
    }

    /// What was asked about one route table of a transit gateway.
    fn of_transit_table(self) -> Done<'a> {
        let key = self.list.key;
        let Some(id) = self.beside.clone() else {
            return Done::of_nobody(&self.list);
        };
        match key {
            "Routes" => self.items(move |answers, found, _| {
                answers.usage.count_used(key, found.len());
                let routes = TransitRoutes { found, are_static: false };
                let known = answers.transit_gateway_tables.routes.entry(id);
                known.and_modify(|known| drop(known.take())).or_insert(Some(routes));
            }),
            "Associations" => self.items(move |answers, read, _| {
                answers.usage.count_used(key, read.len());
                answers.transit_gateway_tables.associations.entry(id).or_insert(Some(read));
            }),
            _ => self.items(move |answers, read, _| {
                answers.usage.count_used(key, read.len());
                answers.transit_gateway_tables.propagations.entry(id).or_insert(Some(read));
            }),
        }
    }

    fn unused(self, why: &'static str) -> Done<'a> {
        Done::unused(&self.list, why)
    }

    /// Reads the items, to be stored by `store`.
    fn items<T: Deserialize<'a> + Send + Sync + 'a>(
        self,
        store: impl FnOnce(&mut Answers<'a>, Vec<Read<'a, T>>, &mut Diagnostics) + Send + Sync + 'a,
    ) -> Done<'a> {
        Done::items(&self.list, store)
    }

    /// Reads the items, for a table.
    fn table<T: Resource + Deserialize<'a> + Send + Sync + 'a>(
        self,
        table: for<'t> fn(&'t mut Answers<'a>) -> &'t mut Table<'a, T>,
    ) -> Done<'a> {
        let scope = self.list.scope;
        let mut own = Diagnostics::default();
        let Some(runs) = self.list.read_in_runs(&mut own) else { return Done::nothing() };
        Done::with(own, move |answers, problems| table(answers).add_runs(scope, runs, problems))
    }
}

/// The instances of all reservations, or of a list without them.
fn instances<'a>(list: &List<'a>, problems: &mut Diagnostics) -> Option<Vec<Read<'a, Instance<'a>>>> {
    let reservations: Vec<Read<'a, Reservation<'a>>> = list.read(problems)?;
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
    Some(reservations.into_iter().flat_map(within).collect())
}
