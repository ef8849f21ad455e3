//! Gateways, each kind with its own keys.

use super::interface::secondary_address;
use super::lattice::lattice_service;
use super::load_balancer::load_balancer;
use super::network_firewall::INTERFACE_TYPE;
use super::transit_gateway::{attached_subnet, transit_gateway};
use super::{identity, own_table};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::fields::{Fields, boolean, items, located_text, text};
use crate::input::scalar::{cidr, ipv4, one_of};
use crate::input::shape::{
    APPLIANCES, CUSTOMER_NETWORK, EGRESS_ONLY_INTERNET_GATEWAY, ENDPOINT_TYPES, EndpointType, GATEWAY_STATES,
    INTERNET_GATEWAY, NAT_GATEWAY, PEERING, PEERING_STATES, REGIONAL_ADDRESS, UNMODELLED_GATEWAY,
    VPC_ENDPOINT, VPN_GATEWAY,
};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{
    CustomerNetwork, Gateway, GatewayForm, Inventory, NetworkInterface, PeeringSide, RegionalAddress,
};
use crate::model::{Availability, GatewayKind, GatewayKindEntry, Identity, Inspection};

/// Reads a gateway of `kind`, and the interfaces that it brings with it.
pub(super) fn gateway(
    node: &Node,
    kind: &GatewayKindEntry,
    inventory: &mut Inventory,
    problems: &mut Diagnostics,
) {
    let read = match kind.kind {
        _ if !kind.modelled => not_modelled(node, kind, problems),
        GatewayKind::NatGateway => nat_gateway(node, inventory, problems),
        GatewayKind::TransitGateway => transit_gateway(node, inventory, problems),
        GatewayKind::VpcPeeringConnection => peering(node, problems),
        GatewayKind::VpcEndpoint => vpc_endpoint(node, inventory, problems),
        GatewayKind::VpnGateway => vpn_gateway(node, inventory, problems),
        GatewayKind::LoadBalancer => load_balancer(node, inventory, problems),
        GatewayKind::LatticeService => lattice_service(node, problems),
        GatewayKind::InternetGateway => internet_gateway(node, inventory, problems),
        _ => egress_only_internet_gateway(node, problems),
    };
    inventory.gateways.extend(read);
}

/// Of kinds that are not simulated only the name is read, and the section is reported.
fn not_modelled(node: &Node, kind: &GatewayKindEntry, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &UNMODELLED_GATEWAY, problems)?;
    let identity = identity(&mut fields, kind.id_prefix, problems);
    let _ = fields.value("vpc", located_text, problems);
    fields.finish(problems);
    let identity = identity?;
    let message = format!("{} `{}` is not simulated", kind.name, identity.name);
    let help = "paths through it end as `unknown`; everything else is computed";
    problems.push(problems::not_modelled(Some(node.origin), message, help));
    Some(Gateway::new(identity, kind.kind, None))
}

/// An internet gateway, perhaps with a route table of its own.
fn internet_gateway(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) -> Option<Gateway> {
    let kind = GatewayKind::InternetGateway;
    let mut fields = Fields::of(node, &INTERNET_GATEWAY, problems)?;
    let identity = identity(&mut fields, kind.entry().id_prefix, problems);
    let vpc = fields.value("vpc", located_text, problems);
    let route_table = own_table(&mut fields, identity.as_ref(), vpc.as_ref(), inventory, problems);
    fields.finish(problems);
    Some(Gateway { route_table, ..Gateway::new(identity?, kind, vpc) })
}

/// An egress-only internet gateway.
fn egress_only_internet_gateway(node: &Node, problems: &mut Diagnostics) -> Option<Gateway> {
    let kind = GatewayKind::EgressOnlyInternetGateway;
    let mut fields = Fields::of(node, &EGRESS_ONLY_INTERNET_GATEWAY, problems)?;
    let identity = identity(&mut fields, kind.entry().id_prefix, problems);
    let vpc = fields.value("vpc", located_text, problems);
    fields.finish(problems);
    Some(Gateway::new(identity?, kind, vpc))
}

