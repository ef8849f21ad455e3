//! Ends that are services: by the name or id of an endpoint, by AWS's name of the service, or by a DNS name.
//!
//! In the VPC of an interface endpoint its private DNS names stand for the endpoint; everywhere else they are public names,
//! which stand for the service itself, outside.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html>

use std::net::IpAddr;

use super::connection::Named;
use crate::diagnostic::{Diagnostic, problems};
use crate::model::inventory::{self, Inventory, Reference};
use crate::model::{
    Gateway, GatewayEndpoint, GatewayForm, Index, InterfaceEndpoint, Network, RouteTarget, Vpc,
};
use crate::net::Cidr;

/// What AWS's whole names of its services begin with.
const SERVICES: &str = "com.amazonaws.";

/// What public DNS names of AWS's services end in.
const PUBLIC: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

/// Whether `name` is a name that AWS gives to a service, in either way.
fn is_of_service(name: &str) -> bool {
    name.starts_with(SERVICES) || PUBLIC.iter().any(|end| name.ends_with(end))
}

/// Whether `name` stands for a service at its public addresses, where no endpoint takes its place.
pub(crate) fn is_public_service(name: &str) -> bool {
    is_of_service(name) && !name.contains(".vpce")
}

/// Whether it is a DNS name that does.
pub(crate) fn is_public_dns_name(name: &str) -> bool {
    is_public_service(name) && !name.starts_with(SERVICES)
}

impl Inventory {
    /// Whether `text` may name a service or an endpoint.
    pub(super) fn may_be_service(&self, text: &str) -> bool {
        let is_called = |gateway: &inventory::Gateway| match &gateway.form {
            inventory::GatewayForm::InterfaceEndpoint { dns_names, .. } => {
                gateway.identity.is(text) || of_no_service(dns_names.clone()).is_called(text, true)
            }
            _ => false,
        };
        is_of_service(text) || self.gateways.iter().any(is_called)
    }
}

/// An endpoint with these names, to ask about them.
const fn of_no_service(dns_names: Vec<String>) -> InterfaceEndpoint {
    InterfaceEndpoint { service: String::new(), dns_names, network_interfaces: Vec::new() }
}

impl Network {
    /// What `reference` stands for as a service or an endpoint, for a client in `vpc` or in none; `None` when it names
    /// neither.
    pub(super) fn service_called(
        &self,
        reference: &Reference,
        vpc: Option<Index<Vpc>>,
    ) -> Option<Result<Named, Diagnostic>> {
        let text = reference.value.as_str();
        let own = self.endpoints().find(|(_, gateway, _)| gateway.identity.is(text));
        if let Some((index, ..)) = own {
            return Some(Ok(Named::Endpoint(index)));
        }
        let is_called = |gateway: &Gateway, own: &InterfaceEndpoint| {
            own.service == text || own.is_called(text, vpc.is_some() && gateway.vpc == vpc)
        };
        let all: Vec<_> = self.endpoints().filter(|(_, gateway, own)| is_called(gateway, own)).collect();
        let near: Vec<_> = all.iter().filter(|(_, gateway, _)| gateway.vpc == vpc).collect();
        match (near.as_slice(), all.as_slice()) {
            ([(only, ..)], _) | ([], [(only, ..)]) => return Some(Ok(Named::Endpoint(*only))),
            ([], []) => {}
            _ => {
                let message = format!("several endpoints lead to `{text}`");
                let help = "name the endpoint";
                return Some(Err(problems::ambiguous_reference(reference.origin, message, help)));
            }
        }
        if let Some(address) = self.address_in_list(text) {
            return Some(Ok(Named::Address(address)));
        }
        if text.starts_with(SERVICES) {
            let message = format!("no endpoint leads to `{text}`");
            let help =
                "the public addresses of the service go by its DNS name, as sqs.eu-west-1.amazonaws.com";
            return Some(Err(problems::connection_ends(reference.origin, message, help)));
        }
        is_public_service(text).then_some(Ok(Named::Service))
    }

    /// Every interface endpoint.
    fn endpoints(&self) -> impl Iterator<Item = (Index<Gateway>, &Gateway, &InterfaceEndpoint)> {
        let all = self.gateways.enumerate();
        all.filter_map(|(index, gateway)| Some((index, gateway, gateway.interface_endpoint()?)))
    }

    /// An address of the service that `name` stands for, of those that have gateway endpoints: in AWS's list of its
    /// addresses or, where no list has the service's name, in the list that a route to its endpoint has.
    fn address_in_list(&self, name: &str) -> Option<IpAddr> {
        let service = service_of(name)?;
        let listed = self.service_list(&service).into_iter();
        let is_its_own =
            |gateway: Index<Gateway>| match (&self.gateways[gateway].form, self.gateways[gateway].vpc) {
                (GatewayForm::GatewayEndpoint(own), Some(vpc)) => {
                    InterfaceEndpoint::whole_name(&own.service, &self.vpcs[vpc].region) == service
                }
                _ => false,
            };
        let all = self.route_tables.iter().flat_map(|table| table.routes.iter());
        let routed = all.filter(|route| {
            matches!(route.target, RouteTarget::Gateway(gateway) if route.prefix_list.is_some() && is_its_own(gateway))
        });
        let mut blocks = listed.chain(routed.map(|route| route.destination));
        let first = |block: Cidr| if block.is_host() { Some(block.first()) } else { block.nth(1) };
        blocks.find_map(first)
    }
}

/// AWS's whole name of the service that a name stands for, of those that have gateway endpoints: the name itself, or that
/// of a DNS name such as `bucket.s3.eu-west-1.amazonaws.com`.
fn service_of(name: &str) -> Option<String> {
    let known = |service: &&str| GatewayEndpoint::SERVICES.contains(service);
    if let Some((_, service)) = name.strip_prefix(SERVICES).and_then(|rest| rest.split_once('.')) {
        return Some(name.to_owned()).filter(|_| known(&service));
    }
    let labels = PUBLIC.iter().find_map(|end| name.strip_suffix(end)).filter(|_| is_public_service(name))?;
    let mut labels: Vec<&str> = labels.split('.').collect();
    let region = labels.pop()?;
    let service = labels.into_iter().rev().find(known)?;
    Some(InterfaceEndpoint::whole_name(service, region))
}
