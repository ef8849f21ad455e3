//! The table of answers: under which key each stands, which call gives it, and what becomes of it.

use crate::model::GatewayKind;

/// A row of the table of answers.
#[derive(Debug)]
pub struct Answer {
    /// The key under which its list stands.
    pub key: &'static str,
    /// The AWS CLI's call, without `aws`.
    pub call: &'static str,
    /// The request's parameter that stands beside an answer which does not repeat it, or the other part of an answer that
    /// has two.
    pub beside: Option<&'static str>,
    /// What becomes of it.
    pub becomes: Use,
}

/// What becomes of an answer.
#[derive(Debug, Clone, Copy)]
pub enum Use {
    /// The network is made of it.
    Network,
    /// Gateways that routes can lead to, which are not simulated.
    Gateway(GatewayKind),
    /// It says nothing that this version uses.
    Unused,
}

const fn network(key: &'static str, call: &'static str) -> Answer {
    Answer { key, call, beside: None, becomes: Use::Network }
}

const fn of_transit_table(key: &'static str, call: &'static str) -> Answer {
    Answer { key, call, beside: Some("TransitGatewayRouteTableId"), becomes: Use::Network }
}

/// As a collector joins answers about each route table of a transit gateway.
const fn collected(key: &'static str, call: &'static str) -> Answer {
    Answer { key, call, beside: Some("TransitGatewayRouteTableId"), becomes: Use::Network }
}

/// Of which the answer does not say what was asked: `parameter` stands beside it.
const fn beside(key: &'static str, call: &'static str, parameter: &'static str) -> Answer {
    Answer { key, call, beside: Some(parameter), becomes: Use::Network }
}

/// Of AWS Network Firewall, whose answers have two parts.
const fn of_firewall(key: &'static str, call: &'static str, beside: &'static str) -> Answer {
    Answer { key, call, beside: Some(beside), becomes: Use::Network }
}

const fn gateway(key: &'static str, call: &'static str, kind: GatewayKind) -> Answer {
    Answer { key, call, beside: None, becomes: Use::Gateway(kind) }
}

const fn unused(key: &'static str, call: &'static str) -> Answer {
    Answer { key, call, beside: None, becomes: Use::Unused }
}

/// What lists of VPC Lattice stand under, whatever they are of: their `arn`s tell.
pub(super) const ITEMS: &str = "items";

/// What of a single resource of VPC Lattice tells of which kind it is: its members stand by themselves.
pub(super) const ARN: &str = "arn";

const fn of_lattice(key: &'static str, call: &'static str) -> Answer {
    network(key, call)
}

