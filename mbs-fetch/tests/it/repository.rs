//! Module documents of repositories in folders and on servers.

use crate::support::{Page, Server, World};
use mbs_core::Blame;
use mbs_core::modulemd::Limits;
use mbs_core::repodata::{PackageSource as _, PartError, RepomdError, attach_modules};
use mbs_core::source::{ChecksumKind, Hasher, SourceError};
use mbs_fetch::{RepositoryClient, RepositoryError, RepositoryModules, SystemClock};
use std::path::PathBuf;
use std::sync::Arc;

const TEXT: &str = "---\ndocument: modulemd\n...\n";

/// A repository with modules, as paths and contents.
fn files(text: &str) -> Vec<(String, Vec<u8>)> {
    let empty = "<repomd><revision>7</revision><data type='primary'/></repomd>";
    let made = attach_modules(empty, text).expect("a list");
    vec![
        ("repodata/repomd.xml".to_owned(), made.repomd.into_bytes()),
        (format!("repodata/{}", made.file_name), made.file),
    ]
}

fn folder(world: &World, files: &[(String, Vec<u8>)]) -> PathBuf {
    let folder = world.path("a repository%20#1");
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("in the folder")).expect("folder");
        std::fs::write(path, bytes).expect("written");
    }
    folder
}

async fn modules(place: &str) -> Result<RepositoryModules, RepositoryError> {
    RepositoryClient::new(World::options(), Arc::new(SystemClock)).modules(place, &Limits::default()).await
}

async fn in_folder(files: &[(String, Vec<u8>)]) -> RepositoryError {
    let world = World::new();
    modules(folder(&world, files).to_str().expect("text")).await.expect_err("refused")
}

#[tokio::test]
async fn a_folder_and_its_address_give_the_text() {
    let world = World::new();
    let made = files(TEXT);
    let folder = folder(&world, &made);
    let path = folder.to_str().expect("text");
    let url = format!("file://{}/", path.replace('%', "%25").replace(' ', "%20").replace('#', "%23"));
    for place in [path, &url] {
        let found = modules(place).await.expect(place);
        assert_eq!((found.text.as_slice(), found.entries), (TEXT.as_bytes(), 1));
        assert_eq!(PathBuf::from(found.file), folder.join(&made[1].0));
    }
}

