//! Traffic of profiles: what is drawn becomes the records that the same connections would have, were they stated.

use std::collections::BTreeMap;
use std::time::Duration;

use flowcast::Scenario;
use flowcast::model::{Connection, Exchange};
use flowcast::net::PortRange;
use flowcast::timeline::{CELL, Drawn};

/// A network in which traffic is allowed, refused by groups and by network ACLs on either leg, dropped and unanswered.
const NETWORK: &str = "
start: 2026-03-02T08:30:00Z
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
subnets:
  - {name: a, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}
  - {name: b, cidr_block: 10.0.1.0/24, network_acl: tight}
network_acls:
  - name: tight
    ingress: [100 allow tcp 443 from 0.0.0.0/0, 110 allow udp 53 from 10.0.0.0/16]
    egress: [100 allow tcp 32768-50000 to 0.0.0.0/0]
security_groups:
  - {name: sg, ingress: [allow tcp 443 from 0.0.0.0/0, allow udp 53 from 10.0.0.0/8, allow tcp 8080 from 0.0.0.0/0]}
instances:
  - {name: web, subnet: a, security_groups: [sg], private_ip: 10.0.0.10, public_ip: 203.0.113.10, listens: [tcp 443]}
  - {name: old, subnet: a, type: t2.micro, security_groups: [sg], private_ip: 10.0.0.11}
  - {name: db, subnet: b, security_groups: [sg], private_ip: 10.0.1.20}
  - {name: quiet, subnet: a, security_groups: [sg], private_ip: 10.0.0.12}
flow_logs:
  - {name: all, resource: lab}
  - {name: refused, resource: a, traffic_type: REJECT, max_aggregation_interval: 60}
";

/// All kinds of profiles, none of whose connections lasts.
const TRAFFIC: &str = "
traffic:
  - {profile: web-tier, from: internet, to: web, rate: 40/m, addresses: 40, lasts: 0s}
  - {profile: database, from: [old, web], to: db, tcp: 443, rate: 40/m, lasts: 0s}
  - {profile: dns, from: [web, old], to: [old, db], rate: 30/m, response_bytes: 3000}
  - {profile: internet-scan, from: internet, to: web, rate: 30/m, addresses: 20, lasts: 0s}
  - {profile: ssh-brute-force, from: internet, to: web, rate: 30/m, lasts: 0s}
  - {profile: batch, from: old, to: web, tcp: [443, 8080], lasts: 0s}
  - {profile: health-check, from: [old, web], to: [web, old, db], icmp: echo-request, every: 20s}
connections:
  - {name: stated, from: old, to: web, tcp: 443, at: 10m, source_port: 40000}
  - {name: rare, from: old, to: quiet, tcp: 443, at: 3m, source_port: 40000}
";

