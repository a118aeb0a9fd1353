//! Names of members, which are numbers where the sender had a map from numbers.

use super::error::XmlError;
use serde::Serialize;
use serde::de::{Deserializer, Error as _, Visitor};
use serde::ser::{Impossible, Serializer};

/// A name to read.
pub(super) struct Key<'a>(pub(super) &'a str);

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, XmlError> {
            visitor.$visit(self.0.parse::<$type>().map_err(|_| XmlError::custom("found a name that is no number"))?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = XmlError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, XmlError> {
        visitor.visit_str(self.0)
    }

    numbers!(deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64);

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, XmlError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        enum identifier ignored_any
    }
}

/// Writes a name.
pub(super) struct KeyText;

fn no_name() -> XmlError {
    XmlError::Unencodable { detail: "the name of a member is neither text nor a whole number".to_owned() }
}

macro_rules! written {
    ($($method:ident $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<String, XmlError> {
            Ok(value.to_string())
        }
    )*};
}

macro_rules! refused {
    ($($method:ident $type:ty),*) => {$(
        fn $method(self, _: $type) -> Result<String, XmlError> {
            Err(no_name())
        }
    )*};
}

impl Serializer for KeyText {
    type Ok = String;
    type Error = XmlError;
    type SerializeSeq = Impossible<String, XmlError>;
    type SerializeTuple = Impossible<String, XmlError>;
    type SerializeTupleStruct = Impossible<String, XmlError>;
    type SerializeTupleVariant = Impossible<String, XmlError>;
    type SerializeMap = Impossible<String, XmlError>;
    type SerializeStruct = Impossible<String, XmlError>;
    type SerializeStructVariant = Impossible<String, XmlError>;

    written!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_u8 u8,
        serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_char char, serialize_str &str);

    refused!(serialize_bool bool, serialize_f32 f32, serialize_f64 f64, serialize_bytes &[u8]);

    fn serialize_none(self) -> Result<String, XmlError> {
        Err(no_name())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<String, XmlError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<String, XmlError> {
        Err(no_name())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<String, XmlError> {
        Err(no_name())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<String, XmlError> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<String, XmlError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, XmlError> {
        Err(no_name())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, XmlError> {
        Err(no_name())
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, XmlError> {
        Err(no_name())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, XmlError> {
        Err(no_name())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, XmlError> {
        Err(no_name())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, XmlError> {
        Err(no_name())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, XmlError> {
        Err(no_name())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, XmlError> {
        Err(no_name())
    }
}
