//! The registry of codes.

use serde::{Serialize, Serializer};
use std::fmt;

macro_rules! codes {
    ($($name:ident = $text:literal, $explanation:literal;)*) => {
        /// Stable code of a kind of problem. Codes keep their meaning for ever; none is used again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $explanation] $name,)*
        }

        impl Code {
            /// All codes in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as text, such as `MD0201`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$name => $text,)*
                }
            }

            /// Whether the code is advice: the format allows what it is about.
            pub fn is_advice(self) -> bool {
                self.as_str() >= "MD0400" && self.as_str() < "MD0500"
            }

            /// What the code means and what to do about it.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Code::$name => $explanation,)*
                }
            }
        }
    };
}

codes! {
    InputSize = "MD0001", "The input is larger than the limit `bytes`. Nothing of it was read. Split it, or raise the limit.";
    Encoding = "MD0002", "The document is not valid UTF-8 (or UTF-16 with a byte order mark). Save the file as UTF-8.";
    Syntax = "MD0003", "The text is not YAML. The message is the YAML parser's own; the mistake often stands a little before the place shown, for example a missing colon, quote or indentation.";
    Depth = "MD0004", "Lists and maps are nested deeper than the limit `depth`. No modulemd document needs that.";
    AliasLimit = "MD0005", "The aliases (`*name`) of the document would add more nodes than the limit `alias_nodes`.";
    DocumentLimit = "MD0006", "The input holds more documents than the limit `documents`. The rest was not read.";
    Alias = "MD0007", "An alias (`*name`) names no earlier anchor (`&name`) of the document, or stands inside the value that it names.";
    KeyKind = "MD0008", "A key of a map is itself a list or a map. All keys of modulemd documents are plain texts.";
    TooMany = "MD0009", "The document has more problems than the limit `problems`; the rest is not listed.";
    DuplicateKey = "MD0010", "A key stands twice in one map. Where this is only a warning, the last one counts.";
    BlankLimit = "MD0011", "A document that only the general YAML parser can read (because of anchors, aliases, tags and the like) holds a run of blanks and line breaks longer than the limit `blanks`. That parser would take very long for it. Shorten the run, or write the document without these.";
    DirectiveLimit = "MD0012", "The directives (`%TAG` and `%YAML` lines) of a document are longer than the limit `directives`. No modulemd document needs more than `%YAML 1.1`.";
    Truncated = "MD0020", "The compressed data (gzip, bzip2, xz, zstd) ends before its end, so nothing of it was read. Fetch or write the file again.";
    Damaged = "MD0021", "The compressed data (gzip, bzip2, xz, zstd) is not what was compressed: a checksum or a structure is wrong, or something else stands behind it. Nothing of it was read. Fetch or write the file again.";
    Foreign = "MD0022", "The input is a file of another kind: an archive, or text in a compression that is not read. Unpack it, or compress it with gzip, bzip2, xz or zstd.";
    NotMap = "MD0101", "A modulemd document is a map with the keys `document`, `version` and `data`.";
    NoKind = "MD0102", "The key `document` is missing. It says what the document is, for example `modulemd`.";
    UnknownKind = "MD0103", "The value of `document` is none of `modulemd`, `modulemd-stream`, `modulemd-packager`, `modulemd-defaults`, `modulemd-translations`, `modulemd-obsoletes`. The document is kept as it is and the rest of the input is read.";
    NoVersion = "MD0104", "The key `version` is missing or 0. It is the version of the document's format, 2 for today's `modulemd` documents.";
    UnknownVersion = "MD0105", "There is no such version of this kind of document. Known: `modulemd` 1 and 2, `modulemd-packager` 2 and 3, the others 1. Where this is only a warning, the document is kept as it is.";
    NoData = "MD0106", "The key `data` is missing. It is a map that holds the content of the document.";
    NoDocument = "MD0108", "The input holds no document, and one is wanted: a build is made from one, for example.";
    SeveralDocuments = "MD0109", "The input holds several documents, and exactly one is wanted, as a build is made from one. Put each in its own file.";
    NotBuildable = "MD0110", "Only `modulemd` versions 1 and 2 and `modulemd-packager` versions 2 and 3 describe something to build.";
    UnknownKey = "MD0201", "The key is not known at this place. In strict mode this is an error; in lenient mode a warning, and the key is kept with its value. Often it is a typing mistake or stands one level too deep.";
    WantText = "MD0202", "A text is expected where a list or map stands.";
    WantMap = "MD0203", "A map (`key: value` lines) is expected here.";
    WantList = "MD0204", "A list (`- item` lines) is expected here.";
    WantBool = "MD0205", "Truth values are exactly `true` or `false`; `yes`, `True` and `1` are not accepted.";
    WantUnsigned = "MD0206", "A whole number from 0 to 18446744073709551615 is expected, in decimal digits.";
    WantSigned = "MD0207", "A whole number from -9223372036854775808 to 9223372036854775807 is expected, in decimal digits.";
    Unreadable = "MD0208", "The value has a form that is not accepted here.";
    MissingKey = "MD0209", "A key that must be present is missing.";
    NoSummary = "MD0301", "`data.summary` is missing: one line that says what the module is.";
    NoDescription = "MD0302", "`data.description` is missing: some sentences that say what the module is for.";
    NoLicense = "MD0303", "The module's own licence (`data.license.module`, a list) is missing or empty. It covers the document, not the packages.";
    BadContext = "MD0304", "A context set by the packager has 1 to 13 characters out of letters, digits and `_` (in `modulemd-packager` version 3: 1 to 10 letters and digits).";
    MixedSigns = "MD0305", "The streams of one dependency are either all wanted (`f29`) or all excluded (`-f29`), never mixed.";
    BadArtifact = "MD0306", "An artifact is written NAME-EPOCH:VERSION-RELEASE.ARCH; the epoch is a number and always present.";
    BadRpmMap = "MD0307", "`nevra` of an rpm-map entry must equal its name-epoch:version-release.arch.";
    BadName = "MD0308", "A name becomes part of file names, tags and command lines: no slash, `..`, leading `-`, white space, control character or `:`, and at most 200 bytes.";
    BadComponent = "MD0309", "A component's key or name becomes a file name and an argument of programs: no slash, `..`, leading `-`, white space, control character or `:`, and at most 200 bytes.";
    OrderMixedComponent = "MD0310", "A component has `buildorder` or `buildafter`, not both.";
    OrderMixedModule = "MD0311", "All components of a module use `buildorder`, or all use `buildafter`.";
    UnknownAfter = "MD0312", "`buildafter` lists keys of `components.rpms`; this one is not there.";
    AfterCycle = "MD0313", "Components wait for each other in a circle through `buildafter`, so none of them can be built.";
    ArchOutside = "MD0314", "If `buildopts.arches` is given, a component's `arches` can only name some of those.";
    BadDate = "MD0315", "A date is written YYYY-MM-DD and must exist in the calendar; in obsoletes documents it is YYYY-MM-DDTHH:MMZ, to the minute and in universal time.";
    NoPlatform = "MD0316", "Each configuration of a `modulemd-packager` version 3 document names its `platform`.";
    OneStream = "MD0317", "Each dependency in a configuration names exactly one stream, in a list.";
    SameContext = "MD0318", "Each configuration has its own context.";
    NoConfiguration = "MD0319", "A `modulemd-packager` version 3 document needs at least one configuration to be built.";
    BadArch = "MD0320", "An architecture is named as RPM names it, for example `x86_64`.";
    XmdNotMap = "MD0321", "`xmd` is a map from names of programs to whatever they keep there.";
    BadRepository = "MD0322", "A repository is an address with the scheme `https`, `http`, `git`, `ssh` or `file`, or an absolute path. Forms that make git run programs or that it would take for an option are refused.";
    BadCache = "MD0323", "A look-aside cache is an address with the scheme `https`, `http` or `file`, or an absolute path.";
    BadRef = "MD0324", "A ref is the name of a branch or tag, or a commit hash. Options, ranges and expressions such as `HEAD~1` are refused.";
    EmptyText = "MD0325", "A text that must be there is missing or empty.";
    NotModified = "MD0326", "`data.modified` is missing or 0. It is a number such as 202104301305 that grows with every change of the document; the highest one wins.";
    NoSuchDay = "MD0327", "The day is not in the calendar. The format takes up to 31 days for every month; other readers may not.";
    ResetMixed = "MD0328", "An obsoletes document with `reset: true` takes earlier ones back, so it can have neither `eol_date` nor `obsoleted_by`.";
    EolTwice = "MD0330", "`eol` of a version 1 document and `eol` of its service level `rawhide` are the same fact and give different days here. Which one counts differs between readers: keep one.";
    OddEpoch = "MD0331", "The epoch of an artifact begins with a digit, but is no number. The format takes it; no package has such an epoch.";
    WrongKind = "MD0332", "The input was to hold one document of a certain kind, and holds another.";
    NoRationale = "MD0401", "Each component says in `rationale` why it is in the module. The packaging guidelines ask for it.";
    EmptyAdvice = "MD0402", "The summary or description of the module is there, but empty. People choose modules by these texts.";
    SummaryForm = "MD0403", "A summary is one line of at most 80 characters without a period at the end, as in RPM packages.";
    ApiNotBuilt = "MD0404", "`api` promises a package that is not among the artifacts of the module, so nobody can install it from there.";
    ApiFiltered = "MD0405", "`api` promises a package that `filter` takes out of the module.";
    ProfileFiltered = "MD0406", "A profile installs a package that `filter` takes out of the module.";
    ProfileNotBuilt = "MD0407", "A profile installs a package that is not among the artifacts of the module. It has to come from another module or from the base.";
    ProfileEmpty = "MD0408", "A profile without packages installs nothing.";
    FilteredBuilt = "MD0409", "A package is filtered out and nevertheless among the artifacts.";
    DemodularizedBuilt = "MD0410", "`demodularized` lists packages that left the module; this one is still built by it, or promised by `api` or a profile.";
    UnusedComponent = "MD0411", "Nothing seems to use the component: no other component is built after it, no name in `api` or a profile resembles its name, and its rationale names no need. Or it is `buildonly`, and nothing is built after it.";
    IdleOrder = "MD0412", "All components have the same `buildorder`, which orders nothing: they are built together. Leave it out.";
    ImpliedAfter = "MD0413", "A `buildafter` entry is implied by another one: the component that is named already waits for it. Leave it out.";
    StaticWithout = "MD0414", "`static_context` is true, but there is no `context`. A build needs one then.";
    RpmMapUnlisted = "MD0415", "An `rpm-map` entry describes a package that `artifacts.rpms` does not list.";
    RpmMapLacks = "MD0416", "There is an `rpm-map`, and packages of `artifacts.rpms` are missing in it.";
    UnknownDigest = "MD0417", "The name of a digest in `rpm-map` is none of `md5`, `sha1`, `sha224`, `sha256`, `sha384`, `sha512`.";
    ChecksumForm = "MD0418", "A checksum in `rpm-map` has another length than its digest makes, or holds other characters than hexadecimal digits.";
    UnknownArch = "MD0419", "The architecture is none that RPM knows. Often it is a typing mistake, such as `x86-64` for `x86_64`.";
    IntentStream = "MD0420", "An intent has a default stream for which neither it nor the document lists profiles. Often the stream's name is a typing mistake.";
    NoRef = "MD0421", "A module that has been built names for each component the `ref` that was built.";
    SelfDependency = "MD0422", "The module depends on itself.";
    NoBase = "MD0423", "An alternative of the dependencies names no module to build with, or none to run on: usually `platform`.";
    DuplicateItem = "MD0424", "An item stands twice in a list that is a set. The second one has no effect.";
    NoContentLicense = "MD0425", "A module with artifacts lists the licences of its packages in `license.content`.";
    ObsoletedBySelf = "MD0426", "The stream is obsoleted by itself.";
    RepeatedStream = "MD0501", "Two streams of one input have the same identity (name, stream, version, context, architecture) and different content. An index takes only the first.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a code such as `MD0201` means and what to do about it; nothing for a text that is no code.
pub fn explain(code: &str) -> Option<&'static str> {
    Code::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(code)).map(|known| known.explanation())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_well_formed_unique_and_explained() {
        for pair in Code::ALL.windows(2) {
            assert!(pair[0].as_str() < pair[1].as_str(), "{} {}", pair[0], pair[1]);
        }
        for code in Code::ALL {
            assert!(code.as_str().len() == 6 && code.as_str().starts_with("MD"), "{code}");
            assert_eq!(explain(code.as_str()), Some(code.explanation()));
        }
        assert_eq!(explain("MD9999"), None);
    }
}