/// Every answer that is known, those that are used first.
pub static ANSWERS: &[Answer] = &[
    network("Vpcs", "ec2 describe-vpcs"),
    network("Subnets", "ec2 describe-subnets"),
    network("AvailabilityZones", "ec2 describe-availability-zones"),
    network("RouteTables", "ec2 describe-route-tables"),
    network("NetworkAcls", "ec2 describe-network-acls"),
    network("SecurityGroups", "ec2 describe-security-groups"),
    network("SecurityGroupRules", "ec2 describe-security-group-rules"),
    network("SecurityGroupVpcAssociations", "ec2 describe-security-group-vpc-associations"),
    network("PrefixLists", "ec2 describe-prefix-lists"),
    Answer {
        key: "Entries",
        call: "ec2 get-managed-prefix-list-entries --prefix-list-id ID",
        beside: Some("PrefixListId"),
        becomes: Use::Network,
    },
    network("NetworkInterfaces", "ec2 describe-network-interfaces"),
    network("Reservations", "ec2 describe-instances"),
    network("InstanceTypes", "ec2 describe-instance-types"),
    network("Addresses", "ec2 describe-addresses"),
    network("InternetGateways", "ec2 describe-internet-gateways"),
    network("EgressOnlyInternetGateways", "ec2 describe-egress-only-internet-gateways"),
    network("VpcPeeringConnections", "ec2 describe-vpc-peering-connections"),
    network("VpnGateways", "ec2 describe-vpn-gateways"),
    network("VpnConnections", "ec2 describe-vpn-connections"),
    network("TransitGateways", "ec2 describe-transit-gateways"),
    network("TransitGatewayAttachments", "ec2 describe-transit-gateway-attachments"),
    network("TransitGatewayVpcAttachments", "ec2 describe-transit-gateway-vpc-attachments"),
    network("TransitGatewayPeeringAttachments", "ec2 describe-transit-gateway-peering-attachments"),
    network("TransitGatewayRouteTables", "ec2 describe-transit-gateway-route-tables"),
    of_transit_table(
        "Routes",
        "ec2 search-transit-gateway-routes --filters Name=state,Values=active,blackhole --transit-gateway-route-table-id ID",
    ),
    of_transit_table(
        "Associations",
        "ec2 get-transit-gateway-route-table-associations --transit-gateway-route-table-id ID",
    ),
    of_transit_table(
        "TransitGatewayRouteTablePropagations",
        "ec2 get-transit-gateway-route-table-propagations --transit-gateway-route-table-id ID",
    ),
    collected("TransitGatewayStaticRoutes", "ec2 search-transit-gateway-routes"),
    collected("TransitGatewayPropagations", "ec2 get-transit-gateway-route-table-propagations"),
    network("FlowLogs", "ec2 describe-flow-logs"),
    network("TrafficMirrorSessions", "ec2 describe-traffic-mirror-sessions"),
    network("TrafficMirrorTargets", "ec2 describe-traffic-mirror-targets"),
    network("TrafficMirrorFilters", "ec2 describe-traffic-mirror-filters"),
    network("VpcBlockPublicAccessOptions", "ec2 describe-vpc-block-public-access-options"),
    network("VpcBlockPublicAccessExclusions", "ec2 describe-vpc-block-public-access-exclusions"),
    network("VpcEncryptionControls", "ec2 describe-vpc-encryption-controls"),
    network("NatGateways", "ec2 describe-nat-gateways"),
    network("VpcEndpoints", "ec2 describe-vpc-endpoints"),
    network("ServiceConfigurations", "ec2 describe-vpc-endpoint-service-configurations"),
    network("InstanceConnectEndpoints", "ec2 describe-instance-connect-endpoints"),
    network("DBInstances", "rds describe-db-instances"),
    network("DBClusters", "rds describe-db-clusters"),
    network("CacheClusters", "elasticache describe-cache-clusters --show-cache-node-info"),
    network("ReplicationGroups", "elasticache describe-replication-groups"),
    network("Clusters", "redshift describe-clusters"),
    network("Functions", "lambda list-functions"),
    network("Workspaces", "workspaces describe-workspaces"),
    network("MountTargets", "efs describe-mount-targets --file-system-id ID"),
    network("DomainStatusList", "opensearch describe-domains --domain-names NAME"),
    network("tasks", "ecs describe-tasks --cluster CLUSTER --tasks TASK"),
    of_firewall("Firewall", "network-firewall describe-firewall --firewall-name NAME", "FirewallStatus"),
    of_firewall(
        "FirewallPolicy",
        "network-firewall describe-firewall-policy --firewall-policy-arn ARN",
        "FirewallPolicyResponse",
    ),
    of_firewall(
        "RuleGroup",
        "network-firewall describe-rule-group --rule-group-arn ARN",
        "RuleGroupResponse",
    ),
    of_lattice(ITEMS, "vpc-lattice list-services"),
    of_lattice(ARN, "vpc-lattice get-service --service-identifier ID"),
    beside(ITEMS, "vpc-lattice list-listeners --service-identifier ID", "serviceIdentifier"),
    of_lattice(ARN, "vpc-lattice get-listener --service-identifier ID --listener-identifier ID"),
    beside(
        ITEMS,
        "vpc-lattice list-rules --service-identifier ID --listener-identifier ID",
        "listenerIdentifier",
    ),
    of_lattice(
        ARN,
        "vpc-lattice get-rule --service-identifier ID --listener-identifier ID --rule-identifier ID",
    ),
    of_lattice(ITEMS, "vpc-lattice list-target-groups"),
    of_lattice(ARN, "vpc-lattice get-target-group --target-group-identifier ID"),
    beside(ITEMS, "vpc-lattice list-targets --target-group-identifier ID", "targetGroupIdentifier"),
    of_lattice(ITEMS, "vpc-lattice list-service-networks"),
    of_lattice(ARN, "vpc-lattice get-service-network --service-network-identifier ID"),
    of_lattice(
        ITEMS,
        "vpc-lattice list-service-network-service-associations --service-network-identifier ID",
    ),
    of_lattice(ITEMS, "vpc-lattice list-service-network-vpc-associations --service-network-identifier ID"),
    of_lattice(
        ARN,
        "vpc-lattice get-service-network-vpc-association --service-network-vpc-association-identifier ID",
    ),
    network("LoadBalancers", "elbv2 describe-load-balancers"),
    beside("Listeners", "elbv2 describe-listeners --load-balancer-arn ARN", "LoadBalancerArn"),
    beside("Rules", "elbv2 describe-rules --listener-arn ARN", "ListenerArn"),
    beside("Attributes", "elbv2 describe-listener-attributes --listener-arn ARN", "ListenerArn"),
    beside(
        "Attributes",
        "elbv2 describe-load-balancer-attributes --load-balancer-arn ARN",
        "LoadBalancerArn",
    ),
    network("TargetGroups", "elbv2 describe-target-groups"),
    beside(
        "TargetHealthDescriptions",
        "elbv2 describe-target-health --target-group-arn ARN",
        "TargetGroupArn",
    ),
    beside("Attributes", "elbv2 describe-target-group-attributes --target-group-arn ARN", "TargetGroupArn"),
    network("LoadBalancerDescriptions", "elb describe-load-balancers"),
    beside("InstanceStates", "elb describe-instance-health --load-balancer-name NAME", "LoadBalancerName"),
    beside(
        "LoadBalancerAttributes",
        "elb describe-load-balancer-attributes --load-balancer-name NAME",
        "LoadBalancerName",
    ),
    // As collectors join answers about each load balancer and target group.
    beside("LoadBalancerListeners", "elbv2 describe-listeners", "LoadBalancerArn"),
    beside("LoadBalancerTargetHealth", "elbv2 describe-target-health", "TargetGroupArn"),
    gateway("LocalGateways", "ec2 describe-local-gateways", GatewayKind::LocalGateway),
    gateway("CarrierGateways", "ec2 describe-carrier-gateways", GatewayKind::CarrierGateway),
    unused("policy", "vpc-lattice get-auth-policy --resource-identifier ID"),
    unused(
        ARN,
        "vpc-lattice get-service-network-service-association --service-network-service-association-identifier ID",
    ),
    unused(ITEMS, "vpc-lattice list-resource-configurations"),
    unused(ARN, "vpc-lattice get-resource-configuration --resource-configuration-identifier ID"),
    unused("CustomerGateways", "ec2 describe-customer-gateways"),
    unused("VpcEndpointServices", "ec2 describe-vpc-endpoint-services"),
    unused("ServiceDetails", "ec2 describe-vpc-endpoint-services"),
    unused("DhcpOptions", "ec2 describe-dhcp-options"),
    unused("SecurityGroupReferenceSet", "ec2 describe-security-group-references"),
    unused("StaleSecurityGroupSet", "ec2 describe-stale-security-groups"),
    unused("RdsInstances", "rds describe-db-instances"),
    unused("ElasticsearchDomains", "es describe-elasticsearch-domains"),
    unused("ClusterSubnetGroups", "redshift describe-cluster-subnet-groups"),
    unused("Regions", "ec2 describe-regions"),
    unused("Snapshots", "ec2 describe-snapshots"),
    unused("AccountAttributes", "ec2 describe-account-attributes"),
    unused("AddressTransfers", "ec2 describe-address-transfers"),
    unused("AllowedPrincipals", "ec2 describe-vpc-endpoint-service-permissions"),
    unused("AuthorizationRules", "ec2 describe-client-vpn-authorization-rules"),
    unused("ClientVpnTargetNetworks", "ec2 describe-client-vpn-target-networks"),
    unused("ConnectionNotificationSet", "ec2 describe-vpc-endpoint-connection-notifications"),
    unused("EnableDnsHostnames", "ec2 describe-vpc-attribute"),
    unused("EnableDnsSupport", "ec2 describe-vpc-attribute"),
    unused("EnableNetworkAddressUsageMetrics", "ec2 describe-vpc-attribute"),
    unused("LocalGatewayRouteTables", "ec2 describe-local-gateway-route-tables"),
    unused(
        "LocalGatewayRouteTableVirtualInterfaceGroupAssociations",
        "ec2 describe-local-gateway-route-table-virtual-interface-group-associations",
    ),
    unused(
        "LocalGatewayRouteTableVpcAssociations",
        "ec2 describe-local-gateway-route-table-vpc-associations",
    ),
    unused("MulticastDomainAssociations", "ec2 get-transit-gateway-multicast-domain-associations"),
    unused("NetworkInsightsAccessScopeContent", "ec2 get-network-insights-access-scope-content"),
    unused("NetworkInsightsAccessScopes", "ec2 describe-network-insights-access-scopes"),
    unused("NetworkInsightsAnalyses", "ec2 describe-network-insights-analyses"),
    unused("NetworkInsightsPaths", "ec2 describe-network-insights-paths"),
    unused("NetworkInterfacePermissions", "ec2 describe-network-interface-permissions"),
    unused("PrefixListAssociations", "ec2 get-managed-prefix-list-associations"),
    unused("TransitGatewayConnectPeers", "ec2 describe-transit-gateway-connect-peers"),
    unused("TransitGatewayConnects", "ec2 describe-transit-gateway-connects"),
    unused("TransitGatewayPrefixListReferences", "ec2 get-transit-gateway-prefix-list-references"),
    unused("VpcEndpointAssociations", "ec2 describe-vpc-endpoint-associations"),
    unused("VpcEndpointConnections", "ec2 describe-vpc-endpoint-connections"),
    unused("LoggingConfiguration", "network-firewall describe-logging-configuration"),
    unused("DomainNames", "es list-domain-names"),
    unused("DomainStatus", "es describe-elasticsearch-domain"),
    unused("clusterArns", "ecs list-clusters"),
    unused("taskArns", "ecs list-tasks"),
];

