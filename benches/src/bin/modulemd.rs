//! Reading, merging and writing indexes of modules, beside libmodulemd and a bare scan with libyaml.
//!
//! Each figure is the middle of some rounds; in each round both sides repeat the same work for a while, in processes of
//! their own, one after the other, so that other work on the machine meets both. User processor time, from memory to
//! memory, all that a job makes freed again. Lenient reading unless the case says strict.

use mbs_benches::modulemd::{
    Answer, Comparison, Effort, Files, Goal, Growth, Peers, Program, SHAPES, Shape, generate, serve,
};
use mbs_benches::{Format, Row, median};
use std::error::Error;
use std::path::Path;

/// Rounds of each case.
const ROUNDS: usize = 5;

/// What one side does in one round.
const EFFORT: Effort = Effort { warm_up: 2, at_least: 3, milliseconds: 250 };

/// Processes that each side's memory is measured in.
const PROCESSES: usize = 21;

/// Sizes of the generated indexes that show how reading grows, in millions of bytes, with what is done with each.
const SIZES: [(usize, Effort); 3] = [
    (1, Effort { warm_up: 2, at_least: 10, milliseconds: 0 }),
    (10, Effort { warm_up: 1, at_least: 3, milliseconds: 0 }),
    (100, Effort { warm_up: 0, at_least: 1, milliseconds: 0 }),
];

/// Size of the smaller one of two odd inputs, in bytes.
const ODD: usize = 500_000;

/// How much more a byte of the largest index may cost than one of the smallest.
const LINEAR: f64 = 1.1;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if serve(&args)? {
        return Ok(());
    }
    let files = Files::find()?;
    let bench = Bench {
        format: Format::from_args(&args),
        ours: Program::ours()?,
        ours_for_memory: Program::ours_for_memory()?,
        peers: Peers::compile(files.folder())?,
    };
    note(if files.real { "two real indexes" } else { "two generated indexes: no real ones found" });
    match &bench.peers.libmodulemd {
        Ok(peer) => note(&format!("libmodulemd {}", peer.version()?)),
        Err(absent) => note(&format!("skipped: {absent}")),
    }
    match &bench.peers.libyaml_absent {
        None => note(&format!("libyaml {}", bench.peers.libyaml.version()?)),
        Some(absent) => note(&format!("the scan is that of libyaml-rs: {absent}")),
    }
    let release: &[&Path] = &[&files.release];
    let both: &[&Path] = &[&files.release, &files.updates];
    let results = [
        bench.against_libmodulemd("read", "read", release, 20.0),
        bench.against_libmodulemd("read strict", "read-strict", release, 20.0),
        bench.against_scan(release),
        bench.against_libmodulemd("dump", "dump", release, 15.0),
        bench.against_libmodulemd("read, merge, dump", "merge", both, 20.0),
        bench.memory(&files.release),
        bench.growth(&files),
        bench.shapes(&files),
    ];
    // A job that fails takes no other figure with it.
    let failures: Vec<String> = results.into_iter().filter_map(|result| Some(result.err()?.to_string())).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

struct Bench {
    format: Format,
    ours: Program,
    ours_for_memory: Program,
    peers: Peers,
}

