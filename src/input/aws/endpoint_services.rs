//! Endpoint services: which of them a load balancer offers.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceConfiguration.html>

use std::collections::HashSet;

use super::Answers;
use super::assemble::Assembly;
use super::json::{Read, Text};
use super::shapes::EndpointService;
use super::states::{EndpointServiceState, Word};
use crate::diagnostic::{Located, problems};

/// The load balancer that a service is offered with, if it is one alone: to which of several an endpoint leads AWS does not
/// say.
fn load_balancer_of<'r>(service: &'r EndpointService<'_>) -> Option<&'r str> {
    let lists = [&service.network_load_balancer_arns, &service.gateway_load_balancer_arns];
    let mut all = lists.into_iter().flatten().flatten().map(Text::as_str);
    all.next().filter(|_| all.next().is_none())
}

/// Whether it serves: what becomes of endpoints in any other state AWS does not say.
fn serves(service: &EndpointService<'_>) -> bool {
    service.service_state == Some(Word(EndpointServiceState::Available))
}

/// AWS's whole name of a service.
pub(super) fn name_of(read: &Read<'_, EndpointService<'_>>) -> Option<Located<String>> {
    let value = read.value.service_name.as_ref()?.as_str().to_owned();
    Some(Located { value, origin: read.origin() })
}

impl<'a> Answers<'a> {
    /// The services that are simulated, behind the ARNs of their load balancers: they serve, and are the first that theirs
    /// alone offers.
    pub(super) fn offered_services(&self) -> impl Iterator<Item = (&str, &Read<'a, EndpointService<'a>>)> {
        let mut known = HashSet::new();
        let all = self.endpoint_services.iter().filter(|read| serves(&read.value));
        let offered = all.filter_map(|read| Some((load_balancer_of(&read.value)?, read)));
        offered.filter(move |(arn, _)| known.insert(*arn))
    }

    /// Counts those that are simulated, and those that are not.
    pub(super) fn count_endpoint_services(&mut self) {
        let used = self.offered_services().count();
        let unused = self.endpoint_services.len() - used;
        if used > 0 {
            self.usage.count_used("ServiceConfigurations", used);
        }
        if unused > 0 {
            let why = "one that is available, of one load balancer that offers no other, is simulated";
            self.usage.count_unused("ServiceConfigurations", unused, why);
        }
    }
}

impl Assembly<'_, '_, '_> {
    /// Tells of services whose endpoints end as `unknown`.
    pub(super) fn tell_endpoint_services(&mut self) {
        let all = self.answers.endpoint_services.iter();
        let is_offered: HashSet<&str> =
            self.answers.offered_services().map(|(_, read)| read.value.service_id.as_str()).collect();
        let (mut idle, mut others) = (0, 0);
        for read in all.filter(|read| !is_offered.contains(read.value.service_id.as_str())) {
            *if serves(&read.value) { &mut others } else { &mut idle } += 1;
        }
        let told = [
            (idle, "endpoint services that are not `Available`"),
            (others, "endpoint services of several load balancers, or of one that offers another as well"),
        ];
        for (count, what) in told.into_iter().filter(|(count, _)| *count > 0) {
            let help = "what comes to their endpoints ends as `unknown`; everything else is computed";
            self.problems.push(problems::not_modelled(None, format!("{what}: {count} found"), help));
        }
    }
}
