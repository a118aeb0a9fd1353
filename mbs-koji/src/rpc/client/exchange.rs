//! One request and its answer.

use super::error::Trouble;
use super::policy::moment;
use super::session::Session;
use crate::rpc::http::{HttpRequest, HttpResponse, Transport, TransportError};
use crate::rpc::secret::Secret;
use crate::rpc::xml::{Answer, Limits, XmlError, decode_answer};
use futures::future::{Either, select};
use mbs_core::clock::Clock;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What is sent.
#[derive(Clone)]
pub(in crate::rpc) struct Sending {
    /// Address with the query of an upload, without a session.
    pub(in crate::rpc) url: Url,
    pub(in crate::rpc) content_type: &'static str,
    pub(in crate::rpc) body: Arc<[u8]>,
}

impl Sending {
    pub(in crate::rpc) fn xml(url: &Url, text: String) -> Self {
        Self { url: url.clone(), content_type: "text/xml", body: text.into_bytes().into() }
    }

    /// The request with what every request carries, and the session.
    pub(in crate::rpc) fn request(&self, session: Option<(&Session, u64)>, limits: &Limits) -> HttpRequest {
        let mut url = self.url.clone();
        let mut headers = vec![
            ("Content-Type", Secret::new(self.content_type)),
            // The hub and the machines before it know the original client by this name.
            ("User-Agent", Secret::new("koji/1")),
        ];
        if let Some((session, number)) = session {
            session.sign(number, &mut url, &mut headers);
        }
        HttpRequest { url, headers, body: Arc::clone(&self.body), answer_limit: limits.bytes }
    }
}

/// Sends a request and waits for its answer.
pub(in crate::rpc) async fn post(
    transport: &dyn Transport,
    clock: &dyn Clock,
    timeout: Duration,
    request: HttpRequest,
) -> Result<HttpResponse, TransportError> {
    let answer = std::pin::pin!(transport.send(request));
    let late = std::pin::pin!(clock.sleep_until(moment(clock, timeout)));
    match select(answer, late).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), _)) => Err(TransportError::TimedOut { seconds: timeout.as_secs() }),
    }
}

/// The reader of an answer.
pub(in crate::rpc) type Reader<T> = fn(&[u8], &Limits) -> Result<Answer<T>, XmlError>;

/// Reads an answer into a type that borrows nothing from it.
pub(in crate::rpc) fn owned<T: DeserializeOwned>(body: &[u8], limits: &Limits) -> Result<Answer<T>, XmlError> {
    decode_answer(body, limits)
}

/// What an answer says: a result, a fault, or that it is none.
pub(in crate::rpc) fn understand<T>(
    answer: Result<HttpResponse, TransportError>,
    read: Reader<T>,
    limits: &Limits,
) -> Result<Answer<T>, NoAnswer> {
    let answer = answer.map_err(Trouble::from)?;
    if answer.status != 200 {
        return Err(Trouble::Status { status: answer.status }.into());
    }
    read(&answer.body, limits).map_err(|error| {
        if error.is_transient() || matches!(error, XmlError::Unexpected { .. }) {
            Trouble::Body(error).into()
        } else {
            NoAnswer::Wrong(error)
        }
    })
}

/// Why there is neither a result nor a fault.
pub(in crate::rpc) enum NoAnswer {
    Trouble(Trouble),
    /// A sound answer of another type: asking again does not help.
    Wrong(XmlError),
}

impl From<Trouble> for NoAnswer {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}
