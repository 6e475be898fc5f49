"""A release: what is done in which order, and above all what is undone when something fails."""

import json
import re
import subprocess

from cloud import NEW, OLD, REGISTRY


LOGIN = {"name": "POSTGRES_USER", "value": "fairway_query_b"}


def commands(cloud):
    return [" ".join(arguments) for arguments in cloud.tasks.values()]


def job_images(cloud):
    return [job["containerProperties"]["image"].split("@")[1] for job in cloud.jobs]


def written_image(cloud):
    return cloud.parameters["/copy/loader/image"].split("@")[1]


def operations(cloud, *wanted):
    return [operation for operation, _ in cloud.calls if operation in wanted]


def test_every_script_tells_what_it_is_for(release, script):
    asked, lost = release.run(script, "--help"), release.run(script)
    assert asked.returncode == 0 and script in asked.stdout
    assert lost.returncode == 2 and lost.stderr == asked.stdout
    assert release.cloud.calls == []


def test_deploy(release):
    done = release.run("deploy", "copy", release.images, SMOKE_LANE="CNSHA NLRTM")
    assert done.returncode == 0
    cloud = release.cloud
    assert cloud.running("query") == cloud.running("ingest") == NEW
    assert job_images(cloud) == [OLD, NEW]
    assert written_image(cloud) == NEW
    assert [command.split(" --from")[0] for command in commands(cloud)] == [
        "migrate", "dataset", "batches list", "rates CNSHA NLRTM"]
    assert "printed by migrate" in done.stdout
    # The migration was over before a service was touched, and the smoke test began after both had moved.
    order = operations(cloud, "RunTask", "UpdateService")
    assert order == ["RunTask", "UpdateService", "UpdateService", "RunTask", "RunTask", "RunTask"]


def test_only_the_image_of_one_container_changes(release):
    before = release.cloud.definitions["copy-query"][-1]
    assert release.run("deploy", "copy", release.images).returncode == 0
    after = release.cloud.definitions["copy-query"][-1]
    assert [container["image"].split("@")[1] for container in after["containerDefinitions"]] == [NEW, OLD]
    assert after["cpu"] == before["cpu"] and after["revision"] == 2
    # One revision of the command serves the migration and the smoke test.
    assert len(release.cloud.definitions["copy-command"]) == 2


