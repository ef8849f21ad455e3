//! Attributes of load balancers, listeners and target groups: the words that AWS has for those that decide something. A word
//! that it has not is refused: it cannot be taken for any of them.

use super::balancing::{BalancingAnswers, ToldOf};
use super::json::{Read, Text};
use super::shapes::Attribute;
use crate::diagnostic::Diagnostics;
use crate::model::{IdleTimeout, LoadBalancerListener};

/// Whether nodes send to targets in other zones.
pub(super) const CROSS_ZONE: &str = "load_balancing.cross_zone.enabled";

/// Whether targets see the address of the client.
pub(super) const PRESERVE_CLIENT_IP: &str = "preserve_client_ip.enabled";

/// What becomes of flows of appliances that are no targets any more, or not healthy; AWS has both say the same.
pub(super) const FAILOVERS: [&str; 2] = ["target_failover.on_deregistration", "target_failover.on_unhealthy"];

/// The idle time of TCP, as AWS calls and limits it.
const TCP_IDLE: IdleTimeout = LoadBalancerListener::TCP_IDLE;

/// What an attribute can say.
enum Values {
    OneOf(&'static [&'static str]),
    Seconds(IdleTimeout),
}

const SWITCH: Values = Values::OneOf(&["true", "false"]);
const FAILOVER: Values = Values::OneOf(&["rebalance", "no_rebalance"]);

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html>
const OF_LOAD_BALANCERS: &[(&str, Values)] = &[(CROSS_ZONE, SWITCH)];

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html>
const OF_LISTENERS: &[(&str, Values)] = &[(TCP_IDLE.name, Values::Seconds(TCP_IDLE))];

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html>
const OF_TARGET_GROUPS: &[(&str, Values)] = &[
    (CROSS_ZONE, Values::OneOf(&["true", "false", "use_load_balancer_configuration"])),
    (PRESERVE_CLIENT_IP, SWITCH),
    (FAILOVERS[0], FAILOVER),
    (FAILOVERS[1], FAILOVER),
];

impl Values {
    /// What keeps `word` from being one.
    fn refuse(&self, word: &str) -> Option<String> {
        match self {
            Self::OneOf(words) if words.contains(&word) => None,
            Self::OneOf(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                Some(format!("expected one of {}", words.join(", ")))
            }
            Self::Seconds(IdleTimeout { least, most, .. }) => {
                let is_one = word.parse().is_ok_and(|seconds| (*least..=*most).contains(&seconds));
                (!is_one).then(|| format!("expected {least} to {most} seconds"))
            }
        }
    }
}

impl BalancingAnswers<'_> {
    /// Refuses attributes that say what AWS does not, each once.
    pub(super) fn check_attributes(&self, problems: &mut Diagnostics) {
        for (told, known) in [
            (&self.load_balancer_attributes, OF_LOAD_BALANCERS),
            (&self.listener_attributes, OF_LISTENERS),
            (&self.target_group_attributes, OF_TARGET_GROUPS),
        ] {
            let mut all: Vec<_> = told.iter().collect();
            all.sort_by_key(|(id, _)| *id);
            for read in all.into_iter().flat_map(|(_, all)| all).flatten() {
                let key = read.value.key.as_str();
                let Some((_, values)) = known.iter().find(|(known, _)| *known == key) else { continue };
                let Some(word) = &read.value.value else { continue };
                if let Some(why) = values.refuse(word.as_str()) {
                    read.complain(word, "Value", &format!("of `{key}` {why}"), problems);
                }
            }
        }
    }
}

/// What the attributes of `id` say under `key`; outer nothing where they were not collected.
#[expect(
    clippy::option_option,
    reason = "an attribute that is not there and those that are not collected are different"
)]
pub(super) fn told<'t>(all: &'t ToldOf<'_, Attribute<'_>>, id: &str, key: &str) -> Option<Option<&'t str>> {
    let own: &Vec<Read<'_, Attribute<'_>>> = all.get(id)?.as_ref()?;
    let found = own.iter().find(|own| own.value.key.as_str() == key);
    Some(found.and_then(|own| own.value.value.as_ref()).map(Text::as_str))
}
