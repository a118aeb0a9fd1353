//! Bringing a file to the present schema.

use crate::error::DbError;
use crate::sqlite::notes::note_all;
use mbs_core::store::StoreError;
use rusqlite::{Connection, TransactionBehavior};

/// Scripts that lead from schema n to schema n + 1.
const MIGRATIONS: [&str; 3] =
    [include_str!("0001_builds.sql"), include_str!("0002_components.sql"), include_str!("0003_notes.sql")];

/// The schema that this release writes. Older ones are migrated, newer ones are refused.
pub const SCHEMA: i64 = 3;

/// Marks the file as ours: `mbs` and a zero byte.
const APPLICATION_ID: i64 = 0x6d62_7300;

/// Creates or migrates the tables. Two processes may do this at the same time: the second finds everything done.
pub(crate) fn migrate(connection: &mut Connection, place: &str) -> Result<(), DbError> {
    if version(connection)? == SCHEMA && application(connection)? == APPLICATION_ID {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && application(&transaction)? != APPLICATION_ID {
        let why = "it is a database of another program; choose another folder with `--state-dir`";
        return Err(StoreError::Place { place: place.to_owned(), why: why.to_owned() }.into());
    }
    if found > SCHEMA {
        return Err(newer(place, found));
    }
    for script in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(script)?;
    }
    note_all(&transaction)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA)?;
    transaction.commit()?;
    Ok(())
}

/// Refuses to write when a newer release has migrated the file in the meantime.
pub(crate) fn check(connection: &Connection, place: &str) -> Result<(), DbError> {
    match version(connection)? {
        SCHEMA => Ok(()),
        found => Err(newer(place, found)),
    }
}

fn newer(place: &str, found: i64) -> DbError {
    StoreError::NewerSchema { place: place.to_owned(), found, known: SCHEMA }.into()
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))
}

fn application(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA application_id", [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_has_the_script_that_leads_to_it() {
        assert_eq!(usize::try_from(SCHEMA), Ok(MIGRATIONS.len()));
    }
}
