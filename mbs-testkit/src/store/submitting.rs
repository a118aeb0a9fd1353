//! Rules of [`Store::submit`], and of storing submissions and imports with it.

use super::factory::StoreFactory;
use super::racing::Racing;
use super::session::{Session, check_projections};
use crate::fixture::{moment, new_build, parse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mbs_core::build::{Change, EffectKind, Event, ModuleState, NewBuild};
use mbs_core::clock::Clock;
use mbs_core::reuse::RebuildStrategy;
use mbs_core::store::{BuildQuery, Page, Store, StoreError, SubmitPart};
use mbs_core::submit::{AdmissionPolicy, RefusalKind, StoredBuild, import, store_builds, store_import};
use mbs_core::{BuildId, Nsvc};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// A clock that stands still; whoever waits lets a rival go first, once.
#[derive(Default)]
struct Pause(Mutex<Option<Rival>>);

struct Rival {
    store: Arc<dyn Store>,
    build: BuildId,
}

#[async_trait]
impl Clock for Pause {
    fn now(&self) -> DateTime<Utc> {
        moment(500)
    }

    async fn sleep_until(&self, _when: DateTime<Utc>) {
        let rival = self.0.lock().expect("no panic").take();
        if let Some(Rival { store, build }) = rival {
            Session::open(&store, build).await.events([Event::CancelAsked { by: "bob".to_owned() }]).await;
        }
    }
}

fn with_context(context: &str) -> NewBuild {
    let mut new = new_build("m", &[&["a"]]);
    new.nsvc.context = parse(context);
    new
}

/// A build that has failed, with nothing left to be done about it.
async fn failed(store: &Arc<dyn Store>, new: NewBuild) -> Session {
    let mut session = Session::create(store, new).await;
    session.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    session.all_done().await;
    session
}

fn resume(session: &Session) -> SubmitPart {
    SubmitPart::Append(Box::new(session.clone().write([Event::ResumeAsked { by: "ann".to_owned() }])))
}

fn replace(session: &Session, new: NewBuild) -> SubmitPart {
    SubmitPart::Replace { old: session.id(), expected_revision: session.build.revision(), new }
}

/// Everything that a list and the effects show.
async fn content(store: &dyn Store) -> String {
    let (found, total) = store.find(&BuildQuery::default(), Page::ALL).await.expect("list");
    let mut all = vec![total.to_string()];
    for summary in found {
        let pending = store.pending(summary.id).await.expect("effects");
        let modules = store.modules(&summary.nsvc.name).await.expect("modules");
        all.push(format!("{summary:?} {pending:?} {modules:?}"));
    }
    all.join("\n")
}

/// If one part cannot be written, none is: nothing is created, nothing goes on, nothing is gone, no number is used.
pub async fn all_parts_or_none(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (goes_on, goes) = (failed(&store, with_context("aa")).await, failed(&store, with_context("bb")).await);
    let running = Session::create(&store, with_context("cc")).await;
    let before = content(store.as_ref()).await;
    let stale = match resume(&goes_on) {
        SubmitPart::Append(write) => {
            let expected_revision = write.expected_revision + 1;
            SubmitPart::Append(Box::new(mbs_core::store::Append { expected_revision, ..*write }))
        }
        other => other,
    };
    let old_revision = SubmitPart::Replace { old: goes.id(), expected_revision: 1, new: with_context("bb") };
    let refused = [
        vec![SubmitPart::Create(with_context("dd")), replace(&goes, with_context("bb")), stale],
        vec![resume(&goes_on), replace(&goes, with_context("bb")), SubmitPart::Create(with_context("cc"))],
        vec![resume(&goes_on), SubmitPart::Create(with_context("dd")), old_revision],
        vec![resume(&goes_on), replace(&goes, with_context("bb")), replace(&running, with_context("cc"))],
        vec![replace(&goes, with_context("bb")), replace(&goes, with_context("ee"))],
        vec![SubmitPart::Create(with_context("dd")), replace(&goes_on, with_context("aa")), resume(&goes_on)],
    ];
    let mut errors = Vec::new();
    for parts in refused {
        errors.push(store.submit(&parts, moment(9)).await.expect_err("one part cannot be written"));
        assert_eq!(content(store.as_ref()).await, before);
    }
    assert!(
        matches!(
            errors.as_slice(),
            [
                StoreError::Stale { .. },
                StoreError::Exists { .. },
                StoreError::Stale { .. },
                StoreError::InUse { .. },
                StoreError::NotFound(_),
                StoreError::NotFound(_),
            ]
        ),
        "{errors:?}"
    );
    check_projections(store.as_ref()).await;
    let created = store.submit(&[SubmitPart::Create(with_context("dd"))], moment(9)).await.expect("stored");
    assert_eq!(created[0].header.id, BuildId(4));
}

/// New builds have their first entries and effects, the others their next ones.
pub async fn several_parts_at_once(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let old = failed(&store, with_context("aa")).await;
    let parts = [SubmitPart::Create(with_context("bb")), resume(&old), SubmitPart::Create(with_context("cc"))];
    let created = store.submit(&parts, moment(9)).await.expect("stored");
    let contexts: Vec<_> = created.iter().map(|one| (one.header.id.0, one.header.nsvc.context.to_string())).collect();
    assert_eq!(contexts, [(2, "bb".to_owned()), (3, "cc".to_owned())]);
    for id in [1, 2, 3].map(BuildId) {
        let build = store.load(id).await.expect("build");
        assert_eq!(build.state(), ModuleState::Init);
        let waiting = store.pending(id).await.expect("effects");
        let reason = (id == old.id()).then(|| "Resubmitted by ann".to_owned());
        let init = EffectKind::AnnounceModule { state: ModuleState::Init, reason };
        let kinds: Vec<_> = waiting.into_iter().map(|waiting| waiting.effect.kind).collect();
        assert_eq!(kinds, [init, EffectKind::ResolveSources]);
    }
    assert_eq!(store.unfinished(moment(9)).await.expect("list"), [1, 2, 3].map(BuildId));
    check_projections(store.as_ref()).await;
}

/// Of several contexts in one call the first keeps the plain name of the result folder.
pub async fn contexts_of_one_call_share_one_plain_folder(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut other = new_build("n", &[]);
    other.nsvc.context = parse("aa");
    let parts = [with_context("aa"), with_context("bb"), other, with_context("cc")].map(SubmitPart::Create);
    let created = store.submit(&parts, moment(0)).await.expect("stored");
    let folders: Vec<_> = created.iter().map(|one| one.header.folder.as_str()).collect();
    assert_eq!(folders, ["module-m-1.0-1", "module-m-1.0-1-bb", "module-n-1.0-1", "module-m-1.0-1-cc"]);
}

/// The new build has a number of its own, and what was the old one's is free.
pub async fn a_replaced_build_goes_with_its_log(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let old = failed(&store, with_context("aa")).await;
    let created = store.submit(&[replace(&old, with_context("aa"))], moment(9)).await.expect("stored").remove(0).header;
    assert_eq!((created.id, created.index, created.folder.as_str()), (BuildId(2), BuildId(2), "module-m-1.0-1"));
    assert!(matches!(store.load(old.id()).await, Err(StoreError::NotFound(_))));
    assert_eq!(store.history(created.id, 0, 9).await.expect("log").len(), 1);
    assert_eq!(store.modules(&created.nsvc.name).await.expect("modules").len(), 1);
    check_projections(store.as_ref()).await;
}

/// What [`Store::remove`] refuses is not replaced.
pub async fn only_what_is_over_is_replaced(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, with_context("aa")).await;
    session.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    // The message waits.
    let parts = [replace(&session, with_context("aa"))];
    let error = store.submit(&parts, moment(9)).await.expect_err("in use");
    assert!(matches!(error, StoreError::InUse { build: BuildId(1), .. }), "{error:?}");
    session.all_done().await;
    store.submit(&parts, moment(9)).await.expect("over");
}

