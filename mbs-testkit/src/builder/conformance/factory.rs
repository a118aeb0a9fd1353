//! What the suite needs of a builder.

use async_trait::async_trait;
use chrono::TimeDelta;
use mbs_core::build::SourceRef;
use mbs_core::builder::{ComponentSource, GenericBuilder, ModuleContext, RequestKey};
use mbs_core::clock::Clock;
use mbs_core::identity::{DEFAULT_DISTTAG_PREFIX, Disttag};
use mbs_core::{Arch, BuildId, ComponentName, Context, ModuleName, NameError, Nsvc, StreamName, Version};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A component that a builder can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name; also the name of its one binary package.
    pub name: ComponentName,
    /// Where its source is.
    pub source: ComponentSource,
}

impl Part {
    /// A component in a git repository that nobody looks at.
    ///
    /// # Errors
    /// [`NameError`] for what is no component name.
    pub fn named(name: &str) -> Result<Self, NameError> {
        let source =
            SourceRef { repository: format!("https://example.org/rpms/{name}"), git_ref: None, ..SourceRef::default() };
        let source = ComponentSource::Git { source, commit: "c0ffee".repeat(7)[..40].to_owned() };
        Ok(Self { name: ComponentName::new(name)?, source })
    }
}

/// What somebody reads in a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoContent {
    /// File names of the binary RPMs.
    pub rpms: BTreeSet<String>,
    /// Whether there is module metadata.
    pub modulemd: bool,
}

/// Makes instances of a builder over one world, and components for it.
///
/// The world is what stands outside the process: a folder, a server, a piece of shared memory. The suite uses build
/// numbers from 1 on; the world must not know them yet.
#[async_trait]
pub trait BuilderFactory: Send + Sync {
    /// A new instance over the same world. The suite drops the one before; what it left running goes the way that the end
    /// of a process would take it.
    async fn open(&self) -> Arc<dyn GenericBuilder>;

    /// Time for the suite, as the builder sees it.
    fn clock(&self) -> Arc<dyn Clock>;

    /// The context of a build.
    fn module(&self, build: BuildId) -> ModuleContext {
        sample_module(build)
    }

    /// A component that can be built. Another name for every number; the suite uses numbers below 10.
    fn good(&self, number: u32) -> Part;

    /// A component whose build fails by its own fault.
    fn failing(&self) -> Option<Part> {
        None
    }

    /// A component whose build does not end by itself.
    fn endless(&self) -> Option<Part> {
        None
    }

    /// A component that can only be built where the package of another is to be had. Another name for every number.
    fn needing(&self, _number: u32, _other: &Part) -> Option<Part> {
        None
    }

    /// A component that can only be built where the package of another is installed without being asked for.
    fn using(&self, _other: &Part) -> Option<Part> {
        None
    }

    /// How often work on a submission was really begun; none if that cannot be told.
    fn starts(&self, _key: &RequestKey) -> Option<u32> {
        None
    }

    /// Reads the repository at an address of [`GenericBuilder::repo_for`] as its users do. None if the suite cannot look
    /// into it; an error tells what is wrong with it.
    async fn read_repo(&self, _address: &str) -> Option<Result<RepoContent, String>> {
        None
    }

    /// How long something that ends by itself may take.
    fn patience(&self) -> TimeDelta {
        TimeDelta::minutes(5)
    }

    /// Pause between two questions.
    fn period(&self) -> TimeDelta {
        TimeDelta::milliseconds(20)
    }
}

/// A context that any builder should accept.
fn sample_module(build: BuildId) -> ModuleContext {
    let version = 20_240_101_000_000 + build.0;
    let checked = "the names are acceptable";
    let nsvc = Nsvc {
        name: ModuleName::new("suite").expect(checked),
        stream: StreamName::new("1").expect(checked),
        version: Version(version),
        context: Context::new("9edba152").expect(checked),
    };
    ModuleContext {
        build,
        folder: format!("module-suite-1-{version}"),
        release: Disttag::new(DEFAULT_DISTTAG_PREFIX, None, build, &nsvc).expect(checked),
        scratch: false,
        arch: Arch::new("x86_64").expect(checked),
        macros: String::new(),
        source_epoch: 1_704_067_200,
        modulemd: format!(
            "---\ndocument: modulemd\nversion: 2\ndata:\n  name: suite\n  stream: \"1\"\n  version: {version}\n  \
             context: 9edba152\n  summary: Conformance\n  description: Conformance\n  license:\n    module: [MIT]\n...\n"
        ),
        filter: Vec::new(),
        built_against: Vec::new(),
        nsvc,
    }
}
