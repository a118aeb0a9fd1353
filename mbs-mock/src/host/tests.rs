use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::commands::first_version;
use super::perl::{Perl, modules};
use super::python::{Python, distributions, rpm_version, spellings};
use super::*;
use crate::deps::Capability;

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn texts(found: &[Capability]) -> Vec<String> {
    let mut texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    texts.sort();
    texts.dedup();
    texts
}

fn look(root: &Path, extra: Vec<Capability>) -> Host {
    probe(&HostOptions { root: root.to_owned(), arch: "x86_64".to_owned(), extra }).unwrap()
}

#[test]
fn a_tree_without_rpm_database_is_read_file_by_file() {
    let tree = tempfile::tempdir().unwrap();
    let root = tree.path();
    write(root, "usr/bin/make", "");
    write(root, "usr/bin/gcc", "");
    write(root, "usr/bin/odd name", "");
    write(root, "usr/lib/x86_64-linux-gnu/pkgconfig/foo.pc", "v = 1.2\nprefix=/usr\nVersion: ${v}.3\n");
    write(root, "usr/share/pkgconfig/bar.pc", "Name: bar\nVersion:\n");
    write(root, "usr/lib/cmake/Foo-1/FooConfig.cmake", "");
    write(root, "usr/lib/cmake/Foo-1/FooConfigVersion.cmake", "  set(PACKAGE_VERSION \"4.5\")\n");
    write(
        root,
        "var/lib/dpkg/status",
        "Package: gcc\nStatus: install ok installed\nVersion: 4:12.2.0-3\n\n\
         Package: zlib1g-dev\nStatus: install ok installed\nVersion: 1:1.2.13.dfsg-1\n\n\
         Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n",
    );
    let host = look(root, vec!["extra = 7".parse().unwrap(), "bad name,".parse().unwrap_or(Capability::named("a,b"))]);
    assert_eq!(host.kind, HostKind::Files);
    let found: Vec<Capability> = host.provides.iter().cloned().collect();
    assert_eq!(
        texts(&found),
        [
            "/bin/gcc",
            "/bin/make",
            "/usr/bin/gcc",
            "/usr/bin/make",
            "cmake(Foo) = 4.5",
            "cmake(foo) = 4.5",
            "cpp = 12.2.0",
            "cpp(x86-64) = 12.2.0",
            "extra = 7",
            "gcc = 12.2.0",
            "gcc(x86-64) = 12.2.0",
            "glibc-devel",
            "glibc-devel(x86-64)",
            "glibc-headers",
            "glibc-headers(x86-64)",
            "libgcc",
            "libgcc(x86-64)",
            "make",
            "make(x86-64)",
            "pkgconfig(bar)",
            "pkgconfig(foo) = 1.2.3",
            "zlib-devel = 1.2.13.dfsg",
            "zlib-devel(x86-64) = 1.2.13.dfsg",
            "zlib1g-dev = 1.2.13.dfsg",
            "zlib1g-dev(x86-64) = 1.2.13.dfsg",
            "zlib1g-devel = 1.2.13.dfsg",
            "zlib1g-devel(x86-64) = 1.2.13.dfsg",
        ]
    );
}

#[test]
fn the_digest_changes_with_what_is_offered_only() {
    let tree = tempfile::tempdir().unwrap();
    write(tree.path(), "usr/bin/make", "");
    let first = look(tree.path(), Vec::new());
    write(tree.path(), "usr/share/doc/readme", "");
    assert_eq!(look(tree.path(), Vec::new()).digest, first.digest);
    write(tree.path(), "usr/bin/tool", "");
    assert_ne!(look(tree.path(), Vec::new()).digest, first.digest);
}

#[test]
fn the_spec_escapes_and_leaves_out_what_rpm_would_misread() {
    let tree = tempfile::tempdir().unwrap();
    let extra = ["a%b", "(rich)", "x)", "-dash", "ok(a::b) = 2:1.0-3", "double..dot"];
    let host = look(tree.path(), extra.iter().map(|name| name.parse().unwrap()).collect());
    let spec = render_spec(&host);
    let provides: Vec<&str> = spec.lines().filter_map(|line| line.strip_prefix("Provides: ")).collect();
    assert_eq!(provides, ["a%%b", "double..dot", "ok(a::b) = 2:1.0-3"]);
    assert_eq!(spec, render_spec(&host));
}

