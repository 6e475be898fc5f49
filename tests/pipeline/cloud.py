"""A stand-in for AWS on loopback: as much of SSM, ECS, ECR, Batch, CloudWatch, its logs and STS as a release touches, and of
an account (account.py). What it is sent was checked against AWS's own models already, by the real command. Tests read and set its
fields; wire.py is how it talks."""

import base64
import collections
import copy
import json

from account import Account, Refused

ACCOUNT = "arn:aws:{}:eu-west-1:123456789012:"
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
OLD = "sha256:" + "0" * 64
NEW = "sha256:" + "1" * 64
# What GitHub says of a job: a token of three parts, of which AWS reads the second.
CLAIMS = {"sub": "repo:rates@12/fairway@34:environment:staging", "aud": "sts.amazonaws.com", "ref": "refs/heads/try",
          "repository_id": "34", "repository_owner_id": "12"}
TOKEN = f"e30.{base64.urlsafe_b64encode(json.dumps(CLAIMS).encode()).decode().rstrip('=')}.signature"

DEPLOYMENT = {
    "region": "eu-west-1",
    "cluster": "copy",
    "services": {name: {"service": name, "family": f"copy-{name}", "container": name, "alarms": [f"copy-{name}-errors"]}
                 for name in ("query", "ingest")},
    "command": {"family": "copy-command", "container": "command", "subnets": ["subnet-1"], "security_groups": ["sg-1"],
                "log_group": "/copy/command"},
    "job_definitions": {"acme": ACCOUNT.format("batch") + "job-definition/copy-load-acme"},
    "job_image": "/copy/loader/image",
    "loads": {"job_queue": ACCOUNT.format("batch") + "job-queue/copy-load", "shares": {"acme": "acme", "blue-anchor": "blueXanchor"},
              "dead_letters": "https://sqs.eu-west-1.amazonaws.com/123456789012/copy-load-dead"},
    "repositories": {name: f"{REGISTRY}/copy/{name}" for name in ("query", "ingest", "cli", "collector")},
}


def finding(severity, vulnerability, packages):
    attributes = [{"key": "package_name", "value": package} for package in packages]
    return {"name": vulnerability, "severity": severity, "attributes": attributes + [{"key": "package_version", "value": "1"}]}


def enhanced_finding(severity, vulnerability, packages):
    return {"severity": severity, "packageVulnerabilityDetails": {
        "vulnerabilityId": vulnerability, "vulnerablePackages": [{"name": package, "version": "1"} for package in packages]}}


