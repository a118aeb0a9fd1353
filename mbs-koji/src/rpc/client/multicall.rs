//! Many calls in one request.

use super::call::{Call, Effect};
use super::error::CallError;
use super::exchange::Sending;
use super::fault::Fault;
use super::hub::{Hub, Outcome};
use super::split::parts;
use crate::rpc::xml::{Member, MemberText, XmlError, decode_members, request};
use serde::de::DeserializeOwned;
use std::fmt;
use std::marker::PhantomData;

/// Calls that travel together and keep their order. Each has its own result; one that fails does not undo the others.
///
/// ```
/// use mbs_koji::rpc::{Multicall, calls};
/// let mut together = Multicall::new();
/// let id = together.add(calls::create_tag("module-a-b-1-c", &calls::TagChange::default()));
/// let tag = together.add(calls::get_tag("module-a-b-1-c"));
/// assert_eq!(together.len(), 2);
/// // let answers = hub.multicall(together).await?;
/// // let (id, tag) = (answers.get(id)?, answers.get(tag)?);
/// # let _ = (id, tag);
/// ```
#[derive(Debug, Default)]
pub struct Multicall {
    calls: Vec<Entry>,
    problem: Option<CallError>,
}

struct Entry {
    method: &'static str,
    effect: Effect,
    text: String,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method)
    }
}

/// Where the result of one call will be.
pub struct Handle<T> {
    index: usize,
    result: PhantomData<fn() -> T>,
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.index)
    }
}

/// Why there is no result of one call of a multicall.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MemberError {
    /// The hub refused this call; it had no effect.
    #[error("`{method}`: {fault}")]
    Fault {
        /// The call.
        method: &'static str,
        /// The hub's words.
        #[source]
        fault: Fault,
    },
    /// The result is of another type.
    #[error("`{method}`: the answer is not what this call gives: {source}")]
    Answer {
        /// The call.
        method: &'static str,
        /// What is wrong.
        source: XmlError,
    },
    /// The multicall was committed, but its answer was lost: this call is done or was refused. Read the state.
    #[error("`{method}`: the hub has dealt with the call, but the answer was lost")]
    AlreadyDone {
        /// The call.
        method: &'static str,
    },
    /// The call was not sent, or had no effect, because the hub could not be asked.
    #[error("`{method}`: not done, because the hub could not be asked")]
    NotDone {
        /// The call.
        method: &'static str,
    },
    /// Whether the hub has dealt with the call is not known. Read the state.
    #[error("`{method}`: whether the call was done is not known")]
    FateUnknown {
        /// The call.
        method: &'static str,
    },
}

impl MemberError {
    /// The fault, if the hub refused the call.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault { fault, .. } => Some(fault),
            _ => None,
        }
    }
}

enum Slot {
    Text(MemberText),
    AlreadyDone,
    NotDone,
    FateUnknown,
}

/// The answers to a multicall.
pub struct Answers {
    methods: Vec<&'static str>,
    slots: Vec<Slot>,
    stopped: Option<CallError>,
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answers({} calls)", self.methods.len())
    }
}

impl Multicall {
    /// No calls yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more call. Its arguments are written at once; if they cannot be sent, sending tells.
    pub fn add<T>(&mut self, call: Call<T>) -> Handle<T> {
        let (method, effect) = (call.method, call.effect);
        let mut text = String::new();
        match call.into_arguments() {
            Ok(arguments) => {
                text.push_str("<value><struct><member><name>methodName</name><value><string>");
                text.push_str(method);
                text.push_str("</string></value></member><member><name>params</name><value><array><data>");
                for argument in arguments {
                    text.push_str(argument.as_str());
                }
                text.push_str("</data></array></value></member></struct></value>");
            }
            Err(error) => self.problem = self.problem.take().or(Some(error)),
        }
        self.calls.push(Entry { method, effect, text });
        Handle { index: self.calls.len() - 1, result: PhantomData }
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }
}

