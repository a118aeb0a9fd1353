//! The exchange of a login.

use super::error::LoginError;
use super::negotiate::Negotiator;
use crate::rpc::client::{Call, RetryPolicy};
use crate::rpc::client::{Fault, FaultKind, Trouble};
use crate::rpc::client::{NoAnswer, Opened, Sending, Session, owned, post, understand};
use crate::rpc::http::{HttpResponse, Transport, TransportError};
use crate::rpc::secret::Secret;
use crate::rpc::xml::{Answer, Limits, decode_base64, encode_base64};
use mbs_core::clock::Clock;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use url::{Host, Url};

/// Who logs in.
#[non_exhaustive]
pub enum Identity {
    /// A name and a password: hubs for development.
    Password {
        /// Name of the user.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A client certificate.
    Certificate {
        /// A connection that shows the certificate.
        direct: Arc<dyn Transport>,
        /// Another one, for hubs that ask for the certificate only once the address is known: such a renegotiation is not
        /// in our TLS library. Usually [`super::CurlTransport`].
        other: Option<Arc<dyn Transport>>,
    },
    /// A Kerberos ticket.
    Ticket {
        /// Makes the tokens.
        negotiator: Arc<dyn Negotiator>,
    },
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password(***)",
            Self::Certificate { .. } => "Certificate",
            Self::Ticket { .. } => "Ticket",
        })
    }
}

/// A way to log in.
#[derive(Debug)]
pub struct Login {
    identity: Identity,
    proxy_user: Option<String>,
    /// The other connection was needed before.
    other_first: AtomicBool,
}

impl Login {
    /// Logs in as this one.
    pub fn new(identity: Identity) -> Self {
        Self { identity, proxy_user: None, other_first: AtomicBool::new(false) }
    }

    /// Acts for another user, which the hub must allow. Not with a password.
    pub fn proxy_user(mut self, user: impl Into<String>) -> Self {
        self.proxy_user = Some(user.into());
        self
    }
}

/// What a login needs of the client around it.
pub(in crate::rpc) struct Door<'a> {
    pub(in crate::rpc) hub: &'a Url,
    pub(in crate::rpc) transport: &'a dyn Transport,
    pub(in crate::rpc) clock: &'a dyn Clock,
    pub(in crate::rpc) policy: RetryPolicy,
}

/// Most tokens sent in one login; Kerberos needs one.
const MOST_TOKENS: usize = 5;

/// A session is a few hundred bytes.
const LIMITS: Limits = Limits { bytes: 1 << 20, depth: 16 };

impl Login {
    /// Asks for a session once; with `old`, for the renewal of that one, which travels with this call number.
    pub(in crate::rpc) async fn open(&self, door: &Door<'_>, old: Option<(&Session, u64)>) -> Result<Opened, Failed> {
        let renew = old.is_some().then_some(true);
        match &self.identity {
            Identity::Password { user, password } => {
                let call = Call::<Opened>::write("login").arg(user).arg(password.reveal()).optional("renew", renew);
                let sending = sending(call, door.hub)?;
                read(door.post(door.transport, &sending, old, None).await)
            }
            Identity::Certificate { direct, other } => {
                let sending = self.ssl_login(door, renew)?;
                self.by_certificate(door, &sending, old, &**direct, other.as_deref()).await
            }
            Identity::Ticket { negotiator } => {
                let sending = self.ssl_login(door, renew)?;
                by_ticket(door, &sending, old, &**negotiator).await
            }
        }
    }

    fn ssl_login(&self, door: &Door<'_>, renew: Option<bool>) -> Result<Sending, Failed> {
        let call = Call::<Opened>::write("sslLogin").keyword("proxyuser", &self.proxy_user).optional("renew", renew);
        let mut url = door.hub.clone();
        let path = format!("{}/ssllogin", url.path().trim_end_matches('/'));
        url.set_path(&path);
        sending(call, &url)
    }

