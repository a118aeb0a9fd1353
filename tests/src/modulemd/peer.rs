//! libmodulemd in a child process.

#![expect(clippy::missing_panics_doc, reason = "a test helper that cannot go on ends the test")]

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long one question may take. Only a library that hangs is waited for as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The system's own Python: the bindings are installed for no other.
const PYTHON: &str = "/usr/bin/python3";

/// libmodulemd behind its Python bindings. A crash or a hang is no answer; the next question starts a new process.
#[derive(Debug)]
pub struct Peer {
    running: Option<Running>,
    /// The library's version.
    pub version: String,
}

#[derive(Debug)]
struct Running {
    child: Child,
    questions: ChildStdin,
    answers: Receiver<String>,
}

/// What libmodulemd said.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The process died or gave nothing in time.
    None,
    /// Python's bindings could not carry a value.
    Bindings(String),
    /// It accepted everything; the whole answer.
    Good(Value),
    /// It refused something: the messages, and the whole answer.
    Bad(Vec<String>, Value),
}

impl Answer {
    /// Whether everything was accepted; none without an answer.
    pub fn verdict(&self) -> Option<bool> {
        match self {
            Self::None | Self::Bindings(_) => None,
            Self::Good(_) => Some(true),
            Self::Bad(..) => Some(false),
        }
    }

    /// The facts of the documents it holds after the question, sorted as [`super::facts::sorted`] does.
    pub fn documents(&self) -> Vec<Value> {
        match self {
            Self::None | Self::Bindings(_) => Vec::new(),
            Self::Good(all) | Self::Bad(_, all) => {
                super::facts::sorted(all["documents"].as_array().cloned().unwrap_or_default())
            }
        }
    }

    /// Its messages, joined.
    pub fn messages(&self) -> String {
        match self {
            Self::None => "no answer: it crashed or hung".to_owned(),
            Self::Bindings(message) => message.clone(),
            Self::Good(_) => String::new(),
            Self::Bad(messages, _) => messages.join("; "),
        }
    }
}

impl Peer {
    /// Starts libmodulemd; none, with a word about it, where it is not installed.
    pub fn start() -> Option<Self> {
        let mut peer = Self { running: None, version: String::new() };
        let Answer::Good(answer) = peer.ask(&json!({"op": "version"})) else {
            #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
            {
                eprintln!("SKIPPED: libmodulemd's Python bindings are not installed; `cargo xtask test` installs them");
            }
            return None;
        };
        answer["version"].as_str().expect("a version").clone_into(&mut peer.version);
        Some(peer)
    }

    /// Asks one question.
    pub fn ask(&mut self, question: &Value) -> Answer {
        let Some(line) = self.exchange(question) else {
            self.running = None;
            return Answer::None;
        };
        let answer: Value = serde_json::from_str(&line).expect("the script answers with JSON");
        let messages: Vec<String> = answer["errors"]
            .as_array()
            .map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default();
        match answer["ok"].as_bool() {
            Some(true) => Answer::Good(answer),
            Some(false) => Answer::Bad(messages, answer),
            None => Answer::Bindings(messages.join("; ")),
        }
    }

    /// Reads a text into an index. `keys` as [`super::facts::keys`] gives them.
    pub fn read(&mut self, text: &str, strict: bool, keys: &Value) -> Answer {
        self.ask(&json!({"op": "read", "text": text, "strict": strict, "keys": keys}))
    }

    fn exchange(&mut self, question: &Value) -> Option<String> {
        if self.running.is_none() {
            self.running = Some(Running::start()?);
        }
        let running = self.running.as_mut().expect("started above");
        writeln!(running.questions, "{question}").ok()?;
        running.questions.flush().ok()?;
        running.answers.recv_timeout(PATIENCE).ok()
    }
}

impl Running {
    fn start() -> Option<Self> {
        if !Path::new(PYTHON).exists() {
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/libmodulemd.py");
        #[expect(clippy::disallowed_methods, reason = "this file owns the running of the peer")]
        let mut command = Command::new(PYTHON);
        // No bytecode beside the script; nothing of the tester's own modules.
        command.args(["-I", "-B"]).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let questions = child.stdin.take().expect("piped");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            // Ends with the process, or when nobody listens any more.
            for line in output.lines() {
                let Ok(line) = line else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Some(Self { child, questions, answers })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is collected.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
