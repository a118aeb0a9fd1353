//! The lists of look-aside files in a checkout.

use mbs_core::ComponentName;
use mbs_core::source::{LookasideEntry, SourceError, parse_metadata, parse_sources};
use std::io;
use std::path::Path;

/// Largest list in bytes.
pub(super) const MAX_LIST: u64 = 1 << 20;

/// Reads `sources` and `.NAME.metadata` of a checkout, whichever are there.
///
/// Bare names of `sources` belong into `source_dir`. Links in the checkout must have been checked before.
pub(crate) fn read_lists(
    root: &Path,
    source_dir: &str,
    component: &ComponentName,
) -> Result<Vec<LookasideEntry>, SourceError> {
    let names = std::fs::read_dir(root).map_err(SourceError::disk("list", root))?;
    let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let metadata = match metadata_file(names, component) {
        Some(file) => read(root, &file)?.map(|text| (file, text)),
        None => None,
    };
    combine(read(root, "sources")?, metadata, source_dir, component)
}

/// The look-aside files of both lists; `metadata` comes with the name of its file.
pub(super) fn combine(
    sources: Option<String>,
    metadata: Option<(String, String)>,
    source_dir: &str,
    component: &ComponentName,
) -> Result<Vec<LookasideEntry>, SourceError> {
    let malformed = |file: &str, problems| SourceError::LookasideList {
        component: component.clone(),
        file: file.to_owned(),
        problems,
    };
    let mut entries = Vec::new();
    if let Some(text) = sources {
        entries = parse_sources(&text).map_err(|problems| malformed("sources", problems))?;
        if !source_dir.is_empty() {
            for entry in &mut entries {
                entry.path = format!("{source_dir}/{}", entry.path);
            }
        }
    }
    if let Some((file, text)) = metadata {
        let more = parse_metadata(&text).map_err(|problems| malformed(&file, problems))?;
        // Both lists in one repository say the same file twice; the stronger checksum is kept.
        for entry in more {
            match entries.iter_mut().find(|known| known.path == entry.path) {
                Some(known) if known.checksum.kind() < entry.checksum.kind() => known.checksum = entry.checksum,
                Some(_) => {}
                None => entries.push(entry),
            }
        }
    }
    Ok(entries)
}

/// `.NAME.metadata` of the component, else the only file of that kind among the names at the top of the repository.
pub(super) fn metadata_file(names: impl IntoIterator<Item = String>, component: &ComponentName) -> Option<String> {
    let is_metadata =
        |name: &String| name.starts_with('.') && name.strip_suffix(".metadata").is_some_and(|rest| rest.len() > 1);
    let mut names: Vec<String> = names.into_iter().filter(is_metadata).collect();
    let own = format!(".{component}.metadata");
    if names.contains(&own) {
        return Some(own);
    }
    if names.len() == 1 { names.pop() } else { None }
}

fn read(root: &Path, name: &str) -> Result<Option<String>, SourceError> {
    let path = root.join(name);
    match std::fs::metadata(&path) {
        Ok(meta) if meta.is_file() && meta.len() > MAX_LIST => {
            return Err(SourceError::TooLarge { address: name.to_owned(), limit: MAX_LIST });
        }
        Ok(meta) if meta.is_file() => {}
        // Some upstream trees have a folder `sources`.
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SourceError::disk("look at", &path)(error)),
    }
    let bytes = std::fs::read(&path).map_err(SourceError::disk("read", &path))?;
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|e| SourceError::NotText { path: name.to_owned(), offset: e.utf8_error().valid_up_to() })
}
