//! Builds that module index files tell of.

use super::documents::{DocumentSet, ProviderWarning};
use super::error::OpenError;
use super::options::{ProviderOptions, Reader};
use super::sidecar::{MAX_BYTES, Sidecar, SidecarError};
use crate::place::{Means, Place};
use async_trait::async_trait;
use mbs_core::resolve::{DocumentProvider, KnownBuild, ModuleFacts, Provider, ProviderError};
use mbs_core::source::SourceError;
use mbs_core::{ModuleName, Nsvc, StreamName};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What sidecars are named behind the index's name.
const SIDECARS: [&str; 3] = [".states.yaml", ".states.yml", ".states.json"];

/// Builds that module index files tell of: `modules.yaml`, plain or compressed, in any number.
///
/// A document may carry `xmd.mbs`, then the build is exactly what that says; or not, then what it was built against is
/// assumed. Documents of one build for several architectures are one build; the first one counts, over all files.
///
/// What documents cannot say stands in a [`Sidecar`]: for an index `FILE` on this machine the file `FILE.states.yaml`,
/// `FILE.states.yml` or `FILE.states.json` beside it, and for `NAME.yaml` or `NAME.yml`, also compressed, `NAME.states.*`
/// too; others can be named in [`ProviderOptions::sidecars`] and count more. A build that nobody says a state of is ready.
#[derive(Debug)]
pub struct IndexProvider {
    set: DocumentSet,
}

impl IndexProvider {
    /// Reads indexes: paths, or addresses with the scheme `file`, `http` or `https`.
    ///
    /// # Errors
    /// [`OpenError`]: a file that is absent, cannot be unpacked or has no document that can be read; a sidecar that is
    /// refused; trouble with the network.
    pub async fn open<T: AsRef<str> + Sync>(places: &[T], options: &ProviderOptions) -> Result<Self, OpenError> {
        let mut provider = Self::open_bare(places, options).await?;
        for sidecar in named_sidecars(options).await? {
            if let Some(unknown) = provider.set.state_all(&sidecar).first() {
                return Err(sidecar.unknown_everywhere(unknown).into());
            }
        }
        Ok(provider)
    }

    /// The same without the sidecars that were named.
    pub(super) async fn open_bare<T: AsRef<str> + Sync>(
        places: &[T],
        options: &ProviderOptions,
    ) -> Result<Self, OpenError> {
        let reader = Reader::new(options);
        let mut set = DocumentSet::new(options, None);
        for place in places {
            let place = Place::parse(place.as_ref(), "module index")?;
            let limit = options.limits.compressed_bytes() as u64;
            let bytes = place.read(&reader.means(), limit).await?;
            let bytes = bytes.ok_or_else(|| OpenError::Absent { place: place.to_string() })?;
            let sidecar = sidecar_beside(&place, &reader.means()).await?;
            set = off_thread(move || {
                set.add(bytes, &place.to_string(), sidecar.as_ref())?;
                Ok(set)
            })
            .await?;
        }
        Ok(Self { set })
    }

    /// Reads an index from memory. `file` names it in warnings and errors; named sidecars are not looked at.
    ///
    /// # Errors
    /// [`OpenError`]: the text cannot be unpacked, or has no document that can be read; the sidecar names a build that the
    /// index does not have.
    pub fn from_bytes(
        bytes: &[u8],
        file: &str,
        sidecar: Option<&Sidecar>,
        options: &ProviderOptions,
    ) -> Result<Self, OpenError> {
        let mut set = DocumentSet::new(options, None);
        set.add(bytes.to_vec(), file, sidecar)?;
        Ok(Self { set })
    }

    /// What was left out: documents that cannot be read, or that no build can have.
    pub fn warnings(&self) -> &[ProviderWarning] {
        self.set.warnings()
    }

    /// The names of the modules.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = &ModuleName> {
        self.set.names()
    }

    /// How many builds are known.
    pub fn len(&self) -> usize {
        self.set.len()
    }

    /// Whether no build is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn state_all(&mut self, sidecar: &Sidecar) -> BTreeSet<Nsvc> {
        self.set.state_all(sidecar)
    }
}

#[async_trait]
impl Provider for IndexProvider {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        self.set.facts(name)
    }

    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        Ok(self.set.names().cloned().collect())
    }
}

#[async_trait]
impl DocumentProvider for IndexProvider {
    async fn documents_of(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<KnownBuild>, ProviderError> {
        self.set.stream(name, stream)
    }
}

/// Runs reading, which may take seconds, away from the threads that drive futures.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OpenError> + Send + 'static,
) -> Result<T, OpenError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(SourceError::disk("work on", "a module index")(std::io::Error::other(error)).into()),
    }
}

/// The sidecars that the options name.
pub(super) async fn named_sidecars(options: &ProviderOptions) -> Result<Vec<Sidecar>, OpenError> {
    let reader = Reader::new(options);
    let mut sidecars = Vec::new();
    for place in &options.sidecars {
        let place = Place::parse(place, "sidecar")?;
        sidecars.push(read_sidecar(&place, &reader.means()).await?);
    }
    Ok(sidecars)
}

async fn read_sidecar(place: &Place, means: &Means<'_>) -> Result<Sidecar, OpenError> {
    let bytes = place.read(means, MAX_BYTES as u64).await?;
    let bytes = bytes.ok_or_else(|| SidecarError::Absent { file: place.to_string() })?;
    let place = place.to_string();
    off_thread(move || Ok(Sidecar::parse(&bytes, &place)?)).await
}

/// The sidecar beside an index on this machine, if there is one.
async fn sidecar_beside(place: &Place, means: &Means<'_>) -> Result<Option<Sidecar>, OpenError> {
    let Place::Folder(path) = place else { return Ok(None) };
    let found: Vec<PathBuf> = sidecar_paths(path).into_iter().filter(|path| path.is_file()).collect();
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(read_sidecar(&Place::Folder(only.clone()), means).await?)),
        several => {
            let files = several.iter().map(|path| format!("`{}`", path.display())).collect();
            Err(SidecarError::Several { index: place.to_string(), files }.into())
        }
    }
}

/// Where the sidecar of an index may be.
fn sidecar_paths(index: &Path) -> Vec<PathBuf> {
    let Some(name) = index.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let open = [".gz", ".bz2", ".xz", ".zst"].into_iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let stem = [".yaml", ".yml"].into_iter().find_map(|end| open.strip_suffix(end)).unwrap_or(open);
    let names: BTreeSet<String> =
        [name, open, stem].into_iter().flat_map(|name| SIDECARS.map(|end| format!("{name}{end}"))).collect();
    names.into_iter().map(|name| index.with_file_name(name)).collect()
}
