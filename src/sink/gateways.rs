//! Peering connections, and networks behind gateways.

use super::keys::Keys;
use super::scenario::Writer;
use crate::model::inventory::{CustomerNetwork, Gateway, GatewayForm};

impl<'i> Writer<'i> {
    /// The ends of a peering connection, and its state.
    pub(super) fn peering(&self, keys: &mut Keys, gateway: &'i Gateway) {
        let GatewayForm::VpcPeeringConnection { requester, accepter, state } = &gateway.form else { return };
        for (key, side) in [("requester", requester), ("accepter", accepter)] {
            if let Some(vpc) = &side.vpc {
                keys.text(key, self.reference(vpc));
            }
            keys.optional(&format!("{key}_region"), side.region.as_ref());
        }
        if !gateway.availability.is_available() {
            keys.text("state", state);
        }
    }

    pub(super) fn customer_network(&self, network: &'i CustomerNetwork) -> Keys {
        let mut keys = Keys::of(&network.identity);
        keys.list("cidr_blocks", network.cidr_blocks.iter().map(|block| block.value.to_string()));
        keys.list("via", network.via.iter().map(|gateway| self.reference(gateway)));
        keys
    }
}
