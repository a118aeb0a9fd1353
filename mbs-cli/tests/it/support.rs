//! A home of its own for every test, and builds that are stored in it.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::build::{BuildRequest, BuiltComponent, Event, NewBuild, SourceRef, TaskId};
use mbs_core::clock::Clock;
use mbs_core::drive::request;
use mbs_core::plan::{ComponentIx, PlanComponent, PlanInput, plan};
use mbs_core::store::{Append, BuildSummary, Store};
use mbs_core::{Arch, BuildId, ComponentName, Failure, Owner};
use mbs_store::{SqliteStore, StateDir};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The result as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect("the result is JSON")
    }

    /// The run, if it ended with that code.
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

/// A home folder that ends with the test.
pub(crate) struct Home {
    root: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { root: tempfile::tempdir().expect("temporary folder") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    /// Where the state is by default.
    pub(crate) fn state(&self) -> PathBuf {
        self.path().join(".local/state/mbs")
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("in the home")).expect("folder");
        std::fs::write(&path, text).expect("written");
        path
    }

    #[expect(clippy::disallowed_methods, reason = "the program is what is tested")]
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mbs"));
        command.args(args).env("HOME", self.path()).env("USER", "ann").current_dir(self.path()).stdin(Stdio::null());
        for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "MBS_LOG"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn mbs(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output().expect("started");
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Starts the program and reads its progress until a line holds all of `words`.
    pub(crate) fn start_until(&self, args: &[&str], words: &[&str]) -> Started {
        let mut child = self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        let lines = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut started = Started { child, lines, seen: String::new() };
        started.read_until(words);
        started
    }
}

/// A running program.
pub(crate) struct Started {
    child: Child,
    lines: BufReader<std::process::ChildStderr>,
    seen: String,
}

impl Started {
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("it runs");
    }

    fn read_until(&mut self, words: &[&str]) {
        loop {
            let start = self.seen.len();
            let read = self.lines.read_line(&mut self.seen).expect("text");
            assert!(read > 0, "it ended before a line with {words:?}:\n{}", self.seen);
            if words.iter().all(|word| self.seen[start..].contains(word)) {
                return;
            }
        }
    }

    /// Reads its result, and throws it away, until a line holds `word`.
    pub(crate) fn read_result_until(&mut self, word: &str) {
        let result = self.child.stdout.as_mut().expect("a pipe");
        let (mut line, mut byte) = (Vec::new(), [0]);
        loop {
            assert!(result.read(&mut byte).expect("readable") == 1, "it ended before a line with {word}");
            if byte == *b"\n" {
                if String::from_utf8(std::mem::take(&mut line)).expect("text").contains(word) {
                    return;
                }
            } else {
                line.push(byte[0]);
            }
        }
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> Ran {
        self.lines.read_to_string(&mut self.seen).expect("text");
        let mut stdout = String::new();
        self.child.stdout.take().expect("a pipe").read_to_string(&mut stdout).expect("text");
        let status = self.child.wait().expect("ended");
        Ran { code: status.code(), stdout, stderr: std::mem::take(&mut self.seen) }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // A test that fails leaves nothing behind. One that has ended cannot be killed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A clock that stands still.
struct Fixed;

/// A moment with nothing special about it.
fn moment() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

#[async_trait]
impl Clock for Fixed {
    fn now(&self) -> DateTime<Utc> {
        moment()
    }
    async fn sleep_until(&self, _when: DateTime<Utc>) {}
}

/// What becomes of a stored build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing yet.
    Init,
    /// The component failed.
    Failed,
    /// Everything was built.
    Ready,
}

/// Builds stored through the library, as an earlier run of the program would have.
pub(crate) struct Stored {
    store: SqliteStore,
}

impl Stored {
    pub(crate) fn new(home: &Home) -> Self {
        let dir = StateDir::create(home.state()).expect("state folder");
        Self { store: SqliteStore::open(dir).expect("store") }
    }

    /// Stores a build of the macros and one component `alpha` for owner `bob`.
    pub(crate) fn add(&self, nsvc: &str, fate: Fate) -> BuildId {
        futures::executor::block_on(self.add_now(nsvc, fate))
    }

    async fn add_now(&self, nsvc: &str, fate: Fate) -> BuildId {
        let created = self.store.create(&[new_build(nsvc)], moment()).await.expect("stored");
        let id = created[0].header.id;
        let (macros, alpha) = (ComponentIx::MACROS, ComponentIx(1));
        let commit = Some("c".repeat(40));
        let mut events = vec![
            Event::SourcesResolved { commits: vec![None, commit] },
            Event::BuildrootReady,
            Event::Admitted { components: vec![macros] },
            Event::TaskAccepted { component: macros, attempt: 1, task: TaskId("t1".into()) },
            Event::ComponentCompleted { component: macros, attempt: 1, built: built("module-build-macros-0.1-1") },
            Event::Tagged { cycle: 1 },
            Event::RepoReady { cycle: 1 },
            Event::Admitted { components: vec![alpha] },
            Event::TaskAccepted { component: alpha, attempt: 1, task: TaskId("t2".into()) },
        ];
        match fate {
            Fate::Init => events.clear(),
            Fate::Failed => {
                let failure = Failure::user("`%build` of the spec failed");
                events.push(Event::ComponentFailed { component: alpha, attempt: 1, failure });
            }
            Fate::Ready => events.extend([
                Event::ComponentCompleted { component: alpha, attempt: 1, built: built("alpha-1-1") },
                Event::Tagged { cycle: 2 },
                Event::RepoReady { cycle: 2 },
                Event::Finalized,
            ]),
        }
        for event in events {
            let name = event.name();
            request(&self.store, &Fixed, id, event).await.expect(name);
        }
        if matches!(fate, Fate::Failed | Fate::Ready) {
            self.deliver_all(id).await;
        }
        id
    }

    /// Marks every effect as delivered, as a driver that came to its end.
    async fn deliver_all(&self, id: BuildId) {
        let build = self.store.load(id).await.expect("stored");
        let done = self.store.pending(id).await.expect("stored").into_iter().map(|effect| effect.seq).collect();
        let write = Append {
            build: id,
            expected_revision: build.revision(),
            fence: None,
            decided: Vec::new(),
            done,
            slots: None,
            summary: BuildSummary::of(&build),
        };
        self.store.append(&[write]).await.expect("written");
    }
}

fn built(nvr: &str) -> BuiltComponent {
    BuiltComponent {
        nvr: nvr.to_owned(),
        rpms: vec![format!("{nvr}.noarch.rpm")],
        milliseconds: Some(1500),
        reused_from: None,
    }
}

fn new_build(nsvc: &str) -> NewBuild {
    let arch = Arch::new("x86_64").expect("arch");
    let alpha = PlanComponent::new(ComponentName::new("alpha").expect("name"));
    let plan = plan(&PlanInput { components: vec![alpha], modules: Vec::new() }, &BTreeSet::from([arch.clone()]));
    let source = SourceRef {
        repository: "https://user:secret@git.example.org/alpha".to_owned(),
        git_ref: Some("main".to_owned()),
        ..SourceRef::default()
    };
    let request = BuildRequest {
        modulemd: "secret".to_owned(),
        sources: vec![None, Some(source)],
        ..BuildRequest::new("rpmbuild", arch, plan.expect("plan"))
    };
    NewBuild {
        nsvc: nsvc.parse().expect("identity"),
        owner: Owner::new("bob").expect("owner"),
        scratch: false,
        request: Arc::new(request),
    }
}
