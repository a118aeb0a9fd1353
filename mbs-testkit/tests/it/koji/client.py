"""Drives the fake hub with Koji's own client: arguments are the address, the version and a folder for files."""

import hashlib
import json
import os
import sys
import urllib.request

import koji

url, version, folder = sys.argv[1:4]
opts = {
    "max_retries": 3,
    "retry_interval": 0.05,
    "timeout": 20,
    "anon_retry": True,
    "use_fast_upload": True,
    "no_ssl_verify": True,
}
newest = version == "1.35"


def control(**steps):
    address = url.replace("/kojihub", "/control")
    request = urllib.request.Request(address, json.dumps(steps).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def fails(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind as error:
        return str(error)
    raise AssertionError(f"{call} did not fail with {kind}")


def finish(task):
    for _ in range(20):
        info = session.getTaskInfo(task)
        if info["state"] in (koji.TASK_STATES["CLOSED"], koji.TASK_STATES["FAILED"], koji.TASK_STATES["CANCELED"]):
            return koji.TASK_STATES[info["state"]]
    raise AssertionError(f"task {task} goes on and on")


# Login, sessions.
session = koji.ClientSession(url, opts=dict(opts, user="mbs", password="mbs"))
assert session.getKojiVersion().startswith(version)
assert session.hub_version[:2] == tuple(int(part) for part in version.split("."))
wrong = koji.ClientSession(url, opts=dict(opts, user="mbs", password="wrong"))
fails(koji.AuthError, wrong.login)
anonymous = koji.ClientSession(url, opts=opts)
assert anonymous.getLoggedInUser() is None
fails(koji.ActionNotAllowed, anonymous.createTag, "x")
session.login()
assert session.getLoggedInUser()["name"] == "mbs"
assert ("repo.request" in session.system.listMethods()) == newest
fails(koji.GenericError, session.noSuchMethod)
fails(koji.ParameterError, session.getTag, "x", colour="red")
other = session.subsession()
assert other.getLoggedInUser()["name"] == "mbs"
other.logout()

# Tags, groups, inheritance, targets.
name = "module-m-1-20260101-c0ffee42"
base = session.createTag("module-f42-build", arches="x86_64 aarch64")
with session.multicall(strict=True) as many:
    extra = {"mock.package_manager": "dnf", "repo_include_all": True, "mock.new_chroot": 0}
    for tag in (name, name + "-build"):
        many.createTag(tag, arches="x86_64 aarch64", extra=extra)
        for package in ("module-build-macros", "foo", "bar"):
            many.packageListAdd(tag, package, "mbs")
    for group in ("build", "srpm-build"):
        many.groupListAdd(name + "-build", group)
        many.groupPackageListAdd(name + "-build", group, "bash")
    many.setInheritanceData(
        name + "-build",
        [{"parent_id": base, "priority": 0, "maxdepth": None, "intransitive": False, "noconfig": False, "pkg_filter": ""}],
    )
    many.createBuildTarget(name, name + "-build", name)
    made = many.getBuildTarget(name)
assert made.result["dest_tag_name"] == name
assert session.getTag(name)["extra"] == extra
assert [link["name"] for link in session.getFullInheritance(name + "-build")] == ["module-f42-build"]
groups = {group["name"]: [entry["package"] for entry in group["packagelist"]] for group in session.getTagGroups(name + "-build")}
assert groups == {"build": ["bash"], "srpm-build": ["bash"]}, groups
fails(koji.GenericError, session.createTag, name)
with session.multicall() as many:
    refused = many.createTag(name)
    found = many.getTag(name)
fails(koji.GenericError, lambda: refused.result)
assert found.result["name"] == name
event = session.getLastEvent()["id"]
session.editTag2(name, extra=extra, arches="x86_64 aarch64")
session.packageListAdd(name, "foo", "mbs")
assert session.getLastEvent()["id"] == event

# Uploads.
macros = "module-build-macros-0.1-1.module_f42+7+c0ffee42"
path = os.path.join(folder, macros + ".src.rpm")
with open(path, "wb") as out:
    out.write(b"0123456789abcdef" * 90_000)
session.uploadWrapper(path, "cli-build/1.abcdefgh", blocksize=1 << 20)
stored = session.checkUpload("cli-build/1.abcdefgh", macros + ".src.rpm", verify="md5")
assert stored["size"] == 1_440_000
with open(path, "rb") as whole:
    assert stored["hexdigest"] == hashlib.md5(whole.read()).hexdigest()

# A repository, builds, tagging.
def regenerate():
    if newest:
        request = session.repo.request(name + "-build", min_event="last")
        for _ in range(20):
            if request["repo"]:
                return request["repo"]
            request = session.repo.checkRequest(request["request"]["id"])
        raise AssertionError("no repository")
    task = session.newRepo(name + "-build")
    assert finish(task) == "CLOSED"
    return session.repoInfo(session.getTaskResult(task)[0])


options = {"skip_tag": True, "mbs_artifact_name": "x", "mbs_module_target": name}
assert regenerate()["state"] == koji.REPO_READY
task = session.build("cli-build/1.abcdefgh/" + macros + ".src.rpm", name, options, priority=10)
assert session.getTaskInfo(task, request=True)["request"][2] == options
assert finish(task) == "CLOSED"
assert session.getTaskResult(task) is None
assert [build["nvr"] for build in session.listBuilds(taskID=task)] == [macros]
assert [build["name"] for build in session.untaggedBuilds(name="module-build-macros")] == ["module-build-macros"]
for tag in (name, name + "-build"):
    assert finish(session.tagBuild(tag, macros)) == "CLOSED"
again = session.tagBuild(name, macros)
assert finish(again) == "FAILED"
assert "already tagged" in fails(koji.TagError, session.getTaskResult, again)
session.groupPackageListAdd(name + "-build", "srpm-build", "module-build-macros")
assert regenerate()["state"] == koji.REPO_READY

control(script={"packages": {"foo": [{"end": "fails", "polls": 2, "log": "no such header\n"}, {"polls": 3, "debuginfo": True}],
                             "bar": [{"end": "srpm-fails"}, {"exclusive_arch": ["x86_64"]}]}})
session.multicall = True
for package in ("foo", "bar"):
    session.build(f"git+https://src.localhost/rpms/{package}?#1", name, options, 10)
tasks = [result[0] for result in session.multiCall()]
assert [finish(task) for task in tasks] == ["FAILED", "FAILED"]
assert "error building package" in fails(koji.BuildError, session.getTaskResult, tasks[0])
failed = [child for child in session.getTaskChildren(tasks[0]) if child["state"] == koji.TASK_STATES["FAILED"]][0]
assert failed["method"] == "buildArch"
assert "build.log" in session.listTaskOutput(failed["id"])
assert session.downloadTaskOutput(failed["id"], "build.log") == b"no such header\n"
assert session.downloadTaskOutput(failed["id"], "build.log", offset=-7) == b"header\n"
assert session.listBuilds(taskID=tasks[1]) == []
tasks = [session.build(f"git+https://src.localhost/rpms/{package}?#1", name, options, 10) for package in ("foo", "bar")]
assert [finish(task) for task in tasks] == ["CLOSED", "CLOSED"]
nvrs = [session.listBuilds(taskID=task)[0]["nvr"] for task in tasks]
assert nvrs == ["foo-1.0-1.module_f42+7+c0ffee42", "bar-1.0-1.module_f42+7+c0ffee42"], nvrs
session.massTag(name, nvrs)
rpms, builds = session.listTaggedRPMS(name, latest=True)
assert sorted(f"{rpm['name']}.{rpm['arch']}" for rpm in rpms if rpm["name"].startswith(("foo", "bar"))) == [
    "bar.src", "bar.x86_64", "foo-debuginfo.aarch64", "foo-debuginfo.x86_64", "foo.aarch64", "foo.src", "foo.x86_64"]
assert len(builds) == 3
source = [rpm["id"] for rpm in rpms if rpm["name"] == "bar" and rpm["arch"] == "src"][0]
headers = session.getRPMHeaders(source, headers=["exclusivearch", "license"])
assert headers == {"exclusivearch": ["x86_64"], "license": "MIT"}, headers

# A content generator.
content = os.path.join(folder, "modulemd.txt")
with open(content, "w") as out:
    out.write("document: modulemd\n")
session.uploadWrapper(content, "mbs/1.7")
with open(content, "rb") as whole:
    facts = {"filesize": os.path.getsize(content), "checksum": hashlib.md5(whole.read()).hexdigest(), "checksum_type": "md5"}
module = {"module": {"name": "m", "stream": "1", "module_build_service_id": 7}}
metadata = {
    "metadata_version": 0,
    "buildroots": [{"id": 1, "host": {"arch": "x86_64", "os": "x"}, "container": {"arch": "x86_64", "type": "none"},
                    "content_generator": {"name": "module-build-service", "version": "1"}, "components": [], "tools": []}],
    "build": {"name": "m", "version": "1", "release": "7.c0ffee42", "source": "git+https://x", "start_time": 1, "end_time": 2,
              "owner": "mbs", "extra": {"typeinfo": module}},
    "output": [dict(facts, buildroot_id=1, arch="noarch", type="file", filename="modulemd.txt",
                    extra={"typeinfo": {"module": {}}}, components=[])],
}
metadata["output"][0]["filesize"] += 1
fails(koji.GenericError, session.CGImport, metadata, "mbs/1.7")
metadata["output"][0]["filesize"] -= 1
build = session.CGImport(json.dumps(metadata), "mbs/1.7")
assert build["extra"]["typeinfo"] == module and build["cg_name"] == "module-build-service"
fails(koji.GenericError, session.CGImport, metadata, "mbs/1.7")
assert session.checkUpload("mbs/1.7", "modulemd.txt") is None
assert [archive["filename"] for archive in session.listArchives(buildID=build["id"])] == ["modulemd.txt"]
assert list(session.getBuildType(build["nvr"])) == ["module"]

# Faults: a lost answer is noticed by the call number; without one (before 1.35 the hub reads another header) it runs twice.
def inject(method, what, times=1):
    control(faults={"rules": [{"method": method, "what": what, "times": times}]})


inject("createTag", "reset-after")
if version in ("1.30", "1.34"):
    assert "already exists" in fails(koji.GenericError, session.createTag, "lost")
else:
    fails(koji.RetryError, session.createTag, "lost")
assert session.getTag("lost")["name"] == "lost"
for what in ({"status": 502}, "html", "reset-before", {"cut": 30}):
    inject("getTag", what)
    # The client repeats all of these by itself, a page too.
    assert session.getTag("lost")["name"] == "lost", what
inject("getTag", {"fault": {"code": 1014, "text": "Server disabled for maintenance"}})
fails(koji.ServerOffline, session.getTag, "lost")
# A renewed session keeps its number, but this client begins at 0 again.
control(expire_sessions=True)
if version in ("1.30", "1.34"):
    assert session.getLoggedInUser()["name"] == "mbs"
else:
    # With a session in the query string it does not even send the old one.
    fails(koji.AuthError if version == "1.29" else koji.SequenceError, session.getLoggedInUser)
    session = koji.ClientSession(url, opts=dict(opts, user="mbs", password="mbs"))
    session.login()

# Holding a certificate. The client wants https, so that only its call is used.
holder = koji.ClientSession(url, opts=opts)
answer = holder._callMethod("sslLogin", [], {"proxyuser": None}, retry=False)
assert answer["session-id"] > 0 and ("header-auth" in answer) == (version != "1.29")

session.logout()
assert session.getLoggedInUser() is None
counted = control()
assert counted["requests"] == sum(counted[kind] for kind in ("session", "polls", "uploads", "work"))
assert counted["by_method"]["upload"] == 3, counted["by_method"]
print("good")
