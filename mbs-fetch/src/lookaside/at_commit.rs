//! The lists of look-aside files of a commit, without a checkout.

use super::list::{MAX_LIST, combine, metadata_file};
use crate::fetcher::Fetcher;
use crate::git::Call;
use async_trait::async_trait;
use mbs_core::ComponentName;
use mbs_core::build::SourceRef;
use mbs_core::lock::LookasideLists;
use mbs_core::source::{CommitHash, LookasideEntry, RepositoryUrl, SourceError};

impl Fetcher {
    /// The look-aside files of a component at a commit, with their checksums, as a checkout would fetch them. Reads only
    /// the lists, from the repository in the cache; fetches the commit if it is not there.
    ///
    /// # Errors
    /// [`SourceError`] for a repository that is refused or cannot be reached, a commit that it does not have, and a list
    /// that is malformed or too large.
    pub async fn lookaside_files(
        &self,
        component: &ComponentName,
        source: &SourceRef,
        commit: &CommitHash,
    ) -> Result<Vec<LookasideEntry>, SourceError> {
        let url = RepositoryUrl::parse(&source.repository)?;
        let component = source.package.as_ref().unwrap_or(component);
        self.mirror(&url).ensure(commit).await?;
        let tree = Tree { fetcher: self, url: &url, commit };
        let top = tree.list("").await?;
        let sources = tree.text(&top, "sources").await?;
        let metadata = match metadata_file(top.iter().map(|entry| entry.name.clone()), component) {
            Some(file) => tree.text(&top, &file).await?.map(|text| (file, text)),
            None => None,
        };
        let is_spec = |entry: &Entry| entry.kind == "blob" && is_spec(&entry.name);
        let specs_below = !top.iter().any(is_spec) && tree.list("SPECS/").await?.iter().any(is_spec);
        combine(sources, metadata, if specs_below { "SOURCES" } else { "" }, component)
    }
}

#[async_trait]
impl LookasideLists for Fetcher {
    async fn files(
        &self,
        component: &ComponentName,
        source: &SourceRef,
        commit: &CommitHash,
    ) -> Result<Vec<LookasideEntry>, SourceError> {
        self.lookaside_files(component, source, commit).await
    }
}

fn is_spec(name: &str) -> bool {
    name.strip_suffix(".spec").is_some_and(|stem| !stem.is_empty() && !stem.starts_with('-'))
}

/// What stands in a folder of a commit.
struct Entry {
    /// `blob` for files and links, `tree` for folders.
    kind: String,
    /// The bare name.
    name: String,
}

struct Tree<'a> {
    fetcher: &'a Fetcher,
    url: &'a RepositoryUrl,
    commit: &'a CommitHash,
}

impl Tree<'_> {
    /// What is in a folder: nothing in one that does not exist. Names that are not UTF-8 are left out.
    async fn list(&self, folder: &str) -> Result<Vec<Entry>, SourceError> {
        let args = ["ls-tree", "-z", "--full-tree", self.commit.as_str(), "--", folder];
        let args = if folder.is_empty() { &args[..4] } else { &args[..] };
        let call = Call::new("ls-tree", self.url).git_dir(&self.fetcher.mirror(self.url).git_dir()).args(args);
        let output = self.fetcher.git.run(call).await?;
        // Each entry is `MODE KIND HASH<TAB>PATH`; a link (mode 120000) is no list and no spec.
        let entry = |line: &[u8]| {
            let (head, path) = std::str::from_utf8(line).ok()?.split_once('\t')?;
            let mut words = head.split(' ');
            let (mode, kind) = (words.next()?, words.next()?);
            let kind = if mode == "120000" { "link" } else { kind };
            Some(Entry { kind: kind.to_owned(), name: path.rsplit('/').next()?.to_owned() })
        };
        Ok(output.split(|byte| *byte == 0).filter_map(entry).collect())
    }

    /// The text of a file at the top; none if there is no such file.
    async fn text(&self, top: &[Entry], name: &str) -> Result<Option<String>, SourceError> {
        if !top.iter().any(|entry| entry.kind == "blob" && entry.name == name) {
            return Ok(None);
        }
        let object = format!("{}:{name}", self.commit);
        let git_dir = self.fetcher.mirror(self.url).git_dir();
        let size = Call::new("cat-file", self.url).git_dir(&git_dir).args(["cat-file", "-s", &object]);
        let size = self.fetcher.git.run(size).await?;
        let size = std::str::from_utf8(&size).ok().and_then(|text| text.trim().parse::<u64>().ok());
        if size.is_none_or(|size| size > MAX_LIST) {
            return Err(SourceError::TooLarge { address: name.to_owned(), limit: MAX_LIST });
        }
        let call = Call::new("cat-file", self.url).git_dir(&git_dir).args(["cat-file", "blob", &object]);
        let bytes = self.fetcher.git.run(call).await?;
        String::from_utf8(bytes)
            .map(Some)
            .map_err(|e| SourceError::NotText { path: name.to_owned(), offset: e.utf8_error().valid_up_to() })
    }
}
