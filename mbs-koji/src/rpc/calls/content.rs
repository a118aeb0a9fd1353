//! Content generators: builds that were made elsewhere.

use super::builds::Build;
use super::reference::{Nothing, Ref};
use crate::rpc::client::Call;
use crate::rpc::xml::Value;
use serde::{Deserialize, Serialize};

/// A name that is taken for a build to come.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reservation {
    /// Number of the build.
    pub build_id: i64,
    /// The word that proves whose it is.
    pub token: String,
}

/// Imports a build from files that were uploaded to a directory.
pub fn cg_import<M: Serialize>(metadata: &M, directory: &str) -> Call<Build> {
    Call::write("CGImport").arg(metadata).arg(directory)
}

/// The same with the metadata in an uploaded file `metadata.json`, for those too large for a request.
pub fn cg_import_uploaded(directory: &str) -> Call<Build> {
    Call::write("CGImport").arg(()).arg(directory)
}

/// Takes a name for a build to come.
pub fn cg_init_build(generator: &str, build: &Value) -> Call<Reservation> {
    Call::write("CGInitBuild").arg(generator).arg(build)
}

/// Gives a name back; the build counts as failed.
pub fn cg_refund_build(generator: &str, reservation: &Reservation) -> Call<Nothing> {
    Call::write("CGRefundBuild").arg(generator).arg(reservation.build_id).arg(&reservation.token)
}

/// A file of an imported build.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Archive {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub filename: String,
    /// Bytes.
    #[serde(default)]
    pub size: Option<i64>,
    /// Its checksum, in hexadecimal digits.
    #[serde(default)]
    pub checksum: Option<String>,
    /// The type of builds it belongs to, as `module`.
    #[serde(default)]
    pub btype: Option<String>,
}

/// The files of a build that are no RPMs.
pub fn list_archives(build_id: i64) -> Call<Vec<Archive>> {
    Call::read("listArchives").keyword("buildID", build_id)
}

/// Types of a build with what is known of each, as `{"module": ..}`; none if there is no such build.
pub fn get_build_type<'a>(build: impl Into<Ref<'a>>) -> Call<Option<Value>> {
    Call::read("getBuildType").arg(build.into())
}

/// A type of builds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BuildType {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// The types of builds that the hub knows.
pub fn list_build_types() -> Call<Vec<BuildType>> {
    Call::read("listBTypes")
}

/// What is known of an uploaded file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Uploaded {
    /// Bytes.
    pub size: i64,
    /// How many bytes the checksum is of.
    #[serde(default)]
    pub sumlength: Option<i64>,
    /// The checksum, in hexadecimal digits.
    #[serde(default)]
    pub hexdigest: Option<String>,
}

/// An uploaded file with its checksum in Adler-32; none if it is not there.
pub fn check_upload(directory: &str, name: &str) -> Call<Option<Uploaded>> {
    Call::read("checkUpload").arg(directory).arg(name).keyword("verify", "adler32")
}
