//! Documents made at random: every kind, every key, texts of all sorts; all of them obey the rules of the format.

mod index;
mod others;
mod packager;
mod parts;
mod stream;
mod texts;

use fastrand::Rng;
use mbs_core::modulemd::Document;

/// Makes documents from a seed.
#[derive(Debug)]
pub struct Maker {
    rng: Rng,
    any_value: bool,
}

impl Maker {
    /// A maker of documents whose facts every reader of the format can hold: no mixed lists under `xmd`, `buildorder` and
    /// epochs in 32 bits, no NUL in texts.
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), any_value: false }
    }

    /// A maker of documents with all values that the model can hold.
    pub fn of_any_value(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), any_value: true }
    }

    /// A document of any known kind.
    pub fn document(&mut self) -> Document {
        match self.rng.u8(0..10) {
            0 => Document::StreamV1(Box::new(self.stream_v1())),
            1 => Document::PackagerV2(Box::new(self.packager_v2())),
            2 => Document::PackagerV3(Box::new(self.packager_v3())),
            3 => Document::Defaults(Box::new(self.defaults())),
            4 => Document::Translations(Box::new(self.translations())),
            5 => Document::Obsoletes(Box::new(self.obsoletes())),
            _ => Document::Stream(Box::new(self.stream())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Maker;
    use mbs_core::modulemd::{Document, Severity, validate};

    #[test]
    fn what_is_made_obeys_the_rules() {
        let mut maker = Maker::of_any_value(1);
        for _ in 0..300 {
            if let Document::Stream(stream) = maker.document() {
                let errors: Vec<_> =
                    validate(&stream, false).into_iter().filter(|one| one.severity == Severity::Error).collect();
                assert!(errors.is_empty(), "{errors:?}\n{stream:#?}");
            }
        }
    }

    #[test]
    fn a_seed_makes_the_same_again() {
        let made = |seed| {
            let mut maker = Maker::new(seed);
            (0..20).map(|_| maker.document()).collect::<Vec<_>>()
        };
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
    }
}