/// A VPC endpoint: of the type that is said or, of the type `Interface` when it has subnets or interfaces, or else
/// `Gateway`.
fn vpc_endpoint(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &VPC_ENDPOINT, problems)?;
    let identity = identity(&mut fields, GatewayKind::VpcEndpoint.entry().id_prefix, problems);
    let vpc = fields.value("vpc", located_text, problems);
    let endpoint_type = fields.value("type", one_of("a type", ENDPOINT_TYPES), problems);
    let appliances_at = fields.key_origin("appliances");
    let appliances = fields.value("appliances", one_of("what appliances do", APPLIANCES), problems);
    let service = fields.value("service", text, problems);
    let subnets = fields.node("subnets").map(items);
    let listed = fields.list("network_interfaces", located_text, problems);
    let security_groups = fields.list("security_groups", located_text, problems);
    let private_dns = fields.value("private_dns", boolean, problems);
    let inbound_only = fields.value("private_dns_only_for_inbound_resolver_endpoint", boolean, problems);
    let dns_names = fields.list("dns_names", text, problems);
    let state = fields.value("state", one_of("a state", GATEWAY_STATES), problems);
    let of_interfaces =
        ["security_groups", "private_dns", "private_dns_only_for_inbound_resolver_endpoint", "dns_names"]
            .map(|key| fields.key_origin(key));
    fields.finish(problems);
    let identity = identity?;
    let has_interfaces = subnets.is_some() || listed.is_some();
    let is_inspected = endpoint_type == Some(EndpointType::GatewayLoadBalancer);
    if let Some(at) = appliances_at.filter(|_| !is_inspected) {
        let message =
            format!("`{}` is no Gateway Load Balancer endpoint: no appliances are behind it", identity.name);
        problems.push(problems::mismatch(Some(at), message, "add `type: gateway-load-balancer`"));
    }
    if is_inspected {
        let read =
            Inspected { subnets: subnets.unwrap_or_default(), listed: listed.unwrap_or_default(), service };
        for at in of_interfaces.into_iter().flatten() {
            let message =
                format!("`{}` is a Gateway Load Balancer endpoint, which has nothing of this", identity.name);
            problems.push(problems::mismatch(
                Some(at),
                message,
                "it has no security groups, and no DNS names",
            ));
        }
        let form = read.form(&identity, appliances == Some(true), inventory, problems);
        let gateway = Gateway::new(identity, GatewayKind::VpcEndpoint, vpc);
        let form = form.filter(|_| state != Some(Availability::Gone)).unwrap_or_default();
        return Some(Gateway { availability: state.unwrap_or_default(), form, ..gateway });
    }
    let is_interface = has_interfaces && endpoint_type != Some(EndpointType::Gateway);
    if endpoint_type == Some(EndpointType::Interface) && !has_interfaces {
        let message = format!("interface endpoint `{}` has no subnet", identity.name);
        problems.push(problems::mismatch(identity.origin, message, "give it its `subnets`"));
    } else if endpoint_type == Some(EndpointType::Gateway) && has_interfaces {
        let message = format!("`{}` is a gateway endpoint, which has no interfaces", identity.name);
        problems.push(problems::mismatch(identity.origin, message, "take away its `type`, or its subnets"));
    }
    if let Some(at) = of_interfaces.into_iter().flatten().next().filter(|_| !is_interface) {
        let message = format!("`{}` is a gateway endpoint, which has no interfaces", identity.name);
        problems.push(problems::mismatch(Some(at), message, "give an interface endpoint its `subnets`"));
    }
    let form = match service {
        None => GatewayForm::Plain,
        Some(_) if !has_interfaces && endpoint_type == Some(EndpointType::Interface) => GatewayForm::Plain,
        Some(service) if !is_interface => GatewayForm::GatewayEndpoint { service },
        Some(_) if state == Some(Availability::Gone) => GatewayForm::Plain,
        Some(service) => {
            let cards = subnets
                .unwrap_or_default()
                .iter()
                .filter_map(|node| attached_subnet(node, &identity, "vpc_endpoint", problems));
            let cards: Vec<NetworkInterface> = cards
                .map(|card| NetworkInterface { security_groups: security_groups.clone(), ..card })
                .collect();
            let created = cards
                .iter()
                .map(|card| Located { value: card.identity.id.clone(), origin: card.identity.origin });
            let network_interfaces = created.chain(listed.into_iter().flatten()).collect();
            inventory.network_interfaces.extend(cards);
            let dns_names = dns_names.unwrap_or_default();
            GatewayForm::InterfaceEndpoint {
                service,
                private_dns,
                is_private_dns_for_inbound_only: inbound_only.unwrap_or(false),
                dns_names,
                network_interfaces,
            }
        }
    };
    let gateway = Gateway::new(identity, GatewayKind::VpcEndpoint, vpc);
    Some(Gateway { availability: state.unwrap_or_default(), form, ..gateway })
}

