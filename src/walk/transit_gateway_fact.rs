//! What a transit gateway decides by. Attachments, tables and routes are named by their positions in the gateway.

/// A route, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransitGatewayFact {
    /// A route of a table, perhaps one of several among which AWS chooses.
    Route {
        /// The attachment from which the packet came.
        from: usize,
        /// The table.
        table: usize,
        /// The route.
        route: usize,
    },
    /// The table has no route to the destination.
    NoRoute {
        /// The attachment from which the packet came.
        from: usize,
        /// The table.
        table: usize,
    },
    /// The VPC is not attached.
    NotAttached,
    /// The attachment has no subnet in the packet's zone.
    NotInZone(usize),
    /// The attachment is in a state in which it carries nothing.
    NotAvailable(usize),
    /// The attachment to which the route leads is in such a state.
    TargetNotAvailable {
        /// The attachment from which the packet came.
        from: usize,
        /// The one of the route.
        to: usize,
    },
    /// None of the networks behind the attachment to which the route leads has the destination.
    NoNetworkBehind {
        /// The attachment from which the packet came.
        from: usize,
        /// The one of the route.
        to: usize,
    },
    /// AWS does not say whether the attachment carries packets in its state.
    StateUndocumented(usize),
    /// The state of the attachment was not collected.
    StateNotCollected(usize),
    /// Whether both directions of a flow use one zone of the attachment was not collected.
    ApplianceModeNotCollected(usize),
    /// The attachment is associated with no route table.
    NoAssociation(usize),
    /// The packet is for the gateway's own interface.
    ToItself,
    /// Attachments of the gateway were not collected.
    NotCollected,
    /// The zone of the subnet was not collected.
    ZoneNotCollected,
    /// The interfaces of the attachment were not collected.
    InterfaceNotCollected(usize),
    /// The association of the attachment was not collected.
    AssociationNotCollected(usize),
    /// The routes of the table were not collected.
    RoutesNotCollected {
        /// The table.
        table: usize,
    },
    /// What is behind the attachment was not collected.
    BehindNotCollected(usize),
}
