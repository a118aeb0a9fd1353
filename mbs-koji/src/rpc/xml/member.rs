//! The answer to a multicall: one result or fault per call, each of a type of its own.

use super::answer::{Answer, WireFault, read};
use super::error::XmlError;
use super::fragment::decode_fragment;
use super::lexer::{Tag, Token};
use super::limits::Limits;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

/// The result of one call of a multicall: an array with the result as its one item, or a struct with the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member<T> {
    /// The call ended well.
    Result(T),
    /// It did not, and had no effect.
    Fault(WireFault),
}

impl<T: Serialize> Serialize for Member<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Result(result) => [result].serialize(serializer),
            Self::Fault(fault) => fault.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Member<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array with the result or a struct with the fault")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Member<T>, A::Error> {
                let result = list.next_element()?;
                result.map(Member::Result).ok_or_else(|| serde::de::Error::invalid_length(0, &self))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Member<T>, A::Error> {
                WireFault::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Member::Fault)
            }
        }
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

/// The text of one member, not read yet.
#[derive(Clone)]
pub struct MemberText {
    body: Arc<str>,
    range: Range<usize>,
}

impl MemberText {
    /// Reads it as the result of a call that gives a `T`.
    ///
    /// # Errors
    /// [`XmlError`] if it is of another type.
    pub fn decode<'de, T: Deserialize<'de>>(&'de self) -> Result<Member<T>, XmlError> {
        decode_fragment(&self.body[self.range.clone()], &Limits::default())
    }
}

impl fmt::Debug for MemberText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemberText({} bytes)", self.range.len())
    }
}

/// Reads the answer to a multicall as far as its members can be told apart.
///
/// # Errors
/// [`XmlError`] if it is no answer or no array.
pub fn decode_members(body: &[u8], limits: &Limits) -> Result<Answer<Vec<MemberText>>, XmlError> {
    let ranges = read(body, limits, |decoder| {
        let lexer = &mut decoder.lexer;
        lexer.open(Tag::Value, "`<value>`")?;
        lexer.open(Tag::Array, "`<array>`")?;
        lexer.open(Tag::Data, "`<data>`")?;
        let mut ranges = Vec::new();
        loop {
            match lexer.element("`<value>` or `</data>`")? {
                Token::Start(Tag::Value) => {
                    let start = lexer.start();
                    lexer.skip(1)?;
                    ranges.push(start..lexer.end());
                }
                Token::End(Tag::Data) => break,
                other => return Err(lexer.not(&other, "`<value>` or `</data>`")),
            }
        }
        lexer.close(Tag::Array, "`</array>`")?;
        lexer.close(Tag::Value, "`</value>`")?;
        Ok(ranges)
    })?;
    Ok(match ranges {
        Answer::Result(ranges) => {
            let body: Arc<str> = super::answer::text(body)?.into();
            Answer::Result(ranges.into_iter().map(|range| MemberText { body: Arc::clone(&body), range }).collect())
        }
        Answer::Fault(fault) => Answer::Fault(fault),
    })
}
