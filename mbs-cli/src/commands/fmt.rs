//! `mbs fmt`.

use super::edit::Source;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Output;
use clap::Args;
use mbs_core::modulemd::{
    Code, Compression, ReadOptions, Reading, comments, decode, read, render_all, source_text, write_into,
};
use std::path::{Path, PathBuf};

/// Places that are named of what would be lost.
const NAMED: usize = 5;

/// Write modulemd files in their canonical form
///
/// Each file is replaced at once, and only if that changes it; `-` reads standard input and writes to standard output.
/// Unknown keys and documents are kept. Values keep their text and lose its layout: a folded text (`>`) becomes one long
/// line. A file with several names (hard links) becomes a file of its own under the name given; symbolic links stay.
#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// Files to write anew; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Change nothing; name the files that would change, and end with 1 if there are any
    #[arg(long)]
    check: bool,
    /// Write to this file instead; `-` is standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    output: Option<PathBuf>,
    /// Write files anew though their comments are lost
    #[arg(long)]
    strip_comments: bool,
}

pub(crate) fn run(args: &FmtArgs, output: &Output) -> Result<Exit, CliError> {
    if args.output.is_some() && args.files.len() > 1 {
        return Err(CliError::usage("`--output` takes one file, and several are named"));
    }
    let mut exit = Exit::Success;
    for path in &args.files {
        // One bad file does not keep the others from being written.
        match one(path, args, output) {
            Ok(Exit::Success) => {}
            Ok(other) => exit = worse(exit, other),
            Err(error) if error.is_closed_pipe() => return Err(error),
            Err(error) => {
                output.error(&error.render());
                exit = worse(exit, error.exit());
            }
        }
    }
    Ok(exit)
}

fn worse(one: Exit, other: Exit) -> Exit {
    if other.number() > one.number() { other } else { one }
}

fn one(path: &Path, args: &FmtArgs, output: &Output) -> Result<Exit, CliError> {
    let source = Source::read(path)?;
    let text = canonical(&source, args.strip_comments, output)?;
    let changes = text.as_bytes() != source.bytes();
    if args.check {
        if changes {
            output.result(&source.name())?;
            return Ok(Exit::User);
        }
        return Ok(Exit::Success);
    }
    match &args.output {
        Some(target) => put(target, &text, output)?,
        None if source.is_stream() => output.raw(text.as_bytes())?,
        None if Compression::of(source.bytes()).is_some() => {
            return Err(CliError::usage_hint(
                format!("`{}` is compressed and is not replaced by plain text", source.name()),
                "`--output FILE` writes it there",
            ));
        }
        None if changes => {
            source.replace(text.as_bytes())?;
            output.note(&format!("`{}` was written anew", source.name()));
        }
        None => {}
    }
    Ok(Exit::Success)
}

/// Writes a text to a file at once, or to standard output.
pub(super) fn put(target: &Path, text: &str, output: &Output) -> Result<(), CliError> {
    if target.as_os_str() == "-" {
        return output.raw(text.as_bytes());
    }
    // What is no regular file cannot be replaced, only written to.
    if target.is_file() {
        return Source::read(target)?.replace(text.as_bytes());
    }
    std::fs::write(target, text).map_err(CliError::file("write", target))
}

/// The documents of an input without errors; its warnings are shown.
pub(super) fn documents(source: &Source, output: &Output) -> Result<Reading, CliError> {
    let options = ReadOptions::lenient();
    let reading = read(source.bytes(), &source.name(), &options);
    let text = source_text(source.bytes(), &options.limits);
    if reading.has_errors() {
        return Err(CliError::Faulty {
            file: source.name(),
            errors: reading.diagnostics.iter().filter(|one| one.is_error()).count(),
            diagnostics: reading.diagnostics,
            text,
        });
    }
    if !reading.diagnostics.is_empty() {
        output.note(render_all(&reading.diagnostics, &text).trim_end());
    }
    Ok(reading)
}

/// The text of all documents of a file, if nothing but form is lost.
fn canonical(source: &Source, strip_comments: bool, output: &Output) -> Result<String, CliError> {
    let reading = documents(source, output)?;
    let lose = |what: &str, places: Vec<(u32, u32)>, hint| {
        if places.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> =
            places.iter().take(NAMED).map(|(line, column)| format!("{}:{line}:{column}", source.name())).collect();
        let more = places.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let (file, what) = (source.name(), what.to_owned());
        Err(CliError::WouldLose { file, what, places: format!("at {}{more}", shown.join(", ")), hint })
    };
    let twice = reading.diagnostics.iter().filter(|one| one.code == Code::DuplicateKey);
    lose(
        "keys that stand twice",
        twice.map(|one| (one.line, one.column)).collect(),
        "remove one of each; the last one counts",
    )?;
    if !strip_comments {
        let text = decode(source.bytes(), &ReadOptions::lenient().limits).unwrap_or_default();
        lose("comments", comments(&text), "`--strip-comments` writes it all the same")?;
    }
    let mut text = String::new();
    for document in &reading.documents {
        write_into(&mut text, &document.value);
    }
    Ok(text)
}
