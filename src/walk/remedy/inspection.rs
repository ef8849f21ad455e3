//! What would have to change for an inspection to let a packet pass.

use crate::model::{FirewallPolicy, Network, RuleOrder};
use crate::walk::{Checkpoint, InspectionFact as Fact, Place};

/// The change, in words. `rule` is what one has to say to admit the packet, as `tcp 443 from A to B`.
pub(super) fn remedy(network: &Network, checkpoint: &Checkpoint, fact: Fact, rule: &str) -> Option<String> {
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

fn is_strict(policy: Option<&FirewallPolicy>) -> bool {
    policy.is_some_and(|policy| policy.rule_order == RuleOrder::Strict)
}
