//! Storing new builds.

use crate::error::DbError;
use crate::rows::{self, column, nanoseconds, ordered};
use chrono::{DateTime, Utc};
use mbs_core::build::{BuildHeader, Decided, ModuleBuild, NewBuild, submitted};
use mbs_core::store::{BuildSummary, Created, Sibling, StoreError, place};
use mbs_core::{BuildId, ModuleName, StreamName, Version};
use rusqlite::{Connection, OptionalExtension, params};

/// Stores one build; part of a transaction.
pub(super) fn create(tx: &Connection, new: &NewBuild, now: DateTime<Utc>) -> Result<Created, DbError> {
    let siblings = siblings(tx, &new.nsvc.name, &new.nsvc.stream, new.nsvc.version)?;
    let last: Option<i64> = tx
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'builds'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let id = BuildId(rows::number(last.unwrap_or(0)) + 1);
    let mut is_taken = tx.prepare_cached("SELECT 1 FROM builds WHERE folder = ?1")?;
    let mut failure = None;
    let placed = place(new, id, &siblings, now, |folder| {
        is_taken.exists([folder]).map_err(|error| {
            failure = Some(error);
            StoreError::Medium("looking for a result folder failed".to_owned())
        })
    });
    if let Some(error) = failure {
        return Err(error.into());
    }
    let header = placed?;
    let (build, decided) = submitted(header.clone());
    insert(tx, &header, &build, &decided)?;
    Ok(Created { header })
}

fn siblings(
    tx: &Connection,
    name: &ModuleName,
    stream: &StreamName,
    version: Version,
) -> Result<Vec<Sibling>, DbError> {
    let mut statement = tx.prepare_cached(
        "SELECT id, context, scratch, state FROM builds WHERE name = ?1 AND stream = ?2 AND version = ?3 ORDER BY id",
    )?;
    let mut found = statement.query(params![name.as_str(), stream.as_str(), ordered(version.0)])?;
    let mut siblings = Vec::new();
    while let Some(row) = found.next()? {
        let id = BuildId(rows::number(row.get(0)?));
        siblings.push(Sibling {
            id,
            context: rows::name(id, row, 1)?,
            scratch: row.get(2)?,
            state: rows::state(id, row.get(3)?)?,
        });
    }
    Ok(siblings)
}

fn insert(tx: &Connection, header: &BuildHeader, build: &ModuleBuild, first: &Decided) -> Result<(), DbError> {
    let summary = BuildSummary::of(build);
    tx.prepare_cached(
        "INSERT INTO builds (id, name, stream, version, context, owner, scratch, backend, folder, components, submitted, \
         state, reason, blame, batch, revision, complete, running, modified, completed, imported) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
    )?
    .execute(params![
        column(header.id.0),
        header.nsvc.name.as_str(),
        header.nsvc.stream.as_str(),
        ordered(header.nsvc.version.0),
        header.nsvc.context.as_str(),
        header.owner.as_str(),
        header.scratch,
        header.request.backend,
        header.folder,
        column(summary.components),
        nanoseconds(header.submitted)?,
        summary.state.number(),
        summary.reason,
        summary.blame.map(|blame| blame.to_string()),
        summary.batch,
        column(summary.revision),
        column(summary.complete),
        column(summary.running),
        nanoseconds(summary.modified)?,
        summary.completed.map(nanoseconds).transpose()?,
        summary.imported,
    ])?;
    super::notes::note(tx, header)?;
    let mut component = tx.prepare_cached("INSERT INTO components (build, number, name) VALUES (?1, ?2, ?3)")?;
    for (ix, spec, _) in build.components() {
        component.execute(params![column(header.id.0), ix.0, spec.name.as_str()])?;
    }
    super::append::Entry::new(first)?.insert(tx, header.id)
}
