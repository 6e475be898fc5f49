"""A day with an account: its order, what a failure does, and each step against answers that an account might give."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import types

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOADER = importlib.machinery.SourceFileLoader("day", str(ROOT / "ci" / "account-day"))
day = importlib.util.module_from_spec(importlib.util.spec_from_loader("day", LOADER))
LOADER.exec_module(day)
from account_day import environment as environments, load, metrics, report as reports, steps  # noqa: E402
from day_account import ALARM, COSTS, CPU, LAG, NAME, SCALING, VALUES, Account  # noqa: E402


@pytest.fixture
def account(tmp_path, monkeypatch):
    """.run(step, …) → whether they passed; .entry(step) of the report; .calls and fields of Account."""
    account = Account()
    monkeypatch.setattr(environments.Environment, "run", lambda self, command, **more: account.run(command, **more))
    monkeypatch.setattr(environments, "POLL_SECONDS", 0)
    # Every wait is over at the first look that is no: nothing here needs time.
    waits = lambda what, seconds, look: look() or reports.require(False, f"{what}: not within {seconds} s")  # noqa: E731
    for module in (steps, load, __import__("account_day.database").database):
        monkeypatch.setattr(module, "await_true", waits)

    def begin():
        account.environment = environments.Environment("dev", tmp_path / "day", "account")
        account.environment.remember(images={"cli": "cli@sha256:1"}, load_image="cli@sha256:2", build=None)
        account.report = reports.Report("A day", tmp_path / "day" / "report.json")

    def run(*names, destroys=False):
        begin()
        return day.run([getattr(steps, name) for name in names], account.environment, account.report, destroys)

    account.entry = lambda name: account.report.steps[name]
    begin()
    account.there = True
    account.environment.remember(made=True)
    return types.SimpleNamespace(run=run, entry=account.entry, its=account)


def fails(account, step, why):
    assert not account.run(step)
    assert account.entry(step)["result"] == "failed" and why in account.entry(step)["notes"][-1], account.entry(step)
    return True


def test_a_whole_day(account):
    account.its.there = False
    account.its.environment.remember(made=False)
    assert account.run(*day.NAMES, destroys=True)
    results = {name: account.entry(name)["result"] for name in day.NAMES}
    assert list(account.its.report.steps) == day.NAMES
    assert results == {**dict.fromkeys(day.NAMES, "passed"), "images": "not run"}
    assert len(account.its.named("ci/release/deploy")) == 4  # the first one, two under a load, and one for new secrets
    assert len(account.its.named("terraform -chdir=%s destroy" % environments.TERRAFORM)) == 1
    assert "| releases | account | passed |" in account.its.report.table()


def test_a_failure_ends_the_day_and_destroys(account):
    account.its.figures = set()
    assert not account.run("releases", "datapoints", "tasks", destroys=True)
    assert list(account.its.report.steps) == ["releases", "datapoints", "destroy"]
    assert account.entry("destroy")["result"] == "passed" and not account.its.there
    assert [name for name, entry in account.its.report.steps.items() if entry["result"] == "failed"] == ["datapoints"]


def test_a_failure_of_another_kind_destroys_as_well(account, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(steps, "_secrets", interrupted)
    with pytest.raises(KeyboardInterrupt):
        account.run("secrets", destroys=True)
    assert account.entry("secrets")["result"] == "failed" and not account.its.there


def test_what_is_kept_goes_on(account):
    account.its.failed_calls = 1
    assert not account.run("releases") and account.its.there
    account.its.failed_calls = 0
    assert account.run("releases", "file")
    assert [account.entry(name)["result"] for name in ("releases", "file")] == ["passed", "passed"]


def test_what_is_there_is_neither_taken_nor_destroyed(account):
    account.its.environment.remember(made=False)
    assert not account.run("apply", destroys=True)
    assert "is there already" in account.entry("apply")["notes"][-1]
    assert account.its.there and not account.its.named("destroy")


def test_another_day_begins_with_nothing_of_the_one_before(account):
    account.its.environment.remember(made=False)
    account.its.there = False
    assert account.run(*day.NAMES, destroys=True)
    record = account.its.environment.record
    assert not record["made"] and record["variables"] == {} and "restored" not in record and "images" in record
    account.its.destroyed = ["module.stack.module.database.aws_db_instance.this"]
    assert not account.run("apply", "restore", destroys=True), "it fails in mid-restore, and is destroyed"
    account.its.destroyed = []
    begun = len(account.its.calls)
    assert account.run("apply", "restore")
    assert [call for call in account.its.calls[begun:] if "modify-db-instance" in call], "nothing was lost a second time"


INTERRUPTED = """
import pathlib, signal, sys
def end(*_):
    pathlib.Path(sys.argv[1], "state").write_text("written")
    sys.exit(1)
