//! The keys of one map of the format, and the unknown ones behind them.

use crate::modulemd::model::{Scalar, UnknownKeys, Value, ValueMap};
use crate::modulemd::path::Step;
use crate::modulemd::yaml::emitter::Emitter;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// A map of the format that is being written. Every key that the format has here must be offered, also where its value
/// is absent, so that no unknown key takes its place.
pub(super) struct Fields<'f, 'o> {
    out: &'f mut Emitter<'o>,
    unknown: Option<&'f UnknownKeys>,
    /// The keys offered so far; counted only where there are unknown keys.
    known: Vec<&'static str>,
}

impl Fields<'_, '_> {
    /// Writes the map of what `content` offers and of what is unknown there.
    pub(super) fn write(
        out: &mut Emitter<'_>,
        unknown: Option<&UnknownKeys>,
        content: impl FnOnce(&mut Fields<'_, '_>),
    ) {
        let mut fields = Fields { out, unknown, known: Vec::new() };
        content(&mut fields);
        let Some(unknown) = unknown else { return };
        let known = fields.known;
        for (key, value) in unknown.here().iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            out.free_key(key);
            self::value(out, value);
        }
    }

    fn offer(&mut self, key: &'static str) {
        if self.unknown.is_some() {
            self.known.push(key);
        }
    }

    pub(super) fn text(&mut self, key: &'static str, text: &str) {
        self.offer(key);
        self.out.key(key);
        self.out.text(text);
    }

    pub(super) fn option(&mut self, key: &'static str, text: Option<&String>) {
        self.offer(key);
        if let Some(text) = text {
            self.out.key(key);
            self.out.text(text);
        }
    }

    /// A text that has quotes always: streams such as 5.10 are texts, not numbers.
    pub(super) fn quoted(&mut self, key: &'static str, text: Option<&String>) {
        self.offer(key);
        if let Some(text) = text {
            self.out.key(key);
            self.out.quoted(text);
        }
    }

    /// A number that is written even if it is 0.
    pub(super) fn number(&mut self, key: &'static str, number: u64) {
        self.offer(key);
        self.out.key(key);
        self.out.number(false, number);
    }

    /// A number that is unset if it is 0.
    pub(super) fn unsigned(&mut self, key: &'static str, number: u64) {
        self.offer(key);
        if number != 0 {
            self.out.key(key);
            self.out.number(false, number);
        }
    }

    /// The same with a sign.
    pub(super) fn signed(&mut self, key: &'static str, number: i64) {
        self.offer(key);
        if number != 0 {
            self.out.key(key);
            self.out.number(number < 0, number.unsigned_abs());
        }
    }

    /// A truth value that is unset if it is false.
    pub(super) fn flag(&mut self, key: &'static str, flag: bool) {
        self.offer(key);
        if flag {
            self.out.key(key);
            self.out.typed("true");
        }
    }

    /// A date.
    pub(super) fn date(&mut self, key: &'static str, date: Option<impl Display>) {
        self.offer(key);
        if let Some(date) = date {
            self.out.key(key);
            self.out.shown(date);
        }
    }

    /// A set that is unset if it is empty.
    pub(super) fn set(&mut self, key: &'static str, set: &BTreeSet<String>) {
        self.offer(key);
        if !set.is_empty() {
            self.out.key(key);
            self.out.texts(set);
        }
    }

    /// A free value.
    pub(super) fn value(&mut self, key: &'static str, value: Option<&Value>) {
        self.offer(key);
        if let Some(value) = value {
            self.out.key(key);
            self::value(self.out, value);
        }
    }

    /// A map of the format that is written even if it is empty.
    pub(super) fn map(&mut self, key: &'static str, content: impl FnOnce(&mut Fields<'_, '_>)) {
        self.offer(key);
        let unknown = below(self.unknown, key);
        self.out.key(key);
        self.out.map(|out| Fields::write(out, unknown, content));
    }

    /// A map of the format that is unset if it is empty.
    pub(super) fn part(&mut self, key: &'static str, content: impl FnOnce(&mut Fields<'_, '_>)) {
        self.offer(key);
        let unknown = below(self.unknown, key);
        self.out.map_if_any(key, |out| Fields::write(out, unknown, content));
    }

    /// A map with free keys, unset if it is empty.
    fn free<V>(
        &mut self,
        key: &'static str,
        map: &BTreeMap<String, V>,
        each: impl Fn(&mut Emitter<'_>, &V, Option<&UnknownKeys>),
    ) {
        self.offer(key);
        if map.is_empty() {
            return;
        }
        let unknown = below(self.unknown, key);
        self.out.key(key);
        self.out.map(|out| {
            for (name, value) in map {
                out.free_key(name);
                each(out, value, below(unknown, name));
            }
        });
    }

    /// A map from free keys to maps of the format.
    pub(super) fn entries<V>(
        &mut self,
        key: &'static str,
        map: &BTreeMap<String, V>,
        each: impl Fn(&mut Fields<'_, '_>, &V),
    ) {
        self.free(key, map, |out, value, unknown| {
            out.map(|out| Fields::write(out, unknown, |fields| each(fields, value)));
        });
    }

    /// A map from free keys to maps with free keys to maps of the format.
    pub(super) fn nested<V>(
        &mut self,
        key: &'static str,
        map: &BTreeMap<String, BTreeMap<String, V>>,
        each: impl Fn(&mut Fields<'_, '_>, &V),
    ) {
        self.free(key, map, |out, inner, unknown| {
            out.map(|out| {
                for (name, value) in inner {
                    out.free_key(name);
                    let unknown = below(unknown, name);
                    out.map(|out| Fields::write(out, unknown, |fields| each(fields, value)));
                }
            });
        });
    }

    /// A map from free keys to sets, empty ones too.
    pub(super) fn sets<V>(
        &mut self,
        key: &'static str,
        map: &BTreeMap<String, V>,
        set: impl Fn(&V) -> &BTreeSet<String>,
    ) {
        self.free(key, map, |out, value, _| out.texts(set(value)));
    }

    /// A map from free keys to texts.
    pub(super) fn texts(&mut self, key: &'static str, map: &BTreeMap<String, String>) {
        self.free(key, map, |out, text, _| out.text(text));
    }

    /// A list of maps of the format, unset if it is empty.
    pub(super) fn items<V>(&mut self, key: &'static str, items: &[V], each: impl Fn(&mut Fields<'_, '_>, &V)) {
        self.offer(key);
        if items.is_empty() {
            return;
        }
        let unknown = below(self.unknown, key);
        self.out.key(key);
        self.out.begin_list();
        for (number, item) in items.iter().enumerate() {
            let unknown = unknown.and_then(|unknown| unknown.below(&Step::Index(number)));
            self.out.item(|out| Fields::write(out, unknown, |fields| each(fields, item)));
        }
    }
}

