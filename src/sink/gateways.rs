//! What each kind of gateway has of its own, and networks behind gateways.

use super::keys::Keys;
use super::scenario::Writer;
use crate::model::inventory::{CustomerNetwork, Gateway, GatewayForm};

impl<'i> Writer<'i> {
    /// The keys of a gateway's kind.
    pub(super) fn form(&self, keys: &mut Keys, gateway: &'i Gateway) {
        match &gateway.form {
            GatewayForm::VpcPeeringConnection { requester, accepter, state } => {
                for (key, side) in [("requester", requester), ("accepter", accepter)] {
                    if let Some(vpc) = &side.vpc {
                        keys.text(key, self.reference(vpc));
                    }
                    keys.optional(&format!("{key}_region"), side.region.as_ref());
                }
                if !gateway.is_available {
                    keys.text("state", state);
                }
            }
            GatewayForm::TransitGateway(own) => self.transit_gateway(keys, own),
            GatewayForm::VpnGateway
            | GatewayForm::NatGateway { .. }
            | GatewayForm::GatewayEndpoint { .. }
            | GatewayForm::Plain => {}
        }
    }

    pub(super) fn customer_network(&self, network: &'i CustomerNetwork) -> Keys {
        let mut keys = Keys::of(&network.identity);
        keys.list("cidr_blocks", network.cidr_blocks.iter().map(|block| block.value.to_string()));
        keys.list("via", network.via.iter().map(|gateway| self.reference(gateway)));
        keys
    }
}
