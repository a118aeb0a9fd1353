//! The repository of a build, as one value.

use mbs_core::builder::{FinalizeRequest, PublishRequest, PublishedComponent};
use serde::{Deserialize, Serialize};

/// What a reader finds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Repo {
    /// The components.
    pub components: Vec<PublishedComponent>,
    /// The module metadata; none before the end of the build.
    pub modulemd: Option<String>,
}

impl Repo {
    /// Brings components in; what is there already stays.
    pub fn add(&mut self, request: &PublishRequest) {
        let replaced =
            |old: &PublishedComponent| request.components.iter().any(|new| new.key.component == old.key.component);
        self.components.retain(|old| !replaced(old));
        self.components.extend(request.components.iter().cloned());
    }

    /// Whether all of it is in.
    pub fn holds(&self, request: &PublishRequest) -> bool {
        request.components.iter().all(|one| self.components.contains(one))
    }

    /// The repository at the end of a build: without what only the build needs, and without what the packager filters.
    pub fn finished(request: &FinalizeRequest) -> Self {
        // A file is called NAME-VERSION-RELEASE.ARCH.rpm.
        let name = |rpm: &str| rpm.rsplitn(3, '-').nth(2).map(str::to_owned);
        let filtered = |rpm: &str| name(rpm).is_some_and(|name| request.module.filter.contains(&name));
        let kept = request.components.iter().filter(|one| !one.build_only);
        let mut components: Vec<_> = kept.map(|one| one.published.clone()).collect();
        for one in &mut components {
            one.built.rpms.retain(|rpm| !filtered(rpm));
        }
        Self { components, modulemd: Some(request.module.modulemd.clone()) }
    }
}
