"""Answers what libmodulemd makes of texts: one JSON object per line in, one per line out.

Started by the differential tests with the system's own Python. A request names an operation (`op`) and its
arguments; the answer holds `ok`, on failure `errors`, and facts: every value a getter gives, as plain JSON. What can
only be asked for by key (rpm-map entries, intents, translations) is asked for by the keys in `keys`.
"""

import json
import os
import sys
import tempfile
import warnings

import gi

gi.require_version("Modulemd", "2.0")
from gi.repository import GLib, Modulemd  # noqa: E402

# The library reports lost xmd items only as log messages; they would fill the standard error of the tests.
warnings.simplefilter("ignore")
GLib.log_set_always_fatal(0)


def texts(values):
    return sorted(values or [], key=lambda text: text.encode("utf-8", "surrogateescape"))


def dependencies(item):
    return {
        "buildrequires": {name: texts(item.get_buildtime_streams(name)) for name in item.get_buildtime_modules()},
        "requires": {name: texts(item.get_runtime_streams(name)) for name in item.get_runtime_modules()},
    }


def buildopts(options):
    return {
        "macros": options.get_rpm_macros() if options else None,
        "whitelist": texts(options.get_rpm_whitelist()) if options else [],
        "arches": texts(options.get_arches()) if options else [],
    }


def profile(one):
    return {"description": one.get_description(), "rpms": texts(one.get_rpms()), "default": one.is_default()}


def rpm_component(one):
    return {
        "rationale": one.get_rationale(),
        "name": one.get_name(),
        "repository": one.get_repository(),
        "cache": one.get_cache(),
        "ref": one.get_ref(),
        "buildroot": one.get_buildroot(),
        "srpm_buildroot": one.get_srpm_buildroot(),
        "buildonly": one.get_buildonly(),
        "buildorder": one.get_buildorder(),
        "buildafter": texts(one.get_buildafter()),
        "arches": texts(one.get_arches()),
        "multilib": texts(one.get_multilib_arches()),
    }


def module_component(one):
    return {
        "rationale": one.get_rationale(),
        "repository": one.get_repository(),
        "ref": one.get_ref(),
        "buildorder": one.get_buildorder(),
        "buildonly": one.get_buildonly(),
    }


def components(document):
    return {
        "rpms": {key: rpm_component(document.get_rpm_component(key)) for key in document.get_rpm_component_names()},
        "modules": {
            key: module_component(document.get_module_component(key)) for key in document.get_module_component_names()
        },
    }


def references(document):
    return {
        "community": document.get_community(),
        "documentation": document.get_documentation(),
        "tracker": document.get_tracker(),
    }


def rpm_map(stream, keys):
    found = {}
    for digest, checksum in keys.get("rpm_map", []):
        entry = stream.get_rpm_artifact_map_entry(digest, checksum)
        if entry is not None:
            found.setdefault(digest, {})[checksum] = {
                "name": entry.get_name(),
                "epoch": str(entry.get_epoch()),
                "version": entry.get_version(),
                "release": entry.get_release(),
                "arch": entry.get_arch(),
                "nevra": entry.get_nevra(),
            }
    return found


def stream(one, keys):
    mdversion = one.get_mdversion()
    levels = {name: one.get_servicelevel(name) for name in one.get_servicelevel_names()}
    facts = {
        "kind": "modulemd",
        "mdversion": mdversion,
        "name": one.get_module_name(),
        "stream": one.get_stream_name(),
        "version": str(one.get_version()),
        "context": one.get_context(),
        "arch": one.get_arch(),
        "nsvca": one.get_NSVCA(),
        "summary": one.get_summary(None),
        "description": one.get_description(None),
        "servicelevels": {name: level.get_eol_as_string() for name, level in levels.items()},
        "license": texts(one.get_module_licenses()),
        "content_license": texts(one.get_content_licenses()),
        "xmd": one.get_xmd(),
        "references": references(one),
        "profiles": {name: profile(one.get_profile(name)) for name in one.get_profile_names()},
        "api": texts(one.get_rpm_api()),
        "filter": texts(one.get_rpm_filters()),
        "buildopts": buildopts(one.get_buildopts()),
        "components": components(one),
        "artifacts": texts(one.get_rpm_artifacts()),
    }
    if mdversion == 1:
        facts["requires"] = {name: one.get_runtime_requirement_stream(name) for name in one.get_runtime_modules()}
        facts["buildrequires"] = {
            name: one.get_buildtime_requirement_stream(name) for name in one.get_buildtime_modules()
        }
    else:
        facts["dependencies"] = [dependencies(item) for item in one.get_dependencies()]
        facts["static_context"] = one.is_static_context()
        facts["demodularized"] = texts(one.get_demodularized_rpms())
        facts["rpm_map"] = rpm_map(one, keys)
    return facts


def default_profiles(one, intent):
    streams = one.get_streams_with_default_profiles(intent)
    return {name: texts(one.get_default_profiles_for_stream(name, intent)) for name in streams}


