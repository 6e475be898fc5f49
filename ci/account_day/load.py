"""Calls without a pause while something is done to an environment, from inside its network: a task each for queries and
uploads."""

import contextlib
import json
import threading

from account_day.environment import await_true
from account_day.report import Failure, require

# No step takes longer; a load that nobody ends ends itself.
SECONDS = "5400"


def summary(counted):
    return f"{counted['load']}: {counted['calls']} calls, {counted['failed']} failed, the slowest took " \
           f"{counted['slowest_ms']} ms"


class _Task:
    """`load KIND` as a one-off task; what it counted, once it has ended."""

    def __init__(self, environment, kind):
        self._said, self._error = "", None
        self._thread = threading.Thread(target=self._run, args=(environment, kind))
        self._thread.start()

    def _run(self, environment, kind):
        try:
            self._said = _in_image(environment, kind, SECONDS, RELEASE_COMMAND_SECONDS="6000")
        except Failure as failure:
            self._error = failure

    def counted(self):
        self._thread.join()
        if self._error:
            raise self._error
        lines = [line for line in self._said.splitlines() if line.startswith("{")]
        require(lines, "the load left no count")
        return json.loads(lines[-1])


def _running(environment):
    """Cluster, and the one-off tasks in it: nothing but the loads, before a step begins and after it has ended."""
    deployment = environment.deployment()
    return deployment["cluster"], environment.aws(
        "ecs", "list-tasks", "--cluster", deployment["cluster"], "--family", deployment["command"]["family"],
        "--desired-status", "RUNNING")["taskArns"]


def _calling(environment):
    cluster, running = _running(environment)
    if not running:
        return 0
    described = environment.aws("ecs", "describe-tasks", "--cluster", cluster, "--tasks", *running)["tasks"]
    return [task["lastStatus"] for task in described].count("RUNNING")


def upload_once(environment):
    """One batch, which must be committed, where there is an image for it; returns whether there is."""
    if environment.where != "account" or "load_image" not in environment.record:
        return False
    counted = json.loads(_in_image(environment, "uploads", "1").splitlines()[-1])
    require(counted["failed"] == 0, f"an upload failed: {counted['first']}")
    return True


def import_locations(environment):
    if environment.where == "account" and "load_image" in environment.record:
        _in_image(environment, "locations")


def _in_image(environment, *arguments, **more):
    images = environment.images_file(cli=environment.record["load_image"])
    return environment.release("run_command", environment.name, images, *arguments, **more)


@contextlib.contextmanager
def load(environment, notes, kinds=("queries", "uploads"), failures=0):
    """failures: how many calls of each kind may fail; None: any number, which is only reported."""
    if environment.where != "account":
        without = f"without a load: nobody answers in {environment.where}"
        notes += [] if without in notes else [without]
        yield
        return
    require("load_image" in environment.record, "there is no image for a load: the step images makes one")
    tasks = {kind: _Task(environment, kind) for kind in kinds}
    try:
        await_true("the load", 600, lambda: _calling(environment) >= len(kinds))
        yield
    finally:
        cluster, running = _running(environment)
        for task in running:
            environment.aws("ecs", "stop-task", "--cluster", cluster, "--task", task, "--reason", "the end of a load")
    for kind, task in tasks.items():
        counted = task.counted()
        notes.append(summary(counted))
        require(counted["calls"] > 0, f"the load of {kind} called nobody")
        require(failures is None or counted["failed"] <= failures,
                f"{counted['failed']} {kind} failed, the first with: {counted['first']}")
