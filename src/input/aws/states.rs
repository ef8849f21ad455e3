//! Words for states, as AWS lists them. One that is not listed is refused: it cannot be taken for any of them.

use serde::de::{Deserialize, Deserializer, Error};

use super::json::Text;
use crate::model::{Availability, BlockExclusion, BlockMode, LoadBalancerType, TargetHealth, TargetType};

/// A state that AWS has a closed list of words for.
pub(super) trait State: Copy + 'static {
    /// Each word, and what it means here.
    const WORDS: &'static [(&'static str, Self)];
}

/// A state, read from its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<S>(pub(super) S);

impl<'de, S: State> Deserialize<'de> for Word<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        listed(text.as_str()).map(Self).ok_or_else(|| {
            let words: Vec<String> = S::WORDS.iter().map(|(word, _)| format!("`{word}`")).collect();
            D::Error::custom(format_args!("expected one of {}", words.join(", ")))
        })
    }
}

/// What a word means.
pub(super) fn listed<S: State>(word: &str) -> Option<S> {
    S::WORDS.iter().find(|(listed, _)| *listed == word).map(|(_, state)| *state)
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RouteState {
    Active,
    Blackhole,
    Filtered,
}

impl State for RouteState {
    const WORDS: &'static [(&'static str, Self)] =
        &[("active", Self::Active), ("blackhole", Self::Blackhole), ("filtered", Self::Filtered)];
}

/// The state of a route of a transit gateway.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRoute.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransitRouteState {
    Active,
    Blackhole,
    Changing,
}

impl State for TransitRouteState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("active", Self::Active),
        ("blackhole", Self::Blackhole),
        ("pending", Self::Changing),
        ("deleting", Self::Changing),
        ("deleted", Self::Changing),
    ];
}

/// Whether what is bound to something is so: from when it is being bound until it is being released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AssociationState {
    Bound,
    Gone,
}

/// Of route tables and of blocks. One that is being released is gone; what still leads to a block that is, is unknown.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociationState.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html>
impl State for AssociationState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("associating", Self::Bound),
        ("associated", Self::Bound),
        ("disassociating", Self::Gone),
        ("disassociated", Self::Gone),
        ("failing", Self::Gone),
        ("failed", Self::Gone),
    ];
}

/// Whether an attachment of a transit gateway is associated with a route table. While that changes AWS does not say which
/// table routes what comes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransitAssociationState {
    Bound,
    Changing,
    Gone,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAssociation.html>
impl State for TransitAssociationState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("associating", Self::Changing),
        ("associated", Self::Bound),
        ("disassociating", Self::Changing),
        ("disassociated", Self::Gone),
    ];
}

/// Whether the routes of a route table of a transit gateway are in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransitTableState {
    InForce,
    Changing,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRouteTable.html>
impl State for TransitTableState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("pending", Self::Changing),
        ("available", Self::InForce),
        ("deleting", Self::Changing),
        ("deleted", Self::Changing),
    ];
}

/// Whether an interface is attached to something. While that changes it is not known whether packets come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InterfaceState {
    Attached,
    NotAttached,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html>
impl State for InterfaceState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("available", Self::NotAttached),
        ("associated", Self::Attached),
        ("attaching", Self::NotAttached),
        ("in-use", Self::Attached),
        ("detaching", Self::NotAttached),
    ];
}

/// As [`AssociationState`], of gateways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttachmentState {
    Bound,
    Gone,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html>; an internet gateway
/// that is attached is `available`.
impl State for AttachmentState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("available", Self::Bound),
        ("attaching", Self::Bound),
        ("attached", Self::Bound),
        ("detaching", Self::Gone),
        ("detached", Self::Gone),
    ];
}

/// Of attachments of transit gateways: the word, and whether packets pass.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html>
impl State for (&'static str, Availability) {
    const WORDS: &'static [(&'static str, Self)] = crate::input::shape::ATTACHMENT_STATES;
}

/// The state of a VPC peering connection, by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PeeringState(pub(super) &'static str);

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionStateReason.html>
impl State for PeeringState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("initiating-request", Self("initiating-request")),
        ("pending-acceptance", Self("pending-acceptance")),
        ("active", Self("active")),
        ("deleted", Self("deleted")),
        ("rejected", Self("rejected")),
        ("failed", Self("failed")),
        ("expired", Self("expired")),
        ("provisioning", Self("provisioning")),
        ("deleting", Self("deleting")),
    ];
}

/// Whether an instance runs, or does not, or will never again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InstanceState {
    Running,
    NotRunning,
    Gone,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html>
