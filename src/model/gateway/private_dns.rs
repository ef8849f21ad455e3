//! The DNS names by which a service of AWS goes in the VPC of its interface endpoint, when private DNS is on.

/// A service whose private DNS names are not simply those that its name suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PrivateDnsNames {
    /// The last part of AWS's whole name of the service: `ecr.dkr`.
    service: &'static str,
    /// What stands before the Region; `*` stands for any beginning.
    names: &'static [&'static str],
    /// The page that shows them.
    source: &'static str,
}

const fn entry(
    service: &'static str,
    names: &'static [&'static str],
    source: &'static str,
) -> PrivateDnsNames {
    PrivateDnsNames { service, names, source }
}

const ECR: &str = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html";
const CODE_ARTIFACT: &str = "https://docs.aws.amazon.com/codeartifact/latest/ug/create-vpc-endpoints.html";
const SAGEMAKER: &str = "https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html";

/// Every such service, by name.
static PRIVATE_DNS_NAMES: &[PrivateDnsNames] = &[
    entry("codeartifact.api", &["codeartifact"], CODE_ARTIFACT),
    entry("codeartifact.repositories", &["*.d.codeartifact"], CODE_ARTIFACT),
    entry("ecr.api", &["api.ecr"], ECR),
    entry("ecr.dkr", &["*.dkr.ecr"], ECR),
    entry(
        "execute-api",
        &["*.execute-api"],
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
    ),
    entry("kinesis-firehose", &["firehose"], "https://docs.aws.amazon.com/firehose/latest/dev/vpc.html"),
    entry("kinesis-streams", &["kinesis"], "https://docs.aws.amazon.com/streams/latest/dev/vpc.html"),
    entry(
        "s3",
        &["s3", "*.s3", "*.s3-accesspoint", "*.s3-control"],
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html",
    ),
    entry("sagemaker.api", &["api.sagemaker"], SAGEMAKER),
    entry("sagemaker.runtime", &["runtime.sagemaker"], SAGEMAKER),
];

/// The private DNS names of a service by its whole name, and whether they are a guess; none of a service that is not one
/// of a Region's.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html>
pub(crate) fn private_dns_names(service: &str) -> (Vec<String>, bool) {
    let whole = service.strip_prefix("cn.").unwrap_or(service);
    let Some((region, service)) = whole.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.'))
    else {
        return (Vec::new(), true);
    };
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let full = |name: &str| format!("{name}.{region}.{suffix}");
    match PRIVATE_DNS_NAMES.iter().find(|entry| entry.service == service) {
        Some(known) => (known.names.iter().copied().map(full).collect(), false),
        // Assumed: endpoint-dns-names.
        None => (vec![full(&service.rsplit('.').collect::<Vec<_>>().join("."))], true),
    }
}

/// Whether `name` may be a private DNS name of a service, of which the names are a guess: it is one of the same Region, and
/// they share a part.
pub(crate) fn may_be_private_dns_name(name: &str, service: &str) -> bool {
    let whole = service.strip_prefix("cn.").unwrap_or(service);
    let parts = whole.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(region, service)| {
        let suffixes = [".amazonaws.com", ".amazonaws.com.cn"];
        let of_region = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix));
        let front = of_region.and_then(|rest| rest.strip_suffix(region)?.strip_suffix('.'));
        front.is_some_and(|front| front.split('.').any(|label| service.split('.').any(|part| part == label)))
    })
}

#[cfg(test)]
mod tests {
    use super::{PRIVATE_DNS_NAMES, may_be_private_dns_name, private_dns_names};

    #[test]
    fn table_is_well_formed() {
        assert!(PRIVATE_DNS_NAMES.is_sorted_by(|a, b| a.service < b.service), "by name, each once");
        for entry in PRIVATE_DNS_NAMES {
            assert!(!entry.names.is_empty(), "{}", entry.service);
            assert!(entry.source.starts_with("https://docs.aws.amazon.com/"), "{}", entry.service);
            for name in entry.names {
                let inner = name.strip_prefix("*.").unwrap_or(name);
                assert!(!inner.is_empty() && !inner.contains('*') && !inner.ends_with('.'), "{name}");
            }
        }
    }

    #[test]
    fn names_that_may_be_private() {
        let service = "com.amazonaws.us-east-1.airflow.env";
        for (name, may_be) in [
            ("a.env.airflow.us-east-1.amazonaws.com", true),
            ("airflow.us-east-1.amazonaws.com", true),
            ("airflow.us-east-2.amazonaws.com", false),
            ("sqs.us-east-1.amazonaws.com", false),
            ("us-east-1.amazonaws.com", false),
        ] {
            assert_eq!(may_be_private_dns_name(name, service), may_be, "{name}");
        }
    }

    #[test]
    fn names_of_services() {
        let of = |service: &str| private_dns_names(service).0.join(" ");
        let cases = [
            ("com.amazonaws.us-east-1.kinesis-streams", "kinesis.us-east-1.amazonaws.com"),
            ("com.amazonaws.us-east-1.kinesis-firehose", "firehose.us-east-1.amazonaws.com"),
            ("com.amazonaws.us-east-1.ecr.dkr", "*.dkr.ecr.us-east-1.amazonaws.com"),
            ("com.amazonaws.us-east-1.ecr.api", "api.ecr.us-east-1.amazonaws.com"),
            ("cn.com.amazonaws.cn-north-1.ecr.api", "api.ecr.cn-north-1.amazonaws.com.cn"),
            ("com.amazonaws.eu-west-1.execute-api", "*.execute-api.eu-west-1.amazonaws.com"),
            ("com.amazonaws.eu-west-1.sqs", "sqs.eu-west-1.amazonaws.com"),
            ("com.amazonaws.eu-west-1.airflow.api", "api.airflow.eu-west-1.amazonaws.com"),
            ("aws.sagemaker.eu-west-1.notebook", ""),
        ];
        for (service, names) in cases {
            assert_eq!(of(service), names, "{service}");
        }
        assert!(private_dns_names("com.amazonaws.eu-west-1.sqs").1);
        assert!(!private_dns_names("com.amazonaws.eu-west-1.s3").1);
    }
}
