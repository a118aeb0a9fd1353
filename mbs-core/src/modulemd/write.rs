//! The canonical text of a stream document.

use super::model::{
    Api, BuildOpts, Dependency, ModuleComponent, ModuleStream, Profile, RpmComponent, RpmMapEntry, StreamSet, Value,
};
use super::yaml::emitter::{Out, document};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Writes a `modulemd` version 2 document from `---` to `...`.
///
/// Keys come in the order of the format's other writer, sets and free maps in byte order; empty parts are left out.
/// Equal documents have equal texts, and [`super::read`] gives back an equal document.
pub fn write(stream: &ModuleStream) -> String {
    let mut root = Pairs::default();
    root.text("document", "modulemd");
    root.number("version", &2);
    root.put("data", Out::Map(data(stream)));
    document(&root.0)
}

type Pair<'o> = (Cow<'o, str>, Out<'o>);

/// Pairs being collected; what is absent or empty is left out.
#[derive(Default)]
struct Pairs<'o>(Vec<Pair<'o>>);

impl<'o> Pairs<'o> {
    fn put(&mut self, key: &'static str, value: Out<'o>) {
        self.0.push((Cow::Borrowed(key), value));
    }

    fn text(&mut self, key: &'static str, text: &'o str) {
        self.put(key, Out::Text(Cow::Borrowed(text)));
    }

    fn option(&mut self, key: &'static str, text: Option<&'o String>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    fn number(&mut self, key: &'static str, number: &impl ToString) {
        self.put(key, Out::Typed(Cow::Owned(number.to_string())));
    }

    fn flag(&mut self, key: &'static str, flag: bool) {
        if flag {
            self.put(key, Out::Typed(Cow::Borrowed("true")));
        }
    }

    fn set(&mut self, key: &'static str, set: &'o BTreeSet<String>) {
        if !set.is_empty() {
            self.put(key, texts(set));
        }
    }

    fn map(&mut self, key: &'static str, pairs: Vec<Pair<'o>>) {
        if !pairs.is_empty() {
            self.put(key, Out::Map(pairs));
        }
    }

    /// A map with free keys.
    fn free<V>(&mut self, key: &'static str, map: &'o BTreeMap<String, V>, out: impl Fn(&'o V) -> Vec<Pair<'o>>) {
        self.map(key, free(map, |value| Out::Map(out(value))));
    }
}

fn free<'o, V>(map: &'o BTreeMap<String, V>, out: impl Fn(&'o V) -> Out<'o>) -> Vec<Pair<'o>> {
    map.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), out(value))).collect()
}

fn texts(set: &BTreeSet<String>) -> Out<'_> {
    Out::List(set.iter().map(|text| Out::Text(Cow::Borrowed(text))).collect())
}

fn data(stream: &ModuleStream) -> Vec<Pair<'_>> {
    let mut out = Pairs::default();
    out.option("name", stream.name.as_ref());
    if let Some(name) = &stream.stream {
        // Always quoted: streams such as 5.10 are texts, not numbers.
        out.put("stream", Out::Quoted(name));
    }
    if stream.version != 0 {
        out.number("version", &stream.version);
    }
    out.option("context", stream.context.as_ref());
    out.flag("static_context", stream.static_context);
    out.option("arch", stream.arch.as_ref());
    out.option("summary", stream.summary.as_ref());
    out.option("description", stream.description.as_ref());
    out.free("servicelevels", &stream.servicelevels, |level| {
        let mut out = Pairs::default();
        if let Some(eol) = &level.eol {
            out.number("eol", eol);
        }
        out.0
    });
    let mut license = Pairs::default();
    license.set("module", &stream.license.module);
    license.set("content", &stream.license.content);
    out.map("license", license.0);
    if let Some(xmd) = &stream.xmd {
        out.put("xmd", value(xmd));
    }
    if !stream.dependencies.is_empty() {
        out.put("dependencies", Out::List(stream.dependencies.iter().map(dependency).collect()));
    }
    let mut references = Pairs::default();
    references.option("community", stream.references.community.as_ref());
    references.option("documentation", stream.references.documentation.as_ref());
    references.option("tracker", stream.references.tracker.as_ref());
    out.map("references", references.0);
    out.free("profiles", &stream.profiles, profile);
    out.map("api", rpms(&stream.api));
    out.map("filter", rpms(&stream.filter));
    out.map("demodularized", rpms(&stream.demodularized));
    out.map("buildopts", buildopts(&stream.buildopts));
    let mut components = Pairs::default();
    components.free("rpms", &stream.components.rpms, rpm_component);
    components.free("modules", &stream.components.modules, module_component);
    out.map("components", components.0);
    let mut artifacts = Pairs::default();
    artifacts.set("rpms", &stream.artifacts.rpms);
    artifacts.map("rpm-map", free(&stream.artifacts.rpm_map, |digest| Out::Map(free(digest, rpm_map_entry))));
    out.map("artifacts", artifacts.0);
    out.0
}

