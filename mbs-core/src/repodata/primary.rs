//! Reads the part `primary`: which packages a repository has.

use crate::source::{Checksum, ChecksumKind, redact};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// The kind of the part that lists the packages.
pub const PRIMARY: &str = "primary";

/// One package as the list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedPackage {
    /// Name.
    pub name: String,
    /// Epoch; 0 where the package has none.
    pub epoch: u32,
    /// Version.
    pub version: String,
    /// Release.
    pub release: String,
    /// Architecture; `src` for a source package.
    pub arch: String,
    /// Checksum of its file.
    pub checksum: Checksum,
    /// The steps of the path to its file, from the repository's folder.
    pub path: Vec<String>,
}

impl ListedPackage {
    /// `NAME-EPOCH:VERSION-RELEASE.ARCH`, as documents list artifacts.
    pub fn nevra(&self) -> String {
        format!("{}-{}:{}-{}.{}", self.name, self.epoch, self.version, self.release, self.arch)
    }
}

/// Why a text is no list of packages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrimaryError {
    /// It is not XML, or ends too early.
    #[error("the list of packages is broken at line {line}: {problem}; make the metadata again")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// It is XML of another kind.
    #[error("the list of packages begins with `<{found}>`, expected `<metadata>`; make the metadata again")]
    NotPrimary {
        /// The root element.
        found: String,
    },
    /// An entry cannot be used.
    #[error("the list of packages has an entry `{package}` {problem}; make the metadata again")]
    Entry {
        /// Name of the package, as far as it is known.
        package: String,
        /// What is wrong with it; reads on after the name.
        problem: String,
    },
}

