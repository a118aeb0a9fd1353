//! Packages of earlier builds: from the folder of the attempt that built them, or from the result folder.

use super::files::{FileError, failed};
use super::layout::Layout;
use super::manifest::{Manifest, Outcome};
use crate::rpms::{RpmFacts, read_facts};
use mbs_core::build::{BuildHeader, BuiltComponent};
use mbs_core::builder::ReuseOrder;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Packages that are there and whole, the source package first.
pub(super) struct Found {
    pub(super) built: BuiltComponent,
    pub(super) packages: Vec<(PathBuf, RpmFacts)>,
}

/// Looks for the packages that an order names. The error tells why there are none.
pub(super) fn find(layout: &Layout, order: &ReuseOrder) -> Result<Found, String> {
    let attempt = in_attempt(layout, order);
    let found = attempt.or_else(|first| in_results(layout, order).map_err(|second| format!("{first}; {second}")))?;
    let wanted = order.component.built.as_ref();
    if wanted.is_some_and(|wanted| (&wanted.nvr, &wanted.rpms) != (&found.built.nvr, &found.built.rpms)) {
        return Err(format!("what is kept is `{}` and not what was noted", found.built.nvr));
    }
    Ok(found)
}

/// From the folder of the attempt, by its manifest.
fn in_attempt(layout: &Layout, order: &ReuseOrder) -> Result<Found, String> {
    let key = order.component.key.as_ref().ok_or("it is not known which attempt built them")?;
    let folder = layout.attempt(key);
    let manifest = Manifest::read(&folder).map_err(|error| error.to_string())?;
    let Some(Manifest { outcome: Outcome::Complete { built, packages, checksums }, .. }) = manifest else {
        return Err(format!("attempt {key} left nothing"));
    };
    // Results of earlier releases have no checksums; their packages carry their own.
    let mut checksums = checksums.into_iter();
    let mut found = Vec::new();
    for facts in packages {
        let path = folder.join(facts.file_name());
        match checksums.next() {
            Some(noted) => {
                let actual = checksum(&path).map_err(|error| error.to_string())?;
                if actual != noted {
                    return Err(format!("`{}` was changed after it was built", path.display()));
                }
            }
            None => drop(whole(&path)?),
        }
        found.push((path, facts));
    }
    Ok(Found { built, packages: found })
}

/// From the result folder, by the names that were noted. Packages that were filtered out are not there: then there is
/// nothing to take.
fn in_results(layout: &Layout, order: &ReuseOrder) -> Result<Found, String> {
    let built = order.component.built.as_ref().ok_or("it is not known which they are")?;
    let nsvc = &order.from.nsvc;
    let mut why = String::new();
    for folder in [BuildHeader::folder_with_context(nsvc), BuildHeader::plain_folder(nsvc)] {
        let folder = layout.results(&folder);
        let source = format!("{}.src.rpm", built.nvr);
        let files = std::iter::once(&source).chain(&built.rpms).map(|file| folder.join(file));
        match files.map(|path| Ok((path.clone(), whole(&path)?))).collect::<Result<Vec<_>, String>>() {
            Ok(packages) => return Ok(Found { built: built.clone(), packages }),
            Err(problem) => why = problem,
        }
    }
    Err(why)
}

/// The header of a package whose own digests are right, and that is what its file name says.
fn whole(path: &Path) -> Result<RpmFacts, String> {
    if !path.is_file() {
        return Err(format!("`{}` is not there", path.display()));
    }
    let broken = |problem: String| format!("`{}` is damaged: {problem}", path.display());
    let facts = read_facts(path).map_err(|error| error.to_string())?;
    if path.file_name().and_then(|name| name.to_str()) != Some(facts.file_name().as_str()) {
        return Err(broken(format!("it is `{}`", facts.file_name())));
    }
    let package = rpm::Package::open(path).map_err(|error| broken(error.to_string()))?;
    package.verify_digests().map_err(|error| broken(error.to_string()))?;
    Ok(facts)
}

/// The SHA-256 of a file, in hex.
pub(super) fn checksum(path: &Path) -> Result<String, FileError> {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
        loop {
            let length = file.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            hasher.update(&buffer[..length]);
        }
        let mut hex = String::with_capacity(64);
        for byte in hasher.finalize() {
            // Writing into a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Ok(hex)
    };
    read().map_err(failed("read", path))
}
