//! Build services.

use super::service::{items, page, parameter, start};
use super::web::{Answer, Web};
use super::{builds, name, options};
use mbs_core::StreamName;
use mbs_core::build::ModuleState;
use mbs_core::resolve::DocumentProvider;
use mbs_core::source::SourceError;
use mbs_fetch::provider::{RemoteError, RemoteProvider};
use mbs_testkit::provider::sample;
use serde_json::{Value, json};

fn provider(server: &Web) -> RemoteProvider {
    RemoteProvider::new(&format!("{}/module-build-service/1/", server.url), &options()).expect("address")
}

/// The error of a service that always answers so.
async fn error(answer: Answer) -> RemoteError {
    let server = Web::start(move |_, _| answer.clone()).await;
    let address = format!("{}/module-build-service/2", server.url.replace("://", "://ann:secret@"));
    let provider = RemoteProvider::new(&address, &options()).expect("address");
    let error = provider.known(&name("states")).await.expect_err("fails");
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(error.to_string().contains("***@"), "{error}");
    error
}

#[tokio::test]
async fn all_pages_are_read_once_in_a_stable_order() {
    let server = start(&sample(0), "1", 3).await;
    let provider = provider(&server);
    assert_eq!(builds(&provider, "states").await.len(), 7);
    let asked = server.asked();
    assert_eq!(asked.iter().flat_map(|asked| parameter(asked, "page")).collect::<Vec<_>>(), ["1", "2", "3"]);
    for asked in &asked {
        assert_eq!(parameter(asked, "order_by"), ["id"]);
        assert_eq!(parameter(asked, "state"), ["0", "1", "2", "3", "4", "5", "6"]);
        assert!(asked.target.starts_with("/module-build-service/1/module-builds/?name=states&"), "{asked:?}");
    }
    // The answer is kept.
    let stream = StreamName::new("1").expect("name");
    let known = provider.documents_of(&name("states"), &stream).await.expect("documents");
    assert_eq!((known.len(), server.asked().len()), (7, 3));
    assert!(known.iter().all(|build| build.record.id.is_some() && build.record.completed.is_some()));
}

