//! Records as calls answer them.

use super::inherit::Step;
use super::{Archive, Build, Repo, RepoRequest, Rpm, Task, World, record, stamp, stamp_or, time, time_or, with};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

/// Names of members that stand for nothing here: drafts cannot be promoted.
const PROMOTION: [(&str, Value); 4] = [
    ("promoter_id", Value::Nil),
    ("promoter_name", Value::Nil),
    ("promotion_time", Value::Nil),
    ("promotion_ts", Value::Nil),
];

impl World {
    /// A tag with its own settings.
    pub(in crate::koji) fn tag_record(&self, tag: i64, at: Option<i64>) -> Value {
        let Some(config) = self.tags.config.get(&tag, at) else { return Value::Nil };
        let perm = config.perm.and_then(|id| self.permissions.get(&id)).map(|(name, _)| name.as_str());
        record! {
            "id": tag, "name": config.name.as_str(), "arches": config.arches.as_str(), "perm": perm,
            "perm_id": config.perm, "locked": config.locked, "maven_support": config.maven_support,
            "maven_include_all": config.maven_include_all, "extra": self.own_extra(tag, at),
        }
    }

    /// The extra settings of the tag itself.
    pub(in crate::koji) fn own_extra(&self, tag: i64, at: Option<i64>) -> BTreeMap<String, Value> {
        let rows = self.tags.extra.range((tag, String::new())..(tag + 1, String::new()), at);
        rows.filter_map(|((_, key), row)| Some((key.clone(), row.value.clone()?))).collect()
    }

    /// A parent on the way up.
    pub(in crate::koji) fn step_record(&self, step: &Step) -> Value {
        record! {
            "parent_id": step.parent, "name": self.tag_name(step.parent), "priority": step.link.priority,
            "maxdepth": step.link.maxdepth, "intransitive": step.link.intransitive, "noconfig": step.noconfig,
            "pkg_filter": step.link.pkg_filter.as_str(), "child_id": step.child, "currdepth": step.depth,
            "nextdepth": step.next_depth,
            "filter": step.filters.iter().map(|filter| filter.as_str().into()).collect::<Vec<Value>>(),
        }
    }

    /// A target.
    pub(in crate::koji) fn target_record(&self, id: i64, at: Option<i64>) -> Value {
        let Some(target) = self.tags.targets.get(&id, at) else { return Value::Nil };
        let name = self.tags.target_names.iter().find(|(_, found)| **found == id).map(|(name, _)| name.as_str());
        record! {
            "id": id, "name": name, "build_tag": target.build_tag, "dest_tag": target.dest_tag,
            "build_tag_name": self.tag_name(target.build_tag), "dest_tag_name": self.tag_name(target.dest_tag),
        }
    }

    /// A build as `getBuild` answers it.
    pub(in crate::koji) fn build_record(&self, build: &Build) -> Value {
        let generator = build
            .generator
            .and_then(|id| self.generators.iter().find(|(_, (found, _))| *found == id))
            .map(|(name, _)| name.as_str());
        let full = with(
            self.listed_build(build),
            [("id", build.id.into()), ("cg_id", build.generator.into()), ("cg_name", generator.into())],
        );
        with(full, PROMOTION)
    }

    /// A build as `listBuilds` answers it.
    pub(in crate::koji) fn listed_build(&self, build: &Build) -> Value {
        let created = self.event_time(build.event);
        let plain = record! {
            "build_id": build.id, "name": build.name.as_str(), "version": build.version.as_str(),
            "release": build.release.as_str(), "epoch": build.epoch, "nvr": build.nvr(), "state": build.state as i64,
            "task_id": build.task, "owner_id": build.owner, "owner_name": self.user_name(build.owner),
            "package_id": build.package, "package_name": build.name.as_str(), "creation_event_id": build.event,
            "creation_time": time_or(created), "creation_ts": stamp_or(created), "start_time": time_or(build.start),
            "start_ts": stamp_or(build.start), "completion_time": time_or(build.completion),
            "completion_ts": stamp_or(build.completion), "extra": build.extra.clone(), "source": build.source.clone(),
            "draft": build.draft, "volume_id": 0, "volume_name": "DEFAULT",
        };
        with(plain, PROMOTION)
    }

    /// A build of a tag.
    pub(in crate::koji) fn tagged_record(&self, (build, event, tag): (&Build, i64, i64), extra: bool) -> Value {
        let plain = record! {
            "build_id": build.id, "id": build.id, "name": build.name.as_str(), "version": build.version.as_str(),
            "release": build.release.as_str(), "epoch": build.epoch, "nvr": build.nvr(), "state": build.state as i64,
            "task_id": build.task, "owner_id": build.owner, "owner_name": self.user_name(build.owner),
            "package_id": build.package, "package_name": build.name.as_str(), "creation_event_id": build.event,
            "creation_time": time_or(self.event_time(build.event)), "start_time": time_or(build.start),
            "completion_time": time_or(build.completion), "draft": build.draft, "volume_id": 0,
            "volume_name": "DEFAULT", "create_event": event, "tag_id": tag, "tag_name": self.tag_name(tag),
            "promoter_id": Value::Nil, "promoter_name": Value::Nil, "promotion_time": Value::Nil,
        };
        if extra { with(plain, [("extra", build.extra.clone())]) } else { plain }
    }

