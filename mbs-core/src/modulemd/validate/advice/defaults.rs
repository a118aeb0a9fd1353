//! Advice on defaults and obsoletes.

use crate::modulemd::diagnostic::Code;
use crate::modulemd::model::{Defaults, Obsoletes};
use crate::modulemd::validate::checker::Checker;
use crate::modulemd::validate::place::Place;
use crate::modulemd::yaml::tape::shorten;

impl Checker {
    pub(super) fn advise_defaults(&mut self, defaults: &Defaults) {
        let data = Place::top("data");
        let intents = data.key("intents");
        for (name, intent) in &defaults.intents {
            if let Some(stream) = intent.stream.as_deref().filter(|stream| !stream.is_empty())
                && !intent.profiles.contains_key(stream)
                && !defaults.profiles.contains_key(stream)
                && defaults.stream.as_deref() != Some(stream)
            {
                let message = format!(
                    "intent `{}` has the default stream `{}`, which the document does not know otherwise",
                    shorten(name),
                    shorten(stream)
                );
                self.advise(Code::IntentStream, &intents.key(name).key("stream"), message);
            }
        }
    }

    pub(super) fn advise_obsoletes(&mut self, obsoletes: &Obsoletes) {
        if let Some(next) = &obsoletes.obsoleted_by
            && !next.module.is_empty()
            && next.module == obsoletes.module
            && next.stream == obsoletes.stream
        {
            let data = Place::top("data");
            let message = format!("`{}:{}` is obsoleted by itself", shorten(&next.module), shorten(&next.stream));
            self.advise(Code::ObsoletedBySelf, &data.key("obsoleted_by"), message);
        }
    }
}
