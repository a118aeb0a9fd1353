//! The steps of the runner with the real rpm.

use std::fs;
use std::num::NonZeroU32;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mbs_mock::runner::rpmbuild::{
    Blame, BuildRequires, Built, FailureKind, Input, RpmBuild, RunnerError, Settings, StepContext,
};
use mbs_mock::sandbox::Sandbox;

const EPOCH: u32 = 1_700_000_000;

const MODULE_MACROS: &str = "%dist .module_1\n%modularitylabel greenhouse:1.0:1:c0ffee00\n%_module_build 1\n";

/// One attempt in a folder of its own.
struct Attempt {
    folder: tempfile::TempDir,
    build: RpmBuild,
    context: StepContext,
}

/// None, after saying so, where rpm is missing.
fn attempt() -> Option<Attempt> {
    attempt_in(&std::env::temp_dir())
}

fn attempt_in(parent: &Path) -> Option<Attempt> {
    if !Path::new("/usr/bin/rpmbuild").exists() {
        eprintln!("skipped: needs rpm");
        return None;
    }
    let folder = tempfile::Builder::new().prefix("mbs-rpm-").tempdir_in(parent).expect("a folder");
    let work = folder.path().join("work");
    fs::create_dir(&work).expect("a folder");
    let context = StepContext::new(folder.path().join("log"));
    let sandbox = Sandbox::new(&work).expect("a sandbox");
    let settings = Settings {
        source_date_epoch: EPOCH,
        processes: NonZeroU32::MIN,
        debuginfo: false,
        host_macros: None,
        definitions: Vec::new(),
    };
    let build = RpmBuild::new(sandbox, settings, MODULE_MACROS, &context).expect("an attempt");
    Some(Attempt { folder, build, context })
}

impl Attempt {
    fn spec(&self, name: &str, head: &str, tail: &str) -> Input {
        let text = format!(
            "Name: {name}\nVersion: 1\nRelease: 1%{{?dist}}\nSummary: x\nLicense: MIT\n{head}\n%description\nx\n{tail}\n"
        );
        self.put(&format!("{name}.spec"), &text);
        Input::Spec(format!("{name}.spec"))
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.build.sources().join(name), text).expect("a source");
    }

    fn source_rpm(&self, input: &Input) -> Result<PathBuf, RunnerError> {
        let Input::Spec(spec) = input else { panic!("a spec") };
        self.build.source_rpm(spec, &self.context)
    }

    fn build(&self, input: &Input) -> Result<Built, RunnerError> {
        self.build.build(input, &self.context)
    }

    /// A whole build without build requirements.
    fn make(&self, input: &Input) -> Result<Built, RunnerError> {
        self.build.create_tree(None, &self.context)?;
        let source = self.source_rpm(input)?;
        self.build.check_macros(&source, &self.context)?;
        self.build(input)
    }

    fn kind(&self, input: &Input) -> (FailureKind, Blame) {
        match self.make(input) {
            Err(error @ RunnerError::Failed { .. }) => {
                let blame = error.blame();
                let RunnerError::Failed { kind, .. } = error else { panic!("checked") };
                (kind, blame)
            }
            other => panic!("{other:?}\n{}", self.log()),
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.context.log).expect("a log")
    }
}

fn query(rpm: &Path, format: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "tests ask rpm about what was made")]
    let output = std::process::Command::new("rpm").args(["-qp", "--nosignature", "--qf", format]).arg(rpm).output();
    String::from_utf8(output.expect("rpm runs").stdout).expect("text")
}

const NOTHING: &str = "%prep\n%build\n%install\n%files\n";

#[test]
fn a_package_carries_dist_label_and_fixed_times() {
    let Some(attempt) = attempt() else { return };
    let spec = attempt.spec("plain", "BuildArch: noarch", NOTHING);
    let source = attempt.source_rpm(&spec).expect("a source package");
    assert_eq!(
        query(&source, "%{NVR} %{MODULARITYLABEL} %{BUILDTIME} %{BUILDHOST}"),
        format!("plain-1-1.module_1 greenhouse:1.0:1:c0ffee00 {EPOCH} localhost")
    );
}

