//! Modules built against modules, all of it through the command line.

use crate::chain::{Installed, installs};
use mbs_tests::fixture::Repositories;
use mbs_tests::mbs::{Mbs, has_program, program, run};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The document of a module of the chain, with these modules among its build requirements.
fn document(mbs: &Mbs, repositories: &Repositories, module: &str, needs: &[&str]) -> String {
    let mut text = std::fs::read_to_string(repositories.modulemd(module)).expect("the document");
    let own = "buildrequires:\n        platform: []\n";
    assert!(text.contains(own), "{text}");
    let more: String = needs.iter().fold(String::new(), |all, name| all + &format!("        {name}: [\"1\"]\n"));
    text = text.replacen(own, &format!("{own}{more}"), 1).replacen("stream:", "version: 7\n  stream:", 1);
    write(mbs, &format!("{module}.yaml"), &text)
}

fn write(mbs: &Mbs, name: &str, text: &str) -> String {
    let path = mbs.path(name);
    std::fs::write(&path, text).expect("written");
    path.to_str().expect("text").to_owned()
}

fn nsvc(mbs: &Mbs, build: u64) -> String {
    mbs.json(&["show", &build.to_string()])["build"]["nsvc"].as_str().expect("an identity").to_owned()
}

#[test]
fn a_chain_of_three_modules_is_built_in_order_and_elsewhere_from_an_import() {
    let folder = tempfile::tempdir().expect("folder");
    let repositories = Repositories::chain(&folder.path().join("repos"));
    let mbs = Mbs::new(&folder.path().join("here"));
    let alpha = document(&mbs, &repositories, "alpha", &[]);
    let beta = document(&mbs, &repositories, "beta", &["alpha"]);
    let gamma = document(&mbs, &repositories, "gamma", &["alpha", "beta"]);

    // In the wrong order, the chain of causes says what to build first.
    let early = mbs.run(["build", &gamma]).expect(4);
    assert!(early.stderr.contains("because the document build-requires `alpha:1`"), "{}", early.text());
    assert!(early.stderr.contains("build `alpha:1`"), "{}", early.text());

    let built: Vec<PathBuf> =
        [&alpha, &beta, &gamma].map(|file| PathBuf::from(mbs.ok(["build", file]).trim_end())).into();
    let log = mbs.ok(["log", "3", "gamma-app"]);
    assert!(log.contains(&nsvc(&mbs, 1)) && log.contains(&nsvc(&mbs, 2)), "{log}");
    let plan = mbs.json(&["plan", &gamma]);
    let against = &plan["contexts"][0]["buildrequires"];
    assert_eq!(against["alpha"]["nsvc"], nsvc(&mbs, 1).as_str());
    assert_eq!(against["beta"]["repository"], built[1].to_str().expect("text"));
    assert_eq!(plan["contexts"][0]["existing"]["id"], 3);

    if has_program("dnf") && run(program("dnf").arg("--version")).stdout.starts_with("4.") {
        let packages = ["alpha-tools", "beta-lib", "gamma-app"];
        let modules: Vec<Installed> = (1..)
            .zip(packages)
            .zip(&built)
            .map(|((id, package), repository)| Installed {
                nsvc: nsvc(&mbs, id),
                package,
                repository: repository.clone(),
            })
            .collect();
        installs(folder.path(), &modules, &mbs.path("state/builds/1/host"));
    } else {
        println!("not installed: no dnf 4 on this machine");
    }

    // Elsewhere, the first one is taken in as it is, with its packages.
    let other = Mbs::new(&folder.path().join("there"));
    let index = built[0].join("modules.yaml");
    let (index, place) = (index.to_str().expect("text"), built[0].to_str().expect("text"));
    assert_eq!(other.ok(["import", index, "--repository", place]), format!("1  {}\n", nsvc(&mbs, 1)));
    let shown = other.json(&["show", "1"]);
    assert_eq!((&shown["build"]["imported"], &shown["repository"]), (&true.into(), &place.into()));
    let beta = document(&other, &repositories, "beta", &["alpha"]);
    other.ok(["build", &beta]);
    assert_eq!(nsvc(&other, 2), nsvc(&mbs, 2), "the same context");
    // What is somebody else's stays.
    other.ok(["rm", "1", "--results"]);
    assert!(Path::new(index).is_file());
}

