//! The single values of the format: how each kind is written.

use crate::model::{
    Availability, BlockExclusion, BlockMode, CUSTOMER_ATTACHMENTS, ClosedPorts, CustomerAttachment,
    EPHEMERAL_PORTS, EncryptionMode, Forwarding, HealthCheckProtocol, Kind, LatticeProtocol, LegKind,
    ListenerProtocol, LoadBalancerType, MANAGED_SERVICES, Outcome, PROFILES, RecordTimes, RouteOrigin,
    RuleAction, RuleOrder, ServiceNetworkPart, StatefulDefault, StatelessAction, StreamExceptionPolicy,
    Symptom, TaggedResource, TargetGroup, TargetHealth, TargetType, Tracking, TrafficType, WindowPhase,
};
use crate::net::Family;

/// A kind of single values.
#[derive(Debug)]
pub struct ValueKind {
    /// In kebab-case: `cidr`.
    pub name: &'static str,
    /// What it is and how it is written, in a sentence.
    pub doc: &'static str,
    /// What YAML must make of it.
    pub form: Form,
    /// See [`ValueKind::regex`]; words in capitals stand for [`PARTS`]. Empty when any text will do.
    pattern: &'static str,
    /// Values that can be read.
    pub examples: &'static [&'static str],
}

/// Whether a value is written as text or as a number; quotes do not matter where both will do.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// Text.
    Text,
    /// A whole number from the first to the last.
    Number(i64, i64),
    /// Text, or such a number.
    Both(i64, i64),
    /// Text, or any number.
    Any,
    /// `true` or `false`.
    Boolean,
    /// One of some names.
    Names(fn() -> Vec<&'static str>),
}

/// The names of a table of names and their values.
fn names<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
    table.iter().map(|(name, _)| *name).collect()
}

const fn one_of(name: &'static str, doc: &'static str, names: fn() -> Vec<&'static str>) -> ValueKind {
    ValueKind { name, doc, form: Form::Names(names), pattern: "", examples: &[] }
}

