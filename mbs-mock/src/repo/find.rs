//! Finds files that may hold module documents.

use std::fs;
use std::path::{Path, PathBuf};

use super::metadata::RepoError;

/// The file that holds all documents of a repository, if there is one.
const WHOLE: &str = "modules.yaml";
const YAML: [&str; 2] = ["yaml", "yml"];
/// Suffixes of compressed files. What is in a file is told by its content, so these only choose.
const COMPRESSED: [&str; 4] = ["gz", "xz", "bz2", "zst"];

/// Files below a folder that may hold module documents, ordered by their paths: `modules.yaml` directly in it alone, also
/// compressed, else all YAML files. Metadata, hidden folders and links to folders are left out.
///
/// Whether they hold module documents is left to whoever reads them.
///
/// # Errors
/// [`RepoError::Io`] for a folder that cannot be listed.
pub fn find_documents(folder: &Path) -> Result<Vec<PathBuf>, RepoError> {
    let endings = std::iter::once(String::new()).chain(COMPRESSED.map(|ending| format!(".{ending}")));
    let whole = endings.map(|ending| folder.join(format!("{WHOLE}{ending}"))).find(|path| path.is_file());
    if let Some(whole) = whole {
        return Ok(vec![whole]);
    }
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let io = |source| RepoError::Io { action: "list", path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let path = entry.path();
            // Not through links, which may lead in a circle.
            if entry.file_type().map_err(io)?.is_dir() {
                let name = entry.file_name();
                if name != "repodata" && !name.as_encoded_bytes().starts_with(b".") {
                    open.push(path);
                }
            } else if is_yaml(&path) && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_yaml(path: &Path) -> bool {
    let ending = |path: &Path, known: &[&str]| {
        path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| known.contains(&ending))
    };
    ending(path, &YAML) || (ending(path, &COMPRESSED) && ending(&path.with_extension(""), &YAML))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_for_all_goes_before_many() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in
            ["b.yaml", "a/x.yml.xz", "a/y.yaml", "repodata/z.yaml", ".git/z.yaml", "c.yaml.txt", "d.gz", "e.rpm"]
        {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), "").unwrap();
        }
        std::os::unix::fs::symlink(root, root.join("a/loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("gone.yaml")).unwrap();
        let found = |names: &[&str]| names.iter().map(|name| root.join(name)).collect::<Vec<_>>();
        assert_eq!(find_documents(root).unwrap(), found(&["a/x.yml.xz", "a/y.yaml", "b.yaml"]));
        fs::write(root.join("modules.yaml.zst"), "").unwrap();
        assert_eq!(find_documents(root).unwrap(), found(&["modules.yaml.zst"]));
        fs::write(root.join("modules.yaml"), "").unwrap();
        assert_eq!(find_documents(root).unwrap(), found(&["modules.yaml"]));
        assert!(find_documents(&root.join("absent")).is_err());
    }
}
