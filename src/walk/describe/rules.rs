//! Rules that somebody wrote: of security groups, of network ACLs, and routes.

use super::{Describe, Reason, fact};
use crate::model::{Index, Peer, Route, SecurityGroup, SecurityGroupRule, Tracking};
use crate::walk::sender::{LostReference, lost_reference};
use crate::walk::{DecidedBy, Decision, Place, TrackedFlow};

impl Describe<'_> {
    pub(super) fn group_rule(&self, group: Index<SecurityGroup>, rule: usize) -> Reason {
        let direction = self.checkpoint.direction;
        let group = &self.network.security_groups[group];
        let found = group.rules.get(direction).get(rule);
        let id = found.and_then(|rule| rule.id.clone()).unwrap_or_else(|| (rule + 1).to_string());
        let text = found.map(|rule| rule.describe(direction)).unwrap_or_default();
        let text = format!("{text}{}", self.tracking());
        let origin = found.and_then(|rule| rule.origin);
        Reason { origin, ..fact("security-group-rule", &id, group.identity.to_string(), text) }
    }

    fn tracking(&self) -> &'static str {
        let here = |flow: &&TrackedFlow| {
            flow.place == self.checkpoint.place
                && flow.direction == self.checkpoint.direction
                && flow.header == self.checkpoint.header
        };
        match self.leg.remembers.flows().iter().find(here).map(|flow| flow.tracking) {
            Some(Tracking::Tracked) => "; tracked",
            Some(Tracking::Untracked) => "; untracked, open both ways",
            Some(Tracking::Automatic) => "; tracked automatically",
            None => "",
        }
    }

    pub(super) fn no_group_rule(&self) -> Reason {
        let direction = self.checkpoint.direction;
        let groups = self.interface().map(|card| &self.network.network_interfaces[card].security_groups);
        let groups = groups.map_or(&[][..], Vec::as_slice);
        let names: Vec<String> =
            groups.iter().map(|group| self.network.security_groups[*group].identity.to_string()).collect();
        let card = self.interface().into_iter();
        let all = card.flat_map(|card| self.network.security_group_rules(card, direction));
        let all: Vec<&SecurityGroupRule> = all.map(|(.., rule)| rule).collect();
        let rules: Vec<String> = all.iter().map(|rule| rule.describe(direction)).collect();
        let text = match rules.len() {
            0 if names.is_empty() => "the interface has no security group".to_owned(),
            0 => format!("no {direction} rules"),
            1..=3 => format!("no rule matches; there is {}", rules.join("; ")),
            count => format!("none of {count} {direction} rules matches"),
        };
        let header = &self.checkpoint.header;
        let by_public_address = self.network.behind_public_ip(header.remote(direction)).is_some();
        let names_a_group = all.iter().any(|rule| rule.peer != Peer::Anyone && rule.test.contains(header));
        let text = if by_public_address && names_a_group {
            format!("{text}; members of a group are known by their private addresses only")
        } else {
            text
        };
        let text = match lost_reference(self.network, self.leg, self.checkpoint) {
            Some(lost) => format!("{text}; {}", self.lost(&lost)),
            None => text,
        };
        let owner = if names.is_empty() { "no group".to_owned() } else { names.join("+") };
        let origin = groups.first().and_then(|group| self.network.security_groups[*group].identity.origin);
        Reason { origin, ..fact("no-security-group-rule", "", owner, text) }
    }

    /// Why a rule does not know the sender as a member of the group that it names.
    fn lost(&self, lost: &LostReference) -> String {
        let network = self.network;
        let group = &network.security_groups[lost.group].identity;
        let gateway = &network.gateways[lost.gateway];
        let name = &gateway.identity;
        let off = lost.switched_off(network);
        if !off.is_empty() {
            let off = off.join(", ");
            return format!(
                "{group} is a group of another VPC, and transit gateway {name} does not carry references to groups: \
                 `security_group_referencing` is off for {off}"
            );
        }
        let crosses_regions = gateway.peering().is_some_and(|own| own.is_in_one_region() == Some(false));
        let why = if crosses_regions {
            format!("peering connection {name} does not carry references to groups across Regions")
        } else {
            format!("on the way through {name} it is lost who belongs to it")
        };
        format!("{group} is a group of another VPC, and {why}")
    }

    pub(super) fn acl_entry(&self, position: Option<usize>) -> Reason {
        let direction = self.checkpoint.direction;
        let Place::NetworkAcl(acl) = self.checkpoint.place else {
            return fact("network-acl-entry", "", String::new(), String::new());
        };
        let acl = &self.network.network_acls[acl];
        let entries = acl.entries.get(direction);
        let owner = acl.identity.to_string();
        match position.and_then(|position| Some((position, entries.get(position)?))) {
            Some((position, entry)) => {
                let mut text = entry.describe(direction);
                // An entry that would have decided otherwise explains a surprise.
                let later = entries.iter().skip(position + 1).find(|later| {
                    later.action != entry.action && later.test.contains(&self.checkpoint.header)
                });
                if let Some(later) = later.filter(|_| self.checkpoint.decision.stops()) {
                    text = format!("{text}; stands before {} {}", later.number, later.action);
                }
                Reason {
                    origin: entry.origin,
                    ..fact("network-acl-entry", &entry.number.to_string(), owner, text)
                }
            }
            None => {
                let text = match entries.len() {
                    0 => format!("no {direction} entries: everything is denied"),
                    1..=3 => {
                        let list = entries
                            .iter()
                            .map(|entry| format!("{} {}", entry.number, entry.describe(direction)));
                        format!("no entry matches; there is {}", list.collect::<Vec<_>>().join("; "))
                    }
                    count => format!("none of {count} {direction} entries matches"),
                };
                Reason { origin: acl.identity.origin, ..fact("network-acl-entry", "*", owner, text) }
            }
        }
    }

    pub(super) fn route(&self, position: usize) -> Reason {
        let Some(table) = self.table() else { return fact("route", "", String::new(), String::new()) };
        let Some(route) = table.routes.get(position) else {
            return fact("route", "", table.identity.to_string(), String::new());
        };
        let arbitrary = matches!(self.checkpoint.decided_by, DecidedBy::ArbitraryRoute(_));
        let destination = self.checkpoint.header.destination;
        let others =
            table.matching(destination).filter(|(other, _)| *other != position).map(|(_, other)| other);
        let (equal, beaten): (Vec<_>, Vec<_>) =
            others.partition(|other| arbitrary && other.destination == route.destination);
        let join =
            |routes: Vec<&Route>| routes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut text = route.to_string();
        if let Some(list) = &route.prefix_list {
            text = format!("{text} (of {list})");
        }
        if self.checkpoint.decision == Decision::Unknown {
            text.push_str(self.why_unknown(&route.target_label));
        }
        if self.checkpoint.decision.stops() && route.target_label != "blackhole" {
            text.push_str(" is a blackhole");
        }
        if !equal.is_empty() {
            text = format!("{text}; AWS chooses arbitrarily between it and {}", join(equal));
        }
        if !beaten.is_empty() {
            text = format!("{text}; beats {}", join(beaten));
        }
        let assumption = (!table.known).then_some("local-routes");
        let reason = fact("route", &route.to_string(), table.identity.to_string(), text);
        Reason { origin: route.origin, assumption, ..reason }
    }

    /// Why nothing is known behind a target: AWS calls some kinds by names of their own, of which none is simulated.
    fn why_unknown(&self, target: &str) -> &'static str {
        if target.contains(":core-network/") {
            ", and core networks are not simulated"
        } else if target.contains(":odb-network/") {
            ", and networks of Oracle Database@AWS are not simulated"
        } else if self.network.network_interfaces.iter().any(|card| card.identity.id == target) {
            ", an interface of another VPC"
        } else {
            ", which was not collected or is not known"
        }
    }
}
