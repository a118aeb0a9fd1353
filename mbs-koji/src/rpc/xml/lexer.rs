//! From XML to the few elements of XML-RPC.

use super::error::XmlError;
use super::limits::Limits;
use quick_xml::Reader;
use quick_xml::errors::Error as QuickError;
use quick_xml::events::Event;
use std::borrow::Cow;

/// An element of XML-RPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    MethodCall,
    MethodName,
    MethodResponse,
    Params,
    Param,
    Fault,
    Value,
    Array,
    Data,
    Struct,
    Member,
    Name,
    Nil,
    Int,
    Boolean,
    Double,
    Text,
    Base64,
    Time,
    /// None of the others.
    Other,
}

impl Tag {
    fn of(name: &str) -> Self {
        // The extension types of Apache live in a name space of their own, always under this prefix.
        match name.strip_prefix("ex:").unwrap_or(name) {
            "value" => Self::Value,
            "member" => Self::Member,
            "name" => Self::Name,
            "string" => Self::Text,
            "int" | "i4" | "i8" | "i1" | "i2" => Self::Int,
            "nil" => Self::Nil,
            "boolean" => Self::Boolean,
            "double" | "float" => Self::Double,
            "struct" => Self::Struct,
            "array" => Self::Array,
            "data" => Self::Data,
            "base64" => Self::Base64,
            "dateTime.iso8601" | "dateTime" => Self::Time,
            "methodCall" => Self::MethodCall,
            "methodName" => Self::MethodName,
            "methodResponse" => Self::MethodResponse,
            "params" => Self::Params,
            "param" => Self::Param,
            "fault" => Self::Fault,
            _ => Self::Other,
        }
    }
}

/// A piece of the text.
#[derive(Debug)]
pub(super) enum Token<'a> {
    Start(Tag),
    End(Tag),
    /// Characters with the entities replaced, possibly only a part of a run.
    Characters(Cow<'a, str>),
}

