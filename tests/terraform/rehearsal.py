"""The day with an account (ci/account-day), as far as a fake AWS can show it: dev is applied, released, restored and
destroyed by it."""

import contextlib
import json
import os
import subprocess
import sys

import published
import shapes

sys.path.insert(0, str(published.ROOT / "tests" / "pipeline"))
import warm_aws  # noqa: E402

DAY = published.ROOT / "ci" / "account-day"
# A batch of datapoints, as many as a call takes.
AT_ONCE = 1000


@contextlib.contextmanager
def aws_command(folder, url):
    """Variables with which the AWS command is Debian's, loaded once: a day calls it some hundred times, a second each.
    None where that is not installed: then it is what is on the PATH."""
    socket, program = folder / "aws-socket", folder / "bin" / "aws"
    command = ["/usr/bin/python3", warm_aws.__file__, socket]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        if server.stdout.readline() != "ready\n":
            yield {}
            return
        program.parent.mkdir(exist_ok=True)
        program.write_text(warm_aws.CLIENT)
        program.chmod(0o755)
        try:
            yield {"TEST_AWS": str(socket), "TEST_ENDPOINT": url, "PATH": f"{program.parent}:{os.environ['PATH']}"}
        finally:
            server.kill()


class Day:
    """environment: an Environment whose fake AWS runs. variables: of the commands, besides the environment's."""

    def __init__(self, environment, variables):
        self._at, self._variables = environment, variables
        self.folder = environment.folder / "day"

    def run(self, *steps):
        """Whether they passed, and what was said."""
        images = self._at.folder / "images.json"
        images.write_text(json.dumps(self._at.images()))
        more = {"RELEASE_TERRAFORM": str(self._at.root), "RELEASE_POLL_SECONDS": "0", **self._variables}
        command = [DAY, self._at.name, "--yes", "--images", images, "--folder", self.folder, "--only", ",".join(steps)]
        done = subprocess.run(command, env={**self._at.environment, **more}, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        with open(self._at.log, "a") as log:
            log.write(f"$ account-day {' '.join(steps)}\n{done.stdout}{done.stderr}\n")
        return done.returncode == 0, done.stderr.strip()[-3000:]

    def publish(self):
        """What the publishers in the state would: moto publishes nothing by itself. It compares names of metrics and
        dimensions, in an order of its own, and looks at the namespace only where there are no dimensions."""
        shown = json.loads(self._at.terraform("show", "-json"))
        resources = list(shapes.resources(shown["values"]["root_module"]))
        by_namespace = {}
        for namespace, metric, dimensions in published.Published(resources).data():
            named = [{"Name": key, "Value": value} for key, value in sorted(dimensions.items())]
            by_namespace.setdefault(namespace, []).append({"MetricName": metric, "Dimensions": named, "Value": 1})
        cloudwatch = self._at.client("cloudwatch")
        for namespace, data in by_namespace.items():
            for first in range(0, len(data), AT_ONCE):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[first:first + AT_ONCE])

    def seconds(self):
        """By step."""
        steps = json.loads((self.folder / "report.json").read_text())
        return {name: round(entry["seconds"]) for name, entry in steps.items()}

    def report(self):
        return (self.folder / "report.md").read_text() if (self.folder / "report.md").exists() else ""
