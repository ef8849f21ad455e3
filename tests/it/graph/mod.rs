//! `flowcast graph`: what is in the graph, and how it is drawn.

pub(crate) mod drawing;
mod hostile;

use std::path::Path;
use std::process::Command;

use flowcast::Scenario;
use flowcast::graph::{Edge, Graph, Hop, Node};
use flowcast::model::{LegKind, Outcome};
use petgraph::graph::NodeIndex;

/// Several VPCs, a gateway between them, and everything that routes can lead to.
const PLACES: &str = "\
region: us-east-1
vpcs:
  - {name: spoke, cidr_block: 10.1.0.0/16}
  - {name: shared, cidr_block: 10.2.0.0/16, internet_gateway: igw}
subnets:
  - {name: app, vpc: spoke, cidr_block: 10.1.1.0/24, routes: [10.2.0.0/16 -> wan, 0.0.0.0/0 -> wan, 10.66.0.0/16 -> blackhole]}
  - {name: private, vpc: shared, cidr_block: 10.2.1.0/24, availability_zone_id: use1-az2,
     routes: [10.0.0.0/8 -> wan, 0.0.0.0/0 -> filter, '::/0 -> filter']}
  - {name: public, vpc: shared, cidr_block: 10.2.0.0/24, routes: [0.0.0.0/0 -> igw]}
core_networks: [{name: wan}]
instances:
  - {name: api, subnet: app, private_ip: 10.1.1.5}
  - {name: db, subnet: private, private_ip: 10.2.1.5}
  - {name: filter, subnet: public, private_ip: 10.2.0.5, source_dest_check: false}
connections:
  - {name: query, from: api, to: 10.2.1.5, tcp: 5432}
";

/// What is beyond: networks on premises, the internet, a service of AWS; and a peer that refuses.
const BEYOND: &str = "\
region: us-east-1
vpcs:
  - {name: spoke, cidr_block: 10.1.0.0/16, internet_gateway: igw}
  - {name: far, cidr_block: 10.2.0.0/16}
subnets:
  - {name: app, vpc: spoke, cidr_block: 10.1.1.0/24, routes: [192.168.0.0/16 -> vgw, 0.0.0.0/0 -> igw, 10.2.0.0/16 -> pcx]}
  - {name: db, vpc: far, cidr_block: 10.2.1.0/24, availability_zone_id: use1-az2, routes: [10.1.0.0/16 -> pcx]}
vpn_gateways: [{name: vgw, vpc: spoke}]
vpc_peering_connections: [{name: pcx, requester: spoke, accepter: far}]
customer_networks: [{name: office, cidr_blocks: [192.168.0.0/16], via: [vgw]}]
security_groups: [{name: open, vpc: spoke, ingress: [allow all from 0.0.0.0/0]}]
instances:
  - {name: web, subnet: app, security_groups: [open], private_ip: 10.1.1.5, public_ip: 198.51.100.9}
  - {name: store, subnet: db, private_ip: 10.2.1.5}
connections:
  - {name: over, from: web, to: store, tcp: 443}
  - {name: visit, from: 192.168.1.9, to: web, tcp: 443}
  - {name: out, from: web, to: 203.0.113.5, tcp: 443}
";

/// A network of `vpcs` VPCs with `subnets` subnets each, without anything in them.
fn many(vpcs: usize, subnets: usize) -> String {
    let vpc = |vpc: usize| {
        let gateway = if usize::is_multiple_of(vpc, 3) {
            format!(", internet_gateway: igw-{vpc}")
        } else {
            String::new()
        };
        format!("  - {{name: vpc-{vpc}, cidr_block: 10.{vpc}.0.0/16{gateway}}}\n")
    };
    let subnet = |vpc: usize, subnet: usize| {
        let routes = match (vpc % 3, subnet) {
            (0, 0..3) => format!("0.0.0.0/0 -> igw-{vpc}, 10.0.0.0/8 -> wan"),
            _ => "0.0.0.0/0 -> wan".to_owned(),
        };
        let zone = subnet % 3 + 1;
        format!(
            "  - {{name: net-{vpc}-{subnet}, vpc: vpc-{vpc}, cidr_block: 10.{vpc}.{subnet}.0/24, \
             availability_zone_id: use1-az{zone}, routes: [{routes}]}}\n"
        )
    };
    let all: String = (0..vpcs).map(vpc).collect();
    let pairs = (0..vpcs).flat_map(|vpc| (0..subnets).map(move |subnet| (vpc, subnet)));
    let within: String = pairs.map(|(vpc, number)| subnet(vpc, number)).collect();
    format!("core_networks: [{{name: wan}}]\nvpcs:\n{all}subnets:\n{within}")
}

