//! From commits to files.

use crate::support::{World, order};
use mbs_core::Blame;
use mbs_core::source::{FileOrigin, Source, SourceError};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

#[tokio::test]
async fn the_exact_commit_is_laid_out_without_git_and_with_fixed_modes_and_times() {
    let world = World::new();
    let repo = world.repo("bash");
    repo.write("bash.spec", "Name: bash\n");
    repo.write("run.sh", "#!/bin/sh\n");
    repo.write("patches/a.patch", "x");
    std::fs::set_permissions(repo.0.join("run.sh"), PermissionsExt::from_mode(0o755)).expect("mode");
    symlink("run.sh", repo.0.join("link")).expect("link");
    let commit = repo.commit("first");
    repo.write("bash.spec", "Name: changed\n");
    repo.commit("second");

    let dest = world.path("out");
    let checkout = world.fetcher().checkout(&order("bash", &repo.url(), &commit), &dest).await.expect("checkout");
    assert_eq!(checkout.spec, Path::new("bash.spec"));
    assert_eq!(checkout.source_dir, Path::new(""));
    assert_eq!(checkout.commit_time.timestamp(), 1_736_161_200);
    let paths: Vec<_> = checkout.files.iter().map(|f| f.path.to_str().expect("UTF-8")).collect();
    assert_eq!(paths, ["bash.spec", "patches/a.patch", "run.sh"]);
    assert!(checkout.files.iter().all(|file| file.origin == FileOrigin::Git));
    assert_eq!(checkout.files[1].sha256, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    assert_eq!(std::fs::read_to_string(dest.join("bash.spec")).expect("spec"), "Name: bash\n");
    assert!(!dest.join(".git").exists());
    for (file, mode) in [("bash.spec", 0o644), ("run.sh", 0o755), ("patches", 0o755)] {
        let meta = dest.join(file).metadata().expect("file");
        assert_eq!(meta.permissions().mode() & 0o7777, mode, "{file}");
        assert!(meta.is_dir() || meta.mtime() == 1_736_161_200);
    }
    assert_eq!(std::fs::read_link(dest.join("link")).expect("link"), Path::new("run.sh"));
}

#[tokio::test]
async fn many_checkouts_of_one_repository_at_once_all_succeed() {
    let world = World::new();
    let repo = world.repo("r");
    let mut commits = Vec::new();
    for i in 0..4 {
        repo.write("r.spec", &format!("Version: {i}\n"));
        commits.push(repo.commit("next"));
    }
    // Two fetchers share nothing but the folder, as two processes would.
    let fetchers = [world.fetcher(), world.fetcher()];
    let jobs = (0..12).map(|i| {
        let (fetcher, commit) = (&fetchers[i % 2], &commits[i % 4]);
        let (dest, url) = (world.path(&format!("out{i}")), repo.url());
        async move {
            fetcher.checkout(&order("r", &url, commit), &dest).await.expect("checkout");
            std::fs::read_to_string(dest.join("r.spec")).expect("spec")
        }
    });
    let texts = futures::future::join_all(jobs).await;
    for (i, text) in texts.iter().enumerate() {
        assert_eq!(*text, format!("Version: {}\n", i % 4));
    }
}

#[tokio::test]
async fn the_cache_serves_a_commit_whose_repository_is_gone() {
    let world = World::new();
    let repo = world.repo("r");
    repo.write("r.spec", "");
    let commit = repo.commit("first");
    let fetcher = world.fetcher();
    fetcher.checkout(&order("r", &repo.url(), &commit), &world.path("a")).await.expect("first");
    let url = repo.url();
    std::fs::rename(&repo.0, world.path("gone")).expect("rename");
    fetcher.checkout(&order("r", &url, &commit), &world.path("b")).await.expect("from the cache");
}

#[tokio::test]
async fn what_a_killed_fetch_leaves_behind_does_not_stop_the_next() {
    let world = World::new();
    let repo = world.repo("r");
    repo.write("r.spec", "");
    let first = repo.commit("first");
    let second = repo.commit("second");
    let fetcher = world.fetcher();
    fetcher.checkout(&order("r", &repo.url(), &first), &world.path("a")).await.expect("first");
    let folder = std::fs::read_dir(world.path("cache/git"))
        .expect("cache")
        .find_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()))
        .expect("repository");
    for name in ["shallow.lock".to_owned(), "packed-refs.lock".to_owned(), format!("refs/mbs/commits/{second}.lock")] {
        std::fs::write(folder.join("repo.git").join(name), "").expect("leftover");
    }
    fetcher.checkout(&order("r", &repo.url(), &second), &world.path("b")).await.expect("second");
}

