//! Rules over artifacts.

use super::checker::Checker;
use super::place::Place;
use crate::modulemd::diagnostic::{Code, Severity};
use crate::modulemd::model::{Artifacts, has_number_as_epoch, is_nevra};
use crate::modulemd::yaml::tape::shorten;
use std::collections::BTreeSet;

impl Checker {
    pub(super) fn artifacts(&mut self, data: &Place<'_>, artifacts: &Artifacts) {
        self.rpms(data, &artifacts.rpms);
        let path = data.key("artifacts");
        for (digest, checksums) in &artifacts.rpm_map {
            for (checksum, entry) in checksums {
                let joined = entry.joined();
                if entry.nevra != joined {
                    self.error(
                        Code::BadRpmMap,
                        &path.key("rpm-map").key(digest).key(checksum).key("nevra"),
                        format!("`nevra` is `{}`, the parts make `{}`", shorten(&entry.nevra), shorten(&joined)),
                    );
                }
            }
        }
    }

    /// `artifacts.rpms`.
    pub(super) fn rpms(&mut self, data: &Place<'_>, rpms: &BTreeSet<String>) {
        let path = data.key("artifacts");
        let list = path.key("rpms");
        for rpm in rpms.iter().filter(|rpm| !has_number_as_epoch(rpm)) {
            let place = list.item(rpm);
            if is_nevra(rpm) {
                self.error(Code::OddEpoch, &place, format!("the epoch of artifact `{}` is no number", shorten(rpm)))
                    .severity(Severity::Warning);
            } else {
                self.error(Code::BadArtifact, &place, format!("artifact `{}` is not N-E:V-R.A", shorten(rpm)))
                    .expected("NAME-EPOCH:VERSION-RELEASE.ARCH with a number as epoch");
            }
        }
    }
}
