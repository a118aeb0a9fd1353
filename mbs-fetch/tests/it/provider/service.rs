//! A build service that knows some builds.

use super::web::{Answer, Asked, Web};
use mbs_testkit::provider::{Sample, rest_item};
use serde_json::{Value, json};

/// The values of a parameter of a query.
pub(crate) fn parameter<'q>(asked: &'q Asked, name: &str) -> Vec<&'q str> {
    let query = asked.target.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == name).map(|(_, v)| v).collect()
}

/// The builds as the service shows them, numbered from 1.
pub(crate) fn items(builds: &[Sample]) -> Vec<Value> {
    builds.iter().zip(1..).map(|(sample, id)| rest_item(sample, id)).collect()
}

/// The answer to a question for builds, in pages of at most `per_page`.
pub(crate) fn page(items: &[Value], asked: &Asked, version: &str, per_page: usize) -> Answer {
    let path = asked.target.split('?').next().unwrap_or_default();
    if path != format!("/module-build-service/{version}/module-builds/") {
        return Answer::new(404, "{\"status\": 404, \"error\": \"Not Found\", \"message\": \"No such page\"}");
    }
    assert_eq!(parameter(asked, "verbose"), ["true"], "{asked:?}");
    let names = parameter(asked, "name");
    assert_eq!(names.len(), 1, "{asked:?}");
    let name = names[0];
    let states = parameter(asked, "state");
    let number = |name: &str| parameter(asked, name).first().and_then(|text| text.parse().ok());
    let per_page = per_page.min(number("per_page").unwrap_or(10));
    let page = number("page").unwrap_or(1).max(1);
    let fits = |item: &&Value| {
        // What the service decodes; the names of the tests have nothing else in them that is encoded.
        let name = name.replace("%26", "&").replace("%3D", "=").replace("%2B", "+").replace("%25", "%");
        item["name"] == name.as_str() && (states.is_empty() || states.contains(&item["state"].to_string().as_str()))
    };
    let found: Vec<&Value> = items.iter().filter(fits).collect();
    let shown: Vec<&&Value> = found.iter().skip((page - 1) * per_page).take(per_page).collect();
    let next = (page * per_page < found.len()).then(|| format!("http://elsewhere.invalid/?page={}", page + 1));
    let meta = json!({"page": page, "per_page": per_page, "total": found.len(), "next": next});
    Answer::new(200, json!({"items": shown, "meta": meta}).to_string()).header("content-type", "application/json")
}

/// A service with these builds.
pub(crate) async fn start(builds: &[Sample], version: &'static str, per_page: usize) -> Web {
    let items = items(builds);
    Web::start(move |asked, _| page(&items, asked, version, per_page)).await
}
