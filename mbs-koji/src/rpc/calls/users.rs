//! Users.

use super::reference::{Ref, or_default};
use crate::rpc::client::Call;
use serde::Deserialize;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// 0 if it may work, 1 if it is blocked.
    #[serde(default, deserialize_with = "or_default")]
    pub status: i64,
    /// 0 a person, 1 a host, 2 a group.
    #[serde(default, deserialize_with = "or_default")]
    pub usertype: i64,
    /// How it logged in: 0 password, 1 Kerberos, 2 certificate, 3 GSSAPI. Only of the session's own user.
    #[serde(default)]
    pub authtype: Option<i64>,
}

/// The user of the session; none without one.
pub fn get_logged_in_user() -> Call<Option<User>> {
    Call::read("getLoggedInUser")
}

/// A user; none if there is no such. Nobody is made.
pub fn get_user<'a>(user: impl Into<Ref<'a>>) -> Call<Option<User>> {
    Call::read("getUser").arg(user.into())
}

/// Names of the permissions of the session's user.
pub fn get_perms() -> Call<Vec<String>> {
    Call::read("getPerms")
}

/// Names of the permissions of a user.
pub fn get_user_perms<'a>(user: impl Into<Ref<'a>>) -> Call<Vec<String>> {
    Call::read("getUserPerms").arg(user.into())
}
