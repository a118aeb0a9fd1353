//! The virtual platform module of a local build, from the text of `/etc/os-release`.

use std::fmt;

use thiserror::Error;

/// Fields of `/etc/os-release`. Missing ones are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// `ID`, such as `debian`.
    pub id: String,
    /// `ID_LIKE`: distributions this one is made from.
    pub id_like: Vec<String>,
    /// `VERSION_ID`, such as `12` or `22.04`.
    pub version_id: String,
    /// `PLATFORM_ID`, such as `platform:el9`.
    pub platform_id: String,
}

impl OsRelease {
    /// Reads the text: lines `KEY=VALUE`, values quoted as in a shell. Lines that are none are skipped, as the format's
    /// definition asks.
    pub fn parse(text: &str) -> Self {
        let mut release = Self::default();
        for (key, value) in text.lines().filter_map(|line| line.trim().split_once('=')) {
            let value = unquote(value);
            match key {
                "ID" => release.id = value,
                "ID_LIKE" => release.id_like = value.split_whitespace().map(str::to_owned).collect(),
                "VERSION_ID" => release.version_id = value,
                "PLATFORM_ID" => release.platform_id = value,
                _ => {}
            }
        }
        release
    }

    /// Whether the distribution is `name` or made from it.
    pub fn is_like(&self, name: &str) -> bool {
        self.id == name || self.id_like.iter().any(|like| like == name)
    }
}

fn unquote(value: &str) -> String {
    let value = value.trim();
    let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if let Some(inner) = quoted('\'') {
        return inner.to_owned();
    }
    let mut text = String::with_capacity(value.len());
    let mut escaped = false;
    for c in quoted('"').unwrap_or(value).chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            text.push(c);
        }
    }
    text
}

/// Name and stream of the platform module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Name, `platform` unless `PLATFORM_ID` or the user says otherwise.
    pub name: String,
    /// Stream, such as `el9` or `debian12`.
    pub stream: String,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.stream)
    }
}

/// Why no platform module is known.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlatformError {
    /// The text names neither a platform nor a distribution with version.
    #[error(
        "`/etc/os-release` has neither `PLATFORM_ID` nor both `ID` and `VERSION_ID`; name the platform with \
         `--platform NAME:STREAM`"
    )]
    Unknown,
    /// A value that is no `NAME:STREAM`.
    #[error(
        "`{value}` is no platform: expected `NAME:STREAM` of letters, digits, `.`, `_`, `+` and `-`; name it with \
         `--platform NAME:STREAM`"
    )]
    Malformed {
        /// The value.
        value: String,
    },
}

impl Platform {
    /// Reads `NAME:STREAM`.
    pub fn parse(value: &str) -> Result<Self, PlatformError> {
        let is_word = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_alphanumeric())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte))
        };
        match value.split_once(':') {
            Some((name, stream)) if is_word(name) && is_word(stream) => {
                Ok(Self { name: name.to_owned(), stream: stream.to_owned() })
            }
            _ => Err(PlatformError::Malformed { value: value.to_owned() }),
        }
    }

    /// The platform of a machine: `PLATFORM_ID`, else stream `ID` + `VERSION_ID` of a module `platform`.
    pub fn of(release: &OsRelease) -> Result<Self, PlatformError> {
        if !release.platform_id.is_empty() {
            return Self::parse(&release.platform_id);
        }
        if release.id.is_empty() || release.version_id.is_empty() {
            return Err(PlatformError::Unknown);
        }
        Self::parse(&format!("platform:{}{}", release.id, release.version_id))
    }
}

/// The architecture of this machine as the kernel calls it, such as `x86_64`.
pub fn machine_arch() -> String {
    // The kernel's names are ASCII; another byte would only spoil the comparison with an rpm architecture.
    rustix::system::uname().machine().to_bytes().escape_ascii().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, PlatformError> {
        Platform::of(&OsRelease::parse(text)).map(|platform| platform.to_string())
    }

    #[test]
    fn the_platform_id_comes_first() {
        assert_eq!(of("ID=\"rhel\"\nVERSION_ID=\"9.4\"\nPLATFORM_ID=\"platform:el9\"\n").unwrap(), "platform:el9");
    }

    #[test]
    fn else_distribution_and_version_make_the_stream() {
        assert_eq!(of("# c\nID=debian\nVERSION_ID=\"12\"\n").unwrap(), "platform:debian12");
        assert_eq!(of("ID='ubuntu'\nVERSION_ID=22.04").unwrap(), "platform:ubuntu22.04");
    }

    #[test]
    fn without_either_the_user_is_asked() {
        assert_eq!(of("ID=debian\n"), Err(PlatformError::Unknown));
        assert_eq!(of(""), Err(PlatformError::Unknown));
        assert!(PlatformError::Unknown.to_string().contains("--platform"));
        assert!(matches!(of("PLATFORM_ID=el9"), Err(PlatformError::Malformed { .. })));
        assert!(matches!(of("ID=a/b\nVERSION_ID=1"), Err(PlatformError::Malformed { .. })));
    }

    #[test]
    fn quotes_and_escapes_are_read_as_a_shell_reads_them() {
        let release = OsRelease::parse("ID_LIKE=\"rhel fedora\"\nID=\"a\\\"b\"");
        assert_eq!(release.id, "a\"b");
        assert!(release.is_like("fedora") && !release.is_like("debian"));
    }

    #[test]
    fn the_machine_has_an_architecture() {
        assert!(!machine_arch().is_empty());
    }
}
