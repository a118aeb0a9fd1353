//! A driver process: takes up what is free, drives it, and starts over.

use super::builder::SimBuilder;
use super::bus::SimBus;
use super::source::SimSource;
use super::store::CrashStore;
use super::trace::What;
use super::world::Shared;
use futures::channel::oneshot;
use futures::future::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use mbs_core::clock::Clock;
use mbs_core::drive::{DriveError, Driver, DriverConfig, Ended, Ports};
use mbs_core::store::{Store, StoreError};
use std::pin::pin;
use std::sync::Arc;

/// Runs for ever; dropping it is a crash.
pub(super) async fn process(shared: Arc<Shared>, driver: usize) {
    let store = Arc::new(CrashStore { shared: Arc::clone(&shared), driver });
    let ports = Ports {
        builder: Arc::new(SimBuilder { shared: Arc::clone(&shared), driver }),
        store: Arc::clone(&store) as Arc<dyn Store>,
        bus: Arc::new(SimBus { shared: Arc::clone(&shared), driver }),
        clock: Arc::new(shared.clock.clone()),
        source: Arc::new(SimSource { shared: Arc::clone(&shared), driver }),
    };
    let config = {
        let world = shared.lock();
        let faults = &world.faults;
        DriverConfig {
            limits: faults.limits,
            poll: faults.poll,
            watch: faults.watch,
            patience: faults.patience,
            ..DriverConfig::new(format!("driver {driver}"))
        }
    };
    let mut sessions = FuturesUnordered::new();
    loop {
        // Builds that come free while others are being driven get a driver of their own.
        sessions.push(once(&shared, &store, driver, Driver::new(ports.clone(), config.clone())));
        let until = {
            let mut world = shared.lock();
            Some(world.now() + world.time(1000, 30_000))
        };
        let mut timer = pin!(shared.pause(until).fuse());
        loop {
            let how = futures::select_biased! {
                how = sessions.select_next_some() => how,
                () = timer => break,
            };
            if how != "nothing to do" {
                shared.lock().note(What::Ran { driver, how });
            }
        }
    }
}

async fn once(shared: &Shared, store: &CrashStore, driver: usize, mut engine: Driver) -> &'static str {
    let now = shared.clock.now();
    let Ok(mut ids) = store.unfinished(now).await else { return "no list" };
    let greedy = {
        let mut world = shared.lock();
        world.rng.shuffle(&mut ids);
        world.rng.bool()
    };
    let mut any = false;
    for id in ids {
        match engine.attach(id).await {
            Ok(()) => any = true,
            Err(DriveError::Store(StoreError::LeaseHeld { .. })) => {}
            // Some give up, some go on with what they have.
            Err(_) if shared.lock().rng.bool() => return "attaching failed",
            Err(_) => {}
        }
        if any && !greedy && shared.lock().rng.bool() {
            break;
        }
    }
    if !any {
        return "nothing to do";
    }
    let (sender, receiver) = oneshot::channel();
    shared.lock().ports[driver].stops.push(sender);
    let stop = async move {
        if receiver.await.is_err() {
            futures::future::pending::<()>().await;
        }
    };
    match engine.run(stop).await {
        Ok(Ended::Settled) => "settled",
        Ok(Ended::Stopped) => "stopped",
        Err(_) => "failed",
    }
}
