//! Tags and their settings.

use super::context::{Context, Method};
use crate::koji::args::Args;
use crate::koji::fault::{Fault, quoted, repr};
use crate::koji::world::{TagConfig, record, with};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

pub(super) const METHODS: &[Method] = &[
    ("getTag", "tagInfo strict? event? blocked?", get_tag),
    ("getTagID", "info strict? create?", get_tag_id),
    ("createTag", "name parent? arches? perm? locked? maven_support? maven_include_all? extra?", create_tag),
    ("editTag2", "tagInfo **", edit_tag),
    ("deleteTag", "tagInfo", delete_tag),
    ("getBuildConfig", "tag event?", build_config),
    ("listTags", "build? package? perms? queryOpts? pattern?", list_tags),
    ("getExternalRepoList", "tag_info event?", external_repos),
    ("addExternalRepoToTag", "tag_info repo_info priority? merge_mode? arches?", add_external_repo),
];

fn get_tag(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let found = if args.flag("strict", false) {
        Some(context.world.tag_at(args.get("tagInfo"), at)?)
    } else {
        context.world.find_tag(args.get("tagInfo"), at)
    };
    Ok(found.map_or(Value::Nil, |tag| context.world.tag_record(tag, at)))
}

fn get_tag_id(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    if args.flag("strict", false) {
        return Ok(context.tag(args.get("info"))?.into());
    }
    Ok(context.world.find_tag(args.get("info"), None).into())
}

/// Checks a name as the hub does for tags and targets.
pub(super) fn check_name(kind: &str, name: &str) -> Result<(), Fault> {
    if name.len() > 256 {
        return Err(Fault::generic(format!("Invalid {kind} name {}: longer than 256 characters", quoted(name))));
    }
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "/_.+-".contains(c)) {
        return Err(Fault::generic(format!("Invalid {kind} name {}: only A-Za-z0-9/_.+- are allowed", quoted(name))));
    }
    Ok(())
}