/// What stands for longer expressions in patterns; those that use others come first.
const PARTS: &[(&str, &str)] = &[
    ("REMOTE", r"\S+"),
    ("BLOCK", r"[0-9A-Fa-f:.]+/[0-9]{1,3}"),
    ("FIREWALL", r"(all|PROTOCOL(,PROTOCOL)*)(\s+PORTS)?(\s+from\s+\S+)?(\s+port\s+PORTS)?(\s+to\s+\S+)?"),
    ("PORTS", r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*"),
    ("SERVICE", r"(all|-1|PROTOCOL(\s+[0-9]+(-[0-9]+|/-?[0-9]+)?)?)"),
    ("PROTOCOL", r"(tcp|udp|icmp|icmpv6|gre|esp|ah|sctp|[0-9]{1,3})"),
];

impl ValueKind {
    /// A regular expression that every text of the kind matches, in its usual spelling; what cannot be read may match
    /// as well.
    pub fn regex(&self) -> Option<String> {
        let whole = |pattern: String, (name, part): &(&str, &str)| pattern.replace(name, part);
        (!self.pattern.is_empty()).then(|| PARTS.iter().fold(self.pattern.to_owned(), whole))
    }
}

pub(super) static BOOLEAN: ValueKind = ValueKind {
    name: "boolean",
    doc: "`true` or `false`.",
    form: Form::Boolean,
    pattern: "",
    examples: &["true"],
};

pub(super) static TEXT: ValueKind =
    ValueKind { name: "text", doc: "Any text.", form: Form::Any, pattern: "", examples: &["web"] };

pub(super) static NAME: ValueKind = ValueKind {
    name: "name",
    doc: "A name or id that can be referred to; not an address, nor `internet`, `local`, `blackhole` or `propagated`.",
    form: Form::Any,
    pattern: r"^(?!(internet|local|blackhole|propagated)?$)",
    examples: &["web", "eni-1235b8ca123456789"],
};

pub(super) static REFERENCE: ValueKind = ValueKind {
    name: "reference",
    doc: "The name or id of something in the file.",
    form: Form::Any,
    pattern: "",
    examples: &["web", "igw"],
};

pub(super) static END: ValueKind = ValueKind {
    name: "end",
    doc: "An instance, a network interface, a resource of a service, a customer network, an address, or `internet`: an \
          address that nothing in the network names more closely than `/0`. The far end may be a load balancer or an \
          endpoint as well, the name of a service of AWS, or a DNS name of either.",
    form: Form::Any,
    pattern: "",
    examples: &["web", "203.0.113.12", "internet", "sqs.eu-west-1.amazonaws.com"],
};

pub(super) static ACCOUNT: ValueKind = ValueKind {
    name: "account",
    doc: "A twelve-digit account id, in quotes when it begins with zero.",
    form: Form::Both(100_000_000_000, 999_999_999_999),
    pattern: r"^[0-9]{12}$",
    examples: &["123456789010"],
};

pub(super) static INTERFACE_ACCOUNT: ValueKind = ValueKind {
    name: "interface-account",
    doc: "A twelve-digit account id; or `unknown`, which records may show of interfaces that a service of AWS created.",
    form: Form::Both(100_000_000_000, 999_999_999_999),
    pattern: r"^([0-9]{12}|unknown)$",
    examples: &["123456789010", "unknown"],
};

pub(super) static ADDRESS: ValueKind = ValueKind {
    name: "address",
    doc: "An IPv4 or IPv6 address.",
    form: Form::Text,
    pattern: r"^[0-9A-Fa-f:.]+$",
    examples: &["10.0.0.5", "2001:db8::5"],
};

pub(super) static IPV4: ValueKind = ValueKind {
    name: "ipv4-address",
    doc: "An IPv4 address.",
    form: Form::Text,
    pattern: r"^[0-9]+(\.[0-9]+){3}$",
    examples: &["10.0.0.5"],
};

pub(super) static IPV6: ValueKind = ValueKind {
    name: "ipv6-address",
    doc: "An IPv6 address.",
    form: Form::Text,
    pattern: r"^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$",
    examples: &["2001:db8::5"],
};

pub(super) static CIDR: ValueKind = ValueKind {
    name: "cidr",
    doc: "A CIDR block; host bits are zeroed with a warning, as AWS zeroes them.",
    form: Form::Text,
    pattern: r"^BLOCK$",
    examples: &["10.0.0.0/16", "2001:db8::/56", "0.0.0.0/0"],
};

pub(super) static PORT: ValueKind = ValueKind {
    name: "port",
    doc: "A port.",
    form: Form::Both(0, 65535),
    pattern: r"^[0-9]+$",
    examples: &["443"],
};

pub(super) static PORT_NUMBER: ValueKind = ValueKind {
    name: "port-number",
    doc: "A port; in rules for ICMP a type or code, -1 being every one.",
    form: Form::Both(-1, 65535),
    pattern: r"^-?[0-9]+$",
    examples: &["443", "-1"],
};

pub(super) static ICMP_NUMBER: ValueKind = ValueKind {
    name: "icmp-number",
    doc: "An ICMP type or code; -1 is every one.",
    form: Form::Both(-1, 255),
    pattern: r"^-?[0-9]+$",
    examples: &["8", "-1"],
};

pub(super) static RULE_NUMBER: ValueKind = ValueKind {
    name: "rule-number",
    doc: "The number of an entry, from 1 to 32766; `*` stands behind every list by itself.",
    form: Form::Both(1, 32766),
    pattern: r"^[0-9]+$",
    examples: &["100"],
};

pub(super) static COUNT: ValueKind = ValueKind {
    name: "count",
    doc: "A whole number that is not negative.",
    form: Form::Number(0, 1_000_000_000_000_000),
    pattern: "",
    examples: &["4"],
};

pub(super) static INTERVAL: ValueKind = ValueKind {
    name: "aggregation-interval",
    doc: "60 or 600 seconds.",
    form: Form::Both(60, 600),
    pattern: r"^(60|600)$",
    examples: &["60", "600"],
};

pub(super) static DURATION: ValueKind = ValueKind {
    name: "duration",
    doc: "A time span with its units, at most 366 days.",
    form: Form::Both(0, 0),
    pattern: r"^(0|([0-9]+ *[A-Za-z]+ *)+)$",
    examples: &["500ms", "90s", "2m", "1h 30m"],
};

pub(super) static RATE: ValueKind = ValueKind {
    name: "rate",
    doc: "So many in a second, minute, hour or day.",
    form: Form::Text,
    pattern: r"^[0-9]+ */ *(s|m|min|h|d|day)$",
    examples: &["20/s", "90/m", "500/h", "10000/d"],
};

pub(super) static INSTANT: ValueKind = ValueKind {
    name: "instant",
    doc: "A moment in UTC, or seconds since 1970.",
    form: Form::Both(0, 253_402_300_799),
    pattern: r"^([0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z)$",
    examples: &["2026-01-01T00:00:00Z", "1432917027"],
};

pub(super) static ANY_PROTOCOL: ValueKind = ValueKind {
    name: "protocol",
    doc: "A protocol by name or number; -1 and `all` are every one.",
    form: Form::Both(-1, 255),
    pattern: r"^(all|-1|PROTOCOL)$",
    examples: &["tcp", "6", "-1"],
};

pub(super) static OTHER_PROTOCOL: ValueKind = ValueKind {
    name: "other-protocol",
    doc: "A protocol by name or number; tcp, udp and icmp have keys of their own. 58 is ICMPv6 over IPv4.",
    form: Form::Both(0, 255),
    pattern: r"^PROTOCOL$",
    examples: &["gre", "89"],
};

pub(super) static ICMP: ValueKind = ValueKind {
    name: "icmp",
    doc: "`echo-request`, which fits either family, or an ICMP type, or type/code.",
    form: Form::Both(0, 255),
    pattern: r"^(echo-request|[0-9]+( */ *[0-9]+)?)$",
    examples: &["echo-request", "8", "3/4"],
};

pub(super) static SERVICE: ValueKind = ValueKind {
    name: "service",
    doc: "A protocol with its ports, or ICMP types, or all of it.",
    form: Form::Both(-1, 255),
    pattern: r"^SERVICE$",
    examples: &["tcp 443", "udp 1024-65535", "icmp 8", "all"],
};

pub(super) static TCP_FLAGS: ValueKind = ValueKind {
    name: "tcp-flags",
    doc: "Flags of one packet, joined by hyphens.",
    form: Form::Text,
    pattern: r"^(SYN|FIN|RST|PSH|ACK|URG|ECE|CWR)(-(SYN|FIN|RST|PSH|ACK|URG|ECE|CWR))*$",
    examples: &["SYN", "SYN-ACK", "FIN-ACK"],
};

pub(super) static TAGGED_RESOURCE: ValueKind =
    one_of("tagged-resource", "A kind of resource whose tags flow logs show.", || {
        names(&TaggedResource::NAMES)
    });

pub(super) static LOG_FORMAT: ValueKind = ValueKind {
    name: "log-format",
    doc: "The fields of a record as AWS writes them, each in `${}`, with a space between.",
    form: Form::Text,
    pattern: r"^\s*\$\{[a-z0-9-]+\}(\s+\$\{[a-z0-9-]+\})*\s*$",
    examples: &["${interface-id} ${srcaddr} ${dstaddr} ${action}"],
};

pub(super) static GROUP_INGRESS: ValueKind = ValueKind {
    name: "short-ingress-rule",
    doc: "A rule of a security group: what is allowed `from` a block, a group or a prefix list.",
    form: Form::Text,
    pattern: r"^\s*(allow\s+)?SERVICE\s+from\s+REMOTE\s*$",
    examples: &["allow tcp 443 from 0.0.0.0/0", "allow all from default", "icmp 8 from 10.0.0.0/8"],
};

pub(super) static GROUP_EGRESS: ValueKind = ValueKind {
    name: "short-egress-rule",
    doc: "A rule of a security group: what is allowed `to` a block, a group or a prefix list.",
    form: Form::Text,
    pattern: r"^\s*(allow\s+)?SERVICE\s+to\s+REMOTE\s*$",
    examples: &["allow tcp 5432 to db", "allow all to 0.0.0.0/0"],
};

pub(super) static ACL_INGRESS: ValueKind = ValueKind {
    name: "short-ingress-entry",
    doc: "An entry of a network ACL: its number, and what is allowed or denied `from` a block.",
    form: Form::Text,
    pattern: r"^\s*[0-9]+\s+(allow|deny)\s+SERVICE\s+from\s+BLOCK\s*$",
    examples: &["100 allow tcp 443 from 0.0.0.0/0", "110 deny icmp 8 from 10.0.0.0/8"],
};

pub(super) static ACL_EGRESS: ValueKind = ValueKind {
    name: "short-egress-entry",
    doc: "An entry of a network ACL: its number, and what is allowed or denied `to` a block.",
    form: Form::Text,
    pattern: r"^\s*[0-9]+\s+(allow|deny)\s+SERVICE\s+to\s+BLOCK\s*$",
    examples: &["100 allow tcp 1024-65535 to 0.0.0.0/0", "110 deny all to ::/0"],
};

pub(super) static ROUTE_LINE: ValueKind = ValueKind {
    name: "short-route",
    doc: "A route: a block or prefix list, and the gateway, interface, instance, `local` or `blackhole` that it leads \
          to.",
    form: Form::Text,
    pattern: r"^\s*\S+\s+->\s+\S+(\s+(propagated|blackhole))?\s*$",
    examples: &["0.0.0.0/0 -> igw", "10.1.0.0/16 -> vgw propagated", "10.2.0.0/16 -> blackhole"],
};

pub(super) static TRANSIT_ROUTE_LINE: ValueKind = ValueKind {
    name: "transit-gateway-route",
    doc: "A route of a transit gateway: a block or prefix list, and the attachment or `blackhole` that it leads to.",
    form: Form::Text,
    pattern: r"^\s*\S+\s+->\s+\S+(\s+(propagated|blackhole))?\s*$",
    examples: &["0.0.0.0/0 -> to-egress", "10.2.0.0/16 -> blackhole"],
};

pub(super) static LISTENER_LINE: ValueKind = ValueKind {
    name: "short-listener",
    doc: "A listener of a load balancer: its protocol and port, and the target group that it sends to, or `redirect` or \
          `fixed-response` where it answers by itself.",
    form: Form::Text,
    pattern: r"^\s*[A-Za-z_]+\s+[0-9]+\s+->\s+\S+\s*$",
    examples: &["https 443 -> app", "tcp 5432 -> db", "http 80 -> redirect"],
};

pub(super) static LATTICE_LISTENER_LINE: ValueKind = ValueKind {
    name: "short-vpc-lattice-listener",
    doc: "A listener of a service of VPC Lattice: its protocol and port, and the target group that it sends to, or \
          `fixed-response` where it answers by itself.",
    form: Form::Text,
    pattern: r"^\s*[A-Za-z_]+\s+[0-9]+\s+->\s+\S+\s*$",
    examples: &["https 443 -> app", "tls_passthrough 443 -> app", "http 80 -> fixed-response"],
};

pub(super) static LATTICE_PROTOCOL: ValueKind =
    one_of("vpc-lattice-protocol", "A protocol of listeners of VPC Lattice.", || {
        names(&LatticeProtocol::NAMES)
    });

/// Whether auth policies may judge requests.
pub(in crate::input) const LATTICE_AUTH_TYPES: &[(&str, Option<bool>)] =
    &[("NONE", Some(false)), ("AWS_IAM", Some(true)), ("not-collected", None)];

pub(super) static SERVICE_NETWORK_PART: ValueKind = one_of(
    "service-network-part",
    "What a service network has that may not have been collected whole.",
    || names(&ServiceNetworkPart::NAMES),
);

/// What a listener has that may not have been collected.
pub(in crate::input) const LISTENER_PARTS: &[(&str, ())] = &[("rules", ())];

pub(super) static LISTENER_PART: ValueKind =
    one_of("listener-part", "What a listener has that may not have been collected.", || {
        names(LISTENER_PARTS)
    });

/// What an association of a VPC has that may not have been collected.
pub(in crate::input) const ASSOCIATION_PARTS: &[(&str, ())] = &[("security_groups", ())];

pub(super) static ASSOCIATION_PART: ValueKind =
    one_of("service-network-vpc-part", "What an association has that may not have been collected.", || {
        names(ASSOCIATION_PARTS)
    });

pub(super) static LATTICE_AUTH_TYPE: ValueKind =
    one_of("vpc-lattice-auth-type", "Whether auth policies of VPC Lattice may judge requests.", || {
        names(LATTICE_AUTH_TYPES)
    });

/// Whether a load balancer faces the internet.
pub(in crate::input) const LOAD_BALANCER_SCHEMES: &[(&str, bool)] =
    &[("internet-facing", true), ("internal", false)];

pub(super) static LOAD_BALANCER_TYPE: ValueKind =
    one_of("load-balancer-type", "A type of load balancer.", || names(&LoadBalancerType::NAMES));

pub(super) static LOAD_BALANCER_SCHEME: ValueKind =
    one_of("load-balancer-scheme", "Whether a load balancer faces the internet.", || {
        names(LOAD_BALANCER_SCHEMES)
    });

/// States of load balancers, and whether packets pass.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html>
pub(in crate::input) const LOAD_BALANCER_STATES: &[(&str, Availability)] = &[
    ("active", Availability::Available),
    ("active_impaired", Availability::Available), // it lacks what it needs to scale, and routes traffic
    ("provisioning", Availability::Undocumented("provisioning")),
    ("failed", Availability::Gone),
    ("unknown", Availability::NotCollected),
];

pub(super) static LOAD_BALANCER_STATE: ValueKind =
    one_of("load-balancer-state", "The state of a load balancer.", || names(LOAD_BALANCER_STATES));

pub(super) static LISTENER_PROTOCOL: ValueKind =
    one_of("listener-protocol", "A protocol of listeners and target groups.", || {
        names(&ListenerProtocol::NAMES)
    });

pub(super) static TARGET_TYPE: ValueKind =
    one_of("target-type", "What targets are named by.", || names(&TargetType::NAMES));

pub(super) static TARGET_FAILOVER: ValueKind = one_of(
    "target-failover",
    "What becomes of flows of an appliance that is no target any more: `rebalance` gives them to others after a while.",
    || names(&TargetGroup::FAILOVERS),
);

pub(super) static TARGET_HEALTH: ValueKind = one_of(
    "target-health",
    "The health of a target; only where no target is healthy are unhealthy ones sent to.",
    || names(&TargetHealth::NAMES),
);

pub(super) static HEALTH_CHECK_PROTOCOL: ValueKind =
    one_of("health-check-protocol", "A protocol of health checks.", || names(&HealthCheckProtocol::NAMES));

pub(super) static MIRROR_RULE: ValueKind = ValueKind {
    name: "traffic-mirror-filter-rule",
    doc: "A rule of a traffic mirror filter: its number, whether packets are copied, and which; `port` names those of the \
          sender.",
    form: Form::Text,
    pattern: r"^\s*[0-9]+\s+(accept|reject)\s+FIREWALL\s*$",
    examples: &[
        "10 reject tcp 22 from 10.0.0.0/8 to 10.0.0.0/16",
        "20 accept all from 0.0.0.0/0 to 0.0.0.0/0",
    ],
};

pub(super) static STATELESS_RULE: ValueKind = ValueKind {
    name: "stateless-rule",
    doc: "A stateless rule of a network firewall: its priority, its action, and the packets that it matches; lists are \
          joined by commas, and `port` names those of the sender.",
    form: Form::Text,
    pattern: r"^\s*[0-9]+\s+(pass|drop|forward_to_sfe)\s+FIREWALL(\s+with\s+.*)?\s*$",
    examples: &["10 drop tcp 22 from any to 10.0.0.0/16", "20 pass udp from 10.0.0.0/8 port 53 to any"],
};

pub(super) static FIREWALL_RULE: ValueKind = ValueKind {
    name: "stateful-rule",
    doc: "A stateful rule of a network firewall: its action, and the packets that it matches, in their direction or in \
          any. What it tests beside the five-tuple stands behind `with`; `unknown` is an action that nobody told.",
    form: Form::Text,
    pattern: r"^\s*(pass|drop|reject|alert|unknown)\s+FIREWALL(\s+any-direction)?(\s+with\s+.*)?\s*$",
    examples: &[
        "pass tcp 443 from 10.0.0.0/16 to any",
        "drop all from 10.1.0.0/16 to 10.2.0.0/16 any-direction",
        "drop tcp 80 from any to any with content:\"GET\"",
    ],
};

/// The types of VPC endpoints that are simulated.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::input) enum EndpointType {
    Gateway,
    Interface,
    GatewayLoadBalancer,
}

