//! Looking things up the way calls name them: by number, by name, by a struct.

use super::{Build, World, split_nvr};
use crate::koji::fault::{Fault, repr};
use mbs_koji::rpc::xml::Value;

impl World {
    /// The number of a tag.
    pub(in crate::koji) fn find_tag(&self, info: &Value, at: Option<i64>) -> Option<i64> {
        let id = match info {
            Value::Int(id) => *id,
            Value::Text(name) => *self.tags.names.get(name)?,
            Value::Struct(_) => info.get("id").and_then(Value::as_int)?,
            _ => return None,
        };
        self.tags.config.get(&id, at).map(|_| id)
    }

    /// The number of a tag that has to be there.
    pub(in crate::koji) fn tag(&self, info: &Value) -> Result<i64, Fault> {
        self.tag_at(info, None)
    }

    /// The number of a tag that has to be there at an event.
    pub(in crate::koji) fn tag_at(&self, info: &Value, at: Option<i64>) -> Result<i64, Fault> {
        self.find_tag(info, at).ok_or_else(|| Fault::generic(format!("No such tagInfo: {}", repr(info))))
    }

    /// The name of a tag.
    pub(in crate::koji) fn tag_name(&self, tag: i64) -> String {
        self.tags.names.iter().find(|(_, id)| **id == tag).map_or_else(String::new, |(name, _)| name.clone())
    }

    /// The number of a user.
    pub(in crate::koji) fn find_user(&self, info: &Value) -> Option<i64> {
        match info {
            Value::Int(id) => self.users.contains_key(id).then_some(*id),
            Value::Text(name) => self.user_names.get(name).copied(),
            Value::Struct(_) => info.get("name").or(info.get("id")).and_then(|info| self.find_user(info)),
            _ => None,
        }
    }

    /// The number of a user who has to be there.
    pub(in crate::koji) fn user(&self, info: &Value) -> Result<i64, Fault> {
        self.find_user(info).ok_or_else(|| Fault::generic(format!("No such user: {}", repr(info))))
    }

    /// The name of a user.
    pub(in crate::koji) fn user_name(&self, user: i64) -> &str {
        self.users.get(&user).map_or("", |user| user.name.as_str())
    }

    /// The number of a package.
    pub(in crate::koji) fn find_package(&self, info: &Value) -> Option<i64> {
        match info {
            Value::Int(id) => self.package_names.contains_key(id).then_some(*id),
            Value::Text(name) => self.packages.get(name).copied(),
            _ => None,
        }
    }

    /// A build.
    ///
    /// # Errors
    /// 1000 for a text that is no NVR.
    pub(in crate::koji) fn find_build(&self, info: &Value) -> Result<Option<&Build>, Fault> {
        let nvr = match info {
            Value::Int(id) => return Ok(self.builds.get(id)),
            Value::Text(nvr) => {
                split_nvr(nvr).ok_or_else(|| Fault::generic(format!("invalid format: {nvr}")))?;
                nvr.clone()
            }
            Value::Struct(_) => {
                if let Some(id) = info.get("id").and_then(Value::as_int) {
                    return Ok(self.builds.get(&id));
                }
                let part = |name: &str| info.get(name).and_then(Value::as_str);
                let (Some(name), Some(version), Some(release)) = (part("name"), part("version"), part("release"))
                else {
                    return Err(Fault::generic(format!("did not provide name, version and release: {}", repr(info))));
                };
                format!("{name}-{version}-{release}")
            }
            other => return Err(Fault::generic(format!("Invalid type for buildInfo: {}", repr(other)))),
        };
        Ok(self.nvrs.get(&nvr).and_then(|id| self.builds.get(id)))
    }

    /// A build that has to be there.
    pub(in crate::koji) fn build(&self, info: &Value) -> Result<&Build, Fault> {
        self.find_build(info)?.ok_or_else(|| Fault::generic(format!("No such build: {}", repr(info))))
    }

    /// The number of a target.
    pub(in crate::koji) fn find_target(&self, info: &Value, at: Option<i64>) -> Option<i64> {
        let id = match info {
            Value::Int(id) => *id,
            Value::Text(name) => *self.tags.target_names.get(name)?,
            Value::Struct(_) => info.get("id").and_then(Value::as_int)?,
            _ => return None,
        };
        self.tags.targets.get(&id, at).map(|_| id)
    }
}
