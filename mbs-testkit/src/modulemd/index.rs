//! Documents of small indexes: few names, so that they meet often.

use super::Maker;
use mbs_core::modulemd::{
    Artifacts, Defaults, Dependency, Document, Intent, License, Minute, ModuleStream, ObsoletedBy, Obsoletes, Profile,
    StreamSet, Translation, Translations,
};
use std::collections::{BTreeMap, BTreeSet};

/// Times of change: few, so that they are often equal.
const TIMES: [u64; 4] = [0, 1, 1, 201_909_101_122];
/// Days that have passed, and days that are far away.
const MINUTES: [&str; 5] =
    ["2001-01-01T00:00Z", "2002-02-02T02:02Z", "2003-03-03T03:03Z", "2190-01-01T00:00Z", "2191-12-31T23:59Z"];

impl Maker {
    fn one_of(&mut self, all: &[&str]) -> String {
        (*self.rng.choice(all).expect("not empty")).to_owned()
    }

    fn module_name(&mut self) -> String {
        self.one_of(&["a", "a", "a", "ab", "b"])
    }

    fn stream_name(&mut self) -> String {
        self.one_of(&["1", "1", "1", "2", "10", "x"])
    }

    fn profile_names(&mut self) -> BTreeSet<String> {
        self.set(2, |maker| maker.one_of(&["p", "q", "client"]))
    }

    /// Up to `most` documents of an index with modules `a`, `ab` and `b`: streams first, each with version, context and
    /// arch, then defaults, translations and obsoletes. Documents with one identity may differ.
    pub fn neighbours(&mut self, most: usize) -> Vec<Document> {
        let count = self.rng.usize(1..=most);
        let kinds: Vec<u8> = (0..count).map(|_| self.rng.u8(0..8)).collect();
        let mut documents: Vec<Document> = Vec::new();
        let many = |kind: &u8| *kind < 4;
        for _ in kinds.iter().filter(|kind| many(kind)) {
            documents.push(Document::Stream(Box::new(self.small_stream())));
        }
        for kind in kinds.iter().filter(|kind| !many(kind)) {
            documents.push(match kind {
                4 | 5 => Document::Defaults(Box::new(self.small_defaults())),
                6 => Document::Translations(Box::new(self.small_translations())),
                _ => Document::Obsoletes(Box::new(self.small_obsoletes())),
            });
        }
        documents
    }

    fn small_stream(&mut self) -> ModuleStream {
        let streams = |maker: &mut Self| {
            let excluded = maker.seldom(3);
            let streams = maker.set(2, Self::stream_name);
            StreamSet(streams.into_iter().map(|name| if excluded { format!("-{name}") } else { name }).collect())
        };
        let modules = |maker: &mut Self| maker.map(2, Self::module_name, streams);
        let blocks = self.rng.usize(0..=2);
        ModuleStream {
            name: Some(self.module_name()),
            stream: Some(self.stream_name()),
            version: self.rng.u64(8..=11),
            context: Some(self.one_of(&["c", "d"])),
            arch: Some(self.one_of(&["x86_64", "s390x"])),
            summary: Some(self.one_of(&["S", "S", "S", "T"])),
            description: Some("D".to_owned()),
            license: License { module: BTreeSet::from(["MIT".to_owned()]), content: BTreeSet::new() },
            dependencies: (0..blocks)
                .map(|_| Dependency { buildrequires: modules(self), requires: modules(self) })
                .collect(),
            profiles: self.profile_names().into_iter().map(|name| (name, Profile::default())).collect(),
            artifacts: Artifacts {
                rpms: self.set(2, |maker| format!("{}-0:{}-1.x86_64", maker.module_name(), maker.stream_name())),
                rpm_map: BTreeMap::new(),
            },
            ..ModuleStream::default()
        }
    }

    fn small_profiles(&mut self) -> BTreeMap<String, BTreeSet<String>> {
        self.map(1, Self::stream_name, Self::profile_names)
    }

    fn small_defaults(&mut self) -> Defaults {
        Defaults {
            module: self.module_name(),
            modified: *self.rng.choice(&TIMES).expect("not empty"),
            stream: self.option(Self::stream_name),
            profiles: self.small_profiles(),
            intents: self.map(
                1,
                |maker| maker.one_of(&["i", "j"]),
                |maker| {
                    let empty = maker.seldom(4);
                    let stream = maker.option(Self::stream_name);
                    let stream = if empty { Some(String::new()) } else { stream };
                    Intent { stream, profiles: maker.small_profiles() }
                },
            ),
            ..Defaults::default()
        }
    }

    fn small_translations(&mut self) -> Translations {
        Translations {
            module: self.module_name(),
            stream: self.stream_name(),
            modified: (*self.rng.choice(&TIMES).expect("not empty")).max(1),
            translations: self.map(
                2,
                |maker| maker.one_of(&["cs", "cs_CZ", "de"]),
                |maker| Translation {
                    summary: maker.option(Self::module_name),
                    description: maker.option(Self::module_name),
                    profiles: BTreeMap::new(),
                },
            ),
            ..Translations::default()
        }
    }

    fn small_obsoletes(&mut self) -> Obsoletes {
        let minute = |maker: &mut Self| -> Minute { maker.one_of(&MINUTES).parse().expect("a minute") };
        let reset = self.seldom(4);
        Obsoletes {
            modified: minute(self),
            reset,
            module: self.module_name(),
            stream: self.stream_name(),
            context: self.option(|maker| maker.one_of(&["c", "d"])),
            eol_date: self.option(minute).filter(|_| !reset),
            message: self.one_of(&["m", "n"]),
            obsoleted_by: self
                .option(|maker| ObsoletedBy { module: maker.module_name(), stream: maker.stream_name() })
                .filter(|_| !reset),
            ..Obsoletes::default()
        }
    }
}
