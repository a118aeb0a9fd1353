//! Files that are not in git.

use crate::support::{Page, Repo, Server, World, component, order};
use mbs_core::Blame;
use mbs_core::build::SourceRef;
use mbs_core::source::{CacheUrl, CheckoutRequest, CommitHash, FileOrigin, GitRef, Source, SourceError};
use std::path::Path;

const BODY: &str = "tarball\n";
const MD5: &str = "b73e3c70d5ca0ae3c0b4a65ca7a1c9a5";

/// Checksum of a text, by the machine's own tool.
fn sum(world: &World, tool: &str, text: &str) -> String {
    let path = world.path("summed");
    std::fs::write(&path, text).expect("write");
    let line = crate::support::run(world.dir.path(), tool, &["summed"]);
    line.split(' ').next().expect("sum").to_owned()
}

fn with_sources(world: &World, list: &str) -> (Repo, CheckoutRequest) {
    let repo = world.repo("bash");
    repo.write("bash.spec", "");
    repo.write("sources", list);
    let commit = repo.commit("first");
    let request = order("bash", &repo.url(), &commit);
    (repo, request)
}

fn cache(text: &str) -> CacheUrl {
    CacheUrl::parse(text).expect("url")
}

#[tokio::test]
async fn a_file_comes_over_http_once_and_then_from_the_store() {
    let world = World::new();
    let hex = sum(&world, "sha512sum", BODY);
    let (_repo, mut request) = with_sources(&world, &format!("SHA512 (b-1.tgz) = {hex}\n"));
    let path = format!("/pkgs/bash/b-1.tgz/sha512/{hex}/b-1.tgz");
    let server = Server::start([(path.clone(), Page::File(BODY.into()))]).await;
    request.cache = Some(cache(&format!("{}/pkgs/", server.url)));
    let fetcher = world.fetcher();
    let checkout = fetcher.checkout(&request, &world.path("a")).await.expect("checkout");
    let file = checkout.files.iter().find(|f| f.path == Path::new("b-1.tgz")).expect("listed");
    assert_eq!((file.origin, file.size), (FileOrigin::Lookaside, 8));
    assert_eq!(file.sha256, sum(&world, "sha256sum", BODY));
    // The second time not even a cache address is needed.
    request.cache = None;
    fetcher.checkout(&request, &world.path("b")).await.expect("checkout");
    assert_eq!(std::fs::read_to_string(world.path("b/b-1.tgz")).expect("file"), BODY);
    assert_eq!(server.requests(), [path]);
}

