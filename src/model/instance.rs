//! Instances: their type decides how their flow logs are aggregated, their programs who answers.

use super::{Identity, Index, NetworkInterface, Tags};
use crate::net::{Header, Service};

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Name and id.
    pub identity: Identity,
    /// Its type, e.g. `t3.micro`, when it is known.
    pub instance_type: Option<String>,
    /// Whether the type is built on the Nitro System. Assumed when the type is not known: `nitro-by-default`.
    pub nitro: bool,
    /// Whether it runs; one that does not neither sends nor answers. `None` when AWS's answers do not say it, which is
    /// assumed: `instances-run`.
    pub running: Option<bool>,
    /// Its interfaces, in the order of their device index.
    pub network_interfaces: Vec<Index<NetworkInterface>>,
    /// What its programs listen on; `None` means everything.
    pub listens: Option<Vec<Service>>,
    /// What its host does with packets to other ports.
    pub closed_ports: ClosedPorts,
    /// Its tags.
    pub tags: Tags,
    /// Those of its Auto Scaling group.
    pub auto_scaling_group_tags: Tags,
}

/// What a host does with a packet that no program of it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClosedPorts {
    /// It answers TCP with RST, as kernels do.
    #[default]
    Refuse,
    /// Its own firewall drops the packet silently.
    Drop,
}

/// How a host takes a packet that reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listener {
    /// A program takes it.
    Listening,
    /// Nobody does, and the host says so.
    Refusing,
    /// Nobody does, and the host keeps silent.
    Silent,
}

impl Instance {
    /// How the instance's host takes a packet with `header`.
    ///
    /// What has no ports is answered by the kernel itself, unless a firewall on the host drops it.
    pub fn listener(&self, header: &Header) -> Listener {
        let Some(services) = &self.listens else { return Listener::Listening };
        if services.iter().any(|service| service.contains(header)) {
            return Listener::Listening;
        }
        match (self.closed_ports, header.protocol.has_ports()) {
            (ClosedPorts::Drop, _) => Listener::Silent,
            (ClosedPorts::Refuse, true) => Listener::Refusing,
            (ClosedPorts::Refuse, false) => Listener::Listening,
        }
    }
}

/// Families of instance types that are not built on the Nitro System; `.metal` sizes of them are.
/// AWS: <https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html>
pub static XEN_FAMILIES: &[&str] = &[
    "c1", "c3", "c4", "cc1", "cc2", "cg1", "cr1", "d2", "f1", "g2", "g3", "g3s", "h1", "hi1", "hs1", "i2",
    "i3", "m1", "m2", "m3", "m4", "p2", "p3", "r3", "r4", "t1", "t2", "x1", "x1e",
];

