//! Merging by a table of cases, and what is told about it.

use super::{index, other, stream, texts};
use crate::modulemd::{IndexMerger, MergeError, Merged, ModuleIndex, Priority, StreamId, diff};

const CASES: &str = include_str!("merge_cases.txt");

/// A line of the table as a document.
fn document(line: &str) -> String {
    let (kind, rest) = line.split_once(' ').expect("a kind and its content");
    let data = rest.trim_start_matches('{').strip_suffix('}').unwrap_or(rest);
    match kind {
        "d" => other("defaults", data),
        "t" => other("translations", data),
        "o" => other("obsoletes", data),
        "s" => {
            let (id, summary) = rest.split_once(' ').unwrap_or((rest, ""));
            if summary.is_empty() { stream(id, "") } else { stream(id, &format!("references: {{tracker: {summary}}}")) }
        }
        _ => panic!("not a kind: {line}"),
    }
}

#[derive(Default)]
struct Case {
    name: String,
    strict: bool,
    inputs: Vec<(u32, String)>,
    /// The documents; none for an error.
    result: Option<String>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut in_result = false;
    for line in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
            in_result = false;
            continue;
        }
        let case = cases.last_mut().expect("a case");
        match line {
            "strict" => case.strict = true,
            "=>" => {
                in_result = true;
                case.result = Some(String::new());
            }
            "error" => case.result = None,
            _ if in_result => case.result.get_or_insert_default().push_str(&document(line)),
            _ => match line.strip_prefix("-- ") {
                Some(priority) => case.inputs.push((priority.parse().expect("a number"), String::new())),
                None => case.inputs.last_mut().expect("an input").1.push_str(&document(line)),
            },
        }
    }
    cases
}

fn merge(inputs: &[(u32, String)], merger: IndexMerger) -> Result<Merged, MergeError> {
    let mut merger = merger;
    for (priority, text) in inputs {
        merger.add(index(text), Priority::try_from(*priority).expect("a priority"));
    }
    merger.merge()
}

#[test]
fn the_cases_merge_as_the_table_says() {
    let cases = cases();
    assert!(cases.len() > 35, "{}", cases.len());
    for case in cases {
        let found = merge(&case.inputs, IndexMerger::new().strict_default_streams(case.strict));
        match (found, &case.result) {
            (Ok(found), Some(wanted)) => {
                let wanted = index(wanted);
                assert_eq!(found.index, wanted, "{}: {}", case.name, diff(&wanted, &found.index));
                assert_eq!(index(&found.index.write()), wanted, "{}", case.name);
            }
            (Err(MergeError::Conflicts { conflicts }), None) => assert!(!conflicts.is_empty(), "{}", case.name),
            (found, _) => panic!("{}: {found:#?}", case.name),
        }
    }
}

fn defaults(modified: u64, stream: &str) -> (u32, String) {
    (0, other("defaults", &format!("module: a, modified: {modified}, stream: \"{stream}\"")))
}

#[test]
fn ties_can_be_kept() {
    let inputs = [defaults(1, "1"), defaults(1, "2"), defaults(9, "3")];
    let merged = merge(&inputs, IndexMerger::new()).expect("merged");
    assert_eq!(merged.index.default_streams(None)["a"], "3");
    assert_eq!(
        texts(&merged.conflicts),
        [
            "module `a`: the default stream differs: neither `1` in modules.yaml:1 nor `2` in modules.yaml:1 counts: both \
             are equally new",
            "module `a`: the default stream differs: `3` in modules.yaml:1 is kept, `1` or `2` in modules.yaml:1 is left \
             out: the ones before it were a tie"
        ]
    );
    assert!(merged.index.module("a").expect("a").default_stream_conflict().is_none());
    let merged = merge(&inputs, IndexMerger::new().keep_ties(true)).expect("merged");
    assert!(merged.index.default_streams(None).is_empty());
    let tie = merged.index.module("a").expect("a").default_stream_conflict().expect("a tie");
    assert_eq!((tie.first.says.as_deref(), tie.second.says.as_deref()), (Some("1"), Some("2")));
    assert_eq!((tie.first.origin.index, tie.second.origin.index), (Some(0), Some(1)));
    // A merged index that is merged again still knows.
    let mut again = IndexMerger::new().keep_ties(true);
    again.add(merged.index, Priority::LOWEST);
    again.add(index(&defaults(1, "1").1), Priority::LOWEST);
    assert!(again.merge().expect("merged").index.default_streams(None).is_empty());
}

