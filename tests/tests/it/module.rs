//! What is in the repository of a built module.

use crate::baseline::{greenhouse, rpms};
use mbs_core::modulemd::{ReadOptions, read, read_for_build};
use mbs_tests::fixture::Repositories;
use mbs_tests::mbs::{Mbs, contents, program, run};
use std::collections::BTreeSet;

#[test]
fn the_build_ends_with_the_path_of_the_repository_alone_on_standard_output() {
    let built = greenhouse();
    assert_eq!(built.done.stdout, format!("{}\n", built.repository.display()));
    let last = built.done.stderr.lines().last().expect("progress");
    assert!(last.ends_with("ready"), "{last}");
    assert_eq!(built.repository, built.mbs.path("results/module-greenhouse-1.0-1220250106120000/results"));
}

#[test]
fn every_package_has_dist_tag_and_label_source_packages_too() {
    let built = greenhouse();
    let mut query = program("rpm");
    query.args(["-qp", "--nosignature", "--qf", "%{RELEASE} %{MODULARITYLABEL} %{SOURCEPACKAGE}\n"]);
    let done = run(query.args(rpms(&built.repository))).expect(0);
    let shown = built.mbs.json(&["show", "1"]);
    let nsvc = shown["build"]["nsvc"].as_str().expect("nsvc");
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(lines.len(), 9);
    for line in &lines {
        let (release, rest) = line.split_once(' ').expect("release");
        assert!(release.contains(".module+") && release.contains("+1+"), "{line}");
        assert!(rest.starts_with(&format!("{nsvc} ")), "{line}");
    }
    assert_eq!(lines.iter().filter(|line| line.ends_with(" 1")).count(), 4, "source packages");
}

#[test]
fn macros_of_the_module_reach_its_packages() {
    let built = greenhouse();
    let package = rpms(&built.repository)
        .into_iter()
        .find(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).expect("name");
            name.starts_with("gaugectl-") && !name.ends_with(".src.rpm")
        })
        .expect("gaugectl");
    // An archive of plain bytes: each file's content follows its name.
    let archive = program("rpm2cpio").arg(package).output().expect("rpm2cpio starts").stdout;
    let find = |text: &str, from: usize| {
        let found = archive[from..].windows(text.len()).position(|window| window == text.as_bytes());
        from + found.expect(text)
    };
    let name = find("gaugectl.stamp\0", 0);
    let line = find("built-as=modular\n", name);
    assert!(line - name < 200, "the line is in the file of that name");
}

#[test]
fn the_result_holds_the_packages_the_document_and_the_metadata_and_nothing_else() {
    let built = greenhouse();
    let found = contents(&built.repository);
    let names: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    assert!(!names.iter().any(|name| name.starts_with("greenhouse-rpm-macros")), "{names:?}");
    let is_rpm = |name: &str| name.rsplit_once('.').is_some_and(|(_, extension)| extension == "rpm");
    let other: Vec<_> = names
        .iter()
        .filter(|name| !is_rpm(name) && !name.starts_with("repodata/") && **name != "modules.yaml")
        .collect();
    assert!(other.is_empty(), "{other:?}");
    for part in ["primary.xml.gz", "filelists.xml.gz", "other.xml.gz", "modules.yaml.gz", "repomd.xml"] {
        assert_eq!(
            names.iter().filter(|name| name.starts_with("repodata/") && name.ends_with(part)).count(),
            1,
            "{part}"
        );
    }
}

#[test]
fn the_document_in_the_metadata_lists_the_packages() {
    let built = greenhouse();
    let found = contents(&built.repository);
    let (_, packed) = found.iter().find(|(name, _)| name.ends_with("modules.yaml.gz")).expect("document");
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed[..]), &mut text).expect("gzip");
    assert_eq!(text, found["modules.yaml"]);
    let reading = read(&text, "modules.yaml", &ReadOptions::strict());
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let stream = read_for_build(&text, "modules.yaml", &ReadOptions::strict()).expect("one stream").stream;
    let mut query = program("rpm");
    query.args(["-qp", "--nosignature", "--qf"]);
    query.arg("%{NAME}-%|EPOCH?{%{EPOCH}}:{0}|:%{VERSION}-%{RELEASE}.%|SOURCEPACKAGE?{src}:{%{ARCH}}|\n");
    let listed = run(query.args(rpms(&built.repository))).expect(0).stdout;
    let packages: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    assert_eq!(stream.artifacts.rpms.iter().cloned().collect::<BTreeSet<_>>(), packages);
    assert_eq!(packages.iter().filter(|name| name.split('.').next_back() == Some("src")).count(), 4);
    assert!(!packages.iter().any(|name| name.contains("rpm-macros")), "{packages:?}");
    assert_eq!(stream.profiles.keys().map(String::as_str).collect::<Vec<_>>(), ["default", "devel"]);
}

/// The spec of a package that holds one file below `/etc/rpm`, or nothing.
fn fruit(name: &str, more: &str, macros: &str) -> String {
    format!(
        "Name: {name}\nVersion: 1\nRelease: 1%{{?dist}}\nSummary: Fruit\nLicense: MIT\nBuildArch: noarch\n{more}\n\
         %description\nFruit.\n%prep\n%build\n%install\nmkdir -p %{{buildroot}}/etc/rpm\n\
         echo '{macros}' > %{{buildroot}}/etc/rpm/macros.{name}\n%files\n/etc/rpm/macros.{name}\n"
    )
}

#[test]
fn macros_of_components_may_make_build_requirements() {
    // Of a build requirement, and of a component that every source package sees.
    let late = "BuildRequires: fruit-macros\n%{?fruit:BuildRequires: %fruit}";
    let early = "BuildRequires: %{?fruit}%{!?fruit:nothing-such}";
    for (flag, requires) in [("", late), ("srpm-buildroot: true", early), ("buildroot: true", early)] {
        let folder = tempfile::tempdir().expect("folder");
        let fixture = folder.path().join("fixture");
        let components = [
            ("fruit-macros", flag, fruit("fruit-macros", "", "%%fruit plum")),
            ("plum", "", fruit("plum", "", "# none")),
            ("jam", "buildorder: 10", fruit("jam", requires, "# none")),
        ];
        let mut modulemd = "document: modulemd\nversion: 2\ndata:\n  stream: \"1\"\n  summary: Fruit\n  description: Fruit.\n  \
                            license: {module: [MIT]}\n  dependencies:\n    - {buildrequires: {platform: []}, requires: {platform: []}}\n  \
                            components:\n    rpms:\n"
            .to_owned();
        for (name, more, spec) in &components {
            let place = fixture.join("components").join(name);
            std::fs::create_dir_all(&place).expect("folder");
            std::fs::write(place.join(format!("{name}.spec")), spec).expect("spec");
            let address = format!("\"@REPOS@/rpms/{name}\"");
            modulemd.extend(
                [
                    &format!("      {name}:\n        rationale: Test.\n        repository: {address}\n"),
                    &format!("        ref: main\n        {more}\n"),
                ]
                .map(String::as_str),
            );
        }
        std::fs::write(fixture.join("fruit.yaml"), modulemd).expect("modulemd");
        let repositories = Repositories::make(&fixture, &folder.path().join("repos"));
        let mbs = Mbs::new(folder.path());
        mbs.ok(["build", repositories.modulemd("fruit").to_str().expect("text")]);
        let log = mbs.ok(["log", "1", "jam"]);
        assert!(log.contains("plum-0:1-1.module"), "{log}");
    }
}
