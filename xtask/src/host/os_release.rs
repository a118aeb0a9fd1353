//! `/etc/os-release`.

use std::path::Path;

use crate::error::TaskError;

/// The fields of `/etc/os-release` that matter here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct OsRelease {
    pub(crate) id: String,
    pub(crate) id_like: Vec<String>,
    pub(crate) version_id: String,
    pub(crate) platform_id: Option<String>,
}

/// How packages are installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PackageManager {
    Apt,
    Dnf,
}

impl OsRelease {
    /// Reads this machine's file; a machine without one is like an empty file.
    pub(crate) fn of_this_machine() -> Result<Self, TaskError> {
        for path in ["/etc/os-release", "/usr/lib/os-release"] {
            if Path::new(path).exists() {
                return Ok(Self::parse(&std::fs::read_to_string(path).map_err(TaskError::io("read", path))?));
            }
        }
        Ok(Self::default())
    }

    fn parse(text: &str) -> Self {
        let mut release = Self::default();
        for line in text.lines() {
            let Some((key, value)) = line.trim().split_once('=') else { continue };
            let value = unquoted(value);
            match key {
                "ID" => release.id = value,
                "ID_LIKE" => release.id_like = value.split_whitespace().map(str::to_owned).collect(),
                "VERSION_ID" => release.version_id = value,
                "PLATFORM_ID" => release.platform_id = Some(value),
                _ => {}
            }
        }
        release
    }

    /// The family decides; a distribution nobody knows has none.
    pub(crate) fn package_manager(&self) -> Option<PackageManager> {
        let mut family = std::iter::once(self.id.as_str()).chain(self.id_like.iter().map(String::as_str));
        family.find_map(|name| match name {
            "debian" | "ubuntu" => Some(PackageManager::Apt),
            "fedora" | "rhel" | "centos" => Some(PackageManager::Dnf),
            _ => None,
        })
    }

    /// `platform:STREAM` as a local build names this machine: the distribution's own `PLATFORM_ID`, else
    /// `ID` + `VERSION_ID` such as `platform:debian12`.
    pub(crate) fn platform(&self) -> Option<String> {
        match &self.platform_id {
            Some(id) => Some(id.clone()),
            None if self.id.is_empty() || self.version_id.is_empty() => None,
            None => Some(format!("platform:{}{}", self.id, self.version_id)),
        }
    }
}

/// Removes the quotes and backslashes of a shell word, as far as os-release(5) allows them.
fn unquoted(value: &str) -> String {
    let inner = ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote)))
        .unwrap_or(value);
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_has_no_platform_id_so_id_and_version_make_one() {
        let release = OsRelease::parse("PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_ID=\"12\"\nID=debian\n");
        assert_eq!(release.package_manager(), Some(PackageManager::Apt));
        assert_eq!(release.platform().as_deref(), Some("platform:debian12"));
    }

    #[test]
    fn fedora_states_its_platform() {
        let release = OsRelease::parse("ID=fedora\nVERSION_ID=42\nPLATFORM_ID=\"platform:f42\"\n");
        assert_eq!(release.package_manager(), Some(PackageManager::Dnf));
        assert_eq!(release.platform().as_deref(), Some("platform:f42"));
    }

    #[test]
    fn a_derivative_is_known_by_what_it_is_like() {
        let rocky = OsRelease::parse("ID='rocky'\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\n");
        assert_eq!(rocky.package_manager(), Some(PackageManager::Dnf));
        assert_eq!(
            OsRelease::parse("ID=linuxmint\nID_LIKE=\"ubuntu debian\"").package_manager(),
            Some(PackageManager::Apt)
        );
    }

    #[test]
    fn comments_unknown_keys_and_escapes_do_no_harm() {
        let release = OsRelease::parse("# ID=debian\n\nNAME=\"A \\\"B\\\"\"\nID=\"o\\$dd\"\nnothing\n");
        assert_eq!(release.id, "o$dd");
        assert_eq!((release.package_manager(), release.platform()), (None, None));
    }
}