#[tokio::test]
async fn many_wants_for_one_file_are_one_download() {
    let world = World::new();
    let hex = sum(&world, "sha256sum", BODY);
    let (_repo, mut request) = with_sources(&world, &format!("SHA256 (b-1.tgz) = {hex}\n"));
    let path = format!("/bash/b-1.tgz/sha256/{hex}/b-1.tgz");
    let server = Server::start([(path.clone(), Page::File(BODY.into()))]).await;
    request.cache = Some(cache(&server.url));
    let fetcher = world.fetcher();
    let jobs: Vec<_> = (0..6).map(|i| world.path(&format!("out{i}"))).collect();
    let done = futures::future::join_all(jobs.iter().map(|dest| fetcher.checkout(&request, dest))).await;
    assert!(done.iter().all(Result::is_ok));
    assert_eq!(server.requests(), [path]);
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_stopped() {
    let world = World::new();
    let body = "0123456789".repeat(10_000);
    let hex = sum(&world, "sha512sum", &body);
    let (_repo, mut request) = with_sources(&world, &format!("SHA512 (b) = {hex}\n"));
    let path = format!("/bash/b/sha512/{hex}/b");
    let server = Server::start([(path.clone(), Page::Broken(body.clone().into(), 60_000))]).await;
    request.cache = Some(cache(&server.url));
    world.fetcher().checkout(&request, &world.path("a")).await.expect("checkout");
    assert_eq!(std::fs::read_to_string(world.path("a/b")).expect("file"), body);
    assert_eq!(server.requests(), [path.clone(), format!("{path} 60000")]);
}

#[tokio::test]
async fn a_part_of_another_file_is_thrown_away() {
    let world = World::new();
    let hex = sum(&world, "sha512sum", BODY);
    let (_repo, mut request) = with_sources(&world, &format!("SHA512 (b) = {hex}\n"));
    let path = format!("/bash/b/sha512/{hex}/b");
    let server = Server::start([(path.clone(), Page::File(BODY.into()))]).await;
    request.cache = Some(cache(&server.url));
    for part in ["xxxx", "longer than the file itself"] {
        let folder = world.path("cache/lookaside/sha512").join(&hex[..2]);
        std::fs::create_dir_all(&folder).expect("folder");
        let _ = std::fs::remove_file(folder.join(&hex));
        std::fs::write(folder.join(format!("{hex}.part")), part).expect("part");
        let dest = world.path(&part[..4]);
        world.fetcher().checkout(&request, &dest).await.expect("checkout");
        assert_eq!(std::fs::read_to_string(dest.join("b")).expect("file"), BODY);
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_then_given_up_as_infra() {
    let world = World::new();
    let hex = sum(&world, "sha512sum", BODY);
    let (_repo, mut request) = with_sources(&world, &format!("SHA512 (b) = {hex}\n"));
    let path = format!("/bash/b/sha512/{hex}/b");
    let server = Server::start([(path.clone(), Page::Busy(BODY.into(), 503, 3 + 4))]).await;
    request.cache = Some(cache(&server.url));
    let error = world.fetcher().checkout(&request, &world.path("a")).await.expect_err("busy");
    assert_eq!((error.blame(), error.retryable()), (Blame::Infra, true), "{error}");
    assert_eq!(server.requests().len(), 4);
    world.fetcher().checkout(&request, &world.path("b")).await.expect("three more failures, then the file");
}

#[tokio::test]
async fn an_absent_file_names_every_place_without_credentials() {
    let world = World::new();
    let hex = sum(&world, "sha512sum", BODY);
    let (_repo, mut request) = with_sources(&world, &format!("SHA512 (b) = {hex}\n"));
    let server = Server::start([]).await;
    request.cache = Some(cache(&server.url.replace("http://", "http://bob:sEcReT@")));
    request.reference = Some(GitRef::new("c8").expect("ref"));
    let error = world.fetcher().checkout(&request, &world.path("a")).await.expect_err("absent");
    let SourceError::LookasideAbsent { tried, .. } = &error else { panic!("{error}") };
    assert_eq!(tried.len(), server.requests().len());
    assert!(tried.iter().any(|place| place.ends_with(&format!("/bash/c8/{hex}"))));
    assert!(!format!("{error} {error:?}").contains("sEcReT"));
    assert_eq!(error.blame(), Blame::User);
}

#[tokio::test]
async fn a_wrong_checksum_shows_both_and_keeps_nothing() {
    let world = World::new();
    let hex = sum(&world, "sha512sum", "something else");
    let (_repo, mut request) = with_sources(&world, &format!("SHA512 (b) = {hex}\n"));
    let server = Server::start([("/b".to_owned(), Page::File(BODY.into()))]).await;
    request.cache = Some(cache(&server.url));
    let error = world.fetcher().checkout(&request, &world.path("a")).await.expect_err("wrong");
    let SourceError::ChecksumMismatch { expected, found, file, .. } = &error else { panic!("{error}") };
    assert_eq!((expected.hex(), file.as_str()), (hex.as_str(), "b"));
    assert_eq!(found.hex(), sum(&world, "sha512sum", BODY));
    assert_eq!(error.blame(), Blame::User);
    let folder = world.path("cache/lookaside/sha512").join(&hex[..2]);
    assert!(!folder.join(&hex).exists() && !folder.join(format!("{hex}.part")).exists());
}

#[tokio::test]
async fn metadata_files_with_folders_come_from_a_local_cache() {
    let world = World::new();
    let sha1 = sum(&world, "sha1sum", BODY);
    let repo = world.repo("nginx");
    repo.write("SPECS/nginx.spec", "");
    repo.write(".nginx.metadata", &format!("{sha1} SOURCES/n-1.tgz\n"));
    let commit = repo.commit("first");
    let mut request = order("nginx", &repo.url(), &commit);
    request.reference = Some(GitRef::new("c8-stream-1.20").expect("ref"));
    let store = world.path("store/nginx/c8-stream-1.20");
    std::fs::create_dir_all(&store).expect("folder");
    std::fs::write(store.join(&sha1), BODY).expect("write");
    request.cache = Some(cache(world.path("store").to_str().expect("UTF-8")));
    let checkout = world.fetcher().checkout(&request, &world.path("a")).await.expect("checkout");
    assert_eq!(
        (checkout.spec.as_path(), checkout.source_dir.as_path()),
        (Path::new("SPECS/nginx.spec"), Path::new("SOURCES"))
    );
    assert_eq!(std::fs::read_to_string(world.path("a/SOURCES/n-1.tgz")).expect("file"), BODY);
}

#[tokio::test]
async fn a_list_without_a_cache_or_with_bad_lines_says_so() {
    let world = World::new();
    let (repo, request) = with_sources(&world, &format!("{MD5}  b-1.tgz\n"));
    let fetcher = world.fetcher();
    let error = fetcher.checkout(&request, &world.path("a")).await.expect_err("no cache");
    assert!(error.to_string().contains("--cache-url"), "{error}");
    repo.write("sources", &format!("{MD5}  ../../escape\nnonsense\n"));
    let bad = repo.commit("bad");
    let error = fetcher.checkout(&order("bash", &repo.url(), &bad), &world.path("b")).await.expect_err("bad lines");
    let text = error.to_string();
    assert!(text.contains("line 1") && text.contains("line 2"), "{text}");
}

#[tokio::test]
async fn a_damaged_stored_copy_is_fetched_anew() {
    let world = World::new();
    let md5 = sum(&world, "md5sum", BODY);
    let (_repo, mut request) = with_sources(&world, &format!("{md5}  b\n"));
    let server = Server::start([("/b".to_owned(), Page::File(BODY.into()))]).await;
    request.cache = Some(cache(&server.url));
    let fetcher = world.fetcher();
    fetcher.checkout(&request, &world.path("a")).await.expect("checkout");
    std::fs::write(world.path("cache/lookaside/md5").join(&md5[..2]).join(&md5), "rotten").expect("write");
    fetcher.checkout(&request, &world.path("b")).await.expect("checkout");
    assert_eq!(std::fs::read_to_string(world.path("b/b")).expect("file"), BODY);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused() {
    let world = World::new();
    let hex = sum(&world, "sha512sum", BODY);
    let (_repo, mut request) = with_sources(&world, &format!("SHA512 (b) = {hex}\n"));
    let server = Server::start([("/b".to_owned(), Page::File(BODY.into()))]).await;
    request.cache = Some(cache(&server.url));
    let mut options = World::options();
    options.max_file_size = 7;
    let error = world.fetcher_with(options).checkout(&request, &world.path("a")).await.expect_err("large");
    assert!(matches!(error, SourceError::TooLarge { limit: 7, .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_in_git_already_is_not_fetched() {
    let world = World::new();
    let hex = sum(&world, "sha512sum", BODY);
    let (repo, _) = with_sources(&world, &format!("SHA512 (b) = {hex}\n"));
    repo.write("b", BODY);
    let commit = repo.commit("with the file");
    let checkout = world.fetcher().checkout(&order("bash", &repo.url(), &commit), &world.path("a")).await.expect("ok");
    assert!(checkout.files.iter().all(|file| file.origin == FileOrigin::Git));
}

#[tokio::test]
async fn lists_are_read_at_a_commit_without_a_checkout() {
    let world = World::new();
    let repo = world.repo("bash");
    let listed = async |commit: &CommitHash| {
        let source = SourceRef { repository: repo.url().to_string(), ..SourceRef::default() };
        let found = world.fetcher().lookaside_files(&component("bash"), &source, commit).await?;
        Ok::<_, SourceError>(
            found.into_iter().map(|entry| format!("{} {}", entry.path, entry.checksum)).collect::<Vec<_>>(),
        )
    };
    repo.write("bash.spec", "");
    assert!(listed(&repo.commit("no list")).await.expect("lists").is_empty());
    repo.write("sources", &format!("{MD5}  b-1.tgz\n"));
    let first = repo.commit("a list");
    assert_eq!(listed(&first).await.expect("lists"), [format!("b-1.tgz md5:{MD5}")]);
    // The stronger checksum of both lists counts; with the spec in its own folder, the files have one too.
    std::fs::remove_file(repo.0.join("bash.spec")).expect("removed");
    repo.write("SPECS/bash.spec", "");
    let sha1 = "b".repeat(40);
    repo.write(".bash.metadata", &format!("{sha1} SOURCES/b-1.tgz\n{sha1} SOURCES/c\n"));
    let second = repo.commit("both");
    assert_eq!(
        listed(&second).await.expect("lists"),
        [format!("SOURCES/b-1.tgz sha1:{sha1}"), format!("SOURCES/c sha1:{sha1}")]
    );
    assert_eq!(listed(&first).await.expect("lists").len(), 1, "what is there now does not count");
    repo.write("sources", "nonsense\n");
    let error = listed(&repo.commit("bad")).await.expect_err("malformed");
    assert!(matches!(error, SourceError::LookasideList { .. }), "{error}");
    std::fs::remove_file(repo.0.join("sources")).expect("removed");
    std::os::unix::fs::symlink("/etc/passwd", repo.0.join("sources")).expect("link");
    assert_eq!(listed(&repo.commit("a link")).await.expect("lists").len(), 2, "a link is no list");
}
