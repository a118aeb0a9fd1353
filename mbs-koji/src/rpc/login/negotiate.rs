//! Proving who we are by tokens, as Kerberos does.

use async_trait::async_trait;

/// Makes tokens for a server. The system's Kerberos is [`super::SystemGssapi`]; tests have their own.
#[async_trait]
pub trait Negotiator: Send + Sync {
    /// Begins with the server of this name.
    ///
    /// # Errors
    /// [`NegotiateError`] if there is no library or the name is no host.
    async fn start(&self, host: &str) -> Result<Box<dyn Negotiation>, NegotiateError>;
}

/// One exchange of tokens.
#[async_trait]
pub trait Negotiation: Send {
    /// The next token for the server; `token` is what the server sent, none at first.
    ///
    /// # Errors
    /// [`NegotiateError`] if there is no ticket or the server's token is wrong.
    async fn step(&mut self, token: Option<Vec<u8>>) -> Result<Vec<u8>, NegotiateError>;
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NegotiateError {
    /// The library is not installed.
    #[error("no library for Kerberos (`{tried}`): {detail}; install `libgssapi-krb5-2` or `krb5-libs`")]
    NoLibrary {
        /// The name that was looked for.
        tried: String,
        /// What the system says.
        detail: String,
    },
    /// No ticket.
    #[error("no Kerberos ticket: {detail}; run `kinit`")]
    NoTicket {
        /// What the library says.
        detail: String,
    },
    /// The ticket ran out.
    #[error("the Kerberos ticket expired: {detail}; run `kinit`")]
    Expired {
        /// What the library says.
        detail: String,
    },
    /// Anything else: no such service, no way to the key server, clocks that differ.
    #[error("Kerberos: {detail}")]
    Failed {
        /// What the library says.
        detail: String,
    },
}
