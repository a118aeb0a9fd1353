//! The deserializer of one node.

use super::access::{ItemAccess, PairAccess};
use super::error::Refused;
use super::hints::{may_be_empty, required};
use super::number::{signed, unsigned};
use crate::modulemd::diagnostic::{Code, Problem, Severity, Sink};
use crate::modulemd::model::{Minute, parse_day};
use crate::modulemd::path::KeyPath;
use crate::modulemd::yaml::plain::looks_typed;
use crate::modulemd::yaml::tape::{Node, Pairs, Style, View};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Visitor};

/// Newtype name that asks for a set of texts: a list, or one text that stands for a list of one; an empty value is the
/// empty set.
pub(crate) const STRING_SET: &str = "modulemd string set";

/// Newtype name that asks for a value of any kind. Texts that a YAML reader would take for something else than text
/// because they have no quotes arrive through `visit_bytes`: serde's data model has no "text with a style".
pub(crate) const TYPED_VALUE: &str = "modulemd value";

/// Newtype name that asks for the day of a service level.
pub(crate) const DAY: &str = "modulemd day";

/// Newtype name that asks for a minute of an obsoletes document.
pub(crate) const MINUTE: &str = "modulemd minute";

/// Reads a node, noting every problem. What cannot be read is the default; an error was noted then.
pub(crate) fn from_node<'t, T: Deserialize<'t> + Default>(node: Node<'t>, sink: &'t Sink) -> T {
    T::deserialize(NodeDe { node, sink }).unwrap_or_else(|error| {
        sink.push(Problem::at_entry(Code::Unreadable, node.index(), error.0).found(node.describe()));
        T::default()
    })
}

/// Deserializer of one node.
#[derive(Clone, Copy)]
pub(super) struct NodeDe<'t> {
    pub(super) node: Node<'t>,
    pub(super) sink: &'t Sink,
}

impl<'t> NodeDe<'t> {
    /// Notes that another kind of value stands here than wanted.
    fn wrong(self, code: Code, message: &str, expected: &str) {
        self.sink
            .push(Problem::at_entry(code, self.node.index(), message).found(self.node.describe()).expected(expected));
    }

    fn text(self) -> &'t str {
        self.node.scalar().unwrap_or_else(|| {
            self.wrong(Code::WantText, "not a text", "a text");
            ""
        })
    }

    /// A text that must be a date of this form.
    fn date(self, fits: fn(&str) -> bool, form: &str) -> &'t str {
        let text = self.text();
        if self.node.scalar().is_some() && !fits(text) {
            let message = format!("{} is not a date", self.node.describe());
            self.sink.push(Problem::at_entry(Code::BadDate, self.node.index(), message).expected(form));
        }
        text
    }

    fn number<N: Default>(self, code: Code, read: fn(&str) -> Result<N, &'static str>, expected: &str) -> N {
        let Some(text) = self.node.scalar() else {
            self.wrong(code, "not a number", expected);
            return N::default();
        };
        read(text).unwrap_or_else(|problem| {
            let message = format!("{} {problem}", self.node.describe());
            self.sink.push(Problem::at_entry(code, self.node.index(), message).expected(expected));
            N::default()
        })
    }

    /// The pairs of a map; none, and a problem, for anything else.
    fn pairs(self) -> Option<Pairs<'t>> {
        let pairs = self.node.pairs();
        if pairs.is_none() {
            self.wrong(Code::WantMap, "not a map", "a map");
        }
        pairs
    }

    fn items<V: Visitor<'t>>(self, set: bool, visitor: V) -> Result<V::Value, Refused> {
        let one = match self.node.view() {
            View::Seq(items) if set => return visitor.visit_seq(ItemAccess::scalars(items, self.sink)),
            View::Seq(items) => return visitor.visit_seq(ItemAccess::new(items, self.sink)),
            View::Scalar("", _) if set => false,
            View::Scalar(..) if set => true,
            View::Scalar(..) | View::Map(_) => {
                self.wrong(Code::WantList, "not a list", if set { "a list of texts" } else { "a list" });
                false
            }
        };
        visitor.visit_seq(ItemAccess::single(one.then_some(self.node), self.sink))
    }
}

impl<'t> Deserializer<'t> for NodeDe<'t> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.node.view() {
            View::Scalar(text, _) => visitor.visit_borrowed_str(text),
            View::Map(pairs) => visitor.visit_map(PairAccess::new(Some(pairs), &[], self.sink)),
            View::Seq(items) => visitor.visit_seq(ItemAccess::new(items, self.sink)),
        }
    }

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_borrowed_str(self.text())
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_borrowed_str(self.text())
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        let value = match self.node.scalar() {
            Some("true") => true,
            Some("false") => false,
            _ => {
                self.wrong(Code::WantBool, "not a truth value", "`true` or `false`");
                false
            }
        };
        visitor.visit_bool(value)
    }

    fn deserialize_u64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_u64(self.number(Code::WantUnsigned, unsigned, "a whole number from 0 to 18446744073709551615"))
    }

    fn deserialize_i64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_i64(self.number(Code::WantSigned, signed, "a whole number"))
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        // An empty value is the empty text, not the absence of one: that is the format's rule.
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.items(false, visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_map(PairAccess::new(self.pairs(), &[], self.sink))
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        if may_be_empty(name) && self.node.scalar() == Some("") {
            let problem = Problem::at_entry(Code::WantMap, self.node.index(), "an empty value where a map is expected");
            self.sink.push(problem.severity(Severity::Warning).hint("write what belongs here, or remove the key"));
            return visitor.visit_map(PairAccess::new(None, fields, self.sink));
        }
        let pairs = self.pairs();
        if let Some(pairs) = pairs.clone() {
            for key in required(name) {
                if !pairs.clone().any(|(found, _)| found.scalar() == Some(key)) {
                    self.sink.push(
                        Problem::at_entry(Code::MissingKey, self.node.index(), format!("key `{key}` is missing"))
                            .below(KeyPath::new([*key])),
                    );
                }
            }
        }
        visitor.visit_map(PairAccess::new(pairs, fields, self.sink))
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(self, name: &'static str, visitor: V) -> Result<V::Value, Refused> {
        match name {
            STRING_SET => self.items(true, visitor),
            TYPED_VALUE => match self.node.view() {
                View::Scalar(text, Style::Plain) if looks_typed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
                _ => self.deserialize_any(visitor),
            },
            DAY => visitor.visit_borrowed_str(self.date(|text| parse_day(text).is_some(), "YYYY-MM-DD")),
            MINUTE => visitor.visit_borrowed_str(self.date(|text| text.parse::<Minute>().is_ok(), "YYYY-MM-DDTHH:MMZ")),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'t>>
        i8 i16 i32 i128 u8 u16 u32 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}

impl<'t> NodeDe<'t> {
    /// Reads the node through a seed.
    pub(super) fn seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<S::Value, Refused> {
        seed.deserialize(self)
    }
}
