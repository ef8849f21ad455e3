//! What is said below a picture: events, flips, and what is not drawn.

use super::{Chronicle, Flip, clock};

impl Chronicle<'_> {
    /// The name of a connection, made safe for a terminal.
    pub fn name(&self, connection: usize) -> String {
        let of = self.report.connections.get(connection);
        of.map(|of| crate::diagnostic::escape(&of.connection.name)).unwrap_or_default()
    }

    /// What the scenario shows, made safe for a terminal.
    pub fn title(&self) -> String {
        crate::diagnostic::escape(self.report.scenario.title.as_deref().unwrap_or("a scenario"))
    }

    /// `at 60s: the rule is removed`, for each event.
    pub fn event_lines(&self) -> impl Iterator<Item = String> {
        self.events.iter().map(|event| {
            let name = event.name.as_deref().unwrap_or("an event without a name");
            format!("at {}: {name}", clock(event.at))
        })
    }

    /// `at 60s (event 1: the rule is removed): ssh request turns from …`, for each flip.
    pub fn flip_lines(&self) -> impl Iterator<Item = String> {
        self.flips.iter().map(|flip| {
            let (when, why) = self.cause(flip);
            let names: Vec<String> = flip.named.iter().map(|connection| self.name(*connection)).collect();
            let names = match (&flip.traffic, flip.connections.saturating_sub(names.len())) {
                (Some((name, of)), count) => format!("{name}, {count} of {of} pairs:"),
                (None, 0) => names.join(", "),
                (None, rest) => format!("{} and {rest} more", names.join(", ")),
            };
            format!("{when} ({why}): {names} {}", flip.sentence())
        })
    }

    /// When and why something flips.
    fn cause(&self, flip: &Flip) -> (String, String) {
        let at = format!("at {}", clock(flip.at));
        match flip.events {
            Some((first, last)) if first == last => {
                let event = last.checked_sub(1).and_then(|position| self.events.get(position));
                let name = event.and_then(|event| event.name.as_deref());
                let name = name.map(|name| format!(": {name}")).unwrap_or_default();
                (at, format!("event {last}{name}"))
            }
            Some((first, last)) => {
                let [before, after] = [flip.between.0, flip.between.1].map(clock);
                (format!("between {before} and {after}"), format!("events {first} to {last}"))
            }
            None => (at, "what is remembered has changed".to_owned()),
        }
    }

    /// What the picture does not show.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.left_out > 0 {
            let s = if self.left_out == 1 { "" } else { "s" };
            let drawn = self.accounts.len();
            notes.push(format!(
                "{} more connection{s} besides the {drawn} drawn: `--connection` draws one, `--most` more",
                self.left_out
            ));
        }
        let traffic = &self.report.scenario.traffic;
        if !traffic.is_empty() {
            let names: Vec<String> = traffic.iter().map(|of| crate::diagnostic::escape(&of.name)).collect();
            notes.push(format!("traffic is not drawn: {}; `run` has its records", names.join(", ")));
        }
        let is_proxied = |account: &&super::Account| {
            let of = self.report.connections.get(account.connection);
            of.and_then(crate::report::ConnectionReport::case).is_some_and(|case| case.onward.is_some())
        };
        let proxied: Vec<String> =
            self.accounts.iter().filter(is_proxied).map(|account| self.name(account.connection)).collect();
        if let Some((first, rest)) = proxied.split_first() {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            notes.push(format!(
                "behind `{first}`{more} a proxy opens a connection of its own, which is not drawn: `explain` has it"
            ));
        }
        if self.later > 0 {
            let s = if self.later == 1 { "" } else { "s" };
            notes.push(format!("{} packet{s} after the end of the duration, which nobody sees", self.later));
        }
        notes
    }
}
