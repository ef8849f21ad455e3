//! The rule behind a decision, in words: what it says, whose it is, where it stands.

mod beyond;
mod facts;
mod inspection;
mod lattice;
mod load_balancer;
mod managed_services;
mod mirrored;
mod not_simulated;
mod rules;
mod transit_gateway;

pub(super) use beyond::idle_seconds;

use super::{Checkpoint, DecidedBy, Leg, Place, Stage};
use crate::diagnostic::{Origin, escape};
use crate::model::{Identity, Index, Network, NetworkInterface, RouteTable};
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

    /// What it is and says, in a line: `acl open egress 90 deny icmp to 0.0.0.0/0`, `bpa igw: VPC Block Public Access …`.
    pub fn cited(&self, checkpoint: &Checkpoint) -> String {
        let what = checkpoint.stage.entry().short;
        match self.kind {
            "network-acl-entry" | "security-group-rule" => {
                format!("{what} {} {}", self.short(checkpoint.direction), self.text)
            }
            "no-security-group-rule" => format!("{what} {}: {}", self.short(checkpoint.direction), self.text),
            _ => format!("{what} {}: {}", self.owner, self.text),
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
        DecidedBy::Lattice(_) => Stage::VpcLattice.entry().source,
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
        match self.checkpoint.decided_by {
            DecidedBy::SecurityGroupRule { group, rule } => self.group_rule(group, rule),
            DecidedBy::NoSecurityGroupRule => self.no_group_rule(),
            DecidedBy::NetworkAclEntry(position) => self.acl_entry(position),
            DecidedBy::Route(position) | DecidedBy::ArbitraryRoute(position) => self.route(position),
            DecidedBy::TransitGateway(fact) => self.transit(fact),
            DecidedBy::LoadBalancer(fact) => self.balanced(fact),
            DecidedBy::Lattice(fact) => self.lattice(fact),
            DecidedBy::Inspection(fact) => self.inspection(fact),
            DecidedBy::Mirrored(by) => self.mirrored(by),
            _ => self.fact(),
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
            Place::Vpc(vpc) => network.vpcs[vpc].identity.to_string(),
            Place::CustomerNetwork(customer) => network.customer_networks[customer].identity.to_string(),
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
            Self::Vpc(vpc) => Some(&network.vpcs[vpc].identity),
            Self::CustomerNetwork(customer) => Some(&network.customer_networks[customer].identity),
            Self::Internet => None,
        };
        identity.map_or_else(|| "internet".to_owned(), |identity| identity.id.clone())
    }
}
