//! Repositories, a server and a fetcher for the tests.

use mbs_core::ComponentName;
use mbs_core::source::{CheckoutRequest, CommitHash, GitRef, RefRequest, RepositoryUrl};
use mbs_fetch::{CacheDir, FetchOptions, Fetcher, SystemClock};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Runs a program of the test machine and gives its output.
#[expect(clippy::disallowed_methods, reason = "tests make repositories with the real git")]
pub(crate) fn run(dir: &Path, program: &str, args: &[&str]) -> String {
    let output = std::process::Command::new(program)
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "T")
        .env("GIT_AUTHOR_EMAIL", "t@example.invalid")
        .env("GIT_COMMITTER_NAME", "T")
        .env("GIT_COMMITTER_EMAIL", "t@example.invalid")
        .env("GIT_AUTHOR_DATE", "2024-01-01T00:00:00+0000")
        .env("GIT_COMMITTER_DATE", "2025-01-06T12:00:00+0100")
        .output()
        .expect("program starts");
    assert!(output.status.success(), "{program} {args:?}: {}", output.stderr.escape_ascii());
    String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
}

/// A git repository with work tree.
pub(crate) struct Repo(pub(crate) PathBuf);

impl Repo {
    pub(crate) fn new(path: PathBuf) -> Self {
        std::fs::create_dir_all(&path).expect("folder");
        run(&path, "git", &["init", "-q", "-b", "main"]);
        Self(path)
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        run(&self.0, "git", args)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(path, content).expect("write");
    }

    pub(crate) fn commit(&self, message: &str) -> CommitHash {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        CommitHash::new(self.git(&["rev-parse", "HEAD"])).expect("hash")
    }

    pub(crate) fn url(&self) -> RepositoryUrl {
        RepositoryUrl::parse(self.0.to_str().expect("UTF-8")).expect("url")
    }
}

/// A folder with a cache, and what is made in it.
pub(crate) struct World {
    pub(crate) dir: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn repo(&self, name: &str) -> Repo {
        Repo::new(self.path(name))
    }

    pub(crate) fn options() -> FetchOptions {
        let mut options = FetchOptions::default();
        options.backoff = Duration::from_millis(1);
        options
    }

    pub(crate) fn fetcher(&self) -> Fetcher {
        self.fetcher_with(Self::options())
    }

    pub(crate) fn fetcher_with(&self, options: FetchOptions) -> Fetcher {
        let cache = CacheDir::open(self.path("cache")).expect("cache");
        Fetcher::new(cache, options, Arc::new(SystemClock)).expect("fetcher")
    }
}

pub(crate) fn component(name: &str) -> ComponentName {
    ComponentName::new(name).expect("name")
}

pub(crate) fn ask(repository: &RepositoryUrl, reference: &str) -> RefRequest {
    RefRequest {
        component: component("c"),
        repository: repository.clone(),
        reference: (!reference.is_empty()).then(|| GitRef::new(reference).expect("ref")),
    }
}

pub(crate) fn order(name: &str, repository: &RepositoryUrl, commit: &CommitHash) -> CheckoutRequest {
    CheckoutRequest {
        component: component(name),
        repository: repository.clone(),
        commit: commit.clone(),
        cache: None,
        reference: None,
    }
}

/// What the server does with a path.
#[derive(Clone)]
pub(crate) enum Page {
    /// Sends the body, or the range asked for.
    File(Vec<u8>),
    /// Sends so many bytes of the body and hangs up, once; then as `File`.
    Broken(Vec<u8>, usize),
    /// Answers with this status so many times, then as `File`.
    Busy(Vec<u8>, u16, usize),
}

/// A HTTP server on the loopback interface.
pub(crate) struct Server {
    pub(crate) url: String,
    /// Requests so far: path, with ` RANGE` behind it where one was asked for.
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start(pages: impl IntoIterator<Item = (String, Page)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let pages: HashMap<String, Page> = pages.into_iter().collect();
        let pages = Arc::new(Mutex::new(pages));
        let log = requests.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8(head).expect("ASCII");
                let path = head.split([' ', '?']).nth(1).unwrap_or_default().to_owned();
                let lower = head.to_ascii_lowercase();
                let from = lower.split("range: bytes=").nth(1).and_then(|rest| rest.split('-').next()?.parse().ok());
                let shown = from.map_or_else(|| path.clone(), |from: usize| format!("{path} {from}"));
                log.lock().expect("log").push(shown);
                let answer = answer(&mut pages.lock().expect("pages"), &path, from);
                // A client that hangs up is no concern of the server.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { url, requests }
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("log").clone()
    }
}

fn answer(pages: &mut HashMap<String, Page>, path: &str, from: Option<usize>) -> Vec<u8> {
    let page = pages.get(path).cloned();
    let (status, extra, body, send) = match page {
        None => ("404 Not Found".to_owned(), String::new(), Vec::new(), usize::MAX),
        Some(Page::Busy(body, status, left)) => {
            let next = if left > 1 { Page::Busy(body, status, left - 1) } else { Page::File(body) };
            pages.insert(path.to_owned(), next);
            (format!("{status} Busy"), String::new(), Vec::new(), usize::MAX)
        }
        Some(Page::Broken(body, send)) => {
            pages.insert(path.to_owned(), Page::File(body.clone()));
            ("200 OK".to_owned(), String::new(), body, send)
        }
        Some(Page::File(body)) => match from {
            Some(from) if from >= body.len() => ("416 Range".to_owned(), String::new(), Vec::new(), usize::MAX),
            Some(from) => {
                let range = format!("content-range: bytes {from}-{}/{}\r\n", body.len() - 1, body.len());
                ("206 Partial".to_owned(), range, body[from..].to_vec(), usize::MAX)
            }
            None => ("200 OK".to_owned(), String::new(), body, usize::MAX),
        },
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{extra}\r\n", body.len());
    [head.as_bytes(), &body[..body.len().min(send)]].concat()
}
