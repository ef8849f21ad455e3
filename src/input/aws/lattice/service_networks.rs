//! Service networks: which services are in them, and which VPCs may use them.
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html>

use std::collections::{BTreeMap, HashMap};

use super::super::assemble::{Assembly, text};
use super::super::json::{Read, Text};
use super::super::names::UniqueNames;
use super::super::shapes::{
    ServiceNetwork, ServiceNetworkServiceAssociation, ServiceNetworkVpcAssociation, VpcEndpoint,
};
use super::super::states::{LatticeState, Word, availability};
use super::Told;
use super::services::{Lacking, requires_auth};
use crate::diagnostic::{Origin, problems};
use crate::model::inventory::{self, Reference, ServiceNetworkVpc};
use crate::model::{GatewayKind, Identity, ServiceNetworkPart};

/// Associations with one service network, of services or of VPCs.
#[derive(Debug)]
struct Associations<T> {
    there: Vec<T>,
    /// How many were told of, whatever became of them.
    told: usize,
    /// Whether one is just being made or released.
    is_changing: bool,
}

impl<T> Default for Associations<T> {
    fn default() -> Self {
        Self { there: Vec::new(), told: 0, is_changing: false }
    }
}

impl<T> Associations<T> {
    /// Whether they are all there are, by the number that the service network tells.
    fn are_whole(&self, number: Option<i64>) -> bool {
        let told = i64::try_from(self.told).unwrap_or(i64::MAX);
        !self.is_changing && number.is_some_and(|number| number <= told)
    }
}

/// By the id of the service network.
type ByNetwork<T> = HashMap<String, Associations<T>>;

/// The type of VPC endpoints that lead to a service network.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>
const ENDPOINT: &str = "ServiceNetwork";

