//! From refs to commits.

use crate::support::{Page, Server, World, ask, order, run};
use mbs_core::Blame;
use mbs_core::source::{RefKind, RefRequest, RepositoryUrl, Source, SourceError};
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn branches_tags_hashes_and_the_default_branch_are_found() {
    let world = World::new();
    let repo = world.repo("r");
    let first = repo.commit("first");
    repo.git(&["tag", "light"]);
    repo.git(&["tag", "-a", "-m", "x", "heavy"]);
    repo.git(&["branch", "topic/one"]);
    // A branch that only ends like another one must not be taken for it.
    repo.git(&["branch", "x/main", "HEAD"]);
    let second = repo.commit("second");
    let url = repo.url();
    let short = &first.as_str()[..9];
    let requests: Vec<RefRequest> =
        ["main", "", "light", "heavy", "topic/one", first.as_str(), short, "refs/tags/heavy"]
            .into_iter()
            .map(|reference| ask(&url, reference))
            .collect();
    let found: Vec<_> = world
        .fetcher()
        .resolve(&requests)
        .await
        .into_iter()
        .map(|answer| answer.map(|found| (found.commit, found.kind)).expect("resolved"))
        .collect();
    use RefKind::{Branch, Commit, Tag};
    let expected = [
        (&second, Branch),
        (&second, Branch),
        (&first, Tag),
        (&first, Tag),
        (&first, Branch),
        (&first, Commit),
        (&first, Commit),
        (&first, Tag),
    ];
    assert_eq!(found, expected.map(|(commit, kind)| (commit.clone(), kind)));
}

#[tokio::test]
async fn a_branch_goes_before_a_tag_and_both_before_a_short_hash() {
    let world = World::new();
    let repo = world.repo("r");
    let first = repo.commit("first");
    let name = first.as_str()[..8].to_owned();
    let second = repo.commit("second");
    let third = repo.commit("third");
    repo.git(&["tag", &name, second.as_str()]);
    let fetcher = world.fetcher();
    let at = async |fetcher: &mbs_fetch::Fetcher| {
        let answer = fetcher.resolve(&[ask(&repo.url(), &name)]).await.remove(0).expect("resolved");
        (answer.commit, answer.kind)
    };
    assert_eq!(at(&fetcher).await, (second, RefKind::Tag));
    repo.git(&["branch", &name, third.as_str()]);
    assert_eq!(at(&fetcher).await, (third, RefKind::Branch));
}

#[tokio::test]
async fn every_problem_is_reported_in_its_place() {
    let world = World::new();
    let repo = world.repo("r");
    let commit = repo.commit("first");
    let nowhere = RepositoryUrl::parse(world.path("nowhere").to_str().expect("UTF-8")).expect("url");
    let empty = world.repo("empty").url();
    let requests = [
        ask(&repo.url(), "absent"),
        ask(&repo.url(), "main"),
        ask(&repo.url(), &"0".repeat(40)),
        ask(&repo.url(), "0000000"),
        ask(&nowhere, "main"),
        ask(&empty, ""),
    ];
    let answers = world.fetcher().resolve(&requests).await;
    assert!(matches!(&answers[0], Err(SourceError::RefAbsent { reference, .. }) if reference == "absent"));
    assert_eq!(answers[1].as_ref().expect("main").commit, commit);
    assert!(matches!(&answers[2], Err(SourceError::RefAbsent { .. })), "{:?}", answers[2]);
    assert!(matches!(&answers[3], Err(SourceError::RefAbsent { .. })), "{:?}", answers[3]);
    assert!(matches!(&answers[4], Err(SourceError::RepositoryAbsent { .. })), "{:?}", answers[4]);
    assert!(matches!(&answers[5], Err(SourceError::RefAbsent { .. })), "{:?}", answers[5]);
    for error in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!((error.blame(), error.retryable()), (Blame::User, false), "{error}");
    }
}

