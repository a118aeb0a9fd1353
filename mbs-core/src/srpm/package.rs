//! Description of a source RPM and its bytes.

use super::error::SrpmError;
use super::header::{self, Value};
use super::payload;
use crate::identity::digest::{md5, sha1_hex, sha256_hex};
use std::collections::BTreeMap;

/// A file inside a source RPM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its bare name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl SourceFile {
    /// A file.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// What a source RPM says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRpm {
    /// Name of the package, as its spec file says it.
    pub name: String,
    /// Version.
    pub version: String,
    /// Release with dist tag.
    pub release: String,
    /// The architecture that its packages are built for; `noarch` also goes into the list of build architectures.
    pub arch: String,
    /// One line about it.
    pub summary: String,
    /// Its licence.
    pub licence: String,
    /// More about it.
    pub description: String,
    /// The module build it belongs to, as name:stream:version:context.
    pub modularity_label: Option<String>,
    /// The spec file.
    pub spec: SourceFile,
    /// All other files.
    pub sources: Vec<SourceFile>,
    /// Seconds since 1970 that package and files carry.
    pub build_time: u64,
    /// The machine it says to come from.
    pub build_host: String,
}

/// Marks a file as spec file.
const SPEC_FLAG: u32 = 32;
/// Header regions: of the signature and of the main header.
const SIGNATURE_REGION: u32 = 62;
const MAIN_REGION: u32 = 63;
/// Number of SHA-256 among the digest algorithms.
const SHA256: u32 = 8;
/// Flags of a dependency that RPM itself fulfils: "at most" the version of that ability.
const RPMLIB: u32 = 1 << 24 | 2 | 8;

/// Tags of the signature header.
mod signature {
    pub(super) const SHA1_HEADER: u32 = 269;
    pub(super) const SHA256_HEADER: u32 = 273;
    pub(super) const SIZE: u32 = 1000;
    /// Over main header and payload; build systems name packages by it.
    pub(super) const MD5: u32 = 1004;
    pub(super) const PAYLOAD_SIZE: u32 = 1007;
}

/// Tags of the main header.
mod tag {
    pub(super) const I18N_TABLE: u32 = 100;
    pub(super) const NAME: u32 = 1000;
    pub(super) const VERSION: u32 = 1001;
    pub(super) const RELEASE: u32 = 1002;
    pub(super) const SUMMARY: u32 = 1004;
    pub(super) const DESCRIPTION: u32 = 1005;
    pub(super) const BUILD_TIME: u32 = 1006;
    pub(super) const BUILD_HOST: u32 = 1007;
    pub(super) const SIZE: u32 = 1009;
    pub(super) const LICENCE: u32 = 1014;
    pub(super) const GROUP: u32 = 1016;
    pub(super) const SOURCE: u32 = 1018;
    pub(super) const OS: u32 = 1021;
    pub(super) const ARCH: u32 = 1022;
    pub(super) const FILE_SIZES: u32 = 1028;
    pub(super) const FILE_MODES: u32 = 1030;
    pub(super) const FILE_RDEVS: u32 = 1033;
    pub(super) const FILE_TIMES: u32 = 1034;
    pub(super) const FILE_DIGESTS: u32 = 1035;
    pub(super) const FILE_LINKS: u32 = 1036;
    pub(super) const FILE_FLAGS: u32 = 1037;
    pub(super) const FILE_OWNERS: u32 = 1039;
    pub(super) const FILE_GROUPS: u32 = 1040;
    pub(super) const FILE_VERIFY: u32 = 1045;
    pub(super) const REQUIRE_FLAGS: u32 = 1048;
    pub(super) const REQUIRE_NAMES: u32 = 1049;
    pub(super) const REQUIRE_VERSIONS: u32 = 1050;
    pub(super) const BUILD_ARCHES: u32 = 1089;
    pub(super) const FILE_DEVICES: u32 = 1095;
    pub(super) const FILE_INODES: u32 = 1096;
    pub(super) const FILE_LANGUAGES: u32 = 1097;
    pub(super) const SOURCE_PACKAGE: u32 = 1106;
    pub(super) const DIR_INDEXES: u32 = 1116;
    pub(super) const BASE_NAMES: u32 = 1117;
    pub(super) const DIR_NAMES: u32 = 1118;
    pub(super) const PAYLOAD_FORMAT: u32 = 1124;
    pub(super) const PAYLOAD_COMPRESSOR: u32 = 1125;
    pub(super) const PAYLOAD_FLAGS: u32 = 1126;
    pub(super) const FILE_DIGEST_ALGORITHM: u32 = 5011;
    pub(super) const ENCODING: u32 = 5062;
    pub(super) const PAYLOAD_DIGEST: u32 = 5092;
    pub(super) const PAYLOAD_DIGEST_ALGORITHM: u32 = 5093;
    pub(super) const MODULARITY_LABEL: u32 = 5096;
    pub(super) const PAYLOAD_DIGEST_PLAIN: u32 = 5097;
}

