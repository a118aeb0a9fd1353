//! Uploaded files, archives and logs of builds, kinds of content.
#![expect(clippy::unnecessary_wraps, reason = "all methods have one shape")]

use super::context::{Context, Method, query};
use crate::koji::args::Args;
use crate::koji::fault::Fault;
use crate::koji::sum::digest;
use crate::koji::world::{record, stamp, with};
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("checkUpload", "path name verify? tail? volume?", check_upload),
    (
        "listArchives",
        "buildID? buildrootID? componentBuildrootID? hostID? type? filename? size? checksum? checksum_type? typeInfo? \
         queryOpts? imageID? archiveID? strict?",
        archives,
    ),
    ("getBuildLogs", "build", logs),
    ("listBTypes", "query? queryOpts?", btypes),
    ("addBType", "name", add_btype),
    ("grantCGAccess", "user cg create?", grant),
    ("revokeCGAccess", "user cg", revoke),
    ("listCGs", "", generators),
];

fn check_upload(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let folder = context.world.folders.get(args.text("path")?);
    let Some((bytes, time)) = folder.and_then(|folder| folder.files.get(args.text("name").ok()?)) else {
        return Ok(Value::Nil);
    };
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let facts = record! { "size": length, "mtime": time.map_or(Value::Nil, stamp) };
    let Some(kind) = args.text_or("verify")? else { return Ok(facts) };
    let from = args.int_or("tail")?.map_or(0, |tail| (length - tail).max(0));
    let part = &bytes[usize::try_from(from).unwrap_or(0)..];
    let sum = digest(kind, part).ok_or_else(|| Fault::generic(format!("Unsupported verify type: {kind}")))?;
    Ok(with(facts, [("sumlength", (length - from).into()), ("hexdigest", sum.into())]))
}

fn archives(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    let (build, id) = (args.int_or("buildID")?, args.int_or("archiveID")?);
    let (kind, filename) = (args.text_or("type")?, args.text_or("filename")?);
    let found = world.archives.values().filter(|archive| {
        build.is_none_or(|build| archive.build == build)
            && id.is_none_or(|id| archive.id == id)
            && kind.is_none_or(|kind| archive.btype == kind)
            && filename.is_none_or(|name| archive.filename == name)
    });
    query(found.map(|archive| world.archive_record(archive)).collect(), args)
}

fn logs(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let build = context.world.build(args.get("build"))?;
    let (id, nvr) = (build.id, build.nvr());
    let found = context.world.logs.get(&id).into_iter().flatten().map(|(name, _)| {
        record! { "name": name.as_str(), "dir": ".", "path": format!("packages/{nvr}/data/logs/{name}") }
    });
    Ok(found.collect::<Vec<_>>().into())
}

fn btypes(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let rows = context.world.btypes.iter().zip(1i64..).map(|(name, id)| record! { "id": id, "name": name.as_str() });
    query(rows.collect(), args)
}

fn add_btype(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("admin")?;
    let name = args.text("name")?.to_owned();
    if context.world.btypes.contains(&name) {
        return Err(Fault::generic(format!("btype already exists: {name}")));
    }
    context.world.wrote = true;
    context.world.btypes.push(name);
    Ok(Value::Nil)
}

fn grant(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("admin")?;
    let user = context.world.user(args.get("user"))?;
    let name = args.text("cg")?.to_owned();
    let next = context.world.generators.values().map(|(id, _)| id + 1).max().unwrap_or(1);
    if !context.world.generators.contains_key(&name) && !args.flag("create", false) {
        return Err(Fault::generic(format!("No such content generator: {name}")));
    }
    let (_, users) = context.world.generators.entry(name).or_insert_with(|| (next, std::collections::BTreeSet::new()));
    if !users.insert(user) {
        return Err(Fault::generic("User already has access to the content generator"));
    }
    context.world.event();
    Ok(Value::Nil)
}

fn revoke(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("admin")?;
    let user = context.world.user(args.get("user"))?;
    let found = context.world.generators.get_mut(args.text("cg")?);
    if !found.is_some_and(|(_, users)| users.remove(&user)) {
        return Err(Fault::generic("User does not have access to the content generator"));
    }
    context.world.event();
    Ok(Value::Nil)
}

fn generators(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    let world = &*context.world;
    let record = |(name, (id, users)): (&String, &(i64, std::collections::BTreeSet<i64>))| {
        let users: Vec<Value> = users.iter().map(|user| world.user_name(*user).into()).collect();
        (name.clone(), record! { "id": *id, "users": users })
    };
    Ok(world.generators.iter().map(record).collect::<std::collections::BTreeMap<_, _>>().into())
}
