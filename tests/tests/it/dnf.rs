//! dnf takes the repository for a module.

use crate::baseline::greenhouse;
use mbs_tests::mbs::{Done, has_program, program, run};
use std::path::Path;

/// dnf in a folder of its own, as root of a user namespace.
fn dnf(root: &Path, args: &[&str]) -> Done {
    let built = greenhouse();
    let shown = built.mbs.json(&["show", "1"]);
    let mut repositories = vec![format!("--repofrompath=greenhouse,file://{}", built.repository.display())];
    if let Some(host) = shown["host_repository"].as_str() {
        repositories.push(format!("--repofrompath=host,file://{host}"));
        repositories.push("--setopt=reposdir=/dev/null".to_owned());
    }
    let platform = mbs_mock::platform::OsRelease::parse(&std::fs::read_to_string("/etc/os-release").expect("file"));
    let platform = mbs_mock::platform::Platform::of(&platform).expect("a platform");
    let mut command = program("unshare");
    command.args(["-r", "dnf", "-y", "--releasever=1", "--setopt=gpgcheck=0"]);
    command.arg(format!("--installroot={}", root.display())).args(repositories);
    command.arg(format!("--setopt=module_platform_id={}:{}", platform.name, platform.stream));
    run(command.env("LC_ALL", "C").args(args))
}

#[test]
fn dnf_lists_the_stream_with_its_profiles_and_installs_one() {
    if !has_program("dnf") || !run(program("dnf").arg("--version")).stdout.starts_with("4.") {
        println!("skipped: no dnf 4 on this machine");
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let root = folder.path().join("root");
    std::fs::create_dir(&root).expect("folder");
    let list = dnf(&root, &["module", "list", "greenhouse"]).expect(0).stdout;
    let line = list.lines().find(|line| line.starts_with("greenhouse 1.0 ")).expect("the stream");
    assert!(line.contains("default, devel"), "{line}");

    let _ = dnf(&root, &["module", "install", "greenhouse:1.0/default"]).expect(0);
    let mut query = program("rpm");
    query.arg("--root").arg(&root).args(["-qa", "--qf", "%{NAME} %{MODULARITYLABEL}\n"]);
    let installed = run(&mut query).expect(0).stdout;
    for package in ["gaugectl", "python3-greenhouse", "libgauge", "greenhouse-data"] {
        assert!(installed.contains(&format!("{package} greenhouse:1.0:")), "{installed}");
    }
    assert!(!installed.contains("libgauge-devel"), "not in the profile: {installed}");
    assert!(root.join("usr/bin/gaugectl").is_file());
    let enabled = std::fs::read_to_string(root.join("etc/dnf/modules.d/greenhouse.module")).expect("an enabled stream");
    assert!(enabled.contains("stream=1.0") && enabled.contains("profiles=default"), "{enabled}");
}
