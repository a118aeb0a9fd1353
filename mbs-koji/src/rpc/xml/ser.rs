//! From any type of serde to text.

use super::base64::encode_base64;
use super::error::XmlError;
use super::key::KeyText;
use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};
use std::fmt::Write as _;

/// Writes values, each as one `<value>`, at the end of a text.
pub(super) struct Encoder<'a> {
    pub(super) out: &'a mut String,
}

/// Writes characters with those replaced that have a meaning in XML.
pub(super) fn escape(text: &str, out: &mut String) -> Result<(), XmlError> {
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        let replaced = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            // A reader of XML turns a plain one into a line feed.
            '\r' => "&#13;",
            '\t' | '\n' => continue,
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                return Err(XmlError::Unencodable {
                    detail: format!("text with the character U+{:04X}, which XML cannot hold", u32::from(character)),
                });
            }
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        out.push_str(replaced);
        plain = at + character.len_utf8();
    }
    out.push_str(&text[plain..]);
    Ok(())
}

impl Encoder<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn integer(&mut self, number: i64) {
        let tag = if i32::try_from(number).is_ok() { "int" } else { "i8" };
        write!(self.out, "<value><{tag}>{number}</{tag}></value>").expect("a text takes everything");
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), XmlError> {
        self.put("<member><name>");
        escape(name, self.out)?;
        self.put("</name>");
        value.serialize(Encoder { out: self.out })?;
        self.put("</member>");
        Ok(())
    }
}

macro_rules! integers {
    ($($method:ident $type:ty),*) => {$(
        fn $method(mut self, number: $type) -> Result<(), XmlError> {
            self.integer(i64::from(number));
            Ok(())
        }
    )*};
}

impl<'a> Serializer for Encoder<'a> {
    type Ok = ();
    type Error = XmlError;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    integers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_u8 u8,
        serialize_u16 u16, serialize_u32 u32);

    fn serialize_u64(mut self, number: u64) -> Result<(), XmlError> {
        let number = i64::try_from(number);
        self.integer(number.map_err(|_| XmlError::Unencodable { detail: "an integer over 63 bits".to_owned() })?);
        Ok(())
    }

    fn serialize_bool(mut self, value: bool) -> Result<(), XmlError> {
        self.put(if value { "<value><boolean>1</boolean></value>" } else { "<value><boolean>0</boolean></value>" });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), XmlError> {
        self.serialize_f64(f64::from(number))
    }

    fn serialize_f64(self, number: f64) -> Result<(), XmlError> {
        if !number.is_finite() {
            return Err(XmlError::Unencodable { detail: "a number that is not finite".to_owned() });
        }
        // Without an exponent, which the specification does not know.
        write!(self.out, "<value><double>{number}</double></value>").expect("a text takes everything");
        Ok(())
    }

    fn serialize_char(self, character: char) -> Result<(), XmlError> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(mut self, text: &str) -> Result<(), XmlError> {
        self.put("<value><string>");
        escape(text, self.out)?;
        self.put("</string></value>");
        Ok(())
    }

    fn serialize_bytes(mut self, bytes: &[u8]) -> Result<(), XmlError> {
        self.put("<value><base64>");
        self.put(&encode_base64(bytes));
        self.put("</base64></value>");
        Ok(())
    }

    fn serialize_none(self) -> Result<(), XmlError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), XmlError> {
        value.serialize(self)
    }

    fn serialize_unit(mut self) -> Result<(), XmlError> {
        self.put("<value><nil/></value>");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), XmlError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), XmlError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), XmlError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        let mut members = Members::begin(self.out, None, "</struct></value>");
        members.encoder.member(variant, value)?;
        SerializeMap::end(members)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, XmlError> {
        Ok(Items::begin(self.out, "</data></array></value>"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, XmlError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, XmlError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'a>, XmlError> {
        write!(self.out, "<value><struct><member><name>{variant}</name>").expect("a text takes everything");
        Ok(Items::begin(self.out, "</data></array></value></member></struct></value>"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, XmlError> {
        Ok(Members::begin(self.out, None, "</struct></value>"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, XmlError> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>, XmlError> {
        Ok(Members::begin(self.out, Some(variant), "</struct></value></member></struct></value>"))
    }
}

/// An array being written.
pub(super) struct Items<'a> {
    out: &'a mut String,
    end: &'static str,
}

impl<'a> Items<'a> {
    fn begin(out: &'a mut String, end: &'static str) -> Self {
        out.push_str("<value><array><data>");
        Self { out, end }
    }

    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), XmlError> {
        item.serialize(Encoder { out: self.out })
    }

    fn finish(self) {
        self.out.push_str(self.end);
    }
}

macro_rules! items {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Items<'_> {
            type Ok = ();
            type Error = XmlError;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), XmlError> {
                self.item(item)
            }

            fn end(self) -> Result<(), XmlError> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

items!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field);

/// A struct being written.
pub(super) struct Members<'a> {
    encoder: Encoder<'a>,
    end: &'static str,
}

impl<'a> Members<'a> {
    fn begin(out: &'a mut String, variant: Option<&'static str>, end: &'static str) -> Self {
        if let Some(variant) = variant {
            write!(out, "<value><struct><member><name>{variant}</name>").expect("a text takes everything");
        }
        out.push_str("<value><struct>");
        Self { encoder: Encoder { out }, end }
    }
}

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = XmlError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), XmlError> {
        let name = key.serialize(KeyText)?;
        self.encoder.put("<member><name>");
        escape(&name, self.encoder.out)?;
        self.encoder.put("</name>");
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), XmlError> {
        value.serialize(Encoder { out: self.encoder.out })?;
        self.encoder.put("</member>");
        Ok(())
    }

    fn end(mut self) -> Result<(), XmlError> {
        self.encoder.put(self.end);
        Ok(())
    }
}

macro_rules! fields {
    ($($trait:ident),*) => {$(
        impl $trait for Members<'_> {
            type Ok = ();
            type Error = XmlError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), XmlError> {
                self.encoder.member(name, value)
            }

            fn end(mut self) -> Result<(), XmlError> {
                self.encoder.put(self.end);
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);
