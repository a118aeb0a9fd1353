//! How fast the simulator is: module builds of ten components with faults, on one thread.

use mbs_benches::{Format, Row, median, usage};
use mbs_testkit::sim::{Simulation, simulate};
use std::error::Error;

/// Seeds of one measurement.
const SEEDS: u64 = 2000;

/// Measurements.
const RUNS: u64 = 5;

/// Components of the builds that are counted: those of the seeds have between one and ten.
const SIZE: f64 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (mut builds, mut seeds) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let before = usage();
        let mut components = 0_u32;
        for seed in run * SEEDS..(run + 1) * SEEDS {
            let outcome = simulate(Simulation::new(seed));
            if let Some(violation) = outcome.violation {
                return Err(format!("seed {seed} breaks a rule: {violation}").into());
            }
            components += u32::try_from(outcome.components)?;
        }
        let after = usage();
        // Processor time of the one thread: other work on the machine does not count.
        let spent = (after.user + after.system).saturating_sub(before.user + before.system);
        let minutes = spent.as_secs_f64() / 60.0;
        builds.push(f64::from(components) / SIZE / minutes);
        seeds.push(f64::from(u32::try_from(SEEDS)?) / minutes);
    }
    let format = Format::from_args(&args);
    let row = |case: &str, value, unit| Row { bench: "simulator", case: case.to_owned(), value, unit, peer: None };
    row("components=10", median(&mut builds), "builds/minute").print(format);
    row("seeds", median(&mut seeds), "seeds/minute").print(format);
    Ok(())
}
