//! Builds from content generators.

use super::context::{Context, Method};
use crate::koji::args::Args;
use crate::koji::fault::{Fault, quoted, repr};
use crate::koji::sum::digest;
use crate::koji::world::{Archive, Build, BuildState, moment, record};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeSet;

pub(super) const METHODS: &[Method] = &[
    ("CGImport", "metadata directory token?", import),
    ("CGInitBuild", "cg data", reserve),
    ("CGRefundBuild", "cg build_id token state?", refund),
];

/// A member that has to be there; a hub fails on it with an exception of Python.
fn member<'a>(of: &'a Value, name: &str) -> Result<&'a Value, Fault> {
    of.get(name).ok_or_else(|| Fault::other(format!("<class 'KeyError'>: '{name}'")))
}

fn text<'a>(of: &'a Value, name: &str) -> Result<&'a str, Fault> {
    let value = member(of, name)?;
    value.as_str().ok_or_else(|| Fault::generic(format!("Invalid value for {name}: {}", repr(value))))
}

fn access(context: &Context<'_>, generator: &str) -> Result<i64, Fault> {
    let user = context.user()?;
    let found = context.world.generators.get(generator);
    let (id, users) =
        found.ok_or_else(|| Fault::generic(format!("No such content generator: {}", quoted(generator))))?;
    if !users.contains(&user) {
        return Err(Fault::auth(format!("Content generator access required ({generator})")));
    }
    Ok(*id)
}

/// The bytes of an uploaded file.
fn uploaded<'a>(context: &'a Context<'_>, folder: &str, name: &str) -> Result<&'a [u8], Fault> {
    let found = context.world.folders.get(folder).and_then(|folder| folder.files.get(name));
    found.map(|(bytes, _)| bytes.as_slice()).ok_or_else(|| {
        let path = format!("/mnt/koji/work/{folder}/./{name}");
        Fault::other(format!("<class 'FileNotFoundError'>: [Errno 2] No such file or directory: '{path}'"))
    })
}

/// The metadata: a struct, JSON, or the name of a file; nil is `metadata.json`.
fn metadata(context: &Context<'_>, args: &Args, folder: &str) -> Result<Value, Fault> {
    let bytes = match args.get("metadata") {
        given @ Value::Struct(_) => return Ok(given.clone()),
        Value::Nil => uploaded(context, folder, "metadata.json")?,
        Value::Text(name) if name.strip_suffix(".json").is_some() => uploaded(context, folder, name)?,
        Value::Text(text) => text.as_bytes(),
        other => return Err(Fault::generic(format!("Invalid metadata value: {}", repr(other)))),
    };
    serde_json::from_slice(bytes)
        .map_err(|error| Fault::other(format!("<class 'json.decoder.JSONDecodeError'>: {error}")))
}