def defaults(one, keys):
    return {
        "kind": "modulemd-defaults",
        "module": one.get_module_name(),
        "modified": str(one.get_modified()),
        "stream": one.get_default_stream(None),
        "profiles": default_profiles(one, None),
        # An intent without a value of its own answers with the general one.
        "intents": {
            name: {"stream": one.get_default_stream(name), "profiles": default_profiles(one, name)}
            for name in keys.get("intents", [])
        },
    }


def translation(one):
    def entry(locale):
        found = one.get_translation_entry(locale)
        return {
            "summary": found.get_summary(),
            "description": found.get_description(),
            "profiles": {name: found.get_profile_description(name) for name in found.get_profiles()},
        }

    return {
        "kind": "modulemd-translations",
        "module": one.props.module_name,
        "stream": one.props.module_stream,
        "modified": str(one.props.modified),
        "translations": {locale: entry(locale) for locale in one.get_locales()},
    }


def obsoletes(one):
    return {
        "kind": "modulemd-obsoletes",
        "module": one.props.module_name,
        "stream": one.props.module_stream,
        "context": one.get_module_context(),
        "modified": str(one.get_modified()),
        "eol_date": str(one.get_eol_date()) if one.get_eol_date() else None,
        "message": one.get_message(),
        "reset": one.get_reset(),
        "obsoleted_by_module": one.get_obsoleted_by_module_name(),
        "obsoleted_by_stream": one.get_obsoleted_by_module_stream(),
    }


def packager(one, keys):
    def configuration(context):
        found = one.get_build_config(context)
        return {
            "platform": found.get_platform(),
            "buildrequires": {
                name: found.get_buildtime_requirement_stream(name) for name in found.get_buildtime_modules_as_strv()
            },
            "requires": {
                name: found.get_runtime_requirement_stream(name) for name in found.get_runtime_modules_as_strv()
            },
            "buildopts": buildopts(found.get_buildopts()),
        }

    return {
        "kind": "modulemd-packager",
        "mdversion": 3,
        "name": one.get_module_name(),
        "stream": one.get_stream_name(),
        "summary": one.get_summary(),
        "description": one.get_description(),
        "license": texts(one.get_module_licenses_as_strv()),
        "xmd": one.get_xmd(),
        "configurations": {name: configuration(name) for name in one.get_build_config_contexts_as_strv()},
        "references": references(one),
        "profiles": {name: profile(one.get_profile(name)) for name in one.get_profile_names_as_strv()},
        "api": texts(one.get_rpm_api_as_strv()),
        "filter": texts(one.get_rpm_filters_as_strv()),
        "demodularized": texts(one.get_demodularized_rpms()),
        "components": components(one),
    }


def documents(index, keys):
    found = []
    for name in index.get_module_names():
        module = index.get_module(name)
        if module.get_defaults() is not None:
            found.append(defaults(module.get_defaults(), keys))
        found.extend(obsoletes(one) for one in module.get_obsoletes())
        for known in sorted(set(keys.get("streams", [])) | set(module.get_stream_names())):
            if module.get_translation(known) is not None:
                found.append(translation(module.get_translation(known)))
        found.extend(stream(one, keys) for one in module.get_all_streams())
    return found


def read_index(text, strict):
    """The index, whether all went well, and the messages."""
    index = Modulemd.ModuleIndex.new()
    try:
        ok, failures = index.update_from_string(text, strict)
    except GLib.Error as error:
        return index, False, [error.message]
    return index, ok, [message(failure) for failure in failures]


def message(failure):
    """The error of a failed document; some failures have none, or one that was already freed."""
    error = failure.get_gerror()
    return (error.message if error else None) or "no message"


def good(facts, **more):
    return {"ok": True, "errors": [], "documents": facts, **more}


def bad(*errors, **more):
    return {"ok": False, "errors": list(errors), "documents": [], **more}


def op_read(request):
    """A text into an index. A single stream without names, which no index takes, is read alone."""
    keys = request.get("keys", {})
    index, ok, errors = read_index(request["text"], request["strict"])
    if any("stream names are required" in error for error in errors) and len(errors) == 1:
        try:
            one = Modulemd.ModuleStream.read_string(request["text"], request["strict"], None, None)
            return good([stream(one, keys)])
        except GLib.Error:
            # Several documents, or nothing readable: the index has said it.
            pass
    if request.get("upgrade") and index.get_stream_mdversion() == 1:
        index.upgrade_streams(2)
    return {"ok": ok, "errors": errors, "documents": documents(index, keys)}


def op_bytes(request):
    """Bytes, in hexadecimal digits, as a file: for what is no UTF-8 text."""
    index = Modulemd.ModuleIndex.new()
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(bytes.fromhex(request["bytes"]))
        file.flush()
        try:
            ok, failures = index.update_from_file(file.name, request["strict"])
        except GLib.Error as error:
            return {**bad(error.message), "documents": documents(index, {})}
    return {"ok": ok, "errors": [message(failure) for failure in failures], "documents": documents(index, {})}