class Cloud(Account):
    def __init__(self):
        super().__init__()
        self.calls = []  # (operation, request), in order
        self.tasks = {}  # ARN to the arguments of the command
        self.definitions = {}  # family to its revisions, the newest last
        self.services = {}
        self.images = set()  # (repository, tag) that were pushed
        self.findings = {}  # repository to what is found in it: (severity, vulnerability, packages)
        self.uncounted = {}  # repository to findings that are counted and not listed, by severity
        self.enhanced = False  # whether the other one of the two scanners looks, whose findings have another form
        self.scans_in_progress = 0  # this often a scan is not yet done
        self.exit_codes = {}  # first argument of the command to its exit code, when not 0
        self.never_ready = set()  # digests whose services ECS turns back
        self.alarms = set()  # that ring
        self.trusts = True  # whether the role trusts the job
        self.deployment = dict(DEPLOYMENT)
        self.parameters = {}  # that were written
        self.letters, self.hidden = {}, set()  # dead letters by their handles: body, when it was sent
        self.refused_jobs = set()  # keys of files that Batch takes no job for
        self.jobs = [{"jobDefinitionName": "copy-load-acme", "revision": 1, "status": "ACTIVE", "type": "container",
                      "jobDefinitionArn": DEPLOYMENT["job_definitions"]["acme"] + ":1",
                      "containerProperties": {"image": f"{REGISTRY}/copy/cli@{OLD}", "command": ["load"]}}]
        for family, container in (("query", "query"), ("ingest", "ingest"), ("command", "command")):
            image = "cli" if family == "command" else family
            self._register({"family": f"copy-{family}", "cpu": "256", "containerDefinitions": [
                {"name": container, "image": f"{REGISTRY}/copy/{image}@{OLD}", "environment": []},
                {"name": "collector", "image": f"{REGISTRY}/copy/collector@{OLD}"}]})
        for name in ("query", "ingest"):
            self._deploy(name, self.newest(name))

    def newest(self, service):
        return self.definitions[f"copy-{service}"][-1]["taskDefinitionArn"]

    def running(self, service):
        """Digest of the image that a service's tasks have."""
        return self.definition(self.services[service]["taskDefinition"])["containerDefinitions"][0]["image"].split("@")[1]

    def named(self, operation):
        return [request for called, request in self.calls if called == operation]

    def definition(self, name):
        """Of a task: a revision by its ARN, or the newest of a family."""
        family = name.split("/")[-1].split(":")[0]
        found = [one for one in self.definitions[family] if one["taskDefinitionArn"] == name]
        return (found or self.definitions[family][-1:])[0]

    def _register(self, definition):
        revisions = self.definitions.setdefault(definition["family"], [])
        number = len(revisions) + 1
        revisions.append({**definition, "revision": number, "status": "ACTIVE", "compatibilities": ["EC2", "FARGATE"],
                          "taskDefinitionArn": f"{ACCOUNT.format('ecs')}task-definition/{definition['family']}:{number}"})
        return revisions[-1]

    def _deploy(self, service, revision, state="COMPLETED"):
        self.services[service] = {"serviceName": service, "serviceArn": service, "taskDefinition": revision, "deployments": [
            {"status": "PRIMARY", "taskDefinition": revision, "rolloutState": state}],
            "events": [{"id": "1", "createdAt": 1700000000, "message": f"deploys {revision}"}]}

    # Operations, by their names.

    def GetParameter(self, request):
        if request["Name"] != "/copy/deployment":
            raise Refused("ParameterNotFound", request["Name"])
        return {"Parameter": {"Name": request["Name"], "Value": json.dumps(self.deployment)}}

    def PutParameter(self, request):
        if not request.get("Overwrite"):
            raise Refused("ParameterAlreadyExists", request["Name"])
        self.parameters[request["Name"]] = request["Value"]
        return {"Version": 2, "Tier": "Standard"}

    def DescribeTaskDefinition(self, request):
        return {"taskDefinition": self.definition(request["taskDefinition"])}

    def RegisterTaskDefinition(self, request):
        return {"taskDefinition": self._register(request)}

    def DescribeServices(self, request):
        reply = {"services": [copy.deepcopy(self.services[name]) for name in request["services"]]}
        for name in request["services"]:
            primary = self.services[name]["deployments"][0]
            if primary["rolloutState"] == "IN_PROGRESS":  # The next look sees how it ended.
                turned_back = self.running(name) in self.never_ready
                self._deploy(name, self.services[name]["before"] if turned_back else primary["taskDefinition"])
        return reply

    def UpdateService(self, request):
        before = self.services[request["service"]]["taskDefinition"]
        self._deploy(request["service"], request["taskDefinition"], "IN_PROGRESS")
        self.services[request["service"]]["before"] = before
        return {"service": self.services[request["service"]]}

    def RunTask(self, request):
        arn = f"{ACCOUNT.format('ecs')}task/copy/{len(self.tasks)}"
        self.tasks[arn] = request["overrides"]["containerOverrides"][0]["command"]
        return {"tasks": [{"taskArn": arn, "lastStatus": "PENDING"}], "failures": []}

    def DescribeTasks(self, request):
        looks = len([1 for asked in self.named("DescribeTasks") if asked == request])
        state = {"taskArn": request["tasks"][0], "lastStatus": "RUNNING", "containers": [{"name": "command"}]}
        if looks > 1:
            code = self.exit_codes.get(self.tasks[request["tasks"][0]][0], 0)
            state.update(lastStatus="STOPPED", containers=[{"name": "command", "exitCode": code}])
        return {"tasks": [state]}

    def GetLogEvents(self, request):
        task = request["logStreamName"].split("/")[-1]
        arguments = self.tasks[f"{ACCOUNT.format('ecs')}task/copy/{task}"]
        return {"events": [{"timestamp": 1, "message": "printed by " + " ".join(arguments)}]}

    def DescribeImages(self, request):
        tag = request["imageIds"][0]["imageTag"]
        if (request["repositoryName"], tag) not in self.images:
            raise Refused("ImageNotFoundException", tag)
        return {"imageDetails": [{"imageDigest": NEW, "imageTags": [tag]}]}

    def GetAuthorizationToken(self, request):
        return {"authorizationData": [{"authorizationToken": "QVdTOnNlY3JldA==", "proxyEndpoint": f"https://{REGISTRY}"}]}

    def DescribeImageScanFindings(self, request):
        if self.scans_in_progress > 0:
            self.scans_in_progress -= 1
            raise Refused("ScanNotFoundException", "not yet")
        found = self.findings.get(request["repositoryName"], [])
        counts = collections.Counter(severity for severity, _, _ in found)
        counts.update(self.uncounted.get(request["repositoryName"], {}))
        first = int(request.get("nextToken", 0))  # Two a page.
        listed = [enhanced_finding(*one) if self.enhanced else finding(*one) for one in found[first:first + 2]]
        reply = {"imageScanStatus": {"status": "ACTIVE" if self.enhanced else "COMPLETE"}, "imageId": request["imageId"],
                 "imageScanFindings": {"enhancedFindings" if self.enhanced else "findings": listed,
                                       "findingSeverityCounts": counts}}
        return {**reply, "nextToken": str(first + 2)} if first + 2 < len(found) else reply

    def DescribeJobDefinitions(self, request):
        return {"jobDefinitions": [job for job in self.jobs if job["jobDefinitionName"] == request["jobDefinitionName"]]}

    def RegisterJobDefinition(self, request):
        number = len(self.jobs) + 1
        arn = f"{DEPLOYMENT['job_definitions']['acme']}:{number}"
        self.jobs.append({**request, "revision": number, "status": "ACTIVE", "jobDefinitionArn": arn})
        return {"jobDefinitionName": request["jobDefinitionName"], "jobDefinitionArn": arn, "revision": number}

    def SubmitJob(self, request):
        if request["parameters"]["key"] in self.refused_jobs:
            raise Refused("ClientException", "Job queue is disabled")
        return {"jobName": request["jobName"], "jobId": f"job-{len(self.named('SubmitJob'))}"}

    def ReceiveMessage(self, _):
        """One at a time, each once: it is hidden afterwards."""
        for handle, (body, sent) in self.letters.items():
            if handle not in self.hidden:
                self.hidden.add(handle)
                return {"Message": {"MessageId": handle, "ReceiptHandle": handle, "Body": body,
                                    "Attribute": {"Name": "SentTimestamp", "Value": sent}}}
        return {}

    def ChangeMessageVisibility(self, request):
        if str(request["VisibilityTimeout"]) == "0":
            self.hidden.discard(request["ReceiptHandle"])
        return {}

    def DeleteMessage(self, request):
        del self.letters[request["ReceiptHandle"]]
        return {}

    def DescribeAlarms(self, request):
        names = {value for key, value in request.items() if key.startswith("AlarmNames.member")}
        return {"MetricAlarms": [{"AlarmName": name} for name in sorted(names & self.alarms)]}

    def AssumeRoleWithWebIdentity(self, request):
        if request["WebIdentityToken"] != TOKEN:
            raise Refused("InvalidIdentityToken", "who is this?")
        if not self.trusts:
            raise Refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        return {"Credentials": {"AccessKeyId": "ASIAKEY", "SecretAccessKey": "hidden", "SessionToken": "session",
                                "Expiration": "2030-01-01T00:00:00Z"}}
