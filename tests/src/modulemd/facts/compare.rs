//! Comparing facts.

use serde_json::Value;

/// Documents in an order that does not depend on that of the text: by kind, module, stream, version, context, arch,
/// then by everything.
pub fn sorted(mut documents: Vec<Value>) -> Vec<Value> {
    documents.sort_by_cached_key(|one| {
        let first = |keys: &[&str]| keys.iter().find_map(|key| one[*key].as_str()).unwrap_or_default().to_owned();
        let head = [
            first(&["kind"]),
            first(&["module", "name"]),
            first(&["stream"]),
            format!("{:0>20}", first(&["version", "modified"])),
            first(&["context"]),
            first(&["arch"]),
        ];
        (head, one.to_string())
    });
    documents
}

/// The place of the first difference, with both values; none if they are equal.
pub fn first_difference(ours: &Value, theirs: &Value) -> Option<String> {
    if ours == theirs {
        return None;
    }
    let mut place = String::new();
    let (ours, theirs) = narrowed(ours, theirs, &mut place);
    Some(format!("at `{place}`: ours {ours}, theirs {theirs}"))
}

fn narrowed<'v>(ours: &'v Value, theirs: &'v Value, place: &mut String) -> (&'v Value, &'v Value) {
    match (ours, theirs) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => {
            let unequal = left.iter().find(|(key, value)| right[*key] != **value);
            let (key, value) = unequal.expect("unequal objects with equal keys");
            place.push('/');
            place.push_str(key);
            narrowed(value, &right[key], place)
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let at = left.iter().zip(right).position(|(left, right)| left != right).expect("unequal lists");
            place.push('/');
            place.push_str(&at.to_string());
            narrowed(&left[at], &right[at], place)
        }
        pair => pair,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_innermost_difference_is_named() {
        let ours = json!({"a": [1, {"b": 2}], "c": 3});
        assert_eq!(first_difference(&ours, &ours), None);
        let theirs = json!({"a": [1, {"b": 4}], "c": 3});
        assert_eq!(first_difference(&ours, &theirs).as_deref(), Some("at `/a/1/b`: ours 2, theirs 4"));
    }
}
