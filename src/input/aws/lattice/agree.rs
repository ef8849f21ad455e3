//! What a list and a call about one resource both tell of it: it must be the same, but for its state, which is of a moment.

use super::super::json::Text;
use super::super::shapes::{
    LatticeListener, LatticeRule, LatticeService, LatticeTargetGroup, ServiceNetwork,
    ServiceNetworkServiceAssociation, ServiceNetworkVpcAssociation,
};
use super::super::table::{Resource, described_twice};
use super::{Kind, LatticeAnswers};
use crate::diagnostic::{Diagnostics, problems};

/// Something that several answers tell of.
trait Told: Resource {
    /// The members in which two answers differ, of those that both have.
    fn differs_in(&self, other: &Self) -> Vec<String>;
}

/// Whether both are told, and are different.
fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}

/// Declares which members are compared, and AWS's names of them.
macro_rules! told {
    ($($name:ident { $($member:ident: $key:literal),* })*) => {
        $(impl Told for $name<'_> {
            fn differs_in(&self, other: &Self) -> Vec<String> {
                let all = [$((differ(self.$member.as_ref(), other.$member.as_ref()), $key)),*];
                all.into_iter().filter(|(differs, _)| *differs).map(|(_, key)| key.to_owned()).collect()
            }
        })*
    };
}

told! {
    LatticeService {
        name: "name", auth_type: "authType", dns_entry: "dnsEntry", custom_domain_name: "customDomainName"
    }
    LatticeListener { port: "port", protocol: "protocol", default_action: "defaultAction" }
    LatticeRule { priority: "priority", is_default: "isDefault", action: "action" }
    ServiceNetwork { name: "name", auth_type: "authType" }
    ServiceNetworkServiceAssociation {
        service_id: "serviceId", service_network_id: "serviceNetworkId"
    }
    ServiceNetworkVpcAssociation {
        vpc_id: "vpcId", service_network_id: "serviceNetworkId", security_group_ids: "securityGroupIds"
    }
}

/// A list has members among the group's own that otherwise stand in `config`.
impl Told for LatticeTargetGroup<'_> {
    fn differs_in(&self, other: &Self) -> Vec<String> {
        let all = [
            (differ(self.name.as_ref(), other.name.as_ref()), "name"),
            (differ(self.r#type.as_ref(), other.r#type.as_ref()), "type"),
            (differ(self.port().as_ref(), other.port().as_ref()), "port"),
            (differ(self.protocol(), other.protocol()), "protocol"),
            (differ(self.vpc(), other.vpc()), "vpcIdentifier"),
        ];
        all.into_iter().filter(|(differs, _)| *differs).map(|(_, key)| key.to_owned()).collect()
    }
}

impl<'a> LatticeTargetGroup<'a> {
    pub(super) fn port(&self) -> Option<i64> {
        self.port.or_else(|| self.config.as_ref()?.port)
    }

    pub(super) fn protocol(&self) -> Option<&Text<'a>> {
        self.protocol.as_ref().or_else(|| self.config.as_ref()?.protocol.as_ref())
    }

    pub(super) fn vpc(&self) -> Option<&Text<'a>> {
        self.vpc_identifier.as_ref().or_else(|| self.config.as_ref()?.vpc_identifier.as_ref())
    }
}

/// Refuses resources of which a list tells something else than a call about each.
fn check<T: Told>(kind: &Kind<'_, T>, problems: &mut Diagnostics) {
    for read in kind.described.iter() {
        let Some(listed) = kind.listed.get_in(read.scope, read.value.id().as_str()) else { continue };
        let members = read.value.differs_in(&listed.value);
        if members.is_empty() {
            continue;
        }
        let message = described_twice(&listed.path(), Some((members, 0)));
        let problem = problems::contradiction(read.origin(), &read.name(), &read.path(), &message);
        problems.push(problem.related(listed.origin(), "the other one"));
    }
}

impl LatticeAnswers<'_> {
    /// Refuses answers that contradict each other.
    pub(super) fn check(&self, problems: &mut Diagnostics) {
        check(&self.services, problems);
        check(&self.listeners, problems);
        check(&self.rules, problems);
        check(&self.target_groups, problems);
        check(&self.service_networks, problems);
        check(&self.service_associations, problems);
        check(&self.vpc_associations, problems);
    }
}
