//! What the system and the submitter decide beside the document.

use super::arches::ArchRules;
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
            strategy: RebuildStrategy::default(),
        }
    }

    /// Makes this stream of a base module the one to take where several fit. A name that is no base module yet becomes
    /// the first.
    #[must_use]
    pub fn on_platform(mut self, name: ModuleName, stream: StreamName) -> Self {
        if !self.expand.is_base(name.as_str()) {
            self.expand.base_modules.insert(0, name.clone());
        }
        self.expand.default_streams.insert(name, stream);
        self
    }
}
