//! Advice on what a build has recorded.

use super::listed;
use super::parts::Parts;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::model::RpmMapEntry;
use crate::modulemd::validate::checker::Checker;
use crate::modulemd::validate::place::Place;
use crate::modulemd::yaml::tape::shorten;
use std::collections::HashSet;

impl Checker {
    pub(super) fn advise_artifacts(&mut self, parts: &Parts<'_>) {
        let Some(artifacts) = parts.artifacts else { return };
        let data = Place::top("data");
        if !artifacts.is_empty() && parts.content_licenses.is_some_and(std::collections::BTreeSet::is_empty) {
            let place = data.key("license");
            self.advise(Code::NoContentLicense, &place.key("content"), "the licences of the packages are not listed");
        }
        let Some(rpm_map) = parts.rpm_map else { return };
        let place = data.key("artifacts");
        let place = place.key("rpm-map");
        for (digest, checksums) in rpm_map {
            let place = place.key(digest);
            let length = RpmMapEntry::checksum_length(digest);
            if length.is_none() {
                self.advise(Code::UnknownDigest, &place, format!("unknown digest `{}`", shorten(digest)))
                    .on_key()
                    .expected("`sha256`, or another of `md5`, `sha1`, `sha224`, `sha384`, `sha512`");
            }
            for (checksum, entry) in checksums {
                let place = place.key(checksum);
                if let Some(length) = length
                    && (checksum.len() != length || !checksum.bytes().all(|byte| byte.is_ascii_hexdigit()))
                {
                    let message = format!("`{}` is no checksum of `{}`", shorten(checksum), shorten(digest));
                    self.advise(Code::ChecksumForm, &place, message)
                        .on_key()
                        .expected(format!("{length} hexadecimal digits"));
                }
                if !artifacts.contains(&entry.nevra) {
                    let message = format!("`{}` is not listed in `artifacts.rpms`", shorten(&entry.nevra));
                    self.advise(Code::RpmMapUnlisted, &place.key("nevra"), message);
                }
            }
            let mapped: HashSet<&str> = checksums.values().map(|entry| entry.nevra.as_str()).collect();
            let lacking: Vec<&str> = artifacts.iter().map(String::as_str).filter(|rpm| !mapped.contains(rpm)).collect();
            if !lacking.is_empty() {
                let message = format!("`{}` lacks artifacts: {}", shorten(digest), listed(lacking));
                self.advise(Code::RpmMapLacks, &place, message).on_key();
            }
        }
    }
}