/// Their names.
pub(in crate::input) const ENDPOINT_TYPES: &[(&str, EndpointType)] = &[
    ("gateway", EndpointType::Gateway),
    ("interface", EndpointType::Interface),
    ("gateway-load-balancer", EndpointType::GatewayLoadBalancer),
];

pub(super) static ENDPOINT_TYPE: ValueKind =
    one_of("endpoint-type", "The type of a VPC endpoint.", || names(ENDPOINT_TYPES));

/// Whether appliances behind a Gateway Load Balancer pass packets, or nobody knows what they do.
pub(in crate::input) const APPLIANCES: &[(&str, bool)] = &[("pass", true), ("unknown", false)];

pub(super) static APPLIANCES_DO: ValueKind =
    one_of("appliances", "What appliances do with packets: `pass` lets every one through as it is.", || {
        names(APPLIANCES)
    });

pub(super) static STATELESS_ACTION: ValueKind =
    one_of("stateless-action", "An action of the stateless engine, without `aws:`.", || {
        names(&StatelessAction::NAMES)
    });

pub(super) static RULE_ORDER: ValueKind =
    one_of("rule-order", "How stateful rules are ordered.", || names(&RuleOrder::NAMES));

pub(super) static STATEFUL_DEFAULT: ValueKind = one_of(
    "stateful-default",
    "The default action of stateful rules in strict order, without `aws:`.",
    || names(&StatefulDefault::NAMES),
);

