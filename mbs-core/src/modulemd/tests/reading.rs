//! What is read, and where problems are said to be.

use super::super::{Document, ModuleStream, Severity, StreamRule, Value, render_all};
use super::{GREENHOUSE, lenient, places, stream, strict, with};
use std::collections::BTreeSet;

#[test]
fn scalars_keep_their_source_text() {
    let module = stream(GREENHOUSE);
    assert_eq!(module.stream.as_deref(), Some("1.0"));
    assert_eq!(module.components.rpms["libgauge"].git_ref.as_deref(), Some("00000000"));
    assert_eq!(module.components.rpms["gaugectl"].git_ref.as_deref(), Some("7e96446"));
    assert_eq!(module.components.rpms["gaugectl"].buildorder, 10);
    assert_eq!(module.buildopts.rpms.macros.as_deref(), Some("%greenhouse_build_kind modular\n"));
    assert_eq!(module.dependencies[0].requires["platform"].rule(), StreamRule::Any);
    assert!(module.repo_include_all());
    assert_eq!(module.blocked_packages(), ["bash", "7e96446"]);
    let odd = stream(&with("name: yes\nstream: 5.10\ncontext: 1e3\narch: ~x"));
    assert_eq!(
        (odd.name.as_deref(), odd.stream.as_deref(), odd.context.as_deref(), odd.arch.as_deref()),
        (Some("yes"), Some("5.10"), Some("1e3"), Some("~x"))
    );
}

#[test]
fn xmd_tells_a_number_from_a_text_that_looks_like_one() {
    let module = stream(&with("xmd:\n  a: 5.10\n  b: '5.10'\n  c: [x, {d: yes}, true]"));
    let xmd = module.xmd.expect("xmd");
    let typed = |key: &str| match xmd.get(key) {
        Some(Value::Scalar(scalar)) => (scalar.as_str().to_owned(), scalar.is_typed()),
        other => panic!("{other:?}"),
    };
    assert_eq!(typed("a"), ("5.10".to_owned(), true));
    assert_eq!(typed("b"), ("5.10".to_owned(), false));
    assert_eq!(xmd.get("c").and_then(Value::as_list).map(<[Value]>::len), Some(3));
    assert_eq!(xmd.get("c").and_then(Value::texts), Some(vec!["x", "true"]));
}

#[test]
fn all_problems_come_at_once_with_their_places() {
    let text = "document: modulemd
version: 2
data:
  name: [a]
  static_context: yes
  version: -1
  summary: S
  license: {module: [MIT]}
  components:
    rpms:
      ../etc: {ref: main}
      libgauge:
        repostory: x
        buildorder: ten
        buildafter: [nothing]
  api: [x]
  artifacts: {rpms: [bash-4.2-1.x86_64]}
";
    let reading = strict(text);
    assert!(reading.documents.is_empty());
    assert_eq!(
        places(&reading.diagnostics),
        [
            "MD0302 4:3 data.description",
            "MD0202 4:9 data.name",
            "MD0308 4:9 data.name",
            "MD0205 5:19 data.static_context",
            "MD0206 6:12 data.version",
            "MD0309 11:7 data.components.rpms[\"../etc\"]",
            "MD0201 13:9 data.components.rpms.libgauge.repostory",
            "MD0207 14:21 data.components.rpms.libgauge.buildorder",
            "MD0312 15:22 data.components.rpms.libgauge.buildafter[0]",
            "MD0203 16:8 data.api",
            "MD0306 17:22 data.artifacts.rpms[0]",
        ]
    );
    let shown = render_all(&reading.diagnostics, text);
    assert!(
        shown.contains(
            "error[MD0201]: unknown key `repostory`
  --> test.yaml:13:9 (document 0, data.components.rpms.libgauge.repostory)
   |
13 |         repostory: x
   |         ^
"
        ),
        "{shown}"
    );
    assert!(shown.contains("hint: did you mean `repository`?"), "{shown}");
}

#[test]
fn unknown_and_duplicate_keys_are_errors_only_in_strict_mode() {
    let text = with("nmae: x\nname: first\nname: last");
    let reading = lenient(&text);
    assert_eq!(places(&reading.diagnostics), ["MD0201 7:3 data.nmae", "MD0010 9:3 data.name"]);
    assert!(reading.diagnostics.iter().all(|one| one.severity == Severity::Warning));
    let Document::Stream(module) = &reading.documents[0].value else { panic!("stream") };
    assert_eq!(module.name.as_deref(), Some("last"));
    let reading = strict(&text);
    assert!(reading.documents.is_empty() && reading.diagnostics.iter().all(|one| one.severity == Severity::Error));
}

#[test]
fn duplicates_are_found_in_large_maps_too() {
    let many: String = (0..100).map(|number| format!("\n    c{number}: {{}}")).collect::<Vec<_>>().concat();
    let text = with(&format!("components:\n  rpms:{many}\n    c7: {{ref: x}}"));
    let reading = lenient(&text);
    assert_eq!(reading.diagnostics.len(), 1);
    let Document::Stream(module) = &reading.documents[0].value else { panic!("stream") };
    assert_eq!(module.components.rpms.len(), 100);
    assert_eq!(module.components.rpms["c7"].git_ref.as_deref(), Some("x"));
}

