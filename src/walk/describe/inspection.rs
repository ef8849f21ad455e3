//! What inspections decide by, in words.

use super::{Describe, Reason, fact};
use crate::model::FirewallPolicy;
use crate::walk::{InspectionFact as Fact, Place};

impl Describe<'_> {
    pub(super) fn inspection(&self, decided_by: Fact) -> Reason {
        let (kind, id) = self.inspection_kind_and_id(decided_by);
        let policy = self.policy();
        let origin = match decided_by {
            Fact::Stateless(Some(at)) | Fact::DoubtfulStateless(at) => {
                policy.and_then(|own| own.stateless_rules.get(at)?.rule.origin)
            }
            Fact::Stateful(Some(at)) | Fact::DoubtfulStateful(at) => {
                policy.and_then(|own| own.stateful_rules.get(at)?.rule.origin)
            }
            _ => None,
        };
        let assumption = match decided_by {
            Fact::Stateful(_) | Fact::Midstream if self.is_reset() => Some("firewall-reset"),
            Fact::Midstream if self.policy().is_none() => Some("endpoints-apart"),
            Fact::AppliancesPass => Some("inspected-unchanged"),
            _ => None,
        };
        Reason { origin, assumption, ..fact(kind, &id, self.owner(), self.inspection_text(decided_by)) }
    }

    fn is_reset(&self) -> bool {
        self.leg.is_reset && !self.checkpoint.hypothetical && self.checkpoint.decision.stops()
    }

    /// The kind of fact, and its short name.
    fn inspection_kind_and_id(&self, fact: Fact) -> (&'static str, String) {
        let (kind, id) = match fact {
            Fact::Stateless(Some(at)) => ("firewall-stateless-rule", self.stateless_rule(at)),
            Fact::Stateful(Some(at)) => ("firewall-stateful-rule", self.stateful_rule(at)),
            Fact::Stateless(None) => ("firewall-default", "stateless-default".to_owned()),
            Fact::Stateful(None) => ("firewall-default", "stateful-default".to_owned()),
            Fact::AppliancesPass | Fact::ToAppliances => ("appliances", "appliances".to_owned()),
            Fact::PassedFlow => ("tracked-flow", "passed-flow".to_owned()),
            Fact::Unhealthy => ("unhealthy", "unhealthy".to_owned()),
            Fact::Midstream => ("midstream", "midstream".to_owned()),
            Fact::BeforeEgressOnly => ("inspected", "inspected".to_owned()),
            Fact::PassedBy | Fact::OneWayStateful | Fact::OneWayStateless | Fact::BeginningUnseen => {
                ("asymmetric", "asymmetric".to_owned())
            }
            Fact::AppliancesNotStated
            | Fact::BecameUnhealthy
            | Fact::ForItself
            | Fact::DoubtfulStateless(_)
            | Fact::DoubtfulStateful(_)
            | Fact::MidstreamContinues
            | Fact::DropEstablished
            | Fact::BeforePeering => ("not-modelled", "not-modelled".to_owned()),
            Fact::PolicyNotCollected => ("not-collected", "not-collected".to_owned()),
        };
        (kind, id)
    }

    fn inspection_text(&self, fact: Fact) -> String {
        let policy = self.policy();
        match fact {
            Fact::Unhealthy => "no appliance is healthy: AWS sends to one all the same, which drops packets until it is".to_owned(),
            Fact::BecameUnhealthy => {
                "the appliance had the flow from its beginning, and what it does now that it is not healthy is not known".to_owned()
            }
            Fact::ForItself => "AWS does not say what an endpoint before an inspection does with packets for itself".to_owned(),
            Fact::ToAppliances => "leads to the appliances behind it".to_owned(),
            Fact::AppliancesPass => "the appliances pass it, and it returns as it was".to_owned(),
            Fact::AppliancesNotStated => {
                "what the appliances behind it do is not known: `appliances: pass` would say".to_owned()
            }
            Fact::PolicyNotCollected => "the policy of the firewall was not collected".to_owned(),
            Fact::Stateless(Some(at)) => self.stateless_rule(at),
            Fact::Stateful(Some(at)) => self.stateful_rule(at),
            Fact::Stateless(None) => {
                let action = policy.map(|own| own.stateless_default.to_string()).unwrap_or_default();
                format!("no stateless rule matches; the default action is {action}")
            }
            Fact::Stateful(None) if self.checkpoint.decision.stops() => {
                let action = policy.map(|own| own.stateful_default.to_string()).unwrap_or_default();
                format!("no stateful rule decides; the default action is {action}")
            }
            Fact::Stateful(None) => "no stateful rule stops it".to_owned(),
            Fact::PassedFlow => "belongs to a flow that a stateful rule passes".to_owned(),
            Fact::DoubtfulStateless(at) => {
                format!("{}: it tests more than the five-tuple", self.stateless_rule(at))
            }
            Fact::DoubtfulStateful(at) => {
                format!("{}: it tests more than the five-tuple", self.stateful_rule(at))
            }
            Fact::DropEstablished => "no stateful rule decides; with drop_established the connection opens, and what \
                                      follows is dropped"
                .to_owned(),
            Fact::Midstream => {
                "TCP in the middle of a connection that it did not see begin is dropped: both directions must come by \
                 this endpoint"
                    .to_owned()
            }
            Fact::OneWayStateless => "stateless rules passed what it answers, and forward it to the stateful engine, which \
                                      did not see the connection begin: AWS does not say what becomes of it"
                .to_owned(),
            Fact::MidstreamContinues => "it did not see the connection begin, and what rules make of it without what \
                                         came before is not simulated"
                .to_owned(),
            Fact::OneWayStateful => "stateless rules pass it, and forward the other direction to the stateful engine, \
                                     which does not see the whole connection"
                .to_owned(),
            Fact::BeginningUnseen => {
                format!("{} did not see what this answers: AWS does not support it", self.owner())
            }
            Fact::BeforeEgressOnly => {
                "IPv6 through a Gateway Load Balancer endpoint does not go by an egress-only internet gateway".to_owned()
            }
            Fact::BeforePeering => {
                "it comes from an inspection: AWS supports no firewall before VPC peering, and says nothing of appliances"
                    .to_owned()
            }
            Fact::PassedBy => format!(
                "{} saw the connection begin, and does not see this: AWS does not support it",
                self.owner()
            ),
        }
    }

    fn policy(&self) -> Option<&FirewallPolicy> {
        let Place::Gateway(gateway) = self.checkpoint.place else { return None };
        self.network.gateways[gateway].network_firewall()?.policy.as_ref()
    }

    fn stateless_rule(&self, at: usize) -> String {
        let rule = self.policy().and_then(|own| own.stateless_rules.get(at));
        rule.map(ToString::to_string).unwrap_or_default()
    }

    fn stateful_rule(&self, at: usize) -> String {
        let rule = self.policy().and_then(|own| own.stateful_rules.get(at));
        rule.map(ToString::to_string).unwrap_or_default()
    }
}
