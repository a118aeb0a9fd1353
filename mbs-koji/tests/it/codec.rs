//! Rules of the dialect, round trips of random values, damaged texts.

use mbs_koji::rpc::xml::{
    Answer, Bytes, Fragment, Limits, Member, MethodCall, Value, WireFault, XmlError, decode_answer, decode_fragment,
    decode_members, encode_answer, encode_fault,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, XmlError> {
    decode_fragment(text, &Limits::default())
}

fn value(text: &str) -> Value {
    read(text).map_err(|error| format!("{text}: {error}")).expect("it can be read")
}

#[test]
fn nil_comes_with_and_without_a_prefix() {
    for text in ["<value><nil/></value>", "<value><ex:nil/></value>", "<value>\n<nil></nil>\n</value>"] {
        assert_eq!(value(text), Value::Nil);
        assert_eq!(read::<Option<String>>(text), Ok(None));
    }
}

#[test]
fn integers_have_many_names_and_64_bits() {
    for name in ["int", "i4", "i8", "i1", "i2", "ex:i8"] {
        assert_eq!(value(&format!("<value><{name}> -7 </{name}></value>")), Value::Int(-7));
    }
    for number in [i64::MIN, i64::MAX, i64::from(i32::MAX) + 1] {
        let text = Fragment::of(&number).expect("a number");
        assert!(text.as_str().contains("<i8>"), "{text:?}");
        assert_eq!(read(text.as_str()), Ok(number));
    }
    assert!(Fragment::of(&i32::MIN).expect("a number").as_str().contains("<int>"));
    assert!(Fragment::of(&u64::MAX).is_err());
    assert!(read::<i64>("<value><i8>9223372036854775808</i8></value>").is_err());
    assert!(read::<u8>("<value><int>256</int></value>").is_err());
    assert_eq!(read::<f64>("<value><int>3</int></value>"), Ok(3.0));
}

#[test]
fn text_may_be_untyped_or_empty_and_keeps_its_blanks() {
    for (text, expected) in [
        ("<value>plain</value>", "plain"),
        ("<value> plain </value>", " plain "),
        ("<value/>", ""),
        ("<value></value>", ""),
        ("<value> </value>", " "),
        ("<value><string/></value>", ""),
        ("<value><string></string></value>", ""),
        ("<value><string> a\n b </string></value>", " a\n b "),
        ("<value>a<!-- no -->b</value>", "ab"),
        ("<value><string><![CDATA[<&>]]>&amp;</string></value>", "<&>&"),
        ("<value>\n<string>x</string>\n</value>", "x"),
    ] {
        assert_eq!(value(text), Value::from(expected), "{text}");
    }
}

#[test]
fn all_entities_and_far_characters_survive() {
    let text = "<value><string>&lt;a b=&quot;1&quot;&gt; &amp;amp; &apos;&#233;&#x1F680;&#13;</string></value>";
    assert_eq!(value(text), Value::from("<a b=\"1\"> &amp; 'é🚀\r"));
    assert!(read::<String>("<value><string>&unknown;</string></value>").is_err());
    let far = "𝄞 ]]> \r\n \t & < > \u{7f} \u{85}";
    let written = Fragment::of(far).expect("a text");
    assert_eq!(read::<String>(written.as_str()).as_deref(), Ok(far));
}

#[test]
fn what_xml_cannot_hold_is_refused_when_written() {
    for bad in ["a\0b", "\u{1b}[31m", "\u{ffff}"] {
        let error = Fragment::of(bad).expect_err(bad);
        assert!(matches!(error, XmlError::Unencodable { .. }), "{error}");
    }
    assert!(Fragment::of(&f64::NAN).is_err());
    assert!(Fragment::of(&BTreeMap::from([((1, 2), 3)])).is_err());
}

#[test]
fn bytes_are_base64_in_both_directions() {
    let written = Fragment::of(&Bytes(vec![0, 255, 10])).expect("bytes");
    assert_eq!(written.as_str(), "<value><base64>AP8K</base64></value>");
    assert_eq!(read::<Bytes>("<value><base64>\nAP\n8K\n</base64></value>"), Ok(Bytes(vec![0, 255, 10])));
    assert!(read::<Bytes>("<value><base64>AP8</base64></value>").is_err());
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Known {
    id: i64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    by_task: BTreeMap<i64, bool>,
}

#[test]
fn unknown_members_are_passed_over_and_missing_ones_may_be() {
    let text = "<value><struct><member><name>new</name><value><array><data><value><struct><member><name>x</name>\
        <value><nil/></value></member></struct></value></data></array></value></member>\
        <member><name>id</name><value><int>4</int></value></member>\
        <member><name>also &amp; new</name><value>text</value></member></struct></value>";
    assert_eq!(read::<Known>(text), Ok(Known { id: 4, name: None, by_task: BTreeMap::new() }));
    let error = read::<Known>("<value><struct></struct></value>").expect_err("no id");
    assert_eq!(error.to_string(), "missing field `id`");
}

#[test]
fn maps_may_have_numbers_as_names() {
    let sent = Known { id: 1, name: Some("x".into()), by_task: BTreeMap::from([(42, true), (-1, false)]) };
    let written = Fragment::of(&sent).expect("a struct");
    assert!(written.as_str().contains("<name>42</name>"), "{}", written.as_str());
    assert_eq!(read(written.as_str()), Ok(sent));
}

#[test]
fn an_error_names_the_place_and_never_the_content() {
    let text = "<value><array><data><value><struct><member><name>id</name><value>topsecret</value></member></struct></value></data></array></value>";
    let error = read::<Vec<Known>>(text).expect_err("a text").to_string();
    assert_eq!(error, "`[0].id`: found a text, expected i64");
}

#[test]
fn a_tuple_may_be_shorter_than_the_array() {
    let text =
        "<value><array><data><value>a</value><value><int>2</int></value><value><nil/></value></data></array></value>";
    assert_eq!(read::<(String, i64)>(text), Ok(("a".into(), 2)));
    assert_eq!(read::<Vec<i64>>("<value><array/></value>"), Ok(vec![]));
    assert_eq!(read::<Vec<i64>>("<value><array><data/></array></value>"), Ok(vec![]));
}

#[test]
fn nesting_and_size_are_bounded_also_where_nobody_looks() {
    let deep = |levels: usize| {
        let mut text = "<value><array><data>".repeat(levels);
        text.push_str(&"</data></array></value>".repeat(levels));
        text
    };
    assert!(read::<Value>(&deep(64)).is_ok());
    assert!(matches!(read::<Value>(&deep(65)), Err(XmlError::TooDeep { limit: 64, .. })));
    assert!(matches!(read::<Value>(&deep(100_000)), Err(XmlError::TooDeep { .. })));
    assert!(matches!(read::<serde::de::IgnoredAny>(&deep(100_000)), Err(XmlError::TooDeep { .. })));
    let small = Limits { bytes: 10, depth: 3 };
    let error = decode_answer::<Value>(encode_answer("").expect("text").as_bytes(), &small).expect_err("too long");
    assert!(matches!(error, XmlError::TooLarge { limit: 10, .. }), "{error}");
}

#[test]
fn what_is_no_answer_is_named() {
    for (body, expected) in [
        ("", "found nothing, expected XML-RPC"),
        (" \n", "found nothing, expected XML-RPC"),
        (
            "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>",
            "found an HTML page titled `502 Bad Gateway`, expected XML-RPC",
        ),
        ("<html><body>no</body></html>", "found an HTML page, expected XML-RPC"),
        ("{\"error\": 1}", "found JSON, expected XML-RPC"),
        ("Internal error", "found plain text, expected XML-RPC"),
        ("<?xml version='1.0'?><rss/>", "found XML of another kind, expected XML-RPC"),
        ("<?xml version='1.0'?>", "cut off after 21 bytes, before the end of `methodResponse`"),
    ] {
        let error = decode_answer::<Value>(body.as_bytes(), &Limits::default()).expect_err(body);
        assert_eq!(error.to_string(), expected);
        assert!(error.is_transient());
    }
    let error = decode_answer::<Value>(b"<methodResponse>\xff</methodResponse>", &Limits::default()).expect_err("bad");
    assert_eq!(error, XmlError::NotUtf8 { offset: 16 });
    let call = MethodCall::new("x", vec![]).encode().expect("a call");
    assert!(decode_answer::<Value>(call.as_bytes(), &Limits::default()).is_err());
}

#[test]
fn entities_of_a_document_type_are_refused() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a \"aaaa\">]><methodResponse><params><param><value>&a;</value>\
        </param></params></methodResponse>";
    assert!(decode_answer::<Value>(bomb.as_bytes(), &Limits::default()).is_err());
    assert!(MethodCall::decode(bomb.as_bytes(), &Limits::default()).is_err());
}

#[test]
fn every_cut_of_an_answer_is_an_error_that_may_pass() {
    let whole = encode_answer(&sample()).expect("an answer");
    let whole = whole.trim_end().as_bytes();
    for end in 0..whole.len() {
        let error = decode_answer::<Value>(&whole[..end], &Limits::default()).expect_err("cut");
        assert!(error.is_transient(), "{end}: {error}");
        assert!(decode_members(&whole[..end], &Limits::default()).is_err());
    }
    assert_eq!(decode_answer(whole, &Limits::default()), Ok(Answer::Result(sample())));
    let call = MethodCall::new("m", vec![sample()]);
    let text = call.encode().expect("a call");
    let text = text.trim_end();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        assert!(MethodCall::decode(&text.as_bytes()[..end], &Limits::default()).is_err(), "{end}");
    }
}

