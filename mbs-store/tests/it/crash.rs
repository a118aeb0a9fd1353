//! A writer is killed in the middle of its work, again and again.
//!
//! The child is this very test program; it does the same things in the same order each time, so that a memory store that
//! is led as far as the log goes shows what has to be there.

use crate::place::{Place, open};
use mbs_core::build::{Event, ModuleState, NewBuild};
use mbs_core::store::{BuildQuery, MemoryStore, Page, Store, SubmitPart};
use mbs_core::{BuildId, Nsvc, Version};
use mbs_testkit::fixture::{moment, new_build, parse};
use mbs_testkit::store::{Session, assert_same, block_on, check_projections};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// The variable that names the state folder to the child.
const FOLDER: &str = "MBS_STORE_TEST_FOLDER";

/// If this variable is set, the child starts a process that inherits its lock and outlives it.
const HEIR: &str = "MBS_STORE_TEST_HEIR";

fn nth_build(n: u64) -> NewBuild {
    let mut new = new_build("m", &[&["a", "b", "c"], &["d", "e"], &["f"]]);
    new.nsvc.version = Version(n);
    new
}

/// One write of the story: the next events of a build with everything done that waited before. Groups of entries go into
/// one write.
async fn go_on(session: &mut Session) -> bool {
    let waiting = session.store.pending(session.id()).await.expect("effects");
    let mut events = session.next_events();
    if events.is_empty() {
        return false;
    }
    if session.build.revision().is_multiple_of(3) {
        let mut ahead = session.clone();
        ahead.decide(events.clone());
        events.extend(ahead.next_events());
    }
    let mut write = session.write(events);
    write.done = waiting.iter().map(|waiting| waiting.seq).collect();
    session.store.append(&[write]).await.expect("the present revision");
    true
}

/// One submission of the other story: it stores two contexts of a version, goes on with a failed build of the version before,
/// and makes the other failed one of that version anew. Afterwards its own two have failed.
async fn submit(store: &Arc<dyn Store>, version: u64) {
    let of = |version, context: &str| {
        let mut new = nth_build(version);
        new.nsvc.context = parse(context);
        new
    };
    let mut parts = ["aa", "bb"].map(|context| SubmitPart::Create(of(version, context))).to_vec();
    if version > 1 {
        let mut goes_on = Session::open(store, find(store, &of(version - 1, "aa").nsvc).await[0]).await;
        let write = goes_on.write([Event::ResumeAsked { by: "ann".to_owned() }]);
        parts.insert(1, SubmitPart::Append(Box::new(write)));
        let goes = Session::open(store, find(store, &of(version - 1, "bb").nsvc).await[0]).await;
        let (old, expected_revision) = (goes.id(), goes.build.revision());
        parts.insert(0, SubmitPart::Replace { old, expected_revision, new: of(version - 1, "bb") });
    }
    store.submit(&parts, moment(0)).await.expect("every part can be written");
    for context in ["aa", "bb"] {
        let mut session = Session::open(store, find(store, &of(version, context).nsvc).await[0]).await;
        let mut write = session.write([Event::CancelAsked { by: "ann".to_owned() }]);
        write.done = store.pending(session.id()).await.expect("effects").iter().map(|waiting| waiting.seq).collect();
        store.append(&[write]).await.expect("the present revision");
        session.all_done().await;
    }
}

async fn find(store: &Arc<dyn Store>, nsvc: &Nsvc) -> Vec<BuildId> {
    let (found, _) = store.find(&BuildQuery::nsvc(nsvc), Page::ALL).await.expect("list");
    found.into_iter().map(|build| build.id).collect()
}

/// The other child. Not a test by itself.
#[test]
fn child_that_submits_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder));
    let mut out = std::io::stdout();
    block_on(async {
        for version in 1.. {
            submit(&store, version).await;
            writeln!(out, "answered 1 {version}").expect("a reader");
            out.flush().expect("a reader");
        }
    });
}

#[test]
fn after_a_kill_every_submission_is_there_as_a_whole_or_not_at_all() {
    for round in 0..16 {
        let place = Place::new();
        place.dir();
        let turns = u32::try_from(round).expect("few") * 9000;
        let (_, answered) = run_and_kill("child_that_submits_until_it_is_killed", &place.root(), 1 + round % 5, turns);
        let store = place.store();
        block_on(async {
            let mut contexts = BTreeMap::<u64, Vec<_>>::new();
            for build in store.find(&BuildQuery::default(), Page::ALL).await.expect("list").0 {
                contexts.entry(build.nsvc.version.0).or_default().push(build);
            }
            assert!(contexts.keys().next_back().is_some_and(|last| *last >= answered), "{answered}");
            for (version, builds) in &contexts {
                let by_context = |context: &str| builds.iter().find(|build| build.nsvc.context.as_str() == context);
                let (Some(aa), Some(bb), 2) = (by_context("aa"), by_context("bb"), builds.len()) else {
                    unreachable!("half of submission {version} is there: {builds:?}");
                };
                // What the next submission did about this version, it did with its own builds or not at all.
                let next = contexts.get(&(version + 1));
                let log = store.history(aa.id, 0, u64::MAX).await.expect("log");
                let goes_on = log.iter().any(|entry| matches!(entry.event, Event::ResumeAsked { .. }));
                assert_eq!(goes_on, next.is_some(), "version {version}");
                assert_eq!(bb.id.0 > aa.id.0 + 1, next.is_some(), "version {version}: {} and {}", aa.id, bb.id);
            }
            check_projections(store.as_ref()).await;
            let last = *contexts.keys().next_back().expect("some");
            if contexts[&last].iter().all(|build| build.state == ModuleState::Failed) {
                for build in &contexts[&last] {
                    Session::open(&store, build.id).await.all_done().await;
                }
                submit(&store, last + 1).await;
            }
        });
    }
}

