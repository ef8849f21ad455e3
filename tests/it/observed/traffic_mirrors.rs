//! Traffic mirror sessions: what AWS answers of them, and what of it is not there.

use flowcast::Scenario;
use flowcast::net::Direction;
use serde_json::{Value, json};

use super::dump::Dump;

fn rule(number: i64, patch: Value) -> Value {
    let mut rule = json!({"TrafficMirrorFilterRuleId": format!("tmfr-{number}"), "TrafficMirrorFilterId": "tmf-main",
        "RuleNumber": number, "RuleAction": "accept", "SourceCidrBlock": "0.0.0.0/0", "DestinationCidrBlock": "10.0.0.0/16"});
    rule.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    rule
}

/// What `webs` gets on 443 is copied to `apps`.
fn mirrored() -> Dump {
    let web = json!({"Protocol": 6, "DestinationPortRange": {"FromPort": 443, "ToPort": 443}});
    let dns = json!({"RuleAction": "reject", "SourceCidrBlock": "203.0.113.0/24", "Protocol": 17,
                     "SourcePortRange": {"FromPort": 53, "ToPort": 53}});
    Dump::lab()
        .add(
            "TrafficMirrorFilters",
            json!({"TrafficMirrorFilterId": "tmf-main", "IngressFilterRules": [rule(20, web), rule(10, dns)],
                   "EgressFilterRules": [], "NetworkServices": []}),
        )
        .add(
            "TrafficMirrorTargets",
            json!({"TrafficMirrorTargetId": "tmt-main", "NetworkInterfaceId": "eni-apps", "Type": "network-interface"}),
        )
        .add(
            "TrafficMirrorSessions",
            json!({"TrafficMirrorSessionId": "tms-main", "TrafficMirrorTargetId": "tmt-main",
                   "TrafficMirrorFilterId": "tmf-main", "NetworkInterfaceId": "eni-webs", "SessionNumber": 5,
                   "PacketLength": 100, "VirtualNetworkId": 7}),
        )
}

/// Every session as a line, with the rules of its filter.
fn sessions(scenario: &Scenario) -> Vec<String> {
    let network = &scenario.network;
    let card = |index| network.network_interfaces[index].identity.id.clone();
    let all = network.traffic_mirror_sessions.iter().map(|session| {
        let rules = &network.traffic_mirror_filters[session.filter].rules;
        let rules: Vec<String> = Direction::BOTH
            .into_iter()
            .flat_map(|direction| rules.get(direction).iter().map(move |rule| format!("{direction} {rule}")))
            .collect();
        let (from, to) = (card(session.source), card(session.target));
        format!("{} {from} > {to} {:?}: {}", session.session_number, session.packet_length, rules.join("; "))
    });
    all.collect()
}

#[test]
fn sessions_are_read_and_written() {
    let expected = "5 eni-webs > eni-apps Some(100): \
                    ingress 10 reject udp from 203.0.113.0/24 port 53 to 10.0.0.0/16; \
                    ingress 20 accept tcp 443 from 0.0.0.0/0 to 10.0.0.0/16";
    let dump = mirrored();
    assert_eq!(sessions(&dump.scenario()), [expected]);
    assert_eq!(sessions(&dump.imported()), [expected]);
}

#[test]
fn copies_to_what_is_not_there_are_told() {
    let warns = |dump: Dump, about: &str| {
        let scenario = dump.scenario();
        assert_eq!(sessions(&scenario), Vec::<String>::new(), "{about}");
        let all: Vec<_> = scenario.warnings.iter().map(|problem| problem.message.clone()).collect();
        assert!(all.iter().any(|message| message.contains(about)), "{about}: {all:?}");
    };
    let without = "traffic mirror sessions without target or filter: 1";
    warns(mirrored().without(&["TrafficMirrorTargets"]), without);
    warns(mirrored().without(&["TrafficMirrorFilters"]), without);
    let balancer =
        json!({"NetworkInterfaceId": null, "NetworkLoadBalancerArn": "arn:aws:elasticloadbalancing:lb"});
    warns(mirrored().edit("tmt-main", balancer), "copies to no network interface");
    // An interface of another account is none of the network's.
    let dump = mirrored().edit("tmt-main", json!({"NetworkInterfaceId": "eni-elsewhere"}));
    assert_eq!(sessions(&dump.scenario()), Vec::<String>::new());
}

#[test]
fn rules_that_cannot_be_read_are_told() {
    let broken = [
        (json!({"RuleNumber": 0}), "RuleNumber"),
        (json!({"RuleAction": "allow"}), "RuleAction"),
        (json!({"Protocol": 256}), "Protocol"),
        (json!({"SourceCidrBlock": "somewhere"}), "SourceCidrBlock"),
        (json!({"DestinationPortRange": {"FromPort": 9, "ToPort": 1}}), "DestinationPortRange"),
    ];
    for (patch, key) in broken {
        let dump = mirrored().edit("tmf-main", json!({"IngressFilterRules": [rule(20, patch)]}));
        let error = dump.load().map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(&format!("IngressFilterRules[0].{key}")), "{error}");
    }
    let dns = mirrored().edit("tmf-main", json!({"NetworkServices": ["amazon-dns"]})).scenario();
    assert!(dns.warnings.iter().any(|problem| problem.message.contains("mirrors Amazon DNS")));
}
