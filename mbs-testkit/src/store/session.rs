//! A build with its store: decides events and writes what was decided.

use crate::fixture::{built, commits, moment};
use chrono::{DateTime, Utc};
use mbs_core::BuildId;
use mbs_core::build::{Decided, EffectSeq, Event, ModuleBuild, ModuleState, NewBuild, decide};
use mbs_core::plan::ComponentIx;
use mbs_core::store::{Append, Appended, BuildQuery, BuildSummary, Page, SlotToken, Store, StoreError};
use std::sync::Arc;

/// A build in a store, with the state that the log has led to. Time goes on by a second with each event.
#[derive(Clone)]
pub struct Session {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The build.
    pub build: ModuleBuild,
    /// Fence of its writes.
    pub fence: Option<u64>,
    seconds: i64,
}

impl Session {
    /// Stores a new build.
    pub async fn create(store: &Arc<dyn Store>, new: NewBuild) -> Self {
        let created = store.create(&[new], moment(0)).await.expect("a new build can be stored");
        Self::open(store, created[0].header.id).await
    }

    /// Goes on with a stored build.
    pub async fn open(store: &Arc<dyn Store>, id: BuildId) -> Self {
        let build = store.load(id).await.expect("a stored build can be loaded");
        let seconds = i64::try_from(build.revision()).expect("few revisions");
        Self { store: Arc::clone(store), build, fence: None, seconds }
    }

    /// Its number.
    pub fn id(&self) -> BuildId {
        self.build.id()
    }

    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        moment(self.seconds)
    }

    /// Decides events that are legal; leaves out what changes nothing.
    pub fn decide(&mut self, events: impl IntoIterator<Item = Event>) -> Vec<Decided> {
        let mut decided = Vec::new();
        for event in events {
            self.seconds += 1;
            let now = self.now();
            decided.extend(decide(&mut self.build, event, now).expect("the fixture only makes legal events"));
        }
        decided
    }

    /// Decides events and makes the write of them.
    pub fn write(&mut self, events: impl IntoIterator<Item = Event>) -> Append {
        let expected_revision = self.build.revision();
        let decided = self.decide(events);
        Append {
            build: self.id(),
            expected_revision,
            fence: self.fence,
            decided,
            done: Vec::new(),
            slots: None,
            summary: BuildSummary::of(&self.build),
        }
    }

    /// Decides events, writes them and checks the projections.
    pub async fn events(&mut self, events: impl IntoIterator<Item = Event>) {
        let write = self.write(events);
        self.store.append(&[write]).await.expect("a write on the present revision succeeds");
        check_projections(self.store.as_ref()).await;
    }

    /// Starts components with slots granted by `token`.
    pub async fn admit(&mut self, components: Vec<ComponentIx>, token: SlotToken) -> Result<Appended, StoreError> {
        let write = Append { slots: Some(token), ..self.write([Event::Admitted { components }]) };
        self.store.append(&[write]).await
    }

    /// Marks effects done.
    pub async fn done(&self, done: Vec<EffectSeq>) {
        let write = Append {
            build: self.id(),
            expected_revision: self.build.revision(),
            fence: self.fence,
            decided: Vec::new(),
            done,
            slots: None,
            summary: BuildSummary::of(&self.build),
        };
        self.store.append(&[write]).await.expect("a write on the present revision succeeds");
    }

    /// Marks everything done that waits.
    pub async fn all_done(&self) {
        let waiting = self.store.pending(self.id()).await.expect("the build exists");
        self.done(waiting.iter().map(|waiting| waiting.seq).collect()).await;
    }

    /// Leads a new build into state build, with its first batch open.
    pub async fn start(&mut self) {
        let commits = commits(&self.build);
        self.events([Event::SourcesResolved { commits }, Event::BuildrootReady]).await;
    }

    /// What happens next if everything goes well; nothing for a build that is over.
    pub fn next_events(&self) -> Vec<Event> {
        let build = &self.build;
        match build.state() {
            ModuleState::Init => return vec![Event::SourcesResolved { commits: commits(build) }],
            ModuleState::Wait => return vec![Event::BuildrootReady],
            ModuleState::Build => {}
            ModuleState::Done | ModuleState::Failed | ModuleState::Ready | ModuleState::Garbage => return Vec::new(),
        }
        if build.finalizing() {
            return vec![Event::Finalized];
        }
        let components: Vec<_> = build.ready().collect();
        if !components.is_empty() {
            return vec![Event::Admitted { components }];
        }
        let completed = |component: ComponentIx| {
            let attempt = build.component(component)?.attempt;
            let built = built(build.spec(component)?.name.as_str(), 1000 + u64::from(component.0));
            Some(Event::ComponentCompleted { component, attempt, built })
        };
        let running: Vec<_> = build.running().filter_map(completed).collect();
        match build.publishing() {
            _ if !running.is_empty() => running,
            Some(publishing) if publishing.tagged => vec![Event::RepoReady { cycle: publishing.cycle }],
            Some(publishing) => vec![Event::Tagged { cycle: publishing.cycle }],
            None => Vec::new(),
        }
    }

    /// Builds everything to the end, with all effects done.
    pub async fn finish(&mut self) {
        loop {
            let events = self.next_events();
            if events.is_empty() {
                break;
            }
            self.events(events).await;
        }
        self.all_done().await;
    }
}

/// Checks that what a list shows of every build is what its log says.
pub async fn check_projections(store: &dyn Store) {
    let (found, total) = store.find(&BuildQuery::default(), Page::ALL).await.expect("builds can be listed");
    assert_eq!(found.len() as u64, total);
    for summary in found {
        let build = store.load(summary.id).await.expect("a listed build can be loaded");
        assert_eq!(summary, BuildSummary::of(&build));
    }
}
