//! Addresses that interfaces keep when the network changes around them: those that AWS chose for them before.

use std::collections::HashMap;

use crate::diagnostic::Located;
use crate::model::inventory::Inventory;
use crate::model::{Identity, Network, NetworkInterface};

impl Inventory {
    /// Gives interfaces that state no address the one that they have in the network `before`, if they are in the same
    /// subnet there.
    pub(crate) fn keep_addresses(&mut self, before: &Network) {
        let by_id = |card: &'_ NetworkInterface| card.identity.id.clone();
        let known: HashMap<String, &NetworkInterface> =
            before.network_interfaces.iter().map(|card| (by_id(card), card)).collect();
        for card in self.network_interfaces.iter_mut().filter(|card| card.private_ip.is_none()) {
            let Some(own) = known.get(&card.identity.id) else { continue };
            let Identity { name, id, .. } = &before.subnets[own.subnet].identity;
            let is_there = [name, id].contains(&&card.subnet.value);
            let address = own.private_ip_addresses.first().filter(|_| is_there);
            card.private_ip =
                address.map(|own| Located { value: own.private_ip, origin: card.identity.origin });
        }
    }
}
