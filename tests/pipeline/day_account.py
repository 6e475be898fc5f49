"""An account as a day with it sees it: answers Terraform, the scripts of ci/release and the AWS command, all within the test."""

import json
import pathlib

NAME = "fairway-dev"
VALUES = {"name": NAME, "region": "eu-west-1", "production": False, "database": {"kind": "instance", "multi_az": True},
          "partners": ["acme"], "tasks_min": 2, "password_version": 1, "login_version": 1}
# What ci/costs asks Terraform for besides.
TASKS = {"size": {"cpu": 512, "memory": 1024}, "tasks": {"min": 1}}
COSTS = {"query": TASKS, "ingest": TASKS,
         "settings": {"multi_az": False, "read_replicas": 0, "storage_gb": {"initial": 20}},
         "load_balancers": [], "quotas": [{"code": "L-29B6F2EB", "need": 8}], "endpoint_zones": 1, "nat": False,
         "availability_zones": [], "ingress": "none", "database": {"engine": "postgres", "class": "db.t4g.medium"}}
DEPLOYMENT = {"cluster": NAME, "services": {name: {"service": name} for name in ("query", "ingest")},
              "command": {"family": "command"}}
ALARM = {"AlarmName": f"{NAME}-replica-stale", "Namespace": "Fairway/fairway-dev",
         "MetricName": "fairway_book_lag_seconds", "Dimensions": [{"Name": "service", "Value": "query"}]}
SCALING = {
    "ResourceId": f"service/{NAME}/query", "PolicyName": "query-cpu", "TargetTrackingScalingPolicyConfiguration": {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}}
CPU = ("AWS/ECS", "CPUUtilization", (("ClusterName", NAME), ("ServiceName", "query")))
LAG = ("Fairway/fairway-dev", "fairway_book_lag_seconds", (("service", "query"),))


class Account:
    """Answers the commands of a day; .calls has them, as texts. Fields say how it goes."""

    def __init__(self):
        self.calls, self.there, self.tasks = [], False, {}
        self.failed_calls, self.answers, self.committed = 0, ["day,average\n2026-01-01,1200"], []
        self.alarms, self.policies, self.figures = [ALARM], [SCALING], {CPU, LAG}
        self.databases = {NAME: "available"}
        self.secrets, self.rotates, self.destroyed, self.tagged = 1, True, [], []
        for service in ("query", "ingest"):
            self.tasks[service] = [f"{service}-0", f"{service}-1"]

    def named(self, part):
        return [call for call in self.calls if part in call]

    def run(self, command, stdin="", **_):
        words = [str(word) for word in command]
        self.calls.append(" ".join(words))
        if words[0] == "aws":
            return json.dumps(getattr(self, words[2].replace("-", "_"))(words))
        if words[0] == "terraform":
            return self.terraform(words[2], words)
        return getattr(self, pathlib.Path(words[0]).name)(words)

    def terraform(self, verb, words):
        if verb == "console":
            return json.dumps(json.dumps(VALUES))
        if verb == "apply" and words[-1].endswith("rotated") and self.rotates:
            self.secrets += 1
        if verb == "apply" and words[-1].endswith("restored"):
            self.databases[NAME] = "available"
        if verb == "destroy":
            self.there = False
        return json.dumps({"resource_changes": [{"address": address, "change": {"actions": ["delete", "create"]}}
                                                for address in self.destroyed]}) if verb == "show" else ""

    # Scripts of ci/release.

    def preflight(self, _):
        return "ok       zones\n"

    def plan_changes(self, _):
        return "changes=yes\ndigest=abc\n"

    def apply_changes(self, _):
        self.there = True
        return ""

    def deploy(self, _):
        return "runs the new images"

    def run_command(self, words):
        if "queries" in words or "uploads" in words:
            return json.dumps({"calls": 9, "load": "queries", "failed": self.failed_calls, "first": "UNAVAILABLE",
                               "slowest_ms": 3}) + "\n"
        if "batches" in words:
            self.committed.append({"batch_id": f"batch-{len(self.committed)}"})
            return json.dumps({"batches": self.committed}) + "\n"
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    # Operations of AWS.

    def get_parameters(self, _):
        return {"Parameters": [{"Value": json.dumps(DEPLOYMENT)}] if self.there else []}

    def get_parameters_by_path(self, _):
        return {"Parameters": [{"Name": f"/{NAME}/database/password", "Type": "SecureString", "Version": self.secrets},
                               {"Name": f"/{NAME}/deployment", "Type": "String", "Version": 1}]}

    def get_caller_identity(self, _):
        return {"Account": "123456789012"}

    def put_object(self, _):
        return {}

    def describe_alarms(self, _):
        return {"MetricAlarms": self.alarms}

    def describe_scaling_policies(self, _):
        return {"ScalingPolicies": self.policies}

    def get_metric_data(self, words):
        results = []
        for query in json.loads(words[words.index("--metric-data-queries") + 1]):
            metric = query["MetricStat"]["Metric"]
            dimensions = tuple(sorted((one["Name"], one["Value"]) for one in metric["Dimensions"]))
            found = (metric["Namespace"], metric["MetricName"], dimensions) in self.figures
            results.append({"Id": query["Id"], "Values": [1.0] if found else []})
        return {"MetricDataResults": results}

    def list_tasks(self, words):
        if "--family" in words:
            return {"taskArns": ["load-1", "load-2"]}
        return {"taskArns": list(self.tasks[words[words.index("--service-name") + 1]])}

    def describe_tasks(self, words):
        return {"tasks": [{"lastStatus": "RUNNING"} for word in words if word.startswith("load-")]}

    def stop_task(self, words):
        task = words[words.index("--task") + 1]
        for service, running in self.tasks.items():
            if task in running:
                running.remove(task)
                self.replace(service, task)
        return {}

    def replace(self, service, task):
        self.tasks[service].append(task + "x")

    def describe_services(self, _):
        return {"services": [{"desiredCount": 2, "loadBalancers": [{"targetGroupArn": "group"}]}]}

    def describe_target_health(self, _):
        return ["healthy", "healthy", "draining"]

    def describe_events(self, _):
        """One of an earlier hour, of the beginning, and of the end."""
        done = [{"Message": "Multi-AZ instance failover completed", "Date": index}
                for index in range(1 + len(self.named("reboot-db-instance")))]
        return {"Events": [{"Message": "Multi-AZ instance failover started"}, *done]}

    def reboot_db_instance(self, _):
        return {}

    def describe_db_instances(self, words):
        name = words[-3].split("'")[1]
        found = self.databases.get(name)
        return [{"DBInstanceStatus": found, "LatestRestorableTime": "2999-01-01"}] if found else []

    def modify_db_instance(self, _):
        self.databases[f"{NAME}-lost"] = self.databases.pop(NAME)
        return {}

    def delete_db_instance(self, _):
        del self.databases[f"{NAME}-lost"]
        return {}

    def get_resources(self, _):
        return {"ResourceTagMappingList": [{"ResourceARN": arn} for arn in self.tagged]}

    def describe_key(self, _):
        return {"KeyMetadata": {"KeyState": "PendingDeletion"}}
