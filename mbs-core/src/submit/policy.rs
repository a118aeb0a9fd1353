//! What submitters may do here.

use super::support_stream::SupportStreams;
use crate::modulemd::{Glob, ReadOptions};
use crate::resolve::ExpandOptions;
use crate::reuse::RebuildStrategy;
use crate::{ModuleName, Pattern};
use std::collections::BTreeSet;

/// What submitters may do here. The default is the original service's configuration.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one setting of the configuration")]
pub struct SubmitPolicy {
    /// What addresses of repositories start with.
    pub scm_prefixes: Vec<String>,
    /// Whether other addresses will do as well.
    pub allow_custom_scmurls: bool,
    /// Schemes of addresses, as written before `://`.
    pub scm_schemes: Vec<String>,
    /// Hosts of addresses; empty: all.
    pub scm_hosts: Vec<Glob>,
    /// Whether a path on this machine will do as an address.
    pub allow_local_paths: bool,
    /// Whether an address has to name a commit.
    pub revision_required: bool,
    /// Whether a request to build from an address has to name the branch.
    pub branch_required: bool,
    /// Whether a text can be built for real, not only as a scratch build.
    pub yaml_submit_allowed: bool,
    /// Whether there are scratch builds.
    pub modules_allow_scratch: bool,
    /// Whether included modules may name their repository.
    pub modules_allow_repository: bool,
    /// Whether components may name their repository.
    pub rpms_allow_repository: bool,
    /// Whether components may name their look-aside cache.
    pub rpms_allow_cache: bool,
    /// Whether the name in a document may differ from the name of its repository.
    pub allow_name_override_from_scm: bool,
    /// Whether the stream in a document may differ from its branch.
    pub allow_stream_override_from_scm: bool,
    /// Whether a request may name module and stream also of a document from a repository.
    pub allow_names_with_scm: bool,
    /// Whether streams and contexts may hold dashes.
    pub allow_dashes_in_svc: bool,
    /// The stream of a text that names none.
    pub default_branch: String,
    /// Modules that may say how those who build on them are tagged, by preference.
    pub privileged_modules: Vec<ModuleName>,
    /// How much is reused if nobody says otherwise.
    pub rebuild_strategy: RebuildStrategy,
    /// Whether a request may say otherwise.
    pub rebuild_strategy_allow_override: bool,
    /// What it may say.
    pub rebuild_strategies_allowed: BTreeSet<RebuildStrategy>,
    /// The module whose stream a branch can override.
    pub br_stream_override_module: String,
    /// How a branch tells that stream: the groups of the first pattern that fits anywhere in it.
    pub br_stream_override_patterns: Vec<Pattern>,
    /// Branches that only scratch builds are made from.
    pub scratch_build_only_branches: Vec<Pattern>,
    /// Whether users are not authenticated, so that a request names the owner.
    pub no_auth: bool,
    /// Who may submit; empty: everybody.
    pub allowed_groups: BTreeSet<String>,
    /// Who may submit without being in a group.
    pub allowed_users: BTreeSet<String>,
    /// Whether streams that have reached their end of life are refused.
    pub check_for_eol: bool,
    /// Which base streams get a suffix once they are released.
    pub support_streams: SupportStreams,
    /// Base modules and everything else that expansion depends on.
    pub expand: ExpandOptions,
    /// How documents are read.
    pub read: ReadOptions,
}

impl Default for SubmitPolicy {
    fn default() -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Self {
            scm_prefixes: texts(&["https://src.fedoraproject.org/modules/"]),
            allow_custom_scmurls: false,
            scm_schemes: texts(&["git", "git+http", "git+https", "git+rsync", "http", "https", "file"]),
            scm_hosts: Vec::new(),
            allow_local_paths: false,
            revision_required: true,
            branch_required: true,
            yaml_submit_allowed: false,
            modules_allow_scratch: false,
            modules_allow_repository: false,
            rpms_allow_repository: false,
            rpms_allow_cache: false,
            allow_name_override_from_scm: false,
            allow_stream_override_from_scm: false,
            allow_names_with_scm: false,
            allow_dashes_in_svc: false,
            default_branch: "master".to_owned(),
            privileged_modules: Vec::new(),
            rebuild_strategy: RebuildStrategy::default(),
            rebuild_strategy_allow_override: false,
            rebuild_strategies_allowed: RebuildStrategy::ALL.into(),
            br_stream_override_module: "platform".to_owned(),
            br_stream_override_patterns: Vec::new(),
            scratch_build_only_branches: Vec::new(),
            no_auth: false,
            allowed_groups: BTreeSet::from(["packager".to_owned()]),
            allowed_users: BTreeSet::new(),
            check_for_eol: false,
            support_streams: SupportStreams::default(),
            expand: ExpandOptions::default(),
            read: ReadOptions::default(),
        }
    }
}

impl SubmitPolicy {
    /// Everything that somebody may do on their own machine.
    pub fn local() -> Self {
        let mut policy = Self {
            allow_custom_scmurls: true,
            allow_local_paths: true,
            revision_required: false,
            branch_required: false,
            yaml_submit_allowed: true,
            modules_allow_scratch: true,
            modules_allow_repository: true,
            rpms_allow_repository: true,
            rpms_allow_cache: true,
            allow_name_override_from_scm: true,
            allow_stream_override_from_scm: true,
            allow_names_with_scm: true,
            allow_dashes_in_svc: true,
            rebuild_strategy_allow_override: true,
            no_auth: true,
            allowed_groups: BTreeSet::new(),
            ..Self::default()
        };
        policy.scm_schemes.extend(["ssh", "git+ssh", "git+file"].map(str::to_owned));
        policy
    }

    /// How much the builds of a request reuse. The request has been checked.
    pub fn strategy_for(&self, request: &super::SubmitRequest) -> RebuildStrategy {
        request.strategy().unwrap_or(self.rebuild_strategy)
    }

    /// The rule for a name, stream or context: without dashes, unless they are allowed.
    pub(super) fn dash_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(text).filter(|text| !self.allow_dashes_in_svc && text.contains('-'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;
    use crate::submit::SubmitRequest;

    #[test]
    fn a_request_decides_the_strategy_before_the_policy() {
        let policy = SubmitPolicy { rebuild_strategy: RebuildStrategy::OnlyChanged, ..SubmitPolicy::local() };
        let mut request = SubmitRequest::yaml(Owner::new("ann").expect("owner"), "", None);
        assert_eq!(policy.strategy_for(&request), RebuildStrategy::OnlyChanged);
        request.rebuild_strategy = Some("all".to_owned());
        assert_eq!(policy.strategy_for(&request), RebuildStrategy::All);
    }
}