#[tokio::test]
async fn a_server_gives_the_text_after_a_moment_of_trouble() {
    let made = files(TEXT);
    let (list, file) = (made[0].1.clone(), made[1].1.clone());
    let pages = [
        ("/f/os/repodata/repomd.xml".to_owned(), Page::Busy(list, 503, 2)),
        (format!("/f/os/{}", made[1].0), Page::Broken(file, 10)),
    ];
    let server = Server::start(pages).await;
    let found = modules(&format!("{}/f/os/", server.url)).await.expect("read");
    assert_eq!(found.text, TEXT.as_bytes());
    assert_eq!(found.file, format!("{}/f/os/{}", server.url, made[1].0));
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn a_repository_that_changes_meanwhile_is_read_again() {
    let made = files(TEXT);
    let pages = [
        ("/repodata/repomd.xml".to_owned(), Page::File(made[0].1.clone())),
        (format!("/{}", made[1].0), Page::Busy(made[1].1.clone(), 404, 1)),
    ];
    let server = Server::start(pages).await;
    assert_eq!(modules(&server.url).await.expect("read").text, TEXT.as_bytes());
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn each_thing_that_is_missing_is_named() {
    let mut made = files(TEXT);
    let absent = in_folder(&[]).await;
    assert!(matches!(absent, RepositoryError::Absent { .. }), "{absent}");
    assert!(absent.to_string().contains("has no `repodata/repomd.xml`") && absent.blame() == Blame::User);

    let without = [(made[0].0.clone(), b"<repomd><data type='primary'/></repomd>".to_vec())];
    let error = in_folder(&without).await;
    assert!(matches!(error, RepositoryError::Repomd { source: RepomdError::NoPart { .. }, .. }), "{error}");

    let error = in_folder(&made[..1]).await;
    assert!(matches!(error, RepositoryError::FileAbsent { .. }), "{error}");
    assert!(error.to_string().contains(&made[1].0), "{error}");

    for text in [&b"<repomd><data>"[..], b"\xFF\xFE<", b""] {
        made[0].1 = text.to_vec();
        let error = in_folder(&made).await;
        assert!(
            matches!(error, RepositoryError::Repomd { source: RepomdError::Broken { line: 1, .. }, .. }),
            "{error}"
        );
    }
    let server = Server::start([]).await;
    let error = modules(&server.url).await.expect_err("absent");
    assert!(matches!(error, RepositoryError::Absent { .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_not_the_listed_one_is_refused() {
    let good = files(TEXT);
    let mut made = good.clone();
    made[1].1[30] ^= 1;
    let error = in_folder(&made).await;
    assert!(matches!(error, RepositoryError::Part { source: PartError::Checksum { open: false, .. }, .. }), "{error}");
    made[1].1.pop();
    let error = in_folder(&made).await;
    assert!(matches!(error, RepositoryError::Part { source: PartError::Size { open: false, .. }, .. }), "{error}");

    let list = |from: &str, to: &str| {
        let text = String::from_utf8(good[0].1.clone()).expect("text");
        assert!(text.contains(from), "{text}");
        vec![(good[0].0.clone(), text.replace(from, to).into_bytes()), good[1].clone()]
    };
    let error = in_folder(&list("<open-size>27<", "<open-size>28<")).await;
    assert!(matches!(error, RepositoryError::Part { source: PartError::Size { open: true, .. }, .. }), "{error}");
    let error = in_folder(&list("href=\"repodata/", "href=\"../repodata/")).await;
    assert!(matches!(error, RepositoryError::Part { source: PartError::Outside { .. }, .. }), "{error}");

    // The checksum of the file is right, but what is in it cannot be unpacked.
    let (mut list, cut) = (files(TEXT), good[1].1[..good[1].1.len() - 1].to_vec());
    let sum =
        |bytes: &[u8]| mbs_core::source::Hasher::of(mbs_core::source::ChecksumKind::Sha256, bytes).hex().to_owned();
    let text = String::from_utf8(list[0].1.clone()).expect("text");
    let text = text.replace(&format!(">{}<", sum(&list[1].1)), &format!(">{}<", sum(&cut)));
    list[0].1 = text.replace(&format!("<size>{}<", cut.len() + 1), &format!("<size>{}<", cut.len())).into_bytes();
    list[1].1 = cut;
    let error = in_folder(&list).await;
    assert!(matches!(error, RepositoryError::Content { .. }), "{error}");
    assert!(error.to_string().ends_with("the gzip data breaks off"), "{error}");
}

#[tokio::test]
async fn addresses_are_checked_and_credentials_stay_hidden() {
    for bad in ["ftp://ann:secret@h/x", "https://h/x?token=secret", "file://host/x", "ext::sh://x"] {
        let error = modules(bad).await.expect_err(bad);
        assert!(matches!(error, RepositoryError::Url(_)), "{error}");
        assert!(error.to_string().starts_with("repository `"), "{error}");
    }
    let error = modules("ftp://ann:secret@h/x").await.expect_err("refused");
    assert!(!error.to_string().contains("secret"), "{error}");
    let server = Server::start([("/repodata/repomd.xml".to_owned(), Page::Busy(Vec::new(), 403, 1))]).await;
    let error = modules(&server.url.replace("://", "://ann:secret@")).await.expect_err("denied");
    assert!(matches!(error, RepositoryError::Source(SourceError::AccessDenied { .. })), "{error}");
    assert!(error.to_string().contains("***@") && !error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn no_more_is_taken_than_the_limit_allows() {
    let world = World::new();
    let made = files(&"# padding\n".repeat(100_000));
    let folder = folder(&world, &made);
    let client = RepositoryClient::new(World::options(), Arc::new(SystemClock));
    let limits = Limits::default().with_bytes(1000);
    let error = client.modules(folder.to_str().expect("text"), &limits).await.expect_err("large");
    assert!(error.to_string().ends_with("the input has more than 1000 bytes without its compression"), "{error}");
    let server = Server::start([("/repodata/repomd.xml".to_owned(), Page::File(vec![b' '; (16 << 20) + 1]))]).await;
    let error = modules(&server.url).await.expect_err("large");
    assert!(matches!(error, RepositoryError::Source(SourceError::TooLarge { .. })), "{error}");
}

#[tokio::test]
async fn packages_of_a_server_are_fetched_once_and_compared_with_their_checksums() {
    let world = World::new();
    let place = "/repo/Packages/a.rpm".to_owned();
    let server = Server::start([(place.clone(), Page::File(b"package".to_vec()))]).await;
    let fetcher = world.fetcher();
    let repository = format!("{}/repo/", server.url);
    let right = Hasher::of(ChecksumKind::Sha256, b"package");
    for _ in 0..2 {
        let path = fetcher.package(&repository, &["Packages", "a.rpm"], &right).await.expect("fetched");
        assert_eq!(std::fs::read(path).expect("file"), b"package");
    }
    assert_eq!(server.requests(), [place]);
    let wrong = Hasher::of(ChecksumKind::Sha256, b"another");
    let error = fetcher.package(&repository, &["Packages", "a.rpm"], &wrong).await.expect_err("another file");
    assert!(matches!(error, SourceError::ChecksumMismatch { .. }), "{error}");
    let gone = fetcher.package(&repository, &["b.rpm"], &wrong).await.expect_err("no such file").to_string();
    assert!(gone.contains("b.rpm") && gone.contains("though the repository lists it"), "{gone}");
    let list = fetcher.metadata(&repository, &["Packages", "a.rpm"], 7).await.expect("read");
    assert_eq!(list.as_deref(), Some(&b"package"[..]));
    assert!(fetcher.metadata(&repository, &["absent"], 7).await.expect("read").is_none());
    assert!(fetcher.metadata(&repository, &["Packages", "a.rpm"], 6).await.is_err());
}
