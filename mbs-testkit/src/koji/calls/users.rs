//! Users and permissions.
#![expect(clippy::unnecessary_wraps, reason = "all methods have one shape")]

use super::context::{Context, Method};
use crate::koji::args::Args;
use crate::koji::fault::{Fault, quoted};
use crate::koji::world::{record, with};
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("getLoggedInUser", "", logged_in),
    ("getUser", "userInfo? strict? krb_princs? groups?", get_user),
    ("createUser", "username status? krb_principal?", create_user),
    ("getAllPerms", "", all_permissions),
    ("getPerms", "", own_permissions),
    ("getUserPerms", "userID? with_groups?", user_permissions),
    ("hasPerm", "perm strict?", |context, args| Ok(context.may(&[args.text("perm")?]).into())),
    ("grantPermission", "userinfo permission create? description?", grant),
    ("revokePermission", "userinfo permission", revoke),
];

fn user_record(context: &Context<'_>, id: i64) -> Value {
    let Some(user) = context.world.users.get(&id) else { return Value::Nil };
    record! {
        "id": id, "name": user.name.as_str(), "status": i64::from(user.blocked), "usertype": user.kind,
        "krb_principals": Vec::<Value>::new(),
    }
}

fn logged_in(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    let Some(caller) = context.caller else { return Ok(Value::Nil) };
    let way = context.way() as i64;
    Ok(with(user_record(context, caller.user), [("authtype", way.into()), ("krb_principal", Value::Nil)]))
}

fn get_user(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let id = match args.given("userInfo") {
        None => Some(context.user()?),
        Some(info) if args.flag("strict", false) => Some(context.world.user(info)?),
        Some(info) => context.world.find_user(info),
    };
    Ok(id.map_or(Value::Nil, |id| user_record(context, id)))
}

fn create_user(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("admin")?;
    let name = args.text("username")?;
    if context.world.user_names.contains_key(name) {
        return Err(Fault::generic(format!("user already exists: {name}")));
    }
    Ok(context.world.add_user(name, None, 0).into())
}

fn all_permissions(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    let all = context.world.permissions.iter();
    let all = all.map(|(id, (name, text))| record! { "id": *id, "name": name.as_str(), "description": text.clone() });
    Ok(all.collect::<Vec<_>>().into())
}

fn names_of(context: &Context<'_>, user: i64) -> Value {
    let held = context.world.users.get(&user).into_iter().flat_map(|user| &user.permissions);
    held.filter_map(|id| context.world.permissions.get(id))
        .map(|(name, _)| name.as_str().into())
        .collect::<Vec<_>>()
        .into()
}

fn own_permissions(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    Ok(names_of(context, context.user()?))
}

fn user_permissions(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let user = match args.given("userID") {
        Some(info) => context.world.user(info)?,
        None => context.user()?,
    };
    Ok(names_of(context, user))
}

fn grant(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("admin")?;
    let user = context.world.user(args.get("userinfo"))?;
    let name = args.text("permission")?;
    if context.world.permission(name).is_none() && !args.flag("create", false) {
        return Err(Fault::generic(format!("No such permission: {}", quoted(name))));
    }
    let id = context.world.add_permission(name);
    let held = &mut context.world.users.get_mut(&user).expect("it was found above").permissions;
    if !held.insert(id) {
        let user = context.world.user_name(user);
        return Err(Fault::generic(format!("user {user} already has permission: {name}")));
    }
    context.world.event();
    Ok(Value::Nil)
}

fn revoke(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    context.permitted("admin")?;
    let user = context.world.user(args.get("userinfo"))?;
    let name = args.text("permission")?;
    let id = context.world.permission(name);
    let held = &mut context.world.users.get_mut(&user).expect("it was found above").permissions;
    if !id.is_some_and(|id| held.remove(&id)) {
        let user = context.world.user_name(user);
        return Err(Fault::generic(format!("user {user} does not have permission: {name}")));
    }
    context.world.event();
    Ok(Value::Nil)
}
