//! Every recorded request and answer of a real hub is read, and requests survive being written again.

use mbs_koji::rpc::xml::{Answer, Limits, Member, MethodCall, Value, decode_answer, decode_members, encode_answer};
use std::path::PathBuf;

fn recorded(ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the recorded bodies")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_str().is_some_and(|name| name.ends_with(ending)))
        .map(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            (name, std::fs::read(&path).expect("a body"))
        })
        .collect();
    files.sort();
    files
}

fn response(name: &str) -> Vec<u8> {
    recorded(".response.xml").into_iter().find(|(found, _)| found.starts_with(name)).expect(name).1
}

#[test]
fn every_request_survives_being_read_and_written() {
    let requests = recorded(".request.xml");
    assert_eq!(requests.len(), 55);
    for (name, body) in requests {
        let call = MethodCall::decode(&body, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = call.encode().expect("it came from XML");
        assert_eq!(MethodCall::decode(again.as_bytes(), &Limits::default()).as_ref(), Ok(&call), "{name}");
        // The recording client writes the name of the method into the name of the file.
        assert!(!call.method.is_empty(), "{name}");
    }
}

#[test]
fn every_answer_is_read_and_results_survive_being_written() {
    let answers = recorded(".response.xml");
    assert_eq!(answers.len(), 60);
    let mut faults = Vec::new();
    for (name, body) in answers {
        let answer =
            decode_answer::<Value>(&body, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        match answer {
            Answer::Result(value) => {
                let again = encode_answer(&value).expect("it came from XML");
                let read = decode_answer::<Value>(again.as_bytes(), &Limits::default());
                assert_eq!(read, Ok(Answer::Result(value)), "{name}");
            }
            Answer::Fault(fault) => faults.push((name[..2].to_owned(), fault.code)),
        }
    }
    let expected = [
        ("03", 1002),
        ("06", 1002),
        ("08", 1004),
        ("09", 1000),
        ("10", 1009),
        ("11", 1008),
        ("12", 1009),
        ("13", 1006),
        ("14", 1007),
        ("15", 1014),
        ("17", 1000),
        ("22", 1000),
        ("36", 1000),
        ("42", 1005),
        ("43", 1000),
        ("44", 1000),
        ("48", 1003),
        ("49", 1003),
        ("55", 1000),
        ("56", 1002),
        ("57", 1),
    ];
    assert_eq!(faults, expected.map(|(name, code)| (name.to_owned(), code)));
}

#[test]
fn keywords_are_told_from_a_last_struct() {
    let requests = recorded(".request.xml");
    let call = |name: &str| {
        let body = &requests.iter().find(|(found, _)| found.starts_with(name)).expect(name).1;
        MethodCall::decode(body, &Limits::default()).expect(name)
    };
    let renew = call("04-");
    assert_eq!(renew.arguments, [Value::from("mbs"), Value::from("mbs")]);
    assert_eq!(renew.keywords.get("renew"), Some(&Value::Bool(true)));
    let build = call("37-");
    assert!(build.arguments[2].get("skip_tag").is_some() && build.keywords.len() == 1, "{build:?}");
    let import = call("54-");
    assert!(import.keywords.is_empty() && import.arguments[0].get("metadata_version").is_some(), "{import:?}");
}

#[test]
fn members_of_a_multicall_are_read_one_by_one() {
    let answer = decode_members(&response("25-"), &Limits::default()).expect("an answer");
    let Answer::Result(members) = answer else { panic!("{answer:?}") };
    let read: Vec<Member<Option<i64>>> = members.iter().map(|member| member.decode().expect("a member")).collect();
    assert_eq!(read[0], Member::Result(None));
    assert_eq!(read[2], Member::Result(None));
    let Member::Fault(fault) = &read[1] else { panic!("{read:?}") };
    assert_eq!((fault.code, fault.text.as_str()), (1000, "No such user: 'no-such-user'"));

    let answer = decode_members(&response("38-"), &Limits::default()).expect("an answer");
    let Answer::Result(members) = answer else { panic!("{answer:?}") };
    let ids: Vec<_> = members.iter().map(|member| member.decode::<i64>().expect("a member")).collect();
    assert_eq!(ids, [70, 71, 72].map(Member::Result));
    let error = members[0].decode::<String>().expect_err("an integer");
    assert_eq!(error.to_string(), "`[0]`: found an integer, expected a string");
}
