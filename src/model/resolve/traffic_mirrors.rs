//! Traffic mirror filters and sessions, and what AWS refuses of them.

use super::names::{Names, nothing_called};
use super::{AllNames, Resolver};
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference};
use crate::model::traffic_mirror::in_order;
use crate::model::{
    Index, Network, NetworkInterface, TrafficMirrorFilter, TrafficMirrorFilterRule, TrafficMirrorSession,
    can_be_mirrored, said,
};
use crate::net::{Direction, Family, PerDirection};

/// Services of AWS whose interfaces can be sources.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-network-limitations.html>
const MIRRORED_SERVICES: [&str; 2] = ["rds", "elasticache"];

/// Sessions that a source can have, and rules of a filter.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-quotas.html>
const MOST_SESSIONS: usize = 3;
const MOST_RULES: usize = 10;

impl Resolver<'_, '_> {
    pub(super) fn traffic_mirrors(&mut self, network: &mut Network) {
        let inventory = self.inventory;
        network.traffic_mirror_filters =
            inventory.traffic_mirror_filters.iter().map(|filter| self.mirror_filter(filter)).collect();
        let sessions: Vec<(&inventory::TrafficMirrorSession, TrafficMirrorSession)> = inventory
            .traffic_mirror_sessions
            .iter()
            .filter_map(|read| Some((read, self.mirror_session(read, network)?)))
            .collect();
        if !self.observed {
            for (read, own) in &sessions {
                self.check_mirror(read, own, &sessions, network);
                self.check_mirror_limits(read, own, &sessions, network);
            }
        }
        network.traffic_mirror_sessions = in_order(sessions.into_iter().map(|(_, own)| own).collect());
    }

    fn mirror_filter(&mut self, read: &inventory::TrafficMirrorFilter) -> TrafficMirrorFilter {
        let mut sorted = |direction| {
            let mut rules: Vec<TrafficMirrorFilterRule> = read.rules.get(direction).clone();
            rules.sort_by_key(|rule| rule.number);
            for pair in rules.windows(2).filter(|_| !self.observed) {
                let [first, second] = pair else { continue };
                if first.number == second.number {
                    let owner = &read.identity.name;
                    let problem =
                        problems::duplicate_rule_number(second.origin, second.number, owner, first.origin);
                    self.problems.push(problem);
                }
            }
            rules
        };
        let rules = PerDirection { ingress: sorted(Direction::Ingress), egress: sorted(Direction::Egress) };
        let count = rules.ingress.len() + rules.egress.len();
        if count > MOST_RULES && !self.observed {
            let message =
                format!("`{}` has {count} rules, and a filter has {MOST_RULES} at most", read.identity.name);
            let help = "have fewer rules; AWS raises this quota for nobody";
            self.problems.push(problems::mismatch(read.identity.origin, message, help));
        }
        TrafficMirrorFilter { identity: read.identity.clone(), rules }
    }

    fn mirror_session(
        &mut self,
        read: &inventory::TrafficMirrorSession,
        network: &Network,
    ) -> Option<TrafficMirrorSession> {
        let filter = self.names.traffic_mirror_filters.get(&read.filter.value).map(Index::new);
        if filter.is_none() && !self.observed {
            let _ = self.names.traffic_mirror_filters.find(&read.filter, self.problems);
        }
        let source = self.mirror_end(&read.source, network);
        if self.names.gateways.get(&read.target.value).is_some() {
            let message = format!(
                "`{}` gets what `{}` copies, and is no network interface",
                said(&read.target.value, self.inventory.is_confidential),
                read.identity.said(self.inventory.is_confidential)
            );
            let help = "load balancers and endpoints as targets of traffic mirror sessions are not simulated: no copies are sent";
            self.problems.push(problems::not_modelled(read.target.origin, message, help));
            return None;
        }
        let target = self.mirror_end(&read.target, network);
        // Of what AWS answered, ends that were not collected have no records here.
        Some(TrafficMirrorSession {
            identity: read.identity.clone(),
            source: source?,
            target: target?,
            filter: filter?,
            session_number: read.session_number,
            packet_length: read.packet_length,
        })
    }

    fn mirror_end(&mut self, end: &Reference, network: &Network) -> Option<Index<NetworkInterface>> {
        let AllNames { network_interfaces, instances, .. } = &self.names;
        let is_known = |names: &Names<'_>| names.get(&end.value).is_some();
        if is_known(network_interfaces) || is_known(instances) {
            // With errors elsewhere some interfaces are not made.
            let found = self.interface(end, network);
            return found.filter(|card| card.position() < network.network_interfaces.len());
        }
        if !self.observed {
            let known = instances.iter().chain(network_interfaces.iter());
            let problem = nothing_called(end, "instance or network interface", false, known);
            self.problems.push(problem);
        }
        None
    }

