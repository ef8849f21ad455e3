//! What gateways have of their own: references to interfaces, which are resolved before.

use std::net::Ipv4Addr;

use super::Resolver;
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference, RegionalAddress};
use crate::model::network::{Subnet, Vpc};
use crate::model::{
    Border, Card, ConnectionTrackingConfiguration, Gateway, GatewayForm, GatewayLoadBalancerEndpoint,
    Identity, Index, Inspection, InterfaceEndpoint, NatGateway, Network, NetworkInterface, PrivateAddress,
    Route, RouteOrigin, RouteTable, RouteTarget, Tags, TransitGatewayAttachment, is_endpoints_own,
    private_dns_names,
};
use crate::net::Cidr;

impl Resolver<'_, '_> {
    /// Resolves the forms of all gateways, and notes at interfaces whose they are.
    pub(super) fn gateway_forms(&mut self, network: &mut Network) {
        let inventory = self.inventory;
        for (position, gateway) in inventory.gateways.iter().enumerate() {
            let index = Index::new(position);
            let (form, interfaces) = match &gateway.form {
                inventory::GatewayForm::Plain
                | inventory::GatewayForm::VpcPeeringConnection { .. }
                | inventory::GatewayForm::GatewayEndpoint { .. }
                | inventory::GatewayForm::VpnGateway => continue,
                inventory::GatewayForm::NatGateway { network_interface, unused_private_ips } => {
                    let Some(own) = self.own_interface(network_interface, network) else { continue };
                    let unused_private_ips = unused_private_ips.iter().map(|address| address.value).collect();
                    let form = NatGateway {
                        network_interface: own,
                        unused_private_ips,
                        zones: Vec::new(),
                        is_regional: false,
                    };
                    (GatewayForm::NatGateway(form), vec![own])
                }
                inventory::GatewayForm::RegionalNatGateway { public_ips } => {
                    let Some(own) = self.regional_interface(index, public_ips, network) else { continue };
                    let zone = |own: &RegionalAddress| {
                        Some((own.public_ip.value, own.availability_zone_id.clone()?))
                    };
                    let form = NatGateway {
                        network_interface: own,
                        unused_private_ips: Vec::new(),
                        zones: public_ips.iter().filter_map(zone).collect(),
                        is_regional: true,
                    };
                    (GatewayForm::NatGateway(form), vec![own])
                }
                inventory::GatewayForm::InterfaceEndpoint {
                    service,
                    private_dns,
                    is_private_dns_for_inbound_only,
                    dns_names,
                    network_interfaces,
                } => {
                    let own = self.own_interfaces(network_interfaces, network);
                    self.check_one_in_each_zone(index, "an endpoint", &own, network);
                    self.check_endpoint_service(gateway, service);
                    let vpc = network.gateways[index].vpc;
                    let region = vpc.map_or("", |vpc| network.vpcs[vpc].region.as_str());
                    let service = InterfaceEndpoint::whole_name(service, region);
                    let (mut dns_names, mut guesses_dns_names) =
                        all_dns_names(&service, *private_dns, dns_names);
                    if *is_private_dns_for_inbound_only {
                        dns_names.retain(|name| is_endpoints_own(name));
                        guesses_dns_names = false;
                    }
                    let form = InterfaceEndpoint {
                        service,
                        dns_names,
                        guesses_dns_names,
                        network_interfaces: own.clone(),
                    };
                    (GatewayForm::InterfaceEndpoint(form), own)
                }
                inventory::GatewayForm::LoadBalancer(read) => {
                    let own = self.own_interfaces(&read.network_interfaces, network);
                    let form = self.load_balancer(index, read, own.clone(), network);
                    (GatewayForm::LoadBalancer(Box::new(form)), own)
                }
                inventory::GatewayForm::LatticeService(read) => {
                    let Some(form) = self.lattice_service(index, read, network) else { continue };
                    (GatewayForm::LatticeService(Box::new(form)), Vec::new())
                }
                inventory::GatewayForm::GatewayLoadBalancerEndpoint {
                    service,
                    network_interface,
                    inspection,
                } => {
                    let Some(own) = self.own_interface(network_interface, network) else { continue };
                    let form = self.inspected(index, own, service.as_deref(), inspection, network);
                    (GatewayForm::GatewayLoadBalancerEndpoint(form), vec![own])
                }
                inventory::GatewayForm::TransitGateway(read) => {
                    let own = self.transit_gateway(read, gateway, network);
                    let cards = own.attachments.iter().flat_map(TransitGatewayAttachment::network_interfaces);
                    let interfaces = cards.copied().collect();
                    (GatewayForm::TransitGateway(Box::new(own)), interfaces)
                }
            };
            for interface in interfaces {
                self.check_role(interface, gateway, network);
                if let Some(interface) = network.network_interfaces.get_mut(interface) {
                    interface.gateway = Some(index);
                }
                if let Some(card) = network.cards.get_mut(Index::new(interface.position())) {
                    card.is_of_gateway = true;
                }
            }
            if let Some(resolved) = network.gateways.get_mut(index) {
                resolved.form = form;
            }
        }
    }

