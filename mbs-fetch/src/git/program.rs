//! Starting git so that nothing around it can change what it does.
//!
//! The caller's git configuration, hooks, prompts, credential helpers, submodules and remote helpers are all
//! switched off. Proxy variables, certificates and the ssh agent of the environment keep working. Needs git 2.36.

use super::classify::{classify, printable};
use crate::external;
use crate::options::FetchOptions;
use crate::retry::deadline;
use mbs_core::clock::Clock;
use mbs_core::source::{Credentials, RepositoryUrl, SourceError};
use rustix::process::{Pid, Signal, kill_process_group};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

/// Settings for every call. `safe.directory` has to stand in a file: given on the command line or in the
/// environment, git does not pass it to the side that reads a local repository of another user.
const CONFIG: &str = "\
[safe]
\tdirectory = *
[core]
\thooksPath = /dev/null
\tfsmonitor = false
\tattributesFile = /dev/null
\texcludesFile = /dev/null
\tautocrlf = false
\tsymlinks = true
\tprotectHFS = true
\tprotectNTFS = true
[submodule]
\trecurse = false
[fetch]
\trecurseSubmodules = false
\twriteCommitGraph = false
\tunpackLimit = 1
[gc]
\tauto = 0
[maintenance]
\tauto = false
[protocol]
\tversion = 2
[protocol \"ext\"]
\tallow = never
[http]
\tlowSpeedLimit = 1000
\tlowSpeedTime = 60
[init]
\tdefaultBranch = main
[credential]
\thelper =
";

/// Variables that only make connections possible and may pass.
const PASSED: [&str; 3] = ["GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_PROXY_SSL_CAINFO"];

/// Most bytes kept of what git says on standard error.
const MAX_STDERR: usize = 64 * 1024;

/// The git program with its settings.
pub(crate) struct Git {
    program: OsString,
    config: PathBuf,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

/// One git command.
pub(crate) struct Call<'a> {
    /// The git command, for messages.
    what: &'static str,
    /// Repository for messages, without credentials.
    address: String,
    args: Vec<OsString>,
    env: Vec<(&'static str, OsString)>,
    remote: Option<&'a RepositoryUrl>,
    stdin: Option<File>,
    limit: usize,
}

/// What a git command gave.
pub(crate) struct Output {
    pub(crate) success: bool,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl<'a> Call<'a> {
    /// A command; `address` is the repository for messages.
    pub(crate) fn new(what: &'static str, address: &(impl ToString + ?Sized)) -> Self {
        Self {
            what,
            address: address.to_string(),
            args: Vec::new(),
            env: Vec::new(),
            remote: None,
            stdin: None,
            limit: 64 << 20,
        }
    }

    /// Runs on this repository folder.
    pub(crate) fn git_dir(mut self, path: &Path) -> Self {
        self.env.push(("GIT_DIR", path.into()));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    pub(crate) fn args<I: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = I>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Adds `-- URL`, and the URL's credentials where nobody sees them.
    pub(crate) fn remote(mut self, url: &'a RepositoryUrl) -> Self {
        self.args.extend([OsString::from("--"), OsString::from(url.git_url())]);
        self.remote = Some(url);
        self
    }

    /// Keeps a file open in the program as its (empty) standard input.
    pub(crate) fn holding(mut self, file: Option<File>) -> Self {
        self.stdin = file;
        self
    }

    /// Most bytes of output accepted.
    pub(crate) fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }
}

/// Kills the process group of a program that was not waited for.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // The only way to fail is that nobody is left in the group.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

impl Git {
    /// Writes the configuration file where it is missing or different.
    pub(crate) fn new(options: &FetchOptions, config: PathBuf, clock: Arc<dyn Clock>) -> Result<Self, SourceError> {
        if std::fs::read(&config).ok().as_deref() != Some(CONFIG.as_bytes()) {
            let failed = |error: io::Error| SourceError::disk("write", &config)(error);
            let folder = config.parent().unwrap_or(Path::new("/"));
            let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
            io::Write::write_all(&mut file, CONFIG.as_bytes()).map_err(failed)?;
            file.persist(&config).map_err(|e| failed(e.error))?;
        }
        Ok(Self { program: options.git.clone(), config, timeout: options.git_timeout, clock })
    }

    /// Runs a command; an exit status other than 0 is an error made from what git said.
    pub(crate) async fn run(&self, call: Call<'_>) -> Result<Vec<u8>, SourceError> {
        let (what, address) = (call.what, call.address.clone());
        let output = self.try_run(call).await?;
        if output.success { Ok(output.stdout) } else { Err(classify(what, &address, &output.stderr)) }
    }

    /// Runs a command and leaves the judgement on its exit status to the caller.
    ///
    /// Dropping the future kills git and all it started.
    pub(crate) async fn try_run(&self, call: Call<'_>) -> Result<Output, SourceError> {
        let Call { what, address, args, env, remote, stdin, limit } = call;
        let mut command = self.command();
        if let Some((header, credentials)) = remote.and_then(|url| Some((url, url.credentials()?))) {
            // An argument would be visible to every user of the machine, the environment is not.
            command
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", format!("http.{}.extraHeader", header.git_url()))
                .env("GIT_CONFIG_VALUE_0", format!("Authorization: Basic {}", basic(&credentials)));
        }
        command.envs(env).args(&args).stdin(stdin.map_or_else(Stdio::null, Stdio::from));
        let began = external::monotonic();
        let mut child = command.spawn().map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                SourceError::GitMissing { program: printable(self.program.as_encoded_bytes()) }
            } else {
                SourceError::disk("start", &self.program)(error)
            }
        })?;
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let mut group = Group(pid);
        let stdout = child.stdout.take().expect("standard output is piped");
        let stderr = child.stderr.take().expect("standard error is piped");
        let broken = |error| SourceError::disk("read the output of", &self.program)(error);
        let work = async {
            let (stdout, stderr) = tokio::join!(read(stdout, limit), read(stderr, MAX_STDERR));
            let (stdout, cut) = stdout.map_err(broken)?;
            if cut {
                return Err(SourceError::TooLarge { address: address.clone(), limit: limit as u64 });
            }
            let (stderr, _) = stderr.map_err(broken)?;
            let status = child.wait().await.map_err(broken)?;
            Ok(Output { success: status.success(), stdout, stderr: printable(&stderr) })
        };
        let output = tokio::select! {
            output = work => output?,
            () = self.clock.sleep_until(deadline(&*self.clock, self.timeout)) => {
                return Err(SourceError::TimedOut { what, address, seconds: self.timeout.as_secs() });
            }
        };
        group.0 = None;
        external::ran("git", began);
        Ok(output)
    }

    #[expect(clippy::disallowed_methods, reason = "this file owns the git program")]
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            let bytes = name.as_encoded_bytes();
            if bytes.starts_with(b"GIT_") && !PASSED.iter().any(|passed| passed.as_bytes() == bytes) {
                command.env_remove(name);
            }
        }
        command
            .env_remove("SSH_ASKPASS")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", &self.config)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "")
            .env("SSH_ASKPASS_REQUIRE", "never")
            .env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
            .env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            // A partial clone on this machine could name a program as the place to fetch missing objects from.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("LC_ALL", "C")
            .env("LANGUAGE", "C")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        command
    }
}

/// Reads to the end, keeps at most `limit` bytes and says whether there was more.
async fn read(mut from: impl AsyncRead + Unpin, limit: usize) -> io::Result<(Vec<u8>, bool)> {
    let mut kept = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    let mut cut = false;
    loop {
        let n = from.read(&mut buffer).await?;
        if n == 0 {
            return Ok((kept, cut));
        }
        let room = limit.saturating_sub(kept.len()).min(n);
        kept.extend_from_slice(&buffer[..room]);
        cut |= room < n;
    }
}

/// User name and password as HTTP basic authentication wants them.
fn basic(credentials: &Credentials) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let plain = format!("{}:{}", credentials.user, credentials.password);
    let mut out = String::new();
    for chunk in plain.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let sextet = (bits >> (18 - 6 * i)) as usize & 63;
            out.push(if i <= chunk.len() { char::from(ALPHABET[sextet]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_authentication_is_padded_base64() {
        for (user, password, expected) in [("a", "b", "YTpi"), ("ab", "c", "YWI6Yw=="), ("ab", "cd", "YWI6Y2Q=")] {
            let credentials = Credentials { user: user.into(), password: password.into() };
            assert_eq!(basic(&credentials), expected);
        }
    }
}
