"""Applies every environment to a fake AWS with the real provider, looks for the password, and destroys it again.

apply_environments.py FOLDER ENVIRONMENT...    FOLDER holds a copy of terraform/ and what it reads; logs go there, too.
"""

import base64
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import zipfile

import boto3
import databases
import logins
import needs
import published
import rehearsal
import shapes

HERE = pathlib.Path(__file__).parent
RELEASE = HERE.resolve().parents[1] / "ci" / "release"
ACCOUNT = "123456789012"
DATABASE = ["-target=module.database_password", "-target=module.stack.module.database"]
BATCH_ROLE = f"arn:aws:iam::{ACCOUNT}:role/batch"
STEP_SECONDS = 600


class Failure(Exception):
    """Something is not as it must be; says what."""


def require(condition, message):
    if not condition:
        raise Failure(message)


def _content(plan):
    """What a saved plan holds, all of its files."""
    with zipfile.ZipFile(plan) as files:
        return b"".join(files.read(name) for name in files.namelist())


class Environment:
    """One environment, its own fake AWS, and its own copy of the configuration."""

    def __init__(self, folder, name):
        self.name = name
        self.folder = folder / name
        shutil.copytree(folder / "tree", self.folder, symlinks=True)
        self.root = self.folder / "terraform"
        self.log = self.folder / "log"
        self.recording = self.folder / "requests"
        self.seconds, self.report = {}, ""

    @contextlib.contextmanager
    def aws(self):
        """Starts the fake AWS, with what an account has before Fairway: a bucket for the state, a role for Batch, GitHub's identity
        provider, a zone for the name that partners call."""
        environment = dict(os.environ, MOTO_IAM_LOAD_MANAGED_POLICIES="true", MOTO_ENABLE_RECORDING="1",
                           MOTO_RECORDER_FILEPATH=str(self.recording))
        with open(self.folder / "aws.log", "w") as log:
            server = subprocess.Popen([sys.executable, HERE / "fake_aws.py"], env=environment, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            port = server.stdout.readline().strip()
            require(port, f"the fake AWS did not start, see {log.name}")
            self.connect(f"http://127.0.0.1:{port}")
            with self.provider():
                yield
        finally:
            server.stdin.close()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()

    def connect(self, url):
        keys = {"AWS_ACCESS_KEY_ID": "fake", "AWS_SECRET_ACCESS_KEY": "fake"}
        self.environment = dict(os.environ, **keys, AWS_ENDPOINT_URL=url, AWS_REGION="eu-west-1", AWS_MAX_ATTEMPTS="3",
                                AWS_EC2_METADATA_DISABLED="true", TF_IN_AUTOMATION="1", TF_INPUT="0")
        # Nothing here speaks TLS, and a provider that has certificates of its own cannot be configured a second time.
        self.environment.pop("AWS_CA_BUNDLE", None)
        self.session = boto3.session.Session("fake", "fake", region_name="eu-west-1")
        self.url = url
        self.client("s3").create_bucket(Bucket="fairway-terraform-state",
                                        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "batch.amazonaws.com"}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        self.client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument=policy)
        self.client("iam").create_open_id_connect_provider(
            Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"])
        self.client("route53").create_hosted_zone(Name="fairway.example.com", CallerReference="partners")

    @contextlib.contextmanager
    def provider(self):
        """One AWS provider for all commands: Terraform would start it several times for each of them."""
        [program] = self.root.glob(".terraform/providers/*/*/aws/*/*/terraform-provider-aws_*")
        with open(self.folder / "provider.log", "w") as log:
            provider = subprocess.Popen([program, "-debug"], env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            variable = next((line for line in provider.stdout if "TF_REATTACH_PROVIDERS=" in line), None)
            require(variable, f"the provider did not start, see {log.name}")
            self.environment["TF_REATTACH_PROVIDERS"] = variable.split("=", 1)[1].strip().strip("'")
            yield
        finally:
            provider.terminate()
            provider.wait()

    def client(self, service):
        return self.session.client(service, endpoint_url=self.url)

    def terraform(self, *arguments, folder=".", stdin=""):
        """Runs Terraform; what it says goes to the log, and is returned."""
        command = ["timeout", "--kill-after=20", str(STEP_SECONDS), "terraform", f"-chdir={self.root / folder}", *arguments]
        done = subprocess.run(command, env=self.environment, input=stdin, capture_output=True, text=True)
        with open(self.log, "a") as log:
            log.write(f"$ terraform {' '.join(arguments)}\n{done.stdout if arguments[0] != 'show' else ''}{done.stderr}\n")
        if done.returncode != 0:
            raise Failure(f"terraform {arguments[0]} failed, see {self.log}:\n{done.stderr.strip()[-3000:]}")
        return done.stdout

    def timed(self, step, *arguments):
        started = time.monotonic()
        self.terraform(*arguments)
        self.seconds[step] = round(time.monotonic() - started)

    def variables(self, *more):
        files = [f"-var-file=environments/{self.name}.tfvars", "-var-file=tests/images.tfvars"]
        return ["-no-color", *files, f"-var=batch_service_role_arn={BATCH_ROLE}", *[f"-var={value}" for value in more]]

    def plan_and_apply(self, *arguments):
        """Returns what the saved plan holds, all of its files."""
        self.terraform("plan", "-out=plan", *arguments)
        content = _content(self.root / "plan")
        self.terraform("apply", "-no-color", "plan")
        return content

    def images(self):
        return dict(re.findall(r'(\w+)\s*=\s*"([^"]+)"', (self.root / "tests" / "images.tfvars").read_text()))

    def pipeline(self, script, *arguments):
        """Runs a step of the pipeline as its job would; returns the outputs of the step."""
        outputs = self.folder / "outputs"
        outputs.write_text("")
        environment = dict(self.environment, RELEASE_TERRAFORM=str(self.root), GITHUB_OUTPUT=str(outputs),
                           TF_VAR_images=json.dumps(self.images()), TF_VAR_batch_service_role_arn=BATCH_ROLE)
        command = ["timeout", "--kill-after=20", str(STEP_SECONDS), RELEASE / script, self.name, *arguments]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        with open(self.log, "a") as log:
            log.write(f"$ {script} {self.name}\n{done.stdout}{done.stderr}\n")
        require(done.returncode == 0, f"{script} failed, see {self.log}:\n{done.stderr.strip()[-3000:]}")
        return dict(line.split("=") for line in outputs.read_text().splitlines())

    def plan_and_approve(self):
        """The same by the pipeline: what a pull request shows is what is applied."""
        outputs = self.pipeline("plan_changes", self.folder / "shown")
        require(outputs["changes"] == "yes", "nothing is to be made")
        self.pipeline("apply_changes", outputs["digest"])
        return _content(self.folder / "shown" / "plan")

    def parameter(self, name):
        """A password of the database: its version and value."""
        name = f"/fairway-{self.name}/database/{name}"
        parameter = self.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        return parameter["Version"], parameter["Value"]

    def passwords(self):
        """Of the administrator, and of the services' logins."""
        return self.parameter("password")[1], {login: self.parameter(login) for login in logins.LOGINS}

    def state(self):
        """The state, as the bucket has it."""
        return self.client("s3").get_object(Bucket="fairway-terraform-state", Key=f"fairway-{self.name}.tfstate")["Body"].read()

    def requests(self):
        """All requests the fake AWS got: method, URL, body."""
        with open(self.recording) as lines:
            for line in lines:
                entry = json.loads(line)
                body = base64.b64decode(entry["body"]) if entry["body_encoded"] else (entry["body"] or "").encode()
                yield entry["method"], entry["url"], body

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
        plans = {name: _content(day.folder / name) for name in ("shown/plan", "rotated", "restored", "after")}
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
    environments = {name: Environment(folder, name) for name in names}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = {name: pool.submit(environment.run) for name, environment in environments.items()}
        for name, run in runs.items():
            try:
                print(run.result() + "\n" + environments[name].report, flush=True)
            except Failure as failure:
                print(f"{name}: {failure}", file=sys.stderr, flush=True)
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
