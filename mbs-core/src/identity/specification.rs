//! Checks every vector of `docs/context-specification.md` against the functions, so that the two cannot part.
//!
//! A table of vectors stands below a comment `<!-- vectors: NAME -->`. Its last columns are results, the ones before
//! are arguments; a cell is a text in backticks, or a bare word: `none` for what is absent, `refused` for an error.

use super::context::{requires_text, streams_text};
use super::tag::{TAG_LIMIT, TARGET_LIMIT, name_or_hash};
use super::*;
use crate::modulemd::{Dependency, StreamSet};
use crate::{BuildId, Context, ModuleName, Nsvc, StreamName, TagName, Version};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

const SPECIFICATION: &str = include_str!("../../../docs/context-specification.md");

/// What computes the results of one table from its arguments.
type Function = fn(&[&str]) -> Vec<String>;

/// Every table: its name, how many of its last columns are results, the least number of rows (so that none gets lost),
/// and its function.
const TABLES: [(&str, usize, usize, Function); 20] = [
    ("requires", 1, 5, requires),
    ("hashed-texts", 2, 5, hashed_texts),
    ("contexts", 4, 30, contexts),
    ("static-contexts", 3, 4, static_contexts),
    ("scratch-contexts", 1, 6, scratch_contexts),
    ("timestamps", 1, 4, timestamps),
    ("version-times", 1, 4, version_times),
    ("stream-versions", 5, 20, stream_versions),
    ("major-starts", 1, 3, major_starts),
    ("base-streams", 1, 4, base_streams),
    ("prefixes", 2, 18, prefixes),
    ("disttag-hashes", 1, 6, disttag_hashes),
    ("disttag-indexes", 1, 3, disttag_indexes),
    ("markings", 1, 6, markings),
    ("disttags", 1, 8, disttags),
    ("tags", 3, 10, tags),
    ("local-tags", 2, 2, local_tags),
    ("allowed-tags", 1, 5, tags_allowed),
    ("content-generator-tags", 1, 5, content_generator_tags),
    ("module-nvrs", 2, 3, module_nvrs),
];

#[test]
fn every_vector_of_the_specification_holds() {
    let mut seen = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, rows) in tables(SPECIFICATION) {
        let known = TABLES.iter().find(|(known, ..)| *known == name);
        let (_, count, _, function) = known.unwrap_or_else(|| unreachable!("no function for {name}"));
        for row in &rows {
            assert!(row.len() > *count, "{name}: too few cells: {row:?}");
            let (arguments, expected) = row.split_at(row.len() - count);
            let found = function(arguments);
            if found != expected {
                wrong.push(format!("{name} {arguments:?}: document {expected:?}, function {found:?}"));
            }
        }
        assert!(seen.insert(name, rows.len()).is_none(), "{name} stands twice");
    }
    for (name, _, least, _) in TABLES {
        let rows = seen.get(name).copied().unwrap_or_default();
        assert!(rows >= least, "{name} has {rows} rows of at least {least}");
    }
    assert!(wrong.is_empty(), "{} vectors differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// All tables of vectors: name and rows of cells.
fn tables(document: &str) -> Vec<(&str, Vec<Vec<&str>>)> {
    let mut tables = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("<!-- vectors: ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let table = lines.by_ref().skip_while(|line| line.is_empty()).take_while(|line| line.starts_with('|'));
        // The first two lines are the heading and its rule.
        tables.push((name, table.skip(2).map(cells).collect()));
    }
    tables
}

fn cells(line: &str) -> Vec<&str> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
    inner.split('|').map(|cell| unquoted(cell.trim())).collect()
}

fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or(cell)
}

fn json<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| unreachable!("{text}: {error}"))
}

fn optional(text: &str) -> Option<&str> {
    (text != "none").then_some(text)
}

fn or_none<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn or_refused<T: Display, E>(value: Result<T, E>) -> String {
    value.map_or_else(|_| "refused".to_owned(), |value| value.to_string())
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| unreachable!("not a number: {text}"))
}

fn nsvc(text: &str) -> Nsvc {
    text.parse().expect("identity")
}

fn blocks(text: &str) -> Vec<Dependency> {
    let block = |requires: BTreeMap<String, BTreeSet<String>>| Dependency {
        requires: requires.into_iter().map(|(name, streams)| (name, StreamSet(streams))).collect(),
        ..Dependency::default()
    };
    json::<Vec<_>>(text).into_iter().map(block).collect()
}

fn requires(cells: &[&str]) -> Vec<String> {
    vec![requires_text(&runtime_requires(&blocks(cells[0])).expect("names"))]
}

fn hashed_texts(cells: &[&str]) -> Vec<String> {
    let streams: BTreeMap<ModuleName, StreamName> = json(cells[0]);
    let text = streams_text(streams.iter());
    let hash = build_context(&streams).to_string();
    vec![text, hash]
}

fn hashes(streams: &str, requires: &str) -> Contexts {
    let bases = BTreeSet::from([ModuleName::new("platform").expect("name")]);
    Contexts::compute(&json(streams), &runtime_requires(&blocks(requires)).expect("names"), &bases)
}

fn contexts(cells: &[&str]) -> Vec<String> {
    let found = hashes(cells[0], cells[1]);
    vec![found.build.to_string(), found.build_no_bms.to_string(), found.runtime.to_string(), found.context.to_string()]
}

fn static_contexts(cells: &[&str]) -> Vec<String> {
    let found = hashes(cells[0], cells[1]).with_static_context(Context::new(cells[2]).expect("context"));
    vec![found.build.to_string(), found.runtime.to_string(), found.context.to_string()]
}