/// Reads tokens. Ends of elements match their starts: the reader below sees to that.
pub(super) struct Lexer<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    /// Where the last token began.
    start: usize,
    peeked: Option<Token<'a>>,
    pub(super) limits: Limits,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, limits: Limits) -> Result<Self, XmlError> {
        if text.len() > limits.bytes {
            return Err(XmlError::TooLarge { size: text.len(), limit: limits.bytes });
        }
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, text, start: 0, peeked: None, limits })
    }

    /// Where the token read last began, in bytes.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Where the token read last ended, in bytes.
    pub(super) fn end(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }

    /// The next token; none at the end of the text.
    pub(super) fn token(&mut self) -> Result<Option<Token<'a>>, XmlError> {
        if let Some(token) = self.peeked.take() {
            return Ok(Some(token));
        }
        loop {
            self.start = self.end();
            return Ok(Some(match self.reader.read_event().map_err(|error| self.broken(&error))? {
                Event::Start(element) | Event::Empty(element) => Token::Start(Tag::of(element.name().as_ref())),
                Event::End(element) => Token::End(Tag::of(element.name().as_ref())),
                Event::Text(text) => Token::Characters(text.into_inner()),
                Event::CData(text) => Token::Characters(text.into_inner()),
                Event::GeneralRef(entity) => {
                    let character = match &*entity {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => entity.resolve_char_ref().ok().flatten(),
                    };
                    let found =
                        || self.unexpected("an unknown entity".to_owned(), "one of the five of XML or a number");
                    Token::Characters(Cow::Owned(character.ok_or_else(found)?.to_string()))
                }
                // A document type could define entities that grow without bound; no hub sends one.
                Event::DocType(_) => {
                    return Err(self.unexpected("a document type".to_owned(), "XML-RPC"));
                }
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            }));
        }
    }

    /// Looks at the next token again later.
    pub(super) fn put_back(&mut self, token: Token<'a>) {
        self.peeked = Some(token);
    }

    /// The next start or end of an element, over white space.
    pub(super) fn element(&mut self, expected: &'static str) -> Result<Token<'a>, XmlError> {
        loop {
            match self.token()? {
                Some(Token::Characters(text)) if is_blank(&text) => {}
                Some(Token::Characters(_)) => return Err(self.unexpected("text".to_owned(), expected)),
                Some(token) => return Ok(token),
                None => return Err(self.cut(expected)),
            }
        }
    }

    /// Passes over the start of an element.
    pub(super) fn open(&mut self, tag: Tag, expected: &'static str) -> Result<(), XmlError> {
        match self.element(expected)? {
            Token::Start(found) if found == tag => Ok(()),
            other => Err(self.not(&other, expected)),
        }
    }

    /// Passes over the end of an element.
    pub(super) fn close(&mut self, tag: Tag, expected: &'static str) -> Result<(), XmlError> {
        match self.element(expected)? {
            Token::End(found) if found == tag => Ok(()),
            other => Err(self.not(&other, expected)),
        }
    }

    /// All characters up to the end of the element that was opened last, and that end.
    pub(super) fn characters(&mut self, expected: &'static str) -> Result<Cow<'a, str>, XmlError> {
        let mut all: Option<Cow<'a, str>> = None;
        loop {
            match self.token()? {
                Some(Token::Characters(part)) => match &mut all {
                    None => all = Some(part),
                    Some(all) => all.to_mut().push_str(&part),
                },
                Some(Token::End(_)) => return Ok(all.unwrap_or_default()),
                Some(other) => return Err(self.not(&other, expected)),
                None => return Err(self.cut(expected)),
            }
        }
    }

    /// Passes over everything up to the end of the element that was opened last, and that end.
    pub(super) fn skip(&mut self, mut depth: usize) -> Result<(), XmlError> {
        // A value takes three elements per level: itself, the struct or array, the member or data.
        let limit = self.limits.depth.saturating_mul(3).saturating_add(6);
        let mut open = 1_usize;
        depth = depth.saturating_mul(3);
        loop {
            match self.token()? {
                Some(Token::Start(_)) => {
                    open += 1;
                    if depth + open > limit {
                        return Err(self.too_deep());
                    }
                }
                Some(Token::End(_)) => {
                    open -= 1;
                    if open == 0 {
                        return Ok(());
                    }
                }
                Some(Token::Characters(_)) => {}
                None => return Err(self.cut("value")),
            }
        }
    }

    /// Only white space is left.
    pub(super) fn finish(&mut self) -> Result<(), XmlError> {
        loop {
            match self.token()? {
                None => return Ok(()),
                Some(Token::Characters(text)) if is_blank(&text) => {}
                Some(other) => return Err(self.not(&other, "the end")),
            }
        }
    }

    pub(super) fn too_deep(&self) -> XmlError {
        XmlError::TooDeep { offset: self.start, limit: self.limits.depth }
    }

    pub(super) fn cut(&self, missing: &str) -> XmlError {
        XmlError::Cut { offset: self.text.len(), missing: missing.to_owned() }
    }

    pub(super) fn not(&self, found: &Token<'_>, expected: &'static str) -> XmlError {
        let found = match found {
            Token::Characters(_) => "text".to_owned(),
            Token::Start(Tag::Other) => "an element unknown to XML-RPC".to_owned(),
            Token::Start(_) => format!("`{}`", self.here()),
            Token::End(_) => format!("the end `{}`", self.here()),
        };
        self.unexpected(found, expected)
    }

    /// The markup of the last token, which is one of the known elements.
    fn here(&self) -> &'a str {
        self.text.get(self.start..self.end()).unwrap_or_default()
    }

    pub(super) fn unexpected(&self, found: String, expected: &'static str) -> XmlError {
        XmlError::Unexpected { offset: self.start, found, expected }
    }

    fn broken(&self, error: &QuickError) -> XmlError {
        let detail = match error {
            QuickError::Syntax(error) => {
                // All syntax errors are markup that does not end.
                if self.end() >= self.text.len() {
                    return XmlError::Cut { offset: self.text.len(), missing: "a tag".to_owned() };
                }
                error.to_string()
            }
            QuickError::IllFormed(quick_xml::errors::IllFormedError::MissingEndTag(name)) => return self.cut(name),
            // The words of the other errors may hold pieces of the text.
            QuickError::IllFormed(_) => "ends of elements do not match their starts".to_owned(),
            _ => "not well-formed".to_owned(),
        };
        XmlError::Malformed { offset: self.start, detail }
    }
}

/// Only white space of XML?
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r'))
}