#[test]
fn a_source_package_of_somebody_else_is_built_anew_with_the_macros_of_the_module() {
    let Some(first) = attempt() else { return };
    first.put("note.txt", "growing\n");
    let tail =
        "%prep\n%build\n%install\nmkdir -p %{buildroot}/opt\ncp %{SOURCE0} %{buildroot}/opt/note\n%files\n/opt/note\n";
    let spec = first.spec("note", "BuildArch: noarch\nSource0: note.txt", tail);
    let foreign = first.source_rpm(&spec).expect("a source package");
    let foreign_copy = first.folder.path().join("foreign.src.rpm");
    fs::copy(&foreign, &foreign_copy).expect("a copy");

    let second = attempt().expect("rpm is there");
    let name = second.build.unpack(&foreign_copy, &second.context).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(name, "note.spec");
    assert_eq!(fs::read_to_string(second.build.sources().join("note.txt")).expect("a source"), "growing\n");
    let spec = Input::Spec(name);
    let made = second.make(&spec).unwrap_or_else(|error| panic!("{error}\n{}", second.log()));
    assert_eq!(query(&made.binaries[0], "%{NAME} [%{FILENAMES}]"), "note /opt/note");
    let source = second.source_rpm(&spec).expect("a source package");
    assert_eq!(query(&source, "%{NVR} %{MODULARITYLABEL}"), "note-1-1.module_1 greenhouse:1.0:1:c0ffee00");

    let broken = first.folder.path().join("broken.src.rpm");
    fs::write(&broken, "no package").expect("a file");
    assert!(second.build.unpack(&broken, &second.context).is_err());
}

#[test]
fn packages_of_an_earlier_component_are_found_in_the_buildroot() {
    let Some(first) = attempt() else { return };
    let library = first.spec(
        "libthing",
        "%description -n dummy\nx\n%package -n dummy\nSummary: x",
        "%prep\n%build\ncat > t.c <<'X'\nint thing(void) { return 42; }\nX\ngcc %{optflags} -shared -fPIC -Wl,-soname,libthing.so.1 -o libthing.so.1 t.c\n\
         %install\nmkdir -p %{buildroot}%{_libdir} %{buildroot}%{_includedir} %{buildroot}%{_rpmmacrodir}\ncp libthing.so.1 %{buildroot}%{_libdir}\nln -s libthing.so.1 %{buildroot}%{_libdir}/libthing.so\n\
         echo 'int thing(void);' > %{buildroot}%{_includedir}/thing.h\necho '%%thing_word from-a-macro' > %{buildroot}%{_rpmmacrodir}/macros.thing\n\
         %files\n%{_libdir}/libthing.so*\n%{_includedir}/thing.h\n%{_rpmmacrodir}/macros.thing\n",
    );
    let text = fs::read_to_string(first.build.sources().join("libthing.spec")).expect("the spec");
    let text = text.replace("%description -n dummy\nx\n%package -n dummy\nSummary: x", "AutoReq: no");
    first.put("libthing.spec", &text);
    let made = first.make(&library).unwrap_or_else(|error| panic!("{error}\n{}", first.log()));

    let second = attempt().expect("rpm is there");
    let program = second.spec(
        "user",
        "BuildRequires: libthing >= 1\nAutoReq: no",
        "%prep\n%build\ncat > u.c <<'X'\n#include <thing.h>\nint main(void) { return thing() - 42; }\nX\ngcc %{optflags} -o u u.c -L%{_libdir} -lthing\n\
         %check\n./u\n%install\nmkdir -p %{buildroot}%{_bindir} %{buildroot}%{_datadir}\ncp u %{buildroot}%{_bindir}/\necho %{thing_word} > %{buildroot}%{_datadir}/word\n\
         %files\n%{_bindir}/u\n%{_datadir}/word\n",
    );
    second.source_rpm(&program).expect("a source package");
    second.build.create_tree(None, &second.context).expect("a tree");
    let missing = second.build(&program).expect_err("not installed yet");
    assert!(
        matches!(missing, RunnerError::Failed { kind: FailureKind::MissingBuildRequires(ref names), .. } if names == &["libthing >= 1"]),
        "{missing}"
    );
    let packages: Vec<&Path> = made.binaries.iter().map(PathBuf::as_path).collect();
    second.build.install(&packages, &second.context).unwrap_or_else(|error| panic!("{error}\n{}", second.log()));
    let built = second.build(&program).unwrap_or_else(|error| panic!("{error}\n{}", second.log()));
    assert_eq!(built.binaries.len(), 1);
    assert!(second.log().contains("from-a-macro"));
    assert!(!second.log().contains("Alien"), "noise is left out of the log");
    assert!(!Path::new("/usr/include/thing.h").exists());
}