fn scenario(duration: &str, rest: &str) -> Scenario {
    let text = format!("duration: {duration}{NETWORK}{rest}");
    Scenario::parse("lab.yaml", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// Every connection of the traffic of `scenario`, as if it were stated.
fn stated(scenario: &Scenario) -> Vec<Connection> {
    let mut all = scenario.connections.clone();
    for traffic in &scenario.traffic {
        let drawn = Drawn::of(traffic, scenario.start);
        for cell in drawn.cells() {
            drawn.draw(cell, &mut |of| {
                let edge = &traffic.edges[of.edge as usize];
                let has_ports = edge.request.port.is_some();
                all.push(Connection {
                    name: format!("{} {}", edge.name, all.len()),
                    source_ports: PortRange::single(if has_ports { of.port } else { 0 }),
                    at: Duration::from_millis(of.begin),
                    exchange: Exchange {
                        request_bytes: has_ports.then_some(of.request),
                        response_bytes: has_ports.then_some(of.response),
                        ..edge.exchange
                    },
                    ..edge.clone()
                });
            });
        }
    }
    all
}

#[test]
fn what_is_drawn_has_the_records_of_stated_connections() {
    let scenario = scenario("35m", TRAFFIC);
    let stated = stated(&scenario);
    assert!(stated.len() > 5_000, "{}", stated.len());
    let (drawn, expected) = (scenario.run().to_string(), scenario.run_connections(&stated).to_string());
    let differing = drawn.lines().zip(expected.lines()).find(|(drawn, expected)| drawn != expected);
    assert_eq!(differing, None);
    assert_eq!(drawn.lines().count(), expected.lines().count());
    for needed in ["REJECT", "NODATA", " 17 ", " 6 ", " 0 0 1 "] {
        assert!(drawn.contains(needed), "no record has `{needed}`");
    }
}

/// Two VPCs and an office at a transit gateway, which loses what is for a block of one of them.
const TRANSIT: &str = "
duration: 20m
vpcs:
  - {name: app, cidr_block: 10.1.0.0/16}
  - {name: data, cidr_block: 10.2.0.0/16}
subnets:
  - {name: app-1, vpc: app, cidr_block: 10.1.0.0/24, routes: [0.0.0.0/0 -> hub]}
  - {name: data-1, vpc: data, cidr_block: 10.2.0.0/24, routes: [0.0.0.0/0 -> hub]}
  - {name: data-2, vpc: data, cidr_block: 10.2.1.0/24, routes: [0.0.0.0/0 -> hub]}
transit_gateways:
  - name: hub
    attachments:
      - {name: to-app, vpc: app, subnets: [app-1]}
      - {name: to-data, vpc: data, subnets: [data-1]}
      - {name: to-office, resource_type: vpn}
    route_tables:
      - {name: main, associations: [to-app, to-data, to-office], propagations: [to-app, to-data, to-office],
         routes: [10.2.1.0/24 -> blackhole]}
customer_networks:
  - {name: office, cidr_blocks: [192.168.1.0/24], via: [to-office]}
security_groups:
  - {name: db, vpc: data, ingress: [allow tcp 5432 from 10.1.0.0/16, allow udp 53 from 0.0.0.0/0]}
instances:
  - {name: web, subnet: app-1}
  - {name: db, subnet: data-1, security_groups: [db]}
  - {name: lost, subnet: data-2, security_groups: [db]}
flow_logs:
  - {name: hub, resource: hub}
  - {name: of-the-vpn, resource: to-office}
  - {name: vpc, resource: data}
traffic:
  - {profile: database, from: web, to: [db, lost], tcp: 5432, rate: 40/m, lasts: 0s}
  - {profile: dns, from: [web, 192.168.1.10], to: db, rate: 30/m, response_bytes: 3000}
  - {profile: batch, from: db, to: web, tcp: [443, 8080], lasts: 0s}
";

#[test]
fn drawn_traffic_crosses_transit_gateways_as_stated_traffic_does() {
    let scenario = Scenario::parse("hub.yaml", TRANSIT).unwrap_or_else(|error| panic!("{error}"));
    let stated = stated(&scenario);
    let (drawn, expected) = (scenario.run().to_string(), scenario.run_connections(&stated).to_string());
    let differing = drawn.lines().zip(expected.lines()).find(|(drawn, expected)| drawn != expected);
    assert_eq!(differing, None);
    assert_eq!(drawn.lines().count(), expected.lines().count());
    for needed in ["ACCEPT", " OK IPv4 0 0 0 0 27 ", " 0 2 us-east-1 ingress", " egress - -"] {
        assert!(drawn.contains(needed), "no record has `{needed}`");
    }
}

#[test]
fn every_packet_of_what_lasts_is_in_a_record() {
    // Without a declared end nothing is cut off, and a reply port is never used twice.
    let text = format!(
        "{NETWORK}
traffic:
  - {{profile: web-tier, from: internet, to: web, rate: 20/m, until: 40m, addresses: 30, lasts: 200s}}
  - {{profile: backup, from: old, to: web, every: 10m, until: 40m, lasts: 7m}}
"
    );
    let scenario = Scenario::parse("lab.yaml", &text).unwrap_or_else(|error| panic!("{error}"));
    let report = scenario.run();
    let mut sums: BTreeMap<_, (u64, u64, u64)> = BTreeMap::new();
    for flow in report
        .records
        .iter()
        .filter(|record| record.flow_log.position() == 0)
        .filter_map(|record| record.flow)
    {
        let sum = sums.entry((flow.header, flow.direction)).or_default();
        *sum = (sum.0 + flow.packets, sum.1 + flow.bytes, sum.2 + 1);
    }
    let mut several = 0;
    for traffic in &scenario.traffic {
        let drawn = Drawn::of(traffic, scenario.start);
        for cell in drawn.cells() {
            drawn.draw(cell, &mut |of| {
                let public = traffic.edges[of.edge as usize].request.header(of.port);
                let own = flowcast::net::Header { destination: "10.0.0.10".parse().unwrap(), ..public };
                let (packets, bytes, records) = sums[&(own, flowcast::net::Direction::Ingress)];
                // Handshake, request, an acknowledgement for every two segments of the response, and the close.
                let (sent, answered) = (of.request.div_ceil(1448), of.response.div_ceil(1448));
                let expected = 4 + sent + answered.div_ceil(2);
                assert_eq!((packets, bytes), (expected, expected * 52 + 8 + of.request), "{own}");
                several += usize::from(records > 1);
            });
        }
    }
    assert!(several > 100, "{several} connections are in more than one window");
}

#[test]
fn as_many_connections_begin_as_the_rate_says() {
    let traffic = "
traffic:
  - {name: flat, profile: internet-scan, from: internet, to: web, rate: 20/m}
  - {name: busy, profile: dns, from: old, to: db, rate: 10000/d}
  - {name: regular, profile: health-check, from: [old, web], to: db, every: 10s}
";
    let scenario = scenario("24h", traffic);
    let count = |name: &str| {
        let traffic = scenario.traffic.iter().find(|traffic| traffic.name == name).unwrap();
        let drawn = Drawn::of(traffic, scenario.start);
        let mut begins = Vec::new();
        drawn.cells().for_each(|cell| drawn.draw(cell, &mut |of| begins.push(of.begin / 3_600_000)));
        begins
    };
    let flat = count("flat").len();
    assert!((28_000..29_600).contains(&flat), "{flat} of 28800");
    let busy = count("busy");
    assert!((9_700..10_300).contains(&busy.len()), "{} of 10000", busy.len());
    // The scenario starts at half past eight: its second hour is the busiest, and the fourteenth is at night.
    let within = |hour| busy.iter().filter(|begin| **begin == hour).count();
    assert!(within(1) > 4 * within(14), "{} {}", within(1), within(14));
    assert_eq!(count("regular").len(), 2 * 8640);
    assert_eq!(CELL, 60_000);
}

#[test]
fn another_seed_gives_other_traffic_and_other_names_do_not_disturb_it() {
    let one = "{profile: web-tier, from: internet, to: web, rate: 5/m}";
    let run = |traffic: &str| scenario("10m", &format!("traffic:\n{traffic}")).run().to_string();
    let alone = run(&format!("  - {one}\n"));
    assert_eq!(alone, run(&format!("  - {one}\n")));
    assert_ne!(alone, run("  - {profile: web-tier, from: internet, to: web, rate: 5/m, seed: 1}\n"));
    let more = run(&format!("  - {{profile: database, from: old, to: db, rate: 5/m}}\n  - {one}\n"));
    let accepted = |text: &str| {
        text.lines().filter(|line| line.contains(" 443 ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(accepted(&alone), accepted(&more));
}

#[test]
fn every_record_has_its_reason() {
    let scenario = scenario("10m", TRAFFIC);
    let report = scenario.run();
    for record in report.records.iter().filter(|record| record.flow.is_some()) {
        let flow = record.flow.unwrap();
        let seen = report.sighting(record).unwrap();
        assert_eq!((seen.sighting.action, seen.sighting.direction), (flow.action, flow.direction));
        assert_eq!(seen.sighting.header.source, flow.header.source);
        if flow.action == flowcast::flowlog::Action::Reject {
            assert!(!report.reasons_of(&seen).is_empty(), "{}", report.line(record));
        }
        assert!(report.connection_of(flow.cause).is_some());
    }
}

/// What `flowcast run` prints of a scenario that stands in the project, with more arguments.
fn run(arguments: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_flowcast"));
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/profiles/shop-day.yaml");
    let output = command.args(["run", scenario]).args(arguments).env("NO_COLOR", "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "there is no bar without a terminal");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_face_of_run_shows_the_same_records() {
    let plain = run(&[]);
    let header = run(&["--header"]);
    assert_eq!(header.lines().filter(|line| line.starts_with("version ")).count(), 1);
    assert_eq!(header.split_once('\n').unwrap().1, plain);
    let reasons = run(&["--reasons"]);
    assert_eq!(reasons.lines().count(), plain.lines().count());
    assert!(reasons.lines().zip(plain.lines()).all(|(long, short)| long.starts_with(short)));
    assert!(reasons.contains("internet-scan 5") || reasons.contains("internet-scan 1"), "{reasons}");
    assert!(
        reasons.contains("request: acl shop default ingress") || reasons.contains("group sg-lb"),
        "{reasons}"
    );
    let json = run(&["--output", "json", "--reasons"]);
    assert_eq!(json.lines().count(), plain.lines().count());
    for threads in ["1", "2", "3", "8"] {
        assert!(run(&["--threads", threads]) == plain, "{threads} threads");
    }
}
