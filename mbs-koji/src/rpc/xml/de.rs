//! From text to any type of serde, without a tree in between.

use super::base64::decode_base64;
use super::error::XmlError;
use super::key::Key;
use super::lexer::{Lexer, Tag, Token, is_blank};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;

/// What a `<value>` turned out to hold, as far as it was read.
enum Opened<'de> {
    /// The start of a typed value.
    Typed(Tag),
    /// A text without a type, with the end of its value.
    Untyped(Cow<'de, str>),
}

/// Reads values one after the other.
pub(super) struct Decoder<'de> {
    pub(super) lexer: Lexer<'de>,
    opened: Option<Opened<'de>>,
    depth: usize,
}

impl<'de> Decoder<'de> {
    pub(super) fn new(lexer: Lexer<'de>) -> Self {
        Self { lexer, opened: None, depth: 0 }
    }

    /// Reads the start of a value, unless that was done already.
    fn open(&mut self) -> Result<Opened<'de>, XmlError> {
        if let Some(opened) = self.opened.take() {
            return Ok(opened);
        }
        self.lexer.open(Tag::Value, "`<value>`")?;
        let mut text: Option<Cow<'de, str>> = None;
        loop {
            match self.lexer.token()? {
                Some(Token::Characters(part)) => match &mut text {
                    None => text = Some(part),
                    Some(all) => all.to_mut().push_str(&part),
                },
                Some(Token::End(_)) => return Ok(Opened::Untyped(text.unwrap_or_default())),
                Some(Token::Start(tag)) if text.as_deref().is_none_or(is_blank) => return Ok(Opened::Typed(tag)),
                Some(other) => return Err(self.lexer.not(&other, "`</value>`")),
                None => return Err(self.lexer.cut("value")),
            }
        }
    }

    fn close(&mut self) -> Result<(), XmlError> {
        self.lexer.close(Tag::Value, "`</value>`")
    }

    /// The characters of a simple value, with both ends.
    fn simple(&mut self) -> Result<Cow<'de, str>, XmlError> {
        let text = self.lexer.characters("text")?;
        self.close()?;
        Ok(text)
    }

    fn deeper(&mut self) -> Result<(), XmlError> {
        self.depth += 1;
        if self.depth > self.lexer.limits.depth { Err(self.lexer.too_deep()) } else { Ok(()) }
    }

    fn array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, XmlError> {
        self.deeper()?;
        let data = match self.lexer.element("`<data>`")? {
            Token::Start(Tag::Data) => true,
            // Some senders leave the list out when it is empty.
            Token::End(Tag::Array) => false,
            other => return Err(self.lexer.not(&other, "`<data>`")),
        };
        let mut items = Items { decoder: self, index: 0, done: !data };
        let result = visitor.visit_seq(&mut items)?;
        items.drain()?;
        if data {
            self.lexer.close(Tag::Array, "`</array>`")?;
        }
        self.close()?;
        self.depth -= 1;
        Ok(result)
    }

    fn structure<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, XmlError> {
        self.deeper()?;
        let mut members = Members { decoder: self, name: Cow::Borrowed(""), done: false };
        let result = visitor.visit_map(&mut members)?;
        members.drain()?;
        self.close()?;
        self.depth -= 1;
        Ok(result)
    }

    /// Passes over one value.
    pub(super) fn skip_value(&mut self) -> Result<(), XmlError> {
        match self.opened.take() {
            Some(Opened::Untyped(_)) => Ok(()),
            Some(Opened::Typed(_)) => {
                self.lexer.skip(self.depth)?;
                self.close()
            }
            None => {
                self.lexer.open(Tag::Value, "`<value>`")?;
                self.lexer.skip(self.depth)
            }
        }
    }
}

fn text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, XmlError> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

fn bad(what: &str) -> XmlError {
    XmlError::Mismatch { path: String::new(), detail: what.to_owned() }
}