/// Keys that say that there is a next page, as AWS and the collector write them. Those of the query APIs are among them:
/// AWS: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html>
pub(super) const TOKENS: &[&str] =
    &["NextToken", "nextToken", "next_token", "IsTruncated", "Marker", "NextMarker"];

/// What stands there on the last page.
pub(super) const NO_MORE: &[&str] = &["null", "\"\"", "false"];

/// Whether a key stands beside answers: what recorders, the collector and paging add is no resource.
pub(super) fn is_beside(key: &str) -> bool {
    const BESIDE: &[&str] = &[
        "ResponseMetadata",
        "status_code",
        "collector_version",
        "provider",
        "config-file-git-sha1",
        "AdditionalRoutesAvailable",
        "UpdateToken",
    ];
    BESIDE.contains(&key) || TOKENS.contains(&key)
}

impl Answer {
    /// The row of the same key whose parameter stands beside, and the parameter's value.
    pub(super) fn by_beside<T>(&self, text: &dyn Fn(&str) -> Option<T>) -> Option<(&'static Self, T)> {
        let mut rows = ANSWERS.iter().filter(|answer| answer.key == self.key);
        rows.find_map(|answer| Some((answer, text(answer.beside?)?)))
    }

    /// The row of `key`. The collector writes keys as `network_acls`, and instances without reservations around them.
    pub(super) fn find(key: &str, by_collector: bool) -> Option<&'static Self> {
        let is_told_by_key = |answer: &&Self| !answer.call.starts_with("vpc-lattice ");
        let mut rows = ANSWERS.iter().filter(is_told_by_key);
        let mut find = |key: &str| rows.find(|answer| answer.key == key);
        if !by_collector {
            return find(key);
        }
        match key {
            "instances" => find("Reservations"),
            _ => {
                let is_same = |answer: &&Self| answer.key.eq_ignore_ascii_case(&key.replace('_', ""));
                ANSWERS.iter().filter(is_told_by_key).find(is_same)
            }
        }
    }
}