#[test]
fn macros_of_installed_packages_hold_in_the_source_package() {
    let Some(first) = attempt() else { return };
    let install = "%install\nmkdir -p %{buildroot}/etc/rpm\necho '%%needed plum' > %{buildroot}/etc/rpm/macros.fruit\n%files\n/etc/rpm/macros.fruit";
    let macros = first.make(&first.spec("fruit-macros", "BuildArch: noarch\n", install)).expect("a package");

    let Some(second) = attempt() else { return };
    let spec =
        second.spec("jam", "BuildArch: noarch\nBuildRequires: fruit-macros\n%{?needed:BuildRequires: %needed}\n", "");
    second.build.create_tree(None, &second.context).expect("a tree");
    let requires = || query(&second.source_rpm(&spec).expect("a source package"), "[%{REQUIRES} ]");
    assert!(!requires().contains("plum"));
    second.build.install(&[macros.binaries[0].as_path()], &second.context).expect("installed");
    assert!(requires().contains("plum"), "{}", requires());
}

#[test]
fn builds_run_as_an_ordinary_user_and_packages_belong_to_root() {
    let Some(attempt) = attempt() else { return };
    let build = "%build\ntest \"$(id -u) $(whoami) $(id -gn) $USER\" = '1000 mockbuild mockbuild mockbuild'\n\
                 test -w %{_topdir} && test ! -w / && test ! -w /etc/passwd\ntouch a; chmod 400 a; ! sh -c 'echo x >a'\n\
                 %install\nmkdir -p %{buildroot}/srv/own\necho x > %{buildroot}/srv/own/file\n%files\n/srv/own";
    let made = attempt.make(&attempt.spec("own", "BuildArch: noarch\n", build));
    let made = made.unwrap_or_else(|error| panic!("{error}\n{}", attempt.log()));
    assert_eq!(query(&made.binaries[0], "[%{FILEUSERNAME}:%{FILEGROUPNAME} ]"), "root:root root:root ");
    assert_eq!(query(&made.source, "[%{FILEUSERNAME}:%{FILEGROUPNAME} ]"), "root:root ");
}

#[test]
fn packages_with_unmet_requirements_are_not_installed() {
    let Some(attempt) = attempt() else { return };
    let spec = attempt.spec("needy", "BuildArch: noarch\nRequires: no-such-thing", NOTHING);
    let made = attempt.make(&spec).expect("a package");
    attempt.build.create_tree(None, &attempt.context).expect("a tree");
    let kept = attempt.folder.path().join("needy.rpm");
    fs::copy(&made.binaries[0], &kept).expect("copied");
    let error = attempt.build.install(&[&kept], &attempt.context).expect_err("unmet");
    assert!(
        matches!(&error, RunnerError::Failed { kind: FailureKind::Buildroot(why), .. } if why[0].contains("no-such-thing")),
        "{error}"
    );
}

#[test]
fn what_the_host_package_provides_counts_as_installed() {
    let Some(attempt) = attempt() else { return };
    let spec = attempt.spec("hostthings", "BuildArch: noarch\nProvides: no-such-thing = 3", NOTHING);
    let host = attempt.make(&spec).expect("a package");
    let kept = attempt.folder.path().join("host.rpm");
    fs::copy(&host.binaries[0], &kept).expect("copied");
    attempt.build.create_tree(Some(&kept), &attempt.context).expect("a tree");
    let spec = attempt.spec("needy", "BuildArch: noarch\nBuildRequires: no-such-thing >= 2", NOTHING);
    attempt.build(&spec).unwrap_or_else(|error| panic!("{error}\n{}", attempt.log()));
}

