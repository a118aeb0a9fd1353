//! `mbs index attach`.

use super::load::{Loaded, report_conflicts};
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::to_text;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::{IndexMerger, Merged, Module, ModuleIndex, Priority, ReadOptions, named_kinds};
use mbs_mock::repo::{attach_modules, find_documents};
use serde::Serialize;
use std::path::PathBuf;

/// Put module documents into the metadata of a repository, in place of those it has
///
/// The metadata is changed in one step, and only if no document has an error. Nothing else in it changes. The same
/// repository and documents give the same bytes.
#[derive(Debug, Args)]
pub(crate) struct AttachArgs {
    /// Folder with `repodata`
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Files with the documents, `-` for standard input [default: `modules.yaml` in DIR, else every module document in a
    /// YAML file below DIR]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    modules: Vec<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Done {
    file: String,
    documents: usize,
    removed: Vec<String>,
    stale_signature: Option<String>,
}

pub(crate) fn run(args: &AttachArgs, session: &Session) -> Result<Exit, CliError> {
    let mut merger = IndexMerger::new().strict_streams(true);
    let mut errors = 0;
    for input in inputs(args, session)? {
        let (index, wrong) = input.into_index(session);
        merger.add(index, Priority::default());
        errors += wrong;
    }
    if errors > 0 {
        return Err(CliError::NotAttached { errors });
    }
    let Merged { index, conflicts, .. } = merger.merge()?;
    report_conflicts(&conflicts, session);
    if index.is_empty() {
        return Err(CliError::NoDocuments { place: args.folder.clone() });
    }
    let attached = attach_modules(&args.folder, &index.write())?;
    if let Some(signature) = &attached.stale_signature {
        let text = format!("warning: `{}` no longer fits: sign `repomd.xml` again, or remove it", signature.display());
        session.output.note(&text);
    }
    let shown = |path: &PathBuf| path.display().to_string();
    let done = Done {
        file: shown(&attached.file),
        documents: count(&index),
        removed: attached.removed.iter().map(shown).collect(),
        stale_signature: attached.stale_signature.as_ref().map(shown),
    };
    match session.output.format {
        Format::Json => session.result(&to_text(&done)?)?,
        _ => session.result(&done.file)?,
    }
    Ok(Exit::Success)
}

/// The number of documents.
fn count(index: &ModuleIndex) -> usize {
    let of_module = |module: &Module| {
        usize::from(module.defaults().is_some())
            + module.obsoletes().len()
            + module.translations().len()
            + module.streams().len()
    };
    index.modules().map(of_module).sum::<usize>() + index.unknown_documents().len()
}

/// The files that were named; else those in the folder that mean to hold documents for a repository.
fn inputs(args: &AttachArgs, session: &Session) -> Result<Vec<Loaded>, CliError> {
    let options = ReadOptions::lenient();
    if !args.modules.is_empty() {
        return args.modules.iter().map(|path| Loaded::file(path, &options)).collect();
    }
    let mut inputs = Vec::new();
    for path in find_documents(&args.folder)? {
        let input = Loaded::file(&path, &options)?;
        let kinds: Vec<&str> = named_kinds(&input.text).collect();
        if kinds.is_empty() {
            continue;
        }
        // What a packager writes is built first; only the result is for a repository.
        if kinds.iter().all(|kind| *kind == "modulemd-packager") {
            session.output.note(&format!("`{}` is for building and left out", input.name));
            continue;
        }
        inputs.push(input);
    }
    Ok(inputs)
}