#[tokio::test]
async fn repositories_of_other_users_can_be_read() {
    let world = World::new();
    let repo = world.repo("r");
    repo.write("r.spec", "");
    let commit = repo.commit("first");
    if !rustix::process::geteuid().is_root() {
        return;
    }
    // Only root can make files of another user: git then speaks of dubious ownership.
    crate::support::run(world.dir.path(), "chown", &["-R", "12345:12345", repo.0.to_str().expect("UTF-8")]);
    world.fetcher().checkout(&order("r", &repo.url(), &commit), &world.path("a")).await.expect("checkout");
}

#[tokio::test]
async fn links_out_of_the_repository_are_refused() {
    let world = World::new();
    for (i, target) in ["/etc/passwd", "../outside"].into_iter().enumerate() {
        let repo = world.repo(&format!("r{i}"));
        repo.write("r.spec", "");
        symlink(target, repo.0.join("sources")).expect("link");
        let commit = repo.commit("link");
        let dest = world.path(&format!("out{i}"));
        let error = world.fetcher().checkout(&order("r", &repo.url(), &commit), &dest).await.expect_err("refused");
        assert!(matches!(error, SourceError::UnsafePath { .. }), "{error}");
        assert_eq!(error.blame(), Blame::User);
    }
}

#[tokio::test]
async fn hooks_and_filters_of_the_source_do_not_run() {
    let world = World::new();
    let repo = world.repo("r");
    let mark = world.path("mark");
    let touch = format!("touch {}", mark.display());
    repo.write("r.spec", "Name: r\n");
    repo.write(".gitattributes", "*.spec filter=evil\n");
    let commit = repo.commit("first");
    for hook in ["post-checkout", "reference-transaction", "fsmonitor-watchman"] {
        repo.write(&format!(".git/hooks/{hook}"), &format!("#!/bin/sh\n{touch}\n"));
        std::fs::set_permissions(repo.0.join(".git/hooks").join(hook), PermissionsExt::from_mode(0o755)).expect("mode");
    }
    repo.git(&["config", "filter.evil.smudge", &touch]);
    repo.git(&["config", "filter.evil.clean", &touch]);
    repo.git(&["config", "core.fsmonitor", &touch]);
    repo.git(&["config", "uploadpack.packObjectsHook", &touch]);
    let fetcher = world.fetcher();
    fetcher.checkout(&order("r", &repo.url(), &commit), &world.path("out")).await.expect("checkout");
    // Another time stamp makes git compare the content, which is where it would call the filter.
    std::fs::write(repo.0.join("r.spec"), "Name: r\n").expect("write");
    let tree = fetcher.working_tree(&repo.0.join("r.spec")).await.expect("inspected").expect("clean");
    assert_eq!(tree.commit, commit);
    assert!(!mark.exists());
}

#[tokio::test]
async fn a_missing_or_ambiguous_spec_is_named() {
    let world = World::new();
    let repo = world.repo("r");
    let none = repo.commit("none");
    repo.write("a.spec", "");
    repo.write("b.spec", "");
    let two = repo.commit("two");
    let fetcher = world.fetcher();
    let error = fetcher.checkout(&order("r", &repo.url(), &none), &world.path("a")).await.expect_err("none");
    assert!(matches!(error, SourceError::SpecAbsent { .. }), "{error}");
    let error = fetcher.checkout(&order("r", &repo.url(), &two), &world.path("b")).await.expect_err("two");
    assert!(error.to_string().contains("`a.spec`, `b.spec`"), "{error}");
}

#[tokio::test]
async fn a_folder_with_files_is_not_overwritten() {
    let world = World::new();
    let repo = world.repo("r");
    repo.write("r.spec", "");
    let commit = repo.commit("first");
    let dest: PathBuf = world.path("out");
    std::fs::create_dir(&dest).expect("folder");
    std::fs::write(dest.join("mine"), "x").expect("write");
    let error = world.fetcher().checkout(&order("r", &repo.url(), &commit), &dest).await.expect_err("not empty");
    assert!(matches!(error, SourceError::Disk { .. }), "{error}");
    assert_eq!(std::fs::read_dir(&dest).expect("list").count(), 1);
}

#[tokio::test]
async fn submodules_stay_empty() {
    let world = World::new();
    let inner = world.repo("inner");
    inner.write("f", "x");
    inner.commit("inner");
    let repo = world.repo("r");
    repo.write("r.spec", "");
    let path = inner.0.to_str().expect("UTF-8");
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", path, "sub"]);
    let commit = repo.commit("first");
    let dest = world.path("out");
    world.fetcher().checkout(&order("r", &repo.url(), &commit), &dest).await.expect("checkout");
    assert!(!dest.join("sub/f").exists());
}
