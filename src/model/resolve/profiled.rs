//! Traffic of profiles: from names to edges, each a client with a server and a service.

use crate::diagnostic::{Diagnostics, INTERNET, Located, problems};
use crate::model::inventory::{self, Reference};
use crate::model::{Exchange, Network, ProfiledTraffic, Traffic};
use crate::net::Family;

/// Edges that all traffic of a scenario may have together. Each is walked once.
const MOST_EDGES: u64 = 100_000;

impl Network {
    /// Finds the ends of all traffic.
    pub(crate) fn profiled(
        &self,
        read: &[inventory::ProfiledTraffic],
        problems: &mut Diagnostics,
    ) -> Vec<ProfiledTraffic> {
        let mut before = 0;
        let mut all = Vec::new();
        for read in read {
            let ends = |ends: &[Reference]| {
                let of = |end: &Reference| if end.value == INTERNET { read.addresses } else { 1 };
                ends.iter().map(of).fold(0, u64::saturating_add)
            };
            let services = u64::try_from(read.services.len()).unwrap_or(u64::MAX);
            let edges = ends(&read.from).saturating_mul(ends(&read.to)).saturating_mul(services);
            before = edges.saturating_add(before);
            if before > MOST_EDGES {
                let message = format!(
                    "the traffic up to here has {before} pairs of a client and a service, more than {MOST_EDGES}"
                );
                let help = "name fewer ends, or fewer `addresses` for `internet`";
                problems.push(problems::invalid_value(read.origin, message, help));
                return Vec::new();
            }
            all.extend(self.edges(read, problems));
        }
        all
    }

    /// The edges of one traffic. Of ends that do not fit each other the first is told.
    fn edges(
        &self,
        read: &inventory::ProfiledTraffic,
        problems: &mut Diagnostics,
    ) -> Option<ProfiledTraffic> {
        let ends = |ends: &[Reference], which: &str| -> Vec<Reference> {
            ends.iter().flat_map(|end| self.people(end, read, which)).collect()
        };
        let (clients, servers) = (ends(&read.from, "from"), ends(&read.to, "to"));
        let mut edges = Vec::new();
        let mut by_client = Vec::new();
        for client in &clients {
            let begin = edges.len();
            for server in servers.iter().filter(|server| server.value != client.value) {
                for service in &read.services {
                    let edge = edge(read, client, server, *service);
                    match self.connection(&edge) {
                        Ok(edge) => edges.push(edge),
                        Err(problem) => {
                            problems.push(problem);
                            return None;
                        }
                    }
                }
            }
            let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            if edges.len() > begin {
                by_client.push(narrow(begin)..narrow(edges.len()));
            }
        }
        if edges.is_empty() {
            let message = format!("`{}` has nobody to connect to", read.name);
            problems.push(problems::connection_ends(read.origin, message, "name another end under `to`"));
            return None;
        }
        let has_strangers = read.from.iter().chain(&read.to).any(|end| end.value == INTERNET);
        let (name, habits) = (read.name.clone(), read.habits);
        Some(ProfiledTraffic { name, habits, edges, clients: by_client, has_strangers })
    }

    /// Everybody whom an end stands for. Assumed: internet-addresses.
    fn people(&self, end: &Reference, read: &inventory::ProfiledTraffic, which: &str) -> Vec<Reference> {
        if end.value != INTERNET {
            return vec![end.clone()];
        }
        let seed = read.habits.seed.to_string();
        let count = usize::try_from(read.addresses).unwrap_or(usize::MAX);
        let found = self.strangers(read.family.unwrap_or(Family::V4), count, &[&read.name, which, &seed]);
        found.into_iter().map(|address| Located { value: address.to_string(), origin: end.origin }).collect()
    }
}

fn edge(
    read: &inventory::ProfiledTraffic,
    client: &Reference,
    server: &Reference,
    service: Traffic,
) -> inventory::Connection {
    inventory::Connection {
        name: format!("{} {} -> {} {service}", read.name, client.value, server.value),
        from: client.clone(),
        to: server.clone(),
        traffic: service,
        source_port: None,
        ephemeral_ports: read.habits.ephemeral_ports,
        source_address: None,
        family: read.family,
        at: std::time::Duration::ZERO,
        exchange: Exchange { count: 1, timeout: read.habits.patience, ..Exchange::default() },
        bursts: None,
        repeat: inventory::Repeat::default(),
        origin: read.origin,
    }
}
