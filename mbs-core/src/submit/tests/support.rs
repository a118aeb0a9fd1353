//! Short ways to make submissions.

use super::super::*;
use super::known::{module, stream};
use crate::modulemd::{ModuleStream, ReadOptions, read_for_inclusion};
use crate::resolve::{Provider, Universe, expand};
use crate::source::{GitRef, RepositoryUrl, Source, SourceError};
use crate::{Arch, Owner};
use async_trait::async_trait;
use chrono::DateTime;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn document(dependencies: &str, rest: &str) -> ModuleStream {
    let text = format!(
        "document: modulemd\nversion: 2\ndata:\n  name: gauges\n  stream: \"1.0\"\n  summary: s\n  description: d\n  \
         license: {{module: [MIT]}}\n  dependencies: {dependencies}\n{rest}"
    );
    read_for_inclusion(text.as_bytes(), "gauges.yaml", &ReadOptions::default()).expect("good document").stream
}

pub(super) fn settings(platform: &str) -> Settings {
    Settings::new("test", Arch::new("x86_64").expect("arch"), Owner::new("ann").expect("owner"))
        .on_platform(module("platform"), stream(platform))
}

/// Expands and assembles over nothing but the platform of the settings; the first build.
pub(super) fn submit(
    document: &ModuleStream,
    included: &[Included],
    origin: &Origin,
    settings: &Settings,
) -> Result<(PlannedBuild, Vec<Warning>), SubmitError> {
    let (name, stream) = settings.expand.default_streams.iter().next().expect("platform");
    let known = Universe::new([Arc::new(AssumedPlatform::facts(name, stream))], &settings.expand);
    let expansion = expand(&known, document, &settings.expand)
        .map_err(|error| SubmitError::Expand(vec![ExpandFailure { context: None, error }]))?;
    if expansion.results.is_empty() {
        return Err(SubmitError::nothing(&[expansion]));
    }
    let mut made = assemble(document, expansion, included, origin, settings, &Commits::default())?;
    Ok((made.builds.remove(0), made.warnings))
}

pub(super) fn origin() -> Origin {
    Origin::file(DateTime::from_timestamp(1_517_838_714, 0).expect("time"))
}

pub(super) const ANY: &str = "[{buildrequires: {platform: []}, requires: {platform: []}}]";

/// What a planner makes over these builds. Nothing is included.
pub(super) fn planned(
    documents: &[ModuleStream],
    provider: &dyn Provider,
    source: Option<&dyn Source>,
    origin: &Origin,
    settings: &Settings,
) -> Result<Submissions, SubmitError> {
    let (included, read) = (Documents(BTreeMap::new()), ReadOptions::default());
    let planner = Planner { provider, included: &included, source, read: &read, settings };
    futures::executor::block_on(planner.plan(documents, origin))
}

/// The document as it is stored.
pub(super) fn stored(build: &PlannedBuild) -> ModuleStream {
    read_for_inclusion(build.new.request.modulemd.as_bytes(), "stored.yaml", &ReadOptions::default())
        .expect("readable")
        .stream
}

/// Documents of included modules, by the name of their repository.
pub(super) struct Documents(pub(super) BTreeMap<&'static str, &'static str>);

#[async_trait]
impl IncludedSource for Documents {
    async fn document(
        &self,
        repository: &RepositoryUrl,
        _git_ref: Option<&GitRef>,
    ) -> Result<(String, String), SourceError> {
        let name = repository.name();
        Ok((self.0[name.as_str()].to_owned(), format!("{name}.yaml")))
    }
}