#[tokio::test]
async fn a_short_hash_from_before_a_shallow_checkout_is_found() {
    let world = World::new();
    let repo = world.repo("r");
    let first = repo.commit("first");
    repo.write("r.spec", "");
    let second = repo.commit("second");
    let fetcher = world.fetcher();
    fetcher.checkout(&order("r", &repo.url(), &second), &world.path("out")).await.expect("checkout");
    let answer = fetcher.resolve(&[ask(&repo.url(), &first.as_str()[..10])]).await.remove(0);
    assert_eq!(answer.expect("resolved").commit, first);
}

#[tokio::test]
async fn a_short_hash_of_several_commits_is_refused() {
    let world = World::new();
    let repo = world.repo("r");
    // A thousand commits have two with the same first four digits all but surely; the dates make them fixed.
    let head = "commit refs/heads/main\ncommitter T <t@example.invalid>";
    let commits: Vec<String> = (0..1000).map(|i| format!("{head} {} +0000\ndata 1\nx\n", 1_700_000_000 + i)).collect();
    let stream = commits.concat();
    std::fs::write(world.path("stream"), stream).expect("write");
    run(&repo.0, "sh", &["-c", "git fast-import --quiet <../stream"]);
    let mut hashes: Vec<String> = repo.git(&["rev-list", "main"]).lines().map(str::to_owned).collect();
    hashes.sort();
    let twice = hashes.windows(2).find(|pair| pair[0][..4] == pair[1][..4]).expect("two alike")[0][..4].to_owned();
    let error = world.fetcher().resolve(&[ask(&repo.url(), &twice)]).await.remove(0).expect_err("ambiguous");
    assert!(matches!(&error, SourceError::RefAmbiguous { reference, .. } if *reference == twice), "{error}");
    assert_eq!(error.blame(), Blame::User);
}

#[tokio::test]
async fn a_server_of_plain_files_works_without_shallow_history() {
    let world = World::new();
    let repo = world.repo("r");
    repo.write("r.spec", "");
    let first = repo.commit("first");
    repo.write("r.spec", "changed");
    repo.commit("second");
    repo.git(&["update-server-info"]);
    let mut pages = Vec::new();
    let list = run(&repo.0.join(".git"), "find", &[".", "-type", "f"]);
    for file in list.lines() {
        let body = std::fs::read(repo.0.join(".git").join(file)).expect("read");
        pages.push((format!("/r{}", &file[1..]), Page::File(body)));
    }
    let server = Server::start(pages).await;
    let url = RepositoryUrl::parse(&format!("{}/r", server.url)).expect("url");
    let fetcher = world.fetcher();
    fetcher.checkout(&order("r", &url, &first), &world.path("out")).await.expect("checkout");
    assert_eq!(std::fs::read_to_string(world.path("out/r.spec")).expect("spec"), "");
    let absent = RepositoryUrl::parse(&format!("{}/absent", server.url)).expect("url");
    let error = fetcher.resolve(&[ask(&absent, "main")]).await.remove(0).expect_err("absent");
    assert!(matches!(error, SourceError::RepositoryAbsent { .. }), "{error}");
}

