//! What somebody asks for.

use crate::reuse::RebuildStrategy;
use crate::{BuildId, Owner};
use std::collections::{BTreeMap, BTreeSet};

/// A request to build a module, as it was made: nothing in it has been checked. [`super::check_request`] does that.
///
/// A service fills it from the parameters of a request, a command line from its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitRequest {
    /// Where the document comes from.
    pub input: SubmitInput,
    /// Who asks.
    pub user: Owner,
    /// Groups of [`Self::user`].
    pub groups: BTreeSet<String>,
    /// Whom the build shall belong to instead; only where users are not authenticated.
    pub owner: Option<Owner>,
    /// Branch of the document: gives the stream of a module from a repository, and may override the platform.
    pub branch: Option<String>,
    /// Name for a document that has none; not for one from a repository.
    pub module_name: Option<String>,
    /// Stream to use instead of the document's; not for one from a repository.
    pub module_stream: Option<String>,
    /// Whether the build is only tried: it can never be a dependency.
    pub scratch: bool,
    /// Source packages to build instead of the components' sources, for scratch builds only.
    pub srpms: Vec<String>,
    /// Name of a [`RebuildStrategy`]; none: the policy's.
    pub rebuild_strategy: Option<String>,
    /// The build that components are to be reused from.
    pub reuse_components_from: Option<ReuseFrom>,
    /// Streams to build against instead of the document's, by module.
    pub buildrequire_overrides: BTreeMap<String, Vec<String>>,
    /// Streams to require at run time instead of the document's, by module.
    pub require_overrides: BTreeMap<String, Vec<String>>,
    /// Refs to build instead of the document's, by component.
    pub rpm_component_ref_overrides: BTreeMap<String, String>,
    /// Side tag of the base module to build in.
    pub side_tag: Option<String>,
    /// Whether the `%check` part of all packages is left out.
    pub skip_tests: bool,
    /// Parameters that were given and mean nothing.
    pub unknown_parameters: BTreeSet<String>,
    /// Parameters whose value is not of the kind described by [`parameter_shape`], and so could not be put here.
    pub misshaped_parameters: BTreeSet<String>,
}

/// Where the document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitInput {
    /// A repository; the file is named after it.
    Scm {
        /// `scheme://host/path[?folder]#commit`; may hold credentials, so never show it.
        scmurl: Option<String>,
    },
    /// The text itself.
    Yaml {
        /// The document.
        text: String,
        /// Name of its file, if it has one: without folder and extension, the name of a module that has none.
        file_name: Option<String>,
    },
}

/// A build to reuse components from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReuseFrom {
    /// By number.
    Id(BuildId),
    /// By `NAME:STREAM:VERSION:CONTEXT`.
    Nsvc(String),
}

/// The names of all parameters that a request can have.
pub const PARAMETERS: [&str; 14] = [
    "branch",
    "buildrequire_overrides",
    "modulemd",
    "module_name",
    "module_stream",
    "owner",
    "rebuild_strategy",
    "require_overrides",
    "reuse_components_from",
    "rpm_component_ref_overrides",
    "scmurl",
    "scratch",
    "side_tag",
    "srpms",
];

/// What the value of a parameter has to be; `None` for an unknown parameter.
pub fn parameter_shape(parameter: &str) -> Option<&'static str> {
    Some(match parameter {
        "buildrequire_overrides" | "require_overrides" => "a map from module names to lists of streams",
        "rpm_component_ref_overrides" => "a map from component names to refs",
        "srpms" => "a list of source packages",
        "reuse_components_from" => "the number or NAME:STREAM:VERSION:CONTEXT of a build",
        "scratch" => "true or false",
        known if PARAMETERS.contains(&known) => "a text",
        _ => return None,
    })
}

impl SubmitRequest {
    /// A request without any wishes.
    pub fn new(user: Owner, input: SubmitInput) -> Self {
        Self {
            input,
            user,
            groups: BTreeSet::new(),
            owner: None,
            branch: None,
            module_name: None,
            module_stream: None,
            scratch: false,
            srpms: Vec::new(),
            rebuild_strategy: None,
            reuse_components_from: None,
            buildrequire_overrides: BTreeMap::new(),
            require_overrides: BTreeMap::new(),
            rpm_component_ref_overrides: BTreeMap::new(),
            side_tag: None,
            skip_tests: false,
            unknown_parameters: BTreeSet::new(),
            misshaped_parameters: BTreeSet::new(),
        }
    }

    /// A request to build what a branch of a repository holds.
    pub fn scm(user: Owner, scmurl: impl Into<String>, branch: impl Into<String>) -> Self {
        let input = SubmitInput::Scm { scmurl: Some(scmurl.into()) };
        Self { branch: Some(branch.into()), ..Self::new(user, input) }
    }

    /// A request to build a text.
    pub fn yaml(user: Owner, text: impl Into<String>, file_name: Option<String>) -> Self {
        Self::new(user, SubmitInput::Yaml { text: text.into(), file_name })
    }

    /// Who the build belongs to.
    pub fn submitter(&self) -> &Owner {
        self.owner.as_ref().unwrap_or(&self.user)
    }

    /// The branch; an empty one is none.
    pub fn branch(&self) -> Option<&str> {
        given(self.branch.as_ref())
    }

    /// Whether the document comes from a repository.
    pub fn is_scm(&self) -> bool {
        matches!(self.input, SubmitInput::Scm { .. })
    }

    /// The strategy that was asked for, if it is one.
    pub(super) fn strategy(&self) -> Option<RebuildStrategy> {
        self.rebuild_strategy.as_deref()?.parse().ok()
    }
}

/// A text that is there: clients send empty ones for what they leave out.
pub(super) fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_has_a_shape() {
        assert!(PARAMETERS.iter().all(|name| parameter_shape(name).is_some()));
        assert_eq!(parameter_shape("product"), None);
    }

    #[test]
    fn an_empty_branch_is_none_and_an_owner_stands_in_for_the_user() {
        let user = Owner::new("anonymous").expect("owner");
        let mut request = SubmitRequest::scm(user, "https://git.example/modules/app?#abc", "");
        assert_eq!((request.branch(), request.submitter().as_str()), (None, "anonymous"));
        request.owner = Some(Owner::new("ann").expect("owner"));
        assert_eq!(request.submitter().as_str(), "ann");
    }
}