pub(super) static STREAM_EXCEPTION: ValueKind = one_of(
    "stream-exception-policy",
    "What becomes of TCP in the middle of a connection that is not known.",
    || names(&StreamExceptionPolicy::NAMES),
);

/// What a host does with packets to ports that nobody listens on.
pub(in crate::input) const CLOSED_PORTS: &[(&str, ClosedPorts)] =
    &[("refuse", ClosedPorts::Refuse), ("drop", ClosedPorts::Drop)];

/// Address families.
pub(in crate::input) const FAMILIES: &[(&str, Family)] = &[("ipv4", Family::V4), ("ipv6", Family::V6)];

/// The ways of a connection's packets.
pub(in crate::input) const LEGS: &[(&str, LegKind)] =
    &[("request", LegKind::Forward), ("reply", LegKind::Reverse)];

/// What an entry of a network ACL does.
pub(in crate::input) const ACTIONS: &[(&str, RuleAction)] =
    &[("allow", RuleAction::Allow), ("deny", RuleAction::Deny)];

/// Whether a route is a blackhole.
pub(in crate::input) const STATES: &[(&str, bool)] = &[("active", false), ("blackhole", true)];

/// States of gateways, and whether packets pass.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>
pub(in crate::input) const GATEWAY_STATES: &[(&str, Availability)] = &[
    ("available", Availability::Available),
    ("pending", Availability::NotAvailable),
    ("failed", Availability::Gone),
    ("modifying", Availability::Undocumented("modifying")),
    ("partial", Availability::Undocumented("partial")),
    ("deleting", Availability::Undocumented("deleting")),
    ("deleted", Availability::Gone),
    ("unknown", Availability::NotCollected),
];