#[tokio::test]
async fn sha256_repositories_work_too() {
    let world = World::new();
    let path = world.path("new");
    std::fs::create_dir(&path).expect("folder");
    run(&path, "git", &["init", "-q", "-b", "main", "--object-format=sha256"]);
    let repo = crate::support::Repo(path);
    let commit = repo.commit("first");
    let answers = world.fetcher().resolve(&[ask(&repo.url(), "main"), ask(&repo.url(), commit.as_str())]).await;
    for answer in answers {
        assert_eq!(answer.expect("resolved").commit, commit);
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_infra_and_is_asked_again() {
    let world = World::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    drop(listener);
    let url = RepositoryUrl::parse(&format!("git://{address}/x")).expect("url");
    let error = world.fetcher().resolve(&[ask(&url, "main")]).await.remove(0).expect_err("nobody listens");
    assert!(matches!(error, SourceError::Network { .. }), "{error}");
    assert_eq!((error.blame(), error.retryable()), (Blame::Infra, true));
}

#[tokio::test]
async fn credentials_reach_the_server_and_nothing_else() {
    let world = World::new();
    let server = Server::start([("/r/info/refs".to_owned(), Page::Busy(Vec::new(), 401, 99))]).await;
    let url = server.url.replace("http://", "http://bob:sEcReT@") + "/r";
    let url = RepositoryUrl::parse(&url).expect("url");
    // A program in place of git that shows what it was given.
    let shown = world.path("shown");
    let script = world.path("git");
    let body = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >{0}\nprintf '%s\\n' \"$GIT_CONFIG_VALUE_0\" >{0}.env\nexec git \"$@\"\n",
        shown.display()
    );
    std::fs::write(&script, body).expect("write");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("mode");
    let mut options = World::options();
    options.git = script.into();
    let error = world.fetcher_with(options).resolve(&[ask(&url, "main")]).await.remove(0).expect_err("denied");
    assert!(matches!(error, SourceError::AccessDenied { .. }), "{error}");
    let texts = [format!("{error} {error:?}"), std::fs::read_to_string(&shown).expect("arguments")];
    for text in texts {
        assert!(!text.contains("sEcReT") && !text.contains("bob"), "{text}");
    }
    let header = std::fs::read_to_string(world.path("shown.env")).expect("environment");
    assert_eq!(header.trim(), "Authorization: Basic Ym9iOnNFY1JlVA==");
}

#[tokio::test]
async fn a_missing_git_is_named() {
    let world = World::new();
    let repo = world.repo("r");
    repo.commit("first");
    let mut options = World::options();
    options.git = "/nonexistent/git".into();
    let error = world.fetcher_with(options).resolve(&[ask(&repo.url(), "main")]).await.remove(0).expect_err("no git");
    assert!(matches!(&error, SourceError::GitMissing { .. }));
    assert!(error.to_string().contains("install git"));
}

/// A program in place of git that tells through a pipe that it runs and keeps a child; the pipe closes when both
/// are gone.
fn hanging_git(world: &World) -> (std::path::PathBuf, std::path::PathBuf) {
    let pipe = world.path("pipe");
    run(world.dir.path(), "mkfifo", &[pipe.to_str().expect("UTF-8")]);
    let script = world.path("git");
    let body = format!("#!/bin/sh\nexec 9>{}\necho ready >&9\nsleep 1000 &\nwait\n", pipe.display());
    std::fs::write(&script, body).expect("write");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("mode");
    (script, pipe)
}

#[tokio::test]
async fn dropping_the_future_kills_git_and_its_children() {
    let world = World::new();
    let repo = world.repo("r");
    let (script, pipe) = hanging_git(&world);
    let mut options = World::options();
    options.git = script.into();
    let fetcher = world.fetcher_with(options);
    let (ready, started) = tokio::sync::oneshot::channel();
    let reader = tokio::task::spawn_blocking(move || {
        use std::io::{BufRead, BufReader, Read};
        let mut pipe = BufReader::new(std::fs::File::open(pipe).expect("pipe"));
        let mut line = String::new();
        pipe.read_line(&mut line).expect("line");
        ready.send(()).expect("test waits");
        pipe.read_to_string(&mut line).expect("end")
    });
    let requests = [ask(&repo.url(), "main")];
    tokio::select! {
        _ = fetcher.resolve(&requests) => panic!("it hangs"),
        _ = started => {}
    }
    tokio::time::timeout(std::time::Duration::from_secs(30), reader).await.expect("all ended").expect("read");
}

#[tokio::test]
async fn a_git_that_takes_too_long_is_stopped() {
    let world = World::new();
    let repo = world.repo("r");
    let (script, pipe) = hanging_git(&world);
    let mut options = World::options();
    options.git = script.into();
    options.git_timeout = std::time::Duration::from_millis(50);
    let reader = tokio::task::spawn_blocking(move || std::fs::read_to_string(pipe).expect("pipe"));
    let error = world.fetcher_with(options).resolve(&[ask(&repo.url(), "main")]).await.remove(0).expect_err("hangs");
    assert!(matches!(error, SourceError::TimedOut { what: "ls-remote", .. }), "{error}");
    tokio::time::timeout(std::time::Duration::from_secs(30), reader).await.expect("all ended").expect("read");
}
