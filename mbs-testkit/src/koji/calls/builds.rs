//! Builds: asking for one, finding them.

use super::context::{Context, Method, query};
use crate::koji::args::Args;
use crate::koji::fault::Fault;
use crate::koji::world::{Build, BuildState, Job, moment, record};
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("build", "src target opts? priority? channel?", build),
    ("getBuild", "buildInfo strict?", get),
    (
        "listBuilds",
        "packageID? userID? taskID? prefix? state? volumeID? source? createdBefore? createdAfter? completeBefore? \
         completeAfter? type? typeInfo? queryOpts? pattern? cgID? draft?",
        list,
    ),
    ("untaggedBuilds", "name? queryOpts? draft?", untagged),
    ("cancelBuild", "buildID strict?", cancel),
    ("getAverageBuildDuration", "package age?", average),
    ("getBuildType", "buildInfo strict?", kinds),
];

fn build(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let user = context.user()?;
    let priority = args.int_or("priority")?.unwrap_or(0);
    if priority < 0 && !context.may(&[]) {
        return Err(Fault::not_allowed("only admins may create high-priority tasks"));
    }
    args.text("src")?;
    let request = vec![
        args.get("src").clone(),
        args.get("target").clone(),
        args.members("opts")?.cloned().unwrap_or_default().into(),
    ];
    Ok(context.world.add_task("build", request, user, 20 + priority, Job::Waiting).into())
}

fn get(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let info = args.get("buildInfo");
    if args.flag("strict", false) {
        return context.world.build(info).map(|build| context.world.build_record(build));
    }
    Ok(context.world.find_build(info)?.map_or(Value::Nil, |build| context.world.build_record(build)))
}

fn list(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    if !matches!(args.get("taskID"), Value::Nil | Value::Int(_)) {
        return Err(Fault::other(
            "<class 'psycopg2.errors.DatatypeMismatch'>: operator does not exist: integer = integer[]",
        ));
    }
    let task = args.int_or("taskID")?;
    let user = args.given("userID").map(|info| world.user(info)).transpose()?;
    let package = match args.given("packageID") {
        // A nil package is no filter at all, as on a hub.
        None => None,
        Some(info) => match world.find_package(info) {
            None => return Ok(Vec::<Value>::new().into()),
            found => found,
        },
    };
    let (state, kind, source) = (args.int_or("state")?, args.text_or("type")?, args.given("source"));
    let prefix = args.text_or("prefix")?.map(str::to_lowercase);
    let bound = |name: &str| args.given(name).and_then(moment);
    let (after, before) = (bound("createdAfter"), bound("createdBefore"));
    let (done_after, done_before) = (bound("completeAfter"), bound("completeBefore"));
    let generator = match args.get("cgID") {
        Value::Text(name) => Some(world.generators.get(name).map_or(-1, |(id, _)| *id)),
        other => other.as_int(),
    };
    let fits = |build: &Build| {
        let created = world.event_time(build.event);
        task.is_none_or(|task| build.task == Some(task))
            && user.is_none_or(|user| build.owner == user)
            && package.is_none_or(|package| build.package == package)
            && state.is_none_or(|state| build.state as i64 == state)
            && kind.is_none_or(|kind| build.types.iter().any(|found| found == kind))
            && source.is_none_or(|source| build.source == *source)
            && prefix.as_ref().is_none_or(|prefix| build.name.to_lowercase().starts_with(prefix))
            && after.is_none_or(|after| created.is_some_and(|time| time > after))
            && before.is_none_or(|before| created.is_some_and(|time| time < before))
            && done_after.is_none_or(|after| build.completion.is_some_and(|time| time > after))
            && done_before.is_none_or(|before| build.completion.is_some_and(|time| time < before))
            && generator.is_none_or(|id| build.generator == Some(id))
    };
    let of = |index: &std::collections::BTreeMap<i64, std::collections::BTreeSet<i64>>, key: i64| {
        index.get(&key).into_iter().flatten().filter_map(|id| world.builds.get(id)).collect::<Vec<_>>()
    };
    let candidates = match (task, package) {
        (Some(task), _) => of(&world.builds_by_task, task),
        (None, Some(package)) => of(&world.builds_by_package, package),
        (None, None) => world.builds.values().collect(),
    };
    query(candidates.into_iter().filter(|build| fits(build)).map(|build| world.listed_build(build)).collect(), args)
}

fn untagged(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    let name = args.text_or("name")?;
    let tagged: std::collections::BTreeSet<i64> = world.tags.listing.all(None).map(|((_, build), _)| *build).collect();
    let rows = world.builds.values().filter(|build| {
        build.state == BuildState::Complete && !tagged.contains(&build.id) && name.is_none_or(|name| build.name == name)
    });
    let rows = rows.map(|build| {
        record! { "id": build.id, "name": build.name.as_str(), "version": build.version.as_str(), "release": build.release.as_str() }
    });
    query(rows.collect(), args)
}

fn cancel(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let user = context.user()?;
    let Some(build) = context.world.find_build(args.get("buildID"))? else { return Ok(false.into()) };
    let (id, task, owner, state) = (build.id, build.task, build.owner, build.state);
    if owner != user && !context.may(&[]) {
        return Err(Fault::not_allowed("Cannot cancel build, not owner"));
    }
    if state != BuildState::Building {
        return Ok(false.into());
    }
    context.world.end_build(id, BuildState::Canceled);
    if let Some(task) = task {
        context.world.cancel_task(task, true);
    }
    Ok(true.into())
}

fn average(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    let package = world.find_package(args.get("package"));
    let package =
        package.ok_or_else(|| Fault::generic(format!("No such package: {}", args.text("package").unwrap_or("?"))))?;
    let builds = world.builds_by_package.get(&package).into_iter().flatten().filter_map(|id| world.builds.get(id));
    let times: Vec<i64> = builds
        .filter(|build| build.state == BuildState::Complete && build.task.is_some())
        .filter_map(|build| Some((build.completion? - build.start?).num_milliseconds()))
        .collect();
    if times.is_empty() {
        return Ok(Value::Nil);
    }
    let count = i64::try_from(times.len()).unwrap_or(1);
    let mean = std::time::Duration::from_millis((times.iter().sum::<i64>() / count).unsigned_abs());
    Ok(mean.as_secs_f64().into())
}

fn kinds(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let Some(build) = context.world.find_build(args.get("buildInfo"))? else {
        return if args.flag("strict", false) { Err(Fault::generic("No such build")) } else { Ok(Value::Nil) };
    };
    let info = |kind: &String| build.extra.get("typeinfo").and_then(|info| info.get(kind)).cloned().unwrap_or_default();
    Ok(build.types.iter().map(|kind| (kind.clone(), info(kind))).collect::<std::collections::BTreeMap<_, _>>().into())
}
