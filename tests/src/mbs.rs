//! The `mbs` program, run with folders and an environment of its own.

#![expect(clippy::missing_panics_doc, clippy::panic, reason = "a test helper that cannot go on ends the test")]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How long a program may say nothing before a test gives up. Only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_mins(2);

/// `mbs` with state, cache, results, work and home folder below one folder, and no variables of the tester's.
#[derive(Debug, Clone)]
pub struct Mbs {
    root: PathBuf,
    umask: Option<u32>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Done {
    /// As the system says.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// A run that goes on.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: Receiver<Line>,
    stdout: String,
    stderr: String,
}

#[derive(Debug)]
enum Line {
    Out(String),
    Err(String),
}

impl Mbs {
    /// Folders below `root`, which is made.
    pub fn new(root: &Path) -> Self {
        let root = std::path::absolute(root).expect("a path");
        for folder in ["home", "config/mbs"] {
            std::fs::create_dir_all(root.join(folder)).expect("folder");
        }
        let mbs = Self { root: root.canonicalize().expect("folder"), umask: None };
        let mut config = String::new();
        for (key, folder) in
            [("state-dir", "state"), ("cache-dir", "cache"), ("results", "results"), ("work-dir", "work")]
        {
            // Writing into a `String` cannot fail.
            let _ = writeln!(config, "{key}: \"{}\"", mbs.path(folder).display());
        }
        std::fs::write(mbs.path("config/mbs/config.yaml"), config).expect("configuration");
        mbs
    }

    /// Runs with this file mode creation mask.
    #[must_use]
    pub fn with_umask(self, umask: u32) -> Self {
        Self { umask: Some(umask), ..self }
    }

    /// A path below the folder of all.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The program with arguments, not started.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = program(binary());
        self.settle(&mut command);
        command.args(args);
        command
    }

    /// The same, started by another program such as `unshare`, whose arguments come first.
    pub fn command_under(&self, launcher: &str, launcher_args: &[&str], args: &[&str]) -> Command {
        let mut command = program(launcher);
        self.settle(&mut command);
        command.args(launcher_args).arg(binary()).args(args);
        command
    }

    fn settle(&self, command: &mut Command) {
        command.env_clear().current_dir(&self.root).stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").expect("a search path"));
        command.env("HOME", self.root.join("home")).env("USER", "tester").env("TZ", "UTC");
        command.env("XDG_CONFIG_HOME", self.root.join("config"));
        if let Some(umask) = self.umask {
            let mode = rustix::fs::Mode::from_raw_mode(umask);
            // SAFETY: between fork and exec only one system call is made, which is async-signal-safe.
            unsafe {
                command.pre_exec(move || {
                    rustix::process::umask(mode);
                    Ok(())
                });
            }
        }
    }

    /// Runs to the end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Done {
        run(&mut self.command(args))
    }

    /// Runs to the end, which must be a success; returns standard output.
    pub fn ok<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> String {
        self.run(args).expect(0).stdout
    }

    /// Runs to the end with `--format json`; the result.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let text = self.ok([&["--format", "json", "--quiet"], args].concat());
        serde_json::from_str(&text).expect("JSON on standard output")
    }

    /// Starts.
    pub fn start<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Running {
        Running::start(&mut self.command(args))
    }

    /// The attempts of a build that have finished well, as `COMPONENT.ATTEMPT`, sorted.
    pub fn finished(&self, build: u64) -> Vec<String> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.path(&format!("state/builds/{build}/attempts"))).into_iter().flatten() {
            let path = entry.expect("entry").path();
            let Ok(text) = std::fs::read_to_string(path.join("manifest.json")) else { continue };
            let manifest: serde_json::Value = serde_json::from_str(&text).expect("manifest");
            let name = path.file_name().and_then(OsStr::to_str).expect("name").to_owned();
            // What is being put into place has another name still.
            if !manifest["outcome"]["complete"].is_null() && !name.starts_with('.') {
                names.push(name);
            }
        }
        names.sort();
        names
    }

    /// The result folder of a build that is ready.
    pub fn repository(&self, build: u64) -> PathBuf {
        let shown = self.json(&["show", &build.to_string()]);
        PathBuf::from(shown["repository"].as_str().expect("a repository"))
    }
}

