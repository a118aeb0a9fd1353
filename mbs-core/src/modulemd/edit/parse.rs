//! Values given as YAML.

use crate::modulemd::limits::Limits;
use crate::modulemd::model::{Scalar, Value};
use crate::modulemd::yaml::builder::Budget;
use crate::modulemd::yaml::documents::Documents;
use crate::modulemd::yaml::plain::looks_typed;
use crate::modulemd::yaml::tape::{Node, Style, Tape, View};

/// The value of a text in YAML, such as `[a, b]`; nothing if it is not exactly one, or has keys that are no texts.
pub fn yaml_value(text: &str) -> Option<Value> {
    let limits = Limits::default();
    if text.len() > limits.bytes {
        return None;
    }
    let (mut budget, mut tape) = (Budget::new(limits), Tape::new());
    let mut documents = Documents::new(text, 0, &mut budget);
    documents.next(&mut tape)?.ok()?;
    let value = value(tape.root()?)?;
    documents.next(&mut tape).is_none().then_some(value)
}

fn value(node: Node<'_>) -> Option<Value> {
    Some(match node.view() {
        View::Scalar(text, Style::Plain) if looks_typed(text) => Value::Scalar(Scalar::typed(text)),
        View::Scalar(text, _) => Value::Scalar(Scalar::text(text)),
        View::Seq(mut items) => Value::List(items.try_fold(Vec::new(), |mut list, item| {
            list.push(value(item)?);
            Some(list)
        })?),
        View::Map(pairs) => {
            let mut map = std::collections::BTreeMap::new();
            for (key, item) in pairs {
                // A key that comes twice says nothing clear.
                if map.insert(key.scalar()?.to_owned(), value(item)?).is_some() {
                    return None;
                }
            }
            Value::from(map)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_one_document_each() {
        assert_eq!(yaml_value("[a, '1']"), Some(Value::List(vec!["a".into(), "1".into()])));
        assert_eq!(yaml_value("5"), Some(5.into()));
        assert_eq!(yaml_value("{a: {b: true}}").and_then(|value| value.get("a")?.get("b")?.as_bool()), Some(true));
        for bad in ["", "[a", "{a: 1, a: 2}", "a: b\n---\nc", "{[a]: b}"] {
            assert_eq!(yaml_value(bad), None, "{bad}");
        }
    }
}
