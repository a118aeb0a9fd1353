//! Spec file and macro file of the package.

use super::conflict::{self, Conflicts};
use super::error::MacrosError;
use crate::Nsvc;
use crate::identity::Disttag;
use crate::plan::MACROS_COMPONENT;
use crate::srpm::{SourceFile, SourceRpm};
use chrono::DateTime;

/// Where the macro file is installed; sorts behind the distribution's own.
pub const MACROS_FILE: &str = "/etc/rpm/macros.zz-modules";

/// Name of the macro file inside the source package.
pub const MACROS_SOURCE: &str = "macros.modules";

/// Version of the package; its release is `1` and the dist tag.
pub const MACROS_VERSION: &str = "0.1";

const SUMMARY: &str = "RPM macros of one module build";

/// What the package is made of.
#[derive(Debug, Clone, Copy)]
pub struct MacrosInput<'a> {
    /// The module build.
    pub nsvc: &'a Nsvc,
    /// Its dist tag.
    pub disttag: &'a Disttag,
    /// The packager's own macros (`buildopts.rpms.macros`); taken over verbatim, may be empty.
    pub author_macros: &'a str,
    /// Packages to keep out of the buildroot. Where the module buildrequires its own name, packages that are going to
    /// be reused have been removed already: they would conflict with themselves.
    pub conflicts: &'a [Conflicts],
    /// Seconds since 1970 that the package carries as its time, see [`crate::identity::source_epoch`].
    pub epoch: u64,
}

/// The texts of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleBuildMacros {
    spec: String,
    macros: String,
    release: String,
    label: String,
    epoch: u64,
}

impl ModuleBuildMacros {
    /// Makes the texts; the same input gives the same bytes.
    ///
    /// # Errors
    /// [`MacrosError`] for names that RPM would interpret, for malformed conflicts, and for a time without a date.
    pub fn new(input: &MacrosInput<'_>) -> Result<Self, MacrosError> {
        let Nsvc { name, stream, version, context } = input.nsvc;
        plain("module name", name.as_str())?;
        plain("stream name", stream.as_str())?;
        plain("context", context.as_str())?;
        let dist = input.disttag.dist();
        let label = input.nsvc.to_string();
        let date = changelog_date(input.epoch)?;
        let conflicts = conflict::lines(input.conflicts)?;
        let mut macros = format!(
            "# Macros of module build {label}.\n\
             %dist {dist}\n\
             %modularitylabel {label}\n\
             %_module_build 1\n\
             %_module_name {name}\n\
             %_module_stream {stream}\n\
             %_module_version {version}\n\
             %_module_context {context}\n"
        );
        if !input.author_macros.is_empty() {
            macros.push('\n');
            macros.push_str(input.author_macros);
            if !macros.ends_with('\n') {
                macros.push('\n');
            }
        }
        // The package's own build happens before its macros are installed: it sets what its header needs itself.
        let spec = format!(
            "%global dist {dist}\n\
             %global modularitylabel {label}\n\
             %global _module_name {name}\n\
             %global _module_stream {stream}\n\
             %global _module_version {version}\n\
             %global _module_context {context}\n\
             \n\
             Name:      {MACROS_COMPONENT}\n\
             Version:   {MACROS_VERSION}\n\
             Release:   1%{{?dist}}\n\
             Summary:   {SUMMARY}\n\
             License:   MIT\n\
             Source0:   {MACROS_SOURCE}\n\
             BuildArch: noarch\n\
             {conflicts}\n\
             %description\n\
             Installs {MACROS_FILE}, which gives packages of this module\n\
             build their dist tag and label. Needed while building only.\n\
             \n\
             %prep\n\
             \n\
             %build\n\
             \n\
             %install\n\
             install -D -p -m 0644 \"%{{SOURCE0}}\" \"%{{buildroot}}{MACROS_FILE}\"\n\
             \n\
             %files\n\
             {MACROS_FILE}\n\
             \n\
             %changelog\n\
             * {date} mbs - {MACROS_VERSION}-1\n\
             - Macros of this module build\n"
        );
        Ok(Self { spec, macros, release: format!("1{dist}"), label, epoch: input.epoch })
    }

    /// The spec file.
    pub fn spec(&self) -> &str {
        &self.spec
    }

    /// The macro file, as it is installed; it can also be loaded while a source package is made.
    pub fn macros(&self) -> &str {
        &self.macros
    }

    /// The release with its dist tag.
    pub fn release(&self) -> &str {
        &self.release
    }

    /// The source package; `build_host` is what its header names as the machine that made it.
    pub fn source_rpm(&self, build_host: &str) -> SourceRpm {
        SourceRpm {
            name: MACROS_COMPONENT.to_owned(),
            version: MACROS_VERSION.to_owned(),
            release: self.release.clone(),
            arch: "noarch".to_owned(),
            summary: SUMMARY.to_owned(),
            licence: "MIT".to_owned(),
            description: format!(
                "Installs {MACROS_FILE}, which gives packages of this module\n\
                 build their dist tag and label. Needed while building only."
            ),
            modularity_label: Some(self.label.clone()),
            spec: SourceFile::new(format!("{MACROS_COMPONENT}.spec"), self.spec.as_bytes()),
            sources: vec![SourceFile::new(MACROS_SOURCE, self.macros.as_bytes())],
            build_time: self.epoch,
            build_host: build_host.to_owned(),
        }
    }
}