impl Done {
    /// The exit code must be this one.
    #[must_use]
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{}", self.text());
        self
    }

    /// Everything that was printed.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{}\n--- stdout\n{}\n--- stderr\n{}", self.status, self.stdout, self.stderr);
        text
    }
}

impl Running {
    /// Starts a command whose output is read while it runs.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("mbs starts");
        let (sender, lines) = channel();
        read(child.stdout.take().expect("piped"), sender.clone(), Line::Out);
        read(child.stderr.take().expect("piped"), sender, Line::Err);
        Self { child, lines, stdout: String::new(), stderr: String::new() }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line of either stream within some time; none if there was none or the output has ended.
    pub fn line_within(&mut self, time: Duration) -> Option<String> {
        match self.lines.recv_timeout(time) {
            Ok(line) => Some(self.took(line)),
            Err(_) => None,
        }
    }

    /// Whether the process has ended.
    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    fn took(&mut self, line: Line) -> String {
        let (all, line) = match line {
            Line::Out(line) => (&mut self.stdout, line),
            Line::Err(line) => (&mut self.stderr, line),
        };
        all.push_str(&line);
        all.push('\n');
        line
    }

    /// Waits for a line that contains the text; false if the program ended before.
    pub fn wait_for(&mut self, text: &str) -> bool {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    if self.took(line).contains(text) {
                        return true;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => panic!("no `{text}` in time:\n{}\n{}", self.stdout, self.stderr),
            }
        }
    }

    /// The line must come.
    #[track_caller]
    pub fn expect_line(&mut self, text: &str) {
        assert!(self.wait_for(text), "no `{text}`:\n{}\n{}", self.stdout, self.stderr);
    }

    /// Sends a signal.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process");
        rustix::process::kill_process(pid, signal).expect("not waited for yet");
    }

    /// Ends it without warning, as a crash would; false if it had ended by itself.
    pub fn kill(mut self) -> bool {
        if !self.is_over() {
            self.signal(rustix::process::Signal::KILL);
        }
        self.child.wait().expect("waited for").signal().is_some()
    }

    /// Waits for the end.
    pub fn finish(mut self) -> Done {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => drop(self.took(line)),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("no end in time:\n{}\n{}", self.stdout, self.stderr),
            }
        }
        let status = self.child.wait().expect("waited for");
        Done { status, stdout: self.stdout, stderr: self.stderr }
    }
}

fn read(
    stream: impl Read + Send + 'static,
    sender: std::sync::mpsc::Sender<Line>,
    line: impl Fn(String) -> Line + Send + 'static,
) {
    std::thread::spawn(move || {
        for text in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line(text)).is_err() {
                return;
            }
        }
    });
}

/// Any program, with the tester's environment.
#[expect(clippy::disallowed_methods, reason = "this file owns the starting of programs in these tests")]
pub fn program(name: impl AsRef<OsStr>) -> Command {
    Command::new(name)
}

/// Runs any command to its end.
pub fn run(command: &mut Command) -> Done {
    let done = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Done { status: done.status, stdout: text(done.stdout), stderr: text(done.stderr) }
}

/// Whether a program is on the search path.
pub fn has_program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// The program, built once by the cargo that runs the tests, beside the test executable.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().expect("the test has a path");
        // Test executables lie in `TARGET/PROFILE/deps`.
        let profile = test.parent().and_then(Path::parent).expect("folder of the profile");
        let mut cargo = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "mbs-cli", "--bin", "mbs"]);
        cargo.arg("--target-dir").arg(profile.parent().expect("target folder"));
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")));
        let status = cargo.status().expect("cargo starts");
        assert!(status.success(), "`mbs` does not build");
        profile.join("mbs")
    })
}

/// Every file below a folder with its content, by its path from there.
pub fn contents(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_str().expect("text").to_owned();
                found.insert(name, std::fs::read(&path).unwrap_or_default());
            }
        }
    }
    found
}