/// The child: tells after each answer how far the store has come. Not a test by itself.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder));
    let mut out = std::io::stdout();
    block_on(async {
        let first = Session::create(&store, nth_build(0)).await;
        store.acquire_lease(first.id(), "the child", moment(0)).await.expect("a free lease");
        if std::env::var_os(HEIR).is_some() {
            leave_an_heir(&first);
        }
        for n in 1.. {
            let mut session = Session::create(&store, nth_build(n)).await;
            loop {
                writeln!(out, "answered {} {}", session.id(), session.build.revision()).expect("a reader");
                out.flush().expect("a reader");
                if !go_on(&mut session).await {
                    break;
                }
            }
        }
    });
}

/// Starts `cat`, which lives as long as standard input is open, with every lock of this process still open in it.
#[expect(clippy::disallowed_methods, reason = "the test is about processes that die")]
#[expect(clippy::zombie_processes, reason = "it has to outlive this process")]
fn leave_an_heir(session: &Session) {
    let lock = format!("/{}.lock", session.id());
    let mut inherited = 0;
    for entry in std::fs::read_dir("/proc/self/fd").expect("open files").map_while(Result::ok) {
        let Ok(target) = std::fs::read_link(entry.path()) else { continue };
        if !target.to_str().is_some_and(|target| target.ends_with(&lock)) {
            continue;
        }
        let number = entry.file_name().to_str().and_then(|name| name.parse().ok()).expect("a number");
        // SAFETY: the lease is held, so its file is open, and nothing closes it before the end of this loop.
        let fd = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
        // Without the mark that closes it in the new program.
        rustix::io::fcntl_setfd(fd, rustix::io::FdFlags::empty()).expect("it is open");
        inherited += 1;
    }
    assert_eq!(inherited, 1);
    Command::new("cat").stdin(Stdio::inherit()).stdout(Stdio::null()).spawn().expect("cat starts");
}

#[expect(clippy::disallowed_methods, reason = "the test is about processes that die")]
fn start(child: &str, folder: &Path, heir: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", &format!("crash::{child}"), "--nocapture"]).env(FOLDER, folder);
    if heir {
        command.env(HEIR, "1");
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("this program starts")
}

/// Lets a child write until it has told `answers` times, and some turns of the processor longer, so that it is in the middle
/// of the next write; kills it, and returns the last thing it told before that.
fn run_and_kill(child: &str, folder: &Path, answers: usize, turns: u32) -> (BuildId, u64) {
    let mut child = start(child, folder, false);
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut told = lines.map_while(Result::ok).filter_map(|line| {
        let (_, told) = line.split_once("answered ")?;
        let (build, revision) = told.split_once(' ')?;
        Some((BuildId(build.parse().ok()?), revision.parse().ok()?))
    });
    // The pipe stays open: a child that cannot write would end by itself.
    let last = told.by_ref().take(answers).last().expect("the child works");
    (0..turns).for_each(|_| std::hint::spin_loop());
    child.kill().expect("it runs");
    child.wait().expect("it is dead");
    last
}

#[test]
fn after_a_kill_the_store_holds_whole_writes_and_all_that_were_answered() {
    for round in 0..32 {
        let answers = [1, 2, 5, 9, 14, 23, 38, 61][round % 8];
        let place = Place::new();
        place.dir();
        let (build, answered) = {
            let turns = u32::try_from(round).expect("few") * 1500;
            run_and_kill("child_that_writes_until_it_is_killed", &place.root(), answers, turns)
        };
        let store = place.store();
        block_on(async {
            let revision = store.load(build).await.expect("what was answered is there").revision();
            assert!(revision >= answered, "{answers}: answered {answered}, found {revision}");
            let at = format!("killed after {answers}, build {build} at {revision}");
            let expected: Arc<dyn Store> = Arc::new(MemoryStore::new());
            Session::create(&expected, nth_build(0)).await;
            let all = store.find(&BuildQuery::default(), Page::ALL).await.expect("list");
            for n in 1..all.1 {
                let mut session = Session::create(&expected, nth_build(n)).await;
                let found = store.load(session.id()).await.expect("whole").revision();
                while session.build.revision() < found {
                    assert!(go_on(&mut session).await, "{at}: {found} is beyond the end");
                }
                assert_eq!(session.build.revision(), found, "{at}: half of a write is there");
            }
            assert_same(expected.as_ref(), store.as_ref(), &at).await;
            // The lease of the dead is free at once, with a new fence.
            let lease = store.acquire_lease(BuildId(1), "we", moment(0)).await.expect("the holder is dead");
            assert_eq!(lease.fence, 2, "{at}");
            // And the work goes on.
            let mut session = Session::open(&store, build).await;
            while go_on(&mut session).await {}
        });
    }
}

fn lease_ends_with_its_holder(heir: bool) {
    let place = Place::new();
    let store = place.store();
    let mut child = start("child_that_writes_until_it_is_killed", &place.root(), heir);
    // `wait` closes the input of the child; an heir must outlive it.
    let input = child.stdin.take();
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("answered"))).expect("it works").expect("text");
    let error = block_on(store.acquire_lease(BuildId(1), "we", moment(0))).expect_err("held by the child");
    assert_eq!(error.to_string(), "build 1 is being driven by the child");
    child.kill().expect("it runs");
    child.wait().expect("it is dead");
    block_on(store.acquire_lease(BuildId(1), "we", moment(0))).expect("the holder is dead");
    drop(input);
}

#[test]
fn a_lease_is_held_as_long_as_its_process_lives() {
    lease_ends_with_its_holder(false);
}

#[test]
fn a_child_that_inherited_the_lock_does_not_keep_the_lease() {
    lease_ends_with_its_holder(true);
}
