//! Ends that are services: by the name or id of an endpoint, by AWS's name of the service, or by a DNS name.
//!
//! In the VPC of an interface endpoint its private DNS names stand for the endpoint; everywhere else they are public names,
//! which stand for the service itself, outside.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html>

use std::net::IpAddr;

use super::ends::Named;
use crate::diagnostic::{Diagnostic, problems};
use crate::model::inventory::{self, Inventory, Reference};
use crate::model::{
    Gateway, GatewayEndpoint, GatewayForm, Index, InterfaceEndpoint, NameDoubt, Network, RouteTarget, Vpc,
    may_be_private_dns_name,
};
use crate::net::Cidr;

/// What public DNS names of AWS's services end in.
const PUBLIC: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

/// Whether `name` is a name that AWS gives to a service, in either way.
fn is_of_service(name: &str) -> bool {
    InterfaceEndpoint::is_whole_name(name) || PUBLIC.iter().any(|end| name.ends_with(end))
}

/// Whether `name` stands for a service at its public addresses, where no endpoint takes its place.
pub(crate) fn is_public_service(name: &str) -> bool {
    is_of_service(name) && !name.contains(".vpce")
}

/// Whether it is a DNS name that does.
pub(crate) fn is_public_dns_name(name: &str) -> bool {
    is_public_service(name) && !InterfaceEndpoint::is_whole_name(name)
}

impl Inventory {
    /// Whether `text` may name a service or an endpoint.
    pub(super) fn may_be_service(&self, text: &str) -> bool {
        let is_called = |gateway: &inventory::Gateway| match &gateway.form {
            inventory::GatewayForm::InterfaceEndpoint { dns_names, .. } => {
                gateway.identity.is(text) || of_no_service(dns_names.clone()).is_called(text, true)
            }
            inventory::GatewayForm::LoadBalancer(own) => {
                gateway.identity.is(text) || has_name(own.dns_name.as_ref(), text)
            }
            inventory::GatewayForm::LatticeService(own) => {
                gateway.identity.is(text) || has_name(own.dns_name.as_ref(), text)
            }
            _ => false,
        };
        is_of_service(text) || self.gateways.iter().any(is_called)
    }
}

/// Whether `own` is the DNS name `text`.
fn has_name(own: Option<&String>, text: &str) -> bool {
    own.is_some_and(|own| own.eq_ignore_ascii_case(text.trim_end_matches('.')))
}

/// An endpoint with these names, to ask about them.
const fn of_no_service(dns_names: Vec<String>) -> InterfaceEndpoint {
    InterfaceEndpoint {
        service: String::new(),
        dns_names,
        guesses_dns_names: false,
        network_interfaces: Vec::new(),
    }
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
        let is_its_own = |gateway: &Gateway| match &gateway.form {
            GatewayForm::InterfaceEndpoint(_) => gateway.identity.is(text),
            GatewayForm::LoadBalancer(own) => {
                gateway.identity.is(text) || has_name(own.dns_name.as_ref(), text)
            }
            GatewayForm::LatticeService(own) => {
                gateway.identity.is(text) || has_name(own.dns_name.as_ref(), text)
            }
            _ => false,
        };
        if let Some((index, gateway)) = self.gateways.enumerate().find(|(_, gateway)| is_its_own(gateway)) {
            let is_of_lattice = gateway.lattice_service().is_some();
            return Some(Ok(if is_of_lattice { Named::Lattice(index) } else { Named::Endpoint(index) }));
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
        if InterfaceEndpoint::is_whole_name(text) {
            let message = format!("no endpoint leads to `{text}`");
            let help =
                "the public addresses of the service go by its DNS name, as sqs.eu-west-1.amazonaws.com";
            return Some(Err(problems::connection_ends(reference.origin, message, help)));
        }
        is_public_service(text).then_some(Ok(Named::Service))
    }

    /// Why it is not known whom `name` stands for, which a client asks of AWS's DNS and found nothing nearer than `to`.
    pub(super) fn name_doubt(&self, name: &str, from: &Named, to: &Named) -> Option<NameDoubt> {
        let (Some(card), Named::Service) = (self.client_card(from), to) else { return None };
        let vpc = Some(self.vpc_of(card));
        let guesses = |gateway: &Gateway, own: &InterfaceEndpoint| {
            gateway.vpc == vpc && own.guesses_dns_names && may_be_private_dns_name(name, &own.service)
        };
        if let Some((endpoint, ..)) = self.endpoints().find(|(_, gateway, own)| guesses(gateway, own)) {
            return Some(NameDoubt::OfEndpoint(endpoint));
        }
        // Where nothing tells the addresses of S3 from others, whichever they are makes no difference.
        (is_global_bucket(name) && self.knows_s3()).then_some(NameDoubt::BucketRegion)
    }

    /// Whether a route leads to the addresses of S3, or a list has them.
    fn knows_s3(&self) -> bool {
        let is_of_s3 = |gateway: &Gateway| match &gateway.form {
            GatewayForm::GatewayEndpoint(own) => own.service.rsplit('.').next() == Some("s3"),
            _ => false,
        };
        let mut regions = self.vpcs.iter().map(|vpc| InterfaceEndpoint::whole_name("s3", &vpc.region));
        self.gateways.iter().any(is_of_s3) || regions.any(|service| self.service_list(&service).is_some())
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
    if let Some((_, service)) = name.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.')) {
        return Some(name.to_owned()).filter(|_| known(&service));
    }
    let labels = PUBLIC.iter().find_map(|end| name.strip_suffix(end)).filter(|_| is_public_service(name))?;
    let mut labels: Vec<&str> = labels.split('.').collect();
    let last = labels.pop()?;
    // The global name of a bucket tells no Region.
    if let Some(region) = legacy_s3(last).filter(|_| labels.is_empty() || last != "s3") {
        return Some(InterfaceEndpoint::whole_name("s3", region));
    }
    let service = labels.into_iter().rev().find(known)?;
    Some(InterfaceEndpoint::whole_name(service, last))
}

/// The Region of an older name of S3 by its last label before `amazonaws.com`: `s3-eu-west-1`, or `s3` for `us-east-1`.
/// AWS: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingBackwardsCompatibility>
fn legacy_s3(label: &str) -> Option<&str> {
    if label == "s3" {
        return Some("us-east-1");
    }
    let region = label.strip_prefix("s3-")?;
    let is_place = |place: &str| place.len() == 2 && place.bytes().all(|letter| letter.is_ascii_lowercase());
    let ends_in_number = region.ends_with(|letter: char| letter.is_ascii_digit());
    (ends_in_number && region.split('-').next().is_some_and(is_place)).then_some(region)
}

/// Whether it is the name of a bucket that has no Region: `bucket.s3.amazonaws.com`.
fn is_global_bucket(name: &str) -> bool {
    name.strip_suffix(".s3.amazonaws.com").is_some_and(|bucket| !bucket.is_empty())
}
