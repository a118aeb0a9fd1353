//! `pkgconfig(NAME) = VERSION` from installed `.pc` files.

use std::collections::HashMap;
use std::path::Path;

use super::files::{below, entries, name, text};
use super::probe::versioned;
use crate::deps::Capability;

/// How often variables are replaced in a version.
const MAX_NESTING: usize = 8;

/// Folders that hold library folders: the plain ones and one for each multiarch triplet.
pub(super) const LIBRARY_FOLDERS: [&str; 5] =
    ["/usr/lib", "/usr/lib64", "/usr/share", "/usr/local/lib", "/usr/local/share"];

/// Adds the packages that `pkg-config` finds.
pub(super) fn modules(root: &Path, found: &mut Vec<Capability>) {
    for folder in LIBRARY_FOLDERS {
        let base = below(root, folder);
        let mut folders = vec![base.join("pkgconfig")];
        folders.extend(entries(&base).into_iter().map(|path| path.join("pkgconfig")));
        for path in folders.iter().flat_map(|folder| entries(folder)) {
            let Some(module) = name(&path).and_then(|name| name.strip_suffix(".pc")) else { continue };
            if let Some(content) = text(&path) {
                found.push(versioned(format!("pkgconfig({module})"), version(&content).as_deref()));
            }
        }
    }
}

/// The `Version` field with its variables replaced.
pub(super) fn version(content: &str) -> Option<String> {
    let mut variables = HashMap::new();
    let mut version = None;
    for line in content.lines().map(|line| line.split('#').next().unwrap_or_default()) {
        let field = line.find(['=', ':']).map(|at| (line[..at].trim(), &line[at..=at], line[at + 1..].trim()));
        match field {
            Some((name, "=", value)) => {
                variables.insert(name, value);
            }
            Some(("Version", ":", value)) => version = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut version = version?;
    for _ in 0..MAX_NESTING {
        let Some(start) = version.find("${") else { return Some(version) };
        let length = version[start..].find('}')?;
        let value = *variables.get(&version[start + 2..start + length])?;
        version.replace_range(start..=start + length, value);
    }
    None
}
