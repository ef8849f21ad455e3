//! The field `encryption-status`: whether traffic is encrypted, as far as AWS's records tell and we can.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html>,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>
//!
//! Of endpoints the port decides, packets are not looked into. Whether the hardware encrypts as well what goes to an
//! endpoint AWS does not say. Assumed: `encryption-status-endpoint`.

use super::Row;
use crate::model::{Index, InterfaceEndpoint, Network, NetworkInterface};
use crate::net::{Direction, Protocol};

const CLEAR: u64 = 0;
const NITRO: u64 = 1;
const APPLICATION: u64 = 2;

/// The traffic path of gateway endpoints.
const GATEWAY_ENDPOINT: u8 = 7;

/// The port that counts as encrypted.
const HTTPS: u16 = 443;

/// The value of the field; absent where encryption controls are off, or the status is not known.
pub(super) fn encryption_status(row: &Row<'_>) -> Option<u64> {
    let Row { network, record, .. } = *row;
    let flow = record.flow.as_ref()?;
    let own = record.vantage.interface()?;
    network.vpcs[network.vpc_of(own)].encryption_controls?;
    let header = &flow.header;
    let server_port = |server_is_here: bool| match (flow.direction, server_is_here) {
        (Direction::Ingress, true) | (Direction::Egress, false) => header.destination_port(),
        _ => header.source_port(),
    };
    let is_https =
        |server_is_here| header.protocol == Protocol::TCP && server_port(server_is_here) == Some(HTTPS);
    let is_own = is_endpoint(network, own);
    let is_of_hop = flow.next_hop.is_some_and(|hop| is_endpoint(network, hop));
    if is_own || is_of_hop {
        return is_https(is_own).then_some(APPLICATION);
    }
    if flow.traffic_path == Some(GATEWAY_ENDPOINT) {
        return is_https(false).then_some(APPLICATION);
    }
    let ends = [own, flow.next_hop?].map(|end| network.encrypts_in_transit(end));
    match ends {
        [Some(true), Some(true)] => Some(NITRO),
        [Some(false), _] | [_, Some(false)] => Some(CLEAR),
        _ => None,
    }
}

/// Whether an interface is that of an endpoint of a service of AWS.
fn is_endpoint(network: &Network, card: Index<NetworkInterface>) -> bool {
    let own = network.endpoint_of(card).and_then(|endpoint| network.gateways[endpoint].interface_endpoint());
    own.is_some_and(|own| InterfaceEndpoint::is_of_aws(&own.service))
}
