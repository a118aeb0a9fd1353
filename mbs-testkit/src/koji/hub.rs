//! A hub without its web server.

use super::args::Args;
use super::calls::{Caller, Context, Origin, find};
use super::fault::Fault;
use super::script::Script;
use super::version::HubVersion;
use super::world::{World, record};
use chrono::{DateTime, Utc};
use mbs_koji::rpc::xml::{MethodCall, Value};

/// The session that a request claims to belong to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    /// Number of the session.
    pub session: i64,
    /// Its key.
    pub key: String,
    /// Number of the call; none: a repeat is not noticed.
    pub callnum: Option<i64>,
}

/// What comes with a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The session; none: nobody is logged in.
    pub credentials: Option<Credentials>,
    /// What the web server knows about the client.
    pub origin: Origin,
}

/// A hub: state and rules, no input or output. Time and requests are handed in, and work on tasks goes on in ticks.
///
/// A call that faults changes nothing: all checks come before the first change.
#[derive(Debug, Clone, PartialEq)]
pub struct Hub {
    world: World,
}

/// Calls that look at the work on tasks; each request with one of them moves the work on.
const POLLS: [&str; 9] = [
    "getTaskInfo",
    "getTaskChildren",
    "getTaskDescendents",
    "getTaskResult",
    "taskFinished",
    "listTasks",
    "repo.checkRequest",
    "getRepo",
    "repo.get",
];

/// Is it a call that looks at the work on tasks, and moves it on so?
pub(super) fn is_poll(method: &str) -> bool {
    POLLS.contains(&method)
}

/// The calls of a multicall.
pub(super) fn members(call: &MethodCall) -> Option<&[Value]> {
    let multicall = matches!(call.method.as_str(), "multiCall" | "system.multicall");
    multicall.then(|| call.arguments.first().and_then(Value::as_array).unwrap_or_default())
}

impl Hub {
    /// A hub with the users `kojiadmin` (permission `admin`), `mbs` (`tag`, `target`, `repo`, access to the generator
    /// `module-build-service`), `kojira` and the host `builder1`. Passwords are equal to the names; hosts have none.
    pub fn new(version: HubVersion) -> Self {
        let mut world = World::new(version);
        let admin = world.add_user("kojiadmin", Some("kojiadmin"), 0);
        let mbs = world.add_user("mbs", Some("mbs"), 0);
        world.add_user("kojira", Some("kojira"), 0);
        world.add_user("builder1", None, 1);
        for name in ["admin", "tag", "target", "repo", "regen-repo", "build"] {
            world.add_permission(name);
        }
        world.generators.insert("module-build-service".to_owned(), (1, [mbs].into()));
        world.btypes.push("module".to_owned());
        let mut hub = Self { world };
        hub.grant(admin, &["admin"]);
        hub.grant(mbs, &["tag", "target", "repo"]);
        hub
    }

    fn grant(&mut self, user: i64, names: &[&str]) {
        for name in names {
            let id = self.world.add_permission(name);
            self.world.users.get_mut(&user).expect("users stay").permissions.insert(id);
        }
    }

    /// Adds a user with permissions; the password is equal to the name.
    pub fn add_user(&mut self, name: &str, permissions: &[&str]) -> i64 {
        let user = self.world.add_user(name, Some(name), 0);
        self.grant(user, permissions);
        user
    }

    /// Which release it plays.
    pub fn version(&self) -> HubVersion {
        self.world.version
    }

    /// How builds, repositories and settings come out; may be changed at any time.
    pub fn script(&mut self) -> &mut Script {
        &mut self.world.script
    }

    /// How it comes out now.
    pub fn scripted(&self) -> &Script {
        &self.world.script
    }

    /// Lets all sessions expire; they can be renewed.
    pub fn expire_sessions(&mut self) {
        self.world.sessions.values_mut().for_each(|session| session.expired = true);
    }