/// States of attachments of transit gateways, and whether packets pass.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>, lifecycle
pub(in crate::input) const ATTACHMENT_STATES: &[(&str, (&str, Availability))] = &[
    ("available", ("available", Availability::Available)),
    ("modifying", ("modifying", Availability::Undocumented("modifying"))),
    ("initiating", ("initiating", Availability::NotAvailable)),
    ("initiatingRequest", ("initiatingRequest", Availability::NotAvailable)),
    ("pendingAcceptance", ("pendingAcceptance", Availability::NotAvailable)),
    ("rollingBack", ("rollingBack", Availability::Undocumented("rollingBack"))),
    ("pending", ("pending", Availability::NotAvailable)),
    ("deleting", ("deleting", Availability::Undocumented("deleting"))),
    ("deleted", ("deleted", Availability::NotAvailable)),
    ("failed", ("failed", Availability::NotAvailable)),
    ("rejected", ("rejected", Availability::NotAvailable)),
    ("rejecting", ("rejecting", Availability::NotAvailable)),
    ("failing", ("failing", Availability::NotAvailable)),
    ("unknown", ("unknown", Availability::NotCollected)),
];

/// What is attached to transit gateways beside VPCs and other transit gateways.
pub(in crate::input) const RESOURCE_TYPES: [(&str, CustomerAttachment); CUSTOMER_ATTACHMENTS.len()] = {
    let [first, second, third, fourth, fifth] = CUSTOMER_ATTACHMENTS;
    [
        (first.name, first),
        (second.name, second),
        (third.name, third),
        (fourth.name, fourth),
        (fifth.name, fifth),
    ]
};

