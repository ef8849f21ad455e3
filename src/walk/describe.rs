//! The rule behind a decision, in words: what it says, whose it is, where it stands.

use super::{Checkpoint, DecidedBy, Leg, Place, Stage};
use crate::diagnostic::{Origin, escape};
use crate::model::{Identity, Index, Listener, Network, NetworkInterface, RouteTable, Tracking};
use crate::net::Direction;

/// The rule behind a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What kind of rule or fact it is: `security-group-rule`, `network-acl-entry`, `route`…
    pub kind: &'static str,
    /// The rule's id, number or position within its owner.
    pub id: String,
    /// The name of what holds the rule.
    pub owner: String,
    /// What the rule says, or what is the case.
    pub text: String,
    /// Where it was read.
    pub origin: Option<Origin>,
    /// The page that states the rule's meaning.
    pub source_page: &'static str,
    /// The name of an assumption it rests on.
    pub assumption: Option<&'static str>,
}

impl Reason {
    /// The short name by which scenarios expect it: `acl-public ingress 90`, `main 0.0.0.0/0 -> igw`.
    pub fn short(&self, direction: Direction) -> String {
        match self.kind {
            "network-acl-entry" | "security-group-rule" => format!("{} {direction} {}", self.owner, self.id),
            "no-security-group-rule" => format!("{} {direction}", self.owner),
            _ => format!("{} {}", self.owner, self.id),
        }
    }

    /// The reason of `checkpoint`, which stands on `leg`.
    pub fn of(network: &Network, leg: &Leg, checkpoint: &Checkpoint) -> Self {
        let mut reason = Describe { network, leg, checkpoint }.reason();
        reason.source_page = source_page(checkpoint);
        // Labels of rules are texts from outside.
        reason.text = escape(&reason.text);
        reason.id = escape(&reason.id);
        reason
    }
}

fn source_page(checkpoint: &Checkpoint) -> &'static str {
    match checkpoint.decided_by {
        DecidedBy::Reserved(row) | DecidedBy::AnswerUndocumented(row) => row.source,
        DecidedBy::TrackedFlow { .. } => Stage::ConnectionTracking.entry().source,
        _ => checkpoint.stage.entry().source,
    }
}

struct Describe<'a> {
    network: &'a Network,
    leg: &'a Leg,
    checkpoint: &'a Checkpoint,
}

