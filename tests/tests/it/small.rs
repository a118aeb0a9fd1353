//! Modules of one component.

use mbs_tests::fixture::Repositories;
use std::path::Path;

/// A spec without sources; `more` is added to the preamble, `build` is its `%build`.
pub(crate) fn spec(release: &str, more: &str, build: &str) -> String {
    format!(
        "Name: small-one\nVersion: 1\nRelease: {release}\nSummary: Small\nLicense: MIT\nBuildArch: noarch\n{more}\n\
         %description\nSmall.\n%prep\n%build\n{build}\n%install\nmkdir -p %{{buildroot}}/usr/share/small-one\n\
         echo one > %{{buildroot}}/usr/share/small-one/file\n%files\n/usr/share/small-one\n"
    )
}

/// The modulemd file of a module with that component.
pub(crate) fn module(folder: &Path, spec: &str) -> String {
    let repositories = Repositories::of_spec(folder, "small-one", spec);
    repositories.modulemd("small").to_str().expect("text").to_owned()
}