/// States of VPC peering connections, and whether packets pass.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle>
pub(in crate::input) const PEERING_STATES: &[(&str, (&str, Availability))] = &[
    ("active", ("active", Availability::Available)),
    ("initiating-request", ("initiating-request", Availability::NotAvailable)),
    ("pending-acceptance", ("pending-acceptance", Availability::NotAvailable)),
    ("provisioning", ("provisioning", Availability::NotAvailable)),
    ("failed", ("failed", Availability::NotAvailable)),
    ("rejected", ("rejected", Availability::NotAvailable)),
    ("expired", ("expired", Availability::NotAvailable)),
    ("deleting", ("deleting", Availability::NotAvailable)),
    ("deleted", ("deleted", Availability::NotAvailable)),
];

/// How a route came to be.
pub(in crate::input) const ORIGINS: &[(&str, RouteOrigin)] = &[
    ("CreateRoute", RouteOrigin::CreateRoute),
    ("CreateRouteTable", RouteOrigin::CreateRouteTable),
    ("EnableVgwRoutePropagation", RouteOrigin::EnableVgwRoutePropagation),
];

pub(super) static ON_CLOSED_PORTS: ValueKind =
    one_of("closed-ports", "`refuse` answers TCP with RST, as kernels do; `drop` is silent.", || {
        names(CLOSED_PORTS)
    });

