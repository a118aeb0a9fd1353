//! A store, a builder and everything else a driver needs, under one virtual clock.

use chrono::TimeDelta;
use futures::StreamExt;
use futures::stream::BoxStream;
use mbs_core::build::{BuildOptions, BuildRequest, ComponentState, Event, ModuleBuild, NewBuild, SourceRef, decide};
use mbs_core::builder::GenericBuilder;
use mbs_core::bus::{EventBus, MemoryBus, Message, MessageBody, TopicFilter};
use mbs_core::clock::Clock;
use mbs_core::drive::{Driver, DriverConfig, Ended, Ports};
use mbs_core::plan::{MACROS_COMPONENT, PlanComponent, PlanInput, plan};
use mbs_core::source::Source;
use mbs_core::store::{Append, BuildSummary, MemoryStore, Store};
use mbs_core::{Arch, BuildId, ComponentName, Context, ModuleName, Nsvc, Owner, StreamName, Version};
use mbs_testkit::builder::MemoryBuilder;
use mbs_testkit::{FixedSource, SimClock};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) fn name(text: &str) -> ComponentName {
    ComponentName::new(text).expect("component name")
}

/// A build of these components: each a name, its buildorder, and what it is built after.
pub(super) fn new_build(
    module: &str,
    owner: &str,
    components: &[(&str, i64, &[&str])],
    options: BuildOptions,
) -> NewBuild {
    let component = |(text, buildorder, after): &(&str, i64, &[&str])| PlanComponent {
        buildorder: *buildorder,
        buildafter: after.iter().map(|text| name(text)).collect(),
        ..PlanComponent::new(name(text))
    };
    let arch = Arch::new("x86_64").expect("arch");
    let input = PlanInput { components: components.iter().map(component).collect(), modules: Vec::new() };
    let plan = plan(&input, &BTreeSet::from([arch.clone()])).expect("plan");
    let source = |spec: &ComponentName| SourceRef {
        repository: format!("https://example.org/rpms/{spec}"),
        git_ref: Some("stable".to_owned()),
        ..SourceRef::default()
    };
    let sources =
        plan.components.iter().map(|spec| (spec.name.as_str() != MACROS_COMPONENT).then(|| source(&spec.name)));
    let request = BuildRequest {
        modulemd: format!("document: modulemd # {module}\n"),
        source_epoch: 1,
        sources: sources.collect(),
        options,
        ..BuildRequest::new("memory", arch, plan)
    };
    NewBuild {
        nsvc: Nsvc {
            name: ModuleName::new(module).expect("module name"),
            stream: StreamName::new("1").expect("stream"),
            version: Version(7),
            context: Context::new("c0ffee00").expect("context"),
        },
        owner: Owner::new(owner).expect("owner"),
        scratch: false,
        request: Arc::new(request),
    }
}

