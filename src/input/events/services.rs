//! Endpoint services that an event takes away while they have endpoints: AWS refuses that.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/delete-endpoint-service.html>

use crate::diagnostic::{Diagnostics, Origin, problems};
use crate::model::inventory::{Gateway, GatewayForm, Inventory};

/// Tells of services that load balancers offered `before` and none offers `then`, though an endpoint still has them.
pub(super) fn withdrawn(
    before: &Inventory,
    then: &Inventory,
    at: Option<Origin>,
    problems: &mut Diagnostics,
) {
    let offers = |inventory: &Inventory, service: &str| {
        inventory.gateways.iter().filter_map(offered).any(|offered| is_same(offered, service))
    };
    for endpoint in &then.gateways {
        let Some(service) = used(endpoint) else { continue };
        if offers(before, service) && !offers(then, service) {
            let message =
                format!("the service of endpoint `{}` is withdrawn by this event", endpoint.identity.name);
            let help = "AWS keeps a load balancer and its service while there are endpoints: remove the endpoint first";
            let problem = problems::mismatch(at, message, help);
            problems.push(problem.related(endpoint.identity.origin, "the endpoint"));
        }
    }
}

/// The service that a load balancer offers.
fn offered(gateway: &Gateway) -> Option<&str> {
    match &gateway.form {
        GatewayForm::LoadBalancer(own) => own.endpoint_service.as_ref().map(|own| own.value.as_str()),
        _ => None,
    }
}

/// The service that an endpoint leads to.
fn used(gateway: &Gateway) -> Option<&str> {
    match &gateway.form {
        GatewayForm::InterfaceEndpoint { service, .. } => Some(service),
        GatewayForm::GatewayLoadBalancerEndpoint { service, .. } => service.as_deref(),
        _ => None,
    }
}

/// Whether two names are of one service: each may be its id, or AWS's whole name, which ends in it.
fn is_same(one: &str, other: &str) -> bool {
    let id = |name: &str| name.rsplit('.').next().map(str::to_owned);
    id(one) == id(other)
}