impl State for InstanceState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("pending", Self::NotRunning),
        ("running", Self::Running),
        ("shutting-down", Self::NotRunning),
        ("terminated", Self::Gone),
        ("stopping", Self::NotRunning),
        ("stopped", Self::NotRunning),
    ];
}

/// Whether a gateway carries packets, or is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GatewayState {
    There(Availability),
    Gone,
}

/// Of NAT gateways, transit gateways, virtual private gateways, VPN connections and their routes. One that is being
/// deleted may still carry packets.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnGateway.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html>
impl State for GatewayState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("pending", Self::There(Availability::NotAvailable)),
        ("failed", Self::Gone),
        ("available", Self::There(Availability::Available)),
        ("modifying", Self::There(Availability::Undocumented("modifying"))),
        ("deleting", Self::There(Availability::Undocumented("deleting"))),
        ("deleted", Self::Gone),
    ];
}

/// Whether something with a state carries packets; nothing when it is no more.
pub(super) fn availability(state: Option<Word<impl Into<GatewayState>>>) -> Option<Availability> {
    match state.map(|Word(state)| state.into()) {
        None => Some(Availability::NotCollected),
        Some(GatewayState::There(availability)) => Some(availability),
        Some(GatewayState::Gone) => None,
    }
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockPublicAccessStates.html>
impl State for BlockMode {
    const WORDS: &'static [(&'static str, Self)] =
        &[("off", Self::Off), ("block-bidirectional", Self::Bidirectional), ("block-ingress", Self::Ingress)];
}

/// Whether the mode of Block Public Access is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockOptionsState {
    InForce,
    Changing,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessOptions.html>
impl State for BlockOptionsState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("default-state", Self::InForce),
        ("update-in-progress", Self::Changing),
        ("update-complete", Self::InForce),
    ];
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessExclusion.html>
impl State for BlockExclusion {
    const WORDS: &'static [(&'static str, Self)] = &Self::NAMES;
}

/// Whether an exclusion from Block Public Access is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExclusionState {
    InForce,
    Changing,
    Gone,
}

impl State for ExclusionState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("create-in-progress", Self::Changing),
        ("create-complete", Self::InForce),
        ("create-failed", Self::Gone),
        ("update-in-progress", Self::Changing),
        ("update-complete", Self::InForce),
        ("update-failed", Self::Changing),
        ("delete-in-progress", Self::Changing),
        ("delete-complete", Self::Gone),
        ("disable-in-progress", Self::Changing),
        ("disable-complete", Self::Gone),
    ];
}

/// Whether a NAT gateway translates new connections to an address, or keeps its old ones alone, or does not have it.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateNatGatewayAddress.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NatAddressState {
    Used,
    Draining,
    NotThere,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGatewayAddress.html>
impl State for NatAddressState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("assigning", Self::NotThere),
        ("unassigning", Self::Draining),
        ("associating", Self::NotThere),
        ("disassociating", Self::Draining),
        ("succeeded", Self::Used),
        ("failed", Self::NotThere),
    ];
}

/// As [`GatewayState`], of VPC endpoints; older answers write small letters.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EndpointState(GatewayState);

impl From<EndpointState> for GatewayState {
    fn from(EndpointState(state): EndpointState) -> Self {
        state
    }
}

impl EndpointState {
    const AVAILABLE: Self = Self(GatewayState::There(Availability::Available));
    const NOT_AVAILABLE: Self = Self(GatewayState::There(Availability::NotAvailable));
    const PARTIAL: Self = Self(GatewayState::There(Availability::Undocumented("partial")));
    const DELETING: Self = Self(GatewayState::There(Availability::Undocumented("deleting")));
    const GONE: Self = Self(GatewayState::Gone);
}

impl State for EndpointState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("PendingAcceptance", Self::NOT_AVAILABLE),
        ("pendingAcceptance", Self::NOT_AVAILABLE),
        ("Pending", Self::NOT_AVAILABLE),
        ("pending", Self::NOT_AVAILABLE),
        ("Available", Self::AVAILABLE),
        ("available", Self::AVAILABLE),
        ("Partial", Self::PARTIAL),
        ("partial", Self::PARTIAL),
        ("Deleting", Self::DELETING),
        ("deleting", Self::DELETING),
        ("Deleted", Self::GONE),
        ("deleted", Self::GONE),
        ("Rejected", Self::GONE),
        ("rejected", Self::GONE),
        ("Failed", Self::GONE),
        ("failed", Self::GONE),
        ("Expired", Self::GONE),
        ("expired", Self::GONE),
    ];
}

