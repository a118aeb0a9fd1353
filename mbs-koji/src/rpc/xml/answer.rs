//! What a hub answers.

use super::de::Decoder;
use super::error::XmlError;
use super::lexer::{Lexer, Tag, Token};
use super::limits::Limits;
use super::ser::{Encoder, escape};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// A fault as it stands in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireFault {
    /// Number of the kind.
    #[serde(rename = "faultCode")]
    pub code: i64,
    /// Text for people.
    #[serde(rename = "faultString")]
    pub text: String,
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// The method ended well.
    Result(T),
    /// It did not.
    Fault(WireFault),
}

/// Reads an answer whose result is a `T`.
///
/// # Errors
/// [`XmlError`] if it is no answer, is cut off, or its result is of another type.
pub fn decode_answer<'de, T: Deserialize<'de>>(body: &'de [u8], limits: &Limits) -> Result<Answer<T>, XmlError> {
    read(body, limits, |decoder| T::deserialize(decoder))
}

/// The text of an answer with this result.
///
/// # Errors
/// [`XmlError::Unencodable`] for what XML-RPC has no form for.
pub fn encode_answer<T: Serialize + ?Sized>(result: &T) -> Result<String, XmlError> {
    let mut text = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n".to_owned();
    result.serialize(Encoder { out: &mut text })?;
    text.push_str("\n</param>\n</params>\n</methodResponse>\n");
    Ok(text)
}

/// The text of an answer with this fault. Characters that XML cannot hold are left out.
pub fn encode_fault(fault: &WireFault) -> String {
    let mut text = "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n".to_owned();
    let _ =
        write!(text, "<value><struct><member><name>faultCode</name><value><int>{}</int></value></member>", fault.code);
    text.push_str("<member><name>faultString</name><value><string>");
    for character in fault.text.chars() {
        let _ = escape(character.encode_utf8(&mut [0; 4]), &mut text);
    }
    text.push_str("</string></value></member></struct></value>");
    text.push_str("\n</fault>\n</methodResponse>\n");
    text
}

/// Reads an answer; `result` reads the value of the result.
pub(super) fn read<'de, T>(
    body: &'de [u8],
    limits: &Limits,
    result: impl FnOnce(&mut Decoder<'de>) -> Result<T, XmlError>,
) -> Result<Answer<T>, XmlError> {
    if body.len() > limits.bytes {
        return Err(XmlError::TooLarge { size: body.len(), limit: limits.bytes });
    }
    let text = text(body)?;
    // Asked first, so that a cut answer is never taken for one of another type.
    if !text.trim_ascii_end().ends_with("</methodResponse>") {
        return Err(XmlError::Cut { offset: text.len(), missing: "methodResponse".to_owned() });
    }
    let mut decoder = Decoder::new(Lexer::new(text, *limits)?);
    decoder.lexer.open(Tag::MethodResponse, "`<methodResponse>`")?;
    let answer = match decoder.lexer.element("`<params>` or `<fault>`")? {
        Token::Start(Tag::Params) => {
            decoder.lexer.open(Tag::Param, "`<param>`")?;
            let result = Answer::Result(result(&mut decoder)?);
            decoder.lexer.close(Tag::Param, "`</param>`")?;
            decoder.lexer.close(Tag::Params, "`</params>`")?;
            result
        }
        Token::Start(Tag::Fault) => {
            let fault = WireFault::deserialize(&mut decoder)?;
            decoder.lexer.close(Tag::Fault, "`</fault>`")?;
            Answer::Fault(fault)
        }
        other => return Err(decoder.lexer.not(&other, "`<params>` or `<fault>`")),
    };
    decoder.lexer.close(Tag::MethodResponse, "`</methodResponse>`")?;
    decoder.lexer.finish()?;
    Ok(answer)
}

/// The body as text that begins like XML-RPC.
pub(super) fn text(body: &[u8]) -> Result<&str, XmlError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) => {
            let good = std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default();
            known(good)?;
            // A cut in the middle of a character.
            if error.error_len().is_none() {
                return Err(XmlError::Cut { offset: body.len(), missing: "a character".to_owned() });
            }
            return Err(XmlError::NotUtf8 { offset: error.valid_up_to() });
        }
    };
    known(text)?;
    Ok(text)
}

/// Refuses what does not begin like XML-RPC and says what it looks like.
fn known(text: &str) -> Result<(), XmlError> {
    let mut start = text.trim_ascii_start();
    if start.is_empty() {
        return Err(XmlError::Empty);
    }
    while let Some(end) = ["<?", "<!--"].iter().find_map(|open| start.strip_prefix(open)).and_then(|_| start.find('>'))
    {
        start = start[end + 1..].trim_ascii_start();
    }
    let begins =
        |word: &str| start.get(..word.len().min(start.len())).is_some_and(|s| word[..s.len()].eq_ignore_ascii_case(s));
    if start.is_empty() || begins("<method") || start.starts_with("<method") {
        return Ok(());
    }
    let lower = start.get(..4096.min(start.len())).unwrap_or(start).to_ascii_lowercase();
    let found = if start.starts_with('<') && (lower.starts_with("<!doctype html") || lower.contains("<html")) {
        match (lower.find("<title>"), lower.find("</title>")) {
            (Some(from), Some(to)) if from + 7 < to => {
                let title: String = start[from + 7..to].trim().chars().filter(|c| !c.is_control()).take(80).collect();
                format!("an HTML page titled `{title}`")
            }
            _ => "an HTML page".to_owned(),
        }
    } else if start.starts_with('<') {
        "XML of another kind".to_owned()
    } else if start.starts_with(['{', '[']) {
        "JSON".to_owned()
    } else {
        "plain text".to_owned()
    };
    Err(XmlError::Foreign { found })
}