#[test]
fn a_bad_document_never_hides_another() {
    let good = with("name: good");
    let text = format!(
        "---\n{good}---\na: [1\n---\n{good}...\n---\ndocument: future\nversion: 1\ndata: {{}}\n---\n- list\n---\n\
         document: modulemd\nversion: x\ndata: {{}}\n---\na: \"open\n---\n{good}"
    );
    let reading = lenient(&text);
    let numbers: Vec<usize> = reading.documents.iter().map(|document| document.document).collect();
    assert_eq!(numbers, [0, 2, 3, 7]);
    let codes: Vec<_> = reading.diagnostics.iter().map(|one| (one.document, one.code.as_str())).collect();
    assert_eq!(codes, [(1, "MD0003"), (3, "MD0103"), (4, "MD0101"), (5, "MD0206"), (6, "MD0003")]);
    let Document::Unknown(kept) = &reading.documents[2].value else { panic!("an unknown document") };
    assert_eq!((kept.kind.as_str(), kept.version), ("future", 1));
    assert_eq!(kept.root.get("document").and_then(Value::as_str), Some("future"));
    let span = reading.documents[1].span;
    assert!(text[span.0..span.1].starts_with("---\ndocument: modulemd"));
    assert!(strict(&text).diagnostics.iter().any(|one| one.code.as_str() == "MD0103" && one.is_error()));
}

#[test]
fn syntax_errors_carry_the_parsers_words_and_place() {
    let reading = lenient("---\na: 1\n---\ndata:\n  a: b: c\n");
    assert_eq!(places(&reading.diagnostics[4..]), ["MD0003 5:7 "]);
    assert_eq!(reading.diagnostics[4].message, "mapping values are not allowed in this context");
    let reading = lenient("data:\n  a: \"open\n  b: 1\n---\n");
    assert_eq!(places(&reading.diagnostics[..1]), ["MD0003 2:6 "], "an open quote is shown where it begins");
}

#[test]
fn the_envelope_is_checked_in_any_order_of_keys() {
    let reading = strict("data: {}\nmore: 1\n");
    assert_eq!(places(&reading.diagnostics), ["MD0102 1:1 document", "MD0104 1:1 version", "MD0201 2:1 more"]);
    let reading = strict("version: 0\ndocument: modulemd\n");
    assert_eq!(places(&reading.diagnostics), ["MD0106 1:1 data", "MD0104 1:10 version"]);
    let reading =
        lenient("document: modulemd\nversion: 3\ndata: {}\n---\ndocument: modulemd-defaults\nversion: 1\ndata: {}\n");
    assert_eq!(places(&reading.diagnostics), ["MD0105 2:10 version", "MD0325 7:7 data.module"]);
    assert_eq!(reading.documents.len(), 1);
}

#[test]
fn aliases_are_resolved() {
    let module = stream(&with("api: &a {rpms: &l [x, y]}\nfilter: *a\nprofiles: {p: {rpms: *l}}"));
    assert_eq!(module.filter, module.api);
    assert_eq!(module.profiles["p"].rpms, module.api.rpms);
    let reading = strict(&with("api: *nothing"));
    assert_eq!(places(&reading.diagnostics), ["MD0007 7:8 "]);
    let reading = strict(&with("xmd: &x {y: *x}"));
    assert_eq!(places(&reading.diagnostics), ["MD0007 7:15 "]);
}

#[test]
fn a_place_behind_an_alias_is_where_the_value_stands_and_the_path_is_where_it_is_used() {
    let reading = strict(&with("xmd: &a [x]\napi: *a"));
    assert_eq!(places(&reading.diagnostics), ["MD0321 7:8 data.xmd", "MD0203 7:8 data.api"]);
}

