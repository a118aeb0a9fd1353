//! Asks a type which keys and kinds of values it reads: a deserializer that gives empty values and notes what was
//! asked for.

use crate::modulemd::de::{DAY, MINUTE, STRING_SET, TYPED_VALUE};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

/// A kind of value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing was asked for.
    #[default]
    Nothing,
    Text,
    Bool,
    Unsigned,
    Signed,
    Set,
    Value,
    Day,
    Minute,
    List(Box<Shape>),
    Map(Box<Shape>),
    /// A map with the keys of this struct.
    Struct(&'static str),
}

/// The keys of each struct with the kinds of their values.
pub(crate) type Structs = BTreeMap<&'static str, Vec<(&'static str, Shape)>>;

/// What a type reads, and the structs in it.
pub(super) fn probe<'de, T: Deserialize<'de>>() -> (Shape, Structs) {
    let structs = RefCell::default();
    let mut shape = Shape::default();
    // A type that refuses an empty value has noted what it asks for, too.
    let _ = T::deserialize(Probe { shape: &mut shape, structs: &structs });
    (shape, structs.into_inner())
}

/// What a visitor refused.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Probe<'p> {
    shape: &'p mut Shape,
    structs: &'p RefCell<Structs>,
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        *self.shape = Shape::Value;
        visitor.visit_borrowed_str("")
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        *self.shape = Shape::Text;
        visitor.visit_borrowed_str("")
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        *self.shape = Shape::Bool;
        visitor.visit_bool(false)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        *self.shape = Shape::Unsigned;
        visitor.visit_u64(0)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        *self.shape = Shape::Signed;
        visitor.visit_i64(0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let mut item = Shape::default();
        let value = visitor.visit_seq(One { shape: &mut item, structs: self.structs, done: false });
        *self.shape = Shape::List(Box::new(item));
        value
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let mut item = Shape::default();
        let value = visitor.visit_map(One { shape: &mut item, structs: self.structs, done: false });
        *self.shape = Shape::Map(Box::new(item));
        value
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        *self.shape = Shape::Struct(name);
        let known = self.structs.borrow().contains_key(name);
        if !known {
            self.structs.borrow_mut().insert(name, Vec::new());
        }
        let rest = if known { &[] } else { fields };
        visitor.visit_map(Fields { name, rest, current: "", structs: self.structs })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Refused> {
        *self.shape = match name {
            STRING_SET => Shape::Set,
            TYPED_VALUE => Shape::Value,
            DAY => Shape::Day,
            MINUTE => Shape::Minute,
            _ => return visitor.visit_newtype_struct(self),
        };
        if name == STRING_SET {
            return visitor.visit_seq(One { shape: &mut Shape::default(), structs: self.structs, done: true });
        }
        visitor.visit_borrowed_str("")
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
        ignored_any
    }
}

/// One item of a list, or one pair of a map.
struct One<'p> {
    shape: &'p mut Shape,
    structs: &'p RefCell<Structs>,
    done: bool,
}

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        seed.deserialize(Probe { shape: self.shape, structs: self.structs }).map(Some)
    }
}

impl<'de> MapAccess<'de> for One<'_> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        seed.deserialize(BorrowedStrDeserializer::new("")).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        seed.deserialize(Probe { shape: self.shape, structs: self.structs })
    }
}

/// All keys of a struct.
struct Fields<'p> {
    name: &'static str,
    rest: &'static [&'static str],
    current: &'static str,
    structs: &'p RefCell<Structs>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        let Some((first, rest)) = self.rest.split_first() else { return Ok(None) };
        (self.current, self.rest) = (first, rest);
        seed.deserialize(BorrowedStrDeserializer::new(first)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let mut shape = Shape::default();
        let value = seed.deserialize(Probe { shape: &mut shape, structs: self.structs });
        self.structs.borrow_mut().entry(self.name).or_default().push((self.current, shape));
        value
    }
}
