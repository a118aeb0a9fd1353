//! How records are written.

use chrono::{DateTime, Utc};
use mbs_koji::rpc::xml::Value;

/// A struct from names and values.
macro_rules! record {
    ($($name:literal: $value:expr),* $(,)?) => {
        mbs_koji::rpc::xml::Value::Struct(std::collections::BTreeMap::from([
            $(($name.to_owned(), mbs_koji::rpc::xml::Value::from($value))),*
        ]))
    };
}
pub(in crate::koji) use record;

/// The record with further members.
pub(in crate::koji) fn with<const N: usize>(record: Value, more: [(&str, Value); N]) -> Value {
    let Value::Struct(mut members) = record else { return record };
    members.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Struct(members)
}

/// The record without some members.
pub(in crate::koji) fn without(record: Value, names: &[&str]) -> Value {
    let Value::Struct(mut members) = record else { return record };
    members.retain(|name, _| !names.contains(&name.as_str()));
    Value::Struct(members)
}

/// A time as a hub writes it: the fraction is missing when there is none.
pub(in crate::koji) fn time(time: DateTime<Utc>) -> Value {
    let pattern =
        if time.timestamp_subsec_micros() == 0 { "%Y-%m-%d %H:%M:%S+00:00" } else { "%Y-%m-%d %H:%M:%S%.6f+00:00" };
    time.format(pattern).to_string().into()
}

/// A time in seconds since 1970.
#[expect(clippy::cast_precision_loss, reason = "microseconds of today have 51 bits")]
pub(in crate::koji) fn stamp(time: DateTime<Utc>) -> Value {
    Value::Double(time.timestamp_micros() as f64 / 1e6)
}

/// [`time`] of a moment that may not have come.
pub(in crate::koji) fn time_or(moment: Option<DateTime<Utc>>) -> Value {
    moment.map_or(Value::Nil, time)
}

/// [`stamp`] of a moment that may not have come.
pub(in crate::koji) fn stamp_or(moment: Option<DateTime<Utc>>) -> Value {
    moment.map_or(Value::Nil, stamp)
}

/// A moment out of seconds since 1970.
#[expect(clippy::cast_possible_truncation, reason = "a time far outside is none")]
pub(in crate::koji) fn moment(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Int(seconds) => DateTime::from_timestamp(*seconds, 0),
        Value::Double(seconds) => DateTime::from_timestamp_micros((seconds * 1e6) as i64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fraction_of_a_time_is_missing_when_there_is_none() {
        let at = |micros| DateTime::from_timestamp_micros(micros).expect("in range");
        assert_eq!(time(at(1_795_215_419_000_000)), Value::from("2026-11-20 22:56:59+00:00"));
        assert_eq!(time(at(1_795_215_419_931_243)), Value::from("2026-11-20 22:56:59.931243+00:00"));
        assert_eq!(stamp(at(1_795_215_419_931_243)), Value::Double(1_795_215_419.931_243));
    }
}
