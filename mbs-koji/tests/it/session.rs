//! Sessions, call numbers and repeats: what is sent again, with which number, and what the caller learns.

use crate::script::{Reply, Script, opened};
use mbs_core::Blame;
use mbs_core::builder::Retry;
use mbs_koji::rpc::xml::Value;
use mbs_koji::rpc::{Call, CallError, FaultKind, LoginError, Outcome, RetryPolicy, Trouble, calls};
use std::time::Duration;

fn write() -> Call<i64> {
    calls::create_tag("module-x", &calls::TagChange::default())
}

fn read() -> Call<Option<i64>> {
    calls::get_package_id("bash")
}

fn names(script: &Script) -> Vec<(String, Option<u64>)> {
    script.calls()
}

fn call(method: &str, number: u64) -> (String, Option<u64>) {
    (method.to_owned(), Some(number))
}

fn login() -> (String, Option<u64>) {
    ("login".to_owned(), None)
}

#[test]
fn a_request_carries_exactly_the_headers_of_the_original() {
    let script = Script::new([opened(7, "1-key"), Reply::Result(Value::Int(3)), Reply::Result(Value::Nil)]);
    let hub = script.hub();
    script.run(async {
        assert_eq!(hub.call(write()).await.expect("an answer"), 3);
        assert_eq!(hub.read(read()).await.expect("an answer"), None);
    });
    let seen = script.seen();
    let headers = |index: usize| -> Vec<_> { seen[index].request.headers.iter().map(|(name, _)| *name).collect() };
    assert_eq!(headers(0), ["Content-Type", "User-Agent"]);
    let session =
        ["Content-Type", "User-Agent", "Koji-Session-Id", "Koji-Session-Key", "Koji-Session-Callnum", "Koji-Callnum"];
    assert_eq!(headers(1), session);
    assert_eq!(headers(2), ["Content-Type", "User-Agent"]);
    for (name, value) in [
        ("content-type", "text/xml"),
        ("user-agent", "koji/1"),
        ("koji-session-key", "1-key"),
        ("koji-session-id", "7"),
    ] {
        assert_eq!(seen[1].request.header(name), Some(value));
    }
    assert_eq!(seen[1].request.url.as_str(), "https://hub.example/kojihub");
    assert_eq!(names(&script), [login(), call("createTag", 0), ("getPackageID".to_owned(), None)]);
}

#[test]
fn an_old_hub_gets_the_session_in_the_query_and_no_message_shows_it() {
    let old = Value::from([("session-id", Value::Int(7)), ("session-key", Value::from("1-key"))]);
    let script = Script::new([Reply::Result(old), Reply::Status(403, vec![])]);
    let hub = script.hub();
    let error = script.run(hub.call(write())).expect_err("refused");
    let request = &script.seen()[1].request;
    assert_eq!(request.url.query(), Some("session-id=7&session-key=1-key&callnum=0"));
    assert_eq!(request.headers.len(), 2);
    for text in [format!("{error}"), format!("{error:?}"), format!("{request:?}"), format!("{hub:?}")] {
        assert!(!text.contains("1-key") && text.contains("hub.example"), "{text}");
    }
}

#[test]
fn numbers_count_every_call_and_a_fault_too() {
    let script = Script::new([
        opened(1, "k"),
        Reply::Result(Value::Int(1)),
        Reply::Fault(1000, "tag already exists"),
        Reply::Result(Value::Nil),
    ]);
    let hub = script.hub();
    script.run(async {
        hub.call(write()).await.expect("an answer");
        let error = hub.call(write()).await.expect_err("a fault");
        assert!(error.fault().is_some_and(mbs_koji::rpc::Fault::is_already_there), "{error}");
        assert_eq!((error.blame(), error.retry()), (Blame::Unspecified, Retry::Never));
        hub.call(read()).await.expect("an answer");
    });
    assert_eq!(names(&script), [login(), call("createTag", 0), call("createTag", 1), call("getPackageID", 2)]);
}

