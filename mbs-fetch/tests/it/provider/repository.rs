//! Package repositories: what is kept, offline, and who made it.

use super::web::{Answer, Asked, Web};
use super::{builds, document, options};
use crate::support::World;
use mbs_core::repodata::attach_modules;
use mbs_core::source::SourceError;
use mbs_fetch::provider::{OpenError, ProviderOptions, RepositoryProvider};
use mbs_fetch::{CacheDir, Proxy, RepositoryError};
use std::sync::{Arc, Mutex};

/// A repository that may change, on a server that answers conditional requests.
async fn server(text: &Arc<Mutex<String>>, tag: &'static str) -> Web {
    let text = text.clone();
    Web::start(move |asked: &Asked, _| {
        let made =
            attach_modules("<repomd><data type='primary'/></repomd>", &text.lock().expect("text")).expect("list");
        // A client of a proxy sends the whole address.
        let path = asked.target.strip_prefix("http://repo.invalid").unwrap_or(&asked.target);
        let body = match path {
            "/os/repodata/repomd.xml" => made.repomd.into_bytes(),
            path if path == format!("/os/repodata/{}", made.file_name) => made.file,
            _ => return Answer::new(404, ""),
        };
        let mark = format!(
            "\"{}-{}\"",
            body.len(),
            body.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(*byte))
        );
        let condition = if tag == "etag" { "if-none-match" } else { "if-modified-since" };
        if asked.headers.get(condition) == Some(&mark) {
            return Answer::new(304, "");
        }
        Answer::new(200, body).header(tag, mark)
    })
    .await
}

fn cached(world: &World) -> ProviderOptions {
    let mut options = options();
    options.cache = Some(CacheDir::open(world.path("cache")).expect("cache"));
    options
}

fn text(version: u32) -> Arc<Mutex<String>> {
    Arc::new(Mutex::new(document(&format!("a:1:{version}:c0ffee00"), "")))
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    for tag in ["etag", "last-modified"] {
        let (world, text) = (World::new(), text(5));
        let server = server(&text, tag).await;
        let place = format!("{}/os/", server.url);
        for asked in [2, 3, 4] {
            let provider = RepositoryProvider::open(&place, &cached(&world)).await.expect("repository");
            assert_eq!(builds(&provider, "a").await[0].nsvc.version.0, 5);
            // The list each time; the documents once.
            assert_eq!(server.asked().len(), asked, "{tag}");
        }
        *text.lock().expect("text") = document("a:1:6:c0ffee00", "");
        let provider = RepositoryProvider::open(&place, &cached(&world)).await.expect("repository");
        assert_eq!(builds(&provider, "a").await[0].nsvc.version.0, 6);
    }
}

#[tokio::test]
async fn offline_the_cache_is_all_there_is() {
    let (world, text) = (World::new(), text(5));
    let server = server(&text, "etag").await;
    let place = format!("{}/os/", server.url.replace("://", "://ann:secret@"));
    let mut options = cached(&world);
    options.offline = true;
    let error = RepositoryProvider::open(&place, &options).await.expect_err("not there");
    let not_cached = |error: &OpenError| {
        matches!(error, OpenError::Repository(RepositoryError::Source(SourceError::NotCached { .. })))
    };
    assert!(not_cached(&error), "{error}");
    assert!(error.to_string().contains("/os/repodata/repomd.xml` is not in the cache"), "{error}");
    assert!(!error.to_string().contains("secret") && server.asked().is_empty(), "{error}");

    options.offline = false;
    RepositoryProvider::open(&place, &options).await.expect("repository");
    options.offline = true;
    let asked = server.asked().len();
    let provider = RepositoryProvider::open(&place, &options).await.expect("repository");
    assert_eq!(builds(&provider, "a").await[0].nsvc.version.0, 5);
    assert_eq!(server.asked().len(), asked);
    // Nothing that is kept has the credentials in its name or content.
    let mut folders = vec![world.path("cache/http")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files += 1;
                let bytes = std::fs::read(&path).expect("file");
                assert!(!bytes.windows(6).any(|part| part == b"secret"), "{}", path.display());
            }
        }
    }
    assert_eq!(files, 2);
    // A repository on this machine is always there.
    options.cache = None;
    let error = RepositoryProvider::open(world.dir.path().to_str().expect("text"), &options).await.expect_err("absent");
    assert!(matches!(error, OpenError::Repository(RepositoryError::Absent { .. })), "{error}");
}

#[tokio::test]
async fn a_damaged_cache_is_as_good_as_none() {
    let (world, text) = (World::new(), text(5));
    let server = server(&text, "etag").await;
    let place = format!("{}/os", server.url);
    RepositoryProvider::open(&place, &cached(&world)).await.expect("repository");
    for folder in std::fs::read_dir(world.path("cache/http")).expect("folder") {
        for file in std::fs::read_dir(folder.expect("entry").path()).expect("folder") {
            let path = file.expect("entry").path();
            let mut bytes = std::fs::read(&path).expect("file");
            bytes.pop();
            std::fs::write(path, bytes).expect("written");
        }
    }
    RepositoryProvider::open(&place, &cached(&world)).await.expect("repository");
    assert_eq!(server.asked().len(), 4);
    assert!(server.asked().iter().all(|asked| !asked.headers.contains_key("if-none-match")));
}

#[tokio::test]
async fn packages_are_where_the_repository_is_without_credentials() {
    let text = text(5);
    let server = server(&text, "etag").await;
    let place = format!("{}/os/", server.url.replace("://", "://ann:secret@"));
    let provider = RepositoryProvider::open(&place, &options()).await.expect("repository");
    let expected = format!("{}/os", server.url);
    assert_eq!(builds(&provider, "a").await[0].repository.as_deref(), Some(expected.as_str()));
    assert!(builds(&provider, "a").await[0].is_assumed());
    assert_eq!(provider.place(), expected);
    let asked = &server.asked()[0].headers;
    assert!(asked.contains_key("authorization"), "{asked:?}");
}

#[tokio::test]
async fn a_proxy_is_asked_instead() {
    let text = text(5);
    let proxy = server(&text, "etag").await;
    let mut options = options();
    options.fetch.proxy = Proxy::at(&proxy.url.replace("://", "://bob:secret@")).expect("proxy");
    let provider = RepositoryProvider::open("http://repo.invalid/os/", &options).await.expect("repository");
    assert_eq!(builds(&provider, "a").await.len(), 1);
    let asked = proxy.asked();
    assert_eq!(asked[0].target, "http://repo.invalid/os/repodata/repomd.xml");
    assert!(asked[0].headers.contains_key("proxy-authorization"), "{asked:?}");
    // One that is not there is an error without credentials.
    options.fetch.proxy = Proxy::at("http://bob:secret@127.0.0.1:1/").expect("proxy");
    let error = RepositoryProvider::open("http://repo.invalid/os/", &options).await.expect_err("no proxy");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let place = format!("http://{}/", listener.local_addr().expect("address"));
    let mut options = options();
    options.fetch.http_timeout = std::time::Duration::from_millis(30);
    options.fetch.attempts = 2;
    let error = RepositoryProvider::open(&place, &options).await.expect_err("silent");
    assert!(matches!(error, OpenError::Repository(RepositoryError::Source(SourceError::Network { .. }))), "{error}");
}
