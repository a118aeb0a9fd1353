//! One attempt to build one component, from the checkout to the result in its place. Blocks; runs on its own thread.

use super::buildroot::{BuildrootError, Installed, Offer};
use super::files::{FileError, failed, is_full, link_or_copy, make_folder, remove_folder, sync_folder, write_json};
use super::layout::Layout;
use super::machine::Machine;
use super::manifest::{MANIFEST, Manifest, Outcome};
use super::reuse::{checksum, find};
use super::tasks::{Stop, Tasks};
use crate::deps::Requirement;
use crate::rpms::{RpmFacts, RpmReadError, read_facts};
use crate::runner::rpmbuild::{
    Blame as RunnerBlame, BuildRequires, Built, FailureKind, Input, RpmBuild, RunnerError, Settings, StepContext,
};
use crate::sandbox::{Sandbox, SandboxError, reclaim};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{Either, select};
use mbs_core::build::{BuiltComponent, CustomSrpm, SourceRef};
use mbs_core::builder::{ComponentRequest, ComponentSource};
use mbs_core::clock::Clock;
use mbs_core::macros::{MacrosError, MacrosInput, ModuleBuildMacros};
use mbs_core::source::{Source, SourceError};
use mbs_core::srpm::SrpmError;
use mbs_core::{Blame, Failure};
use std::fs::{self, File};
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// Rounds of finding and installing build requirements before they count as endless.
const MAX_ROUNDS: usize = 50;

/// The host name in every package, so that it does not depend on the machine.
const BUILD_HOST: &str = "mbs.invalid";

/// Everything an attempt needs.
pub(super) struct Attempt {
    pub(super) request: ComponentRequest,
    pub(super) layout: Layout,
    pub(super) machine: Arc<Machine>,
    pub(super) source: Arc<dyn Source>,
    pub(super) runtime: tokio::runtime::Handle,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) stop: Stop,
    /// Locked as long as anything of the attempt runs.
    pub(super) lock: Arc<OwnedFd>,
    pub(super) tasks: Arc<Tasks>,
}

