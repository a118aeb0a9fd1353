//! `mbs index search`.

use super::inputs::{ModeArgs, read_all, safe};
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::to_text;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::{Glob, ModuleIndex, ModuleStream, StreamId, StreamQuery};
use serde::Serialize;
use std::ffi::OsString;
use std::path::PathBuf;

/// Find streams in files of module documents
///
/// PATTERN is for the whole of NAME:STREAM:VERSION:CONTEXT:ARCH. In all patterns, `*` is any text (also with colons), `?`
/// one character, `[a-z]` one of a set, `\` takes the meaning from the next character. A part that a document does not
/// have fits no pattern for it. What is found is in the order of the modules' names and, within one, of the file.
#[derive(Debug, Args)]
#[command(override_usage = "mbs index search [OPTIONS] PATTERN FILE...\n       mbs index search [OPTIONS] \
                            <--name|--stream|--version|--context|--arch|--rpm GLOB> FILE...")]
pub(crate) struct SearchArgs {
    /// Pattern, unless options tell what to find; files to search, `-` for standard input
    #[arg(value_name = "PATTERN|FILE", required = true)]
    words: Vec<OsString>,
    /// Streams of these modules
    #[arg(long, value_name = "GLOB")]
    name: Option<String>,
    /// Streams with these names
    #[arg(long, value_name = "GLOB")]
    stream: Option<String>,
    /// Streams with these versions
    #[arg(long, value_name = "GLOB")]
    version: Option<String>,
    /// Streams with these contexts
    #[arg(long, value_name = "GLOB")]
    context: Option<String>,
    /// Streams for these architectures
    #[arg(long, value_name = "GLOB")]
    arch: Option<String>,
    /// Streams that hold these packages, NAME-EPOCH:VERSION-RELEASE.ARCH
    #[arg(long, value_name = "GLOB")]
    rpm: Option<String>,
    #[command(flatten)]
    mode: ModeArgs,
}

#[derive(Debug, Serialize)]
struct Hit {
    file: String,
    id: String,
    name: Option<String>,
    stream: Option<String>,
    /// A string: it may exceed what many readers of JSON take for a number.
    version: String,
    context: Option<String>,
    arch: Option<String>,
    /// The packages that were looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    rpms: Option<Vec<String>>,
}

/// What is looked for.
struct Wanted {
    pattern: Option<Glob>,
    parts: Option<StreamQuery>,
    rpm: Option<Glob>,
}

pub(crate) fn run(args: &SearchArgs, session: &Session) -> Result<Exit, CliError> {
    let (wanted, files) = wanted(args)?;
    let inputs = read_all(&files, &args.mode, session)?;
    let mut hits = Vec::new();
    for input in &inputs.indexes {
        hits.extend(find(&input.index, &wanted).into_iter().map(|(stream, rpms)| Hit {
            file: input.name.clone(),
            id: StreamId::of(stream).to_string(),
            name: stream.name.clone(),
            stream: stream.stream.clone(),
            version: stream.version.to_string(),
            context: stream.context.clone(),
            arch: stream.arch.clone(),
            rpms: rpms.map(|rpms| rpms.into_iter().map(str::to_owned).collect()),
        }));
    }
    if session.output.format == Format::Json {
        session.result(&to_text(&hits)?)?;
    } else {
        let several = inputs.indexes.len() > 1;
        let lines: Vec<String> = hits.iter().flat_map(|hit| lines(hit, several)).collect();
        session.result(&lines.join("\n"))?;
        if hits.is_empty() {
            session.output.note("nothing found");
        }
    }
    Ok(if inputs.errors > 0 { Exit::Malformed } else { Exit::Success })
}

/// One line for a stream, or for each package that was looked for.
fn lines(hit: &Hit, several: bool) -> Vec<String> {
    let file = if several { format!("{}: ", hit.file) } else { String::new() };
    let start = safe(&format!("{file}{}", hit.id));
    match &hit.rpms {
        None => vec![start],
        Some(rpms) => rpms.iter().map(|rpm| format!("{start} {}", safe(rpm))).collect(),
    }
}

fn wanted(args: &SearchArgs) -> Result<(Wanted, Vec<PathBuf>), CliError> {
    let mut parts = StreamQuery::new();
    let glob = |text: &Option<String>| text.as_deref().map(Glob::new);
    parts.name = glob(&args.name);
    parts.stream = glob(&args.stream);
    parts.version = glob(&args.version);
    parts.context = glob(&args.context);
    parts.arch = glob(&args.arch);
    let parts = Some(parts).filter(|parts| *parts != StreamQuery::new());
    let rpm = glob(&args.rpm);
    let mut words = args.words.iter();
    let mut pattern = None;
    if parts.is_none() && rpm.is_none() {
        let first = words.next().and_then(|word| word.to_str());
        pattern = Some(Glob::new(first.ok_or_else(|| CliError::usage("the pattern is not UTF-8 text"))?));
    }
    let files: Vec<PathBuf> = words.map(PathBuf::from).collect();
    if files.is_empty() {
        return Err(CliError::usage_hint("no file to search is named", "`mbs index search PATTERN FILE...`"));
    }
    Ok((Wanted { pattern, parts, rpm }, files))
}

/// The streams of an index that fit, and the packages that were looked for; by module and in the order of the file,
/// whatever was looked for.
fn find<'i>(index: &'i ModuleIndex, wanted: &Wanted) -> Vec<(&'i ModuleStream, Option<Vec<&'i str>>)> {
    let Wanted { pattern, parts, rpm } = wanted;
    let any = Glob::new("*");
    let found = index.search_nsvca_glob(pattern.as_ref().unwrap_or(&any)).into_iter();
    let found = found.filter(|stream| parts.as_ref().is_none_or(|parts| parts.matches(stream)));
    let with_rpms = found.filter_map(|stream| {
        let Some(rpm) = rpm else { return Some((stream, None)) };
        let rpms = stream.artifacts.rpms.iter().map(String::as_str);
        let rpms: Vec<&str> = rpms.filter(|name| rpm.matches(name)).collect();
        (!rpms.is_empty()).then_some((stream, Some(rpms)))
    });
    with_rpms.collect()
}
