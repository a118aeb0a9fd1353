//! Sending a request until it is answered, where that is safe.
//!
//! A hub stores the number of the last call that committed something. A request whose answer is lost is therefore sent
//! again with the *same* number first:
//!
//! ```text
//! result or fault  -> the first attempt had no effect; this is the answer
//! 1009             -> the first attempt was committed: a write is done, a read is asked again with a fresh number
//! 1008, 1002, 1007 -> the session is of no more use, and with it the proof: a write may or may not be done
//! ```

use super::call::Effect;
use super::error::{CallError, Trouble};
use super::exchange::{NoAnswer, Reader, Sending, owned, post, understand};
use super::fault::{Fault, FaultKind};
use super::hub::{Inner, Outcome};
use super::policy::{Tries, Wait};
use super::session::Session;
use crate::rpc::http::{Transport, shown};
use crate::rpc::login::{Door, Failed, LoginError};
use crate::rpc::xml::Answer;
use serde::de::IgnoredAny;

/// A call that was made.
pub(super) struct Done<T> {
    pub(super) outcome: Outcome<T>,
    /// How many tries failed before.
    pub(super) failed: u32,
}

/// What to do about an answer.
enum Next<T> {
    Return(T),
    Fault(Fault),
    Trouble(Trouble),
}

fn sort<T>(method: &str, answer: Result<Answer<T>, NoAnswer>) -> Result<Next<T>, CallError> {
    match answer {
        Ok(Answer::Result(result)) => Ok(Next::Return(result)),
        Ok(Answer::Fault(fault)) => Ok(Next::Fault(fault.into())),
        Err(NoAnswer::Trouble(trouble)) => Ok(Next::Trouble(trouble)),
        Err(NoAnswer::Wrong(source)) => Err(CallError::Answer { method: method.to_owned(), source }),
    }
}

/// How to wait for a fault to pass; none if it does not. `chance` is the one more try that some faults get.
fn passing(fault: &Fault, chance: &mut bool) -> Option<Wait> {
    match fault.kind() {
        FaultKind::Offline | FaultKind::AuthLock => Some(Wait::Closed),
        FaultKind::Lock => Some(Wait::Slowly),
        FaultKind::Plugin => std::mem::take(chance).then_some(Wait::Counted),
        FaultKind::Server if fault.is_deadlock() => std::mem::take(chance).then_some(Wait::Counted),
        _ => None,
    }
}

impl Inner {
    async fn exchange<T>(
        &self,
        sending: &Sending,
        session: Option<(&Session, u64)>,
        read: Reader<T>,
    ) -> Result<Answer<T>, NoAnswer> {
        let request = sending.request(session, &self.limits);
        let answer = post(&*self.transport, &*self.clock, self.policy.timeout, request).await;
        understand(answer, read, &self.limits)
    }

    fn given_up(&self, method: &str, doubt: bool, tries: u32, trouble: Trouble) -> CallError {
        let (method, hub) = (method.to_owned(), shown(&self.url));
        if doubt {
            CallError::FateUnknown { method, hub, tries, trouble }
        } else {
            CallError::Unreachable { method, hub, tries, trouble }
        }
    }

    /// Calls without a session.
    pub(super) async fn without_session<T>(
        &self,
        method: &str,
        effect: Effect,
        sending: &Sending,
        read: Reader<T>,
    ) -> Result<T, CallError> {
        let mut tries = Tries::new(&*self.clock, self.policy);
        let mut chance = true;
        loop {
            let (trouble, wait) = match sort(method, self.exchange(sending, None, read).await)? {
                Next::Return(result) => return Ok(result),
                Next::Fault(fault) => match passing(&fault, &mut chance) {
                    Some(wait) => (Trouble::Fault(fault), wait),
                    None => return Err(CallError::Fault { method: method.to_owned(), fault }),
                },
                Next::Trouble(trouble) => {
                    let wait = waiting(&trouble);
                    (trouble, wait)
                }
            };
            // Without a session there is no number that would make a repeat safe.
            let doubt = effect == Effect::Write && trouble.may_have_arrived();
            if doubt || !trouble.may_pass() || !tries.again(wait).await {
                return Err(self.given_up(method, doubt, tries.made().max(1), trouble));
            }
        }
    }

