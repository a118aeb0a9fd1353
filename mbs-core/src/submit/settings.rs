//! What the system and the submitter decide beside the document.

use super::arches::ArchRules;
use super::srpms::CustomSrpms;
use crate::build::BuildOptions;
use crate::resolve::ExpandOptions;
use crate::reuse::RebuildStrategy;
use crate::source::Defaults;
use crate::{Arch, ModuleName, Owner, StreamName};

/// What the system and the submitter decide beside the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Base modules, and which streams and builds count.
    pub expand: ExpandOptions,
    /// Names of the modules that may set the dist tag marking of others; they go before the base modules.
    pub privileged: Vec<ModuleName>,
    /// Architecture to build for.
    pub arch: Arch,
    /// Which architectures a module may ask for.
    pub arches: ArchRules,
    /// Who asks.
    pub owner: Owner,
    /// Whether the result can never be a dependency, and may be made again and again.
    pub scratch: bool,
    /// Name of the backend.
    pub backend: String,
    /// Choices for the build.
    pub options: BuildOptions,
    /// What components without repository, cache or ref get.
    pub defaults: Defaults,
    /// Source packages to build instead of the components' sources, for scratch builds.
    pub srpms: CustomSrpms,
    /// What may be taken from earlier builds.
    pub strategy: RebuildStrategy,
}

impl Settings {
    /// Settings with nothing decided but who builds with what for which architecture.
    pub fn new(backend: impl Into<String>, arch: Arch, owner: Owner) -> Self {
        Self {
            expand: ExpandOptions::default(),
            privileged: Vec::new(),
            arch,
            arches: ArchRules::default(),
            owner,
            scratch: false,
            backend: backend.into(),
            options: BuildOptions::default(),
            defaults: Defaults::default(),
            srpms: CustomSrpms::default(),
            strategy: RebuildStrategy::default(),
        }
    }

    /// The same with a stream of a base module that is taken where several fit, see [`ExpandOptions::prefer_base`].
    #[must_use]
    pub fn on_platform(mut self, name: ModuleName, stream: StreamName) -> Self {
        self.expand.prefer_base(name, stream);
        self
    }
}
