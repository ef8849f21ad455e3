//! Traffic mirror filters and sessions.

use super::keys::Keys;
use super::quoted::quoted;
use super::scenario::Writer;
use crate::model::inventory::{Inventory, TrafficMirrorSession};
use crate::net::Direction;

impl<'i> Writer<'i> {
    pub(super) fn traffic_mirrors(&mut self, inventory: &'i Inventory) {
        for filter in self.heading("traffic_mirror_filters", &inventory.traffic_mirror_filters) {
            self.item(&filter.identity, None);
            for direction in Direction::BOTH {
                let rules = filter.rules.get(direction).iter().map(|rule| quoted(&rule.to_string()));
                self.rules(&direction.to_string(), &rules.collect::<Vec<_>>());
            }
        }
        let sessions = inventory.traffic_mirror_sessions.iter();
        let lines: Vec<_> = sessions.map(|session| self.traffic_mirror_session(session).line()).collect();
        self.section("traffic_mirror_sessions", lines);
    }

    fn traffic_mirror_session(&self, session: &'i TrafficMirrorSession) -> Keys {
        let mut keys = Keys::of(&session.identity);
        keys.text("source", self.reference(&session.source));
        keys.text("target", self.reference(&session.target));
        keys.text("filter", self.reference(&session.filter));
        keys.raw("session_number", session.session_number);
        if let Some(length) = session.packet_length {
            keys.raw("packet_length", length);
        }
        keys
    }
}