#[tokio::test]
async fn state_and_tag_are_those_of_the_service() {
    let mut list = items(&sample(0));
    for item in &mut list {
        item["state"] = json!(6);
        item["koji_tag"] = json!("retired");
        item["version"] = json!(item["version"].as_str().and_then(|text| text.parse::<u64>().ok()));
    }
    list[0]["scratch"] = json!(true);
    let scratch = list[0]["name"].as_str().expect("name").to_owned();
    let all = list.iter().filter(|item| item["name"] == scratch.as_str()).count();
    let server = Web::start(move |asked, _| page(&list, asked, "1", 100)).await;
    let provider = provider(&server);
    for facts in builds(&provider, "states").await {
        assert_eq!((facts.state, facts.koji_tag.as_deref()), (ModuleState::Garbage, Some("retired")));
    }
    assert_eq!(builds(&provider, &scratch).await.len(), all - 1);
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_left_out_and_told() {
    let mut list = items(&sample(0));
    for item in list.iter_mut().filter(|item| item["state"] == 4 && item["name"] == "states") {
        item["modulemd"] = json!("data: [");
    }
    let server = Web::start(move |asked, _| page(&list, asked, "1", 100)).await;
    let provider = provider(&server);
    assert_eq!(builds(&provider, "states").await.len(), 6);
    let [warning] = &provider.warnings()[..] else { panic!("{:?}", provider.warnings()) };
    assert!(warning.place.ends_with(":00000004"), "{warning}");
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again_three_times() {
    let list = items(&sample(0));
    let statuses = [500, 502, 503];
    let server = Web::start(move |asked, number| match statuses.get(number) {
        Some(status) => Answer::new(*status, "<html>"),
        None => page(&list, asked, "1", 100),
    });
    let server = server.await;
    assert_eq!(builds(&provider(&server), "states").await.len(), 7);
    assert_eq!(server.asked().len(), 4);

    let server = Web::start(|_, _| Answer::new(504, "")).await;
    let error = provider(&server).known(&name("a")).await.expect_err("trouble");
    assert!(matches!(error, RemoteError::Source(SourceError::Network { .. })), "{error}");
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn a_provider_can_be_asked_again_after_a_failure() {
    let list = items(&sample(0));
    let server = Web::start(move |asked, number| match number {
        // The second page fails: none of the first may stay.
        1..=4 => Answer::new(503, ""),
        _ => page(&list, asked, "1", 3),
    });
    let server = server.await;
    let provider = provider(&server);
    provider.known(&name("states")).await.expect_err("half-way");
    assert_eq!(provider.known(&name("states")).await.expect("builds").len(), 7);
}

#[tokio::test]
async fn answers_of_something_else_are_refused() {
    let error_of = |body: Value| error(Answer::new(200, body.to_string()));
    let html = error(Answer::new(200, "<!DOCTYPE html><html></html>")).await;
    assert!(matches!(html, RemoteError::NotJson { found: "a page in HTML or XML", .. }), "{html}");
    let empty = error(Answer::new(200, "")).await;
    assert!(matches!(empty, RemoteError::NotJson { found: "nothing", .. }), "{empty}");
    let cut = error(Answer::new(200, "{\"items\": [{\"id\": 1")).await;
    assert!(matches!(cut, RemoteError::NotJson { found: "JSON that breaks off or is damaged", .. }), "{cut}");
    let cut = error(Answer::new(200, "{\"items\": [], \"meta\": {\"next\": null}}").cut(20)).await;
    assert!(matches!(cut, RemoteError::Source(SourceError::Network { .. })), "{cut}");

    let good = items(&sample(0)).into_iter().find(|item| item["name"] == "states").expect("a build");
    let with = |key: &str, value: Value| {
        let mut item = good.clone();
        item[key] = value;
        json!({"items": [item], "meta": {"next": null}})
    };
    for (body, expected) in [
        (json!([]), "`items` is absent, expected a list of builds"),
        (json!({"items": {}}), "`items` is an object, expected a list"),
        (json!({"items": []}), "`meta.next` is absent, expected an address or null"),
        (json!({"items": [], "meta": {"next": 7}}), "`meta.next` is `7`"),
        (json!({"items": [], "meta": {"next": "x"}}), "expected at least one build on a page before the last"),
        (json!({"items": [7], "meta": {"next": null}}), "`items[0]` is `7`, expected an object"),
        (with("modulemd", Value::Null), "`items[0].modulemd` is null, expected a text"),
        (with("state", json!(9)), "`items[0].state` is `9`, expected the number of a state"),
        (with("version", json!("v1")), "`items[0].version` is the text `v1`, expected a number"),
        (with("id", json!("7")), "`items[0].id` is the text `7`, expected a number"),
        (with("koji_tag", json!(7)), "`items[0].koji_tag` is `7`, expected a text or null"),
        (with("time_completed", json!("soon")), "`items[0].time_completed` is the text `soon`, expected a time"),
        (with("virtual_streams", json!([1])), "`items[0].virtual_streams` is a list, expected a list of texts"),
        (with("context", json!("../x")), "`items[0]`: context `../x` contains"),
        (with("name", json!("other")), "about the module `other`, expected builds of the module asked for"),
    ] {
        let error = error_of(body).await;
        assert!(error.to_string().contains(expected), "{error}\n{expected}");
    }
    let refused = error(Answer::new(400, "{\"message\": \"An invalid ordering key\"}")).await;
    assert!(refused.to_string().ends_with("answered 400: An invalid ordering key"), "{refused}");
    let refused = error(Answer::new(404, "<html>")).await;
    assert!(matches!(refused, RemoteError::Status { status: 404, message: None, .. }), "{refused}");
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let item = items(&sample(0)).into_iter().find(|item| item["name"] == "states").expect("a build");
    let body = json!({"items": [item], "meta": {"next": "http://h/?page=2"}}).to_string();
    let server = Web::start(move |_, _| Answer::new(200, body.clone())).await;
    let mut options = options();
    options.max_pages = 5;
    let provider = RemoteProvider::new(&format!("mbs+{}", server.url), &options).expect("address");
    let error = provider.known(&name("states")).await.expect_err("endless");
    assert!(matches!(error, RemoteError::Endless { limit: 5, .. }), "{error}");
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn offline_nobody_is_asked() {
    let server = start(&sample(0), "1", 100).await;
    let mut options = options();
    options.offline = true;
    let provider = RemoteProvider::new(&format!("mbs+{}", server.url), &options).expect("address");
    let error = provider.known(&name("states")).await.expect_err("offline");
    assert!(matches!(error, RemoteError::Source(SourceError::NotCached { .. })), "{error}");
    assert!(server.asked().is_empty());
}