fn sample() -> Value {
    Value::from([
        ("a & b", Value::from("é <x> 🚀")),
        ("list", Value::Array(vec![Value::Nil, Value::Int(1 << 40), Value::Double(1.5), Value::Bytes(vec![1, 2])])),
    ])
}

#[test]
fn a_fault_is_written_whatever_its_text_holds() {
    let text = encode_fault(&WireFault { code: 1000, text: "no <tag> \u{1b}[0m & more".into() });
    let answer = decode_answer::<Value>(text.as_bytes(), &Limits::default());
    assert_eq!(answer, Ok(Answer::Fault(WireFault { code: 1000, text: "no <tag> [0m & more".into() })));
}

#[test]
fn enums_are_words() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        One,
        Two,
    }
    let written = Fragment::of(&vec![Word::One, Word::Two]).expect("words");
    assert_eq!(read::<Vec<Word>>(written.as_str()), Ok(vec![Word::One, Word::Two]));
    assert!(read::<Word>("<value>three</value>").is_err());
}

fn any_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            proptest::char::range(' ', '~'),
            proptest::char::range('\u{80}', '\u{fffd}'),
            proptest::char::range('\u{10000}', '\u{10ffff}'),
            proptest::sample::select(vec!['\r', '\n', '\t', '&', '<', '>', ']']),
        ],
        0..12,
    )
    .prop_map(|characters| characters.into_iter().collect())
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nil),
        any::<i64>().prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
        (-1e300..1e300_f64).prop_map(Value::Double),
        any_text().prop_map(Value::Text),
        proptest::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(any_text(), inner, 0..6).prop_map(Value::Struct),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(sent in any_value()) {
        let text = encode_answer(&sent).expect("nothing in it is forbidden");
        prop_assert_eq!(decode_answer::<Value>(text.as_bytes(), &Limits::default()), Ok(Answer::Result(sent.clone())));
        let text = encode_answer(&[Member::Result(&sent)]).expect("nothing in it is forbidden");
        let members = decode_members(text.as_bytes(), &Limits::default()).expect("members");
        let Answer::Result(members) = members else { return Err(TestCaseError::fail("a fault")) };
        prop_assert_eq!(members[0].decode::<Value>(), Ok(Member::Result(sent)));
    }

    #[test]
    fn calls_survive(method in "[a-zA-Z.]{1,20}", arguments in proptest::collection::vec(any_value(), 0..4)) {
        let call = MethodCall::new(method, arguments);
        let text = call.encode().expect("nothing in it is forbidden");
        prop_assert_eq!(MethodCall::decode(text.as_bytes(), &Limits::default()), Ok(call));
    }

    #[test]
    fn damage_never_panics(sent in any_value(), at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<proptest::sample::Index>()) {
        let mut body = encode_answer(&sent).expect("nothing in it is forbidden").into_bytes();
        let place = at.index(body.len());
        body[place] = byte;
        let _ = decode_answer::<Value>(&body, &Limits::default());
        let _ = decode_members(&body, &Limits::default());
        body.remove(place);
        let _ = decode_answer::<Value>(&body, &Limits::default());
        body.truncate(cut.index(body.len()));
        let _ = decode_answer::<Value>(&body, &Limits::default());
        let _ = MethodCall::decode(&body, &Limits::default());
    }

    #[test]
    fn junk_never_panics(pieces in proptest::collection::vec(proptest::sample::select(vec![
        "<value>", "</value>", "<array>", "<data>", "</data>", "</array>", "<struct>", "<member>", "<name>", "</name>",
        "</member>", "</struct>", "<int>", "1", "</int>", "<nil/>", "&amp;", "&#0;", "<!--", "-->", "<![CDATA[", "]]>",
        "<?x", "?>", "<", ">", "x", " ", "<methodResponse>", "<params>", "<param>", "</param>", "</params>",
        "</methodResponse>", "<fault>", "<base64>", "</base64>",
    ]), 0..30)) {
        let text = pieces.concat();
        let _ = decode_fragment::<Value>(&text, &Limits::default());
        let _ = decode_fragment::<Known>(&text, &Limits::default());
        let framed = format!("<methodResponse><params><param>{text}</param></params></methodResponse>");
        let _ = decode_answer::<Value>(framed.as_bytes(), &Limits::default());
        let _ = decode_members(framed.as_bytes(), &Limits::default());
    }
}