/// A component in git: name, spec.
fn commit(folder: &Path, spec: &str) {
    std::fs::create_dir_all(folder).expect("folder");
    let name = folder.file_name().expect("name").to_str().expect("text");
    std::fs::write(folder.join(format!("{name}.spec")), spec).expect("spec");
    let mut shell = program("sh");
    shell.args(["-ec", "[ -d .git ] || git init -q -b main; git add -A; git commit -q -m change"]).current_dir(folder);
    shell.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_AUTHOR_DATE", "@1700000000 +0000");
    shell.env("GIT_COMMITTER_DATE", "@1700000000 +0000");
    for who in ["AUTHOR", "COMMITTER"] {
        shell.env(format!("GIT_{who}_NAME"), "ann").env(format!("GIT_{who}_EMAIL"), "ann@example.org");
    }
    let _ = run(&mut shell).expect(0);
}

/// A spec whose package holds a file with a word.
fn spec(name: &str, requires: &str, build: &str, word: &str) -> String {
    format!(
        "Name: {name}\nVersion: 1\nRelease: 1%{{?dist}}\nSummary: Test\nLicense: MIT\nBuildArch: noarch\n{requires}\n\
         %description\nTest.\n%build\n{build}\n%install\nmkdir -p %{{buildroot}}%{{_datadir}}\n\
         echo {word} > %{{buildroot}}%{{_datadir}}/{name}.txt\n%files\n%{{_datadir}}/{name}.txt\n"
    )
}

/// A document with components in batches of their own.
fn module(mbs: &Mbs, name: &str, stream: &str, version: u64, needs: &str, components: &[&str]) -> String {
    let mut text = format!(
        "document: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: \"{stream}\"\n  version: {version}\n  \
         summary: Test\n  description: Test.\n  license: {{module: [MIT]}}\n  dependencies:\n  \
         - {{buildrequires: {{platform: []{needs}}}, requires: {{platform: []}}}}\n  components:\n    rpms:\n"
    );
    for (order, component) in components.iter().enumerate() {
        let place = mbs.path(&format!("rpms/{component}"));
        // Writing into a `String` cannot fail.
        let _ = writeln!(
            text,
            "      {component}: {{rationale: Test., repository: \"file://{}\", ref: main, buildorder: {order}}}",
            place.display()
        );
    }
    write(mbs, &format!("{name}-{stream}-{version}.yaml"), &text)
}

fn reused(mbs: &Mbs, build: u64) -> Vec<String> {
    let shown = mbs.json(&["show", &build.to_string()]);
    let components = shown["components"].as_array().expect("components").iter();
    components.filter_map(|one| Some(format!("{} {}", one["name"].as_str()?, one["reused_from"].as_str()?))).collect()
}

#[test]
fn after_a_change_the_others_are_taken_from_the_earlier_build() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let names = ["base", "lib", "app"];
    for name in names {
        commit(&mbs.path(&format!("rpms/{name}")), &spec(name, "", "", "first"));
    }
    mbs.ok(["build", &module(&mbs, "again", "1", 7, "", &names)]);
    let first = nsvc(&mbs, 1);
    commit(&mbs.path("rpms/lib"), &spec("lib", "", "", "second"));

    let second = module(&mbs, "again", "1", 8, "", &names);
    let plan = mbs.json(&["plan", &second]);
    assert_eq!(plan["contexts"][0]["reuse"]["from"], first.as_str(), "{plan}");
    mbs.ok(["build", &second]);
    assert_eq!(reused(&mbs, 2), [format!("base {first}")], "after a change all is new");
    let text = mbs.ok(["show", "2"]);
    assert!(text.contains(&first), "{text}");

    // Only what changed: the third build takes what is after the change too.
    commit(&mbs.path("rpms/lib"), &spec("lib", "", "", "third"));
    let third = module(&mbs, "again", "1", 9, "", &names);
    mbs.ok(["build", &third, "--rebuild-strategy", "only-changed"]);
    let taken: Vec<String> =
        reused(&mbs, 3).iter().map(|one| one.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert!(taken.contains(&"base".to_owned()) && taken.contains(&"app".to_owned()), "{taken:?}");
    assert!(!taken.contains(&"lib".to_owned()), "{taken:?}");
}

