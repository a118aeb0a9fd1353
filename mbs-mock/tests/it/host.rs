#![expect(clippy::unwrap_used, reason = "a helper of a test may end the test")]

use std::collections::BTreeSet;
use std::path::Path;

use mbs_mock::deps::{Capability, Requirement};
use mbs_mock::host::{HOST_PACKAGE, Host, HostKind, HostOptions, probe, render_spec};
use mbs_mock::platform::{OsRelease, machine_arch};
use mbs_mock::prerequisites::check_tools;

use crate::workshop::{Workshop, spec};

fn this_machine() -> Host {
    probe(&HostOptions::this_machine(machine_arch())).unwrap()
}

#[test]
fn the_programs_that_builds_need_are_found() {
    let found = check_tools(&OsRelease::default()).unwrap();
    let names: Vec<_> = found.iter().map(|tool| tool.program).collect();
    assert_eq!(names, ["rpm", "rpmbuild", "createrepo_c", "git"]);
}

#[test]
fn this_machine_offers_what_any_build_uses() {
    let host = this_machine();
    for text in ["/bin/sh", "/usr/bin/sh", "bash", "coreutils", "sed", "rpm-build", "(bash and sed)"] {
        let requirement: Requirement = text.parse().unwrap();
        assert!(host.provides.satisfies_alone(&requirement), "{text}");
    }
    assert_eq!(this_machine().digest, host.digest);
}

#[test]
fn rpm_takes_the_host_as_a_package_and_reads_the_same_capabilities() {
    let host = this_machine();
    let workshop = Workshop::new();
    let files = workshop.build(&render_spec(&host), "-bb");
    let listed = workshop.run("rpm", &["-qp", "--provides", files[0].to_str().unwrap()]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    let read: BTreeSet<&str> = listed.lines().map(str::trim).filter(|line| !line.starts_with(HOST_PACKAGE)).collect();
    let texts: Vec<String> = host.provides.iter().map(ToString::to_string).collect();
    let expected: BTreeSet<&str> = texts.iter().map(String::as_str).collect();
    let missing: Vec<_> = expected.difference(&read).collect();
    let extra: Vec<_> = read.difference(&expected).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:?}, extra {extra:?}");
    assert!(texts.len() > 500, "{}", texts.len());
    let owned = workshop.run("rpm", &["-qpl", files[0].to_str().unwrap()]);
    assert_eq!(String::from_utf8(owned.stdout).unwrap().trim(), "(contains no files)");
}

/// Compares with the program that rpm itself finds sonames with.
#[test]
fn sonames_are_the_ones_that_rpm_finds() {
    let generator = Path::new("/usr/lib/rpm/elfdeps");
    let host = this_machine();
    if host.kind != HostKind::Files || !generator.exists() {
        return;
    }
    let workshop = Workshop::new();
    let cache = workshop.run("/sbin/ldconfig", &["-p"]);
    let cache = String::from_utf8(cache.stdout).unwrap();
    let mut compared = 0;
    for path in cache.lines().filter_map(|line| line.split_once(" => ")).map(|pair| pair.1).take(80) {
        let answer = workshop.run(generator.to_str().unwrap(), &["--provides", path]);
        for line in String::from_utf8(answer.stdout).unwrap().lines() {
            assert!(host.provides.satisfies(&Capability::named(line)), "{path}: {line}");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn an_rpm_database_that_manages_the_machine_is_what_counts() {
    let workshop = Workshop::new();
    let lines = "Provides: config(rpm) = 1:2-3\nProvides: macros(x)\nProvides: many >= 4\n";
    let files = format!(
        "{}%dir /etc/rpm\n/usr/bin/rpm\n/usr/share/doc/rpm\n",
        spec("rpm", "4.99", lines).replace(
            "%files",
            "%install\nmkdir -p %{buildroot}/usr/bin %{buildroot}/etc/rpm %{buildroot}/usr/share/doc\n\
             touch %{buildroot}/usr/bin/rpm %{buildroot}/usr/share/doc/rpm\n%files"
        )
    );
    workshop.install("usr/lib/sysimage/rpm", &workshop.build(&files, "-bb"));
    let options = HostOptions { root: workshop.path().to_owned(), arch: machine_arch(), extra: Vec::new() };
    let host = probe(&options).unwrap();
    assert_eq!(host.kind, HostKind::RpmDatabase);
    let texts: Vec<String> = host.provides.iter().map(ToString::to_string).collect();
    let expected =
        ["/bin/rpm", "/etc/rpm", "/usr/bin/rpm", "config(rpm) = 1:2-3", "macros(x)", "many >= 4", "rpm = 4.99-1"];
    assert_eq!(texts, expected);
}
