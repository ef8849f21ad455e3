//! What AWS's Reachability Analyzer calls the reasons for which a path is not found, and what we say instead.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>

use super::Stage;

/// A row of the table of AWS's explanation codes.
#[derive(Debug)]
pub struct ExplanationCode {
    /// AWS's name.
    pub code: &'static str,
    /// What is said here.
    pub says: Explained,
}

/// What is said here where AWS gives a code.
#[derive(Debug)]
pub enum Explained {
    /// A checkpoint of one of these stages, with a reason of this kind.
    At(&'static [(Stage, &'static str)]),
    /// Nothing, and never: why.
    Never(&'static str),
    /// Nothing yet: what is not simulated.
    NotSimulated(&'static str),
}

const fn at(code: &'static str, stages: &'static [(Stage, &'static str)]) -> ExplanationCode {
    ExplanationCode { code, says: Explained::At(stages) }
}

const fn never(code: &'static str, why: &'static str) -> ExplanationCode {
    ExplanationCode { code, says: Explained::Never(why) }
}

const fn not_simulated(code: &'static str, what: &'static str) -> ExplanationCode {
    ExplanationCode { code, says: Explained::NotSimulated(what) }
}

/// Every code, in AWS's order of names.
pub static EXPLANATION_CODES: &[ExplanationCode] = &[
    at(
        "BAD_STATE",
        &[
            (Stage::NatGateway, "not-available"),
            (Stage::VpcPeering, "not-available"),
            (Stage::VpnGateway, "not-available"),
            (Stage::VpcEndpoint, "not-available"),
        ],
    ),
    at("BAD_STATE_ATTACHMENT", &[(Stage::TransitGateway, "not-available")]),
    at("BAD_STATE_ROUTE", &[(Stage::Route, "route")]),
    not_simulated(
        "BAD_STATE_VPN",
        "Tunnels are not simulated: what goes to a VPN connection without one that is up is `unknown`.",
    ),
    never("CANNOT_ROUTE", "A route is chosen for the packet; one that does not cover it is no reason."),
    at("ELBV2_LISTENERS_MISMATCH", &[(Stage::LoadBalancer, "no-listener")]),
    at("ELBV2_LISTENER_HAS_NO_TG", &[(Stage::LoadBalancer, "no-target")]),
    at("ELBV2_LISTENER_PORT_RESTRICTION", &[(Stage::LoadBalancer, "no-listener")]),
    at("ELBV2_LISTENER_REQUIRES_TG_ACCEPT", &[(Stage::LoadBalancer, "no-target")]),
    at("ELBV2_NO_TARGETS_IN_AZ", &[(Stage::LoadBalancer, "no-target")]),
    at("ELBV2_SOURCE_ADDRESS_PRESERVATION", &[(Stage::LoadBalancer, "client-ip-preservation")]),
    at("ELB_ACL_RESTRICTION", &[(Stage::NetworkAclEgress, "network-acl-entry")]),
    at("ELB_INSTALLED_AZ_RESTRICTION", &[(Stage::LoadBalancer, "no-target")]),
    at("ELB_LISTENERS_MISMATCH", &[(Stage::LoadBalancer, "no-listener")]),
    at("ELB_LISTENER_PORT_RESTRICTION", &[(Stage::LoadBalancer, "no-listener")]),
    at("ELB_NOT_CROSSZONE", &[(Stage::LoadBalancer, "no-target")]),
    at("ENI_ADDRESS_RESTRICTION", &[(Stage::SourceCheck, "foreign-address")]),
    at(
        "ENI_SG_RULES_MISMATCH",
        &[
            (Stage::SecurityGroupEgress, "no-security-group-rule"),
            (Stage::SecurityGroupIngress, "no-security-group-rule"),
        ],
    ),
    at("ENI_SOURCE_DEST_CHECK_RESTRICTION", &[(Stage::SourceCheck, "foreign-address")]),
    at(
        "FIREWALL_RULES_RESTRICTION",
        &[
            (Stage::NetworkFirewall, "firewall-stateless-rule"),
            (Stage::NetworkFirewall, "firewall-stateful-rule"),
            (Stage::NetworkFirewall, "firewall-default"),
        ],
    ),
    at(
        "GATEWAY_REJECTS_SPOOFED_TRAFFIC",
        &[(Stage::EgressOnlyInternetGateway, "spoofed-source"), (Stage::VpnGateway, "spoofed-source")],
    ),
    never("GWLB_DESTINATION_PORT_RESTRICTION", "What goes to appliances is always for UDP port 6081."),
    never("GWLB_PROTOCOL_RESTRICTION", "What goes to appliances is always GENEVE, within UDP."),
    never("HIGHER_PRIORITY_ROUTE", "The route that wins is shown, with the routes that it beats."),
    at("IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS", &[(Stage::InternetGateway, "no-public-address")]),
    at("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", &[(Stage::InternetGateway, "private-address")]),
    at("IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS", &[(Stage::InternetGateway, "private-address")]),
    never(
        "IGW_NAT_REFLECTION",
        "A path that leaves by an internet gateway and comes back is walked: the assumption `elastic-ip-hairpin`.",
    ),
    at("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", &[(Stage::InternetGateway, "no-public-address")]),
    at("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", &[(Stage::InternetGateway, "no-public-address")]),
    at("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS", &[(Stage::InternetGateway, "private-address")]),
    at("IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS", &[(Stage::InternetGateway, "private-address")]),
    at("INGRESS_RTB_NO_PUBLIC_IP", &[(Stage::EdgeRoute, "no-public-address")]),
    at("INGRESS_RTB_TRAFFIC_REDIRECTION", &[(Stage::InternetGateway, "traffic-redirection")]),
    never("MORE_SPECIFIC_ROUTE", "The route that wins is shown, with the routes that it beats."),
    at("NGW_DEST_ADDRESS_PRESERVATION", &[(Stage::NatGateway, "translation")]),
    at(
        "NGW_REQUIRES_SOURCE_IN_VPC",
        &[(Stage::VpcPeering, "not-of-peer"), (Stage::VpnGateway, "not-an-interface")],
    ),
    at("NGW_SOURCE_ADDRESS_REASSIGN", &[(Stage::NatGateway, "translation")]),
    at("NO_POSSIBLE_DESTINATION", &[(Stage::Delivery, "nobody")]),
    at("NO_ROUTE_TO_DESTINATION", &[(Stage::Route, "no-route")]),
    at("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", &[(Stage::VpcPeering, "not-of-peer")]),
    at("PROTOCOL_RESTRICTION", &[(Stage::NatGateway, "protocol-not-carried")]),
    at("REMAP_EPHEMERAL_PORT", &[(Stage::NatGateway, "translation")]),
    at(
        "SG_HAS_NO_RULES",
        &[
            (Stage::SecurityGroupEgress, "no-security-group-rule"),
            (Stage::SecurityGroupIngress, "no-security-group-rule"),
        ],
    ),
    at("SG_REFERENCES_NOT_PRESERVED", &[(Stage::SecurityGroupIngress, "no-security-group-rule")]),
    at("SG_REFERENCING_SUPPORT", &[(Stage::SecurityGroupIngress, "no-security-group-rule")]),
    at(
        "SUBNET_ACL_RESTRICTION",
        &[(Stage::NetworkAclEgress, "network-acl-entry"), (Stage::NetworkAclIngress, "network-acl-entry")],
    ),
    never("TARGET_ADDRESS_RESTRICTION", "A load balancer is followed to its targets alone."),
    never("TARGET_PORT_RESTRICTION", "A load balancer is followed to its targets alone."),
    at("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", &[(Stage::TransitGateway, "no-association")]),
    at("TGW_ATTACH_VPC_AZ_RESTRICTION", &[(Stage::TransitGateway, "not-in-zone")]),
    not_simulated(
        "TGW_BAD_STATE_VPN",
        "Tunnels are not simulated: what goes to a VPN connection without one that is up is `unknown`.",
    ),
    at("TGW_ROUTE_AZ_RESTRICTION", &[(Stage::TransitGateway, "not-in-zone")]),
    at("TGW_RTB_BAD_STATE_ROUTE", &[(Stage::TransitGateway, "transit-gateway-route")]),
    never(
        "TGW_RTB_CANNOT_ROUTE",
        "A route is chosen for the packet; one that does not cover it is no reason.",
    ),
    never("TGW_RTB_HIGHER_PRIORITY_ROUTE", "The route that wins is shown, with the routes that it beats."),
    never("TGW_RTB_MORE_SPECIFIC_ROUTE", "The route that wins is shown, with the routes that it beats."),
    at("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", &[(Stage::TransitGateway, "no-route")]),
    at("TGW_RTB_ROUTES_ARE_UNKNOWN", &[(Stage::TransitGateway, "not-collected")]),
    at("UNKNOWN_DESTINATION", &[(Stage::Delivery, "not-collected")]),
    never("UNKNOWN_PEERED_SGS", "AWS denies what it does not know; here it is `unknown`."),
    at("VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS", &[(Stage::VpnGateway, "spoofed-source")]),
    at("VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", &[(Stage::VpnGateway, "not-an-interface")]),
    never(
        "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION",
        "What a gateway endpoint emits are answers of its service, from the addresses that were asked.",
    ),
    at("VPCE_GATEWAY_PROTOCOL_RESTRICTION", &[(Stage::VpcEndpoint, "protocol-not-carried")]),
    not_simulated(
        "VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
        "What is behind the endpoint of a service is not simulated.",
    ),
    at("VPC_BLOCK_PUBLIC_ACCESS_ENABLED", &[(Stage::BlockPublicAccess, "block-public-access")]),
    at("VPC_LOCAL_ROUTE_CIDR_RESTRICTION", &[(Stage::Route, "no-route")]),
];