    /// A package file as `listTaggedRPMS` answers it.
    pub(in crate::koji) fn tagged_rpm(rpm: &Rpm) -> Value {
        record! {
            "id": rpm.id, "name": rpm.name.as_str(), "version": rpm.version.as_str(), "release": rpm.release.as_str(),
            "epoch": rpm.epoch, "arch": rpm.arch.as_str(), "build_id": rpm.build, "buildroot_id": rpm.buildroot,
            "payloadhash": rpm.payloadhash.as_str(), "size": rpm.size, "buildtime": rpm.buildtime, "draft": false,
            "metadata_only": false, "extra": Value::Nil,
        }
    }

    /// A package file as other calls answer it.
    pub(in crate::koji) fn rpm_record(rpm: &Rpm) -> Value {
        with(
            Self::tagged_rpm(rpm),
            [
                ("nvr", format!("{}-{}-{}", rpm.name, rpm.version, rpm.release).into()),
                ("external_repo_id", 0.into()),
                ("external_repo_name", "INTERNAL".into()),
            ],
        )
    }

    /// Another file of a build.
    pub(in crate::koji) fn archive_record(&self, archive: &Archive) -> Value {
        record! {
            "id": archive.id, "build_id": archive.build, "filename": archive.filename.as_str(), "size": archive.size,
            "checksum": archive.checksum.as_str(), "checksum_type": archive.checksum_type,
            "extra": archive.extra.clone(), "btype": archive.btype.as_str(), "metadata_only": false,
            "btype_id": self.btypes.iter().zip(1i64..).find(|(name, _)| **name == archive.btype).map(|(_, id)| id),
            "type_name": archive.filename.rsplit('.').next(), "buildroot_id": Value::Nil,
        }
    }

    /// A task.
    pub(in crate::koji) fn task_record(task: &Task, request: bool) -> Value {
        let plain = record! {
            "id": task.id, "state": task.state as i64, "method": task.method.as_str(), "arch": task.arch.as_str(),
            "label": task.label.clone(), "parent": task.parent, "owner": task.owner, "channel_id": task.channel,
            "host_id": task.host, "priority": task.priority, "weight": 1.0, "create_time": time(task.create),
            "create_ts": stamp(task.create), "start_time": time_or(task.start), "start_ts": stamp_or(task.start),
            "completion_time": time_or(task.completion), "completion_ts": stamp_or(task.completion),
            "waiting": Value::Nil, "awaited": Value::Nil,
        };
        if request { with(plain, [("request", task.request.clone().into())]) } else { plain }
    }

    /// A repository.
    pub(in crate::koji) fn repo_record(&self, repo: &Repo) -> Value {
        let made = self.event_time(repo.event);
        record! {
            "id": repo.id, "tag_id": repo.tag, "tag_name": self.tag_name(repo.tag), "state": repo.state,
            "task_id": repo.task, "task_state": self.tasks.get(&repo.task).map(|task| task.state as i64),
            "dist": false, "opts": repo.options.clone(), "custom_opts": BTreeMap::<String, Value>::new(),
            "create_event": repo.event, "create_ts": stamp_or(made), "begin_event": repo.begin,
            "begin_ts": stamp_or(self.event_time(repo.begin)), "end_event": Value::Nil, "end_ts": Value::Nil,
            "creation_time": time(repo.creation), "creation_ts": stamp(repo.creation),
            "state_time": time(repo.changed), "state_ts": stamp(repo.changed),
        }
    }

    /// A request for a repository.
    pub(in crate::koji) fn request_record(&self, request: &RepoRequest) -> Value {
        let state = request.task.and_then(|id| self.tasks.get(&id)).map(|task| task.state as i64);
        record! {
            "id": request.id, "active": request.active, "tag_id": request.tag, "tag_name": self.tag_name(request.tag),
            "min_event": request.min_event, "at_event": request.at_event, "opts": request.options.clone(),
            "priority": request.priority, "owner": request.owner, "owner_name": self.user_name(request.owner),
            "task_id": request.task, "task_state": state, "tries": request.tries, "repo_id": request.repo,
            "create_time": time(request.create), "create_ts": stamp(request.create),
            "update_time": time(request.update), "update_ts": stamp(request.update),
        }
    }
}
