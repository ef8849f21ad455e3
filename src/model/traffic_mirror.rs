//! Traffic mirror sessions: which packets of an interface are copied, and to whom.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-how-it-works.html>
//!
//! A copy is a VXLAN datagram of its own, from the primary address of the source to that of the target, at UDP port 4789.
//! Not modelled: Network Load Balancers and Gateway Load Balancer endpoints as targets, Amazon DNS as a network service.

use std::fmt;

use super::by_name::display_by_name;
use super::{Arena, Identity, Index, Network, NetworkInterface, RuleNumber, XEN_FAMILIES};
use crate::diagnostic::Origin;
use crate::net::{Direction, Family, FiveTuple, Header, PerDirection};

/// The port of VXLAN, at which targets are sent copies.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-packet-formats.html>
pub const VXLAN_PORT: u16 = 4789;

/// Bytes of a copy before what is copied: the headers of IP, UDP and VXLAN.
const UDP_AND_VXLAN: u64 = 8 + 8;
/// What is copied is a frame: the packet behind an Ethernet header.
const ETHERNET: u64 = 14;

/// The largest copy that a target gets whole: the MTU of an interface with jumbo frames.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html>
const TARGET_MTU: u64 = 9001;

/// Families of the Nitro System whose interfaces cannot be sources.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-sessions.html>
static UNMIRRORED_FAMILIES: &[&str] = &[
    "c6a", "c6gd", "c6gn", "c6i", "c6id", "c6in", "c7a", "c7g", "c7gd", "c7gn", "c7i", "c8g", "hpc6a",
    "hpc6id", "hpc7a", "hpc7g", "i4g", "i4i", "im4gn", "inf2", "is4gen", "m6a", "m6i", "m6id", "m6idn",
    "m6in", "m7a", "m7g", "m7gd", "m7i", "m7i-flex", "m8g", "p5", "r6a", "r6i", "r6id", "r6idn", "r6in",
    "r7a", "r7g", "r7gd", "r7i", "r7iz", "r8g", "trn1", "trn1n", "x2idn", "x2iedn", "x2iezn", "x8g",
];

/// Families that are not of the Nitro System, and whose interfaces can be sources. Those of all others cannot.
static MIRRORED_XEN_FAMILIES: &[&str] =
    &["c4", "d2", "g3", "g3s", "h1", "i3", "m4", "p2", "p3", "r4", "x1", "x1e"];

/// Whether interfaces of an instance type can be sources of traffic mirror sessions: none of bare metal can.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-sessions.html>
pub fn can_be_mirrored(instance_type: &str) -> bool {
    let (family, size) = instance_type.split_once('.').unwrap_or((instance_type, ""));
    let is_of_xen = XEN_FAMILIES.contains(&family);
    !size.starts_with("metal")
        && !UNMIRRORED_FAMILIES.contains(&family)
        && (!is_of_xen || MIRRORED_XEN_FAMILIES.contains(&family))
}

/// A traffic mirror filter: what is copied, by the direction in which the source sees it.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-filters.html>
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficMirrorFilter {
    /// Name and id.
    pub identity: Identity,
    /// Its rules, sorted by number.
    pub rules: PerDirection<Vec<TrafficMirrorFilterRule>>,
}

/// A rule of a filter.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TrafficMirrorFilterRule.html>
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficMirrorFilterRule {
    /// Place in the order of evaluation.
    pub number: RuleNumber,
    /// What becomes of packets that it matches.
    pub action: MirrorAction,
    /// Which these are.
    pub test: FiveTuple,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// What a rule of a filter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MirrorAction {
    /// The packet is copied.
    Accept,
    /// It is not.
    Reject,
}

impl MirrorAction {
    /// As AWS writes them.
    pub const NAMES: [(&'static str, Self); 2] = [("accept", Self::Accept), ("reject", Self::Reject)];
}

display_by_name!(MirrorAction);

/// As scenarios have it.
impl fmt::Display for TrafficMirrorFilterRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.number, self.action, self.test)
    }
}

/// A traffic mirror session.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-sessions.html>
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficMirrorSession {
    /// Name and id.
    pub identity: Identity,
    /// The interface whose packets are copied.
    pub source: Index<NetworkInterface>,
    /// The interface that gets the copies.
    pub target: Index<NetworkInterface>,
    /// Which packets.
    pub filter: Index<TrafficMirrorFilter>,
    /// Its place among those of the source: the lowest is asked first.
    pub session_number: RuleNumber,
    /// How many bytes of each packet are copied, of those behind the VXLAN header; `None` for all.
    pub packet_length: Option<u16>,
}

