//! Which deliberate difference lies behind a disagreement.

use super::peer::Answer;
use mbs_core::modulemd::{Code, Diagnostic, Document, Reading};
use serde_json::Value;

/// The id of the difference that explains why libmodulemd refuses what we accept, or the other way round; none if
/// there is no such difference.
pub fn verdict(reading: &Reading, answer: &Answer, strict: bool) -> Option<&'static str> {
    match answer {
        Answer::None => Some("crash"),
        Answer::Bindings(_) => None,
        Answer::Good(_) => {
            let errors: Vec<&Diagnostic> = reading.diagnostics.iter().filter(|one| one.is_error()).collect();
            // Reading goes on in the middle of a value, or of another `data`: what follows is seen or not.
            let astray = errors.iter().filter_map(|one| unseen(one)).find(|id| ASTRAY.contains(id));
            let astray = astray.or_else(|| {
                reading.diagnostics.iter().any(|one| one.code == Code::DuplicateKey).then_some("lenient-duplicate")
            });
            // Else libmodulemd must have a reason not to see each of them.
            let all = errors.iter().all(|one| unseen(one).is_some());
            astray.or_else(|| unseen(errors.first()?).filter(|_| all))
        }
        Answer::Bad(messages, _) => {
            let warned = |code: Code| reading.diagnostics.iter().any(|one| one.code == code);
            let unknown_below = |keys: &[&str]| {
                reading
                    .diagnostics
                    .iter()
                    .any(|one| matches!(one.code, Code::UnknownKey | Code::WantMap) && below(&one.key_path, keys))
            };
            let is = |kind: &str, version: u64| reading.documents.iter().any(|one| one.value.kind() == (kind, version));
            let said = |part: &str| messages.iter().any(|message| message.contains(part));
            let silent = messages.iter().any(|message| message.is_empty() || message == "no message");
            // An empty value in place of a map is swallowed too, and what follows decides.
            let reasons = [
                (
                    reading.diagnostics.iter().any(|one| one.code == Code::WantMap && below(&one.key_path, SWALLOWED)),
                    "swallowed-errors",
                ),
                (silent && is("modulemd", 1), "v1-artifacts"),
                (
                    said("Artifact ''") || (said("not in module buildopts.arches") && any_arch(reading)),
                    "empty-set-2.14",
                ),
                (said("have to be set together"), "empty-successor"),
            ];
            if let Some(id) = reasons.into_iter().find_map(|(explains, id)| explains.then_some(id)) {
                return Some(id);
            }
            let reasons = [
                (warned(Code::UnknownKind) || warned(Code::UnknownVersion), "unknown-kept"),
                (warned(Code::DuplicateKey), "lenient-duplicate"),
                (is("modulemd-packager", 3) && warned(Code::UnknownKey), "packager3-lenient"),
                (unknown_below(SWALLOWED), "swallowed-errors"),
                (unknown_below(&["data.obsoleted_by"]), "obsoleted-by-unknown"),
            ];
            reasons.into_iter().find_map(|(explains, id)| (explains && !strict).then_some(id))
        }
    }
}

/// Whether a stream may be built everywhere, as far as we see.
fn any_arch(reading: &Reading) -> bool {
    reading.documents.iter().any(|one| match &one.value {
        Document::Stream(stream) => stream.buildopts.arches.is_empty(),
        _ => false,
    })
}

/// Where libmodulemd drops mistakes.
const SWALLOWED: &[&str] = &["data.api", "data.filter", "data.demodularized", "data.license"];

/// Differences behind which libmodulemd reads other things than we do.
const ASTRAY: &[&str] = &["swallowed-errors", "behind-data"];

fn below(path: &str, keys: &[&str]) -> bool {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
    keys.iter().any(|key| path.strip_prefix(key).is_some_and(ends))
}

