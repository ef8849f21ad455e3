//! What is asked of the networks of `tests/moto/`, and what is right.

/// A question and its answer.
pub(super) struct Question {
    /// A name of the network or of something in `ids.json`, an address, or `internet`.
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    /// Options of `flowcast explain`.
    pub(super) options: &'static str,
    /// The outcome.
    pub(super) outcome: &'static str,
    /// The stage of the first blocker; empty when there is none.
    pub(super) stage: &'static str,
}

const fn q(
    from: &'static str,
    to: &'static str,
    options: &'static str,
    outcome: &'static str,
    stage: &'static str,
) -> Question {
    Question { from, to, options, outcome, stage }
}

/// Of both networks.
pub(super) static QUESTIONS: &[Question] = &[
    // From the internet, IPv4.
    q("internet", "web", "--tcp 443", "connected", ""),
    q("192.0.2.9", "web", "--tcp 443", "connected", ""),
    q("internet", "web", "--tcp 443 --client windows", "depends", "network-acl-egress"),
    q("internet", "web", "--tcp 443 --source-port 61000", "unanswered", "network-acl-egress"),
    q("internet", "web", "--tcp 80", "blocked", "network-acl-ingress"),
    q("internet", "web", "--icmp 8", "blocked", "network-acl-ingress"),
    q("internet", "web", "--udp 443", "blocked", "network-acl-ingress"),
    q("internet", "hidden", "--tcp 443", "blocked", "internet-gateway"),
    q("internet", "bastion", "--tcp 22", "blocked", "network-acl-ingress"),
    q("203.0.113.7", "bastion", "--tcp 22", "connected", ""),
    q("198.51.100.5", "bastion", "--tcp 22", "blocked", "network-acl-ingress"),
    q("198.51.100.5", "bastion", "--tcp 443", "blocked", "security-group-ingress"),
    q("198.51.100.5", "bastion", "--tcp 8443", "blocked", "security-group-ingress"),
    q("203.0.113.7", "web", "--tcp 22", "blocked", "security-group-ingress"),
    // From the internet, IPv6.
    q("internet", "web", "--tcp 443 --ipv6", "depends", "network-acl-egress"),
    q("internet", "web", "--tcp 443 --ipv6 --source-port 40000", "connected", ""),
    q("internet", "web", "--tcp 443 --ipv6 --source-port 50001", "unanswered", "network-acl-egress"),
    q("internet", "web", "--tcp 22 --ipv6", "blocked", "network-acl-ingress"),
    q("internet", "app1", "--tcp 443 --ipv6", "blocked", "security-group-ingress"),
    // To the internet.
    q("web", "internet", "--tcp 443", "connected", ""),
    q("web", "internet", "--tcp 80", "blocked", "network-acl-egress"),
    q("web", "internet", "--udp 53", "unanswered", "network-acl-ingress"),
    q("web", "internet", "--tcp 443 --ipv6", "connected", ""),
    q("hidden", "internet", "--tcp 443", "blocked", "internet-gateway"),
    q("app1", "internet", "--tcp 443 --ipv6", "connected", ""),
    q("db", "internet", "--tcp 443", "blocked", "security-group-egress"),
    q("apart1", "internet", "--tcp 443", "blocked", "route"),
    q("bastion", "web-public-ip", "--tcp 443", "connected", ""),
    // Inside a subnet: groups alone.
    q("bastion", "web", "--tcp 22", "connected", ""),
    q("bastion", "hidden", "--tcp 22", "connected", ""),
    q("hidden", "bastion", "--tcp 22", "blocked", "security-group-ingress"),
    q("app1", "app2", "--tcp 9999", "connected", ""),
    q("app1", "app2", "--protocol 132", "connected", ""),
    q("db-admin", "app1", "--tcp 8080", "blocked", "security-group-ingress"),
    q("app1", "db-admin", "--tcp 22", "blocked", "security-group-ingress"),
    q("apart1", "apart2", "--tcp 22", "connected", ""),
    q("app1", "10.20.2.99", "--tcp 22", "blocked", "delivery"),
    // Between subnets.
    q("bastion", "app1", "--tcp 22", "blocked", "security-group-ingress"),
    q("web", "app1", "--tcp 8080", "connected", ""),
    q("web", "app1", "--tcp 8091", "connected", ""),
    q("hidden", "app1", "--tcp 8080", "connected", ""),
    q("hidden", "app1", "--tcp 8090", "connected", ""),
    q("hidden", "app1", "--tcp 8091", "blocked", "security-group-ingress"),
    q("hidden", "app1", "--udp 514", "connected", ""),
    q("hidden", "app1", "--protocol 47", "connected", ""),
    q("app2", "hidden", "--protocol 47", "blocked", "security-group-ingress"),
    q("web", "app1", "--icmp 8", "connected", ""),
    q("hidden", "app1", "--icmp 8", "blocked", "security-group-ingress"),
    q("app1", "web", "--icmp 8", "connected", ""),
    q("app1", "web", "--icmp 13", "connected", ""),
    q("app1", "hidden", "--icmp 8", "connected", ""),
    q("app1", "hidden", "--icmp 13", "blocked", "security-group-ingress"),
    q("web", "app1", "--tcp 8080 --ipv6", "blocked", "network-acl-egress"),
    q("app1", "web", "--tcp 443 --ipv6", "depends", "network-acl-egress"),
    q("app1", "10.20.1.99", "--tcp 80", "blocked", "delivery"),
    // To the database and back: entries of both directions.
    q("app1", "db", "--tcp 5432", "connected", ""),
    q("app1", "db", "--tcp 5432 --source-address 10.20.2.11", "connected", ""),
    q("app3", "db", "--tcp 5432", "unanswered", "network-acl-egress"),
    q("app1", "db", "--tcp 5432 --source-port 61000", "unanswered", "network-acl-egress"),
    q("app1", "db", "--tcp 5432 --source-port 8085", "connected", ""),
    q("app1", "db", "--tcp 5432 --client windows", "depends", "network-acl-egress"),
    q("app1", "db", "--tcp 6379", "connected", ""),
    q("app2", "db", "--tcp 6379", "blocked", "network-acl-ingress"),
    q("app2", "db", "--tcp 6380", "connected", ""),
    q("app1", "db", "--tcp 6381", "blocked", "network-acl-ingress"),
    q("app1", "db", "--udp 514", "unanswered", "network-acl-egress"),
    q("hidden", "db", "--tcp 8080", "unanswered", "network-acl-egress"),
    q("bastion", "db", "--tcp 5432", "blocked", "network-acl-ingress"),
    q("db", "app1", "--tcp 8080", "blocked", "security-group-ingress"),
    q("db", "app1", "--tcp 8086", "blocked", "security-group-egress"),
    q("db", "app1", "--udp 8080", "blocked", "security-group-egress"),
];

/// Of the network without neighbours alone.
pub(super) static ALONE: &[Question] = &[
    q("app1", "internet", "--tcp 443", "blocked", "route"),
    q("apart1", "app1", "--tcp 8080", "blocked", "route"),
    q("app1", "apart1", "--tcp 8080", "blocked", "route"),
];

/// Of the one with a NAT gateway and a peering connection: what rests on them is not simulated.
pub(super) static WITH_NEIGHBOURS: &[Question] = &[
    q("app1", "internet", "--tcp 443", "depends", "network-acl-ingress"),
    q("apart1", "app1", "--tcp 8080", "blocked", "security-group-ingress"),
    q("app1", "apart1", "--tcp 8080", "blocked", "security-group-ingress"),
    q("db-admin", "internet", "--udp 53", "unanswered", "network-acl-ingress"),
    q("db", "apart1", "--tcp 8080", "blocked", "security-group-egress"),
];
