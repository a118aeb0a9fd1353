//! The host as a package that rpm can install.

use std::fmt::Write as _;

use super::probe::Host;
use crate::deps::Capability;

/// Name of the package that stands for the host.
pub const HOST_PACKAGE: &str = "platform-host";

/// Version and release of the package that stands for the host.
pub const HOST_PACKAGE_VERSION: &str = "1-1";

/// The longest name that is written.
const MAX_NAME: usize = 4096;

/// Renders a spec whose package owns no file and provides everything in `host`. The same host gives the same text.
pub fn render_spec(host: &Host) -> String {
    let (version, release) = HOST_PACKAGE_VERSION.split_once('-').unwrap_or((HOST_PACKAGE_VERSION, "1"));
    let mut text = format!(
        "Name: {HOST_PACKAGE}\n\
         Version: {version}\n\
         Release: {release}\n\
         Summary: What this machine offers to builds\n\
         License: MIT\n\
         BuildArch: noarch\n\
         AutoReqProv: no\n"
    );
    for capability in host.provides.iter().filter(|capability| is_writable(capability)) {
        let escaped = capability.to_string().replace('%', "%%");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Provides: {escaped}");
    }
    let _ = write!(
        text,
        "\n%description\nStands for the machine {} in the package database of a build. It owns no file.\n\n%files\n",
        host.digest
    );
    text
}

/// Whether rpm accepts the capability as a `Provides`, and reads it as the same name and version.
pub(super) fn is_writable(capability: &Capability) -> bool {
    let name = &capability.name;
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphanumeric() || matches!(first, '_' | '/'));
    let range_is_fine = capability
        .range
        .as_ref()
        .is_none_or(|range| range.comparison.has_equal() && is_version_with_epoch(&range.evr.to_string()));
    starts_well && name.len() <= MAX_NAME && name.bytes().all(is_name_byte) && is_balanced(name) && range_is_fine
}

/// Blanks and commas separate dependencies; quotes and backslashes are read differently by different programs; braces
/// would have to be balanced for the macro processor.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b',' | b'"' | b'\'' | b'\\' | b'{' | b'}')
}

fn is_balanced(name: &str) -> bool {
    let mut open = 0_usize;
    for byte in name.bytes() {
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => return false,
            b')' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

fn is_version_with_epoch(text: &str) -> bool {
    match text.split_once(':') {
        Some((epoch, rest)) => epoch.parse::<u32>().is_ok() && is_version_with_release(rest),
        None => is_version_with_release(text),
    }
}

fn is_version_with_release(text: &str) -> bool {
    match text.split_once('-') {
        Some((version, release)) => is_version(version) && is_version(release),
        None => is_version(text),
    }
}

/// Whether rpm takes the text as a version (without release). rpm refuses two dots in a row.
pub(super) fn is_version(text: &str) -> bool {
    let text = match text.split_once(':') {
        Some((epoch, rest)) if epoch.parse::<u32>().is_ok() => rest,
        _ => text,
    };
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'~' | b'^'))
        && !text.contains("..")
}
