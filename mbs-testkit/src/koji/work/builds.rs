//! The build daemon: source package, arches, the end.

use crate::koji::calls::installed;
use crate::koji::fault::{Fault, repr};
use crate::koji::script::{Binary, End};
use crate::koji::world::{Build, BuildState, Job, Plan, Rpm, Wanted, World, record, split_nvr};
use mbs_koji::rpc::xml::Value;
use md5::{Digest, Md5};

/// What components get for `%dist` when no macros are in the buildroot.
const DIST: &str = ".fb1";
const MACROS: &str = "module-build-macros";

/// The parts of a task that the daemon looks at.
struct Wish {
    source: String,
    scratch: bool,
    skip_tag: bool,
    owner: i64,
    build_tag: i64,
    dest_tag: i64,
}

impl World {
    pub(super) fn work_on_build(&mut self, id: i64) {
        self.open(id);
        let wish = match self.wish(id) {
            Ok(wish) => wish,
            Err(fault) => return self.fail_build(id, None, fault),
        };
        if let Job::Waiting = self.tasks[&id].job {
            let Some(event) = self.repo_of(id, &wish) else { return };
            if let Err(fault) = self.source_package(id, &wish, event) {
                return self.fail_build(id, None, fault);
            }
        }
        let Job::Building { polls, build, arches, plan } = self.tasks[&id].job.clone() else { return };
        if plan.outcome.end == End::Hangs {
            return;
        }
        if polls > 1 {
            self.tasks.get_mut(&id).expect("tasks stay").job = Job::Building { polls: polls - 1, build, arches, plan };
            return;
        }
        self.finish(id, &wish, build, &arches, &plan);
    }

    fn wish(&self, id: i64) -> Result<Wish, Fault> {
        let task = &self.tasks[&id];
        let argument = |at: usize| task.request.get(at).cloned().unwrap_or_default();
        let target = self.find_target(&argument(1), None);
        let target = target.and_then(|id| self.tags.targets.get(&id, None));
        let target = target.ok_or_else(|| Fault::generic(format!("No such build target: {}", repr(&argument(1)))))?;
        let options = argument(2);
        let flag = |name: &str| options.get(name).is_some_and(crate::koji::args::truth);
        Ok(Wish {
            source: argument(0).as_str().unwrap_or_default().to_owned(),
            scratch: flag("scratch"),
            skip_tag: flag("skip_tag"),
            owner: task.owner,
            build_tag: target.build_tag,
            dest_tag: target.dest_tag,
        })
    }

    /// The event of the repository it is built from; none as long as it has to be waited for.
    fn repo_of(&mut self, id: i64, wish: &Wish) -> Option<i64> {
        let asked = self.tasks[&id].request.get(2).and_then(|options| options.get("repo_id")).and_then(Value::as_int);
        let found = asked.and_then(|repo| self.repos.get(&repo)).or_else(|| self.ready_repo(wish.build_tag));
        let event = found.map(|repo| repo.event);
        let children = self.children.get(&id).into_iter().flatten().copied();
        let waiting = children.into_iter().find(|child| self.tasks[child].method == "waitrepo");
        match (event, waiting) {
            (Some(_), Some(child)) => self.close(child, Ok(Value::Nil)),
            (None, None) => {
                let tag = self.tag_name(wish.build_tag);
                self.add_child(id, "waitrepo", "waitrepo", vec![tag.into()]);
                if !self.repo_under_way(wish.build_tag) {
                    let service = self.add_user("kojira", None, 0);
                    self.add_repo_task(wish.build_tag, service, Self::usual_options());
                }
            }
            _ => {}
        }
        event
    }

    /// The source package, and with it the record of the build and the tasks of the arches.
    fn source_package(&mut self, id: i64, wish: &Wish, event: i64) -> Result<(), Fault> {
        let uploaded = !wish.source.contains("://");
        let (method, request) =
            (if uploaded { "rebuildSRPM" } else { "buildSRPMFromSCM" }, vec![wish.source.as_str().into()]);
        let child = self.add_child(id, method, "srpm", request);
        let plan = self.plan(wish, event, uploaded).and_then(|plan| {
            let name = plan.name.clone();
            match plan.outcome.end {
                End::SrpmFails => Err(Fault::build(format!(
                    "error building srpm {name}, mock exited with status 1; see build.log for more information"
                ))),
                _ => Ok(plan),
            }
        });
        let log =
            plan.as_ref().map_or_else(|fault| format!("{}\n", fault.text), |_| "Wrote the source package\n".to_owned());
        self.write_log(child, &log);
        match &plan {
            Ok(plan) => {
                let file = format!("{}-{}-{}.src.rpm", plan.name, plan.version, plan.release);
                self.close(child, Ok(record! { "srpm": file }));
            }
            Err(fault) => self.close(child, Err(fault.clone())),
        }
        let plan = plan?;
        let labels = self.labels(wish, &plan)?;
        if !wish.scratch && !wish.skip_tag {
            self.check_destination(wish, &plan.name)?;
        }
        let build = if wish.scratch || plan.outcome.end == End::NoBuild {
            None
        } else {
            Some(self.begin_build(id, wish, &plan)?)
        };
        let arches = labels.into_iter().map(|arch| {
            let child = self.add_child(id, "buildArch", &arch, Vec::new());
            (arch, child)
        });
        let arches = arches.collect();
        let polls = plan.outcome.polls.max(1);
        self.tasks.get_mut(&id).expect("tasks stay").job = Job::Building { polls, build, arches, plan: Box::new(plan) };
        Ok(())
    }

