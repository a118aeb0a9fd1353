//! Build hosts and their channels.

use super::reference::or_default;
use crate::rpc::client::Call;
use serde::Deserialize;

/// A build host.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BuildHost {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its architectures, with blanks between.
    #[serde(default, deserialize_with = "or_default")]
    pub arches: String,
    /// Does it ask for work?
    #[serde(default, deserialize_with = "or_default")]
    pub ready: bool,
    /// May it work?
    #[serde(default, deserialize_with = "or_default")]
    pub enabled: bool,
    /// How much weight of tasks it takes.
    #[serde(default, deserialize_with = "or_default")]
    pub capacity: f64,
    /// How much it has.
    #[serde(default, deserialize_with = "or_default")]
    pub task_load: f64,
}

/// A channel: a name for some of the hosts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Is it used? Hubs before 1.26 do not tell.
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// Build hosts, of one channel or all.
pub fn list_hosts(channel_id: Option<i64>, enabled: Option<bool>) -> Call<Vec<BuildHost>> {
    Call::read("listHosts").optional("channelID", channel_id).optional("enabled", enabled)
}

/// All channels.
pub fn list_channels() -> Call<Vec<Channel>> {
    Call::read("listChannels")
}
