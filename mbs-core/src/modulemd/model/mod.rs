//! The documents as types. Texts are kept as written; what they must obey is checked by validation, so that a reader
//! can hold every document the format allows.

mod artifacts;
mod components;
mod dependencies;
mod document;
mod packager;
mod parts;
mod set;
mod stream;
mod value;

pub use artifacts::{Artifacts, RpmMapEntry};
pub use components::{Components, ModuleComponent, RpmComponent};
pub use dependencies::{Dependency, StreamRule, StreamSet};
pub use document::Document;
pub use packager::{Configuration, PackagerV2, PackagerV3};
pub use parts::{Api, BuildOpts, License, Profile, References, RpmBuildOpts, ServiceLevel};
pub use stream::ModuleStream;
pub use value::{Scalar, Value};

pub(crate) use artifacts::is_nevra;
pub(crate) use parts::is_date;
