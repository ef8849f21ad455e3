//! What would have to change for an inspection to let a packet pass.

use crate::model::{
    AttachedResource, FirewallPolicy, Gateway, Index, Network, RuleOrder, TransitGatewayAttachment,
};
use crate::walk::{Case, Checkpoint, InspectionFact as Fact, Leg, Place};

/// The change, in words. `rule` is what one has to say to admit the packet, as `tcp 443 from A to B`.
pub(super) fn remedy(network: &Network, checkpoint: &Checkpoint, fact: Fact, rule: &str) -> Option<String> {
    if let (Fact::Unhealthy, Place::NetworkInterface(appliance)) = (fact, checkpoint.place) {
        return Some(format!(
            "{}: see to it that its health checks pass",
            network.interface_label(appliance)
        ));
    }
    let Place::Gateway(gateway) = checkpoint.place else { return None };
    let own = &network.gateways[gateway];
    let firewall = own.network_firewall();
    let name = firewall.map_or(&own.identity, |firewall| &firewall.identity);
    let policy = firewall.and_then(|firewall| firewall.policy.as_ref());
    Some(match fact {
        Fact::BeforeEgressOnly => {
            "route to the egress-only internet gateway directly, or use an internet gateway".to_owned()
        }
        Fact::Midstream => format!("route both directions through {}", own.identity),
        Fact::Stateless(at) => {
            let at = at.and_then(|at| policy?.stateless_rules.get(at));
            match at {
                Some(denying) => format!(
                    "network firewall {name}: add before {} a stateless rule  forward_to_sfe {rule}",
                    denying.priority
                ),
                None => format!("network firewall {name}: add a stateless rule  forward_to_sfe {rule}"),
            }
        }
        Fact::Stateful(at) => {
            let place = match at {
                Some(at) if is_strict(policy) => format!(" before rule {}", at.saturating_add(1)),
                _ => String::new(),
            };
            format!("network firewall {name}: add{place} a stateful rule  pass {rule}")
        }
        _ => return None,
    })
}

/// What brings an answer that came to the endpoint `here` back to the other one of its VPC by which the request went: a
/// transit gateway keeps both directions in one zone in appliance mode alone.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html>
pub(super) fn appliance_mode(network: &Network, case: &Case, here: Index<Gateway>) -> Option<String> {
    let vpc_of = |gateway: Index<Gateway>| {
        let own = network.gateways[gateway].gateway_load_balancer_endpoint()?;
        Some(network.vpc_of(own.network_interface))
    };
    let vpc = vpc_of(here)?;
    let gateways = |leg: &Leg| -> Vec<Index<Gateway>> {
        let of = |point: &Checkpoint| match point.place {
            Place::Gateway(gateway) => Some(gateway),
            _ => None,
        };
        leg.checkpoints.iter().filter_map(of).collect()
    };
    let asked = gateways(&case.forward);
    if asked.contains(&here) || !asked.iter().any(|gateway| vpc_of(*gateway) == Some(vpc)) {
        return None;
    }
    gateways(case.reverse.as_ref()?).into_iter().find_map(|gateway| {
        let own = network.gateways[gateway].transit_gateway()?;
        let is_its = |attachment: &&TransitGatewayAttachment| {
            matches!(&attachment.resource, AttachedResource::Vpc { vpc: of, .. } if *of == Some(vpc))
        };
        let attachment = own.attachments.iter().find(is_its).filter(|own| own.appliance_mode == Some(false))?;
        let name = &network.gateways[gateway].identity;
        Some(format!("transit gateway {name}, attachment {}: switch appliance mode on", attachment.identity))
    })
}

fn is_strict(policy: Option<&FirewallPolicy>) -> bool {
    policy.is_some_and(|policy| policy.rule_order == RuleOrder::Strict)
}
