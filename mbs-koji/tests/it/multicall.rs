//! Many calls in one request.

use crate::script::{Reply, Script, opened};
use mbs_koji::rpc::xml::Value;
use mbs_koji::rpc::{Call, MemberError, Multicall, SplitLimits, calls};

fn good(value: Value) -> Value {
    Value::Array(vec![value])
}

fn bad(code: i64, text: &str) -> Value {
    Value::from([
        ("faultCode", Value::Int(code)),
        ("faultString", Value::from(text)),
        ("traceback", Value::Array(vec![Value::from("a line")])),
    ])
}

fn write(name: &str) -> Call<i64> {
    calls::create_tag(name, &calls::TagChange::default())
}

#[test]
fn each_member_has_its_own_result_or_fault() {
    let target = Value::from([
        ("id", Value::Int(3)),
        ("name", Value::from("t")),
        ("build_tag", Value::Int(1)),
        ("build_tag_name", Value::from("b")),
        ("dest_tag", Value::Int(2)),
        ("dest_tag_name", Value::from("d")),
    ]);
    let answer =
        Value::Array(vec![bad(1000, "tag a already exists"), good(target), good(Value::Nil), good(Value::from("x"))]);
    let script = Script::new([opened(1, "k"), Reply::Result(answer)]);
    let hub = script.hub();
    let mut together = Multicall::new();
    let tag = together.add(write("a"));
    let target = together.add(calls::get_target("t"));
    let package = together.add(calls::add_package("a", "bash", "mbs"));
    let wrong = together.add(calls::get_package_id("bash"));
    let answers = script.run(hub.multicall(together)).expect("answers");
    let error = answers.get(tag).expect_err("a fault");
    assert!(error.fault().is_some_and(mbs_koji::rpc::Fault::is_already_there), "{error}");
    assert_eq!(answers.get(target).expect("a target").map(|target| target.id), Some(3));
    answers.get(package).expect("nothing");
    assert!(matches!(answers.get(wrong), Err(MemberError::Answer { .. })));

    let seen = script.seen()[1].call.clone().expect("a call");
    assert_eq!((seen.method.as_str(), seen.arguments.len()), ("multiCall", 1));
    let calls = seen.arguments[0].as_array().expect("calls");
    let methods: Vec<_> =
        calls.iter().map(|call| call.get("methodName").and_then(Value::as_str).expect("a name")).collect();
    assert_eq!(methods, ["createTag", "getBuildTarget", "packageListAdd", "getPackageID"]);
}

#[test]
fn a_read_that_was_committed_is_asked_again_and_a_write_is_not() {
    let replies = [opened(1, "k"), Reply::Broken, Reply::Fault(1009, "multiCall")];
    let script =
        Script::new(replies.clone().into_iter().chain([Reply::Result(Value::Array(vec![good(Value::Int(4))]))]));
    let mut together = Multicall::new();
    let package = together.add(calls::get_package_id("bash"));
    let answers = script.run(script.hub().multicall(together)).expect("answers");
    assert_eq!(answers.get(package), Ok(Some(4)));
    let numbers: Vec<_> = script.seen()[1..].iter().filter_map(crate::script::Seen::number).collect();
    assert_eq!(numbers, [0, 0, 1]);

    let script = Script::new(replies);
    let mut together = Multicall::new();
    let package = together.add(calls::get_package_id("bash"));
    let tag = together.add(write("a"));
    let answers = script.run(script.hub().multicall(together)).expect("answers");
    assert_eq!(answers.get(package), Err(MemberError::AlreadyDone { method: "getPackageID" }));
    assert_eq!(answers.get(tag), Err(MemberError::AlreadyDone { method: "createTag" }));
}

#[test]
fn many_calls_are_split_and_keep_their_order() {
    let part = |range: std::ops::Range<i64>| Reply::Result(Value::Array(range.map(|n| good(Value::Int(n))).collect()));
    let script = Script::new([opened(1, "k"), part(0..250), part(250..500), part(500..510)]);
    let mut together = Multicall::new();
    let handles: Vec<_> = (0..510).map(|n| together.add(write(&format!("tag-{n}")))).collect();
    let answers = script.run(script.hub().multicall(together)).expect("answers");
    assert!(answers.stopped().is_none());
    for (number, handle) in (0..).zip(handles) {
        assert_eq!(answers.get(handle), Ok(number));
    }
}

#[test]
fn a_later_part_that_fails_leaves_the_earlier_results() {
    let split = SplitLimits { writes: 1, ..SplitLimits::default() };
    let login = mbs_koji::rpc::Login::new(crate::script::password());
    let script = Script::new([
        opened(1, "k"),
        Reply::Result(Value::Array(vec![good(Value::Int(1))])),
        Reply::Status(413, vec![]),
    ]);
    let hub = script.builder().login(login).split(split).build();
    let mut together = Multicall::new();
    let handles: Vec<_> = ["a", "b", "c"].iter().map(|name| together.add(write(name))).collect();
    let answers = script.run(hub.multicall(together)).expect("answers");
    assert_eq!(answers.get(handles[0]), Ok(1));
    assert_eq!(answers.get(handles[1]), Err(MemberError::NotDone { method: "createTag" }));
    assert_eq!(answers.get(handles[2]), Err(MemberError::NotDone { method: "createTag" }));
    assert!(answers.stopped().is_some_and(|error| error.to_string().contains("413")));
}

#[test]
fn a_call_too_large_for_a_hub_is_not_sent() {
    let split = SplitLimits { bytes: 1_000, ..SplitLimits::default() };
    let script = Script::new([]);
    let hub = script.builder().split(split).build();
    let mut together = Multicall::new();
    together.add(write(&"x".repeat(2_000)));
    for error in [script.run(hub.multicall(together)).err(), script.run(hub.call(write(&"x".repeat(2_000)))).err()] {
        let error = error.expect("too large").to_string();
        assert!(error.contains("`createTag`: a request of"), "{error}");
    }
}

#[test]
fn a_wrong_number_of_results_is_an_error() {
    let script = Script::new([Reply::Result(Value::Array(vec![]))]);
    let mut together = Multicall::new();
    together.add(calls::get_package_id("bash"));
    let error = script.run(script.builder().build().read_all(together)).expect_err("no results");
    assert!(error.to_string().contains("found 0 results, expected 1"), "{error}");
}