impl Answers {
    /// The result of a call.
    ///
    /// # Errors
    /// [`MemberError`] if it has none.
    pub fn get<T: DeserializeOwned>(&self, handle: Handle<T>) -> Result<T, MemberError> {
        let method = self.methods.get(handle.index).copied().unwrap_or_default();
        match self.slots.get(handle.index) {
            Some(Slot::Text(text)) => match text.decode() {
                Ok(Member::Result(result)) => Ok(result),
                Ok(Member::Fault(fault)) => Err(MemberError::Fault { method, fault: fault.into() }),
                Err(source) => Err(MemberError::Answer { method, source }),
            },
            Some(Slot::AlreadyDone) => Err(MemberError::AlreadyDone { method }),
            Some(Slot::FateUnknown) => Err(MemberError::FateUnknown { method }),
            Some(Slot::NotDone) | None => Err(MemberError::NotDone { method }),
        }
    }

    /// What ended the sending, if a later part of a split multicall could not be sent.
    pub fn stopped(&self) -> Option<&CallError> {
        self.stopped.as_ref()
    }
}

impl Hub {
    /// Sends calls together in the session, in several requests one after the other if they are many.
    ///
    /// # Errors
    /// [`CallError`] if already the first request fails; if a later one does, [`Answers::stopped`] tells why and the calls
    /// of it and after it have no result.
    pub async fn multicall(&self, multicall: Multicall) -> Result<Answers, CallError> {
        self.together(multicall, true).await
    }

    /// The same without a session, for calls that only read.
    ///
    /// # Errors
    /// As [`Hub::multicall`].
    pub async fn read_all(&self, multicall: Multicall) -> Result<Answers, CallError> {
        self.together(multicall, false).await
    }

    async fn together(&self, multicall: Multicall, session: bool) -> Result<Answers, CallError> {
        if let Some(problem) = multicall.problem {
            return Err(problem);
        }
        let methods: Vec<&'static str> = multicall.calls.iter().map(|call| call.method).collect();
        let sizes = multicall.calls.iter().map(|call| (call.effect, call.text.len()));
        let mut slots = Vec::with_capacity(methods.len());
        let mut stopped = None;
        let mut rest = multicall.calls.as_slice();
        for length in parts(sizes, &self.inner.split) {
            let (part, after) = rest.split_at(length);
            rest = after;
            if stopped.is_some() {
                slots.extend(part.iter().map(|_| Slot::NotDone));
                continue;
            }
            match self.part(part, session).await {
                Ok(Outcome::Answer(texts)) => slots.extend(texts.into_iter().map(Slot::Text)),
                Ok(Outcome::AlreadyDone) => slots.extend(part.iter().map(|_| Slot::AlreadyDone)),
                Err(error) if slots.is_empty() => return Err(error),
                Err(error) => {
                    let slot = || if error.is_doubtful() { Slot::FateUnknown } else { Slot::NotDone };
                    slots.extend(part.iter().map(|_| slot()));
                    stopped = Some(error);
                }
            }
        }
        Ok(Answers { methods, slots, stopped })
    }

    async fn part(&self, calls: &[Entry], session: bool) -> Result<Outcome<Vec<MemberText>>, CallError> {
        const METHOD: &str = "multiCall";
        let limit = self.inner.split.bytes;
        let size: usize = calls.iter().map(|call| call.text.len()).sum();
        if size > limit {
            // Only a call that is too large on its own comes here.
            let method = calls.first().map(|call| call.method.to_owned()).unwrap_or_default();
            return Err(CallError::TooLarge { method, size, limit });
        }
        let mut argument = String::with_capacity(size + 60);
        argument.push_str("<value><array><data>");
        for call in calls {
            argument.push_str(&call.text);
        }
        argument.push_str("</data></array></value>");
        let text = request(METHOD, &[argument]);
        let text = text.map_err(|source| CallError::Argument { method: METHOD.to_owned(), source })?;
        let sending = Sending::xml(&self.inner.url, text);
        let effect = Self::effect_of(calls.iter().filter(|call| call.effect == Effect::Write).count());
        let outcome = if session {
            self.inner.in_session(METHOD, effect, &sending, decode_members).await?.outcome
        } else {
            Outcome::Answer(self.inner.without_session(METHOD, effect, &sending, decode_members).await?)
        };
        match outcome {
            Outcome::Answer(members) if members.len() != calls.len() => {
                let detail = format!("found {} results, expected {}", members.len(), calls.len());
                let source = XmlError::Mismatch { path: String::new(), detail };
                Err(CallError::Answer { method: METHOD.to_owned(), source })
            }
            outcome => Ok(outcome),
        }
    }
}
