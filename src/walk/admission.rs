//! Security groups: which rule admits a packet, and whether its flow is tracked.

use std::cell::LazyCell;

use smallvec::SmallVec;

use super::leg::Walker;
use super::sender::{Joined, Sender, joined, may_name_groups};
use super::{DecidedBy, Decision, Observe, Place, Stage, TrackedFlow, conntrack};
use crate::model::{Card, Index, Kind, NetworkInterface, Peer, Probe, SecurityGroup, Tracking, Vpc};
use crate::net::{Direction, Header, is_private};

/// What the known rules of security groups say of a packet.
enum Admission {
    /// This rule of this group is the first that admits it.
    By {
        group: Index<SecurityGroup>,
        rule: usize,
        /// Whether it is for all addresses.
        is_for_everyone: bool,
    },
    /// None admits it, but one might if more were known.
    Doubtful,
    /// None admits it, for certain.
    Refused,
}

impl<O: Observe> Walker<'_, O> {
    /// All rules of all groups of the interface form one set; packets of a remembered flow pass. Those of an untracked
    /// flow are judged by the rules as they are, each way; while the rules let more of it pass, it becomes tracked as
    /// soon as they make it so. An answer makes it so as well where the open egress rule is gone, but nothing that goes
    /// out keeps what came in by a rule that is gone: that is cut at once. Assumed: untracked-becomes-tracked.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#untracked-connections>
    pub(super) fn security_groups(&mut self, interface: Index<NetworkInterface>, direction: Direction) {
        if self.is_beyond_groups(interface, direction) {
            return;
        }
        let stage = match direction {
            Direction::Egress => Stage::SecurityGroupEgress,
            Direction::Ingress => Stage::SecurityGroupIngress,
        };
        let place = Place::NetworkInterface(interface);
        let remembered = self.memory.flow_of(place, direction, &self.header);
        let answers = remembered.is_some_and(|flow| flow.direction != direction);
        if let Some(tracking) = remembered.map(|flow| flow.tracking)
            && tracking != Tracking::Untracked
        {
            self.pass(stage, place, interface, direction, DecidedBy::TrackedFlow { tracking, answers });
            return;
        }
        let opens = !answers;
        let (decision, decided_by, tracking) = self.judged_by_groups(interface, direction, opens);
        self.record(stage, place, Some(interface), direction, decision, decided_by);
        if opens {
            let automatically = || self.is_tracked_automatically(interface, direction);
            let is_managed =
                !self.network.managed_services.is_empty() || self.network.card(interface).conduct.refuses;
            let tracking = if is_managed && automatically() { Tracking::Automatic } else { tracking };
            self.remember(TrackedFlow { place, direction, header: self.header, tracking });
        } else if decision == Decision::Allow
            && direction == Direction::Ingress
            && let Some(flow) = remembered.copied()
        {
            let card = self.network.card(interface);
            let tracking = self.tracking_now(card, &flow);
            if tracking != flow.tracking {
                self.remember(TrackedFlow { tracking, ..flow });
            }
        }
    }

    /// Whether the rules as they are have a flow tracked that was opened under others.
    fn tracking_now(&self, card: &Card, flow: &TrackedFlow) -> Tracking {
        let by_open_rule = || {
            card.opened_by(flow.direction, flow.header.family()).is_some()
                || self.is_admitted_as_everyone(card, flow.direction, &flow.header)
        };
        conntrack::tracking(card, flow.direction, &flow.header, by_open_rule)
    }

    /// What the groups of an interface say of a packet, and how the flow is remembered that it `opens`.
    pub(super) fn judged_by_groups(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
        opens: bool,
    ) -> (Decision, DecidedBy, Tracking) {
        let card = self.network.card(interface);
        let is_simulated = !opens
            || match direction {
                Direction::Egress => {
                    card.conduct.opens
                        || card.is_of_gateway && self.network.load_balancer_of(interface).is_some()
                }
                Direction::Ingress => card.conduct.answers || card.is_of_gateway,
            };
        match self.admission(interface, card, direction) {
            Admission::By { .. } if !is_simulated => {
                (Decision::Unknown, DecidedBy::ManagedInterface, Tracking::Tracked)
            }
            Admission::By { group, rule, is_for_everyone } => {
                let by_open_rule =
                    || is_for_everyone || self.is_admitted_as_everyone(card, direction, &self.header);
                let tracking = conntrack::tracking(card, direction, &self.header, by_open_rule);
                (Decision::Allow, DecidedBy::SecurityGroupRule { group, rule }, tracking)
            }
            Admission::Doubtful if let Some(missing) = self.may_be_admitted(interface, direction) => {
                (Decision::Unknown, missing, Tracking::Tracked)
            }
            // If the group were mended the flow would pass; the reply is judged as if it had.
            Admission::Doubtful | Admission::Refused => {
                (Decision::Deny, DecidedBy::NoSecurityGroupRule, Tracking::Tracked)
            }
        }
    }

    /// What the rules that are known say of the packet.
    fn admission(&self, interface: Index<NetworkInterface>, card: &Card, direction: Direction) -> Admission {
        let network = self.network;
        let peer = LazyCell::new(|| self.peer(interface, direction));
        let is_member = |group| {
            peer.is_some_and(|peer| network.card(peer).security_groups.contains(&group))
                || self.is_peered_member(interface, direction, group)
        };
        let members_are_known = LazyCell::new(|| self.members_are_known(interface, direction));
        if let Some(group) = card.opened_by(direction, self.header.family()) {
            return Admission::By { group, rule: 0, is_for_everyone: true };
        }
        let mut is_doubtful = !card.known.get(direction) || self.is_unplaced(direction);
        let probe = Probe::of(&self.header, direction);
        let rules_of = |group: Index<SecurityGroup>| network.security_groups[group].rules.get(direction);
        // Of all groups before any is looked at, so that the processor fetches them together.
        let begins: SmallVec<[_; 5]> =
            card.security_groups.iter().map(|group| rules_of(*group).begin(&probe)).collect();
        for (group, begin) in card.security_groups.iter().zip(begins) {
            let admitted = rules_of(*group).find_from(begin, &probe, &self.header, |found| {
                let admits = match found.note {
                    Peer::Anyone => true,
                    Peer::Member(group) => is_member(group),
                    Peer::Unlisted => false,
                };
                if !admits {
                    is_doubtful |= found.note == Peer::Unlisted || !*members_are_known;
                    return None;
                }
                let is_for_everyone = found.is_for_everyone && found.note == Peer::Anyone;
                Some(Admission::By { group: *group, rule: found.position, is_for_everyone })
            });
            if let Some(admitted) = admitted {
                return admitted;
            }
        }
        if is_doubtful { Admission::Doubtful } else { Admission::Refused }
    }

    /// Whether a rule for all addresses admits the packet `header`.
    fn is_admitted_as_everyone(&self, card: &Card, direction: Direction, header: &Header) -> bool {
        let network = self.network;
        card.security_groups.iter().any(|group| {
            let mut rules = network.security_groups[*group].rules.get(direction).open(direction, header);
            rules.any(|found| found.note == Peer::Anyone)
        })
    }

    /// What is not known, and might admit a packet that no known rule admits.
    fn may_be_admitted(&self, interface: Index<NetworkInterface>, direction: Direction) -> Option<DecidedBy> {
        let network = self.network;
        let groups = &network.network_interfaces[interface].security_groups;
        let unknown = |group: &&Index<SecurityGroup>| !network.security_groups[**group].known.get(direction);
        if let Some(group) = groups.iter().find(unknown) {
            return Some(DecidedBy::GroupNotCollected(*group));
        }
        if groups.is_empty() {
            return Some(DecidedBy::ManagedInterface);
        }
        let mut rules = network.candidate_rules(interface, direction, &self.header);
        let unlisted = rules.find_map(|(group, position, rule)| match rule.peer {
            Peer::Member(named) if rule.test.contains(&self.header) => {
                self.may_be_member(interface, direction, named)
            }
            _ if rule.may_admit(&self.header) => Some(DecidedBy::UnlistedRule { group, rule: position }),
            _ => None,
        });
        unlisted.or_else(|| self.may_be_listed(interface, direction))
    }

    /// Whether [`Walker::may_be_member`] says no for every group: most packets are for an address of their own VPC.
    fn members_are_known(&self, interface: Index<NetworkInterface>, direction: Direction) -> bool {
        if matches!(self.sender, Sender::Doubtful(_)) && direction == Direction::Ingress {
            return false;
        }
        let own = &self.network.vpcs[self.network.vpc_of(interface)];
        let is_seen = direction == Direction::Ingress || own.has_collected(Kind::NetworkInterfaces);
        direction == Direction::Ingress && self.sender != Sender::Outside
            || own.contains(self.header.remote(direction)) && is_seen
    }

    /// Why it is not known whether the far side is a member of `group`, if it is not.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
    fn may_be_member(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
        group: Index<SecurityGroup>,
    ) -> Option<DecidedBy> {
        let network = self.network;
        if let (Direction::Ingress, Sender::Doubtful(member)) = (direction, self.sender) {
            let may_refer = may_name_groups(network, interface);
            let is_member = network.card(member).security_groups.contains(&group);
            return (may_refer && is_member).then_some(DecidedBy::ReferencingNotCollected);
        }
        let own = network.vpc_of(interface);
        let remote = self.header.remote(direction);
        let unseen = direction == Direction::Egress
            && !network.vpcs[own].has_collected(Kind::NetworkInterfaces)
            && self.peer(interface, direction).is_none();
        let may_be_within = network.vpcs[own].cidr_blocks.is_empty() && unseen;
        if network.vpcs[own].contains(remote) || may_be_within {
            return unseen.then_some(DecidedBy::NotCollected(Kind::NetworkInterfaces));
        }
        if direction == Direction::Ingress && self.sender != Sender::Outside {
            return None; // it is known who sent it, or that nobody can know
        }
        let group = &network.security_groups[group];
        let seen_in = |vpc: Index<Vpc>| network.vpcs[vpc].has_collected(Kind::NetworkInterfaces);
        let are_known = |theirs: Index<Vpc>| match joined(network, own, theirs) {
            Joined::Peered => seen_in(theirs),
            Joined::Stale => true,
            // Something may join them that was not collected; only a member has an address there.
            Joined::Unknown => {
                let blocks = &network.vpcs[theirs].cidr_blocks;
                group.is_of(own) && !blocks.is_empty() && !network.vpcs[theirs].contains(remote)
            }
        };
        let mut others = group.vpcs().filter(|theirs| *theirs != own);
        if group.known.ingress && others.clone().all(are_known) {
            return None;
        }
        let elsewhere = others.next().is_some() || !group.known.ingress;
        // What crossed an internet gateway belongs to no group. Assumed: peer-members-private.
        let joined = is_private(remote) || network.vpcs.iter().any(|vpc| vpc.contains(remote));
        (elsewhere && joined).then_some(DecidedBy::PeerGroupNotModelled)
    }

    /// The interface whose membership a group reference tests: the sender's, or the one that has the destination
    /// as a private address.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing>
    fn peer(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
    ) -> Option<Index<NetworkInterface>> {
        match direction {
            Direction::Ingress => self.sender.interface_at(self.network, interface),
            Direction::Egress => self.receiver(self.network.vpc_of(interface)),
        }
    }

    /// Whether the destination is a member of a group of a peered VPC, by a private address. Which way the packet will
    /// take is not asked: security groups come before routes. Assumed: peer-group-before-route.
    fn is_peered_member(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
        group: Index<SecurityGroup>,
    ) -> bool {
        if direction == Direction::Ingress {
            return false; // the sender is known
        }
        let network = self.network;
        let own = network.vpc_of(interface);
        let mut others = network.security_groups[group].vpcs().filter(|theirs| *theirs != own);
        others.any(|theirs| {
            network
                .interface_at(theirs, self.header.destination)
                .is_some_and(|member| network.network_interfaces[member].security_groups.contains(&group))
                && joined(network, own, theirs) == Joined::Peered
        })
    }
}