fn platform(version: u64) -> NewBuild {
    let text = format!(
        "document: modulemd\nversion: 2\ndata:\n  name: platform\n  stream: f28\n  version: {version}\n  summary: S\n  \
         description: D\n  license: {{module: [MIT]}}\n  xmd: {{mbs: {{mse: true, commit: virtual, koji_tag: tag-f28, \
         virtual_streams: [fedora]}}}}\n"
    );
    import(&super::modules::stream(&text), &BTreeSet::from([parse("platform")])).expect("a good import").new
}

/// One entry, no effect; it can be removed at once and is no work for a driver.
pub async fn an_import_is_ready_and_waits_for_nothing(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let header = store.create(&[platform(3)], moment(7)).await.expect("stored").remove(0).header;
    let build = store.load(header.id).await.expect("build");
    assert_eq!((build.state(), build.completed(), build.modified()), (ModuleState::Ready, Some(moment(7)), moment(7)));
    let log = store.history(header.id, 0, 9).await.expect("log");
    assert_eq!((log.len(), &log[0].event), (1, &Event::Imported));
    let ready = Change::StateSet { state: ModuleState::Ready, reason: None, blame: None, log: None };
    assert_eq!(log[0].changes[1..], [ready]);
    assert_eq!(store.pending(header.id).await.expect("effects"), []);
    assert_eq!(store.unfinished(moment(99)).await.expect("list"), []);
    let (found, _) = store.find(&BuildQuery::default(), Page::ALL).await.expect("list");
    assert!(found[0].imported && found[0].components == 0);
    check_projections(store.as_ref()).await;
    store.remove(header.id).await.expect("nothing waits");
    assert_eq!(store.modules(&parse("platform")).await.expect("modules"), []);
}

