//! Where a look-aside cache keeps a file.
//!
//! With cache address C, component N, file F, branch B and checksum H of kind K the places are, in the order in
//! which they are tried:
//!
//! | place | used by |
//! | --- | --- |
//! | `C/N/F/K/H/F` | Fedora, CentOS Stream |
//! | `C/N/F/H/F`, only for MD5 | Fedora's old files |
//! | `C/N/B/H` | classic CentOS |
//! | `C/N/H` | rebuild distributions |
//! | `C/N/F` | a plain folder of tarballs |
//!
//! Each is tried with and without N. Where C already ends with N (some modulemd files write it so), the places without N go first, else those with
//! N. Places that say the checksum go before those that do not, because a server may answer anything there.

use mbs_core::ComponentName;
use mbs_core::source::{CacheUrl, ChecksumKind, GitRef, LookasideEntry};

/// All places of a file, in the order to try them.
pub(crate) fn candidates(
    cache: &CacheUrl,
    component: &ComponentName,
    reference: Option<&GitRef>,
    entry: &LookasideEntry,
) -> Vec<CacheUrl> {
    let (name, file) = (component.as_str(), entry.file_name());
    let (kind, hex) = (entry.checksum.kind(), entry.checksum.hex());
    let mut below: Vec<Vec<&str>> = vec![vec![file, kind.as_str(), hex, file]];
    if kind == ChecksumKind::Md5 {
        below.push(vec![file, hex, file]);
    }
    if let Some(reference) = reference {
        let branch = reference.as_str();
        let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch);
        below.push(branch.split('/').chain([hex]).collect());
    }
    below.push(vec![hex]);
    below.push(vec![file]);
    let named_already = cache.last_segment() == name;
    let mut all = Vec::with_capacity(2 * below.len());
    for path in &below {
        let with_name = cache.file(&[&[name], path.as_slice()].concat());
        let without = cache.file(path);
        all.extend(if named_already { [without, with_name] } else { [with_name, without] });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_core::source::{Checksum, parse_sources};

    #[test]
    fn places_with_the_checksum_go_first_and_the_name_is_not_doubled() {
        let hex = "a".repeat(128);
        let entries = parse_sources(&format!("SHA512 (b-1.tgz) = {hex}")).expect("list");
        let name = ComponentName::new("bash").expect("name");
        let branch = GitRef::new("c8/s").expect("ref");
        let places = |cache: &str| -> Vec<String> {
            let cache = CacheUrl::parse(cache).expect("url");
            candidates(&cache, &name, Some(&branch), &entries[0]).iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            places("https://h/c/"),
            [
                format!("https://h/c/bash/b-1.tgz/sha512/{hex}/b-1.tgz"),
                format!("https://h/c/b-1.tgz/sha512/{hex}/b-1.tgz"),
                format!("https://h/c/bash/c8/s/{hex}"),
                format!("https://h/c/c8/s/{hex}"),
                format!("https://h/c/bash/{hex}"),
                format!("https://h/c/{hex}"),
                "https://h/c/bash/b-1.tgz".to_owned(),
                "https://h/c/b-1.tgz".to_owned(),
            ]
        );
        assert_eq!(places("https://h/c/bash")[0], format!("https://h/c/bash/b-1.tgz/sha512/{hex}/b-1.tgz"));
        assert_eq!(entries[0].checksum, Checksum::by_length(&hex).expect("sum"));
    }
}
