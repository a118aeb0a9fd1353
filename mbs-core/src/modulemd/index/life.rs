//! What an index says about its streams: defaults, texts, the end of their lives.

use super::entry::Entry;
use super::model::ModuleIndex;
use super::module::Module;
use super::origin::Origin;
use crate::modulemd::model::{Minute, ModuleStream, Obsoletes};
use std::collections::{BTreeMap, BTreeSet};

/// What the obsoletes documents of an index say about one stream at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamLife<'i> {
    /// The newest document that holds; it may be one that takes earlier ones back.
    pub newest: Option<&'i Obsoletes>,
    /// A document that will hold from its `eol_date` on, newer than [`StreamLife::newest`].
    pub planned: Option<&'i Obsoletes>,
}

impl<'i> StreamLife<'i> {
    /// The document that makes the stream obsolete; nothing if the newest one takes that back.
    pub fn obsoleted(&self) -> Option<&'i Obsoletes> {
        self.newest.filter(|obsoletes| !obsoletes.reset)
    }

    /// From when on the stream is without support: a time that has passed or one that is planned. Nothing also if the
    /// stream is obsolete and no time is known.
    pub fn end_of_life(&self) -> Option<Minute> {
        self.obsoleted().or(self.planned).and_then(|obsoletes| obsoletes.eol_date)
    }
}

impl<'i> StreamLife<'i> {
    /// Takes the next document in the order of time and context into account.
    fn meet(&mut self, next: &'i Obsoletes, now: Minute) {
        if next.is_active(now) {
            *self = Self { newest: Some(next), planned: None };
        } else {
            self.planned = Some(next);
        }
    }
}

/// What the obsoletes documents of a module say about all its streams at a time.
#[derive(Debug, Clone, Default)]
pub struct Lives<'i>(BTreeMap<(&'i str, Option<&'i str>), StreamLife<'i>>);

impl<'i> Lives<'i> {
    /// What [`Module::life`] says about a stream and a context.
    pub fn of(&self, stream: &str, context: Option<&str>) -> StreamLife<'i> {
        let get = |context: Option<&str>| self.0.get(&(stream, context)).cloned().unwrap_or_default();
        let (general, Some(context)) = (get(None), context) else { return get(None) };
        let own = get(Some(context));
        // At equal times the one with a context counts.
        let time = |one: Option<&Obsoletes>| one.map(|one| (one.modified, one.context.is_some()));
        let later = |a: Option<&'i Obsoletes>, b: Option<&'i Obsoletes>| if time(a) > time(b) { a } else { b };
        let newest = later(general.newest, own.newest);
        let planned = later(general.planned, own.planned).filter(|planned| time(Some(planned)) > time(newest));
        StreamLife { newest, planned }
    }
}

impl Module {
    /// What the obsoletes documents say about a stream at a time, in whatever order they were read.
    ///
    /// Of the documents for the stream's name, without context or with its context, that hold at that time, the one
    /// with the highest `modified` counts; at equal times the one with a context.
    pub fn life_of(&self, stream: &ModuleStream, now: Minute) -> StreamLife<'_> {
        let name = stream.stream.as_deref().unwrap_or_default();
        self.life(name, stream.context.as_deref(), now)
    }

    /// [`Module::life_of`], for a stream and a context.
    pub fn life(&self, stream: &str, context: Option<&str>, now: Minute) -> StreamLife<'_> {
        let from =
            |stream: String| Entry::new(Box::new(Obsoletes { stream, ..Obsoletes::default() }), Origin::default(), 0);
        let mut life = StreamLife::default();
        // Documents are ordered by stream, time and context, and none comes before one.
        for obsoletes in self.obsoletes.range(from(stream.to_owned())..from(format!("{stream}\0"))).map(Entry::value) {
            if obsoletes.context.as_deref().is_none_or(|own| Some(own) == context) {
                life.meet(obsoletes, now);
            }
        }
        life
    }

    /// The same for all streams at once. A single look-up takes time for each document of its stream; these take it
    /// once.
    pub fn lives(&self, now: Minute) -> Lives<'_> {
        let mut lives = Lives::default();
        for obsoletes in self.obsoletes.iter().map(Entry::value) {
            let life = lives.0.entry((&obsoletes.stream, obsoletes.context.as_deref())).or_default();
            life.meet(obsoletes, now);
        }
        lives
    }

    /// The default stream, for a purpose if one is given.
    pub fn default_stream(&self, intent: Option<&str>) -> Option<&str> {
        self.defaults()?.default_stream(intent)
    }

    /// The default profiles of a stream, for a purpose if one is given; nothing if the defaults do not name the stream.
    pub fn default_profiles(&self, stream: &str, intent: Option<&str>) -> Option<&BTreeSet<String>> {
        self.defaults()?.default_profiles(stream, intent)
    }

    /// The summary of a stream in a language: the text of exactly that locale, else the stream's own. No locale and `C`
    /// stand for the stream's own.
    pub fn summary<'i>(&'i self, stream: &'i ModuleStream, locale: Option<&str>) -> Option<&'i str> {
        let own = self.translated(stream, locale).and_then(|texts| texts.summary.as_deref());
        own.or(stream.summary.as_deref())
    }

    /// The description of a stream in a language, chosen like its summary.
    pub fn description<'i>(&'i self, stream: &'i ModuleStream, locale: Option<&str>) -> Option<&'i str> {
        let own = self.translated(stream, locale).and_then(|texts| texts.description.as_deref());
        own.or(stream.description.as_deref())
    }

    /// The description of a profile in a language, chosen like the summary of its stream.
    pub fn profile_description<'i>(
        &'i self,
        stream: &'i ModuleStream,
        profile: &str,
        locale: Option<&str>,
    ) -> Option<&'i str> {
        let own = self.translated(stream, locale).and_then(|texts| texts.profiles.get(profile)).map(String::as_str);
        own.or_else(|| stream.profiles.get(profile)?.description.as_deref())
    }

    fn translated(&self, stream: &ModuleStream, locale: Option<&str>) -> Option<&crate::modulemd::Translation> {
        let locale = locale.filter(|locale| *locale != "C")?;
        self.translations_of(stream.stream.as_deref()?)?.translations.get(locale)
    }
}

impl ModuleIndex {
    /// The default stream of each module that has one, for a purpose if one is given.
    pub fn default_streams(&self, intent: Option<&str>) -> BTreeMap<&str, &str> {
        self.modules().filter_map(|module| Some((module.name(), module.default_stream(intent)?))).collect()
    }

    /// What the obsoletes documents say about a stream at a time.
    pub fn life_of(&self, stream: &ModuleStream, now: Minute) -> StreamLife<'_> {
        let module = stream.name.as_deref().and_then(|name| self.module(name));
        module.map(|module| module.life_of(stream, now)).unwrap_or_default()
    }
}
