//! Tags, as far as flow logs show them.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagFieldSpecificationRequest.html>

use std::collections::BTreeMap;

/// Tags of a resource: values by key.
pub type Tags = BTreeMap<String, String>;

/// A kind of resource whose tags flow logs can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaggedResource {
    /// The instance.
    Instance,
    /// The network interface.
    NetworkInterface,
    /// The Auto Scaling group of the instance.
    AutoScalingGroup,
}

impl TaggedResource {
    /// All kinds and their names in the API.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("instance", Self::Instance),
        ("network-interface", Self::NetworkInterface),
        ("auto-scaling-group", Self::AutoScalingGroup),
    ];

    /// The name in the API.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// Which tags of one kind of resource a flow log shows: the first key in the field `…-tag`, the second in `…-tag-2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagFieldSpecification {
    /// Whose tags.
    pub resource: TaggedResource,
    /// One key or two.
    pub tag_keys: Vec<String>,
}

impl TagFieldSpecification {
    /// Most keys of one kind of resource.
    pub const MOST_KEYS: usize = 2;

    /// The key at `position` of a kind of resource, among the specifications of a flow log.
    pub fn key(all: &[Self], resource: TaggedResource, position: usize) -> Option<&str> {
        let of_kind = all.iter().find(|specification| specification.resource == resource)?;
        of_kind.tag_keys.get(position).map(String::as_str)
    }
}
