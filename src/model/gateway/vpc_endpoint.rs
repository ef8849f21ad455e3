//! Gateway endpoints.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>

/// What a gateway endpoint has beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayEndpoint {
    /// The service it leads to: `s3`, or AWS's whole name of it.
    pub service: String,
}

impl GatewayEndpoint {
    /// Whether security groups track what goes to it whatever their rules: they do for DynamoDB.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub fn tracks_automatically(&self) -> bool {
        self.service == "dynamodb" || self.service.ends_with(".dynamodb")
    }
}
