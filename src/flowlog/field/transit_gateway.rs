//! What the fields of transit gateway flow logs are computed from.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html#flow-logs-fields>

use super::super::{Loss, Row};
use crate::model::{Attached, Index, NetworkInterface, Vpc, zone_of};
use crate::net::Direction;

/// A side of the gateway, as the traffic crosses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Where it comes in.
    Source,
    /// Where it leaves.
    Destination,
}

/// The transit gateway.
pub(super) fn gateway_id<'a>(row: &Row<'a>) -> Option<&'a str> {
    row.network.attached_at(row.record.vantage).map(|of| of.gateway.identity.id.as_str())
}

/// The other attachment.
pub(super) fn pair_id<'a>(row: &Row<'a>) -> Option<&'a str> {
    let pair = row.record.flow.as_ref()?.transit?.pair?;
    row.network.attached(pair).map(|of| of.attachment.identity.id.as_str())
}

/// The attachment at one side.
fn attached<'a>(row: &Row<'a>, side: Side) -> Option<Attached<'a>> {
    let flow = row.record.flow.as_ref()?;
    let own = if flow.direction == Direction::Ingress { Side::Source } else { Side::Destination };
    let at = if own == side { row.record.vantage.attachment() } else { flow.transit?.pair };
    row.network.attached(at?)
}

fn vpc(row: &Row<'_>, side: Side) -> Option<Index<Vpc>> {
    attached(row, side)?.vpc()
}

/// The VPC that is attached at one side.
pub(super) fn vpc_id<'a>(row: &Row<'a>, side: Side) -> Option<&'a str> {
    vpc(row, side).map(|vpc| row.network.vpcs[vpc].identity.id.as_str())
}

/// Its owner.
pub(super) fn vpc_account<'a>(row: &Row<'a>, side: Side) -> Option<&'a str> {
    vpc(row, side).map(|vpc| row.network.vpcs[vpc].account.as_str())
}

/// The gateway's interface at one side.
fn interface(row: &Row<'_>, side: Side) -> Option<Index<NetworkInterface>> {
    let transit = row.record.flow.as_ref()?.transit?;
    match side {
        Side::Source => transit.source,
        Side::Destination => transit.destination,
    }
}

/// Its id.
pub(super) fn interface_id<'a>(row: &Row<'a>, side: Side) -> Option<&'a str> {
    interface(row, side).map(|card| row.network.network_interfaces[card].identity.id.as_str())
}

/// Its subnet.
pub(super) fn subnet_id<'a>(row: &Row<'a>, side: Side) -> Option<&'a str> {
    let subnet = row.network.network_interfaces[interface(row, side)?].subnet;
    Some(&row.network.subnets[subnet].identity.id)
}

/// Its Availability Zone.
pub(super) fn zone_id<'a>(row: &Row<'a>, side: Side) -> Option<&'a str> {
    interface(row, side).map(|card| zone_of(row.network, card)).filter(|zone| !zone.is_empty())
}

/// The packets that were lost for one reason.
pub(super) fn lost(row: &Row<'_>, reason: Loss) -> Option<u64> {
    let flow = row.record.flow.as_ref()?;
    Some(if flow.transit?.lost == Some(reason) { flow.packets } else { 0 })
}

/// Packets lost for reasons for which none is lost here.
pub(super) fn never_lost(row: &Row<'_>) -> Option<u64> {
    row.record.flow.as_ref().map(|_| 0)
}