fn below<'u>(unknown: Option<&'u UnknownKeys>, key: &str) -> Option<&'u UnknownKeys> {
    unknown?.below(&Step::Key(key.to_owned()))
}

/// A free value as the value of a key.
pub(super) fn value(out: &mut Emitter<'_>, value: &Value) {
    match value {
        Value::Scalar(scalar) => self::scalar(out, scalar),
        Value::Map(map) => out.map(|out| pairs(out, map)),
        Value::List(items) if items.is_empty() => out.empty_list(),
        Value::List(items) => {
            out.begin_list();
            list(out, items);
        }
    }
}

fn scalar(out: &mut Emitter<'_>, scalar: &Scalar) {
    if scalar.is_typed() {
        out.typed(scalar.as_str());
    } else {
        out.text(scalar.as_str());
    }
}

fn pairs(out: &mut Emitter<'_>, map: &ValueMap) {
    for (key, value) in map {
        out.free_key(key);
        self::value(out, value);
    }
}

fn list(out: &mut Emitter<'_>, items: &[Value]) {
    for item in items {
        match item {
            Value::Map(map) => out.item(|out| pairs(out, map)),
            Value::List(inner) if !inner.is_empty() => out.item(|out| list(out, inner)),
            Value::List(_) => {
                out.dash();
                out.empty_list();
            }
            Value::Scalar(scalar) => {
                out.dash();
                self::scalar(out, scalar);
            }
        }
    }
}
