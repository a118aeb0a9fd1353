//! Writing decisions.

use crate::error::DbError;
use crate::rows::{column, json, nanoseconds, number};
use mbs_core::BuildId;
use mbs_core::build::{Change, Decided, EffectSeq, ReplayError};
use mbs_core::store::{Append, Appended, BuildSummary, SlotToken, StoreError};
use rusqlite::{Connection, OptionalExtension, params};

/// A log entry as rows: made in the caller's thread, so that the thread of the connection only writes.
pub(super) struct Entry {
    revision: u64,
    time: i64,
    event: String,
    changes: String,
    withdraw: bool,
    effects: Vec<(i64, i64, bool, String)>,
    durations: Vec<(u32, Option<i64>)>,
}

impl Entry {
    pub(super) fn new(decided: &Decided) -> Result<Self, StoreError> {
        let entry = &decided.entry;
        let effect = |(n, effect): (usize, &mbs_core::build::Effect)| {
            let seq = column(EffectSeq::new(entry.revision, n).0);
            Ok((seq, nanoseconds(effect.due)?, effect.kind.is_withdrawable(), json(&effect.kind)?))
        };
        let duration = |change: &Change| match change {
            Change::ComponentBuilt { component, built } => Some((component.0, built.milliseconds.map(column))),
            _ => None,
        };
        Ok(Self {
            revision: entry.revision,
            time: nanoseconds(entry.time)?,
            event: json(&entry.event)?,
            changes: json(&entry.changes)?,
            withdraw: decided.withdraw,
            effects: decided.effects.iter().enumerate().map(effect).collect::<Result<_, StoreError>>()?,
            durations: entry.changes.iter().filter_map(duration).collect(),
        })
    }

    /// Part of a transaction.
    pub(super) fn insert(&self, tx: &Connection, build: BuildId) -> Result<(), DbError> {
        let build = column(build.0);
        tx.prepare_cached("INSERT INTO log (build, revision, time, event, changes) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![build, column(self.revision), self.time, self.event, self.changes])?;
        if self.withdraw {
            tx.prepare_cached("DELETE FROM effects WHERE build = ?1 AND withdrawable")?.execute([build])?;
        }
        for (seq, due, withdrawable, kind) in &self.effects {
            tx.prepare_cached(
                "INSERT INTO effects (build, seq, due, failures, withdrawable, kind) VALUES (?1, ?2, ?3, 0, ?4, ?5)",
            )?
            .execute(params![build, seq, due, withdrawable, kind])?;
        }
        for (component, milliseconds) in &self.durations {
            tx.prepare_cached("UPDATE components SET milliseconds = ?3 WHERE build = ?1 AND number = ?2")?
                .execute(params![build, component, milliseconds])?;
        }
        Ok(())
    }
}

/// What one call writes about one build, as rows.
pub(super) struct Write {
    build: BuildId,
    expected_revision: u64,
    fence: Option<u64>,
    slots: Option<SlotToken>,
    entries: Vec<Entry>,
    done: Vec<i64>,
    projection: Option<BuildSummary>,
}

impl Write {
    pub(super) fn new(append: &Append) -> Result<Self, StoreError> {
        Ok(Self {
            build: append.build,
            expected_revision: append.expected_revision,
            fence: append.fence,
            slots: append.slots,
            entries: append.decided.iter().map(Entry::new).collect::<Result<_, _>>()?,
            done: append.done.iter().map(|seq| column(seq.0)).collect(),
            projection: (!append.decided.is_empty()).then(|| append.summary.clone()),
        })
    }

    /// The revision behind the last entry, if the entries are numbered on from the expected one.
    fn numbered(&self) -> Result<u64, StoreError> {
        let damaged = |found, expected| {
            let source = ReplayError::Gap { found, expected };
            Err(StoreError::Damaged { build: self.build, source })
        };
        let mut revision = self.expected_revision;
        for entry in &self.entries {
            revision += 1;
            if entry.revision != revision {
                return damaged(entry.revision, revision);
            }
        }
        match &self.projection {
            Some(summary) if summary.revision != revision => damaged(summary.revision, revision),
            _ => Ok(revision),
        }
    }
}

/// Writes everything; part of a transaction, which is given up after an error.
pub(super) fn append(tx: &Connection, writes: &[Write]) -> Result<Appended, DbError> {
    // Tokens are raised at the end: builds of one call are granted their slots with the same token.
    let mut taken: Vec<(String, SlotToken)> = Vec::new();
    for write in writes {
        if let Some(granted) = write_one(tx, write)?
            && !taken.contains(&granted)
        {
            taken.push(granted);
        }
    }
    let mut answer = Appended::default();
    for (backend, token) in taken {
        let token = SlotToken(token.0 + 1);
        tx.prepare_cached("INSERT OR REPLACE INTO slots (backend, token) VALUES (?1, ?2)")?
            .execute(params![backend, column(token.0)])?;
        answer.slots = Some(token);
    }
    Ok(answer)
}

fn write_one(tx: &Connection, write: &Write) -> Result<Option<(String, SlotToken)>, DbError> {
    let build = write.build;
    let head = tx
        .prepare_cached("SELECT revision, fence FROM builds WHERE id = ?1")?
        .query_row([column(build.0)], |row| Ok((number(row.get(0)?), number(row.get(1)?))))
        .optional()?;
    let (revision, fence) = head.ok_or(StoreError::NotFound(build))?;
    if let Some(ours) = write.fence
        && ours != fence
    {
        return Err(StoreError::Fenced { build, ours, found: fence }.into());
    }
    if revision != write.expected_revision {
        return Err(StoreError::Stale { build, expected: write.expected_revision, found: revision }.into());
    }
    let taken = match write.slots {
        Some(ours) => Some((check_slots(tx, build, ours)?, ours)),
        None => None,
    };
    write.numbered()?;
    for entry in &write.entries {
        entry.insert(tx, build)?;
    }
    if let Some(summary) = &write.projection {
        project(tx, build, summary)?;
    }
    for seq in &write.done {
        tx.prepare_cached("DELETE FROM effects WHERE build = ?1 AND seq = ?2")?
            .execute(params![column(build.0), seq])?;
    }
    Ok(taken)
}

/// The backend of the build, if nobody took a slot in it since the token was handed out.
fn check_slots(tx: &Connection, build: BuildId, ours: SlotToken) -> Result<String, DbError> {
    let (backend, token): (String, Option<i64>) = tx
        .prepare_cached(
            "SELECT builds.backend, slots.token FROM builds LEFT JOIN slots USING (backend) WHERE builds.id = ?1",
        )?
        .query_row([column(build.0)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if number(token.unwrap_or(0)) == ours.0 { Ok(backend) } else { Err(StoreError::SlotsTaken.into()) }
}

/// Writes the columns that follow from the log; part of a transaction.
pub(super) fn project(tx: &Connection, build: BuildId, summary: &BuildSummary) -> Result<(), DbError> {
    tx.prepare_cached(
        "UPDATE builds SET state = ?2, reason = ?3, blame = ?4, batch = ?5, revision = ?6, complete = ?7, running = ?8, \
         modified = ?9, completed = ?10 WHERE id = ?1",
    )?
    .execute(params![
        column(build.0),
        summary.state.number(),
        summary.reason,
        summary.blame.map(|blame| blame.to_string()),
        summary.batch,
        column(summary.revision),
        column(summary.complete),
        column(summary.running),
        nanoseconds(summary.modified)?,
        summary.completed.map(nanoseconds).transpose()?,
    ])?;
    Ok(())
}
