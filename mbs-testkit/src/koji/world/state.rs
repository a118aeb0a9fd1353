//! The whole state.

use super::{Archive, Build, Folder, Repo, RepoRequest, Rpm, Session, Task, User};
use crate::koji::script::Script;
use crate::koji::version::HubVersion;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

use super::tags::Tags;

/// Everything a hub keeps, as data.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct World {
    pub(in crate::koji) version: HubVersion,
    pub(in crate::koji) script: Script,
    pub(in crate::koji) now: DateTime<Utc>,
    pub(in crate::koji) events: Vec<DateTime<Utc>>,
    /// The event of the call under way.
    pub(in crate::koji) event: Option<i64>,
    /// Has the call under way written anything?
    pub(in crate::koji) wrote: bool,
    pub(in crate::koji) users: BTreeMap<i64, User>,
    pub(in crate::koji) user_names: BTreeMap<String, i64>,
    /// Permissions by id: name, description.
    pub(in crate::koji) permissions: BTreeMap<i64, (String, Option<String>)>,
    pub(in crate::koji) sessions: BTreeMap<i64, Session>,
    pub(in crate::koji) folders: BTreeMap<String, Folder>,
    pub(in crate::koji) packages: BTreeMap<String, i64>,
    pub(in crate::koji) package_names: BTreeMap<i64, String>,
    pub(in crate::koji) tags: Tags,
    pub(in crate::koji) builds: BTreeMap<i64, Build>,
    pub(in crate::koji) nvrs: BTreeMap<String, i64>,
    pub(in crate::koji) builds_by_package: BTreeMap<i64, BTreeSet<i64>>,
    pub(in crate::koji) builds_by_task: BTreeMap<i64, BTreeSet<i64>>,
    pub(in crate::koji) rpms: BTreeMap<i64, Rpm>,
    pub(in crate::koji) nvras: BTreeMap<String, i64>,
    pub(in crate::koji) rpms_by_build: BTreeMap<i64, BTreeSet<i64>>,
    pub(in crate::koji) archives: BTreeMap<i64, Archive>,
    /// Log files of imports, by build.
    pub(in crate::koji) logs: BTreeMap<i64, BTreeMap<String, Vec<u8>>>,
    pub(in crate::koji) btypes: Vec<String>,
    pub(in crate::koji) generators: BTreeMap<String, (i64, BTreeSet<i64>)>,
    pub(in crate::koji) tasks: BTreeMap<i64, Task>,
    pub(in crate::koji) children: BTreeMap<i64, Vec<i64>>,
    pub(in crate::koji) active: BTreeSet<i64>,
    pub(in crate::koji) repos: BTreeMap<i64, Repo>,
    pub(in crate::koji) requests: BTreeMap<i64, RepoRequest>,
    pub(in crate::koji) buildroots: i64,
    pub(in crate::koji) session_count: i64,
}

/// The next free number of a table.
pub(in crate::koji) fn next<V>(table: &BTreeMap<i64, V>) -> i64 {
    table.last_key_value().map_or(1, |(id, _)| id + 1)
}

impl World {
    pub(in crate::koji) fn new(version: HubVersion) -> Self {
        Self {
            version,
            script: Script::default(),
            now: DateTime::UNIX_EPOCH,
            events: Vec::new(),
            event: None,
            wrote: false,
            users: BTreeMap::new(),
            user_names: BTreeMap::new(),
            permissions: BTreeMap::new(),
            sessions: BTreeMap::new(),
            folders: BTreeMap::new(),
            packages: BTreeMap::new(),
            package_names: BTreeMap::new(),
            tags: Tags::default(),
            builds: BTreeMap::new(),
            nvrs: BTreeMap::new(),
            builds_by_package: BTreeMap::new(),
            builds_by_task: BTreeMap::new(),
            rpms: BTreeMap::new(),
            nvras: BTreeMap::new(),
            rpms_by_build: BTreeMap::new(),
            archives: BTreeMap::new(),
            logs: BTreeMap::new(),
            btypes: ["rpm", "maven", "win", "image"].map(str::to_owned).to_vec(),
            generators: BTreeMap::new(),
            tasks: BTreeMap::new(),
            children: BTreeMap::new(),
            active: BTreeSet::new(),
            repos: BTreeMap::new(),
            requests: BTreeMap::new(),
            buildroots: 0,
            session_count: 0,
        }
    }

    /// The event of the call under way; it gets one when it first asks.
    pub(in crate::koji) fn event(&mut self) -> i64 {
        self.wrote = true;
        if let Some(event) = self.event {
            return event;
        }
        self.events.push(self.now);
        let event = self.last_event();
        self.event = Some(event);
        event
    }

    /// The newest event; 0 when there was none.
    pub(in crate::koji) fn last_event(&self) -> i64 {
        i64::try_from(self.events.len()).unwrap_or(i64::MAX)
    }

    /// When an event happened.
    pub(in crate::koji) fn event_time(&self, event: i64) -> Option<DateTime<Utc>> {
        usize::try_from(event).ok()?.checked_sub(1).and_then(|place| self.events.get(place)).copied()
    }

    /// Adds a user, or gives the one of that name.
    pub(in crate::koji) fn add_user(&mut self, name: &str, password: Option<&str>, kind: i64) -> i64 {
        if let Some(id) = self.user_names.get(name) {
            return *id;
        }
        self.wrote = true;
        let id = next(&self.users);
        self.user_names.insert(name.to_owned(), id);
        let password = password.map(str::to_owned);
        let user = User { id, name: name.to_owned(), password, kind, blocked: false, permissions: BTreeSet::new() };
        self.users.insert(id, user);
        id
    }

    /// The id of a permission, made when it is new.
    pub(in crate::koji) fn add_permission(&mut self, name: &str) -> i64 {
        if let Some(id) = self.permission(name) {
            return id;
        }
        let id = next(&self.permissions);
        self.permissions.insert(id, (name.to_owned(), None));
        id
    }

    /// The id of a permission.
    pub(in crate::koji) fn permission(&self, name: &str) -> Option<i64> {
        self.permissions.iter().find(|(_, (found, _))| found == name).map(|(id, _)| *id)
    }

    /// The id of a package, made when it is new.
    pub(in crate::koji) fn add_package(&mut self, name: &str) -> i64 {
        if let Some(id) = self.packages.get(name) {
            return *id;
        }
        self.wrote = true;
        let id = next(&self.package_names);
        self.packages.insert(name.to_owned(), id);
        self.package_names.insert(id, name.to_owned());
        id
    }

    /// Keeps a build under its number and names.
    pub(in crate::koji) fn put_build(&mut self, build: Build) {
        self.wrote = true;
        self.nvrs.insert(build.nvr(), build.id);
        self.builds_by_package.entry(build.package).or_default().insert(build.id);
        if let Some(task) = build.task {
            self.builds_by_task.entry(task).or_default().insert(build.id);
        }
        self.builds.insert(build.id, build);
    }

    /// Keeps a package file.
    pub(in crate::koji) fn put_rpm(&mut self, rpm: Rpm) {
        self.nvras.insert(rpm.nvra(), rpm.id);
        self.rpms_by_build.entry(rpm.build).or_default().insert(rpm.id);
        self.rpms.insert(rpm.id, rpm);
    }
}
