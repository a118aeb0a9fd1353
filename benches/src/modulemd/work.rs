//! The jobs, done by mbs.

use super::child::{Effort, SERVE};
use super::measure::measure;
use super::scan::scan;
use mbs_core::modulemd::{IndexMerger, ModuleIndex, Priority, ReadOptions, read};
use std::error::Error;

/// Does a job if the arguments ask for one, and answers on standard output; `false` if they do not.
///
/// # Errors
/// A file that cannot be read, a document with an error, arguments nobody understands.
pub fn serve(args: &[String]) -> Result<bool, Box<dyn Error>> {
    let Some((SERVE, rest)) = args.split_first().map(|(first, rest)| (first.as_str(), rest)) else {
        return Ok(false);
    };
    let [job, warm_up, at_least, milliseconds, files @ ..] = rest else {
        return Err("a job takes three numbers and files".into());
    };
    let effort = Effort { warm_up: warm_up.parse()?, at_least: at_least.parse()?, milliseconds: milliseconds.parse()? };
    let file = files.first().ok_or("a job takes a file")?;
    let bytes = std::fs::read(file)?;
    let cost = match job.as_str() {
        "read" => measure(&effort, || modules(&bytes, &ReadOptions::lenient())),
        "read-strict" => measure(&effort, || modules(&bytes, &ReadOptions::strict())),
        "dump" => {
            let index = index(&bytes, &ReadOptions::lenient())?;
            measure(&effort, || index.write().len() as u64)
        }
        "merge" => {
            let second = std::fs::read(files.get(1).ok_or("merging takes two files")?)?;
            measure(&effort, || merged(&bytes, &second).unwrap_or(0))
        }
        // Never 0: whatever is wrong with the input, it was read.
        "read-any" => measure(&effort, || 1 + read(&bytes, "input", &ReadOptions::lenient()).diagnostics.len() as u64),
        "scan" => measure(&effort, || scan(&bytes)),
        other => Err(format!("no job `{other}`").into()),
    }?;
    let nanoseconds = |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    answer(&[nanoseconds(cost.user), nanoseconds(cost.best), cost.instructions, cost.result]);
    Ok(true)
}

/// The index, all of whose documents must be good.
fn index(bytes: &[u8], options: &ReadOptions) -> Result<ModuleIndex, Box<dyn Error>> {
    let reading = ModuleIndex::from_text(bytes, "index", options);
    if reading.has_errors() { Err("a document was refused".into()) } else { Ok(reading.index) }
}

/// Number of modules in the index; 0 if a document was refused.
fn modules(bytes: &[u8], options: &ReadOptions) -> u64 {
    index(bytes, options).map_or(0, |index| index.modules().len() as u64)
}

/// Length of what two indexes of one priority give together.
fn merged(first: &[u8], second: &[u8]) -> Result<u64, Box<dyn Error>> {
    let mut merger = IndexMerger::new();
    merger.add(index(first, &ReadOptions::lenient())?, Priority::LOWEST);
    merger.add(index(second, &ReadOptions::lenient())?, Priority::LOWEST);
    Ok(merger.merge()?.index.write().len() as u64)
}

#[expect(clippy::print_stdout, reason = "the answer to the process that measures")]
fn answer(figures: &[u64]) {
    let words: Vec<String> = figures.iter().map(u64::to_string).collect();
    println!("{}", words.join(" "));
}
