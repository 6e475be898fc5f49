"""Applies every environment to a fake AWS with the real provider, looks for the password, and destroys it again.

apply_environments.py FOLDER ENVIRONMENT...    FOLDER holds a copy of terraform/ and what it reads; logs go there, too.
"""

import concurrent.futures
import json
import pathlib
import re
import sys
import time
import urllib.parse

import databases
import logins
import needs
import published
import rehearsal
import shapes
from environment import BATCH_ROLE, Environment, Failure, plan_content, require

DATABASE = ["-target=module.database_password", "-target=module.stack.module.database"]


class Trial(Environment):
    """What is done to an environment, and what must be true of it then."""

    def check_rotation(self, before, plans):
        """After both versions were raised. before: the passwords there were. plans: where none may be, as in the state."""
        (first, first_logins), (second, second_logins) = before, self.passwords()
        faults = logins.rotation_faults(first_logins, second_logins)
        require(not faults, "a rotation is an outage:\n" + "\n".join(faults))
        self.check_passwords([first, second], [value for _, value in [*first_logins.values(), *second_logins.values()]], plans)

    def check_passwords(self, administrators, others, plans):
        for password in [*administrators, *others]:
            require(len(password) == 40, "the password is not as long as it should be")
            for place, content in {"the state": self.state(), **plans}.items():
                require(len(content) > 10000, f"{place} is too small to be one")
                require(password.encode() not in content, f"a password of the database is in {place}")
        for password in administrators:
            sent = urllib.parse.urlencode({"MasterUserPassword": password}).encode()
            require(any(sent in body for _, _, body in self.requests()), "a password never reached the database")
        require(administrators[0] != administrators[1], "raising password_version made no new password")

    def check_logins(self, resources, turn):
        wrong = logins.faults(resources, f"fairway-{self.name}", turn)
        require(not wrong, "tasks log in to the database as somebody else:\n" + "\n".join(wrong))

    def check_lock(self):
        locks = [method for method, url, _ in self.requests() if urllib.parse.urlparse(url).path.endswith(".tfstate.tflock")]
        require("PUT" in locks and "DELETE" in locks, "the state was never locked")

    def check_begun(self):
        """What a preflight compares with an account must be what is made; and it is the turn of the first logins."""
        resources = list(shapes.resources(json.loads(self.terraform("show", "-json"))["values"]["root_module"]))
        stated = needs.read(lambda *arguments, **more: self.terraform(*arguments, folder="needs", **more), self.name)
        wrong = needs.check(stated, resources)
        require(not wrong, "terraform/needs is not what is made:\n" + "\n".join(wrong))
        self.check_logins(resources, "a")

    def check_metrics(self, resources):
        """Each that is asked for must come from somewhere, and each alarm must have its row in the runbook."""
        asked, wrong = published.check(resources)
        require(asked >= 60, f"only {asked} metrics are asked for")
        require(not wrong, "alarms that cannot ring, and graphs that stay empty:\n" + "\n".join(wrong))
        runbook = (published.ROOT / "docs" / "runbook.md").read_text()
        for alarm in [resource["values"] for resource in resources if resource["type"] == "aws_cloudwatch_metric_alarm"]:
            name = re.sub(r"-[0-9]+$", "", alarm["alarm_name"].removeprefix(f"fairway-{self.name}-"))
            require(f"`{name}`" in runbook, f"docs/runbook.md has no row for the alarm {name}")
        return asked

    def check_made(self):
        """What is there at the end: JSON of containers and jobs, logins, and metrics; says how much was looked at."""
        shown = json.loads(self.terraform("show", "-json"))
        documents, wrong = shapes.check(shown)
        require(documents >= 4, f"only {documents} documents of JSON to check")
        require(not wrong, "the API would refuse:\n" + "\n".join(wrong))
        resources = list(shapes.resources(shown["values"]["root_module"]))
        self.check_logins(resources, "b")
        asked = self.check_metrics(resources)
        count = sum(1 for resource in resources if resource["mode"] == "managed")
        return f"{count} resources; {documents} JSON documents fit the API; each of {asked} metrics that are asked for has a " \
               "publisher; passwords where they should be, in no state and no plan"

    def run(self):
        started = time.monotonic()
        with self.aws():
            made = self.rehearse() if self.name == databases.LOST else self.pull_levers()
        total = round(time.monotonic() - started)
        return f"{self.name}: {made}; {total} s: {', '.join(f'{step} {seconds}' for step, seconds in self.seconds.items())}"

    def pull_levers(self):
        started = time.monotonic()
        first_plan = self.plan_and_approve()
        self.seconds["apply"] = round(time.monotonic() - started)
        first = self.passwords()
        self.check_begun()
        databases.raise_minor_versions(self.client("rds"))
        levers = databases.levers(self.client("rds"))
        second_plan = self.plan_and_apply(*DATABASE, *logins.TARGETS,
                                          *self.variables("password_version=2", "login_version=2", *levers))
        self.check_rotation(first, {"the first plan": first_plan, "the second plan": second_plan})
        self.check_lock()
        faults = databases.faults(self.client("rds"), [body for _, _, body in self.requests()])
        require(not faults, "the database is not as it should be:\n" + "\n".join(faults))
        made = self.check_made()
        self.destroy()
        return made

    def rehearse(self):
        """What is done to it by a day with an account."""
        with rehearsal.aws_command(self.folder, self.url) as variables:
            return self.rehearse_with(rehearsal.Day(self, {**variables, "TF_VAR_batch_service_role_arn": BATCH_ROLE}))

    def rehearse_with(self, day):
        def must(*steps):
            passed, said = day.run(*steps)
            require(passed, f"account-day failed, see {self.log}:\n{said}")

        must("preflight", "images", "apply")
        first = self.passwords()
        self.check_begun()
        must("schema", "releases", "file")
        passed, said = day.run("datapoints")
        require(not passed and "no datapoint of: " in said, "without any figure, the day found each alarm's: " + said)
        day.publish()
        must("datapoints", "tasks", "failover", "secrets")
        must("restore")
        plans = {name: plan_content(day.folder / name) for name in ("shown/plan", "rotated", "restored", "after")}
        self.check_rotation(first, plans)
        self.check_lock()
        faults = databases.not_restored([body for _, _, body in self.requests()], self.parameter("password")[1])
        require(not faults, "the database does not go on from its backup:\n" + "\n".join(faults))
        made = self.check_made()
        must("destroy")
        require(not json.loads(self.state())["resources"], "something was left behind")
        self.seconds, self.report = day.seconds(), day.report()
        return made

    def destroy(self):
        """Production must refuse; what one does then is to say that it is production no more."""
        if self.name == "prod":
            try:
                self.terraform("destroy", "-auto-approve", "-target=module.stack.module.database", *self.variables())
            except Failure as failure:
                require("deletion" in str(failure).lower(), f"production refused to go for another reason: {failure}")
            else:
                raise Failure("production let itself be destroyed")
            self.terraform("apply", "-auto-approve", *self.variables("production=false"))
        self.timed("destroy", "destroy", "-auto-approve", *self.variables("production=false"))
        require(not json.loads(self.state())["resources"], "something was left behind")


def main():
    folder, names = pathlib.Path(sys.argv[1]), sys.argv[2:]
    shapes.self_test()
    published.self_test()
    differences = published.check_code()
    if differences:
        sys.exit("the table of metrics is not what the services have:\n" + "\n".join(differences))
    failed = False
    trials = {name: Trial(folder, name) for name in names}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = {name: pool.submit(trial.run) for name, trial in trials.items()}
        for name, run in runs.items():
            try:
                print(run.result() + "\n" + trials[name].report, flush=True)
            except Failure as failure:
                print(f"{name}: {failure}", file=sys.stderr, flush=True)
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
