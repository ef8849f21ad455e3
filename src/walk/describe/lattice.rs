//! What VPC Lattice decides by, in words.

use super::{Describe, Reason, fact};
use crate::model::LatticeAssociation;
use crate::walk::{LatticeFact as Fact, Place};

impl Describe<'_> {
    pub(super) fn lattice(&self, decided_by: Fact) -> Reason {
        let (kind, id) = kind_and_id(decided_by);
        let assumption = match decided_by {
            Fact::Routed(_) | Fact::SendsToTarget | Fact::ServiceDeleted => Some("lattice-addresses"),
            Fact::PassesThrough => Some("lattice-tls-passthrough"),
            _ => None,
        };
        let owner = match decided_by {
            Fact::Refused(position) => self.groups_of_association(position),
            _ => self.owner(),
        };
        Reason { assumption, ..fact(kind, id, owner, self.lattice_text(decided_by)) }
    }

    fn lattice_text(&self, fact: Fact) -> String {
        let header = &self.checkpoint.header;
        match fact {
            Fact::Routed(service) => {
                let service = &self.network.gateways[service].identity;
                format!(
                    "{} is an address of VPC Lattice, for {service}: no route table is asked",
                    header.destination
                )
            }
            Fact::NoServiceKnown => {
                format!("{} is an address of VPC Lattice: what is at it is not known", header.destination)
            }
            Fact::ServiceDeleted => {
                format!("the service of VPC Lattice that had {} is deleted", header.destination)
            }
            Fact::Associated(position) => self.associated(position),
            Fact::NotAssociated(vpc) => format!(
                "VPC {} is not associated with a service network that has the service",
                self.network.vpcs[vpc].identity
            ),
            Fact::AssociationNotCollected(vpc) => format!(
                "whether VPC {} is associated with a service network that has the service was not collected",
                self.network.vpcs[vpc].identity
            ),
            Fact::GroupsNotCollected(position) => self.groups_not_collected(position),
            Fact::Refused(position) => self.refused(position),
            Fact::PassesThrough => {
                "takes the connection itself, and passes what is encrypted through to a target".to_owned()
            }
            Fact::Taken => "is more of a connection that it took".to_owned(),
            Fact::AnsweredByTarget => "answers what it sent".to_owned(),
            Fact::AnswersClient => "answers its client".to_owned(),
            Fact::SendsToTarget => {
                format!("sends from {}, an address of VPC Lattice", header.source)
            }
            Fact::AuthPolicy => "an auth policy may refuse the request, which is not simulated".to_owned(),
            Fact::ListenerDeleted => {
                "its listener is deleted, and AWS does not say whether the connection goes on".to_owned()
            }
            Fact::AuthTypeNotCollected => {
                "whether an auth policy may refuse the request was not collected".to_owned()
            }
            Fact::TargetNotPlaced => {
                format!("in which VPC {} is, if in any, is not known", header.destination)
            }
        }
    }

    fn association(&self, position: usize) -> Option<&LatticeAssociation> {
        let Place::Gateway(gateway) = self.checkpoint.place else { return None };
        self.network.gateways[gateway].lattice_service()?.associations.get(position)
    }

    /// `VPC web is associated with service network shop by group users`.
    fn associated(&self, position: usize) -> String {
        let Some(own) = self.association(position) else { return String::new() };
        let vpc = &self.network.vpcs[own.vpc].identity;
        let who = match &own.security_groups {
            Some(groups) if groups.is_empty() => "without groups: everybody in it may use it".to_owned(),
            Some(_) => format!("by group {}", self.groups_of_association(position)),
            None => "by groups that were not collected".to_owned(),
        };
        format!("VPC {vpc} is associated with service network {} {who}", own.service_network)
    }

    fn groups_of_association(&self, position: usize) -> String {
        let groups =
            self.association(position).into_iter().flat_map(|own| own.security_groups.iter().flatten());
        let names = groups.map(|group| self.network.security_groups[*group].identity.to_string());
        names.collect::<Vec<_>>().join("+")
    }

    fn groups_not_collected(&self, position: usize) -> String {
        let Some(own) = self.association(position) else { return String::new() };
        format!(
            "the groups by which VPC {} is associated with service network {} were not collected",
            self.network.vpcs[own.vpc].identity, own.service_network
        )
    }

    fn refused(&self, position: usize) -> String {
        let groups =
            self.association(position).into_iter().flat_map(|own| own.security_groups.iter().flatten());
        let rules = groups.flat_map(|group| self.network.security_groups[*group].rules.ingress.iter());
        let rules: Vec<String> = rules.map(|rule| rule.describe(self.checkpoint.direction)).collect();
        match rules.len() {
            0 => "no ingress rules: nobody in the VPC may use the service network".to_owned(),
            1..=3 => format!("no rule admits the client; there is {}", rules.join("; ")),
            count => format!("none of {count} ingress rules admits the client"),
        }
    }
}

const fn kind_and_id(fact: Fact) -> (&'static str, &'static str) {
    match fact {
        Fact::Routed(_) => ("lattice-route", "vpc-lattice"),
        Fact::ServiceDeleted => ("lattice-route", "deleted"),
        Fact::Associated(_) => ("association", "associated"),
        Fact::NotAssociated(_) => ("no-association", "not-associated"),
        Fact::Refused(_) => ("no-security-group-rule", ""),
        Fact::PassesThrough => ("proxy", "passes-through"),
        Fact::Taken => ("proxy", "taken"),
        Fact::AnsweredByTarget | Fact::AnswersClient => ("returns", "returns"),
        Fact::SendsToTarget => ("leaves", "leaves"),
        Fact::AuthPolicy => ("not-modelled", "auth-policy"),
        Fact::ListenerDeleted => ("not-documented", "listener-deleted"),
        Fact::NoServiceKnown
        | Fact::AssociationNotCollected(_)
        | Fact::GroupsNotCollected(_)
        | Fact::AuthTypeNotCollected
        | Fact::TargetNotPlaced => ("not-collected", "not-collected"),
    }
}
