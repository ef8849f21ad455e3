//! VPC encryption controls: whether traffic in the clear is watched or refused, and which traffic is encrypted.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html>
//!
//! Where they are enforced AWS refuses to make what could send in the clear, which is not checked here; of packets,
//! endpoints refuse those that are not encrypted. What is excluded says what may be made, and nothing about packets.

use super::{Index, Network, NetworkInterface, is_known};

/// What the encryption controls of a VPC do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncryptionMode {
    /// Records tell whether traffic is encrypted.
    Monitor,
    /// VPC endpoints refuse what is not, as well.
    Enforce,
}

impl EncryptionMode {
    /// All modes and their names.
    pub const NAMES: [(&'static str, Self); 2] = [("monitor", Self::Monitor), ("enforce", Self::Enforce)];
}

/// Families of instance types whose hardware encrypts what they send to each other.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html#encryption-transit>
pub static ENCRYPTING_FAMILIES: &[&str] = &[
    "c5n",
    "c6a",
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
    "c8a",
    "c8g",
    "c8gb",
    "c8gd",
    "c8gn",
    "c8i",
    "c8i-flex",
    "c8ib",
    "c8id",
    "c8in",
    "d3",
    "d3en",
    "dl1",
    "dl2q",
    "f2",
    "g4ad",
    "g4dn",
    "g5",
    "g6",
    "g6e",
    "g6f",
    "gr6",
    "gr6f",
    "hpc6a",
    "hpc6id",
    "hpc7a",
    "hpc7g",
    "hpc8a",
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
    "m5dn",
    "m5n",
    "m5zn",
    "m6a",
    "m6i",
    "m6id",
    "m6idn",
    "m6in",
    "m7a",
    "m7g",
    "m7gd",
    "m7i",
    "m7i-flex",
    "m8a",
    "m8azn",
    "m8g",
    "m8gb",
    "m8gd",
    "m8gn",
    "m8i",
    "m8i-flex",
    "m8id",
    "p3dn",
    "p4d",
    "p4de",
    "p5",
    "p5e",
    "p5en",
    "p6-b200",
    "p6e-gb200",
    "r5dn",
    "r5n",
    "r6a",
    "r6i",
    "r6id",
    "r6idn",
    "r6in",
    "r7a",
    "r7g",
    "r7gd",
    "r7i",
    "r7iz",
    "r8a",
    "r8g",
    "r8gb",
    "r8gd",
    "r8gn",
    "r8i",
    "r8i-flex",
    "r8id",
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
    "x2idn",
    "x2iedn",
    "x2iezn",
    "x8aedz",
    "x8g",
    "x8i",
];

/// Whether an instance type encrypts what it sends to others that do; `None` when no table has its family.
pub fn encrypts_in_transit(instance_type: &str) -> Option<bool> {
    let family = instance_type.split_once('.').map_or(instance_type, |(family, _)| family);
    let encrypts = ENCRYPTING_FAMILIES.contains(&family);
    (encrypts || is_known(instance_type)).then_some(encrypts)
}

impl Network {
    /// Whether the hardware behind an interface encrypts what it sends to others that do; `None` when it is not known, as
    /// of what AWS manages.
    pub fn encrypts_in_transit(&self, interface: Index<NetworkInterface>) -> Option<bool> {
        encrypts_in_transit(self.instance_of(interface)?.instance_type.as_deref()?)
    }

    /// Whether VPC endpoints of an interface's VPC refuse what is not encrypted.
    pub fn enforces_encryption(&self, interface: Index<NetworkInterface>) -> bool {
        self.vpcs[self.vpc_of(interface)].encryption_controls == Some(EncryptionMode::Enforce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families() {
        assert!(ENCRYPTING_FAMILIES.is_sorted());
        for (instance_type, encrypts) in [
            ("m6i.large", Some(true)),
            ("m5.large", Some(false)),
            ("t3.micro", Some(false)),
            ("c6gn.large", Some(true)),
            ("zz9.large", None),
        ] {
            assert_eq!(encrypts_in_transit(instance_type), encrypts, "{instance_type}");
        }
    }
}