signal.signal(signal.SIGINT, end)
pathlib.Path(sys.argv[1], "begun").mkdir()
signal.pause()
"""


def test_an_interrupted_command_ends_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(environments.Environment, "_values", lambda self: VALUES)
    environment = environments.Environment("dev", tmp_path, "account")
    communicate = subprocess.Popen.communicate

    def interrupted(*_):
        """As when Ctrl-C is typed meanwhile."""
        monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
        while not (tmp_path / "begun").exists():
            os.sched_yield()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.run([sys.executable, "-c", INTERRUPTED, str(tmp_path)])
    assert (tmp_path / "state").read_text() == "written"


@pytest.mark.parametrize("asked, refusal", [
    (["no-such"], "there is no environment no-such"), (["prod", "--images", "IMAGES"], "has production = true"),
    (["dev"], "--build or --images"), (["dev", "--images", "IMAGES"], "nobody can be asked"),
    (["dev", "--images", "IMAGES", "--from", "tasks"], "has not made fairway-dev: begin with apply"),
    (["dev", "--images", "IMAGES", "--only", "destroy"], "has not made fairway-dev"),
    (["dev", "--images", "IMAGES", "--from", "destroy", "--keep"], "nothing is left to do"),
    (["dev", "--images", "/dev/null"], "/dev/null: "), (["dev", "--images", "/nowhere"], "/nowhere: "),
    (["dev", "--images", "EMPTY"], "has no image of cli, collector, ingest, query"),
    (["dev", "--build", "/nowhere"], "/nowhere is no folder of ci/release/build_images")])
def test_it_refuses_before_it_begins(release, asked, refusal):
    values = {**VALUES, **COSTS, "production": "prod" in asked}
    (release.folder / "bin" / "terraform").write_text(f"#!/bin/sh\necho '{json.dumps(json.dumps(values))}'\n")
    (release.folder / "bin" / "terraform").chmod(0o755)
    release.cloud.GetCallerIdentity = lambda _: {"Account": "123456789012", "Arn": "arn", "UserId": "me"}
    files = {"IMAGES": release.folder / "all.json", "EMPTY": release.folder / "empty.json"}
    files["IMAGES"].write_text(json.dumps(dict.fromkeys(("query", "ingest", "cli", "collector"), "image@sha256:1")))
    files["EMPTY"].write_text("{}")
    arguments = [files.get(word, word) for word in asked]
    done = release.run("../account-day", *arguments, "--folder", release.folder / "day")
    assert done.returncode == 2 and refusal in done.stderr
    assert [operation for operation, _ in release.cloud.calls if operation != "GetCallerIdentity"] == []


def test_help_and_list(release):
    assert "--production" in release.run("../account-day", "--help").stdout
    listed = release.run("../account-day", "--list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == day.NAMES
    assert release.run("../account-day", "dev", "--only", "nothing").returncode == 2


def test_calls_that_fail_fail_a_release(account):
    account.its.failed_calls = 1
    assert fails(account, "releases", "1 queries failed, the first with: UNAVAILABLE")
    assert len(account.its.named("the end of a load")) == 2


def test_one_task_may_miss_calls(account):
    account.its.failed_calls = 1
    account.its.tasks = {"query": ["query-0", "query-1"], "ingest": ["ingest-0", "ingest-1"]}
    VALUES["tasks_min"] = 1
    try:
        assert account.run("tasks")
    finally:
        VALUES["tasks_min"] = 2
    assert "queries: 9 calls, 1 failed, the slowest took 3 ms" in account.entry("tasks")["notes"]


def test_datapoints(account):
    assert account.run("datapoints")
    assert account.entry("datapoints")["notes"][0] == "2 metrics asked for, 2 with datapoints"


def test_another_dimension_is_another_metric(account):
    account.its.figures = {CPU, (LAG[0], LAG[1], (("Service", "query"),))}
    assert fails(account, "datapoints", "no datapoint of: Fairway/fairway-dev fairway_book_lag_seconds "
                                        "{'service': 'query'}, for fairway-dev-replica-stale")
    account.its.figures = {LAG, (*CPU[:2], (("ServiceName", "query"),))}
    assert fails(account, "datapoints", "no datapoint of: AWS/ECS CPUUtilization")


def test_an_event_that_did_not_happen_has_no_datapoint(account):
    refusals = {"Metric": {"Namespace": LAG[0], "MetricName": "grpc_server_handled_total", "Dimensions": [
        {"Name": "service", "Value": "ingest"}, {"Name": "grpc_code", "Value": "Unavailable"}]}}
    account.its.alarms = [ALARM, {"AlarmName": f"{NAME}-ingest-overloaded", "Metrics": [
        {"Id": "refusals", "MetricStat": refusals}, {"Id": "sum", "Expression": "refusals"}]}]
    assert account.run("datapoints")
    assert account.entry("datapoints")["notes"] == [
        "3 metrics asked for, 2 with datapoints", "none of grpc_server_handled_total: calls with this code did not happen"]


def test_policies_of_other_clusters_are_others(account):
    account.its.policies.append({**SCALING, "ResourceId": "service/other/query"})
    wanted = metrics.asked_for(account.its.environment, NAME)
    assert set(wanted) == {CPU, LAG}


def test_a_file_that_is_never_committed(account):
    account.its.run_command = lambda words: '{"batches": []}\n'
    assert fails(account, "file", "a committed batch: not within")


def test_tasks_are_stopped_one_by_one(account):
    assert account.run("tasks")
    stopped = [call.split("--task ")[1].split()[0] for call in account.its.named("a day's test")]
    assert stopped == ["query-0", "query-1", "ingest-0", "ingest-1"]


def test_a_task_that_does_not_come_back(account):
    account.its.replace = lambda service, task: None
    assert fails(account, "tasks", "another task of query: not within")


def test_a_target_that_does_not_get_ready(account):
    account.its.describe_target_health = lambda _: ["healthy", "initial"]
    assert fails(account, "tasks", "another task of query: not within")


def test_failover(account):
    assert account.run("failover")
    assert "failed over to the standby" in account.entry("failover")["notes"] and account.its.named("--force-failover")


def test_a_failover_without_its_event(account):
    account.its.describe_events = lambda _: {"Events": [
        {"Message": "Multi-AZ instance failover completed", "Date": 0},
        {"Message": "Multi-AZ instance failover started", "Date": len(account.its.calls)}]}
    assert fails(account, "failover", "the event of it: not within")


def test_secrets_that_stay_the_same(account):
    account.its.rotates = False
    assert fails(account, "secrets", "no secret has changed")


def test_secrets(account):
    assert account.run("secrets")
    planned, = [call for call in account.its.named(" plan ") if "rotated" in call]
    assert "-var=password_version=2" in planned and "-var=login_version=2" in planned
    assert any(f"/{NAME}/database/password" in note for note in account.entry("secrets")["notes"])


def test_restore(account):
    assert account.run("restore")
    marks = ["modify-db-instance", "state rm", "-target", "out=after", "delete-db-instance"]
    calls = [call.replace(f"{account.its.environment.folder}/", "") for call in account.its.calls]
    assert [mark for call in calls for mark in marks if mark in call] == marks
    planned, = account.its.named("-target=module.stack.module.database")
    assert '"restore": {"time": "latest", "source": "fairway-dev-lost"}' in planned


def test_a_restore_goes_on_where_it_failed(account):
    account.its.destroyed = ["module.stack.module.database.aws_db_instance.this"]
    assert fails(account, "restore", "the plan would destroy module.stack.module.database.aws_db_instance.this")
    account.its.destroyed = []
    assert account.run("restore")
    assert len(account.its.named("modify-db-instance")) == len(account.its.named("state rm")) == 1


def test_another_answer_after_a_restore(account):
    account.its.answers = ["before", "after"]
    assert fails(account, "restore", "the answer from before: not within")


def test_what_failed_before_there_were_images_is_destroyed(account):
    del account.its.environment.record["images"]
    account.its.environment.remember()
    steps.destroy(account.its.environment, [])
    destroyed, = account.its.named(" destroy ")
    assert "-var-file=tests/images.tfvars" in destroyed and "-var=production=false" in destroyed


@pytest.mark.parametrize("left, goes", [
    ("arn:aws:ec2:eu-west-1:1:vpc/vpc-1", False), ("arn:aws:kms:eu-west-1:1:key/1", True),
    ("arn:aws:ecs:eu-west-1:1:task-definition/query:1", True)])
def test_what_is_left_after_destroy(account, left, goes):
    account.its.tagged = [left]
    assert account.run("destroy") == goes
