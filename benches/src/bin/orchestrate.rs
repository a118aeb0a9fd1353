//! What the engine costs: an instant builder, a durable SQLite store, N components in 10 batches.
//!
//! Each case runs in a process of its own, so that its peak memory is its own.

use mbs_benches::{Format, Row, median, usage};
use mbs_core::build::{ModuleState, NewBuild};
use mbs_core::bus::MemoryBus;
use mbs_core::drive::{Driver, DriverConfig, Ended, Ports};
use mbs_core::plan::{PlanComponent, PlanInput};
use mbs_core::{ComponentName, Version};
use mbs_fetch::SystemClock;
use mbs_store::{SqliteStore, StateDir};
use mbs_testkit::FixedSource;
use mbs_testkit::builder::MemoryBuilder;
use mbs_testkit::fixture::with_input;
use std::error::Error;
use std::process::Command;
use std::sync::Arc;

/// Components that a measured process builds at least, so that the system's clock ticks do not show.
const WORK: usize = 10_000;

const BATCHES: usize = 10;

/// Processes that each case is measured in; the figure is the middle one.
const PROCESSES: usize = 5;

/// What the original service needs, in ms of user CPU per component, measured with its own test builder.
const ORIGINAL: [(usize, f64); 2] = [(100, 31.0), (1000, 94.0)];

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(position) = args.iter().position(|arg| arg == "--case") {
        let count: usize = args.get(position + 1).ok_or("--case takes a number")?.parse()?;
        return one(count);
    }
    let format = Format::from_args(&args);
    for count in [100, 1000, 10_000] {
        let (mut times, mut peaks) = (Vec::new(), Vec::new());
        for _ in 0..PROCESSES {
            let (user, peak) = in_own_process(count)?;
            times.push(user);
            peaks.push(peak);
        }
        let peer =
            ORIGINAL.iter().find(|(n, _)| *n == count).map(|(_, figure)| ("module-build-service 3.9.2", *figure));
        let case = format!("N={count}");
        Row { bench: "orchestrate", case, value: median(&mut times), unit: "ms/component", peer }.print(format);
        let case = format!("N={count} memory");
        Row { bench: "orchestrate", case, value: median(&mut peaks), unit: "MiB", peer: None }.print(format);
    }
    Ok(())
}

/// User milliseconds per component, and peak memory in MiB.
#[expect(clippy::disallowed_methods, reason = "each case is measured in a process of its own")]
fn in_own_process(count: usize) -> Result<(f64, f64), Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).args(["--case", &count.to_string()]).output()?;
    if !output.status.success() {
        return Err(format!("case {count} failed: {}", String::from_utf8(output.stderr)?).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let (user, peak) = text.trim().split_once(' ').ok_or("unexpected output of a case")?;
    Ok((user.parse()?, peak.parse()?))
}

#[expect(clippy::print_stdout, reason = "the answer to the process that measures")]
fn one(count: usize) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let rounds = WORK.div_ceil(count);
    let folder = tempfile::tempdir()?;
    let clock = Arc::new(SystemClock);
    let store = Arc::new(SqliteStore::open(StateDir::create(folder.path())?)?);
    let ports = Ports {
        builder: Arc::new(MemoryBuilder::new(clock.clone())),
        store,
        bus: Arc::new(MemoryBus::new()),
        clock,
        source: Arc::new(FixedSource::new()),
    };
    let before = usage();
    for round in 0..rounds {
        runtime.block_on(build(count, round, &ports))?;
    }
    let after = usage();
    let built = count * rounds;
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let (user, peak) = (
        after.user.saturating_sub(before.user).as_secs_f64() * 1000.0 / built as f64,
        after.peak as f64 / f64::from(1 << 20),
    );
    println!("{user} {peak}");
    Ok(())
}

async fn build(count: usize, round: usize, ports: &Ports) -> Result<(), Box<dyn Error>> {
    let created = ports.store.create(&[module(count, round)?], ports.clock.now()).await?;
    let id = created[0].header.id;
    let mut driver = Driver::new(ports.clone(), DriverConfig::new("bench"));
    driver.attach(id).await?;
    if driver.run(std::future::pending()).await? != Ended::Settled {
        return Err("the driver was stopped".into());
    }
    let build = ports.store.load(id).await?;
    if build.state() != ModuleState::Ready {
        return Err(format!("the build ended in state {}: {:?}", build.state(), build.reason()).into());
    }
    Ok(())
}

fn module(count: usize, round: usize) -> Result<NewBuild, Box<dyn Error>> {
    let mut components = Vec::new();
    for n in 0..count {
        let mut component = PlanComponent::new(ComponentName::new(format!("component-{n:05}"))?);
        component.buildorder = i64::try_from(n * BATCHES / count)?;
        components.push(component);
    }
    let mut new = with_input("bench", &PlanInput { components, modules: Vec::new() });
    new.nsvc.version = Version(u64::try_from(round)? + 1);
    Ok(new)
}