    /// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-sessions.html#traffic-mirroring-sources>
    fn check_mirror(
        &mut self,
        read: &inventory::TrafficMirrorSession,
        own: &TrafficMirrorSession,
        all: &[(&inventory::TrafficMirrorSession, TrafficMirrorSession)],
        network: &Network,
    ) {
        let name = |card| &network.interface_label(card).name;
        let card = &network.network_interfaces[own.source];
        let service = card.managed_service.map(|service| network.managed_services[service].kind.name);
        let is_mirrored = service.is_none_or(|service| MIRRORED_SERVICES.contains(&service));
        if card.gateway.is_some() || !is_mirrored {
            let message = format!("`{}` cannot be the source of a traffic mirror session", name(own.source));
            let help = "sources are interfaces of instances, of Amazon RDS and of Amazon ElastiCache";
            self.problems.push(problems::mismatch(read.source.origin, message, help));
        }
        let card = &network.network_interfaces[own.target];
        if card.gateway.is_some() || card.managed_service.is_some() {
            let message = format!("`{}` cannot be the target of a traffic mirror session", name(own.target));
            let help =
                "targets are interfaces of instances; name a load balancer or an endpoint by its own name";
            self.problems.push(problems::mismatch(read.target.origin, message, help));
        }
        if all.iter().any(|(_, other)| other.target == own.source) {
            let message = format!("`{}` is source and target of traffic mirror sessions", name(own.source));
            let help = "an interface that gets copies cannot be a source";
            self.problems.push(problems::mismatch(read.source.origin, message, help));
        }
        let is_twin = |other: &&(&inventory::TrafficMirrorSession, TrafficMirrorSession)| {
            other.1.source == own.source && other.1.session_number == own.session_number
        };
        if let Some((first, _)) = all.iter().find(is_twin).filter(|(first, _)| !std::ptr::eq(*first, read)) {
            let message = format!(
                "`{}` has another traffic mirror session with the number {}",
                name(own.source),
                own.session_number
            );
            let problem = problems::mismatch(
                read.identity.origin,
                message,
                "give each a `session_number` of its own: the lowest is asked first",
            );
            self.problems.push(problem.related(first.identity.origin, "the first one"));
        }
        if own.family(network).is_none() {
            let message =
                format!("`{}` and `{}` have no addresses of one family", name(own.source), name(own.target));
            let help = "copies go from the primary address of the source to that of the target";
            self.problems.push(problems::mismatch(read.target.origin, message, help));
        }
    }

    /// What AWS does not mirror, and how much it does.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-sessions.html>,
    /// <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-network-limitations.html>
    fn check_mirror_limits(
        &mut self,
        read: &inventory::TrafficMirrorSession,
        own: &TrafficMirrorSession,
        all: &[(&inventory::TrafficMirrorSession, TrafficMirrorSession)],
        network: &Network,
    ) {
        let name = |card| &network.interface_label(card).name;
        let instance_type = network.instance_of(own.source).and_then(|of| of.instance_type.as_deref());
        if let Some(instance_type) = instance_type.filter(|instance_type| !can_be_mirrored(instance_type)) {
            let message = format!(
                "AWS may mirror nothing of `{}`: its type {instance_type} is on the list of those that cannot be sources",
                name(own.source)
            );
            let help =
                "copies are computed as if it did, since AWS changes the list; t3, m5 and c5 are not on it";
            self.problems.push(problems::no_effect(read.source.origin, message, help));
        }
        for (end, card) in [(&read.source, own.source), (&read.target, own.target)] {
            let subnet = &network.subnets[network.network_interfaces[card].subnet];
            if subnet.cidr_blocks.iter().all(|block| block.family() == Family::V6) {
                let message =
                    format!("`{}` is in an IPv6-only subnet, `{}`", name(card), subnet.identity.name);
                let help = "Traffic Mirroring is not supported there: give the subnet an IPv4 block";
                self.problems.push(problems::mismatch(end.origin, message, help));
            }
        }
        let before = all.iter().take_while(|(other, _)| !std::ptr::eq(*other, read));
        if before.filter(|(_, other)| other.source == own.source).count() == MOST_SESSIONS {
            let message =
                format!("`{}` has more than {MOST_SESSIONS} traffic mirror sessions", name(own.source));
            let help = "have fewer sessions; AWS raises this quota for nobody";
            self.problems.push(problems::mismatch(read.identity.origin, message, help));
        }
    }
}