pub(super) static GATEWAY_STATE: ValueKind =
    one_of("gateway-state", "The state of a gateway.", || names(GATEWAY_STATES));

pub(super) static ATTACHMENT_STATE: ValueKind =
    one_of("attachment-state", "The state of an attachment of a transit gateway.", || {
        names(ATTACHMENT_STATES)
    });

pub(super) static ATTACHED_RESOURCE_TYPE: ValueKind = one_of(
    "attached-resource-type",
    "What is attached to a transit gateway beside VPCs and other transit gateways.",
    || names(&RESOURCE_TYPES),
);

pub(super) static FORWARDING: ValueKind =
    one_of("forwarding", "How a host forwards packets.", || names(&Forwarding::NAMES));

pub(super) static MANAGED_SERVICE_KIND: ValueKind =
    one_of("managed-service-kind", "A service of AWS that manages interfaces in VPCs.", || {
        MANAGED_SERVICES.iter().map(|kind| kind.name).collect()
    });

pub(super) static ENCRYPTION_MODE: ValueKind =
    one_of("encryption-mode", "A mode of VPC encryption controls.", || names(&EncryptionMode::NAMES));

pub(super) static BLOCK_MODE: ValueKind =
    one_of("block-mode", "A mode of VPC Block Public Access.", || names(&BlockMode::NAMES));

