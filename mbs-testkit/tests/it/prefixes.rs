//! A driver that ends between any two writes: the next one comes to the same end.

use mbs_core::build::ModuleState;
use mbs_testkit::sim::{Outcome, Simulation, simulate};

fn run(seed: u64, crash_at: u64) -> Outcome {
    simulate(Simulation { crash_at: Some(crash_at), ..Simulation::new(seed) })
}

#[test]
fn every_prefix_of_a_history_leads_to_the_same_end() {
    // Batches and graphs, with and without an included module, scratch and not.
    for seed in [0, 1, 2, 3, 4, 5] {
        let undisturbed = run(seed, 0);
        assert!(undisturbed.violation.is_none() && undisturbed.crashes == 0, "{:?}", undisturbed.violation);
        assert!(matches!(undisturbed.results[0].0, ModuleState::Ready | ModuleState::Done));
        for moment in 1..=undisturbed.moments {
            let outcome = run(seed, moment);
            assert!(outcome.violation.is_none(), "seed {seed}, crash at {moment}: {:?}", outcome.violation);
            assert_eq!(outcome.crashes, 1, "seed {seed}, crash at {moment}");
            assert_eq!(outcome.results, undisturbed.results, "seed {seed}, crash at {moment}");
            assert_eq!(outcome.tasks, undisturbed.tasks, "seed {seed}, crash at {moment}: nothing is built twice");
        }
    }
}
