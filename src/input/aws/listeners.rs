//! Listeners of Application and Network Load Balancers, and the rules by which they send requests on.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html>

use std::time::Duration;

use super::assemble::Assembly;
use super::attributes;
use super::json::{Read, Text};
use super::lacking::Lacking;
use super::shapes::{Action, Listener, LoadBalancer, Rule, RuleCondition};
use super::table::Resource;
use super::target_groups::Groups;
use crate::diagnostic::Diagnostics;
use crate::model::inventory::{ListenerRule, LoadBalancerListener};
use crate::model::{self, GENEVE_PORT, IdleTimeout, ListenerProtocol, LoadBalancerType};
use crate::net::Cidr;

/// The idle time of TCP, as AWS calls and limits it.
const TCP_IDLE: IdleTimeout = model::LoadBalancerListener::TCP_IDLE;

/// Why nothing is known of what a load balancer does with a request.
enum Doubt {
    /// The rules were not collected.
    Rules,
    /// A protocol or an action is not simulated.
    NotModelled,
}

/// The ARN of the listener that a rule is of, by the rule's own.
/// AWS: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html>
pub(super) fn listener_of_rule(rule: &str) -> Option<String> {
    let (listener, _) = rule.rsplit_once('/')?;
    let (before, after) = listener.split_once(":listener-rule/")?;
    Some(format!("{before}:listener/{after}"))
}

impl Assembly<'_, '_, '_> {
    /// What a load balancer listens on; `None` when that, or the rules of a listener, was not collected.
    pub(super) fn listeners(
        &mut self,
        of: &Read<'_, LoadBalancer<'_>>,
        kind: LoadBalancerType,
        groups: &Groups,
        lacking: &mut Lacking,
    ) -> Option<Vec<LoadBalancerListener>> {
        let told = &self.answers.balancing;
        let arn = of.value.load_balancer_arn.as_str();
        let is_its = |read: &&Read<'_, Listener<'_>>| {
            read.value.load_balancer_arn.as_ref().is_some_and(|own| own.as_str() == arn)
        };
        let own: Vec<_> = told.listeners.iter().filter(is_its).collect();
        let is_page = told.partial.contains(arn) || told.listeners.is_page_in(of.scope);
        if is_page || (own.is_empty() && !told.asked.contains(arn)) {
            lacking.listeners += 1;
            return None;
        }
        let mut all = Vec::new();
        for listener in own {
            match self.listener(listener, kind, groups, lacking) {
                Ok(Some(listener)) => all.push(listener),
                Ok(None) => {} // it could not be read, which is told
                Err(doubt) => {
                    *match doubt {
                        Doubt::Rules => &mut lacking.rules,
                        Doubt::NotModelled => &mut lacking.not_modelled,
                    } += 1;
                    return None;
                }
            }
        }
        Some(all)
    }

    fn listener(
        &mut self,
        read: &Read<'_, Listener<'_>>,
        kind: LoadBalancerType,
        groups: &Groups,
        lacking: &mut Lacking,
    ) -> Result<Option<LoadBalancerListener>, Doubt> {
        // That of a Gateway Load Balancer has neither.
        let (protocol, port) = if kind == LoadBalancerType::Gateway {
            (ListenerProtocol::Geneve, GENEVE_PORT)
        } else {
            let protocol = read.value.protocol.as_ref().and_then(protocol).ok_or(Doubt::NotModelled)?;
            let Some(port) = port(read, read.value.port, "Port", self.problems) else { return Ok(None) };
            (protocol, port)
        };
        let actions = read.value.default_actions.as_deref().unwrap_or_default();
        // A Network Load Balancer has no rules.
        let rules = match kind {
            LoadBalancerType::Application => match self.rules(read, groups) {
                Err(Doubt::Rules) => {
                    lacking.rules += 1;
                    Vec::new()
                }
                told => told?,
            },
            LoadBalancerType::Network | LoadBalancerType::Classic | LoadBalancerType::Gateway => {
                rules_of(read, actions, &Condition::default(), groups).ok_or(Doubt::NotModelled)?
            }
        };
        let id = read.value.listener_arn.as_str();
        let has_one = model::LoadBalancerListener::has_idle_timeout(protocol);
        let tcp_idle_timeout = has_one.then(|| self.tcp_idle_timeout(id)).flatten();
        lacking.listener_attributes += usize::from(has_one && tcp_idle_timeout.is_none());
        Ok(Some(LoadBalancerListener { protocol, port, rules, tcp_idle_timeout, origin: read.origin() }))
    }

    /// The idle time that the attributes of a listener say, AWS's own where they say none; nothing where they were not
    /// collected.
    fn tcp_idle_timeout(&self, listener: &str) -> Option<Duration> {
        let told = attributes::told(&self.answers.balancing.listener_attributes, listener, TCP_IDLE.name)?;
        let seconds = told.and_then(|word| word.parse().ok());
        Some(seconds.map_or(model::LoadBalancerListener::TCP_IDLE_BY_DEFAULT, Duration::from_secs))
    }

    /// The rules of a listener of an Application Load Balancer by their priority, the default rule behind them. It is
    /// always there: without it nobody asked.
    fn rules(&mut self, of: &Read<'_, Listener<'_>>, groups: &Groups) -> Result<Vec<ListenerRule>, Doubt> {
        let told = &self.answers.balancing.rules;
        let id = of.value.listener_arn.as_str();
        let is_its = |read: &&Read<'_, Rule<'_>>| {
            listener_of_rule(read.value.rule_arn.as_str()).is_some_and(|own| own == id)
        };
        let mut own: Vec<(u32, &Read<'_, Rule<'_>>)> = Vec::new();
        let mut has_default = false;
        for read in told.iter().filter(is_its) {
            if read.value.is_default == Some(true) {
                has_default = true;
                own.push((u32::MAX, read));
                continue;
            }
            let word = read.value.priority.as_ref();
            match word.and_then(|word| word.as_str().parse().ok()) {
                Some(priority) => own.push((priority, read)),
                None => {
                    let at = word.unwrap_or(&read.value.rule_arn);
                    read.complain(at, "Priority", "not a priority", self.problems);
                }
            }
        }
        if !has_default || told.is_page_in(of.scope) {
            return Err(Doubt::Rules);
        }
        own.sort_by_key(|(priority, _)| *priority);
        let mut rules = Vec::new();
        for (_, read) in own {
            let condition = condition(read, self.problems);
            let actions = read.value.actions.as_deref().unwrap_or_default();
            rules.extend(rules_of(read, actions, &condition, groups).ok_or(Doubt::NotModelled)?);
        }
        Ok(rules)
    }
}