    /// One step of the work on tasks.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        self.world.now = now;
        self.world.tick();
    }

    /// Does a call for `kojiadmin`, for set-up.
    ///
    /// # Errors
    /// The fault of the call.
    pub fn admin(&mut self, method: &str, arguments: Vec<Value>) -> Result<Value, Fault> {
        self.call_as("kojiadmin", method, arguments)
    }

    /// Does a call for a user without a session, for set-up and inspection.
    ///
    /// # Errors
    /// The fault of the call.
    pub fn call_as(&mut self, user: &str, method: &str, arguments: Vec<Value>) -> Result<Value, Fault> {
        let user = self.world.user(&user.into())?;
        self.world.event = None;
        self.run(Some(Caller { user, session: None }), &Origin::default(), MethodCall::new(method, arguments))
    }

    /// Does a call.
    ///
    /// # Errors
    /// Its fault; then nothing has changed.
    pub fn call(&mut self, request: &Request, call: MethodCall, now: DateTime<Utc>) -> Result<Value, Fault> {
        self.world.now = now;
        self.world.event = None;
        let caller = self.authenticate(request, &call)?;
        self.check_open(caller, &call.method)?;
        let many = members(&call).map(<[Value]>::to_vec);
        let looks = |member: &Value| member.get("methodName").and_then(Value::as_str).is_some_and(is_poll);
        if many.as_ref().map_or_else(|| is_poll(&call.method), |many| many.iter().any(looks)) {
            self.world.tick();
        }
        self.world.wrote = false;
        let result = match many {
            None => self.run(caller, &request.origin, call)?,
            Some(many) => {
                self.world.wrote = true;
                many.iter().map(|member| self.member(caller, &request.origin, member)).collect::<Vec<_>>().into()
            }
        };
        if let (true, Some(session), Some(sent)) =
            (self.world.wrote, caller.and_then(|caller| caller.session), &request.credentials)
            && let Some(callnum) = sent.callnum
            && let Some(session) = self.world.sessions.get_mut(&session)
        {
            session.callnum = Some(callnum);
        }
        Ok(result)
    }

    /// One call of a multicall: an array with its result, or a struct with its fault.
    fn member(&mut self, caller: Option<Caller>, origin: &Origin, member: &Value) -> Value {
        self.world.event = None;
        let method = member.get("methodName").and_then(Value::as_str).unwrap_or_default();
        let arguments = member.get("params").and_then(Value::as_array).unwrap_or_default().to_vec();
        let result = if matches!(method, "multiCall" | "system.multicall") {
            Err(Fault::generic("multiCall must not be nested"))
        } else {
            self.run(caller, origin, MethodCall::new(method, arguments))
        };
        match result {
            Ok(result) => vec![result].into(),
            Err(fault) => {
                let traceback: Vec<Value> = vec!["Traceback (most recent call last):\n".into()];
                record! { "faultCode": fault.code, "faultString": fault.text, "traceback": traceback }
            }
        }
    }

    fn run(&mut self, caller: Option<Caller>, origin: &Origin, call: MethodCall) -> Result<Value, Fault> {
        let Some((_, signature, run)) = find(&call.method, self.world.version) else {
            return Err(Fault::generic(format!("Invalid method: {}", call.method)));
        };
        let args = Args::bind(signature, call)?;
        run(&mut Context { world: &mut self.world, caller, origin }, &args)
    }

    /// Who calls, by the session that the request claims.
    pub(super) fn authenticate(&self, request: &Request, call: &MethodCall) -> Result<Option<Caller>, Fault> {
        let Some(sent) = &request.credentials else { return Ok(None) };
        let session = self.world.sessions.get(&sent.session);
        let session = session.filter(|session| session.key == sent.key && !session.closed);
        let session = session.ok_or_else(|| Fault::auth("Invalid session or bad credentials"))?;
        let renews = matches!(call.method.as_str(), "login" | "sslLogin")
            && call.keywords.get("renew").is_some_and(super::args::truth);
        let age = (self.world.now - session.begun).num_minutes();
        if (session.expired || age >= self.world.script.session_minutes) && !renews {
            return Err(Fault::expired(format!("session \"{}\" has expired", session.id)));
        }
        // An upload has no name of a method; its number is compared but a repeat of it is good.
        match (sent.callnum, session.callnum) {
            (Some(sent), Some(last)) if sent < last => {
                return Err(Fault::sequence(format!("{last} > {sent} (session {})", session.id)));
            }
            (Some(sent), Some(last)) if sent == last && !call.method.is_empty() => {
                let text = format!("unable to retry call {sent} (method {}) for session {}", call.method, session.id);
                return Err(Fault::retry(text));
            }
            _ => {}
        }
        let mut others = self.world.sessions.values();
        if others.any(|other| other.user == session.user && other.exclusive && !other.closed && other.id != session.id)
        {
            return Err(Fault::locked("User locked by another session"));
        }
        if self.world.users.get(&session.user).is_some_and(|user| user.blocked) {
            return Err(Fault::auth(format!("User disabled: {}", self.world.user_name(session.user))));
        }
        Ok(Some(Caller { user: session.user, session: Some(session.id) }))
    }

    fn check_open(&mut self, caller: Option<Caller>, method: &str) -> Result<(), Fault> {
        let origin = Origin::default();
        let locked = self.world.script.lock_out && !matches!(method, "login" | "sslLogin" | "logout");
        if locked && !(Context { world: &mut self.world, caller, origin: &origin }).is_admin() {
            return Err(Fault::offline("Server disabled for maintenance"));
        }
        Ok(())
    }

    pub(super) fn world(&mut self) -> &mut World {
        &mut self.world
    }
}
