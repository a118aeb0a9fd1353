//! Puts together what the host offers.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::provides::HostProvides;
use super::{cmake, commands, dpkg, files, libraries, perl, pkgconfig, python, rpmdb, spec};
use crate::deps::{Capability, Evr, VersionRange};
use crate::programs::ProgramError;
use crate::rpms::Comparison;

/// Where and how the host is looked at.
#[derive(Clone, Debug)]
pub struct HostOptions {
    /// The tree to look at, `/` for this machine. The programs in it are run only when it is `/`; elsewhere Perl modules,
    /// Python distributions and what only a program's own answer tells are left out.
    pub root: PathBuf,
    /// The architecture as rpm calls it, such as `x86_64`.
    pub arch: String,
    /// What the user says the host offers beside what is found.
    pub extra: Vec<Capability>,
}

impl HostOptions {
    /// This machine, with nothing added.
    pub fn this_machine(arch: impl Into<String>) -> Self {
        Self { root: PathBuf::from("/"), arch: arch.into(), extra: Vec::new() }
    }
}

/// What the list of capabilities was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// The host's RPM database.
    RpmDatabase,
    /// The host's files.
    Files,
}

/// What the host offers.
#[derive(Clone, Debug)]
pub struct Host {
    /// What the list was taken from.
    pub kind: HostKind,
    /// The architecture as rpm calls it.
    pub arch: String,
    /// The capabilities.
    pub provides: HostProvides,
    /// SHA-256 in hexadecimal over architecture and capabilities: two hosts with the same digest build alike as far as
    /// dependencies go.
    pub digest: String,
}

/// Why the host could not be looked at.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HostError {
    /// The RPM database cannot be read.
    #[error("cannot read the RPM database of this machine: {0}")]
    RpmDatabase(#[from] ProgramError),
    /// rpm does not answer.
    #[error("cannot ask rpm for its version and macros: {0}")]
    Program(ProgramError),
}

/// Lists what the host offers. The same machine gives the same list. Blocks for some tenths of a second.
pub fn probe(options: &HostOptions) -> Result<Host, HostError> {
    let root = options.root.as_path();
    let is_this_machine = root == Path::new("/");
    let (kind, mut found) = match rpmdb::query(root)? {
        Some(mut found) => {
            files::program_paths(root, &mut found);
            (HostKind::RpmDatabase, found)
        }
        None => (HostKind::Files, from_files(root, is_this_machine, &options.arch)),
    };
    found.extend(options.extra.iter().cloned());
    found.retain(spec::is_writable);
    let provides = HostProvides::new(found);
    let digest = digest(&options.arch, &provides);
    Ok(Host { kind, arch: options.arch.clone(), provides, digest })
}

fn from_files(root: &Path, may_run: bool, arch: &str) -> Vec<Capability> {
    let mut packages = Vec::new();
    dpkg::packages(root, &mut packages);
    commands::packages(root, &files::programs(root), &mut packages);
    // `NAME(x86-64)` is what `%{?_isa}` asks for.
    if let Some(isa) = isa(arch) {
        let with_isa: Vec<Capability> = packages
            .iter()
            .map(|package| Capability { name: format!("{}({isa})", package.name), range: package.range.clone() })
            .collect();
        packages.extend(with_isa);
    }
    let mut found = packages;
    libraries::sonames(root, &mut found);
    files::program_paths(root, &mut found);
    pkgconfig::modules(root, &mut found);
    cmake::packages(root, &mut found);
    if may_run {
        if let Some(perl) = perl::ask(Path::new("/usr/bin/perl")) {
            perl::modules(root, &perl, &mut found);
        }
        if let Some(python) = python::ask(Path::new("/usr/bin/python3")) {
            python::distributions(root, &python, &mut found);
        }
    }
    found
}

/// A capability with `= VERSION` where a version is known that rpm can write.
pub(super) fn versioned(name: String, version: Option<&str>) -> Capability {
    let range = version
        .filter(|version| spec::is_version(version))
        .map(|version| VersionRange { comparison: Comparison::Equal, evr: Evr::parse(version) });
    Capability { name, range }
}

/// rpm's name of an instruction set, as in `%{?_isa}`.
fn isa(arch: &str) -> Option<&'static str> {
    Some(match arch {
        "x86_64" => "x86-64",
        "i386" | "i486" | "i586" | "i686" => "x86-32",
        "aarch64" => "aarch-64",
        "armv7l" | "armv7hl" => "armv7hl-32",
        "ppc64" | "ppc64le" => "ppc-64",
        "s390x" => "s390-64",
        "riscv64" => "riscv-64",
        "loongarch64" => "loongarch-64",
        _ => return None,
    })
}

fn digest(arch: &str, provides: &HostProvides) -> String {
    let mut hasher = Sha256::new();
    hasher.update(arch.as_bytes());
    for capability in provides.iter() {
        hasher.update(b"\n");
        hasher.update(capability.to_string().as_bytes());
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
