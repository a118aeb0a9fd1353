//! Package names for programs that are there.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::files::below;
use super::probe::versioned;
use crate::deps::Capability;
use crate::programs::{arguments, run};

/// Packages that a program stands for, used for names that nothing else has told yet.
///
/// The third column is how the program is asked for its version; where it is empty the name gets none, and a name
/// without version meets every versioned requirement.
pub const NAMES_OF_PROGRAMS: &[(&str, &[&str], &[&str])] = &[
    ("autoconf", &["autoconf"], &["--version"]),
    ("automake", &["automake"], &["--version"]),
    ("awk", &["gawk"], &[]),
    ("bash", &["bash"], &["--version"]),
    ("bison", &["bison"], &["--version"]),
    ("bzip2", &["bzip2"], &[]),
    ("cargo", &["cargo"], &["--version"]),
    ("cat", &["coreutils", "coreutils-single"], &["--version"]),
    ("chmod", &["filesystem"], &[]),
    ("clang", &["clang"], &["--version"]),
    ("cmake", &["cmake"], &["--version"]),
    ("cmp", &["diffutils"], &["--version"]),
    ("cpio", &["cpio"], &["--version"]),
    ("curl", &["curl"], &["--version"]),
    ("diff", &["diffutils"], &["--version"]),
    ("file", &["file"], &["--version"]),
    ("find", &["findutils"], &["--version"]),
    ("flex", &["flex"], &["--version"]),
    ("g++", &["gcc-c++", "libstdc++-devel"], &["-dumpfullversion"]),
    ("gcc", &["gcc", "cpp", "glibc-devel", "glibc-headers", "libgcc"], &["-dumpfullversion"]),
    ("getconf", &["glibc-common", "glibc"], &["--version"]),
    ("gettext", &["gettext"], &["--version"]),
    ("gfortran", &["gcc-gfortran"], &["-dumpfullversion"]),
    ("git", &["git", "git-core"], &["--version"]),
    ("go", &["golang"], &[]),
    ("grep", &["grep"], &["--version"]),
    ("gzip", &["gzip"], &["--version"]),
    ("info", &["info", "texinfo"], &[]),
    ("ld", &["binutils"], &["--version"]),
    ("libtoolize", &["libtool"], &["--version"]),
    ("m4", &["m4"], &["--version"]),
    ("make", &["make"], &["--version"]),
    ("makeinfo", &["texinfo"], &["--version"]),
    ("meson", &["meson"], &["--version"]),
    ("mount", &["util-linux"], &["--version"]),
    ("ninja", &["ninja-build"], &["--version"]),
    ("node", &["nodejs"], &["--version"]),
    ("npm", &["npm"], &[]),
    ("openssl", &["openssl"], &["version"]),
    ("patch", &["patch"], &["--version"]),
    ("perl", &["perl-interpreter", "perl-libs", "perl-generators", "perl-macros", "perl"], &["--version"]),
    ("pkg-config", &["pkgconfig", "pkgconf-pkg-config"], &["--version"]),
    ("ps", &["procps-ng"], &["--version"]),
    ("python3", &["python3", "python3-libs"], &["--version"]),
    ("python3-config", &["python3-devel", "python3-rpm-macros", "python-rpm-macros"], &[]),
    ("rpm", &["rpm", "rpm-libs"], &["--version"]),
    ("rpmbuild", &["rpm-build", "rpm-build-libs", "redhat-rpm-config"], &["--version"]),
    ("ruby", &["ruby"], &["--version"]),
    ("rustc", &["rust"], &["--version"]),
    ("sed", &["sed"], &["--version"]),
    ("sh", &["bash"], &[]),
    ("tar", &["tar"], &["--version"]),
    ("unzip", &["unzip"], &[]),
    ("useradd", &["shadow-utils"], &[]),
    ("wget", &["wget"], &["--version"]),
    ("which", &["which"], &[]),
    ("xargs", &["findutils"], &["--version"]),
    ("xsltproc", &["libxslt"], &[]),
    ("xz", &["xz"], &["--version"]),
    ("zip", &["zip"], &[]),
];

/// Names whose version would mislead: they number a set of macros, not the program that stands for them.
const WITHOUT_VERSION: [&str; 9] = [
    "coreutils-single",
    "filesystem",
    "glibc-devel",
    "glibc-headers",
    "perl-generators",
    "perl-macros",
    "python-rpm-macros",
    "python3-rpm-macros",
    "redhat-rpm-config",
];

/// Adds names for the programs in `programs` unless `found` has them already.
pub(super) fn packages(root: &Path, programs: &BTreeSet<String>, found: &mut Vec<Capability>) {
    let mut known: HashSet<String> = found.iter().map(|capability| capability.name.clone()).collect();
    for (program, names, question) in NAMES_OF_PROGRAMS {
        let new: Vec<&str> = names.iter().copied().filter(|name| !known.contains(*name)).collect();
        if new.is_empty() || !programs.contains(*program) {
            continue;
        }
        let asked = !question.is_empty() && new.iter().any(|name| !WITHOUT_VERSION.contains(name));
        let version = if asked { ask(root, program, question) } else { None };
        for name in new {
            let version = version.as_deref().filter(|_| !WITHOUT_VERSION.contains(&name));
            found.push(versioned(name.to_owned(), version));
            known.insert(name.to_owned());
        }
    }
}

/// Asks a program of this machine for its version. A tree elsewhere is only looked at: its programs are not run.
fn ask(root: &Path, program: &str, question: &[&str]) -> Option<String> {
    if root != Path::new("/") {
        return None;
    }
    let path = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        .iter()
        .map(|folder| below(root, folder).join(program))
        .find(|path| path.is_file())?;
    let answer = run(path, &arguments(question)).ok()?;
    first_version(std::str::from_utf8(&answer).ok()?)
}

/// The first word of the text that begins with digits, a dot and a digit.
pub(crate) fn first_version(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | 'v')).find_map(|word| {
        let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(word.len());
        let word = word[..end].trim_end_matches('.');
        let (major, rest) = word.split_once('.')?;
        let is_number = !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && rest.starts_with(|c: char| c.is_ascii_digit())).then(|| word.to_owned())
    })
}
