//! Packages that must not get into the buildroot.

use super::error::MacrosError;
use crate::ModuleName;
use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Write as _;

/// Why packages are kept out of the buildroot; decides how they are written too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictSource {
    /// A buildrequired module filters them out itself. Given as `NAME-EPOCH:VERSION-RELEASE`.
    Filtered(ModuleName),
    /// Packages of a base module that belong to no module and collide with a buildrequired one. Given as
    /// `NAME-EPOCH:VERSION-RELEASE`.
    BaseCollision(ModuleName),
    /// Packages of the base that a package of a buildrequired module replaces. Given as
    /// `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    Shadowed,
}

/// Packages from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflicts {
    /// Where they come from.
    pub source: ConflictSource,
    /// The packages in the form that the source has. A missing epoch counts as 0.
    pub packages: Vec<String>,
}

/// One package with what a `Conflicts` line compares.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package<'a> {
    name: &'a str,
    epoch: u64,
    version: &'a str,
    release: &'a str,
}

impl fmt::Display for Package<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}:{}-{}", self.name, self.epoch, self.version, self.release)
    }
}

/// Writes the `Conflicts` lines of a spec file, sorted within each source, without repetition.
pub(super) fn lines(conflicts: &[Conflicts]) -> Result<String, MacrosError> {
    let mut text = String::new();
    for Conflicts { source, packages } in conflicts {
        let with_arch = *source == ConflictSource::Shadowed;
        let parsed: BTreeSet<Package<'_>> =
            packages.iter().map(|package| parse(package, with_arch)).collect::<Result<_, _>>()?;
        if parsed.is_empty() {
            continue;
        }
        match source {
            ConflictSource::Filtered(name) => write!(text, "\n# Filtered out by module {}.\n", plain(name)?),
            ConflictSource::BaseCollision(name) => {
                write!(text, "\n# Of {}, in collision with a buildrequired module.\n", plain(name)?)
            }
            ConflictSource::Shadowed => write!(text, "\n# Replaced by packages of buildrequired modules.\n"),
        }
        .expect("writing to a string does not fail");
        for package in parsed {
            writeln!(text, "Conflicts: {package}").expect("writing to a string does not fail");
        }
    }
    Ok(text)
}

fn plain(name: &ModuleName) -> Result<&str, MacrosError> {
    super::package::plain("module name", name.as_str())
}

/// Reads a package's name; the architecture is dropped, because no release ends in it.
fn parse(text: &str, with_arch: bool) -> Result<Package<'_>, MacrosError> {
    let expected = if with_arch { "`NAME-EPOCH:VERSION-RELEASE.ARCH`" } else { "`NAME-EPOCH:VERSION-RELEASE`" };
    let bad = |problem| MacrosError::Package { text: text.to_owned(), problem, expected };
    let legal = |found: char| found.is_alphanumeric() || "-._+~^:".contains(found);
    if !text.chars().all(legal) {
        return Err(bad("holds a character that no package name has"));
    }
    let whole = if with_arch { text.rsplit_once('.').ok_or_else(|| bad("has no architecture"))?.0 } else { text };
    let (rest, release) = whole.rsplit_once('-').ok_or_else(|| bad("has no release"))?;
    let (name, version) = rest.rsplit_once('-').ok_or_else(|| bad("has no version"))?;
    let (epoch, version) = match version.split_once(':') {
        Some((epoch, version)) => (epoch.parse().map_err(|_| bad("has an epoch that is not a number"))?, version),
        None => (0, version),
    };
    if name.is_empty() || version.is_empty() || release.is_empty() {
        return Err(bad("has an empty name, version or release"));
    }
    if [name, version, release].iter().any(|part| part.contains(':')) {
        return Err(bad("has a `:` that does not end an epoch"));
    }
    Ok(Package { name, epoch, version, release })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(source: ConflictSource, packages: &[&str]) -> Result<String, MacrosError> {
        lines(&[Conflicts { source, packages: packages.iter().map(|it| (*it).to_owned()).collect() }])
    }

    fn module() -> ConflictSource {
        ConflictSource::Filtered(ModuleName::new("foo").expect("name"))
    }

    #[test]
    fn each_source_has_a_comment_and_sorted_lines_without_repetition() {
        let text = written(module(), &["foo-0:1-2", "baz-devel-0:0.1-6.fc28", "foo-0:1-2", "noepoch-1.0-1"]);
        assert_eq!(
            text.expect("lines"),
            "\n# Filtered out by module foo.\nConflicts: baz-devel = 0:0.1-6.fc28\nConflicts: foo = 0:1-2\n\
             Conflicts: noepoch = 0:1.0-1\n"
        );
        assert_eq!(written(module(), &[]).expect("nothing"), "");
    }

    #[test]
    fn the_architecture_leaves_the_release() {
        let text = written(ConflictSource::Shadowed, &["bash-0:4.4.19-7.el8.aarch64"]).expect("lines");
        assert!(text.ends_with("Conflicts: bash = 0:4.4.19-7.el8\n"), "{text}");
        let base = ConflictSource::BaseCollision(ModuleName::new("platform").expect("name"));
        assert!(written(base, &["bash-0:4.4.19-7.el8"]).expect("lines").contains("bash = 0:4.4.19-7.el8\n"));
    }

    #[test]
    fn what_is_no_package_or_would_add_lines_is_refused() {
        for bad in ["", "a", "a-1", "-1-1", "a--1", "a-1-", "a-x:1-1", "a-0:1-1\n%post", "a-0:1-%(x)", "a-1:2:3-4"] {
            assert!(written(module(), &[bad]).is_err(), "{bad:?}");
        }
        assert!(written(ConflictSource::Shadowed, &["a-0:1-2"]).is_err());
    }
}
