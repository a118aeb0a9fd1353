//! One call with the type of its result.

use super::error::CallError;
use crate::rpc::xml::{Fragment, KEYWORD_MARK, XmlError, request};
use serde::Serialize;
use std::fmt;
use std::marker::PhantomData;

/// Does a call change anything on the hub?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// No, or doing it twice is the same as once: it is sent again whenever its answer is lost.
    Read,
    /// Yes: it is sent again only where the hub can tell a repeat.
    Write,
}

/// A call of a method whose result is a `T`.
///
/// The functions of [`crate::rpc::calls`] make them; a method without one is called with [`Call::read`] or
/// [`Call::write`]. Arguments that cannot be sent are reported when the call is made. `Debug` shows the method only.
///
/// ```
/// use mbs_koji::rpc::Call;
/// let call: Call<Option<i64>> = Call::read("getPackageID").arg("nodejs").keyword("strict", false);
/// assert_eq!(format!("{call:?}"), "Call(getPackageID)");
/// ```
pub struct Call<T> {
    pub(in crate::rpc) method: &'static str,
    pub(in crate::rpc) effect: Effect,
    arguments: Vec<Fragment>,
    keywords: Option<String>,
    problem: Option<XmlError>,
    result: PhantomData<fn() -> T>,
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self {
            method: self.method,
            effect: self.effect,
            arguments: self.arguments.clone(),
            keywords: self.keywords.clone(),
            problem: self.problem.clone(),
            result: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.method)
    }
}

impl<T> Call<T> {
    /// A call that changes nothing.
    pub fn read(method: &'static str) -> Self {
        Self { method, effect: Effect::Read, arguments: Vec::new(), keywords: None, problem: None, result: PhantomData }
    }

    /// A call that changes something.
    pub fn write(method: &'static str) -> Self {
        Self { effect: Effect::Write, ..Self::read(method) }
    }

    /// One more argument.
    pub fn arg<A: Serialize>(mut self, argument: A) -> Self {
        match Fragment::of(&argument) {
            Ok(fragment) => self.arguments.push(fragment),
            Err(problem) => self.problem = self.problem.or(Some(problem)),
        }
        self
    }

    /// An argument by name.
    pub fn keyword<A: Serialize>(mut self, name: &'static str, argument: A) -> Self {
        match Fragment::of(&argument) {
            Ok(fragment) => {
                let members = self.keywords.get_or_insert_default();
                members.push_str("<member><name>");
                members.push_str(name);
                members.push_str("</name>");
                members.push_str(fragment.as_str());
                members.push_str("</member>");
            }
            Err(problem) => self.problem = self.problem.or(Some(problem)),
        }
        self
    }

    /// An argument by name, if there is one.
    pub fn optional<A: Serialize>(self, name: &'static str, argument: Option<A>) -> Self {
        match argument {
            Some(argument) => self.keyword(name, argument),
            None => self,
        }
    }

    /// The arguments as they are sent: those by name as a last struct.
    pub(in crate::rpc) fn into_arguments(self) -> Result<Vec<Fragment>, CallError> {
        if let Some(source) = self.problem {
            return Err(CallError::Argument { method: self.method.to_owned(), source });
        }
        let mut arguments = self.arguments;
        if let Some(members) = self.keywords {
            arguments.push(Fragment::from_text(format!(
                "<value><struct>{members}<member><name>{KEYWORD_MARK}</name><value><boolean>1</boolean></value></member>\
                 </struct></value>"
            )));
        }
        Ok(arguments)
    }

    /// The text of the request.
    pub(in crate::rpc) fn encode(self) -> Result<String, CallError> {
        let method = self.method;
        let text = request(method, &self.into_arguments()?);
        text.map_err(|source| CallError::Argument { method: method.to_owned(), source })
    }

    /// The same call with a result of another type.
    pub fn giving<U>(self) -> Call<U> {
        Call {
            method: self.method,
            effect: self.effect,
            arguments: self.arguments,
            keywords: self.keywords,
            problem: self.problem,
            result: PhantomData,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::xml::{Limits, MethodCall, Value};

    #[test]
    fn keywords_follow_the_arguments_with_their_mark() {
        let call: Call<()> =
            Call::write("build").arg("src").arg(3).keyword("priority", 10).optional::<i64>("channel", None);
        let read = MethodCall::decode(call.encode().expect("a call").as_bytes(), &Limits::default()).expect("a call");
        assert_eq!(read.arguments, [Value::from("src"), Value::from(3_i64)]);
        assert_eq!(read.keywords, [("priority".to_owned(), Value::Int(10))].into());
    }

    #[test]
    fn what_cannot_be_sent_is_told_when_the_call_is_made() {
        let call: Call<()> = Call::write("login").arg("me").arg("top\0secret");
        let error = call.encode().expect_err("a control character").to_string();
        assert!(error.starts_with("`login`: an argument cannot be sent: ") && !error.contains("secret"), "{error}");
    }
}
