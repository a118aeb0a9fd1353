//! Source packages that are built instead of the sources that the document names.

use super::error::SubmitError;
use super::submission::Warning;
use crate::ComponentName;
use crate::build::CustomSrpm;
use std::collections::BTreeMap;

/// What paths in the upload area of a builder start with.
const UPLOADED: &str = "cli-build/";

/// How the names of source packages end.
const SUFFIX: &str = ".src.rpm";

/// Source packages by the component that they stand in for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomSrpms(BTreeMap<ComponentName, CustomSrpm>);

/// Tells which package a source package on this machine is.
pub trait SourceRpmReader: Send + Sync {
    /// The absolute path of the file, and the package's name in its header.
    ///
    /// # Errors
    /// Why there is no such file or it is no source package; reads on after the path.
    fn package(&self, path: &str) -> Result<(String, String), String>;
}

impl CustomSrpms {
    /// The source packages of a request.
    ///
    /// One that was uploaded (`cli-build/.../NAME.src.rpm`) is named by its path, any other is a file on this machine
    /// and named by its header, which `files` reads; without it there are only uploads. Of several with the same name
    /// the first counts.
    ///
    /// # Errors
    /// [`SubmitError::Srpms`] with everything that is wrong.
    pub fn of(paths: &[String], files: Option<&dyn SourceRpmReader>) -> Result<(Self, Vec<Warning>), SubmitError> {
        let (mut found, mut warnings, mut problems) = (Self::default(), Vec::new(), Vec::new());
        for path in paths {
            match named(path, files) {
                Err(problem) => problems.push(format!("source package `{path}` {problem}")),
                Ok((name, _)) if found.0.contains_key(&name) => warnings.push(Warning {
                    code: "MS0221",
                    message: format!("source package `{path}` is not used: there is another one of `{name}` before it"),
                }),
                Ok((name, srpm)) => {
                    found.0.insert(name, srpm);
                }
            }
        }
        if problems.is_empty() { Ok((found, warnings)) } else { Err(SubmitError::Srpms(problems)) }
    }

    /// The source package that stands in for a component.
    pub fn get(&self, component: &ComponentName) -> Option<&CustomSrpm> {
        self.0.get(component)
    }

    /// The components that there are source packages of.
    pub(super) fn names(&self) -> impl Iterator<Item = &ComponentName> {
        self.0.keys()
    }
}

fn named(path: &str, files: Option<&dyn SourceRpmReader>) -> Result<(ComponentName, CustomSrpm), String> {
    let name = |text: &str| ComponentName::new(text).map_err(|error| format!("has no good name: {error}"));
    if path.starts_with(UPLOADED) {
        let file = path.rsplit('/').next().unwrap_or_default();
        let package = file.strip_suffix(SUFFIX).ok_or_else(|| format!("does not end in `{SUFFIX}`"))?;
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err("leads out of the upload area".to_owned());
        }
        return Ok((name(package)?, CustomSrpm::Upload(path.to_owned())));
    }
    let files = files.ok_or_else(|| format!("is not in the upload area (`{UPLOADED}`)"))?;
    let (absolute, package) = files.package(path)?;
    Ok((name(&package)?, CustomSrpm::File(absolute)))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Headers;

    impl SourceRpmReader for Headers {
        fn package(&self, path: &str) -> Result<(String, String), String> {
            match path {
                "new.src.rpm" => Ok(("/home/ann/new.src.rpm".to_owned(), "bash".to_owned())),
                _ => Err("does not exist".to_owned()),
            }
        }
    }

    fn of(paths: &[&str], files: Option<&dyn SourceRpmReader>) -> Result<(CustomSrpms, Vec<Warning>), SubmitError> {
        CustomSrpms::of(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>(), files)
    }

    #[test]
    fn uploads_are_named_by_their_path_and_files_by_their_header() {
        let (found, warnings) = of(&["cli-build/17/perl.src.rpm", "new.src.rpm"], Some(&Headers)).expect("good");
        let srpm = |name: &str| found.get(&ComponentName::new(name).expect("name"));
        assert_eq!(srpm("perl"), Some(&CustomSrpm::Upload("cli-build/17/perl.src.rpm".to_owned())));
        assert_eq!(srpm("bash"), Some(&CustomSrpm::File("/home/ann/new.src.rpm".to_owned())));
        assert_eq!((srpm("new"), warnings.len()), (None, 0));
    }

    #[test]
    fn the_first_of_two_counts_with_a_warning() {
        let (found, warnings) = of(&["cli-build/1/a.src.rpm", "cli-build/2/a.src.rpm"], None).expect("good");
        let first = found.get(&ComponentName::new("a").expect("name")).expect("found");
        assert_eq!(first.path(), "cli-build/1/a.src.rpm");
        assert_eq!(warnings[0].code, "MS0221");
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let paths = ["cli-build/1/a.rpm", "cli-build/../a.src.rpm", "gone.src.rpm"];
        let error = of(&paths, Some(&Headers)).expect_err("three problems");
        let SubmitError::Srpms(problems) = &error else { panic!("{error}") };
        assert_eq!((problems.len(), error.code()), (3, "MS0219"));
        let error = of(&["new.src.rpm"], None).expect_err("no files here").to_string();
        assert_eq!(error, "source package `new.src.rpm` is not in the upload area (`cli-build/`)");
    }
}