fn value(value: &Value) -> Out<'_> {
    match value {
        Value::Scalar(scalar) if scalar.is_typed() => Out::Typed(Cow::Borrowed(scalar.as_str())),
        Value::Scalar(scalar) => Out::Text(Cow::Borrowed(scalar.as_str())),
        Value::List(items) => Out::List(items.iter().map(self::value).collect()),
        Value::Map(map) => Out::Map(free(map, self::value)),
    }
}

fn dependency(dependency: &Dependency) -> Out<'_> {
    fn streams(set: &StreamSet) -> Out<'_> {
        texts(&set.0)
    }
    let mut out = Pairs::default();
    out.map("buildrequires", free(&dependency.buildrequires, streams));
    out.map("requires", free(&dependency.requires, streams));
    Out::Map(out.0)
}

fn profile(profile: &Profile) -> Vec<Pair<'_>> {
    let mut out = Pairs::default();
    out.option("description", profile.description.as_ref());
    out.set("rpms", &profile.rpms);
    out.flag("default", profile.default);
    out.0
}

fn rpms(api: &Api) -> Vec<Pair<'_>> {
    let mut out = Pairs::default();
    out.set("rpms", &api.rpms);
    out.0
}

fn buildopts(buildopts: &BuildOpts) -> Vec<Pair<'_>> {
    let mut rpms = Pairs::default();
    rpms.option("macros", buildopts.rpms.macros.as_ref());
    rpms.set("whitelist", &buildopts.rpms.whitelist);
    let mut out = Pairs::default();
    out.map("rpms", rpms.0);
    out.set("arches", &buildopts.arches);
    out.0
}

fn rpm_component(component: &RpmComponent) -> Vec<Pair<'_>> {
    let mut out = Pairs::default();
    out.option("rationale", component.rationale.as_ref());
    out.option("name", component.name.as_ref());
    out.option("repository", component.repository.as_ref());
    out.option("cache", component.cache.as_ref());
    out.option("ref", component.git_ref.as_ref());
    out.flag("buildroot", component.buildroot);
    out.flag("srpm-buildroot", component.srpm_buildroot);
    if component.buildorder != 0 {
        out.number("buildorder", &component.buildorder);
    }
    out.set("buildafter", &component.buildafter);
    out.flag("buildonly", component.buildonly);
    out.set("arches", &component.arches);
    out.set("multilib", &component.multilib);
    out.0
}

fn module_component(component: &ModuleComponent) -> Vec<Pair<'_>> {
    let mut out = Pairs::default();
    out.option("rationale", component.rationale.as_ref());
    out.option("repository", component.repository.as_ref());
    out.option("ref", component.git_ref.as_ref());
    if component.buildorder != 0 {
        out.number("buildorder", &component.buildorder);
    }
    out.flag("buildonly", component.buildonly);
    out.0
}

fn rpm_map_entry(entry: &RpmMapEntry) -> Out<'_> {
    let mut out = Pairs::default();
    out.text("name", &entry.name);
    out.number("epoch", &entry.epoch);
    out.text("version", &entry.version);
    out.text("release", &entry.release);
    out.text("arch", &entry.arch);
    out.text("nevra", &entry.nevra);
    Out::Map(out.0)
}
