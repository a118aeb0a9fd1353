//! Parents of tags.

use super::context::{Context, Method};
use crate::koji::args::{Args, truth};
use crate::koji::fault::{Fault, repr};
use crate::koji::world::{Link, record};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

pub(super) const METHODS: &[Method] = &[
    ("getInheritanceData", "tag event?", get),
    ("setInheritanceData", "tag data clear?", set),
    ("getFullInheritance", "tag event? reverse?", full),
];

fn get(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag"), at)?;
    let records = world.parents(tag, at).into_iter().map(|(parent, link)| {
        record! {
            "parent_id": parent, "child_id": tag, "name": world.tag_name(parent), "priority": link.priority,
            "maxdepth": link.maxdepth, "intransitive": link.intransitive, "noconfig": link.noconfig,
            "pkg_filter": link.pkg_filter.as_str(),
        }
    });
    Ok(records.collect::<Vec<_>>().into())
}

fn full(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let world = &*context.world;
    let tag = world.tag_at(args.get("tag"), at)?;
    if !args.flag("reverse", false) {
        return Ok(world.walk(tag, at).iter().map(|step| world.step_record(step)).collect::<Vec<_>>().into());
    }
    // Whoever inherits from the tag: every tag on whose way up it stands.
    let all = world.tags.config.all(at).map(|(id, _)| *id).filter(|id| *id != tag);
    let steps = all.filter_map(|id| world.walk(id, at).into_iter().find(|step| step.parent == tag));
    Ok(steps.map(|step| world.step_record(&step)).collect::<Vec<_>>().into())
}

fn set(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("tag")?;
    let tag = context.tag(args.get("tag"))?;
    let single;
    let records = match args.get("data") {
        Value::Struct(_) => {
            single = [args.get("data").clone()];
            &single[..]
        }
        _ => args.list("data")?,
    };
    let old: BTreeMap<i64, Link> =
        context.world.parents(tag, None).into_iter().map(|(parent, link)| (parent, link.clone())).collect();
    let mut new = if args.flag("clear", false) { BTreeMap::new() } else { old.clone() };
    for record in records {
        let parent = record.get("parent_id").and_then(Value::as_int).ok_or_else(|| missing("parent_id"))?;
        if record.get("delete link").is_some_and(truth) {
            if !old.contains_key(&parent) {
                return Err(Fault::generic(format!("no inheritance link to remove: {tag} -> {parent}")));
            }
            new.remove(&parent);
            continue;
        }
        let link = link(record)?;
        if context.world.tags.config.get(&parent, None).is_none() {
            return Err(Fault::generic(format!("No such tag: {parent}")));
        }
        new.insert(parent, link);
    }
    let mut by_priority: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (parent, link) in &new {
        by_priority.entry(link.priority).or_default().push(*parent);
    }
    if let Some((priority, parents)) = by_priority.iter().find(|(_, parents)| parents.len() > 1) {
        let parents: Vec<Value> = parents.iter().map(|id| Value::Int(*id)).collect();
        return Err(Fault::generic(format!(
            "Multiple parent tags ({}) cannot have the same priority value ({priority}) on child tag {tag}",
            repr(&parents.into())
        )));
    }
    for parent in old.keys().filter(|parent| !new.contains_key(parent)) {
        let event = context.world.event();
        context.world.tags.parents.revoke(&(tag, *parent), event);
    }
    for (parent, link) in new.into_iter().filter(|(parent, link)| old.get(parent) != Some(link)) {
        let event = context.world.event();
        context.world.tags.parents.set((tag, parent), link, event);
    }
    Ok(Value::Nil)
}

fn missing(name: &str) -> Fault {
    Fault::generic(format!("No value for {name}"))
}

fn link(record: &Value) -> Result<Link, Fault> {
    let member = |name: &str| record.get(name).ok_or_else(|| missing(name));
    Ok(Link {
        priority: member("priority")?.as_int().ok_or_else(|| missing("priority"))?,
        maxdepth: member("maxdepth")?.as_int(),
        intransitive: truth(member("intransitive")?),
        noconfig: truth(member("noconfig")?),
        pkg_filter: member("pkg_filter")?.as_str().unwrap_or_default().to_owned(),
    })
}
