//! Logging in and out.

use super::context::{Context, Method};
use crate::koji::args::Args;
use crate::koji::fault::Fault;
use crate::koji::world::{Session, Way, record};
use mbs_koji::rpc::xml::Value;

pub(super) const METHODS: &[Method] = &[
    ("login", "username? password? opts? renew? exclusive? *", login),
    ("sslLogin", "proxyuser? proxyauthtype? renew? exclusive?", ssl_login),
    ("subsession", "", subsession),
    ("logout", "session_id?", logout),
    ("exclusiveSession", "force?", exclusive),
    ("sharedSession", "", shared),
];

fn login(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let wrong = || Fault::auth("invalid username or password");
    let (Some(name), Some(password)) = (args.get("username").as_str(), args.get("password").as_str()) else {
        return Err(Fault::auth("invalid type for username or password"));
    };
    if password.is_empty() {
        return Err(wrong());
    }
    let user = *context.world.user_names.get(name).ok_or_else(wrong)?;
    if context.world.users[&user].password.as_deref() != Some(password) {
        return Err(wrong());
    }
    begin(context, args, user, Way::Password)
}

fn ssl_login(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let (name, way) = match (&context.origin.principal, &context.origin.certificate) {
        (Some(principal), _) => (principal.split('@').next().unwrap_or_default().to_owned(), Way::Ticket),
        (None, Some(name)) => (name.clone(), Way::Certificate),
        (None, None) => return Err(Fault::auth("could not verify client: NONE")),
    };
    if let Some(proxy) = args.text_or("proxyuser")?.filter(|proxy| *proxy != name) {
        return Err(Fault::auth(format!("{name} is not authorized to login other users ({proxy})")));
    }
    let user = match context.world.user_names.get(&name) {
        Some(user) => *user,
        None if context.world.script.login_creates_user => context.world.add_user(&name, None, 0),
        None => return Err(Fault::auth(format!("Unknown user: {name}"))),
    };
    begin(context, args, user, way)
}

/// Begins a session, or renews the one that came with the request.
fn begin(context: &mut Context<'_>, args: &Args, user: i64, way: Way) -> Result<Value, Fault> {
    if context.world.users[&user].blocked {
        return Err(Fault::auth(format!("User disabled: {}", context.world.user_name(user))));
    }
    if args.flag("renew", false) {
        let old = context.caller.and_then(|caller| caller.session);
        let Some(old) = old else { return Err(Fault::auth("Invalid session or bad credentials")) };
        let owner = context.world.sessions[&old].user;
        if owner != user {
            return Err(Fault::auth("Invalid session or bad credentials"));
        }
        let (key, now) = (new_key(context, old), context.world.now);
        context.world.wrote = true;
        let session = context.world.sessions.get_mut(&old).expect("it was found above");
        session.key = key;
        session.begun = now;
        session.expired = false;
        return Ok(answer(context, old));
    }
    let id = add(context, user, way, None);
    if args.flag("exclusive", false) {
        make_exclusive(context, id, false)?;
    }
    Ok(answer(context, id))
}

fn add(context: &mut Context<'_>, user: i64, way: Way, master: Option<i64>) -> i64 {
    let world = &mut *context.world;
    world.wrote = true;
    world.session_count += 1;
    let id = world.sessions.last_key_value().map_or(100, |(id, _)| id + 1);
    let begun = world.now;
    let key = new_key(context, id);
    let session =
        Session { id, key, user, way, master, callnum: None, begun, exclusive: false, expired: false, closed: false };
    context.world.sessions.insert(id, session);
    id
}

/// A key that no other session has. It protects nothing: the hub is for tests.
fn new_key(context: &mut Context<'_>, session: i64) -> String {
    context.world.session_count += 1;
    let count = context.world.session_count.unsigned_abs();
    let mixed = (count << 20 ^ session.unsigned_abs()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{session}-{mixed:019x}")
}

fn answer(context: &Context<'_>, id: i64) -> Value {
    let key = context.world.sessions[&id].key.as_str();
    if context.world.version.header_sessions() {
        record! { "session-id": id, "session-key": key, "header-auth": true }
    } else {
        record! { "session-id": id, "session-key": key }
    }
}

fn current(context: &Context<'_>) -> Result<i64, Fault> {
    context.user()?;
    context.caller.and_then(|caller| caller.session).ok_or_else(|| Fault::auth("no session"))
}

fn subsession(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    let master = current(context)?;
    let session = &context.world.sessions[&master];
    let (user, way, master) = (session.user, session.way, session.master.unwrap_or(master));
    let id = add(context, user, way, Some(master));
    Ok(answer(context, id))
}

fn logout(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let own = current(context)?;
    let id = args.int_or("session_id")?.unwrap_or(own);
    let user = context.user()?;
    let admin = context.may(&[]);
    let world = &mut *context.world;
    match world.sessions.get(&id) {
        Some(session) if session.user == user || admin => {}
        Some(_) => return Err(Fault::not_allowed("only admins or owner may logout other session")),
        None => return Err(Fault::auth(format!("session {id} does not exist"))),
    }
    for session in world.sessions.values_mut().filter(|session| session.id == id || session.master == Some(id)) {
        session.closed = true;
        session.exclusive = false;
    }
    world.wrote = true;
    Ok(Value::Nil)
}

fn make_exclusive(context: &mut Context<'_>, id: i64, force: bool) -> Result<(), Fault> {
    let user = context.world.sessions[&id].user;
    let others = context.world.sessions.values_mut();
    for other in others.filter(|other| other.user == user && other.id != id && !other.closed) {
        if other.exclusive && !force {
            return Err(Fault::locked("Cannot get exclusive session"));
        }
        if force {
            other.closed |= other.exclusive;
            other.exclusive = false;
        }
    }
    context.world.wrote = true;
    context.world.sessions.get_mut(&id).expect("the session of the call").exclusive = true;
    Ok(())
}

fn exclusive(context: &mut Context<'_>, args: &Args) -> Result<Value, Fault> {
    let id = current(context)?;
    make_exclusive(context, id, args.flag("force", false)).map(|()| Value::Nil)
}

fn shared(context: &mut Context<'_>, _: &Args) -> Result<Value, Fault> {
    let id = current(context)?;
    context.world.wrote = true;
    context.world.sessions.get_mut(&id).expect("the session of the call").exclusive = false;
    Ok(Value::Nil)
}
