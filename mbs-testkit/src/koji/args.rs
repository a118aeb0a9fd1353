//! The arguments of a call, by name.

use super::fault::{Fault, repr};
use mbs_koji::rpc::xml::{MethodCall, Value};
use std::collections::BTreeMap;

static NIL: Value = Value::Nil;

/// The arguments of a call, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Args {
    values: BTreeMap<String, Value>,
    /// All by place, for methods that take any number.
    pub(super) all: Vec<Value>,
}

impl Args {
    /// Binds a call to a signature: names with blanks between, `?` behind optional ones, `**` for any other keywords,
    /// `*` for any number by place.
    ///
    /// # Errors
    /// 1019 for missing, unknown and too many arguments.
    pub(super) fn bind(signature: &str, call: MethodCall) -> Result<Self, Fault> {
        let MethodCall { method, arguments, keywords } = call;
        let names: Vec<&str> = signature.split_whitespace().filter(|name| !name.starts_with('*')).collect();
        let free = signature.split_whitespace().any(|name| name == "**");
        let any = signature.split_whitespace().any(|name| name == "*");
        if arguments.len() > names.len() && !any {
            let given = arguments.len();
            let text = format!("{method}() takes {} positional arguments but {given} were given", names.len());
            return Err(Fault::parameter(text));
        }
        let all = arguments.clone();
        let mut values: BTreeMap<String, Value> =
            names.iter().map(|name| name.trim_end_matches('?').to_owned()).zip(arguments).collect();
        for (name, value) in keywords {
            let known = free || names.iter().any(|known| known.trim_end_matches('?') == name);
            if !known {
                return Err(Fault::parameter(format!("{method}() got an unexpected keyword argument '{name}'")));
            }
            if values.insert(name.clone(), value).is_some() {
                return Err(Fault::parameter(format!("{method}() got multiple values for argument '{name}'")));
            }
        }
        if let Some(missing) = names.iter().find(|name| !name.ends_with('?') && !values.contains_key(**name)) {
            return Err(Fault::parameter(format!("{method}() missing a required argument: '{missing}'")));
        }
        Ok(Self { values, all })
    }

    /// The argument; nil when it is not given.
    pub(super) fn get(&self, name: &str) -> &Value {
        self.values.get(name).unwrap_or(&NIL)
    }

    /// The argument, none when it is nil or not given.
    pub(super) fn given(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_nil())
    }

    /// Was it given, be it nil?
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Is it true as Python sees it?
    pub(super) fn flag(&self, name: &str, default: bool) -> bool {
        self.values.get(name).map_or(default, truth)
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).as_str().ok_or_else(|| wrong(name, self.get(name), "a text"))
    }

    /// A text or nothing.
    pub(super) fn text_or(&self, name: &str) -> Result<Option<&str>, Fault> {
        self.given(name).map(|value| value.as_str().ok_or_else(|| wrong(name, value, "a text"))).transpose()
    }

    /// A whole number.
    pub(super) fn int(&self, name: &str) -> Result<i64, Fault> {
        self.get(name).as_int().ok_or_else(|| wrong(name, self.get(name), "a number"))
    }

    /// A whole number or nothing.
    pub(super) fn int_or(&self, name: &str) -> Result<Option<i64>, Fault> {
        self.given(name).map(|value| value.as_int().ok_or_else(|| wrong(name, value, "a number"))).transpose()
    }

    /// A list.
    pub(super) fn list(&self, name: &str) -> Result<&[Value], Fault> {
        self.get(name).as_array().ok_or_else(|| wrong(name, self.get(name), "a list"))
    }

    /// The members of a struct; none for nil.
    pub(super) fn members(&self, name: &str) -> Result<Option<&BTreeMap<String, Value>>, Fault> {
        match self.get(name) {
            Value::Nil => Ok(None),
            Value::Struct(members) => Ok(Some(members)),
            other => Err(wrong(name, other, "a struct")),
        }
    }
}

fn wrong(name: &str, found: &Value, expected: &str) -> Fault {
    Fault::parameter(format!("Invalid type for value '{}' of `{name}`: expected {expected}", repr(found)))
}

/// Is a value true as Python sees it?
pub(super) fn truth(value: &Value) -> bool {
    match value {
        Value::Nil => false,
        Value::Int(number) => *number != 0,
        Value::Bool(value) => *value,
        Value::Double(number) => *number != 0.0,
        Value::Text(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Struct(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind(arguments: Vec<Value>) -> Result<Args, Fault> {
        Args::bind("name strict? **", MethodCall::new("m", arguments))
    }

    #[test]
    fn arguments_come_by_place_and_by_name() {
        let keywords = Value::from([("strict", true.into()), ("more", 1i64.into()), ("__starstar", true.into())]);
        let args = bind(vec!["x".into(), keywords]).expect("good");
        assert_eq!((args.text("name"), args.flag("strict", false), args.int("more")), (Ok("x"), true, Ok(1)));
        assert!(!args.has("other"));
    }

    #[test]
    fn missing_and_unknown_arguments_are_1019() {
        assert_eq!(bind(Vec::new()).expect_err("no name").code, 1019);
        assert_eq!(bind(vec![1i64.into(), true.into(), 3i64.into()]).expect_err("three").code, 1019);
        let twice = Value::from([("name", "y".into()), ("__starstar", true.into())]);
        assert_eq!(bind(vec!["x".into(), twice]).expect_err("twice").code, 1019);
        let unknown = Value::from([("y", "y".into()), ("__starstar", true.into())]);
        let call = MethodCall::new("m", vec!["x".into(), unknown]);
        assert_eq!(Args::bind("name", call).expect_err("unknown").code, 1019);
    }
}
