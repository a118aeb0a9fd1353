//! Rules of tags, tasks and imports that clients trip over.

use super::stage::{Stage, keywords, list};
use mbs_koji::rpc::xml::Value;
use mbs_testkit::koji::{End, HubVersion, Outcome};

fn stage() -> Stage {
    let mut stage = Stage::new(HubVersion::V1_35);
    for name in ["base", "dest", "build"] {
        stage.good("createTag", vec![name.into(), keywords([("arches", "x86_64 i686".into())])]);
    }
    stage.good("createBuildTarget", vec!["target".into(), "build".into(), "dest".into()]);
    stage
}

fn link(parent: i64, priority: i64) -> Value {
    Value::from([
        ("parent_id", parent.into()),
        ("priority", priority.into()),
        ("maxdepth", Value::Nil),
        ("intransitive", false.into()),
        ("noconfig", false.into()),
        ("pkg_filter", "".into()),
    ])
}

fn build(stage: &mut Stage, name: &str) -> i64 {
    let source = format!("git+https://src.localhost/rpms/{name}?#1");
    let skip = Value::from([("skip_tag", true.into())]);
    stage.good("build", vec![source.into(), "target".into(), skip]).as_int().expect("a number")
}

fn state(stage: &mut Stage, task: i64) -> i64 {
    stage.good("getTaskInfo", vec![task.into()]).get("state").and_then(Value::as_int).expect("a state")
}

fn last_event(stage: &mut Stage) -> Option<i64> {
    stage.good("getLastEvent", Vec::new()).get("id").and_then(Value::as_int)
}

#[test]
fn what_changes_nothing_takes_no_event() {
    let mut stage = stage();
    let calls: [(&str, Vec<Value>); 5] = [
        ("editTag2", vec!["dest".into(), keywords([("extra", Value::from([("a", true.into())]))])]),
        ("setInheritanceData", vec!["build".into(), vec![link(1, 0)].into()]),
        ("packageListAdd", vec!["dest".into(), "foo".into(), "mbs".into()]),
        ("groupListAdd", vec!["build".into(), "build".into()]),
        ("groupPackageListAdd", vec!["build".into(), "build".into(), "bash".into()]),
    ];
    for (method, arguments) in calls {
        let before = last_event(&mut stage);
        stage.good(method, arguments.clone());
        let first = last_event(&mut stage);
        stage.good(method, arguments);
        assert!(before < first && first == last_event(&mut stage), "{method}");
    }
}

#[test]
fn inheritance_merges_and_links_are_removed_one_by_one() {
    let mut stage = stage();
    let parents = |stage: &mut Stage| {
        let data = stage.good("getInheritanceData", vec!["build".into()]);
        data.as_array().expect("a list").iter().filter_map(|link| link.get("parent_id")?.as_int()).collect::<Vec<_>>()
    };
    stage.good("setInheritanceData", vec!["build".into(), vec![link(1, 10)].into()]);
    stage.good("setInheritanceData", vec!["build".into(), vec![link(2, 0)].into()]);
    assert_eq!(parents(&mut stage), [2, 1]);
    let gone = Value::from([("parent_id", 2i64.into()), ("delete link", true.into())]);
    stage.good("setInheritanceData", vec!["build".into(), vec![gone].into()]);
    assert_eq!(parents(&mut stage), [1]);
    stage.good("setInheritanceData", vec!["build".into(), vec![link(2, 5)].into(), true.into()]);
    assert_eq!(parents(&mut stage), [2]);
    let short = Value::from([("parent_id", 1i64.into()), ("priority", 1i64.into())]);
    let fault = stage.call("setInheritanceData", vec!["build".into(), vec![short].into()]).expect_err("too short");
    assert_eq!((fault.code, fault.text.as_str()), (1000, "No value for maxdepth"));
}

#[test]
fn groups_of_a_parent_count_so_that_equal_ones_are_not_added() {
    let mut stage = stage();
    stage.good("groupListAdd", vec!["base".into(), "build".into()]);
    stage.good("setInheritanceData", vec!["build".into(), vec![link(1, 0)].into()]);
    stage.good("groupListAdd", vec!["build".into(), "build".into()]);
    let own = stage.good("getTagGroups", vec!["build".into(), keywords([("inherit", false.into())])]);
    assert_eq!(own, Value::Array(Vec::new()));
    assert_eq!(stage.good("getTagGroups", vec!["build".into()]).as_array().expect("a list").len(), 1);
}

#[test]
fn a_blocked_package_stays_blocked_until_it_is_unblocked() {
    let mut stage = stage();
    let blocked = |stage: &mut Stage| {
        let packages = stage.good("listPackages", vec!["dest".into()]);
        packages.as_array().expect("a list")[0].get("blocked").and_then(Value::as_bool)
    };
    assert_eq!(stage.code("packageListBlock", vec!["dest".into(), "foo".into()]), 1000);
    stage.good("packageListAdd", vec!["dest".into(), "foo".into(), "mbs".into()]);
    stage.good("packageListBlock", vec!["dest".into(), "foo".into()]);
    assert_eq!(stage.good("packageListAdd", vec!["dest".into(), "foo".into(), "mbs".into()]), Value::Nil);
    assert_eq!(blocked(&mut stage), Some(true));
    stage.good("packageListUnblock", vec!["dest".into(), "foo".into()]);
    assert_eq!(blocked(&mut stage), Some(false));
    assert_eq!(stage.code("packageListUnblock", vec!["dest".into(), "foo".into()]), 1000);
}

