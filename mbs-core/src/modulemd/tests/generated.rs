//! Documents of every kind made at random, such as the reader takes without an error.

use crate::modulemd::{
    Api, Artifacts, ArtifactsV1, BuildOpts, Components, Configuration, DefaultProfiles, Defaults, DependenciesV1,
    Dependency, Document, Intent, License, Minute, ModuleComponent, ModuleStream, ObsoletedBy, Obsoletes, PackagerV2,
    PackagerV3, Profile, References, RpmBuildOpts, RpmComponent, RpmMapEntry, Scalar, ServiceLevel, StreamSet,
    StreamV1, Translation, Translations, UnknownDocument, UnknownKeys, Value,
};
use chrono::NaiveDate;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Texts of all kinds: harmless, ambiguous, of several lines, hostile.
pub(super) fn text() -> impl Strategy<Value = String> {
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

/// Texts that are not empty.
fn filled() -> impl Strategy<Value = String> {
    text().prop_map(|text| if text.is_empty() { "0".to_owned() } else { text })
}

fn name() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9_+]{0,8}"
}

fn names() -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(text(), 0..4)
}

pub(super) fn value() -> BoxedStrategy<Value> {
    let leaf = (text(), any::<bool>())
        .prop_map(|(text, typed)| Value::Scalar(if typed { Scalar::typed(text) } else { Scalar::text(text) }));
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            btree_map(text(), inner, 0..4).prop_map(Value::from),
        ]
    })
    .boxed()
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

fn profiles() -> impl Strategy<Value = BTreeMap<String, Profile>> {
    let profile = (option::of(text()), names(), any::<bool>()).prop_map(|(description, rpms, default)| Profile {
        description,
        rpms,
        default,
    });
    btree_map(text(), profile, 0..3)
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (1..=9999, 1_u32..=366).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day.min(365)).expect("a day"))
}

fn minute() -> impl Strategy<Value = Minute> {
    "[0-9]{3}[1-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]Z"
        .prop_map(|text| text.parse().expect("a minute"))
}

fn levels() -> impl Strategy<Value = BTreeMap<String, ServiceLevel>> {
    btree_map(text(), option::of(day()).prop_map(|eol| ServiceLevel { eol }), 0..3)
}

fn xmd() -> impl Strategy<Value = Option<Value>> {
    let map = btree_map(text(), value(), 0..4).prop_map(Value::from).boxed();
    option::of(prop_oneof![9 => map, 1 => text().prop_map(Value::from)])
}

fn references() -> impl Strategy<Value = References> {
    (option::of(text()), option::of(text()), option::of(text()))
        .prop_map(|(community, documentation, tracker)| References { community, documentation, tracker })
}

fn buildopts() -> impl Strategy<Value = BuildOpts> {
    (option::of(text()), names(), any::<bool>()).prop_map(|(macros, whitelist, arch)| {
        // What the components are limited to must be among these.
        let arches = if arch { BTreeSet::from(["noarch".to_owned()]) } else { BTreeSet::new() };
        BuildOpts { rpms: RpmBuildOpts { macros, whitelist }, arches }
    })
}

/// Components that have no architectures of their own.
fn anywhere(mut components: Components) -> Components {
    for component in components.rpms.values_mut() {
        component.arches.clear();
    }
    components
}

/// Streams that obey all rules.
pub(super) fn streams() -> impl Strategy<Value = ModuleStream> {
    let head = (
        option::of(text()),
        option::of(text()),
        any::<u64>(),
        option::of("[a-z0-9_]{1,9}"),
        any::<bool>(),
        option::of(text()),
    );
    let texts = (text(), text(), references());
    let maps = (levels(), profiles(), xmd());
    let sets = (btree_set(text(), 1..3), names(), names(), names(), names());
    (head, texts, maps, sets, dependencies(), buildopts(), components(), artifacts()).prop_map(
        |(head, texts, maps, sets, dependencies, buildopts, mut components, artifacts)| {
            let (name, stream, version, context, static_context, arch) = head;
            let (summary, description, references) = texts;
            let (servicelevels, profiles, xmd) = maps;
            let (module, content, api, filter, demodularized) = sets;
            if !buildopts.arches.is_empty() {
                components = anywhere(components);
            }
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
                xmd,
                dependencies,
                references,
                profiles,
                api: Api { rpms: api },
                filter: Api { rpms: filter },
                demodularized: Api { rpms: demodularized },
                buildopts,
                components,
                artifacts,
                unknown: UnknownKeys::default(),
            }
        },
    )
}

/// Version 1, from what a version 2 document holds.
fn streams_v1() -> impl Strategy<Value = StreamV1> {
    let modules = || btree_map(text(), text(), 0..3);
    (streams(), option::of(day()), modules(), modules()).prop_map(|(new, eol, buildrequires, requires)| StreamV1 {
        name: new.name,
        stream: new.stream,
        version: new.version,
        context: new.context,
        arch: new.arch,
        summary: new.summary,
        description: new.description,
        eol,
        servicelevels: new.servicelevels,
        license: new.license,
        xmd: new.xmd,
        dependencies: DependenciesV1 { buildrequires, requires },
        references: new.references,
        profiles: new.profiles,
        api: new.api,
        filter: new.filter,
        buildopts: new.buildopts,
        components: new.components,
        artifacts: ArtifactsV1 { rpms: new.artifacts.rpms },
        unknown: UnknownKeys::default(),
    })
}

