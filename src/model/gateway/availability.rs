//! Whether a gateway, or an attachment of one, carries packets.

/// Whether packets pass in the state in which something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Availability {
    /// They do.
    #[default]
    Available,
    /// They do not.
    NotAvailable,
    /// It is no more: it has no interfaces and no addresses, and routes to it are blackholes.
    Gone,
    /// AWS does not say whether they do in this state, such as `deleting`: it is just changing.
    Undocumented(&'static str),
    /// The state was not collected.
    NotCollected,
}

impl Availability {
    /// Whether packets pass for certain.
    pub const fn is_available(self) -> bool {
        matches!(self, Self::Available)
    }

    /// Whether packets may pass.
    pub const fn may_be_available(self) -> bool {
        !matches!(self, Self::NotAvailable | Self::Gone)
    }
}
