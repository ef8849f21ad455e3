//! VPC endpoints: those of the types `Gateway` and `GatewayLoadBalancer` are targets of routes, those of the type
//! `Interface` have interfaces, which are told by themselves. What appliances do, AWS does not tell. Others can be named and routed to.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>

use super::assemble::{Assembly, names};
use super::convert::name_tag;
use super::json::Read;
use super::shapes::VpcEndpoint;
use super::states::availability;
use crate::diagnostic::problems;
use crate::model::inventory::{self, GatewayForm};
use crate::model::{GatewayKind, Inspection};

impl Assembly<'_, '_, '_> {
    /// Those that are no more are left out: routes that still lead to them are blackholes.
    pub(super) fn vpc_endpoints(&mut self) {
        let answers = self.answers;
        let names = names(&answers.vpc_endpoints, |endpoint| name_tag(endpoint.tags.as_ref()));
        let firewalls = answers.network_firewalls.by_endpoint();
        for endpoint in answers.vpc_endpoints.iter() {
            let Some(availability) = availability(endpoint.value.state) else { continue };
            let inspection = firewalls.get(endpoint.value.vpc_endpoint_id.as_str()).cloned();
            let inspection = inspection.map_or(Inspection::NotStated, Inspection::NetworkFirewall);
            let form = form(endpoint, inspection).unwrap_or_default();
            let identity = endpoint.identity(names.keep(name_tag(endpoint.value.tags.as_ref())));
            let vpc = endpoint.value.vpc_id.as_ref().map(|vpc| endpoint.reference(vpc));
            self.inventory.gateways.push(inventory::Gateway {
                availability,
                form,
                ..inventory::Gateway::new(identity, GatewayKind::VpcEndpoint, vpc)
            });
        }
        let is_unknown = |endpoint: &&&str| answers.vpc_endpoints.get(endpoint).is_none();
        let unknown = firewalls.keys().filter(is_unknown).count();
        self.firewalls_left_out(unknown, answers.network_firewalls.without_endpoints());
    }

    /// Tells of firewalls of which endpoints are not known, so that the scenario cannot have them.
    fn firewalls_left_out(&mut self, unknown: usize, untold: usize) {
        let told = [
            (
                unknown,
                "endpoints of network firewalls were not collected",
                "routes to them are `unknown`; `aws ec2 describe-vpc-endpoints` tells of them",
            ),
            (
                untold,
                "network firewalls were collected without their status, which tells of their endpoints",
                "these endpoints are `unknown`; `aws network-firewall describe-firewall` tells of both",
            ),
        ];
        for (count, message, help) in told.into_iter().filter(|(count, ..)| *count > 0) {
            self.problems.push(problems::not_collected(None, format!("{count} {message}"), help));
        }
    }
}

/// What the types have of their own of which the traffic is simulated. `inspection` is what is behind one of a Gateway Load
/// Balancer.
fn form(endpoint: &Read<'_, VpcEndpoint<'_>>, inspection: Inspection) -> Option<GatewayForm> {
    let own = &endpoint.value;
    let service = own.service_name.as_ref()?.as_str().to_owned();
    match own.vpc_endpoint_type.as_ref()?.as_str() {
        "Gateway" => Some(GatewayForm::GatewayEndpoint { service }),
        "Interface" => {
            let names = own.dns_entries.iter().flatten().filter_map(|entry| entry.dns_name.as_ref());
            let cards = own.network_interface_ids.iter().flatten();
            Some(GatewayForm::InterfaceEndpoint {
                service,
                private_dns: Some(own.private_dns_enabled == Some(true)),
                is_private_dns_for_inbound_only: own
                    .dns_options
                    .as_ref()
                    .is_some_and(|dns| dns.private_dns_only_for_inbound_resolver_endpoint == Some(true)),
                dns_names: names.map(|name| name.as_str().to_owned()).collect(),
                network_interfaces: cards.map(|card| endpoint.reference(card)).collect(),
            })
        }
        "GatewayLoadBalancer" => {
            let interface = own.network_interface_ids.iter().flatten().next()?;
            let network_interface = endpoint.reference(interface);
            Some(GatewayForm::GatewayLoadBalancerEndpoint {
                service: Some(service),
                network_interface,
                inspection,
            })
        }
        _ => None,
    }
}
