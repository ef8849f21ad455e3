//! The stages themselves: each asks the model for the rule and notes what it decides.

use super::customer_networks::leads_to_others;
use super::gateway::Entering;
use super::leg::{Next, Walker};
use super::{Arrival, DecidedBy, Decision, Observe, Place, Stage};
use crate::model::{
    GatewayKind, Index, Kind, Lookup, NetworkAcl, NetworkInterface, ReservedTraffic, Route, RouteTable,
    RouteTarget, RuleAction, Stray, Subnet, Vpc, is_never_forwarded,
};
use crate::net::{Direction, Family, embedded_ipv4, is_private};

impl<O: Observe> Walker<'_, O> {
    /// Source/destination check: the interface's side of the packet must be one of its own addresses.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>
    #[inline]
    pub(super) fn own_address_check(&mut self, interface: Index<NetworkInterface>, direction: Direction) {
        let card = self.network.card(interface);
        let (stage, address) = match direction {
            Direction::Egress => (Stage::SourceCheck, self.header.source),
            Direction::Ingress => (Stage::DestinationCheck, self.header.destination),
        };
        let owns = || card.has_primary(address) || self.network.network_interfaces[interface].owns(address);
        let (decision, decided_by) = match card.source_dest_check {
            Some(false) => (Decision::Pass, DecidedBy::OwnAddress { checked: false }),
            _ if owns() => (Decision::Pass, DecidedBy::OwnAddress { checked: true }),
            Some(true) => (Decision::Drop, DecidedBy::ForeignAddress),
            None => (Decision::Unknown, DecidedBy::CheckNotCollected),
        };
        self.record(
            stage,
            Place::NetworkInterface(interface),
            Some(interface),
            direction,
            decision,
            decided_by,
        );
    }

    /// The border of a subnet: the first entry that matches, by number, or `*`.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>
    pub(super) fn network_acl(
        &mut self,
        interface: Index<NetworkInterface>,
        subnet: Index<Subnet>,
        direction: Direction,
    ) {
        let stage = match direction {
            Direction::Egress => Stage::NetworkAclEgress,
            Direction::Ingress => Stage::NetworkAclIngress,
        };
        let acl = self.network.border(subnet).network_acl;
        let (decision, decided_by) = self.judged_by_acl(acl, direction);
        self.record(stage, Place::NetworkAcl(acl), Some(interface), direction, decision, decided_by);
    }

    /// What a network ACL says of the packet.
    pub(super) fn judged_by_acl(
        &self,
        acl: Index<NetworkAcl>,
        direction: Direction,
    ) -> (Decision, DecidedBy) {
        let acl = &self.network.network_acls[acl];
        let found = acl.decide(direction, &self.header);
        let decided_by = DecidedBy::NetworkAclEntry(found.map(|(position, _)| position));
        match found.map(|(_, action)| action) {
            _ if !acl.known => (Decision::Unknown, DecidedBy::NotCollected(Kind::NetworkAcls)),
            Some(RuleAction::Allow) => (Decision::Allow, decided_by),
            Some(RuleAction::Deny) | None => (Decision::Deny, decided_by),
        }
    }

    /// Which route takes the packet, and where to.
    pub(super) fn choose_route(&mut self, index: Index<Subnet>) -> (Decision, DecidedBy, Next) {
        let destination = self.header.destination;
        let border = self.network.border(index);
        if is_broadcast_or_multicast(destination) {
            return (Decision::Drop, DecidedBy::NoMulticast, Next::End);
        }
        if is_never_forwarded(destination) {
            let dropped = (Decision::Drop, DecidedBy::NeverForwarded, Next::End);
            return self.route_to_lattice(border.vpc).unwrap_or(dropped);
        }
        if let Some(position) = border.local_route(destination) {
            return (Decision::Pass, DecidedBy::Route(position), Next::Router(border.vpc));
        }
        let (decision, decided_by, target) =
            self.choose_target(&self.network.route_tables[border.route_table]);
        let next = match target {
            None | Some(RouteTarget::Blackhole | RouteTarget::External) => Next::End,
            Some(RouteTarget::Local) => Next::Router(border.vpc),
            Some(RouteTarget::Gateway(gateway)) => Next::Gateway(gateway, Entering::FromSubnet(index)),
            Some(RouteTarget::NetworkInterface(interface)) => {
                let crosses_border = self.network.network_interfaces[interface].subnet != index;
                Next::Forward { interface, crosses_border }
            }
        };
        (decision, decided_by, next)
    }

    /// The target of the route of `table` that takes the packet, what that decides, and which route it is.
    #[inline]
    pub(super) fn choose_target(&mut self, table: &RouteTable) -> (Decision, DecidedBy, Option<RouteTarget>) {
        let destination = self.header.destination;
        let (target, decided_by) = match table.plain_route(destination) {
            Some((position, target)) if table.is_known_throughout() && self.service.is_none() => {
                (Some(target), DecidedBy::Route(position))
            }
            _ => {
                let lookup = table.lookup(destination);
                if let Some(missing) = self.may_be_routed_otherwise(table, &lookup) {
                    return (Decision::Unknown, missing, None);
                }
                let (position, decided_by) = match lookup {
                    Lookup::NoRoute => return (Decision::Drop, DecidedBy::NoRoute, None),
                    Lookup::Route(position) => (position, DecidedBy::Route(position)),
                    Lookup::Ambiguous(tied) => {
                        let pick = self.choices.pick(tied.len());
                        let chosen = tied.get(pick).copied().unwrap_or_default();
                        (chosen, DecidedBy::ArbitraryRoute(chosen))
                    }
                };
                (table.routes.get(position).map(|route| route.target), decided_by)
            }
        };
        match target {
            None => (Decision::Drop, DecidedBy::NoRoute, None),
            Some(RouteTarget::Blackhole) => (Decision::Drop, decided_by, target),
            Some(RouteTarget::External) => (Decision::Unknown, decided_by, target),
            Some(_) => (Decision::Pass, decided_by, target),
        }
    }

    /// What is not known of a route table, and might send the packet another way than `lookup` says. A local route
    /// counts even where the table was not collected: the assumption `local-routes`.
    fn may_be_routed_otherwise(&self, table: &RouteTable, lookup: &Lookup) -> Option<DecidedBy> {
        let destination = self.header.destination;
        let best = match lookup {
            Lookup::Route(position) => table.routes.get(*position),
            Lookup::Ambiguous(tied) => tied.first().and_then(|first| table.routes.get(*first)),
            Lookup::NoRoute => None,
        };
        if best.is_some_and(|best| best.target == RouteTarget::Local || best.destination.is_host()) {
            return None;
        }
        if !table.known {
            return Some(DecidedBy::NotCollected(Kind::RouteTables));
        }
        // Lists of gateway endpoints hold addresses of AWS's services. Assumed: endpoint-lists-public.
        let concerns = |route: &Route| {
            route.destination.contains(destination)
                && !(is_private(destination) && route.target_label.starts_with("vpce-"))
        };
        let unlisted = table.unlisted.iter().position(concerns).map(DecidedBy::UnlistedRoute);
        unlisted.or_else(|| self.may_be_routed_by_list(table))
    }

    /// Outside: a packet to a public address of the network comes back in, any other has left.
    pub(super) fn internet(&mut self) -> Next {
        let header = self.header;
        if is_private(header.source) {
            let (decision, decided_by) = if self.has_other_ways_in() {
                (Decision::Unknown, DecidedBy::EntryNotModelled)
            } else {
                (Decision::Drop, DecidedBy::PrivateAddress)
            };
            self.refuse_entry(Place::Internet, decision, decided_by);
            return Next::End;
        }
        if self.network.stray_public_ip(header.source) == Some(Stray::Pool) {
            return self.stray(Decision::Unknown, DecidedBy::PublicPool(header.source));
        }
        if self.network.stray_public_ip(header.source).is_some() {
            return self.stray(Decision::Unknown, DecidedBy::PublicAddressUnplaced(header.source));
        }
        match self.network.stray_public_ip(header.destination) {
            Some(Stray::Unplaced) => {
                return self.stray(Decision::Unknown, DecidedBy::PublicAddressUnplaced(header.destination));
            }
            Some(Stray::Pool) => {
                return self.stray(Decision::Unknown, DecidedBy::PublicPool(header.destination));
            }
            Some(Stray::Unassociated | Stray::Released) => {
                return self.stray(Decision::Drop, DecidedBy::NoSuchPublicAddress);
            }
            None => {}
        }
        let vpc = match header.family() {
            Family::V4 => {
                self.network.behind_public_ip(header.destination).map(|(card, _)| self.network.vpc_of(card))
            }
            Family::V6 => self.network.vpc_of_ipv6(header.destination),
        };
        if let Some(vpc) = vpc {
            return self.enter(vpc);
        }
        if self.is_meant_for_a_vpc() {
            self.refuse_entry(self.front_gateway(), Decision::Drop, DecidedBy::NoSuchPublicAddress);
            return Next::End;
        }
        let (decision, decided_by) = match embedded_ipv4(header.destination) {
            Some(_) => (Decision::Unknown, DecidedBy::LeftUntranslated),
            None => (Decision::Pass, DecidedBy::LeftNetwork),
        };
        self.record(Stage::Delivery, Place::Internet, None, Direction::Egress, decision, decided_by);
        self.end_at(Arrival::Internet)
    }

    /// A packet outside with a public address of the account that no known interface has. An internet gateway takes
    /// none to an address that no attached interface has.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>
    fn stray(&mut self, decision: Decision, decided_by: DecidedBy) -> Next {
        self.refuse_entry(Place::Internet, decision, decided_by);
        Next::End
    }

    /// Whether a packet that is outside was to reach a VPC. Addresses of the internet that a VPC uses as its own belong,
    /// out there, to somebody else: what another VPC sends to them reaches that one.
    fn is_meant_for_a_vpc(&self) -> bool {
        let (source, destination) = (self.header.source, self.header.destination);
        let came_from_outside = self.network.behind_public_ip(source).is_none();
        self.network.vpcs.iter().any(|vpc| vpc.contains(destination))
            && (came_from_outside || !self.network.interfaces_with(destination).is_empty())
    }

    /// Whether packets may come by another way than from the internet: by a gateway or an interface that forwards, which
    /// are not simulated, or by something that was not collected.
    fn has_other_ways_in(&self) -> bool {
        let leads_elsewhere =
            |route: &Route| matches!(route.target, RouteTarget::NetworkInterface(_) | RouteTarget::External);
        let network = self.network;
        network.gateways.iter().any(leads_to_others)
            || network
                .route_tables
                .iter()
                .any(|table| !table.known || table.routes.iter().chain(&table.unlisted).any(leads_elsewhere))
    }

    /// The gateway that takes packets from the internet into `vpc`.
    fn enter(&mut self, vpc: Index<Vpc>) -> Next {
        let header = self.header;
        let answered =
            |index| self.memory.answered_by(Place::Gateway(index), Direction::Ingress, &header).is_some();
        let egress_only = self.network.gateways.enumerate().filter(|(_, gateway)| {
            header.family() == Family::V6
                && gateway.kind == GatewayKind::EgressOnlyInternetGateway
                && gateway.vpc == Some(vpc)
        });
        let mut refusing = None;
        let mut answering = None;
        for (index, _) in egress_only {
            let side = if answered(index) { &mut answering } else { &mut refusing };
            side.get_or_insert(index);
        }
        // What it refuses may come by an internet gateway that nobody asked about.
        let refusing = refusing.filter(|_| self.network.vpcs[vpc].has_collected(Kind::InternetGateways));
        let gateway = answering.or(self.network.vpcs[vpc].internet_gateway).or(refusing);
        match gateway {
            Some(gateway) => Next::Gateway(gateway, Entering::FromInternet(vpc)),
            None if !self.network.vpcs[vpc].has_collected(Kind::InternetGateways) => {
                let missing = DecidedBy::NotCollected(Kind::InternetGateways);
                self.refuse_entry(Place::Internet, Decision::Unknown, missing);
                Next::End
            }
            None => {
                self.refuse_entry(Place::Internet, Decision::Drop, DecidedBy::NoInternetGateway);
                Next::End
            }
        }
    }

    fn refuse_entry(&mut self, place: Place, decision: Decision, decided_by: DecidedBy) {
        self.record(Stage::InternetGateway, place, None, Direction::Ingress, decision, decided_by);
    }

    /// The internet gateway of the VPC in which the destination lies.
    fn front_gateway(&self) -> Place {
        let holds = |vpc: &&Vpc| vpc.contains(self.header.destination);
        let gateway = self.network.vpcs.iter().find(holds).and_then(|vpc| vpc.internet_gateway);
        gateway.map_or(Place::Internet, Place::Gateway)
    }

    /// The answer of one of AWS's own services, which no rule sees.
    pub(super) fn answer_from_reserved(
        &mut self,
        row: &'static ReservedTraffic,
        interface: Index<NetworkInterface>,
    ) -> Next {
        let place = Place::NetworkInterface(interface);
        let (decision, decided_by) = if (row.answers)(&self.header.reversed()) {
            (Decision::Pass, DecidedBy::Reserved(row))
        } else {
            (Decision::Unknown, DecidedBy::AnswerUndocumented(row))
        };
        self.record(Stage::Delivery, place, Some(interface), Direction::Ingress, decision, decided_by);
        self.end_at(Arrival::Interface(interface))
    }
}

/// AWS: a VPC supports neither broadcast nor multicast, but for multicast domains of transit gateways.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
fn is_broadcast_or_multicast(address: std::net::IpAddr) -> bool {
    address.is_multicast() || matches!(address, std::net::IpAddr::V4(v4) if v4.is_broadcast())
}
