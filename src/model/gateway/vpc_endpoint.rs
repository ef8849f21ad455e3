//! VPC endpoints: those that routes lead to, and those that are interfaces.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html>

use crate::model::{Gateway, GatewayForm, Index, Network, NetworkInterface};

/// What a gateway endpoint has beside the name.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayEndpoint {
    /// The service it leads to: `s3`, or AWS's whole name of it.
    pub service: String,
}

impl GatewayEndpoint {
    /// The services that have gateway endpoints; directory buckets are a service of their own.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>,
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-networking.html>
    pub const SERVICES: [&str; 3] = ["s3", "s3express", "dynamodb"];

    /// Whether AWS has gateway endpoints of its service.
    pub fn is_offered(&self) -> bool {
        let whole = self.service.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.'));
        Self::SERVICES.contains(&whole.map_or(self.service.as_str(), |(_, service)| service))
    }

    /// Whether security groups track what goes to it whatever their rules: they do for DynamoDB.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub fn tracks_automatically(&self) -> bool {
        self.service == "dynamodb" || self.service.ends_with(".dynamodb")
    }
}

/// What an interface endpoint has beside the name.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceEndpoint {
    /// AWS's whole name of the service: `com.amazonaws.eu-west-1.sqs`, `com.amazonaws.vpce.eu-west-1.vpce-svc-…`.
    pub service: String,
    /// DNS names that stand for its addresses: those of its own everywhere, the private ones in its VPC alone.
    pub dns_names: Vec<String>,
    /// Whether the private ones are a guess, so that others may stand for it as well.
    pub guesses_dns_names: bool,
    /// Its interfaces, one in each of its subnets.
    pub network_interfaces: Vec<Index<NetworkInterface>>,
}

impl InterfaceEndpoint {
    /// The whole name of a service of AWS in a Region: `ecr.dkr` is `com.amazonaws.eu-west-1.ecr.dkr`. `service` may be
    /// the whole name already.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>
    pub fn whole_name(service: &str, region: &str) -> String {
        if service.starts_with("vpce-svc-") {
            return Self::whole_service_name(service, region);
        }
        if Self::is_whole_name(service) || !Self::is_short_name(service) {
            return service.to_owned();
        }
        format!("com.amazonaws.{region}.{service}")
    }

    /// Whether `name` may be what a service of AWS is called within a Region: `sqs`, `ecr.dkr`; not the name of a domain,
    /// whichever way round.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>
    pub fn is_short_name(name: &str) -> bool {
        const DOMAINS: [&str; 5] = ["com", "net", "org", "io", "cn"];
        let is_label = |label: &str| {
            let is_word = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            is_word && !label.is_empty() && !DOMAINS.contains(&label)
        };
        name.split('.').all(is_label)
    }

    /// The whole name of an endpoint service by its id: `vpce-svc-…` is `com.amazonaws.vpce.eu-west-1.vpce-svc-…`. `service`
    /// may be the whole name already.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html>
    pub fn whole_service_name(service: &str, region: &str) -> String {
        if Self::is_whole_name(service) {
            return service.to_owned();
        }
        format!("com.amazonaws.vpce.{region}.{service}")
    }

    /// Whether `name` begins as whole names of services do: `com.amazonaws.…`, in China `cn.com.amazonaws.…`, of some
    /// services `aws.…`.
    pub fn is_whole_name(name: &str) -> bool {
        ["com.amazonaws.", "cn.com.amazonaws.", "aws."].iter().any(|start| name.starts_with(start))
    }

    /// Whether it is a service of AWS. Others are offered by some account, behind a load balancer.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html>
    pub fn is_of_aws(service: &str) -> bool {
        Self::is_whole_name(service) && !service.contains(".vpce-svc-")
    }

    /// Whether `name` is one of its names for who is in its VPC or, outside, elsewhere.
    pub fn is_called(&self, name: &str, within: bool) -> bool {
        let ends_in = |rest: &str| {
            let from = name.len().checked_sub(rest.len()).filter(|from| *from > 0);
            from.and_then(|from| name.get(from..)).is_some_and(|end| end.eq_ignore_ascii_case(rest))
        };
        self.dns_names
            .iter()
            .filter(|own| within || is_endpoints_own(own))
            .any(|own| own.eq_ignore_ascii_case(name) || own.strip_prefix('*').is_some_and(ends_in))
    }
}

/// Whether a DNS name is an endpoint's own, which is public; others are private.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html#interface-endpoint-dns-hostnames>
pub(crate) fn is_endpoints_own(name: &str) -> bool {
    name.ends_with(".vpce.amazonaws.com") || name.ends_with(".vpce.amazonaws.com.cn")
}

impl Gateway {
    /// The interface endpoint that it is.
    pub fn interface_endpoint(&self) -> Option<&InterfaceEndpoint> {
        match &self.form {
            GatewayForm::InterfaceEndpoint(own) => Some(own),
            _ => None,
        }
    }
}

impl Network {
    /// The interface endpoint that an interface is a part of.
    pub fn endpoint_of(&self, interface: Index<NetworkInterface>) -> Option<Index<Gateway>> {
        let gateway = self.network_interfaces[interface].gateway;
        gateway.filter(|gateway| self.gateways[*gateway].interface_endpoint().is_some())
    }
}
