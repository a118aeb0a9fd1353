//! Days and minutes as the documents write them.

use crate::modulemd::de::{DAY, MINUTE};
use chrono::NaiveDate;
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A day as service levels write it: year, month, day with `-` between, and in the calendar. As the format's other
/// reader has it, each part may begin with blanks and a `+`, and what follows its digits is ignored.
pub(crate) fn parse_day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(4, '-').map(|part| {
        let part = part.trim_start_matches(BLANKS);
        let part = part.strip_prefix('+').unwrap_or(part);
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..digits].parse::<u16>().ok()
    });
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).filter(|_| year > 0)
}

/// What numbers may begin with.
const BLANKS: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];

/// A minute in universal time as obsoletes documents write it, `YYYY-MM-DDTHH:MMZ`.
///
/// Every month may have 31 days, as the format's other reader takes it; minutes are compared, never counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    min: u8,
}

/// A text that is no minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the form YYYY-MM-DDTHH:MMZ")]
pub struct MinuteError;

impl Minute {
    /// The minute that holds a point in time.
    pub fn of(time: chrono::DateTime<chrono::Utc>) -> Self {
        use chrono::{Datelike as _, Timelike as _};
        // Years outside 0 to 9999 have no form here; the nearest one compares rightly. The rest is in range by type.
        let narrow = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        Self {
            year: u16::try_from(time.year().clamp(0, 9999)).unwrap_or(0),
            month: narrow(time.month()),
            day: narrow(time.day()),
            hour: narrow(time.hour()),
            min: narrow(time.minute()),
        }
    }

    /// The number `YYYYMMDDHHMM`, as other tools keep it.
    pub fn as_number(self) -> u64 {
        [u64::from(self.month), u64::from(self.day), u64::from(self.hour), u64::from(self.min)]
            .into_iter()
            .fold(u64::from(self.year), |number, part| number * 100 + part)
    }

    /// Whether the day exists in the calendar.
    pub fn exists(self) -> bool {
        NaiveDate::from_ymd_opt(i32::from(self.year), u32::from(self.month), u32::from(self.day)).is_some()
    }
}

impl FromStr for Minute {
    type Err = MinuteError;

    /// Also takes numbers with fewer digits and blanks before them, as the format's other reader does; the year 0 does
    /// not exist.
    fn from_str(text: &str) -> Result<Self, MinuteError> {
        let mut rest = text;
        let mut number = |digits: usize, behind: &str| {
            let start = rest.trim_start_matches(BLANKS);
            let end = start.bytes().take(digits).take_while(u8::is_ascii_digit).count();
            let (number, next) = start.split_at(end);
            rest = next.strip_prefix(behind).ok_or(MinuteError)?;
            number.parse::<u16>().map_err(|_| MinuteError)
        };
        let (year, month, day) = (number(4, "-")?, number(2, "-")?, number(2, "T")?);
        let (hour, min) = (number(2, ":")?, number(2, "Z")?);
        let valid = rest.is_empty()
            && year > 0
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && min < 60;
        let narrow = |number: u16| u8::try_from(number).map_err(|_| MinuteError);
        let found = Self { year, month: narrow(month)?, day: narrow(day)?, hour: narrow(hour)?, min: narrow(min)? };
        if valid { Ok(found) } else { Err(MinuteError) }
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, min } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{min:02}Z")
    }
}

impl Serialize for Minute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Minute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A deserializer that cannot stop notes the problem itself and goes on with this stand-in.
        deserializer.deserialize_newtype_struct(MINUTE, TextOf(|text: &str| text.parse().unwrap_or_default()))
    }
}

/// Reads the day of a service level.
pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    deserializer.deserialize_newtype_struct(DAY, TextOf(parse_day))
}

/// Makes a value of a text.
struct TextOf<F>(F);

impl<'de, T, F: FnOnce(&str) -> T> Visitor<'de> for TextOf<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_must_exist() {
        for good in ["2077-10-23", "2077-1-2T00:00Z", "2024-02-29", " 2077-+1- 2-x", "2077x-1y-2", "65535-12-31"] {
            assert!(parse_day(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "2077",
            "2077-10",
            "2077-13-01",
            "2023-02-29",
            "2077-0-1",
            "x-y-z",
            "-2077-1-1",
            "2077-1-",
            "0-1-1",
            "65536-1-1",
            "2077-257-1",
        ] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn minutes_are_written_in_one_form_and_compare_by_time() {
        let minute: Minute = "2021-04-30T13:05Z".parse().expect("a minute");
        assert_eq!((minute.to_string().as_str(), minute.as_number()), ("2021-04-30T13:05Z", 202_104_301_305));
        for same in [" 2021-4-30T13:5Z", "2021-\t4- 30T13:05Z", "2021-04-30T13:05Z"] {
            assert_eq!(same.parse(), Ok(minute), "{same}");
        }
        assert!(minute < "2021-05-01T00:00Z".parse().expect("a minute"));
        assert!(!"2021-02-31T00:00Z".parse::<Minute>().expect("taken by the format").exists());
        for bad in [
            "",
            "2021-04-30T13:05:00Z",
            "2021-04-30 13:05Z",
            "2021-04-30T13:05",
            "2021-13-01T00:00Z",
            "2021-04-30T24:00Z",
            "2021-04-30T23:60Z",
            "2021-004-30T13:05Z",
            "20210-04-30T13:05Z",
            "+2021-04-30T13:05Z",
            "2021-04 -30T13:05Z",
            "2021-04-30T13:05Z ",
            "0000-04-30T13:05Z",
            "2021--30T13:05Z",
        ] {
            assert_eq!(bad.parse::<Minute>(), Err(MinuteError), "{bad}");
        }
    }
}
