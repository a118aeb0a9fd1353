//! A document in its place in an index.

use super::origin::Origin;
use crate::modulemd::model::{ModuleStream, Obsoletes};
use std::cmp::Ordering;

/// A document of an index and where it came from.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    pub(super) value: Box<T>,
    pub(super) origin: Origin,
    /// Place in the order in which documents of the module were added.
    pub(super) added: u64,
}

impl<T> Entry<T> {
    pub(super) fn new(value: Box<T>, origin: Origin, added: u64) -> Self {
        Self { value, origin, added }
    }

    /// The document.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Where it came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The document, for keeps.
    pub fn into_value(self) -> Box<T> {
        self.value
    }
}

/// What is unique among the documents of a module, and their order.
pub(super) trait Keyed {
    fn compare(&self, other: &Self) -> Ordering;
}

impl Keyed for Obsoletes {
    fn compare(&self, other: &Self) -> Ordering {
        self.stream
            .cmp(&other.stream)
            .then_with(|| self.modified.cmp(&other.modified))
            .then_with(|| self.context.cmp(&other.context))
    }
}

impl Keyed for ModuleStream {
    /// By the text of the identity, in byte order, made only where its parts do not decide; then by the parts, since
    /// an unset one and an empty one have the same text.
    fn compare(&self, other: &Self) -> Ordering {
        by_text(self, other).then_with(|| parts(self).cmp(&parts(other)))
    }
}

type Parts<'s> = (Option<&'s str>, u64, Option<&'s str>, Option<&'s str>);

fn parts(stream: &ModuleStream) -> Parts<'_> {
    (stream.stream.as_deref(), stream.version, stream.context.as_deref(), stream.arch.as_deref())
}

fn by_text(one: &ModuleStream, other: &ModuleStream) -> Ordering {
    let (a, b) = (parts(one), parts(other));
    let length = |part: Option<&str>| part.map_or(0, str::len);
    if a.0 != b.0 {
        return in_front(a.0, b.0).unwrap_or_else(|| whole(a, b));
    }
    if a.1 != b.1 {
        let same_length = a.1 != 0 && b.1 != 0 && a.1.ilog10() == b.1.ilog10();
        return if same_length { a.1.cmp(&b.1) } else { whole(a, b) };
    }
    if a.2 != b.2 && length(a.2) + length(b.2) > 0 {
        return in_front(a.2, b.2).unwrap_or_else(|| whole(a, b));
    }
    if a.3 != b.3 && length(a.3) + length(b.3) > 0 {
        return in_front(a.3, b.3).unwrap_or_else(|| whole(a, b));
    }
    Ordering::Equal
}

/// The order that the first different byte gives; none if one text is the beginning of the other, when it takes what
/// stands behind to decide, or if a colon decides, which may be one of those that go from the end.
fn in_front(a: Option<&str>, b: Option<&str>) -> Option<Ordering> {
    let (a, b) = (a.unwrap_or_default().as_bytes(), b.unwrap_or_default().as_bytes());
    let (a_byte, b_byte) = a.iter().zip(b).find(|(a, b)| a != b)?;
    (*a_byte != b':' && *b_byte != b':').then(|| a_byte.cmp(b_byte))
}

fn whole(a: Parts<'_>, b: Parts<'_>) -> Ordering {
    fn joined((stream, version, context, arch): Parts<'_>) -> String {
        let version = if version == 0 { String::new() } else { version.to_string() };
        let [stream, context, arch] = [stream, context, arch].map(Option::unwrap_or_default);
        let mut text = format!("{stream}:{version}:{context}:{arch}");
        text.truncate(text.trim_end_matches(':').len());
        text
    }
    joined(a).cmp(&joined(b))
}

impl<T: Keyed> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.compare(&other.value)
    }
}

impl<T: Keyed> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Keyed> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Keyed> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::nsvca::StreamId;
    use proptest::option;
    use proptest::prelude::*;

    fn part() -> impl Strategy<Value = Option<String>> {
        option::of("[!:a1-]{0,3}")
    }

    fn stream() -> impl Strategy<Value = ModuleStream> {
        let version = prop_oneof![Just(0), 1_u64..200, Just(u64::MAX)];
        (part(), version, part(), part()).prop_map(|(stream, version, context, arch)| ModuleStream {
            name: Some("m".to_owned()),
            stream,
            version,
            context,
            arch,
            ..ModuleStream::default()
        })
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_texts(a in stream(), b in stream(), c in stream()) {
            let text = |stream: &ModuleStream| StreamId::of(stream).to_string();
            prop_assert_eq!(by_text(&a, &b), text(&a).cmp(&text(&b)));
            prop_assert_eq!(a.compare(&b), b.compare(&a).reverse());
            prop_assert_eq!(a.compare(&b).is_eq(), parts(&a) == parts(&b));
            if a.compare(&b).is_le() && b.compare(&c).is_le() {
                prop_assert!(a.compare(&c).is_le());
            }
        }
    }
}
