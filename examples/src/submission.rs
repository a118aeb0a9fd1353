//! From a module document to a build that can be stored, with one platform and one place for sources.

use chrono::{DateTime, Utc};
use mbs_core::build::NewBuild;
use mbs_core::modulemd::{ReadOptions, read_for_build};
use mbs_core::resolve::{Universe, expand};
use mbs_core::source::{Defaults, RepositoryUrl};
use mbs_core::submit::{AssumedPlatform, Commits, Origin, Settings, assemble};
use mbs_core::{Arch, ModuleName, Owner, StreamName};
use std::error::Error;
use std::sync::Arc;

/// Makes a build for the backend `memory` out of a document.
///
/// # Errors
/// Whatever is wrong with the document.
pub fn from_document(text: &str, time: DateTime<Utc>) -> Result<NewBuild, Box<dyn Error>> {
    let document = read_for_build(text.as_bytes(), "module.yaml", &ReadOptions::default())?;
    let (name, stream) = (ModuleName::new("platform")?, StreamName::new("el9")?);
    let defaults =
        Defaults { rpms_url: Some(RepositoryUrl::parse("https://example.org/rpms")?), ..Defaults::default() };
    let settings = Settings::new("memory", Arch::new("x86_64")?, Owner::new("somebody")?);
    let settings = Settings { defaults, ..settings }.on_platform(name.clone(), stream.clone());
    // Nothing is known but the platform.
    let known = Universe::new([Arc::new(AssumedPlatform::facts(&name, &stream))], &settings.expand);
    let expansion = expand(&known, &document.stream, &settings.expand)?;
    let made = assemble(&document.stream, expansion, &[], &Origin::file(time), &settings, &Commits::default())?;
    Ok(made.builds.into_iter().next().ok_or("nothing to build")?.new)
}
