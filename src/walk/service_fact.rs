//! What services decide by whose interfaces AWS manages, and endpoints about encryption.

use crate::model::{Index, NetworkInterface};

/// What is the case, or what AWS does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceFact {
    /// What others open to it goes nowhere: a service uses the interface to open connections alone.
    OpensOnly,
    /// The service takes connections at this port, and AWS does not say what becomes of others.
    PortNotServed(u16),
    /// The service takes TCP, and AWS does not say what becomes of other protocols.
    TcpAlone,
    /// It answers what this interface sent with the address of its own client.
    ReturnsToClient(Index<NetworkInterface>),
    /// AWS's pages differ in whether a network ACL judges what answers a client of Global Accelerator.
    AcceleratorAcl,
    /// The endpoint refuses what is not encrypted.
    Unencrypted,
    /// AWS does not say whether a gateway endpoint refuses what is not encrypted.
    UnencryptedUndocumented,
}

impl ServiceFact {
    /// The kind and id of the reason.
    pub(super) const fn kind(self) -> (&'static str, &'static str) {
        match self {
            Self::OpensOnly => ("opens-only", "opens-only"),
            Self::TcpAlone => ("not-modelled", "protocol-not-served"),
            Self::PortNotServed(_) => ("not-modelled", "port-not-served"),
            Self::ReturnsToClient(_) => ("returns-to-client", "returns-to-client"),
            Self::AcceleratorAcl => ("not-modelled", "accelerator-acl"),
            Self::Unencrypted => ("encryption-controls", "encryption-controls"),
            Self::UnencryptedUndocumented => ("not-modelled", "encryption-controls"),
        }
    }
}
