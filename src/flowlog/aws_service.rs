//! AWS's published address ranges, for `pkt-src-aws-service` and `pkt-dst-aws-service`.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html>

use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use crate::net::Cidr;

/// A range and the service that uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsServiceRange {
    /// The range.
    pub prefix: Cidr,
    /// The service's code, e.g. `S3`.
    pub service: String,
}

/// Published ranges. By default a few that the documentation's examples need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsServices {
    ranges: Vec<AwsServiceRange>,
}

/// A file that is not AWS's `ip-ranges.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IpRangesError(String);

impl fmt::Display for IpRangesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not AWS's ip-ranges.json: {}", self.0)
    }
}

impl Error for IpRangesError {}

/// The few ranges that are known without a file: those of addresses in AWS's own examples.
const BUILT_IN: &[(&str, &str)] =
    &[("52.95.128.0/21", "S3"), ("52.94.0.0/22", "DYNAMODB"), ("52.95.0.0/16", "AMAZON")];

/// The code that covers everything of AWS; a more telling one is preferred.
const AMAZON: &str = "AMAZON";

impl AwsServices {
    /// Ranges in any order.
    pub fn new(mut ranges: Vec<AwsServiceRange>) -> Self {
        // The longest prefix first, `AMAZON` last, the rest by name: the assumption `aws-service-overlap`.
        ranges.sort_by(|a, b| {
            let key =
                |range: &AwsServiceRange| (range.service == AMAZON, u8::MAX - range.prefix.prefix_length());
            key(a).cmp(&key(b)).then_with(|| a.service.cmp(&b.service)).then_with(|| a.prefix.cmp(&b.prefix))
        });
        Self { ranges }
    }

    /// The code of the service that uses `address`.
    pub fn of(&self, address: IpAddr) -> Option<&str> {
        self.ranges.iter().find(|range| range.prefix.contains(address)).map(|range| range.service.as_str())
    }

    /// Whether ranges of different services have `address`, so that the one of [`AwsServices::of`] is assumed.
    pub fn is_ambiguous(&self, address: IpAddr) -> bool {
        let mut services =
            self.ranges.iter().filter(|range| range.prefix.contains(address)).map(|range| &range.service);
        services.next().is_some_and(|first| services.any(|other| other != first))
    }

    /// Reads AWS's `ip-ranges.json`.
    ///
    /// # Errors
    /// [`IpRangesError`] when the text is not JSON of that form.
    #[cfg(feature = "json")]
    pub fn from_json(text: &str) -> Result<Self, IpRangesError> {
        let error = |message: String| IpRangesError(message);
        let root: serde_json::Value = serde_json::from_str(text).map_err(|cause| error(cause.to_string()))?;
        let mut ranges = Vec::new();
        for (list, key) in [("prefixes", "ip_prefix"), ("ipv6_prefixes", "ipv6_prefix")] {
            let entries = root.get(list).and_then(serde_json::Value::as_array);
            let entries = entries.ok_or_else(|| error(format!("it has no list `{list}`")))?;
            for (position, entry) in entries.iter().enumerate() {
                let text = |key: &str| entry.get(key).and_then(serde_json::Value::as_str);
                let prefix = text(key).and_then(|prefix| prefix.parse().ok());
                let (Some(prefix), Some(service)) = (prefix, text("service")) else {
                    return Err(error(format!("entry {position} of `{list}` needs `{key}` and `service`")));
                };
                ranges.push(AwsServiceRange { prefix, service: service.to_owned() });
            }
        }
        Ok(Self::new(ranges))
    }
}

impl Default for AwsServices {
    fn default() -> Self {
        let range = |(prefix, service): &(&str, &str)| {
            Some(AwsServiceRange { prefix: prefix.parse().ok()?, service: (*service).to_owned() })
        };
        Self::new(BUILT_IN.iter().filter_map(range).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telling_service_is_preferred() {
        let services = AwsServices::default();
        assert_eq!(services.of("52.95.128.179".parse().unwrap()), Some("S3"));
        assert_eq!(services.of("52.95.255.1".parse().unwrap()), Some("AMAZON"));
        assert_eq!(services.of("10.0.0.1".parse().unwrap()), None);
        assert_eq!(services.ranges.len(), BUILT_IN.len());
    }

    #[cfg(feature = "json")]
    #[test]
    fn reads_the_published_form() {
        let text = r#"{"syncToken": "1", "prefixes": [{"ip_prefix": "3.5.0.0/16", "region": "x", "service": "S3"}],
                       "ipv6_prefixes": [{"ipv6_prefix": "2600:1f00::/24", "service": "EC2"}]}"#;
        let services = AwsServices::from_json(text).unwrap();
        assert_eq!(services.of("2600:1f00::1".parse().unwrap()), Some("EC2"));
        assert!(AwsServices::from_json("{}").is_err());
        assert!(AwsServices::from_json("[1").is_err());
    }
}
