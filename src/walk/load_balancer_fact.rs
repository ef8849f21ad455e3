//! What a load balancer decides by.

use super::Decision;
use crate::model::{Index, TargetGroup};

/// Where a load balancer sends a packet, or why it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadBalancerFact {
    /// It takes the connection itself, and opens one of its own to a target.
    Terminates,
    /// It takes the connection itself, and answers by itself.
    AnswersItself,
    /// It passes the flow on to a target of a group, by its position in the group.
    Target {
        /// The group.
        group: Index<TargetGroup>,
        /// The target.
        target: usize,
    },
    /// It sends the packet, within a datagram of GENEVE, to a target of a group, by its position in the group.
    Carries {
        /// The group.
        group: Index<TargetGroup>,
        /// The target.
        target: usize,
    },
    /// It sends the packet of a flow to the appliance that had the flow from its beginning, and is no target any more.
    CarriesOn,
    /// The packet returns from an appliance, and goes on from the endpoint by which it came.
    GivesBack,
    /// The appliance that had the flow from its beginning is no more.
    ApplianceGone,
    /// The appliance stands outside of the network.
    ApplianceElsewhere,
    /// Routes lead the datagram itself to the endpoint of the packet that it carries.
    CarriedRound,
    /// Routes lead the datagram itself to another such endpoint.
    CarriedTwice,
    /// The appliance that had the flow from its beginning is no target any more, and the group gives its flows to others.
    Rebalanced(Index<TargetGroup>),
    /// The packet comes from, or goes to, an endpoint of the service that the load balancer offers.
    ByEndpoint,
    /// The packet answers what the load balancer sent.
    Returns,
    /// The packet answers a flow that was idle for so long that it is forgotten.
    Forgotten,
    /// None of its listeners has the protocol and port.
    NoListener,
    /// AWS does not say what becomes of such packets.
    Undocumented,
    /// Its state was not collected, or some of its nodes were not.
    NodesNotCollected,
    /// What it listens on, or by what rules it sends that on, was not collected.
    ListenersNotCollected,
    /// The rules by which the listener sends on were not collected.
    RulesNotCollected,
    /// The group has no target that can be sent to from this node.
    NoTarget(Index<TargetGroup>),
    /// The targets of the group, or their health, were not collected.
    TargetsNotCollected(Index<TargetGroup>),
    /// The attributes of the group were not collected, which say whether targets in other zones are used and whether the
    /// address of the client is preserved.
    AttributesNotCollected(Index<TargetGroup>),
    /// The client is the target: what returns to it would not come from the load balancer.
    Hairpin,
    /// The address of the client is to be preserved, on a way to the target on which it cannot be.
    PreservationNotCarried,
    /// The node has no address of the target's family.
    NoNodeAddress,
    /// The target of a connection is one no more, and how long a proxy keeps what it carries whole is not modelled.
    TargetGone,
    /// Proxies stand behind proxies, more than are followed, or in a circle.
    TooManyProxies,
}

impl LoadBalancerFact {
    /// What becomes of the packet, or of the connection that a proxy took.
    pub(super) const fn decision(self) -> Decision {
        match self {
            Self::Terminates
            | Self::AnswersItself
            | Self::Target { .. }
            | Self::Carries { .. }
            | Self::CarriesOn
            | Self::GivesBack
            | Self::ByEndpoint
            | Self::Returns => Decision::Pass,
            Self::Forgotten
            | Self::NoListener
            | Self::NoTarget(_)
            | Self::Hairpin
            | Self::PreservationNotCarried
            | Self::NoNodeAddress
            | Self::ApplianceGone => Decision::Drop,
            Self::Undocumented
            | Self::ApplianceElsewhere
            | Self::CarriedRound
            | Self::CarriedTwice
            | Self::Rebalanced(_)
            | Self::NodesNotCollected
            | Self::ListenersNotCollected
            | Self::RulesNotCollected
            | Self::TargetsNotCollected(_)
            | Self::AttributesNotCollected(_)
            | Self::TargetGone
            | Self::TooManyProxies => Decision::Unknown,
        }
    }
}
