//! Questions to a build service.

use super::error::RemoteError;
use super::item::{Item, describe};
use crate::http::body;
use crate::place::Means;
use crate::retry::Attempts;
use mbs_core::ModuleName;
use mbs_core::build::ModuleState;
use mbs_core::source::{CacheUrl, SourceError};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{StatusCode, Url};
use serde_json::Value;
use std::collections::BTreeSet;

/// Builds on a page. Services take any number; clients agree on at most 100.
const PER_PAGE: &str = "100";

/// Most bytes of a page: 100 builds with their documents take some million.
const MAX_PAGE: u64 = 256 << 20;

/// All builds of a module, each once.
///
/// The builds are asked for in the order of their numbers, so that a build that is submitted meanwhile comes last and
/// moves none of the others to another page.
pub(super) async fn all(
    list: &CacheUrl,
    name: &ModuleName,
    states: &[ModuleState],
    max_pages: u32,
    means: &Means<'_>,
) -> Result<Vec<Item>, RemoteError> {
    let (mut items, mut seen) = (Vec::new(), BTreeSet::new());
    for page in 1..=max_pages {
        let question = Question::new(list, name, states, page);
        let answer = question.ask(means).await?;
        let page = question.page(&answer)?;
        for item in page.items {
            // Another module is an answer of something that does not know the parameter.
            if item.nsvc.name != *name {
                let (key, found) = ("items".to_owned(), format!("about the module `{}`", item.nsvc.name));
                let address = question.shown;
                return Err(RemoteError::Shape { address, key, found, expected: "builds of the module asked for" });
            }
            if seen.insert(item.id) {
                items.push(item);
            }
        }
        if page.last {
            return Ok(items);
        }
    }
    Err(RemoteError::Endless { address: list.to_string(), limit: max_pages })
}

/// The question for one page.
struct Question {
    url: Url,
    shown: String,
}

/// One page of an answer.
struct Page {
    items: Vec<Item>,
    last: bool,
}

impl Question {
    fn new(list: &CacheUrl, name: &ModuleName, states: &[ModuleState], page: u32) -> Self {
        let mut url = list.secret_url().clone();
        // Without the slash services answer with a redirection.
        url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
        let mut query = url.query_pairs_mut();
        query.append_pair("name", name.as_str());
        for state in states {
            // By number: an old service does not know the names of all of them.
            query.append_pair("state", &state.number().to_string());
        }
        query.append_pair("verbose", "true").append_pair("order_by", "id");
        query.append_pair("per_page", PER_PAGE).append_pair("page", &page.to_string());
        drop(query);
        let shown = format!("{list}/?{}", url.query().unwrap_or_default());
        Self { url, shown }
    }

    /// The answer as JSON. A server in trouble is asked again.
    async fn ask(&self, means: &Means<'_>) -> Result<Value, RemoteError> {
        let mut attempts = Attempts::new(means.clock, means.options);
        loop {
            match self.attempt(means).await {
                Err(RemoteError::Source(error)) => attempts.after(error).await?,
                answered => return answered,
            }
        }
    }

    async fn attempt(&self, means: &Means<'_>) -> Result<Value, RemoteError> {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        let response = means.http.get_with(self.url.clone(), &self.shown, headers).await?;
        let status = response.status();
        let bytes = match status {
            StatusCode::OK => body(response, &self.shown, MAX_PAGE).await?,
            StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => {
                let detail = format!("the server answered {status}");
                return Err(SourceError::Network { address: self.shown.clone(), detail }.into());
            }
            _ => {
                let text = body(response, &self.shown, 64 << 10).await.unwrap_or_default();
                let said = serde_json::from_slice::<Value>(&text).ok();
                let message = said.as_ref().and_then(|said| said.get("message")?.as_str());
                let message = message.map(|text| text.chars().take(300).collect::<String>().escape_debug().to_string());
                return Err(RemoteError::Status { address: self.shown.clone(), status: status.as_u16(), message });
            }
        };
        serde_json::from_slice(&bytes).map_err(|error| RemoteError::NotJson {
            address: self.shown.clone(),
            found: looks_like(&bytes),
            problem: error.to_string(),
        })
    }

    fn page(&self, answer: &Value) -> Result<Page, RemoteError> {
        let shape = |key: &str, found: Option<&Value>, expected| RemoteError::Shape {
            address: self.shown.clone(),
            key: key.to_owned(),
            found: found.map_or_else(|| "absent".to_owned(), describe),
            expected,
        };
        let items = answer.get("items");
        let list = items.and_then(Value::as_array).ok_or_else(|| shape("items", items, "a list of builds"))?;
        let meta = answer.get("meta");
        let next = meta.and_then(|meta| meta.get("next"));
        let last = match next {
            Some(Value::Null) => true,
            Some(Value::String(_)) => false,
            other => return Err(shape("meta.next", other, "an address or null")),
        };
        if !last && list.is_empty() {
            return Err(shape("items", items, "at least one build on a page before the last"));
        }
        let items =
            list.iter().enumerate().map(|(index, item)| Item::parse(item, &self.shown, &format!("items[{index}]")));
        Ok(Page { items: items.collect::<Result<_, _>>()?, last })
    }
}

/// What an answer that is not JSON is, for messages.
fn looks_like(bytes: &[u8]) -> &'static str {
    let text = bytes.trim_ascii_start();
    match text.first() {
        None => "nothing",
        Some(b'<') => "a page in HTML or XML",
        Some(b'{' | b'[') => "JSON that breaks off or is damaged",
        Some(_) => "something else",
    }
}
