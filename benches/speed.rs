//! How fast it is, by criterion: `cargo bench --bench speed`. Machines are noisy; what must not get slower is counted
//! in instructions, by `benches/instructions.rs`.
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
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use estate::{Size, traffic};
use flowcast::Scenario;
use flowcast::model::{Connection, Network, Outcome};
use flowcast::walk::{Scratch, trace, verdict};

/// Connections of a bench, enough to miss the caches as a real stream does.
const STREAM: usize = 20_000;

fn parse(c: &mut Criterion) {
    let text = include_str!("../scenarios/ping.yaml");
    c.bench_function("parse/ping.yaml", |b| {
        b.iter(|| Scenario::parse("ping.yaml", black_box(text)).unwrap());
    });
}

fn resolve(c: &mut Criterion) {
    let mut group = c.benchmark_group("resolve");
    group.sample_size(10);
    for interfaces in [100, 1_000, 10_000] {
        let estate = estate::inventory(Size::of_interfaces(interfaces));
        group.bench_function(format!("{interfaces} interfaces"), |b| {
            b.iter(|| estate::resolve(black_box(&estate)));
        });
    }
}

/// A network, and connections through it.
type Stream<'a> = (&'static str, &'a Network, Vec<Connection>);

/// Two streams through the large network, and the few connections of a small one that leave by gateways.
fn streams<'a>(large: &'a Network, beyond: &'a Scenario) -> [Stream<'a>; 3] {
    [
        ("random", large, traffic::random(large, STREAM)),
        ("local", large, traffic::local(large, STREAM)),
        ("gateways", &beyond.network, beyond.connections.clone()),
    ]
}

fn beyond() -> Scenario {
    Scenario::parse("gateways.yaml", include_str!("gateways.yaml")).unwrap()
}

fn traces(c: &mut Criterion) {
    let (large, beyond) = (estate::network(Size::LARGE), beyond());
    let mut group = c.benchmark_group("trace");
    for (name, network, connections) in streams(&large, &beyond) {
        group.throughput(Throughput::Elements(connections.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                connections.iter().map(|connection| trace(network, connection).cases.len()).sum::<usize>()
            });
        });
    }
}

fn verdicts(c: &mut Criterion) {
    let (large, beyond) = (estate::network(Size::LARGE), beyond());
    let mut group = c.benchmark_group("verdict");
    let mut scratch = Scratch::default();
    for (name, network, connections) in streams(&large, &beyond) {
        group.throughput(Throughput::Elements(connections.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                let connected = |connection: &&Connection| {
                    verdict(network, connection, &mut scratch).outcome == Outcome::Connected
                };
                connections.iter().filter(connected).count()
            });
        });
    }
}

fn records(c: &mut Criterion) {
    let scenario = estate::scenario(estate::network(Size::LARGE));
    let connections = traffic::local(&scenario.network, 100_000);
    let report = scenario.run_connections(&connections);
    let mut group = c.benchmark_group("records");
    group.throughput(Throughput::Elements(report.records.len() as u64));
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    group.bench_function("to text, one thread", |b| {
        b.iter(|| one_thread.install(|| report.write_records(&mut std::io::sink(), false)).unwrap());
    });
}

fn explain(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let (all, alone) = (folder.path().join("all"), folder.path().join("interfaces.json"));
    std::fs::create_dir(&all).unwrap();
    let estate = estate::inventory(Size::LARGE);
    let mut bytes = 0;
    for (name, text) in estate::json::describe(&estate) {
        bytes += text.len();
        std::fs::write(all.join(name), text).unwrap();
    }
    let interfaces = estate::json::describe_interfaces(&estate);
    std::fs::write(&alone, &interfaces).unwrap();
    let mut group = c.benchmark_group("read and resolve 10 000 interfaces from JSON");
    for (name, path, bytes) in [("of all calls", &all, bytes), ("alone", &alone, interfaces.len())] {
        group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |b| b.iter(|| Scenario::load(path).unwrap()));
    }
}

fn run(c: &mut Criterion) {
    const COUNT: usize = 1_000_000;
    let scenario = estate::scenario(estate::network(Size::LARGE));
    let connections = traffic::local(&scenario.network, COUNT);
    let mut group = c.benchmark_group("run of a million connections");
    group.sample_size(10).throughput(Throughput::Elements(COUNT as u64));
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        group.bench_function(format!("{threads} threads"), |b| {
            let write = || scenario.run_connections(&connections).write_records(&mut std::io::sink(), false);
            b.iter_batched(|| (), |()| pool.install(write).unwrap(), BatchSize::PerIteration);
        });
    }
}

criterion_group! {
    name = all;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = parse, resolve, traces, verdicts, records, explain, run
}
criterion_main!(all);