/// Two hosts of such a network, and their ways out.
const HOSTS: &str = "\
instances:
  - {name: web, subnet: net-0-0, public_ip: 198.51.100.9}
  - {name: db, subnet: net-0-7}
connections:
  - {name: out, from: web, to: 203.0.113.9, tcp: 443}
  - {name: over, from: db, to: 203.0.113.9, tcp: 443}
";

fn scenario(text: &str) -> Scenario {
    Scenario::parse("network.yaml", text).unwrap_or_else(|error| panic!("{error}"))
}

/// The graph of a scenario, with the way of its connection at `position`.
fn with_way(scenario: &Scenario, position: usize) -> Graph<'_> {
    let connection = &scenario.connections[position];
    let network = scenario.network_at(scenario.epoch_at(connection.begin()));
    let mut graph = Graph::of(network);
    let trace = flowcast::walk::trace(network, connection);
    graph.draw(connection, &trace, trace.worst().unwrap(), &connection.name);
    graph
}

fn hops<'g>(graph: &'g Graph<'_>, leg: LegKind) -> Vec<(NodeIndex, NodeIndex, &'g Hop)> {
    let graph = graph.as_petgraph();
    let hops = graph.edge_indices().filter_map(|edge| {
        let (from, to) = graph.edge_endpoints(edge)?;
        match graph.edge_weight(edge)? {
            Edge::Hop(hop) if hop.leg == leg => Some((from, to, hop)),
            _ => None,
        }
    });
    hops.collect()
}

/// Every scenario, and each of its connections with the graph that shows it.
fn each(mut check: impl FnMut(&str, &Scenario, usize, &Graph<'_>)) {
    let mut count = 0;
    for path in crate::shapes::files_below("scenarios", "yaml") {
        let scenario = Scenario::load(&path).unwrap_or_else(|error| panic!("{error}"));
        for position in 0..scenario.connections.len() {
            let name = format!("{}: {}", path.display(), scenario.connections[position].name);
            check(&name, &scenario, position, &with_way(&scenario, position));
            count += 1;
        }
    }
    assert!(count > 100, "the scenarios were not found");
}

#[test]
fn everything_of_the_network_is_a_node() {
    let scenario = scenario(PLACES);
    let graph = Graph::of(&scenario.network);
    let graph = graph.as_petgraph();
    let count = |is: fn(&Node) -> bool| graph.node_weights().filter(|node| is(node)).count();
    assert_eq!(count(|node| matches!(node, Node::Vpc(_))), 2);
    assert_eq!(count(|node| matches!(node, Node::Subnet(_))), 3);
    assert_eq!(count(|node| matches!(node, Node::Gateway(_))), 2);
    assert_eq!(count(|node| matches!(node, Node::NetworkInterface(_))), 1, "only what routes lead to");
    assert_eq!(count(|node| matches!(node, Node::Internet)), 1);
    let routes: Vec<_> = graph
        .edge_weights()
        .filter_map(|edge| match edge {
            Edge::Routes(destinations) => Some(destinations.join(" ")),
            _ => None,
        })
        .collect();
    assert_eq!(routes, ["10.2.0.0/16 0.0.0.0/0", "10.0.0.0/8", "0.0.0.0/0 ::/0", "0.0.0.0/0"]);
    let attachments = graph.edge_weights().filter(|edge| **edge == Edge::Attachment).count();
    assert_eq!(attachments, 3, "both VPCs to `wan`, and `igw` to the internet");
}

/// A way is a chain of hops, and the packet goes through all of them if and only if it arrives.
#[test]
fn ways_are_chains_that_say_how_the_connection_ends() {
    each(|name, scenario, position, graph| {
        let connection = &scenario.connections[position];
        let network = scenario.network_at(scenario.epoch_at(connection.begin()));
        let trace = flowcast::walk::trace(network, connection);
        let case = trace.worst().unwrap();
        for (leg, walked) in case.legs() {
            let hops = hops(graph, leg);
            let chained = hops
                .windows(2)
                .all(|pair| pair[0].1 == pair[1].0 && pair[0].2.number + 1 == pair[1].2.number);
            assert!(chained, "{name}: {hops:?}");
            let is_sent = leg == LegKind::Forward || case.forward.is_delivered();
            let goes_through = hops.iter().all(|(.., hop)| hop.goes_through());
            assert_eq!(goes_through, walked.is_delivered() && is_sent, "{name}, {leg:?}: {hops:?}");
            let stops = walked.checkpoints.iter().filter(|checkpoint| checkpoint.decision.stops()).count();
            let marks = hops.iter().flat_map(|(.., hop)| &hop.marks).filter(|mark| mark.number.is_some());
            assert_eq!(marks.count(), stops, "{name}: {hops:?}");
            let real = hops.iter().take_while(|(.., hop)| hop.is_real).count();
            assert!(hops.iter().skip(real).all(|(.., hop)| !hop.is_real), "{name}: {hops:?}");
        }
        assert_eq!(
            case.taken().0 == Outcome::Connected,
            case.legs().all(|(leg, _)| { hops(graph, leg).iter().all(|(.., hop)| hop.goes_through()) }),
            "{name}"
        );
    });
}

#[test]
fn drawings_are_those_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/graph");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let shown = [
            ("shop", std::fs::read_to_string("scenarios/shop.yaml").unwrap()),
            ("nat", std::fs::read_to_string("scenarios/aws/fl-natgw.yaml").unwrap()),
            ("places", PLACES.to_owned()),
            ("beyond", BEYOND.to_owned()),
        ];
        for (name, text) in shown {
            let scenario = scenario(&text);
            let graph = with_way(&scenario, 0);
            insta::assert_snapshot!(format!("{name}-svg"), graph.svg());
            insta::assert_snapshot!(format!("{name}-dot"), graph.dot());
            insta::assert_snapshot!(format!("{name}-mermaid"), graph.mermaid());
        }
        for name in ["three-tiers", "hub-and-spoke", "serverless"] {
            let text = std::fs::read_to_string(format!("scenarios/architectures/{name}.yaml")).unwrap();
            insta::assert_snapshot!(format!("{name}-svg"), with_way(&scenario(&text), 0).svg());
        }
    });
}

