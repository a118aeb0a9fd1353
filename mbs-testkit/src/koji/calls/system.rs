//! What a hub tells about itself.
#![expect(clippy::unnecessary_wraps, reason = "all methods have one shape")]

use super::context::{Context, Method};
use super::table::names;
use crate::koji::args::Args;
use crate::koji::fault::Fault;
use crate::koji::world::{record, stamp_or};
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("getAPIVersion", "", |_, _| Ok(1.into())),
    ("getKojiVersion", "", |context, _| Ok(context.world.version.release().into())),
    ("hello", "*", |_, _| Ok("Hello World".into())),
    ("echo", "*", |_, args| Ok(args.all.clone().into())),
    ("system.listMethods", "", list_methods),
    ("_listapi", "", list_api),
    ("system.methodHelp", "method", |_, args| Ok(format!("{}(...)", args.text("method")?).into())),
    ("system.methodSignature", "method", |_, _| Ok("signatures not supported".into())),
    ("getLastEvent", "before? strict?", get_last_event),
    ("getEvent", "id", get_event),
    ("listHosts", "arches? channelID? ready? enabled? userID? queryOpts?", list_hosts),
    ("listChannels", "hostID? event? enabled?", list_channels),
];

fn list_methods(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    Ok(names(context.world.version).into_iter().map(Value::from).collect::<Vec<_>>().into())
}

fn list_api(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    let describe = |name: &str| record! { "name": name, "doc": Value::Nil, "args": Vec::<Value>::new() };
    Ok(names(context.world.version).into_iter().map(describe).collect::<Vec<_>>().into())
}

fn get_last_event(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let before = args.given("before").and_then(crate::koji::world::moment);
    let mut event = context.world.last_event();
    while before.is_some_and(|before| context.world.event_time(event).is_some_and(|time| time >= before)) {
        event -= 1;
    }
    Ok(record! { "id": event, "ts": stamp_or(context.world.event_time(event)) })
}

fn get_event(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let id = args.int("id")?;
    let time = context.world.event_time(id);
    Ok(time.map_or(Value::Nil, |time| record! { "id": id, "ts": stamp_or(Some(time)) }))
}

fn list_hosts(_: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    Ok(vec![record! {
        "id": 1, "user_id": 4, "name": "builder1", "arches": "x86_64 i686 aarch64 ppc64le s390x", "capacity": 20.0, "task_load": 0.0,
        "description": Value::Nil, "comment": Value::Nil, "ready": true, "enabled": true, "update_ts": Value::Nil,
    }]
    .into())
}

fn list_channels(_: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    let channel = |id: i64, name: &str| record! { "id": id, "name": name, "enabled": true, "description": Value::Nil, "comment": Value::Nil };
    Ok(vec![channel(1, "default"), channel(2, "createrepo")].into())
}