/// Reads `primary.xml`. Elements that are not known are skipped.
///
/// # Errors
/// [`PrimaryError`]: what is broken, or the first entry without name, version, checksum or a path inside the repository.
pub fn packages(text: &str) -> Result<Vec<ListedPackage>, PrimaryError> {
    let mut scan = Scan::default();
    let mut reader = Reader::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    reader.config_mut().expand_empty_elements = true;
    let broken = |place: u64, problem: &dyn std::fmt::Display| {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let line = text.match_indices('\n').take_while(|(end, _)| *end < place).count() + 1;
        PrimaryError::Broken { line, problem: problem.to_string() }
    };
    loop {
        let event = reader.read_event().map_err(|error| broken(reader.error_position(), &error))?;
        let place = reader.buffer_position();
        match event {
            Event::Start(tag) => {
                if scan.open.is_empty() && tag.local_name().as_ref() != "metadata" {
                    return Err(PrimaryError::NotPrimary { found: tag.name().0.escape_debug().to_string() });
                }
                scan.start(&tag).map_err(|error| broken(place, &error))?;
            }
            Event::End(_) => scan.end()?,
            Event::Text(text) => scan.content.push_str(&text.xml10_content()),
            Event::CData(text) => scan.content.push_str(&text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(character)) => scan.content.push(character),
                Ok(None) => {
                    scan.content.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default());
                }
                Err(error) => return Err(broken(place, &error)),
            },
            Event::Eof if scan.open.is_empty() && scan.seen => return Ok(scan.found),
            Event::Eof => return Err(broken(text.len() as u64, &"it ends too early")),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// An entry while it is read.
#[derive(Default)]
struct Entry {
    name: String,
    arch: String,
    version: Option<(u32, String, String)>,
    checksum: Option<(String, String)>,
    location: Option<String>,
    has_base: bool,
}

#[derive(Default)]
struct Scan {
    /// Local names of the open elements.
    open: Vec<String>,
    content: String,
    entry: Entry,
    found: Vec<ListedPackage>,
    /// Whether the root element was there.
    seen: bool,
}

impl Scan {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), quick_xml::Error> {
        let name = tag.local_name().as_ref().to_owned();
        self.content.clear();
        self.seen = true;
        if self.open.len() == 1 && name == "package" {
            self.entry = Entry::default();
        }
        if self.open.len() == 2 && self.open[1] == "package" {
            let mut version = (0, String::new(), String::new());
            // Looking for duplicates would take quadratic time.
            for attribute in tag.attributes().with_checks(false) {
                let attribute = attribute?;
                let key = attribute.key.local_name();
                let value = attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned();
                match (name.as_str(), key.as_ref()) {
                    ("version", "epoch") => version.0 = value.parse().unwrap_or(0),
                    ("version", "ver") => version.1 = value,
                    ("version", "rel") => version.2 = value,
                    ("checksum", "type") => self.entry.checksum = Some((value, String::new())),
                    ("location", "href") => self.entry.location = Some(value),
                    ("location", "base") => self.entry.has_base = true,
                    _ => {}
                }
            }
            if name == "version" {
                self.entry.version = Some(version);
            }
        }
        self.open.push(name);
        Ok(())
    }

    fn end(&mut self) -> Result<(), PrimaryError> {
        let name = self.open.pop().unwrap_or_default();
        if self.open.len() == 1 && name == "package" {
            let package = std::mem::take(&mut self.entry).finish()?;
            self.found.push(package);
        } else if self.open.len() == 2 && self.open[1] == "package" {
            let text = self.content.trim();
            match name.as_str() {
                "name" => text.clone_into(&mut self.entry.name),
                "arch" => text.clone_into(&mut self.entry.arch),
                "checksum" => {
                    let kind = self.entry.checksum.take().map(|(kind, _)| kind).unwrap_or_default();
                    self.entry.checksum = Some((kind, text.to_owned()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Entry {
    fn finish(self) -> Result<ListedPackage, PrimaryError> {
        let bad = |problem: String| PrimaryError::Entry { package: self.name.clone(), problem };
        let Some((epoch, version, release)) = self.version.clone() else {
            return Err(bad("without a version".to_owned()));
        };
        if self.name.is_empty() || self.arch.is_empty() || version.is_empty() || release.is_empty() {
            return Err(bad("without name, architecture, version or release".to_owned()));
        }
        let (kind, digits) = self.checksum.clone().unwrap_or_default();
        // Old tools write `sha` for SHA-1.
        let kind = if kind == "sha" { "sha1" } else { &kind };
        let known = ChecksumKind::ALL.into_iter().find(|known| known.as_str() == kind);
        let checksum = known.and_then(|kind| Checksum::new(kind, &digits));
        let checksum = checksum.ok_or_else(|| bad(format!("with an unusable checksum of kind `{kind}`")))?;
        let location = self.location.clone().unwrap_or_default();
        let path: Vec<String> = location.split('/').filter(|step| *step != ".").map(str::to_owned).collect();
        let plain = |step: &String| !step.is_empty() && step != ".." && !step.contains(['\0', '\\']);
        if self.has_base || !path.iter().all(plain) {
            return Err(bad(format!("at `{}`, which is no path inside the repository", redact(&location))));
        }
        Ok(ListedPackage { name: self.name, epoch, version, release, arch: self.arch, checksum, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entry: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<metadata xmlns=\"http://linux.duke.edu/metadata/common\" packages=\"1\">\n\
             <package type=\"rpm\">{entry}</package>\n</metadata>\n"
        )
    }

    fn entry(location: &str) -> String {
        format!(
            "<name>a&amp;b</name><arch>x86_64</arch><version epoch=\"2\" ver=\"1\" rel=\"3\"/>\
             <checksum type=\"sha256\" pkgid=\"YES\">{}</checksum><location href=\"{location}\"/>\
             <format><rpm:license>MIT</rpm:license><name>inner</name></format>",
            "0a".repeat(32)
        )
    }

    #[test]
    fn packages_are_named_with_checksum_and_place() {
        let found = packages(&list(&entry("Packages/a/x.rpm"))).expect("a list");
        assert_eq!(found[0].nevra(), "a&b-2:1-3.x86_64");
        assert_eq!(found[0].path, ["Packages", "a", "x.rpm"]);
        assert_eq!(found[0].checksum.to_string(), format!("sha256:{}", "0a".repeat(32)));
        assert!(packages("<metadata packages=\"0\"/>").expect("an empty list").is_empty());
    }

    #[test]
    fn what_leads_out_of_the_repository_or_is_broken_is_refused() {
        for location in ["../x.rpm", "/x.rpm", ""] {
            let error = packages(&list(&entry(location))).expect_err(location);
            assert!(error.to_string().contains("inside the repository"), "{error}");
        }
        let error = packages(&list("<name>x</name>")).expect_err("no version");
        assert!(matches!(error, PrimaryError::Entry { .. }), "{error}");
        assert!(matches!(packages("<html/>"), Err(PrimaryError::NotPrimary { .. })));
        assert!(matches!(packages("<metadata>\n<package>"), Err(PrimaryError::Broken { line: 2, .. })));
        assert!(matches!(packages(""), Err(PrimaryError::Broken { .. })));
    }
}
