//! Entries for fuzz targets; no part of the interface.

use super::yaml::compare::compare;
use super::yaml::input::Input;

/// Reads each chunk of the input with the fast scanner and with libyaml. Gives how many chunks the fast scanner took.
///
/// # Panics
/// If the fast scanner took a chunk that libyaml refuses or reads differently.
pub fn compare_scanners(bytes: &[u8]) -> usize {
    let input = Input::decode(bytes);
    let texts = input.chunks().filter_map(|(start, end)| std::str::from_utf8(&input.bytes()[start..end]).ok());
    texts.filter(|text| compare(text)).count()
}
