//! The facts kept of one RPM.

use serde::{Deserialize, Serialize};

use super::relation::Relation;

/// The header fields of one RPM that the backend decides with.
///
/// The serialized form has no version of its own: the document it is stored in carries one. New fields get a default.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RpmFacts {
    /// Name of the package.
    pub name: String,
    /// Epoch; 0 when the header has none.
    #[serde(default)]
    pub epoch: u32,
    /// Upstream version.
    pub version: String,
    /// Release with its dist tag.
    pub release: String,
    /// Architecture as the header holds it. A source RPM names the machine it was made on, see
    /// [`RpmFacts::artifact_arch`].
    pub arch: String,
    /// Whether this is a source RPM.
    #[serde(default)]
    pub source: bool,
    /// File name of the source RPM this was built from; absent in a source RPM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_rpm: Option<String>,
    /// Licence as the spec wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The `Modularitylabel` header, `NAME:STREAM:VERSION:CONTEXT` for an RPM of a module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modularity_label: Option<String>,
    /// What the package offers.
    #[serde(default)]
    pub provides: Vec<Relation>,
    /// What it needs to be installed; in a source RPM, what it needs to be built.
    #[serde(default)]
    pub requires: Vec<Relation>,
    /// What must not be installed beside it.
    #[serde(default)]
    pub conflicts: Vec<Relation>,
    /// Package names it replaces.
    #[serde(default)]
    pub obsoletes: Vec<Relation>,
    /// Absolute paths of its files; bare names in a source RPM.
    #[serde(default)]
    pub files: Vec<String>,
}

impl RpmFacts {
    /// `VERSION-RELEASE`, with `EPOCH:` before it unless the epoch is 0.
    pub fn evr(&self) -> String {
        match self.epoch {
            0 => format!("{}-{}", self.version, self.release),
            epoch => format!("{epoch}:{}-{}", self.version, self.release),
        }
    }

    /// `NAME-VERSION-RELEASE`.
    pub fn nvr(&self) -> String {
        format!("{}-{}-{}", self.name, self.version, self.release)
    }

    /// The architecture by which artifacts are named: `src` for a source RPM, whatever its header says.
    pub fn artifact_arch(&self) -> &str {
        if self.source { "src" } else { &self.arch }
    }

    /// `NAME-EPOCH:VERSION-RELEASE.ARCH`, the form of a modulemd artifact list (the epoch is always written).
    pub fn nevra(&self) -> String {
        format!("{}-{}:{}-{}.{}", self.name, self.epoch, self.version, self.release, self.artifact_arch())
    }

    /// The name rpmbuild gives the file: `NAME-VERSION-RELEASE.ARCH.rpm`.
    pub fn file_name(&self) -> String {
        format!("{}.{}.rpm", self.nvr(), self.artifact_arch())
    }
}
