//! Where things are in this workspace.

use std::path::{Path, PathBuf};

use crate::error::TaskError;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // Set by `cargo run`; the compiled-in value serves a program that is started directly.
    let member =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    member.parent().map_or_else(|| member.clone(), Path::to_path_buf)
}

/// The folder cargo builds into.
pub(crate) fn target_dir() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// The member packages, by folder name, sorted.
pub(crate) fn members(root: &Path) -> Result<Vec<String>, TaskError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root).map_err(TaskError::io("list", root))? {
        let entry = entry.map_err(TaskError::io("list", root))?;
        if entry.path().join("Cargo.toml").is_file()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Every `.rs` file below `folder`, sorted, without cargo's output folders.
pub(crate) fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, TaskError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).map_err(TaskError::io("list", &dir))? {
            let path = entry.map_err(TaskError::io("list", &dir))?.path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "target") {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
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
    fn this_crate_is_a_member_and_its_files_are_found() {
        assert!(members(&root()).expect("readable").contains(&"xtask".to_owned()));
        let files = rust_files(&root().join("xtask")).expect("readable");
        assert!(files.iter().any(|file| file.ends_with("src/workspace.rs")));
    }
}
