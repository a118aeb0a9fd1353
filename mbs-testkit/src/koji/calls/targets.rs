//! Build targets.

use super::context::{Context, Method, query};
use super::tags::check_name;
use crate::koji::args::Args;
use crate::koji::fault::{Fault, quoted, repr};
use crate::koji::world::Target;
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("getBuildTarget", "info event? strict?", get),
    ("getBuildTargets", "info? event? buildTagID? destTagID? queryOpts?", list),
    ("createBuildTarget", "name build_tag dest_tag", create),
    ("editBuildTarget", "buildTargetInfo name build_tag dest_tag", edit),
    ("deleteBuildTarget", "buildTargetInfo", delete),
];

fn get(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    match context.world.find_target(args.get("info"), at) {
        None if args.flag("strict", false) => Err(no_target(args.get("info"))),
        found => Ok(found.map_or(Value::Nil, |id| context.world.target_record(id, at))),
    }
}

fn no_target(info: &Value) -> Fault {
    Fault::generic(format!("No such build target: {}", repr(info)))
}

fn list(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let world = &*context.world;
    let tag = |name: &str| args.given(name).map(|info| world.tag_at(info, at)).transpose();
    let (build, dest) = (tag("buildTagID")?, tag("destTagID")?);
    let only = match args.given("info") {
        None => None,
        Some(info) => match world.find_target(info, at) {
            None => return Ok(Vec::<Value>::new().into()),
            found => found,
        },
    };
    let fits = |id: i64, target: Target| {
        build.is_none_or(|tag| target.build_tag == tag)
            && dest.is_none_or(|tag| target.dest_tag == tag)
            && only.is_none_or(|only| only == id)
    };
    let found = world.tags.targets.all(at).filter(|(id, row)| fits(**id, row.value));
    query(found.map(|(id, _)| world.target_record(*id, at)).collect(), args)
}

fn tags(context: &Context<'_>, args: &Args) -> Result<Target, Fault> {
    let tag = |name: &str, word: &str| {
        let info = args.get(name);
        let found = context.world.find_tag(info, None);
        found.ok_or_else(|| Fault::generic(format!("{word} tag {} does not exist", repr(info))))
    };
    Ok(Target { build_tag: tag("build_tag", "build")?, dest_tag: tag("dest_tag", "destination")? })
}

fn create(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("target")?;
    let name = args.text("name")?.to_owned();
    check_name("build target", &name)?;
    if context.world.find_target(args.get("name"), None).is_some() {
        return Err(Fault::generic(format!("A build target with the name {} already exists", quoted(&name))));
    }
    let target = tags(context, args)?;
    let event = context.world.event();
    let tags = &mut context.world.tags;
    let next = tags.target_names.values().max().map_or(1, |id| id + 1);
    let id = *tags.target_names.entry(name).or_insert(next);
    tags.targets.set(id, target, event);
    Ok(Value::Nil)
}

fn edit(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("target")?;
    let info = args.get("buildTargetInfo");
    let id = context.world.find_target(info, None).ok_or_else(|| no_target(info))?;
    let name = args.text("name")?.to_owned();
    check_name("build target", &name)?;
    let taken = context.world.tags.target_names.get(&name).copied().filter(|other| *other != id);
    if taken.is_some() {
        return Err(Fault::generic(format!("name {} is already in use", quoted(&name))));
    }
    let target = tags(context, args)?;
    let event = context.world.event();
    let tags = &mut context.world.tags;
    tags.target_names.retain(|_, found| *found != id);
    tags.target_names.insert(name, id);
    tags.targets.set(id, target, event);
    Ok(Value::Nil)
}

fn delete(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("target")?;
    let info = args.get("buildTargetInfo");
    let id = context.world.find_target(info, None).ok_or_else(|| no_target(info))?;
    let event = context.world.event();
    context.world.tags.targets.revoke(&id, event);
    Ok(Value::Nil)
}
