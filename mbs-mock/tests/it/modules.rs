//! Repositories of modules that are built against, made with the real programs.

use crate::workshop::{Workshop, spec};
use async_trait::async_trait;
use mbs_core::build::BuiltAgainst;
use mbs_core::repodata::PackageSource;
use mbs_core::source::{Checksum, SourceError};
use mbs_core::{Arch, Blame};
use mbs_mock::modules::{ModulesError, OfferedModule, Remote, offered_module};
use mbs_mock::repo::{RepoRequest, write_repository};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

const MODULE: &str = "tools:1:5:c0ffee00";

/// A repository with `alpha`, `beta` and `beta`'s source package, of which the module lists `alpha` and the source.
fn repository(workshop: &Workshop) -> PathBuf {
    let folder = workshop.path().join("repo");
    fs::create_dir(&folder).expect("folder");
    workshop.build(&spec("alpha", "1", ""), "-bb");
    let mut files = Vec::new();
    for path in workshop.build(&spec("beta", "1", ""), "-ba") {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        fs::copy(&path, folder.join(&name)).expect("copied");
        files.push(name);
    }
    let modules = document(&["alpha-0:1-1.noarch", "alpha-debuginfo-0:1-1.x86_64", "beta-0:1-1.src"]);
    let request = RepoRequest { folder: &folder, files: &files, revision: 1, durable: false, modules: Some(&modules) };
    write_repository(&request).expect("a repository");
    fs::write(folder.join("modules.yaml"), modules).expect("written");
    folder
}

fn document(artifacts: &[&str]) -> String {
    format!(
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: tools\n  stream: \"1\"\n  version: 5\n  context: c0ffee00\n  \
         arch: x86_64\n  summary: Tools\n  description: Tools\n  license: {{module: [MIT]}}\n  profiles:\n    \
         buildroot: {{rpms: [alpha]}}\n  artifacts: {{rpms: [{}]}}\n...\n",
        artifacts.join(", ")
    )
}

fn against(repository: &str) -> BuiltAgainst {
    BuiltAgainst {
        nsvc: MODULE.parse().expect("identity"),
        direct: true,
        base: false,
        commit: None,
        koji_tag: None,
        repository: Some(repository.to_owned()),
    }
}

fn offered(against: &BuiltAgainst) -> Result<OfferedModule, ModulesError> {
    offered_module(against, &Arch::new("x86_64").expect("arch"), None)
}

fn refused(against: &BuiltAgainst) -> String {
    let error = offered(against).expect_err("refused");
    assert_eq!(error.blame(), Blame::User, "{error}");
    let text = error.to_string();
    assert!(text.contains(MODULE), "{text}");
    text
}

fn names(module: &OfferedModule) -> Vec<String> {
    module.packages.iter().map(|package| package.facts.nevra()).collect()
}

#[test]
fn only_what_the_document_lists_for_this_machine_is_offered() {
    let workshop = Workshop::new();
    let folder = repository(&workshop);
    let path = folder.to_str().expect("text");
    let by_metadata = offered(&against(path)).expect("offered");
    assert_eq!(names(&by_metadata), ["alpha-0:1-1.noarch"]);
    assert!(by_metadata.buildroot.contains("alpha"));
    let by_address = offered(&against(&format!("file://{path}"))).expect("offered");
    assert_eq!(
        (by_address.digest.as_str(), &by_address.packages),
        (by_metadata.digest.as_str(), &by_metadata.packages)
    );

    // Without metadata the files themselves count.
    fs::remove_dir_all(folder.join("repodata")).expect("removed");
    assert_eq!(offered(&against(path)).expect("offered").packages, by_metadata.packages);
    fs::remove_file(folder.join("modules.yaml")).expect("removed");
    let all = offered(&against(path)).expect("offered");
    assert_eq!(names(&all), ["alpha-0:1-1.noarch", "beta-0:1-1.noarch"]);
    assert!(all.digest != by_metadata.digest && all.buildroot.is_empty());
}

#[test]
fn what_is_wrong_with_a_repository_is_told_with_module_and_place() {
    let workshop = Workshop::new();
    let folder = repository(&workshop);
    let path = folder.to_str().expect("text");
    let other = BuiltAgainst { nsvc: "tools:2:5:c0ffee00".parse().expect("identity"), ..against(path) };
    let error = offered(&other).expect_err("another module").to_string();
    assert!(error.contains("only of `tools:1:5:c0ffee00`") && error.contains(path), "{error}");
    assert!(refused(&BuiltAgainst { repository: None, ..against("") }).contains("is not known"));
    assert!(refused(&against(&format!("{path}/absent"))).contains("does not exist"));
    assert!(refused(&against("relative")).contains("neither an absolute path"));
    let remote = refused(&against("https://bob:secret@mirror.invalid/repo"));
    assert!(remote.contains("on a server") && !remote.contains("secret"), "{remote}");
    fs::create_dir(folder.join("empty")).expect("folder");
    assert!(refused(&against(&format!("{path}/empty"))).contains("neither `repodata`"));

    fs::remove_file(folder.join("alpha-1-1.noarch.rpm")).expect("removed");
    let gone = refused(&against(path));
    assert!(gone.contains("alpha-1-1.noarch.rpm") && gone.contains("does not exist"), "{gone}");
    fs::remove_dir_all(folder.join("repodata")).expect("removed");
    let missing = refused(&against(path));
    assert!(missing.contains("`alpha-0:1-1.noarch`") && !missing.contains("debuginfo"), "{missing}");
    fs::create_dir(folder.join("repodata")).expect("folder");
    fs::write(folder.join("repodata/repomd.xml"), "<html/>").expect("written");
    assert!(refused(&against(path)).contains("cannot be read: `repomd.xml` begins with"));
}

/// A server whose files lie in a folder; notes which packages were asked for.
struct Server {
    folder: PathBuf,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl PackageSource for Server {
    async fn metadata(&self, _: &str, path: &[&str], _: u64) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(fs::read(self.folder.join(path.iter().collect::<PathBuf>())).ok())
    }

    async fn package(&self, _: &str, path: &[&str], _: &Checksum) -> Result<PathBuf, SourceError> {
        self.asked.lock().expect("not poisoned").push(path.join("/"));
        Ok(self.folder.join(path.iter().collect::<PathBuf>()))
    }
}

#[test]
fn of_a_server_only_packages_of_the_module_are_fetched() {
    let workshop = Workshop::new();
    let folder: &Path = &repository(&workshop);
    let server = Arc::new(Server { folder: folder.to_owned(), asked: Mutex::default() });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("runtime");
    let remote = Remote { source: server.clone(), runtime: runtime.handle().clone() };
    let arch = Arch::new("x86_64").expect("arch");
    let found = offered_module(&against("https://mirror.invalid/repo"), &arch, Some(&remote)).expect("offered");
    assert_eq!(names(&found), ["alpha-0:1-1.noarch"]);
    assert_eq!(*server.asked.lock().expect("not poisoned"), ["alpha-1-1.noarch.rpm"]);
    assert_eq!(found.digest, offered(&against(folder.to_str().expect("text"))).expect("offered").digest);
}