#[test]
fn builds_take_their_polls_and_end_as_planned() {
    let mut stage = stage();
    let plans = [
        ("slow", Outcome { polls: 3, ..Outcome::default() }),
        ("bad", Outcome::ends(End::Fails)),
        ("early", Outcome::ends(End::SrpmFails)),
        ("never", Outcome::ends(End::Hangs)),
    ];
    for (name, plan) in plans {
        stage.hub.script().packages.insert(name.to_owned(), [plan].into());
    }
    stage.good("repo.request", vec!["build".into()]);
    stage.tick();
    let tasks = ["slow", "bad", "early", "never"].map(|name| build(&mut stage, name));
    let states = |stage: &mut Stage| {
        tasks.map(|task| {
            stage
                .hub
                .call_as("mbs", "getTaskInfo", vec![task.into()])
                .expect("a task")
                .get("state")
                .and_then(Value::as_int)
                .expect("a state")
        })
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        stage.tick();
        seen.push(states(&mut stage));
    }
    assert_eq!(seen, [[1, 5, 5, 1], [1, 5, 5, 1], [2, 5, 5, 1]]);
    let builds = |stage: &mut Stage, task: i64| {
        let found = stage.good("listBuilds", vec![keywords([("taskID", task.into())])]);
        found.as_array().expect("a list").iter().filter_map(|build| build.get("state")?.as_int()).collect::<Vec<_>>()
    };
    assert_eq!(tasks.map(|task| builds(&mut stage, task)), [vec![1], vec![3], vec![], vec![0]]);
    stage.good("cancelTask", vec![tasks[3].into()]);
    assert_eq!((state(&mut stage, tasks[3]), builds(&mut stage, tasks[3])), (3, vec![4]));
    // A name that failed is taken again with the same number.
    stage.hub.script().packages.remove("bad");
    let again = build(&mut stage, "bad");
    assert_eq!((state(&mut stage, again), builds(&mut stage, again)), (2, vec![1]));
}

#[test]
fn components_get_their_disttag_from_the_repository_they_are_built_in() {
    let mut stage = stage();
    let nvr = |stage: &mut Stage, task: i64| {
        assert_eq!(state(stage, task), 2);
        let found = stage.good("listBuilds", vec![keywords([("taskID", task.into())])]);
        found.as_array().expect("a list")[0].get("nvr").and_then(Value::as_str).expect("a text").to_owned()
    };
    let macros = "module-build-macros-0.1-1.module_f42+1+c0ffee42";
    stage.upload("cli-build/1", &format!("{macros}.src.rpm"), b"x").expect("an upload");
    let source = format!("cli-build/1/{macros}.src.rpm");
    let skip = Value::from([("skip_tag", true.into())]);
    let task = stage.good("build", vec![source.into(), "target".into(), skip]).as_int().expect("a number");
    // No repository yet: the daemon waits for one.
    assert_eq!(state(&mut stage, task), 1);
    assert_eq!(nvr(&mut stage, task), macros);
    stage.good("packageListAdd", vec!["build".into(), "module-build-macros".into(), "mbs".into()]);
    stage.good("massTag", vec!["build".into(), list([macros])]);
    stage.good("groupListAdd", vec!["build".into(), "srpm-build".into()]);
    stage.good("groupPackageListAdd", vec!["build".into(), "srpm-build".into(), "module-build-macros".into()]);
    let old = build(&mut stage, "foo");
    assert_eq!(nvr(&mut stage, old), "foo-1.0-1.fb1");
    stage.good("repo.request", vec!["build".into(), keywords([("min_event", "last".into())])]);
    stage.tick();
    let new = build(&mut stage, "foo");
    assert_eq!(nvr(&mut stage, new), "foo-1.0-1.module_f42+1+c0ffee42");
}

#[test]
fn tagging_is_a_task_that_looks_again() {
    let mut stage = stage();
    let task = build(&mut stage, "foo");
    (0..2).for_each(|_| stage.tick());
    assert_eq!(state(&mut stage, task), 2);
    let nvr = "foo-1.0-1.fb1";
    assert_eq!(stage.code("tagBuild", vec!["dest".into(), nvr.into()]), 1003);
    // Tagged in mass without its package in the list, it is not shown.
    stage.good("massTag", vec!["dest".into(), list([nvr])]);
    assert_eq!(stage.good("listTagged", vec!["dest".into()]), Value::Array(Vec::new()));
    stage.good("packageListAdd", vec!["dest".into(), "foo".into(), "mbs".into()]);
    assert_eq!(stage.good("listTagged", vec!["dest".into()]).as_array().expect("a list").len(), 1);
    stage.good("untagBuild", vec!["dest".into(), nvr.into()]);
    assert_eq!(stage.code("untagBuild", vec!["dest".into(), nvr.into()]), 1003);
    stage.good("editTag2", vec!["dest".into(), keywords([("locked", true.into())])]);
    let fault = stage.call("tagBuild", vec!["dest".into(), nvr.into()]).expect_err("locked");
    assert_eq!((fault.code, fault.text.as_str()), (1004, "tag is locked"));
    stage.good("editTag2", vec!["dest".into(), keywords([("locked", false.into()), ("perm", "admin".into())])]);
    let fault = stage.call("tagBuild", vec!["dest".into(), nvr.into()]).expect_err("not permitted");
    assert_eq!((fault.code, fault.text.as_str()), (1004, "tag requires admin permission"));
}

#[test]
fn a_deleted_target_comes_back_with_its_number() {
    let mut stage = stage();
    let id = |stage: &mut Stage| stage.good("getBuildTarget", vec!["target".into()]).get("id").cloned();
    let first = id(&mut stage);
    stage.good("deleteBuildTarget", vec!["target".into()]);
    assert_eq!((id(&mut stage), stage.code("deleteBuildTarget", vec!["target".into()])), (None, 1000));
    stage.good("createBuildTarget", vec!["target".into(), "build".into(), "dest".into()]);
    assert_eq!(id(&mut stage), first);
}
