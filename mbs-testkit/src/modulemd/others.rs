//! Defaults, translations and obsoletes.

use super::Maker;
use mbs_core::modulemd::{
    DefaultProfiles, Defaults, Intent, Minute, ObsoletedBy, Obsoletes, Translation, Translations, UnknownKeys,
};

impl Maker {
    /// A text that is not empty.
    fn some_text(&mut self) -> String {
        let text = self.text();
        if text.is_empty() { self.word(5) } else { text }
    }

    fn default_profiles(&mut self) -> DefaultProfiles {
        self.map(3, Self::text, |maker| maker.set(3, Self::text))
    }

    /// A `modulemd-defaults` version 1 document.
    pub fn defaults(&mut self) -> Defaults {
        Defaults {
            module: self.some_text(),
            modified: self.unsigned(),
            stream: self.option(Self::some_text),
            profiles: self.default_profiles(),
            intents: self.map(2, Self::text, |maker| Intent {
                stream: maker.option(Self::text),
                profiles: maker.default_profiles(),
            }),
            unknown: UnknownKeys::default(),
        }
    }

    /// A `modulemd-translations` version 1 document.
    pub fn translations(&mut self) -> Translations {
        Translations {
            module: self.some_text(),
            stream: self.some_text(),
            modified: self.unsigned().max(1),
            translations: self.map(3, Self::text, |maker| Translation {
                summary: maker.option(Self::text),
                description: maker.option(Self::text),
                profiles: maker.map(2, Self::text, Self::text),
            }),
            unknown: UnknownKeys::default(),
        }
    }

    /// A `modulemd-obsoletes` version 1 document.
    pub fn obsoletes(&mut self) -> Obsoletes {
        let reset = self.seldom(4);
        Obsoletes {
            modified: self.minute(),
            reset,
            module: self.some_text(),
            stream: self.some_text(),
            context: self.option(Self::text),
            eol_date: self.option(Self::minute).filter(|_| !reset),
            message: self.some_text(),
            obsoleted_by: self
                .option(|maker| ObsoletedBy { module: maker.some_text(), stream: maker.some_text() })
                .filter(|_| !reset),
            unknown: UnknownKeys::default(),
        }
    }

    fn minute(&mut self) -> Minute {
        let text = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}Z",
            self.rng.u16(1..=9999),
            self.rng.u8(1..=12),
            self.rng.u8(1..=28),
            self.rng.u8(0..24),
            self.rng.u8(0..60)
        );
        text.parse().expect("a minute")
    }
}