/// Whether an endpoint service serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndpointServiceState {
    Available,
    NotAvailable,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceConfiguration.html>
impl State for EndpointServiceState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("Pending", Self::NotAvailable),
        ("Available", Self::Available),
        ("Deleting", Self::NotAvailable),
        ("Deleted", Self::NotAvailable),
        ("Failed", Self::NotAvailable),
    ];
}

/// Whether packets pass a load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LoadBalancerState(pub(super) Availability);

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html>
impl State for LoadBalancerState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("active", Self(Availability::Available)),
        ("active_impaired", Self(Availability::Available)),
        ("provisioning", Self(Availability::Undocumented("provisioning"))),
        ("failed", Self(Availability::Gone)),
    ];
}

/// Whether a load balancer faces the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LoadBalancerScheme {
    pub(super) is_internet_facing: bool,
}

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html>
impl State for LoadBalancerScheme {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("internet-facing", Self { is_internet_facing: true }),
        ("internal", Self { is_internet_facing: false }),
    ];
}

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html>
impl State for LoadBalancerType {
    const WORDS: &'static [(&'static str, Self)] = match Self::NAMES.split_last() {
        Some((_, of_aws)) => of_aws, // AWS says `classic` nowhere
        None => &[],
    };
}

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html>
impl State for TargetType {
    const WORDS: &'static [(&'static str, Self)] = &Self::NAMES;
}

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html>
impl State for TargetHealth {
    const WORDS: &'static [(&'static str, Self)] = match Self::NAMES.split_last() {
        Some((_, of_aws)) => of_aws, // the last word says that it was not collected
        None => &[],
    };
}

/// Whether a Classic Load Balancer sends to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InstanceHealthState(pub(super) TargetHealth);

/// It sends to instances in service alone, also where none is.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_InstanceState.html>,
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html>
impl State for InstanceHealthState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("InService", Self(TargetHealth::Healthy)),
        ("OutOfService", Self(TargetHealth::Initial)), // it is checked until it passes,
        ("Unknown", Self(TargetHealth::NotCollected)),
    ];
}

/// Whether a resource or association of VPC Lattice is there. While that changes AWS does not say what becomes of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LatticeState {
    Active,
    Changing,
    Gone,
}

/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_GetService.html>,
/// <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_GetTargetGroup.html>,
/// <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_ServiceNetworkVpcAssociationSummary.html>
impl State for LatticeState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("ACTIVE", Self::Active),
        ("CREATE_IN_PROGRESS", Self::Changing),
        ("UPDATE_IN_PROGRESS", Self::Changing),
        ("DELETE_IN_PROGRESS", Self::Changing),
        ("CREATE_FAILED", Self::Gone),
        ("UPDATE_FAILED", Self::Changing),
        ("DELETE_FAILED", Self::Changing),
    ];
}

/// Whether auth policies judge requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LatticeAuthType {
    pub(super) requires_auth: bool,
}

/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_GetService.html>
impl State for LatticeAuthType {
    const WORDS: &'static [(&'static str, Self)] =
        &[("NONE", Self { requires_auth: false }), ("AWS_IAM", Self { requires_auth: true })];
}

/// What the targets of a group of VPC Lattice are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LatticeTargetType(pub(super) TargetType);

/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_TargetGroupSummary.html>
impl State for LatticeTargetType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("IP", Self(TargetType::Ip)),
        ("LAMBDA", Self(TargetType::Lambda)),
        ("INSTANCE", Self(TargetType::Instance)),
        ("ALB", Self(TargetType::Alb)),
    ];
}

/// Whether VPC Lattice sends to a target: where health checks are off, or there are none as of load balancers, it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LatticeTargetStatus(pub(super) TargetHealth);

/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_TargetSummary.html>
impl State for LatticeTargetStatus {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("HEALTHY", Self(TargetHealth::Healthy)),
        ("UNHEALTHY", Self(TargetHealth::Unhealthy)),
        ("INITIAL", Self(TargetHealth::Initial)),
        ("UNUSED", Self(TargetHealth::Unused)),
        ("DRAINING", Self(TargetHealth::Unused)),
        ("UNAVAILABLE", Self(TargetHealth::Healthy)),
    ];
}

/// Whether a security group is associated with a VPC: until that has come to an end interfaces have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupAssociationState {
    There,
    NotThere,
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupVpcAssociation.html>
impl State for GroupAssociationState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("associating", Self::There),
        ("associated", Self::There),
        ("association-failed", Self::NotThere),
        ("disassociating", Self::There),
        ("disassociated", Self::NotThere),
        ("disassociation-failed", Self::There),
    ];
}
