//! Source packages that stand in for the sources of components.

use super::read::read_facts;
use mbs_core::submit::SourceRpmReader;
use std::path::Path;

/// Reads the headers of source packages on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceRpms;

impl SourceRpmReader for SourceRpms {
    fn package(&self, path: &str) -> Result<(String, String), String> {
        let absolute = std::fs::canonicalize(path).map_err(|error| format!("cannot be opened: {error}"))?;
        let facts = read_facts(Path::new(&absolute)).map_err(|error| error.to_string())?;
        if !facts.source {
            return Err("is no source package".to_owned());
        }
        let absolute = absolute.into_os_string().into_string().map_err(|_| "has a path that is not UTF-8 text")?;
        Ok((absolute, facts.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_source_package_is_told() {
        assert!(SourceRpms.package("/nowhere/a.src.rpm").is_err_and(|told| told.starts_with("cannot be opened")));
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.src.rpm");
        std::fs::write(&path, "text").expect("written");
        assert!(SourceRpms.package(path.to_str().expect("text")).is_err());
    }
}