#[test]
fn a_spec_that_writes_outside_changes_nothing() {
    let Some(attempt) = attempt() else { return };
    let touch = "for d in /etc /tmp /var /var/tmp /usr /root /home /opt $HOME/..; do touch $d/mbs-escape 2>/dev/null || :; done";
    let spec = attempt.spec(
        "outside",
        &format!("%global x %({touch})\nBuildArch: noarch"),
        &format!("%prep\n%build\n{touch}\ngrep Cap /proc/self/status\n%install\n%files\n"),
    );
    attempt.make(&spec).unwrap_or_else(|error| panic!("{error}\n{}", attempt.log()));
    let home = std::env::home_dir().expect("a home folder");
    for folder in ["/etc", "/tmp", "/var", "/var/tmp", "/usr", "/root", "/home", "/opt"]
        .map(Path::new)
        .into_iter()
        .chain([home.as_path()])
    {
        assert!(!folder.join("mbs-escape").exists(), "{}", folder.display());
    }
    assert!(attempt.log().contains("CapEff:\t0000000000000000\n"), "{}", attempt.log());
}

#[test]
fn links_that_a_spec_leaves_do_not_lead_the_host_astray() {
    let Some(attempt) = attempt() else { return };
    let victim = tempfile::tempdir().expect("a folder");
    fs::write(victim.path().join("file"), "mine").expect("a file");
    let at = victim.path().display();
    let plant = format!(
        "cd /builddir; for f in tmp inputs result buildreqs srpm tree macros; do rm -rf $f; ln -s {at} $f; done; true"
    );
    let spec = attempt.spec("planter", &format!("%global x %({plant})\nBuildArch: noarch"), NOTHING);
    assert!(attempt.source_rpm(&spec).is_err());
    let host = victim.path().join("file");
    assert!(attempt.build.create_tree(Some(&host), &attempt.context).is_err(), "it is no package");
    let spec = attempt.spec("innocent", "BuildArch: noarch", NOTHING);
    let _ = attempt.source_rpm(&spec);
    let _ = attempt.build.install(&[&host], &attempt.context);
    let _ = attempt.build.generate_build_requires(&spec, &attempt.context);
    let _ = attempt.build(&spec);
    let names: Vec<_> = fs::read_dir(victim.path()).expect("listed").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["file"]);
    let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&host).expect("the file"));
    assert_eq!(owner, rustix::process::geteuid().as_raw());
    assert_eq!(fs::read_to_string(&host).expect("the file"), "mine");
}

#[test]
fn generated_build_requirements_come_in_rounds() {
    let Some(attempt) = attempt() else { return };
    let spec = attempt.spec("late", "BuildArch: noarch\nProvides: later(thing) = 3", NOTHING);
    let made = attempt.make(&spec).expect("a package");
    let kept = attempt.folder.path().join("late.rpm");
    fs::copy(&made.binaries[0], &kept).expect("copied");
    let spec = attempt.spec(
        "dynamic",
        "BuildArch: noarch",
        "%prep\n%generate_buildrequires\necho 'later(thing) >= 2'\n%build\n%install\n%files\n",
    );
    let source = attempt.source_rpm(&spec).expect("a source package");
    assert!(query(&source, "[%{REQUIRES}\n]").contains("rpmlib(DynamicBuildRequires)"));
    attempt.build.create_tree(None, &attempt.context).expect("a tree");
    let round = attempt.build.generate_build_requires(&spec, &attempt.context).expect("a round");
    let BuildRequires::More(package) = round else { panic!("something is missing") };
    assert!(query(&package, "[%{REQUIRES}\n]").contains("later(thing)"));
    attempt.build.install(&[&kept], &attempt.context).expect("installed");
    let round = attempt.build.generate_build_requires(&spec, &attempt.context).expect("a round");
    assert_eq!(round, BuildRequires::Complete);
    attempt.build(&spec).expect("built");
}

#[test]
fn a_source_package_can_be_built_too() {
    let Some(attempt) = attempt() else { return };
    let spec = attempt.spec("again", "BuildArch: noarch", NOTHING);
    let source = attempt.source_rpm(&spec).expect("a source package");
    let kept = attempt.folder.path().join("again.src.rpm");
    fs::copy(source, &kept).expect("copied");
    fs::remove_file(attempt.build.sources().join("again.spec")).expect("removed");
    attempt.build.create_tree(None, &attempt.context).expect("a tree");
    let built = attempt.build(&Input::SourceRpm(kept)).unwrap_or_else(|error| panic!("{error}\n{}", attempt.log()));
    assert_eq!(built.binaries.len(), 1);
}

