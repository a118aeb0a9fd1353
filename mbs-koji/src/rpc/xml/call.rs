//! What a client sends.

use super::de::Decoder;
use super::error::XmlError;
use super::fragment::Fragment;
use super::lexer::{Lexer, Tag, Token};
use super::limits::Limits;
use super::ser::escape;
use super::value::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The member that tells a struct of keyword arguments from a plain last argument.
pub const KEYWORD_MARK: &str = "__starstar";

/// A call of a method, as a hub reads it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MethodCall {
    /// Name of the method.
    pub method: String,
    /// The arguments by place.
    pub arguments: Vec<Value>,
    /// The arguments by name; sent as a last struct with the mark [`KEYWORD_MARK`].
    pub keywords: BTreeMap<String, Value>,
}

impl MethodCall {
    /// A call with arguments as they stand in the text, of which the last may be the keywords.
    pub fn new(method: impl Into<String>, mut arguments: Vec<Value>) -> Self {
        let keywords = match arguments.pop() {
            Some(Value::Struct(mut members)) if members.contains_key(KEYWORD_MARK) => {
                members.remove(KEYWORD_MARK);
                members
            }
            Some(last) => {
                arguments.push(last);
                BTreeMap::new()
            }
            None => BTreeMap::new(),
        };
        Self { method: method.into(), arguments, keywords }
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`XmlError`] if it is none.
    pub fn decode(body: &[u8], limits: &Limits) -> Result<Self, XmlError> {
        let text = super::answer::text(body)?;
        let mut decoder = Decoder::new(Lexer::new(text, *limits)?);
        decoder.lexer.open(Tag::MethodCall, "`<methodCall>`")?;
        decoder.lexer.open(Tag::MethodName, "`<methodName>`")?;
        let method = decoder.lexer.characters("the name of a method")?.trim_ascii().to_owned();
        let mut arguments = Vec::new();
        match decoder.lexer.element("`<params>` or `</methodCall>`")? {
            Token::Start(Tag::Params) => {
                loop {
                    match decoder.lexer.element("`<param>` or `</params>`")? {
                        Token::Start(Tag::Param) => {
                            let argument = Value::deserialize(&mut decoder);
                            arguments.push(argument.map_err(|error| error.in_item(arguments.len()))?);
                            decoder.lexer.close(Tag::Param, "`</param>`")?;
                        }
                        Token::End(Tag::Params) => break,
                        other => return Err(decoder.lexer.not(&other, "`<param>` or `</params>`")),
                    }
                }
                decoder.lexer.close(Tag::MethodCall, "`</methodCall>`")?;
            }
            Token::End(Tag::MethodCall) => {}
            other => return Err(decoder.lexer.not(&other, "`<params>` or `</methodCall>`")),
        }
        decoder.lexer.finish()?;
        Ok(Self::new(method, arguments))
    }

    /// The arguments as they stand in the text: the keywords, if there are any, as a last struct.
    pub fn wire_arguments(&self) -> Vec<Value> {
        let mut arguments = self.arguments.clone();
        if !self.keywords.is_empty() {
            let mut members = self.keywords.clone();
            members.insert(KEYWORD_MARK.to_owned(), Value::Bool(true));
            arguments.push(Value::Struct(members));
        }
        arguments
    }

    /// The text of the request.
    ///
    /// # Errors
    /// [`XmlError::Unencodable`] for what XML-RPC has no form for.
    pub fn encode(&self) -> Result<String, XmlError> {
        let arguments: Result<Vec<_>, _> = self.wire_arguments().iter().map(Fragment::of).collect();
        request(&self.method, &arguments?)
    }
}

/// The text of a request with arguments that are written already.
pub(in crate::rpc) fn request<S: AsRef<str>>(method: &str, arguments: &[S]) -> Result<String, XmlError> {
    let size: usize = arguments.iter().map(|argument| argument.as_ref().len() + 20).sum();
    let mut text = String::with_capacity(size + method.len() + 120);
    text.push_str("<?xml version='1.0'?>\n<methodCall>\n<methodName>");
    escape(method, &mut text)?;
    text.push_str("</methodName>\n<params>\n");
    for argument in arguments {
        text.push_str("<param>");
        text.push_str(argument.as_ref());
        text.push_str("</param>\n");
    }
    text.push_str("</params>\n</methodCall>\n");
    Ok(text)
}
