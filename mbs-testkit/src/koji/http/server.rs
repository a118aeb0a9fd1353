//! The socket.

use super::front::Front;
use super::log::RequestLog;
use super::message::{Delivery, HttpRequest, Reply, read};
use crate::koji::hub::Hub;
use chrono::{DateTime, Utc};
use std::io::{self, BufReader};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

struct Shared {
    front: Mutex<Front>,
    /// Woken when the hub falls silent.
    changed: Condvar,
    ended: AtomicBool,
    streams: Mutex<Vec<TcpStream>>,
}

impl Shared {
    fn front(&self) -> MutexGuard<'_, Front> {
        self.front.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn streams(&self) -> MutexGuard<'_, Vec<TcpStream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A hub that listens on the loopback interface until it is dropped.
pub struct FakeHub {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

impl FakeHub {
    /// Listens on a free port.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn start(hub: Hub) -> io::Result<Self> {
        Self::listen(Front::new(hub), 0)
    }

    /// Listens on a port; 0 is a free one.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn listen(front: Front, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            front: Mutex::new(front),
            changed: Condvar::new(),
            ended: AtomicBool::new(false),
            streams: Mutex::new(Vec::new()),
        });
        let serving = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || accept(&listener, &serving));
        Ok(Self { address, shared, accepting: Some(accepting) })
    }

    /// The address of the hub, for the key `server` of a profile.
    pub fn url(&self) -> String {
        format!("http://{}/kojihub", self.address)
    }

    /// Changes the hub, its script and what goes wrong, or looks at them.
    pub fn with<T>(&self, look: impl FnOnce(&mut Front) -> T) -> T {
        look(&mut self.shared.front())
    }

    /// Which requests came so far.
    pub fn requests(&self) -> RequestLog {
        self.shared.front().log().clone()
    }

    /// Waits until the hub has fallen silent, at most so long; tells whether it has.
    pub fn wait_stopped(&self, at_most: Duration) -> bool {
        let waiting = self.shared.changed.wait_timeout_while(self.shared.front(), at_most, |front| !front.stopped());
        waiting.unwrap_or_else(PoisonError::into_inner).0.stopped()
    }

    /// Waits until the hub ends, which it does only by a signal.
    pub fn run(mut self) {
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

impl Drop for FakeHub {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        for stream in self.shared.streams().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // The thread waits for a connection; this one ends it.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.ended.load(Ordering::Relaxed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if let Ok(other) = stream.try_clone() {
            let mut streams = shared.streams();
            streams.retain(|stream| stream.peer_addr().is_ok());
            streams.push(other);
        }
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            let _ = serve(&stream, &shared);
            let _ = stream.shutdown(Shutdown::Both);
        });
    }
}

/// Serves a connection until it ends.
fn serve(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut from = BufReader::new(stream);
    let mut out = stream;
    while let Some(request) = read(&mut from, &mut out)? {
        let reply = answer(shared, &request);
        if !reply.delay.is_zero() {
            pause(reply.delay);
        }
        if reply.delivery == Delivery::Nothing {
            shared.changed.notify_all();
        }
        let closes = request.headers.get("connection").is_some_and(|word| word.eq_ignore_ascii_case("close"));
        if !reply.write(&mut out)? || closes {
            return Ok(());
        }
    }
    Ok(())
}

fn answer(shared: &Shared, request: &HttpRequest) -> Reply {
    let mut front = shared.front();
    if request.path == "/control" { front.control(request, now()) } else { front.handle(request, now()) }
}

#[expect(clippy::disallowed_methods, reason = "the hub's clock is that of the machine, moved by the front")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[expect(clippy::disallowed_methods, reason = "latency of a network is played")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}
