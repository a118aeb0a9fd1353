//! What a local file says about itself: is it as committed, and when was that?

use super::checkout::commit_time;
use super::program::{Call, Git};
use chrono::{DateTime, Utc};
use mbs_core::source::{CommitHash, RepositoryUrl, SourceError};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// State of a clean git checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingTree {
    /// Top folder of the checkout.
    pub root: PathBuf,
    /// The same as a `file` URL; it names no remote.
    pub url: RepositoryUrl,
    /// The commit checked out.
    pub commit: CommitHash,
    /// The branch checked out; none for a detached head.
    pub branch: Option<String>,
    /// Committer time of the commit.
    pub commit_time: DateTime<Utc>,
}

/// The checkout `path` lies in, when `path` itself is committed and no committed file differs from the commit.
///
/// `None` outside git, without commits, and for a dirty checkout. Files that git does not know of do not matter,
/// nor do permission bits. The checkout's own configuration is not read (it could name programs to run), so files
/// that only its filters turn into the committed form count as changed.
pub(crate) async fn inspect(git: &Git, path: &Path, tmp: &Path) -> Result<Option<WorkingTree>, SourceError> {
    let path = path.canonicalize().map_err(SourceError::disk("find", path))?;
    let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new("/")) };
    let as_path = |bytes: Vec<u8>| folder.join(OsStr::from_bytes(&bytes));
    let Some(root) = ask(git, folder, &["rev-parse", "--show-toplevel"]).await?.filter(|bytes| !bytes.is_empty())
    else {
        return Ok(None);
    };
    let root = as_path(root);
    let Some(head) = ask(git, folder, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).await? else {
        return Ok(None);
    };
    let Some(commit) = std::str::from_utf8(&head).ok().and_then(|text| CommitHash::new(text).ok()) else {
        return Ok(None);
    };
    let (Some(objects), Some(index)) = (
        ask(git, folder, &["rev-parse", "--git-path", "objects"]).await?.map(as_path),
        ask(git, folder, &["rev-parse", "--git-path", "index"]).await?.map(as_path),
    ) else {
        return Ok(None);
    };
    let branch = ask(git, folder, &["symbolic-ref", "--quiet", "--short", "HEAD"]).await?;
    let branch = branch.and_then(|name| String::from_utf8(name).ok());
    let Some(url) = root.to_str().and_then(|text| RepositoryUrl::parse(text).ok()) else { return Ok(None) };

    // A repository of our own around the objects and a copy of the index: comparing files in the checkout's own
    // repository would run the programs its configuration names.
    let own = tempfile::tempdir_in(tmp).map_err(SourceError::disk("create folder in", tmp))?;
    let git_dir = own.path().join("git");
    let format = if commit.is_sha256() { "--object-format=sha256" } else { "--object-format=sha1" };
    let init = Call::new("init", &root.display()).args(["init", "--quiet", "--bare", "--template=", format, "--"]);
    git.run(init.args([&git_dir])).await?;
    if std::fs::copy(&index, git_dir.join("index")).is_err() {
        return Ok(None);
    }
    let alternates = git_dir.join("objects/info/alternates");
    std::fs::create_dir_all(git_dir.join("objects/info"))
        .and_then(|()| std::fs::write(&alternates, [objects.as_os_str().as_bytes(), b"\n"].concat()))
        .map_err(SourceError::disk("write", &alternates))?;
    let here = |what| {
        Call::new(what, &root.display()).git_dir(&git_dir).env("GIT_WORK_TREE", &root).args([
            OsStr::new("-C"),
            root.as_os_str(),
            OsStr::new("-c"),
            OsStr::new("core.fileMode=false"),
        ])
    };
    // Brings the file times in the copied index up to date; whether files differ is asked next.
    git.try_run(here("update-index").args(["update-index", "-q", "--refresh"])).await?;
    let unchanged = git
        .try_run(here("diff-index").args([
            "diff-index",
            "--quiet",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules",
            commit.as_str(),
            "--",
        ]))
        .await?;
    if !unchanged.success {
        return Ok(None);
    }
    if path != root {
        let relative = path.strip_prefix(&root).unwrap_or(&path);
        let spec = [OsStr::new(":(literal)"), relative.as_os_str()].join(OsStr::new(""));
        let known = here("ls-files").args(["ls-files", "--error-unmatch", "--"]).args([spec]);
        if !git.try_run(known).await?.success {
            return Ok(None);
        }
    }
    let commit_time = commit_time(git, &root.display(), &git_dir, &commit).await?;
    Ok(Some(WorkingTree { root, url, commit, branch, commit_time }))
}

/// The answer of a question about the checkout around `folder`; none when git cannot answer.
async fn ask(git: &Git, folder: &Path, args: &[&str]) -> Result<Option<Vec<u8>>, SourceError> {
    let call = Call::new("rev-parse", &folder.display()).args([OsStr::new("-C"), folder.as_os_str()]).args(args);
    let output = git.try_run(call).await?;
    Ok(output.success.then(|| output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout).to_vec()))
}
