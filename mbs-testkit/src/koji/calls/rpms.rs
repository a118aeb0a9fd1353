//! Package files.

use super::context::{Context, Method, query};
use crate::koji::args::Args;
use crate::koji::fault::{Fault, repr};
use crate::koji::world::{Wanted, World, without};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

pub(super) const METHODS: &[Method] = &[
    ("listBuildRPMs", "build", of_build),
    ("listRPMs", "buildID? buildrootID? imageID? componentBuildrootID? hostID? arches? queryOpts? draft?", list),
    ("getRPM", "rpminfo strict? multi?", get),
    (
        "listTaggedRPMS",
        "tag event? inherit? latest? package? arch? rpmsigs? owner? type? strict? extra? draft?",
        tagged,
    ),
    ("getRPMHeaders", "rpmID? taskID? filepath? headers? strict?", headers),
];

fn rows(world: &World, build: i64) -> Vec<Value> {
    let ids = world.rpms_by_build.get(&build).into_iter().flatten();
    ids.filter_map(|id| world.rpms.get(id)).map(World::rpm_record).collect()
}

fn of_build(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let build = context.world.build(args.get("build"))?.id;
    Ok(rows(context.world, build).into())
}

fn list(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    let mut found = match (args.int_or("buildID")?, args.int_or("imageID")?) {
        (Some(build), _) => rows(world, build),
        (None, Some(archive)) => {
            let ids = world.archives.get(&archive).into_iter().flat_map(|archive| &archive.rpms);
            ids.filter_map(|id| world.rpms.get(id)).map(World::rpm_record).collect()
        }
        (None, None) => world.rpms.values().map(World::rpm_record).collect(),
    };
    if let Some(arches) = args.given("arches") {
        let wanted = |arch: &Value| arches == arch || arches.as_array().is_some_and(|arches| arches.contains(arch));
        found.retain(|row| row.get("arch").is_some_and(wanted));
    }
    query(found, args)
}

fn get(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    let info = args.get("rpminfo");
    let found = match info {
        Value::Int(id) => world.rpms.get(id),
        Value::Text(nvra) => {
            let id = world.nvras.get(nvra.trim_end_matches(".rpm"));
            id.and_then(|id| world.rpms.get(id))
        }
        Value::Struct(_) => {
            let part = |name: &str| info.get(name).and_then(Value::as_str).unwrap_or_default();
            let nvra = format!("{}-{}-{}.{}", part("name"), part("version"), part("release"), part("arch"));
            world.nvras.get(&nvra).and_then(|id| world.rpms.get(id))
        }
        _ => None,
    };
    match found {
        None if args.flag("strict", false) => Err(Fault::generic(format!("No such rpm: {}", repr(info)))),
        found => Ok(found.map_or(Value::Nil, World::rpm_record)),
    }
}

/// What calls on the builds of a tag have in common.
pub(super) fn wanted<'a>(context: &Context<'_>, args: &'a Args) -> Result<Wanted<'a>, Fault> {
    let latest = match args.get("latest") {
        Value::Int(most) => usize::try_from(*most).ok().filter(|most| *most > 0),
        _ => args.flag("latest", false).then_some(1),
    };
    Ok(Wanted {
        at: context.at(args)?,
        inherit: args.flag("inherit", false),
        latest,
        package: args.text_or("package")?,
        prefix: args.text_or("prefix")?,
        owner: args.given("owner").map(|info| context.world.user(info)).transpose()?,
        kind: args.text_or("type")?,
    })
}

fn tagged(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let wanted = wanted(context, args)?;
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag"), wanted.at)?;
    let arches: Option<Vec<&str>> = match args.get("arch") {
        Value::Text(arch) => Some(vec![arch]),
        Value::Array(arches) => Some(arches.iter().filter_map(Value::as_str).collect()),
        _ => None,
    };
    let builds = world.tagged(tag, &wanted);
    let ids = builds.iter().filter_map(|(build, ..)| world.rpms_by_build.get(&build.id)).flatten();
    let rpms = ids.filter_map(|id| world.rpms.get(id));
    let rpms = rpms.filter(|rpm| arches.as_ref().is_none_or(|arches| arches.contains(&rpm.arch.as_str())));
    let extra = args.flag("extra", true);
    let rpms = rpms.map(|rpm| if extra { World::tagged_rpm(rpm) } else { without(World::tagged_rpm(rpm), &["extra"]) });
    let rpms: Vec<Value> = rpms.collect();
    let builds: Vec<Value> = builds.into_iter().map(|found| world.tagged_record(found, false)).collect();
    Ok(vec![rpms.into(), builds.into()].into())
}

fn headers(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let Some(id) = args.int_or("rpmID")? else {
        return Err(Fault::generic("either rpmID or taskID and filepath must be specified"));
    };
    let Some(rpm) = context.world.rpms.get(&id) else {
        if args.flag("strict", false) {
            return Err(Fault::generic(format!("No such rpm: {id}")));
        }
        return Ok(BTreeMap::new().into());
    };
    let wanted = if args.given("headers").is_some() { args.list("headers")? } else { &[] };
    let wanted = wanted.iter().filter_map(Value::as_str).map(str::to_lowercase);
    let facts = |name: &str| match name {
        "name" => Some(rpm.name.as_str().into()),
        "version" => Some(rpm.version.as_str().into()),
        "release" => Some(rpm.release.as_str().into()),
        "arch" => Some(rpm.arch.as_str().into()),
        other => rpm.headers.get(other).cloned(),
    };
    Ok(wanted.filter_map(|name| Some((name.clone(), facts(&name)?))).collect::<BTreeMap<_, _>>().into())
}
