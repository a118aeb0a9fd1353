//! The header structure, which signature and main header share.

use super::error::SrpmError;
use std::collections::BTreeMap;

/// Starts every header: magic, version 1, four reserved bytes.
const MAGIC: [u8; 8] = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];

/// Bytes of one index entry: tag, type, offset, count.
const ENTRY: usize = 16;

/// A value; the numbers of the types are fixed by the format.
pub(super) enum Value {
    Int16(Vec<u16>),
    Int32(Vec<u32>),
    Text(String),
    Bytes(Vec<u8>),
    Texts(Vec<String>),
    /// Text that could be translated; only the C locale is written.
    Localised(String),
}

impl Value {
    fn number(&self) -> u32 {
        match self {
            Self::Int16(_) => 3,
            Self::Int32(_) => 4,
            Self::Text(_) => 6,
            Self::Bytes(_) => 7,
            Self::Texts(_) => 8,
            Self::Localised(_) => 9,
        }
    }

    fn alignment(&self) -> usize {
        match self {
            Self::Int16(_) => 2,
            Self::Int32(_) => 4,
            Self::Text(_) | Self::Bytes(_) | Self::Texts(_) | Self::Localised(_) => 1,
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Int16(list) => list.len(),
            Self::Int32(list) => list.len(),
            Self::Texts(list) => list.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Text(_) | Self::Localised(_) => 1,
        }
    }

    fn write(&self, store: &mut Vec<u8>) {
        let mut text = |text: &str| {
            store.extend_from_slice(text.as_bytes());
            store.push(0);
        };
        match self {
            Self::Text(value) | Self::Localised(value) => text(value),
            Self::Texts(list) => list.iter().for_each(|value| text(value)),
            Self::Bytes(bytes) => store.extend_from_slice(bytes),
            Self::Int16(list) => list.iter().for_each(|value| store.extend(value.to_be_bytes())),
            Self::Int32(list) => list.iter().for_each(|value| store.extend(value.to_be_bytes())),
        }
    }
}

/// Writes a header whose region tag covers all of it.
///
/// Data lies in the order of the tags: RPM calls a header bad in which offsets do not ascend.
pub(super) fn write(region: u32, tags: &BTreeMap<u32, Value>) -> Result<Vec<u8>, SrpmError> {
    let fits = |size: usize| u32::try_from(size).map_err(|_| SrpmError::TooLarge { what: "a header" });
    let mut index = Vec::new();
    let mut store = Vec::new();
    for (tag, value) in tags {
        while store.len() % value.alignment() != 0 {
            store.push(0);
        }
        for number in [*tag, value.number(), fits(store.len())?, fits(value.count())?] {
            index.extend(number.to_be_bytes());
        }
        value.write(&mut store);
    }
    // The region's entry comes first and points behind all data, at a copy of itself with a negative offset that
    // tells the size of the index.
    let entries = tags.len() + 1;
    let trailer = fits(store.len())?;
    let back = fits(entries * ENTRY)?.wrapping_neg();
    for number in [region, 7, back, 16] {
        store.extend(number.to_be_bytes());
    }
    let mut header = Vec::from(MAGIC);
    for number in [fits(entries)?, fits(store.len())?, region, 7, trailer, 16] {
        header.extend(number.to_be_bytes());
    }
    header.append(&mut index);
    header.append(&mut store);
    Ok(header)
}