/// Families of instance types that are built on the Nitro System, among those that AWS had named by 2026.
/// AWS: <https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html>
pub static NITRO_FAMILIES: &[&str] = &[
    "a1",
    "c5",
    "c5a",
    "c5ad",
    "c5d",
    "c5n",
    "c6a",
    "c6g",
    "c6gd",
    "c6gn",
    "c6i",
    "c6id",
    "c6in",
    "c7a",
    "c7g",
    "c7gd",
    "c7gn",
    "c7i",
    "c7i-flex",
    "c8g",
    "c8gd",
    "c8gn",
    "c8i",
    "c8i-flex",
    "d3",
    "d3en",
    "dl1",
    "dl2q",
    "f2",
    "g4ad",
    "g4dn",
    "g5",
    "g5g",
    "g6",
    "g6e",
    "g6f",
    "gr6",
    "gr6f",
    "hpc6a",
    "hpc6id",
    "hpc7a",
    "hpc7g",
    "i3en",
    "i4g",
    "i4i",
    "i7i",
    "i7ie",
    "i8g",
    "i8ge",
    "im4gn",
    "inf1",
    "inf2",
    "is4gen",
    "m5",
    "m5a",
    "m5ad",
    "m5d",
    "m5dn",
    "m5n",
    "m5zn",
    "m6a",
    "m6g",
    "m6gd",
    "m6i",
    "m6id",
    "m6idn",
    "m6in",
    "m7a",
    "m7g",
    "m7gd",
    "m7i",
    "m7i-flex",
    "m8g",
    "m8gd",
    "m8i",
    "m8i-flex",
    "mac1",
    "mac2",
    "mac2-m1ultra",
    "mac2-m2",
    "mac2-m2pro",
    "p3dn",
    "p4d",
    "p4de",
    "p5",
    "p5e",
    "p5en",
    "p6-b200",
    "p6e-gb200",
    "r5",
    "r5a",
    "r5ad",
    "r5b",
    "r5d",
    "r5dn",
    "r5n",
    "r6a",
    "r6g",
    "r6gd",
    "r6i",
    "r6id",
    "r6idn",
    "r6in",
    "r7a",
    "r7g",
    "r7gd",
    "r7i",
    "r7iz",
    "r8g",
    "r8gd",
    "r8i",
    "r8i-flex",
    "t3",
    "t3a",
    "t4g",
    "trn1",
    "trn1n",
    "trn2",
    "u-12tb1",
    "u-18tb1",
    "u-24tb1",
    "u-3tb1",
    "u-6tb1",
    "u-9tb1",
    "u7i-12tb",
    "u7i-6tb",
    "u7i-8tb",
    "u7in-16tb",
    "u7in-24tb",
    "u7in-32tb",
    "vt1",
    "x2gd",
    "x2idn",
    "x2iedn",
    "x2iezn",
    "x8g",
    "z1d",
];

/// Families of the sixth generation of the Nitro System, which forget idle TCP connections sooner. Which they are rests on
/// the assumption `nitro-v6-families`.
/// AWS: <https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html>
pub static NITRO_V6_FAMILIES: &[&str] = &[
    "c8a", "c8gb", "c8gn", "c8i", "c8i-flex", "c8ib", "c8id", "c8in", "hpc8a", "m8a", "m8azn", "m8gb",
    "m8gn", "m8i", "m8i-flex", "m8id", "r8a", "r8gb", "r8gn", "r8i", "r8i-flex", "r8id", "x8aedz", "x8i",
];

/// Whether an instance type is of a family of Nitro v6 that is known.
pub fn is_nitro_v6(instance_type: &str) -> bool {
    let family = instance_type.split_once('.').map_or(instance_type, |(family, _)| family);
    NITRO_V6_FAMILIES.contains(&family)
}

/// Whether the tables know the family of an instance type.
pub fn is_known(instance_type: &str) -> bool {
    let family = instance_type.split_once('.').map_or("", |(family, _)| family);
    XEN_FAMILIES.contains(&family) || NITRO_FAMILIES.contains(&family) || is_nitro_v6(instance_type)
}

/// Whether an instance type is built on the Nitro System. Families that no table knows count as Nitro,
/// as every family since 2018 is: the assumption `nitro-by-default`.
pub fn is_nitro(instance_type: &str) -> bool {
    let (family, size) = instance_type.split_once('.').unwrap_or((instance_type, ""));
    size.starts_with("metal") || !XEN_FAMILIES.contains(&family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families() {
        for (instance_type, nitro) in [
            ("t2.micro", false),
            ("t3.micro", true),
            ("i3.large", false),
            ("i3.metal", true),
            ("p3dn.24xlarge", true),
        ] {
            assert_eq!(is_nitro(instance_type), nitro, "{instance_type}");
        }
        assert!(XEN_FAMILIES.is_sorted() && NITRO_FAMILIES.is_sorted() && NITRO_V6_FAMILIES.is_sorted());
        assert!(XEN_FAMILIES.iter().all(|family| !NITRO_FAMILIES.contains(family)));
        assert!(is_known("m7g.large") && !is_known("zz.large") && !is_known("m7g"));
    }
}
