#![expect(clippy::unwrap_used, reason = "a helper of a test may end the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use mbs_mock::repo::{RepoError, RepoRequest, attach_modules, unfiltered, write_repository};
use mbs_mock::rpms::read_facts;

use crate::workshop::{Workshop, spec};

const REVISION: u64 = 1_700_000_000;

fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A folder with two packages, as a build leaves it.
fn results(workshop: &Workshop, name: &str) -> (std::path::PathBuf, Vec<String>) {
    let folder = workshop.path().join(name);
    fs::create_dir(&folder).unwrap();
    workshop.build(&spec("one", "1", ""), "-bb");
    for file in workshop.build(&spec("two", "2", "Provides: x = 1\n"), "-bb") {
        fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
    }
    let files = names(&folder);
    (folder, files)
}

#[test]
fn the_same_rpms_and_revision_give_the_same_bytes() {
    let workshop = Workshop::new();
    let (first, files) = results(&workshop, "first");
    let second = workshop.path().join("second");
    fs::create_dir(&second).unwrap();
    for file in &files {
        fs::copy(first.join(file), second.join(file)).unwrap();
    }
    let backwards: Vec<String> = files.iter().rev().cloned().collect();
    let modules = "document: modulemd\nversion: 2\n";
    for (folder, files, time) in [(&first, &files, 1), (&second, &backwards, 1_000_000)] {
        // Files of any age, and metadata that replaces older metadata.
        let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(time);
        fs::File::open(folder.join(&files[0])).unwrap().set_modified(old).unwrap();
        for modules in [None, Some(modules)] {
            write_repository(&RepoRequest { folder, files, revision: REVISION, durable: true, modules }).unwrap();
        }
    }
    let (one, two) = (content(&first.join("repodata")), content(&second.join("repodata")));
    assert_eq!(one, two);
    assert_eq!(one.len(), 5, "{:?}", one.keys());
    assert!(one.keys().any(|name| name.ends_with("-modules.yaml.gz")));
    let index = String::from_utf8(one["repomd.xml"].clone()).unwrap();
    assert_eq!(index.matches("<timestamp>1700000000</timestamp>").count(), 4, "{index}");
    assert!(index.contains("<data type=\"modules\">"));
    let mut expected = files.clone();
    expected.push("repodata".to_owned());
    expected.sort();
    assert_eq!(names(&first), expected, "nothing else is left in the folder");
}

#[test]
fn filtered_names_are_left_out() {
    let workshop = Workshop::new();
    let (folder, files) = results(&workshop, "results");
    let facts: Vec<_> = files.iter().map(|file| (file.as_str(), read_facts(&folder.join(file)).unwrap())).collect();
    let kept = unfiltered(facts.iter().map(|(file, facts)| (*file, facts)), &BTreeSet::from(["one".to_owned()]));
    assert_eq!(kept, ["two-2-1.noarch.rpm"]);
    write_repository(&RepoRequest { folder: &folder, files: &kept, revision: REVISION, durable: true, modules: None })
        .unwrap();
    let listed = |folder: &Path| {
        let primary = names(&folder.join("repodata")).into_iter().find(|name| name.contains("-primary.")).unwrap();
        let path = folder.join("repodata").join(primary);
        String::from_utf8(workshop.run("zcat", &[path]).stdout).unwrap()
    };
    assert!(listed(&folder).contains("<location href=\"two-2-1.noarch.rpm\"/>"));
    assert!(!listed(&folder).contains("one-1-1.noarch.rpm"));
    write_repository(&RepoRequest { folder: &folder, files: &[], revision: REVISION, durable: true, modules: None })
        .unwrap();
    assert!(listed(&folder).contains("packages=\"0\""));
}

#[test]
fn a_failure_leaves_the_old_repository_and_what_a_killed_run_left_is_removed() {
    let workshop = Workshop::new();
    let (folder, files) = results(&workshop, "results");
    write_repository(&RepoRequest { folder: &folder, files: &files, revision: REVISION, durable: true, modules: None })
        .unwrap();
    let before = content(&folder.join("repodata"));
    let missing = ["absent.rpm".to_owned()];
    let request = RepoRequest { folder: &folder, files: &missing, revision: REVISION, durable: true, modules: None };
    assert!(matches!(write_repository(&request), Err(RepoError::Io { .. })));
    fs::write(folder.join("broken.rpm"), "no rpm").unwrap();
    let broken = [files[0].clone(), "broken.rpm".to_owned()];
    let request = RepoRequest { folder: &folder, files: &broken, revision: REVISION, durable: true, modules: None };
    let error = write_repository(&request).unwrap_err();
    assert!(matches!(error, RepoError::Incomplete { listed: 2, indexed: 1, .. }), "{error:?}");
    assert!(error.to_string().contains("broken.rpm"), "{error}");
    assert_eq!(content(&folder.join("repodata")), before);
    fs::remove_file(folder.join("broken.rpm")).unwrap();
    fs::create_dir_all(folder.join(".repodata")).unwrap();
    fs::create_dir_all(folder.join(".mbs-repodata-old/repodata")).unwrap();
    write_repository(&RepoRequest { folder: &folder, files: &files, revision: REVISION, durable: true, modules: None })
        .unwrap();
    assert_eq!(content(&folder.join("repodata")), before);
    assert!(names(&folder).iter().all(|name| !name.starts_with('.')), "{:?}", names(&folder));
}

