//! Inputs with module documents: reading them, and telling what is wrong with them.

use super::super::input::contents;
use crate::error::CliError;
use crate::session::Session;
use mbs_core::modulemd::{Conflict, Extended, ModuleIndex, ReadOptions, Reading, read, render_all, source_text};
use std::path::Path;

/// One input.
pub(crate) struct Loaded {
    /// Its name in diagnostics.
    pub(crate) name: String,
    /// Its text, for showing lines of it.
    pub(crate) text: String,
    /// What was found in it.
    pub(crate) reading: Reading,
}

impl Loaded {
    /// From bytes, plain or compressed.
    pub(crate) fn of(bytes: &[u8], name: String, options: &ReadOptions) -> Self {
        let reading = read(bytes, &name, options);
        let text = source_text(bytes, &options.limits);
        Self { name, text, reading }
    }

    /// From a file; `-` is standard input.
    pub(crate) fn file(path: &Path, options: &ReadOptions) -> Result<Self, CliError> {
        Ok(Self::of(&contents(path, &options.limits)?, path.display().to_string(), options))
    }

    /// Its documents as an index. Tells on standard error what is wrong. Gives the number of errors beside the index.
    pub(crate) fn into_index(self, session: &Session) -> (ModuleIndex, usize) {
        let errors = self.report(session);
        let mut index = ModuleIndex::new();
        let Extended { conflicts, refused, .. } = index.extend(self.reading, &self.name);
        for refused in &refused {
            session.output.error(&format!("error: {refused}\n"));
        }
        report_conflicts(&conflicts, session);
        (index, errors + refused.len())
    }

    /// Tells on standard error what is wrong; warnings not if told to be quiet. Gives the number of errors.
    fn report(&self, session: &Session) -> usize {
        let diagnostics = &self.reading.diagnostics;
        let errors: Vec<_> = diagnostics.iter().filter(|one| one.is_error()).collect();
        session.output.error(&with_end(render_all(errors.iter().copied(), &self.text)));
        session.output.note_lines(&render_all(diagnostics.iter().filter(|one| !one.is_error()), &self.text));
        errors.len()
    }
}

/// Tells on standard error which documents disagree, unless told to be quiet.
pub(crate) fn report_conflicts(conflicts: &[Conflict], session: &Session) {
    for conflict in conflicts.iter().filter(|conflict| conflict.is_loss()) {
        session.output.note(&format!("warning: {conflict}"));
    }
}

fn with_end(mut text: String) -> String {
    if !text.is_empty() {
        text.push('\n');
    }
    text
}