    /// Calls in the session, which is opened and renewed as needed.
    pub(super) async fn in_session<T>(
        &self,
        method: &str,
        effect: Effect,
        sending: &Sending,
        read: Reader<T>,
    ) -> Result<Done<T>, CallError> {
        let mut slot = self.session.lock().await;
        let mut tries = Tries::new(&*self.clock, self.policy);
        // Was an earlier attempt with this number possibly committed?
        let mut doubt = false;
        let mut number = None;
        let mut refused = false;
        let mut chance = true;
        loop {
            let session = self.opened(&mut slot).await?;
            let current = *number.get_or_insert_with(|| session.number());
            let answer = self.exchange(sending, Some((&*session, current)), read).await;
            let (trouble, wait) = match sort(method, answer)? {
                Next::Return(result) => {
                    return Ok(Done { outcome: Outcome::Answer(result), failed: tries.made() });
                }
                Next::Fault(fault) => match fault.kind() {
                    FaultKind::Repeated if effect == Effect::Write => {
                        tracing::debug!(method, "the answer was lost; the call is done");
                        return Ok(Done { outcome: Outcome::AlreadyDone, failed: tries.made() });
                    }
                    FaultKind::Repeated => {
                        number = None;
                        (Trouble::Fault(fault), Wait::Counted)
                    }
                    FaultKind::Sequence | FaultKind::AuthExpired | FaultKind::Auth => {
                        // A second refusal with a new session is about the call.
                        let lost = doubt && effect == Effect::Write;
                        if fault.kind() == FaultKind::Auth && refused && !lost {
                            return Err(CallError::Fault { method: method.to_owned(), fault });
                        }
                        refused |= fault.kind() == FaultKind::Auth;
                        tracing::debug!(method, code = fault.code, "the session is of no more use");
                        if fault.kind() == FaultKind::AuthExpired {
                            self.renew(&mut slot).await;
                        } else {
                            *slot = None;
                        }
                        if lost {
                            return Err(self.given_up(method, true, tries.made() + 1, Trouble::Fault(fault)));
                        }
                        number = None;
                        (Trouble::Fault(fault), Wait::Counted)
                    }
                    _ => match passing(&fault, &mut chance) {
                        Some(wait) => (Trouble::Fault(fault), wait),
                        None => return Err(CallError::Fault { method: method.to_owned(), fault }),
                    },
                },
                Next::Trouble(trouble) => {
                    doubt |= trouble.may_have_arrived();
                    let wait = waiting(&trouble);
                    (trouble, wait)
                }
            };
            tracing::debug!(method, %trouble, failed = tries.made() + 1, "trying again");
            if !trouble.may_pass() || !tries.again(wait).await {
                return Err(self.given_up(method, doubt && effect == Effect::Write, tries.made().max(1), trouble));
            }
        }
    }

    /// The session, opened if there is none.
    pub(super) async fn opened<'a>(&self, slot: &'a mut Option<Session>) -> Result<&'a mut Session, CallError> {
        let session = match slot.take() {
            Some(session) => session,
            None => self.new_session().await?,
        };
        Ok(slot.insert(session))
    }

    async fn new_session(&self) -> Result<Session, CallError> {
        let failed = |source| CallError::Login { hub: shown(&self.url), source: Box::new(source) };
        let login = self.login.as_ref().ok_or_else(|| failed(LoginError::NoIdentity))?;
        let mut tries = Tries::new(&*self.clock, self.policy);
        loop {
            match login.open(&self.door(), None).await {
                Ok(opened) => {
                    let session = Session::new(opened);
                    tracing::debug!(hub = shown(&self.url), session = session.id(), "logged in");
                    return Ok(session);
                }
                Err(Failed::For(error)) => return Err(failed(error)),
                // A second login opens a second session, which does no harm.
                Err(Failed::Trouble(trouble)) => {
                    if !trouble.may_pass() || !tries.again(waiting(&trouble)).await {
                        return Err(failed(LoginError::Unreachable { tries: tries.made().max(1), trouble }));
                    }
                }
            }
        }
    }

    /// Renews an expired session. If that fails the session is gone, and the next call opens another.
    async fn renew(&self, slot: &mut Option<Session>) {
        let Some(mut session) = slot.take() else { return };
        // A key in the query would be seen by the program that shows the certificate, and by logs.
        let Some(login) = self.login.as_ref().filter(|_| session.in_headers()) else { return };
        let number = session.number();
        if let Ok(opened) = login.open(&self.door(), Some((&session, number))).await {
            session.renewed(opened);
            tracing::debug!(hub = shown(&self.url), session = session.id(), "renewed the session");
            *slot = Some(session);
        }
    }

    /// Tells the hub once that the session ends.
    pub(super) async fn farewell(&self, sending: &Sending) -> Result<(), CallError> {
        let mut slot = self.session.lock().await;
        let Some(mut session) = slot.take() else { return Ok(()) };
        let number = session.number();
        match sort("logout", self.exchange(sending, Some((&session, number)), owned::<IgnoredAny>).await)? {
            Next::Return(_) => Ok(()),
            Next::Fault(fault) => match fault.kind() {
                // It was closed or expired before.
                FaultKind::Auth | FaultKind::AuthExpired => Ok(()),
                _ => Err(CallError::Fault { method: "logout".to_owned(), fault }),
            },
            Next::Trouble(trouble) => Err(self.given_up("logout", false, 1, trouble)),
        }
    }

    fn door(&self) -> Door<'_> {
        let transport: &dyn Transport = &*self.transport;
        Door { hub: &self.url, transport, clock: &*self.clock, policy: self.policy }
    }
}

fn waiting(trouble: &Trouble) -> Wait {
    match trouble {
        Trouble::Fault(fault) => passing(fault, &mut true).unwrap_or(Wait::Counted),
        // Pages of a proxy come with 200 too while the hub behind it is away.
        _ => Wait::ForHub,
    }
}