def test_one_off_tasks_stay_inside(release):
    assert release.run("run_command", "copy", release.images, "rates", "a b", "--json").returncode == 0
    request, = release.cloud.named("RunTask")
    assert request["overrides"]["containerOverrides"] == [{"name": "command", "command": ["rates", "a b", "--json"]}]
    assert request["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}


def test_a_failed_smoke_test_brings_back_what_ran_before(release):
    before = {name: release.cloud.newest(name) for name in ("query", "ingest")}
    release.cloud.exit_codes = {"dataset": 1}
    done = release.run("deploy", "copy", release.images)
    assert done.returncode == 1
    updates = [(update["service"], update["taskDefinition"]) for update in release.cloud.named("UpdateService")]
    new = {name: release.cloud.newest(name) for name in before}
    assert sorted(updates[:2]) == sorted(new.items()) and sorted(updates[2:]) == sorted(before.items())
    assert release.cloud.running("query") == release.cloud.running("ingest") == OLD
    assert job_images(release.cloud) == [OLD, NEW, OLD]
    assert written_image(release.cloud) == OLD


def apply_a_rotation(cloud):
    """Terraform's revisions of all tasks, with another login, and with the image it began with."""
    for family in ("query", "ingest", "command"):
        task = cloud.definitions[f"copy-{family}"][-1]
        first, *others = task["containerDefinitions"]
        cloud.RegisterTaskDefinition({**task, "containerDefinitions": [{**first, "environment": [LOGIN]}, *others]})


def logins(cloud, revision):
    return [variable["value"] for variable in cloud.definition(revision)["containerDefinitions"][0]["environment"]]


def test_a_release_ends_a_rotation(release):
    apply_a_rotation(release.cloud)
    assert release.run("deploy", "copy", release.images).returncode == 0
    # The migration gives the login its password, before a task comes with it.
    assert operations(release.cloud, "RunTask", "UpdateService")[:2] == ["RunTask", "UpdateService"]
    migration = release.cloud.named("RunTask")[0]
    assert migration["overrides"]["containerOverrides"][0]["command"] == ["migrate"]
    assert logins(release.cloud, migration["taskDefinition"]) == [LOGIN["value"]]
    for service in ("query", "ingest"):
        assert logins(release.cloud, release.cloud.services[service]["taskDefinition"]) == [LOGIN["value"]]


def test_the_images_that_run_once_more_end_a_rotation(release):
    """As the runbook does it: nothing but the login is another one."""
    release.images.write_text(release.images.read_text().replace(NEW, OLD))
    apply_a_rotation(release.cloud)
    assert release.run("deploy", "copy", release.images).returncode == 0
    assert logins(release.cloud, release.cloud.named("RunTask")[0]["taskDefinition"]) == [LOGIN["value"]]
    assert logins(release.cloud, release.cloud.services["query"]["taskDefinition"]) == [LOGIN["value"]]


def test_a_roll_back_returns_to_the_login_before(release):
    apply_a_rotation(release.cloud)
    release.cloud.exit_codes = {"dataset": 1}
    assert release.run("deploy", "copy", release.images).returncode == 1
    for service in ("query", "ingest"):
        assert logins(release.cloud, release.cloud.services[service]["taskDefinition"]) == []


def test_an_environment_that_writes_no_image_down_yet(release):
    del release.cloud.deployment["job_image"]
    assert release.run("deploy", "copy", release.images).returncode == 0
    assert job_images(release.cloud) == [OLD, NEW] and release.cloud.parameters == {}


def test_an_alarm_brings_back_what_ran_before(release):
    release.cloud.alarms = {"copy-ingest-errors", "of-somebody-else"}
    done = release.run("deploy", "copy", release.images)
    assert done.returncode == 1 and "alarms that ring: copy-ingest-errors\n" in done.stderr
    assert release.cloud.running("query") == release.cloud.running("ingest") == OLD


def test_a_service_that_never_gets_ready_takes_the_other_back_with_it(release):
    release.cloud.never_ready = {NEW}
    release.cloud.services["ingest"]["before"] = None
    done = release.run("deploy", "copy", release.images)
    assert done.returncode == 1 and "query does not run" in done.stderr
    assert release.cloud.running("query") == release.cloud.running("ingest") == OLD
    assert commands(release.cloud) == ["migrate"], "no smoke test of what does not run"


def test_a_failed_migration_touches_nothing(release):
    release.cloud.exit_codes = {"migrate": 1}
    done = release.run("deploy", "copy", release.images)
    assert done.returncode == 1 and "no service was touched" in done.stderr
    assert release.cloud.named("UpdateService") == [] and job_images(release.cloud) == [OLD]
    assert release.cloud.parameters == {}


def test_a_failed_roll_back_is_told_apart(release):
    release.cloud.exit_codes = {"dataset": 1}
    release.cloud.never_ready = {OLD}
    assert release.run("deploy", "copy", release.images).returncode == 3


def test_a_command_that_takes_too_long_is_stopped(release):
    release.cloud.StopTask = lambda request: {"task": {}}
    release.cloud.DescribeTasks = lambda request: {"tasks": [{"lastStatus": "RUNNING", "containers": []}]}
    done = release.run("run_command", "copy", release.images, "migrate", RELEASE_COMMAND_SECONDS="1")
    assert done.returncode == 1 and "took too long" in done.stderr
    assert len(release.cloud.named("StopTask")) == 1


def test_an_environment_that_is_not_there(release):
    done = release.run("deploy", "other", release.images)
    assert done.returncode == 1 and "there is no environment other" in done.stderr


def test_push_by_digest_and_only_once(release):
    built = release.folder / "built"
    built.mkdir()
    (built / "revision").write_text("abc\n")
    for name in ("query", "ingest", "cli"):
        subprocess.run(["zstd", "-q", "-o", built / f"{name}.tar.zst"], input=b"layers", check=True)
    # Two were pushed by an earlier run; the third is there from the push on.
    release.cloud.images = {("copy/query", "abc"), ("copy/ingest", "abc")}
    describe = release.cloud.DescribeImages

    def see_pushes(request):
        if any(line.startswith("push") and "/copy/cli:abc" in line for line in release.docker()):
            release.cloud.images.add(("copy/cli", "abc"))
        return describe(request)

    release.cloud.DescribeImages = see_pushes
    names = release.folder / "names.json"
    assert release.run("push_images", "copy", built, names).returncode == 0
    assert [line for line in release.docker() if line.startswith("push")] == [f"push --quiet {REGISTRY}/copy/cli:abc"]
    assert json.loads(names.read_text()) == {name: f"{REGISTRY}/copy/{name}@{NEW}" for name in ("query", "ingest", "cli")}
    assert (release.folder / "password").read_text().strip() == "secret"
    assert not any("secret" in line for line in release.docker())


def test_images_are_pushed_before_there_is_an_environment(release):
    built = release.folder / "built"
    built.mkdir()
    (built / "revision").write_text("abc\n")
    release.cloud.images = {(f"new/{name}", "abc") for name in ("query", "ingest", "cli")}
    deployment = {"region": "eu-west-1", "repositories": {name: f"{REGISTRY}/new/{name}" for name in ("query", "ingest", "cli")}}
    done = release.run("push_images", "new", built, release.folder / "names.json", RELEASE_DEPLOYMENT=json.dumps(deployment))
    assert done.returncode == 0 and release.cloud.named("GetParameter") == []


def test_the_collector_has_a_version_and_is_copied_once(release):
    repository = f"{REGISTRY}/copy/collector"
    describe = release.cloud.DescribeImages

    def see_pushes(request):
        release.cloud.images |= {("copy/collector", line.split(":")[-1]) for line in release.docker() if line.startswith("push")}
        return describe(request)

    release.cloud.DescribeImages = see_pushes
    for _ in range(2):
        done = release.run("push_collector", repository)
        assert done.returncode == 0 and done.stdout == f"{repository}@{NEW}\n"
    pulled = [line.split()[-1] for line in release.docker() if line.startswith("pull")]
    assert len(pulled) == 1 and re.fullmatch(r"public\.ecr\.aws/aws-observability/aws-otel-collector:v\d+\.\d+\.\d+", pulled[0])
    assert release.docker()[-1] == f"push --quiet {repository}:{pulled[0].split(':')[-1]}"


def test_the_collector_goes_nowhere_else(release):
    done = release.run("push_collector", f"{REGISTRY}/copy/query")
    assert done.returncode == 1 and "no repository of a collector" in done.stderr and release.docker() == []


def test_sign_in(release):
    keys = release.folder / "keys"
    github = {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{release.endpoint}/token?of=job", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job"}
    done = release.run("sign_in", "arn:aws:iam::123456789012:role/copy-deploy", keys, **github)
    assert done.returncode == 0 and "hidden" not in done.stdout + done.stderr
    assert keys.stat().st_mode & 0o077 == 0
    assert keys.read_text().splitlines() == [
        "[default]", "aws_access_key_id = ASIAKEY", "aws_secret_access_key = hidden", "aws_session_token = session"]
    refused = release.run("sign_in", "arn:aws:iam::123456789012:role/copy-deploy", keys,
                          **{**github, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "other"})
    assert refused.returncode != 0


def test_who_is_not_trusted_is_told_who_it_is(release):
    github = {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{release.endpoint}/token?of=job", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job"}
    release.cloud.trusts = False
    keys = release.folder / "keys"
    refused = release.run("sign_in", "arn:aws:iam::123456789012:role/copy-deploy", keys, **github)
    assert refused.returncode == 1 and not keys.exists()
    assert "  sub: repo:rates@12/fairway@34:environment:staging\n" in refused.stderr
    assert "  ref: refs/heads/try\n  repository_id: 34\n" in refused.stderr
    assert "signature" not in refused.stdout + refused.stderr
