//! Numbers that the networks of a scenario share. Each has dense indices of its own; where an event adds or removes
//! something, those of the same thing differ. Ids tell what is the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use crate::model::{
    Arena, Connection, CustomerNetwork, Endpoint, FlowLog, Gateway, Index, Network, NetworkInterface,
    TransitGatewayAttachment, Vantage,
};

/// Common numbers of one kind of thing in one network. Without entries they are those of the network.
#[derive(Debug, Clone)]
pub struct Numbers<T> {
    common: Vec<Index<T>>,
    own: Vec<Option<Index<T>>>,
}

impl<T> Numbers<T> {
    /// The indices of the network itself.
    pub const PLAIN: Self = Self { common: Vec::new(), own: Vec::new() };

    /// The number that all networks use for what has the index `own` in this one.
    #[inline]
    pub fn common(&self, own: Index<T>) -> Index<T> {
        self.common.get(own.position()).copied().unwrap_or(own)
    }

    /// The index in this network of what all call `common`, if it is there.
    pub fn own(&self, common: Index<T>) -> Option<Index<T>> {
        if self.own.is_empty() { Some(common) } else { self.own.get(common.position()).copied().flatten() }
    }

    /// Numbers the things of every network: in the order in which they first appear.
    fn all<'n>(arenas: &[&'n Arena<T>], id: impl Fn(&'n T) -> &'n str + Copy) -> Vec<Self>
    where
        T: 'n,
    {
        Self::by_key(arenas.iter().map(|arena| arena.enumerate().map(move |(index, of)| (index, id(of)))))
    }

    /// The same of things that each network tells with what is theirs alone.
    fn by_key<K: Eq + Hash>(
        networks: impl Iterator<Item = impl Iterator<Item = (Index<T>, K)>>,
    ) -> Vec<Self> {
        let mut known: HashMap<K, Index<T>> = HashMap::new();
        let mut number = |(index, key): (Index<T>, K)| {
            let next = Index::new(known.len());
            (index, *known.entry(key).or_insert(next))
        };
        let numbered: Vec<Vec<_>> = networks.map(|all| all.map(&mut number).collect()).collect();
        let count = known.len();
        numbered.into_iter().map(|pairs| Self::of(&pairs, count)).collect()
    }

    fn of(pairs: &[(Index<T>, Index<T>)], count: usize) -> Self {
        if pairs.len() == count && pairs.iter().all(|(own, common)| own == common) {
            return Self::PLAIN;
        }
        let mut own = vec![None; count];
        for (index, common) in pairs {
            if let Some(slot) = own.get_mut(common.position()) {
                *slot = Some(*index);
            }
        }
        Self { common: pairs.iter().map(|(_, common)| *common).collect(), own }
    }
}

/// Common numbers of what is remembered or recorded, in one network.
#[derive(Debug, Clone)]
pub struct Numbering {
    /// Of interfaces.
    pub interfaces: Numbers<NetworkInterface>,
    /// Of gateways.
    pub gateways: Numbers<Gateway>,
    /// Of networks on premises.
    pub customer_networks: Numbers<CustomerNetwork>,
    /// Of flow logs.
    pub flow_logs: Numbers<FlowLog>,
    /// Of attachments of transit gateways.
    pub attachments: Numbers<TransitGatewayAttachment>,
}

impl Numbering {
    /// That of a network which stands alone: its own indices.
    pub const PLAIN: Self = Self {
        interfaces: Numbers::PLAIN,
        gateways: Numbers::PLAIN,
        customer_networks: Numbers::PLAIN,
        flow_logs: Numbers::PLAIN,
        attachments: Numbers::PLAIN,
    };

    /// The number that all networks use for an interface or attachment of this one.
    pub fn common(&self, own: Vantage) -> Vantage {
        match (own.interface(), own.attachment()) {
            (Some(interface), _) => self.interfaces.common(interface).into(),
            (None, Some(attachment)) => self.attachments.common(attachment).into(),
            (None, None) => own,
        }
    }

    /// The interface or attachment in this network that all call `common`, if it is there.
    pub fn own(&self, common: Vantage) -> Option<Vantage> {
        match common.interface() {
            Some(interface) => self.interfaces.own(interface).map(Vantage::from),
            None => self.attachments.own(common.attachment()?).map(Vantage::from),
        }
    }

    /// An end as this network has it, which has the number `before` in another.
    pub fn end(&self, before: &Self, end: Endpoint, address: IpAddr) -> Endpoint {
        match end {
            Endpoint::Interface(own) => {
                let here = self.interfaces.own(before.interfaces.common(own));
                here.map_or(Endpoint::Address(address), Endpoint::Interface)
            }
            other => other,
        }
    }

    /// A connection as this network has it; none if the client is there no more.
    pub fn connection(&self, before: &Self, connection: &Connection) -> Option<Connection> {
        let from = self.end(before, connection.from, connection.request.source);
        let is_gone = matches!((connection.from, from), (Endpoint::Interface(_), Endpoint::Address(_)));
        let to = self.end(before, connection.to, connection.request.destination);
        let far = connection.alternatives.iter();
        let alternatives = far.map(|(address, end)| (*address, self.end(before, *end, *address))).collect();
        let near = connection.near_alternatives.iter();
        let near = near.map(|(address, end)| (*address, self.end(before, *end, *address))).collect();
        (!is_gone).then(|| Connection {
            from,
            to,
            alternatives,
            near_alternatives: near,
            ..connection.clone()
        })
    }

    /// The numbering of each of `networks`, in their order.
    pub fn of(networks: &[&Network]) -> Vec<Self> {
        fn arenas<'n, T>(
            networks: &[&'n Network],
            of: impl Fn(&'n Network) -> &'n Arena<T>,
        ) -> Vec<&'n Arena<T>> {
            networks.iter().map(|network| of(network)).collect()
        }
        let interfaces = arenas(networks, |network| &network.network_interfaces);
        let gateways = arenas(networks, |network| &network.gateways);
        let customers = arenas(networks, |network| &network.customer_networks);
        let flow_logs = arenas(networks, |network| &network.flow_logs);
        let interfaces = Numbers::all(&interfaces, |interface| &interface.identity.id);
        let mut gateways = Numbers::all(&gateways, |gateway| &gateway.identity.id).into_iter();
        let mut customers = Numbers::all(&customers, |customer| &customer.identity.id).into_iter();
        let mut flow_logs = Numbers::all(&flow_logs, |flow_log| &flow_log.identity.id).into_iter();
        // Both ends of a peering have one id.
        let attachments = networks.iter().map(|network| {
            network.attachments().filter_map(|(index, ..)| {
                let of = network.attached(index)?;
                Some((index, (&of.gateway.identity.id, &of.attachment.identity.id)))
            })
        });
        let mut attachments = Numbers::by_key(attachments).into_iter();
        let numbering = |interfaces| Self {
            interfaces,
            gateways: gateways.next().unwrap_or(Numbers::PLAIN),
            customer_networks: customers.next().unwrap_or(Numbers::PLAIN),
            flow_logs: flow_logs.next().unwrap_or(Numbers::PLAIN),
            attachments: attachments.next().unwrap_or(Numbers::PLAIN),
        };
        interfaces.into_iter().map(numbering).collect()
    }
}
