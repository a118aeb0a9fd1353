//! The HTTP client.

use super::proxy::Proxy;
use crate::options::FetchOptions;
use mbs_core::source::{CacheUrl, SourceError};
use reqwest::header::{HeaderMap, HeaderValue, RANGE};
use reqwest::{Client, Response, Url, redirect};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const USER_AGENT: &str = concat!("mbs/", env!("CARGO_PKG_VERSION"));

/// A client made on first use: loading the machine's certificates takes some milliseconds.
#[derive(Debug)]
pub(crate) struct Http {
    timeout: Duration,
    proxy: Proxy,
    client: OnceLock<Result<Ready, String>>,
}

#[derive(Debug)]
struct Ready {
    client: Client,
    /// Why `https` does not work here, if so. Plain `http` works all the same.
    no_tls: Option<String>,
}

impl Http {
    pub(crate) fn new(options: &FetchOptions) -> Self {
        Self { timeout: options.http_timeout, proxy: options.proxy.clone(), client: OnceLock::new() }
    }

    /// Asks for a file from byte `offset` on. Any answer of the server is a success here.
    pub(crate) async fn get(&self, url: &CacheUrl, offset: u64) -> Result<Response, SourceError> {
        let mut headers = HeaderMap::new();
        if offset > 0 {
            headers.insert(RANGE, HeaderValue::try_from(format!("bytes={offset}-")).expect("it is plain ASCII"));
        }
        self.get_with(url.secret_url().clone(), &url.to_string(), headers).await
    }

    /// Asks with these headers. `shown` names the address in errors, without credentials. Any answer of the server is a
    /// success here.
    pub(crate) async fn get_with(&self, url: Url, shown: &str, headers: HeaderMap) -> Result<Response, SourceError> {
        let failed = |detail: String| SourceError::Network { address: shown.to_owned(), detail };
        let ready = self.client.get_or_init(|| build(self.timeout, &self.proxy));
        let ready = ready.as_ref().map_err(|problem| failed(problem.clone()))?;
        if let (Some(problem), "https") = (&ready.no_tls, url.scheme()) {
            return Err(failed(problem.clone()));
        }
        ready.client.get(url).headers(headers).send().await.map_err(|error| failed(describe(error)))
    }
}

/// The error with its causes, without the URL, which may hold credentials.
pub(crate) fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

fn build(timeout: Duration, proxy: &Proxy) -> Result<Ready, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = || {
        // The provider is handed over here, so nothing global has to be installed by the program around us.
        ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())
    };
    let (tls, no_tls) = match config()?.with_platform_verifier() {
        Ok(with_verifier) => (with_verifier.with_no_client_auth(), None),
        Err(error) => (
            config()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
            Some(format!("no usable CA certificates ({error}); install `ca-certificates`")),
        ),
    };
    let builder = match proxy {
        Proxy::Environment => Client::builder(),
        Proxy::None => Client::builder().no_proxy(),
        Proxy::Address(url) => {
            Client::builder().proxy(reqwest::Proxy::all(url.secret_url().clone()).map_err(describe)?)
        }
    };
    let client = builder
        .tls_backend_preconfigured(tls)
        .user_agent(USER_AGENT)
        .connect_timeout(timeout)
        .read_timeout(timeout)
        // A checksum is over the stored bytes; a compressed transfer of a tarball would change them.
        .no_gzip()
        .redirect(redirect::Policy::limited(5))
        .referer(false)
        .build()
        .map_err(describe)?;
    Ok(Ready { client, no_tls })
}
