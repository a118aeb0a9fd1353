//! `mbs index`.

use super::support::{Home, Ran};
use mbs_core::repodata::attach_modules;
use std::path::{Path, PathBuf};

const EMPTY: &str = "<repomd>\n  <revision>7</revision>\n  <data type=\"primary\"/>\n</repomd>\n";

fn module(name: &str, stream: &str) -> String {
    format!(
        "document: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: \"{stream}\"\n  version: 1\n  \
         context: abcdef12\n  arch: x86_64\n  summary: x\n  description: x\n  license: {{module: [MIT]}}\n"
    )
}

/// A repository without modules.
fn repository(home: &Home) -> PathBuf {
    home.write("repo/repodata/repomd.xml", EMPTY);
    home.path().join("repo")
}

fn list(home: &Home) -> String {
    std::fs::read_to_string(home.path().join("repo/repodata/repomd.xml")).expect("a list")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("entry").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}

/// The names and streams of a result in JSON.
fn streams(ran: &Ran) -> Vec<String> {
    let documents = ran.json();
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let list = documents.as_array().expect("a list").iter();
    list.map(|one| format!("{}:{}", text(&one["data"]["name"]), text(&one["data"]["stream"]))).collect()
}

#[test]
fn what_is_attached_is_read_again() {
    let home = Home::new();
    let folder = repository(&home);
    home.write("a.yaml", &module("app", "5.10"));
    home.write("b.yaml", &module("lib", "1"));
    let done = home.mbs(&["index", "attach", "repo", "--modules", "a.yaml", "b.yaml"]).with_code(0);
    let file = folder.join("repodata").join(names(&folder.join("repodata"))[0].clone());
    assert_eq!(
        done.stdout,
        format!("{}\n", Path::new("repo/repodata").join(file.file_name().expect("a name")).display())
    );
    for place in ["repo", &format!("file://{}", folder.display())] {
        let text = home.mbs(&["index", "from-repo", place]).with_code(0);
        assert!(text.stdout.starts_with("---\ndocument: modulemd\n") && text.stdout.ends_with("...\n"), "{text:?}");
        assert_eq!(text.stderr, "");
        let json = home.mbs(&["index", "from-repo", place, "--format", "json"]).with_code(0);
        assert_eq!(streams(&json), ["app:5.10", "lib:1"]);
        assert_eq!(json.json()[0]["version"], 2);
    }
    // All kinds of documents, merged and in one order, whatever the order of the files.
    let defaults = |stream: &str| {
        format!(
            "document: modulemd-defaults\nversion: 1\ndata:\n  module: app\n  modified: 1\n  stream: \"{stream}\"\n"
        )
    };
    home.write("d.yaml", &defaults("5.10"));
    for order in [["d.yaml", "a.yaml", "b.yaml"], ["b.yaml", "d.yaml", "a.yaml"]] {
        let done = home.mbs(&[&["index", "attach", "repo", "--format", "json", "--modules"], &order[..]].concat());
        assert_eq!(done.with_code(0).json()["documents"], 3);
        let json = home.mbs(&["index", "from-repo", "repo", "--format", "json"]).with_code(0).json();
        assert_eq!(
            (json[0]["document"].as_str(), json[0]["data"]["stream"].as_str()),
            (Some("modulemd-defaults"), Some("5.10"))
        );
        assert_eq!((json[1]["data"]["name"].as_str(), json[2]["data"]["name"].as_str()), (Some("app"), Some("lib")));
    }
    // What comes out goes in again, also from a pipe, and nothing changes.
    let before = list(&home);
    let text = home.mbs(&["index", "from-repo", "repo"]).stdout;
    home.write("again.yaml", &text);
    home.mbs(&["index", "attach", "repo", "--modules", "again.yaml"]).with_code(0);
    assert_eq!(list(&home), before);
    assert!(!home.state().exists() && !home.path().join(".cache").exists(), "nothing else is made");
}

#[test]
fn without_names_the_folder_is_searched() {
    let home = Home::new();
    let folder = repository(&home);
    let none = home.mbs(&["index", "attach", "repo"]).with_code(1);
    assert!(none.stderr.contains("no module documents in `repo`") && none.stderr.contains("--modules"), "{none:?}");
    home.write("repo/a/app.yaml", &module("app", "1"));
    home.write("repo/lib.yml", &module("lib", "1"));
    home.write("repo/playbook.yaml", "- hosts: all\n");
    home.write("repo/packager.yaml", "document: modulemd-packager\nversion: 3\ndata: {}\n");
    let done = home.mbs(&["index", "attach", "repo", "--format", "json"]).with_code(0);
    assert_eq!(
        (done.json()["documents"].as_u64(), done.json()["removed"].as_array().map(Vec::len)),
        (Some(2), Some(0))
    );
    assert!(done.stderr.contains("packager.yaml` is for building and left out"), "{done:?}");
    let found = home.mbs(&["index", "from-repo", "repo", "--format", "json"]).with_code(0);
    assert_eq!(streams(&found), ["app:1", "lib:1"]);

    home.write("repo/modules.yaml", &module("all", "2"));
    let done = home.mbs(&["index", "attach", "repo", "--format", "json"]).with_code(0);
    assert_eq!(done.json()["removed"].as_array().map(Vec::len), Some(1));
    let found = home.mbs(&["index", "from-repo", "repo", "--format", "json"]).with_code(0);
    assert_eq!(streams(&found), ["all:2"]);
    assert_eq!(names(&folder.join("repodata")).len(), 2);
}

