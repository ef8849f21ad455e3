//! What VPC Lattice decides by.

use super::Decision;
use crate::model::{Gateway, Index, Vpc};

/// How VPC Lattice takes a packet, or why it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatticeFact {
    /// Routes that AWS adds lead to this service.
    Routed(Index<Gateway>),
    /// The address is one of VPC Lattice, at which no service is known.
    NoServiceKnown,
    /// The address was that of a service that was deleted.
    ServiceDeleted,
    /// The VPC is associated with a service network that has the service, by its position among those of the service.
    Associated(usize),
    /// The VPC is not.
    NotAssociated(Index<Vpc>),
    /// Whether the VPC is was not collected.
    AssociationNotCollected(Index<Vpc>),
    /// The groups of the association were not collected.
    GroupsNotCollected(usize),
    /// No rule of the groups of the association admits the client.
    Refused(usize),
    /// It takes the connection itself, and passes what is encrypted through to a target.
    PassesThrough,
    /// The packet is more of a connection that was taken.
    Taken,
    /// The packet answers what the service sent to a target.
    AnsweredByTarget,
    /// The packet answers a client.
    AnswersClient,
    /// The packet is for a target.
    SendsToTarget,
    /// A policy may judge requests, which is not simulated.
    AuthPolicy,
    /// The listener that took the connection is deleted, and what becomes of the connection AWS does not say.
    ListenerDeleted,
    /// Whether a policy may judge requests was not collected.
    AuthTypeNotCollected,
    /// In which VPC the target is cannot be told.
    TargetNotPlaced,
}

impl LatticeFact {
    /// What becomes of the packet, or of the connection that was taken.
    pub(super) const fn decision(self) -> Decision {
        match self {
            Self::Routed(_)
            | Self::Associated(_)
            | Self::PassesThrough
            | Self::Taken
            | Self::AnsweredByTarget
            | Self::AnswersClient
            | Self::SendsToTarget => Decision::Pass,
            Self::NotAssociated(_) | Self::ServiceDeleted => Decision::Drop,
            Self::Refused(_) => Decision::Deny,
            Self::NoServiceKnown
            | Self::AssociationNotCollected(_)
            | Self::GroupsNotCollected(_)
            | Self::AuthPolicy
            | Self::AuthTypeNotCollected
            | Self::ListenerDeleted
            | Self::TargetNotPlaced => Decision::Unknown,
        }
    }
}
