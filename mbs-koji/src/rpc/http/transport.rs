//! What carries requests to a hub: a trait, so that tests can cut, delay and repeat answers.

use crate::rpc::secret::Secret;
use async_trait::async_trait;
use std::fmt;
use std::sync::Arc;
use url::Url;

/// Carries requests. Every request is a `POST`.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request and reads its whole answer, whatever its status. It does not repeat and does not follow other
    /// addresses.
    ///
    /// # Errors
    /// [`TransportError`] if there was no complete answer.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// A request. `Debug` shows neither the query of the address nor headers nor the body.
#[derive(Clone)]
pub struct HttpRequest {
    /// Where to; the query may hold the key of a session.
    pub url: Url,
    /// Headers with their values, `Content-Type` included.
    pub headers: Vec<(&'static str, Secret)>,
    /// The body.
    pub body: Arc<[u8]>,
    /// Longest answer accepted, in bytes.
    pub answer_limit: usize,
}

impl HttpRequest {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.reveal())
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpRequest({}, {} bytes)", shown(&self.url), self.body.len())
    }
}

/// An address without credentials, query and fragment.
pub(in crate::rpc) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// A complete answer.
#[derive(Clone, Default)]
pub struct HttpResponse {
    /// Status, as 200.
    pub status: u16,
    /// Headers with their values; what is not UTF-8 is left out. Names are in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// All values of a header; the name in lower case.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpResponse({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why there is no complete answer. No detail holds the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection, so nothing was sent.
    #[error("no connection: {detail}")]
    Connect {
        /// What the system says.
        detail: String,
    },
    /// The server's certificate is not to be trusted. Nothing was sent.
    #[error("the certificate of the server is refused: {detail}; set `serverca` to the authority that issued it")]
    Certificate {
        /// What is wrong with it.
        detail: String,
    },
    /// TLS failed otherwise; the server may want a client certificate.
    #[error("TLS failed: {detail}")]
    Tls {
        /// What the library says.
        detail: String,
    },
    /// The connection broke, possibly after the request arrived.
    #[error("the connection broke: {detail}")]
    Broken {
        /// What the system says.
        detail: String,
    },
    /// No answer in time.
    #[error("no answer within {seconds} s")]
    TimedOut {
        /// How long it was waited for.
        seconds: u64,
    },
    /// More answer than is read.
    #[error("an answer of more than {limit} bytes")]
    TooLarge {
        /// How much is read.
        limit: usize,
    },
    /// This machine cannot send at all: a certificate file, the set-up of TLS.
    #[error("{detail}")]
    Setup {
        /// What is wrong.
        detail: String,
    },
}

impl TransportError {
    /// May the hub have got the request?
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Broken { .. } | Self::TimedOut { .. } | Self::TooLarge { .. } | Self::Tls { .. })
    }

    /// May the same request get through later?
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Broken { .. } | Self::TimedOut { .. })
    }
}
