//! Advice on texts for people.

use super::parts::Parts;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::validate::checker::Checker;
use crate::modulemd::validate::place::Place;

/// Most characters of a summary, as in RPM packages.
const LONGEST: usize = 80;

impl Checker {
    pub(super) fn advise_texts(&mut self, parts: &Parts<'_>) {
        let data = Place::top("data");
        for (key, text) in [("summary", parts.summary), ("description", parts.description)] {
            if text.is_some_and(|text| text.trim().is_empty()) {
                self.advise(Code::EmptyAdvice, &data.key(key), format!("`{key}` is empty"))
                    .hint("people choose modules by these texts");
            }
        }
        if parts.static_context && parts.context.is_none() {
            self.advise(Code::StaticWithout, &data.key("static_context"), "`static_context` without a `context`")
                .hint("add a `context` of up to 13 letters, digits and `_`");
        }
        let Some(summary) = parts.summary else { return };
        let place = data.key("summary");
        let summary = summary.trim_end();
        // An abbreviation such as `etc.` and an ellipsis end with a period, too.
        if summary.ends_with('.') && !summary.ends_with("..") && !summary.ends_with("etc.") {
            self.advise(Code::SummaryForm, &place, "the summary ends with a period").hint("remove the period");
        }
        if summary.contains('\n') {
            self.advise(Code::SummaryForm, &place, "the summary has several lines")
                .hint("put all but the first into `description`");
        } else if summary.chars().nth(LONGEST).is_some() {
            let message = format!("the summary has {} characters", summary.chars().count());
            self.advise(Code::SummaryForm, &place, message).expected(format!("at most {LONGEST}"));
        }
    }
}
