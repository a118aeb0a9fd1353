//! A session with its call numbers.

use crate::rpc::secret::Secret;
use serde::Deserialize;
use url::Url;

/// What a login gives.
#[derive(Deserialize)]
pub(in crate::rpc) struct Opened {
    #[serde(rename = "session-id")]
    id: i64,
    #[serde(rename = "session-key")]
    key: String,
    /// Hubs from 1.30 on take the session from headers; older ones do not name this.
    #[serde(rename = "header-auth", default)]
    headers: bool,
}

/// An open session.
#[derive(Debug)]
pub(in crate::rpc) struct Session {
    id: i64,
    key: Secret,
    headers: bool,
    next: u64,
}

impl Session {
    pub(in crate::rpc) fn new(opened: Opened) -> Self {
        Self { id: opened.id, key: Secret::new(opened.key), headers: opened.headers, next: 0 }
    }

    /// The number of the session.
    pub(in crate::rpc) fn id(&self) -> i64 {
        self.id
    }

    /// The same session after it was renewed. The hub keeps the last call number it committed, so the count goes on.
    pub(in crate::rpc) fn renewed(&mut self, opened: Opened) {
        // Also if it is another session after all: gaps do no harm, a number too low does.
        *self = Self { next: self.next, ..Self::new(opened) };
    }

    /// Does it travel in headers?
    pub(in crate::rpc) fn in_headers(&self) -> bool {
        self.headers
    }

    /// A number for one more call. It counts as used even if the call is never sent: gaps are allowed.
    pub(in crate::rpc) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// Puts the session and the number of a call into a request.
    pub(in crate::rpc) fn sign(&self, number: u64, url: &mut Url, headers: &mut Vec<(&'static str, Secret)>) {
        if self.headers {
            let number = Secret::new(number.to_string());
            headers.push(("Koji-Session-Id", Secret::new(self.id.to_string())));
            headers.push(("Koji-Session-Key", self.key.clone()));
            headers.push(("Koji-Session-Callnum", number.clone()));
            // Hubs before 1.35 look for the number here, and would take a call twice without it.
            headers.push(("Koji-Callnum", number));
        } else {
            url.query_pairs_mut()
                .append_pair("session-id", &self.id.to_string())
                .append_pair("session-key", self.key.reveal())
                .append_pair("callnum", &number.to_string());
        }
    }
}
