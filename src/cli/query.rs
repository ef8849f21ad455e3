//! How a connection is asked about: the same options everywhere.

use std::net::IpAddr;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use flowcast::Scenario;
use flowcast::diagnostic::{Diagnostics, Located, did_you_mean, escape};
use flowcast::model::{Connection, EPHEMERAL_PORTS, EphemeralPorts, Exchange, Icmp, Traffic, inventory};
use flowcast::net::{Family, Protocol};

use super::exit::Exit;
use super::output::{self, BAD, paint};

/// A connection to ask about.
#[derive(Debug, Args)]
#[group(id = "traffic", multiple = false)]
pub(super) struct TrafficArgs {
    /// TCP port of the server.
    #[arg(long, value_name = "PORT", requires = "from", value_parser = port)]
    tcp: Option<u16>,
    /// UDP port of the server.
    #[arg(long, value_name = "PORT", requires = "from", value_parser = port)]
    udp: Option<u16>,
    /// ICMP type, or type and code; of ICMPv6 when the addresses are IPv6. `echo-request` suits both.
    #[arg(long, value_name = "TYPE[/CODE]", requires = "from", value_parser = icmp)]
    icmp: Option<Icmp>,
    /// Any other protocol, by number or name.
    #[arg(long, value_name = "NUMBER", requires = "from", value_parser = protocol)]
    protocol: Option<Protocol>,
}

/// A connection to ask about.
#[derive(Debug, Args)]
pub(super) struct Query {
    /// Who opens the connection: an instance, an interface, an address, or `internet`.
    #[arg(long, value_name = "X", requires = "to", requires = "traffic")]
    from: Option<String>,
    /// Whom it is for.
    #[arg(long, value_name = "Y", requires = "from")]
    to: Option<String>,
    #[command(flatten)]
    traffic: TrafficArgs,
    /// The client's port; left out, its whole ephemeral range.
    #[arg(long, value_name = "PORT", requires = "from", value_parser = port)]
    source_port: Option<u16>,
    /// The address the client sends from, when not its primary one.
    #[arg(long, value_name = "ADDRESS", requires = "from")]
    source_address: Option<IpAddr>,
    /// Kind of client, which decides its ephemeral range.
    #[arg(long, value_name = "KIND", requires = "from", value_parser = client())]
    client: Option<&'static EphemeralPorts>,
    /// Use IPv6 where both ends have both.
    #[arg(long, requires = "from")]
    ipv6: bool,
}

impl Query {
    /// The connection, if one is asked about.
    fn connection(&self, at: Duration) -> Option<inventory::Connection> {
        let TrafficArgs { tcp, udp, icmp, protocol } = self.traffic;
        let traffic = tcp.map(Traffic::Tcp).or(udp.map(Traffic::Udp)).or(icmp.map(Traffic::Icmp));
        Some(inventory::Connection {
            name: "connection".to_owned(),
            from: Located::nowhere(self.from.clone()?),
            to: Located::nowhere(self.to.clone()?),
            traffic: traffic.or(protocol.map(Traffic::Protocol))?,
            source_port: self.source_port,
            ephemeral_ports: self.client.or(EPHEMERAL_PORTS.first())?,
            source_address: self.source_address.map(Located::nowhere),
            family: self.ipv6.then_some(Family::V6),
            at,
            exchange: Exchange::default(),
            bursts: None,
            repeat: inventory::Repeat::default(),
            origin: None,
        })
    }
}

impl Query {
    /// Whether a connection is asked about.
    pub(super) const fn asks(&self) -> bool {
        self.from.is_some()
    }

    /// The connection that is asked about and begins `at` a time, with its ends found in `scenario`; `None` when none is.
    /// What cannot be found is said on standard error.
    pub(super) fn asked(
        &self,
        scenario: &Scenario,
        at: Option<Duration>,
    ) -> Result<Option<Connection>, Exit> {
        let Some(asked) = self.connection(at.unwrap_or_default()) else { return Ok(None) };
        scenario.connection(&asked).map(Some).map_err(|problem| {
            let mut problems = Diagnostics::default();
            problems.push(problem);
            output::warn(&problems, &scenario.sources);
            Exit::Usage
        })
    }
}

/// Names of connections that are listed where none has the name that was asked for.
const MOST_LISTED: usize = 20;

/// The connection of a scenario that has this name.
pub(super) fn named(scenario: &Scenario, name: &str) -> Result<Connection, Exit> {
    position(scenario, name).and_then(|at| scenario.connections.get(at).cloned().ok_or(Exit::Usage))
}

/// The position of the connection of a scenario that has this name.
pub(super) fn position(scenario: &Scenario, name: &str) -> Result<usize, Exit> {
    let found = scenario.connections.iter().position(|connection| connection.name == name);
    found.ok_or_else(|| {
        let there = match did_you_mean(name, scenario.connections.iter().map(|of| of.name.as_str())) {
            Some(meant) => meant,
            None => format!("there is {}", listed(scenario)),
        };
        let message = format!("no connection is called `{}`; {there}", escape(name));
        output::eprint(&format!("{} {message}\n", paint(BAD, "error:")));
        Exit::Usage
    })
}

/// The first names of the connections that were written; health checks come of themselves, and are many.
fn listed(scenario: &Scenario) -> String {
    let written: Vec<_> = scenario.connections.iter().filter(|of| !of.is_health_check).collect();
    let names: Vec<_> = written.iter().take(MOST_LISTED).map(|of| escape(&of.name)).collect();
    match (names.len(), written.len() - names.len()) {
        (0, _) => "none".to_owned(),
        (_, 0) => names.join(", "),
        (_, more) => format!("{} and {more} more", names.join(", ")),
    }
}

/// A time from the scenario's start.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "a time from the scenario's start, e.g. 90s or 1h 30m".to_owned())
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "a port is a number from 0 to 65535".to_owned())
}

fn icmp(text: &str) -> Result<Icmp, String> {
    flowcast::parse_icmp(text)
        .map_err(|_| "`echo-request` for a ping, a type, or type and code such as 3/4".to_owned())
}

fn protocol(text: &str) -> Result<Protocol, String> {
    let protocol: Protocol = text.parse().map_err(|_| {
        let is_other = |protocol: &Protocol| !protocol.has_own_key() && *protocol != Protocol::ICMPV6;
        let names: Vec<_> = Protocol::named().filter(is_other).map(|protocol| protocol.to_string()).collect();
        format!("a number from 0 to 255, or one of {}", names.join(", "))
    })?;
    if protocol.has_own_key() {
        return Err(format!("use `--{protocol}` instead"));
    }
    Ok(protocol)
}

fn client() -> impl TypedValueParser<Value = &'static EphemeralPorts> {
    let names = PossibleValuesParser::new(EPHEMERAL_PORTS.iter().map(|row| row.client));
    names.try_map(|name| EPHEMERAL_PORTS.iter().find(|row| row.client == name).ok_or("no kind of client"))
}
