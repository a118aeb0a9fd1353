//! The calls write what a real hub was sent, and their results read what it answered.

use crate::script::Script;
use mbs_koji::rpc::calls::{self, BuildState, RepoState, TaskState};
use mbs_koji::rpc::xml::{Answer, Limits, MethodCall, Value, decode_answer, decode_members};
use mbs_koji::rpc::{Call, HttpRequest, HttpResponse, Hub, Multicall, Transport, TransportError};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use url::Url;

fn recorded(name: &str, ending: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let files = std::fs::read_dir(folder).expect("the recorded bodies").map(|entry| entry.expect("an entry").path());
    let file = files
        .filter(|path| path.to_str().is_some_and(|path| path.ends_with(ending)))
        .find(|path| path.file_name().and_then(|found| found.to_str()).is_some_and(|found| found.starts_with(name)));
    std::fs::read(file.expect(name)).expect("a body")
}

/// Answers with a recorded body and keeps the request.
struct Recorded {
    body: Vec<u8>,
    request: Mutex<Option<MethodCall>>,
}

#[async_trait::async_trait]
impl Transport for Recorded {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let call = MethodCall::decode(&request.body, &Limits::default()).expect("a call");
        *self.request.lock().expect("nobody panics with it") = Some(call);
        Ok(HttpResponse { status: 200, headers: vec![], body: self.body.clone() })
    }
}

/// Sends a call; gives its result and the request.
fn exchange<T: DeserializeOwned>(name: &str, call: Call<T>) -> (T, MethodCall) {
    let clock = Script::new([]).clock.clone();
    let transport = Arc::new(Recorded { body: recorded(name, ".response.xml"), request: Mutex::default() });
    let url = Url::parse("https://hub.example/kojihub").expect("an address");
    let hub = Hub::builder(url, Arc::clone(&transport) as Arc<dyn Transport>, Arc::new(clock.clone())).build();
    let result = clock.run(hub.read(call)).expect("it ends").unwrap_or_else(|error| panic!("{name}: {error}"));
    let request = transport.request.lock().expect("nobody panics with it").take().expect("a request");
    (result, request)
}

/// The same, and the request is the recorded one.
fn equal<T: DeserializeOwned>(name: &str, call: Call<T>) -> T {
    let (result, request) = exchange(name, call);
    let expected = MethodCall::decode(&recorded(name, ".request.xml"), &Limits::default()).expect("a call");
    assert_eq!(request, expected, "{name}");
    result
}

