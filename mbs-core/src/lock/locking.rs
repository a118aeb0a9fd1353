//! Finding out what a lock holds beside the builds: to make one, and to compare with one.

use super::error::{LockingError, NotAsLocked};
use super::make::{LockInput, sources};
use super::model::{Lock, LockedComponent};
use crate::build::{BuiltAgainst, SourceRef};
use crate::resolve::Provider;
use crate::source::{CommitHash, LookasideEntry, RepositoryUrl, SourceError};
use crate::submit::{Fingerprints, PlannedBuild, SubmitError};
use crate::{ComponentName, Nsvc};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use std::collections::BTreeMap;
use std::fmt;

/// Reads the lists of look-aside files.
#[async_trait]
pub trait LookasideLists: Send + Sync {
    /// The look-aside files of a component at a commit, as a checkout would fetch them.
    ///
    /// # Errors
    /// [`SourceError`] if the lists cannot be had or read.
    async fn files(
        &self,
        component: &ComponentName,
        source: &SourceRef,
        commit: &CommitHash,
    ) -> Result<Vec<LookasideEntry>, SourceError>;
}

/// A submission that is locked or repeated.
#[derive(Clone, Copy)]
pub struct Locking<'a> {
    /// The document as it was submitted.
    pub modulemd: &'a str,
    /// Its time, see [`Origin::time`](crate::submit::Origin::time).
    pub time: DateTime<Utc>,
    /// Reads the lists of look-aside files.
    pub lists: &'a dyn LookasideLists,
    /// How many components are asked for at the same time.
    pub parallel: usize,
    /// Tells what builds on this machine depend on; none for builds that are made elsewhere.
    pub fingerprints: Option<&'a dyn Fingerprints>,
}

impl fmt::Debug for Locking<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locking").field("time", &self.time).field("parallel", &self.parallel).finish_non_exhaustive()
    }
}

/// Look-aside files by component.
type Files = BTreeMap<ComponentName, Vec<LookasideEntry>>;

/// What the machine offers.
#[derive(Default)]
struct Offered {
    platform: Option<String>,
    modules: BTreeMap<Nsvc, String>,
}

impl Locking<'_> {
    /// The lock of builds with the commits of all components.
    ///
    /// # Errors
    /// [`LockingError`], with every component whose look-aside files cannot be found out.
    pub async fn lock(&self, builds: &[PlannedBuild]) -> Result<Lock, LockingError> {
        let files = self.files(wanted(builds)).await?;
        let offered = self.offered(builds.iter()).await?;
        Ok(self.of(builds, &files, &offered)?)
    }

    /// Compares builds with the locked ones.
    ///
    /// All of the submission has to be as locked, but what the machine offers counts for the builds with these contexts
    /// only; none means all of them.
    ///
    /// # Errors
    /// [`LockingError::Differs`] with every difference; others if what has to be compared cannot be found out and nothing
    /// differs otherwise.
    pub async fn compare(
        &self,
        locked: &Lock,
        builds: &[PlannedBuild],
        contexts: &[String],
    ) -> Result<(), LockingError> {
        let mut beyond = None;
        // Where a component comes from elsewhere, its files are no news: only those of the others are looked up.
        let (same, other): (BTreeMap<_, _>, BTreeMap<_, _>) = wanted(builds)
            .into_iter()
            .partition(|(name, source)| locked.components.get(*name).is_some_and(|one| one.is_of(source)));
        let as_locked = |name: &ComponentName| (name.clone(), locked.files(name));
        let same_names: Vec<ComponentName> = same.keys().map(|name| (*name).clone()).collect();
        let mut files = match self.files(same).await {
            Ok(files) => files,
            Err(problem) => {
                beyond = Some(problem);
                same_names.iter().map(as_locked).collect()
            }
        };
        files.extend(other.into_keys().map(as_locked));

        let is_wanted = |build: &&PlannedBuild| {
            contexts.is_empty() || contexts.iter().any(|one| one == build.new.nsvc.context.as_str())
        };
        let mut offered = match self.offered(builds.iter().filter(is_wanted)).await {
            Ok(offered) => offered,
            Err(problem) => {
                beyond = beyond.or(Some(problem));
                Offered::default()
            }
        };
        if self.fingerprints.is_some() {
            // What was not looked at is no difference.
            offered.platform = offered.platform.or_else(|| locked.platform.clone());
            for (nsvc, digest) in locked.digests() {
                offered.modules.entry(nsvc).or_insert(digest);
            }
        }

        let found = self.of(builds, &files, &offered)?;
        match (locked.check(&found), beyond) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(problem)) => Err(problem.into()),
            (Err(differences), beyond) => Err(NotAsLocked { differences, beyond: beyond.map(Box::new) }.into()),
        }
    }

    fn of(&self, builds: &[PlannedBuild], files: &Files, offered: &Offered) -> Result<Lock, super::MakeLockError> {
        Lock::of(LockInput {
            modulemd: self.modulemd,
            time: self.time,
            builds,
            files,
            platform: offered.platform.as_deref(),
            digests: &offered.modules,
        })
    }

    async fn files(&self, wanted: BTreeMap<&ComponentName, &SourceRef>) -> Result<Files, SubmitError> {
        let asked: Vec<_> = wanted.into_iter().map(|(name, source)| self.files_of(name, source)).collect();
        // In the order of the names, so that problems are told in that order.
        let answers: Vec<_> = futures::stream::iter(asked).buffered(self.parallel.max(1)).collect().await;
        let (mut files, mut problems) = (Files::new(), Vec::new());
        for answer in answers {
            match answer {
                Ok((name, found)) => drop(files.insert(name, found)),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(files) } else { Err(SubmitError::Sources(problems)) }
    }

    async fn files_of(
        &self,
        name: &ComponentName,
        source: &SourceRef,
    ) -> Result<(ComponentName, Vec<LookasideEntry>), SourceError> {
        // Without a commit no lock is made, and that is what is told.
        let files = match &source.commit {
            Some(commit) => self.lists.files(name, source, &CommitHash::new(commit)?).await?,
            None => Vec::new(),
        };
        Ok((name.clone(), files))
    }

    /// What the machine offers to these builds; each module is looked at once.
    async fn offered<'b>(&self, builds: impl Iterator<Item = &'b PlannedBuild>) -> Result<Offered, SubmitError> {
        let requests: Vec<_> = builds.map(|build| &build.new.request).collect();
        let (Some(fingerprints), Some(first)) = (self.fingerprints, requests.first()) else {
            return Ok(Offered::default());
        };
        let against: BTreeMap<&Nsvc, &BuiltAgainst> =
            requests.iter().flat_map(|request| &request.built_against).map(|one| (&one.nsvc, one)).collect();
        let mut all = crate::build::BuildRequest::clone(first);
        all.built_against = against.into_values().cloned().collect();
        let names: BTreeMap<String, Nsvc> =
            all.built_against.iter().map(|one| (one.nsvc.to_string(), one.nsvc.clone())).collect();
        let print = fingerprints.of(&all).await?;
        let named = |(text, digest): (String, String)| Some((names.get(&text)?.clone(), digest));
        Ok(Offered {
            platform: Some(print.platform),
            modules: print.dependencies.into_iter().filter_map(named).collect(),
        })
    }
}

