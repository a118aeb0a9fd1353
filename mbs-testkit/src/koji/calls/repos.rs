//! Repositories of tags.

use super::context::{Context, Method};
use crate::koji::args::Args;
use crate::koji::fault::{Fault, repr};
use crate::koji::world::{RepoRequest, World, record, with};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

pub(super) const METHODS: &[Method] = &[
    ("getRepo", "tag state? event? dist? min_event?", get_repo),
    ("repoInfo", "repo_id strict?", repo_info),
    ("newRepo", "tag event? src? debuginfo? separate_src?", new_repo),
    ("repo.request", "tag min_event? at_event? opts? priority? force?", request),
    ("repo.checkRequest", "req_id", check_request),
    ("repo.get", "tag min_event? at_event? opts?", get),
    ("tagLastChangeEvent", "tag", last_change),
    ("tagChangedSinceEvent", "event taglist", changed_since),
];

fn get_repo(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let tag = context.tag(args.get("tag"))?;
    let (state, at, least) = (args.int_or("state")?, context.at(args)?, args.int_or("min_event")?);
    let world = &*context.world;
    let found = world.repos.values().rev().find(|repo| {
        repo.tag == tag
            && least.is_none_or(|least| repo.event >= least)
            && match (at, state) {
                (Some(at), _) => repo.event <= at,
                (None, state) => repo.state == state.unwrap_or(1),
            }
    });
    Ok(found.map_or(Value::Nil, |repo| world.repo_record(repo)))
}

fn repo_info(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    match context.world.repos.get(&args.int("repo_id")?) {
        None if args.flag("strict", false) => Err(Fault::generic("query returned no rows")),
        found => Ok(found.map_or(Value::Nil, |repo| context.world.repo_record(repo))),
    }
}

fn new_repo(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    if !context.world.script.allow_new_repo && !context.may(&[]) {
        return Err(Fault::not_allowed("newRepo api call is disabled"));
    }
    if !context.may(&["regen-repo"]) {
        context.permitted("repo")?;
    }
    let user = context.user()?;
    let tag = context.tag(args.get("tag"))?;
    context.at(args)?;
    let options: BTreeMap<String, Value> = ["src", "debuginfo", "separate_src"]
        .map(|name| (name.to_owned(), args.flag(name, false).into()))
        .into_iter()
        .chain([("maven".to_owned(), false.into())])
        .collect();
    Ok(context.world.add_repo_task(tag, user, options).into())
}

/// The event a repository must have at least; none is tolerant.
fn least(context: &Context<'_>, tag: i64, args: &Args) -> Result<Option<i64>, Fault> {
    match args.get("min_event") {
        Value::Nil => Ok(None),
        Value::Text(word) if word == "last" => Ok(Some(context.world.last_change(tag))),
        Value::Int(event) if *event <= context.world.last_event() && *event > 0 => Ok(Some(*event)),
        other => Err(Fault::parameter(format!("Invalid event: {}", repr(other)))),
    }
}

fn ready(world: &World, tag: i64, least: Option<i64>, at: Option<i64>) -> Option<i64> {
    let mut repos = world.repos.values().rev();
    let found = repos.find(|repo| {
        repo.tag == tag
            && repo.state == 1
            && least.is_none_or(|least| repo.event >= least)
            && at.is_none_or(|at| repo.event == at)
    });
    found.map(|repo| repo.id)
}

fn request(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let owner = context.user()?;
    let tag = context.tag(args.get("tag"))?;
    let at_event = args.int_or("at_event")?;
    if args.given("min_event").is_some() && at_event.is_some() {
        return Err(Fault::parameter("The min_event and at_event options conflict"));
    }
    // A tolerant request is content with any repository, and else with one of what the tag is now.
    let min_event = least(context, tag, args)?;
    let world = &mut *context.world;
    if !args.flag("force", false)
        && let Some(repo) = ready(world, tag, min_event, at_event)
    {
        let repo = world.repo_record(&world.repos[&repo]);
        return Ok(record! { "repo": repo, "request": Value::Nil, "duplicate": false });
    }
    let min_event = match (min_event, at_event) {
        (None, None) => Some(world.last_change(tag)),
        (found, _) => found,
    };
    let options = args.members("opts")?.cloned().unwrap_or_default();
    let equal = world.requests.values().find(|request| {
        request.active
            && (request.tag, request.at_event) == (tag, at_event)
            && request.min_event >= min_event
            && request.options == options
    });
    if let Some(request) = equal {
        return Ok(record! { "repo": Value::Nil, "request": world.request_record(request), "duplicate": true });
    }
    let id = world.requests.last_key_value().map_or(1, |(id, _)| id + 1);
    let (create, update) = (world.now, world.now);
    let priority = 20 + args.int_or("priority")?.unwrap_or(0);
    let request = RepoRequest {
        id,
        tag,
        active: true,
        min_event,
        at_event,
        priority,
        owner,
        task: None,
        tries: 0,
        repo: None,
        options,
        create,
        update,
    };
    let shown = world.request_record(&request);
    world.wrote = true;
    world.requests.insert(id, request);
    Ok(record! { "repo": Value::Nil, "request": shown, "duplicate": false })
}

fn check_request(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    let id = args.int("req_id")?;
    let request = world.requests.get(&id).ok_or_else(|| Fault::generic(format!("No such request: {id}")))?;
    let repo = request.repo.and_then(|id| world.repos.get(&id)).map_or(Value::Nil, |repo| world.repo_record(repo));
    let answer = record! { "repo": repo, "request": world.request_record(request) };
    match request.task.and_then(|id| world.tasks.get(&id)) {
        Some(task) if request.repo.is_none() => Ok(with(answer, [("task", World::task_record(task, false))])),
        _ => Ok(answer),
    }
}

fn get(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let tag = context.tag(args.get("tag"))?;
    let found = ready(context.world, tag, least(context, tag, args)?, args.int_or("at_event")?);
    Ok(found.map_or(Value::Nil, |id| context.world.repo_record(&context.world.repos[&id])))
}

fn last_change(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let tag = context.tag(args.get("tag"))?;
    Ok(context.world.last_change(tag).into())
}

fn changed_since(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let event = args.int("event")?;
    let tags: Result<Vec<i64>, Fault> = args.list("taglist")?.iter().map(|info| context.tag(info)).collect();
    Ok(tags?.into_iter().any(|tag| context.world.last_change(tag) > event).into())
}