/// An empty repository as createrepo_c makes it, and its list.
fn made(workshop: &Workshop, name: &str) -> (std::path::PathBuf, String) {
    let folder = workshop.path().join(name);
    fs::create_dir(&folder).unwrap();
    let _ = workshop.run("createrepo_c", &[&folder]);
    let list = fs::read_to_string(folder.join("repodata/repomd.xml")).unwrap();
    (folder, list)
}

/// A list without its part `modules`.
fn without_modules(list: &str) -> String {
    let start = list.find("\n  <data type=\"modules\">").unwrap();
    let end = start + list[start..].find("</data>").unwrap() + "</data>".len();
    format!("{}{}", &list[..start], &list[end..])
}

#[test]
fn modules_go_into_a_repository_of_createrepo_and_all_else_stays() {
    let workshop = Workshop::new();
    let (folder, before) = made(&workshop, "repository");
    let files = content(&folder.join("repodata"));
    let path = folder.join("repodata/repomd.xml");
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
    let first = attach_modules(&folder, "one: 1\n").unwrap();
    assert!(first.removed.is_empty() && first.stale_signature.is_none());
    let list = fs::read_to_string(&path).unwrap();
    assert_eq!(without_modules(&list), before);
    let mut after = content(&folder.join("repodata"));
    assert!(after.remove(first.file.file_name().unwrap().to_str().unwrap()).is_some());
    after.insert("repomd.xml".to_owned(), before.clone().into_bytes());
    assert_eq!(after, files, "no file is left behind and none is changed");
    for path in [&path, &first.file] {
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777, 0o640);
    }

    // What createrepo_c's own tool reads there is what was put there.
    let name = first.file.file_name().unwrap().to_str().unwrap();
    let sum = String::from_utf8(workshop.run("sha256sum", &[&first.file]).stdout).unwrap();
    assert_eq!(sum.split(' ').next(), name.strip_suffix("-modules.yaml.gz"));
    assert_eq!(workshop.run("zcat", &[&first.file]).stdout, b"one: 1\n");

    // The same again changes nothing; other documents take the place of the first ones.
    assert_eq!(attach_modules(&folder, "one: 1\n").unwrap(), first);
    assert_eq!(fs::read_to_string(&path).unwrap(), list);
    fs::write(folder.join("repodata/repomd.xml.asc"), "signed").unwrap();
    let second = attach_modules(&folder, "two: 2\n").unwrap();
    assert_eq!(second.removed, [first.file]);
    assert_eq!(second.stale_signature, Some(folder.join("repodata/repomd.xml.asc")));
    assert_eq!(without_modules(&fs::read_to_string(&path).unwrap()), before);
    assert_eq!(names(&folder.join("repodata")).iter().filter(|name| name.contains("modules")).count(), 1);
}

#[test]
fn what_is_no_repository_is_refused_and_not_touched() {
    let workshop = Workshop::new();
    let error = attach_modules(workshop.path(), "x").unwrap_err();
    assert!(matches!(error, RepoError::NoRepository { .. }), "{error:?}");
    assert!(error.to_string().contains("; `createrepo_c /"), "{error}");
    let (folder, list) = made(&workshop, "repository");
    for text in [&list[..list.len() - 20], "<html/>", ""] {
        fs::write(folder.join("repodata/repomd.xml"), text).unwrap();
        let before = content(&folder.join("repodata"));
        let error = attach_modules(&folder, "x").unwrap_err();
        assert!(matches!(error, RepoError::List { .. }), "{error:?}");
        assert_eq!(content(&folder.join("repodata")), before);
    }
}

#[test]
fn only_files_of_the_metadata_are_removed() {
    let workshop = Workshop::new();
    let (folder, list) = made(&workshop, "repository");
    fs::write(folder.join("precious"), "").unwrap();
    for location in ["precious", "repodata/../precious", "../repository/precious", "repodata/repomd.xml"] {
        let entry = format!("  <data type=\"modules\"><location href=\"{location}\"/></data>\n</repomd>");
        fs::write(folder.join("repodata/repomd.xml"), list.replace("</repomd>", &entry)).unwrap();
        assert!(attach_modules(&folder, "x").unwrap().removed.is_empty(), "{location}");
        assert!(folder.join("precious").exists() && folder.join("repodata/repomd.xml").exists(), "{location}");
    }
}
