//! Versions of module builds: the time of a commit, prefixed with the number of the base module's stream.

use super::stream_version::StreamVersion;
use crate::{ModuleName, StreamName, Version};
use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a time is not usable as version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionError {
    /// The time has no four-digit year.
    #[error("time {seconds} s since 1970 is outside the years 1000 to 9999; correct the commit's date")]
    Year {
        /// Seconds since 1970, UTC.
        seconds: i64,
    },
}

/// The version that a Unix time (seconds, UTC) gives: the decimal number `YYYYMMDDHHMMSS`.
///
/// # Errors
/// [`VersionError::Year`] when the number would not have 14 digits.
pub fn timestamp_version(seconds: i64) -> Result<Version, VersionError> {
    let error = VersionError::Year { seconds };
    let time = DateTime::from_timestamp(seconds, 0).ok_or_else(|| error.clone())?;
    let year = u64::try_from(time.year()).ok().filter(|year| (1000..=9999).contains(year)).ok_or(error)?;
    let parts = [time.month(), time.day(), time.hour(), time.minute(), time.second()];
    Ok(Version(parts.into_iter().fold(year, |number, part| number * 100 + u64::from(part))))
}

/// What happened to the prefix of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Prefix {
    /// The number of the base module's stream stands before the version.
    Added,
    /// The build has no base module among its buildrequires.
    NoBaseModule,
    /// The base module's stream holds no number.
    NoNumber,
    /// Prefix and version together exceed the largest version, so the prefix was left out: worth a warning, because
    /// such a version orders below the prefixed ones of other base streams.
    Overflow,
}

/// A version after prefixing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefixedVersion {
    /// The version to use.
    pub version: Version,
    /// Whether it holds a prefix, and why not.
    pub prefix: Prefix,
}

/// The base module whose stream prefixes the version: the first of the configured names that is among the resolved
/// buildrequires.
pub fn base_stream<'a>(
    base: &[ModuleName],
    buildrequires: &'a BTreeMap<ModuleName, StreamName>,
) -> Option<(&'a ModuleName, &'a StreamName)> {
    base.iter().find_map(|name| buildrequires.get_key_value(name))
}

/// Puts the number of the base module's stream, made without padding, before a version.
///
/// Fractions that stream suffixes added are cut off. A version that would not fit into 64 bits is kept as it is.
pub fn prefixed_version(version: Version, base_stream: Option<StreamVersion>) -> PrefixedVersion {
    let kept = |prefix| PrefixedVersion { version, prefix };
    let Some(number) = base_stream else {
        return kept(Prefix::NoBaseModule);
    };
    let whole = number.value().floor();
    if whole < 1.0 {
        return kept(Prefix::NoNumber);
    }
    // Whole floating point numbers are shown with all their digits.
    match format!("{whole:.0}{version}").parse() {
        Ok(number) => PrefixedVersion { version: Version(number), prefix: Prefix::Added },
        Err(_) => kept(Prefix::Overflow),
    }
}

/// The Unix time (seconds) that a version was made from: its last 14 digits as `YYYYMMDDHHMMSS`.
///
/// `None` for a version that holds no valid time from 1970 on, such as one that the packager chose.
pub fn version_time(version: Version) -> Option<u64> {
    let mut rest = version.0;
    let mut take = |count: u32| {
        let part = rest % 10_u64.pow(count);
        rest /= 10_u64.pow(count);
        u32::try_from(part).ok()
    };
    let (second, minute, hour, day, month) = (take(2)?, take(2)?, take(2)?, take(2)?, take(2)?);
    let year = i32::try_from(take(4)?).ok()?;
    let time = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, second)?;
    u64::try_from(time.and_utc().timestamp()).ok()
}

/// The time (seconds since 1970) that every file of a build carries, so that the same build gives the same bytes.
///
/// `fallback` is used for versions without a time; it has to come from something as lasting as the version, for
/// example the commit.
pub fn source_epoch(version: Version, fallback: u64) -> u64 {
    version_time(version).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::super::stream_version::Padding;
    use super::*;

    #[test]
    fn a_time_becomes_fourteen_digits() {
        assert_eq!(timestamp_version(1_613_048_427), Ok(Version(20_210_211_130_027)));
        assert_eq!(timestamp_version(0), Ok(Version(19_700_101_000_000)));
        assert_eq!(timestamp_version(253_402_300_799), Ok(Version(99_991_231_235_959)));
        for out in [253_402_300_800, i64::MAX, i64::MIN, -40_000_000_000] {
            assert_eq!(timestamp_version(out), Err(VersionError::Year { seconds: out }));
        }
    }

    #[test]
    fn the_largest_version_is_still_prefixed_and_one_more_is_not() {
        let base = Some(StreamVersion::of("f1", Padding::None));
        let fits = prefixed_version(Version(8_446_744_073_709_551_615), base);
        assert_eq!(fits, PrefixedVersion { version: Version(u64::MAX), prefix: Prefix::Added });
        let over = prefixed_version(Version(8_446_744_073_709_551_616), base);
        assert_eq!(over, PrefixedVersion { version: Version(8_446_744_073_709_551_616), prefix: Prefix::Overflow });
        let huge = StreamVersion::of(&"9".repeat(400), Padding::None);
        assert_eq!(prefixed_version(Version(1), Some(huge)).prefix, Prefix::Overflow);
    }

    #[test]
    fn a_version_gives_its_time_back_with_and_without_prefix() {
        for version in [20_210_211_130_027, 2_820_210_211_130_027, 8_010_020_210_211_130_027] {
            assert_eq!(version_time(Version(version)), Some(1_613_048_427), "{version}");
            assert_eq!(source_epoch(Version(version), 5), 1_613_048_427);
        }
        for version in [0, 1, 20_219_911_130_027, 20_210_211_130_060, 19_691_231_235_959, u64::MAX] {
            assert_eq!(version_time(Version(version)), None, "{version}");
            assert_eq!(source_epoch(Version(version), 5), 5);
        }
    }
}