/// Why libmodulemd does not see one of our errors.
fn unseen(error: &Diagnostic) -> Option<&'static str> {
    let path = error.key_path.as_str();
    let at_root = !path.contains('.') && path.find('[').is_none_or(|place| place == 0);
    match error.code {
        Code::DuplicateKey | Code::UnknownKey | Code::KeyKind if at_root => Some("behind-data"),
        Code::DuplicateKey => Some("duplicate-key"),
        Code::UnknownKey if below(path, &["data.obsoleted_by"]) => Some("obsoleted-by-unknown"),
        Code::UnknownKey | Code::WantMap | Code::WantList | Code::WantText | Code::KeyKind
            if below(path, SWALLOWED) =>
        {
            Some("swallowed-errors")
        }
        Code::EmptyText if below(path, &["data.module"]) => Some("defaults-without-module"),
        Code::EmptyText if below(path, &["data.obsoleted_by"]) => Some("empty-successor"),
        Code::NoLicense | Code::OneStream => Some("empty-set-2.14"),
        Code::UnknownVersion => Some("translations-version"),
        _ => None,
    }
}

/// The id of the difference that explains why the facts of documents that both accept differ.
pub fn facts(ours: &Value, theirs: &Value, reading: &Reading) -> Option<&'static str> {
    if !reading.has_errors() && reading.diagnostics.iter().any(|one| one.code == Code::DuplicateKey) {
        return Some("lenient-duplicate");
    }
    let steps: [(&str, Held); 4] = [
        ("empty-set-2.14", empty_set),
        ("buildorder-32-bits", buildorder),
        ("epoch-32-bits", epoch),
        ("empty-default-stream", default_stream),
    ];
    let mut found = ours.to_string().contains("\\u0000").then_some("nul");
    let (mut ours, mut theirs) = (cut(ours), theirs.clone());
    if ours == theirs {
        return found;
    }
    for (id, held) in steps {
        let (our, their) = (map(&ours, held), map(&theirs, held));
        if our != ours || their != theirs {
            found = found.or(Some(id));
        }
        (ours, theirs) = (our, their);
        if ours == theirs {
            return found;
        }
    }
    None
}

/// Every text up to its first NUL, as C has it.
pub fn cut(value: &Value) -> Value {
    let text = |text: &str| text.split('\0').next().unwrap_or_default().to_owned();
    match value {
        Value::String(all) => Value::String(text(all)),
        Value::Array(items) => Value::Array(items.iter().map(cut).collect()),
        Value::Object(all) => Value::Object(all.iter().map(|(key, value)| (text(key), cut(value))).collect()),
        other => other.clone(),
    }
}

/// What is held instead of a value under a key; none for what is held as it is.
type Held = fn(&str, &Value) -> Option<Value>;

/// The facts with every value replaced where a function says so.
fn map(value: &Value, held: Held) -> Value {
    fn go(key: &str, value: &Value, held: Held) -> Value {
        if let Some(other) = held(key, value) {
            return other;
        }
        match value {
            Value::Object(all) => {
                Value::Object(all.iter().map(|(key, value)| (key.clone(), go(key, value, held))).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| go(key, item, held)).collect()),
            other => other.clone(),
        }
    }
    go("", value, held)
}

/// A set of one empty text, as 2.14 makes it of an empty value.
fn empty_set(_: &str, value: &Value) -> Option<Value> {
    (value == &Value::from(vec![""])).then(|| Value::Array(Vec::new()))
}

/// The low 32 bits.
fn buildorder(key: &str, value: &Value) -> Option<Value> {
    let number = value.as_i64().filter(|_| key == "buildorder")?;
    #[expect(clippy::cast_possible_truncation, reason = "that is what libmodulemd does")]
    Some(Value::from(number as i32))
}

/// An epoch that does not fit 32 bits is 0, also in the joined text.
fn epoch(_: &str, value: &Value) -> Option<Value> {
    let epoch = value.as_object()?.get("epoch")?.as_str()?;
    let number: u64 = epoch.parse().ok().filter(|number| *number > u64::from(u32::MAX))?;
    let mut held = value.clone();
    held["epoch"] = Value::from("0");
    held["nevra"] = Value::from(value["nevra"].as_str()?.replace(&format!("-{number}:"), "-0:"));
    Some(held)
}

/// A general default stream that is empty.
fn default_stream(key: &str, value: &Value) -> Option<Value> {
    (key == "stream" && value == &Value::from("")).then_some(Value::Null)
}
