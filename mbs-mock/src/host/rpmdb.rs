//! What the packages of an RPM-managed host offer.

use std::path::{Path, PathBuf};

use super::files::{below, both_spellings};
use crate::deps::Capability;
use crate::programs::{ProgramError, arguments, run};
use crate::rpms::{Comparison, Relation, RelationFlags};

/// One line per package, provide and file. Fields are separated by tabs, which no name contains.
const FORMAT: &str =
    "N\\t%{NAME}\\n[P\\t%{PROVIDENAME}\\t%{PROVIDEFLAGS:depflags}\\t%{PROVIDEVERSION}\\n][F\\t%{FILENAMES}\\n]";

/// Where distributions keep the database of the system.
const FOLDERS: [&str; 2] = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"];

/// The files that rpm's kinds of databases consist of.
const DATABASES: [&str; 3] = ["rpmdb.sqlite", "Packages.db", "Packages"];

/// The folder of the database below `root`, if there is one.
pub(super) fn folder(root: &Path) -> Option<PathBuf> {
    let has_database = |folder: &PathBuf| DATABASES.iter().any(|file| folder.join(file).is_file());
    FOLDERS.iter().map(|folder| below(root, folder)).find(has_database)
}

/// Reads the database of the host; nothing when there is none or it does not manage the host.
///
/// The folder is always named: left alone, rpm on Debian makes an empty database in the user's home.
pub(super) fn query(root: &Path) -> Result<Option<Vec<Capability>>, ProgramError> {
    let Some(folder) = folder(root) else { return Ok(None) };
    let mut list = arguments(["--dbpath"]);
    list.push(folder.into_os_string());
    list.extend(arguments(["-qa", "--qf", FORMAT]));
    Ok(parse(&run("rpm", &list)?))
}

/// Reads the answer. The database counts as the host's own when rpm itself is among the packages.
pub(super) fn parse(output: &[u8]) -> Option<Vec<Capability>> {
    let mut manages_host = false;
    let mut is_key = false;
    let mut found = Vec::new();
    for line in output.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok()) {
        let mut fields = line.split('\t');
        match (fields.next(), fields.next()) {
            (Some("N"), Some(name)) => {
                manages_host |= name == "rpm";
                is_key = name == "gpg-pubkey";
            }
            (Some("P"), Some(name)) if !is_key => {
                let comparison = fields.next().map(str::trim).and_then(Comparison::parse);
                let version = fields.next().unwrap_or_default().to_owned();
                let comparison = comparison.filter(|_| !version.is_empty());
                let relation = Relation { name: name.to_owned(), comparison, version, flags: RelationFlags::default() };
                found.push(Capability::from_relation(&relation));
            }
            (Some("F"), Some(path)) if is_listed_file(path) => {
                found.extend(both_spellings(path).into_iter().map(Capability::named));
            }
            _ => {}
        }
    }
    manages_host.then_some(found)
}

/// The files that primary repository metadata lists, and so the ones that packages may require.
fn is_listed_file(path: &str) -> bool {
    path.starts_with("/etc/") || path.contains("bin/") || path == "/usr/lib/sendmail"
}
