//! Packages and the package lists of tags.

use super::context::{Context, Method};
use crate::koji::args::Args;
use crate::koji::fault::{Fault, repr};
use crate::koji::world::{Listed, record, without};
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("getPackageID", "name strict?", get_id),
    ("getPackage", "info strict? create?", get),
    (
        "listPackages",
        "tagID? userID? pkgID? prefix? inherited? with_dups? event? queryOpts? with_owners? with_blocked?",
        list,
    ),
    ("packageListAdd", "taginfo pkginfo owner? block? extra_arches? force? update?", add),
    ("packageListBlock", "taginfo pkginfo force?", block),
    ("packageListUnblock", "taginfo pkginfo force?", unblock),
    ("packageListRemove", "taginfo pkginfo force?", remove),
];

fn get_id(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    match context.world.packages.get(args.text("name")?) {
        None if args.flag("strict", false) => Err(no_package(args.get("name"))),
        found => Ok(found.copied().into()),
    }
}

fn get(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    match context.world.find_package(args.get("info")) {
        None if args.flag("strict", false) => Err(no_package(args.get("info"))),
        None => Ok(Value::Nil),
        Some(id) => Ok(record! { "id": id, "name": context.world.package_names[&id].as_str() }),
    }
}

fn no_package(info: &Value) -> Fault {
    Fault::generic(format!("No such package: {}", repr(info)))
}

fn list(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let at = context.at(args)?;
    let world = &*context.world;
    let prefix = args.text_or("prefix")?.map(str::to_lowercase);
    let begins = |name: &str| prefix.as_ref().is_none_or(|prefix| name.to_lowercase().starts_with(prefix));
    let user = args.given("userID").map(|info| world.user(info)).transpose()?;
    let package = match args.given("pkgID") {
        None => None,
        Some(info) => match world.find_package(info) {
            None => return Ok(Vec::<Value>::new().into()),
            found => found,
        },
    };
    let Some(tag) = args.given("tagID") else {
        let named =
            world.package_names.iter().filter(|(id, name)| begins(name) && package.is_none_or(|only| **id == only));
        let rows = named.map(|(id, name)| record! { "package_id": *id, "package_name": name.as_str() }).collect();
        return super::context::query(rows, args);
    };
    let tag = world.tag_at(tag, at)?;
    let found = world.package_list(tag, at, args.flag("inherited", false), package);
    let with_blocked = args.flag("with_blocked", true);
    let wanted = found.into_iter().filter(|(id, (_, entry))| {
        begins(&world.package_names[id])
            && user.is_none_or(|user| entry.owner == user)
            && (with_blocked || !entry.blocked)
    });
    let rows = wanted.map(|(id, (tag, entry))| {
        let row = record! {
            "package_id": id, "package_name": world.package_names[&id].as_str(), "tag_id": tag,
            "tag_name": world.tag_name(tag), "owner_id": entry.owner, "owner_name": world.user_name(entry.owner),
            "blocked": entry.blocked, "extra_arches": entry.extra_arches.clone(),
        };
        if args.flag("with_owners", true) { row } else { without(row, &["owner_id", "owner_name"]) }
    });
    super::context::query(rows.collect(), args)
}

/// The policy `package_list`: `tag` or `admin`.
fn allowed(context: &Context<'_>) -> Result<(), Fault> {
    context.user()?;
    if context.may(&["tag"]) { Ok(()) } else { Err(Fault::not_allowed("policy violation (package_list)")) }
}

fn add(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let tag = context.tag(args.get("taginfo"))?;
    let info = args.get("pkginfo");
    let known = context.world.find_package(info);
    let Some(name) = known.map_or(info.as_str(), |id| Some(&context.world.package_names[&id])).map(str::to_owned)
    else {
        return Err(no_package(info));
    };
    let owner = args.given("owner").map(|info| context.world.user(info)).transpose()?;
    allowed(context)?;
    let force = args.flag("force", false);
    let previous = known
        .and_then(|id| context.world.package_list(tag, None, true, known).get(&id).map(|(_, entry)| (*entry).clone()));
    let entry = match &previous {
        None if args.flag("update", false) && !force => {
            let tag = context.world.tag_name(tag);
            return Err(Fault::generic(format!("cannot update: tag {tag} has no data for package {name}")));
        }
        None => Listed {
            owner: owner.ok_or_else(|| Fault::generic("owner not specified"))?,
            blocked: args.flag("block", false),
            extra_arches: args.get("extra_arches").clone(),
        },
        Some(old) => Listed {
            owner: owner.unwrap_or(old.owner),
            blocked: if args.given("block").is_some() { args.flag("block", false) } else { old.blocked },
            extra_arches: args.given("extra_arches").unwrap_or(&old.extra_arches).clone(),
        },
    };
    if let Some(old) = &previous {
        if *old == entry && !force {
            return Ok(Value::Nil);
        }
        if old.blocked && !entry.blocked && !force {
            let tag = context.world.tag_name(tag);
            return Err(Fault::generic(format!("package {name} is blocked in tag {tag}")));
        }
    }
    let package = context.world.add_package(&name);
    let event = context.world.event();
    context.world.tags.packages.set((tag, package), entry, event);
    Ok(Value::Nil)
}

/// An entry of a package list with the tag it comes from.
type Found = Option<(i64, Listed)>;

/// The package, the tag and the entry that counts in the tag, with the tag it comes from.
fn entry(context: &Context<'_>, args: &Args) -> Result<(i64, i64, Found), Fault> {
    let tag = context.tag(args.get("taginfo"))?;
    let package = context.world.find_package(args.get("pkginfo")).ok_or_else(|| no_package(args.get("pkginfo")))?;
    let list = context.world.package_list(tag, None, true, Some(package));
    Ok((tag, package, list.get(&package).map(|(from, entry)| (*from, (*entry).clone()))))
}

fn block(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let (tag, package, found) = entry(context, args)?;
    allowed(context)?;
    let Some((_, old)) = found else {
        let (package, tag) = (&context.world.package_names[&package], context.world.tag_name(tag));
        return Err(Fault::generic(format!("Package {package} is not in tag listing for {tag}")));
    };
    if !old.blocked || args.flag("force", false) {
        let event = context.world.event();
        context.world.tags.packages.set((tag, package), Listed { blocked: true, ..old }, event);
    }
    Ok(Value::Nil)
}

fn unblock(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let (tag, package, found) = entry(context, args)?;
    allowed(context)?;
    let Some((from, old)) = found.filter(|(_, old)| old.blocked) else {
        let (package, tag) = (&context.world.package_names[&package], context.world.tag_name(tag));
        return Err(Fault::generic(format!("package {package} NOT blocked in tag {tag}")));
    };
    let event = context.world.event();
    if from == tag {
        context.world.tags.packages.revoke(&(tag, package), event);
    }
    let below = context.world.package_list(tag, None, true, Some(package));
    if below.get(&package).is_none_or(|(_, entry)| entry.blocked) {
        context.world.tags.packages.set((tag, package), Listed { blocked: false, ..old }, event);
    }
    Ok(Value::Nil)
}

fn remove(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let (tag, package, found) = entry(context, args)?;
    allowed(context)?;
    if found.is_none_or(|(from, _)| from != tag) {
        let (package, tag) = (&context.world.package_names[&package], context.world.tag_name(tag));
        return Err(Fault::generic(format!("Package {package} is not in tag {tag}")));
    }
    let event = context.world.event();
    context.world.tags.packages.revoke(&(tag, package), event);
    Ok(Value::Nil)
}