pub(super) struct Bench {
    pub(super) clock: SimClock,
    pub(super) memory: MemoryBuilder,
    pub(super) builder: Arc<dyn GenericBuilder>,
    pub(super) store: MemoryStore,
    pub(super) source: Arc<dyn Source>,
    pub(super) config: DriverConfig,
    bus: MemoryBus,
    heard: BoxStream<'static, Message>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let clock = SimClock::default();
        let memory = MemoryBuilder::new(Arc::new(clock.clone()));
        let bus = MemoryBus::new();
        Self {
            builder: Arc::new(memory.clone()),
            heard: bus.subscribe(TopicFilter::default()),
            store: MemoryStore::new(),
            source: Arc::new(FixedSource::new()),
            config: DriverConfig::new("bench"),
            clock,
            memory,
            bus,
        }
    }

    pub(super) fn ports(&self) -> Ports {
        Ports {
            builder: Arc::clone(&self.builder),
            store: Arc::new(self.store.clone()),
            bus: Arc::new(self.bus.clone()),
            clock: Arc::new(self.clock.clone()),
            source: Arc::clone(&self.source),
        }
    }

    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.clock.run(future).expect("the driver ends")
    }

    /// Stores a build of the owner `ann`.
    pub(super) fn create(&self, components: &[(&str, i64, &[&str])]) -> BuildId {
        self.create_with("orchard", "ann", components, BuildOptions::default())
    }

    pub(super) fn create_with(
        &self,
        module: &str,
        owner: &str,
        components: &[(&str, i64, &[&str])],
        options: BuildOptions,
    ) -> BuildId {
        self.store_new(&new_build(module, owner, components, options))
    }

    pub(super) fn store_new(&self, new: &NewBuild) -> BuildId {
        let new = std::slice::from_ref(new);
        self.run(self.store.create(new, self.clock.now())).expect("stored")[0].header.id
    }

    pub(super) async fn driver(&self, builds: &[BuildId]) -> Driver {
        let mut driver = Driver::new(self.ports(), self.config.clone());
        for build in builds {
            driver.attach(*build).await.expect("attached");
        }
        driver
    }

    /// Drives builds to their end.
    pub(super) fn drive(&self, builds: &[BuildId]) {
        let ended = self.run(async { self.driver(builds).await.run(std::future::pending()).await });
        assert_eq!(ended.expect("driven"), Ended::Settled);
    }

    /// Drives builds for a time, then interrupts the driver.
    pub(super) fn drive_for(&self, builds: &[BuildId], time: TimeDelta) -> Ended {
        let until = self.clock.now() + time;
        let clock = self.clock.clone();
        let stop = async move { clock.sleep_until(until).await };
        self.run(async { self.driver(builds).await.run(stop).await }).expect("driven")
    }

    /// Drives builds for a time, then drops the driver as a crash does. The leases of the dead lapse.
    pub(super) fn crash_after(&self, builds: &[BuildId], time: TimeDelta) {
        self.run(async {
            let mut driver = self.driver(builds).await;
            let until = self.clock.now() + time;
            let run = std::pin::pin!(driver.run(std::future::pending()));
            let over = futures::future::select(run, self.clock.sleep_until(until)).await;
            assert!(matches!(over, futures::future::Either::Right(_)), "the driver ended before its crash");
        });
        self.clock.advance(TimeDelta::minutes(2));
    }

    pub(super) fn load(&self, build: BuildId) -> ModuleBuild {
        self.run(self.store.load(build)).expect("loaded")
    }

    /// Feeds an event from outside, as a command does.
    pub(super) async fn tell(&self, build: BuildId, event: Event) {
        let mut loaded = self.store.load(build).await.expect("loaded");
        let expected_revision = loaded.revision();
        let decided = decide(&mut loaded, event, self.clock.now()).expect("legal").expect("changes something");
        let summary = BuildSummary::of(&loaded);
        let write = Append {
            build,
            expected_revision,
            fence: None,
            decided: vec![decided],
            done: Vec::new(),
            slots: None,
            summary,
        };
        self.store.append(&[write]).await.expect("stored");
    }

    /// Whether no task has to be ended any more.
    pub(super) async fn store_closing_is_empty(&self, build: BuildId) -> bool {
        self.store.load(build).await.expect("loaded").closing().is_empty()
    }

    /// Names of the tasks in the order of their submission.
    pub(super) fn submitted(&self) -> Vec<String> {
        self.memory.tasks().iter().map(|task| task.key.component.to_string()).collect()
    }

    /// What a buildroot saw.
    pub(super) fn saw(&self, build: BuildId, component: &str) -> Vec<String> {
        let task = self.memory.task(build, component).expect("task");
        task.buildroot.iter().map(ToString::to_string).collect()
    }

    /// States of the components, macros left out.
    pub(super) fn states(&self, build: BuildId) -> Vec<(String, ComponentState)> {
        let build = self.load(build);
        build.components().skip(1).map(|(_, spec, c)| (spec.name.to_string(), c.state)).collect()
    }

    /// Everything that was announced since the last question: `build.state` and `component STATE`.
    pub(super) fn heard(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(Some(message)) = futures::FutureExt::now_or_never(self.heard.next()) {
            all.push(match message.body {
                MessageBody::Module(body) => format!("{}: {}", message.build, body.state_name),
                MessageBody::Component(body) => {
                    format!("{}: {} {}", message.build, body.package, body.state_name.unwrap_or("WAITING"))
                }
            });
        }
        all
    }
}
