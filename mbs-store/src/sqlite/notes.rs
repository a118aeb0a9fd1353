//! What is noted of each build for those who resolve dependencies, and the questions that it answers.

use crate::error::DbError;
use crate::rows::{self, SUMMARY_COLUMNS, column, json, number, summary, unordered};
use mbs_core::build::{BuildHeader, Change, ModuleState};
use mbs_core::store::{BuildSummary, ModuleNotes, StoredModule};
use mbs_core::{BuildId, ModuleName, Nsvc, StreamName, Version};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// Writes the notes of a build; part of a transaction.
pub(crate) fn note(tx: &Connection, header: &BuildHeader) -> Result<(), DbError> {
    tx.prepare_cached("INSERT OR REPLACE INTO notes (build, notes) VALUES (?1, ?2)")?
        .execute(params![column(header.id.0), json(&ModuleNotes::of(header))?])?;
    Ok(())
}

/// Makes the notes of all builds that have none; part of a transaction. A release that notes more than the one before brings
/// a migration that deletes all of them. A build whose log cannot be read gets none: loading
/// it tells what is wrong.
pub(crate) fn note_all(tx: &Connection) -> Result<(), DbError> {
    let mut statement = tx.prepare(
        "SELECT changes FROM log WHERE revision = 1 AND NOT EXISTS (SELECT 1 FROM notes WHERE notes.build = log.build)",
    )?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let Ok(text) = row.get_ref(0)?.as_str() else { continue };
        let Ok(changes) = serde_json::from_str::<Vec<Change>>(text) else { continue };
        if let Some(Change::Created { header }) = changes.first() {
            note(tx, header)?;
        }
    }
    Ok(())
}

/// Builds of a module that are not scratch builds, the oldest first.
pub(super) fn modules(tx: &Connection, name: &ModuleName) -> Result<Vec<StoredModule>, DbError> {
    let mut statement = tx.prepare_cached(
        "SELECT id, stream, version, context, state, folder, notes FROM builds LEFT JOIN notes ON notes.build = builds.id \
         WHERE name = ?1 AND NOT scratch ORDER BY id",
    )?;
    let mut found = statement.query([name.as_str()])?;
    let mut modules = Vec::new();
    while let Some(row) = found.next()? {
        let id = BuildId(number(row.get(0)?));
        let notes = match row.get_ref(6)?.as_str_or_null().map_err(|error| rows::bad(id, &error.to_string()))? {
            Some(text) => serde_json::from_str(text).map_err(|error| rows::bad(id, &error.to_string()))?,
            None => ModuleNotes::default(),
        };
        modules.push(StoredModule {
            id,
            nsvc: Nsvc {
                name: name.clone(),
                stream: rows::name(id, row, 1)?,
                version: Version(unordered(row.get(2)?)),
                context: rows::name(id, row, 3)?,
            },
            state: rows::state(id, row.get(4)?)?,
            folder: row.get(5)?,
            notes: Arc::new(notes),
        });
    }
    Ok(modules)
}

/// Builds of a stream whose components may be taken, the one that was completed last first.
pub(super) fn reusable(tx: &Connection, name: &ModuleName, stream: &StreamName) -> Result<Vec<BuildSummary>, DbError> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT {SUMMARY_COLUMNS} FROM builds WHERE name = ?1 AND stream = ?2 AND state = ?3 AND NOT scratch \
         AND NOT imported ORDER BY completed DESC, id DESC"
    ))?;
    let mut found = statement.query(params![name.as_str(), stream.as_str(), ModuleState::Ready.number()])?;
    let mut summaries = Vec::new();
    while let Some(row) = found.next()? {
        summaries.push(summary(row)?);
    }
    Ok(summaries)
}
