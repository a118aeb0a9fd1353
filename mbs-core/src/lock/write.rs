//! The text of a lock: the same lock always gives the same text.

use super::model::{FORMAT, Lock};
use std::fmt::{self, Write as _};

/// The document's name for itself.
pub(super) const DOCUMENT: &str = "mbs-lock";

/// Plain words that YAML readers take for something else than text.
const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Every choice of a submission. `mbs build --locked` repeats it.")?;
        writeln!(f, "document: {DOCUMENT}\nversion: {FORMAT}")?;
        writeln!(f, "modulemd: {}", Scalar(&self.modulemd.to_string()))?;
        writeln!(f, "time: {}", self.time)?;
        if let Some(platform) = &self.platform {
            writeln!(f, "platform: {}", Scalar(platform))?;
        }
        writeln!(f, "builds:{}", if self.builds.is_empty() { " []" } else { "" })?;
        for build in &self.builds {
            writeln!(f, "- nsvc: {}\n  block: {}", Scalar(&build.nsvc.to_string()), build.block)?;
            writeln!(f, "  modules:{}", if build.modules.is_empty() { " []" } else { "" })?;
            for module in &build.modules {
                writeln!(f, "  - nsvc: {}", Scalar(&module.nsvc.to_string()))?;
                writeln!(f, "    base: {}\n    direct: {}", module.base, module.direct)?;
                for (key, value) in [("commit", &module.commit), ("digest", &module.digest)] {
                    if let Some(value) = value {
                        writeln!(f, "    {key}: {}", Scalar(value))?;
                    }
                }
            }
        }
        writeln!(f, "components:{}", if self.components.is_empty() { " {}" } else { "" })?;
        for (name, component) in &self.components {
            writeln!(f, "  {}:\n    repository: {}", Scalar(name.as_str()), Scalar(&component.repository))?;
            if let Some(reference) = &component.reference {
                writeln!(f, "    ref: {}", Scalar(reference))?;
            }
            writeln!(f, "    commit: {}", Scalar(&component.commit.to_string()))?;
            if !component.files.is_empty() {
                writeln!(f, "    files:")?;
            }
            for file in &component.files {
                writeln!(
                    f,
                    "    - path: {}\n      checksum: {}",
                    Scalar(&file.path),
                    Scalar(&file.checksum.to_string())
                )?;
            }
        }
        Ok(())
    }
}

/// A text as YAML: plain if no reader can misread it, else in quotes and in ASCII.
struct Scalar<'a>(&'a str);

impl fmt::Display for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._/+:@~-".contains(&byte);
        let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(fits)
            && !text.ends_with(':')
            && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
        if is_plain {
            return f.write_str(text);
        }
        f.write_char('"')?;
        for character in text.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                ' '..='~' => f.write_char(character)?,
                '\u{0}'..='\u{ffff}' => write!(f, "\\u{:04X}", u32::from(character))?,
                _ => write!(f, "\\U{:08X}", u32::from(character))?,
            }
        }
        f.write_char('"')
    }
}
