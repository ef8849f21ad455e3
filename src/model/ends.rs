//! What ends of connections are called, and where the internet is: found when somebody first asks, and kept.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::OnceLock;

use super::inventory::{Inventory, PrefixList};
use super::{Arena, CustomerNetwork, Identity, Index, Instance, Network, NetworkInterface};
use crate::net::{Cidr, Family};

/// Something that a connection can begin or end at, by its name or id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedEnd {
    Instance(Index<Instance>),
    Interface(Index<NetworkInterface>),
    CustomerNetwork(Index<CustomerNetwork>),
}

/// Answers that follow from a network and are asked for again and again. They are no part of what it is: networks are
/// equal whatever was asked of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ends {
    names: OnceLock<HashMap<Box<str>, NamedEnd>>,
    internet: [OnceLock<IpAddr>; 2],
    /// A block of each of AWS's own prefix lists, by the list's name.
    service_lists: BTreeMap<String, Cidr>,
    /// Names and ids of these lists, of all that are known.
    service_list_names: Vec<String>,
    /// Names that several have, with their ids.
    shared: BTreeMap<String, Vec<String>>,
    /// Whether names are an account's own, of which messages show ids alone.
    is_confidential: bool,
}

impl Ends {
    /// Those of the network that `inventory` describes.
    pub(crate) fn of(inventory: &Inventory) -> Self {
        let (shared, is_confidential) = (inventory.shared_names.clone(), inventory.is_confidential);
        let of_aws =
            inventory.prefix_lists.iter().filter(|list| list.identity.name.starts_with("com.amazonaws."));
        let names = of_aws.clone().flat_map(|list| [list.identity.name.clone(), list.identity.id.clone()]);
        let names = names.collect();
        let first = |list: &PrefixList| {
            let first = list.entries.as_ref()?.first()?;
            Some((list.identity.name.clone(), first.value))
        };
        Self {
            service_lists: of_aws.filter_map(first).collect(),
            service_list_names: names,
            shared,
            is_confidential,
            ..Self::default()
        }
    }
}

impl PartialEq for Ends {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Network {
    /// The instance that is called `text`, or else the interface.
    pub(crate) fn end_called(&self, text: &str) -> Option<NamedEnd> {
        match self.ends.names.get() {
            Some(names) => names.get(text).copied(),
            None => self.all_names().find(|(name, _)| *name == text).map(|(_, end)| end),
        }
    }

    /// The ids of those that share the name `text`.
    pub(crate) fn ends_sharing(&self, text: &str) -> Option<&[String]> {
        self.ends.shared.get(text).map(Vec::as_slice)
    }

    /// A block of AWS's prefix list of a service, which has the service's name.
    pub(crate) fn service_list(&self, service: &str) -> Option<Cidr> {
        self.ends.service_lists.get(service).copied()
    }

    /// Names and ids of AWS's own prefix lists.
    pub(crate) fn service_list_names(&self) -> impl Iterator<Item = &str> {
        self.ends.service_list_names.iter().map(String::as_str)
    }

    /// Whether names are an account's own, of which messages show ids alone.
    pub(crate) fn is_confidential(&self) -> bool {
        self.ends.is_confidential
    }

    /// Makes ends faster to find, for whoever looks for many.
    pub(crate) fn expect_many_ends(&self) {
        self.ends.names.get_or_init(|| {
            let ends = self.instances.len() + self.network_interfaces.len() + self.customer_networks.len();
            let most = 2 * ends;
            let mut names = HashMap::with_capacity(most);
            for (name, end) in self.all_names() {
                names.entry(name.into()).or_insert(end);
            }
            names
        });
    }

    fn all_names(&self) -> impl Iterator<Item = (&str, NamedEnd)> {
        let instances = named(&self.instances, |of| &of.identity, NamedEnd::Instance);
        instances.chain(named(&self.network_interfaces, |of| &of.identity, NamedEnd::Interface)).chain(named(
            &self.customer_networks,
            |of| &of.identity,
            NamedEnd::CustomerNetwork,
        ))
    }

    /// The address that stands for the internet at large, `found` when nobody asked before.
    pub(crate) fn internet(&self, family: Family, found: impl FnOnce() -> IpAddr) -> IpAddr {
        let [v4, v6] = &self.ends.internet;
        let known = match family {
            Family::V4 => v4,
            Family::V6 => v6,
        };
        *known.get_or_init(found)
    }
}

/// Names and ids of everything in `arena`.
fn named<'a, T>(
    arena: &'a Arena<T>,
    identity: impl Fn(&'a T) -> &'a Identity,
    end: impl Fn(Index<T>) -> NamedEnd,
) -> impl Iterator<Item = (&'a str, NamedEnd)> {
    arena.enumerate().flat_map(move |(index, value)| {
        let identity = identity(value);
        let end = end(index);
        [identity.name.as_str(), identity.id.as_str()].into_iter().map(move |name| (name, end))
    })
}
