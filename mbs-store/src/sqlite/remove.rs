//! Removing builds.

use super::read::{load, pending};
use crate::error::DbError;
use crate::rows::column;
use mbs_core::BuildId;
use mbs_core::store::StoreError;
use rusqlite::Connection;

/// Removes a build that is over with everything about it; part of a transaction.
pub(super) fn remove(tx: &Connection, id: BuildId) -> Result<(), DbError> {
    let build = load(tx, id)?;
    let state = build.state();
    let why = if state.is_active() {
        "cancel it first"
    } else if !build.closing().is_empty() {
        "tasks of it are still being ended"
    } else if !pending(tx, id)?.is_empty() {
        "effects of it still wait for delivery"
    } else {
        // The other tables follow by their foreign keys.
        tx.prepare_cached("DELETE FROM builds WHERE id = ?1")?.execute([column(id.0)])?;
        return Ok(());
    };
    Err(StoreError::InUse { build: id, state, why }.into())
}
