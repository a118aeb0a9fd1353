//! What holds for merges of anything.

use super::{index, other, stream};
use crate::modulemd::{IndexMerger, MergeError, Merged, ModuleIndex, Priority, StreamId, diff};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn module() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["a", "b"])
}

fn document() -> impl Strategy<Value = String> {
    let a_stream = (module(), 1..3, 1..12, 0..2).prop_map(|(name, number, version, kind)| {
        let more = if kind == 0 { "" } else { "api: {rpms: [x]}" };
        stream(&format!("{name}:{number}:{version}:c:x86_64"), more)
    });
    let defaults = (module(), 1..4, 1..4, 1..3).prop_map(|(name, modified, number, profile)| {
        let profiles = format!("profiles: {{\"{number}\": [p{profile}]}}");
        other("defaults", &format!("module: {name}, modified: {modified}, stream: \"{number}\", {profiles}"))
    });
    let translations = (module(), 1..4, 1..3).prop_map(|(name, modified, text)| {
        let texts = format!("translations: {{cs: {{summary: t{text}}}}}");
        other("translations", &format!("module: {name}, stream: \"1\", modified: {modified}, {texts}"))
    });
    let obsoletes = (module(), 1..4, 1..3).prop_map(|(name, day, text)| {
        let time = format!("2020-01-0{day}T00:00Z");
        other("obsoletes", &format!("module: {name}, stream: \"1\", modified: \"{time}\", message: m{text}"))
    });
    prop_oneof![a_stream, defaults, translations, obsoletes]
}

fn inputs() -> impl Strategy<Value = Vec<(u32, ModuleIndex)>> {
    let input = (0..3_u32, vec(document(), 0..6))
        .prop_map(|(priority, documents)| (priority, super::reading(&documents.concat()).index));
    vec(input, 0..5)
}

fn merge<'i>(inputs: impl IntoIterator<Item = &'i (u32, ModuleIndex)>) -> Result<Merged, MergeError> {
    let mut merger = IndexMerger::new();
    for (priority, index) in inputs {
        merger.add(index.clone(), Priority::try_from(*priority).expect("a priority"));
    }
    merger.merge()
}

fn ids<'i>(indexes: impl IntoIterator<Item = &'i ModuleIndex>) -> BTreeSet<StreamId> {
    indexes.into_iter().flat_map(ModuleIndex::streams).map(StreamId::of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_merge_is_repeatable_and_unites_streams(inputs in inputs()) {
        let found = merge(&inputs);
        prop_assert_eq!(&found, &merge(&inputs));
        if let Ok(Merged { index: merged, .. }) = found {
            prop_assert_eq!(ids([&merged]), ids(inputs.iter().map(|(_, index)| index)));
            prop_assert_eq!(&index(&merged.write()), &merged);
        }
    }

    #[test]
    fn an_index_merged_with_itself_stays(inputs in inputs()) {
        for (priority, index) in &inputs {
            let twice = [(*priority, index.clone()), (*priority, index.clone())];
            let merged = merge(&twice).expect("nothing disagrees");
            prop_assert_eq!(&merged.index, index);
            prop_assert!(merged.conflicts.is_empty(), "{:?}", merged.conflicts);
        }
    }

    #[test]
    fn without_a_loss_the_order_within_a_priority_does_not_count(inputs in inputs()) {
        // Where every difference is settled by a time or a priority, nothing depends on who came first, but for the
        // order of obsoletes, which is none of meaning.
        if inputs.len() < 3
            && let (Ok(forth), Ok(back)) = (merge(&inputs), merge(inputs.iter().rev()))
            && !forth.conflicts.iter().chain(&back.conflicts).any(crate::modulemd::Conflict::is_loss)
        {
            let differs = diff(&forth.index, &back.index);
            prop_assert!(differs.is_empty(), "{}", differs);
        }
    }

    #[test]
    fn a_difference_is_empty_only_between_equal_indexes(inputs in inputs()) {
        for pair in inputs.windows(2) {
            let (one, other) = (&pair[0].1, &pair[1].1);
            let there = diff(one, other);
            let streams_and_more = there.is_empty() && one.write().len() == other.write().len();
            prop_assert!(diff(one, one).is_empty());
            prop_assert_eq!(there.is_empty(), diff(other, one).is_empty());
            prop_assert!(!there.is_empty() || streams_and_more);
            prop_assert!(!there.is_empty() || there.to_string().is_empty());
        }
    }
}