impl TrafficMirrorSession {
    /// The family that copies are sent with: IPv4, unless an end has no such address.
    pub fn family(&self, network: &Network) -> Option<Family> {
        let has = |card: Index<NetworkInterface>, family| {
            network.network_interfaces[card].primary_address(family).is_some()
        };
        let both = |family: &Family| has(self.source, *family) && has(self.target, *family);
        [Family::V4, Family::V6].into_iter().find(both)
    }

    /// The sum of IP lengths of copies of so many packets, which have `bytes` together: each is cut to the MTU of the target.
    /// Assumed: mirrored-datagrams.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TrafficMirrorSession.html>, `packetLength`;
    /// <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-network-limitations.html#traffic-mirroring-mtu>
    pub fn copied_bytes(&self, family: Family, packets: u64, bytes: u64) -> u64 {
        let frames = bytes.saturating_add(packets.saturating_mul(ETHERNET));
        let most = self.packet_length.map_or(u64::MAX, |length| packets.saturating_mul(length.into()));
        let headers = packets.saturating_mul(family.header_bytes() + UDP_AND_VXLAN);
        frames.min(most).saturating_add(headers).min(packets.saturating_mul(TARGET_MTU))
    }
}

/// The rule by which a packet is copied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MirroredBy {
    /// The session.
    pub session: Index<TrafficMirrorSession>,
    /// How the source sees the packet.
    pub direction: Direction,
    /// Position of the rule among those of the filter in that direction.
    pub rule: u32,
}

impl Network {
    /// The sessions of a source, in the order in which they are asked.
    fn sessions_of(
        &self,
        source: Index<NetworkInterface>,
    ) -> impl Iterator<Item = (Index<TrafficMirrorSession>, &TrafficMirrorSession)> {
        self.traffic_mirror_sessions.enumerate().filter(move |(_, session)| session.source == source)
    }

    /// By which session and rule a packet is copied that `source` sees: each is copied once, by the first session whose
    /// filter accepts it. Assumed: mirror-source-rules.
    pub fn mirrored_by(
        &self,
        source: Index<NetworkInterface>,
        direction: Direction,
        header: &Header,
    ) -> Option<MirroredBy> {
        let accepted = |(session, own): (Index<TrafficMirrorSession>, &TrafficMirrorSession)| {
            let rules = self.traffic_mirror_filters[own.filter].rules.get(direction).iter().zip(0..);
            let (rule, position) = rules.clone().find(|(rule, _)| rule.test.contains(header))?;
            (rule.action == MirrorAction::Accept).then_some(MirroredBy { session, direction, rule: position })
        };
        self.sessions_of(source).find_map(accepted)
    }

    /// Whether a session of the source that is asked before the one which copies a packet rejects it.
    pub(crate) fn is_rejected_before(
        &self,
        source: Index<NetworkInterface>,
        by: MirroredBy,
        header: &Header,
    ) -> bool {
        let before = self.sessions_of(source).take_while(|(session, _)| *session != by.session);
        before.map(|(_, own)| self.traffic_mirror_filters[own.filter].rules.get(by.direction)).any(|rules| {
            rules
                .iter()
                .find(|rule| rule.test.contains(header))
                .is_some_and(|rule| rule.action == MirrorAction::Reject)
        })
    }

    /// The rule by which a packet is copied.
    pub fn mirror_rule(&self, by: MirroredBy) -> Option<&TrafficMirrorFilterRule> {
        let filter = self.traffic_mirror_sessions[by.session].filter;
        let rules = self.traffic_mirror_filters[filter].rules.get(by.direction);
        usize::try_from(by.rule).ok().and_then(|position| rules.get(position))
    }

    /// Whether anything is copied here.
    pub(crate) fn mirrors(&self) -> bool {
        !self.traffic_mirror_sessions.is_empty()
    }
}

/// Sessions in the order in which they are asked.
pub(super) fn in_order(mut sessions: Vec<TrafficMirrorSession>) -> Arena<TrafficMirrorSession> {
    sessions.sort_by_key(|session| session.session_number);
    sessions.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources() {
        for (instance_type, can_be) in [
            ("m5.large", true),
            ("t3.micro", true),
            ("m4.large", true),
            ("i3.large", true),
            ("i3.metal", false),
            ("t2.micro", false),
            ("m7g.large", false),
            ("m8g.metal-24xl", false),
            ("zz.large", true),
        ] {
            assert_eq!(can_be_mirrored(instance_type), can_be, "{instance_type}");
        }
        assert!(UNMIRRORED_FAMILIES.is_sorted() && MIRRORED_XEN_FAMILIES.is_sorted());
        assert!(MIRRORED_XEN_FAMILIES.iter().all(|family| XEN_FAMILIES.contains(family)));
    }
}
