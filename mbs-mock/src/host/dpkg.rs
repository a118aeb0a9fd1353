//! Package names for what is installed on a Debian machine.

use std::path::Path;

use super::files::below;
use super::probe::versioned;
use crate::deps::Capability;

const STATUS: &str = "/var/lib/dpkg/status";

/// Fedora's names for Debian packages whose names differ by more than a rule.
///
/// The rules for all others: a package offers its own name; `X-dev` offers `X-devel`, and `libX-dev` also `X-devel`.
/// Each name gets the upstream version (Debian's epoch and revision mean nothing to rpm).
pub const NAMES_OF_DEBIAN_PACKAGES: &[(&str, &[&str])] = &[
    ("base-files", &["filesystem", "setup"]),
    ("bind9-dnsutils", &["bind-utils"]),
    ("bsdextrautils", &["util-linux-core"]),
    ("build-essential", &["buildsys-build"]),
    ("bzip2", &["bzip2", "bzip2-libs"]),
    ("check", &["check", "check-devel"]),
    ("cmake", &["cmake", "cmake-filesystem", "cmake-rpm-macros"]),
    ("createrepo-c", &["createrepo_c"]),
    ("cython3", &["python3-Cython"]),
    ("default-jdk", &["java-devel"]),
    ("elfutils", &["elfutils"]),
    ("g++", &["gcc-c++"]),
    ("gawk", &["gawk"]),
    ("gcc", &["gcc", "cpp"]),
    ("gettext", &["gettext", "gettext-devel", "gettext-libs"]),
    ("gfortran", &["gcc-gfortran"]),
    ("git", &["git", "git-core"]),
    ("golang-go", &["golang"]),
    ("gobject-introspection", &["gobject-introspection"]),
    ("gpg", &["gnupg2"]),
    ("iproute2", &["iproute"]),
    ("libacl1-dev", &["libacl-devel"]),
    ("libasound2-dev", &["alsa-lib-devel"]),
    ("libattr1-dev", &["libattr-devel"]),
    ("libaudit-dev", &["audit-libs-devel"]),
    ("libbz2-dev", &["bzip2-devel"]),
    ("libc-bin", &["glibc-common"]),
    ("libc6", &["glibc"]),
    ("libc6-dev", &["glibc-devel", "glibc-headers", "glibc-static", "libxcrypt-devel"]),
    ("libcurl4-gnutls-dev", &["libcurl-devel", "curl-devel"]),
    ("libcurl4-openssl-dev", &["libcurl-devel", "curl-devel"]),
    ("libdb-dev", &["libdb-devel"]),
    ("libdbus-1-dev", &["dbus-devel"]),
    ("libdw-dev", &["elfutils-devel"]),
    ("libelf-dev", &["elfutils-libelf-devel"]),
    ("libevent-dev", &["libevent-devel"]),
    ("libexpat1-dev", &["expat-devel"]),
    ("libgcc-s1", &["libgcc"]),
    ("libgcrypt20-dev", &["libgcrypt-devel"]),
    ("libgdk-pixbuf-2.0-dev", &["gdk-pixbuf2-devel"]),
    ("libgirepository1.0-dev", &["gobject-introspection-devel"]),
    ("libgl-dev", &["mesa-libGL-devel"]),
    ("libglib2.0-dev", &["glib2-devel"]),
    ("libgnutls28-dev", &["gnutls-devel"]),
    ("libgpgme-dev", &["gpgme-devel"]),
    ("libgtk-3-dev", &["gtk3-devel"]),
    ("libicu-dev", &["libicu-devel"]),
    ("libidn2-dev", &["libidn2-devel"]),
    ("libjpeg62-turbo-dev", &["libjpeg-turbo-devel"]),
    ("libldap-dev", &["openldap-devel"]),
    ("libldap2-dev", &["openldap-devel"]),
    ("libltdl-dev", &["libtool-ltdl-devel"]),
    ("liblz4-dev", &["lz4-devel"]),
    ("liblzma-dev", &["xz-devel"]),
    ("libmagic-dev", &["file-devel"]),
    ("libmariadb-dev", &["mariadb-connector-c-devel"]),
    ("libncurses-dev", &["ncurses-devel"]),
    ("libnss3-dev", &["nss-devel"]),
    ("libpam0g-dev", &["pam-devel"]),
    ("libpcre3-dev", &["pcre-devel"]),
    ("libpq-dev", &["libpq-devel"]),
    ("libpython3-dev", &["python3-devel"]),
    ("librpm-dev", &["rpm-devel"]),
    ("libselinux1-dev", &["libselinux-devel"]),
    ("libsodium-dev", &["libsodium-devel"]),
    ("libsqlite3-dev", &["sqlite-devel"]),
    ("libssl-dev", &["openssl-devel"]),
    ("libstdc++6", &["libstdc++"]),
    ("libstdc++-12-dev", &["libstdc++-devel"]),
    ("libstdc++-13-dev", &["libstdc++-devel"]),
    ("libstdc++-14-dev", &["libstdc++-devel"]),
    ("libsystemd-dev", &["systemd-devel"]),
    ("libtasn1-6-dev", &["libtasn1-devel"]),
    ("libtest-simple-perl", &["perl-Test-Simple"]),
    ("libtool", &["libtool"]),
    ("libudev-dev", &["systemd-devel", "libudev-devel"]),
    ("libunistring-dev", &["libunistring-devel"]),
    ("libusb-1.0-0-dev", &["libusb1-devel", "libusbx-devel"]),
    ("libuv1-dev", &["libuv-devel"]),
    ("libwebp-dev", &["libwebp-devel"]),
    ("libx11-dev", &["libX11-devel"]),
    ("libxext-dev", &["libXext-devel"]),
    ("libxml2-dev", &["libxml2-devel"]),
    ("libxslt1-dev", &["libxslt-devel"]),
    ("linux-libc-dev", &["kernel-headers"]),
    ("login", &["shadow-utils"]),
    ("lua5.4", &["lua"]),
    ("man-db", &["man-db"]),
    ("mawk", &["awk"]),
    ("ncurses-bin", &["ncurses"]),
    ("netbase", &["setup"]),
    ("ninja-build", &["ninja-build"]),
    ("nodejs", &["nodejs"]),
    ("openssh-client", &["openssh-clients", "openssh"]),
    ("openssl", &["openssl", "openssl-libs"]),
    ("passwd", &["shadow-utils"]),
    ("perl", &["perl", "perl-interpreter", "perl-libs", "perl-devel", "perl-macros", "perl-generators"]),
    ("perl-base", &["perl-interpreter", "perl-libs"]),
    ("pkg-config", &["pkgconfig", "pkgconf-pkg-config"]),
    ("pkgconf", &["pkgconf", "pkgconf-pkg-config", "pkgconfig"]),
    ("procps", &["procps-ng"]),
    ("python3", &["python3", "python3-libs"]),
    ("python3-dev", &["python3-devel"]),
    ("python3-docutils", &["python3-docutils"]),
    ("python3-yaml", &["python3-pyyaml", "python3-PyYAML"]),
    ("rpm", &["rpm", "rpm-build", "rpm-libs"]),
    ("rustc", &["rust", "rust-std-static"]),
    ("sqlite3", &["sqlite"]),
    ("tcl-dev", &["tcl-devel"]),
    ("tzdata", &["tzdata"]),
    ("util-linux", &["util-linux", "util-linux-core"]),
    ("uuid-dev", &["libuuid-devel"]),
    ("vim", &["vim-enhanced", "vim-minimal"]),
    ("xxd", &["vim-common"]),
    ("xz-utils", &["xz", "xz-libs"]),
    ("zlib1g", &["zlib"]),
    ("zlib1g-dev", &["zlib-devel"]),
];

