//! `modulemd-packager` version 3 to streams.

use super::error::ConvertError;
use super::loss::{Converted, Loss, drop_unknown};
use crate::modulemd::diagnostic::Severity;
use crate::modulemd::model::{Configuration, Defaults, Dependency, License, ModuleStream, PackagerV3, StreamSet};
use crate::modulemd::validate::validate;
use std::collections::{BTreeMap, BTreeSet};

/// Keys of a stream that the document does not have.
const STREAM_ONLY: &[&str] =
    &["version", "context", "static_context", "arch", "servicelevels", "dependencies", "buildopts", "artifacts"];

/// What a packager's document makes: one stream for each configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expanded {
    /// The streams in the byte order of their contexts.
    pub streams: Vec<ModuleStream>,
    /// Which profiles are installed by default, if any are.
    pub defaults: Option<Defaults>,
}

impl PackagerV3 {
    /// One stream for each configuration, with its context, the platform as a dependency on both sides and its build
    /// options. Profiles with `default: true` become a document of defaults instead, without a default stream.
    ///
    /// Names that are missing stay missing. The contexts are as written and not marked as static: building marks them.
    ///
    /// # Errors
    /// [`ConvertError::NoConfigurations`]; [`ConvertError::Unnamed`] where default profiles need a name;
    /// [`ConvertError::Invalid`] if a stream would lack what every stream must have.
    pub fn expand(&self) -> Result<Converted<Expanded>, ConvertError> {
        if self.configurations.is_empty() {
            return Err(ConvertError::NoConfigurations);
        }
        let defaults = self.defaults()?;
        let streams: Vec<ModuleStream> = self.by_context().into_iter().map(|one| self.stream_of(one)).collect();
        for stream in &streams {
            valid(stream)?;
        }
        let mut losses = Vec::new();
        self.without_unknown(&mut losses);
        Ok(Converted::new(Expanded { streams, defaults }, losses))
    }

    /// One stream with all configurations as alternatives of its dependencies: what a build system expands. It has a
    /// context only if there is one configuration, and the build options of the first context in byte order.
    ///
    /// Lost are the other contexts and build options, and which profiles are defaults.
    ///
    /// # Errors
    /// [`ConvertError::Invalid`] if the stream would lack what every stream must have.
    pub fn to_stream_v2(&self) -> Result<Converted<ModuleStream>, ConvertError> {
        let mut losses = Vec::new();
        let configurations = self.by_context();
        let mut stream = match configurations.as_slice() {
            [] => self.common(),
            [one] => self.stream_of(one),
            [first, ..] => {
                let list = crate::modulemd::path::KeyPath::new(["data", "configurations"]);
                for (index, one) in self.configurations.iter().enumerate() {
                    let reason = "a stream with several alternatives has no context of its own";
                    losses.push(Loss { path: list.index(index).key("context"), reason });
                    if one.buildopts != first.buildopts {
                        let reason = "a stream has the build options of its first context only";
                        losses.push(Loss { path: list.index(index).key("buildopts"), reason });
                    }
                }
                ModuleStream {
                    dependencies: configurations.iter().map(|one| dependency(one)).collect(),
                    buildopts: first.buildopts.clone(),
                    ..self.common()
                }
            }
        };
        for (name, _) in self.profiles.iter().filter(|(_, profile)| profile.default) {
            let reason = "default profiles belong into a document of defaults";
            losses.push(Loss::new(["data", "profiles", name, "default"], reason));
        }
        stream.unknown = self.without_unknown(&mut losses);
        valid(&stream)?;
        Ok(Converted::new(stream, losses))
    }

    /// The stream of one configuration. Nothing is checked.
    pub fn stream_of(&self, configuration: &Configuration) -> ModuleStream {
        ModuleStream {
            context: configuration.context.clone(),
            dependencies: vec![dependency(configuration)],
            buildopts: configuration.buildopts.clone(),
            ..self.common()
        }
    }

    /// What all configurations share.
    fn common(&self) -> ModuleStream {
        let mut license = self.license.clone();
        if license.is_empty() {
            license.insert("MIT".to_owned());
        }
        let mut profiles = self.profiles.clone();
        for profile in profiles.values_mut() {
            profile.default = false;
        }
        ModuleStream {
            name: self.name.clone(),
            stream: self.stream.clone(),
            summary: self.summary.clone(),
            description: self.description.clone(),
            license: License { module: license, content: BTreeSet::new() },
            xmd: self.xmd.clone(),
            references: self.references.clone(),
            profiles,
            api: self.api.clone(),
            filter: self.filter.clone(),
            demodularized: self.demodularized.clone(),
            components: self.components.clone(),
            unknown: self.without_unknown(&mut Vec::new()),
            ..ModuleStream::default()
        }
    }

    fn by_context(&self) -> Vec<&Configuration> {
        let mut configurations: Vec<&Configuration> = self.configurations.iter().collect();
        configurations.sort_by_key(|one| &one.context);
        configurations
    }

    fn without_unknown(&self, losses: &mut Vec<Loss>) -> crate::modulemd::model::UnknownKeys {
        let mut unknown = self.unknown.clone();
        let reason = "a stream knows the key, and a packager's document does not";
        drop_unknown(&mut unknown, STREAM_ONLY, reason, losses);
        drop_unknown(
            &mut unknown,
            &["configurations"],
            "unknown keys in configurations have no place in a stream",
            losses,
        );
        unknown
    }

    fn defaults(&self) -> Result<Option<Defaults>, ConvertError> {
        let profiles: BTreeSet<String> =
            self.profiles.iter().filter(|(_, profile)| profile.default).map(|(name, _)| name.clone()).collect();
        let Some(first) = profiles.first() else { return Ok(None) };
        let unnamed = |key| ConvertError::Unnamed { profile: first.clone(), key };
        let module = self.name.clone().ok_or_else(|| unnamed("name"))?;
        let stream = self.stream.clone().ok_or_else(|| unnamed("stream"))?;
        Ok(Some(Defaults { module, profiles: BTreeMap::from([(stream, profiles)]), ..Defaults::default() }))
    }
}

fn dependency(configuration: &Configuration) -> Dependency {
    let with_platform = |modules: &BTreeMap<String, StreamSet>| {
        let mut modules = modules.clone();
        if let Some(platform) = &configuration.platform {
            modules.entry("platform".to_owned()).or_default().0.insert(platform.clone());
        }
        modules
    };
    Dependency {
        buildrequires: with_platform(&configuration.buildrequires),
        requires: with_platform(&configuration.requires),
    }
}

fn valid(stream: &ModuleStream) -> Result<(), ConvertError> {
    let mut findings = validate(stream, false);
    findings.retain(|finding| finding.severity == Severity::Error);
    if findings.is_empty() { Ok(()) } else { Err(ConvertError::Invalid(findings)) }
}
