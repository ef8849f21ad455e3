//! The shapes of the scenario format: one table for each mapping, with its keys, what they hold and how they go
//! together. Readers ask for these keys and no others; the JSON Schema and the book are made from the same tables.

mod event;
mod gateway;
mod interface;
mod lattice;
mod load_balancer;
mod managed_service;
mod network;
mod network_firewall;
mod profile;
mod rule;
mod scenario;
mod traffic;
mod traffic_mirror;
mod transit_gateway;
mod value_kind;

pub use scenario::SCENARIO;
pub use value_kind::{Form, ValueKind};

pub(super) use event::{CHANGED_SECTIONS, EVENT, PART, REMOVED_SECTIONS};
pub(super) use gateway::{
    CUSTOMER_NETWORK, EGRESS_ONLY_INTERNET_GATEWAY, INTERNET_GATEWAY, NAT_GATEWAY, PEERING, REGIONAL_ADDRESS,
    UNMODELLED_GATEWAY, VPC_ENDPOINT, VPN_GATEWAY,
};
pub(super) use interface::{
    CONNECTION_TRACKING, INSTANCE, INSTANCE_INTERFACE, NETWORK_INTERFACE, SECONDARY_ADDRESS,
};
pub(super) use lattice::{
    LATTICE_LISTENER, LATTICE_RULE, LATTICE_SERVICE, SERVICE_NETWORK, SERVICE_NETWORK_VPC,
};
pub(super) use load_balancer::{
    HEALTH_CHECK, LISTENER, LISTENER_RULE, LOAD_BALANCER, LOAD_BALANCER_SUBNET, TARGET, TARGET_GROUP,
};
pub(super) use managed_service::{ECS_TASK, MANAGED_SERVICE};
pub(super) use network::{
    FLOW_LOG, NETWORK_ACL, PREFIX_LIST, ROUTE_TABLE, SECURITY_GROUP, SKIP, SUBNET, TAG_FIELDS, VPC,
};
pub(super) use network_firewall::{FIREWALL_SUBNET, NETWORK_FIREWALL};
pub(super) use profile::PROFILED;
pub(super) use rule::{
    ACL_ENTRY, BLOCKS, DESTINATIONS, GROUP_RULE, ICMP_TYPE_CODE, PEERS, PORT_RANGE, ROUTE, TARGETS,
};
pub(super) use traffic::{BURST, CONNECTION, EXPECTATION, REPEAT};
pub(super) use traffic_mirror::{TRAFFIC_MIRROR_FILTER, TRAFFIC_MIRROR_SESSION};
pub(super) use transit_gateway::{
    ATTACHED_SUBNET, TRANSIT_GATEWAY, TRANSIT_GATEWAY_ATTACHMENT, TRANSIT_GATEWAY_ROUTE_TABLE,
};
pub(super) use value_kind::{
    ACTIONS, APPLIANCES, ASSOCIATION_PARTS, ATTACHMENT_STATES, CLOSED_PORTS, ENDPOINT_TYPES, EndpointType,
    FAMILIES, GATEWAY_STATES, LATTICE_AUTH_TYPES, LEGS, LISTENER_PARTS, LOAD_BALANCER_SCHEMES,
    LOAD_BALANCER_STATES, ORIGINS, PEERING_STATES, RESOURCE_TYPES, STATES,
};

/// A kind of mapping: who it describes, and its keys.
#[derive(Debug)]
pub struct Shape {
    /// In kebab-case, unique among shapes and kinds of values: `subnet`.
    pub name: &'static str,
    /// What one mapping describes, as messages name it: `a subnet`.
    pub owner: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// Its keys in groups that several shapes may share, in the order in which they are told.
    pub keys: &'static [&'static [Key]],
    /// What holds among its keys, beyond each being needed or not.
    pub rules: &'static [KeyRule],
    /// Whether keys that are not listed are passed over.
    pub open: bool,
}

/// A key of a shape.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// What holds when it is left out, in a sentence; empty when that is plain.
    pub default: &'static str,
}

/// What holds among the keys of one mapping.
#[derive(Debug, Clone, Copy)]
pub enum KeyRule {
    /// At least one of them is needed; the first is the usual one.
    AnyOf(&'static [&'static str]),
    /// Exactly one of them is needed.
    OneOf(&'static [&'static str]),
    /// Beside the first key none of the others may stand, nor is one of them needed.
    Excludes(&'static str, &'static [&'static str]),
}

/// What the value of a key is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One of them.
    One(Item),
    /// A list of them.
    List(Item),
    /// A list of them, or its only item by itself.
    Items(Item),
    /// A mapping from any names to them.
    ByName(Item),
}

/// What a value is, or each of several.
#[derive(Debug, Clone, Copy)]
pub enum Item {
    /// A single value.
    Value(&'static ValueKind),
    /// A mapping.
    Map(&'static Shape),
    /// Short as a single value, or long as a mapping.
    ShortOrLong(&'static ValueKind, &'static Shape),
}

const fn value(kind: &'static ValueKind) -> Kind {
    Kind::One(Item::Value(kind))
}

const fn values(kind: &'static ValueKind) -> Kind {
    Kind::Items(Item::Value(kind))
}

const fn map(shape: &'static Shape) -> Kind {
    Kind::One(Item::Map(shape))
}

const fn maps(shape: &'static Shape) -> Kind {
    Kind::Items(Item::Map(shape))
}

const fn list(shape: &'static Shape) -> Kind {
    Kind::List(Item::Map(shape))
}

const fn short_or_long(short: &'static ValueKind, long: &'static Shape) -> Kind {
    Kind::Items(Item::ShortOrLong(short, long))
}

/// A key that must be there.
const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, required: true, doc, default: "" }
}

/// A key that may be left out, and what holds then.
const fn optional(name: &'static str, kind: Kind, doc: &'static str, default: &'static str) -> Key {
    Key { name, kind, required: false, doc, default }
}

/// How resources are named, by either key or both.
const IDENTITY: &[Key] = &[
    optional("name", value(&value_kind::NAME), "What it is called in this file.", "The id."),
    optional("id", value(&value_kind::NAME), "Its id in AWS.", "Made from kind and name, always the same."),
];
const NAMED: KeyRule = KeyRule::AnyOf(&["name", "id"]);

impl Shape {
    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().copied().flatten()
    }

    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }

    /// Every shape of the format, a shape before those within it.
    pub fn all() -> Vec<&'static Self> {
        let mut all = Vec::new();
        SCENARIO.collect(&mut all);
        all
    }

    fn collect(&'static self, all: &mut Vec<&'static Self>) {
        if all.iter().any(|known| std::ptr::eq(*known, self)) {
            return;
        }
        all.push(self);
        for key in self.keys() {
            if let Some(shape) = key.kind.item().shape() {
                shape.collect(all);
            }
        }
    }
}

impl Kind {
    /// What it is, or each of several.
    pub fn item(self) -> Item {
        match self {
            Self::One(item) | Self::List(item) | Self::Items(item) | Self::ByName(item) => item,
        }
    }
}

impl Item {
    /// The kind of its single values.
    pub fn value(self) -> Option<&'static ValueKind> {
        match self {
            Self::Value(kind) | Self::ShortOrLong(kind, _) => Some(kind),
            Self::Map(_) => None,
        }
    }

    /// The shape of its mappings.
    pub fn shape(self) -> Option<&'static Shape> {
        match self {
            Self::Value(_) => None,
            Self::Map(shape) | Self::ShortOrLong(_, shape) => Some(shape),
        }
    }
}
