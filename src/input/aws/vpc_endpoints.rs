//! VPC endpoints: those of the type `Gateway` are targets of routes; of the others the interfaces are told by themselves.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>

use super::assemble::{Assembly, names};
use super::convert::name_tag;
use super::states::{EndpointState, Word};
use crate::model::GatewayKind;
use crate::model::inventory::{self, GatewayForm};

impl Assembly<'_, '_, '_> {
    /// Those that are no more are left out: routes that still lead to them are blackholes.
    pub(super) fn vpc_endpoints(&mut self) {
        let answers = self.answers;
        let names = names(&answers.vpc_endpoints, |endpoint| name_tag(endpoint.tags.as_ref()));
        for endpoint in answers.vpc_endpoints.iter() {
            let state = endpoint.value.state.map(|Word(state)| state);
            if state == Some(EndpointState::Gone) {
                continue;
            }
            let is_gateway =
                endpoint.value.vpc_endpoint_type.as_ref().is_some_and(|kind| kind.as_str() == "Gateway");
            let service = endpoint.value.service_name.as_ref().filter(|_| is_gateway && state.is_some());
            let form = service.map_or(GatewayForm::Plain, |service| GatewayForm::GatewayEndpoint {
                service: service.as_str().to_owned(),
            });
            let identity = endpoint.identity(names.keep(name_tag(endpoint.value.tags.as_ref())));
            let vpc = endpoint.value.vpc_id.as_ref().map(|vpc| endpoint.reference(vpc));
            self.inventory.gateways.push(inventory::Gateway {
                is_available: state == Some(EndpointState::Available),
                form,
                ..inventory::Gateway::new(identity, GatewayKind::VpcEndpoint, vpc)
            });
        }
    }
}