/// The components that come from a repository, of all builds.
fn wanted(builds: &[PlannedBuild]) -> BTreeMap<&ComponentName, &SourceRef> {
    builds.iter().flat_map(|build| sources(&build.new.request)).collect()
}

impl Lock {
    /// Whether a submission can be repeated as far as that is known before anything is resolved: all builds that are
    /// built against are known.
    ///
    /// A changed document alone is no error yet: what becomes of it tells the other differences, see
    /// [`Lock::refused`] and [`Locking::compare`].
    ///
    /// # Errors
    /// [`LockingError::Differs`] with the builds that are gone and the changed document.
    pub async fn check_inputs(&self, modulemd: &str, provider: &dyn Provider) -> Result<(), LockingError> {
        let mut differences = self.missing(provider).await.map_err(SubmitError::from)?;
        if differences.is_empty() {
            return Ok(());
        }
        differences.extend(self.check_document(modulemd));
        differences.sort();
        Err(NotAsLocked { differences, beyond: None }.into())
    }

    /// The error of a submission that was to be repeated and was refused: if the document is not the locked one, that is
    /// why.
    pub fn refused(&self, modulemd: &str, problem: SubmitError) -> LockingError {
        match self.check_document(modulemd) {
            Some(difference) => NotAsLocked { differences: vec![difference], beyond: Some(Box::new(problem)) }.into(),
            None => problem.into(),
        }
    }

    fn files(&self, name: &ComponentName) -> Vec<LookasideEntry> {
        let files = self.components.get(name).into_iter().flat_map(|component| &component.files);
        files.map(|file| LookasideEntry { path: file.path.clone(), checksum: file.checksum.clone() }).collect()
    }

    fn digests(&self) -> BTreeMap<Nsvc, String> {
        let modules = self.builds.iter().flat_map(|build| &build.modules);
        modules.filter_map(|module| Some((module.nsvc.clone(), module.digest.clone()?))).collect()
    }
}

impl LockedComponent {
    /// Whether a source has the locked repository and commit.
    fn is_of(&self, source: &SourceRef) -> bool {
        source.commit.as_deref() == Some(self.commit.as_str())
            && RepositoryUrl::parse(&source.repository).is_ok_and(|url| url.git_url() == self.repository)
    }
}
