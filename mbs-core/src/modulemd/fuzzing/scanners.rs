//! The fast scanner against libyaml.

use crate::modulemd::yaml::compare::{compare, documents};
use crate::modulemd::yaml::input::Input;

/// Reads each chunk of the input with the fast scanner and with libyaml. Gives how many chunks the fast scanner took.
///
/// # Panics
/// If the fast scanner took a chunk that libyaml refuses or reads differently.
pub fn compare_scanners(bytes: &[u8]) -> usize {
    let input = Input::decode(bytes);
    let texts = input.chunks().filter_map(|(start, end)| std::str::from_utf8(&input.bytes()[start..end]).ok());
    texts.filter(|text| compare(text)).count()
}

/// Number of documents that libyaml finds in the whole input behind a byte order mark, which is not cut into chunks
/// before; what is wrong, if it refuses it. `None`: the input is not well encoded.
pub fn documents_of_libyaml(bytes: &[u8]) -> Option<Result<usize, String>> {
    let input = Input::decode(bytes);
    let start = input.chunks().next().map_or(0, |(start, _)| start);
    let text = std::str::from_utf8(&input.bytes()[start..]).ok()?;
    Some(documents(text))
}
