"""An environment of terraform/, applied by the real provider to a fake AWS on loopback."""

import base64
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

import boto3
import logins

HERE = pathlib.Path(__file__).parent
RELEASE = HERE.resolve().parents[1] / "ci" / "release"
BATCH_ROLE = "arn:aws:iam::123456789012:role/batch"
STEP_SECONDS = 600


class Failure(Exception):
    """Something is not as it must be; says what."""


def require(condition, message):
    if not condition:
        raise Failure(message)


def plan_content(plan):
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
        content = plan_content(self.root / "plan")
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
        return plan_content(self.folder / "shown" / "plan")

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