#[test]
fn a_document_with_an_error_changes_nothing() {
    let home = Home::new();
    let folder = repository(&home);
    home.write("good.yaml", &module("app", "1"));
    home.write("bad.yaml", &module("app", "2").replace("  summary: x\n", ""));
    let ran = home.mbs(&["index", "attach", "repo", "--modules", "good.yaml", "bad.yaml"]).with_code(3);
    assert!(ran.stderr.contains("bad.yaml:") && ran.stderr.contains("`summary` is missing"), "{ran:?}");
    assert!(ran.stderr.contains("error: the documents have 1 error; the repository was not changed"), "{ran:?}");
    assert_eq!((list(&home).as_str(), names(&folder.join("repodata")).len()), (EMPTY, 1));
    // Two documents with one identity, of which dnf would see one; and one that no repository holds.
    home.write("other.yaml", &module("app", "1").replace("summary: x", "summary: y"));
    let ran = home.mbs(&["index", "attach", "repo", "--modules", "good.yaml", "other.yaml"]).with_code(3);
    assert!(ran.stderr.contains("good.yaml") && ran.stderr.contains("other.yaml"), "{ran:?}");
    home.write(
        "p.yaml",
        &module("app", "1").replace("modulemd\n", "modulemd-packager\n").replace("  arch: x86_64\n", ""),
    );
    let ran = home.mbs(&["index", "attach", "repo", "--modules", "p.yaml"]).with_code(3);
    assert!(ran.stderr.contains("describes how to build"), "{ran:?}");
    // A mistake does not make a file look like another kind of file.
    home.write("repo/bad.yaml", "document: modulemd\nversion: 2\ndata: [\n");
    home.mbs(&["index", "attach", "repo"]).with_code(3);
    home.mbs(&["index", "attach", "repo", "--modules", "absent.yaml"]).with_code(1);
    assert_eq!(list(&home), EMPTY);
}

#[test]
fn what_is_no_repository_is_told_with_what_to_do() {
    let home = Home::new();
    home.write("good.yaml", &module("app", "1"));
    std::fs::create_dir(home.path().join("none")).expect("folder");
    for command in [&["index", "from-repo", "none"][..], &["index", "attach", "none", "--modules", "good.yaml"]] {
        let ran = home.mbs(command).with_code(1);
        assert!(ran.stderr.contains("`repodata/repomd.xml`") && ran.stderr.contains("createrepo_c"), "{ran:?}");
    }
    repository(&home);
    let ran = home.mbs(&["index", "from-repo", "repo"]).with_code(1);
    assert!(ran.stderr.contains("no `modules` metadata") && ran.stderr.contains("`mbs index attach`"), "{ran:?}");
    home.write("repo/repodata/repomd.xml", "<repomd>");
    for command in [&["index", "from-repo", "repo"][..], &["index", "attach", "repo", "--modules", "good.yaml"]] {
        let ran = home.mbs(command).with_code(3);
        assert!(ran.stderr.contains("it ends too early"), "{ran:?}");
    }
    home.mbs(&["index", "from-repo", "ftp://host/x"]).with_code(2);
    home.mbs(&["index"]).with_code(2);
}

#[test]
fn a_damaged_repository_gives_no_documents_and_a_bad_document_hides_no_other() {
    let home = Home::new();
    repository(&home);
    let mixed = format!("---\n{}---\ndocument: modulemd\nversion: 2\ndata: {{}}\n", module("app", "1"));
    let made = attach_modules(EMPTY, &mixed).expect("a list");
    home.write("repo/repodata/repomd.xml", &made.repomd);
    let path = home.path().join("repo/repodata").join(&made.file_name);
    std::fs::write(&path, &made.file).expect("written");
    let ran = home.mbs(&["index", "from-repo", "repo", "--format", "json"]).with_code(3);
    assert_eq!(streams(&ran), ["app:1"]);
    assert!(ran.stderr.contains(&format!("{}:16:7 (document 1", made.file_name)), "{ran:?}");

    let mut damaged = made.file.clone();
    damaged[20] ^= 1;
    std::fs::write(&path, damaged).expect("written");
    let ran = home.mbs(&["index", "from-repo", "repo"]).with_code(3);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("the checksum of `modules` is"), "{ran:?}");
    std::fs::remove_file(&path).expect("removed");
    let ran = home.mbs(&["index", "from-repo", "repo"]).with_code(1);
    assert!(ran.stderr.contains("which does not exist"), "{ran:?}");
}