fn arches(args: &Args) -> Result<String, Fault> {
    let text = args.text_or("arches")?.unwrap_or_default();
    match text.split_whitespace().find(|arch| !arch.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')) {
        Some(arch) => Err(Fault::generic(format!("Architecture string {} has invalid characters", quoted(arch)))),
        None => Ok(text.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

fn permission(context: &Context<'_>, info: &Value) -> Result<Option<i64>, Fault> {
    let found = match info {
        Value::Nil => return Ok(None),
        Value::Int(id) if context.world.permissions.contains_key(id) => Some(*id),
        Value::Text(name) => context.world.permission(name),
        _ => None,
    };
    found.map(Some).ok_or_else(|| Fault::generic(format!("No such permission: {}", repr(info))))
}

fn create_tag(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let name = args.text("name")?.to_owned();
    check_name("tag", &name)?;
    if context.world.find_tag(&Value::from(name.as_str()), None).is_some() {
        return Err(Fault::generic(format!("A tag with the name {} already exists", quoted(&name))));
    }
    let parent = match args.given("parent") {
        None => None,
        Some(info) => {
            let found = context.world.find_tag(info, None);
            Some(found.ok_or_else(|| Fault::generic(format!("Parent tag {} could not be found", repr(info))))?)
        }
    };
    let config = TagConfig {
        name: name.clone(),
        arches: arches(args)?,
        perm: permission(context, args.get("perm"))?,
        locked: args.flag("locked", false),
        maven_support: args.flag("maven_support", false),
        maven_include_all: args.flag("maven_include_all", false),
    };
    let extra = args.members("extra")?.cloned().unwrap_or_default();
    let event = context.world.event();
    let tags = &mut context.world.tags;
    let next = tags.names.values().max().map_or(1, |id| id + 1);
    // A name that was in use before keeps its number.
    let id = *tags.names.entry(name).or_insert(next);
    tags.config.set(id, config, event);
    for (key, value) in extra {
        tags.extra.set((id, key), Some(value), event);
    }
    if let Some(parent) = parent {
        let link = crate::koji::world::Link {
            priority: 0,
            maxdepth: None,
            intransitive: false,
            noconfig: false,
            pkg_filter: String::new(),
        };
        tags.parents.set((id, parent), link, event);
    }
    Ok(id.into())
}

fn texts(args: &Args, name: &str) -> Result<Vec<String>, Fault> {
    let items = if args.given(name).is_some() { args.list(name)? } else { &[] };
    Ok(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn edit_tag(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("tagInfo"))?;
    let old = context.world.tags.config.get(&tag, None).expect("the tag was found").clone();
    let mut new = old.clone();
    if args.has("arches") {
        new.arches = arches(args)?;
    }
    if args.has("perm") || args.has("perm_id") {
        new.perm = permission(context, args.given("perm").unwrap_or(args.get("perm_id")))?;
    }
    new.locked = args.flag("locked", old.locked);
    new.maven_support = args.flag("maven_support", old.maven_support);
    new.maven_include_all = args.flag("maven_include_all", old.maven_include_all);
    if let Some(name) = args.text_or("name")?.filter(|name| *name != old.name) {
        check_name("tag", name)?;
        if context.world.tags.names.contains_key(name) {
            return Err(Fault::generic(format!("Name {name} already in use")));
        }
        name.clone_into(&mut new.name);
    }
    let own = context.world.own_extra(tag, None);
    let removed = texts(args, "remove_extra")?;
    if let Some(key) = removed.iter().find(|key| !own.contains_key(*key)) {
        return Err(Fault::generic(format!("Tag: {} doesn't have extra: {key}", old.name)));
    }
    let extra = args.members("extra")?.cloned().unwrap_or_default();
    if let Some(key) = removed.iter().find(|key| extra.contains_key(*key)) {
        return Err(Fault::generic(format!("Can not both add/update and remove tag-extra: {}", quoted(key))));
    }
    if new != old {
        let event = context.world.event();
        if new.name != old.name {
            context.world.tags.names.remove(&old.name);
            context.world.tags.names.insert(new.name.clone(), tag);
        }
        context.world.tags.config.set(tag, new, event);
    }
    let changed = extra.into_iter().filter(|(key, value)| own.get(key) != Some(value));
    for (key, value) in changed.collect::<Vec<_>>() {
        let event = context.world.event();
        context.world.tags.extra.set((tag, key), Some(value), event);
    }
    for key in removed {
        let event = context.world.event();
        context.world.tags.extra.revoke(&(tag, key), event);
    }
    for key in texts(args, "block_extra")? {
        if context.world.tags.extra.get(&(tag, key.clone()), None) != Some(&None) {
            let event = context.world.event();
            context.world.tags.extra.set((tag, key), None, event);
        }
    }
    Ok(Value::Nil)
}

fn delete_tag(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("tagInfo"))?;
    let event = context.world.event();
    let tags = &mut context.world.tags;
    let of = (tag, i64::MIN)..(tag + 1, i64::MIN);
    let targets: Vec<_> = tags
        .targets
        .all(None)
        .filter(|(_, row)| row.value.build_tag == tag || row.value.dest_tag == tag)
        .map(|(id, _)| *id)
        .collect();
    let links: Vec<_> =
        tags.parents.all(None).map(|(key, _)| *key).filter(|(child, parent)| *child == tag || *parent == tag).collect();
    let packages: Vec<_> = tags.packages.range(of.clone(), None).map(|(key, _)| *key).collect();
    let groups: Vec<_> = tags.groups.range(of.clone(), None).map(|(key, _)| *key).collect();
    let listed: Vec<_> = tags.listing.range(of, None).map(|(key, _)| *key).collect();
    let members: Vec<_> =
        tags.group_packages.all(None).map(|(key, _)| key.clone()).filter(|key| key.0 == tag).collect();
    let extra: Vec<_> = tags.extra.all(None).map(|(key, _)| key.clone()).filter(|key| key.0 == tag).collect();
    tags.config.revoke(&tag, event);
    tags.targets.revoke_all(&targets, event);
    tags.parents.revoke_all(&links, event);
    tags.packages.revoke_all(&packages, event);
    tags.groups.revoke_all(&groups, event);
    tags.listing.revoke_all(&listed, event);
    tags.group_packages.revoke_all(&members, event);
    tags.extra.revoke_all(&extra, event);
    Ok(Value::Nil)
}

fn build_config(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag"), at)?;
    let config = |tag| world.tags.config.get(&tag, at);
    let mut arches = config(tag).map(|config| config.arches.clone()).unwrap_or_default();
    let mut extra = world.own_extra(tag, at);
    let (mut arches_of, mut extra_of) = (Value::Nil, BTreeMap::new());
    for step in world.walk(tag, at).into_iter().filter(|step| !step.noconfig) {
        let origin = || record! { "id": step.parent, "name": world.tag_name(step.parent) };
        if let Some(config) = config(step.parent).filter(|config| arches.is_empty() && !config.arches.is_empty()) {
            arches.clone_from(&config.arches);
            arches_of = origin();
        }
        for (key, value) in world.own_extra(step.parent, at) {
            if world.tags.extra.get(&(tag, key.clone()), at) != Some(&None) && !extra.contains_key(&key) {
                extra.insert(key.clone(), value);
                extra_of.insert(key, origin());
            }
        }
    }
    let inherited = record! { "arches": arches_of, "extra": extra_of };
    Ok(with(
        world.tag_record(tag, at),
        [("arches", arches.into()), ("extra", extra.into()), ("config_inheritance", inherited)],
    ))
}

fn list_tags(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let build = args.given("build").map(|info| context.world.build(info).map(|build| build.id)).transpose()?;
    let package = match args.given("package") {
        None => None,
        Some(info) => {
            let found = context.world.find_package(info);
            Some(found.ok_or_else(|| Fault::generic(format!("No such package: {}", repr(info))))?)
        }
    };
    let pattern = args.text_or("pattern")?.map(|pattern| {
        let pattern = regex::escape(pattern).replace(r"\*", ".*").replace(r"\?", ".");
        regex::Regex::new(&format!("^{pattern}$"))
    });
    let pattern = pattern.transpose().map_err(|error| Fault::parameter(error.to_string()))?;
    let world = &*context.world;
    let fits = |tag: i64, config: &TagConfig| {
        build.is_none_or(|build| world.tags.listing.get(&(tag, build), None).is_some())
            && package.is_none_or(|package| world.tags.packages.get(&(tag, package), None).is_some())
            && pattern.as_ref().is_none_or(|pattern| pattern.is_match(&config.name))
    };
    let found = world.tags.config.all(None).filter(|(tag, row)| fits(**tag, &row.value));
    let rows = found.map(|(tag, _)| crate::koji::world::without(world.tag_record(*tag, None), &["extra"])).collect();
    super::context::query(rows, args)
}

fn external_repos(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag_info"), at)?;
    let mut found = Vec::new();
    for (tag, _) in world.line(tag, at, true) {
        let mut here: Vec<_> = world.tags.external.range((tag, i64::MIN)..(tag + 1, i64::MIN), at).collect();
        here.sort_by_key(|(_, row)| row.value.2);
        found.extend(here.into_iter().map(|((tag, id), row)| {
            record! {
                "tag_id": *tag, "tag_name": world.tag_name(*tag), "external_repo_id": *id,
                "external_repo_name": row.value.0.as_str(), "url": row.value.1.as_str(), "merge_mode": "koji",
                "priority": row.value.2, "arches": Value::Nil,
            }
        }));
    }
    Ok(found.into())
}

/// The repository is given as a struct of `name` and `url`; a hub wants it made before.
fn add_external_repo(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("tag_info"))?;
    let info = args.get("repo_info");
    let part = |name: &str| info.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(name), Some(url)) = (part("name"), part("url")) else {
        return Err(Fault::parameter(format!("Invalid repo_info: {}", repr(info))));
    };
    let priority = args.int_or("priority")?.unwrap_or(5);
    let event = context.world.event();
    let external = &mut context.world.tags.external;
    let known = external.all(None).find(|(_, row)| row.value.0 == name).map(|((_, id), _)| *id);
    let id = known.unwrap_or_else(|| external.all(None).map(|((_, id), _)| *id).max().map_or(1, |id| id + 1));
    external.set((tag, id), (name, url, priority), event);
    Ok(Value::Nil)
}
