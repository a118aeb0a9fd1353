//! dnf sees the modules that `mbs index attach` puts into a repository of createrepo_c.

use mbs_tests::mbs::contents;
use mbs_tests::mbs::{Mbs, has_program, program, run};

const MODULES: &str = "\
---
document: modulemd
version: 2
data:
  name: kettle
  stream: \"5.10\"
  version: 20260101000000
  context: c0ffee42
  arch: x86_64
  summary: Boils water
  description: Boils water, and says so.
  license: {module: [MIT]}
  profiles:
    default: {rpms: [kettle]}
    quiet: {rpms: [kettle]}
";

#[test]
fn dnf_lists_an_attached_stream_and_its_replacement() {
    if !has_program("dnf") || !run(program("dnf").arg("--version")).stdout.starts_with("4.") {
        println!("skipped: no dnf 4 on this machine");
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let repository = mbs.path("repository");
    std::fs::create_dir(&repository).expect("folder");
    let _ = run(program("createrepo_c").arg("--quiet").arg(&repository)).expect(0);
    let plain = contents(&repository);

    let list = |root: &str| {
        let root = mbs.path(root);
        std::fs::create_dir(&root).expect("folder");
        let mut command = program("unshare");
        command.args(["-r", "dnf", "-y", "--releasever=1", "--setopt=reposdir=/dev/null", "--setopt=gpgcheck=0"]);
        command.arg(format!("--repofrompath=attached,file://{}", repository.display()));
        command.arg(format!("--installroot={}", root.display())).arg("--setopt=module_platform_id=platform:1");
        run(command.env("LC_ALL", "C").args(["module", "list"]))
    };
    std::fs::write(mbs.path("modules.yaml"), MODULES).expect("written");
    let modules = mbs.path("modules.yaml");
    let attach = |file: &std::path::Path| {
        let _ = mbs
            .run(["index".as_ref(), "attach".as_ref(), repository.as_os_str(), "--modules".as_ref(), file.as_os_str()])
            .expect(0);
    };
    attach(&modules);
    let shown = list("first").expect(0).stdout;
    let line = shown.lines().find(|line| line.starts_with("kettle 5.10 ")).expect("the stream");
    assert!(line.contains("default, quiet") && line.contains("Boils water"), "{line}");
    for (name, bytes) in &plain {
        assert!(name == "repodata/repomd.xml" || contents(&repository)[name] == *bytes, "{name}");
    }

    // Compressed under a wrong name, with another stream: it takes the place of the first.
    let path = mbs.path("next.yaml");
    std::fs::write(&path, MODULES.replace("5.10", "6")).expect("written");
    let _ = run(program("gzip").arg(&path)).expect(0);
    std::fs::rename(mbs.path("next.yaml.gz"), mbs.path("next.xz")).expect("renamed");
    attach(&mbs.path("next.xz"));
    let shown = list("second").expect(0).stdout;
    assert!(shown.contains("kettle 6 ") && !shown.contains("kettle 5.10"), "{shown}");

    // What another program attached is read.
    let _ = run(program("createrepo_c").arg("--quiet").arg(&repository)).expect(0);
    let mut modify = program("modifyrepo_c");
    modify.args(["--mdtype=modules", "--compress-type=xz"]).arg(&modules).arg(repository.join("repodata"));
    let _ = run(&mut modify).expect(0);
    let read = mbs.run(["index".as_ref(), "from-repo".as_ref(), repository.as_os_str()]).expect(0).stdout;
    assert!(read.contains("stream: \"5.10\""), "{read}");
}
