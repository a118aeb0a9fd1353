//! `mbs index show`.

use super::inputs::{ModeArgs, read_all, safe};
use super::text::print;
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::table;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::{Lives, Minute, Module, ModuleIndex, ModuleStream, StreamLife};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Show what is in files of module documents
///
/// One line for each stream document: `[d]` marks default streams and default profiles. With `--format json`, all
/// documents with all keys.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Files to show; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Mark the defaults for machines of this purpose
    #[arg(long, value_name = "NAME")]
    intent: Option<String>,
    #[command(flatten)]
    mode: ModeArgs,
}

pub(crate) fn run(args: &ShowArgs, session: &Session) -> Result<Exit, CliError> {
    let inputs = read_all(&args.files, &args.mode, session)?;
    if session.output.format == Format::Json {
        let indexes: Vec<&ModuleIndex> = inputs.indexes.iter().map(|input| &input.index).collect();
        print(&indexes, session)?;
    } else {
        let view = View { intent: args.intent.as_deref(), now: Minute::of(session.clock.now()) };
        for (number, input) in inputs.indexes.iter().enumerate() {
            if inputs.indexes.len() > 1 {
                let gap = if number > 0 { "\n" } else { "" };
                session.result(&format!("{gap}{}:", safe(&input.name)))?;
            }
            session.result(&view.text(&input.index))?;
            session.output.note(&summary(&input.index));
        }
    }
    Ok(if inputs.errors > 0 { Exit::Malformed } else { Exit::Success })
}

/// How many of what.
fn summary(index: &ModuleIndex) -> String {
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let known = format!(
        "{}, {}",
        counted(index.modules().len(), "module"),
        counted(index.streams().count(), "stream document")
    );
    let unknown: Vec<String> = index.unknown_documents().map(|entry| format!("`{}`", entry.value().kind)).collect();
    if unknown.is_empty() { known } else { format!("{known}, not understood: {}", safe(&unknown.join(", "))) }
}

/// What a table of streams depends on.
struct View<'a> {
    intent: Option<&'a str>,
    now: Minute,
}

impl View<'_> {
    fn text(&self, index: &ModuleIndex) -> String {
        let rows: Vec<_> = index.modules().flat_map(|module| self.module(module)).collect();
        if rows.is_empty() {
            return String::new();
        }
        table(["MODULE", "STREAM", "VERSION", "CONTEXT", "ARCH", "PROFILES", "STATUS", "SUMMARY"], &rows)
    }

    /// Streams by name, the highest version first; behind them what is known of streams without a document.
    fn module(&self, module: &Module) -> Vec<[String; 8]> {
        let mut streams: Vec<&ModuleStream> = module.streams().collect();
        streams.sort_by_key(|one| (&one.stream, Reverse(one.version), &one.context, &one.arch));
        let lives = module.lives(self.now);
        let mut rows: Vec<_> = streams.iter().map(|stream| self.stream(module, &lives, stream)).collect();
        let documented: BTreeSet<&str> = streams.iter().filter_map(|one| one.stream.as_deref()).collect();
        rows.extend(
            named(module)
                .into_iter()
                .filter(|name| !documented.contains(name))
                .map(|name| self.name_only(module, &lives, name)),
        );
        rows
    }

    fn stream(&self, module: &Module, lives: &Lives<'_>, stream: &ModuleStream) -> [String; 8] {
        let name = stream.stream.as_deref().unwrap_or_default();
        let defaults = module.default_profiles(name, self.intent);
        let profiles = stream.profiles.keys().map(|profile| {
            let default = defaults.is_some_and(|defaults| defaults.contains(profile));
            marked(profile, default)
        });
        [
            safe(module.name()),
            self.marked_stream(module, name),
            if stream.version == 0 { String::new() } else { stream.version.to_string() },
            safe(stream.context.as_deref().unwrap_or_default()),
            safe(stream.arch.as_deref().unwrap_or_default()),
            profiles.collect::<Vec<_>>().join(", "),
            status(&lives.of(name, stream.context.as_deref())),
            safe(stream.summary.as_deref().unwrap_or_default()),
        ]
    }

    fn name_only(&self, module: &Module, lives: &Lives<'_>, name: &str) -> [String; 8] {
        let profiles = module.default_profiles(name, self.intent);
        let profiles = profiles.into_iter().flatten().map(|profile| marked(profile, true));
        let life = status(&lives.of(name, None));
        let none = String::new;
        let profiles = profiles.collect::<Vec<_>>().join(", ");
        [safe(module.name()), self.marked_stream(module, name), none(), none(), none(), profiles, life, none()]
    }

    fn marked_stream(&self, module: &Module, name: &str) -> String {
        marked(name, module.default_stream(self.intent) == Some(name))
    }
}

fn marked(name: &str, default: bool) -> String {
    format!("{}{}", safe(name), if default { " [d]" } else { "" })
}

/// The streams that other documents than those of streams name.
fn named(module: &Module) -> BTreeSet<&str> {
    let defaults = module.defaults();
    let default_streams = defaults.into_iter().flat_map(|defaults| {
        let general = defaults.stream.as_ref().into_iter().chain(defaults.profiles.keys());
        general
            .chain(defaults.intents.values().flat_map(|one| one.stream.as_ref().into_iter().chain(one.profiles.keys())))
    });
    let obsoletes = module.obsoletes().map(|entry| entry.value().stream.as_str());
    let translations = module.translations().map(|(stream, _)| stream);
    let all = default_streams.map(String::as_str).chain(obsoletes).chain(translations);
    all.filter(|stream| !stream.is_empty()).collect()
}

/// Whether a stream has come, or will come, to its end.
fn status(life: &StreamLife<'_>) -> String {
    let next = |obsoletes: &mbs_core::modulemd::Obsoletes| {
        let next = obsoletes.obsoleted_by.as_ref();
        next.map(|next| format!(" by {}:{}", safe(&next.module), safe(&next.stream))).unwrap_or_default()
    };
    match (life.obsoleted(), life.planned) {
        (Some(obsoletes), _) => match (&obsoletes.obsoleted_by, obsoletes.eol_date) {
            (Some(_), _) => format!("obsoleted{}", next(obsoletes)),
            (None, Some(date)) => format!("eol {date}"),
            (None, None) => "eol".to_owned(),
        },
        (None, Some(obsoletes)) => {
            let date = obsoletes.eol_date.map(|date| date.to_string()).unwrap_or_default();
            match &obsoletes.obsoleted_by {
                Some(_) => format!("obsoleted{} on {date}", next(obsoletes)),
                None => format!("eol on {date}"),
            }
        }
        (None, None) => String::new(),
    }
}
