//! The identity of the machine as a platform that packages are built on.

use super::dpkg;
use super::probe::{Host, HostError, HostKind};
use crate::programs::{arguments, run};
use mbs_core::source::{ChecksumKind, Hasher};
use std::fs;
use std::path::Path;

/// The form of what is hashed. A release that hashes something else counts it up, so that old digests match nothing.
const FORM: &str = "mbs platform 1";

/// Macros of the host whose values go into packages.
const MACROS: [&str; 32] = [
    "_arch",
    "_binary_filedigest_algorithm",
    "_binary_payload",
    "_bindir",
    "_build_id_links",
    "_datadir",
    "_docdir",
    "_host",
    "_includedir",
    "_infodir",
    "_lib",
    "_libdir",
    "_libexecdir",
    "_localstatedir",
    "_mandir",
    "_prefix",
    "_rpmconfigdir",
    "_sbindir",
    "_source_filedigest_algorithm",
    "_source_payload",
    "_sysconfdir",
    "_target_cpu",
    "_target_os",
    "_target_platform",
    "_vendor",
    "__debug_install_post",
    "__os_install_post",
    "__spec_install_post",
    "build_cflags",
    "build_ldflags",
    "dist",
    "optflags",
];

/// The identity of the platform: `sha256:` and the SHA-256 of
///
/// - the digest of architecture and capabilities ([`Host::digest`]), which on an RPM-managed machine has every package
///   with its version in it;
/// - on other machines, every installed Debian package with its full version;
/// - what `rpm` and `rpmbuild` say of their versions, the values of the macros that go into packages, and the files in
///   `/etc/rpm`, where an administrator changes macros.
///
/// Packages that were built on machines with equal digests from equal inputs are taken for equal. Updating any package of
/// the machine changes the digest: builds see the whole machine, so nobody knows what matters. The user's own macros do
/// not count, builds do not see them. Blocks for some hundredths of a second.
///
/// # Errors
/// [`HostError::Program`] if rpm cannot be asked.
pub fn platform_digest(host: &Host) -> Result<String, HostError> {
    let mut hasher = Hasher::new(ChecksumKind::Sha256);
    let mut add = |name: &str, value: &[u8]| {
        // With its length, so that no value can pass for the next entry.
        hasher.update(format!("{name} {}\n", value.len()).as_bytes());
        hasher.update(value);
    };
    add(FORM, host.digest.as_bytes());
    if host.kind == HostKind::Files {
        let mut packages = dpkg::versions(Path::new("/"));
        packages.sort_unstable();
        add("packages", packages.join("\n").as_bytes());
    }
    for program in ["rpm", "rpmbuild"] {
        add(program, &run(program, &arguments(["--version"])).map_err(HostError::Program)?);
    }
    let expression: String = MACROS.iter().flat_map(|name| ["%{?", name, "}\u{1f}"]).collect();
    // Builds do not see the home folder of the user and the macros in it.
    let asked = arguments(["HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent", "rpm", "--eval", &expression]);
    add("macros", &run("env", &asked).map_err(HostError::Program)?);
    for (name, content) in own_macros(Path::new("/etc/rpm")) {
        add(&name, &content);
    }
    Ok(hasher.finish().to_string())
}

/// The files of a folder, by name. What cannot be read is not read by builds either.
fn own_macros(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<(String, Vec<u8>)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.to_str()?.to_owned(), fs::read(&path).ok()?))
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HostProvides;

    #[test]
    fn the_digest_is_the_same_twice_and_follows_what_the_host_offers() {
        let host = |digest: &str| Host {
            kind: HostKind::Files,
            arch: "x86_64".to_owned(),
            provides: HostProvides::default(),
            digest: digest.to_owned(),
        };
        let one = platform_digest(&host("aa")).expect("rpm answers");
        assert!(one.starts_with("sha256:") && one.len() == 71, "{one}");
        assert_eq!(one, platform_digest(&host("aa")).expect("rpm answers"));
        assert_ne!(one, platform_digest(&host("ab")).expect("rpm answers"));
        let other = Host { kind: HostKind::RpmDatabase, ..host("aa") };
        assert!(!Path::new("/var/lib/dpkg/status").exists() || one != platform_digest(&other).expect("rpm answers"));
    }

    #[test]
    fn files_of_an_administrator_count_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("macros.b"), "2").unwrap();
        fs::write(folder.path().join("macros.a"), "1").unwrap();
        fs::create_dir(folder.path().join("c")).unwrap();
        let found = own_macros(folder.path());
        assert_eq!(found.iter().map(|(_, text)| text.as_slice()).collect::<Vec<_>>(), [b"1", b"2"]);
        assert!(own_macros(&folder.path().join("absent")).is_empty());
    }
}
