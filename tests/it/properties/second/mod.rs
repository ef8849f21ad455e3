//! Random networks with NAT gateways, peering, a transit gateway, a virtual private gateway, a gateway endpoint and Block
//! Public Access, judged twice: by the library, and by a plain evaluator.
//!
//! The same networks every time; `PROPERTIES=20` tries twenty times as many.

mod evaluator;
mod gateways;
mod made;
mod packet;
mod random;
mod world;
mod yaml;

use std::collections::BTreeMap;

use flowcast::Scenario;
use flowcast::walk::{Case, Scratch, verdict};
use world::World;

/// Networks that are tried, each with up to a dozen connections.
const NETWORKS: u64 = 400;

/// Decisions on the longest way: no more gateways than the budget of hops, each with what stands before and behind it.
const LONGEST: usize = 3 * 16 * 8;

/// Every connection ends as it does for the plain evaluator, which follows both ways from the tables on each side; and every
/// walk ends.
#[test]
fn a_plain_evaluator_agrees() {
    let factor = std::env::var("PROPERTIES").ok().and_then(|factor| factor.parse::<u64>().ok()).unwrap_or(1);
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in 0..NETWORKS * factor {
        let world = World::random(seed);
        let text = world.yaml();
        let scenario =
            Scenario::parse("random.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let report = scenario.run();
        for (connection, found) in world.connections.iter().zip(&report.connections) {
            let which = || format!("{} of network {seed}: {connection:?} in\n{text}", found.connection.name);
            let short = verdict(&scenario.network, found.connection, &mut Scratch::default());
            assert_eq!((short.outcome, short.symptom), (found.outcome, found.symptom), "{}", which());
            let trace = found.trace();
            let longest = trace.cases.iter().flat_map(Case::legs).map(|(_, leg)| leg.checkpoints.len()).max();
            assert!(longest <= Some(LONGEST), "{longest:?} decisions: {}", which());
            let Some(expected) = evaluator::outcome(&world, connection) else { continue };
            assert_eq!(found.outcome.to_string(), expected, "{}", which());
            *counts.entry(expected).or_default() += 1;
        }
    }
    // Networks in which nothing ever arrives would prove nothing.
    for (outcome, least) in [("connected", 400), ("unanswered", 200), ("depends", 15), ("unknown", 5)] {
        assert!(counts.get(outcome).is_some_and(|count| *count >= least), "{counts:?}");
    }
}
