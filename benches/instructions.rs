//! A fixed amount of work for each hot path, so that its instructions can be counted: `.ci/run instructions` runs this
//! under callgrind and compares the counts with `benches/instructions.txt`. Run by hand it prints times instead:
//! `cargo bench --bench instructions [-- INTERFACES [NAME]]`. With `--json FOLDER [INTERFACES]` it writes the network
//! as AWS would answer it, and beside the folder, in `FOLDER.json`, what `describe-network-interfaces` alone says.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench, not a library"
)]

mod estate;

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use estate::{Size, traffic};
use flowcast::model::{Connection, Network, inventory::Inventory};
use flowcast::walk::{Scratch, trace, verdict};
use flowcast::{Report, Scenario};

/// How often the few connections through gateways are walked.
const ROUNDS: usize = 400;

/// Everything that the operations work on.
struct World {
    estate: Inventory,
    scenario: &'static Scenario,
    random: Vec<Connection>,
    local: &'static [Connection],
    report: Report<'static>,
    /// A few connections through gateways.
    beyond: Scenario,
    /// A few through load balancers.
    balanced: Scenario,
}

impl World {
    fn of(size: Size, connections: usize) -> Self {
        let estate = estate::inventory(size);
        // They live as long as the process, so that the report can refer to them.
        let scenario = Box::leak(Box::new(estate::scenario(estate::resolve(&estate))));
        let random = traffic::random(&scenario.network, connections);
        let local = Vec::leak(traffic::local(&scenario.network, connections));
        let report = scenario.run_connections(local);
        let beyond = Scenario::parse("gateways.yaml", include_str!("gateways.yaml")).unwrap();
        let balanced = Scenario::parse("balancers.yaml", include_str!("balancers.yaml")).unwrap();
        Self { estate, scenario, random, local, report, beyond, balanced }
    }
}

/// One hot path: what it is called, and its work, which returns how often it was done.
struct Operation {
    name: &'static str,
    run: fn(&World) -> usize,
}

/// Every operation. The names of the functions are those that callgrind reports.
static OPERATIONS: &[Operation] = &[
    Operation { name: "parse", run: parse },
    Operation { name: "resolve", run: resolve },
    Operation { name: "trace_random", run: trace_random },
    Operation { name: "trace_local", run: trace_local },
    Operation { name: "trace_gateways", run: trace_gateways },
    Operation { name: "verdict_random", run: verdict_random },
    Operation { name: "verdict_local", run: verdict_local },
    Operation { name: "verdict_gateways", run: verdict_gateways },
    Operation { name: "trace_balancers", run: trace_balancers },
    Operation { name: "verdict_balancers", run: verdict_balancers },
    Operation { name: "run_local", run: run_local },
    Operation { name: "records_to_text", run: records_to_text },
];

#[inline(never)]
fn parse(_: &World) -> usize {
    black_box(Scenario::parse("ping.yaml", include_str!("../scenarios/ping.yaml")).unwrap());
    1
}

#[inline(never)]
fn resolve(world: &World) -> usize {
    black_box(estate::resolve(&world.estate));
    1
}

#[inline(never)]
fn trace_random(world: &World) -> usize {
    traced(&world.scenario.network, &world.random)
}

#[inline(never)]
fn trace_local(world: &World) -> usize {
    traced(&world.scenario.network, world.local)
}

#[inline(never)]
fn trace_gateways(world: &World) -> usize {
    (0..ROUNDS).map(|_| traced(&world.beyond.network, &world.beyond.connections)).sum()
}

#[inline(never)]
fn trace_balancers(world: &World) -> usize {
    (0..ROUNDS).map(|_| traced(&world.balanced.network, &world.balanced.connections)).sum()
}

#[inline(never)]
fn verdict_balancers(world: &World) -> usize {
    (0..ROUNDS).map(|_| judged(&world.balanced.network, &world.balanced.connections)).sum()
}

fn traced(network: &Network, connections: &[Connection]) -> usize {
    for connection in connections {
        black_box(trace(network, connection));
    }
    connections.len()
}

#[inline(never)]
fn verdict_random(world: &World) -> usize {
    judged(&world.scenario.network, &world.random)
}

#[inline(never)]
fn verdict_local(world: &World) -> usize {
    judged(&world.scenario.network, world.local)
}

#[inline(never)]
fn verdict_gateways(world: &World) -> usize {
    (0..ROUNDS).map(|_| judged(&world.beyond.network, &world.beyond.connections)).sum()
}

fn judged(network: &Network, connections: &[Connection]) -> usize {
    let mut scratch = Scratch::default();
    for connection in connections {
        black_box(verdict(network, connection, &mut scratch));
    }
    connections.len()
}

#[inline(never)]
fn run_local(world: &World) -> usize {
    black_box(world.scenario.run_connections(world.local));
    world.local.len()
}

#[inline(never)]
fn records_to_text(world: &World) -> usize {
    world.report.write_records(&mut std::io::sink(), false).unwrap();
    world.report.records.len()
}

/// Time that this thread spent on a processor, where the system tells; others want it too, so that clocks on the wall
/// say little.
fn busy() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stated = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds =
        stated.as_deref().and_then(|text| text.split(' ').next()).and_then(|text| text.parse().ok());
    nanoseconds.map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench").peekable();
    if arguments.next_if_eq("--json").is_some() {
        let folder = arguments.next().expect("a folder");
        let interfaces =
            arguments.next().map_or(10_000, |text| text.parse().expect("a number of interfaces"));
        for (name, text) in estate::json::describe(&estate::inventory(Size::of_interfaces(interfaces))) {
            std::fs::write(std::path::Path::new(&folder).join(name), text)
                .expect("a folder that can be written");
        }
        let alone = estate::json::describe_interfaces(&estate::inventory(Size::of_interfaces(interfaces)));
        std::fs::write(std::path::Path::new(&folder).with_extension("json"), alone)
            .expect("a file beside the folder");
        return;
    }
    let interfaces = arguments.next().map_or(1_000, |text| text.parse().expect("a number of interfaces"));
    let only = arguments.next();
    // Under callgrind each operation runs once; times are the least of several runs.
    let counting = std::env::var_os("COUNT_INSTRUCTIONS").is_some();
    let connections = if counting { 2_000 } else { 100_000 };
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    one_thread.install(|| {
        let world = World::of(Size::of_interfaces(interfaces), connections);
        for operation in
            OPERATIONS.iter().filter(|of| only.as_ref().is_none_or(|only| of.name.contains(only)))
        {
            let times = if counting { 1 } else { 7 };
            let mut least = Duration::MAX;
            let mut count = 0;
            for _ in 0..times {
                let begin = busy();
                count = (operation.run)(black_box(&world));
                least = least.min(busy().saturating_sub(begin));
            }
            let nanoseconds = least.as_nanos() / count.max(1) as u128;
            if counting {
                println!("{} {count}", operation.name);
            } else {
                println!("{:<16} {nanoseconds:>12} ns of processor each, of {count}", operation.name);
            }
        }
    });
}
