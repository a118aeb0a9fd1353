//! Putting builds into tags and taking them out.

use super::context::{Context, Method};
use super::rpms::wanted;
use crate::koji::args::Args;
use crate::koji::fault::Fault;
use crate::koji::world::{BuildState, Job, Wanted, World};
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("tagBuild", "tag build force? fromtag?", tag_build),
    ("untagBuild", "tag build strict? force?", untag_build),
    ("massTag", "tag builds", mass_tag),
    ("listTagged", "tag event? inherit? prefix? latest? package? owner? type? strict? extra? draft?", list_tagged),
    ("getLatestBuilds", "tag event? package? type? draft?", latest_builds),
];

/// Locked tags and tags with a permission; an admin passes with force.
fn access(context: &Context<'_>, tag: i64, force: bool) -> Result<(), Fault> {
    let config = context.world.tags.config.get(&tag, None).expect("the tag was found");
    let forced = force && context.holds("admin");
    if config.locked && !forced {
        return Err(Fault::not_allowed("tag is locked"));
    }
    let needed = config.perm.and_then(|id| context.world.permissions.get(&id)).map(|(name, _)| name);
    match needed {
        Some(name) if !context.holds(name) && !forced => {
            Err(Fault::not_allowed(format!("tag requires {name} permission")))
        }
        _ => Ok(()),
    }
}

/// Is the package of a build in the list of a tag?
pub(in crate::koji) fn check_listed(world: &World, tag: i64, build: i64) -> Result<(), Fault> {
    let build = &world.builds[&build];
    if build.state != BuildState::Complete {
        return Err(Fault::tag(format!("build {} not complete", build.nvr())));
    }
    match world.package_list(tag, None, true, Some(build.package)).get(&build.package) {
        None => Err(Fault::tag(format!("Package {} not in list for {}", build.name, world.tag_name(tag)))),
        Some((_, entry)) if entry.blocked => {
            Err(Fault::tag(format!("Package {} is blocked in {}", build.name, world.tag_name(tag))))
        }
        Some(_) => Ok(()),
    }
}

fn tag_build(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let user = context.user()?;
    let tag = context.tag(args.get("tag"))?;
    let build = context.world.build(args.get("build"))?.id;
    let force = args.flag("force", false);
    let from = args.given("fromtag").map(|info| context.tag(info)).transpose()?;
    access(context, tag, force)?;
    match check_listed(context.world, tag, build) {
        Err(fault) if !force || fault.text.ends_with("not complete") => return Err(fault),
        _ => {}
    }
    if let Some(from) = from {
        access(context, from, force)?;
    }
    let request = vec![tag.into(), build.into(), force.into(), from.into()];
    Ok(context.world.add_task("tagBuild", request, user, 10, Job::Tag { tag, build, force, from }).into())
}

fn untag_build(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.user()?;
    let tag = context.tag(args.get("tag"))?;
    let build = context.world.build(args.get("build"))?;
    let (id, nvr) = (build.id, build.nvr());
    access(context, tag, args.flag("force", false))?;
    if context.world.tags.listing.get(&(tag, id), None).is_none() {
        if args.flag("strict", true) {
            return Err(Fault::tag(format!("build {nvr} not in tag {}", context.world.tag_name(tag))));
        }
        return Ok(Value::Nil);
    }
    let event = context.world.event();
    context.world.tags.listing.revoke(&(tag, id), event);
    Ok(Value::Nil)
}

fn mass_tag(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("tag"))?;
    let builds: Result<Vec<i64>, Fault> =
        args.list("builds")?.iter().map(|info| context.world.build(info).map(|build| build.id)).collect();
    for build in builds? {
        let event = context.world.event();
        context.world.tags.listing.set((tag, build), (), event);
    }
    Ok(Value::Nil)
}

fn list_tagged(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let wanted = wanted(context, args)?;
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag"), wanted.at)?;
    let extra = args.flag("extra", false);
    let rows = world.tagged(tag, &wanted).into_iter().map(|found| world.tagged_record(found, extra));
    Ok(rows.collect::<Vec<_>>().into())
}

fn latest_builds(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let wanted = Wanted { inherit: true, latest: Some(1), ..wanted(context, args)? };
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag"), wanted.at)?;
    let rows = world.tagged(tag, &wanted).into_iter().map(|found| world.tagged_record(found, false));
    Ok(rows.collect::<Vec<_>>().into())
}