impl Bench {
    fn print(&self, case: String, value: f64, unit: &'static str, peer: Option<(&'static str, f64)>, goal: Goal) {
        Comparison { row: Row { bench: "modulemd", case, value, unit, peer }, goal }.print(self.format);
    }

    fn against_libmodulemd(&self, case: &str, job: &str, files: &[&Path], times: f64) -> Result<(), Box<dyn Error>> {
        let peer = self.peers.libmodulemd.as_ref().ok();
        self.compare(case, (job, &self.ours), peer.map(|peer| (job, peer)), files, times)
    }

    fn against_scan(&self, files: &[&Path]) -> Result<(), Box<dyn Error>> {
        self.compare("read, bare scan", ("read", &self.ours), Some(("scan", &self.peers.libyaml)), files, 2.0)
    }

    /// Three rows: the middle of the rounds, the fastest iteration of all, and instructions where they are counted.
    fn compare(
        &self,
        case: &str,
        ours: (&str, &Program),
        theirs: Option<(&str, &Program)>,
        files: &[&Path],
        times: f64,
    ) -> Result<(), Box<dyn Error>> {
        let (mut mine, mut others) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            mine.push(ours.1.run(ours.0, &EFFORT, files)?);
            if let Some((job, peer)) = theirs {
                others.push(peer.run(job, &EFFORT, files)?);
            }
        }
        let beside = |figure: &dyn Fn(&[Answer]) -> f64| theirs.map(|(_, peer)| (peer.name, figure(&others)));
        let user: &dyn Fn(&[Answer]) -> f64 = &|all| median(&mut all.iter().map(|one| one.user).collect::<Vec<_>>());
        self.print(case.to_owned(), user(&mine), "ms", beside(user), Goal::Faster(times));
        let best: &dyn Fn(&[Answer]) -> f64 = &|all| all.iter().map(|one| one.best).fold(f64::INFINITY, f64::min);
        self.print(format!("{case}: best"), best(&mine), "ms", beside(best), Goal::None);
        let counted: &dyn Fn(&[Answer]) -> f64 =
            &|all| median(&mut all.iter().map(|one| one.instructions.unwrap_or(0.0) / 1e6).collect::<Vec<_>>());
        if counted(&mine) > 0.0 {
            self.print(format!("{case}: counted"), counted(&mine), "M instructions", beside(counted), Goal::None);
        }
        Ok(())
    }

    /// Growth of a fresh process by one read, the buffer with the input included.
    fn memory(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        let peer = self.peers.libmodulemd.as_ref().ok();
        let (mut mine, mut others) = (Vec::new(), Vec::new());
        for _ in 0..PROCESSES {
            mine.push(self.ours_for_memory.memory(file)?);
            if let Some(peer) = peer {
                others.push(peer.memory(file)?);
            }
        }
        let row = |part: &str, figure: fn(&Growth) -> f64, goal| {
            let middle = |all: &[Growth]| median(&mut all.iter().map(figure).collect::<Vec<_>>()) / f64::from(1 << 20);
            let beside = peer.map(|peer| (peer.name, middle(&others)));
            self.print(format!("memory of a read{part}"), middle(&mine), "MiB", beside, goal);
        };
        row("", |growth| growth.peak, Goal::NotMore(1.0));
        row(": own", |growth| growth.own, Goal::None);
        row(": files", |growth| growth.files, Goal::None);
        Ok(())
    }

    /// What a byte costs in larger and larger indexes; the peer of a size is the smallest one.
    fn growth(&self, files: &Files) -> Result<(), Box<dyn Error>> {
        let mut smallest: Option<(f64, f64)> = None;
        for (millions, effort) in SIZES {
            let text = generate(&Shape::of_size(millions * 1_000_000));
            let file = files.write(&text)?;
            let cost = self.cost("read", &effort, &file, text.len())?;
            let memory = self.ours_for_memory.memory(&file)?.peak / cost.bytes;
            let (first, first_memory) = *smallest.get_or_insert((cost.each, memory));
            let (goal, peer) = if millions == SIZES[0].0 { (Goal::None, false) } else { (Goal::NotMore(LINEAR), true) };
            let beside = |figure: f64| peer.then_some(("1 MB", figure));
            self.print(format!("read {millions} MB"), cost.each, cost.unit, beside(first), goal);
            self.print(format!("read {millions} MB: time"), cost.time, "ms", None, Goal::None);
            self.print(format!("read {millions} MB: memory"), memory, "bytes/byte", beside(first_memory), goal);
        }
        Ok(())
    }

    /// The same for odd inputs, which need not be free of errors: a smaller one, and one four times as large.
    fn shapes(&self, files: &Files) -> Result<(), Box<dyn Error>> {
        for (name, make) in SHAPES {
            let cost = |bytes: usize| -> Result<Cost, Box<dyn Error>> {
                let text = make(bytes);
                let effort = Effort { warm_up: 1, at_least: 3, milliseconds: 0 };
                self.cost("read-any", &effort, &files.write(&text)?, text.len())
            };
            let (small, large) = (cost(ODD)?, cost(4 * ODD)?);
            let peer = Some(("a quarter of it", small.each));
            self.print(format!("odd: {name}"), large.each, large.unit, peer, Goal::NotMore(LINEAR));
        }
        Ok(())
    }

    fn cost(&self, job: &str, effort: &Effort, file: &Path, bytes: usize) -> Result<Cost, Box<dyn Error>> {
        let answer = self.ours.run(job, effort, &[file])?;
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        let bytes = bytes as f64;
        // Instructions do not depend on what else the machine does; time does.
        let (each, unit) = match answer.instructions {
            Some(instructions) => (instructions / bytes, "instructions/byte"),
            None => (answer.best * 1e6 / bytes, "ns/byte"),
        };
        Ok(Cost { bytes, each, unit, time: answer.best })
    }
}

/// What reading a text costs.
struct Cost {
    bytes: f64,
    /// For each byte.
    each: f64,
    unit: &'static str,
    /// In milliseconds.
    time: f64,
}

#[expect(clippy::print_stderr, reason = "tells what the figures are about")]
fn note(text: &str) {
    eprintln!("{text}");
}
