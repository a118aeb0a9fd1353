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
const DNF: Need = program("dnf", "dnf", "dnf");

/// What the demonstration calls: our own programs' needs, the script that makes the repositories, and the specs.
pub(crate) const DEMO: &[Need] = &[RPM, RPMBUILD, CREATEREPO, GIT, GCC, LIBC, MAKE, PYTHON, TAR, GZIP, SED];

/// What the tests call: the same, and dnf, which must take a result for a module.
pub(crate) const TESTS: &[Need] = &[RPM, RPMBUILD, CREATEREPO, GIT, GCC, LIBC, MAKE, PYTHON, TAR, GZIP, SED, DNF];

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
        }
    }
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
    fn a_folder_or_a_plain_file_is_no_program() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(!has_program("src", &[here.to_path_buf()]));
        assert!(!has_program("Cargo.toml", &[here.to_path_buf()]));
    }
}
