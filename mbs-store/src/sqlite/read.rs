//! Reading builds, their logs and what waits for them.

use crate::error::DbError;
use crate::rows::{column, from_json, name, nanoseconds, number, time};
use chrono::{DateTime, Utc};
use mbs_core::build::{Effect, EffectSeq, LogEntry, ModuleBuild, ReplayError, StoredEffect, replay};
use mbs_core::store::{SlotToken, Slots, StoreError};
use mbs_core::{BuildId, ComponentName, ModuleName, StreamName};
use rusqlite::{Connection, OptionalExtension, Rows, params};
use std::collections::BTreeMap;

pub(super) fn load(tx: &Connection, build: BuildId) -> Result<ModuleBuild, DbError> {
    check_exists(tx, build)?;
    let mut statement = tx.prepare_cached(LOG)?;
    let mut found = statement.query(params![column(build.0), 0, i64::MAX])?;
    let mut failure = None;
    // Entry after entry: a long log never stands in memory as a whole.
    let log = std::iter::from_fn(|| match next_entry(&mut found, build) {
        Ok(next) => next,
        Err(error) => {
            failure = Some(error);
            None
        }
    });
    let replayed = replay(log);
    match failure {
        Some(error) => Err(error),
        None => Ok(replayed.map_err(|source| StoreError::Damaged { build, source })?),
    }
}

/// Entries of a build behind a revision, at most so many.
const LOG: &str =
    "SELECT revision, time, event, changes FROM log WHERE build = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3";

fn next_entry(rows: &mut Rows<'_>, build: BuildId) -> Result<Option<LogEntry>, DbError> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let revision = number(row.get(0)?);
    Ok(Some(LogEntry {
        revision,
        time: time(row.get(1)?),
        event: from_json(build, revision, text(row, 2, build, revision)?)?,
        changes: from_json(build, revision, text(row, 3, build, revision)?)?,
    }))
}

/// Refuses a build that is not there.
pub(super) fn check_exists(tx: &Connection, build: BuildId) -> Result<(), DbError> {
    let mut statement = tx.prepare_cached("SELECT 1 FROM builds WHERE id = ?1")?;
    if statement.exists([column(build.0)])? { Ok(()) } else { Err(StoreError::NotFound(build).into()) }
}

pub(super) fn history(tx: &Connection, build: BuildId, after: u64, limit: u64) -> Result<Vec<LogEntry>, DbError> {
    check_exists(tx, build)?;
    let mut statement = tx.prepare_cached(LOG)?;
    let mut found = statement.query(params![column(build.0), column(after), column(limit)])?;
    std::iter::from_fn(|| next_entry(&mut found, build).transpose()).collect()
}

fn text<'a>(row: &'a rusqlite::Row<'_>, at: usize, build: BuildId, revision: u64) -> Result<&'a str, DbError> {
    row.get_ref(at)?.as_str().map_err(|error| {
        let source = ReplayError::Unreadable { revision, problem: error.to_string() };
        StoreError::Damaged { build, source }.into()
    })
}

pub(super) fn pending(tx: &Connection, build: BuildId) -> Result<Vec<StoredEffect>, DbError> {
    check_exists(tx, build)?;
    let mut statement =
        tx.prepare_cached("SELECT seq, due, failures, kind FROM effects WHERE build = ?1 ORDER BY seq")?;
    let mut found = statement.query([column(build.0)])?;
    let mut effects = Vec::new();
    while let Some(row) = found.next()? {
        let seq = EffectSeq(number(row.get(0)?));
        // The revision that asked for the effect.
        let revision = seq.0 >> 20;
        let kind = from_json(build, revision, text(row, 3, build, revision)?)?;
        let effect = Effect { due: time(row.get(1)?), kind };
        effects.push(StoredEffect { build, seq, failures: row.get(2)?, effect });
    }
    Ok(effects)
}

pub(super) fn unfinished(tx: &Connection, now: DateTime<Utc>) -> Result<Vec<BuildId>, DbError> {
    let mut statement = tx.prepare_cached(
        "SELECT id FROM builds WHERE state <= 2 UNION SELECT build FROM effects WHERE due <= ?1 ORDER BY 1",
    )?;
    let found = statement.query_map([nanoseconds(now)?], |row| Ok(BuildId(number(row.get(0)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(super) fn revisions(tx: &Connection, builds: &[BuildId]) -> Result<BTreeMap<BuildId, u64>, DbError> {
    let mut statement = tx.prepare_cached("SELECT revision FROM builds WHERE id = ?1")?;
    let mut revisions = BTreeMap::new();
    for build in builds {
        let revision: Option<i64> = statement.query_row([column(build.0)], |row| row.get(0)).optional()?;
        if let Some(revision) = revision {
            revisions.insert(*build, number(revision));
        }
    }
    Ok(revisions)
}

pub(super) fn slots(tx: &Connection, backend: &str) -> Result<Slots, DbError> {
    let token: Option<i64> = tx
        .prepare_cached("SELECT token FROM slots WHERE backend = ?1")?
        .query_row([backend], |row| row.get(0))
        .optional()?;
    let mut statement =
        tx.prepare_cached("SELECT id, owner, running FROM builds WHERE backend = ?1 AND running > 0 ORDER BY id")?;
    let mut found = statement.query([backend])?;
    let mut builds = BTreeMap::new();
    while let Some(row) = found.next()? {
        let build = BuildId(number(row.get(0)?));
        let running = usize::try_from(row.get::<_, i64>(2)?).unwrap_or(usize::MAX);
        builds.insert(build, (name(build, row, 1)?, running));
    }
    Ok(Slots { token: SlotToken(number(token.unwrap_or(0))), builds })
}

pub(super) fn durations(
    tx: &Connection,
    module: &ModuleName,
    stream: &StreamName,
) -> Result<BTreeMap<ComponentName, u64>, DbError> {
    // Of the rows that are grouped, SQLite takes the other columns from the one that has the maximum.
    let mut statement = tx.prepare_cached(
        "SELECT max(components.build), components.name, components.milliseconds \
         FROM builds JOIN components ON components.build = builds.id \
         WHERE builds.name = ?1 AND builds.stream = ?2 AND components.milliseconds IS NOT NULL \
         GROUP BY components.name",
    )?;
    let mut found = statement.query([module.as_str(), stream.as_str()])?;
    let mut durations = BTreeMap::new();
    while let Some(row) = found.next()? {
        let build = BuildId(number(row.get(0)?));
        durations.insert(name(build, row, 1)?, number(row.get(2)?));
    }
    Ok(durations)
}
