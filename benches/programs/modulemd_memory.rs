//! The memory of one read of an index, in a program that holds nothing but the library, as its peer in C does: of a
//! larger one the system maps more pages that nobody asked for.
//!
//! Takes the arguments of a job, `memory WARM_UP AT_LEAST MILLISECONDS FILE`, and reads once whatever the numbers say.

use mbs_benches::modulemd::Resident;
use mbs_core::modulemd::{ModuleIndex, ReadOptions};
use std::error::Error;

#[expect(clippy::print_stdout, reason = "the answer to the process that measures")]
fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(5).ok_or("a job takes its name, three numbers and a file")?;
    let before = Resident::now();
    let bytes = std::fs::read(file)?;
    let reading = ModuleIndex::from_text(&bytes, "index", &ReadOptions::lenient());
    let after = Resident::now();
    if reading.has_errors() {
        return Err("a document was refused".into());
    }
    let grown = after.since(before);
    println!("{} {} {} {}", grown.peak, reading.index.modules().len(), grown.own, grown.files);
    Ok(())
}
