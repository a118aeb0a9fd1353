//! What expansion costs: from the stored builds to the documents of all results, with their contexts.
//!
//! Each case runs in a process of its own, so that its peak memory is its own.

use mbs_benches::expand::{CASES, Case, Shape, document};
use mbs_benches::modulemd::{Comparison, Goal, Resident};
use mbs_benches::{Format, Row, processor_time};
use mbs_core::resolve::{ExpandOptions, MemoryProvider, Provider, expand, gather};
use std::error::Error;
use std::process::Command;
use std::time::Duration;

/// The argument that makes this program measure one case.
const CASE: &str = "--case";

/// Iterations at least, and processor time to spend at least.
const EFFORT: (usize, Duration) = (7, Duration::from_millis(1500));

/// The service whose figures are the peer's.
const PEER: &str = "module-build-service 3.9.2";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(position) = args.iter().position(|arg| arg == CASE) {
        let name = args.get(position + 1).ok_or("--case takes a name")?;
        return one(CASES.iter().find(|case| case.name == name).ok_or("no such case")?);
    }
    let format = Format::from_args(&args);
    for case in CASES {
        let figures = in_own_process(&case)?;
        let [least, middle, most, memory] = figures.as_slice() else {
            return Err(format!("case {} answered {figures:?}", case.name).into());
        };
        let print = |part: &str, value: f64, unit: &'static str, peer: Option<f64>, goal: Goal| {
            let case = format!("{}{part}", case.name);
            Comparison { row: Row { bench: "expand", case, value, unit, peer: peer.map(|peer| (PEER, peer)) }, goal }
                .print(format);
        };
        print("", *middle, "ms", case.peer, Goal::AtMost(case.at_most));
        print(": best", *least, "ms", None, Goal::None);
        print(": worst", *most, "ms", None, Goal::None);
        if let Some(at_most) = case.memory {
            print(": memory", *memory, "MiB", None, Goal::AtMost(at_most));
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "each case is measured in a process of its own")]
fn in_own_process(case: &Case) -> Result<Vec<f64>, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).args([CASE, case.name]).output()?;
    if !output.status.success() {
        return Err(format!("case {} failed: {}", case.name, String::from_utf8(output.stderr)?).into());
    }
    Ok(String::from_utf8(output.stdout)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}

/// Where the builds come from. Here is the place to put them into a store, and to ask that instead.
fn provider(shape: &mut Shape) -> MemoryProvider {
    MemoryProvider::new(std::mem::take(&mut shape.world.builds))
}

#[expect(clippy::print_stdout, reason = "the answer to the process that measures")]
fn one(case: &Case) -> Result<(), Box<dyn Error>> {
    let mut shape = (case.make)()?;
    let document = document(&shape.buildrequires)?;
    let provider: &dyn Provider = &provider(&mut shape);
    let options = ExpandOptions { only_compatible_bases: false, ..ExpandOptions::default() };
    let mut times = Vec::new();
    let mut spent = Duration::ZERO;
    while times.len() < EFFORT.0 || spent < EFFORT.1 {
        let begin = processor_time();
        let universe = futures::executor::block_on(gather(provider, std::slice::from_ref(&document), &options))?;
        let found = expand(&universe, &document, &options)?;
        let count = found.results.len();
        drop(found);
        drop(universe);
        let took = processor_time().saturating_sub(begin);
        if count != shape.results {
            return Err(format!("{count} results instead of {}", shape.results).into());
        }
        spent += took;
        times.push(took.as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let memory = Resident::now().peak as f64 / f64::from(1 << 20);
    println!("{} {} {} {memory}", times[0], times[times.len() / 2], times[times.len() - 1]);
    Ok(())
}
