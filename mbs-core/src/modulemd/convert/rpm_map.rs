//! `rpm-map`: built of what a build knows, and checked while it is built.

use crate::modulemd::model::{Artifacts, RpmMapEntry, is_nevra};

/// Why an entry cannot be added to `rpm-map`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RpmMapError {
    /// The digest has no known name.
    #[error("`{digest}` is no digest; use `sha256`, or another of `md5`, `sha1`, `sha224`, `sha384`, `sha512`")]
    Digest {
        /// Name of the digest.
        digest: String,
    },
    /// The text is no checksum of this digest.
    #[error("`{checksum}` is no checksum of `{digest}`, which has {length} hexadecimal digits")]
    Checksum {
        /// Name of the digest.
        digest: String,
        /// The text.
        checksum: String,
        /// Digits of a checksum.
        length: usize,
    },
    /// The package's identity does not have the form of an artifact.
    #[error("`{nevra}` is not NAME-EPOCH:VERSION-RELEASE.ARCH")]
    Nevra {
        /// The text.
        nevra: String,
    },
    /// The entry's `nevra` disagrees with its parts.
    #[error("`nevra` is `{nevra}`, the parts make `{joined}`")]
    Parts {
        /// The text.
        nevra: String,
        /// What the parts make.
        joined: String,
    },
    /// Two packages with the same checksum.
    #[error("checksum `{checksum}` belongs to `{known}` already")]
    Taken {
        /// The checksum.
        checksum: String,
        /// The package that has it.
        known: String,
    },
}

impl RpmMapEntry {
    /// The entry of a package identity of the form `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    pub fn from_nevra(nevra: &str) -> Option<Self> {
        if !is_nevra(nevra) {
            return None;
        }
        let (nevr, arch) = nevra.rsplit_once('.')?;
        let (nev, release) = nevr.rsplit_once('-')?;
        let (ne, version) = nev.rsplit_once(':')?;
        let (name, epoch) = ne.rsplit_once('-')?;
        let entry = Self {
            name: name.to_owned(),
            epoch: epoch.parse().ok()?,
            version: version.to_owned(),
            release: release.to_owned(),
            arch: arch.to_owned(),
            nevra: nevra.to_owned(),
        };
        // An epoch with leading zeros cannot be kept as a number.
        (entry.joined() == nevra).then_some(entry)
    }

    /// Hexadecimal digits of the checksums of a digest, if it is known.
    pub fn checksum_length(digest: &str) -> Option<usize> {
        Some(match digest {
            "md5" => 32,
            "sha1" => 40,
            "sha224" => 56,
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            _ => return None,
        })
    }
}

impl Artifacts {
    /// Adds a package with its checksum to `rpms` and `rpm-map`.
    ///
    /// # Errors
    /// Digest, checksum or package are not what they should be; nothing is added then.
    pub fn add(&mut self, digest: &str, checksum: &str, entry: RpmMapEntry) -> Result<(), RpmMapError> {
        let length =
            RpmMapEntry::checksum_length(digest).ok_or_else(|| RpmMapError::Digest { digest: digest.to_owned() })?;
        if checksum.len() != length || !checksum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let (digest, checksum) = (digest.to_owned(), checksum.to_owned());
            return Err(RpmMapError::Checksum { digest, checksum, length });
        }
        if !is_nevra(&entry.nevra) {
            return Err(RpmMapError::Nevra { nevra: entry.nevra });
        }
        let joined = entry.joined();
        if joined != entry.nevra {
            return Err(RpmMapError::Parts { nevra: entry.nevra, joined });
        }
        let known = self.rpm_map.get(digest).and_then(|entries| entries.get(checksum));
        if let Some(known) = known.filter(|known| **known != entry) {
            return Err(RpmMapError::Taken { checksum: checksum.to_owned(), known: known.nevra.clone() });
        }
        self.rpms.insert(entry.nevra.clone());
        self.rpm_map.entry(digest.to_owned()).or_default().insert(checksum.to_owned(), entry);
        Ok(())
    }
}