impl Assembly<'_, '_, '_> {
    /// Whether a VPC may use services by an endpoint as well, which is not simulated.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-networks.html>
    pub(in crate::input::aws) fn has_service_network_endpoint(&self, vpc: &str) -> bool {
        let leads_there = |own: &VpcEndpoint<'_>| {
            let is_of = |text: Option<&Text<'_>>, word: &str| text.is_some_and(|text| text.as_str() == word);
            is_of(own.vpc_endpoint_type.as_ref(), ENDPOINT)
                && is_of(own.vpc_id.as_ref(), vpc)
                && availability(own.state).is_some()
        };
        self.answers.lattice.has_services()
            && self.answers.vpc_endpoints.iter().any(|read| leads_there(&read.value))
    }

    /// Tells of VPCs whose use of services is not known for that.
    pub(super) fn tell_endpoints(&mut self) {
        let vpcs = self.inventory.vpcs.iter();
        let count = vpcs.filter(|vpc| self.has_service_network_endpoint(&vpc.identity.id)).count();
        if count > 0 {
            let message = format!("VPCs with endpoints of service networks: {count} found");
            let help = "whether what is in them may use a service of VPC Lattice is `unknown` where no association says so";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }

    pub(super) fn service_networks(&mut self, lacking: &mut Lacking) {
        let told = &self.answers.lattice;
        let services = self.associated_services(lacking);
        let vpcs = self.associated_vpcs(lacking);
        let mut all: BTreeMap<&str, Told<'_, '_, ServiceNetwork<'_>>> = told.service_networks.all();
        // Associations tell of those that nobody described.
        for id in services.keys().chain(vpcs.keys()) {
            all.entry(id).or_insert_with(|| Told(Vec::new()));
        }
        let names = all.iter().map(|(id, own)| (*id, text(own.say(|own| own.name.as_ref()))));
        let names = UniqueNames::of(names);
        let (no_services, no_vpcs) = (Associations::default(), Associations::default());
        for (id, own) in all {
            let (services, vpcs) =
                (services.get(id).unwrap_or(&no_services), vpcs.get(id).unwrap_or(&no_vpcs));
            // Accounts that share it may see parts of it.
            let number = |member: fn(&ServiceNetwork<'_>) -> Option<i64>| {
                own.0.iter().filter_map(|read| member(&read.value)).max()
            };
            let parts = [
                (
                    ServiceNetworkPart::Services,
                    services.are_whole(number(|own| own.number_of_associated_services)),
                ),
                (ServiceNetworkPart::Vpcs, vpcs.are_whole(number(|own| own.number_of_associated_vpcs))),
            ];
            let not_collected: Vec<_> =
                parts.into_iter().filter(|(_, are_whole)| !are_whole).map(|(part, _)| part).collect();
            lacking.associations += usize::from(!not_collected.is_empty());
            let requires_auth = requires_auth(own.say(|own| own.auth_type));
            lacking.auth_types += usize::from(requires_auth.is_none());
            let name = names.keep(text(own.say(|own| own.name.as_ref())));
            self.inventory.service_networks.push(inventory::ServiceNetwork {
                identity: Identity {
                    name: name.unwrap_or_else(|| id.to_owned()),
                    id: id.to_owned(),
                    origin: own.origin(),
                },
                requires_auth,
                services: services.there.clone(),
                vpcs: vpcs.there.clone(),
                not_collected,
            });
        }
    }

    fn associated_services(&self, lacking: &mut Lacking) -> ByNetwork<Reference> {
        let of_lattice = |gateway: &&inventory::Gateway| gateway.kind == GatewayKind::LatticeService;
        let known: Vec<&str> =
            self.inventory.gateways.iter().filter(of_lattice).map(|own| own.identity.id.as_str()).collect();
        let mut all: ByNetwork<Reference> = HashMap::new();
        for (_, own) in self.answers.lattice.service_associations.all() {
            let network =
                own.say(|own: &ServiceNetworkServiceAssociation<'_>| own.service_network_id.as_ref());
            let (Some(network), Some(service), Some(read)) =
                (network, own.say(|own| own.service_id.as_ref()), own.first())
            else {
                continue;
            };
            let of = all.entry(network.as_str().to_owned()).or_default();
            of.told += 1;
            match own.say(|own| own.status) {
                Some(Word(LatticeState::Gone)) => {}
                Some(Word(LatticeState::Changing)) => of.is_changing = true,
                Some(Word(LatticeState::Active)) | None if known.contains(&service.as_str()) => {
                    of.there.push(read.reference(service));
                }
                Some(Word(LatticeState::Active)) | None => lacking.services += 1,
            }
        }
        all
    }

    fn associated_vpcs(&mut self, lacking: &mut Lacking) -> ByNetwork<ServiceNetworkVpc> {
        let mut all: ByNetwork<ServiceNetworkVpc> = HashMap::new();
        let mut seen: HashMap<&str, Option<Origin>> = HashMap::new();
        for (_, own) in self.answers.lattice.vpc_associations.all() {
            let network = own.say(|own: &ServiceNetworkVpcAssociation<'_>| own.service_network_id.as_ref());
            let (Some(network), Some(vpc), Some(read)) =
                (network, own.say(|own| own.vpc_id.as_ref()), own.first())
            else {
                continue;
            };
            let of = all.entry(network.as_str().to_owned()).or_default();
            of.told += 1;
            let state = own.say(|own| own.status).map_or(LatticeState::Active, |Word(state)| state);
            let groups = own.say(|own| own.security_group_ids.as_ref());
            match state {
                LatticeState::Gone => {}
                LatticeState::Changing => of.is_changing = true,
                LatticeState::Active => {
                    if !self.is_first_association(read, vpc, &mut seen) {
                        continue;
                    }
                    lacking.security_groups += usize::from(groups.is_none());
                    let security_groups = groups.map(|all| all.iter().map(|id| read.reference(id)).collect());
                    of.there.push(ServiceNetworkVpc { vpc: read.reference(vpc), security_groups });
                }
            }
        }
        all
    }

    /// AWS: a VPC has an association with one service network alone.
    /// <https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-networks.html>
    fn is_first_association<'t>(
        &mut self,
        read: &Read<'_, ServiceNetworkVpcAssociation<'_>>,
        vpc: &'t Text<'_>,
        seen: &mut HashMap<&'t str, Option<Origin>>,
    ) -> bool {
        if seen.contains_key(vpc.as_str()) {
            let message = "a VPC is associated with two service networks";
            read.contradict(vpc, "vpcId", message, self.problems);
            return false;
        }
        seen.insert(vpc.as_str(), read.origin());
        true
    }
}
