//! The files that a command about indexes works on.

use super::load::Loaded;
use crate::error::CliError;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::{ModuleIndex, ReadOptions};
use std::path::PathBuf;

/// How files are read, and nothing else.
#[derive(Debug, Args)]
pub(super) struct ModeArgs {
    /// Read strictly: unknown keys, duplicate keys and documents that are not understood are errors
    #[arg(long, conflicts_with = "lenient")]
    strict: bool,
    /// Read leniently: they are warnings, and kept (the default)
    #[arg(long)]
    lenient: bool,
}

impl ModeArgs {
    pub(super) fn options(&self) -> ReadOptions {
        if self.strict { ReadOptions::strict() } else { ReadOptions::lenient() }
    }
}

/// The index of one file.
pub(super) struct Input {
    /// The file's name as given.
    pub(super) name: String,
    pub(super) index: ModuleIndex,
}

/// The indexes of files, and how many errors they have; a bad document is left out of its index.
pub(super) struct Inputs {
    pub(super) indexes: Vec<Input>,
    pub(super) errors: usize,
}

/// Reads each file into an index of its own, and tells on standard error what is wrong.
pub(super) fn read_all(files: &[PathBuf], mode: &ModeArgs, session: &Session) -> Result<Inputs, CliError> {
    let options = mode.options();
    let mut inputs = Inputs { indexes: Vec::new(), errors: 0 };
    for file in files {
        let loaded = Loaded::file(file, &options)?;
        let name = loaded.name.clone();
        let (index, errors) = loaded.into_index(session);
        inputs.errors += errors;
        inputs.indexes.push(Input { name, index });
    }
    Ok(inputs)
}

/// A text without what would move the cursor of a terminal.
pub(super) fn safe(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}
