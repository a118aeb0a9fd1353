//! Changes in the words of the format.

use super::editor::Editor;
use super::error::EditError;
use super::schema::Field;
use super::target::near;
use crate::modulemd::model::{RpmComponent, Scalar, Value};
use crate::modulemd::path::{KeyPath, Step};
use std::collections::BTreeMap;

/// A list of texts whose order means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextSet {
    /// Packages of `api`.
    Api,
    /// Packages of `filter`.
    Filter,
    /// Packages of `demodularized`.
    Demodularized,
    /// Licences of the module document.
    License,
    /// Packages of the profile of this name.
    Profile(String),
    /// Streams of a module needed to build, in the dependency block (or configuration) of this number, from 0.
    BuildRequires(usize, String),
    /// Streams of a module needed at run time, in the dependency block (or configuration) of this number, from 0.
    Requires(usize, String),
}

impl Editor {
    /// The path of a component of this name: of a package, or of a module.
    ///
    /// # Errors
    /// There is none, or one of both kinds.
    pub fn component(&self, name: &str) -> Result<KeyPath, EditError> {
        let kinds = KeyPath::new(["data", "components"]);
        let mut names: Vec<String> = Vec::new();
        let mut found = None;
        for kind in ["rpms", "modules"] {
            let map = kinds.key(kind);
            let Some(Value::Map(components)) = self.get(&map)? else { continue };
            if components.contains_key(name) && found.replace(map.key(name)).is_some() {
                return Err(EditError::TwoComponents { name: name.to_owned() });
            }
            names.extend(components.into_iter().map(|(key, _)| key));
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        found.ok_or_else(|| EditError::NoComponent { name: name.to_owned(), near: near(name, &names) })
    }

    /// Sets the `ref` of a component. Tells whether anything changed.
    ///
    /// # Errors
    /// [`EditError::NoComponent`] and others; nothing was changed then.
    pub fn set_ref(&mut self, component: &str, reference: &str) -> Result<bool, EditError> {
        let path = self.component(component)?.key("ref");
        self.set(&path, reference)
    }

    /// Sets the `buildorder` of a component. Tells whether anything changed.
    ///
    /// # Errors
    /// [`EditError::NoComponent`] and others; nothing was changed then.
    pub fn set_buildorder(&mut self, component: &str, order: i64) -> Result<bool, EditError> {
        let path = self.component(component)?.key("buildorder");
        self.set(&path, order)
    }

    /// Adds a package to the components: sorted if they are sorted, else at the end.
    ///
    /// # Errors
    /// [`EditError::Exists`] if there is one of that key, and others; nothing was changed then.
    pub fn add_component(&mut self, key: &str, component: &RpmComponent) -> Result<(), EditError> {
        self.insert(&KeyPath::new(["data", "components", "rpms"]), key, fields(component))
    }

    /// Removes a component. What other places say about it stays; gives the keys of the components that still name it
    /// in `buildafter`, in byte order.
    ///
    /// # Errors
    /// [`EditError::NoComponent`] and others; nothing was changed then.
    pub fn remove_component(&mut self, component: &str) -> Result<Vec<String>, EditError> {
        let path = self.component(component)?;
        self.remove(&path)?;
        let rpms = KeyPath::new(["data", "components", "rpms"]);
        let Some(Value::Map(rest)) = self.get(&rpms)? else { return Ok(Vec::new()) };
        let is_it = |value: &Value| value.as_str() == Some(component);
        let names = |one: &Value| match one.get("buildafter") {
            Some(Value::List(items)) => items.iter().any(is_it),
            Some(value) => is_it(value),
            None => false,
        };
        let is_package = path.steps().get(2) == Some(&Step::Key("rpms".to_owned()));
        Ok(rest.into_iter().filter(|(_, one)| is_package && names(one)).map(|(key, _)| key).collect())
    }

    /// Sets `data.name`. Tells whether anything changed.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn set_name(&mut self, name: &str) -> Result<bool, EditError> {
        self.set(&KeyPath::new(["data", "name"]), name)
    }

