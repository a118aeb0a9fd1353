//! A chain of modules on one machine: each is built against the ones before it.

use mbs_core::Blame;
use mbs_core::build::{ModuleBuild, ModuleState};
use mbs_tests::fixture::Repositories;
use mbs_tests::mbs::{has_program, program, run};
use mbs_tests::workshop::Workshop;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

async fn built(workshop: &Workshop, source: &str, component: &str, others: &[&ModuleBuild]) -> ModuleBuild {
    let id = workshop.store_against(source, others).await;
    let build = workshop.drive(id).await;
    let log = workshop.log(&build, component, 1);
    assert_eq!(build.state(), ModuleState::Ready, "{:?}\n{log}", build.failure());
    build
}

fn path(repositories: &Repositories, module: &str) -> String {
    repositories.modulemd(module).to_str().expect("path").to_owned()
}

#[tokio::test]
async fn the_third_module_is_built_with_packages_of_the_other_two_and_installs_with_them() {
    let folder = tempfile::tempdir().expect("folder");
    let repositories = Repositories::chain(&folder.path().join("repos"));
    let workshop = Workshop::with_database(folder.path());
    let alpha = built(&workshop, &path(&repositories, "alpha"), "alpha-tools", &[]).await;
    let beta = built(&workshop, &path(&repositories, "beta"), "beta-lib", &[&alpha]).await;
    let log = workshop.log(&beta, "beta-lib", 1);
    let noted = format!(" of {} for alpha-rpm-macros", alpha.nsvc());
    assert!(log.contains(&noted), "{log}");

    let gamma = built(&workshop, &path(&repositories, "gamma"), "gamma-app", &[&alpha, &beta]).await;

    // What a build began with is what a new one would begin with.
    let with = workshop.builder.built_with(gamma.id()).expect("kept").expect("noted");
    let against = [workshop.against(&alpha), workshop.against(&beta)];
    let now = workshop.builder.fingerprint(&against, &gamma.request().arch).expect("a fingerprint");
    assert_eq!(with.platform.as_deref(), Some(now.platform.as_str()));
    let then: BTreeMap<String, String> =
        with.dependencies.into_iter().map(|(nsvc, digest)| (nsvc.to_string(), digest)).collect();
    assert_eq!((then.len(), then), (2, now.dependencies));

    // A package that alpha filtered is nowhere to be had.
    let wanting = path(&repositories, "wanting");
    let id = workshop.store_against(&wanting, &[&alpha, &beta]).await;
    let failed = workshop.drive(id).await;
    let failure = failed.failure().expect("failed");
    assert_eq!(failure.blame, Blame::User, "{failure}");
    let offered = format!("packages of `{}`, `{}` were offered too", alpha.nsvc(), beta.nsvc());
    assert!(failure.reason.contains("`alpha-secret`") && failure.reason.contains(&offered), "{failure}");

    if has_program("dnf") && run(program("dnf").arg("--version")).stdout.starts_with("4.") {
        let modules = [(&alpha, "alpha-tools"), (&beta, "beta-lib"), (&gamma, "gamma-app")];
        let modules = modules.map(|(build, package)| Installed {
            nsvc: build.nsvc().to_string(),
            package,
            repository: workshop.results(build),
        });
        installs(folder.path(), &modules, &folder.path().join(format!("state/builds/{}/host", alpha.id())));
    } else {
        println!("not installed: no dnf 4 on this machine");
    }

    // Without its repository a module cannot be built against.
    std::fs::remove_dir_all(workshop.results(&alpha)).expect("removed");
    workshop.ports.store.remove(id).await.expect("removed");
    let id = workshop.store_against(&wanting, &[&alpha, &beta]).await;
    let failure = workshop.drive(id).await.failure().expect("failed");
    assert_eq!(failure.blame, Blame::User, "{failure}");
    assert!(failure.reason.contains("does not exist; build the module again"), "{failure}");
}

/// A module of the chain, for dnf.
pub(crate) struct Installed {
    pub(crate) nsvc: String,
    pub(crate) package: &'static str,
    pub(crate) repository: PathBuf,
}

/// dnf installs the last of the modules, with what it needs of the others. `host` is the repository that describes the
/// machine, if there is one.
pub(crate) fn installs(folder: &Path, modules: &[Installed], host: &Path) {
    let root = folder.join("root");
    std::fs::create_dir(&root).expect("folder");
    let mut dnf = program("unshare");
    dnf.args(["-r", "dnf", "-y", "--releasever=1", "--setopt=gpgcheck=0"]);
    dnf.arg(format!("--installroot={}", root.display()));
    for module in modules {
        dnf.arg(format!("--repofrompath={},file://{}", module.package, module.repository.display()));
    }
    if host.exists() {
        dnf.arg(format!("--repofrompath=host,file://{}", host.display())).arg("--setopt=reposdir=/dev/null");
    }
    dnf.arg("--setopt=module_platform_id=platform:debian12").env("LC_ALL", "C");
    let _ = run(dnf.args(["module", "install", "gamma:1/default"])).expect(0);
    let mut query = program("rpm");
    let query = query.arg("--root").arg(&root).args(["-qa", "--qf", "%{NAME} %{MODULARITYLABEL}\n"]);
    let installed = run(query).expect(0).stdout;
    for module in modules {
        assert!(installed.contains(&format!("{} {}\n", module.package, module.nsvc)), "{installed}");
    }
    let text = std::fs::read_to_string(root.join("usr/share/gamma/gamma.txt")).expect("the file of gamma");
    assert_eq!(
        text, "hello from alpha\nhello from alpha\nsalve\n",
        "the last word is a macro of alpha's buildroot profile"
    );
}