    /// What the endpoint of a Gateway Load Balancer has of its own.
    fn inspected(
        &self,
        of: Index<Gateway>,
        network_interface: Index<NetworkInterface>,
        service: Option<&str>,
        inspection: &Inspection,
        network: &Network,
    ) -> GatewayLoadBalancerEndpoint {
        let unexcluded = self.unexcluded_mode(network.network_interfaces[network_interface].subnet, network);
        let region = network.gateways[of].vpc.map_or("", |vpc| network.vpcs[vpc].region.as_str());
        let service = service.map(|own| InterfaceEndpoint::whole_name(own, region));
        let inspection = inspection.in_order();
        GatewayLoadBalancerEndpoint { network_interface, service, inspection, unexcluded }
    }

    /// AWS: the interfaces of gateways are theirs alone, and cannot be attached to anything else.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html>
    fn check_role(
        &mut self,
        interface: Index<NetworkInterface>,
        gateway: &inventory::Gateway,
        network: &Network,
    ) {
        let card = &network.network_interfaces[interface];
        let instance = card.instance.map(|instance| &network.instances[instance].identity);
        let other = card.gateway.map(|other| &network.gateways[other].identity);
        let Some(other) = instance.or(other).filter(|other| other.id != gateway.identity.id) else { return };
        let message = format!(
            "interface `{}` of {} `{}` belongs to `{}` as well",
            card.identity.said(self.observed),
            gateway.kind,
            gateway.identity.said(self.observed),
            other.said(self.observed)
        );
        let help = "AWS creates interfaces for each gateway, which nothing else has";
        let problem = problems::mismatch(gateway.identity.origin, message, help);
        self.problems.push(problem.related(other.origin, "the other one"));
    }

    /// What stands for a regional NAT gateway: an interface with the public addresses, in a subnet of its own that has no
    /// block. Unless it has another route table, that leads to the internet gateway.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html>
    fn regional_interface(
        &mut self,
        index: Index<Gateway>,
        public_ips: &[RegionalAddress],
        network: &mut Network,
    ) -> Option<Index<NetworkInterface>> {
        let gateway = &network.gateways[index];
        let (identity, vpc) = (gateway.identity.clone(), gateway.vpc?);
        let route_table = gateway.route_table.unwrap_or_else(|| {
            let out = network.vpcs[vpc].internet_gateway;
            let table = Identity::default("rtb", format!("rtb-{}", identity.name), identity.origin);
            network.route_tables.push(regional_table(table, vpc, &network.vpcs[vpc], out))
        });
        let own_subnet = Subnet {
            identity: identity.clone(),
            vpc,
            cidr_blocks: Vec::new(),
            availability_zone_id: String::new(),
            network_acl: self.defaults_of(vpc).network_acl?,
            route_table,
            block_public_access: self.block_mode(None, vpc),
        };
        network.borders.push(Border::of(&own_subnet, &network.route_tables));
        let subnet = network.subnets.push(own_subnet);
        let own = |address: &RegionalAddress| PrivateAddress {
            private_ip: address.public_ip.value,
            public_ip: Some(address.public_ip.value),
        };
        let resolved = NetworkInterface {
            identity,
            account: None,
            interface_type: Some("nat_gateway".to_owned()),
            subnet,
            instance: None,
            managed_service: None,
            gateway: Some(index),
            security_groups: Vec::new(),
            private_ip_addresses: public_ips.iter().map(own).collect(),
            ipv6_addresses: Vec::new(),
            prefixes: Vec::new(),
            source_dest_check: Some(false),
            forwards: None,
            deny_all_igw_traffic: false,
            connection_tracking: ConnectionTrackingConfiguration::default(),
            attached: true,
            instance_is_unlisted: false,
            tags: Tags::new(),
        };
        network.cards.push(Card::of(network, &resolved));
        let interface = network.network_interfaces.push(resolved);
        for address in public_ips.iter().map(|own| &own.public_ip) {
            network.addresses.enter(vpc, address.value, interface);
            if let Err(other) = network.addresses.enter_public(address.value, interface, address.value) {
                let owner = network.network_interfaces[other].identity.said(self.observed).to_owned();
                self.problems.push(problems::address_in_use(address.origin, address.value, &owner, None));
            }
        }
        Some(interface)
    }