/// Adds the names of the installed packages; nothing on a machine without dpkg.
pub(super) fn packages(root: &Path, found: &mut Vec<Capability>) {
    // The file has a stanza for each package and can be larger than other texts; descriptions may be in any encoding.
    let Ok(bytes) = std::fs::read(below(root, STATUS)) else { return };
    for stanza in stanzas(&bytes) {
        if let Some((package, version)) = installed(&stanza) {
            found.extend(names(package).into_iter().map(|name| versioned(name, Some(&upstream(version)))));
        }
    }
}

/// Every installed package as `NAME VERSION`; nothing on a machine without dpkg.
pub(super) fn versions(root: &Path) -> Vec<String> {
    let Ok(bytes) = std::fs::read(below(root, STATUS)) else { return Vec::new() };
    let all = stanzas(&bytes);
    all.iter().filter_map(|stanza| installed(stanza)).map(|(name, version)| format!("{name} {version}")).collect()
}

/// Splits at empty lines and drops lines that are not UTF-8.
fn stanzas(bytes: &[u8]) -> Vec<Vec<&str>> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    lines
        .split(|line| line.is_empty())
        .map(|stanza| stanza.iter().filter_map(|line| std::str::from_utf8(line).ok()).collect())
        .collect()
}

fn installed<'a>(stanza: &[&'a str]) -> Option<(&'a str, &'a str)> {
    let field = |key: &str| stanza.iter().find_map(|line| line.strip_prefix(key)).map(str::trim);
    field("Status:").filter(|status| status.ends_with(" installed"))?;
    Some((field("Package:")?, field("Version:")?))
}

/// Debian's `[EPOCH:]UPSTREAM[-REVISION]` without epoch and revision.
pub(super) fn upstream(version: &str) -> String {
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    version.rsplit_once('-').map_or(version, |(upstream, _)| upstream).to_owned()
}

/// The names under which a Debian package is known elsewhere.
pub(super) fn names(package: &str) -> Vec<String> {
    let mut names = vec![package.to_owned()];
    if let Some(base) = package.strip_suffix("-dev") {
        names.push(format!("{base}-devel"));
        names.extend(base.strip_prefix("lib").map(|short| format!("{short}-devel")));
    }
    let listed = NAMES_OF_DEBIAN_PACKAGES.iter().filter(|(debian, _)| *debian == package);
    for name in listed.flat_map(|(_, names)| names.iter()) {
        if !names.iter().any(|known| known == name) {
            names.push((*name).to_owned());
        }
    }
    names
}
