//! The shared libraries that the loader finds by itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::elf;
use super::files::{below, entries, name};
use crate::deps::Capability;

const CACHE: &str = "/etc/ld.so.cache";
const CACHE_MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
const CACHE_HEADER: usize = 48;
const CACHE_ENTRY: usize = 24;
/// Where a loader without cache looks.
const DEFAULT_FOLDERS: [&str; 4] = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"];

/// Adds the sonames and symbol versions of every library of the loader's cache, or of its default folders where there
/// is no cache.
pub(super) fn sonames(root: &Path, found: &mut Vec<Capability>) {
    let cached = std::fs::read(below(root, CACHE)).ok().and_then(|bytes| paths_of_cache(&bytes));
    let paths: BTreeSet<PathBuf> = match cached {
        Some(paths) => paths.iter().map(|path| below(root, path)).collect(),
        None => DEFAULT_FOLDERS
            .iter()
            .flat_map(|folder| entries(&below(root, folder)))
            .filter(|path| name(path).is_some_and(|name| name.contains(".so")))
            .collect(),
    };
    // Several names of the cache lead to one file.
    let files: BTreeSet<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
    for library in files.iter().filter_map(|path| elf::read(path)) {
        found.extend(library.provides().into_iter().map(Capability::named));
    }
    if !files.is_empty() {
        // What glibc's own package provides: its loader reads this kind of hash table.
        found.push(Capability::named("rtld(GNU_HASH)"));
    }
}

/// The paths in a loader cache of the present format; an older table may stand before it.
fn paths_of_cache(bytes: &[u8]) -> Option<Vec<String>> {
    let start = bytes.windows(CACHE_MAGIC.len()).position(|window| window == CACHE_MAGIC)?;
    let cache = &bytes[start..];
    let number = |at: usize| {
        let slice: [u8; 4] = cache.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_ne_bytes(slice)).ok()
    };
    let count = number(CACHE_MAGIC.len())?;
    (0..count)
        .map(|index| {
            let entry = CACHE_HEADER.checked_add(index.checked_mul(CACHE_ENTRY)?)?;
            let rest = cache.get(number(entry + 8)?..)?;
            let end = rest.iter().position(|byte| *byte == 0)?;
            String::from_utf8(rest[..end].to_vec()).ok()
        })
        .collect()
}
