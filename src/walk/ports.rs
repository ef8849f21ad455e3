//! The client's ports: where the rules on the way of the reply can tell them apart.

use super::{Checkpoint, DecidedBy, Place, Stage};
use crate::model::{
    Connection, Index, Network, NetworkAcl, Peer, Probe, RuleAction, SecurityGroupRule, Subnet,
};
use crate::net::{Direction, Header, Match, PortRange};

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
    if !may_divide(checkpoint) {
        return;
    }
    let Checkpoint { direction, ref header, .. } = *checkpoint;
    // Whoever has another address on the far side is passed over at every port.
    let probe = Probe::address(header.remote(direction));
    match checkpoint.place {
        Place::NetworkAcl(acl) => note_acl(&network.network_acls[acl], direction, header, range, starts),
        Place::NetworkInterface(interface) => {
            let groups = network.network_interfaces[interface].security_groups.iter();
            let mut lists = groups.map(|group| network.security_groups[*group].rules.get(direction));
            if lists.clone().any(|rules| rules.divides(range)) {
                // Nor does one to what stands behind a rule that admits it, whoever is on the far side.
                let mut admits = |rule: &SecurityGroupRule| {
                    note(&rule.test, header, range, starts) && rule.peer == Peer::Anyone
                };
                let _ = lists.any(|rules| rules.rules_for(probe).any(&mut admits));
            }
        }
        _ => {}
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
    let entries = acl.entries.get(direction);
    if entries.divides(range) {
        // No packet comes to what stands behind an entry that matches at every port.
        let probe = Probe::address(header.remote(direction));
        let _ = entries.rules_for(probe).any(|entry| note(&entry.test, header, range, starts));
    }
}

/// Notes the bounds of a rule, and says whether it matches at every port of the range.
fn note(test: &Match, header: &Header, range: PortRange, starts: &mut Vec<u16>) -> bool {
    if !is_for(test, header) {
        return false;
    }
    let ports = test.service.ports;
    let bounds = [Some(ports.from()), ports.to().checked_add(1)];
    let inside =
        bounds.into_iter().flatten().filter(|start| range.contains(*start) && *start != range.from());
    starts.extend(inside);
    ports.contains(range.from()) && ports.contains(range.to())
}

/// The pieces of `range`, from which a gateway in `subnet` chooses the source port of `opening`, between which the
/// network ACLs can tell that the answer meets where it begins and where it comes back to `subnet`.
pub(super) fn told_apart_by_acls(
    network: &Network,
    subnet: Index<Subnet>,
    opening: &Header,
    range: PortRange,
) -> Vec<PortRange> {
    let answer = opening.reversed();
    let mut starts = Vec::new();
    let acl_of = |subnet: Index<Subnet>| &network.network_acls[network.subnets[subnet].network_acl];
    note_acl(acl_of(subnet), Direction::Ingress, &answer, range, &mut starts);
    for server in network.interfaces_with(answer.source) {
        let own = network.network_interfaces[server].subnet;
        note_acl(acl_of(own), Direction::Egress, &answer, range, &mut starts);
    }
    pieces(range, &mut starts).collect()
}

/// Whether the network ACL at `checkpoint` surely does the same with a reply to every port of `range`, though perhaps by
/// different entries. Security groups are not asked: those that judge replies at all are few.
pub(super) fn decides_alike(network: &Network, checkpoint: &Checkpoint, range: PortRange) -> bool {
    let Checkpoint { direction, ref header, .. } = *checkpoint;
    let Place::NetworkAcl(acl) = checkpoint.place else { return false };
    if !network.network_acls[acl].entries.get(direction).divides(range) {
        return true;
    }
    let mut action = None;
    let probe = Probe::address(header.remote(direction));
    let decided = network.network_acls[acl].entries.get(direction).rules_for(probe).find_map(|entry| {
        let ports = entry.test.service.ports;
        let overlaps = ports.from() <= range.to() && range.from() <= ports.to();
        if !overlaps || !is_for(&entry.test, header) {
            return None;
        }
        if *action.get_or_insert(entry.action) != entry.action {
            return Some(false);
        }
        (ports.contains(range.from()) && ports.contains(range.to())).then_some(true)
    });
    decided.unwrap_or_else(|| action.is_none_or(|action| action == RuleAction::Deny)) // as `*` does
}

/// Whether `test` passes `header` at some port.
fn is_for(test: &Match, header: &Header) -> bool {
    let Match { service, source, destination } = test;
    service.protocol.is_none_or(|protocol| protocol == header.protocol)
        && source.contains(header.source)
        && destination.contains(header.destination)
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
