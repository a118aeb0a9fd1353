//! One text that names a repository, a place in it and a commit.

use super::git_ref::GitRef;
use super::location::{RepositoryUrl, UrlError};
use std::fmt;
use std::str::FromStr;

/// `scheme://host/path[?folder][#ref]`: what submitters call an SCM URL.
///
/// The usual form is `URL?#REF`. `Display` gives the same form without credentials.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScmUrl {
    /// The repository.
    pub repository: RepositoryUrl,
    /// Folder inside the repository, without slashes at its ends.
    pub folder: Option<String>,
    /// Branch, tag or commit; without one the repository's default branch is meant.
    pub reference: Option<GitRef>,
}

impl ScmUrl {
    /// Reads an SCM URL.
    ///
    /// # Errors
    /// [`UrlError`] for everything that [`RepositoryUrl::parse`] or [`GitRef::new`] refuses and for a folder that
    /// leaves the repository.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let bad = |problem| UrlError::new("SCM URL", text, problem);
        let (front, reference) = match text.split_once('#') {
            Some((front, "")) => (front, None),
            Some((front, reference)) => (front, Some(reference)),
            None => (text, None),
        };
        let (repository, folder) = match front.split_once('?') {
            Some((repository, folder)) => (repository, Some(folder.trim_matches('/')).filter(|f| !f.is_empty())),
            None => (front, None),
        };
        if folder.is_some_and(|f| {
            f.starts_with('-')
                || f.split('/').any(|part| matches!(part, "" | "." | ".." | ".git"))
                || f.chars().any(char::is_control)
        }) {
            return Err(bad("has a folder that leaves the repository or is not a plain path"));
        }
        let reference = reference.map(GitRef::new).transpose().map_err(|e| bad(e.problem))?;
        Ok(Self { repository: RepositoryUrl::parse(repository)?, folder: folder.map(str::to_owned), reference })
    }
}

impl fmt::Display for ScmUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}?{}", self.repository, self.folder.as_deref().unwrap_or_default())?;
        self.reference.as_ref().map_or(Ok(()), |reference| write!(f, "#{reference}"))
    }
}

impl FromStr for ScmUrl {
    type Err = UrlError;
    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_are_found() {
        let url = ScmUrl::parse("git+https://u:p@src.example.org/modules/nodejs.git/?specs/a#18").expect("url");
        assert_eq!(url.repository.name(), "nodejs");
        assert_eq!(url.folder.as_deref(), Some("specs/a"));
        assert_eq!(url.reference.as_ref().map(GitRef::as_str), Some("18"));
        assert_eq!(url.to_string(), "https://***@src.example.org/modules/nodejs.git?specs/a#18");

        let url = ScmUrl::parse("/srv/modules/x?#main").expect("url");
        assert_eq!(url.to_string(), "file:///srv/modules/x?#main");
        assert_eq!(ScmUrl::parse("https://h/x").expect("url").reference, None);
        assert_eq!(ScmUrl::parse("https://h/x?#").expect("url").reference, None);
    }

    #[test]
    fn parts_that_leave_the_repository_or_look_like_options_are_refused() {
        for text in [
            "https://h/x?../y#main",
            "https://h/x?-f#main",
            "https://h/x?#-f",
            "https://h/x?#a..b",
            "ext::sh?#main",
            "--upload-pack=x?#main",
        ] {
            assert!(ScmUrl::parse(text).is_err(), "{text}");
        }
    }
}
