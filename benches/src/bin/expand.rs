//! What expansion costs: from the builds in a store to the documents of all results, with their contexts.
//!
//! The builds are stored by one process and expanded over by another one, so that its peak memory is its own.

use mbs_benches::expand::{CASES, Case, document, document_of};
use mbs_benches::modulemd::{Comparison, Goal, Resident};
use mbs_benches::{Format, Row, processor_time};
use mbs_core::clock::Clock;
use mbs_core::resolve::{ExpandOptions, expand, explain, gather};
use mbs_core::store::{Store, StoreProvider};
use mbs_core::submit::import;
use mbs_fetch::SystemClock;
use mbs_store::{SqliteStore, StateDir};
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// The arguments that make this program store the builds of a case in a folder, and measure it there.
const PREPARE: &str = "--prepare";
const CASE: &str = "--case";

/// Builds that are stored in one transaction.
const TOGETHER: usize = 500;

/// Iterations at least, and processor time to spend at least.
const EFFORT: (usize, Duration) = (7, Duration::from_millis(1500));

/// The service whose figures are the peer's.
const PEER: &str = "module-build-service 3.9.2";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [job, name, folder] = args.as_slice()
        && [PREPARE, CASE].contains(&job.as_str())
    {
        let case = CASES.iter().find(|case| case.name == name).ok_or("no such case")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let store = Arc::new(SqliteStore::open(StateDir::create(folder)?)?);
        return if job == PREPARE { runtime.block_on(prepare(case, &*store)) } else { measure(case, &runtime, store) };
    }
    let format = Format::from_args(&args);
    for case in CASES {
        let folder = tempfile::tempdir()?;
        in_own_process(PREPARE, &case, folder.path())?;
        let figures = in_own_process(CASE, &case, folder.path())?;
        let [least, middle, most, explained, memory] = figures.as_slice() else {
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
        print(": explained", *explained, "ms", None, Goal::None);
        if let Some(at_most) = case.memory {
            print(": memory", *memory, "MiB", None, Goal::AtMost(at_most));
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "each case is measured in a process of its own")]
fn in_own_process(job: &str, case: &Case, folder: &Path) -> Result<Vec<f64>, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).args([job, case.name]).arg(folder).output()?;
    if !output.status.success() {
        return Err(format!("case {} failed: {}", case.name, String::from_utf8(output.stderr)?).into());
    }
    Ok(String::from_utf8(output.stdout)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}

/// Stores the builds of a case, as if they were built elsewhere.
async fn prepare(case: &Case, store: &dyn Store) -> Result<(), Box<dyn Error>> {
    let options = ExpandOptions::default();
    let bases = options.base_modules.into_iter().collect();
    for builds in (case.make)()?.builds.chunks(TOGETHER) {
        let new = builds.iter().map(|facts| Ok(import(&document_of(facts), &bases)?.new));
        store.create(&new.collect::<Result<Vec<_>, Box<dyn Error>>>()?, SystemClock.now()).await?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer to the process that measures")]
fn measure(case: &Case, runtime: &tokio::runtime::Runtime, store: Arc<SqliteStore>) -> Result<(), Box<dyn Error>> {
    let (buildrequires, results) = (case.wanted)();
    let document = document(&buildrequires)?;
    let options = ExpandOptions { only_compatible_bases: false, ..ExpandOptions::default() };
    let provider = StoreProvider::new(store, options.base_modules.clone());
    let (mut times, mut explaining) = (Vec::new(), Vec::new());
    let mut spent = Duration::ZERO;
    let mut memory = 0;
    while times.len() < EFFORT.0 || spent < EFFORT.1 {
        let begin = processor_time();
        let universe = runtime.block_on(gather(&provider, std::slice::from_ref(&document), &options))?;
        let found = expand(&universe, &document, &options);
        let took = processor_time().saturating_sub(begin);
        let count = found.as_ref().map(|found| found.results.len()).map_err(Clone::clone)?;
        if count != results {
            return Err(format!("{count} results instead of {results}").into());
        }
        spent += took;
        times.push(took.as_secs_f64() * 1000.0);
        if explaining.is_empty() {
            memory = Resident::now().peak;
            let begin = processor_time();
            drop(explain(&universe, &document, &options, &found));
            explaining.push(processor_time().saturating_sub(begin).as_secs_f64() * 1000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let memory = memory as f64 / f64::from(1 << 20);
    println!("{} {} {} {} {memory}", times[0], times[times.len() / 2], times[times.len() - 1], explaining[0]);
    Ok(())
}
