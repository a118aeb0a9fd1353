//! The rules of the format as data: `tests/modulemd/rules/*.yaml`.
#![expect(clippy::missing_panics_doc, clippy::panic, reason = "a mistake in the rules ends the test")]

use super::ours::{self, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One rule with its cases.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `MMD-SECTION.NUMBER`.
    pub id: String,
    /// The rule in one sentence.
    pub rule: String,
    /// Code of the diagnostic of its reject cases.
    pub code: Option<String>,
    /// Documents that obey it.
    #[serde(default)]
    pub accept: Vec<Case>,
    /// Documents that break it.
    #[serde(default)]
    pub reject: Vec<Case>,
    /// Why there is no case that breaks it.
    pub cannot: Option<String>,
}

/// A text and what is to be made of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Case {
    /// The input, or the lines below `data` of the frame.
    pub text: String,
    /// The frame around the lines.
    pub wrap: Frame,
    /// What is asked.
    pub ask: Ask,
    /// The indexes of a merge.
    pub texts: Vec<String>,
    /// Their priorities; absent: all 0.
    pub priorities: Vec<u16>,
    /// Whether defaults that are equally new may not disagree about the default stream.
    pub strict_default_streams: bool,
    /// What an index is searched for, as the script of the peer takes it.
    pub query: Option<Value>,
    /// What the search finds.
    pub found: Option<Value>,
    /// Code of the diagnostic, if it is not the rule's.
    pub code: Option<String>,
    /// Whether lenient reading accepts it; absent: as strict reading does.
    pub lenient: Option<bool>,
    /// Facts by JSON pointer into the list of documents.
    pub expect: BTreeMap<String, Value>,
    /// Id of the deliberate difference to libmodulemd that the case shows.
    pub difference: Option<String>,
    /// The same in lenient mode; absent: as in strict mode.
    pub lenient_difference: Option<String>,
}

/// What is asked about the text of a case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ask {
    /// The documents.
    #[default]
    Read,
    /// The index, and what a query finds in it.
    Index,
    /// The index that several texts are merged to.
    Merge,
    /// The index that a packager's document becomes.
    Expand,
    /// The version 2 stream that a document becomes.
    Upgrade,
}

/// A small valid document of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame {
    /// None: the text is the whole input.
    #[default]
    Whole,
    /// `modulemd` version 1.
    V1,
    /// `modulemd` version 2.
    V2,
    /// `modulemd-packager` version 2.
    Packager2,
    /// `modulemd-packager` version 3.
    Packager3,
    /// `modulemd-defaults` version 1.
    Defaults,
    /// `modulemd-translations` version 1.
    Translations,
    /// `modulemd-obsoletes` version 1.
    Obsoletes,
}

impl Frame {
    /// Every frame that has a document.
    pub const ALL: [Self; 7] =
        [Self::V1, Self::V2, Self::Packager2, Self::Packager3, Self::Defaults, Self::Translations, Self::Obsoletes];

    /// Kind and version of the document.
    pub fn kind(self) -> (&'static str, u64) {
        match self {
            Self::Whole => ("", 0),
            Self::V1 => ("modulemd", 1),
            Self::V2 => ("modulemd", 2),
            Self::Packager2 => ("modulemd-packager", 2),
            Self::Packager3 => ("modulemd-packager", 3),
            Self::Defaults => ("modulemd-defaults", 1),
            Self::Translations => ("modulemd-translations", 1),
            Self::Obsoletes => ("modulemd-obsoletes", 1),
        }
    }

    fn lines(self) -> &'static [&'static str] {
        const STREAM: [&str; 5] = ["name: m", "stream: s", "summary: S", "description: D", "license: {module: [MIT]}"];
        match self {
            Self::Whole => &[],
            Self::V1 | Self::V2 => &STREAM,
            Self::Packager2 => STREAM.get(2..).unwrap_or_default(),
            Self::Packager3 => &[
                "name: m",
                "stream: s",
                "summary: S",
                "description: D",
                "configurations: [{context: A, platform: f1}]",
            ],
            Self::Defaults => &["module: m"],
            Self::Translations => &["module: m", "stream: s", "modified: 1"],
            Self::Obsoletes => &["module: m", "stream: s", "modified: 2020-01-01T00:00Z", "message: x"],
        }
    }

    /// The document with these lines below `data`; a line of the frame gives way to lines with the same key.
    pub fn around(self, lines: &str) -> String {
        let (kind, version) = self.kind();
        let mut text = format!("document: {kind}\nversion: {version}\ndata:\n");
        let set: Vec<&str> = lines.lines().filter_map(|line| line.split_once(':')).map(|(key, _)| key).collect();
        let kept = self.lines().iter().filter(|line| {
            let key = line.split(':').next().unwrap_or_default();
            !set.contains(&key)
        });
        for line in kept.copied().chain(lines.lines()) {
            text.push_str("  ");
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

impl Case {
    /// Id of the deliberate difference that the case shows in a mode.
    pub fn difference(&self, strict: bool) -> Option<&str> {
        let lenient = self.lenient_difference.as_deref().filter(|_| !strict);
        lenient.or(self.difference.as_deref()).filter(|id| *id != "none")
    }

    /// What we make of it; none for what is read as documents only.
    pub fn outcome(&self, strict: bool) -> Option<Outcome> {
        let queries = self.query.as_slice();
        match self.ask {
            Ask::Read => None,
            Ask::Index => Some(ours::index(&self.input(), queries, strict)),
            Ask::Merge => Some(ours::merge(&self.texts, &self.all_priorities(), self.strict_default_streams)),
            Ask::Expand => Some(ours::convert(&self.input(), "index")),
            Ask::Upgrade => Some(ours::convert(&self.input(), "stream")),
        }
    }

    /// The question to libmodulemd; none for what is read as documents only.
    pub fn question(&self, strict: bool, keys: &Value) -> Option<Value> {
        match self.ask {
            Ask::Read => None,
            Ask::Index => Some(match &self.query {
                Some(query) => json!({"op": "search", "text": self.input(), "strict": strict, "queries": [query]}),
                None => json!({"op": "read", "text": self.input(), "strict": strict, "keys": keys, "upgrade": true}),
            }),
            Ask::Merge => Some(json!({
                "op": "merge", "texts": self.texts, "priorities": self.all_priorities(), "keys": keys,
                "strict_default_streams": self.strict_default_streams,
            })),
            Ask::Expand => Some(json!({"op": "convert", "to": "index", "text": self.input(), "keys": keys})),
            Ask::Upgrade => Some(json!({"op": "convert", "to": "stream", "text": self.input(), "keys": keys})),
        }
    }

    fn all_priorities(&self) -> Vec<u16> {
        let mut all = self.priorities.clone();
        all.resize(self.texts.len(), 0);
        all
    }

    /// The whole input.
    pub fn input(&self) -> String {
        match self.wrap {
            Frame::Whole => self.text.clone(),
            frame => frame.around(&self.text),
        }
    }
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a member").to_owned()
}

/// All rules in the order of their files.
pub fn all() -> Vec<Rule> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("modulemd/rules");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder of the rules")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let mut rules = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file of rules");
        let read: Result<Vec<Rule>, _> = serde_yaml::from_str(&text);
        rules.extend(read.unwrap_or_else(|error| panic!("{}: {error}", file.display())));
    }
    rules
}
