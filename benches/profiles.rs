//! A day of traffic of profiles, from ten thousand connections to ten million, on one thread and on two:
//! `cargo bench --bench profiles [-- MOST_CONNECTIONS THREADS]`.
//!
//! As in `threads`, the busiest thread's time on a processor is what counts on a busy machine. The pairs of a client and
//! a service are the same however many connections they have, and are walked once, before all else: that is measured by
//! itself, and what a record costs is what is left. The memory is the most that the process has had, from the smallest
//! run on.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a bench, not a library"
)]

mod busy;

use std::convert::Infallible;
use std::time::{Duration, Instant};

use busy::busy;
use flowcast::Scenario;

/// A shop: clients of the internet, a load balancer, a web tier, a database, and who knocks at the door.
const SHOP: &str = "
start: 2026-03-02T00:00:00Z
duration: 24h
vpcs: [{name: shop, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
subnets:
  - {name: public, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}
  - {name: private, cidr_block: 10.0.1.0/24}
security_groups:
  - {name: sg-lb, ingress: [allow tcp 443 from 0.0.0.0/0], egress: [allow tcp 80 to sg-web]}
  - {name: sg-web, ingress: [allow tcp 80 from sg-lb], egress: [allow tcp 5432 to sg-db]}
  - {name: sg-db, ingress: [allow tcp 5432 from sg-web]}
instances:
  - {name: lb-1, subnet: public, security_groups: [sg-lb], private_ip: 10.0.0.10, public_ip: 203.0.113.10}
  - {name: lb-2, subnet: public, security_groups: [sg-lb], private_ip: 10.0.0.11, public_ip: 203.0.113.11}
  - {name: web-1, subnet: private, security_groups: [sg-web], private_ip: 10.0.1.20}
  - {name: web-2, subnet: private, security_groups: [sg-web], private_ip: 10.0.1.21}
  - {name: web-3, subnet: private, security_groups: [sg-web], private_ip: 10.0.1.22}
  - {name: db, subnet: private, security_groups: [sg-db], private_ip: 10.0.1.30}
traffic:
";

/// The shop with so many connections a day: of a hundred, 55 come from the internet, 25 go on to the web tier, 5 to the
/// database, and 15 are scans.
fn shop(connections: u64) -> Scenario {
    let rate = |percent: u64| (connections * percent / 100).max(1);
    let text = format!(
        "{SHOP}
  - {{profile: web-tier, from: internet, to: [lb-1, lb-2], rate: {}/d, addresses: 2000}}
  - {{name: calls, profile: web-tier, from: [lb-1, lb-2], to: [web-1, web-2, web-3], tcp: 80, rate: {}/d}}
  - {{profile: database, from: [web-1, web-2, web-3], to: db, rate: {}/d, lasts: 20s}}
  - {{profile: internet-scan, from: internet, to: [lb-1, lb-2], rate: {}/d}}
",
        rate(55),
        rate(25),
        rate(5),
        rate(15)
    );
    Scenario::parse("shop.yaml", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// The most memory that this process has had, in megabytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the system tells of its processes");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it tells of memory");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

/// How long the day of a shop takes, by the clock on the wall and by its busiest thread, the least of three.
struct Run {
    records: usize,
    wall: Duration,
    busiest: Duration,
}

impl Run {
    fn of(connections: u64, threads: usize) -> Self {
        let scenario = shop(connections);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let mut least = Self { records: 0, wall: Duration::MAX, busiest: Duration::MAX };
        for _ in 0..3 {
            let (before, begin) = (busy(), Instant::now());
            least.records = 0;
            pool.install(|| {
                let run = scenario.run_in_parts(|part, _| {
                    part.write_records(&mut std::io::sink(), false).expect("nothing can fail here");
                    least.records += part.records.len();
                    Ok::<(), Infallible>(())
                });
                drop(run);
            });
            least.wall = least.wall.min(begin.elapsed());
            let since = |(thread, now): (String, Duration)| {
                now.saturating_sub(before.get(&thread).copied().unwrap_or_default())
            };
            least.busiest = least.busiest.min(busy().into_iter().map(since).max().unwrap_or_default());
        }
        least
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let mut number = |default| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (most, most_threads) = (number(1_000_000), number(2));
    let walks: Vec<Duration> = (1..=most_threads).map(|threads| Run::of(0, threads).busiest).collect();
    println!("walking the pairs, by threads: {walks:.2?}");
    let sizes = [10_000, 100_000, 1_000_000, 10_000_000].into_iter().filter(|size| *size <= most as u64);
    for connections in sizes {
        let mut alone = Duration::ZERO;
        for (threads, walk) in (1..).zip(&walks) {
            let Run { records, wall, busiest } = Run::of(connections, threads);
            if threads == 1 {
                alone = busiest;
            }
            println!(
                "{connections} connections, {threads} threads: {records} records in {wall:.2?}, busiest thread \
                 {busiest:.2?} ({:.2} x), without the walk {:.2} million records per second and core, {} MB",
                alone.as_secs_f64() / busiest.as_secs_f64(),
                records as f64 / busiest.saturating_sub(*walk).as_secs_f64() / threads as f64 / 1e6,
                most_memory()
            );
        }
    }
}