#[test]
fn two_streams_of_a_local_module_make_two_contexts() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    for stream in ["1", "2"] {
        commit(&mbs.path("rpms/tool"), &spec("tool", "", "", stream));
        mbs.ok(["build", &module(&mbs, "tool", stream, 7, "", &["tool"])]);
    }
    commit(&mbs.path("rpms/user"), &spec("user", "BuildRequires: tool", "grep -qx 2 %{_datadir}/tool.txt", "user"));
    let user = module(&mbs, "user", "1", 7, ", tool: []", &["user"]);
    let plan = mbs.json(&["plan", &user]);
    let contexts: Vec<&str> =
        plan["contexts"].as_array().expect("contexts").iter().filter_map(|one| one["context"].as_str()).collect();
    assert_eq!(contexts.len(), 2);

    // With the first stream it fails; the other one is built all the same.
    let done = mbs.run(["--format", "json", "build", &user]).expect(1);
    let builds: Value = serde_json::from_str(&done.stdout).expect("JSON");
    let states: Vec<&str> =
        builds.as_array().expect("several").iter().filter_map(|one| one["build"]["state"].as_str()).collect();
    assert_eq!(states, ["failed", "ready"], "{}", done.text());
    let log = mbs.ok(["log", "4", "user"]);
    assert!(log.contains("tool:2:"), "{log}");

    // One of them: by its context, or by the stream to take.
    let one = mbs.ok(["build", &user, "--context", contexts[1]]);
    assert_eq!(one.lines().count(), 1, "{one}");
    let same = mbs.ok(["build", &user, "-s", "tool:2"]);
    assert_eq!(one, same);
    commit(&mbs.path("rpms/user"), &spec("user", "BuildRequires: tool", "", "user"));
    let both = mbs.ok(["build", &module(&mbs, "user", "1", 8, ", tool: []", &["user"])]);
    assert_eq!(both.lines().count(), 2, "one repository a line: {both}");
    assert!(both.lines().all(|line| Path::new(line).join("repodata/repomd.xml").is_file()), "{both}");
}

#[test]
fn a_scratch_build_takes_a_source_package_in_the_place_of_a_source() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    commit(&mbs.path("rpms/tool"), &spec("tool", "", "", "first"));
    let file = module(&mbs, "tool", "1", 7, "", &["tool"]);
    let repository = PathBuf::from(mbs.ok(["build", &file]).trim_end());
    let sources = std::fs::read_dir(&repository).expect("a folder").map(|entry| entry.expect("entry").path());
    let srpm = sources
        .into_iter()
        .find(|path| path.to_str().is_some_and(|text| text.ends_with(".src.rpm")))
        .expect("a source package");
    // The source is not what is built.
    commit(&mbs.path("rpms/tool"), &spec("tool", "BuildRequires: nothing-such", "", "second"));
    let srpm = srpm.to_str().expect("text");
    let _ = mbs.run(["build", &file, "--srpm", srpm]).expect(2);
    for context in ["_1", "_2"] {
        let done = mbs.run(["build", &file, "--again", "--srpm", srpm]).expect(0);
        assert!(done.stdout.lines().count() == 1, "{}", done.text());
        let id = if context == "_1" { 2 } else { 3 };
        let shown = mbs.json(&["show", &id.to_string()]);
        assert!(shown["build"]["scratch"] == true && nsvc(&mbs, id).ends_with(context), "{shown}");
    }
}
