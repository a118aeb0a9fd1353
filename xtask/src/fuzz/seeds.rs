//! What the fuzzer starts from: the documents in this repository.

use std::path::{Path, PathBuf};

use crate::error::TaskError;
use crate::workspace;

/// Folders that are searched, and the one in it of which every file is taken.
const FOLDERS: [&str; 2] = ["tests/fixtures", "examples"];
const EVERY_FILE: &str = "tests/fixtures/modulemd";

/// Copies them into a fresh folder; returns their number.
pub(super) fn copy(to: &Path) -> Result<usize, TaskError> {
    if to.exists() {
        std::fs::remove_dir_all(to).map_err(TaskError::io("remove", to))?;
    }
    std::fs::create_dir_all(to).map_err(TaskError::io("create", to))?;
    let root = workspace::root();
    let mut count = 0;
    for folder in FOLDERS {
        for path in documents(&root.join(folder), &root.join(EVERY_FILE))? {
            let copy = to.join(format!("{count:04}"));
            std::fs::copy(&path, &copy).map_err(TaskError::io("copy", &path))?;
            count += 1;
        }
    }
    Ok(count)
}

fn documents(folder: &Path, every_file: &Path) -> Result<Vec<PathBuf>, TaskError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).map_err(TaskError::io("list", &dir))? {
            let path = entry.map_err(TaskError::io("list", &dir))?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") || path.starts_with(every_file) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixtures_are_found() {
        let root = workspace::root();
        let found = documents(&root.join("tests/fixtures"), &root.join(EVERY_FILE)).expect("readable");
        assert!(found.iter().any(|path| path.ends_with("orchard/orchard.yaml")));
        assert!(found.iter().any(|path| path.ends_with("modulemd/nasty/bom-only.yaml")));
        assert!(!found.iter().any(|path| path.extension().is_some_and(|extension| extension == "spec")));
    }
}
