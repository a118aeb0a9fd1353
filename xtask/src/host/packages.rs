//! Which system package brings which program.

use std::path::{Path, PathBuf};

use super::os_release::PackageManager;

/// How the presence of a need is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A program in the search path.
    Program,
    /// A file at a fixed place.
    File(&'static str),
    /// One of these files in a system's library folder or directly below one: which, depends on the architecture, the
    /// family and the version of Python.
    Library(&'static [&'static str]),
}

/// Something a task needs from the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    /// The program's name, or what a person calls the thing.
    pub(crate) name: &'static str,
    sign: Sign,
    debian: &'static str,
    fedora: &'static str,
}

const fn program(name: &'static str, debian: &'static str, fedora: &'static str) -> Need {
    Need { name, sign: Sign::Program, debian, fedora }
}

const RPM: Need = program("rpm", "rpm", "rpm");
const RPMBUILD: Need = program("rpmbuild", "rpm", "rpm-build");
const CREATEREPO: Need = program("createrepo_c", "createrepo-c", "createrepo_c");
const GIT: Need = program("git", "git", "git-core");
const GCC: Need = program("gcc", "gcc", "gcc");
// The compiler packages only recommend the C library's headers.
const LIBC: Need =
    Need { name: "stdio.h", sign: Sign::File("/usr/include/stdio.h"), debian: "libc6-dev", fedora: "glibc-devel" };
const MAKE: Need = program("make", "make", "make");
const PYTHON: Need = program("python3", "python3", "python3");
const TAR: Need = program("tar", "tar", "tar");
const GZIP: Need = program("gzip", "gzip", "gzip");
const SED: Need = program("sed", "sed", "sed");
// The peer that the modulemd reader is compared with; the tests ask it through the system's own Python.
const MODULEMD: Need = Need {
    name: "Modulemd-2.0.typelib",
    sign: Sign::Library(&["girepository-1.0/Modulemd-2.0.typelib"]),
    debian: "gir1.2-modulemd-2.0",
    fedora: "libmodulemd",
};
const GI: Need = Need {
    name: "gi (Python)",
    sign: Sign::Library(&["dist-packages/gi/__init__.py", "site-packages/gi/__init__.py"]),
    debian: "python3-gi",
    fedora: "python3-gobject-base",
};
const DNF: Need = program("dnf", "dnf", "dnf");
/// What the demonstration calls: our own programs' needs, the script that makes the repositories, and the specs.
pub(crate) const DEMO: &[Need] = &[RPM, RPMBUILD, CREATEREPO, GIT, GCC, LIBC, MAKE, PYTHON, TAR, GZIP, SED];

/// What the tests call: the same, dnf, which must take a result for a module, and libmodulemd through Python. Servers that
/// only tests of logins want (apache2, a Kerberos key server) are not installed for them: they would run from then on.
pub(crate) const TESTS: &[Need] =
    &[RPM, RPMBUILD, CREATEREPO, GIT, GCC, LIBC, MAKE, PYTHON, TAR, GZIP, SED, DNF, MODULEMD, GI];

impl Need {
    /// The package's name in a distribution family.
    fn package(&self, manager: PackageManager) -> &'static str {
        match manager {
            PackageManager::Apt => self.debian,
            PackageManager::Dnf => self.fedora,
        }
    }

    fn is_there(&self, search: &[PathBuf]) -> bool {
        match self.sign {
            Sign::Program => search.iter().any(|dir| is_program(&dir.join(self.name))),
            Sign::File(path) => Path::new(path).exists(),
            Sign::Library(files) => LIBRARIES.iter().any(|folder| is_below(Path::new(folder), files)),
        }
    }
}

/// The folders of libraries.
const LIBRARIES: [&str; 2] = ["/usr/lib", "/usr/lib64"];

/// Is one of the files in the folder or directly below it?
fn is_below(folder: &Path, files: &[&str]) -> bool {
    let has = |folder: &Path| files.iter().any(|file| folder.join(file).is_file());
    let mut below = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    has(folder) || below.any(|entry| has(&entry.path()))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// The folders programs are looked for in: the search path and the administrator's folders, which an ordinary user's
/// search path lacks on some distributions.
pub(crate) fn search_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(["/usr/bin", "/usr/sbin", "/bin", "/sbin"].map(PathBuf::from)).collect()
}

/// Those of `needs` that are not there.
pub(crate) fn missing(needs: &[Need], search: &[PathBuf]) -> Vec<Need> {
    needs.iter().filter(|need| !need.is_there(search)).copied().collect()
}

/// The packages that bring `needs`, each once, in the order of first use.
pub(crate) fn packages(needs: &[Need], manager: PackageManager) -> Vec<&'static str> {
    let mut names = Vec::new();
    for need in needs {
        let name = need.package(manager);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Is this program in the search path?
pub(crate) fn has_program(name: &str, search: &[PathBuf]) -> bool {
    search.iter().any(|dir| is_program(&dir.join(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_package_for_two_programs_is_named_once() {
        assert_eq!(packages(&[RPM, RPMBUILD, CREATEREPO], PackageManager::Apt), ["rpm", "createrepo-c"]);
        assert_eq!(packages(&[RPM, RPMBUILD, GIT], PackageManager::Dnf), ["rpm", "rpm-build", "git-core"]);
    }

    #[test]
    fn the_tests_need_all_the_demonstration_needs() {
        assert!(DEMO.iter().all(|need| TESTS.contains(need)));
    }

    #[test]
    fn only_what_is_absent_is_missing() {
        let odd = program("no-such-program-here", "odd", "odd");
        assert_eq!(missing(&[odd, program("sh", "dash", "bash")], &search_path()), [odd]);
    }

    #[test]
    fn libraries_are_found_in_their_folder_and_directly_below() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(is_below(here, &["no-such-file", "Cargo.toml"]));
        assert!(is_below(here, &["host/packages.rs"]), "in `src`");
        assert!(!is_below(here, &["packages.rs"]));
        assert!(!is_below(Path::new("/nonexistent"), &["Cargo.toml"]));
    }

    #[test]
    fn a_folder_or_a_plain_file_is_no_program() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(!has_program("src", &[here.to_path_buf()]));
        assert!(!has_program("Cargo.toml", &[here.to_path_buf()]));
    }
}