fn import(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let user = context.user()?;
    let folder = args.text("directory")?.to_owned();
    let metadata = metadata(context, args, &folder)?;
    if member(&metadata, "metadata_version")?.as_int() != Some(0) {
        return Err(Fault::generic("Unknown cg metadata version"));
    }
    let buildroots = member(&metadata, "buildroots")?.as_array().unwrap_or_default();
    let first = buildroots.first().ok_or_else(|| Fault::generic("No buildroots"))?;
    let generator = text(member(first, "content_generator")?, "name")?;
    let generator = access(context, generator)?;
    let info = member(&metadata, "build")?;
    let (name, version, release) = (text(info, "name")?, text(info, "version")?, text(info, "release")?);
    if let Some(bad) = [version, release].into_iter().find(|part| part.contains('-')) {
        return Err(Fault::generic(format!("Invalid value for version or release: {}", quoted(bad))));
    }
    let source = member(info, "source")?.clone();
    let extra = member(info, "extra")?.clone();
    let (start, end) = (moment(member(info, "start_time")?), moment(member(info, "end_time")?));
    let owner = match info.get("owner") {
        None | Some(Value::Nil) => user,
        Some(owner) => context.world.user(owner)?,
    };
    let types: Vec<String> = match extra.get("typeinfo") {
        Some(Value::Struct(kinds)) => kinds.keys().cloned().collect(),
        _ => Vec::new(),
    };
    if let Some(unknown) = types.iter().find(|kind| !context.world.btypes.contains(kind)) {
        return Err(Fault::generic(format!("No such btype: {unknown}")));
    }
    let id = number(context, info, (name, version, release), args.text_or("token")?)?;
    let files = outputs(context, &metadata, buildroots, &types, &folder)?;
    let world = &mut *context.world;
    let package = world.add_package(name);
    let event = world.event();
    world.put_build(Build {
        id,
        package,
        name: name.to_owned(),
        version: version.to_owned(),
        release: release.to_owned(),
        epoch: info.get("epoch").and_then(Value::as_int),
        state: BuildState::Complete,
        owner,
        task: info.get("task_id").and_then(Value::as_int),
        source,
        extra,
        event,
        start,
        completion: end,
        generator: Some(generator),
        token: None,
        draft: false,
        types,
    });
    let uploads = world.folders.get_mut(&folder);
    if let Some(uploads) = uploads {
        uploads.files.retain(|name, _| !files.iter().any(|file| file.filename == *name));
    }
    for mut file in files {
        file.build = id;
        if file.btype == "log" {
            world.logs.entry(id).or_default().insert(file.filename, file.bytes);
        } else {
            file.id = world.archives.last_key_value().map_or(1, |(id, _)| id + 1);
            world.archives.insert(file.id, file);
        }
    }
    Ok(world.build_record(&world.builds[&id]))
}

/// The number of the build that is imported.
fn number(context: &Context<'_>, info: &Value, nvr: (&str, &str, &str), token: Option<&str>) -> Result<i64, Fault> {
    let nvr = format!("{}-{}-{}", nvr.0, nvr.1, nvr.2);
    let old = context.world.nvrs.get(&nvr).map(|id| &context.world.builds[id]);
    if let Some(token) = token {
        let id = info.get("build_id").and_then(Value::as_int);
        let id = id.ok_or_else(|| Fault::generic("metadata does not contain build_id"))?;
        let reserved = context.world.builds.get(&id);
        let reserved = reserved.ok_or_else(|| Fault::generic(format!("No such build: {id}")))?;
        if reserved.token.as_deref() != Some(token) {
            return Err(Fault::generic("Token doesn't match build ID"));
        }
        if reserved.nvr() != nvr || reserved.state != BuildState::Building {
            return Err(Fault::generic(format!("Build ID {id} does not match {nvr}")));
        }
        return Ok(id);
    }
    match old {
        Some(old) if !matches!(old.state, BuildState::Failed | BuildState::Canceled) => {
            Err(Fault::generic(format!("Build already exists: {nvr} (id={})", old.id)))
        }
        Some(old) => Ok(old.id),
        None => Ok(context.world.builds.last_key_value().map_or(1, |(id, _)| id + 1)),
    }
}

/// The files, each compared with what the metadata says of it.
fn outputs(
    context: &Context<'_>,
    metadata: &Value,
    buildroots: &[Value],
    types: &[String],
    folder: &str,
) -> Result<Vec<Archive>, Fault> {
    let mut used = BTreeSet::new();
    let mut files = Vec::new();
    for output in member(metadata, "output")?.as_array().unwrap_or_default() {
        let buildroot = member(output, "buildroot_id")?;
        if !buildroots.iter().any(|found| found.get("id") == Some(buildroot)) {
            return Err(Fault::generic(format!("Missing buildroot metadata for id {}", repr(buildroot))));
        }
        used.insert(repr(buildroot));
        let name = text(output, "filename")?;
        let bytes = uploaded(context, folder, name)?.to_vec();
        let size = member(output, "filesize")?.as_int();
        if size != i64::try_from(bytes.len()).ok() {
            let found = bytes.len();
            return Err(Fault::generic(format!("File size mismatch for {name}: {} != {found}", repr(&size.into()))));
        }
        let kind = text(output, "checksum_type")?;
        let sum = digest(kind, &bytes).ok_or_else(|| Fault::generic(format!("Unknown checksum type: {kind}")))?;
        let expected = text(output, "checksum")?;
        if sum != expected {
            return Err(Fault::generic(format!("File checksum mismatch for {name}: {sum} != {expected}")));
        }
        let btype = match text(output, "type")? {
            "log" => "log".to_owned(),
            _ => btype(output, types, name)?,
        };
        files.push(Archive {
            id: 0,
            build: 0,
            filename: name.to_owned(),
            size: size.unwrap_or(0),
            checksum: sum,
            checksum_type: match kind {
                "md5" => 0,
                "sha1" => 1,
                _ => 2,
            },
            extra: output.get("extra").cloned().unwrap_or_default(),
            btype,
            bytes,
            rpms: components(context, output),
        });
    }
    match buildroots.iter().find(|found| !found.get("id").is_some_and(|id| used.contains(&repr(id)))) {
        Some(unused) => Err(Fault::generic(format!(
            "Buildroot id not used in any output: {}",
            repr(unused.get("id").unwrap_or(&Value::Nil))
        ))),
        None => Ok(files),
    }
}