#[test]
fn failures_are_told_apart() {
    let Some(attempt) = attempt() else { return };
    let section = |name: &str| (FailureKind::Section(name.to_owned()), Blame::User);
    for name in ["prep", "build", "install", "check"] {
        let tail =
            "%prep\n%build\n%install\n%check\n%files\n".replace(&format!("%{name}\n"), &format!("%{name}\nfalse\n"));
        assert_eq!(attempt.kind(&attempt.spec("failing", "BuildArch: noarch", &tail)), section(name));
    }
    let arch = attempt.spec("foreign", "ExclusiveArch: pdp11", NOTHING);
    assert!(matches!(attempt.kind(&arch).0, FailureKind::WrongArch(_)));
    let missing = attempt.spec("wanting", "BuildRequires: no-such >= 2", NOTHING);
    assert_eq!(attempt.kind(&missing).0, FailureKind::MissingBuildRequires(vec!["no-such >= 2".to_owned()]));
    let broken = attempt.spec("broken", "Nonsense: here", NOTHING);
    assert!(matches!(attempt.kind(&broken).0, FailureKind::Spec { line: Some(6), .. }));
    let source = attempt.spec("sourceless", "Source0: gone.tar.gz", NOTHING);
    assert_eq!(attempt.kind(&source).0, FailureKind::MissingSource("gone.tar.gz".to_owned()));
    attempt
        .put("auto.spec", "Name: auto\nVersion: 1\nRelease: %autorelease\nSummary: x\nLicense: MIT\n%description\nx\n");
    assert_eq!(
        attempt.kind(&Input::Spec("auto.spec".to_owned())).0,
        FailureKind::UndefinedMacro("autorelease".to_owned())
    );
    let files = attempt.spec(
        "unpacked",
        "BuildArch: noarch",
        "%prep\n%build\n%install\nmkdir -p %{buildroot}/usr\ntouch %{buildroot}/usr/x\n%files\n",
    );
    assert_eq!(attempt.kind(&files).0, FailureKind::Files("not packaged: /usr/x".to_owned()));
}

#[test]
fn the_time_limit_ends_a_build() {
    let Some(mut attempt) = attempt() else { return };
    let spec = attempt.spec("slow", "BuildArch: noarch", "%prep\n%build\nsleep 1000\n%install\n%files\n");
    attempt.build.create_tree(None, &attempt.context).expect("a tree");
    attempt.context.time_limit = Some(Duration::from_secs(1));
    let error = attempt.build(&spec).expect_err("too slow");
    assert!(matches!(error, RunnerError::Failed { kind: FailureKind::TimedOut, .. }), "{error}");
}

/// Tells the helper below where a small file system is.
const SMALL_VARIABLE: &str = "MBS_IT_SMALL";

/// Not a test of its own: run below in a namespace that has a small file system.
#[test]
fn helper_that_fills_a_small_disk() {
    let Some(small) = std::env::var_os(SMALL_VARIABLE).map(PathBuf::from) else { return };
    let attempt = attempt_in(&small).expect("rpm is there");
    let tail = "%prep\n%build\ncat /dev/zero > big\n%install\n%files\n";
    let spec = attempt.spec("big", "BuildArch: noarch", tail);
    assert_eq!(attempt.kind(&spec), (FailureKind::DiskFull, Blame::Infra));
}

