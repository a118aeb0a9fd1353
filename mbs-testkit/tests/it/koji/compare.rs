//! Comparing an answer with a recorded one.

use mbs_koji::rpc::xml::Value;

/// Members whose values depend on when and in which order things were made; their types are compared.
const MADE: [&str; 17] = [
    "id",
    "create_event",
    "begin_event",
    "creation_event_id",
    "min_event",
    "build_id",
    "buildroot_id",
    "package_id",
    "group_id",
    "tag_id",
    "task_id",
    "repo_id",
    "owner",
    "session-id",
    "parent",
    "buildtime",
    "cg_id",
];
/// Members that differ for other reasons.
const OTHER: [(&str, &str); 5] = [
    ("session-key", "a random text"),
    ("token", "a random text"),
    ("payloadhash", "packages are made up"),
    ("size", "packages are made up"),
    ("hexdigest", "the recorded bytes are not known"),
];

/// Where two answers differ; empty when they have one structure.
pub(super) fn differences(found: &Value, recorded: &Value) -> Vec<String> {
    let mut all = Vec::new();
    look("", found, recorded, &mut all);
    all
}

fn look(path: &str, found: &Value, recorded: &Value, all: &mut Vec<String>) {
    let name = path.rsplit('.').next().unwrap_or_default();
    let free = MADE.contains(&name)
        || OTHER.iter().any(|(other, _)| *other == name)
        || name.ends_with("_time")
        || name.ends_with("_ts")
        // A result that is a number, or a list of numbers, is the number of something made.
        || (path.split(['[', ']']).all(|part| part.parse::<i64>().is_ok() || part.is_empty()) && found.as_int().is_some());
    match (found, recorded) {
        (Value::Struct(ours), Value::Struct(theirs))
            if theirs.keys().all(|key| key.parse::<i64>().is_ok()) && !theirs.is_empty() =>
        {
            // Keys that are numbers of tasks.
            let (ours, theirs): (Vec<_>, Vec<_>) = (ours.values().collect(), theirs.values().collect());
            if ours.len() != theirs.len() {
                all.push(format!("`{path}`: {} members, recorded {}", ours.len(), theirs.len()));
            }
            ours.into_iter().zip(theirs).for_each(|(ours, theirs)| look(&format!("{path}.#"), ours, theirs, all));
        }
        (Value::Struct(ours), Value::Struct(theirs)) => {
            all.extend(
                ours.keys().filter(|key| !theirs.contains_key(*key)).map(|key| format!("`{path}.{key}`: not recorded")),
            );
            for (key, theirs) in theirs {
                match ours.get(key) {
                    None => all.push(format!("`{path}.{key}`: missing")),
                    Some(ours) => look(&format!("{path}.{key}"), ours, theirs, all),
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            if ours.len() != theirs.len() {
                all.push(format!("`{path}`: {} items, recorded {}", ours.len(), theirs.len()));
            }
            ours.iter()
                .zip(theirs)
                .enumerate()
                .for_each(|(at, (ours, theirs))| look(&format!("{path}[{at}]"), ours, theirs, all));
        }
        _ if free && found.kind() == recorded.kind() => {}
        // Numbers of what was made before stand in texts too.
        (Value::Text(ours), Value::Text(theirs)) if name == "faultString" && masked(ours) == masked(theirs) => {}
        _ if found == recorded => {}
        _ => all.push(format!("`{path}`: {found:?}, recorded {recorded:?}")),
    }
}

/// The text with `#` for each number.
pub(super) fn masked(text: &str) -> String {
    let mut masked = String::new();
    for character in text.chars() {
        let digit = character.is_ascii_digit();
        if !(digit && masked.ends_with('#')) {
            masked.push(if digit { '#' } else { character });
        }
    }
    masked
}
