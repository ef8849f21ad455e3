//! The ends of a connection by their names: who is meant, and what to say when nobody is.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::diagnostic::{Diagnostic, Diagnostics, INTERNET, problems};
use crate::model::inventory::{self, Inventory, Reference};
use crate::model::{
    CustomerNetwork, Gateway, GatewayForm, GatewayKind, Index, InterfaceEndpoint, ManagedService, NamedEnd,
    Network, NetworkInterface, is_called, looks_like_id, private_dns_names, said,
};

/// What an end can be, for messages.
const ENDS: &str = "instance, network interface, load balancer, endpoint or address";

/// An end as it was named, before the family of the addresses is settled.
pub(super) enum Named {
    Interface(Index<NetworkInterface>, Option<IpAddr>),
    Address(IpAddr),
    /// Any address of a network on premises.
    CustomerNetwork(Index<CustomerNetwork>),
    /// An interface endpoint or a load balancer, by any of its interfaces.
    Endpoint(Index<Gateway>),
    /// A service of VPC Lattice, which has no interface.
    Lattice(Index<Gateway>),
    /// A resource of a service, by any of its interfaces.
    Managed(Index<ManagedService>),
    /// A service at its public addresses, which nothing in the network names.
    Service,
    Internet,
}

impl Inventory {
    /// Which of `connections` have ends that something has the names of; tells of the others, even when the rest of
    /// the network cannot be resolved.
    pub(crate) fn check_ends(
        &self,
        connections: &[inventory::Connection],
        problems: &mut Diagnostics,
    ) -> Vec<bool> {
        if connections.is_empty() {
            return Vec::new(); // as in answers of AWS, which can have very many names
        }
        let instances = self.instances.iter().map(|instance| &instance.identity);
        let interfaces = self.network_interfaces.iter().map(|interface| &interface.identity);
        let customers = self.customer_networks.iter().map(|customer| &customer.identity);
        let managed = self.managed_services.iter().map(|service| &service.identity);
        let named = |gateway: &&inventory::Gateway| {
            use inventory::GatewayForm::{InterfaceEndpoint, LoadBalancer};
            matches!(gateway.form, LoadBalancer(_) | InterfaceEndpoint { .. })
        };
        let gateways = self.gateways.iter().filter(named).map(|gateway| &gateway.identity);
        let ends = instances.chain(interfaces).chain(customers).chain(managed).chain(gateways);
        let identities = ends.flat_map(|identity| [identity.name.as_str(), identity.id.as_str()]);
        let known: BTreeSet<&str> = identities.chain([INTERNET]).collect();
        let mut is_known = |end: &Reference| {
            let text = end.value.as_str();
            let mut managed = self.managed_services.iter();
            let is_known = known.contains(text)
                || text.parse::<IpAddr>().is_ok()
                || self.may_be_service(text)
                || managed.any(|service| is_called(&service.identity, service.kind, text));
            if let Some(problem) = self.gateway_as_end(end).filter(|_| !is_known) {
                problems.push(problem);
            } else if !is_known {
                let shared = self.shared_names.get(text).map(Vec::as_slice);
                problems.push(unknown_end(end, shared, self.is_confidential, known.iter().copied()));
            }
            is_known
        };
        connections.iter().map(|read| is_known(&read.from) & is_known(&read.to)).collect()
    }

    /// The problem of an end that names a gateway.
    fn gateway_as_end(&self, end: &Reference) -> Option<Diagnostic> {
        let gateway = self.gateways.iter().find(|gateway| gateway.identity.is(&end.value))?;
        let is_its =
            |vpc: &&inventory::Vpc| gateway.vpc.as_ref().is_some_and(|own| vpc.identity.is(&own.value));
        let region = self.vpcs.iter().find(is_its).and_then(|vpc| vpc.region.as_deref());
        let service = match &gateway.form {
            inventory::GatewayForm::GatewayEndpoint { service } => Some(service.as_str()),
            _ => None,
        };
        Some(no_end(end, gateway.kind, service, region.unwrap_or(&self.region)))
    }
}

impl Network {
    pub(super) fn named(&self, reference: &Reference) -> Result<Named, Diagnostic> {
        let text = reference.value.as_str();
        if text == INTERNET {
            return Ok(Named::Internet);
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return self.named_by_address(address, reference);
        }
        match self.end_called(text) {
            Some(NamedEnd::Interface(interface)) => Ok(Named::Interface(interface, None)),
            Some(NamedEnd::Instance(instance)) => {
                let primary = self.interfaces_of(instance).next();
                let message = || format!("instance `{text}` has no network interface");
                let problem = || problems::connection_ends(reference.origin, message(), "give it a subnet");
                primary.map(|primary| Named::Interface(primary, None)).ok_or_else(problem)
            }
            Some(NamedEnd::CustomerNetwork(customer)) => Ok(Named::CustomerNetwork(customer)),
            None => self.managed_called(reference).unwrap_or_else(|| Err(self.nobody_called(reference))),
        }
    }