def op_packager(request):
    """A packager's document: what it holds. The reader for packagers knows no strictness (it is always strict with
    version 3) and does not check the stream that version 2 is read as; the one for streams does."""
    keys = request.get("keys", {})
    try:
        kind, one = read_packager(request["text"])
        if kind == 3:
            return good([packager(one, keys)])
        Modulemd.ModuleStream.read_string(request["text"], request["strict"], None, None)
        return good([stream(one, keys)])
    except GLib.Error as error:
        return bad(error.message)


def read_packager(text):
    one = Modulemd.read_packager_string(text, None, None)
    if isinstance(one, tuple):
        one = next(part for part in one if hasattr(part, "get_mdversion"))
    return (3 if isinstance(one, Modulemd.PackagerV3) else 2), one


def op_convert(request):
    """`convert_to_index` of a packager 3 document (`to`: index), or the one stream that any stream document is read as
    and upgraded to (`to`: stream)."""
    keys = request.get("keys", {})
    try:
        if request["to"] == "stream":
            one = Modulemd.ModuleStream.read_string(request["text"], True, None, None)
            return good([stream(one.upgrade(2), keys)])
        _, one = read_packager(request["text"])
        return good(documents(one.convert_to_index(), keys))
    except GLib.Error as error:
        return bad(error.message)


def op_merge(request):
    merger = Modulemd.ModuleIndexMerger.new()
    indexes = []
    for text, priority in zip(request["texts"], request["priorities"]):
        index, ok, errors = read_index(text, request.get("strict", True))
        if not ok:
            return bad(*errors)
        indexes.append(index)
        merger.associate_index(index, priority)
    try:
        merged = merger.resolve_ext(True) if request.get("strict_default_streams") else merger.resolve()
        if merged.get_stream_mdversion() != 0:
            merged.upgrade_streams(2)
    except GLib.Error as error:
        return bad(error.message)
    return good(documents(merged, request.get("keys", {})))


def op_search(request):
    """Each query with the NSVCA of the streams it finds."""
    index, ok, errors = read_index(request["text"], request.get("strict", True))
    if not ok:
        return bad(*errors)
    return good([], found=[search(index, query) for query in request["queries"]])


def search(index, query):
    by = query["by"]
    if by == "nsvca":
        return [one.get_NSVCA() for one in index.search_streams_by_nsvca_glob(query["pattern"])]
    if by == "rpms":
        return [one.get_NSVCA() for one in index.search_rpms(query["pattern"])]
    if by == "parts":
        parts = [query.get(part) for part in ("name", "stream", "version", "context", "arch")]
        return [one.get_NSVCA() for one in index.search_streams(*parts)]
    if by == "default_streams":
        return dict(index.get_default_streams(query.get("intent")))
    if by in ("depends", "build_depends"):
        found = []
        for name in index.get_module_names():
            for one in index.get_module(name).get_all_streams():
                ask = one.depends_on_stream if by == "depends" else one.build_depends_on_stream
                if ask(query["module"], query["stream"]):
                    found.append(one.get_NSVCA())
        return found
    if by in ("summary", "description"):
        found = {}
        for name in index.get_module_names():
            for one in index.get_module(name).get_all_streams():
                ask = one.get_summary if by == "summary" else one.get_description
                found[one.get_NSVCA()] = ask(query.get("locale"))
        return found
    if by == "profiles":
        found = {}
        for name in index.get_module_names():
            for one in index.get_module(name).get_all_streams():
                found[one.get_NSVCA()] = [each.get_name() for each in one.search_profiles(query["pattern"])]
        return found
    if by == "obsoletes":
        found = {}
        for name in index.get_module_names():
            for one in index.get_module(name).get_all_streams():
                resolved = one.get_obsoletes_resolved()
                found[one.get_NSVCA()] = obsoletes(resolved) if resolved else None
        return found
    raise ValueError(f"no such query: {by}")


def op_dump(request):
    index, ok, errors = read_index(request["text"], request.get("strict", True))
    if not ok:
        return bad(*errors)
    try:
        return good([], text=index.dump_to_string())
    except GLib.Error as error:
        return bad(error.message)


def op_upgrade(request):
    index, ok, errors = read_index(request["text"], request.get("strict", True))
    if not ok:
        return bad(*errors)
    try:
        index.upgrade_streams(request["to"])
    except GLib.Error as error:
        return bad(error.message)
    return good(documents(index, request.get("keys", {})))


OPERATIONS = {
    "version": lambda request: {"ok": True, "version": Modulemd.get_version()},
    "read": op_read,
    "bytes": op_bytes,
    "packager": op_packager,
    "convert": op_convert,
    "merge": op_merge,
    "search": op_search,
    "dump": op_dump,
    "upgrade": op_upgrade,
}


def main():
    # The library logs to both streams; answers go to a copy that nothing else knows.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            answer = OPERATIONS[request["op"]](request)
        except (UnicodeError, TypeError, ValueError) as error:
            # The bindings cannot carry every value, such as a text with a NUL.
            answer = {"ok": None, "errors": [f"bindings: {error}"], "documents": []}
        answers.write(json.dumps(answer))
        answers.write("\n")
        answers.flush()


main()
