//! Later packets of a connection: what stateful places remember of it decides beside the rules as they are then.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>

use super::cases::{Watch, begin_with_host, beginning, host, interface_of, must_arrive, service_of};
use super::choices::Choices;
use super::leg::walk;
use super::trace::same_way;
use super::{Arrival, Leg, Memory, Packet, Reasons, Waiving};
use crate::model::{Connection, LegKind, Listener, Network};
use crate::net::Header;

/// What AWS has chosen for the packets of one leg, to which it keeps as long as there are the same options.
#[derive(Debug, Clone, Default)]
pub struct Course(Choices);

/// One more packet of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Later<'a> {
    /// The network as it is then.
    pub network: &'a Network,
    /// The connection, with its ends as that network has them.
    pub connection: &'a Connection,
    /// Which way the packet goes.
    pub kind: LegKind,
    /// What it says.
    pub header: Header,
    /// The request as the client sends it, which replies must answer.
    pub asked: Header,
    /// Where the server is that replies. Requests begin at the client.
    pub server: Option<Arrival>,
    /// What is remembered of the connection so far.
    pub memory: &'a Memory,
    /// Whether it is open: then a program has it, whoever listens for others.
    pub is_open: bool,
}

impl Later<'_> {
    /// The packet's way, as AWS has chosen before.
    pub fn walk(&self, course: &Course) -> Leg {
        self.walk_with(&mut course.0.again())
    }

    /// The way among those that AWS may choose which is like `known`, or the first; and the choices that lead there.
    pub fn walk_like(&self, known: &Leg) -> (Leg, Course) {
        /// Ways that are tried; a trace tells no more apart.
        const MOST: usize = 256;
        let mut choices = Choices::default();
        let first = self.walk_with(&mut choices);
        if same_way(Some(&first), Some(known)) {
            return (first, Course(choices));
        }
        let mut next = choices.next();
        for _ in 1..MOST {
            let Some(mut choices) = next else { break };
            let leg = self.walk_with(&mut choices);
            if same_way(Some(&leg), Some(known)) {
                return (leg, Course(choices));
            }
            next = choices.next();
        }
        (first, Course::default())
    }

    fn walk_with(&self, choices: &mut Choices) -> Leg {
        let Self { network, connection, header, .. } = *self;
        let client = beginning(network, connection, self.asked.source);
        let (from, toward, expected) = match self.kind {
            LegKind::Forward => (client, connection.to, interface_of(connection.to).map(Arrival::Interface)),
            LegKind::Reverse => (self.server.unwrap_or(client), connection.from, Some(client)),
        };
        let opens = self.kind == LegKind::Forward && !self.is_open;
        let packet = Packet { header, from, service: service_of(connection), opens };
        let (mut leg, mut watch) = (Leg::default(), Waiving { waivers: &[], reasons: Reasons::default() });
        watch.begin(self.kind);
        walk(network, &packet, interface_of(toward), self.memory, choices, &mut watch, &mut leg);
        leg.checkpoints = watch.end();
        let is_reply = self.kind == LegKind::Reverse;
        if let Some(expected) = expected {
            must_arrive(&mut leg, expected, is_reply.then_some(&self.asked), &watch);
        }
        let host = host(network, from, &header.reversed()).filter(|_| is_reply);
        if let Some((interface, listener)) = host {
            let listener = if self.is_open { Listener::Listening } else { listener };
            begin_with_host(&mut leg, interface, listener, header, &watch);
        }
        leg
    }
}
