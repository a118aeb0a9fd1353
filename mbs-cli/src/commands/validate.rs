//! `mbs validate`.

use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::to_text;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::{Diagnostic, ReadOptions, decode, read, render_all};
use std::io::Read as _;
use std::path::PathBuf;

/// Check modulemd files and show every problem
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Files to check; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &ValidateArgs, session: &Session) -> Result<Exit, CliError> {
    let mut all: Vec<Diagnostic> = Vec::new();
    let mut unread = None;
    for file in &args.files {
        let bytes = if file.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            std::fs::read(file)
        };
        let bytes = match bytes.map_err(CliError::file("read", file)) {
            Ok(bytes) => bytes,
            // The other files are checked all the same.
            Err(error) => {
                session.output.error(&error.render());
                unread = Some(error.exit());
                continue;
            }
        };
        let reading = read(&bytes, &file.display().to_string(), &ReadOptions::strict().for_build());
        if session.output.format == Format::Text && !reading.diagnostics.is_empty() {
            let options = ReadOptions::strict();
            // What cannot be unpacked has no lines to show.
            let text = crate::logs::lossless(&decode(&bytes, &options.limits).unwrap_or_default());
            session.result(&format!("{}\n", render_all(&reading.diagnostics, &text)))?;
        }
        all.extend(reading.diagnostics);
    }
    if session.output.format == Format::Json {
        session.result(&to_text(&all)?)?;
    }
    let errors = all.iter().filter(|one| one.is_error()).count();
    session.output.note(&format!(
        "{}, {}, {}",
        counted(args.files.len(), "file"),
        counted(errors, "error"),
        counted(all.len() - errors, "warning")
    ));
    Ok(if errors > 0 { Exit::Malformed } else { unread.unwrap_or(Exit::Success) })
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
