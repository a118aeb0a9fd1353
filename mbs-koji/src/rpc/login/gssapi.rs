//! Tokens of the system's Kerberos.

use super::library::{Exchange, Library, Source};
use super::negotiate::{NegotiateError, Negotiation, Negotiator};
use async_trait::async_trait;
use std::path::PathBuf;

/// The system's Kerberos, with the tickets that `kinit` got, or with a keytab. The library is loaded at the first login.
///
/// Needs a runtime of tokio: the library may ask a key server, so it works on a thread for blocking work.
#[derive(Debug, Clone, Default)]
pub struct SystemGssapi {
    source: Source,
}

impl SystemGssapi {
    /// With the tickets of the user's cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a ticket that is got with a key of this file, and kept in memory.
    pub fn keytab(mut self, file: impl Into<PathBuf>) -> Self {
        self.source.keytab = Some(file.into());
        self
    }

    /// As this principal, as `mbs/host@REALM`, instead of the usual one.
    pub fn principal(mut self, name: impl Into<String>) -> Self {
        self.source.principal = Some(name.into());
        self
    }
}

#[async_trait]
impl Negotiator for SystemGssapi {
    async fn start(&self, host: &str) -> Result<Box<dyn Negotiation>, NegotiateError> {
        let (host, source) = (host.to_owned(), self.source.clone());
        let exchange = blocking(move || Exchange::new(Library::load()?, &host, &source)).await?;
        Ok(Box::new(Tokens { exchange: Some(exchange) }))
    }
}

/// One exchange; away while a thread works on it.
struct Tokens {
    exchange: Option<Exchange>,
}

#[async_trait]
impl Negotiation for Tokens {
    async fn step(&mut self, token: Option<Vec<u8>>) -> Result<Vec<u8>, NegotiateError> {
        let lost = || NegotiateError::Failed { detail: "an earlier step did not end".to_owned() };
        let mut exchange = self.exchange.take().ok_or_else(lost)?;
        let (exchange, result) = blocking(move || {
            let result = exchange.step(token.as_deref());
            Ok((exchange, result))
        })
        .await?;
        self.exchange = Some(exchange);
        result
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, NegotiateError> + Send + 'static,
) -> Result<T, NegotiateError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.map_err(|error| NegotiateError::Failed { detail: error.to_string() })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_ticket_or_a_library_the_error_says_what_to_do() {
        // A host that nobody has a ticket for, whatever the machine this runs on.
        let error = match SystemGssapi::new().start("no-such-host.invalid").await {
            Ok(mut negotiation) => negotiation.step(None).await.expect_err("no ticket"),
            Err(error) => error,
        };
        let text = error.to_string();
        assert!(text.contains("Kerberos"), "{text}");
        assert!(!matches!(error, NegotiateError::Failed { ref detail } if detail.is_empty()), "{text}");
    }
}
