//! The transport over the network.

use super::tls;
use super::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use async_trait::async_trait;
use futures::StreamExt as _;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use std::error::Error;
use std::path::Path;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_mins(1);

/// A connection with TLS of its own, kept open between requests.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: Client,
}

impl HttpTransport {
    /// `authority` is a PEM file with the authorities that a hub's certificate may be of, instead of the machine's;
    /// `client` a PEM file with a key and its certificate, shown to whoever asks for one.
    ///
    /// # Errors
    /// [`TransportError::Setup`] if a file cannot be used.
    pub fn new(authority: Option<&Path>, client: Option<&Path>) -> Result<Self, TransportError> {
        let tls = tls::configure(authority, client)?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .referer(false)
            .build()
            .map_err(|error| TransportError::Setup { detail: describe(&error.without_url()) })?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut builder = self.client.post(request.url.clone());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.reveal());
        }
        let answer = builder.body(request.body.to_vec()).send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let headers = headers.collect();
        let body = body(answer, request.answer_limit).await?;
        Ok(HttpResponse { status, headers, body })
    }
}

async fn body(answer: Response, limit: usize) -> Result<Vec<u8>, TransportError> {
    let mut bytes = Vec::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(failed)?;
        if bytes.len() + chunk.len() > limit {
            return Err(TransportError::TooLarge { limit });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn failed(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let detail = describe(&error);
    match error.source().and_then(tls_error) {
        Some(rustls::Error::InvalidCertificate(_)) => return TransportError::Certificate { detail },
        Some(_) => return TransportError::Tls { detail },
        None => {}
    }
    if error.is_builder() {
        TransportError::Setup { detail }
    } else if error.is_connect() {
        TransportError::Connect { detail }
    } else {
        TransportError::Broken { detail }
    }
}

/// The error of TLS behind an error, if there is one.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    // An I/O error keeps what it wraps apart from its source.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    match wrapped {
        Some(inner) => tls_error(inner),
        None => error.source().and_then(tls_error),
    }
}

/// The error with its causes. The address was taken out before.
fn describe(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
