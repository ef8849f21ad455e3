//! The laws of time where proxies, a NAT gateway and appliances are on the way, those of a Gateway Load Balancer among them.

use std::fmt::Write as _;

use flowcast::Scenario;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::time::{Schedule, counted, earlier, events, schedule, sent};
use super::{config, text_by};

/// Everything but the connections and what changes.
const NETWORK: &str = "
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
subnets:
  - {name: public-a, cidr_block: 10.0.0.0/24, availability_zone_id: use1-az1, routes: [0.0.0.0/0 -> igw]}
  - {name: public-b, cidr_block: 10.0.1.0/24, availability_zone_id: use1-az2, routes: [0.0.0.0/0 -> igw]}
  - {name: apps, cidr_block: 10.0.10.0/24, availability_zone_id: use1-az1, network_acl: apps, routes: [0.0.0.0/0 -> nat]}
  - {name: watched, cidr_block: 10.0.20.0/24, routes: [10.0.10.0/24 -> firewall]}
  - {name: inspected, cidr_block: 10.0.30.0/24, availability_zone_id: use1-az1, routes: [10.0.31.0/24 -> gwlbe]}
  - {name: beyond, cidr_block: 10.0.31.0/24, availability_zone_id: use1-az1, routes: [10.0.30.0/24 -> gwlbe]}
  - {name: endpoints, cidr_block: 10.0.40.0/28, availability_zone_id: use1-az1}
vpc_endpoints:
  - {name: gwlbe, type: gateway-load-balancer, subnets: [endpoints], service: vpce-svc-1, appliances: pass}
network_acls:
  - {name: apps, ingress: [100 allow all from 0.0.0.0/0], egress: [100 allow all to 0.0.0.0/0]}
nat_gateways: [{name: nat, subnet: public-a, public_ip: 198.51.100.9}]
security_groups:
  - {name: lb, ingress: [allow tcp 443-445 from 0.0.0.0/0, allow udp 53 from 0.0.0.0/0]}
  - {name: app, ingress: [allow tcp 8080 from lb, allow udp 53 from lb, allow tcp 8080 from 10.0.20.0/24]}
  - {name: open, ingress: [allow all from 0.0.0.0/0]}
  - {name: geneve, ingress: [allow udp 6081 from 10.0.40.0/28]}
instances:
  - {name: app-1, subnet: apps, security_groups: [app], private_ip: 10.0.10.10}
  - {name: app-2, subnet: apps, security_groups: [app], private_ip: 10.0.10.11}
  - {name: client, subnet: watched, security_groups: [open], private_ip: 10.0.20.10}
  - {name: firewall, subnet: public-b, security_groups: [open], private_ip: 10.0.1.99, source_dest_check: false, forwards: route}
  - {name: guarded, subnet: inspected, security_groups: [open], private_ip: 10.0.30.10}
  - {name: db, subnet: beyond, security_groups: [open], private_ip: 10.0.31.10}
  - {name: appliance-1, subnet: endpoints, security_groups: [geneve]}
  - {name: appliance-2, subnet: endpoints, security_groups: [geneve]}
load_balancers:
  - {name: gwlb, type: gateway, subnets: [endpoints], listeners: [geneve 6081 -> appliances], endpoint_service: vpce-svc-1}
  - {name: web, subnets: [public-a, public-b], security_groups: [lb], listeners: [https 443 -> app]}
  - {name: edge, type: network, cross_zone: true, subnets: [public-a, public-b], security_groups: [lb],
     listeners: [tcp 444 -> preserved, tls 445 -> own, udp 53 -> dns]}
target_groups:
  - {name: app, port: 8080, targets: [app-1, app-2]}
  - {name: preserved, protocol: TCP, port: 8080, targets: [app-1, app-2]}
  - {name: own, protocol: TCP, port: 8080, preserve_client_ip: false, targets: [app-2]}
  - {name: dns, protocol: UDP, port: 53, targets: [app-1]}
  - {name: appliances, protocol: GENEVE, targets: [appliance-1, appliance-2]}
connections:
";