    /// Sets `data.stream`, always in quotes. Tells whether anything changed.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn set_stream(&mut self, stream: &str) -> Result<bool, EditError> {
        self.set(&KeyPath::new(["data", "stream"]), stream)
    }

    /// Sets `data.version`. Tells whether anything changed.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn set_version(&mut self, version: u64) -> Result<bool, EditError> {
        self.set(&KeyPath::new(["data", "version"]), Value::Scalar(Scalar::typed(version.to_string())))
    }

    /// Sets `data.context`. Tells whether anything changed.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn set_context(&mut self, context: &str) -> Result<bool, EditError> {
        self.set(&KeyPath::new(["data", "context"]), context)
    }

    /// Adds a text to a set, which is made if it is missing. Tells whether it was not there yet.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn add_text(&mut self, set: &TextSet, text: &str) -> Result<bool, EditError> {
        self.add_text_at(&self.path_of(set), text)
    }

    /// Removes a text from a set. Tells whether it was there.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn remove_text(&mut self, set: &TextSet, text: &str) -> Result<bool, EditError> {
        self.remove_text_at(&self.path_of(set), text)
    }

    /// Adds a text to the list at a path, which is made if it is missing: sorted if the list is sorted, else at the
    /// end. One text stands for a list of one. Tells whether it was not there yet.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn add_text_at(&mut self, list: &KeyPath, text: &str) -> Result<bool, EditError> {
        if !matches!(self.kind().field(list), Field::Set | Field::List | Field::Free) {
            return Err(EditError::NoList { path: list.clone() });
        }
        match self.get(list)? {
            Some(Value::List(items)) if items.iter().any(|item| item.as_str() == Some(text)) => Ok(false),
            Some(Value::Scalar(scalar)) if scalar.as_str() == text && !text.is_empty() => Ok(false),
            Some(Value::Scalar(scalar)) if !scalar.as_str().is_empty() => {
                self.set(list, Value::List(vec![Value::from(scalar.as_str()), Value::from(text)]))
            }
            _ => self.atomically(|editor| editor.add_item(list, None, Value::from(text))).map(|()| true),
        }
    }

    /// Removes a text from the list at a path. Tells whether it was there.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn remove_text_at(&mut self, list: &KeyPath, text: &str) -> Result<bool, EditError> {
        match self.get(list)? {
            Some(Value::Scalar(scalar)) if scalar.as_str() == text && !text.is_empty() => {
                self.set(list, Value::List(Vec::new()))
            }
            Some(Value::List(items)) => self.atomically(|editor| {
                let places = items.iter().enumerate().filter(|(_, item)| item.as_str() == Some(text));
                let places: Vec<usize> = places.map(|(place, _)| place).collect();
                for place in places.iter().rev() {
                    editor.remove_value(&list.index(*place))?;
                }
                Ok(!places.is_empty())
            }),
            _ => Ok(false),
        }
    }

    /// The value that a text from a command line means at this path: a number or truth value where the format has one,
    /// YAML where it has a list, a map or free values, else the text as it is.
    ///
    /// # Errors
    /// [`EditError::Value`] if the text cannot stand there.
    pub fn parse_value(&self, path: &KeyPath, text: &str) -> Result<Value, EditError> {
        let wrong = |expected| EditError::Value { path: path.clone(), text: text.to_owned(), expected };
        let typed = || Value::Scalar(Scalar::typed(text));
        match self.kind().field(path) {
            Field::Text | Field::Stream => Ok(Value::from(text)),
            Field::Date => {
                let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                Ok(if plain { typed() } else { Value::from(text) })
            }
            Field::Unsigned if text.parse::<u64>().is_ok() => Ok(typed()),
            Field::Unsigned => Err(wrong("a whole number from 0 to 18446744073709551615")),
            Field::Signed if text.parse::<i64>().is_ok() => Ok(typed()),
            Field::Signed => Err(wrong("a whole number")),
            Field::Flag if matches!(text, "true" | "false") => Ok(typed()),
            Field::Flag => Err(wrong("`true` or `false`")),
            Field::Set => match super::yaml_value(text) {
                Some(value @ Value::List(_)) => Ok(value),
                Some(Value::Scalar(scalar)) if !scalar.as_str().is_empty() => {
                    Ok(Value::List(vec![Value::from(scalar.as_str())]))
                }
                _ => Err(wrong("a list such as `[a, b]`, or the only text of one")),
            },
            Field::List => match super::yaml_value(text) {
                Some(value @ Value::List(_)) => Ok(value),
                _ => Err(wrong("a list such as `[a, b]`")),
            },
            Field::Map => match super::yaml_value(text) {
                Some(value @ Value::Map(_)) => Ok(value),
                _ => Err(wrong("a map such as `{key: value}`")),
            },
            // An item of a list of texts.
            Field::Free if matches!(path.steps().last(), Some(Step::Index(_) | Step::Item(_))) && !is_free(path) => {
                Ok(Value::from(text))
            }
            Field::Free => super::yaml_value(text).ok_or_else(|| wrong("a value in YAML, such as `text` or `[a, b]`")),
        }
    }

    fn path_of(&self, set: &TextSet) -> KeyPath {
        let data = KeyPath::new(["data"]);
        let packager = self.kind().has_configurations();
        let blocks = data.key(if packager { "configurations" } else { "dependencies" });
        match set {
            TextSet::Api => data.key("api").key("rpms"),
            TextSet::Filter => data.key("filter").key("rpms"),
            TextSet::Demodularized => data.key("demodularized").key("rpms"),
            TextSet::License if packager => data.key("license"),
            TextSet::License => data.key("license").key("module"),
            TextSet::Profile(name) => data.key("profiles").key(name).key("rpms"),
            TextSet::BuildRequires(number, module) => blocks.index(*number).key("buildrequires").key(module),
            TextSet::Requires(number, module) => blocks.index(*number).key("requires").key(module),
        }
    }
}

fn is_free(path: &KeyPath) -> bool {
    path.steps().get(1) == Some(&Step::Key("xmd".to_owned()))
}

/// The fields of a component that differ from their defaults.
fn fields(component: &RpmComponent) -> Value {
    let mut map = BTreeMap::new();
    let texts = [
        ("rationale", &component.rationale),
        ("name", &component.name),
        ("repository", &component.repository),
        ("cache", &component.cache),
        ("ref", &component.git_ref),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            map.insert(key.to_owned(), Value::from(text.as_str()));
        }
    }
    let flags = [
        ("buildroot", component.buildroot),
        ("srpm-buildroot", component.srpm_buildroot),
        ("buildonly", component.buildonly),
    ];
    for (key, _) in flags.into_iter().filter(|(_, flag)| *flag) {
        map.insert(key.to_owned(), Value::from(true));
    }
    if component.buildorder != 0 {
        map.insert("buildorder".to_owned(), Value::from(component.buildorder));
    }
    let sets =
        [("buildafter", &component.buildafter), ("arches", &component.arches), ("multilib", &component.multilib)];
    for (key, set) in sets.into_iter().filter(|(_, set)| !set.is_empty()) {
        map.insert(key.to_owned(), Value::List(set.iter().map(|text| Value::from(text.as_str())).collect()));
    }
    Value::from(map)
}
