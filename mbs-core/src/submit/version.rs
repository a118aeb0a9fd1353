//! The version of a build.

use super::error::SubmitError;
use super::origin::Origin;
use super::submission::Warning;
use crate::identity::{Padding, Prefix, base_stream, prefixed_version, timestamp_version};
use crate::modulemd::ModuleStream;
use crate::resolve::{ExpandOptions, Pick};
use crate::{ModuleName, StreamName, Version};
use std::collections::BTreeMap;

/// The version before the base module puts its number before it: that of the document, else the time of its origin.
///
/// Where the commit decides, the document may have just that version: input documents get it early.
///
/// # Errors
/// [`SubmitError::VersionGiven`] where the commit decides, [`SubmitError::Version`].
pub(super) fn plain_version(document: &ModuleStream, origin: &Origin) -> Result<Version, SubmitError> {
    let given = Version(document.version);
    if given.0 != 0 && origin.commit.is_none() {
        return Ok(given);
    }
    let of_origin = timestamp_version(origin.time.timestamp())?;
    if given.0 == 0 || given == of_origin { Ok(of_origin) } else { Err(SubmitError::VersionGiven(given.0)) }
}

/// Puts the number of the base module that is built against before a version: the first one by the configuration.
pub(super) fn version_on(
    plain: Version,
    picks: &[Pick],
    options: &ExpandOptions,
    warnings: &mut Vec<Warning>,
) -> Version {
    let streams: BTreeMap<ModuleName, StreamName> =
        picks.iter().map(|pick| (pick.facts.nsvc.name.clone(), pick.facts.nsvc.stream.clone())).collect();
    let base = base_stream(&options.base_modules, &streams);
    let number = base.map(|(_, stream)| options.number(stream.as_str(), Padding::None));
    let prefixed = prefixed_version(plain, number);
    if let (Prefix::Overflow, Some((name, stream))) = (prefixed.prefix, base) {
        warnings.push(Warning {
            code: "MB0001",
            message: format!(
                "version {plain} carries no prefix for `{name}:{stream}`: with it, it would exceed 2^64-1"
            ),
        });
    }
    prefixed.version
}
