//! Copies of traffic mirror sessions.

use super::{Describe, Reason, fact};
use crate::model::MirroredBy;

impl Describe<'_> {
    pub(super) fn mirrored(&self, by: MirroredBy) -> Reason {
        let rule = self.network.mirror_rule(by);
        let session = &self.network.traffic_mirror_sessions[by.session];
        let filter = &self.network.traffic_mirror_filters[session.filter].identity;
        let (id, text) = rule.map_or_else(Default::default, |rule| {
            let text = format!(
                "filter {filter} {} {rule}; security groups of the source do not judge copies, and its flow logs do not show them",
                by.direction
            );
            (rule.number.to_string(), text)
        });
        let origin = rule.and_then(|rule| rule.origin);
        let owner = session.identity.to_string();
        Reason {
            origin,
            assumption: Some("mirrored-datagrams"),
            ..fact("traffic-mirror-filter-rule", &id, owner, text)
        }
    }
}