#[derive(Debug, thiserror::Error)]
enum AttemptError {
    #[error("cancelled")]
    Cancelled,
    #[error(transparent)]
    Runner(#[from] RunnerError),
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error(transparent)]
    Buildroot(#[from] BuildrootError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Read(#[from] RpmReadError),
    #[error(transparent)]
    Macros(#[from] MacrosError),
    #[error(transparent)]
    Srpm(#[from] SrpmError),
    #[error("{0} never come to an end: with each package that is installed they ask for others")]
    Rounds(&'static str),
    #[error("{0}")]
    Gone(String),
    #[error("source package `{}` does not exist (any more)", .0.display())]
    SrpmAbsent(PathBuf),
    #[error("source package `{0}` is in the upload area of another builder; name a file on this machine")]
    SrpmElsewhere(String),
    #[error("the time limit of {0} s was reached (`--timeout`)")]
    TimedOut(u64),
}

impl AttemptError {
    fn blame(&self) -> Blame {
        match self {
            Self::Cancelled => Blame::Unspecified,
            Self::Runner(error) => match error.blame() {
                RunnerBlame::User => Blame::User,
                RunnerBlame::Infra => Blame::Infra,
                RunnerBlame::Nobody => Blame::Unspecified,
            },
            Self::Source(error) => error.blame(),
            Self::Buildroot(BuildrootError::File(_) | BuildrootError::Gone(_) | BuildrootError::Read(_))
            | Self::Sandbox(_)
            | Self::File(_)
            | Self::Gone(_)
            | Self::Srpm(_) => Blame::Infra,
            Self::Buildroot(_)
            | Self::Read(_)
            | Self::Macros(_)
            | Self::Rounds(_)
            | Self::SrpmAbsent(_)
            | Self::SrpmElsewhere(_)
            | Self::TimedOut(_) => Blame::User,
        }
    }

    fn is_cancel(&self) -> bool {
        matches!(self, Self::Cancelled | Self::Runner(RunnerError::Failed { kind: FailureKind::Cancelled, .. }))
    }
}

impl Attempt {
    /// Builds, and puts the outcome into its place. What is returned is the truth for this process even if it could not
    /// be written.
    pub(super) fn run(mut self) -> Outcome {
        let started = self.clock.now();
        let outcome = match self.build(started) {
            Ok(outcome) => outcome,
            Err(error) if error.is_cancel() => Outcome::Canceled,
            Err(error) => {
                let log = self.layout.log(&self.request.key);
                let failure = self.failure(&error);
                self.note(&format!("error: {failure}"));
                Outcome::Failed(failure.with_log(log.display().to_string()))
            }
        };
        match outcome {
            Outcome::Complete { .. } => {}
            Outcome::Canceled if self.tasks.is_abandoned() => {}
            Outcome::Failed(_) | Outcome::Canceled => {
                if let Err(error) = self.place(&outcome, &[]) {
                    tracing::warn!(key = %self.request.key, "the end of an attempt could not be recorded: {error}");
                }
            }
        }
        outcome
    }

    fn failure(&self, error: &AttemptError) -> Failure {
        // Programs fail in many ways where they cannot write, and even their words about it may be lost.
        if matches!(error, AttemptError::Runner(_)) && error.blame() == Blame::User {
            let config = &self.layout.config;
            if let Some(full) = [&config.work, &config.state].into_iter().find(|folder| is_full(folder)) {
                return Failure::infra(format!("no space is left in `{}`: {error}", full.display()));
            }
        }
        Failure { blame: error.blame(), reason: error.to_string(), log: None }
    }

    fn build(&mut self, started: DateTime<Utc>) -> Result<Outcome, AttemptError> {
        let key = self.request.key.clone();
        let work = self.layout.work(&key);
        remove_folder(&work)?;
        make_folder(&work)?;
        make_folder(&self.layout.logs(key.build))?;
        if let Some(taken) = self.take()? {
            return Ok(taken);
        }
        let module = Arc::clone(&self.request.module);
        let macros = ModuleBuildMacros::new(&MacrosInput {
            nsvc: &module.nsvc,
            disttag: &module.release,
            author_macros: &module.macros,
            conflicts: &[],
            epoch: module.source_epoch,
        })?;
        let settings = Settings {
            source_date_epoch: u32::try_from(module.source_epoch).unwrap_or(0),
            processes: self.layout.config.processes,
            debuginfo: self.machine.makes_debuginfo(),
            host_macros: self.machine.host_macros.get().cloned(),
            definitions: Vec::new(),
        };
        let root = work.join("root");
        make_folder(&root)?;
        let sandbox = Sandbox::new(&root)?.hide(&self.layout.config.state);
        let context = self.context(started)?;
        let rpmbuild = RpmBuild::new(sandbox, settings, macros.macros(), &context)?;
        self.machine.host_macros.get_or_init(|| rpmbuild.host_macros().to_owned());
        let built = match self.request.source.clone() {
            ComponentSource::Macros => {
                let package = macros.source_rpm(BUILD_HOST);
                let path = work.join(package.file_name());
                fs::write(&path, package.to_bytes()?).map_err(failed("write", &path))?;
                self.note("building module-build-macros");
                rpmbuild.create_tree(Some(&self.machine.package), &context)?;
                rpmbuild.build(&Input::SourceRpm(path), &context)?
            }
            ComponentSource::Git { source, commit } => {
                self.note(&format!("fetching commit {commit}"));
                let spec = self.fetch(&rpmbuild, &source, &commit, started)?;
                self.build_package(&rpmbuild, spec, started)?
            }
            ComponentSource::SourceRpm(srpm) => {
                let spec = self.unpack(&rpmbuild, &srpm, started)?;
                self.build_package(&rpmbuild, spec, started)?
            }
        };
        reclaim(&root)?;
        let spent = (self.clock.now() - started).num_milliseconds();
        self.collect(&built, u64::try_from(spent).ok())
    }

    /// Builds a spec whose sources are in their place.
    fn build_package(&self, rpmbuild: &RpmBuild, spec: String, started: DateTime<Utc>) -> Result<Built, AttemptError> {
        let offer = Offer::of(&self.layout, self.request.key.build, &self.request.scope)?;
        let mut installed = Installed::default();
        rpmbuild.create_tree(Some(&self.machine.package), &self.context(started)?)?;
        // Their macros hold where the source package is made, too.
        self.install(rpmbuild, &offer, &mut installed, &offer.base(), started)?;
        self.note("making the source package");
        let mut srpm = rpmbuild.source_rpm(&spec, &self.context(started)?)?;
        let mut rounds = 0;
        // What was installed may define macros that make further build requirements.
        while self.install(rpmbuild, &offer, &mut installed, &offer.wanted(&srpm)?, started)? {
            rounds += 1;
            if rounds > MAX_ROUNDS {
                return Err(AttemptError::Rounds("the build requirements of the spec"));
            }
            self.note("making the source package again, with what is installed now");
            srpm = rpmbuild.source_rpm(&spec, &self.context(started)?)?;
        }
        rpmbuild.check_macros(&srpm, &self.context(started)?)?;
        if read_facts(&srpm)?.requires.iter().any(|relation| relation.name == "rpmlib(DynamicBuildRequires)") {
            self.note("generating build requirements");
            // From the spec: a source package given to rpmbuild is unpacked, and its files are removed at the end.
            let input = Input::Spec(spec.clone());
            let mut rounds = 0;
            while let BuildRequires::More(more) = rpmbuild.generate_build_requires(&input, &self.context(started)?)? {
                rounds += 1;
                if rounds > MAX_ROUNDS {
                    return Err(AttemptError::Rounds("the generated build requirements"));
                }
                let grew = self.install(rpmbuild, &offer, &mut installed, &offer.wanted(&more)?, started)?;
                if !grew && rounds > 1 {
                    // Everything is there; one more round would ask the same again.
                    break;
                }
            }
        }
        self.note("building");
        Ok(rpmbuild.build(&Input::Spec(spec), &self.context(started)?)?)
    }

    /// Installs what is wanted and not there; tells whether anything was.
    fn install(
        &self,
        rpmbuild: &RpmBuild,
        offer: &Offer,
        installed: &mut Installed,
        wanted: &[Requirement],
        started: DateTime<Utc>,
    ) -> Result<bool, AttemptError> {
        let step = offer.step(wanted, installed, &self.machine.host.provides)?;
        if step.new.is_empty() && !step.afresh {
            return Ok(false);
        }
        if step.afresh {
            self.note("starting the buildroot again: what is needed conflicts with what was chosen before");
            rpmbuild.create_tree(Some(&self.machine.package), &self.context(started)?)?;
        }
        offer.check(&step)?;
        self.note(&format!("installing {} packages", step.new.len()));
        for chosen in &step.new {
            let module = offer.module_of(&chosen.rpm).map(|module| format!(" of {module}")).unwrap_or_default();
            self.note(&format!("  {}{module} for {}", chosen.rpm.nevra(), chosen.because.requirement));
        }
        let files: Vec<&Path> = step.new.iter().filter_map(|chosen| offer.file(&chosen.rpm)).collect();
        rpmbuild.install(&files, &self.context(started)?)?;
        installed.add(&step);
        Ok(true)
    }

    /// Lays the content of a source package out where the runner wants it; returns the name of the spec.
    fn unpack(&self, rpmbuild: &RpmBuild, srpm: &CustomSrpm, started: DateTime<Utc>) -> Result<String, AttemptError> {
        let CustomSrpm::File(path) = srpm else { return Err(AttemptError::SrpmElsewhere(srpm.path().to_owned())) };
        let path = PathBuf::from(path);
        if !path.is_file() {
            return Err(AttemptError::SrpmAbsent(path));
        }
        self.note(&format!("unpacking `{}`", path.display()));
        Ok(rpmbuild.unpack(&path, &self.context(started)?)?)
    }

    /// Lays the sources out where the runner wants them; returns the name of the spec.
    fn fetch(
        &mut self,
        rpmbuild: &RpmBuild,
        source: &SourceRef,
        commit: &str,
        started: DateTime<Utc>,
    ) -> Result<String, AttemptError> {
        let request = source.checkout_request(&self.request.key.component, commit)?;
        let target = rpmbuild.sources();
        let checkout = {
            let end = self.end(started);
            let limit = async {
                match end {
                    Some(end) => self.clock.sleep_until(end).await,
                    None => std::future::pending().await,
                }
            };
            let checkout = self.source.checkout(&request, &target);
            match self.runtime.block_on(first(checkout, &mut self.stop.abort, limit)) {
                First::Done(checkout) => checkout?,
                First::Aborted => return Err(AttemptError::Cancelled),
                First::TimedOut => {
                    return Err(AttemptError::TimedOut(self.request.timeout_seconds.unwrap_or_default()));
                }
            }
        };
        // Folders of their own for the spec and the sources are folded into one.
        for folder in [checkout.source_dir.as_path(), checkout.spec.parent().unwrap_or(Path::new(""))] {
            let inner = target.join(folder);
            // A link must not lead anywhere else.
            let is_folder = fs::symlink_metadata(&inner).is_ok_and(|meta| meta.is_dir());
            if folder.as_os_str().is_empty() || !is_folder {
                continue;
            }
            for entry in fs::read_dir(&inner).map_err(failed("list", &inner))? {
                let entry = entry.map_err(failed("list", &inner))?;
                let place = target.join(entry.file_name());
                if fs::symlink_metadata(&place).is_err() {
                    fs::rename(entry.path(), &place).map_err(failed("move", &place))?;
                }
            }
        }
        let name = checkout.spec.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Ok(name.to_owned())
    }

    /// When the time is up; none without a limit, or if that is beyond all time.
    fn end(&self, started: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let limit = i64::try_from(self.request.timeout_seconds?).ok()?;
        started.checked_add_signed(TimeDelta::try_seconds(limit)?)
    }

    /// What the next step is given: the rest of the time.
    fn context(&self, started: DateTime<Utc>) -> Result<StepContext, AttemptError> {
        let time_limit = match self.request.timeout_seconds {
            None => None,
            Some(limit) => {
                let spent = (self.clock.now() - started).to_std().unwrap_or(Duration::ZERO);
                let rest = Duration::from_secs(limit).saturating_sub(spent);
                if rest.is_zero() {
                    return Err(AttemptError::TimedOut(limit));
                }
                Some(rest)
            }
        };
        Ok(StepContext {
            log: self.layout.log(&self.request.key),
            cancel: self.stop.cancel.clone(),
            time_limit,
            held: vec![Arc::clone(&self.lock)],
        })
    }

    /// Puts the packages into the place of the attempt.
    fn collect(&self, built: &Built, milliseconds: Option<u64>) -> Result<Outcome, AttemptError> {
        let source = read_facts(&built.source)?;
        let nvr = source.nvr();
        let mut packages = vec![(built.source.clone(), source)];
        for path in &built.binaries {
            packages.push((path.clone(), read_facts(path)?));
        }
        packages[1..].sort_by_key(|(_, facts)| facts.file_name());
        let rpms = packages[1..].iter().map(|(_, facts)| facts.file_name()).collect();
        self.complete(BuiltComponent { nvr, rpms, milliseconds, reused_from: None }, &packages)
    }

    /// Ends the attempt with these packages.
    fn complete(&self, built: BuiltComponent, packages: &[(PathBuf, RpmFacts)]) -> Result<Outcome, AttemptError> {
        let outcome = Outcome::Complete {
            built,
            packages: packages.iter().map(|(_, facts)| facts.clone()).collect(),
            checksums: packages.iter().map(|(path, _)| checksum(path)).collect::<Result<_, _>>()?,
        };
        self.place(&outcome, packages)?;
        Ok(outcome)
    }

    /// Takes the packages of an earlier build, if the request names any; none if they are gone and can be built.
    fn take(&self) -> Result<Option<Outcome>, AttemptError> {
        let Some(order) = &self.request.reuse else { return Ok(None) };
        let from = &order.from.nsvc;
        let taken = find(&self.layout, order).and_then(|found| {
            self.note(&format!("taking `{}` from {from}", found.built.nvr));
            // Somebody may remove them at this very moment.
            self.complete(order.outcome(&found.built), &found.packages).map_err(|error| error.to_string())
        });
        match taken {
            Ok(outcome) => Ok(Some(outcome)),
            Err(problem) => {
                self.note(&format!("the packages of {from} cannot be taken: {problem}"));
                if order.required {
                    return Err(AttemptError::Gone(order.gone(&self.request.key.component).reason));
                }
                Ok(None)
            }
        }
    }

    /// Writes result and manifest beside their place, makes them durable, and renames them into it: from then on the
    /// attempt has finished, whatever else happens.
    fn place(&self, outcome: &Outcome, packages: &[(PathBuf, RpmFacts)]) -> Result<(), FileError> {
        let attempts = self.layout.attempts(self.request.key.build);
        let target = self.layout.attempt(&self.request.key);
        make_folder(&attempts)?;
        let new = tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(&attempts)
            .map_err(failed("make a folder in", &attempts))?;
        for (path, facts) in packages {
            let place = new.path().join(facts.file_name());
            link_or_copy(path, &place)?;
            File::open(&place).and_then(|file| file.sync_all()).map_err(failed("write to the disk", &place))?;
        }
        write_json(&new.path().join(MANIFEST), &Manifest::new(outcome.clone()))?;
        let new = new.keep();
        fs::rename(&new, &target).map_err(failed("put the result into", &target))?;
        sync_folder(&attempts)
    }

    /// Adds a line to the log. A log that cannot be written is not worth a failure.
    fn note(&self, line: &str) {
        let log = self.layout.log(&self.request.key);
        let _ = File::options().append(true).create(true).open(log).and_then(|mut log| writeln!(log, "== {line}"));
    }
}

/// What came first.
#[derive(Debug, PartialEq, Eq)]
enum First<T> {
    Done(T),
    Aborted,
    TimedOut,
}

/// Waits for the end of some work, a wish to stop it, or the end of its time.
async fn first<T>(work: impl Future<Output = T>, abort: impl Future + Unpin, limit: impl Future) -> First<T> {
    match select(pin!(work), select(abort, pin!(limit))).await {
        Either::Left((done, _)) => First::Done(done),
        Either::Right((Either::Left(_), _)) => First::Aborted,
        Either::Right((Either::Right(_), _)) => First::TimedOut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;
    use std::future::{pending, ready};

    #[test]
    fn fetching_ends_with_the_work_a_wish_or_the_time() {
        assert_eq!(first(ready(1), pending::<()>(), pending::<()>()).now_or_never(), Some(First::Done(1)));
        assert_eq!(first(pending::<()>(), ready(()), pending::<()>()).now_or_never(), Some(First::Aborted));
        assert_eq!(first(pending::<()>(), pending::<()>(), ready(())).now_or_never(), Some(First::TimedOut));
        assert_eq!(first(pending::<()>(), pending::<()>(), pending::<()>()).now_or_never(), None);
    }
}
