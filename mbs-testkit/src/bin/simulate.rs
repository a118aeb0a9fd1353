//! Runs the simulator over many seeds, or shows one.

use mbs_testkit::sim::{Outcome, Simulation, simulate};
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "usage: simulate [--seeds N] [--from S] [--all] [--format text|json] | --seed X";

struct Options {
    seeds: u64,
    from: u64,
    one: Option<u64>,
    json: bool,
    /// Whether to go on after a broken rule, and to name seeds instead of telling all about the first.
    all: bool,
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { seeds: 1000, from: 0, one: None, json: false, all: false };
    while let Some(arg) = args.next() {
        let mut number = || {
            let value = args.next().ok_or_else(|| format!("`{arg}` needs a number"))?;
            value.parse::<u64>().map_err(|error| format!("`{arg} {value}`: {error}"))
        };
        match arg.as_str() {
            "--seeds" => options.seeds = number()?,
            "--from" => options.from = number()?,
            "--all" => options.all = true,
            "--seed" => options.one = Some(number()?),
            "--format" => {
                options.json = match args.next().as_deref() {
                    Some("json") => true,
                    Some("text") => false,
                    other => return Err(format!("`--format` takes `text` or `json`, not {other:?}")),
                }
            }
            _ => return Err(format!("unknown argument `{arg}`\n{USAGE}")),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let result =
        options(std::env::args().skip(1)).map_err(std::io::Error::other).and_then(|options| match options.one {
            Some(seed) => show(seed, &mut out),
            None => many(&options, &mut out),
        });
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

/// One seed with everything that happened.
fn show(seed: u64, out: &mut impl Write) -> std::io::Result<bool> {
    let outcome = simulate(Simulation { full_trace: true, ..Simulation::new(seed) });
    tell(&outcome, out)?;
    Ok(outcome.violation.is_none())
}

fn tell(outcome: &Outcome, out: &mut impl Write) -> std::io::Result<()> {
    for moment in &outcome.trace {
        writeln!(out, "{moment}")?;
    }
    writeln!(out, "seed {}: trace {}", outcome.seed, outcome.hash)?;
    match &outcome.violation {
        None => writeln!(out, "no rule was broken"),
        Some(violation) => {
            writeln!(out, "seed {} breaks a rule: {violation}", outcome.seed)?;
            writeln!(out, "replay it with: cargo xtask simulate --seed {}", outcome.seed)
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the speed is reported; nothing is decided by it")]
fn many(options: &Options, out: &mut impl Write) -> std::io::Result<bool> {
    let begin = Instant::now();
    let (mut builds, mut components, mut tasks, mut crashes) = (0, 0_u32, 0, 0);
    let mut good = true;
    for seed in (0..options.seeds).map(|n| options.from.wrapping_add(n)) {
        let outcome = simulate(Simulation::new(seed));
        builds += outcome.builds;
        components += u32::try_from(outcome.components).unwrap_or(u32::MAX);
        tasks += outcome.tasks;
        crashes += outcome.crashes;
        if let Some(violation) = &outcome.violation {
            good = false;
            if !options.all {
                tell(&outcome, out)?;
                return Ok(false);
            }
            writeln!(out, "seed {seed}: {violation}")?;
        }
    }
    let minutes = begin.elapsed().as_secs_f64().max(1e-9) / 60.0;
    // Builds have fewer than ten components on average: the figure counts builds of ten.
    let of_ten = f64::from(components) / 10.0;
    let per_minute = of_ten / minutes;
    let seeds_per_minute = f64::from(u32::try_from(options.seeds).unwrap_or(u32::MAX)) / minutes;
    if options.json {
        let row = |case: &str, value: f64, unit: &str| {
            serde_json::json!({"bench": "simulate", "case": case, "value": value, "unit": unit}).to_string()
        };
        writeln!(out, "{}", row("builds of 10 components", per_minute, "1/min"))?;
        writeln!(out, "{}", row("seeds", seeds_per_minute, "1/min"))?;
    } else {
        let seeds = options.seeds;
        writeln!(
            out,
            "{seeds} seeds from {}: {}",
            options.from,
            if good { "no rule was broken" } else { "rules were broken" }
        )?;
        writeln!(out, "{builds} builds, {components} components, {tasks} tasks, {crashes} crashes")?;
        writeln!(out, "{per_minute:.0} builds of 10 components per minute, {seeds_per_minute:.0} seeds")?;
    }
    Ok(good)
}
