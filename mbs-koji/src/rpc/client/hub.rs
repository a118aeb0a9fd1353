//! A hub and the session with it.

use super::call::{Call, Effect};
use super::error::CallError;
use super::exchange::{Sending, owned};
use super::policy::RetryPolicy;
use super::session::Session;
use super::split::SplitLimits;
use crate::rpc::http::{HttpTransport, Transport, TransportError, shown};
use crate::rpc::login::Login;
use crate::rpc::xml::Limits;
use futures::lock::Mutex;
use mbs_core::clock::Clock;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::fmt;
use std::sync::Arc;
use url::Url;

/// A Koji hub. Clones share the session.
///
/// [`Hub::read`] asks without a session, so that any number of questions can be on their way; [`Hub::call`] and
/// [`Hub::submit`] use the session, which is opened at the first of them and has one request on its way at a time.
#[derive(Clone)]
pub struct Hub {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) url: Url,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) login: Option<Login>,
    pub(super) policy: RetryPolicy,
    pub(super) limits: Limits,
    pub(super) split: SplitLimits,
    pub(super) session: Mutex<Option<Session>>,
}

/// What came of a call that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    /// It is done, with this result.
    Answer(T),
    /// It is done, but its answer was lost. Who needs the result reads the state of the hub.
    AlreadyDone,
}

impl<T> Outcome<T> {
    /// The result, if it is known.
    pub fn answer(self) -> Option<T> {
        match self {
            Self::Answer(result) => Some(result),
            Self::AlreadyDone => None,
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hub({})", self.address())
    }
}

/// Sets up a [`Hub`].
pub struct HubBuilder {
    inner: Inner,
}

impl fmt::Debug for HubBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HubBuilder({})", shown(&self.inner.url))
    }
}

impl HubBuilder {
    /// The way to log in.
    pub fn login(mut self, login: Login) -> Self {
        self.inner.login = Some(login);
        self
    }

    /// How long and how often a request is repeated.
    pub fn policy(mut self, policy: RetryPolicy) -> Self {
        self.inner.policy = policy;
        self
    }

    /// How much of an answer is read.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.inner.limits = limits;
        self
    }

    /// How much goes into one multicall.
    pub fn split(mut self, split: SplitLimits) -> Self {
        self.inner.split = split;
        self
    }

    /// The hub. Nothing is sent yet.
    pub fn build(self) -> Hub {
        Hub { inner: Arc::new(self.inner) }
    }
}

impl Hub {
    /// A hub at this address, as in the `server` of a profile, reached through this transport.
    pub fn builder(url: Url, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> HubBuilder {
        HubBuilder {
            inner: Inner {
                url,
                transport,
                clock,
                login: None,
                policy: RetryPolicy::default(),
                limits: Limits::default(),
                split: SplitLimits::default(),
                session: Mutex::new(None),
            },
        }
    }

    /// A hub that is read only, over the network, with the machine's certificate authorities.
    ///
    /// # Errors
    /// [`TransportError::Setup`] if TLS cannot be set up.
    pub fn anonymous(url: Url, clock: Arc<dyn Clock>) -> Result<Self, TransportError> {
        Ok(Self::builder(url, Arc::new(HttpTransport::new(None, None)?), clock).build())
    }

    /// The address, without credentials.
    pub fn address(&self) -> String {
        shown(&self.inner.url)
    }

    /// The clock that this client waits on.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Asks without a session. Repeated until there is an answer or patience ends.
    ///
    /// # Errors
    /// [`CallError`]; none of them is doubtful for a call that only reads.
    pub async fn read<T: DeserializeOwned>(&self, call: Call<T>) -> Result<T, CallError> {
        let (method, effect) = (call.method, call.effect);
        let sending = self.sending(call)?;
        self.inner.without_session(method, effect, &sending, owned::<T>).await
    }

    /// Calls in the session and gives the result.
    ///
    /// # Errors
    /// [`CallError`]; [`CallError::AnswerLost`] if the call is done and the result is not known.
    pub async fn call<T: DeserializeOwned>(&self, call: Call<T>) -> Result<T, CallError> {
        let method = call.method;
        match self.submit(call).await? {
            Outcome::Answer(result) => Ok(result),
            Outcome::AlreadyDone => Err(CallError::AnswerLost { method: method.to_owned() }),
        }
    }

    /// Calls in the session; a call whose answer is lost is a success too.
    ///
    /// # Errors
    /// [`CallError`]; see [`CallError::is_doubtful`].
    pub async fn submit<T: DeserializeOwned>(&self, call: Call<T>) -> Result<Outcome<T>, CallError> {
        let (method, effect) = (call.method, call.effect);
        let sending = self.sending(call)?;
        let done = self.inner.in_session(method, effect, &sending, owned::<T>).await?;
        Ok(done.outcome)
    }

    /// Opens the session, if there is none.
    ///
    /// # Errors
    /// [`CallError::Login`].
    pub async fn log_in(&self) -> Result<(), CallError> {
        let mut session = self.inner.session.lock().await;
        self.inner.opened(&mut session).await.map(drop)
    }

    /// Closes the session, if there is one. The hub forgets it anyway a day after its last use.
    ///
    /// # Errors
    /// [`CallError`] if the hub does not hear of it; the session is gone here all the same.
    pub async fn log_out(&self) -> Result<(), CallError> {
        let call = Call::<IgnoredAny>::write("logout");
        let sending = self.sending(call)?;
        self.inner.farewell(&sending).await
    }

    fn sending<T>(&self, call: Call<T>) -> Result<Sending, CallError> {
        let (method, limit) = (call.method, self.inner.split.bytes);
        let text = call.encode()?;
        if text.len() > limit {
            return Err(CallError::TooLarge { method: method.to_owned(), size: text.len(), limit });
        }
        Ok(Sending::xml(&self.inner.url, text))
    }

    /// The effect of a call, for those who collect calls.
    pub(super) fn effect_of(writes: usize) -> Effect {
        if writes == 0 { Effect::Read } else { Effect::Write }
    }
}