impl SourceRpm {
    /// The usual name of the file.
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}.src.rpm", self.name, self.version, self.release)
    }

    /// Writes the package.
    ///
    /// # Errors
    /// [`SrpmError`] for names and texts that a source RPM cannot hold, and from 4 GiB on.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SrpmError> {
        self.check()?;
        let time = fits(self.build_time, "the build time")?;
        let mut files: Vec<&SourceFile> = self.sources.iter().chain([&self.spec]).collect();
        // RPM looks files up by bisection.
        files.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = files.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(SrpmError::DuplicateFile { name: pair[0].name.clone() });
        }
        let archive = payload::archive(&files, time)?;
        let payload = payload::compress(&archive);
        let main = header::write(MAIN_REGION, &self.tags(&files, time, &archive, &payload)?)?;
        let (sha1, sha256) = (sha1_hex(&main), sha256_hex(&main));
        let mut signed = main;
        signed.extend(payload);
        let signature = header::write(
            SIGNATURE_REGION,
            &BTreeMap::from([
                (signature::SHA1_HEADER, Value::Text(sha1)),
                (signature::SHA256_HEADER, Value::Text(sha256)),
                (signature::SIZE, one(size(signed.len(), "the package")?)),
                (signature::MD5, Value::Bytes(md5(&signed).to_vec())),
                (signature::PAYLOAD_SIZE, one(size(archive.len(), "the payload")?)),
            ]),
        )?;
        let mut package = self.lead();
        package.extend(signature);
        package.resize(package.len().next_multiple_of(8), 0);
        package.extend(signed);
        Ok(package)
    }

    fn check(&self) -> Result<(), SrpmError> {
        let part =
            |text: &str| !text.contains(['/', '-']) && !text.chars().any(|it| it.is_whitespace() || it.is_control());
        let line = |text: &str| !text.chars().any(char::is_control);
        for (field, text, good) in [
            ("package name", &self.name, part(&self.name.replace('-', "")) && !self.name.starts_with('-')),
            ("version", &self.version, part(&self.version)),
            ("release", &self.release, part(&self.release)),
            ("architecture", &self.arch, part(&self.arch)),
            ("summary", &self.summary, line(&self.summary)),
            ("licence", &self.licence, line(&self.licence)),
            ("description", &self.description, !self.description.contains('\0')),
            ("build host", &self.build_host, line(&self.build_host)),
        ] {
            if text.is_empty() || !good {
                return Err(SrpmError::Field { field, text: text.clone() });
            }
        }
        if let Some(text) = self.modularity_label.as_ref().filter(|text| text.is_empty() || !line(text)) {
            return Err(SrpmError::Field { field: "modularity label", text: text.clone() });
        }
        for SourceFile { name, .. } in self.sources.iter().chain([&self.spec]) {
            if name.is_empty() || name == "." || name == ".." || name.contains('/') || !line(name) {
                return Err(SrpmError::FileName { name: name.clone() });
            }
        }
        Ok(())
    }

    /// The first 96 bytes. RPM looks at magic, version, kind and signature type only; the name is cut to its place.
    fn lead(&self) -> Vec<u8> {
        const NAME: usize = 66;
        let mut lead = vec![0xed, 0xab, 0xee, 0xdb, 3, 0];
        // A source package; the machine's number is not used.
        lead.extend([0, 1, 0, 1]);
        let mut name = format!("{}-{}-{}", self.name, self.version, self.release).into_bytes();
        name.truncate(NAME - 1);
        name.resize(NAME, 0);
        lead.extend(name);
        // Linux; signatures in a header.
        lead.extend([0, 1, 0, 5]);
        lead.resize(96, 0);
        lead
    }

    fn tags(
        &self,
        files: &[&SourceFile],
        time: u32,
        archive: &[u8],
        payload: &[u8],
    ) -> Result<BTreeMap<u32, Value>, SrpmError> {
        let count = files.len();
        let text = |text: &str| Value::Text(text.to_owned());
        let texts = |list: &[&str]| Value::Texts(list.iter().map(|it| (*it).to_owned()).collect());
        let same = |text: &str| Value::Texts(vec![text.to_owned(); count]);
        let each = |value: &dyn Fn(&SourceFile) -> String| Value::Texts(files.iter().map(|file| value(file)).collect());
        let sizes: Vec<u32> =
            files.iter().map(|file| size(file.bytes.len(), "a source file")).collect::<Result<_, _>>()?;
        let total = sizes.iter().map(|size| u64::from(*size)).sum();
        let flags = files.iter().map(|file| if file.name == self.spec.name { SPEC_FLAG } else { 0 }).collect();
        let mut tags = BTreeMap::from([
            (tag::I18N_TABLE, texts(&["C"])),
            (tag::NAME, text(&self.name)),
            (tag::VERSION, text(&self.version)),
            (tag::RELEASE, text(&self.release)),
            (tag::SUMMARY, Value::Localised(self.summary.clone())),
            (tag::DESCRIPTION, Value::Localised(self.description.clone())),
            (tag::BUILD_TIME, one(time)),
            (tag::BUILD_HOST, text(&self.build_host)),
            (tag::SIZE, one(fits(total, "the size of all files")?)),
            (tag::LICENCE, text(&self.licence)),
            (tag::GROUP, Value::Localised("Unspecified".to_owned())),
            (tag::OS, text("linux")),
            (tag::ARCH, text(&self.arch)),
            (tag::FILE_SIZES, Value::Int32(sizes)),
            (tag::FILE_MODES, Value::Int16(vec![payload::FILE_MODE; count])),
            (tag::FILE_RDEVS, Value::Int16(vec![0; count])),
            (tag::FILE_TIMES, Value::Int32(vec![time; count])),
            (tag::FILE_DIGESTS, each(&|file| sha256_hex(&file.bytes))),
            (tag::FILE_LINKS, same("")),
            (tag::FILE_FLAGS, Value::Int32(flags)),
            (tag::FILE_OWNERS, same("root")),
            (tag::FILE_GROUPS, same("root")),
            (tag::FILE_VERIFY, Value::Int32(vec![u32::MAX; count])),
            (tag::REQUIRE_FLAGS, Value::Int32(vec![RPMLIB; 2])),
            (tag::REQUIRE_NAMES, texts(&["rpmlib(CompressedFileNames)", "rpmlib(FileDigests)"])),
            (tag::REQUIRE_VERSIONS, texts(&["3.0.4-1", "4.6.0-1"])),
            (tag::FILE_DEVICES, Value::Int32(vec![1; count])),
            (tag::FILE_INODES, Value::Int32((1..=size(count, "the number of files")?).collect())),
            (tag::FILE_LANGUAGES, same("")),
            (tag::SOURCE_PACKAGE, one(1)),
            (tag::DIR_INDEXES, Value::Int32(vec![0; count])),
            (tag::BASE_NAMES, each(&|file| file.name.clone())),
            (tag::DIR_NAMES, texts(&[""])),
            (tag::PAYLOAD_FORMAT, text("cpio")),
            (tag::PAYLOAD_COMPRESSOR, text("gzip")),
            (tag::PAYLOAD_FLAGS, text("9")),
            (tag::FILE_DIGEST_ALGORITHM, one(SHA256)),
            (tag::ENCODING, text("utf-8")),
            (tag::PAYLOAD_DIGEST, Value::Texts(vec![sha256_hex(payload)])),
            (tag::PAYLOAD_DIGEST_ALGORITHM, one(SHA256)),
            (tag::PAYLOAD_DIGEST_PLAIN, Value::Texts(vec![sha256_hex(archive)])),
        ]);
        if !self.sources.is_empty() {
            tags.insert(tag::SOURCE, Value::Texts(self.sources.iter().map(|file| file.name.clone()).collect()));
        }
        if self.arch == "noarch" {
            tags.insert(tag::BUILD_ARCHES, texts(&["noarch"]));
        }
        if let Some(label) = &self.modularity_label {
            tags.insert(tag::MODULARITY_LABEL, text(label));
        }
        Ok(tags)
    }
}

fn one(number: u32) -> Value {
    Value::Int32(vec![number])
}

fn fits(number: u64, what: &'static str) -> Result<u32, SrpmError> {
    u32::try_from(number).map_err(|_| SrpmError::TooLarge { what })
}

fn size(number: usize, what: &'static str) -> Result<u32, SrpmError> {
    u32::try_from(number).map_err(|_| SrpmError::TooLarge { what })
}
