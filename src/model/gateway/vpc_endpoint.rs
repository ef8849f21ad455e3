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
    /// Its interfaces, one in each of its subnets.
    pub network_interfaces: Vec<Index<NetworkInterface>>,
}

impl InterfaceEndpoint {
    /// The whole name of a service of AWS in a Region; `service` may be the whole name already.
    pub fn whole_name(service: &str, region: &str) -> String {
        if service.contains('.') { service.to_owned() } else { format!("com.amazonaws.{region}.{service}") }
    }

    /// Whether it is a service of AWS. Others are offered by some account, behind a load balancer.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html>
    pub fn is_of_aws(service: &str) -> bool {
        !service.contains(".vpce-svc-")
    }

    /// The public DNS name of a service of AWS, which its private DNS takes the place of: `sqs.eu-west-1.amazonaws.com`.
    /// Assumed: endpoint-dns-names.
    pub fn dns_name(service: &str) -> Option<String> {
        let (region, service) = service.strip_prefix("com.amazonaws.")?.split_once('.')?;
        let parts: Vec<&str> = service.split('.').rev().collect();
        Some(format!("{}.{region}.amazonaws.com", parts.join(".")))
    }

    /// Whether `name` is one of its names for who is in its VPC or, outside, elsewhere.
    pub fn is_called(&self, name: &str, within: bool) -> bool {
        self.dns_names.iter().filter(|own| within || own.ends_with(".vpce.amazonaws.com")).any(|own| {
            own.eq_ignore_ascii_case(name) || own.strip_prefix('*').is_some_and(|rest| name.ends_with(rest))
        })
    }
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
