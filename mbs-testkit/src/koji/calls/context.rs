//! What a call is handed.

use crate::koji::args::Args;
use crate::koji::fault::{Fault, repr};
use crate::koji::world::{Way, World};
use mbs_koji::rpc::xml::Value;

/// Who calls: a session, or a user without one (set-up and tests).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::koji) struct Caller {
    pub(in crate::koji) user: i64,
    pub(in crate::koji) session: Option<i64>,
}

/// What came with the request beside the call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The name in the client's certificate, when the web server has verified one.
    pub certificate: Option<String>,
    /// The principal that the web server has verified.
    pub principal: Option<String>,
}

/// What a call is handed.
pub(in crate::koji) struct Context<'a> {
    pub(in crate::koji) world: &'a mut World,
    pub(in crate::koji) caller: Option<Caller>,
    pub(in crate::koji) origin: &'a Origin,
}

/// A method.
pub(in crate::koji) type Run = fn(&mut Context<'_>, &Args) -> Result<Value, Fault>;

/// A method with its name and its signature.
pub(in crate::koji) type Method = (&'static str, &'static str, Run);

impl Context<'_> {
    /// The user; 1004 when nobody is logged in.
    pub(super) fn user(&self) -> Result<i64, Fault> {
        self.caller
            .map(|caller| caller.user)
            .ok_or_else(|| Fault::not_allowed("you must be logged in for this operation"))
    }

    /// Does the user hold a permission?
    pub(super) fn holds(&self, name: &str) -> bool {
        let user = self.caller.and_then(|caller| self.world.users.get(&caller.user));
        let id = self.world.permission(name);
        user.zip(id).is_some_and(|(user, id)| user.permissions.contains(&id))
    }

    /// Does the user hold `admin`?
    pub(in crate::koji) fn is_admin(&self) -> bool {
        self.holds("admin")
    }

    /// Does the user hold one of the permissions, or `admin`?
    pub(super) fn may(&self, names: &[&str]) -> bool {
        self.holds("admin") || names.iter().any(|name| self.holds(name))
    }

    /// The user; 1004 without the permission.
    pub(super) fn permitted(&self, name: &str) -> Result<i64, Fault> {
        match self.caller {
            Some(caller) if self.may(&[name]) => Ok(caller.user),
            Some(caller) => {
                let user = self.world.user_name(caller.user);
                Err(Fault::not_allowed(format!("{name} permission required (logged in as {user})")))
            }
            None => Err(Fault::not_allowed(format!("{name} permission required (user not logged in)"))),
        }
    }

    /// The number of a tag.
    pub(super) fn tag(&self, info: &Value) -> Result<i64, Fault> {
        self.world.tag(info)
    }

    /// An event that has happened, or none.
    pub(super) fn at(&self, args: &Args) -> Result<Option<i64>, Fault> {
        let at = args.int_or("event")?;
        match at {
            Some(event) if event > self.world.last_event() || event < 0 => {
                Err(Fault::parameter(format!("Invalid event: {event}")))
            }
            at => Ok(at),
        }
    }

    /// How the caller logged in.
    pub(super) fn way(&self) -> Way {
        let session = self.caller.and_then(|caller| self.world.sessions.get(&caller.session?));
        session.map_or(Way::Password, |session| session.way)
    }
}

/// Orders and cuts a list as `queryOpts` says: `countOnly`, `order`, `offset`, `limit`.
pub(super) fn query(mut rows: Vec<Value>, args: &Args) -> Result<Value, Fault> {
    let Some(options) = args.members("queryOpts")? else { return Ok(rows.into()) };
    let number = |name: &str| match options.get(name) {
        None | Some(Value::Nil) => Ok(None),
        Some(Value::Int(number)) if *number >= 0 => Ok(usize::try_from(*number).ok()),
        Some(other) => Err(Fault::parameter(format!("Invalid type for {name}: {}", repr(other)))),
    };
    if options.get("countOnly").is_some_and(crate::koji::args::truth) {
        return Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX).into());
    }
    let orders = options.get("order").and_then(Value::as_str).unwrap_or_default();
    for order in orders.split(',').rev().filter(|order| !order.is_empty()) {
        let (name, backwards) = order.strip_prefix('-').map_or((order, false), |name| (name, true));
        if !rows.iter().all(|row| row.get(name).is_some()) {
            return Err(Fault::other(format!("<class 'Exception'>: Invalid order: {name}")));
        }
        rows.sort_by(|a, b| {
            let order = compare(a.get(name), b.get(name));
            if backwards { order.reverse() } else { order }
        });
    }
    let offset = number("offset")?.unwrap_or(0);
    let limit = number("limit")?.unwrap_or(usize::MAX);
    Ok(Value::Array(rows.into_iter().skip(offset).take(limit).collect()))
}

fn compare(a: Option<&Value>, b: Option<&Value>) -> std::cmp::Ordering {
    match (a, b) {
        (Some(Value::Int(a)), Some(Value::Int(b))) => a.cmp(b),
        (Some(Value::Double(a)), Some(Value::Double(b))) => a.total_cmp(b),
        (Some(Value::Text(a)), Some(Value::Text(b))) => a.cmp(b),
        (a, b) => a.is_none_or(Value::is_nil).cmp(&b.is_none_or(Value::is_nil)),
    }
}