/// The arguments of a recorded request.
fn arguments(name: &str) -> MethodCall {
    MethodCall::decode(&recorded(name, ".request.xml"), &Limits::default()).expect("a call")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn tags_and_their_settings() {
    let name = arguments("19-");
    let tag = exchange("19-", calls::get_tag(text(&name.arguments[0]))).0.expect("a tag");
    assert!(tag.extra.contains_key("mock.package_manager"), "{tag:?}");
    assert!(tag.id > 0 && tag.name.starts_with("module-"), "{tag:?}");
    let create = arguments("16-");
    let (id, request) = exchange("16-", {
        let extra = match create.keywords.get("extra") {
            Some(Value::Struct(extra)) => extra.clone(),
            other => panic!("{other:?}"),
        };
        let word = |key: &str| create.keywords.get(key).and_then(Value::as_str).map(str::to_owned);
        let change =
            calls::TagChange { arches: word("arches"), perm: word("perm"), extra, ..calls::TagChange::default() };
        calls::create_tag(text(&create.arguments[0]), &change)
    });
    assert!(id > 0);
    for key in ["arches", "extra"] {
        assert_eq!(request.keywords.get(key), create.keywords.get(key), "{key}");
    }
    assert!(exchange("23-", calls::get_build_config("t")).0.is_some());
}

#[test]
fn parents_are_written_as_they_are_read() {
    let parents = exchange("21-", calls::get_inheritance(24)).0;
    assert!(!parents.is_empty() && parents[0].maxdepth.is_none() && !parents[0].name.is_empty(), "{parents:?}");
    let set = arguments("20-");
    let call = calls::set_inheritance(24, &[calls::Parent::new(parents[0].parent_id, 0)], false);
    let (_, request) = exchange("20-", call);
    let (ours, theirs) =
        (&request.arguments[1].as_array().expect("records")[0], &set.arguments[1].as_array().expect("records")[0]);
    for key in ["maxdepth", "intransitive", "noconfig", "pkg_filter"] {
        assert_eq!(ours.get(key), theirs.get(key), "{key}");
    }
}

#[test]
fn groups_and_targets() {
    let name = arguments("24-");
    let groups = equal("24-", calls::get_groups(text(&name.arguments[0]), false));
    let found: Vec<_> = groups.iter().map(|group| (group.name.as_str(), group.packages.len())).collect();
    assert_eq!(found, [("build", 1), ("srpm-build", 2)]);
}

#[test]
fn tasks_one_by_one_and_many_at_once() {
    let task = exchange("39-", calls::get_task_info(70, true)).0.expect("a task");
    assert!(task.request.is_some_and(|request| request.len() >= 2));
    let (tasks, request) = exchange("40-", calls::get_task_infos(&[70, 71, 999_999], false));
    assert_eq!(request.arguments, arguments("40-").arguments);
    let states: Vec<_> = tasks.iter().map(|task| task.as_ref().map(|task| task.state)).collect();
    assert_eq!(states, [Some(TaskState::Closed), Some(TaskState::Closed), None]);
    let below = equal("41-", calls::get_task_descendents(arguments("41-").arguments[0].as_int().expect("a number")));
    assert!(below.values().flatten().count() >= 1, "{below:?}");
    let repo = exchange("30-", calls::get_task_result::<(i64, i64)>(1)).0;
    assert!(repo.0 > 0 && repo.1 > 0);
}

#[test]
fn builds_of_tasks_and_tags() {
    let task = arguments("45-").keywords.get("taskID").and_then(Value::as_int).expect("a number");
    let (builds, request) = exchange("45-", calls::list_builds_of_task(task));
    assert_eq!(request.keywords.get("taskID"), Some(&Value::Int(task)));
    assert_eq!(builds.len(), 1);
    assert_eq!((builds[0].state, builds[0].nvr()), (Some(BuildState::Complete), builds[0].told_nvr.clone()));
    let free = exchange("46-", calls::untagged_builds("foo")).0;
    assert!(free.iter().all(|build| build.state.is_none() && !build.name.is_empty()) && !free.is_empty());
    assert!(!exchange("51-", calls::get_latest_builds("t", None, None)).0.is_empty());
    let modules = exchange("60-", calls::list_tagged("t", calls::Listing::default())).0;
    assert!(!modules.is_empty() && modules.iter().all(|module| module.tag_name.is_some()), "{modules:?}");
    let module = exchange("58-", calls::get_build("nvr")).0.expect("a build");
    let typeinfo = module.extra.as_ref().and_then(|extra| extra.get("typeinfo")).and_then(|info| info.get("module"));
    assert!(typeinfo.and_then(|module| module.get("stream")).is_some(), "{module:?}");
    assert_eq!(exchange("54-", calls::cg_import(&BTreeMap::from([("a", 1)]), "d")).0.id, module.id);
}

#[test]
fn rpms_and_their_headers() {
    let (rpms, builds) = exchange("52-", calls::list_tagged_rpms("t", true, false)).0;
    assert!(!rpms.is_empty() && !builds.is_empty());
    assert!(rpms.iter().all(|rpm| !rpm.payloadhash.is_empty() && rpm.nevra().contains("-0:")), "{rpms:?}");
    let body = recorded("53-", ".response.xml");
    let Answer::Result(members) = decode_members(&body, &Limits::default()).expect("members") else {
        panic!("a fault")
    };
    let mut together = Multicall::new();
    together.add(calls::get_rpm_headers(29, &["exclusivearch", "excludearch", "license"]));
    assert_eq!((together.len(), members.len()), (1, 2));
}

#[test]
fn repositories_and_requests_for_them() {
    let repo = exchange("31-", calls::get_repo(1)).0.expect("a repository");
    assert_eq!(repo.state, RepoState::Ready);
    let new = arguments("32-").arguments;
    let (asked, request) = exchange("32-", calls::request_repo(text(&new[0]), calls::NewerThan::LastChange));
    assert_eq!(request.method, "repo.request");
    assert!(asked.repo.is_none() && asked.request.is_some_and(|request| request.active));
    let done = equal("33-", calls::check_repo_request(arguments("33-").arguments[0].as_int().expect("a number")));
    assert_eq!(done.repo.map(|repo| repo.state), Some(RepoState::Ready));
    let gave_up = equal("34-", calls::check_repo_request(arguments("34-").arguments[0].as_int().expect("a number")));
    let request = gave_up.request.expect("a request");
    assert!(gave_up.repo.is_none() && !request.active && request.tries == 4, "{request:?}");
}

#[test]
fn users_versions_and_tagging() {
    let user = equal("07-", calls::get_logged_in_user()).expect("a user");
    assert!(user.authtype.is_some() && user.status == 0, "{user:?}");
    assert_eq!(equal("01-", calls::get_koji_version()), "1.35.3");
    assert!(exchange("47-", calls::tag_build("t", "b-1-1")).0 > 0);
    assert_eq!(exchange("50-", calls::mass_tag("t", &["b-1-1"])).0, calls::Nothing);
    assert!(exchange("59-", calls::cg_init_build("g", &Value::Nil)).0.build_id > 0);
    let options = calls::BuildOptions {
        skip_tag: true,
        mbs_artifact_name: Some("a".into()),
        mbs_module_target: Some("t".into()),
        ..calls::BuildOptions::default()
    };
    let (_, request) = exchange("37-", calls::build("src", "t", &options, Some(10)));
    let opts = request.arguments[2].clone();
    assert_eq!(opts.get("skip_tag"), Some(&Value::Bool(true)));
    assert!(opts.get("scratch").is_none() && opts.get("repo_id").is_none(), "{opts:?}");
    let fault = decode_answer::<Value>(&recorded("48-", ".response.xml"), &Limits::default()).expect("an answer");
    let Answer::Fault(fault) = fault else { panic!("{fault:?}") };
    assert!(mbs_koji::rpc::Fault::from(fault).is_already_tagged());
}
