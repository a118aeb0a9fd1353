//! Tasks: what they are about, how they end, what they wrote.

use super::context::{Context, Method, query};
use crate::koji::args::{Args, truth};
use crate::koji::fault::{Fault, repr};
use crate::koji::world::{Task, TaskState, World, moment, record, with};
use mbs_koji::rpc::xml::{Value, encode_base64};
use std::collections::BTreeMap;

pub(super) const METHODS: &[Method] = &[
    ("getTaskInfo", "task_id request? strict?", info),
    ("getTaskChildren", "task_id request? strict?", children),
    ("getTaskDescendents", "task_id request?", descendents),
    ("getTaskRequest", "taskId", |context, args| Ok(task(context, args.get("taskId"))?.request.clone().into())),
    ("getTaskResult", "taskId raise_fault?", result),
    ("taskFinished", "taskId", |context, args| Ok((!task(context, args.get("taskId"))?.state.is_active()).into())),
    ("listTasks", "opts? queryOpts?", list),
    ("cancelTask", "task_id recurse?", cancel),
    ("cancelTaskFull", "task_id strict?", cancel),
    ("listTaskOutput", "taskID stat? all_volumes? strict?", list_output),
    ("downloadTaskOutput", "taskID fileName offset? size? volume?", download),
];

fn no_task(info: &Value) -> Fault {
    Fault::generic(format!("No such task: {}", repr(info)))
}

fn task<'a>(context: &'a Context<'_>, info: &Value) -> Result<&'a Task, Fault> {
    info.as_int().and_then(|id| context.world.tasks.get(&id)).ok_or_else(|| no_task(info))
}

fn info(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let request = args.flag("request", false);
    let one = |id: &Value| match id.as_int().and_then(|id| context.world.tasks.get(&id)) {
        Some(task) => Ok(World::task_record(task, request)),
        None if args.flag("strict", false) => Err(Fault::generic("query returned no rows")),
        None => Ok(Value::Nil),
    };
    match args.get("task_id") {
        Value::Array(ids) => Ok(ids.iter().map(one).collect::<Result<Vec<_>, _>>()?.into()),
        id => one(id),
    }
}

fn children_of(world: &World, id: i64, request: bool) -> Value {
    let ids = world.children.get(&id).into_iter().flatten();
    let tasks = ids.filter_map(|id| world.tasks.get(id));
    tasks.map(|task| World::task_record(task, request)).collect::<Vec<_>>().into()
}

fn children(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    Ok(children_of(context.world, args.int("task_id")?, args.flag("request", false)))
}

fn descendents(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let mut todo = vec![args.int("task_id")?];
    let mut found = BTreeMap::new();
    while let Some(id) = todo.pop() {
        found.insert(id.to_string(), children_of(context.world, id, args.flag("request", false)));
        todo.extend(context.world.children.get(&id).into_iter().flatten());
    }
    Ok(found.into())
}

fn result(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let task = task(context, args.get("taskId"))?;
    match (task.state, &task.result) {
        (TaskState::Canceled, _) => Err(Fault::generic(format!("Task {} is canceled", task.id))),
        (TaskState::Closed, Some(Ok(value))) => Ok(value.clone()),
        (_, Some(Err(fault))) if args.flag("raise_fault", true) => Err(fault.clone()),
        (_, Some(Err(fault))) => Ok(record! { "faultCode": fault.code, "faultString": fault.text.as_str() }),
        _ => Err(Fault::generic(format!("Task {} is not finished", task.id))),
    }
}

fn list(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let none = BTreeMap::new();
    let options = args.members("opts")?.unwrap_or(&none);
    let is_in = |name: &str, found: Option<i64>| match options.get(name) {
        None | Some(Value::Nil) => true,
        Some(Value::Array(items)) => items.iter().any(|item| item.as_int() == found),
        Some(item) => item.as_int() == found,
    };
    let owner = match options.get("owner") {
        Some(info @ Value::Text(_)) => Some(context.world.user(info)?),
        other => other.and_then(Value::as_int),
    };
    let method = options.get("method").and_then(Value::as_str);
    let bound = |name: &str| options.get(name).and_then(moment);
    let (after, before) = (bound("createdAfter"), bound("createdBefore"));
    let decode = options.get("decode").is_some_and(truth);
    let fits = |task: &Task| {
        is_in("state", Some(task.state as i64))
            && is_in("channel_id", Some(task.channel))
            && is_in("host_id", task.host)
            && (!options.contains_key("parent") || task.parent == options["parent"].as_int())
            && owner.is_none_or(|owner| task.owner == owner)
            && method.is_none_or(|method| task.method == method)
            && after.is_none_or(|after| task.create > after)
            && before.is_none_or(|before| task.create < before)
    };
    let world = &*context.world;
    let rows = world.tasks.values().filter(|task| fits(task)).map(|task| {
        let owner = world.users.get(&task.owner);
        let row = with(
            World::task_record(task, decode),
            [
                ("owner_name", owner.map(|owner| owner.name.as_str()).into()),
                ("owner_type", owner.map(|owner| owner.kind).into()),
            ],
        );
        match &task.result {
            Some(Ok(value)) if decode => with(row, [("result", value.clone())]),
            Some(Err(fault)) if decode => {
                with(row, [("result", record! { "faultCode": fault.code, "faultString": fault.text.as_str() })])
            }
            _ => row,
        }
    });
    query(rows.collect(), args)
}

fn cancel(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let user = context.user()?;
    let found = task(context, args.get("task_id"))?;
    let (id, owner) = (found.id, found.owner);
    if owner != user && !context.may(&[]) {
        return Err(Fault::not_allowed("Cannot cancel task, not owner"));
    }
    context.world.cancel_task(id, args.flag("recurse", true));
    Ok(Value::Nil)
}

fn list_output(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let output = &task(context, args.get("taskID"))?.output;
    if args.flag("stat", false) || args.flag("all_volumes", false) {
        let files = output.iter().map(|(name, bytes)| {
            let size = bytes.len().to_string();
            let facts = record! { "st_size": size, "st_mtime": 0, "st_atime": 0, "st_ctime": 0, "st_mode": 0o100_644 };
            let value = if args.flag("stat", false) { facts } else { vec![Value::from("DEFAULT")].into() };
            (name.clone(), value)
        });
        return Ok(files.collect::<BTreeMap<_, _>>().into());
    }
    Ok(output.keys().map(|name| name.as_str().into()).collect::<Vec<_>>().into())
}

fn download(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let task = task(context, args.get("taskID"))?;
    let name = args.text("fileName")?;
    let Some(bytes) = task.output.get(name) else {
        return Err(Fault::generic(format!("no file \"{name}\" output by task {}", task.id)));
    };
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let offset = args.int_or("offset")?.unwrap_or(0);
    // A negative offset counts from the end.
    let from = if offset < 0 { (length + offset).max(0) } else { offset.min(length) };
    let size = args.int_or("size")?.unwrap_or(-1);
    let to = if size < 0 { length } else { from.saturating_add(size).min(length) };
    let range = usize::try_from(from).unwrap_or(0)..usize::try_from(to).unwrap_or(0);
    // The client undoes base64 itself, so that it is text on the wire and no `<base64>`.
    Ok(encode_base64(&bytes[range]).into())
}