/// What a Gateway Load Balancer endpoint is made of.
struct Inspected<'n> {
    subnets: &'n [Node],
    listed: Vec<Located<String>>,
    service: Option<String>,
}

impl Inspected<'_> {
    /// AWS: it has one subnet, which cannot be changed.
    /// <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html>
    fn form(
        self,
        identity: &Identity,
        appliances_pass: bool,
        inventory: &mut Inventory,
        problems: &mut Diagnostics,
    ) -> Option<GatewayForm> {
        let count = self.subnets.len() + self.listed.len();
        if count != 1 {
            let message = format!("Gateway Load Balancer endpoint `{}` has {count} subnets", identity.name);
            let help = "it has exactly one: write an endpoint for each zone";
            problems.push(problems::mismatch(identity.origin, message, help));
            return None;
        }
        let card = match self.subnets {
            [subnet] => Some(attached_subnet(subnet, identity, INTERFACE_TYPE, problems)?),
            _ => None,
        };
        let created = card
            .as_ref()
            .map(|card| Located { value: card.identity.id.clone(), origin: card.identity.origin });
        let network_interface = created.or_else(|| self.listed.into_iter().next())?;
        inventory.network_interfaces.extend(card);
        let inspection = if appliances_pass { Inspection::Pass } else { Inspection::NotStated };
        Some(GatewayForm::GatewayLoadBalancerEndpoint {
            service: self.service,
            network_interface,
            inspection,
        })
    }
}

/// A NAT gateway, and the interface that AWS creates for it in its subnet: it has the gateway's name, and no security
/// group. One that was deleted, or never came to be, has none, and its addresses are free.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html#nat-gateway-deleting>
fn nat_gateway(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &NAT_GATEWAY, problems)?;
    let identity = identity(&mut fields, GatewayKind::NatGateway.entry().id_prefix, problems);
    let subnet = fields.value("subnet", located_text, problems);
    let vpc = fields.value("vpc", located_text, problems);
    let public_ips = fields.list("public_ips", regional_address, problems);
    let route_table = own_table(&mut fields, identity.as_ref(), vpc.as_ref(), inventory, problems);
    let interface = fields.value("interface", text, problems);
    let private_ip = fields.value("private_ip", ipv4, problems);
    let public_ip = fields.value("public_ip", ipv4, problems);
    let secondary = fields.list("secondary_private_ips", secondary_address, problems);
    let unused = fields.list("unused_private_ips", ipv4, problems);
    let state = fields.value("state", one_of("a state", GATEWAY_STATES), problems);
    fields.finish(problems);
    let identity = identity?;
    if state == Some(Availability::Gone) {
        let gateway = Gateway::new(identity, GatewayKind::NatGateway, vpc);
        return Some(Gateway { availability: Availability::Gone, ..gateway });
    }
    if let Some(public_ips) = public_ips {
        return Some(Gateway {
            availability: state.unwrap_or_default(),
            route_table,
            form: GatewayForm::RegionalNatGateway { public_ips },
            ..Gateway::new(identity, GatewayKind::NatGateway, vpc)
        });
    }
    let Some(subnet) = subnet else {
        return Some(Gateway::new(identity, GatewayKind::NatGateway, vpc));
    };
    let card = Identity::new("eni", Some(identity.name.clone()), interface, identity.origin)?;
    let network_interface = Located { value: card.id.clone(), origin: identity.origin };
    inventory.network_interfaces.push(NetworkInterface {
        private_ip,
        public_ip,
        secondary_private_ips: secondary.unwrap_or_default(),
        ..NetworkInterface::of_gateway(card, subnet, "nat_gateway")
    });
    Some(Gateway {
        availability: state.unwrap_or_default(),
        form: GatewayForm::NatGateway { network_interface, unused_private_ips: unused.unwrap_or_default() },
        ..Gateway::new(identity, GatewayKind::NatGateway, None)
    })
}

