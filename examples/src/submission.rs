//! From a module document to a build that can be stored, with one platform and one place for sources.

use chrono::{DateTime, Utc};
use mbs_core::build::{BuildOptions, NewBuild};
use mbs_core::modulemd::{ReadOptions, read_for_build};
use mbs_core::source::{Defaults, RepositoryUrl};
use mbs_core::submit::{Origin, Settings, submit};
use mbs_core::{Arch, ModuleName, Owner, StreamName};
use std::collections::BTreeMap;
use std::error::Error;

/// Makes a build for the backend `memory` out of a document.
///
/// # Errors
/// Whatever is wrong with the document.
pub fn from_document(text: &str, time: DateTime<Utc>) -> Result<NewBuild, Box<dyn Error>> {
    let document = read_for_build(text.as_bytes(), "module.yaml", &ReadOptions::default())?;
    let origin = Origin { name_hint: None, stream_hint: None, scmurl: None, commit: None, branch: None, time };
    let settings = Settings {
        platform: (ModuleName::new("platform")?, StreamName::new("el9")?),
        arch: Arch::new("x86_64")?,
        owner: Owner::new("somebody")?,
        scratch: false,
        backend: "memory".to_owned(),
        options: BuildOptions::default(),
        defaults: Defaults { rpms_url: Some(RepositoryUrl::parse("https://example.org/rpms")?), ..Defaults::default() },
        measured: BTreeMap::new(),
    };
    Ok(submit(&document.stream, &[], &origin, &settings)?.new)
}
