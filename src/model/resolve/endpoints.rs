//! VPC endpoints: what AWS would refuse to create, and those that nothing leads to.

use std::collections::BTreeSet;

use super::Resolver;
use crate::diagnostic::problems;
use crate::model::inventory::{self, GatewayForm};
use crate::model::network::Vpc;
use crate::model::{
    Arena, Gateway, GatewayEndpoint, GatewayLoadBalancerEndpoint, Index, InterfaceEndpoint, LoadBalancer,
    LoadBalancerType, Network, NetworkFirewall, NetworkInterface, zone_of,
};

impl Resolver<'_, '_> {
    /// A gateway endpoint leads to one of few services, in its own Region.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>
    pub(super) fn check_gateway_endpoint(
        &mut self,
        of: &inventory::Gateway,
        service: &str,
        vpcs: &Arena<Vpc>,
    ) {
        if self.observed {
            return;
        }
        let own = GatewayEndpoint { service: service.to_owned() };
        if !own.is_offered() {
            let message = format!("AWS has no gateway endpoints for `{}`", problems::cut(service, 100));
            let help = "gateway endpoints lead to `s3`, `s3express` and `dynamodb` alone; give an interface endpoint its \
                        `subnets`";
            self.problems.push(problems::mismatch(of.identity.origin, message, help));
            return;
        }
        let vpc = of.vpc.as_ref().and_then(|vpc| self.names.vpcs.get(&vpc.value)).map(Index::new);
        let theirs = service.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.'));
        let Some((vpc, (region, _))) = vpc.zip(theirs) else { return };
        let own = &vpcs[vpc].region;
        if own != region {
            let message = format!("`{}` leads to {region}, and its VPC is in {own}", of.identity.name);
            let help = "a gateway endpoint leads to the service in its own Region";
            self.problems.push(problems::mismatch(of.identity.origin, message, help));
        }
    }

    /// An interface endpoint leads to a service of AWS, or to one that some account offers by an id.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html#concepts-service-consumers>
    pub(super) fn check_endpoint_service(&mut self, of: &inventory::Gateway, service: &str) {
        let is_name = InterfaceEndpoint::is_whole_name(service)
            || InterfaceEndpoint::is_short_name(service)
            || service.starts_with("vpce-svc-");
        if self.observed || is_name {
            return;
        }
        let message = format!("`{}` is no name of a service", problems::cut(service, 100));
        let help = "services of AWS go by short names, as `sqs` or `ecr.dkr`, or whole ones, as \
                    `com.amazonaws.eu-west-1.sqs`; those that accounts offer by `vpce-svc-…`";
        self.problems.push(problems::invalid_value(of.identity.origin, message, help));
    }

    /// An endpoint is of the type of its service, where a load balancer of the network offers it, and in a zone of it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html>,
    /// <https://docs.aws.amazon.com/vpc/latest/privatelink/create-gateway-load-balancer-endpoint-service.html>
    pub(super) fn check_offered_services(&mut self, network: &Network) {
        if self.observed {
            return;
        }
        for (index, endpoint) in network.gateways.enumerate() {
            let (service, cards) =
                match (endpoint.interface_endpoint(), endpoint.gateway_load_balancer_endpoint()) {
                    (Some(own), _) => (&own.service, own.network_interfaces.as_slice()),
                    (
                        _,
                        Some(GatewayLoadBalancerEndpoint {
                            service: Some(service), network_interface, ..
                        }),
                    ) => (service, std::slice::from_ref(network_interface)),
                    _ => continue,
                };
            let offers = |gateway: &&Gateway| {
                let own = gateway.load_balancer().and_then(|own| own.endpoint_service.as_ref());
                own == Some(service)
            };
            let name = &endpoint.identity.name;
            let mut offering = network.gateways.iter().filter(offers);
            let Some((by, own)) = offering.next().and_then(|by| Some((by, by.load_balancer()?))) else {
                self.offered_by_nobody(endpoint, service, network);
                continue;
            };
            if let Some(second) = offering.next() {
                let (one, other) = (&by.identity, &second.identity);
                let message = format!("the service of `{name}` is offered by `{one}` and by `{other}`");
                let help = "to which of several load balancers an endpoint leads AWS does not say: write one that has all \
                            targets";
                self.problems.push(problems::mismatch(endpoint.identity.origin, message, help));
            }
            if (own.kind == LoadBalancerType::Gateway) != endpoint.interface_endpoint().is_none() {
                let message =
                    format!("the service of `{name}` is offered by `{}`, a {}", by.identity, own.kind.name());
                let help = "the service of a Gateway Load Balancer has endpoints of `type: gateway-load-balancer`, that of a \
                            Network Load Balancer interface endpoints";
                self.problems.push(problems::mismatch(endpoint.identity.origin, message, help));
                continue;
            }
            let mut lacking = cards.iter().filter(|card| network.node_behind(index, **card).is_none());
            if let Some(card) = lacking.next() {
                let zone = zone_of(network, *card);
                let message = format!("`{name}` is in zone `{zone}`, in which `{}` has no node", by.identity);
                let help = "a service has endpoints in the zones of its load balancer alone: add a subnet in that zone there";
                self.problems.push(problems::mismatch(endpoint.identity.origin, message, help));
            }
        }
    }