/// Refuses what RPM expands in spec and macro files.
pub(super) fn plain<'a>(what: &'static str, text: &'a str) -> Result<&'a str, MacrosError> {
    match text.chars().find(|found| *found == '%' || found.is_control()) {
        Some(found) => Err(MacrosError::Unsafe { what, text: text.to_owned(), found }),
        None => Ok(text),
    }
}

/// A day as changelogs spell it, in English whatever the machine's language.
///
/// RPM refuses days before 1990, so that earlier builds get its first one; packages count seconds in 32 bits, and
/// changelogs stand at noon.
fn changelog_date(seconds: u64) -> Result<String, MacrosError> {
    const FIRST: i64 = 631_195_200;
    const END: i64 = 4_294_944_000;
    let time = i64::try_from(seconds).ok().filter(|seconds| *seconds < END);
    let time = time.and_then(|seconds| DateTime::from_timestamp(seconds.max(FIRST), 0));
    Ok(time.ok_or(MacrosError::Time { seconds })?.format("%a %b %d %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BuildId;
    use crate::identity::DEFAULT_DISTTAG_PREFIX;

    fn made(nsvc: &str, author_macros: &str, epoch: u64) -> Result<ModuleBuildMacros, MacrosError> {
        let nsvc: Nsvc = nsvc.parse().expect("identity");
        let disttag = Disttag::new(DEFAULT_DISTTAG_PREFIX, Some("f28"), BuildId(2), &nsvc).expect("tag");
        let conflicts =
            [Conflicts { source: super::conflict::ConflictSource::Shadowed, packages: vec!["a-1:2-3.x86_64".into()] }];
        ModuleBuildMacros::new(&MacrosInput {
            nsvc: &nsvc,
            disttag: &disttag,
            author_macros,
            conflicts: &conflicts,
            epoch,
        })
    }

    const NSVC: &str = "testmodule:master:2820210211130027:9c690d0e";

    #[test]
    fn the_macro_file_holds_identity_and_the_packagers_macros() {
        let made = made(NSVC, "%foo %{?dist} \\\n bar", 1_613_048_427).expect("macros");
        assert_eq!(
            made.macros(),
            "# Macros of module build testmodule:master:2820210211130027:9c690d0e.\n\
             %dist .module+f28+2+17375cf7\n\
             %modularitylabel testmodule:master:2820210211130027:9c690d0e\n\
             %_module_build 1\n\
             %_module_name testmodule\n\
             %_module_stream master\n\
             %_module_version 2820210211130027\n\
             %_module_context 9c690d0e\n\
             \n\
             %foo %{?dist} \\\n bar\n"
        );
        assert_eq!(made.release(), "1.module+f28+2+17375cf7");
    }

    #[test]
    fn the_spec_sets_its_own_label_and_names_conflicts() {
        let made = made(NSVC, "", 1_613_048_427).expect("macros");
        let lines: Vec<&str> = made.spec().lines().collect();
        for expected in [
            "%global dist .module+f28+2+17375cf7",
            "%global modularitylabel testmodule:master:2820210211130027:9c690d0e",
            "Release:   1%{?dist}",
            "BuildArch: noarch",
            "Source0:   macros.modules",
            "Conflicts: a = 1:2-3",
            "/etc/rpm/macros.zz-modules",
            "* Thu Feb 11 2021 mbs - 0.1-1",
        ] {
            assert!(lines.contains(&expected), "{expected}\n{}", made.spec());
        }
        assert!(made.macros().ends_with("%_module_context 9c690d0e\n"));
    }

    #[test]
    fn the_changelog_stays_within_the_days_that_rpm_accepts() {
        for (epoch, date) in
            [(0, "Mon Jan 01 1990"), (631_281_600, "Tue Jan 02 1990"), (4_294_943_999, "Sat Feb 06 2106")]
        {
            let made = made(NSVC, "", epoch).expect("macros");
            assert!(made.spec().contains(&format!("\n* {date} mbs - 0.1-1\n")), "{}", made.spec());
            made.source_rpm("localhost").to_bytes().expect("source package");
        }
        assert_eq!(made(NSVC, "", 4_294_944_000), Err(MacrosError::Time { seconds: 4_294_944_000 }));
    }

    #[test]
    fn names_that_rpm_would_expand_are_refused() {
        let error = made("a:%(touch):1:c", "", 0).expect_err("macro in stream");
        assert_eq!(error.to_string(), "stream name `%(touch)` holds `%`, which a spec file would interpret; rename it");
        assert!(made("a%b:1:1:c", "", 0).is_err());
        assert!(made("a:1:1:c%", "", 0).is_err());
        assert_eq!(made(NSVC, "", u64::MAX), Err(MacrosError::Time { seconds: u64::MAX }));
    }
}
