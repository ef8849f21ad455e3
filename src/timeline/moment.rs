//! What stateful places know of a connection at a time, and what its next packets would meet.

use std::time::Duration;

use super::conversation::Conversation;
use super::remembered::Remembered;
use super::spread::milliseconds;
use crate::model::LegKind;
use crate::walk::Leg;

/// A connection at a time.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The network of the time, by its position.
    pub epoch: usize,
    /// What is remembered.
    pub remembered: Remembered,
    /// The way of a request that was sent now.
    pub request: Option<Leg>,
    /// The way of a reply; none where no request has arrived, so that nobody replies.
    pub reply: Option<Leg>,
}

impl Conversation<'_> {
    /// How the connection stands at `at`. What is sent then is followed already.
    pub fn moment(self, at: Duration) -> Moment {
        let mut then = self.until(at.saturating_add(Duration::from_millis(1)));
        then.enter_epoch(milliseconds(at));
        then.forget(milliseconds(at));
        let (request, reply) = (then.walk(LegKind::Forward), then.walk(LegKind::Reverse));
        Moment { epoch: then.epoch, remembered: then.remembered, request, reply }
    }
}