impl Describe<'_> {
    fn reason(&self) -> Reason {
        let direction = self.checkpoint.direction;
        match self.checkpoint.decided_by {
            DecidedBy::SecurityGroupRule { group, rule } => {
                let group = &self.network.security_groups[group];
                let found = group.rules.get(direction).get(rule);
                let id = found.and_then(|rule| rule.id.clone()).unwrap_or_else(|| (rule + 1).to_string());
                let text = found.map(|rule| rule.describe(direction)).unwrap_or_default();
                let text = format!("{text}{}", self.tracking());
                let origin = found.and_then(|rule| rule.origin);
                Reason { origin, ..fact("security-group-rule", &id, group.identity.to_string(), text) }
            }
            DecidedBy::NoSecurityGroupRule => self.no_group_rule(),
            DecidedBy::NetworkAclEntry(position) => self.acl_entry(position),
            DecidedBy::Route(position) | DecidedBy::ArbitraryRoute(position) => self.route(position),
            other => self.fact(other),
        }
    }

    fn tracking(&self) -> &'static str {
        let here = |flow: &&super::TrackedFlow| {
            flow.place == self.checkpoint.place && flow.header == self.checkpoint.header
        };
        match self.leg.remembers.flows().iter().find(here).map(|flow| flow.tracking) {
            Some(Tracking::Tracked) => "; tracked",
            Some(Tracking::Untracked) => "; untracked, open both ways",
            Some(Tracking::Automatic) => "; tracked automatically",
            None => "",
        }
    }

    fn no_group_rule(&self) -> Reason {
        let direction = self.checkpoint.direction;
        let groups = self.interface().map(|card| &self.network.network_interfaces[card].security_groups);
        let groups = groups.map_or(&[][..], Vec::as_slice);
        let names: Vec<String> =
            groups.iter().map(|group| self.network.security_groups[*group].identity.to_string()).collect();
        let rules: Vec<String> = groups
            .iter()
            .flat_map(|group| self.network.security_groups[*group].rules.get(direction))
            .map(|rule| rule.describe(direction))
            .collect();
        let text = match rules.len() {
            0 if names.is_empty() => "the interface has no security group".to_owned(),
            0 => format!("no {direction} rules"),
            1..=3 => format!("no rule matches; there is {}", rules.join("; ")),
            count => format!("none of {count} {direction} rules matches"),
        };
        let owner = if names.is_empty() { "no group".to_owned() } else { names.join("+") };
        let origin = groups.first().and_then(|group| self.network.security_groups[*group].identity.origin);
        Reason { origin, ..fact("no-security-group-rule", "", owner, text) }
    }

    fn acl_entry(&self, position: Option<usize>) -> Reason {
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

    fn route(&self, position: usize) -> Reason {
        let Some(table) = self.table() else { return fact("route", "", String::new(), String::new()) };
        let Some(route) = table.routes.get(position) else {
            return fact("route", "", table.identity.to_string(), String::new());
        };
        let others =
            table.matching(self.checkpoint.header.destination).filter(|(other, _)| *other != position);
        let beaten: Vec<String> = others.map(|(_, route)| route.to_string()).collect();
        let list = route.prefix_list.as_ref().map(|list| format!(" (of {list})")).unwrap_or_default();
        let mut text = format!("{route}{list}");
        if self.checkpoint.decision.stops() && !text.ends_with("blackhole") {
            text.push_str(" is a blackhole");
        }
        match (self.checkpoint.decided_by, beaten.is_empty()) {
            (DecidedBy::ArbitraryRoute(_), _) => {
                text = format!("{text}; AWS chooses arbitrarily between it and {}", beaten.join(", "))
            }
            (_, false) => text = format!("{text}; beats {}", beaten.join(", ")),
            (_, true) => {}
        }
        Reason { origin: route.origin, ..fact("route", &route.to_string(), table.identity.to_string(), text) }
    }

    /// Facts that are no rule of the user's.
    fn fact(&self, decided_by: DecidedBy) -> Reason {
        let header = &self.checkpoint.header;
        let (source, destination) = (header.source, header.destination);
        let owner = self.owner();
        let name = &owner;
        let of = |kind, id, text: String| fact(kind, id, owner.clone(), text);
        match decided_by {
            DecidedBy::SecurityGroupRule { .. }
            | DecidedBy::NoSecurityGroupRule
            | DecidedBy::NetworkAclEntry(_)
            | DecidedBy::Route(_)
            | DecidedBy::ArbitraryRoute(_) => of("rule", "", String::new()),
            DecidedBy::TrackedFlow { tracking: Tracking::Automatic } => {
                of("tracked-flow", "", "answers an automatically tracked flow".to_owned())
            }
            DecidedBy::TrackedFlow { .. } => of("tracked-flow", "", "answers a tracked flow".to_owned()),
            DecidedBy::NoRoute => {
                let origin = self.table().and_then(|table| table.identity.origin);
                Reason { origin, ..of("no-route", "no-route", format!("no route to {destination}")) }
            }
            DecidedBy::NeverForwarded => of(
                "no-route",
                "never-forwarded",
                format!("{destination} belongs to AWS's own services; no route forwards there"),
            ),
            DecidedBy::NoMulticast => {
                of("no-route", "no-multicast", "a VPC forwards neither broadcast nor multicast".to_owned())
            }
            DecidedBy::OwnAddress { checked: true } => {
                of("own-address", "own-address", "its own address".to_owned())
            }
            DecidedBy::OwnAddress { checked: false } => {
                of("own-address", "check-off", "the check is off".to_owned())
            }
            DecidedBy::ForeignAddress => {
                let address =
                    if self.checkpoint.direction == Direction::Egress { source } else { destination };
                Reason {
                    assumption: Some("source-check-unlogged"),
                    ..of(
                        "foreign-address",
                        "foreign-address",
                        format!("{address} is none of the addresses of {name}"),
                    )
                }
            }
            DecidedBy::Translated => {
                let (private, public) = self.translation();
                let arrow = if self.checkpoint.direction == Direction::Egress {
                    format!("{private} to {public}")
                } else {
                    format!("{public} to {private}")
                };
                of("translation", "translated", format!("rewrites {arrow}"))
            }
            DecidedBy::Unchanged => of("unchanged", "unchanged", "passes it as it is".to_owned()),
            DecidedBy::NoPublicAddress => {
                of("no-public-address", "no-public-address", format!("{source} has no public address"))
            }
            DecidedBy::NoSuchPublicAddress => of(
                "no-public-address",
                "no-public-address",
                format!("{destination} is not the public address of an interface behind it"),
            ),
            DecidedBy::PrivateAddress => of(
                "private-address",
                "private-address",
                format!("private addresses do not cross an internet gateway: {source} -> {destination}"),
            ),
            DecidedBy::NoInternetGateway => of(
                "no-internet-gateway",
                "no-internet-gateway",
                "no internet gateway is attached to the VPC".to_owned(),
            ),
            DecidedBy::WrongFamily => of("wrong-family", "wrong-family", "carries IPv6 only".to_owned()),
            DecidedBy::NotInitiatedInside => of(
                "not-initiated-inside",
                "not-initiated-inside",
                "lets in only answers to what left through it".to_owned(),
            ),
            DecidedBy::NotModelled => of(
                "not-modelled",
                "not-modelled",
                format!("{name} is a kind of gateway that this version does not simulate"),
            ),
            DecidedBy::OnwardConnection => of(
                "not-modelled",
                "not-modelled",
                format!("the onward connection of {name} is not simulated"),
            ),
            DecidedBy::ForwardingNotModelled => of(
                "not-modelled",
                "not-modelled",
                "the route leads to a network interface; forwarding interfaces are not simulated".to_owned(),
            ),
            DecidedBy::EntryNotModelled => {
                of("not-modelled", "not-modelled", format!("how {source} reaches the VPC is not simulated"))
            }
            DecidedBy::HopBudget => of("loop", "loop", "the path does not end".to_owned()),
            DecidedBy::Delivered => of("delivered", "delivered", format!("has {destination}")),
            DecidedBy::LeftNetwork => of("left", "left", format!("{destination} lies outside the network")),
            DecidedBy::NobodyHasAddress => of("nobody", "nobody", format!("no interface has {destination}")),
            DecidedBy::Reserved(row) => Reason {
                assumption: row.assumption,
                ..of("reserved", row.name, format!("{}: no rule sees it", row.doc))
            },
            DecidedBy::AnswerUndocumented(row) => {
                of("reserved", row.name, format!("{}: AWS does not say whether it answers", row.doc))
            }
            DecidedBy::Host(Listener::Listening) => of("host", "listener", "a program listens".to_owned()),
            DecidedBy::Host(Listener::Silent) => {
                of("host", "listener", "nobody listens, and the host drops silently".to_owned())
            }
            DecidedBy::Host(Listener::Refusing)
                if header.protocol.has_ports() && header.protocol != crate::net::Protocol::TCP =>
            {
                Reason {
                    assumption: Some("udp-closed-port"),
                    ..of("host", "listener", "nobody listens: no datagram answers".to_owned())
                }
            }
            DecidedBy::Host(Listener::Refusing) => {
                of("host", "listener", "nobody listens: the host answers with RST".to_owned())
            }
        }
    }

    /// The private and public address of a translation.
    fn translation(&self) -> (String, String) {
        let unknown = || "?".to_owned();
        let header = &self.checkpoint.header;
        match self.checkpoint.direction {
            Direction::Egress => {
                let cards = self.network.interfaces_with(header.source);
                let public = cards
                    .iter()
                    .find_map(|card| self.network.network_interfaces[*card].public_ip(header.source));
                (header.source.to_string(), public.map_or_else(unknown, |public| public.to_string()))
            }
            Direction::Ingress => {
                let private = self.network.behind_public_ip(header.destination);
                (
                    private.map_or_else(unknown, |(_, private)| private.to_string()),
                    header.destination.to_string(),
                )
            }
        }
    }

    /// The name of the place.
    fn owner(&self) -> String {
        let network = self.network;
        match self.checkpoint.place {
            Place::NetworkInterface(card)
                if self.checkpoint.stage == Stage::SecurityGroupEgress
                    || self.checkpoint.stage == Stage::SecurityGroupIngress =>
            {
                let groups = network.network_interfaces[card].security_groups.iter();
                let names: Vec<String> =
                    groups.map(|group| network.security_groups[*group].identity.to_string()).collect();
                names.join("+")
            }
            Place::NetworkInterface(card) => network.interface_label(card).to_string(),
            Place::NetworkAcl(acl) => network.network_acls[acl].identity.to_string(),
            Place::RouteTable(table) => network.route_tables[table].identity.to_string(),
            Place::Gateway(gateway) => network.gateways[gateway].identity.to_string(),
            Place::Subnet(subnet) => network.subnets[subnet].identity.to_string(),
            Place::Internet => "internet".to_owned(),
        }
    }

    fn interface(&self) -> Option<Index<NetworkInterface>> {
        match self.checkpoint.place {
            Place::NetworkInterface(card) => Some(card),
            _ => self.checkpoint.interface,
        }
    }

    fn table(&self) -> Option<&RouteTable> {
        match self.checkpoint.place {
            Place::RouteTable(table) => Some(&self.network.route_tables[table]),
            _ => None,
        }
    }
}

fn fact(kind: &'static str, id: &str, owner: String, text: String) -> Reason {
    Reason { kind, id: id.to_owned(), owner, text, origin: None, source_page: "", assumption: None }
}

impl Place {
    /// The id of the place as AWS writes it.
    pub fn id(self, network: &Network) -> String {
        let identity: Option<&Identity> = match self {
            Self::NetworkInterface(card) => Some(&network.network_interfaces[card].identity),
            Self::NetworkAcl(acl) => Some(&network.network_acls[acl].identity),
            Self::RouteTable(table) => Some(&network.route_tables[table].identity),
            Self::Gateway(gateway) => Some(&network.gateways[gateway].identity),
            Self::Subnet(subnet) => Some(&network.subnets[subnet].identity),
            Self::Internet => None,
        };
        identity.map_or_else(|| "internet".to_owned(), |identity| identity.id.clone())
    }
}
