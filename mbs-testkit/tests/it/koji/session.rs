//! Sessions, call numbers, versions.

use super::stage::{Stage, keywords};
use mbs_koji::rpc::xml::{MethodCall, Value};
use mbs_testkit::koji::HubVersion;

fn number(stage: &mut Stage, callnum: Option<i64>) {
    stage.request.credentials.as_mut().expect("a session").callnum = callnum;
}

#[test]
fn a_number_counts_only_when_its_call_committed_something() {
    let mut stage = Stage::new(HubVersion::V1_35);
    let mut at = |callnum: Option<i64>, method: &str, arguments: Vec<Value>| {
        number(&mut stage, callnum);
        stage.call(method, arguments).map_err(|fault| fault.code)
    };
    assert!(at(Some(5), "createTag", vec!["a".into()]).is_ok());
    assert_eq!(at(Some(5), "createTag", vec!["b".into()]), Err(1009));
    assert_eq!(at(Some(4), "getLoggedInUser", Vec::new()), Err(1008));
    assert!(at(None, "getLoggedInUser", Vec::new()).is_ok());
    // Gaps are allowed; reading and faults store nothing; a multicall always does.
    assert!(at(Some(9), "getTag", vec!["a".into()]).is_ok());
    assert!(at(Some(9), "getTag", vec!["a".into()]).is_ok());
    assert_eq!(at(Some(9), "createTag", vec!["a".into()]), Err(1000));
    assert!(at(Some(9), "createTag", vec!["b".into()]).is_ok());
    let many = || {
        vec![Value::Array(vec![Value::from([
            ("methodName", "getTag".into()),
            ("params", vec![Value::from("a")].into()),
        ])])]
    };
    assert!(at(Some(10), "multiCall", many()).is_ok());
    assert_eq!(at(Some(10), "multiCall", many()), Err(1009));
}

#[test]
fn a_renewed_session_keeps_its_number_and_gets_a_new_key() {
    let mut stage = Stage::new(HubVersion::V1_35);
    number(&mut stage, Some(3));
    stage.good("createTag", vec!["a".into()]);
    stage.hub.expire_sessions();
    assert_eq!(stage.code("getLoggedInUser", Vec::new()), 1007);
    number(&mut stage, Some(5));
    let renew = || vec!["mbs".into(), "mbs".into(), keywords([("renew", true.into())])];
    let answer = stage.good("login", renew());
    let credentials = stage.request.credentials.as_mut().expect("a session");
    assert_eq!(answer.get("session-id"), Some(&Value::Int(credentials.session)));
    answer.get("session-key").and_then(Value::as_str).expect("a key").clone_into(&mut credentials.key);
    number(&mut stage, Some(0));
    assert_eq!(stage.code("getLoggedInUser", Vec::new()), 1008);
    number(&mut stage, Some(6));
    stage.good("getLoggedInUser", Vec::new());
}

#[test]
fn a_session_expires_by_age_and_ends_with_logout() {
    let mut stage = Stage::new(HubVersion::V1_35);
    stage.now += chrono::TimeDelta::minutes(1440);
    assert_eq!(stage.code("getLoggedInUser", Vec::new()), 1007);
    stage.request = stage.login("mbs");
    stage.good("logout", Vec::new());
    assert_eq!(stage.code("getLoggedInUser", Vec::new()), 1002);
}

#[test]
fn uploads_are_repeated_freely_and_belong_to_their_first_user() {
    let mut stage = Stage::new(HubVersion::V1_35);
    number(&mut stage, Some(5));
    stage.good("createTag", vec!["a".into()]);
    number(&mut stage, Some(5));
    let first = stage.upload("mbs/1", "a.txt", b"abc").expect("an upload");
    assert_eq!(stage.upload("mbs/1", "a.txt", b"abc"), Ok(first));
    for (folder, name) in [("../x", "a"), ("mbs/1", ".a"), ("mbs/1", "a/b")] {
        assert_eq!(stage.upload(folder, name, b"").expect_err("a bad name").code, 1000);
    }
    let other = stage.login("kojira");
    assert_eq!(stage.upload_with(&other, "mbs/1", "b.txt", b"").expect_err("not owner").code, 1000);
}

#[test]
fn each_version_has_its_methods() {
    for version in HubVersion::ALL {
        let mut stage = Stage::new(version);
        let methods = stage.good("system.listMethods", Vec::new());
        let has = |name: &str| methods.as_array().expect("a list").contains(&name.into());
        assert_eq!((has("repo.request"), has("massTag"), has("multiCall")), (version == HubVersion::V1_35, true, true));
        if version < HubVersion::V1_35 {
            let fault = stage.call("repo.request", vec!["x".into()]).expect_err("unknown");
            assert_eq!((fault.code, fault.text.as_str()), (1000, "Invalid method: repo.request"));
        }
    }
}

#[test]
fn a_member_that_faults_is_undone_alone() {
    let mut stage = Stage::new(HubVersion::V1_35);
    let member = |method: &str, arguments: Vec<Value>| {
        Value::from([("methodName", method.into()), ("params", arguments.into())])
    };
    let calls = vec![
        member("createTag", vec!["a".into()]),
        member("packageListAdd", vec!["a".into(), "new".into(), "nobody".into()]),
        member("packageListAdd", vec!["a".into(), "foo".into(), "mbs".into()]),
    ];
    let answer = stage.good("multiCall", vec![calls.into()]);
    let fault = answer.as_array().and_then(|members| members[1].get("faultCode")).and_then(Value::as_int);
    assert_eq!(fault, Some(1000));
    assert_eq!(stage.good("getPackageID", vec!["new".into()]), Value::Nil);
    assert!(stage.good("getPackageID", vec!["foo".into()]).as_int().is_some());
}

#[test]
fn a_call_that_faults_changes_nothing() {
    let mut stage = Stage::new(HubVersion::V1_35);
    stage.good("createTag", vec!["a".into()]);
    let struct_of = |name: &str| Value::from([(name, "x".into())]);
    let bad: Vec<(&str, Vec<Value>)> = vec![
        ("createTag", vec!["a".into()]),
        ("createTag", vec!["b b".into()]),
        ("createTag", vec!["c".into(), keywords([("perm", "nothing".into())])]),
        ("editTag2", vec!["a".into(), keywords([("remove_extra", vec![Value::from("x")].into())])]),
        ("setInheritanceData", vec!["a".into(), vec![struct_of("parent_id")].into()]),
        ("packageListAdd", vec!["a".into(), "p".into()]),
        ("packageListBlock", vec!["a".into(), "p".into()]),
        ("groupPackageListAdd", vec!["a".into(), "g".into(), "p".into()]),
        ("createBuildTarget", vec!["t".into(), "a".into(), "nothing".into()]),
        ("tagBuild", vec!["a".into(), "x-1-1".into()]),
        ("massTag", vec!["a".into(), vec![Value::from("x-1-1")].into()]),
        ("CGImport", vec![struct_of("build"), "mbs/1".into()]),
        ("getTag", Vec::new()),
    ];
    for (method, arguments) in bad {
        let before = stage.hub.clone();
        let request = stage.request.clone();
        stage.now -= chrono::TimeDelta::milliseconds(1001);
        let fault = stage.call_with(&request, method, arguments).expect_err(method);
        let mut after = stage.hub.clone();
        // The hub looked at the clock, that is all.
        let _ = after.call(&request, MethodCall::new("nothing", Vec::new()), stage.now);
        let mut same = before;
        let _ = same.call(&request, MethodCall::new("nothing", Vec::new()), stage.now);
        assert!(after == same, "`{method}` changed something: {fault}");
    }
}
