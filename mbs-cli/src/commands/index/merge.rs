//! `mbs index merge`.

use super::inputs::{ModeArgs, read_all};
use super::load::report_conflicts;
use super::output_file::replace;
use super::text::documents;
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::to_text;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::{IndexMerger, MergeError, Merged, Priority};
use serde_json::json;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Merge files of module documents into one
///
/// Files of one priority are merged in the order given: of two streams with one identity and different content the first
/// stays; of defaults and translations the higher `modified` counts. Files of a higher priority replace defaults whole.
/// What was left out is told on standard error. A document with an error, or two streams of one file with one identity
/// and different content, refuse the whole merge unless `--keep-going` is given.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Files to merge; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Priority of a file, from 0 (the default) to 1000; a higher one counts more. May be given several times
    #[arg(long, value_name = "FILE=N")]
    priority: Vec<String>,
    /// Defaults that are equally new and name different default streams are an error
    #[arg(long)]
    strict_defaults: bool,
    /// Streams of different files with one identity and different content are an error
    #[arg(long)]
    strict_streams: bool,
    /// Leave documents with errors out, merge the others, and end with the code for malformed documents all the same
    #[arg(short, long)]
    keep_going: bool,
    /// Write here, in one step, instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    mode: ModeArgs,
}

pub(crate) fn run(args: &MergeArgs, session: &Session) -> Result<Exit, CliError> {
    let priorities = priorities(args)?;
    let inputs = read_all(&args.files, &args.mode, session)?;
    let left_out = inputs.errors;
    if left_out > 0 && !args.keep_going {
        session.output.error("error: the documents have errors; nothing was merged\n");
        return Ok(Exit::Malformed);
    }
    let mut merger =
        IndexMerger::new().strict_default_streams(args.strict_defaults).strict_streams(args.strict_streams);
    for (input, priority) in inputs.indexes.into_iter().zip(priorities) {
        merger.add(input.index, priority);
    }
    match merger.merge() {
        Ok(merged) => {
            done(&merged, args.output.as_deref(), session)?;
            if left_out == 0 {
                return Ok(Exit::Success);
            }
            session.output.error("error: the documents have errors; only the others were merged\n");
            Ok(Exit::Malformed)
        }
        Err(MergeError::Conflicts { conflicts }) => {
            for conflict in &conflicts {
                session.output.error(&format!("error: {conflict}\n"));
            }
            if session.output.format == Format::Json {
                session.result(&to_text(&json!({ "conflicts": conflicts }))?)?;
            }
            Ok(Exit::Malformed)
        }
        Err(error) => Err(error.into()),
    }
}

fn done(merged: &Merged, output: Option<&Path>, session: &Session) -> Result<(), CliError> {
    report_conflicts(&merged.conflicts, session);
    if let Some(file) = output {
        replace(file, merged.index.write().as_bytes())?;
    }
    let conflicts = &merged.conflicts;
    match (session.output.format, output) {
        (Format::Json, None) => {
            session.result(&to_text(&json!({ "documents": documents(&[&merged.index])?, "conflicts": conflicts }))?)?;
        }
        (Format::Json, Some(file)) => {
            session.result(&to_text(&json!({ "file": file.display().to_string(), "conflicts": conflicts }))?)?;
        }
        (_, None) => session.result(&merged.index.write())?,
        (_, Some(_)) => {}
    }
    Ok(())
}

/// The priorities of the files, in their order.
fn priorities(args: &MergeArgs) -> Result<Vec<Priority>, CliError> {
    let mut priorities = vec![Priority::LOWEST; args.files.len()];
    for given in &args.priority {
        let wrong = |problem: &str| CliError::usage(format!("`--priority {given}`: {problem}"));
        let (file, number) = given.rsplit_once('=').ok_or_else(|| wrong("expected FILE=N"))?;
        let number: u32 = number.parse().map_err(|_| wrong("expected a number from 0 to 1000 behind the `=`"))?;
        let priority = Priority::try_from(number).map_err(|error| wrong(&error.to_string()))?;
        let mut found = false;
        for (path, slot) in args.files.iter().zip(&mut priorities) {
            if path.as_os_str() == OsStr::new(file) {
                *slot = priority;
                found = true;
            }
        }
        if !found {
            return Err(wrong("no such file is merged"));
        }
    }
    Ok(priorities)
}
