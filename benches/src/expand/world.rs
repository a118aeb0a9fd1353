//! Stored module builds.

use mbs_core::build::ModuleState;
use mbs_core::modulemd::{Dependency, ModuleStream, StreamSet, Value, ValueMap};
use mbs_core::resolve::ModuleFacts;
use mbs_core::{Context, ModuleName, NameError, Nsvc, StreamName, Version};
use std::collections::BTreeSet;

/// Builds that a provider knows.
#[derive(Debug)]
pub struct World {
    /// All builds: the platforms, and then the others in the order they were made.
    pub builds: Vec<ModuleFacts>,
    platforms: Vec<Nsvc>,
    template: ModuleFacts,
}

impl World {
    /// A world of nothing but platforms.
    ///
    /// # Errors
    /// A stream is no acceptable name.
    pub fn new(platforms: &[&str]) -> Result<Self, NameError> {
        let mut document =
            ModuleStream { name: Some("template".to_owned()), stream: Some("1".to_owned()), ..ModuleStream::default() };
        let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
        mbs.insert("mse".to_owned(), Value::from(true));
        mbs.insert("commit".to_owned(), Value::from("7f2c1e5b0a9d4c3b8e6f1a2d3c4b5a6978000000"));
        let template = ModuleFacts::from_document(&document, ModuleState::Ready, &BTreeSet::new())?;
        let mut world = Self { builds: Vec::new(), platforms: Vec::new(), template };
        for stream in platforms {
            let nsvc = Nsvc {
                name: ModuleName::new("platform")?,
                stream: StreamName::new(stream)?,
                version: Version(1),
                context: Context::new("00000000")?,
            };
            world.platforms.push(nsvc.clone());
            world.builds.push(ModuleFacts { nsvc, ..world.template.clone() });
        }
        Ok(world)
    }

    /// Adds builds of a stream: so many versions on each platform, each requiring its platform and these modules in
    /// any stream that they have.
    ///
    /// # Errors
    /// A name is not acceptable.
    pub fn stream(
        &mut self,
        name: &str,
        stream: &str,
        versions: u64,
        requires: &[(String, Vec<String>)],
    ) -> Result<(), NameError> {
        let (name, stream) = (ModuleName::new(name)?, StreamName::new(stream)?);
        let mut needs = std::collections::BTreeMap::new();
        for (other, streams) in requires {
            needs.insert(ModuleName::new(other)?, StreamSet(streams.iter().cloned().collect()));
        }
        for (place, platform) in self.platforms.iter().enumerate() {
            let mut needs = needs.clone();
            needs.insert(platform.name.clone(), StreamSet::one(platform.stream.as_str()));
            for version in 1..=versions {
                let context = Context::new(format!("{place:08x}"))?;
                let version = Version(20_260_000_000_000 + version);
                self.builds.push(ModuleFacts {
                    nsvc: Nsvc { name: name.clone(), stream: stream.clone(), version, context },
                    requires: vec![needs.clone()],
                    built_on: vec![platform.clone()],
                    buildrequires: [(platform.name.clone(), platform.stream.clone())].into(),
                    ..self.template.clone()
                });
            }
        }
        Ok(())
    }
}

/// The document of a build, with what the build system noted.
pub fn document_of(facts: &ModuleFacts) -> ModuleStream {
    let text = |text: &str| Value::from(text);
    let built_against = facts.built_on.iter().map(|base| {
        let keys: ValueMap = [
            ("context", text(base.context.as_str())),
            ("ref", text("7f2c1e5b0a9d4c3b8e6f1a2d3c4b5a6978000000")),
            ("stream", text(base.stream.as_str())),
            ("version", text(&base.version.to_string())),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
        (base.name.to_string(), Value::Map(keys))
    });
    let mut document = ModuleStream {
        name: Some(facts.nsvc.name.to_string()),
        stream: Some(facts.nsvc.stream.to_string()),
        version: facts.nsvc.version.0,
        context: Some(facts.nsvc.context.to_string()),
        summary: Some("A module".to_owned()),
        description: Some("A module that others build on".to_owned()),
        ..ModuleStream::default()
    };
    document.license.module.insert("MIT".to_owned());
    for block in &facts.requires {
        let requires = block.iter().map(|(name, set)| (name.to_string(), set.clone())).collect();
        let buildrequires =
            facts.built_on.iter().map(|base| (base.name.to_string(), StreamSet::one(base.stream.as_str()))).collect();
        document.dependencies.push(Dependency { buildrequires, requires });
    }
    let buildrequires = Value::Map(built_against.collect());
    let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
    mbs.insert("buildrequires".to_owned(), buildrequires);
    mbs.insert("commit".to_owned(), text(facts.commit.as_deref().unwrap_or_default()));
    mbs.insert("mse".to_owned(), Value::from(true));
    document
}
