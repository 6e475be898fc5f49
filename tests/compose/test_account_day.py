"""The steps of a day with an account (ci/account-day) that this stack can rehearse, and its report of all of them."""

import json
import sys

import pytest

from loads import ROOT, DayLoad, Load, await_turns, beside, docker, expected_counts

sys.path.insert(0, str(ROOT / "ci"))
from account_day.load import summary  # noqa: E402
from account_day.report import NotRun, Report  # noqa: E402
from account_day.steps import STEPS  # noqa: E402

ELSEWHERE = {
    "preflight": "no account", "images": "no registry", "apply": "no account: ./dev terraform-test applies to moto",
    "datapoints": "no CloudWatch: ./dev terraform-test compares", "secrets": "tasks get no secrets here",
    "restore": "no backups: ./dev terraform-test goes the runbook's steps", "destroy": "no account",
}


@pytest.fixture(scope="module")
def report(stack):
    """.step(name); printed at the end with all that a day has."""
    path = ROOT / "build" / "account-day" / "compose" / "report.json"
    path.unlink(missing_ok=True)
    report = Report("A day, in compose", path)
    with report.step("schema", "compose") as notes:
        notes.append(f"migrated by `up`; the first answer came after {stack.seconds_to_answer:.0f} s")
    yield report
    for name, why in ELSEWHERE.items():
        with report.step(name, "compose"):
            raise NotRun(why)
    report.steps = {step.__name__: report.steps[step.__name__] for step in STEPS if step.__name__ in report.steps}
    path.with_suffix(".md").write_text(report.table())
    print("\n" + report.table())


@pytest.fixture
def step(report, stack, rows, request):
    """The report's step of the test's name, under a load: .note(text), .await_answers(count). No query fails, and each
    answer is right; how many uploads failed is reported."""
    name = request.function.__name__.removeprefix("test_")
    with report.step(name, "compose") as notes:
        with DayLoad(stack.network, "uploads") as uploads, DayLoad(stack.network, "queries") as queries, \
                Load(stack, expected_counts(rows)) as load:
            load.await_answers(500)
            load.note = notes.append
            yield load
            load.await_answers(500)
        for counted in (queries.counted, uploads.counted):
            notes.append(summary(counted))
        notes.append(f"{load.answers} answers looked at, the slowest took {load.slowest * 1000:.0f} ms")
        assert load.errors == []
        assert queries.counted["calls"] > 0 and queries.counted["failed"] == 0, queries.counted
        assert uploads.counted["calls"] > 0, uploads.counted


def replace(stack, service):
    """As a deployment does with a task: another container, when the one before has drained."""
    stack.compose("up", "--detach", "--no-deps", "--force-recreate", "--timeout", "30", service)


def test_releases(step, stack):
    for _ in range(2):
        for service in ("query-1", "query-2", "ingest"):
            replace(stack, service)
            await_turns(stack)
    step.note("every container replaced, twice")


def test_file(step, stack, tmp_path):
    prices = tmp_path / "prices.csv"
    prices.write_text("origin,destination,day,price\n" + "".join(
        f"CNSHA,NLRTM,2025-02-01,{1000 + row}\n" for row in range(10_000)))
    tmp_path.chmod(0o755)
    beside(stack.network, "fairway-cli", "load", "/files/prices.csv", "--partner", "acme",
           options=("--rm", "--volume", f"{tmp_path}:/files:ro"))
    listed = json.loads(beside(stack.network, "fairway-cli", "batches", "list", "--partner", "acme",
                               "--state", "committed", "--json"))
    assert len(listed["batches"]) == 2, listed  # the rows that all queries ask for, and these
    step.note("a file from a disk, not from S3: committed")


def test_tasks(step, stack):
    for service in ("query-1", "query-2", "ingest"):
        stack.compose("kill", "--signal", "KILL", service)
        step.await_answers(500)
        stack.compose("start", service)
        await_turns(stack)
    step.note("every container killed")


def test_failover(step, stack):
    stack.compose("restart", "--timeout", "30", "postgresql")
    step.await_answers(500)
    uploaded = json.loads(beside(stack.network, "fairway-load", "uploads", 1).splitlines()[-1])
    assert uploaded["failed"] == 0, uploaded
    step.note("the database restarted; it has no standby; an upload was committed afterwards")


def test_the_load_leaves_nothing(stack):
    assert docker("ps", "--all", "--quiet", "--filter", "ancestor=fairway-load") == ""