#[test]
fn a_lost_answer_is_asked_for_with_the_same_number() {
    for lost in [Reply::Broken, Reply::Hang, Reply::Status(502, vec![]), Reply::Body("<html></html>"), Reply::Body("")]
    {
        let script =
            Script::new([opened(1, "k"), lost.clone(), Reply::Result(Value::Int(5)), Reply::Result(Value::Nil)]);
        let hub = script.hub();
        script.run(async {
            assert_eq!(hub.submit(write()).await.expect("an answer"), Outcome::Answer(5));
            hub.call(read()).await.expect("an answer");
        });
        let expected = [login(), call("createTag", 0), call("createTag", 0), call("getPackageID", 1)];
        assert_eq!(names(&script), expected, "{lost:?}");
    }
}

#[test]
fn work_that_is_done_is_not_done_again() {
    let script = Script::new([opened(1, "k"), Reply::Broken, Reply::Fault(1009, "unable to retry call")]);
    let hub = script.hub();
    assert_eq!(script.run(hub.submit(write())).expect("done"), Outcome::AlreadyDone);
    assert_eq!(names(&script), [login(), call("createTag", 0), call("createTag", 0)]);

    // A proxy that delivers a request twice may give the answer of the second.
    let script = Script::new([opened(1, "k"), Reply::Fault(1009, "unable to retry call")]);
    let error = script.run(script.hub().call(write())).expect_err("no answer");
    assert!(matches!(error, CallError::AnswerLost { .. }) && error.is_doubtful(), "{error}");
}

#[test]
fn a_read_whose_answer_is_lost_is_asked_again_with_a_fresh_number() {
    let script = Script::new([
        opened(1, "k"),
        Reply::Broken,
        Reply::Fault(1009, "unable to retry call"),
        Reply::Result(Value::Int(4)),
    ]);
    assert_eq!(script.run(script.hub().call(read())).expect("an answer"), Some(4));
    assert_eq!(names(&script), [login(), call("getPackageID", 0), call("getPackageID", 0), call("getPackageID", 1)]);
}

#[test]
fn an_expired_session_is_renewed_and_its_count_goes_on() {
    let script = Script::new([
        opened(1, "old"),
        Reply::Result(Value::Int(1)),
        Reply::Fault(1007, "session has expired"),
        opened(1, "new"),
        Reply::Result(Value::Int(2)),
    ]);
    let hub = script.hub();
    script.run(async {
        hub.call(write()).await.expect("an answer");
        hub.call(write()).await.expect("an answer");
    });
    let expected = [login(), call("createTag", 0), call("createTag", 1), call("login", 2), call("createTag", 3)];
    assert_eq!(names(&script), expected);
    let seen = script.seen();
    assert_eq!(seen[3].request.header("Koji-Session-Key"), Some("old"));
    assert_eq!(seen[3].call.as_ref().expect("a call").keywords.get("renew"), Some(&Value::Bool(true)));
    assert_eq!(seen[4].request.header("Koji-Session-Key"), Some("new"));
}

#[test]
fn a_session_that_cannot_be_renewed_is_replaced() {
    let script = Script::new([
        opened(1, "old"),
        Reply::Fault(1007, "session has expired"),
        Reply::Fault(1002, "invalid session"),
        opened(2, "new"),
        Reply::Result(Value::Int(2)),
    ]);
    assert_eq!(script.run(script.hub().call(write())).expect("an answer"), 2);
    assert_eq!(names(&script)[3..], [login(), call("createTag", 0)]);
}

#[test]
fn a_number_too_low_or_a_closed_session_leads_to_a_new_one() {
    for code in [1008, 1002] {
        let script =
            Script::new([opened(1, "a"), Reply::Fault(code, "no"), opened(2, "b"), Reply::Result(Value::Int(2))]);
        assert_eq!(script.run(script.hub().call(write())).expect("an answer"), 2);
        assert_eq!(names(&script), [login(), call("createTag", 0), login(), call("createTag", 0)]);
        assert_eq!(script.seen()[3].request.header("Koji-Session-Id"), Some("2"));
    }
}

#[test]
fn missing_access_is_told_after_one_new_session() {
    let script =
        Script::new([opened(1, "a"), Reply::Fault(1002, "no access"), opened(2, "b"), Reply::Fault(1002, "no access")]);
    let error = script.run(script.hub().call(write())).expect_err("no access");
    assert_eq!(error.fault().map(mbs_koji::rpc::Fault::kind), Some(FaultKind::Auth));
    assert_eq!(error.blame(), Blame::Infra);
}