#[test]
fn sets_take_one_text_for_a_list_of_one() {
    let module = stream(&with("api: {rpms: one}\nfilter: {rpms: }\nprofiles: {p: {rpms: [b, a, b]}}"));
    assert_eq!(module.api.rpms.iter().collect::<Vec<_>>(), ["one"]);
    assert!(module.filter.rpms.is_empty());
    assert_eq!(module.profiles["p"].rpms.iter().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn an_empty_list_of_packages_is_only_a_warning() {
    let reading = strict(&with("api:\nfilter: {}"));
    assert_eq!(places(&reading.diagnostics), ["MD0203 7:7 data.api"]);
    assert_eq!((reading.has_errors(), reading.documents.len()), (false, 1));
    assert!(strict(&with("references:")).has_errors());
}

#[test]
fn utf16_and_crlf_are_read() {
    let text = GREENHOUSE.replace('\n', "\r\n");
    assert_eq!(stream(&text), stream(GREENHOUSE));
    let bytes: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(GREENHOUSE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let reading = super::read(&bytes, "x", &super::ReadOptions::strict());
    assert_eq!(reading.documents[0].value, Document::Stream(Box::new(stream(GREENHOUSE))));
}

#[test]
fn unknown_keys_are_kept_with_their_places() {
    let text = format!("extra: [1]\n{}", with("dependencies: [{}, {odd: {a: 1}}]\nmore: x\nmore: y"));
    let reading = lenient(&text);
    let Document::Stream(module) = &reading.documents[0].value else { panic!("stream") };
    let kept: Vec<String> =
        module.unknown.list().into_iter().map(|(path, value)| format!("{path} {}", serde_json::json!(value))).collect();
    assert_eq!(kept, ["extra [1]", "data.more \"y\"", "data.dependencies[1].odd {\"a\":1}"]);
}

#[test]
fn every_kind_of_document_is_read() {
    let reading = strict(concat!(
        "---\ndocument: modulemd\nversion: 1\ndata:\n  name: a\n  stream: b\n  summary: S\n  description: D\n",
        "  license: {module: MIT}\n  eol: 2077-10-23\n  dependencies: {requires: {platform: f29}}\n",
        "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: a\n  stream: 5.10\n  profiles: {5.10: [x, y], b: }\n",
        "  intents: {desktop: {stream: '', profiles: {b: z}}}\n",
        "---\ndocument: modulemd-translations\nversion: 1\ndata:\n  module: a\n  stream: b\n  modified: 20\n",
        "  translations: {cs_CZ: {summary: Souhrn, profiles: {x: Profil}}}\n",
        "---\ndocument: modulemd-obsoletes\nversion: 1\ndata:\n  modified: 2021-04-30T13:05Z\n  module: a\n  stream: b\n",
        "  message: gone\n  obsoleted_by: {module: a, stream: c}\n",
    ));
    assert_eq!(places(&reading.diagnostics), [""; 0]);
    let mut documents = reading.documents.into_iter().map(|one| one.value);
    let Some(Document::StreamV1(old)) = documents.next() else { panic!("version 1") };
    let new = ModuleStream::from(*old);
    assert_eq!(new.dependencies[0].requires["platform"].single(), Some("f29"));
    assert_eq!(new.servicelevels["rawhide"].eol.map(|day| day.to_string()).as_deref(), Some("2077-10-23"));
    let Some(Document::Defaults(defaults)) = documents.next() else { panic!("defaults") };
    assert_eq!((defaults.default_stream(None), defaults.default_stream(Some("desktop"))), (Some("5.10"), None));
    assert_eq!(defaults.default_profiles("b", Some("desktop")).map(BTreeSet::len), Some(1));
    assert_eq!(defaults.default_profiles("b", None).map(BTreeSet::len), Some(0));
    let Some(Document::Translations(translations)) = documents.next() else { panic!("translations") };
    assert_eq!(translations.translations["cs_CZ"].profiles["x"], "Profil");
    let Some(Document::Obsoletes(obsoletes)) = documents.next() else { panic!("obsoletes") };
    assert_eq!(obsoletes.obsoleted_by.as_ref().map(|next| next.stream.as_str()), Some("c"));
    assert!(obsoletes.is_active(obsoletes.modified));
}

#[test]
fn obsoletes_that_contradict_themselves_are_refused() {
    let document = |lines: &str| format!("document: modulemd-obsoletes\nversion: 1\ndata: {{{lines}}}\n");
    let reading = strict(&document("modified: 2021-04-30, module: a, stream: '', message: m"));
    assert_eq!(places(&reading.diagnostics), ["MD0315 3:18 data.modified", "MD0325 3:49 data.stream"]);
    let reading = strict(&document(
        "modified: 2021-02-31T00:00Z, module: a, stream: b, message: m, reset: true, eol_date: 2021-01-01T00:00Z",
    ));
    assert_eq!(places(&reading.diagnostics), ["MD0327 3:18 data.modified", "MD0328 3:94 data.eol_date"]);
}

#[test]
fn an_unknown_key_whose_value_cannot_be_kept_is_an_error() {
    let reading = lenient(&with("sumary: {[a]: b}"));
    assert_eq!(places(&reading.diagnostics), ["MD0201 7:3 data.sumary", "MD0008 7:12 data.sumary[\"?\"]"]);
    assert!(reading.has_errors() && reading.documents.is_empty());
}

#[test]
fn directives_without_an_end_of_the_document_before_belong_to_the_next() {
    let text =
        format!("{}%YAML 1.1\n# c\n---\n{}%TAG ! tag:a,1:\n--- [\n---\n{0}%YAML 1.1\n", with(""), with("name: a"));
    let reading = lenient(&text);
    let found: Vec<(usize, u32)> = reading.documents.iter().map(|one| (one.document, one.line)).collect();
    assert_eq!(found, [(0, 1), (1, 7), (3, 19)]);
    assert_eq!(places(&reading.diagnostics), ["MD0003 18:6 ", "MD0003 26:10 "]);
}