#[test]
fn a_really_full_disk_is_the_fault_of_the_machine() {
    if !Path::new("/usr/bin/rpmbuild").exists() || !Path::new("/usr/bin/unshare").exists() {
        eprintln!("skipped: needs rpm and unshare");
        return;
    }
    let small = tempfile::tempdir().expect("a folder");
    let script =
        "mount -t tmpfs -o size=8m small \"$1\" && exec \"$2\" --exact rpmbuild::helper_that_fills_a_small_disk";
    #[expect(clippy::disallowed_methods, reason = "the test needs a file system of its own")]
    let output = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(small.path())
        .arg(std::env::current_exe().expect("this program"))
        .env(SMALL_VARIABLE, small.path())
        .output()
        .expect("unshare starts");
    let said = [output.stdout, output.stderr].concat().escape_ascii().to_string().replace("\\n", "\n");
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_device_without_space_is_the_fault_of_the_machine() {
    let Some(attempt) = attempt() else { return };
    let spec = attempt.spec("big", "BuildArch: noarch", "%prep\n%build\ncat /dev/zero > /dev/full\n%install\n%files\n");
    assert_eq!(attempt.kind(&spec), (FailureKind::DiskFull, Blame::Infra));
}

#[test]
fn a_check_that_prints_an_error_and_fails_for_another_reason_is_the_packagers() {
    let Some(attempt) = attempt() else { return };
    let check = "%check\necho 'test_errno: No space left on device: ok'\nfalse\n%files\n";
    let spec = attempt.spec("tested", "BuildArch: noarch\n", check);
    assert_eq!(attempt.kind(&spec), (FailureKind::Section("check".to_owned()), Blame::User));
}

#[test]
fn macros_of_fedora_work_on_every_host() {
    let Some(attempt) = attempt() else { return };
    let tail = "%prep\n%build\n%set_build_flags\ntest -n \"$CFLAGS\"\n%install\nmkdir -p %{buildroot}%{python3_sitelib} %{buildroot}%{_unitdir}\n\
                touch %{buildroot}%{python3_sitelib}/mbs_thing.py %{buildroot}%{_unitdir}/x.service\n\
                case %{python3_sitelib} in /usr/lib/python3*) ;; *) echo %{python3_sitelib}; exit 1;; esac\n\
                %files\n%{python3_sitelib}/*\n%{_unitdir}/x.service\n%ldconfig_scriptlets\n";
    let spec = attempt.spec("fedora", "BuildArch: noarch\nAutoReqProv: no", tail);
    attempt.make(&spec).unwrap_or_else(|error| panic!("{error}\n{}", attempt.log()));
}

#[test]
fn the_last_lines_of_a_failure_hold_the_reason() {
    let Some(attempt) = attempt() else { return };
    let spec =
        attempt.spec("loud", "BuildArch: noarch", "%prep\n%build\necho this is the reason\nfalse\n%install\n%files\n");
    let Err(RunnerError::Failed { last_lines, log, .. }) = attempt.make(&spec) else { panic!("it fails") };
    assert!(last_lines.iter().any(|line| line == "this is the reason") && last_lines.len() <= 20);
    assert_eq!(log, attempt.context.log);
}

#[test]
fn equal_inputs_give_equal_bytes_wherever_and_whenever_built() {
    let deep = tempfile::tempdir().expect("a folder");
    let deeper = deep.path().join("a/much/deeper/place with spaces");
    fs::create_dir_all(&deeper).expect("a folder");
    let Some(one) = attempt() else { return };
    let other = attempt_in(&deeper).expect("rpm is there");
    let mut results = Vec::new();
    for (attempt, mode) in [(&one, 0o600), (&other, 0o664)] {
        let spec = attempt.spec("same", "Source0: data.txt\nAutoReq: no",
            "%prep\n%build\necho 'int main(void) { return sizeof __FILE__; }' > m.c\ngcc %{optflags} -o m m.c\n%install\nmkdir -p %{buildroot}%{_bindir} %{buildroot}%{_datadir}\ncp m %{buildroot}%{_bindir}/same\n\
             install -m 644 %{SOURCE0} %{buildroot}%{_datadir}/\n(pwd; hostname; date) > %{buildroot}%{_datadir}/where\ndate +%%Y >/dev/null; echo $SOURCE_DATE_EPOCH > %{buildroot}%{_datadir}/where\n%files\n%{_bindir}/same\n%{_datadir}/*\n");
        attempt.put("data.txt", "data\n");
        for name in ["same.spec", "data.txt"] {
            fs::set_permissions(attempt.build.sources().join(name), fs::Permissions::from_mode(mode)).expect("a mode");
        }
        let built = attempt.make(&spec).unwrap_or_else(|error| panic!("{error}\n{}", attempt.log()));
        let all: Vec<Vec<u8>> =
            built.binaries.iter().chain([&built.source]).map(|path| fs::read(path).expect("readable")).collect();
        results.push(all);
    }
    assert_eq!(results[0].len(), 2);
    assert!(results[0] == results[1], "the bytes differ");
}