    fn plan(&mut self, wish: &Wish, event: i64, uploaded: bool) -> Result<Plan, Fault> {
        if uploaded {
            let (folder, file) = wish.source.rsplit_once('/').unwrap_or(("", &wish.source));
            let there = self.folders.get(folder).is_some_and(|found| found.files.contains_key(file));
            let admin = self.permission("admin");
            let is_admin = admin.is_some_and(|admin| self.users[&wish.owner].permissions.contains(&admin));
            if self.script.srpm_only_admin && !is_admin {
                return Err(Fault::not_allowed("policy violation (build_from_srpm)"));
            }
            let nvr = file.strip_suffix(".src.rpm").and_then(split_nvr).filter(|_| there);
            let (name, version, release) =
                nvr.ok_or_else(|| Fault::generic(format!("No such file or directory: {}", wish.source)))?;
            let (name, version, release) = (name.to_owned(), version.to_owned(), release.to_owned());
            let outcome = self.script.take(&name);
            return Ok(Plan { name, version, release, source: file.to_owned(), outcome });
        }
        let path = wish.source.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".git").to_owned();
        let outcome = self.script.take(&name);
        let release = format!("{}{}", outcome.release, self.dist(wish.build_tag, event));
        Ok(Plan { name, version: outcome.version.clone(), release, source: wish.source.clone(), outcome })
    }

    /// What `%dist` is in a buildroot: the macros count when their build is in the repository and their package in the
    /// group that is installed.
    fn dist(&self, tag: i64, event: i64) -> String {
        let wanted =
            Wanted { at: Some(event), inherit: true, latest: Some(1), package: Some(MACROS), ..Wanted::default() };
        let there = installed(self, tag, "srpm-build", Some(event)).iter().any(|name| name == MACROS);
        let macros = self.tagged(tag, &wanted).into_iter().next().filter(|_| there);
        let dist = macros.and_then(|(build, ..)| build.release.split_once('.').map(|(_, dist)| format!(".{dist}")));
        dist.unwrap_or_else(|| DIST.to_owned())
    }

    fn check_destination(&self, wish: &Wish, name: &str) -> Result<(), Fault> {
        let tag = self.tag_name(wish.dest_tag);
        let package = self.packages.get(name).copied();
        let list = package.map(|id| self.package_list(wish.dest_tag, None, true, Some(id)));
        match list.and_then(|list| list.into_values().next()) {
            None => Err(Fault::build(format!("package {name} not in list for tag {tag}"))),
            Some((_, entry)) if entry.blocked => Err(Fault::build(format!("package {name} is blocked for tag {tag}"))),
            Some(_) => Ok(()),
        }
    }

    /// The arches that get a task each.
    fn labels(&self, wish: &Wish, plan: &Plan) -> Result<Vec<String>, Fault> {
        let only_noarch = !plan.outcome.rpms.is_empty() && plan.outcome.rpms.iter().all(|rpm| rpm.noarch);
        if only_noarch || plan.name == MACROS {
            return Ok(vec!["noarch".to_owned()]);
        }
        let config = self.tags.config.get(&wish.build_tag, None);
        let arches = config.map_or("", |config| config.arches.as_str()).split_whitespace();
        let outcome = &plan.outcome;
        let wanted: Vec<String> = arches
            .filter(|arch| outcome.exclusive_arch.is_empty() || outcome.exclusive_arch.iter().any(|only| only == arch))
            .filter(|arch| !outcome.exclude_arch.iter().any(|not| not == arch))
            .map(str::to_owned)
            .collect();
        if wanted.is_empty() {
            return Err(Fault::build("No matching arches were found"));
        }
        Ok(wanted)
    }

    fn begin_build(&mut self, task: i64, wish: &Wish, plan: &Plan) -> Result<i64, Fault> {
        let nvr = format!("{}-{}-{}", plan.name, plan.version, plan.release);
        let old = self.nvrs.get(&nvr).map(|id| &self.builds[id]);
        let id = match old {
            None => self.builds.last_key_value().map_or(1, |(id, _)| id + 1),
            Some(old) if matches!(old.state, BuildState::Failed | BuildState::Canceled) => old.id,
            Some(old) if old.state == BuildState::Building => {
                return Err(Fault::generic(format!("Build already in progress (task {})", repr(&old.task.into()))));
            }
            Some(old) => {
                let data = record! {
                    "name": plan.name.as_str(), "version": plan.version.as_str(), "release": plan.release.as_str(),
                    "epoch": plan.outcome.epoch, "task_id": task, "source": plan.source.as_str(), "owner": wish.owner,
                };
                let (id, state) = (old.id, old.state.word());
                return Err(Fault::generic(format!("Build already exists (id={id}, state={state}): {}", repr(&data))));
            }
        };
        let package = self.add_package(&plan.name);
        let event = self.event();
        self.put_build(Build {
            id,
            package,
            name: plan.name.clone(),
            version: plan.version.clone(),
            release: plan.release.clone(),
            epoch: plan.outcome.epoch,
            state: BuildState::Building,
            owner: wish.owner,
            task: Some(task),
            source: plan.source.as_str().into(),
            extra: record! { "source": record! { "original_url": plan.source.as_str() } },
            event,
            start: Some(self.now),
            completion: None,
            generator: None,
            token: None,
            draft: false,
            types: Vec::new(),
        });
        Ok(id)
    }

    fn finish(&mut self, id: i64, wish: &Wish, build: Option<i64>, arches: &[(String, i64)], plan: &Plan) {
        if plan.outcome.end == End::Fails {
            let (arch, child) = &arches[0];
            let fault = Fault::build(format!(
                "error building package (arch {arch}), mock exited with status 1; see build.log for more information"
            ));
            self.write_log(*child, &plan.outcome.log);
            self.close(*child, Err(fault.clone()));
            return self.fail_build(id, build, fault);
        }
        for (arch, child) in arches {
            self.write_log(*child, &format!("Finished the build for {arch}\n"));
            self.close(*child, Ok(record! { "rpms": Vec::<Value>::new(), "srpms": Vec::<Value>::new() }));
        }
        if let Some(build) = build {
            let arches: Vec<&str> = arches.iter().map(|(arch, _)| arch.as_str()).collect();
            self.add_rpms(build, &arches, plan);
            self.end_build(build, BuildState::Complete);
            self.builds.get_mut(&build).expect("it was begun").types = vec!["rpm".to_owned()];
        }
        self.close(id, Ok(Value::Nil));
        if let Some(build) = build.filter(|_| !wish.skip_tag) {
            let request = vec![wish.dest_tag.into(), build.into()];
            let job = Job::Tag { tag: wish.dest_tag, build, force: false, from: None };
            self.add_task("tagBuild", request, wish.owner, 10, job);
        }
    }

    fn add_rpms(&mut self, build: i64, arches: &[&str], plan: &Plan) {
        let own = Binary { name: plan.name.clone(), arches: Vec::new(), noarch: arches == ["noarch"] };
        let binaries = if plan.outcome.rpms.is_empty() { vec![own] } else { plan.outcome.rpms.clone() };
        self.add_rpm(build, &plan.name, "src", plan, true);
        for (place, arch) in arches.iter().enumerate() {
            for binary in &binaries {
                // Equal noarch packages of all arches are one.
                if binary.noarch && place > 0
                    || !binary.arches.is_empty() && !binary.arches.iter().any(|only| only == arch)
                {
                    continue;
                }
                self.add_rpm(build, &binary.name, if binary.noarch { "noarch" } else { arch }, plan, false);
                if plan.outcome.debuginfo && !binary.noarch {
                    self.add_rpm(build, &format!("{}-debuginfo", binary.name), arch, plan, false);
                }
            }
        }
    }

    fn add_rpm(&mut self, build: i64, name: &str, arch: &str, plan: &Plan, source: bool) {
        self.buildroots += 1;
        let id = self.rpms.last_key_value().map_or(1, |(id, _)| id + 1);
        let mut rpm = Rpm {
            id,
            build,
            name: name.to_owned(),
            version: plan.version.clone(),
            release: plan.release.clone(),
            epoch: plan.outcome.epoch,
            arch: arch.to_owned(),
            buildroot: self.buildroots,
            payloadhash: String::new(),
            size: 6000 + i64::try_from(name.len()).unwrap_or(0),
            buildtime: self.now.timestamp(),
            headers: plan.outcome.headers(source),
        };
        rpm.payloadhash = hex(&Md5::digest(rpm.nvra()));
        self.put_rpm(rpm);
    }

    fn fail_build(&mut self, id: i64, build: Option<i64>, fault: Fault) {
        for child in self.children.get(&id).cloned().unwrap_or_default() {
            self.cancel_task(child, true);
        }
        if let Some(build) = build {
            self.end_build(build, BuildState::Failed);
        }
        self.close(id, Err(fault));
    }

    /// A build gets its last state.
    pub(in crate::koji) fn end_build(&mut self, id: i64, state: BuildState) {
        let now = self.now;
        let build = self.builds.get_mut(&id).expect("builds stay");
        if build.state == BuildState::Building {
            build.state = state;
            build.completion = Some(now);
            self.wrote = true;
        }
    }

    fn write_log(&mut self, task: i64, text: &str) {
        let output = &mut self.tasks.get_mut(&task).expect("tasks stay").output;
        output.insert("build.log".to_owned(), text.as_bytes().to_vec());
        output.insert("root.log".to_owned(), b"the buildroot was made\n".to_vec());
    }
}

/// Bytes as lower-case digits.
pub(in crate::koji) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
