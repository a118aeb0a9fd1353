//! The documents as types. Texts are kept as written; what they must obey is checked by validation, so that a reader
//! can hold every document the format allows.

mod artifacts;
mod components;
mod defaults;
mod dependencies;
mod depends;
mod document;
mod kind;
mod obsoletes;
mod packager;
mod parts;
mod service;
mod set;
mod stream;
mod stream_v1;
mod time;
mod translations;
mod unknown;
mod value;

pub use artifacts::{Artifacts, RpmMapEntry};
pub use components::{Components, ModuleComponent, RpmComponent};
pub use defaults::{DefaultProfiles, Defaults, Intent};
pub use dependencies::{Dependency, StreamRule, StreamSet};
pub use document::{Document, UnknownDocument};
pub use kind::DocumentKind;
pub use obsoletes::{ObsoletedBy, Obsoletes};
pub use packager::{Configuration, PackagerV2, PackagerV3};
pub use parts::{Api, BuildOpts, License, Profile, References, RpmBuildOpts, ServiceLevel};
pub use stream::ModuleStream;
pub use stream_v1::{ArtifactsV1, DependenciesV1, StreamV1};
pub use time::{Minute, MinuteError};
pub use translations::{Translation, Translations};
pub use unknown::UnknownKeys;
pub use value::{Scalar, Value, ValueMap};

pub(crate) use artifacts::{has_number_as_epoch, is_nevra};
pub(crate) use time::parse_day;