fn packagers_v2() -> impl Strategy<Value = PackagerV2> {
    streams().prop_map(|stream| PackagerV2 {
        static_context: stream.static_context,
        summary: stream.summary,
        description: stream.description,
        license: License { content: BTreeSet::new(), ..stream.license },
        dependencies: stream.dependencies,
        references: stream.references,
        profiles: stream.profiles,
        api: stream.api,
        filter: stream.filter,
        demodularized: stream.demodularized,
        components: stream.components,
        unknown: UnknownKeys::default(),
    })
}

fn packagers_v3() -> impl Strategy<Value = PackagerV3> {
    let modules = || btree_map(text(), name().prop_map(StreamSet::one), 0..3);
    let configuration = (text(), modules(), modules(), buildopts()).boxed();
    let configurations = btree_map("[A-Za-z0-9]{1,10}", configuration, 0..3).prop_map(|map| {
        let configurations = map.into_iter().map(|(context, (platform, buildrequires, requires, buildopts))| {
            Configuration { context: Some(context), platform: Some(platform), buildrequires, requires, buildopts }
        });
        configurations.rev().collect()
    });
    (streams(), names(), configurations).prop_map(|(stream, license, configurations): (_, _, Vec<Configuration>)| {
        PackagerV3 {
            name: stream.name,
            stream: stream.stream,
            summary: stream.summary,
            description: stream.description,
            license,
            xmd: stream.xmd,
            configurations,
            references: stream.references,
            profiles: stream.profiles,
            api: stream.api,
            filter: stream.filter,
            demodularized: stream.demodularized,
            components: anywhere(stream.components),
            unknown: UnknownKeys::default(),
        }
    })
}

fn defaults() -> impl Strategy<Value = Defaults> {
    let profiles = || btree_map(text(), names(), 0..3).prop_map(DefaultProfiles::from);
    let intent = (option::of(text()), profiles()).prop_map(|(stream, profiles)| Intent { stream, profiles });
    (filled(), any::<u64>(), option::of(text()), profiles(), btree_map(text(), intent, 0..3)).prop_map(
        |(module, modified, stream, profiles, intents)| Defaults {
            module,
            modified,
            stream,
            profiles,
            intents,
            unknown: UnknownKeys::default(),
        },
    )
}

fn translations() -> impl Strategy<Value = Translations> {
    let translation = (option::of(text()), option::of(text()), btree_map(text(), text(), 0..3))
        .prop_map(|(summary, description, profiles)| Translation { summary, description, profiles });
    (filled(), filled(), 1..=u64::MAX, btree_map(text(), translation, 0..3)).prop_map(
        |(module, stream, modified, translations)| Translations {
            module,
            stream,
            modified,
            translations,
            unknown: UnknownKeys::default(),
        },
    )
}

fn obsoletes() -> impl Strategy<Value = Obsoletes> {
    let next = (filled(), filled()).prop_map(|(module, stream)| ObsoletedBy { module, stream });
    let kind = prop_oneof![
        Just((true, None, None)),
        (option::of(minute()), option::of(next)).prop_map(|(date, next)| (false, date, next)),
    ];
    (minute(), filled(), filled(), option::of(text()), filled(), kind).prop_map(
        |(modified, module, stream, context, message, (reset, eol_date, obsoleted_by))| Obsoletes {
            modified,
            reset,
            module,
            stream,
            context,
            eol_date,
            message,
            obsoleted_by,
            unknown: UnknownKeys::default(),
        },
    )
}

/// Documents of kinds and versions that nobody knows yet.
fn unknown_documents() -> impl Strategy<Value = UnknownDocument> {
    let kind = prop_oneof!["modulemd-[a-c]{1,5}", Just("modulemd".to_owned())];
    (kind, 4..=u64::MAX, btree_map(text(), value(), 0..4), value()).prop_map(|(kind, version, mut root, data)| {
        root.insert("document".to_owned(), Value::from(kind.as_str()));
        root.insert("version".to_owned(), Value::Scalar(Scalar::typed(version.to_string())));
        root.insert("data".to_owned(), [("x".to_owned(), data)].into_iter().collect());
        UnknownDocument { kind, version, root: Value::from(root) }
    })
}

/// Documents of all kinds that obey all rules and, but for the unknown kinds, have known keys only.
pub(in super::super) fn documents() -> BoxedStrategy<Document> {
    prop_oneof![
        streams_v1().prop_map(Document::from).boxed(),
        streams().prop_map(Document::from).boxed(),
        packagers_v2().prop_map(Document::from).boxed(),
        packagers_v3().prop_map(Document::from).boxed(),
        defaults().prop_map(Document::from).boxed(),
        translations().prop_map(Document::from).boxed(),
        obsoletes().prop_map(Document::from).boxed(),
        unknown_documents().prop_map(Document::from).boxed(),
    ]
    .boxed()
}
