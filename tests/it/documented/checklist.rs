//! What simulators of VPCs get wrong at first: a list of checks, and the scenario that makes each.

use std::collections::BTreeSet;
use std::path::Path;

use flowcast::Scenario;

/// The number of a check, what it says, and the scenario below `scenarios/` that shows it.
const SHOWN: &[(u8, &str, &str)] = &[
    (1, "inside a subnet no network ACL is asked", "vpc/same-subnet-deny-all-acl"),
    (1, "between an instance and a transit gateway in its subnet it is", "aws/tgw-nacl-same-subnet"),
    (1, "and so it is before the endpoint of a Gateway Load Balancer", "vpc/gateway-load-balancer-endpoint"),
    (2, "without egress to ephemeral ports there is no reply", "vpc/web-without-ephemeral-egress"),
    (
        3,
        "replies of an untracked flow after the egress rule is gone, and of a tracked one",
        "aws/ct-rule-removed",
    ),
    (3, "a tracked flow is answered without an egress rule", "aws/ct-reply-without-egress-rule"),
    (4, "a group is not met by its member's Elastic IP", "vpc/group-reference-elastic-ip"),
    (4, "nor behind a NAT gateway", "vpc/peering-nat-return-to-sender"),
    (4, "nor behind a middlebox", "vpc/edge-routes-middlebox"),
    (4, "behind an Application Load Balancer a group of the client is not met", "vpc/load-balancer-rules"),
    (4, "the group of a Network Load Balancer is, with the client's address", "vpc/load-balancer-network"),
    (5, "across a transit gateway ingress rules alone name groups", "vpc/tgw-security-groups"),
    (
        6,
        "a propagated route never beats the local one, a static one does",
        "vpc/propagated-never-beats-local",
    ),
    (7, "entries of prefix lists count by length, and lose ties", "vpc/prefix-list-routes"),
    (8, "a more specific blackhole drops what a default route would carry", "vpc/blackhole-wins"),
    (9, "an Elastic IP needs a route, and a route an Elastic IP", "vpc/elastic-ip-without-route"),
    (10, "a peer without a route back does not answer", "aws/pcx-no-return-route"),
    (10, "but it answers a NAT gateway", "vpc/peering-nat-return-to-sender"),
    (11, "a transit gateway that is not in the sender's zone drops", "aws/tgw-zone-not-enabled"),
    (
        12,
        "answers that do not come by the endpoint at which requests did are lost",
        "vpc/firewall-asymmetric",
    ),
    (12, "a redirected subnet cannot use the internet gateway directly", "vpc/edge-routes"),
    (13, "rules for other protocols have no ports", "vpc/protocols-without-ports"),
    (13, "an IPv4 entry for ICMPv6 is for every type", "vpc/protocols-without-ports"),
    (14, "ICMP goes by type, and the reply needs its own", "vpc/icmp-by-type"),
    (15, "IPv6 needs rules and routes of its own", "vpc/ipv6-needs-its-own"),
    (15, "an egress-only internet gateway lets nobody in", "vpc/egress-only-not-in"),
    (15, "some interfaces are kept from the internet", "regressions/kept-from-the-internet"),
    (16, "groups remember one answer of UDP for 30 seconds, and a stream for 180", "time/idle-flows"),
    (16, "a Network Load Balancer remembers UDP for 120 seconds, and TCP for 350", "time/idle-balanced"),
    (17, "a gateway endpoint needs the service's addresses, and carries no UDP", "vpc/gateway-endpoint"),
    (
        18,
        "an excluded subnet of a load balancer opens what is behind it",
        "vpc/load-balancer-block-public-access",
    ),
    (18, "where ingress is blocked, Elastic IPs fail and NAT gateways do not", "aws/bpa-ingress"),
    (
        20,
        "targets of zones that a load balancer does not have, or does not cross to",
        "vpc/load-balancer-zones",
    ),
    (20, "targets may have the group of their load balancer", "vpc/load-balancer-rules"),
    (19, "DNS, metadata and DHCP pass every rule, in no record", "vpc/services-beyond-rules"),
];

/// The number of a check, what it says, the file below `tests/data/invalid/` that is refused for it, and how.
const REFUSED: &[(u8, &str, &str, &str)] = &[(
    6,
    "a route for a part of a subnet",
    "impossible-route-kinds",
    "10.0.1.128/25 lies within 10.0.0.0/16 of the VPC",
)];

#[test]
fn every_check_is_shown_or_has_a_reason() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (number, what, scenario) in SHOWN {
        let path = top.join("scenarios").join(scenario).with_extension("yaml");
        let failures = Scenario::load(path).unwrap_or_else(|error| panic!("{error}")).run().failures();
        assert!(failures.is_empty(), "{number}, {what}: {failures:#?}");
    }
    for (number, what, file, message) in REFUSED {
        let path = top.join("tests/data/invalid").join(file).with_extension("yaml");
        let error = Scenario::load(path).unwrap_err().to_string();
        assert!(error.contains(message), "{number}, {what}: {error}");
    }
    let numbers = SHOWN.iter().map(|(number, ..)| *number).chain(REFUSED.iter().map(|(number, ..)| *number));
    assert_eq!(numbers.collect::<BTreeSet<_>>(), (1..=20).collect());
}
