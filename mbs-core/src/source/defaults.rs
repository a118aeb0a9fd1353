//! What a component means that does not say where it comes from.

use super::error::SourceError;
use super::git_ref::GitRef;
use super::location::{CacheUrl, RepositoryUrl};
use crate::{ComponentName, ModuleName};

/// Defaults for components without repository, cache or ref, from the command line or a configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Base of component repositories; the component's name is added as one more path segment.
    pub rpms_url: Option<RepositoryUrl>,
    /// Base of repositories of included modules; the module's name is added as one more path segment.
    pub modules_url: Option<RepositoryUrl>,
    /// Look-aside cache for components that name none.
    pub cache_url: Option<CacheUrl>,
    /// Ref for components and included modules that name none, when the module itself has no branch.
    pub default_ref: Option<GitRef>,
}

/// Where a component comes from, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedSource {
    /// The git repository.
    pub repository: RepositoryUrl,
    /// The look-aside cache, if there is one.
    pub cache: Option<CacheUrl>,
    /// The ref; none means the repository's default branch.
    pub reference: Option<GitRef>,
}

impl Defaults {
    /// Fills in what a component leaves open.
    ///
    /// `branch` is the branch the modulemd came from: as in the original service it goes before the default ref.
    ///
    /// # Errors
    /// [`SourceError::NoRepository`] when there is neither a repository nor a base for it, and URLs or refs that
    /// are refused.
    pub fn complete(
        &self,
        component: &ComponentName,
        repository: Option<&str>,
        cache: Option<&str>,
        reference: Option<&str>,
        branch: Option<&GitRef>,
    ) -> Result<CompletedSource, SourceError> {
        let repository = match (repository, &self.rpms_url) {
            (Some(text), _) => RepositoryUrl::parse(text)?,
            (None, Some(base)) => base.join(component.as_str()),
            (None, None) => return Err(SourceError::NoRepository { component: component.clone() }),
        };
        let cache = cache.map(CacheUrl::parse).transpose()?.or_else(|| self.cache_url.clone());
        Ok(CompletedSource { repository, cache, reference: self.complete_ref(reference, branch)? })
    }

    /// Fills in what an included module leaves open: its repository, and its ref by the same rule as for components.
    ///
    /// # Errors
    /// [`SourceError::NoModuleRepository`] when there is neither a repository nor a base for it, and URLs or refs that
    /// are refused.
    pub fn complete_module(
        &self,
        module: &ModuleName,
        repository: Option<&str>,
        reference: Option<&str>,
        branch: Option<&GitRef>,
    ) -> Result<(RepositoryUrl, Option<GitRef>), SourceError> {
        let repository = match (repository, &self.modules_url) {
            (Some(text), _) => RepositoryUrl::parse(text)?,
            (None, Some(base)) => base.join(module.as_str()),
            (None, None) => return Err(SourceError::NoModuleRepository { module: module.clone() }),
        };
        Ok((repository, self.complete_ref(reference, branch)?))
    }

    fn complete_ref(&self, reference: Option<&str>, branch: Option<&GitRef>) -> Result<Option<GitRef>, SourceError> {
        let named = reference.map(GitRef::new).transpose()?;
        Ok(named.or_else(|| branch.cloned()).or_else(|| self.default_ref.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_component_says_goes_first_then_the_branch_then_the_default() {
        let name = ComponentName::new("bash").expect("name");
        let main = GitRef::new("main").expect("ref");
        let branch = GitRef::new("18").expect("ref");
        let defaults = Defaults {
            rpms_url: Some(RepositoryUrl::parse("https://src.example.org/rpms/").expect("url")),
            modules_url: None,
            cache_url: Some(CacheUrl::parse("https://src.example.org/cache").expect("url")),
            default_ref: Some(main.clone()),
        };
        let own = defaults
            .complete(&name, Some("file:///r/b"), Some("file:///c"), Some("v1"), Some(&branch))
            .expect("complete");
        assert_eq!(own.repository.to_string(), "file:///r/b");
        assert_eq!(own.cache.expect("cache").to_string(), "file:///c");
        assert_eq!(own.reference.expect("ref").as_str(), "v1");

        let filled = defaults.complete(&name, None, None, None, Some(&branch)).expect("complete");
        assert_eq!(filled.repository.to_string(), "https://src.example.org/rpms/bash");
        assert_eq!(filled.cache, defaults.cache_url);
        assert_eq!(filled.reference, Some(branch));
        assert_eq!(defaults.complete(&name, None, None, None, None).expect("complete").reference, Some(main));

        let error = Defaults::default().complete(&name, None, None, None, None).expect_err("nothing known");
        assert!(error.to_string().contains("`bash` has no repository"), "{error}");
    }

    #[test]
    fn an_included_module_without_repository_or_ref_gets_the_defaults_of_modules() {
        let name = ModuleName::new("inner").expect("name");
        let branch = GitRef::new("18").expect("ref");
        let defaults = Defaults {
            modules_url: Some(RepositoryUrl::parse("https://src.example.org/modules").expect("url")),
            default_ref: Some(GitRef::new("main").expect("ref")),
            ..Defaults::default()
        };
        let complete = |repository, reference, branch| {
            let (repository, reference) =
                defaults.complete_module(&name, repository, reference, branch).expect("complete");
            format!("{repository}#{}", reference.expect("ref"))
        };
        assert_eq!(complete(None, None, Some(&branch)), "https://src.example.org/modules/inner#18");
        assert_eq!(complete(None, None, None), "https://src.example.org/modules/inner#main");
        assert_eq!(complete(Some("file:///m"), Some("v1"), Some(&branch)), "file:///m#v1");
        let error = Defaults::default().complete_module(&name, None, None, None).expect_err("nothing known");
        assert!(error.to_string().contains("`inner` has no repository"), "{error}");
    }
}
