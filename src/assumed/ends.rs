//! What is assumed of the ends of a connection.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::model::{
    Endpoint, GatewayForm, NameDoubt, Network, NetworkInterface, is_public_dns_name, is_public_service,
};
use crate::net::Protocol;
use crate::report::ConnectionReport;
use crate::walk::{Case, Place, Stage};

/// Which interface speaks for a host, and whether there is a host.
pub(super) fn of_end(network: &Network, end: Endpoint, names: &mut BTreeSet<&'static str>) {
    let Endpoint::Interface(card) = end else { return };
    match network.instance_of(card) {
        None => {
            let NetworkInterface { attached, gateway, managed_service, .. } =
                &network.network_interfaces[card];
            let is_nobodys = gateway.is_none() && managed_service.is_none();
            *attached && is_nobodys && names.insert("unattached-interface")
        }
        Some(instance) => {
            if instance.running.is_none() {
                names.insert("instances-run");
            }
            instance.network_interfaces.len() > 1 && names.insert("several-interfaces")
        }
    };
}

/// What the name of a service stands for.
pub(super) fn of_service(network: &Network, of: &ConnectionReport<'_>, names: &mut BTreeSet<&'static str>) {
    let [_, to] = &of.connection.labels;
    let guesses = |card| {
        let endpoint = network.endpoint_of(card).and_then(|own| network.gateways[own].interface_endpoint());
        endpoint.is_some_and(|own| own.guesses_dns_names)
    };
    match of.connection.to {
        _ if matches!(of.connection.doubt, Some(NameDoubt::OfEndpoint(_))) => {
            names.insert("endpoint-dns-names")
        }
        _ if of.connection.doubt.is_some() => false,
        Endpoint::Address(_) | Endpoint::Service(_) if is_public_service(to) => {
            names.insert("service-addresses")
        }
        Endpoint::Interface(card) if is_public_dns_name(to) && guesses(card) => {
            names.insert("endpoint-dns-names")
        }
        _ => false,
    };
}

/// Whether the far end is a node of a load balancer with a public address that was made up for it.
pub(super) fn has_made_up_address(network: &Network, of: &ConnectionReport<'_>) -> bool {
    let is_made_up = |address: IpAddr| match address {
        IpAddr::V4(v4) => matches!(v4.octets(), [192, 0, 2, _] | [198, 18, ..]),
        IpAddr::V6(_) => false,
    };
    let mut ends = of.connection.far_ends();
    ends.any(|(address, end)| {
        matches!(end, Endpoint::Interface(card) if network.load_balancer_of(card).is_some())
            && is_made_up(address)
    })
}

/// Whether a request comes to a service of AWS at a TCP port at which AWS does not say that it answers.
pub(super) fn asks_service_otherwise(network: &Network, of: &ConnectionReport<'_>, case: &Case) -> bool {
    let endpoint = case.forward.checkpoints.iter().find_map(|point| match point.place {
        Place::Gateway(gateway) if point.stage == Stage::VpcEndpoint => Some(&network.gateways[gateway].form),
        _ => None,
    });
    // AWS: https://docs.aws.amazon.com/general/latest/gr/rande.html
    let documented: &[u16] = match endpoint {
        Some(GatewayForm::InterfaceEndpoint(_)) => &[443],
        Some(GatewayForm::GatewayEndpoint(_)) => &[80, 443],
        _ if is_public_service(&of.connection.labels[1]) => &[80, 443],
        _ => return false,
    };
    let request = &of.connection.request;
    request.protocol == Protocol::TCP
        && case.forward.is_delivered()
        && request.port.is_some_and(|port| !documented.contains(&port))
}