fn scratch_contexts(cells: &[&str]) -> Vec<String> {
    let context = Context::new(cells[0]).expect("context");
    let earlier: Vec<Context> = json(cells[1]);
    vec![or_refused(scratch_context(&context, scratch_number(&context, &earlier)))]
}

fn timestamps(cells: &[&str]) -> Vec<String> {
    vec![or_refused(timestamp_version(number(cells[0])))]
}

fn version_times(cells: &[&str]) -> Vec<String> {
    vec![or_none(version_time(Version(number(cells[0]))))]
}

/// The number of a stream as JSON text, with the value of its suffix.
fn stream_version(stream: &str, suffix: &str, padding: Padding) -> StreamVersion {
    StreamVersion::of(&json::<String>(stream), padding).with_suffix_value(number(suffix))
}

fn stream_versions(cells: &[&str]) -> Vec<String> {
    let padded = stream_version(cells[0], cells[1], Padding::Right);
    let unpadded = stream_version(cells[0], cells[1], Padding::None);
    let parts = padded.parts().map(|(x, y, z)| format!("{x} {y} {z}"));
    let xyz = if unpadded.is_xyz_like() { "yes" } else { "no" };
    vec![
        padded.to_string(),
        unpadded.to_string(),
        format!("{:016x}", padded.value().to_bits()),
        xyz.to_owned(),
        or_none(parts),
    ]
}

fn major_starts(cells: &[&str]) -> Vec<String> {
    vec![stream_version(cells[0], cells[1], Padding::Right).major_start().to_string()]
}

fn base_streams(cells: &[&str]) -> Vec<String> {
    let (bases, streams): (Vec<ModuleName>, BTreeMap<_, _>) = (json(cells[0]), json(cells[1]));
    vec![or_none(base_stream(&bases, &streams).map(|(name, stream)| format!("{name}:{stream}")))]
}

fn prefixes(cells: &[&str]) -> Vec<String> {
    let base = optional(cells[1]).map(|stream| stream_version(stream, cells[2], Padding::None));
    let found = prefixed_version(Version(number(cells[0])), base);
    let note = match found.prefix {
        Prefix::Added => "added",
        Prefix::NoBaseModule => "no base module",
        Prefix::NoNumber => "no number",
        Prefix::Overflow => "overflow",
    };
    vec![found.version.to_string(), note.to_owned()]
}

fn disttag_hashes(cells: &[&str]) -> Vec<String> {
    vec![disttag_hash(&nsvc(cells[0]))]
}

fn disttag_indexes(cells: &[&str]) -> Vec<String> {
    let siblings: Vec<BuildId> = json(cells[1]);
    vec![disttag_index(BuildId(number(cells[0])), siblings).to_string()]
}

fn markings(cells: &[&str]) -> Vec<String> {
    let (privileged, bases): (Vec<ModuleName>, Vec<ModuleName>) = (json(cells[0]), json(cells[1]));
    let found: BTreeMap<ModuleName, (StreamName, Option<String>)> = json(cells[2]);
    let sources =
        found.into_iter().map(|(name, (stream, marking))| (name, MarkingSource { stream, marking })).collect();
    vec![or_none(disttag_marking(&privileged, &bases, &sources))]
}

fn disttags(cells: &[&str]) -> Vec<String> {
    vec![or_refused(Disttag::new(cells[0], optional(cells[1]), BuildId(number(cells[2])), &nsvc(cells[3])))]
}

fn tags(cells: &[&str]) -> Vec<String> {
    let parts: [String; 4] = json(cells[0]);
    let parts = parts.each_ref().map(String::as_str);
    let scratch = optional(cells[1]).map(|id| BuildId(number(id)));
    let (tag, target) = (name_or_hash(parts, scratch, TAG_LIMIT), name_or_hash(parts, scratch, TARGET_LIMIT));
    // The identity's own types stop at names of 200 bytes; up to there the public functions say the same.
    if let Ok(nsvc) = parts.join(":").parse() {
        assert_eq!(koji_tag(&nsvc, scratch).expect("tag").as_str(), tag);
        assert_eq!(koji_target(&nsvc, scratch).expect("target").as_str(), target);
    }
    let build = or_refused(build_tag(&TagName::new(&tag).expect("tag")));
    vec![tag, build, target]
}

fn local_tags(cells: &[&str]) -> Vec<String> {
    [false, true].map(|with_context| or_refused(local_tag(&nsvc(cells[0]), with_context))).into()
}

fn tags_allowed(cells: &[&str]) -> Vec<String> {
    let (prefixes, tags): (Vec<String>, Vec<String>) = (json(cells[0]), json(cells[1]));
    let tags: Vec<TagName> = tags.iter().map(|tag| TagName::new(tag).expect("tag")).collect();
    let found = allowed_tags(&tags, prefixes.iter().map(String::as_str));
    if let [tag] = tags.as_slice() {
        assert_eq!(allowed_tag(tag, prefixes.iter().map(String::as_str)), found);
    }
    vec![if found { "yes" } else { "no" }.to_owned()]
}

fn content_generator_tags(cells: &[&str]) -> Vec<String> {
    vec![or_refused(content_generator_tag(cells[0], cells[1], &json::<Vec<_>>(cells[2]), &json(cells[3])))]
}

fn module_nvrs(cells: &[&str]) -> Vec<String> {
    let nvr = ModuleNvr::from(&nsvc(cells[0]));
    vec![nvr.to_string(), or_refused(nvr.devel())]
}
