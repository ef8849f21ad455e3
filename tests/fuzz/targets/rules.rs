//! Rules, routes and services written short: each line of the text has its own place in a small network.

#![no_main]

use std::fmt::Write as _;

/// Where lines go, in turn: before a line, and after it. Together they are one scenario.
const PLACES: &[(&str, &str)] = &[
    ("security_groups:\n  - name: peers\n  - name: sg\n    ingress: [", "]\n"),
    ("    egress: [", "]\n"),
    ("network_acls:\n  - name: acl\n    ingress: [", "]\n"),
    ("    egress: [", "]\n"),
    (
        "prefix_lists: [{name: pl, entries: [192.0.2.0/24]}]\n\
         vpcs: [{name: lab, cidr_block: 10.0.0.0/16, ipv6_cidr_block: 2001:db8::/56, internet_gateway: igw}]\n\
         subnets:\n  - {name: other, cidr_block: 10.0.1.0/24}\n  \
         - name: front\n    cidr_block: 10.0.0.0/24\n    ipv6_cidr_block: 2001:db8::/64\n    \
         network_acl: acl\n    routes: [",
        "]\n",
    ),
    (
        "instances:\n  - {name: client, subnet: other, security_groups: [peers]}\n  \
         - name: web\n    subnet: front\n    security_groups: [sg]\n    listens: [",
        "]\nconnections:\n  - {name: in, from: client, to: web, tcp: 443}\n  - {name: out, from: web, to: client, icmp: 8}\n",
    ),
];

libfuzzer_sys::fuzz_target!(|text: &str| {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut scenario = String::new();
    for (turn, (before, after)) in PLACES.iter().enumerate() {
        let of_this_place = lines.iter().skip(turn).step_by(PLACES.len()).filter(|line| !line.is_empty());
        let items: Vec<String> = of_this_place.map(|line| quoted(line)).collect();
        let _ = write!(scenario, "{before}{}{after}", items.join(", "));
    }
    flowcast_fuzz::read_and_run("rules.yaml", scenario.as_bytes());
});

/// The line as a quoted scalar of YAML.
fn quoted(line: &str) -> String {
    let mut quoted = String::from("\"");
    for c in line.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => drop(write!(quoted, "\\U{:08x}", u32::from(c))),
        }
    }
    quoted + "\""
}