/// Who asks whom.
const CONNECTIONS: &[&str] = &[
    "from: internet, to: web, tcp: 443",
    "from: internet, to: edge, tcp: 444",
    "from: internet, to: edge, tcp: 445",
    "from: internet, to: edge, udp: 53",
    "from: app-1, to: web, tcp: 443",
    "from: app-2, to: 203.0.113.5, tcp: 443",
    "from: client, to: app-1, tcp: 8080",
    "from: guarded, to: db, tcp: 5432",
    "from: db, to: guarded, udp: 53",
];

/// What may change, in any order. The first changes nothing.
const CHANGES: &[&str] = &[
    "change: {vpcs: [{name: lab}]}",
    "change: {security_groups: [{name: app, ingress: []}]}",
    "change: {security_groups: [{name: lb, ingress: []}]}",
    "change: {target_groups: [{name: app, targets: [app-2]}]}",
    "change: {target_groups: [{name: preserved, targets: []}]}",
    "change: {network_acls: [{name: apps, egress: []}]}",
    "change: {subnets: [{name: watched, routes: []}]}",
    "change: {security_groups: [{name: geneve, ingress: []}]}",
    "change: {target_groups: [{name: appliances, targets: [appliance-2]}]}",
    "remove: {instances: [appliance-1]}, change: {target_groups: [{name: appliances, targets: [appliance-2]}]}",
    "change: {load_balancers: [{name: web, listeners: [http 80 -> redirect]}]}",
];

/// A scenario of the network, and what changes in it at which second.
#[derive(Debug, Clone)]
struct Balanced {
    schedules: Vec<Schedule>,
    events: Vec<(u64, &'static str)>,
    shift: u64,
}

impl Balanced {
    fn yaml(&self) -> String {
        let mut text = NETWORK.to_owned();
        for (number, (ends, (at, lasts, every))) in
            CONNECTIONS.iter().zip(self.schedules.iter().cycle()).enumerate()
        {
            let at = at + self.shift;
            let _ = writeln!(
                text,
                "  - {{name: c{number}, {ends}, at: {at}s, lasts: {lasts}s, request_every: {every}s}}"
            );
        }
        text + &events(&self.events, self.shift)
    }

    fn scenario(&self) -> Scenario {
        let text = self.yaml();
        Scenario::parse("balanced.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }
}

fn balanced() -> impl Strategy<Value = Balanced> {
    let changes = subsequence(CHANGES, 0..4).prop_shuffle();
    (vec(schedule(), 1..6), changes, vec(0..1_000_u64, 4)).prop_map(|(schedules, changes, mut times)| {
        times.sort_unstable();
        let events = times.into_iter().zip(changes).collect();
        Balanced { schedules, events, shift: 0 }
    })
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn what_is_sent_behind_proxies_is_what_records_count(balanced in balanced()) {
        let scenario = balanced.scenario();
        let report = scenario.run();
        prop_assert_eq!(counted(&report), sent(&report), "{}", balanced.yaml());
    }

    #[test]
    fn behind_proxies_an_event_that_changes_nothing_changes_nothing(
        balanced in balanced(),
        cuts in vec(0..1_200_u64, 1..5),
    ) {
        let mut cut = balanced.clone();
        cut.events.extend(cuts.iter().map(|at| (*at, CHANGES[0])));
        cut.events.sort_by_key(|(at, _)| *at);
        prop_assert_eq!(balanced.scenario().run().to_string(), cut.scenario().run().to_string(), "{}", cut.yaml());
    }

    #[test]
    fn behind_proxies_later_traffic_has_later_records(balanced in balanced(), windows in 1..4_u64) {
        let now = balanced.scenario().run().to_string();
        let later = Balanced { shift: windows * 600, ..balanced };
        prop_assert_eq!(now, earlier(&later.scenario().run().to_string(), windows * 600), "{}", later.yaml());
    }

    #[test]
    fn behind_proxies_any_number_of_threads_writes_the_same(balanced in balanced()) {
        let scenario = balanced.scenario();
        let texts = [1, 2, 3, 8].map(|threads| text_by(threads, &scenario));
        prop_assert!(texts.iter().all(|text| *text == texts[0]));
    }
}
