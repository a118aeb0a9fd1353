//! Where a new build stands among the stored ones: what every store decides inside the transaction that creates it.

use super::error::StoreError;
use crate::build::{BuildHeader, ModuleState, NewBuild};
use crate::identity::{scratch_context, scratch_number};
use crate::{BuildId, Context};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// What has to be known of a stored build with the same name, stream and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Its number.
    pub id: BuildId,
    /// Its context.
    pub context: Context,
    /// Whether it is a scratch build.
    pub scratch: bool,
    /// Its state.
    pub state: ModuleState,
}

/// Makes the fixed head of a new build with the number `id`.
///
/// `siblings` are all stored builds of the same name, stream and version. `is_taken` tells whether any stored build has
/// a result folder of that name: two modules can come to the same plain name (`a-b:c` and `a:b-c`).
///
/// # Errors
/// [`StoreError::Exists`]; whatever `is_taken` returns.
pub fn place(
    new: &NewBuild,
    id: BuildId,
    siblings: &[Sibling],
    now: DateTime<Utc>,
    mut is_taken: impl FnMut(&str) -> Result<bool, StoreError>,
) -> Result<BuildHeader, StoreError> {
    let mut nsvc = new.nsvc.clone();
    let holder = |context: &Context| siblings.iter().find(|sibling| sibling.context == *context);
    if new.scratch {
        let earlier = siblings.iter().filter(|sibling| sibling.scratch).map(|sibling| &sibling.context);
        let mut number = scratch_number(&new.nsvc.context, earlier);
        // After a removal, that number may belong to a build that is still there.
        loop {
            nsvc.context =
                scratch_context(&new.nsvc.context, number).map_err(|error| StoreError::Medium(error.to_string()))?;
            if holder(&nsvc.context).is_none() {
                break;
            }
            number += 1;
        }
    }
    if let Some(other) = holder(&nsvc.context) {
        return Err(StoreError::Exists { id: other.id, state: other.state, nsvc: Box::new(nsvc) });
    }
    let index = siblings.iter().filter(|s| s.scratch == new.scratch).map(|s| s.id).min().unwrap_or(id);
    let mut folder = BuildHeader::plain_folder(&nsvc);
    if is_taken(&folder)? {
        folder = BuildHeader::folder_with_context(&nsvc);
        if is_taken(&folder)? {
            folder = format!("{folder}-{id}");
        }
    }
    Ok(BuildHeader {
        id,
        nsvc,
        owner: new.owner.clone(),
        scratch: new.scratch,
        index,
        folder,
        submitted: now,
        request: Arc::clone(&new.request),
    })
}