    /// The far end, of which services can be named as well; what their names stand for depends on who asks.
    pub(super) fn named_to(&self, reference: &Reference, from: &Named) -> Result<Named, Diagnostic> {
        let vpc = self.client_card(from).map(|card| self.vpc_of(card));
        let text = reference.value.as_str();
        let is_end = || self.end_called(text).is_some() || self.managed_called(reference).is_some();
        if text == INTERNET || text.parse::<IpAddr>().is_ok() || is_end() {
            return self.named(reference);
        }
        self.service_called(reference, vpc).unwrap_or_else(|| self.named(reference))
    }

    pub(super) fn nobody_called(&self, reference: &Reference) -> Diagnostic {
        if self.service_called(reference, None).is_some_and(|found| found.is_ok()) {
            let message = format!("`{}` opens no connections", reference.value);
            return problems::connection_ends(
                reference.origin,
                message,
                "services and endpoints only answer",
            );
        }
        if let Some(gateway) = self.gateways.iter().find(|gateway| gateway.identity.is(&reference.value)) {
            let region = gateway.vpc.map_or("", |vpc| &self.vpcs[vpc].region);
            let service = match &gateway.form {
                GatewayForm::GatewayEndpoint(own) => Some(own.service.as_str()),
                _ => None,
            };
            return no_end(reference, gateway.kind, service, region);
        }
        let secret = self.is_confidential();
        let instances = self.instances.iter().map(|instance| instance.identity.said(secret));
        let interfaces = self.network_interfaces.iter().map(|interface| interface.identity.said(secret));
        let customers = self.customer_networks.iter().map(|customer| customer.identity.said(secret));
        let managed = self.managed_services.iter().map(|service| service.identity.said(secret));
        let named =
            |gateway: &&Gateway| gateway.load_balancer().is_some() || gateway.interface_endpoint().is_some();
        let gateways = self.gateways.iter().filter(named).map(|gateway| gateway.identity.said(secret));
        let known = instances.chain(interfaces).chain(customers).chain(managed).chain(gateways);
        let known = known.chain([INTERNET]);
        unknown_end(reference, self.ends_sharing(&reference.value), secret, known)
    }

    pub(super) fn named_by_address(
        &self,
        address: IpAddr,
        reference: &Reference,
    ) -> Result<Named, Diagnostic> {
        match self.interfaces_with(address).as_slice() {
            [] => Ok(Named::Address(address)),
            [only] => Ok(Named::Interface(*only, Some(address))),
            several => {
                let message = format!("{} interfaces have the address {address}", several.len());
                Err(problems::ambiguous_reference(
                    reference.origin,
                    message,
                    "name the instance or the interface",
                ))
            }
        }
    }
}

/// That nothing is called so, unless several are. Of an account's own texts ids alone are shown, beside what was asked.
fn unknown_end<'a>(
    end: &Reference,
    shared: Option<&[String]>,
    is_confidential: bool,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let may_be_said = |text: &str| !is_confidential || looks_like_id(text) || text == INTERNET;
    match shared {
        Some(ids) => {
            let ids: Vec<&str> = ids.iter().map(|id| said(id, is_confidential)).collect();
            problems::shared_name(end.origin, &end.value, &ids)
        }
        None => {
            let known = known.filter(|known| may_be_said(known));
            problems::unknown_reference(end.origin, ENDS, &end.value, known)
        }
    }
}

/// That a gateway is no end of a connection; `service` is what a gateway endpoint leads to, in `region`.
fn no_end(reference: &Reference, kind: GatewayKind, service: Option<&str>, region: &str) -> Diagnostic {
    let whole = service.map(|service| InterfaceEndpoint::whole_name(service, region));
    let name = whole.and_then(|service| private_dns_names(&service).0.into_iter().next());
    let (kind, help) = match name {
        Some(name) => ("gateway endpoint".to_owned(), format!("name its service, as {name}")),
        None => (kind.to_string(), format!("name an {ENDS}; `{INTERNET}` is everybody outside")),
    };
    let message = format!("`{}` ({kind}) has no address, so no connection ends there", reference.value);
    problems::connection_ends(reference.origin, message, &help)
}