/// One call does each of the three; everything exists afterwards, so that a second one is refused and names all.
pub async fn a_submission_creates_resumes_and_keeps(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let old = failed(&store, with_context("aa")).await;
    Session::create(&store, with_context("bb")).await.finish().await;
    let builds = ["aa", "bb", "cc"].map(with_context);
    let stored =
        store_builds(store.as_ref(), &Pause::default(), &builds, AdmissionPolicy::default()).await.expect("stored");
    match stored.as_slice() {
        [
            StoredBuild::Resumed(build),
            StoredBuild::Kept { id, state, .. },
            StoredBuild::Created { header, replaced },
        ] => {
            assert_eq!((build.id(), build.state(), build.revision()), (old.id(), ModuleState::Init, 3));
            assert_eq!(**build, store.load(old.id()).await.expect("build"));
            assert_eq!((*id, *state), (BuildId(2), ModuleState::Ready));
            assert_eq!((header.id, *replaced), (BuildId(3), None));
        }
        other => assert!(other.is_empty(), "{other:?}"),
    }
    check_projections(store.as_ref()).await;
    let before = content(store.as_ref()).await;
    let error = store_builds(store.as_ref(), &Pause::default(), &builds, AdmissionPolicy::default())
        .await
        .expect_err("all exist");
    assert_eq!((error.code(), error.kind()), (Some("MS0301"), Some(RefusalKind::Conflict)));
    let text = error.to_string();
    for context in ["`m:1.0:1:aa`", "`m:1.0:1:bb`", "`m:1.0:1:cc`"] {
        assert!(text.contains(context), "{text}");
    }
    assert_eq!(content(store.as_ref()).await, before);
}

/// The stored build goes and what was planned now is stored, also with another strategy.
pub async fn a_refresh_makes_a_failed_build_anew(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let old = failed(&store, with_context("aa")).await;
    let mut new = with_context("aa");
    Arc::make_mut(&mut new.request).strategy = RebuildStrategy::All;
    let asked = |refresh| AdmissionPolicy { strategy: Some(RebuildStrategy::All), refresh };
    let builds = [new, with_context("bb")];
    let error = store_builds(store.as_ref(), &Pause::default(), &builds, asked(false)).await.expect_err("strategy");
    assert_eq!((error.code(), error.kind()), (Some("MS0302"), Some(RefusalKind::Validation)));
    let stored = store_builds(store.as_ref(), &Pause::default(), &builds, asked(true)).await.expect("stored");
    assert!(
        matches!(&stored[0], StoredBuild::Created { replaced, .. } if *replaced == Some(old.id())),
        "{:?}",
        stored[0]
    );
    let build = store.load(stored[0].id()).await.expect("build");
    assert_eq!((build.revision(), build.request().strategy), (1, RebuildStrategy::All));
    assert!(matches!(store.load(old.id()).await, Err(StoreError::NotFound(_))));
}

/// If somebody else stores one of the builds between look and write, his is kept, or goes on if it has failed.
pub async fn an_outrun_submission_is_decided_anew(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let policy = AdmissionPolicy::default();
    let raced = Racing::new(&store, with_context("aa"));
    let builds = ["aa", "bb"].map(with_context);
    let stored = store_builds(&raced, &Pause::default(), &builds, policy).await.expect("decided anew");
    assert!(matches!(stored[0], StoredBuild::Kept { id: BuildId(1), state: ModuleState::Init, .. }), "{stored:?}");
    assert!(matches!(&stored[1], StoredBuild::Created { header, .. } if header.id == BuildId(2)), "{stored:?}");
    // In the pause before the next try the rival's build fails.
    let raced = Racing::new(&store, with_context("cc"));
    let clock = Pause(Mutex::new(Some(Rival { store: Arc::clone(&store), build: BuildId(3) })));
    let stored = store_builds(&raced, &clock, &[with_context("cc")], policy).await.expect("decided anew");
    assert!(matches!(&stored[0], StoredBuild::Resumed(build) if build.id() == BuildId(3)), "{stored:?}");
    check_projections(store.as_ref()).await;
}

/// The earlier import goes; identity and folder stay.
pub async fn a_second_import_replaces_the_first(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let clock = Pause::default();
    let (first, none) = store_import(store.as_ref(), &clock, &platform(3)).await.expect("stored");
    let (second, replaced) = store_import(store.as_ref(), &clock, &platform(3)).await.expect("stored");
    assert_eq!((none, replaced), (None, Some(first.id)));
    assert_eq!((second.nsvc, second.folder), (first.nsvc, first.folder));
    let (other, none) = store_import(store.as_ref(), &clock, &platform(4)).await.expect("stored");
    assert_eq!((other.nsvc.to_string(), none), ("platform:f28:4:00000000".to_owned(), None));
    let modules = store.modules(&parse("platform")).await.expect("modules");
    assert_eq!(modules.iter().map(|module| module.id.0).collect::<Vec<_>>(), [2, 3]);
    check_projections(store.as_ref()).await;
}

/// An import does not take the place of a build of ours, whatever became of it.
pub async fn what_was_built_here_is_not_imported(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let new = NewBuild { nsvc: platform(3).nsvc, ..with_context("aa") };
    let nsvc: Nsvc = new.nsvc.clone();
    failed(&store, new).await;
    let error = store_import(store.as_ref(), &Pause::default(), &platform(3)).await.expect_err("built here");
    assert_eq!((error.code(), error.kind()), (Some("MS0408"), Some(RefusalKind::Conflict)));
    assert!(error.to_string().contains(&nsvc.to_string()), "{error}");
    assert_eq!(store.find(&BuildQuery::default(), Page::ALL).await.expect("list").1, 1);
}
