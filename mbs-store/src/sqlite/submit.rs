//! What one submission writes.

use super::append::{Write, append};
use super::create::create;
use super::remove::remove;
use crate::error::DbError;
use crate::rows::{column, number};
use chrono::{DateTime, Utc};
use mbs_core::BuildId;
use mbs_core::build::NewBuild;
use mbs_core::store::{Created, StoreError, SubmitPart};
use rusqlite::{Connection, OptionalExtension};

/// The parts of a submission in the order they are written.
#[derive(Default)]
pub(super) struct Parts {
    replaced: Vec<(BuildId, u64)>,
    new: Vec<NewBuild>,
    writes: Vec<Write>,
}

impl Parts {
    pub(super) fn new(parts: &[SubmitPart]) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for part in parts {
            all.new.extend(part.new_build().cloned());
            match part {
                SubmitPart::Create(_) => {}
                SubmitPart::Replace { old, expected_revision, .. } => all.replaced.push((*old, *expected_revision)),
                SubmitPart::Append(write) => all.writes.push(Write::new(write)?),
            }
        }
        Ok(all)
    }

    /// The builds that go.
    pub(super) fn replaced(&self) -> Vec<BuildId> {
        self.replaced.iter().map(|(build, _)| *build).collect()
    }

    /// Part of a transaction, which is given up after an error.
    pub(super) fn write(&self, tx: &Connection, now: DateTime<Utc>) -> Result<Vec<Created>, DbError> {
        for (build, expected) in &self.replaced {
            check_revision(tx, *build, *expected)?;
            remove(tx, *build)?;
        }
        let created = self.new.iter().map(|new| create(tx, new, now)).collect::<Result<_, _>>()?;
        append(tx, &self.writes)?;
        Ok(created)
    }
}

fn check_revision(tx: &Connection, build: BuildId, expected: u64) -> Result<(), DbError> {
    let found: Option<i64> = tx
        .prepare_cached("SELECT revision FROM builds WHERE id = ?1")?
        .query_row([column(build.0)], |row| row.get(0))
        .optional()?;
    let found = number(found.ok_or(StoreError::NotFound(build))?);
    if found == expected { Ok(()) } else { Err(StoreError::Stale { build, expected, found }.into()) }
}
