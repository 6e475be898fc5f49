"""What a day does, in its order. The docstring of a step says what it does, what it waits for, and what must have come
of it."""

import contextlib
import datetime
import json

from account_day import metrics
from account_day.database import MODULE, database_of
from account_day.environment import ROOT, SECRET_VERSIONS, await_true
from account_day.load import import_locations, load, upload_once
from account_day.report import Failure, NotRun, require

# What is asked for before and after: of the days that the load uploads.
ANSWER = ["rates", "world", "world", "--from", "2025-01-01", "--csv"]


def _only_account(environment, why):
    if environment.where != "account":
        raise NotRun(why)


def _begin(environment):
    """A day destroys what it made, so it begins where nothing is."""
    if not environment.record.get("made"):
        require(environment.deployment() is None, f"{environment.name} is there already: take another name")
        environment.remember(made=True)


def _failures_allowed(environment):
    """Of calls while tasks come and go: none where another task is there meanwhile; else any, which is reported."""
    return 0 if environment.values["tasks_min"] >= 2 else None


def preflight(environment, notes):
    """Runs ci/release/preflight. Nothing that it looks at would stop the environment."""
    _only_account(environment, "moto has no quotas; ./dev pipeline-test tries preflight against a stand-in")
    notes.append(f"{environment.release('preflight', environment.file).count('ok ')} checks passed")


def images(environment, notes):
    """Makes the registry alone, and pushes the images of ci/release/build_images, the collector and the load to it. Each
    has a digest there."""
    if environment.record.get("build") is None:
        raise NotRun("--images names images that are there")
    _begin(environment)
    environment.init()
    environment.apply("registry", "-target=module.stack.module.cluster", *environment.values_file())
    account, region = environment.aws("sts", "get-caller-identity")["Account"], environment.values["region"]
    registry = f"{account}.dkr.ecr.{region}.amazonaws.com/{environment.name}"
    repositories = {name: f"{registry}/{name}" for name in ("query", "ingest", "cli", "collector")}
    file = environment.folder / "images.json"
    environment.release("push_images", environment.name, environment.record["build"], file,
                        RELEASE_DEPLOYMENT=json.dumps({"region": region, "repositories": repositories}))
    pushed = json.loads(file.read_text())
    pushed["collector"] = environment.release("push_collector", repositories["collector"]).split()[-1]
    environment.remember(images=pushed, load_image=_push_load(environment, pushed["cli"], repositories["cli"]))
    notes.append(", ".join(name.split("/")[-1][:30] for name in pushed.values()))


def _push_load(environment, cli, repository):
    tag = f"{repository}:load-{cli[-12:]}"
    environment.run(["docker", "build", "--quiet", "--file", ROOT / "ci" / "account_day" / "load.Dockerfile",
                     "--build-arg", f"CLI={cli}", "--tag", tag, ROOT])
    environment.run(["docker", "push", "--quiet", tag])
    return environment.run(["docker", "image", "inspect", "--format", "{{index .RepoDigests 0}}", tag]).strip()


def apply(environment, notes):
    """Shows and applies the whole of terraform/, as the pipeline does. The names of things are written down for it."""
    _begin(environment)
    shown = environment.release("plan_changes", environment.file, environment.folder / "shown")
    said = dict(line.split("=", 1) for line in shown.splitlines() if line.startswith(("changes=", "digest=")))
    if said["changes"] == "yes":
        environment.release("apply_changes", environment.file, said["digest"])
    require(environment.deployment(), "there is no parameter with the names of things")
    notes.append(f"{len(environment.terraform('state', 'list').splitlines())} resources")


def schema(environment, notes):
    """Releases for the first time, which migrates the schema. Both services run, and the first prices are answered."""
    environment.release("deploy", environment.name, environment.images_file())
    import_locations(environment)
    if upload_once(environment):
        require(len(environment.command(*ANSWER).splitlines()) > 1, "there is no rate to be asked for")
    notes.append("both services run")


def releases(environment, notes):
    """Releases twice under a load, each time waiting until every task is a new one. No call fails."""
    for _ in range(2):
        with load(environment, notes, failures=_failures_allowed(environment)):
            environment.release("deploy", environment.name, environment.images_file())
    notes.append("every task replaced, twice")


