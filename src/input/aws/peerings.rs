//! VPC peering connections, virtual private gateways, and what is known of the networks behind these.

use std::collections::{BTreeMap, HashSet};

use super::assemble::Assembly;
use super::associations::Associated;
use super::convert::name_tag;
use super::gateways::attached;
use super::json::{Read, Text};
use super::names::UniqueNames;
use super::routes;
use super::shapes::{VpcPeeringConnection, VpcPeeringConnectionVpcInfo, VpnConnection};
use super::states::{PeeringState, Word, availability};
use crate::diagnostic::Diagnostics;
use crate::model::inventory::{self, Destination, GatewayForm, PeeringSide, Reference};
use crate::model::{Availability, GatewayKind, Identity, RouteOrigin};
use crate::net::Cidr;

impl Assembly<'_, '_, '_> {
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnection.html>
    pub(super) fn peerings(&mut self, named: &UniqueNames) {
        for peering in self.answers.peerings.iter() {
            let identity = peering.identity(named.keep(name_tag(peering.value.tags.as_ref())));
            let gateway = inventory::Gateway::new(identity, GatewayKind::VpcPeeringConnection, None);
            // Without its state nothing is known of it but that it is there.
            let Some(Word(PeeringState(state))) = peering.value.status.as_ref().map(|status| status.code)
            else {
                self.inventory.gateways.push(gateway);
                continue;
            };
            self.inventory.gateways.push(inventory::Gateway {
                availability: if state == "active" {
                    Availability::Available
                } else {
                    Availability::NotAvailable
                },
                form: GatewayForm::VpcPeeringConnection {
                    requester: side(peering, peering.value.requester_vpc_info.as_ref()),
                    accepter: side(peering, peering.value.accepter_vpc_info.as_ref()),
                    state,
                },
                ..gateway
            });
        }
    }

    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnGateway.html>
    pub(super) fn vpn_gateways(&mut self, named: &UniqueNames, tables: &Associated<'_>) {
        for gateway in self.answers.vpn_gateways.iter() {
            let Some(availability) = availability(gateway.value.state) else { continue };
            let identity = gateway.identity(named.keep(name_tag(gateway.value.tags.as_ref())));
            let route_table = tables.get(identity.id.as_str()).cloned();
            let vpc = attached(gateway, &gateway.value.vpc_attachments, self.problems);
            self.inventory.gateways.push(inventory::Gateway {
                route_table,
                availability,
                form: GatewayForm::VpnGateway,
                ..inventory::Gateway::new(identity, GatewayKind::VpnGateway, vpc)
            });
        }
        self.customer_networks();
    }

    /// The blocks behind virtual private gateways, as far as answers tell: those of static routes of VPN connections, and
    /// those that gateways propagate. Each is a network of its own, since no answer says which belong together.
    /// AWS: <https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html>
    fn customer_networks(&mut self) {
        let mut blocks: BTreeMap<Cidr, Vec<Reference>> = BTreeMap::new();
        let mut note = |block: Cidr, gateway: Reference| {
            let via = blocks.entry(block).or_default();
            if !via.iter().any(|known| known.value == gateway.value) {
                via.push(gateway);
            }
        };
        for connection in self.answers.vpn_connections.iter().filter(|connection| works(&connection.value)) {
            let Some(gateway) = &connection.value.vpn_gateway_id else { continue };
            for (at, route) in connection.value.routes.iter().flatten().enumerate() {
                let Some(text) = &route.destination_cidr_block else { continue };
                if availability(route.state) != Some(Availability::Available) {
                    continue;
                }
                let path = format_args!("Routes[{at}].DestinationCidrBlock");
                if let Some(block) = connection.cidr(text, path, self.problems) {
                    note(block.value, connection.reference(gateway));
                }
            }
        }
        let gateways: HashSet<&str> =
            self.answers.vpn_gateways.iter().map(|gateway| gateway.value.vpn_gateway_id.as_str()).collect();
        for table in self.answers.route_tables.iter() {
            for route in routes::routes(table, &mut Diagnostics::default()) {
                let is_propagated = route.route_origin == RouteOrigin::EnableVgwRoutePropagation;
                if let Destination::Cidr(block) = route.destination
                    && is_propagated
                    && !route.blackhole
                    && gateways.contains(route.target.value.as_str())
                {
                    note(block, route.target);
                }
            }
        }
        for (block, via) in blocks {
            let name = format!("on-premises-{}", block.to_string().replace(['/', ':'], "-"));
            let origin = via.first().and_then(|gateway| gateway.origin);
            let Some(identity) = Identity::new("cgw", Some(name), None, origin) else { continue };
            let cidr_blocks = vec![crate::diagnostic::Located { value: block, origin }];
            self.inventory.customer_networks.push(inventory::CustomerNetwork { identity, cidr_blocks, via });
        }
    }
}

fn side(
    peering: &Read<'_, VpcPeeringConnection<'_>>,
    info: Option<&VpcPeeringConnectionVpcInfo<'_>>,
) -> PeeringSide {
    PeeringSide {
        vpc: info.and_then(|info| info.vpc_id.as_ref()).map(|vpc| peering.reference(vpc)),
        region: info.and_then(|info| info.region.as_ref()).map(|region| region.as_str().to_owned()),
    }
}

/// Whether a VPN connection is there, and not all of its tunnels are down.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VgwTelemetry.html>
fn works(connection: &VpnConnection<'_>) -> bool {
    let tunnels: Vec<Option<&str>> = connection
        .vgw_telemetry
        .iter()
        .flatten()
        .map(|tunnel| tunnel.status.as_ref().map(Text::as_str))
        .collect();
    let is_down = !tunnels.is_empty() && tunnels.iter().all(|status| *status == Some("DOWN"));
    availability(connection.state) == Some(Availability::Available) && !is_down
}