impl<'de> Deserializer<'de> for &mut Decoder<'de> {
    type Error = XmlError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, XmlError> {
        let tag = match self.open()? {
            Opened::Untyped(characters) => return text(characters, visitor),
            Opened::Typed(tag) => tag,
        };
        match tag {
            Tag::Text | Tag::Time => text(self.simple()?, visitor),
            Tag::Int => {
                let characters = self.simple()?;
                let number = characters.trim_ascii().parse::<i64>();
                visitor.visit_i64(number.map_err(|_| bad("found no integer of 64 bits inside an integer"))?)
            }
            Tag::Boolean => match self.simple()?.trim_ascii() {
                "1" | "true" => visitor.visit_bool(true),
                "0" | "false" => visitor.visit_bool(false),
                _ => Err(bad("found neither `0` nor `1` inside a boolean")),
            },
            Tag::Double => {
                let number = self.simple()?.trim_ascii().parse::<f64>();
                visitor.visit_f64(number.map_err(|_| bad("found no number inside a float"))?)
            }
            Tag::Nil => {
                self.simple()?;
                visitor.visit_unit()
            }
            Tag::Base64 => {
                let bytes = decode_base64(&self.simple()?);
                visitor.visit_byte_buf(bytes.map_err(|error| bad(&format!("found {error}, expected base64")))?)
            }
            Tag::Array => self.array(visitor),
            Tag::Struct => self.structure(visitor),
            _ => Err(self.lexer.not(&Token::Start(tag), "a value of XML-RPC")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, XmlError> {
        match self.open()? {
            Opened::Typed(Tag::Nil) => {
                self.simple()?;
                visitor.visit_none()
            }
            opened => {
                self.opened = Some(opened);
                visitor.visit_some(self)
            }
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, XmlError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, XmlError> {
        let word = <Cow<'de, str> as serde::Deserialize>::deserialize(self)?;
        StrDeserializer::<XmlError>::new(&word).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, XmlError> {
        self.skip_value()?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

/// The items of an array.
struct Items<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    index: usize,
    done: bool,
}

impl Items<'_, '_> {
    /// Is there another item? Reads the end of the list if not.
    fn more(&mut self) -> Result<bool, XmlError> {
        if self.done {
            return Ok(false);
        }
        match self.decoder.lexer.element("`<value>` or `</data>`")? {
            Token::End(Tag::Data) => self.done = true,
            token => self.decoder.lexer.put_back(token),
        }
        Ok(!self.done)
    }

    /// Passes over what the visitor left: a hub may add items to what is a tuple today.
    fn drain(&mut self) -> Result<(), XmlError> {
        while self.more()? {
            self.decoder.skip_value()?;
        }
        Ok(())
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = XmlError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, XmlError> {
        if !self.more()? {
            return Ok(None);
        }
        let item = seed.deserialize(&mut *self.decoder).map_err(|error| error.in_item(self.index))?;
        self.index += 1;
        Ok(Some(item))
    }
}

/// The members of a struct.
struct Members<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    name: Cow<'de, str>,
    done: bool,
}

impl Members<'_, '_> {
    /// Reads the name of the next member, or the end of the struct.
    fn more(&mut self) -> Result<bool, XmlError> {
        if self.done {
            return Ok(false);
        }
        let lexer = &mut self.decoder.lexer;
        match lexer.element("`<member>` or `</struct>`")? {
            Token::Start(Tag::Member) => {}
            Token::End(Tag::Struct) => {
                self.done = true;
                return Ok(false);
            }
            other => return Err(lexer.not(&other, "`<member>` or `</struct>`")),
        }
        lexer.open(Tag::Name, "`<name>`")?;
        self.name = lexer.characters("the name of a member")?;
        Ok(true)
    }

    fn end_of_member(&mut self) -> Result<(), XmlError> {
        self.decoder.lexer.close(Tag::Member, "`</member>`")
    }

    fn drain(&mut self) -> Result<(), XmlError> {
        while self.more()? {
            self.decoder.skip_value()?;
            self.end_of_member()?;
        }
        Ok(())
    }
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = XmlError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, XmlError> {
        if !self.more()? {
            return Ok(None);
        }
        seed.deserialize(Key(&self.name)).map(Some).map_err(|error| error.in_member(&self.name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, XmlError> {
        let value = seed.deserialize(&mut *self.decoder).map_err(|error| error.in_member(&self.name))?;
        self.end_of_member()?;
        Ok(value)
    }
}
