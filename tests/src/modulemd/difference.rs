//! Where this reader and libmodulemd differ on purpose.

/// A difference that is meant; `docs/modulemd-differences.md` gives the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The id in the document.
    pub id: &'static str,
    /// Whether libmodulemd 2.15 does what we do, and only 2.14 differs.
    pub only_2_14: bool,
    /// Whether libmodulemd's behaviour varies from run to run or is undefined.
    pub by_chance: bool,
}

const fn always(id: &'static str) -> Difference {
    Difference { id, only_2_14: false, by_chance: false }
}

const fn by_chance(id: &'static str) -> Difference {
    Difference { id, only_2_14: false, by_chance: true }
}

const fn only_2_14(id: &'static str) -> Difference {
    Difference { id, only_2_14: true, by_chance: false }
}

/// All differences.
pub const ALL: &[Difference] = &[
    always("alias"),
    always("behind-data"),
    by_chance("buildopts-crash"),
    always("buildorder-32-bits"),
    by_chance("crash"),
    by_chance("date-crash"),
    always("defaults-without-module"),
    always("duplicate-key"),
    always("empty-default-stream"),
    only_2_14("empty-set-2.14"),
    always("empty-successor"),
    always("epoch-32-bits"),
    always("later-documents"),
    always("lenient-duplicate"),
    always("limits"),
    always("nul"),
    always("obsoleted-by-unknown"),
    always("obsoletes-order"),
    always("obsoletes-same-time"),
    always("obsoletes-v1"),
    always("packager3-lenient"),
    always("packager3-unnamed"),
    by_chance("rpm-map-crash"),
    by_chance("swallowed-errors"),
    always("translations-version"),
    always("unknown-kept"),
    always("v1-artifacts"),
    always("wildcard-duplicates"),
    always("xmd-mixed-list"),
    always("year-0"),
];

/// The difference with this id.
pub fn find(id: &str) -> Option<&'static Difference> {
    ALL.iter().find(|one| one.id == id)
}
