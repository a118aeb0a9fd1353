//! A whole build in a folder: store, sources, embedded backend and driver put together as a program would.

#![expect(clippy::missing_panics_doc, reason = "a test helper that cannot go on ends the test")]

use mbs_core::build::{BuildOptions, BuildRequest, BuiltAgainst, Limits, ModuleBuild, NewBuild};
use mbs_core::bus::MemoryBus;
use mbs_core::drive::{Driver, DriverConfig, Ended, Ports};
use mbs_core::modulemd::{ReadOptions, read_for_build};
use mbs_core::resolve::{Universe, expand};
use mbs_core::store::{MemoryStore, Store};
use mbs_core::submit::{AssumedPlatform, Commits, Origin, PlannedBuild, Settings, assemble};
use mbs_core::{Arch, BuildId, ModuleName, Owner, StreamName};
use mbs_fetch::{CacheDir, FetchOptions, Fetcher, SystemClock};
use mbs_mock::{RpmbuildBuilder, RpmbuildConfig};
use mbs_store::{SqliteStore, StateDir};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that a build on one machine needs, below one folder.
pub struct Workshop {
    /// Store, builder, bus, clock, source.
    pub ports: Ports,
    /// The builder once more, with what only this backend can tell.
    pub builder: Arc<RpmbuildBuilder>,
    fetcher: Arc<Fetcher>,
    root: PathBuf,
}

impl Workshop {
    /// Folders below `root`; a store in memory.
    pub fn new(root: &Path) -> Self {
        Self::with_store(root, Arc::new(MemoryStore::new()))
    }

    /// Folders below `root`; a store in its folder `state`, as programs use it.
    pub fn with_database(root: &Path) -> Self {
        let state = StateDir::create(root.join("state")).expect("state folder");
        Self::with_store(root, Arc::new(SqliteStore::open(state).expect("database")))
    }

    fn with_store(root: &Path, store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(SystemClock);
        let cache = CacheDir::open(root.join("cache")).expect("cache folder");
        let fetcher = Arc::new(Fetcher::new(cache, FetchOptions::default(), clock.clone()).expect("fetcher"));
        let config = RpmbuildConfig {
            state: root.join("state"),
            results: root.join("builds"),
            cache: root.join("cache"),
            work: root.join("work"),
            processes: NonZeroU32::MIN,
            extra_provides: Vec::new(),
        };
        let builder = RpmbuildBuilder::open(config, fetcher.clone(), clock.clone()).expect("backend");
        let builder = Arc::new(builder.with_packages(fetcher.clone()));
        let ports =
            Ports { builder: builder.clone(), store, bus: Arc::new(MemoryBus::new()), clock, source: fetcher.clone() };
        Self { ports, builder, fetcher, root: root.to_owned() }
    }

    /// What would be built of a modulemd file, git checkout or SCM URL.
    pub async fn submission(&self, source: &str, options: BuildOptions) -> PlannedBuild {
        let fetched = self.fetcher.fetch_modulemd(source).await.expect("modulemd");
        let input = read_for_build(fetched.text.as_bytes(), &fetched.file_name, &ReadOptions::lenient())
            .expect("a document to build");
        let origin = Origin {
            name_hint: fetched.name_hint,
            stream_hint: None,
            scmurl: None,
            commit: fetched.scm.as_ref().map(|scm| scm.commit.to_string()),
            branch: None,
            time: fetched.time.unwrap_or_default(),
        };
        let (name, stream) = (ModuleName::new("platform").expect("name"), StreamName::new("debian12").expect("stream"));
        let arch = Arch::new(mbs_mock::platform::machine_arch()).expect("arch");
        let settings = Settings::new(mbs_mock::BACKEND, arch, Owner::new("tester").expect("owner"));
        let settings = Settings { options, ..settings }.on_platform(name.clone(), stream.clone());
        let known = Universe::new([Arc::new(AssumedPlatform::facts(&name, &stream))], &settings.expand);
        let expansion = expand(&known, &input.stream, &settings.expand).expect("expansion");
        let made = assemble(&input.stream, expansion, &[], &origin, &settings, &Commits::default());
        made.expect("submission").builds.remove(0)
    }

    /// Stores a build of the source.
    pub async fn store(&self, source: &str, options: BuildOptions) -> BuildId {
        let submission = self.submission(source, options).await;
        let created = self.ports.store.create(&[submission.new], self.ports.clock.now()).await.expect("stored");
        created[0].header.id
    }

    /// Stores a build of the source that is built against finished builds of this workshop.
    pub async fn store_against(&self, source: &str, others: &[&ModuleBuild]) -> BuildId {
        let new = self.submission(source, BuildOptions::default()).await.new;
        let built_against = others.iter().map(|other| self.against(other)).collect();
        let request = BuildRequest { built_against, ..(*new.request).clone() };
        let new = NewBuild { request: Arc::new(request), ..new };
        let created = self.ports.store.create(&[new], self.ports.clock.now()).await.expect("stored");
        created[0].header.id
    }

    /// A finished build as others are built against it.
    pub fn against(&self, build: &ModuleBuild) -> BuiltAgainst {
        let repository = self.results(build).to_str().expect("a path").to_owned();
        BuiltAgainst {
            nsvc: build.nsvc().clone(),
            direct: true,
            base: false,
            commit: None,
            koji_tag: None,
            repository: Some(repository),
        }
    }

    /// Drives a build to its end.
    pub async fn drive(&self, id: BuildId) -> ModuleBuild {
        let limits = Limits { per_backend: Some(2), ..Limits::default() };
        let config = DriverConfig { limits, ..DriverConfig::new("test") };
        let mut driver = Driver::new(self.ports.clone(), config);
        driver.attach(id).await.expect("attached");
        assert_eq!(driver.run(std::future::pending()).await.expect("driven"), Ended::Settled);
        self.ports.store.load(id).await.expect("loaded")
    }

    /// The result folder of a build.
    pub fn results(&self, build: &ModuleBuild) -> PathBuf {
        self.root.join("builds").join(&build.header().folder).join("results")
    }

    /// Log of an attempt.
    pub fn log(&self, build: &ModuleBuild, component: &str, attempt: u32) -> String {
        let path = self.root.join(format!("state/logs/{}/{component}.{attempt}.log", build.id()));
        std::fs::read_to_string(path).unwrap_or_default()
    }
}
