//! What decides at an endpoint in front of an inspection. Rules are named by their positions in the firewall's policy.

/// A rule of a firewall, or what is the case with its endpoint or with the appliances behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectionFact {
    /// The packet is for the endpoint itself.
    ForItself,
    /// The packet goes on to a Gateway Load Balancer and its appliances.
    ToAppliances,
    /// The appliances pass what comes to them.
    AppliancesPass,
    /// The appliance is not healthy, as none is.
    Unhealthy,
    /// The appliance had the flow from its beginning, and is not healthy any more.
    BecameUnhealthy,
    /// What the appliances do was not stated.
    AppliancesNotStated,
    /// The policy of the firewall was not collected.
    PolicyNotCollected,
    /// A stateless rule, or the default action.
    Stateless(Option<usize>),
    /// A stateful rule, or the default action.
    Stateful(Option<usize>),
    /// The packet belongs to a flow that the stateful engine passes as a whole.
    PassedFlow,
    /// This stateless rule tests more than the five-tuple, and may decide otherwise.
    DoubtfulStateless(usize),
    /// The same of a stateful rule.
    DoubtfulStateful(usize),
    /// The connection opens, and what follows is dropped: `aws:drop_established`.
    DropEstablished,
    /// TCP in the middle of a connection that did not begin at this endpoint.
    Midstream,
    /// TCP in the middle of a connection, which the rules judge without what came before: `Continue`.
    MidstreamContinues,
    /// Stateless rules pass one direction of a connection whose other one is forwarded to the stateful engine.
    OneWayStateful,
    /// The same the other way round: stateless rules passed what opened the connection, and its answers are forwarded.
    OneWayStateless,
    /// The packet answers what did not come by this firewall. AWS does not support it, and says what becomes of TCP alone.
    BeginningUnseen,
    /// The packet comes by a Gateway Load Balancer endpoint to an egress-only internet gateway.
    BeforeEgressOnly,
    /// The packet belongs to a connection that the firewall saw begin, and does not come by its endpoint.
    PassedBy,
    /// The packet comes from an inspection to a VPC peering connection. AWS supports no firewall there.
    BeforePeering,
}
