//! `cmake(NAME) = VERSION` from installed CMake package files.

use std::path::Path;

use super::files::{below, entries, name, text};
use super::pkgconfig::LIBRARY_FOLDERS;
use super::probe::versioned;
use crate::deps::Capability;

/// Adds the packages that CMake's `find_package` finds through configuration files, in the spelling of the file and in
/// small letters, as rpm's generator does.
pub(super) fn packages(root: &Path, found: &mut Vec<Capability>) {
    for folder in LIBRARY_FOLDERS {
        let base = below(root, folder);
        let mut folders = vec![base.join("cmake")];
        folders.extend(entries(&base).into_iter().map(|path| path.join("cmake")));
        for package in folders.iter().flat_map(|folder| entries(folder)) {
            for file in entries(&package) {
                let Some(package_name) = name(&file).and_then(package_of) else { continue };
                let version = entries(&package)
                    .iter()
                    .filter(|path| name(path).is_some_and(|name| is_version_file(name, package_name)))
                    .find_map(|path| version(&text(path)?));
                let mut names = vec![package_name.to_owned(), package_name.to_lowercase()];
                names.dedup();
                found.extend(names.iter().map(|name| versioned(format!("cmake({name})"), version.as_deref())));
            }
        }
    }
}

fn package_of(file: &str) -> Option<&str> {
    let name = file.strip_suffix("Config.cmake").or_else(|| file.strip_suffix("-config.cmake"));
    name.filter(|name| !name.is_empty())
}

fn is_version_file(file: &str, package: &str) -> bool {
    file == format!("{package}ConfigVersion.cmake") || file == format!("{package}-config-version.cmake")
}

/// The literal version in `set(PACKAGE_VERSION "1.2")`.
pub(super) fn version(content: &str) -> Option<String> {
    content.lines().find_map(|line| {
        let rest = line.trim_start().strip_prefix("set")?.trim_start().strip_prefix('(')?.trim_start();
        let rest = rest.strip_prefix("PACKAGE_VERSION")?;
        let value = rest.trim_start().split([')', ' ']).next()?.trim_matches('"');
        (rest.starts_with(char::is_whitespace) && value.starts_with(|first: char| first.is_ascii_digit()))
            .then(|| value.to_owned())
    })
}
