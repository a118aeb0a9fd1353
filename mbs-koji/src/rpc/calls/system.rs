//! What a hub can.

use crate::rpc::client::Call;

/// Names of all methods.
pub fn list_methods() -> Call<Vec<String>> {
    Call::read("system.listMethods")
}

/// The hub's version, as `1.35.3`. A fault on hubs before 1.23.
pub fn get_koji_version() -> Call<String> {
    Call::read("getKojiVersion")
}

/// Version of the interface: 1.
pub fn get_api_version() -> Call<i64> {
    Call::read("getAPIVersion")
}
