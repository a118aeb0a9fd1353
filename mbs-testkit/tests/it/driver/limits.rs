//! Slots.

use super::bench::Bench;
use chrono::TimeDelta;
use mbs_core::build::{BuildOptions, ModuleState};
use mbs_core::builder::GenericBuilder;
use mbs_testkit::builder::Script;

fn hundred() -> Vec<String> {
    (0..100).map(|n| format!("c{n:03}")).collect()
}

#[test]
fn limits_hold_over_builds_and_drivers() {
    let mut bench = Bench::new();
    bench.memory.script_others(Script::complete().after(TimeDelta::minutes(1)));
    bench.config.limits.per_backend = Some(3);
    let names = hundred();
    let components: Vec<(&str, i64, &[&str])> = names.iter().map(|name| (name.as_str(), 0, &[][..])).collect();
    let one = bench.create_with("one", "ann", &components[..20], BuildOptions::default());
    let two = bench.create_with("two", "bob", &components[..20], BuildOptions::default());
    let (first, second) = bench.run(async {
        let (mut first, mut second) = (bench.driver(&[one]).await, bench.driver(&[two]).await);
        futures::join!(first.run(std::future::pending()), second.run(std::future::pending()))
    });
    assert!(first.is_ok() && second.is_ok());
    assert_eq!([one, two].map(|build| bench.load(build).state()), [ModuleState::Ready; 2]);
    assert_eq!(bench.memory.most_running(), 3);
}

#[test]
fn one_component_of_one_owner_does_not_wait_behind_a_hundred_of_another() {
    let mut bench = Bench::new();
    bench.memory.script_others(Script::complete().after(TimeDelta::minutes(1)));
    bench.config.limits.per_backend = Some(1);
    let names = hundred();
    let components: Vec<(&str, i64, &[&str])> = names.iter().map(|name| (name.as_str(), 0, &[][..])).collect();
    let big = bench.create_with("big", "ann", &components, BuildOptions::default());
    let small = bench.create_with("small", "bob", &[("only", 0, &[])], BuildOptions::default());
    bench.drive(&[big, small]);
    assert_eq!([big, small].map(|build| bench.load(build).state()), [ModuleState::Ready; 2]);
    let place = bench.submitted().iter().position(|name| name == "only").expect("built");
    assert!(place <= 4, "the single component was number {place}");
    assert_eq!(bench.memory.most_running(), 1);
}

#[test]
fn components_that_died_with_their_driver_hold_no_slot() {
    for survives_process in [false, true] {
        let mut bench = Bench::new();
        let capabilities = mbs_core::builder::BuilderCapabilities { survives_process, ..bench.memory.capabilities() };
        let memory = bench.memory.clone().with_capabilities(capabilities);
        memory.script_others(Script::complete().after(TimeDelta::minutes(10)));
        bench.builder = std::sync::Arc::new(memory);
        bench.config.limits.per_backend = Some(1);
        let orphan = bench.create_with("orphan", "ann", &[("a", 0, &[])], BuildOptions::default());
        let next = bench.create_with("next", "ann", &[("b", 0, &[])], BuildOptions::default());
        let state = bench.run(async {
            let clock = bench.clock.clone();
            let mut killed = bench.driver(&[orphan]).await;
            let moment = mbs_core::clock::Clock::now(&clock) + TimeDelta::minutes(1);
            {
                let work = std::pin::pin!(killed.run(std::future::pending()));
                let end = std::pin::pin!(mbs_core::clock::Clock::sleep_until(&clock, moment));
                drop(futures::future::select(work, end).await);
            }
            drop(killed);
            // The lease of the killed driver lapses.
            mbs_core::clock::Clock::sleep_until(&clock, moment + TimeDelta::minutes(5)).await;
            let mut driver = bench.driver(&[next]).await;
            let stop = mbs_core::clock::Clock::sleep_until(&clock, moment + TimeDelta::hours(2));
            driver.run(stop).await.expect("driven");
            bench.load(next).state()
        });
        let expected = if survives_process { ModuleState::Build } else { ModuleState::Ready };
        assert_eq!(state, expected, "tasks survive their process: {survives_process}");
    }
}
