//! `mbs validate`.

use super::input::contents;
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{sarif, to_text};
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::{
    Code, Diagnostic, DocumentKind, Limits, ReadOptions, Severity, read, read_single, render_all, repeated_streams,
    source_text,
};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Check modulemd files and show every problem
///
/// Without `--strict` or `--lenient`, files are held to what a build needs: unknown keys, names that cannot be file
/// names, addresses that git must not be given and circles in `buildafter` are errors. Two streams of one file that have
/// one identity and different content are an error, with `--lenient` a warning. Files may be compressed.
#[derive(Debug, Args)]
#[command(version)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct ValidateArgs {
    /// Files to check; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    files: Vec<PathBuf>,
    /// Hold files to the format only; unknown and repeated keys are errors
    #[arg(long, conflicts_with = "lenient")]
    strict: bool,
    /// Hold files to the format only; unknown and repeated keys are warnings
    #[arg(long)]
    lenient: bool,
    /// Each file must hold exactly one document, and of this kind; `modulemd-v2` takes version 1 too, which becomes that
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = kind_parser())]
    kind: Option<DocumentKind>,
    /// Treat warnings as errors
    #[arg(short = 'W', long)]
    deny_warnings: bool,
    /// Do not show warnings of this code, or of all codes that begin so
    #[arg(long, value_name = "CODE", value_parser = codes)]
    allow: Vec<String>,
    /// Treat warnings of this code, or of all codes that begin so, as errors
    #[arg(long, value_name = "CODE", value_parser = codes)]
    deny: Vec<String>,
    /// List at most so many problems of one document (the limit `problems`, else 1000)
    #[arg(long, value_name = "N")]
    max_problems: Option<NonZeroUsize>,
    /// Explain a code such as `MD0201`
    #[arg(long, value_name = "CODE", conflicts_with = "files")]
    explain: Option<String>,
    /// The same as `-vv`
    #[arg(long, hide = true)]
    pub(crate) debug: bool,
}

pub(super) fn kind_parser() -> impl clap::builder::TypedValueParser<Value = DocumentKind> {
    use clap::builder::{PossibleValuesParser, TypedValueParser as _};
    PossibleValuesParser::new(DocumentKind::ALL.iter().map(|kind| kind.as_str()))
        .map(|text| DocumentKind::parse(&text).expect("one of the possible values"))
}

/// Takes a code, or the beginning of codes.
fn codes(text: &str) -> Result<String, String> {
    let start = text.to_ascii_uppercase();
    if start.len() > 2 && Code::ALL.iter().any(|code| code.as_str().starts_with(&start)) {
        Ok(start)
    } else {
        Err("no code begins so; codes look like `MD0401`".to_owned())
    }
}

pub(crate) fn run(args: &ValidateArgs, session: &Session) -> Result<Exit, CliError> {
    if let Some(code) = &args.explain {
        return explain(code, session);
    }
    let mut all: Vec<Diagnostic> = Vec::new();
    let mut unread = Vec::new();
    let mut exit = Exit::Success;
    for file in &args.files {
        let bytes = match contents(file, &Limits::default()) {
            Ok(bytes) => bytes,
            // The other files are checked all the same.
            Err(error) => {
                session.output.error(&error.render());
                unread.push(error.to_string());
                exit = error.exit();
                continue;
            }
        };
        let diagnostics = check(args, &bytes, &file.display().to_string());
        if session.output.format == Format::Text && !diagnostics.is_empty() {
            let text = source_text(&bytes, &Limits::default());
            session.result(&format!("{}\n", render_all(&diagnostics, &text)))?;
        }
        all.extend(diagnostics);
    }
    match session.output.format {
        Format::Json => session.result(&to_text(&all)?)?,
        Format::Sarif => session.result(&to_text(&sarif(&all, &unread))?)?,
        Format::Text | Format::Dot | Format::Svg => {}
    }
    let errors = all.iter().filter(|one| one.is_error()).count();
    session.output.note(&format!(
        "{}, {}, {}",
        counted(args.files.len(), "file"),
        counted(errors, "error"),
        counted(all.len() - errors, "warning")
    ));
    Ok(if errors > 0 { Exit::Malformed } else { exit })
}

/// Everything there is to say about one file, as the options want it.
fn check(args: &ValidateArgs, bytes: &[u8], file: &str) -> Vec<Diagnostic> {
    let options = match (args.strict, args.lenient) {
        (false, false) => ReadOptions::strict().for_build(),
        (_, false) => ReadOptions::strict(),
        (_, true) => ReadOptions::lenient(),
    }
    .with_advice();
    let problems = args.max_problems.map_or(options.limits.problems, NonZeroUsize::get);
    let options = options.with_limits(options.limits.with_problems(problems));
    let reading = match args.kind {
        Some(kind) => read_single(bytes, file, kind, &options),
        None => read(bytes, file, &options),
    };
    let named = |list: &[String], one: &Diagnostic| list.iter().any(|code| one.code.as_str().starts_with(code));
    let repeated = repeated_streams(&reading, file, &options);
    let mut diagnostics = reading.diagnostics;
    diagnostics.extend(repeated);
    // Stable: what is at one place stays in the order of the reader.
    diagnostics.sort_by_key(|one| (one.document, one.line, one.column));
    diagnostics.retain(|one| one.is_error() || !named(&args.allow, one));
    for one in &mut diagnostics {
        if args.deny_warnings || named(&args.deny, one) {
            one.severity = Severity::Error;
        }
    }
    diagnostics
}

fn explain(code: &str, session: &Session) -> Result<Exit, CliError> {
    let known = Code::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(code));
    let known = known.ok_or_else(|| {
        CliError::usage_hint(
            format!("there is no code `{code}`"),
            "codes look like `MD0201` and stand in every message",
        )
    })?;
    if session.output.format == Format::Json {
        let value = serde_json::json!({"code": known, "explanation": known.explanation()});
        session.result(&to_text(&value)?)?;
    } else {
        session.result(&format!("{known}: {}", known.explanation()))?;
    }
    Ok(Exit::Success)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