#[test]
fn all_that_forbids_a_merge_is_told_at_once() {
    let inputs = ["x", "y"].map(|profile| {
        let intents = format!("intents: {{i: {{stream: {profile}}}}}");
        (0, other("defaults", &format!("module: a, profiles: {{\"1\": [{profile}], \"2\": [{profile}]}}, {intents}")))
    });
    let Err(MergeError::Conflicts { conflicts }) = merge(&inputs, IndexMerger::new()) else { panic!("refused") };
    assert_eq!(
        texts(&conflicts),
        [
            "module `a`: the default profiles of the stream `1` differ: neither `x` in modules.yaml:1 nor `y` in \
             modules.yaml:1 counts: both are equally new",
            "module `a`: the default profiles of the stream `2` differ: neither `x` in modules.yaml:1 nor `y` in \
             modules.yaml:1 counts: both are equally new",
            "module `a`: the default stream for the intent `i` differs: neither `x` in modules.yaml:1 nor `y` in \
             modules.yaml:1 counts: both are equally new"
        ]
    );
}

#[test]
fn different_streams_can_be_an_error() {
    let inputs = ["", "api: {rpms: [x]}"].map(|more| (0, stream("a:1:1:c:x86_64", more)));
    let merged = merge(&inputs, IndexMerger::new()).expect("merged");
    assert_eq!(merged.conflicts.len(), 1);
    assert!(merged.conflicts[0].is_loss());
    assert!(merge(&inputs, IndexMerger::new().strict_streams(true)).is_err());
}

#[test]
fn what_is_newer_or_ranks_higher_is_no_loss() {
    let merged =
        merge(&[defaults(1, "1"), defaults(2, "2"), (7, defaults(0, "3").1)], IndexMerger::new()).expect("merged");
    assert_eq!(merged.conflicts.len(), 2);
    assert!(merged.conflicts.iter().all(|conflict| !conflict.is_loss()));
    let json = serde_json::to_value(&merged.conflicts[0]).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "module": "a",
            "about": {"kind": "default_stream"},
            "first": {"index": 0, "file": "modules.yaml", "document": 0, "line": 1, "says": "1"},
            "second": {"index": 1, "file": "modules.yaml", "document": 0, "line": 1, "says": "2"},
            "kept": "second",
            "reason": "newer"
        })
    );
}

#[test]
fn unknown_documents_and_keys_survive() {
    let future = "---\n{document: modulemd-future, version: 1, data: {a: 1}}\n";
    let inputs = [(0, stream("a:1", "new: x") + future), (10, stream("b:1", "") + future)];
    let merged = merge(&inputs, IndexMerger::new()).expect("merged").index;
    assert_eq!(merged.unknown_documents().count(), 1);
    let kept = merged.get(&StreamId::new("a", "1")).one().expect("a stream");
    assert!(!kept.unknown.is_empty());
    assert_eq!(index(&merged.write()), merged);
}

#[test]
fn priorities_end_at_1000() {
    assert_eq!(Priority::try_from(1000), Ok(Priority::HIGHEST));
    let error = Priority::try_from(1001).expect_err("too high");
    assert_eq!(error.to_string(), "the priority 1001 is above 1000");
    assert_eq!(merge(&[], IndexMerger::new()).expect("merged").index, ModuleIndex::new());
}
