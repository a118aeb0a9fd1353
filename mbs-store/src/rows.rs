//! Values of the engine as columns.

use crate::error::DbError;
use chrono::{DateTime, Utc};
use mbs_core::build::{ModuleState, ReplayError};
use mbs_core::store::{BuildSummary, StoreError};
use mbs_core::{Blame, BuildId, NameError, Nsvc, Version};
use rusqlite::Row;
use serde::Serialize;
use std::str::FromStr;

/// A number below 2^64 as a signed one that sorts the same way.
pub(crate) fn ordered(number: u64) -> i64 {
    (number ^ (1 << 63)).cast_signed()
}

/// The number back.
pub(crate) fn unordered(column: i64) -> u64 {
    column.cast_unsigned() ^ (1 << 63)
}

/// A number that never comes near 2^63, such as a build or a revision; what is larger names nothing that exists.
pub(crate) fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The number back; no column holds a negative one.
pub(crate) fn number(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}

/// A moment as nanoseconds since 1970.
pub(crate) fn nanoseconds(time: DateTime<Utc>) -> Result<i64, StoreError> {
    time.timestamp_nanos_opt()
        .ok_or_else(|| StoreError::Medium(format!("the time {time} is not between the years 1678 and 2261")))
}

/// The moment back.
pub(crate) fn time(nanoseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanoseconds)
}

/// A value as stored text.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Medium(format!("cannot store a value as JSON: {error}")))
}

/// A stored text of a log entry back.
pub(crate) fn from_json<'a, T: serde::Deserialize<'a>>(
    build: BuildId,
    revision: u64,
    text: &'a str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| {
        let source = ReplayError::Unreadable { revision, problem: error.to_string() };
        StoreError::Damaged { build, source }
    })
}

/// Columns of [`summary`], in its order.
pub(crate) const SUMMARY_COLUMNS: &str = "id, name, stream, version, context, owner, scratch, backend, folder, state, \
     reason, blame, batch, revision, components, complete, running, submitted, modified, completed, imported";

/// Reads [`SUMMARY_COLUMNS`].
pub(crate) fn summary(row: &Row<'_>) -> Result<BuildSummary, DbError> {
    let id = BuildId(number(row.get(0)?));
    let blame: Option<String> = row.get(11)?;
    Ok(BuildSummary {
        id,
        nsvc: Nsvc {
            name: name(id, row, 1)?,
            stream: name(id, row, 2)?,
            version: Version(unordered(row.get(3)?)),
            context: name(id, row, 4)?,
        },
        owner: name(id, row, 5)?,
        scratch: row.get(6)?,
        backend: row.get(7)?,
        folder: row.get(8)?,
        state: state(id, row.get(9)?)?,
        reason: row.get(10)?,
        blame: blame.map(|text| parse_blame(id, &text)).transpose()?,
        batch: row.get(12)?,
        revision: number(row.get(13)?),
        components: number(row.get(14)?),
        complete: number(row.get(15)?),
        running: number(row.get(16)?),
        submitted: time(row.get(17)?),
        modified: time(row.get(18)?),
        completed: row.get::<_, Option<i64>>(19)?.map(time),
        imported: row.get(20)?,
    })
}

/// Reads a checked name.
pub(crate) fn name<T: FromStr<Err = NameError>>(build: BuildId, row: &Row<'_>, at: usize) -> Result<T, DbError> {
    row.get_ref(at)?
        .as_str()
        .map_err(|error| bad(build, &error.to_string()))?
        .parse()
        .map_err(|error: NameError| bad(build, &error.to_string()))
}

/// The state of that number.
pub(crate) fn state(build: BuildId, number: u8) -> Result<ModuleState, DbError> {
    ModuleState::from_number(number).ok_or_else(|| bad(build, &format!("there is no state {number}")))
}

fn parse_blame(build: BuildId, text: &str) -> Result<Blame, DbError> {
    [Blame::User, Blame::Infra, Blame::Unspecified]
        .into_iter()
        .find(|blame| blame.to_string() == text)
        .ok_or_else(|| bad(build, &format!("there is no blame `{text}`")))
}

pub(crate) fn bad(build: BuildId, problem: &str) -> DbError {
    StoreError::Medium(format!("the columns of build {build} are damaged: {problem}; they can be rebuilt from its log"))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_over_the_whole_range_and_come_back() {
        let versions = [0, 1, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, u64::MAX - 1, u64::MAX];
        let columns = versions.map(ordered);
        assert!(columns.is_sorted());
        assert_eq!(columns.map(unordered), versions);
    }

    #[test]
    fn moments_keep_every_nanosecond() {
        let moment = DateTime::from_timestamp(1_700_000_000, 123_456_789).expect("a moment");
        assert_eq!(time(nanoseconds(moment).expect("in range")), moment);
        assert!(nanoseconds(DateTime::<Utc>::MAX_UTC).is_err());
    }
}
