//! Any document.

use super::packager::{PackagerV2, PackagerV3};
use super::stream::ModuleStream;
use serde::Serialize;

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Document {
    /// `modulemd` version 2.
    Stream(Box<ModuleStream>),
    /// `modulemd-packager` version 2.
    PackagerV2(Box<PackagerV2>),
    /// `modulemd-packager` version 3.
    PackagerV3(Box<PackagerV3>),
    /// A document whose content was not read; the place of its text is beside it.
    Other {
        /// The value of `document`.
        kind: String,
        /// The value of `version`.
        version: u64,
    },
}

impl Document {
    /// Kind and version as a person calls it, such as `modulemd-packager 3`.
    pub fn title(&self) -> String {
        match self {
            Self::Stream(_) => "modulemd 2".to_owned(),
            Self::PackagerV2(_) => "modulemd-packager 2".to_owned(),
            Self::PackagerV3(_) => "modulemd-packager 3".to_owned(),
            Self::Other { kind, version } => format!("{kind} {version}"),
        }
    }
}
