//! What was not collected of load balancers, listeners and their targets, and how it is told: each lack once, with its number.

use std::collections::BTreeSet;

use super::assemble::Assembly;
use super::load_balancers::owner_of_node;
use crate::diagnostic::problems;

/// What was not collected of load balancers, to be told once.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    pub(super) nodes: usize,
    pub(super) listeners: usize,
    pub(super) rules: usize,
    pub(super) groups: usize,
    pub(super) targets: usize,
    pub(super) attributes: usize,
    pub(super) listener_attributes: usize,
    /// The ARNs of load balancers whose own decide what groups leave to them.
    pub(super) balancer_attributes: BTreeSet<String>,
    pub(super) not_modelled: usize,
}

/// A lack: how often, in words as [`numbered`] has them, and what helps.
pub(super) type Fact = (usize, &'static str, &'static str);

/// Words of which the number decides the form: for one, and for more.
const FORMS: [(&str, &str, &str); 7] = [
    ("{s}", "", "s"),
    ("{have}", "has", "have"),
    ("{are}", "is", "are"),
    ("{were}", "was", "were"),
    ("{their}", "its", "their"),
    ("{nodes}", "a node", "nodes"),
    ("{targets}", "a target", "targets"),
];

/// `1 target group has …` of `target group{s} {have} …`.
fn numbered(count: usize, text: &str) -> String {
    let form = |text: String, (word, one, more): &(&str, &str, &str)| {
        text.replace(word, if count == 1 { one } else { more })
    };
    format!("{count} {}", FORMS.iter().fold(text.to_owned(), form))
}

impl Assembly<'_, '_, '_> {
    /// Tells of everything that lacks.
    pub(super) fn tell_uncollected(&mut self, facts: &[Fact]) {
        for (count, message, help) in facts.iter().filter(|(count, ..)| *count > 0) {
            self.problems.push(problems::not_collected(None, numbered(*count, message), help));
        }
    }

    pub(super) fn tell_lacking(&mut self, lacking: &Lacking) {
        let told = self.cards.iter().filter(|card| {
            owner_of_node(card).is_some()
                && !self.nodes.contains(card.read.value.network_interface_id.as_str())
        });
        let orphans = told.count();
        let facts = [
            (
                orphans,
                "network interface{s} {are} {nodes} of load balancers that were not collected, or are no more",
                "what comes to them ends as `unknown`; `aws elbv2 describe-load-balancers` and \
                 `aws elb describe-load-balancers` tell of them",
            ),
            (
                lacking.nodes,
                "load balancer{s} {have} subnets in which none of {their} nodes was collected",
                "what comes to them is `unknown`; `aws ec2 describe-network-interfaces` tells of the nodes",
            ),
            (
                lacking.listeners,
                "load balancer{s} {have} listeners that were not collected",
                "what comes to them is `unknown`; `aws elbv2 describe-listeners` tells of them",
            ),
            (
                lacking.rules,
                "listener{s} {have} rules that were not collected",
                "what comes to such a port is `unknown`; `aws elbv2 describe-rules` tells of them",
            ),
            (
                lacking.groups,
                "target group{s} that listeners send to {were} not collected",
                "what is sent to them is `unknown`; `aws elbv2 describe-target-groups` tells of them",
            ),
            (
                lacking.targets,
                "target group{s} {have} targets that were not collected, or whose health was not",
                "what is sent to them is `unknown`; `aws elbv2 describe-target-health` tells of them, of Classic Load \
                 Balancers `aws elb describe-instance-health`",
            ),
            (
                lacking.attributes,
                "target group{s} {have} attributes that were not collected",
                "where they decide it is `unknown`; `aws elbv2 describe-target-group-attributes` and \
                 `describe-load-balancer-attributes` tell of them",
            ),
            (
                lacking.balancer_attributes.len(),
                "load balancer{s} {have} attributes that were not collected, to which target groups leave what they do",
                "where they decide it is `unknown`; `aws elbv2 describe-load-balancer-attributes` tells of them",
            ),
            (
                lacking.listener_attributes,
                "listener{s} of TCP or GENEVE {have} attributes that were not collected",
                "that TCP may be idle for 350 s there is assumed, `listener-idle`; \
                 `aws elbv2 describe-listener-attributes` tells of them",
            ),
        ];
        self.tell_uncollected(&facts);
        if lacking.not_modelled > 0 {
            let message = format!(
                "load balancers with protocols or actions that are not simulated: {} found",
                lacking.not_modelled
            );
            let help = "what comes to them ends as `unknown`; everything else is computed";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_decides_the_form() {
        let text = "target group{s} {have} targets, {are} {nodes}, {were} {their}";
        assert_eq!(numbered(1, text), "1 target group has targets, is a node, was its");
        assert_eq!(numbered(2, text), "2 target groups have targets, are nodes, were their");
    }
}
