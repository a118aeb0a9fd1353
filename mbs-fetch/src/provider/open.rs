//! The provider that a place needs.

use super::documents::ProviderWarning;
use super::error::OpenError;
use super::index::{IndexProvider, named_sidecars};
use super::options::ProviderOptions;
use super::remote::{PREFIX, RemoteProvider, is_service};
use super::repository::RepositoryProvider;
use super::sidecar::Sidecar;
use crate::place::Place;
use async_trait::async_trait;
use mbs_core::repodata::REPOMD;
use mbs_core::resolve::{DocumentProvider, KnownBuild, LayeredProvider, ModuleFacts, Provider, ProviderError};
use mbs_core::source::redact;
use mbs_core::{ModuleName, Nsvc, StreamName};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// What a place is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaceKind {
    /// A module index: a path or an address.
    Index(String),
    /// A package repository: the folder that holds `repodata`, as a path or an address.
    Repository(String),
    /// A build service: an address.
    Service(String),
}

impl PlaceKind {
    /// What a place is, by looking at its text and, for a path, at what is there:
    ///
    /// | place | is |
    /// | --- | --- |
    /// | `mbs+https://...`, `mbs+http://...`, or a web address with `/module-build-service/` in it | build service |
    /// | a path or address that ends in `repodata/repomd.xml` | the repository around it |
    /// | a web address that ends in `/` | repository |
    /// | any other web address | index |
    /// | a folder with `repodata/repomd.xml`, as a path or `file://` address | repository |
    /// | a file, as a path or `file://` address | index |
    ///
    /// # Errors
    /// [`OpenError`]: nothing is there, or a folder that is no repository; an address that is refused.
    pub fn of(place: &str) -> Result<Self, OpenError> {
        if is_service(place) || place.starts_with(PREFIX) {
            return Ok(Self::Service(place.to_owned()));
        }
        if let Some(root) = place.strip_suffix(REPOMD) {
            // An empty root is the current folder.
            let root = if root.is_empty() { "." } else { root };
            if root == "." || root.ends_with('/') {
                return Ok(Self::Repository(root.to_owned()));
            }
        }
        match Place::parse(place, "place of modules")? {
            Place::Url(_) if place.ends_with('/') => Ok(Self::Repository(place.to_owned())),
            Place::Folder(path) if path.join(REPOMD).is_file() => Ok(Self::Repository(place.to_owned())),
            Place::Folder(path) if path.is_dir() => Err(OpenError::NoRepository { place: shown(&path) }),
            Place::Folder(path) if !path.exists() => Err(OpenError::Absent { place: shown(&path) }),
            Place::Url(_) | Place::Folder(_) => Ok(Self::Index(place.to_owned())),
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The providers of several places as one.
#[derive(Debug, Default)]
pub struct OpenedProvider {
    layers: LayeredProvider<dyn DocumentProvider>,
    warnings: Vec<ProviderWarning>,
    services: Vec<Arc<RemoteProvider>>,
}

/// The providers of these places, layered in their order: of a build that several know, the first counts.
/// [`PlaceKind::of`] decides what each is. Without places nothing is known.
///
/// Sidecars that the options name count for all indexes and repositories; each of their builds must be in one of them.
///
/// # Errors
/// [`OpenError`] of the first place that cannot be read. Build services are not asked before a module is.
pub async fn open_provider<T: AsRef<str> + Sync>(
    places: &[T],
    options: &ProviderOptions,
) -> Result<OpenedProvider, OpenError> {
    let kinds = places.iter().map(|place| PlaceKind::of(place.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let sidecars = named_sidecars(options).await?;
    let mut unknown: Vec<BTreeSet<Nsvc>> = sidecars.iter().map(|sidecar| sidecar.builds().cloned().collect()).collect();
    let mut opened = OpenedProvider::default();
    let mut narrow = |state_all: &mut dyn FnMut(&Sidecar) -> BTreeSet<Nsvc>| {
        for (sidecar, unknown) in sidecars.iter().zip(&mut unknown) {
            let left = state_all(sidecar);
            unknown.retain(|nsvc| left.contains(nsvc));
        }
    };
    for kind in kinds {
        match kind {
            PlaceKind::Index(place) => {
                let mut provider = IndexProvider::open_bare(&[&place], options).await?;
                narrow(&mut |sidecar| provider.state_all(sidecar));
                opened.warnings.extend_from_slice(provider.warnings());
                opened.layers.push(redact(&place), Arc::new(provider));
            }
            PlaceKind::Repository(place) => {
                let mut provider = RepositoryProvider::open_bare(&place, options).await?;
                narrow(&mut |sidecar| provider.state_all(sidecar));
                opened.warnings.extend_from_slice(provider.warnings());
                opened.layers.push(provider.place().to_owned(), Arc::new(provider));
            }
            PlaceKind::Service(place) => {
                let provider = Arc::new(RemoteProvider::new(&place, options)?);
                opened.services.push(provider.clone());
                opened.layers.push(provider.address(), provider);
            }
        }
    }
    for (sidecar, unknown) in sidecars.iter().zip(&unknown) {
        if let Some(nsvc) = unknown.first() {
            return Err(sidecar.unknown_everywhere(nsvc).into());
        }
    }
    Ok(opened)
}

impl OpenedProvider {
    /// Documents that were left out, so far.
    pub fn warnings(&self) -> Vec<ProviderWarning> {
        let services = self.services.iter().flat_map(|service| service.warnings());
        self.warnings.iter().cloned().chain(services).collect()
    }

    /// The places, without credentials, the first to count first.
    pub fn places(&self) -> impl ExactSizeIterator<Item = &str> {
        self.layers.titles()
    }
}

#[async_trait]
impl Provider for OpenedProvider {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        self.layers.builds(name).await
    }

    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        self.layers.names().await
    }
}

#[async_trait]
impl DocumentProvider for OpenedProvider {
    async fn documents_of(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<KnownBuild>, ProviderError> {
        self.layers.documents_of(name, stream).await
    }
}