    async fn by_certificate(
        &self,
        door: &Door<'_>,
        sending: &Sending,
        old: Option<(&Session, u64)>,
        direct: &dyn Transport,
        other: Option<&dyn Transport>,
    ) -> Result<Opened, Failed> {
        let Some(other) = other else { return read(door.post(direct, sending, old, None).await) };
        let mut unseen = None;
        if !self.other_first.load(Ordering::Relaxed) {
            match read(door.post(direct, sending, old, None).await) {
                Err(Failed::Trouble(trouble)) if is_unseen(&trouble) => unseen = Some(trouble),
                Err(Failed::For(LoginError::Refused(fault))) if fault.kind() == FaultKind::Auth => {
                    unseen = Some(Trouble::Fault(fault));
                }
                result => return result,
            }
            tracing::debug!("the hub did not see the client certificate; asking it another way");
        }
        let result = read(door.post(other, sending, old, None).await);
        match (result, unseen) {
            (Ok(opened), _) => {
                self.other_first.store(true, Ordering::Relaxed);
                Ok(opened)
            }
            // Without the other program the first refusal is the better message.
            (Err(Failed::Trouble(Trouble::Transport(TransportError::Setup { .. }))), Some(Trouble::Fault(fault))) => {
                Err(Failed::For(LoginError::Refused(fault)))
            }
            (Err(Failed::Trouble(other)), Some(direct)) if !other.may_pass() => {
                Err(Failed::For(LoginError::BothWays { direct, other }))
            }
            (result, _) => result,
        }
    }
}

/// May the reason be that the server asked for a certificate and could not get it?
fn is_unseen(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Status { status } => *status == 403,
        Trouble::Transport(error) => matches!(error, TransportError::Tls { .. } | TransportError::Broken { .. }),
        _ => false,
    }
}

async fn by_ticket(
    door: &Door<'_>,
    sending: &Sending,
    old: Option<(&Session, u64)>,
    negotiator: &dyn Negotiator,
) -> Result<Opened, Failed> {
    let local = match door.hub.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if door.hub.scheme() != "https" && !local {
        return Err(LoginError::NotEncrypted.into());
    }
    let mut negotiation = negotiator.start(door.hub.host_str().unwrap_or_default()).await.map_err(LoginError::from)?;
    let mut token = None;
    for _ in 0..MOST_TOKENS {
        let ours = negotiation.step(token).await.map_err(LoginError::from)?;
        let header = Secret::new(format!("Negotiate {}", encode_base64(&ours)));
        let answer = door.post(door.transport, sending, old, Some(header)).await;
        let Ok(HttpResponse { status: 401, .. }) = &answer else { return read(answer) };
        let mut theirs = answer.as_ref().ok().into_iter().flat_map(|answer| answer.headers("www-authenticate"));
        let theirs = theirs.find_map(|value| decode_base64(value.strip_prefix("Negotiate ")?).ok());
        let Some(theirs) = theirs else { break };
        token = Some(theirs);
    }
    Err(LoginError::TicketRefused.into())
}

impl Door<'_> {
    async fn post(
        &self,
        transport: &dyn Transport,
        sending: &Sending,
        old: Option<(&Session, u64)>,
        authorization: Option<Secret>,
    ) -> Result<HttpResponse, TransportError> {
        let mut request = sending.request(old, &LIMITS);
        request.headers.extend(authorization.map(|value| ("Authorization", value)));
        post(transport, self.clock, self.policy.login_timeout, request).await
    }
}

/// Why one try of a login failed.
pub(in crate::rpc) enum Failed {
    /// For good.
    For(LoginError),
    /// Perhaps only now.
    Trouble(Trouble),
}

impl From<LoginError> for Failed {
    fn from(error: LoginError) -> Self {
        Self::For(error)
    }
}

fn sending(call: Call<Opened>, url: &Url) -> Result<Sending, Failed> {
    // Arguments are a name and a password, which may hold what XML cannot.
    let text = call.encode().map_err(|_| LoginError::Unsendable)?;
    Ok(Sending::xml(url, text))
}

fn read(answer: Result<HttpResponse, TransportError>) -> Result<Opened, Failed> {
    match understand(answer, owned::<Opened>, &LIMITS) {
        Ok(Answer::Result(opened)) => Ok(opened),
        Ok(Answer::Fault(fault)) => {
            let fault = Fault::from(fault);
            match fault.kind() {
                FaultKind::Offline | FaultKind::AuthLock => Err(Failed::Trouble(Trouble::Fault(fault))),
                _ => Err(LoginError::Refused(fault).into()),
            }
        }
        Err(NoAnswer::Trouble(trouble)) => Err(Failed::Trouble(trouble)),
        Err(NoAnswer::Wrong(error)) => Err(LoginError::Answer(error).into()),
    }
}