/// The versions were compared with what rpm's own generator prints for them.
#[test]
fn python_distributions_follow_rpms_spelling() {
    assert_eq!(rpm_version("1.0.0").as_deref(), Some("1"));
    assert_eq!(rpm_version("2.10rc1").as_deref(), Some("2.10~rc1"));
    assert_eq!(rpm_version("1.2.post3").as_deref(), Some("1.2^post3"));
    assert_eq!(rpm_version("1!3.0.dev4+local").as_deref(), Some("1:3~~dev4"));
    assert_eq!(rpm_version("1.0a1.dev2").as_deref(), Some("1~a1"));
    assert_eq!(rpm_version("1.0-beta").as_deref(), Some("1~b0"));
    assert_eq!(rpm_version("1.0+local").as_deref(), Some("1"));
    assert_eq!(rpm_version("0.0.0").as_deref(), Some("0"));
    assert_eq!(rpm_version("junk"), None);
    assert_eq!(spellings("Foo_Bar.baz"), ["foo-bar-baz", "foo-bar.baz"]);
    let tree = tempfile::tempdir().unwrap();
    write(tree.path(), "usr/lib/python3/dist-packages/x.dist-info/METADATA", "Name: My_X\nVersion: 1.20\n\nName: no\n");
    write(tree.path(), "usr/lib/python3/dist-packages/y.egg-info", "Metadata-Version: 1\nName: y\nVersion: 2.0\n");
    let python = Python {
        abi: "3.11".to_owned(),
        version: "3.11.2".to_owned(),
        folders: vec!["/usr/lib/python3/dist-packages".to_owned()],
    };
    let mut found = Vec::new();
    distributions(tree.path(), &python, &mut found);
    assert_eq!(
        texts(&found),
        [
            "python(abi) = 3.11",
            "python3.11dist(my-x) = 1.20",
            "python3.11dist(y) = 2",
            "python3dist(my-x) = 1.20",
            "python3dist(y) = 2",
        ]
    );
}

#[test]
fn perl_modules_are_named_by_their_path() {
    let tree = tempfile::tempdir().unwrap();
    write(tree.path(), "usr/share/perl5/File/Spec.pm", "");
    write(tree.path(), "usr/share/perl5/File/notes-1.pm", "");
    let perl = Perl {
        version: "5.36.0".to_owned(),
        options: vec!["useithreads".to_owned()],
        folders: vec!["/usr/share/perl5".to_owned()],
    };
    let mut found = Vec::new();
    modules(tree.path(), &perl, &mut found);
    let found = texts(&found);
    assert!(found.contains(&"perl(File::Spec)".to_owned()), "{found:?}");
    assert!(found.contains(&"perl(:VERSION) = 5.36.0".to_owned()), "{found:?}");
    assert!(!found.iter().any(|name| name.contains("notes")), "{found:?}");
}

#[test]
fn an_rpm_database_counts_only_where_it_manages_the_host() {
    let answer = b"N\tgpg-pubkey\nP\tgpg(x)\t =\t1\nN\trpm\nP\trpm\t = \t4.20-1\nP\tconfig(rpm)\t = \t4.20-1\n\
        P\t/any\t\t\nF\t/usr/bin/rpm\nF\t/usr/share/doc/rpm\nN\tdb\nP\tdb.so\t\t\n";
    let found = texts(&super::rpmdb::parse(answer).unwrap());
    assert_eq!(found, ["/any", "/bin/rpm", "/usr/bin/rpm", "config(rpm) = 4.20-1", "db.so", "rpm = 4.20-1"]);
    assert_eq!(super::rpmdb::parse(b"N\tlonely\nP\tlonely\t\t\n"), None);
}

#[test]
fn versions_are_found_in_what_programs_print() {
    assert_eq!(first_version("GNU Make 4.3\nBuilt").as_deref(), Some("4.3"));
    assert_eq!(first_version("bash, version 5.2.15(1)-release").as_deref(), Some("5.2.15"));
    assert_eq!(first_version("This is perl 5, (v5.36.0) built").as_deref(), Some("5.36.0"));
    assert_eq!(first_version("usage: x"), None);
}

#[test]
fn only_a_database_that_is_there_is_asked() {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir_all(tree.path().join("var/lib/rpm")).unwrap();
    assert_eq!(super::rpmdb::folder(tree.path()), None);
    write(tree.path(), "var/lib/rpm/rpmdb.sqlite", "");
    assert_eq!(super::rpmdb::folder(tree.path()), Some(tree.path().join("var/lib/rpm")));
}