    /// The VPC in which a gateway stands because its interface does.
    pub(super) fn vpc_of_form(&self, form: &inventory::GatewayForm) -> Option<Index<Vpc>> {
        let inventory = self.inventory;
        let reference = match form {
            inventory::GatewayForm::NatGateway { network_interface, .. }
            | inventory::GatewayForm::GatewayLoadBalancerEndpoint { network_interface, .. } => {
                network_interface
            }
            inventory::GatewayForm::InterfaceEndpoint { network_interfaces, .. } => {
                network_interfaces.first()?
            }
            inventory::GatewayForm::LoadBalancer(own) => own.network_interfaces.first()?,
            _ => return None,
        };
        let interface = self.names.network_interfaces.get(&reference.value)?;
        let subnet = &inventory.network_interfaces.get(interface)?.subnet;
        let subnet = inventory.subnets.get(self.names.subnets.get(&subnet.value)?)?;
        self.find_vpc(subnet.vpc.as_ref())
    }

    /// Those interfaces that a gateway names as its own.
    fn own_interfaces(
        &mut self,
        references: &[Reference],
        network: &Network,
    ) -> Vec<Index<NetworkInterface>> {
        references.iter().filter_map(|reference| self.own_interface(reference, network)).collect()
    }

    /// The interface that a gateway names as its own.
    pub(super) fn own_interface(
        &mut self,
        reference: &Reference,
        network: &Network,
    ) -> Option<Index<NetworkInterface>> {
        // Where an interface has errors, others stand in its place.
        if network.network_interfaces.len() < self.inventory.network_interfaces.len() {
            return None;
        }
        if self.observed {
            return self.names.network_interfaces.get(&reference.value).map(Index::new);
        }
        self.names.network_interfaces.find(reference, self.problems).map(Index::new)
    }
}

/// The DNS names of an endpoint: those that were told and, where no private name was told, those that its service has;
/// and whether these are a guess.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html>
fn all_dns_names(service: &str, private_dns: Option<bool>, told: &[String]) -> (Vec<String>, bool) {
    let is_of_aws = InterfaceEndpoint::is_of_aws(service);
    let mut all = told.to_vec();
    if !is_of_aws || private_dns == Some(false) || !told.iter().all(|name| is_endpoints_own(name)) {
        return (all, false);
    }
    let (private, is_guess) = private_dns_names(service);
    all.extend(private);
    (all, is_guess)
}

/// The route table that AWS gives to a regional NAT gateway.
fn regional_table(identity: Identity, vpc: Index<Vpc>, of: &Vpc, out: Option<Index<Gateway>>) -> RouteTable {
    let to_internet =
        out.zip(Cidr::new(Ipv4Addr::UNSPECIFIED.into(), 0)).map(|(gateway, destination)| Route {
            destination,
            prefix_list: None,
            target: RouteTarget::Gateway(gateway),
            target_label: "internet gateway".to_owned(),
            route_origin: RouteOrigin::CreateRouteTable,
            origin: None,
        });
    RouteTable::new(identity, vpc, super::routes::local_routes(of).into_iter().chain(to_internet).collect())
}
