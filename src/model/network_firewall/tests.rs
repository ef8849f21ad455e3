use super::*;
use crate::net::{FiveTuple, Payload, PortRange, Protocol};

fn header(port: u16) -> Header {
    let [source, destination] = ["10.0.0.1", "192.0.2.1"].map(|text| text.parse().unwrap());
    Header {
        source,
        destination,
        protocol: Protocol::TCP,
        payload: Payload::Ports { source: 4000, destination: port },
    }
}

fn to(port: u16, is_certain: bool) -> FirewallRule {
    let test = FiveTuple {
        protocols: vec![Protocol::TCP],
        destination_ports: vec![PortRange::single(port)],
        ..FiveTuple::default()
    };
    FirewallRule { test, is_certain, ..FirewallRule::default() }
}

fn stateful(action: StatefulAction, port: u16, is_certain: bool) -> StatefulRule {
    StatefulRule { action: Some(action), rule: to(port, is_certain), is_any_direction: false }
}

fn policy(rule_order: RuleOrder, stateful_rules: Vec<StatefulRule>) -> FirewallPolicy {
    let mut policy = FirewallPolicy { rule_order, stateful_rules, ..FirewallPolicy::default() };
    policy.sort_rules();
    policy
}

#[test]
fn the_order_of_actions_passes_first_and_by_default() {
    let rules = vec![stateful(StatefulAction::Drop, 443, true), stateful(StatefulAction::Pass, 443, true)];
    let policy = policy(RuleOrder::Action, rules);
    assert_eq!(policy.stateful(&header(443)), Judgement::Certain(Some(StatefulAction::Pass), Some(0)));
    assert_eq!(policy.stateful(&header(80)), Judgement::Certain(Some(StatefulAction::Pass), None));
}

#[test]
fn strict_order_takes_the_first_that_is_no_alert() {
    let rules = vec![
        stateful(StatefulAction::Alert, 443, true),
        stateful(StatefulAction::Drop, 443, true),
        stateful(StatefulAction::Pass, 443, true),
    ];
    let mut policy = policy(RuleOrder::Strict, rules);
    policy.stateful_default = StatefulDefault::DropStrict;
    assert_eq!(policy.stateful(&header(443)), Judgement::Certain(Some(StatefulAction::Drop), Some(1)));
    assert_eq!(policy.stateful(&header(80)), Judgement::Certain(Some(StatefulAction::Drop), None));
    policy.stateful_default = StatefulDefault::DropEstablished;
    assert_eq!(policy.stateful(&header(80)), Judgement::Certain(None, None));
}

#[test]
fn a_doubtful_rule_matters_only_where_it_decides_otherwise() {
    let doubtful = stateful(StatefulAction::Drop, 443, false);
    let order = |rules| policy(RuleOrder::Strict, rules).stateful(&header(443));
    let drop = stateful(StatefulAction::Drop, 443, true);
    assert_eq!(order(vec![doubtful.clone()]), Judgement::Doubtful(0));
    assert_eq!(
        order(vec![doubtful.clone(), drop.clone()]),
        Judgement::Certain(Some(StatefulAction::Drop), Some(1))
    );
    assert_eq!(order(vec![drop, doubtful]), Judgement::Certain(Some(StatefulAction::Drop), Some(0)));
}

#[test]
fn what_nobody_knows_of_an_action_may_be_anything() {
    let unknown = StatefulRule { action: None, ..stateful(StatefulAction::Pass, 443, false) };
    let rules = vec![stateful(StatefulAction::Pass, 443, true), unknown];
    assert_eq!(policy(RuleOrder::Action, rules).stateful(&header(443)), Judgement::Doubtful(0));
}

#[test]
fn stateless_rules_go_by_priority_and_leave_the_rest_to_the_default() {
    let rule = |priority, action, port| StatelessRule { priority, action, rule: to(port, true) };
    let policy = FirewallPolicy {
        stateless_rules: vec![rule(1, StatelessAction::Drop, 22), rule(2, StatelessAction::Pass, 22)],
        ..FirewallPolicy::default()
    };
    assert_eq!(policy.stateless(&header(22)), Judgement::Certain(StatelessAction::Drop, Some(0)));
    assert_eq!(policy.stateless(&header(80)), Judgement::Certain(StatelessAction::Forward, None));
}

#[test]
fn rules_print_as_they_are_written() {
    let rule = StatefulRule { is_any_direction: true, ..stateful(StatefulAction::Drop, 443, true) };
    assert_eq!(rule.to_string(), "drop tcp 443 from any to any any-direction");
}
