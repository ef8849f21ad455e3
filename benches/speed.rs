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
use flowcast::model::Connection;
use flowcast::walk::trace;

/// Connections of a bench, enough to miss the caches as a real stream does.
const STREAM: usize = 20_000;

fn parse(c: &mut Criterion) {
    let text = include_str!("../scenarios/ping.yaml");
    c.bench_function("parse/ping.yaml", |b| {
        b.iter(|| Scenario::parse("ping.yaml", black_box(text)).unwrap())
    });
}

fn resolve(c: &mut Criterion) {
    let mut group = c.benchmark_group("resolve");
    group.sample_size(10);
    for interfaces in [100, 1_000, 10_000] {
        let estate = estate::inventory(Size::of_interfaces(interfaces));
        group.bench_function(format!("{interfaces} interfaces"), |b| {
            b.iter(|| estate::resolve(black_box(&estate)))
        });
    }
}

fn streams(network: &flowcast::model::Network) -> [(&'static str, Vec<Connection>); 2] {
    [("random", traffic::random(network, STREAM)), ("local", traffic::local(network, STREAM))]
}

fn traces(c: &mut Criterion) {
    let network = estate::network(Size::LARGE);
    let mut group = c.benchmark_group("trace");
    for (name, connections) in streams(&network) {
        group.throughput(Throughput::Elements(STREAM as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                connections.iter().map(|connection| trace(&network, connection).cases.len()).sum::<usize>()
            });
        });
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
            let run = || pool.install(|| scenario.run_connections(&connections).to_string().len());
            b.iter_batched(|| (), |()| run(), BatchSize::PerIteration);
        });
    }
}

criterion_group! {
    name = all;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = parse, resolve, traces, run
}
criterion_main!(all);
