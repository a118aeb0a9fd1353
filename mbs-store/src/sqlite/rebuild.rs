//! Making the projections anew from the log.

use super::append::project;
use super::notes::note;
use super::read::load;
use crate::error::DbError;
use crate::rows::{column, number};
use mbs_core::BuildId;
use mbs_core::store::BuildSummary;
use rusqlite::{Connection, params};

/// All builds, oldest first.
pub(super) fn builds(tx: &Connection) -> Result<Vec<BuildId>, DbError> {
    let mut statement = tx.prepare("SELECT id FROM builds ORDER BY id")?;
    let ids = statement.query_map([], |row| Ok(BuildId(number(row.get(0)?))))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The columns of one build; part of a transaction.
pub(super) fn rebuild(tx: &Connection, id: BuildId) -> Result<(), DbError> {
    let build = load(tx, id)?;
    project(tx, id, &BuildSummary::of(&build))?;
    note(tx, build.header())?;
    tx.prepare_cached("UPDATE builds SET imported = ?2 WHERE id = ?1")?
        .execute(params![column(id.0), build.request().imported])?;
    let mut statement = tx.prepare_cached(
        "INSERT OR REPLACE INTO components (build, number, name, milliseconds) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (ix, spec, component) in build.components() {
        let milliseconds = component.built.as_ref().and_then(|built| built.milliseconds).map(column);
        statement.execute(params![column(id.0), ix.0, spec.name.as_str(), milliseconds])?;
    }
    Ok(())
}
