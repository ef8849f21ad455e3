//! The client's ports: where the rules on the way of the reply can tell them apart.

use super::geneve::is_carrier;
use super::{Checkpoint, DecidedBy, Place, Stage};
use crate::model::{Connection, FirewallPolicy, Gateway, Index, Network, NetworkAcl, Peer, RuleAction};
use crate::net::{Direction, Header, PortRange};

/// Whether something on the way there looks at the client's port: only the row of reserved traffic that knows DHCP does.
pub(super) const fn way_there_depends(connection: &Connection) -> bool {
    matches!(connection.request.port, Some(67 | 547))
}

/// Whether rules decide at `stage`, which look at ports.
pub(super) const fn judges_by_rules(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::NetworkAclEgress
            | Stage::NetworkAclIngress
            | Stage::SecurityGroupEgress
            | Stage::SecurityGroupIngress
            | Stage::NetworkFirewall
    )
}

/// Whether rules decided at `checkpoint`, on the way of the reply, and not the memory of a flow, which is answered to
/// every port.
pub(super) const fn may_divide(checkpoint: &Checkpoint) -> bool {
    judges_by_rules(checkpoint.stage) && !matches!(checkpoint.decided_by, DecidedBy::TrackedFlow { .. })
}

/// Adds to `starts` the first ports of the pieces of `range` between which the rules at `checkpoint`, on the way of the
/// reply, can tell: its destination is the client's port. Routes and gateways do not look at it, so that the way is the
/// same for all.
pub(super) fn note_boundaries(
    network: &Network,
    checkpoint: &Checkpoint,
    range: PortRange,
    starts: &mut Vec<u16>,
) {
    // Datagrams that carry the reply to an appliance do not go to the client's port.
    if range.count() == 1 || !may_divide(checkpoint) || is_carrier(&checkpoint.header) {
        return;
    }
    let Checkpoint { direction, ref header, .. } = *checkpoint;
    match checkpoint.place {
        Place::NetworkAcl(acl) => note_acl(&network.network_acls[acl], direction, header, range, starts),
        Place::NetworkInterface(interface) => {
            // Nor does one to what stands behind a rule that admits it, whoever is on the far side.
            for group in &network.card(interface).security_groups {
                let rules = network.security_groups[*group].rules.get(direction);
                let covered =
                    |ports, peer| (note(ports, range, starts) && peer == Peer::Anyone).then_some(());
                if rules.find_at_some_of(direction, header, range, covered).is_some() {
                    break;
                }
            }
        }
        Place::Gateway(gateway) => note_firewall(network, gateway, range, starts),
        _ => {}
    }
}

/// As [`note_boundaries`], of the rules of a firewall, which test the ports of both sides.
fn note_firewall(network: &Network, gateway: Index<Gateway>, range: PortRange, starts: &mut Vec<u16>) {
    let policy = network.gateways[gateway].network_firewall().and_then(|own| own.policy.as_ref());
    for ports in policy.into_iter().flat_map(FirewallPolicy::ports) {
        note(ports, range, starts);
    }
}

/// As [`note_boundaries`], of the entries of a network ACL.
fn note_acl(
    acl: &NetworkAcl,
    direction: Direction,
    header: &Header,
    range: PortRange,
    starts: &mut Vec<u16>,
) {
    // No packet comes to what stands behind an entry that matches at every port.
    let covered = |ports, _| note(ports, range, starts).then_some(());
    acl.entries.get(direction).find_at_some_of(direction, header, range, covered);
}

/// Notes the bounds of a rule, and says whether it matches at every port of the range.
fn note(ports: PortRange, range: PortRange, starts: &mut Vec<u16>) -> bool {
    if range.from() < ports.from() && ports.from() <= range.to() {
        starts.push(ports.from());
    }
    if range.from() <= ports.to() && ports.to() < range.to() {
        starts.push(ports.to() + 1);
    }
    covers(ports, range)
}

/// The pieces of `range`, from which a gateway chooses the source port of `opening`, between which some network ACL or
/// firewall can tell.
pub(super) fn told_apart_by_acls(network: &Network, opening: &Header, range: PortRange) -> Vec<PortRange> {
    let mut starts = Vec::new();
    // Which of them the answer comes to is not known before it is walked; alike pieces are one case afterwards.
    for acl in &network.network_acls {
        for entry in Direction::BOTH.into_iter().flat_map(|direction| acl.entries.get(direction).iter()) {
            let service = &entry.test.service;
            if service.protocol.is_none_or(|protocol| protocol == opening.protocol) {
                note(service.ports, range, &mut starts);
            }
        }
    }
    for (gateway, _) in network.gateways.enumerate() {
        note_firewall(network, gateway, range, &mut starts);
    }
    pieces(range, &mut starts).collect()
}

/// Whether the network ACL at `checkpoint` surely does the same with a reply to every port of `range`, though perhaps by
/// different entries. Security groups are not asked: those that judge replies at all are few.
pub(super) fn decides_alike(network: &Network, checkpoint: &Checkpoint, range: PortRange) -> bool {
    let Checkpoint { direction, ref header, .. } = *checkpoint;
    let Place::NetworkAcl(acl) = checkpoint.place else { return false };
    action_for_all(&network.network_acls[acl], direction, header, range).is_some()
}

/// What `acl` does with a packet like `header` to every port of `range`, if it surely does the same with all.
pub(super) fn action_for_all(
    acl: &NetworkAcl,
    direction: Direction,
    header: &Header,
    range: PortRange,
) -> Option<RuleAction> {
    let mut first = None;
    let decided = acl.entries.get(direction).find_at_some_of(direction, header, range, |ports, action| {
        if *first.get_or_insert(action) != action {
            return Some(None);
        }
        covers(ports, range).then_some(Some(action))
    });
    // Behind the last entry `*` denies.
    decided
        .unwrap_or_else(|| first.is_none_or(|action| action == RuleAction::Deny).then_some(RuleAction::Deny))
}

/// Whether `ports` has every port of `range`.
const fn covers(ports: PortRange, range: PortRange) -> bool {
    ports.contains(range.from()) && ports.contains(range.to())
}

/// The consecutive pieces of `range` that begin at its first port and at `starts`, which lie inside behind it.
pub(super) fn pieces(range: PortRange, starts: &mut Vec<u16>) -> impl Iterator<Item = PortRange> {
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().map(|start| start.saturating_sub(1)).chain([range.to()]);
    let begins = [range.from()].into_iter().chain(starts.iter().copied());
    begins.zip(ends).map(move |(from, to)| PortRange::new(from, to).unwrap_or(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_the_range_once() {
        let range = PortRange::new(100, 200).unwrap();
        let text = |starts: &[u16]| -> Vec<String> {
            pieces(range, &mut starts.to_vec()).map(|piece| piece.to_string()).collect()
        };
        assert_eq!(text(&[200, 150, 150]), ["100-149", "150-199", "200"]);
        assert_eq!(text(&[]), ["100-200"]);
    }
}
