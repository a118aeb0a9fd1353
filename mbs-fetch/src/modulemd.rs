//! Fetching the modulemd file a build starts from.

use crate::fetcher::Fetcher;
use crate::git::{Call, commit_time};
use chrono::{DateTime, Utc};
use mbs_core::modulemd::{Limits, decode, named_kinds};
use mbs_core::source::{CommitHash, GitRef, RefKind, RepositoryUrl, ScmUrl, SourceError};
use std::io;
use std::path::Path;

/// Largest modulemd file in bytes.
const MAX_MODULEMD: u64 = 16 << 20;

/// A modulemd file as text, with all that is known about where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedModulemd {
    /// The text.
    pub text: String,
    /// For diagnostics: the path as given, or the name inside the repository.
    pub file_name: String,
    /// The commit, when the file is as committed.
    pub scm: Option<ScmOrigin>,
    /// Committer time of that commit, from which the module's version is made.
    pub time: Option<DateTime<Utc>>,
    /// Name of the module if the document has none: that of the repository for an address, else that of the file without
    /// its ending.
    pub name_hint: Option<String>,
}

/// The commit a modulemd file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScmOrigin {
    /// The repository; a `file` URL for a local checkout.
    pub url: RepositoryUrl,
    /// The commit.
    pub commit: CommitHash,
    /// The branch; none where only a tag or commit is known.
    pub branch: Option<String>,
}