/// What must hold for a rule to apply.
#[derive(Debug, Clone, Default)]
struct Condition {
    source_ips: Vec<Cidr>,
    reads_request: bool,
}

/// The conditions of a rule: those on the client's address decide, all others read the request.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>
fn condition(read: &Read<'_, Rule<'_>>, problems: &mut Diagnostics) -> Condition {
    let mut all = Condition::default();
    for (position, own) in read.value.conditions.iter().flatten().enumerate() {
        let RuleCondition { field, values, source_ip_config, .. } = own;
        let is_address = field.as_ref().is_some_and(|field| field.as_str() == "source-ip");
        if !is_address || !all.source_ips.is_empty() {
            all.reads_request = true;
            continue;
        }
        let listed = source_ip_config.as_ref().and_then(|own| own.values.as_ref()).or(values.as_ref());
        let path = format!("Conditions[{position}].SourceIpConfig.Values");
        let blocks = listed.into_iter().flatten().filter_map(|text| read.cidr(text, &path, problems));
        all.source_ips.extend(blocks.map(|block| block.value));
        if all.source_ips.is_empty() {
            all.reads_request = true; // whom it is for was not told
        }
    }
    all
}

/// What the actions of a rule come to; `None` when that is not simulated. An action that authenticates may answer by
/// itself, or leave it to the next.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html>
fn rules_of<T: Resource>(
    read: &Read<'_, T>,
    actions: &[Action<'_>],
    condition: &Condition,
    groups: &Groups,
) -> Option<Vec<ListenerRule>> {
    let Condition { source_ips, reads_request } = condition.clone();
    let rule = |reads_request, target_groups| ListenerRule {
        source_ips: source_ips.clone(),
        reads_request,
        target_groups,
    };
    let mut sorted: Vec<&Action<'_>> = actions.iter().collect();
    sorted.sort_by_key(|action| action.order);
    let (last, before) = sorted.split_last()?;
    let may_answer = (!before.is_empty()).then(|| rule(true, Vec::new()));
    let target_groups = match last.kind.as_str() {
        "redirect" | "fixed-response" => Vec::new(),
        "forward" => {
            let weighted = last.forward_config.as_ref().and_then(|config| config.target_groups.as_ref());
            let weighted = weighted.into_iter().flatten().filter(|own| own.weight != Some(0));
            let mut ids: Vec<&Text<'_>> = weighted.filter_map(|own| own.target_group_arn.as_ref()).collect();
            if last.forward_config.is_none() {
                ids.extend(&last.target_group_arn);
            }
            if ids.is_empty() || !ids.iter().all(|id| groups.contains(id.as_str())) {
                return None;
            }
            ids.into_iter().map(|id| read.reference(id)).collect()
        }
        _ => return None,
    };
    Some(may_answer.into_iter().chain([rule(reads_request, target_groups)]).collect())
}

/// The protocol of a listener or a target group, of those that are simulated.
pub(super) fn protocol(text: &Text<'_>) -> Option<ListenerProtocol> {
    let mut all = ListenerProtocol::NAMES.iter();
    all.find(|(name, _)| name.eq_ignore_ascii_case(text.as_str())).map(|(_, protocol)| *protocol)
}

/// A port; a problem when it is none.
pub(super) fn port<T: Resource>(
    read: &Read<'_, T>,
    number: Option<i64>,
    path: &str,
    problems: &mut Diagnostics,
) -> Option<u16> {
    let port = number.and_then(|number| u16::try_from(number).ok()).filter(|port| *port > 0);
    if port.is_none() {
        read.complain(read.value.id(), path, "not a port", problems);
    }
    port
}