def file(environment, notes):
    """Puts a file of a partner's into the bucket, and waits until a job of Batch has loaded it. Its batch is committed."""
    _only_account(environment, "in moto no event becomes a job; ./dev test has `fairway load` from an S3 there")
    partner = environment.values["partners"][0]
    account = environment.aws("sts", "get-caller-identity")["Account"]
    before = _committed(environment, partner)
    now = datetime.datetime.now(datetime.timezone.utc)
    prices = environment.folder / "prices.csv"
    prices.write_text("origin,destination,day,price\n" + "".join(
        f"CNSHA,NLRTM,2026-02-{1 + row % 28:02},{1000 + row}\n" for row in range(10_000)))
    environment.aws("s3api", "put-object", "--bucket", f"{environment.name}-incoming-{account}", "--body", str(prices),
                    "--key", f"incoming/{partner}/day-{now:%Y%m%dt%H%M%S}.csv")
    new = await_true("a committed batch", 1800, lambda: _committed(environment, partner) - before)
    notes.append(f"batch {', '.join(new)} of {partner}, committed")


def _committed(environment, partner):
    said = environment.command("batches", "list", "--partner", partner, "--state", "committed", "--json")
    reply = json.loads(said[said.index("{"):])
    return {batch.get("batch_id") or batch["batchId"] for batch in reply.get("batches", [])}


def datapoints(environment, notes, minutes=30, seconds=900):
    """Asks CloudWatch for what alarms and scaling ask it for, and waits for figures to come. Each metric has a datapoint
    of the last half hour under these dimensions, but for those of events that did not happen."""
    wanted = metrics.asked_for(environment, environment.deployment()["cluster"])
    require(wanted, "nothing asks for a metric")

    def missing():
        silent = metrics.without_figures(environment, wanted, minutes)
        return [metric for metric in silent if not metrics.is_event(metric)]

    with contextlib.suppress(Failure):  # it would not say which are missing
        await_true("figures", seconds if environment.where == "account" else 0, lambda: not missing())
    silent = missing()
    require(not silent, "no datapoint of: " + "; ".join(
        f"{namespace} {metric} {dict(dimensions)}, for {wanted[namespace, metric, dimensions][0]}"
        for namespace, metric, dimensions in silent))
    happened = metrics.without_figures(environment, wanted, minutes)
    notes.append(f"{len(wanted)} metrics asked for, {len(wanted) - len(happened)} with datapoints")
    notes += [f"none of {metric[1]}: {metrics.is_event(metric)} did not happen" for metric in happened]


def tasks(environment, notes):
    """Stops each task of both services, one by one, under a load, and waits for another in its place. No call fails where
    there are two."""
    deployment = environment.deployment()
    cluster = deployment["cluster"]
    with load(environment, notes, failures=_failures_allowed(environment)):
        for service in (one["service"] for one in deployment["services"].values()):
            for task in _tasks_of(environment, cluster, service):
                environment.aws("ecs", "stop-task", "--cluster", cluster, "--task", task, "--reason", "a day's test")
                await_true(f"another task of {service}", 900, lambda: _is_whole(environment, cluster, service, task))
                notes.append(f"{service}: {task.split('/')[-1]} replaced")
    require(notes, "there was no task to stop")


def _tasks_of(environment, cluster, service):
    return environment.aws("ecs", "list-tasks", "--cluster", cluster, "--service-name", service)["taskArns"]


def _is_whole(environment, cluster, service, stopped):
    """As many tasks as are wanted, without the one that was stopped, and every load balancer finds them ready."""
    found = environment.aws("ecs", "describe-services", "--cluster", cluster, "--services", service)["services"][0]
    running = _tasks_of(environment, cluster, service)
    if stopped in running or len(running) < found["desiredCount"]:
        return False
    if environment.where != "account":
        return True
    states = [environment.aws("elbv2", "describe-target-health", "--target-group-arn", one["targetGroupArn"], "--query",
                              "TargetHealthDescriptions[].TargetHealth.State") for one in found["loadBalancers"]]
    return all(group.count("healthy") >= found["desiredCount"] for group in states)


def failover(environment, notes):
    """Makes the database fail over (one without a standby restarts), under a load, and waits for the event that says so.
    No query fails, and an upload is committed afterwards."""
    with load(environment, notes, kinds=("queries",)):
        notes.append(database_of(environment).fail_over())
    if upload_once(environment):
        notes.append("an upload was committed afterwards")
    if environment.where != "account":
        notes.append("moto only takes the call")


