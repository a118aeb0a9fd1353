//! Groups of packages that are put into a buildroot.

use super::context::{Context, Method};
use crate::koji::args::Args;
use crate::koji::fault::{Fault, repr};
use crate::koji::world::{Grouped, World, with};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

pub(super) const METHODS: &[Method] = &[
    ("getTagGroups", "tag event? inherit? incl_pkgs? incl_reqs? incl_blocked?", get),
    ("groupListAdd", "taginfo grpinfo block? force? **", add),
    ("groupListBlock", "taginfo grpinfo", block),
    ("groupListRemove", "taginfo grpinfo force?", remove),
    ("groupPackageListAdd", "taginfo grpinfo pkg_name block? force? **", add_package),
    ("groupPackageListBlock", "taginfo grpinfo pkg_name", block_package),
    ("groupPackageListRemove", "taginfo grpinfo pkg_name", remove_package),
];

/// The options of a group, with what they are when they are not given.
fn group_options(name: &str) -> BTreeMap<String, Value> {
    [
        ("display_name", name.into()),
        ("exported", true.into()),
        ("uservisible", true.into()),
        ("description", Value::Nil),
        ("langonly", Value::Nil),
        ("biarchonly", false.into()),
        ("is_default", Value::Nil),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn package_options() -> BTreeMap<String, Value> {
    [("type", "mandatory".into()), ("basearchonly", Value::Nil), ("requires", Value::Nil)]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

/// The groups that count in a tag, each with the tag it comes from.
fn groups(world: &World, tag: i64, at: Option<i64>, inherit: bool) -> BTreeMap<i64, (i64, Grouped)> {
    let mut found = BTreeMap::new();
    for (tag, _) in world.line(tag, at, inherit) {
        for ((tag, group), row) in world.tags.groups.range((tag, i64::MIN)..(tag + 1, i64::MIN), at) {
            found.entry(*group).or_insert_with(|| (*tag, row.value.clone()));
        }
    }
    found
}

/// The packages of a group that count in a tag.
fn members(world: &World, tag: i64, group: i64, at: Option<i64>, inherit: bool) -> BTreeMap<String, (i64, Grouped)> {
    let mut found = BTreeMap::new();
    for (tag, _) in world.line(tag, at, inherit) {
        let range = (tag, group, String::new())..(tag, group + 1, String::new());
        for ((tag, _, package), row) in world.tags.group_packages.range(range, at) {
            found.entry(package.clone()).or_insert_with(|| (*tag, row.value.clone()));
        }
    }
    found
}

/// The packages that a group puts into a buildroot.
pub(in crate::koji) fn installed(world: &World, tag: i64, group: &str, at: Option<i64>) -> Vec<String> {
    let Some(id) = world.tags.group_names.get(group) else { return Vec::new() };
    let there = groups(world, tag, at, true).get(id).is_some_and(|(_, group)| !group.blocked);
    let members = members(world, tag, *id, at, true).into_iter().filter(|(_, (_, entry))| there && !entry.blocked);
    members.map(|(name, _)| name).collect()
}

fn get(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag"), at)?;
    let inherit = args.flag("inherit", true);
    let blocked = args.flag("incl_blocked", false);
    let mut records = Vec::new();
    for (id, (from, group)) in groups(world, tag, at, inherit) {
        if group.blocked && !blocked {
            continue;
        }
        let wanted = |(_, (_, entry)): &(String, (i64, Grouped))| blocked || !entry.blocked;
        let packages = members(world, tag, id, at, inherit).into_iter().filter(wanted).map(|(name, (from, entry))| {
            with(
                Value::Struct(entry.options),
                [
                    ("package", name.into()),
                    ("blocked", entry.blocked.into()),
                    ("group_id", id.into()),
                    ("tag_id", from.into()),
                ],
            )
        });
        let packages: Vec<Value> = if args.flag("incl_pkgs", true) { packages.collect() } else { Vec::new() };
        records.push(with(
            Value::Struct(group.options),
            [
                ("group_id", id.into()),
                ("name", world.tags.group_name(id).into()),
                ("tag_id", from.into()),
                ("blocked", group.blocked.into()),
                ("packagelist", packages.into()),
                ("grouplist", Vec::<Value>::new().into()),
            ],
        ));
    }
    Ok(records.into())
}

/// Options that were given in place of those that count already.
fn merged(args: &Args, mut options: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    for (name, value) in &mut options {
        if args.has(name) {
            value.clone_from(args.get(name));
        }
    }
    options
}

fn group_id(context: &mut Context<'_>, args: &Args, create: bool) -> Result<i64, Fault> {
    let info = args.get("grpinfo");
    let known = match info {
        Value::Int(id) => context.world.tags.group_names.values().find(|found| *found == id).copied(),
        Value::Text(name) => context.world.tags.group_names.get(name).copied(),
        _ => None,
    };
    match (known, info.as_str()) {
        (Some(id), _) => Ok(id),
        (None, Some(name)) if create => {
            let names = &mut context.world.tags.group_names;
            let id = names.values().max().map_or(1, |id| id + 1);
            names.insert(name.to_owned(), id);
            Ok(id)
        }
        _ => Err(Fault::generic(format!("No such group: {}", repr(info)))),
    }
}

fn put(context: &mut Context<'_>, args: &Args, blocked: bool, create: bool) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("taginfo"))?;
    let id = group_id(context, args, create)?;
    let force = args.flag("force", false);
    let previous = groups(context.world, tag, None, true).remove(&id).map(|(_, group)| group);
    let options =
        previous.as_ref().map_or_else(|| group_options(context.world.tags.group_name(id)), |old| old.options.clone());
    let group = Grouped { blocked, options: merged(args, options) };
    if let Some(old) = previous {
        if old.blocked && !blocked && !force {
            let (name, tag) = (context.world.tags.group_name(id), context.world.tag_name(tag));
            return Err(Fault::generic(format!("group {name} is blocked in tag {tag}")));
        }
        // An equal group of a parent counts, so that the tag gets none of its own.
        if old == group && !force {
            return Ok(Value::Nil);
        }
    }
    let event = context.world.event();
    context.world.tags.groups.set((tag, id), group, event);
    Ok(Value::Nil)
}

fn add(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    put(context, args, args.flag("block", false), true)
}

fn block(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    put(context, args, true, false)
}

fn remove(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("taginfo"))?;
    let id = group_id(context, args, false)?;
    if context.world.tags.groups.get(&(tag, id), None).is_none() {
        return Err(Fault::generic(format!("No such group in tag: {}", repr(args.get("grpinfo")))));
    }
    let event = context.world.event();
    context.world.tags.groups.revoke(&(tag, id), event);
    Ok(Value::Nil)
}

fn put_package(context: &mut Context<'_>, args: &Args, blocked: bool) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("taginfo"))?;
    let id = group_id(context, args, false)?;
    let package = args.text("pkg_name")?.to_owned();
    let force = args.flag("force", false);
    let (group, in_tag) = (context.world.tags.group_name(id).to_owned(), context.world.tag_name(tag));
    match groups(context.world, tag, None, true).get(&id) {
        None => return Err(Fault::generic(format!("group {group} not present in tag {in_tag}"))),
        Some((_, found)) if found.blocked => {
            return Err(Fault::generic(format!("group {group} is blocked in tag {in_tag}")));
        }
        Some(_) => {}
    }
    let previous = members(context.world, tag, id, None, true).remove(&package).map(|(_, entry)| entry);
    let options = previous.as_ref().map_or_else(package_options, |old| old.options.clone());
    let entry = Grouped { blocked, options: merged(args, options) };
    if let Some(old) = previous {
        if old.blocked && !blocked && !force {
            return Err(Fault::generic(format!("package {package} blocked in group {group}, tag {in_tag}")));
        }
        if old == entry && !force {
            return Ok(Value::Nil);
        }
    }
    let event = context.world.event();
    context.world.tags.group_packages.set((tag, id, package), entry, event);
    Ok(Value::Nil)
}

fn add_package(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    put_package(context, args, args.flag("block", false))
}

fn block_package(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    put_package(context, args, true)
}

fn remove_package(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("taginfo"))?;
    let id = group_id(context, args, false)?;
    let key = (tag, id, args.text("pkg_name")?.to_owned());
    if context.world.tags.group_packages.get(&key, None).is_none() {
        return Err(Fault::generic(format!("No such package in group: {}", repr(args.get("pkg_name")))));
    }
    let event = context.world.event();
    context.world.tags.group_packages.revoke(&key, event);
    Ok(Value::Nil)
}