pub(super) static BLOCK_EXCLUSION: ValueKind =
    one_of("block-exclusion", "What is exempt from VPC Block Public Access.", || {
        names(&BlockExclusion::NAMES)
    });
pub(super) static PEERING_STATE: ValueKind =
    one_of("peering-state", "The state of a VPC peering connection.", || names(PEERING_STATES));

pub(super) static COLLECTED: ValueKind =
    one_of("collected-kind", "A kind of resources that may not have been collected.", || names(&Kind::NAMES));

pub(super) static FAMILY: ValueKind = one_of("family", "An address family.", || names(FAMILIES));

pub(super) static LEG: ValueKind =
    one_of("leg", "A way: of the client's packets, or of the answers.", || names(LEGS));

pub(super) static ACTION: ValueKind = one_of("rule-action", "What an entry does.", || names(ACTIONS));

pub(super) static ROUTE_STATE: ValueKind =
    one_of("route-state", "Whether the target of a route is there.", || names(STATES));

pub(super) static ROUTE_ORIGIN: ValueKind =
    one_of("route-origin", "How a route came to be; only propagated ones come second.", || names(ORIGINS));

pub(super) static TRAFFIC_TYPE: ValueKind =
    one_of("traffic-type", "The actions that a flow log keeps.", || names(&TrafficType::NAMES));

pub(super) static RECORD_TIMES: ValueKind =
    one_of("record-times", "What the start and end of records tell.", || names(&RecordTimes::NAMES));

pub(super) static CLIENT: ValueKind = one_of("client", "A kind of client, by its ephemeral ports.", || {
    EPHEMERAL_PORTS.iter().map(|row| row.client).collect()
});

pub(super) static WINDOW_PHASE: ValueKind =
    one_of("window-phase", "Where the windows of interfaces begin.", || names(&WindowPhase::NAMES));

pub(super) static PROFILE: ValueKind =
    one_of("profile", "A traffic profile: what programs of a kind do all day.", || {
        PROFILES.iter().map(|profile| profile.name).collect()
    });

pub(super) static OUTCOME: ValueKind =
    one_of("outcome", "How a connection ends, as the network decides it.", || names(&Outcome::NAMES));

pub(super) static SYMPTOM: ValueKind = one_of("symptom", "What the client sees.", || names(&Symptom::NAMES));

pub(super) static TRACKING: ValueKind =
    one_of("tracking", "Whether and why a security group remembers a flow.", || names(&Tracking::NAMES));