/// The internet shows the address of its end, and that of nobody else.
#[test]
fn the_end_outside_is_named() {
    let scenario = scenario(BEYOND);
    let shows = |position: usize| {
        let dot = with_way(&scenario, position).dot();
        let line = dot.lines().find(|line| line.contains("\"internet")).unwrap().to_owned();
        line.contains("203.0.113.5")
    };
    assert_eq!([0, 1, 2].map(shows), [false, false, true]);
}

/// The picture in the book is what the program draws.
#[test]
fn the_book_shows_what_is_drawn() {
    let arguments = ["graph", "scenarios/shop.yaml", "--connection", "query"];
    let output = flowcast(&arguments);
    assert!(output.status.success());
    flowcast::assert_golden("book/src/shop.svg", &String::from_utf8(output.stdout).unwrap());
}

#[test]
fn exit_codes() {
    for (arguments, code) in [
        (&["graph", "scenarios/shop.yaml"][..], 0),
        (
            &[
                "graph",
                "scenarios/shop.yaml",
                "--from",
                "web",
                "--to",
                "db",
                "--tcp",
                "22",
                "--output",
                "dot",
            ],
            0,
        ),
        (&["graph", "scenarios/shop.yaml", "--connection", "absent"], 2),
        (&["graph", "scenarios/shop.yaml", "--from", "nobody", "--to", "db", "--tcp", "22"], 2),
        (&["graph", "scenarios/shop.yaml", "--from", "web"], 2),
        (&["graph", "scenarios/shop.yaml", "--output", "png"], 2),
        (&["graph", "tests/data/invalid/address-in-use-prefix.yaml"], 3),
        (&["graph", "absent.yaml"], 4),
    ] {
        let output = flowcast(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.stdout.is_empty(), code != 0, "{arguments:?}");
    }
    let output = flowcast(&["graph", "scenarios/shop.yaml", "--connection", "absent"]);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: no connection is called `absent`; there is query\n"
    );
}

fn flowcast(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcast"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).args(arguments).output().unwrap()
}
