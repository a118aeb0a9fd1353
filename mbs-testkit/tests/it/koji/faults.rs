//! What goes wrong between client and hub, seen on the socket.

use mbs_koji::rpc::xml::{Answer, Limits, MethodCall, Value, decode_answer};
use mbs_testkit::koji::{FakeHub, Hub, HubVersion, Injected, RequestKind, Rule, Stop};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A reply: status, head, body. None when the connection ended before the head did.
fn send(hub: &FakeHub, method: &str, headers: &str, body: &[u8]) -> Option<(u16, String, Vec<u8>)> {
    let url = hub.url();
    let address = url.trim_start_matches("http://").trim_end_matches("/kojihub").to_owned();
    let mut stream = TcpStream::connect(address).expect("the hub listens");
    let head =
        format!("{method} /kojihub HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat()).expect("it reads");
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n")?;
    let body = reply.split_off(end + 4);
    let head = String::from_utf8(reply).expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Some((status, head, body))
}

fn call(hub: &FakeHub, headers: &str, method: &str, arguments: Vec<Value>) -> Option<(u16, String, Vec<u8>)> {
    let body = MethodCall::new(method, arguments).encode().expect("plain values");
    send(hub, "POST", headers, body.as_bytes())
}

fn result(reply: Option<(u16, String, Vec<u8>)>) -> Result<Value, i64> {
    let (status, _, body) = reply.expect("an answer");
    assert_eq!(status, 200);
    match decode_answer::<Value>(&body, &Limits::default()).expect("XML-RPC") {
        Answer::Result(value) => Ok(value),
        Answer::Fault(fault) => Err(fault.code),
    }
}

/// A hub and the headers of a session.
fn begun(version: HubVersion) -> (FakeHub, String) {
    let hub = FakeHub::start(Hub::new(version)).expect("a free port");
    let login = result(call(&hub, "", "login", vec!["mbs".into(), "mbs".into()])).expect("the password is right");
    let part = |name: &str| login.get(name).expect("a session").clone();
    let (id, key) = (part("session-id"), part("session-key"));
    let headers = format!(
        "Koji-Session-Id: {}\r\nKoji-Session-Key: {}\r\n",
        id.as_int().expect("a number"),
        key.as_str().expect("a text")
    );
    (hub, headers)
}

fn inject(hub: &FakeHub, rule: Rule) {
    hub.with(|front| front.plan.rules = vec![rule]);
}

#[test]
fn only_calls_are_taken() {
    let (hub, _) = begun(HubVersion::V1_35);
    let (status, head, _) = send(&hub, "GET", "", b"").expect("an answer");
    assert_eq!((status, head.contains("Allow: POST")), (405, true));
    assert_eq!(send(&hub, "POST", "", b"").expect("an answer").0, 400);
    assert_eq!(send(&hub, "POST", "", b"<html>").expect("an answer").0, 400);
    hub.with(|front| front.hub.script().max_request = 10);
    assert_eq!(call(&hub, "", "getKojiVersion", Vec::new()).expect("an answer").0, 400);
}

#[test]
fn sessions_and_versions_are_told_as_each_release_does() {
    for version in HubVersion::ALL {
        let (hub, headers) = begun(version);
        let user = result(call(&hub, &headers, "getLoggedInUser", Vec::new()));
        assert_eq!(user.expect("no fault").is_nil(), version == HubVersion::V1_29, "{version}");
        let (_, head, _) = call(&hub, "", "getKojiVersion", Vec::new()).expect("an answer");
        assert_eq!(head.contains("Koji-Version: 1.35"), version == HubVersion::V1_35, "{version}");
        let numbered = format!("{headers}Koji-Session-Callnum: 0\r\n");
        if version > HubVersion::V1_29 {
            result(call(&hub, &numbered, "createTag", vec!["a".into()])).expect("a new tag");
            let again = result(call(&hub, &numbered, "createTag", vec!["b".into()]));
            assert_eq!(again.err(), (version == HubVersion::V1_35).then_some(1009), "{version}");
        }
    }
}

#[test]
fn a_lost_answer_is_of_a_call_that_was_done_and_a_lost_request_is_not() {
    let (hub, headers) = begun(HubVersion::V1_35);
    let there = |name: &str| !result(call(&hub, "", "getTag", vec![name.into()])).expect("no fault").is_nil();
    for (what, name, done) in [
        (Injected::ResetBefore, "a", false),
        (Injected::ResetAfter, "b", true),
        (Injected::Cut(40), "c", true),
        (Injected::Html, "d", false),
        (Injected::Status(502), "e", false),
    ] {
        inject(&hub, Rule::method("createTag", what.clone()));
        let reply = call(&hub, &headers, "createTag", vec![name.into()]);
        match what {
            Injected::ResetBefore | Injected::ResetAfter => assert!(reply.is_none()),
            Injected::Cut(bytes) => assert_eq!(reply.expect("a head").2.len(), bytes),
            Injected::Html => assert!(reply.expect("a page").2.starts_with(b"<!DOCTYPE html>")),
            _ => assert_eq!(reply.expect("a page").0, 502),
        }
        assert_eq!(there(name), done, "{what:?}");
    }
}

#[test]
fn a_request_that_comes_twice_is_done_twice_without_a_number() {
    let (hub, headers) = begun(HubVersion::V1_35);
    inject(&hub, Rule::method("createTag", Injected::Twice));
    assert_eq!(result(call(&hub, &headers, "createTag", vec!["a".into()])), Err(1000));
    inject(&hub, Rule::method("createTag", Injected::Twice));
    let numbered = format!("{headers}Koji-Session-Callnum: 0\r\n");
    assert_eq!(result(call(&hub, &numbered, "createTag", vec!["b".into()])), Err(1009));
    let offline = Injected::Fault { code: 1014, text: "Server disabled for maintenance".to_owned() };
    inject(&hub, Rule::next(offline).times(2));
    let codes: Vec<_> = (0..3).map(|_| result(call(&hub, "", "getAPIVersion", Vec::new())).err()).collect();
    assert_eq!(codes, [Some(1014), Some(1014), None]);
}

#[test]
fn a_hub_stops_before_or_after_a_request_until_it_is_resumed() {
    for (stop, done) in [(Stop::Before(2), false), (Stop::After(2), true)] {
        let (hub, headers) = begun(HubVersion::V1_35);
        hub.with(|front| front.plan.stop = Some(stop));
        assert!(call(&hub, &headers, "createTag", vec!["a".into()]).is_none());
        assert!(hub.wait_stopped(Duration::from_secs(10)));
        assert!(call(&hub, &headers, "createTag", vec!["b".into()]).is_none());
        hub.with(mbs_testkit::koji::Front::resume);
        let found = result(call(&hub, "", "listTags", Vec::new())).expect("no fault");
        assert_eq!(found.as_array().expect("a list").len(), usize::from(done), "{stop:?}");
    }
}

#[test]
fn requests_are_counted_by_what_they_are_for() {
    let (hub, headers) = begun(HubVersion::V1_35);
    let member = |method: &str| Value::from([("methodName", method.into()), ("params", vec![Value::Int(1)].into())]);
    let many = |names: &[&str]| vec![Value::Array(names.iter().map(|name| member(name)).collect())];
    for names in [&["getTaskInfo", "listBuilds"][..], &["getTaskInfo", "getTag"]] {
        result(call(&hub, &headers, "multiCall", many(names))).expect("a multicall");
    }
    let log = hub.requests();
    let of = [RequestKind::Session, RequestKind::Poll, RequestKind::Work].map(|kind| log.of(kind));
    assert_eq!((of, log.total(), log.working(), log.calls("getTaskInfo")), ([1, 1, 1], 3, 2, 2));
}
