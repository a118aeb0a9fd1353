//! Rules of the documents that are no streams.

use super::checker::Checker;
use super::place::Place;
use crate::modulemd::diagnostic::{Code, Severity};
use crate::modulemd::model::{Defaults, Minute, Obsoletes, Translations};
use crate::{ModuleName, StreamName};

pub(crate) fn check_defaults(checker: &mut Checker, document: &Defaults) {
    let data = Place::top("data");
    checker.present(&data, "module", &document.module);
    if !document.module.is_empty() {
        checker.name(Code::BadName, &data.key("module"), ModuleName::check(&document.module), false);
    }
    if let Some(stream) = &document.stream {
        checker.name(Code::BadName, &data.key("stream"), StreamName::check(stream), false);
    }
    let profiles = data.key("profiles");
    for stream in document.profiles.keys() {
        checker.name(Code::BadName, &profiles.key(stream), StreamName::check(stream), true);
    }
}

pub(crate) fn check_translations(checker: &mut Checker, document: &Translations) {
    let data = Place::top("data");
    checker.present(&data, "module", &document.module);
    checker.present(&data, "stream", &document.stream);
    if document.modified == 0 {
        checker.error(Code::NotModified, &data.key("modified"), "`modified` is missing or 0");
    }
}

pub(crate) fn check_obsoletes(checker: &mut Checker, document: &Obsoletes) {
    let data = Place::top("data");
    checker.present(&data, "module", &document.module);
    checker.present(&data, "stream", &document.stream);
    checker.present(&data, "message", &document.message);
    for (key, minute) in [("modified", Some(document.modified)), ("eol_date", document.eol_date)] {
        if let Some(minute) = minute
            && minute != Minute::default()
            && !minute.exists()
        {
            checker
                .error(Code::NoSuchDay, &data.key(key), format!("the day of `{minute}` is not in the calendar"))
                .severity(Severity::Warning);
        }
    }
    for (key, given) in [("eol_date", document.eol_date.is_some()), ("obsoleted_by", document.obsoleted_by.is_some())] {
        if document.reset && given {
            checker
                .error(Code::ResetMixed, &data.key(key), format!("`{key}` beside `reset: true`"))
                .hint("a document that takes earlier ones back says nothing else; remove one of the two");
        }
    }
    if let Some(next) = &document.obsoleted_by {
        let path = data.key("obsoleted_by");
        checker.present(&path, "module", &next.module);
        checker.present(&path, "stream", &next.stream);
    }
}

impl Checker {
    /// A text that must not be empty. That its key is missing was noted by the reader.
    fn present(&mut self, map: &Place<'_>, key: &str, text: &str) {
        if text.is_empty() {
            self.error(Code::EmptyText, &map.key(key), format!("`{key}` is missing or empty"));
        }
    }
}
