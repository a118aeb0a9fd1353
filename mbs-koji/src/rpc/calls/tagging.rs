//! Builds in tags.

use super::builds::Build;
use super::reference::{Nothing, Ref};
use crate::rpc::client::Call;

/// Tags a build, in a task whose number it gives; failures come with the task.
pub fn tag_build<'a>(tag: impl Into<Ref<'a>>, build: impl Into<Ref<'a>>) -> Call<i64> {
    Call::write("tagBuild").arg(tag.into()).arg(build.into())
}

/// Tags builds at once, without the checks of [`tag_build`]; needs the permission `tag`. Builds that are in the tag already
/// are tagged again, which makes repositories look old: leave them out.
pub fn mass_tag<'a>(tag: impl Into<Ref<'a>>, builds: &[&str]) -> Call<Nothing> {
    Call::write("massTag").arg(tag.into()).arg(builds)
}

/// Takes a build out of a tag, at once. With `strict`, one that is not in it is a fault.
pub fn untag_build<'a>(tag: impl Into<Ref<'a>>, build: impl Into<Ref<'a>>, strict: bool) -> Call<Nothing> {
    Call::write("untagBuild").arg(tag.into()).arg(build.into()).keyword("strict", strict)
}

/// Which builds of a tag to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listing<'a> {
    /// As it was at this event.
    pub event: Option<i64>,
    /// With those of its parents.
    pub inherit: bool,
    /// Of each package only the one tagged last.
    pub latest: bool,
    /// Of this package.
    pub package: Option<&'a str>,
    /// Of this type, as `module`.
    pub build_type: Option<&'a str>,
}

/// The builds in a tag.
pub fn list_tagged<'a>(tag: impl Into<Ref<'a>>, which: Listing<'_>) -> Call<Vec<Build>> {
    Call::read("listTagged")
        .arg(tag.into())
        .optional("event", which.event)
        .optional("inherit", which.inherit.then_some(true))
        .optional("latest", which.latest.then_some(true))
        .optional("package", which.package)
        .optional("type", which.build_type)
}

/// Of each package in a tag and its parents the build tagged last, at an event or now.
pub fn get_latest_builds<'a>(tag: impl Into<Ref<'a>>, event: Option<i64>, package: Option<&str>) -> Call<Vec<Build>> {
    Call::read("getLatestBuilds").arg(tag.into()).optional("event", event).optional("package", package)
}