#[test]
fn a_write_is_in_doubt_when_its_session_ends_before_its_answer_comes() {
    for code in [1002, 1007, 1008] {
        let mut replies = vec![opened(1, "a"), Reply::Broken, Reply::Fault(code, "no")];
        if code == 1007 {
            replies.push(opened(1, "b"));
        }
        let script = Script::new(replies);
        let error = script.run(script.hub().call(write())).expect_err("in doubt");
        assert!(matches!(error, CallError::FateUnknown { .. }) && error.is_doubtful(), "{code}: {error}");
        // A read is simply asked again.
        let mut replies = vec![opened(1, "a"), Reply::Broken, Reply::Fault(code, "no"), opened(1, "b")];
        replies.push(Reply::Result(Value::Nil));
        let script = Script::new(replies);
        assert_eq!(script.run(script.hub().call(read())).expect("an answer"), None);
    }
}

#[test]
fn a_write_is_in_doubt_also_when_an_earlier_session_was_closed() {
    let script = Script::new([
        opened(1, "a"),
        Reply::Fault(1002, "no"),
        opened(2, "b"),
        Reply::Broken,
        Reply::Fault(1002, "no"),
    ]);
    let error = script.run(script.hub().call(write())).expect_err("in doubt");
    assert!(matches!(error, CallError::FateUnknown { .. }), "{error}");
}

#[test]
fn maintenance_is_waited_for_until_patience_ends_whatever_the_number_of_tries() {
    let policy = RetryPolicy { tries: 2, patience: Duration::from_mins(10), ..RetryPolicy::default() };
    let mut replies = vec![opened(1, "a")];
    replies.extend(vec![Reply::Fault(1014, "offline"); 29]);
    replies.push(Reply::Result(Value::Int(1)));
    let script = Script::new(replies.clone());
    let hub = script.builder().login(mbs_koji::rpc::Login::new(crate::script::password())).policy(policy).build();
    assert_eq!(script.run(hub.call(write())).expect("an answer"), 1);
    assert!(names(&script)[1..].iter().all(|seen| *seen == call("createTag", 0)));

    let script = Script::new(vec![Reply::Fault(1014, "offline"); 31]);
    let hub = script.builder().policy(policy).build();
    let error = script.run(hub.read(read())).expect_err("given up");
    assert!(
        matches!(&error, CallError::Unreachable { trouble: Trouble::Fault(fault), tries: 31, .. } if fault.code == 1014),
        "{error}"
    );
    let seen = script.seen();
    assert_eq!(seen[30].at - seen[0].at, 600);
}

#[test]
fn a_hub_that_is_away_is_given_up_after_an_hour_and_infra_is_blamed() {
    let script = Script::new(vec![Reply::NoConnection; 185]);
    let error = script.run(script.builder().build().read(read())).expect_err("away");
    assert!(matches!(error, CallError::Unreachable { tries: 185, .. }), "{error}");
    assert_eq!((error.blame(), error.retry()), (Blame::Infra, Retry::Exhausted));
    assert!(error.to_string().starts_with("`getPackageID`: hub `https://hub.example/kojihub`: no connection: refused"));
    let seen = script.seen();
    let pauses: Vec<_> = seen.windows(2).map(|pair| pair[1].at - pair[0].at).take(8).collect();
    assert_eq!(pauses, [0, 1, 2, 4, 8, 16, 20, 20]);
    assert!(seen[184].at - seen[0].at <= 3_600);
}

#[test]
fn a_write_that_may_have_arrived_is_in_doubt_when_patience_ends() {
    let policy = RetryPolicy { patience: Duration::from_secs(5), ..RetryPolicy::default() };
    let script = Script::new([
        opened(1, "a"),
        Reply::Broken,
        Reply::NoConnection,
        Reply::NoConnection,
        Reply::NoConnection,
        Reply::Result(Value::Nil),
    ]);
    let hub = script.builder().login(mbs_koji::rpc::Login::new(crate::script::password())).policy(policy).build();
    script.run(async {
        let error = hub.call(write()).await.expect_err("in doubt");
        assert!(matches!(error, CallError::FateUnknown { tries: 4, .. }), "{error}");
        hub.call(read()).await.expect("an answer");
    });
    // The number in doubt is not used again.
    assert_eq!(names(&script).last(), Some(&call("getPackageID", 1)));
}