/// An Elastic IP of a regional NAT gateway, with its zone or alone.
fn regional_address(node: &Node, problems: &mut Diagnostics) -> Option<RegionalAddress> {
    if !matches!(node.value, Value::Map(_)) {
        return Some(RegionalAddress { public_ip: ipv4(node, problems)?, availability_zone_id: None });
    }
    let mut fields = Fields::of(node, &REGIONAL_ADDRESS, problems)?;
    let public_ip = fields.value("public_ip", ipv4, problems);
    let availability_zone_id = fields.value("availability_zone_id", text, problems);
    fields.finish(problems);
    Some(RegionalAddress { public_ip: public_ip?, availability_zone_id })
}

/// A VPC peering connection. One of which neither end is stated is known by name only.
fn peering(node: &Node, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &PEERING, problems)?;
    let identity = identity(&mut fields, GatewayKind::VpcPeeringConnection.entry().id_prefix, problems);
    let [requester, accepter] =
        ["requester", "accepter"].map(|key| fields.value(key, located_text, problems));
    let regions = ["requester_region", "accepter_region"].map(|key| fields.value(key, text, problems));
    let state = fields.value("state", one_of("a state", PEERING_STATES), problems);
    fields.finish(problems);
    let (state, availability) = state.unwrap_or(("active", Availability::Available));
    let is_stated = requester.is_some() || accepter.is_some();
    let [requester_region, accepter_region] = regions;
    let form = GatewayForm::VpcPeeringConnection {
        requester: PeeringSide { vpc: requester, region: requester_region },
        accepter: PeeringSide { vpc: accepter, region: accepter_region },
        state,
    };
    Some(Gateway {
        availability,
        form: if is_stated { form } else { GatewayForm::Plain },
        ..Gateway::new(identity?, GatewayKind::VpcPeeringConnection, None)
    })
}

/// A virtual private gateway.
fn vpn_gateway(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) -> Option<Gateway> {
    let mut fields = Fields::of(node, &VPN_GATEWAY, problems)?;
    let identity = identity(&mut fields, GatewayKind::VpnGateway.entry().id_prefix, problems);
    let vpc = fields.value("vpc", located_text, problems);
    let state = fields.value("state", one_of("a state", GATEWAY_STATES), problems);
    let route_table = own_table(&mut fields, identity.as_ref(), vpc.as_ref(), inventory, problems);
    fields.finish(problems);
    Some(Gateway {
        route_table,
        availability: state.unwrap_or_default(),
        form: GatewayForm::VpnGateway,
        ..Gateway::new(identity?, GatewayKind::VpnGateway, vpc)
    })
}

/// A network on premises, behind gateways.
pub(super) fn customer_network(node: &Node, problems: &mut Diagnostics) -> Option<CustomerNetwork> {
    let mut fields = Fields::of(node, &CUSTOMER_NETWORK, problems)?;
    let identity = identity(&mut fields, "cgw", problems);
    let cidr_blocks = fields.list("cidr_blocks", cidr, problems);
    let via = fields.list("via", located_text, problems);
    fields.finish(problems);
    Some(CustomerNetwork { identity: identity?, cidr_blocks: cidr_blocks?, via: via? })
}