/// The kind of content of a file, which the build has to have too.
fn btype(output: &Value, types: &[String], name: &str) -> Result<String, Fault> {
    let kinds = match output.get("extra").and_then(|extra| extra.get("typeinfo")) {
        Some(Value::Struct(kinds)) => kinds.keys().cloned().collect(),
        _ => Vec::new(),
    };
    match kinds.as_slice() {
        [kind] if types.contains(kind) => Ok(kind.clone()),
        [kind] => Err(Fault::generic(format!("Output type {kind} not listed in build types"))),
        _ => Err(Fault::generic(format!("No typeinfo for: {name}"))),
    }
}

/// The packages a file lists; those that are not known are only logged by a hub.
fn components(context: &Context<'_>, output: &Value) -> Vec<i64> {
    let world = &*context.world;
    let list = output.get("components").and_then(Value::as_array).unwrap_or_default();
    let known = list.iter().filter_map(|component| {
        let part = |name: &str| component.get(name).and_then(Value::as_str).unwrap_or_default();
        let nvra = format!("{}-{}-{}.{}", part("name"), part("version"), part("release"), part("arch"));
        let rpm = world.rpms.get(world.nvras.get(&nvra)?)?;
        (rpm.payloadhash == part("sigmd5")).then_some(rpm.id)
    });
    known.collect()
}

fn reserve(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let generator = access(context, args.text("cg")?)?;
    let owner = context.user()?;
    let data = args.get("data");
    let (name, version, release) = (text(data, "name")?, text(data, "version")?, text(data, "release")?);
    let id = number(context, data, (name, version, release), None)?;
    let world = &mut *context.world;
    let package = world.add_package(name);
    let event = world.event();
    let token = format!("{id:08x}-{event:04x}-token");
    world.put_build(Build {
        id,
        package,
        name: name.to_owned(),
        version: version.to_owned(),
        release: release.to_owned(),
        epoch: data.get("epoch").and_then(Value::as_int),
        state: BuildState::Building,
        owner,
        task: None,
        source: Value::Nil,
        extra: Value::Nil,
        event,
        start: Some(world.now),
        completion: None,
        generator: Some(generator),
        token: Some(token.clone()),
        draft: false,
        types: Vec::new(),
    });
    Ok(record! { "build_id": id, "token": token })
}

fn refund(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    access(context, args.text("cg")?)?;
    let id = args.int("build_id")?;
    let state = match args.int_or("state")?.unwrap_or(3) {
        3 => BuildState::Failed,
        4 => BuildState::Canceled,
        other => return Err(Fault::generic(format!("Only FAILED and CANCELED build states are allowed, not {other}"))),
    };
    let build = context.world.build(&Value::Int(id))?;
    if build.state != BuildState::Building {
        return Err(Fault::generic(format!("Build ID {id} is not in BUILDING state")));
    }
    if build.token.as_deref() != Some(args.text("token")?) {
        return Err(Fault::generic("Token doesn't match build ID"));
    }
    context.world.end_build(id, state);
    context.world.builds.get_mut(&id).expect("it was found above").token = None;
    Ok(Value::Nil)
}
