//! Rules over artifacts.

use super::checker::Checker;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::model::{Artifacts, is_nevra};
use crate::modulemd::path::KeyPath;
use crate::modulemd::yaml::tape::shorten;
use std::collections::BTreeSet;

impl Checker {
    pub(super) fn artifacts(&mut self, data: &KeyPath, artifacts: &Artifacts) {
        self.rpms(data, &artifacts.rpms);
        let path = data.key("artifacts");
        for (digest, checksums) in &artifacts.rpm_map {
            for (checksum, entry) in checksums {
                let joined = entry.joined();
                if entry.nevra != joined {
                    let path = path.key("rpm-map").key(digest).key(checksum).key("nevra");
                    self.error(
                        Code::BadRpmMap,
                        &path,
                        format!("`nevra` is `{}`, the parts make `{}`", shorten(&entry.nevra), shorten(&joined)),
                    );
                }
            }
        }
    }

    /// `artifacts.rpms`.
    pub(super) fn rpms(&mut self, data: &KeyPath, rpms: &BTreeSet<String>) {
        let path = data.key("artifacts");
        for rpm in rpms.iter().filter(|rpm| !is_nevra(rpm)) {
            self.error(
                Code::BadArtifact,
                &path.key("rpms").item(rpm),
                format!("artifact `{}` is not N-E:V-R.A", shorten(rpm)),
            )
            .expected("NAME-EPOCH:VERSION-RELEASE.ARCH with a number as epoch");
        }
    }
}
