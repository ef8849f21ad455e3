//! `run` of a million connections on one, two and more threads: `cargo bench --bench threads [-- CONNECTIONS THREADS]`.
//!
//! On a busy machine the clock on the wall says little about how well work is shared. So the busiest thread's time on a
//! processor is printed as well: with enough processors to oneself the run takes about as long as that.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench, not a library"
)]

mod busy;
mod estate;

use std::time::{Duration, Instant};

use busy::busy;
use estate::{Size, traffic};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let mut number = |default| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (connections, most_threads) = (number(1_000_000), number(2));
    let scenario = estate::scenario(estate::network(Size::LARGE));
    let connections = traffic::local(&scenario.network, connections);
    let mut alone = (Duration::ZERO, Duration::ZERO);
    for threads in 1..=most_threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let (mut wall, mut busiest, mut records) = (Duration::MAX, Duration::MAX, 0);
        for _ in 0..5 {
            let (before, begin) = (busy(), Instant::now());
            pool.install(|| {
                let report = scenario.run_connections(&connections);
                report.write_records(&mut std::io::sink(), false).expect("nothing can fail here");
                records = report.records.len();
            });
            wall = wall.min(begin.elapsed());
            let since = |(thread, now): (String, Duration)| {
                now.saturating_sub(before.get(&thread).copied().unwrap_or_default())
            };
            busiest = busiest.min(busy().into_iter().map(since).max().unwrap_or_default());
        }
        if threads == 1 {
            alone = (wall, busiest);
        }
        println!(
            "{threads} threads: {records} records in {wall:.2?} ({:.2} x), busiest thread {busiest:.2?} ({:.2} x)",
            alone.0.as_secs_f64() / wall.as_secs_f64(),
            alone.1.as_secs_f64() / busiest.as_secs_f64(),
        );
    }
}