    /// Tells of the endpoint of a service that no load balancer of the network offers, where some offer others.
    fn offered_by_nobody(&mut self, endpoint: &Gateway, service: &str, network: &Network) {
        let inspects = endpoint.gateway_load_balancer_endpoint().is_some();
        let is_of_kind = |own: &&LoadBalancer| {
            (own.kind == LoadBalancerType::Gateway) == inspects && !InterfaceEndpoint::is_of_aws(service)
        };
        let all = network.gateways.iter().filter_map(Gateway::load_balancer).filter(is_of_kind);
        let mut offered = all.filter_map(|own| own.endpoint_service.as_deref());
        let Some(other) = offered.next() else { return };
        let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
        let message = format!(
            "the service `{}` of `{}` is offered by nobody here",
            problems::cut(&short(service), 100),
            endpoint.identity.name
        );
        let help = format!("it is another account's then; a load balancer here offers `{}`", short(other));
        self.problems.push(problems::no_effect(endpoint.identity.origin, message, &help));
    }

    /// Tells of gateway endpoints to which no route leads: nothing goes through them.
    pub(super) fn check_routes_to_endpoints(&mut self) {
        if self.observed {
            return;
        }
        let inventory = self.inventory;
        let targets: BTreeSet<&str> = inventory
            .route_tables
            .iter()
            .flat_map(|table| table.routes.iter().map(|route| route.target.value.as_str()))
            .collect();
        for gateway in &inventory.gateways {
            let identity = &gateway.identity;
            let is_used = [&identity.name, &identity.id].iter().any(|name| targets.contains(name.as_str()));
            let GatewayForm::GatewayEndpoint { service } = &gateway.form else { continue };
            if is_used || !gateway.availability.is_available() || self.problems.concern(identity.origin) {
                continue; // where the endpoint itself is wrong, that is told
            }
            let message = format!("no route leads to gateway endpoint `{}`", identity.name);
            let help = format!(
                "add `LIST -> {}` to `routes`, with the `prefix_lists` entry of {} as LIST",
                identity.name,
                problems::cut(service, 100)
            );
            self.problems.push(problems::no_effect(identity.origin, message, &help));
        }
    }

    /// What has interfaces in several zones, as `owner` says, has one at most in each, and all of them in its VPC.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html>,
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer>
    pub(super) fn check_one_in_each_zone(
        &mut self,
        of: Index<Gateway>,
        owner: &str,
        own: &[Index<NetworkInterface>],
        network: &Network,
    ) {
        if self.observed {
            return;
        }
        let Gateway { identity, vpc, .. } = &network.gateways[of];
        for card in own {
            let Some(vpc) = vpc.filter(|vpc| network.vpc_of(*card) != *vpc) else { continue };
            let subnet = &network.subnets[network.network_interfaces[*card].subnet].identity;
            let message = format!(
                "subnet `{subnet}` of `{}` is not in VPC `{}`",
                identity.name, network.vpcs[vpc].identity
            );
            let help = format!("all subnets of {owner} are in its one VPC");
            self.problems.push(problems::mismatch(identity.origin, message, &help));
        }
        let mut zones = BTreeSet::new();
        let mut of_zones = own.iter().map(|card| zone_of(network, *card)).filter(|zone| !zone.is_empty());
        if let Some(zone) = of_zones.find(|zone| !zones.insert(*zone)) {
            let message = format!("`{}` has two subnets in zone `{zone}`", identity.name);
            let help = format!("{owner} has at most one subnet in each Availability Zone");
            self.problems.push(problems::mismatch(identity.origin, message, &help));
        }
    }

    /// A network firewall has one subnet at most in each zone, and all of them in one VPC.
    /// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-config-subnets.html>
    pub(super) fn check_network_firewalls(&mut self, network: &Network) {
        if self.observed {
            return;
        }
        let mut seen: Vec<(&NetworkFirewall, Index<Vpc>, &str)> = Vec::new();
        for gateway in &network.gateways {
            let endpoint = gateway.network_firewall().zip(gateway.gateway_load_balancer_endpoint());
            let Some((firewall, own)) = endpoint else { continue };
            let (vpc, zone) =
                (network.vpc_of(own.network_interface), zone_of(network, own.network_interface));
            let of_same = || seen.iter().filter(|(other, ..)| other.identity.id == firewall.identity.id);
            let name = &firewall.identity.name;
            let (message, help) = if of_same().any(|(_, other, _)| *other != vpc) {
                (
                    format!("the subnets of `{name}` are in two VPCs"),
                    "all subnets of a firewall are in its one VPC",
                )
            } else if !zone.is_empty() && of_same().any(|(.., other)| *other == zone) {
                let help = "a firewall has at most one subnet in each Availability Zone";
                (format!("`{name}` has two subnets in zone `{zone}`"), help)
            } else {
                seen.push((firewall, vpc, zone));
                continue;
            };
            self.problems.push(problems::mismatch(gateway.identity.origin, message, help));
        }
    }
}
