//! Changing the dependency blocks of a document.

use crate::modulemd::{Dependency, ModuleStream, StreamSet};
use std::collections::BTreeMap;

/// Replaces the blocks for which `change` gives another one.
///
/// Replaced blocks move to the end, in their order, as the original's documents have them.
pub(super) fn replace_blocks(document: &mut ModuleStream, mut change: impl FnMut(&Dependency) -> Option<Dependency>) {
    let (mut kept, mut replaced) = (Vec::new(), Vec::new());
    for block in std::mem::take(&mut document.dependencies) {
        match change(&block) {
            Some(block) => replaced.push(block),
            None => kept.push(block),
        }
    }
    kept.append(&mut replaced);
    document.dependencies = kept;
}

/// Replaces build-required streams: by module, then by stream as written.
pub(super) fn replace_build_streams(document: &mut ModuleStream, streams: &BTreeMap<String, BTreeMap<String, String>>) {
    replace_blocks(document, |block| {
        let mut changed = block.clone();
        for (module, set) in &mut changed.buildrequires {
            if let Some(replaced) = streams.get(module) {
                *set = StreamSet(set.0.iter().map(|stream| replaced.get(stream).unwrap_or(stream).clone()).collect());
            }
        }
        (changed != *block).then_some(changed)
    });
}
