//! Streams made at random.

use super::super::{
    Api, Artifacts, BuildOpts, Components, Dependency, License, ModuleComponent, ModuleStream, Profile, References,
    RpmBuildOpts, RpmComponent, RpmMapEntry, Scalar, ServiceLevel, StreamSet, UnknownKeys, Value,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Texts of all kinds: harmless, ambiguous, of several lines, hostile.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9.+-]{0,10}",
        proptest::sample::select(vec![
            "",
            "yes",
            "No",
            "~",
            "null",
            "5.10",
            "1e3",
            "0x1F",
            "1_000",
            "1:30",
            "2024-01-01",
            "<<",
            "=",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#",
            "[",
            "{}",
            "*a",
            "&a",
            "!t",
            "|",
            ">",
            "%",
            "@",
            "`",
            "'",
            "\"",
            "? ",
            ":",
            "...",
            "---",
            " a",
            "a ",
            "a\\n",
            "00000000",
            "7e96446",
            "TRUE",
        ])
        .prop_map(str::to_owned),
        "[ a-z:#\n\t-]{0,20}",
        "\\PC{0,8}",
        any::<String>(),
    ]
}

fn name() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9_+]{0,8}"
}

fn names() -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(text(), 0..4)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = (text(), any::<bool>())
        .prop_map(|(text, typed)| Value::Scalar(if typed { Scalar::typed(text) } else { Scalar::text(text) }));
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            btree_map(text(), inner, 0..4).prop_map(Value::Map),
        ]
    })
}

fn component() -> impl Strategy<Value = RpmComponent> {
    (
        option::of(text()),
        option::of(name()),
        [option::of(text()), option::of(text()), option::of(text())],
        any::<[bool; 3]>(),
        any::<i64>(),
        btree_set(name(), 0..3),
    )
        .prop_map(
            |(
                rationale,
                name,
                [repository, cache, git_ref],
                [buildroot, srpm_buildroot, buildonly],
                buildorder,
                arches,
            )| {
                RpmComponent {
                    rationale,
                    name,
                    repository,
                    cache,
                    git_ref,
                    buildroot,
                    srpm_buildroot,
                    buildonly,
                    buildorder,
                    buildafter: BTreeSet::new(),
                    multilib: arches.clone(),
                    arches,
                }
            },
        )
}

fn components() -> impl Strategy<Value = Components> {
    let module = (option::of(text()), option::of(text()), option::of(text()), any::<i64>(), any::<bool>()).prop_map(
        |(rationale, repository, git_ref, buildorder, buildonly)| ModuleComponent {
            rationale,
            repository,
            git_ref,
            buildorder,
            buildonly,
        },
    );
    (btree_map(name(), component(), 0..4), btree_map(name(), module, 0..2), any::<bool>()).prop_map(
        |(mut rpms, modules, after)| {
            if after {
                // Each waits for the first: never a circle.
                let first = rpms.keys().next().cloned();
                for (key, component) in &mut rpms {
                    component.buildorder = 0;
                    component.buildafter = first.iter().filter(|first| *first != key).cloned().collect();
                }
            }
            Components { rpms, modules }
        },
    )
}

fn artifacts() -> impl Strategy<Value = Artifacts> {
    let entry = (name(), any::<u64>(), name(), name(), name()).prop_map(|(name, epoch, version, release, arch)| {
        let mut entry = RpmMapEntry { name, epoch, version, release, arch, nevra: String::new() };
        entry.nevra = entry.joined();
        entry
    });
    (vec(entry, 0..4), btree_map(text(), Just(()), 1..3)).prop_map(|(entries, digests)| Artifacts {
        rpms: entries.iter().map(RpmMapEntry::joined).collect(),
        rpm_map: digests
            .into_keys()
            .map(|digest| (digest, entries.iter().map(|entry| (entry.joined(), entry.clone())).collect()))
            .filter(|(_, map): &(String, BTreeMap<_, _>)| !map.is_empty())
            .collect(),
    })
}

fn dependencies() -> impl Strategy<Value = Vec<Dependency>> {
    let set = (btree_set(name(), 0..3), any::<bool>()).prop_map(|(streams, excluded)| {
        StreamSet(streams.into_iter().map(|name| if excluded { format!("-{name}") } else { name }).collect())
    });
    let modules = btree_map(name(), set, 0..3).boxed();
    vec((modules.clone(), modules).prop_map(|(buildrequires, requires)| Dependency { buildrequires, requires }), 0..3)
}

/// Streams that obey all rules.
pub(super) fn streams() -> impl Strategy<Value = ModuleStream> {
    let profile = (option::of(text()), names(), any::<bool>()).prop_map(|(description, rpms, default)| Profile {
        description,
        rpms,
        default,
    });
    let level = option::of(Just(chrono::NaiveDate::from_ymd_opt(2077, 10, 23).expect("a day")))
        .prop_map(|eol| ServiceLevel { eol });
    let head = (
        option::of(name()),
        option::of(name()),
        any::<u64>(),
        option::of("[a-z0-9_]{1,9}"),
        any::<bool>(),
        option::of(name()),
    );
    let texts = (text(), text(), option::of(text()), option::of(text()));
    let maps = (
        btree_map(text(), level, 0..2),
        btree_map(text(), profile, 0..3),
        option::of(btree_map(text(), value(), 0..4)),
    );
    let sets = (btree_set(text(), 1..3), names(), names(), names(), names(), names());
    (head, texts, maps, sets, dependencies(), components(), artifacts()).prop_map(
        |(
            head,
            (summary, description, community, macros),
            (servicelevels, profiles, xmd),
            sets,
            dependencies,
            components,
            artifacts,
        )| {
            let (name, stream, version, context, static_context, arch) = head;
            let (module, content, api, filter, demodularized, whitelist) = sets;
            ModuleStream {
                name,
                stream,
                version,
                context,
                static_context,
                arch,
                summary: Some(summary),
                description: Some(description),
                servicelevels,
                license: License { module, content },
                xmd: xmd.map(Value::Map),
                dependencies,
                references: References { community, documentation: None, tracker: None },
                profiles,
                api: Api { rpms: api },
                filter: Api { rpms: filter },
                demodularized: Api { rpms: demodularized },
                buildopts: BuildOpts { rpms: RpmBuildOpts { macros, whitelist }, arches: BTreeSet::new() },
                components,
                artifacts,
                unknown: UnknownKeys::default(),
            }
        },
    )
}