def secrets(environment, notes):
    """Raises the versions of secrets, applies, and releases, so that tasks read the new ones. Secrets have changed, and
    no query fails."""
    before, names = _secrets(environment), SECRET_VERSIONS
    with load(environment, notes, kinds=("queries",), failures=_failures_allowed(environment)):
        values = {**environment.values, **environment.record["variables"]}
        raised = {name: values[name] + 1 for name in names}
        environment.remember(variables={**environment.record["variables"], **raised})
        environment.apply("rotated", *environment.values_file(), keeps=MODULE)
        environment.release("deploy", environment.name, environment.images_file())
    changed = [name for name, version in _secrets(environment).items() if before.get(name) != version]
    require(changed, f"{' and '.join(names)} were raised, and no secret has changed")
    if environment.where == "moto":
        notes.append("applied to the database and its password alone")
    notes.append(f"{', '.join(names)} raised; changed: {', '.join(changed)}")


def _secrets(environment):
    """{name: version} of what is encrypted among its parameters."""
    found = environment.aws("ssm", "get-parameters-by-path", "--path", f"/{environment.name}", "--recursive")
    return {one["Name"]: one["Version"] for one in found["Parameters"] if one["Type"] == "SecureString"}


def restore(environment, notes):
    """Loses the database and makes another one from its backups, by the steps of docs/runbook.md; waits until these reach
    the present. The answer is the one from before, and the apply that follows keeps the database."""
    database, done = database_of(environment), environment.record.get("restored", [])

    def once(name, act):
        if name not in done:
            act()
            done.append(name)
            environment.remember(restored=done)

    if environment.where == "account":
        once("asked", lambda: environment.remember(answer=environment.command(*ANSWER)))
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        once("kept", lambda: await_true("backups up to now", 1800, lambda: (database.restorable() or "") > now))
    once("lost", database.lose)
    once("forgotten", lambda: environment.terraform("state", "rm", *database.addresses))
    backup = {**environment.values["database"], "restore": {"time": "latest", "source": database.lost}}
    once("made", lambda: environment.apply("restored", f"-target={MODULE}", *environment.values_file(database=backup)))
    environment.apply("after", *environment.values_file(), keeps=MODULE)
    if environment.where == "account":
        environment.command("migrate")  # the services' logins are those of the backup
        await_true("the answer from before", 900, lambda: environment.command(*ANSWER) == environment.record["answer"])
        notes.append("the answer is the one from before")
    database.forget_lost()
    environment.remember(restored=[])
    notes.append(f"from the latest point in time of {database.lost}")


def destroy(environment, notes):
    """Destroys all of it, also a database that a restore left behind, and waits until no resource has its tags. The state
    is empty."""
    environment.init()
    database_of(environment).forget_lost()
    if environment.values["production"]:  # whose protection has to be lifted first
        environment.apply("unprotected", *environment.values_file(production=False))
    environment.terraform("destroy", "-auto-approve", "-input=false", "-no-color",
                          *environment.values_file(production=False))
    require(not environment.terraform("state", "list").strip(), "something is left in the state")
    left = []

    def is_gone():
        left[:] = _tagged(environment)
        return not left

    with contextlib.suppress(Failure):  # it would not say what is left
        await_true("the end of all that is tagged", 900 if environment.where == "account" else 0, is_gone)
    require(not left, f"still there: {', '.join(left)}")
    environment.forget()
    notes.append("no resource has its tags")


def _tagged(environment):
    """What has the tag of this copy, but for what AWS keeps for a while: keys that wait to be deleted, revisions of
    tasks."""
    found = environment.aws("resourcegroupstaggingapi", "get-resources", "--tag-filters",
                            f"Key=Copy,Values={environment.name}")
    arns = [one["ResourceARN"] for one in found["ResourceTagMappingList"]]
    return [arn for arn in arns if ":task-definition/" not in arn and not _goes(environment, arn)]


def _goes(environment, arn):
    if not arn.startswith("arn:aws:kms:"):
        return False
    return environment.aws("kms", "describe-key", "--key-id", arn)["KeyMetadata"]["KeyState"] == "PendingDeletion"


STEPS = [preflight, images, apply, schema, releases, file, datapoints, tasks, failover, secrets, restore, destroy]
