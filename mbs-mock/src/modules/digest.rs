//! The identity of what a module offers.

use mbs_core::source::{ChecksumKind, Hasher};

/// The identity of packages, given as name (`NAME-EPOCH:VERSION-RELEASE.ARCH`) and checksum (`KIND:DIGITS`):
/// `sha256:` and the SHA-256 of the lines `NAME CHECKSUM`, in byte order, each with a line break behind it.
///
/// Neither the place of the packages nor their order counts. Equal digests mean equal packages; the same packages under
/// checksums of another kind have another digest.
pub fn repository_digest<N: AsRef<str>, C: AsRef<str>>(packages: impl IntoIterator<Item = (N, C)>) -> String {
    let line = |(name, checksum): (N, C)| format!("{} {}\n", name.as_ref(), checksum.as_ref());
    let mut lines: Vec<String> = packages.into_iter().map(line).collect();
    lines.sort_unstable();
    lines.dedup();
    Hasher::of(ChecksumKind::Sha256, lines.concat().as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_repetition_do_not_count_and_everything_else_does() {
        let one = repository_digest([("a-0:1-1.noarch", "sha256:1"), ("b-0:1-1.noarch", "sha256:2")]);
        let same = [("b-0:1-1.noarch", "sha256:2"), ("a-0:1-1.noarch", "sha256:1"), ("a-0:1-1.noarch", "sha256:1")];
        assert_eq!(one, repository_digest(same));
        assert_ne!(one, repository_digest([("a-0:1-1.noarch", "sha256:1"), ("b-0:1-1.noarch", "sha256:3")]));
        // The SHA-256 of nothing.
        let nothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(repository_digest::<&str, &str>([]), nothing);
    }
}