#[test]
fn what_never_gets_better_is_not_tried_again() {
    let script = Script::new([Reply::BadCertificate]);
    let error = script.run(script.builder().build().read(read())).expect_err("a bad certificate");
    assert!(error.to_string().contains("serverca"), "{error}");
    let script = Script::new([Reply::Status(400, vec![])]);
    let error = script.run(script.builder().build().read(read())).expect_err("a bad request");
    assert!(error.to_string().contains("HTTP status 400"), "{error}");
    let script = Script::new([Reply::Result(Value::from("text"))]);
    let error = script.run(script.builder().build().read(read())).expect_err("another type");
    assert!(matches!(error, CallError::Answer { .. }), "{error}");
    // A hub that got a write and answered 500 is asked again with the number; without a session that is not safe.
    let script = Script::new([Reply::Status(500, vec![])]);
    let error = script.run(script.builder().build().read(write())).expect_err("in doubt");
    assert!(matches!(error, CallError::FateUnknown { tries: 1, .. }), "{error}");
}

#[test]
fn an_html_page_is_named_when_patience_ends() {
    let policy = RetryPolicy { patience: Duration::ZERO, ..RetryPolicy::default() };
    let script = Script::new(vec![Reply::Body("<html><title>Login to proxy</title></html>"); 2]);
    let error = script.run(script.builder().policy(policy).build().read(read())).expect_err("a page");
    assert!(error.to_string().contains("an HTML page titled `Login to proxy`"), "{error}");
}

#[test]
fn locks_are_waited_for_and_plugins_get_one_more_chance() {
    let script = Script::new([
        opened(1, "a"),
        Reply::Fault(1006, "locked"),
        Reply::Fault(1016, "plugin"),
        Reply::Fault(1016, "plugin"),
    ]);
    let error = script.run(script.hub().call(write())).expect_err("plugin");
    assert_eq!(error.fault().map(mbs_koji::rpc::Fault::kind), Some(FaultKind::Plugin));
    let seen = script.seen();
    assert_eq!(seen[2].at - seen[1].at, 20);
    let script = Script::new([opened(1, "a"), Reply::Fault(1, "deadlock detected"), Reply::Result(Value::Int(1))]);
    assert_eq!(script.run(script.hub().call(write())).expect("an answer"), 1);
}

#[test]
fn requests_of_one_session_wait_for_each_other() {
    let mut replies = vec![opened(1, "k")];
    replies.extend((0..20).map(|number| Reply::Result(Value::Int(number))));
    let script = Script::new(replies);
    let hub = script.hub();
    let all = script.run(futures::future::join_all((0..20).map(|_| hub.call(write()))));
    assert!(all.iter().all(Result::is_ok));
    let numbers: Vec<_> = script.seen()[1..].iter().map(|seen| seen.number().expect("a number")).collect();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
}

#[test]
fn a_call_that_is_dropped_takes_its_number_with_it() {
    let script = Script::new([opened(1, "k"), Reply::Hang, Reply::Result(Value::Nil)]);
    let hub = script.hub();
    script.run(async {
        let soon = script.clock.clone();
        let until = mbs_core::clock::Clock::now(&soon) + chrono::TimeDelta::seconds(1);
        let dropped =
            futures::future::select(Box::pin(hub.call(write())), mbs_core::clock::Clock::sleep_until(&soon, until));
        drop(dropped.await);
        hub.call(read()).await.expect("an answer");
    });
    assert_eq!(names(&script).last(), Some(&call("getPackageID", 1)));
}

#[test]
fn logging_out_happens_once_and_a_closed_session_is_fine() {
    let script =
        Script::new([opened(1, "k"), Reply::Fault(1002, "closed"), opened(2, "l"), Reply::Result(Value::Int(1))]);
    let hub = script.hub();
    script.run(async {
        hub.log_out().await.expect("no session");
        hub.log_in().await.expect("a session");
        hub.log_out().await.expect("closed before");
        hub.call(write()).await.expect("a new session");
    });
    assert_eq!(names(&script), [login(), call("logout", 0), login(), call("createTag", 0)]);
}

#[test]
fn without_a_way_to_log_in_the_error_says_so() {
    let script = Script::new([]);
    let error = script.run(script.builder().build().call(write())).expect_err("no login");
    assert!(matches!(&error, CallError::Login { source, .. } if **source == LoginError::NoIdentity), "{error}");
}