impl Fetcher {
    /// Fetches a modulemd file from what a user names: a file, a git checkout, or an SCM URL `URL?#REF`.
    ///
    /// A folder or repository is searched for `NAME.yaml` with the name of the repository, else for its only
    /// file at the top that is a modulemd document.
    ///
    /// # Errors
    /// [`SourceError`] for refused addresses, what is absent, several candidates, text that is not UTF-8.
    pub async fn fetch_modulemd(&self, source: &str) -> Result<FetchedModulemd, SourceError> {
        let path = Path::new(source);
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => return self.read_folder(path).await,
            Ok(_) => return self.read_file(path).await,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(SourceError::disk("look at", path)(error)),
        }
        if source.contains(['?', '#']) || source.contains("://") || source.contains("::") || source.starts_with('-') {
            return self.read_scm(&ScmUrl::parse(&absolute(source))?).await;
        }
        Err(SourceError::PathAbsent { path: source.to_owned() })
    }

    /// Refuses a commit that is not part of a branch, as it is now.
    ///
    /// # Errors
    /// [`SourceError::NotInBranch`], [`SourceError::RefAbsent`] if there is no such branch, or what fetching fails with.
    pub async fn require_in_branch(&self, scm: &ScmOrigin, branch: &str) -> Result<(), SourceError> {
        if scm.branch.as_deref() == Some(branch) {
            return Ok(());
        }
        if self.mirror(&scm.url).in_branch(&scm.commit, &GitRef::new(branch)?).await? {
            return Ok(());
        }
        let (repository, commit) = (scm.url.to_string(), scm.commit.to_string());
        Err(SourceError::NotInBranch { repository, commit, branch: branch.to_owned() })
    }

    async fn read_file(&self, path: &Path) -> Result<FetchedModulemd, SourceError> {
        let text = read(path)?;
        let tree = match self.working_tree(path).await {
            // A plain file needs no git.
            Err(SourceError::GitMissing { .. }) => None,
            tree => tree?,
        };
        let scm = tree.as_ref().map(|tree| ScmOrigin {
            url: tree.url.clone(),
            commit: tree.commit.clone(),
            branch: tree.branch.clone(),
        });
        Ok(FetchedModulemd {
            text,
            file_name: path.display().to_string(),
            scm,
            time: tree.map(|tree| tree.commit_time),
            name_hint: name_of(path),
        })
    }

    async fn read_folder(&self, folder: &Path) -> Result<FetchedModulemd, SourceError> {
        let full = folder.canonicalize().map_err(SourceError::disk("find", folder))?;
        let name = full.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(SourceError::disk("list", folder))? {
            let entry = entry.map_err(SourceError::disk("list", folder))?;
            names.extend(entry.file_name().into_string().ok().filter(|name| folder.join(name).is_file()));
        }
        let name = name.strip_suffix(".git").unwrap_or(name);
        let expected = format!("{name}.yaml");
        let chosen = if names.contains(&expected) {
            expected
        } else {
            names.retain(|name| is_yaml(name) && read(&folder.join(name)).is_ok_and(|text| is_modulemd(&text)));
            only(names, folder.display().to_string(), expected)?
        };
        // The module is called like the file: a clone may be in a folder of any name.
        self.read_file(&folder.join(&chosen)).await
    }

    async fn read_scm(&self, scm: &ScmUrl) -> Result<FetchedModulemd, SourceError> {
        let mirror = self.mirror(&scm.repository);
        let (commit, kind) = mirror.resolve(scm.reference.as_ref()).await?;
        mirror.ensure(&commit).await?;
        let git_dir = mirror.git_dir();
        let time = commit_time(&self.git, &scm.repository, &git_dir, &commit).await?;

        let folder = scm.folder.as_ref().map(|folder| format!("{folder}/")).unwrap_or_default();
        let call = Call::new("ls-tree", &scm.repository)
            .git_dir(&git_dir)
            .args(["ls-tree", "-z", "--full-tree", "--format=%(objecttype) %(path)"])
            .args([commit.as_str(), "--"])
            .args((!folder.is_empty()).then_some(&folder));
        let listing = self.git.run(call).await?;
        let mut names: Vec<String> = listing
            .split(|b| *b == 0)
            .filter_map(|line| std::str::from_utf8(line).ok()?.strip_prefix("blob "))
            .filter_map(|path| path.strip_prefix(&folder))
            .map(str::to_owned)
            .collect();
        let name = scm.repository.name();
        let expected = format!("{name}.yaml");
        let (file, text) = if names.contains(&expected) {
            let text = self.blob(scm, &commit, &format!("{folder}{expected}")).await?;
            (expected, text)
        } else {
            names.retain(|name| is_yaml(name));
            let mut documents = Vec::new();
            for name in names {
                match self.blob(scm, &commit, &format!("{folder}{name}")).await {
                    Ok(text) if is_modulemd(&text) => documents.push((name, text)),
                    Ok(_)
                    | Err(SourceError::NotText { .. } | SourceError::Packed { .. } | SourceError::TooLarge { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            let names = documents.iter().map(|(name, _)| name.clone()).collect();
            let chosen = only(names, scm.to_string(), expected)?;
            let at = documents.iter().position(|(name, _)| *name == chosen).unwrap_or_default();
            documents.swap_remove(at)
        };
        let branch =
            scm.reference.as_ref().filter(|_| kind == RefKind::Branch).map(|reference| {
                reference.as_str().strip_prefix("refs/heads/").unwrap_or(reference.as_str()).to_owned()
            });
        Ok(FetchedModulemd {
            text,
            file_name: format!("{folder}{file}"),
            scm: Some(ScmOrigin { url: scm.repository.clone(), commit, branch }),
            time: Some(time),
            name_hint: Some(name),
        })
    }

    /// A text file of a commit that is in the cache.
    async fn blob(&self, scm: &ScmUrl, commit: &CommitHash, path: &str) -> Result<String, SourceError> {
        let call = Call::new("cat-file", &scm.repository)
            .git_dir(&self.mirror(&scm.repository).git_dir())
            .args(["cat-file", "blob"])
            .args([format!("{commit}:{path}")])
            .limit(usize::try_from(MAX_MODULEMD).unwrap_or(usize::MAX));
        as_text(&self.git.run(call).await?, path)
    }
}

/// Puts the current folder before an SCM URL whose repository is a relative path.
fn absolute(source: &str) -> String {
    let is_path = !source.contains("://") && !source.contains("::") && !source.starts_with(['/', '-']);
    match std::env::current_dir() {
        Ok(here) if is_path => here.to_str().map_or_else(|| source.to_owned(), |here| format!("{here}/{source}")),
        _ => source.to_owned(),
    }
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// Whether a text says that it is a modulemd document a build can start from.
fn is_modulemd(text: &str) -> bool {
    named_kinds(text).any(|kind| matches!(kind, "modulemd" | "modulemd-packager"))
}

fn only(mut names: Vec<String>, place: String, expected: String) -> Result<String, SourceError> {
    names.sort();
    if names.len() == 1 {
        Ok(names.remove(0))
    } else {
        Err(SourceError::NoModulemd { place, expected, candidates: names })
    }
}

/// The name of a module by that of its file, which may be compressed.
fn name_of(path: &Path) -> Option<String> {
    let stem = Path::new(path.file_stem()?);
    let name = if is_yaml(stem.to_str()?) { stem.file_stem()? } else { stem.as_os_str() };
    name.to_str().map(str::to_owned)
}

fn read(path: &Path) -> Result<String, SourceError> {
    let meta = std::fs::metadata(path).map_err(SourceError::disk("look at", path))?;
    if meta.len() > MAX_MODULEMD {
        return Err(SourceError::TooLarge { address: path.display().to_string(), limit: MAX_MODULEMD });
    }
    let bytes = std::fs::read(path).map_err(SourceError::disk("read", path))?;
    as_text(&bytes, &path.display().to_string())
}

fn as_text(bytes: &[u8], path: &str) -> Result<String, SourceError> {
    let limits = Limits::default().with_bytes(usize::try_from(MAX_MODULEMD).unwrap_or(usize::MAX));
    let text = decode(bytes, &limits).map_err(|source| SourceError::Packed { path: path.to_owned(), source })?;
    String::from_utf8(text.into_owned())
        .map_err(|e| SourceError::NotText { path: path.to_owned(), offset: e.utf8_error().valid_up_to() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_file_is_unpacked_and_names_its_module() {
        // `gzip -n` of "x: y\n".
        let packed =
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xab\xb0\x52\xa8\xe4\x02\x00\x97\x29\x73\xb6\x05\x00\x00\x00";
        assert_eq!(as_text(packed, "f").expect("text"), "x: y\n");
        let error = as_text(&packed[..15], "app.yaml.gz").expect_err("cut").to_string();
        assert_eq!(error, "`app.yaml.gz` cannot be read: the gzip data breaks off");
        for path in ["d/app.yaml", "app.yaml.gz", "app.yml.zst", "app"] {
            assert_eq!(name_of(Path::new(path)).as_deref(), Some("app"), "{path}");
        }
    }

    #[test]
    fn modulemd_documents_are_told_from_other_yaml() {
        for text in ["---\ndocument: modulemd\n", "document: \"modulemd-packager\" # x\r\n", "'document': modulemd"] {
            assert!(is_modulemd(text), "{text}");
        }
        for text in ["document: modulemd-defaults\n", "# document modulemd", "name: x"] {
            assert!(!is_modulemd(text), "{text}");
        }
    }
}
