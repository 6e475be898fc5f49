"""An environment that a day makes and destroys: its values, its commands, and what the day remembers of it."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from account_day.report import Failure, require

ROOT = pathlib.Path(__file__).resolve().parents[2]
TERRAFORM = pathlib.Path(os.environ.get("RELEASE_TERRAFORM", ROOT / "terraform"))
# What moto can apply a second time: of much else it gives back less than it was given.
ON_MOTO = ["-target=module.database_password", "-target=module.login_passwords", "-target=module.stack.module.database",
           *[f"-target=module.stack.module.{who}.aws_ecs_task_definition.this" for who in ("command", "ingest", "query")]]
# Variables that are raised for new secrets.
SECRET_VERSIONS = ("password_version", "login_version")
POLL_SECONDS = float(os.environ.get("RELEASE_POLL_SECONDS", 10))


def await_true(what, seconds, look):
    """Looks again and again; returns the first answer that is true."""
    end = time.monotonic() + seconds
    while not (answer := look()):
        require(time.monotonic() < end, f"{what}: not within {seconds} s")
        time.sleep(POLL_SECONDS)
    return answer


def _interrupt(process):
    """Interrupts it and all that it started, and waits: Terraform writes what it has made into the state, and unlocks that.
    Returns what it printed."""
    while True:
        try:
            os.killpg(process.pid, signal.SIGINT)
            return process.communicate()
        except KeyboardInterrupt:  # once more, which Terraform ends at once for
            continue


class Environment:
    """where: account, or moto for one on loopback. folder: of the day's record, its log and its plans."""

    def __init__(self, file, folder, where):
        require((TERRAFORM / "environments" / f"{file}.tfvars").exists(), f"there is no environment {file}")
        self.file, self.folder, self.where = file, folder, where
        folder.mkdir(parents=True, exist_ok=True)
        self._record = folder / "record.json"
        self.record = json.loads(self._record.read_text()) if self._record.exists() else {"variables": {}}
        self.values = self._values()
        self.name = self.values["name"]

    def remember(self, **facts):
        """For steps that come later, perhaps in another run."""
        self.record.update(facts)
        self._record.write_text(json.dumps(self.record, indent=2) + "\n")

    def forget(self):
        """What the day has made and changed; the images stay for the next one."""
        kept = {name: fact for name, fact in self.record.items() if name in ("build", "images", "load_image")}
        self.record = {"variables": {}, **kept}
        self.remember(made=False, ended=True)

    def _values(self):
        versions = ", ".join(f"{name} = var.{name}" for name in SECRET_VERSIONS)
        asked = "jsonencode({name = var.name, region = var.region, production = var.production, " \
                "database = var.database, partners = var.loader.partners, " \
                f"tasks_min = min(var.query.tasks.min, var.ingest.tasks.min), {versions}}})"
        said = self.run(["terraform", f"-chdir={TERRAFORM / 'needs'}", "console",
                         f"-var-file=../environments/{self.file}.tfvars"], stdin=asked)
        return json.loads(json.loads(said.splitlines()[-1]))

    def environment(self):
        """Of every command."""
        more = {}
        if "images" in self.record:
            more["TF_VAR_images"] = json.dumps(self.record["images"])
        if hasattr(self, "values"):
            more.update(AWS_REGION=self.values["region"], AWS_DEFAULT_REGION=self.values["region"])
        return {**os.environ, "AWS_PAGER": "", "TF_IN_AUTOMATION": "1", **more}

    def run(self, command, stdin="", **more):
        """Returns what it prints. It is in a process group of its own, so that Ctrl-C reaches us first."""
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                       env={**self.environment(), **more}, start_new_session=True)
        except FileNotFoundError as error:
            raise Failure(f"there is no {command[0]} here") from error
        try:
            out, error = process.communicate(stdin)
        except KeyboardInterrupt:
            print(f"interrupted: waiting for {pathlib.Path(command[0]).name} to end", file=sys.stderr, flush=True)
            self._write_log(command, *_interrupt(process))
            raise
        self._write_log(command, out, error)
        if process.returncode != 0:
            said = "\n".join(f"{out.strip()}\n{error.strip()}".strip().splitlines()[-15:])
            raise Failure(f"{pathlib.Path(command[0]).name} {command[1]} ended with {process.returncode}: {said}")
        return out

    def _write_log(self, command, out, error):
        with open(self.folder / "log", "a") as log:
            log.write(f"$ {' '.join(map(str, command))}\n{out[-20000:]}{error}\n")

    def aws(self, *arguments):
        """What the AWS command says, read."""
        return json.loads(self.run(["aws", *arguments, "--output", "json"]) or "null")

    def release(self, script, *arguments, **more):
        """Runs a script of ci/release; returns what it prints."""
        return self.run([ROOT / "ci" / "release" / script, *arguments], **more)

    def terraform(self, *arguments):
        return self.run(["terraform", f"-chdir={TERRAFORM}", *arguments])

    def init(self):
        self.terraform("init", "-input=false", "-no-color", "-reconfigure", "-lockfile=readonly",
                       f"-backend-config=environments/{self.file}.s3.tfbackend")

    def values_file(self, **instead):
        """Options of plan, apply and destroy: the file, what the day has changed so far, and what differs just now."""
        values = {**self.record["variables"], **instead}
        # Before there are images, made-up ones stand for them.
        images = [] if "images" in self.record else ["-var-file=tests/images.tfvars"]
        return [f"-var-file=environments/{self.file}.tfvars", *images,
                *[f"-var={name}={json.dumps(value)}" for name, value in values.items()]]

    def apply(self, plan, *options, keeps=None):
        """Plans into a file of the folder, and applies that. keeps: a module of which it may destroy nothing."""
        file = self.folder / plan
        if self.where == "moto":
            options = [*options, *ON_MOTO]
        self.terraform("plan", "-input=false", "-no-color", f"-out={file}", *options)
        if keeps:
            changes = json.loads(self.terraform("show", "-json", file)).get("resource_changes", [])
            lost = [change["address"] for change in changes
                    if change["address"].startswith(keeps) and "delete" in change["change"]["actions"]]
            require(not lost, f"the plan would destroy {', '.join(lost)}")
        self.terraform("apply", "-input=false", "-no-color", file)

    def deployment(self):
        """The names of things, which Terraform wrote down; None: there is no such environment."""
        found = self.aws("ssm", "get-parameters", "--names", f"/{self.name}/deployment")["Parameters"]
        return json.loads(found[0]["Value"]) if found else None

    def command(self, *arguments):
        """Runs the fairway command inside the environment; returns what it prints."""
        return self.release("run_command", self.name, self.images_file(), *arguments)

    def images_file(self, **instead):
        """What runs, as scripts of ci/release read it. instead: images that differ."""
        path = self.folder / f"images{''.join('-' + name for name in instead)}.json"
        path.write_text(json.dumps({**self.record["images"], **instead}))
        return path
