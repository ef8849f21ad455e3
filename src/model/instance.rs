//! Instances: their type decides how their flow logs are aggregated, their programs who answers.

use super::Identity;
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
    /// Number of its interfaces.
    pub interface_count: usize,
    /// What its programs listen on; `None` means everything.
    pub listens: Option<Vec<Service>>,
    /// What its host does with packets to other ports.
    pub closed_ports: ClosedPorts,
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

/// Whether an instance type is built on the Nitro System. Families that the table does not know count as Nitro,
/// as every family since 2018 is.
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
        assert!(XEN_FAMILIES.is_sorted());
    }
}
